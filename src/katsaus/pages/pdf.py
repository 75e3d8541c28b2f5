"""A page as a tagged PDF (PDF/UA-1) by Typst: same order as the HTML, the charts' tables at the end."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from katsaus.errors import Problem, RenderError
from katsaus.pages.document import WHOLE, Document
from katsaus.pages.figures import Block, Explore, Figure, Headline, Table, beside
from katsaus.pages.shell import Furniture
from katsaus.pages.svg import FONTS, height_of, width_of

_LAST: Final = re.compile(r"\n([^\n#/\]=<+-][^\n]*)\n\n(?=/\*slot fig-)")
"""The paragraph before a chart, which stays with it."""
_UNBROKEN: Final = 12
"""Rows of a table that is never broken: a longer one may go on to the next sheet."""
_HOUSE: Final = Path(__file__).parent / "assets" / "house.typ"


@dataclass(frozen=True)
class Sheet:
    """What the PDF says beside its body: title, running head, language and the moment of its metadata, if any.

    A page with `synthetic` figures says so, in these words, on every sheet.
    """

    lang: str
    title: str
    subtitle: str
    description: str
    head: str
    name: str
    made: datetime | None
    synthetic: str = ""


def render_pdf(document: Document, sheet: Sheet, *, charts: Mapping[str, str], words: Furniture, where: str) -> bytes:
    """The PDF's bytes; `charts` is label → SVG. Raises RenderError with what Typst refuses."""
    document = replace(document, typst=_LAST.sub(r"\n#block(sticky: true)[\g<1>]\n\n", document.typst))
    body = document.filled("typst", lambda block: _block(block, document, words=words, charts=charts))
    twins = [block.table for block in document.slots.values() if isinstance(block, Figure)]
    below = [words.term("Notes"), list(document.notes), words.term("Changes are computed from unrounded figures.")]
    notes = f"#notes({', '.join(map(_value, below))})" if document.notes else ""
    appendix = [f"#appendix({_string(words.term('Figures as tables'))})"] if twins else []
    appendix += [_table(twin, document.numbers[twin.label]) for twin in twins]
    house = f"#let whole = {_string(WHOLE)}\n{_HOUSE.read_text(encoding='utf-8')}"
    source = "\n\n".join([house, _opening(sheet, words), body, notes, *appendix])
    try:
        return typst.compile(
            source.encode(),
            font_paths=_fonts(),
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=int(sheet.made.timestamp()) if sheet.made else None,
        )
    except typst.TypstError as error:
        raise RenderError(Problem("the PDF can't be made", where, error.message, "mend the cell it names")) from None


def _opening(sheet: Sheet, words: Furniture) -> str:
    fields = {
        "lang": sheet.lang,
        "title": sheet.title,
        "subtitle": sheet.subtitle,
        "description": sheet.description,
        "head": sheet.head,
        "name": sheet.name,
        "synthetic": sheet.synthetic,
        "pages": words.term("Page {page} / {pages}", page="#", pages="##"),
    }
    arguments = ", ".join(f"{name}: {_string(value)}" for name, value in fields.items())
    return f"#show: house.with({arguments}, dated: {str(sheet.made is not None).lower()})"


def _block(block: Block, document: Document, *, words: Furniture, charts: Mapping[str, str]) -> str:
    if isinstance(block, Headline):
        return f"#headline({_value([dict(item) for item in block.items])})"
    if isinstance(block, Table):
        beneath = _beneath(document.marks(block), block.content["source"], words=words)
        return f"{_table(block, document.numbers[block.label], *beside(block), beneath)} <{block.label}>"
    if isinstance(block, Figure):
        svg = charts[block.label]
        fields = {
            "number": document.numbers[block.label],
            "title": block.words["title"],
            "subtitle": block.words["subtitle"],
            "alt": block.words["alt"],
            "notes": [*beside(block), _beneath(document.marks(block), block.words["source"], words=words)],
        }
        return f"#chart({_string(svg)}, {width_of(svg)}, {height_of(svg)}, {_arguments(fields)}) <{block.label}>"
    if isinstance(block, Explore):
        return ""  # paper has nothing to choose
    raise TypeError("prose has no slot")


def _beneath(marks: list[int], source: str, *, words: Furniture) -> str:
    """ "Huomautukset 1, 2. Lähde: …" """
    called = words.term("Notes") if len(marks) > 1 else words.term("Note")
    notes = f"{called} {', '.join(map(str, marks))}. " if marks else ""
    return f"{notes}{words.term('Source')}: {source}"


def _table(table: Table, number: str, *beneath: str) -> str:
    content = table.content
    fields = {
        "number": number,
        "caption": content["caption"],
        "columns": [column["label"] for column in content["columns"]],
        "aligns": [column["align"] for column in content["columns"]],
        "rows": [[cell if isinstance(cell, str) else cell["text"] for cell in row] for row in content["rows"]],
        "own": list(content.get("emphasis", [])),
        "notes": [*content.get("symbols", []), *beneath],
    }
    start = "#room-for-table\n" if len(content["rows"]) > _UNBROKEN else ""
    return f"{start}#data-table({_arguments(fields)})"


def _arguments(fields: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {_value(value)}" for name, value in fields.items())


def _value(value: Any) -> str:
    """A Typst literal: every text stays a text, whatever marks of Typst it holds."""
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, dict):
        return f"({', '.join(f'{_string(str(key))}: {_value(part)}' for key, part in value.items())})"
    if isinstance(value, list):
        return f"({''.join(f'{_value(part)}, ' for part in value)})"
    return str(value)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
