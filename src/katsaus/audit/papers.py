"""PDFs: whatever number is on paper is in the page that it was made of, as often as there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]

from katsaus.audit.drawing import read_picture
from katsaus.audit.findings import Finding
from katsaus.audit.markup import Markup
from katsaus.audit.numbers import numbers
from katsaus.audit.pages import markup_of
from katsaus.audit.site import Site
from katsaus.errors import AuditError

MANY = 2
"""Sheets from which on a running line can be told from a text."""
_DIGITS = re.compile(r"\d+")


def read_paper(site: Site, path: Path) -> Iterator[Finding]:
    """A PDF beside its page. Numbers are compared in the runs of digits that they are made of, for paper knows no
    no-break space. A sheet adds its own number and the running line that is the same on all sheets but the first.
    """
    page = path.with_suffix(".html")
    if not page.is_file():
        yield Finding(site.name(path), "", "a PDF without a page")
        return
    with pypdfium2.PdfDocument(path) as document:
        sheets = [sheet.get_textpage().get_text_bounded() for sheet in document]
    markup = markup_of(page)
    alone = Counter(_runs(_bodies(sheets, markup))) - Counter(_runs(_told(markup)))
    if alone:
        yield Finding(site.name(path), "", f"{alone.total()} numbers that the page does not have")


def _bodies(sheets: Sequence[str], markup: Markup) -> Iterator[str]:
    """The texts of sheets without their running lines, which may hold no number but those of a month and the sheet, and
    without the heads of tables that go on from the sheet before.
    """
    running = "\n".join(_alike([sheet.splitlines() for sheet in sheets[1:]])) if len(sheets) > MANY else ""
    if list(numbers(running)):
        running = ""
    heads = {_squeezed(" ".join(figure.rows[0])) for figure in markup.figures.values() if figure.rows}
    met: set[str] = set()
    for number, sheet in enumerate(sheets, 1):
        body = re.sub(rf"\b{number} / {len(sheets)}\s*$", "", sheet)
        lines = body.splitlines()[running.count("\n") + 1 if running and number > 1 else 0 :]
        yield from (line for line in lines if _squeezed(line) not in met)
        met = heads & set(map(_squeezed, lines))


def _alike(sheets: Sequence[Sequence[str]]) -> Iterator[str]:
    """The first lines that all sheets share."""
    for lines in zip(*sheets, strict=False):
        if len(set(lines)) > 1:
            return
        yield lines[0]


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _told(markup: Markup) -> Iterator[str]:
    """What of a page is printed: its texts and tables, and each drawing in its wide form."""
    yield from markup.printed
    for figure in markup.figures.values():
        for svg in figure.drawings[:1]:
            try:
                shapes, _, _ = read_picture(svg)
            except AuditError:
                continue
            yield from (shape.text for shape in shapes)


def _runs(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _DIGITS.findall(text)
