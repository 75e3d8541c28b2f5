"""What a notebook's cells put out, gathered as nbclient gathers a kernel's messages.

Streams are buffered until something is displayed or the cell ends, one text a stream and cell, as ipykernel and
nbclient (with `coalesce_streams`) do; a display with an id can be updated by a later cell.
"""

from __future__ import annotations

import io
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import date
from typing import Any

from nbformat import NotebookNode

from katsaus.notebooks.node import node

_OVERTYPED = re.compile(r".*\r(?=[^\n])")
"""What a carriage return lets the following text overwrite, as nbclient sees it."""


class Outputs:
    """The outputs of one notebook, cell after cell."""

    def __init__(self) -> None:
        self.stdout = Stream(self, "stdout")
        self.stderr = Stream(self, "stderr")
        self._now: list[NotebookNode] = []
        self._by_id: dict[str, list[NotebookNode]] = {}
        self._clear_next = False

    def begin(self) -> None:
        """Start a cell."""
        self._now = []
        self._clear_next = False

    def end(self) -> list[NotebookNode]:
        """The finished cell's outputs, each stream in one piece."""
        self.flush()
        return _coalesced(self._now)

    def flush(self) -> None:
        """Put out what the streams hold, stdout first."""
        self.stdout.flush()
        self.stderr.flush()

    def stream(self, name: str, text: str) -> None:
        """Put out a piece of a stream."""
        self._add({"output_type": "stream", "name": name, "text": text})

    def result(self, data: Mapping[str, Any], metadata: Mapping[str, Any], *, count: int) -> None:
        """Put out the value of a cell's last expression."""
        self.flush()
        shown = {"output_type": "execute_result", "data": data, "metadata": metadata, "execution_count": count}
        self._add(_as_json(shown))

    def display(self, data: Mapping[str, Any], metadata: Mapping[str, Any], *, name: str | None, update: bool) -> None:
        """Put out something displayed; with a `name`, in the place of what has it already too."""
        self.flush()
        shown = _as_json({"output_type": "display_data", "data": data, "metadata": metadata})
        for earlier in self._by_id.get(name, ()) if name else ():
            earlier.data, earlier.metadata = shown.data, shown.metadata
        if not update:
            self._add(shown)
            if name:
                self._by_id.setdefault(name, []).append(shown)

    def error(self, name: str, message: str, *, traceback: list[str]) -> None:
        """Put out what a cell raised."""
        self.flush()
        self._add({"output_type": "error", "ename": name, "evalue": message, "traceback": traceback})

    def clear(self, *, wait: bool) -> None:
        """Take back what the cell has put out, or do so when it next puts something out."""
        self.flush()
        if wait:
            self._clear_next = True
        else:
            self._forget()

    def _add(self, output: dict[str, Any]) -> None:
        if self._clear_next:
            self._forget()
            self._clear_next = False
        self._now.append(output if isinstance(output, NotebookNode) else node(output))

    def _forget(self) -> None:
        gone = {id(output) for output in self._now}
        self._by_id = {name: [own for own in kept if id(own) not in gone] for name, kept in self._by_id.items()}
        self._now.clear()


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of a notebook."""

    encoding = "UTF-8"

    def __init__(self, outputs: Outputs, name: str) -> None:
        self.name = name
        self._outputs = outputs
        self._held: list[str] = []

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, text: str, /) -> int:
        """Hold `text` until the next flush."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._held.append(text)
        return len(text)

    def flush(self) -> None:
        """Pass on what is held."""
        text, self._held = "".join(self._held), []
        if text:
            self._outputs.stream(self.name, text)


def _coalesced(outputs: list[NotebookNode]) -> list[NotebookNode]:
    streams: dict[str, NotebookNode] = {}
    merged: list[NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream" and output.name in streams:
            streams[output.name].text += output.text
            continue
        if output.output_type == "stream":
            streams[output.name] = output
        merged.append(output)
    for stream in streams.values():
        stream.text = _OVERTYPED.sub("", stream.text)
    for at in range(len(merged) - 1):
        names = [output.get("name") for output in merged[at : at + 2]]
        if names == ["stderr", "stdout"]:
            merged[at : at + 2] = reversed(merged[at : at + 2])
    return merged


def _as_json(output: dict[str, Any]) -> NotebookNode:
    """The output as it arrives through a kernel's JSON messages."""
    return node(json.loads(json.dumps(output, default=_plain, allow_nan=False)))


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    item = getattr(value, "item", None)  # numpy's numbers
    if callable(item):
        return item()
    raise TypeError(f"a {type(value).__name__} is no JSON")
