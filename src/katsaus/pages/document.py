"""Prose to HTML and Typst by pandoc; figures, tables and headlines stay as slots to be filled."""

from __future__ import annotations

import atexit
import json
import queue
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from katsaus.config.site import Crossref
from katsaus.errors import Problem, RenderError
from katsaus.pages.figures import Block, Content, Figure, Prose, Table, notes_of, place

_SERVE: Final = Path(__file__).with_name("serve.lua")
_SCRIPT: Final = Path(__file__).with_name("document.lua")
_ALIGNED: Final = re.compile(r' style="text-align: (left|right|center);"')
WHOLE: Final = (
    r"%-yksikkö\w*|\d+ kk:n|ett år|[^\W\d]{3,} 20\d\d|CC BY \d\.\d|synteettinen aineisto|syntetiska uppgifter|\S+ %$"
)
"""What no line of a heading, caption or header may break; the same in Python and in Typst."""
_SLOT: Final = {"html": re.compile(r"<!--slot ([\w-]+)-->"), "typst": re.compile(r"/\*slot ([\w-]+)\*/")}


@dataclass(frozen=True)
class Heading:
    """A heading of the page, for its contents; `level` is 2 or more."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Document:
    """A page's body in both formats, with slots; `slots` is slot → block, `numbers` label → "Kuvio 1".

    `notes` are the notes of all figures and tables, each once, in the order in which they are called for.
    """

    html: str
    typst: str
    contents: tuple[Heading, ...]
    slots: Mapping[str, Block]
    numbers: Mapping[str, str]
    notes: tuple[str, ...]

    def marks(self, block: Block) -> list[int]:
        """Numbers of the page's notes that `block` calls for: their places in `notes`, from 1."""
        return sorted(self.notes.index(note) + 1 for note in notes_of(block))

    def filled(self, form: str, fill: Callable[[Block], str]) -> str:
        """The body in `form` ("html", "typst") with every slot replaced by `fill` of its block."""
        return _SLOT[form].sub(lambda found: fill(self.slots[found[1]]), getattr(self, form))


def compose(content: Content, crossref: Crossref, *, term: Callable[[str], str], where: str) -> Document:
    """Convert `content`; `term` gives furniture texts in the page's language, `where` names the page in messages.

    Raises RenderError with everything that the dialect does not support, each with its cell.
    """
    slots = {_slot(block): block for block in content.blocks if not isinstance(block, Prose)}
    cells = [
        {"cell": b.cell, "markdown": b.text} if isinstance(b, Prose) else {"cell": b.cell, "slot": _slot(b)}
        for b in content.blocks
    ]
    answer = _pandoc(
        {
            "cells": cells,
            "references": _numbers(content, figure=crossref.figure_prefix, table=crossref.table_prefix),
            "callouts": _callouts(term),
            "table_label": term("Table"),
        }
    )
    problems = [Problem(found["what"], place(where, found["cell"]), do=found["todo"]) for found in answer["problems"]]
    if problems:
        raise RenderError(problems)
    headings = tuple(Heading(**heading) for heading in answer["contents"])
    html = _ALIGNED.sub(r' class="\1"', answer["html"])
    numbers = _numbers(content, figure=crossref.figure_title, table=crossref.table_title)
    notes = tuple(dict.fromkeys(note for block in content.blocks for note in notes_of(block)))
    return Document(html, answer["typst"], headings, slots=slots, numbers=numbers, notes=notes)


def _callouts(term: Callable[[str], str]) -> dict[str, str]:
    return {
        "note": term("Note"),
        "tip": term("Tip"),
        "important": term("Important"),
        "caution": term("Caution"),
        "warning": term("Warning"),
    }


def _slot(block: Block) -> str:
    return block.label if isinstance(block, Figure | Table) else f"{type(block).__name__.lower()}-{block.cell}"


def _numbers(content: Content, *, figure: str, table: str) -> dict[str, str]:
    """Label → name and number, figures and tables counted apart, in the page's order."""
    labels = {figure: [f.label for f in content.figures], table: [t.label for t in content.tables]}
    return {
        label: f"{name}\N{NO-BREAK SPACE}{number}"
        for name, part in labels.items()
        for number, label in enumerate(part, 1)
    }


_idle: queue.SimpleQueue[subprocess.Popen[str]] = queue.SimpleQueue()
"""Pandoc processes between two requests; there are as many as threads have asked at once."""


def _pandoc(request: Mapping[str, object]) -> dict[str, Any]:
    try:
        server = _idle.get_nowait()
    except queue.Empty:
        server = _start()
    assert server.stdin
    assert server.stdout
    server.stdin.write(json.dumps(request, ensure_ascii=False) + "\n")
    server.stdin.flush()
    line = server.stdout.readline()
    if not line:
        raise RuntimeError(f"pandoc failed:\n{server.communicate()[1]}")
    _idle.put(server)
    answer: dict[str, Any] = json.loads(line)
    return answer


def _start() -> subprocess.Popen[str]:
    command = [pandoc(), "lua", str(_SERVE), str(_SCRIPT)]
    pipe = subprocess.PIPE
    server = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8")
    atexit.register(server.communicate)  # closes its input, which ends it
    return server


@cache
def pandoc() -> str:
    """The pandoc that comes with pypandoc_binary, found without importing it (it takes a tenth of a second)."""
    spec = find_spec("pypandoc")
    if spec is None or spec.origin is None:
        raise RuntimeError("pypandoc_binary is not installed")
    return str(Path(spec.origin).parent / "files" / "pandoc")
