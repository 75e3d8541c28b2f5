"""PDFs: whatever number is on paper is in the page that it was made of, as often as there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_DATE = re.compile(r"(?:D:20\d{12}(?:Z|[+-]\d\d'\d\d'?)?)?")
_MADE = {"Creator": re.compile(r"Typst 0\.\d{1,2}\.\d{1,2}"), "CreationDate": _DATE, "ModDate": _DATE}
"""What the tool says of itself, and the moments of its work."""
_PACKET = re.compile(r"<\?xpacket begin=[^>]*\?>(.*?)<\?xpacket end", re.DOTALL)
_ELEMENT = re.compile(r"<[\w:]*?(\w+)(?: [^>]*)?>([^<]+)<")
_ATTRIBUTE = re.compile(r"""\s(?!xmlns:)[\w:.-]+\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NAME = re.compile(r"[A-Za-z\d+/]{22}==")
_MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
_PACKED = {
    **dict.fromkeys(("InstanceID", "DocumentID"), _NAME),
    **dict.fromkeys(("CreateDate", "ModifyDate", "MetadataDate"), _MOMENT),
    "CreatorTool": _MADE["Creator"],
    "PDFVersion": re.compile(r"1\.7"),
    "part": re.compile("1"),
}
"""The same in the packet of metadata (XMP), with the names of the file, its standard and its version."""
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
        described = document.get_metadata_dict()
        marks = [mark.get_title() for mark in document.get_toc()]
        attached = document.count_attachments()
    markup = markup_of(page)
    packets = _PACKET.findall(path.read_bytes().decode("utf-8", errors="replace"))
    years = {month[:4] for month in site.folder(path).about.months}
    head = years | set(_runs(markup.head))
    for place in [*_said(described, marks, markup=markup, head=head), *_packed(packets, head, sheets=len(sheets))]:
        yield Finding(site.name(path), place, "a number that the title and description of the page do not have")
    if attached:
        yield Finding(site.name(path), "attachments", "data that no reader knows")
    alone = Counter(_runs(_bodies(sheets, markup))) - Counter(_runs(_told(markup)))
    if alone:
        yield Finding(site.name(path), "", f"{alone.total()} numbers that the page does not have")


def _said(described: Mapping[str, str], marks: Sequence[str], *, markup: Markup, head: set[str]) -> Iterator[str]:
    """Where the information and the bookmarks of a PDF say more than the `head` and the texts of its page."""
    told = set(_runs(_told(markup)))
    for name, text in described.items():
        if not (_MADE[name].fullmatch(text) if name in _MADE else set(_runs([text])) <= head):
            yield name
    if not set(_runs(marks)) <= told:
        yield "bookmarks"


def _packed(packets: Sequence[str], head: set[str], *, sheets: int) -> Iterator[str]:
    """Where the packet of metadata says more than the `head` of its page and how many sheets there are."""
    if len(packets) != 1:
        yield "XMP"
        return
    for name, text in _ELEMENT.findall(packets[0]):
        if name in _PACKED:
            known = bool(_PACKED[name].fullmatch(text))
        else:
            known = text == str(sheets) if name == "NPages" else set(_runs([text])) <= head
        if not known:
            yield f"{name} of XMP"
    if "<!" in packets[0] or any(_DIGITS.search("".join(values)) for values in _ATTRIBUTE.findall(packets[0])):
        yield "XMP"


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
