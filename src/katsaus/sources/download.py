"""A large file brought to disk, going on where an earlier try or run was cut if the source can do that."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from katsaus.sources.web import Answer, Client, too_large

LARGEST = 400_000_000
"""Bytes of the largest file that is taken."""


def download(client: Client, url: str, *, to: Path) -> str:
    """Bring what is at `url` to the file `to`, unless it is there; returns its sha256.

    Its first bytes wait beside it under the name `.part`. Raises SourceError if it can't be had or is too large.
    """
    if not to.exists():
        to.parent.mkdir(parents=True, exist_ok=True)
        landing = _Landing(to.with_name(f"{to.name}.part"), to.with_name(f"{to.name}.state"))
        client.call(lambda: client.request(url, headers=landing.headers()), landing.receive)
        landing.state.unlink(missing_ok=True)
        landing.part.replace(to)
    with to.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class _Landing:
    """The bytes that have come, and the mark by which the source knows the state of the file that they are of."""

    part: Path
    state: Path

    def headers(self) -> dict[str, str]:
        """What to ask: the rest of the state that the bytes are of, beginning with their last one, or the whole."""
        plain = {"Accept-Encoding": "identity"}
        if self.state.exists() and self.part.exists() and (size := self.part.stat().st_size):
            return plain | {"Range": f"bytes={size - 1}-", "If-Range": self.state.read_text("utf-8")}
        return plain

    def receive(self, response: httpx.Response, chunks: Iterator[bytes]) -> Answer:
        start = self._start(response)
        with self.part.open("r+b" if start else "wb") as file:
            file.truncate(start)
            file.seek(start)
            if start == 0:  # the old bytes are gone before the new state is written: they never meet
                self._remember(response)
            for chunk in chunks:
                file.write(chunk)
                if file.tell() > LARGEST:
                    raise too_large(response, LARGEST)
        return Answer(response.status_code, response.headers)

    def _start(self, response: httpx.Response) -> int:
        """The place in the file of the first byte that comes; a source that sends the whole begins at 0."""
        if response.status_code != httpx.codes.PARTIAL_CONTENT:
            return 0
        match = re.match(r"bytes ([0-9]+)-", response.headers.get("Content-Range", ""))
        expected = self.part.stat().st_size - 1
        if not match or int(match[1]) != expected:
            self.state.unlink()  # so that the next try asks for the whole
            raise httpx.RemoteProtocolError("another part than the one asked for")
        return expected

    def _remember(self, response: httpx.Response) -> None:
        """Keep the source's mark of this state of the file; a weak one does not promise the same bytes."""
        tag = response.headers.get("ETag", "")
        mark = tag if tag.startswith('"') else response.headers.get("Last-Modified", "")
        if mark and "Content-Encoding" not in response.headers:
            self.state.write_text(mark, encoding="utf-8")
        else:
            self.state.unlink(missing_ok=True)
