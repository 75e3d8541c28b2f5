"""A delivered XLSX: everything in its archive is looked at first, then the cells of its one sheet are read.

A cell is taken as it is stored: a whole number may be stored as 3.0 or as the text "3". Formulas, dates, errors, true
and false are refused, since what they show depends on the program that opens them.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from katsaus.config.contract import Contract
from katsaus.config.findings import Finding
from katsaus.sources.archive import RefusedError, parts, pieces, unpacked
from katsaus.sources.cells import EXCEL_DATE
from katsaus.sources.columns import Read, TooVariedError, gather
from katsaus.sources.header import read_header

BYTES = 64_000_000
CELLS = 6_000_000
"""Cells of the smallest rectangle around all that are filled: the reader keeps room for each of them (32 bytes)."""
SPARSE, SOME = 4, 100_000
"""A rectangle may have so many times the cells that are filled, and some more."""
TEXT = 2_000
SHARED = 400_000_000
"""Bytes of all cells' texts, when each were the longest of the workbook."""
SHEETS = 20

_PASSED_OVER = re.compile(r".*\.bin|.*/", re.IGNORECASE)
_CELLS_OR_TEXTS = re.compile(rb"sheetData|[<:]si[\s/>]")
_TAG = re.compile(rb"<([^\s/>!?]+)")
_PLACE = re.compile(rb" r=\"([A-Z]{0,3}[0-9]{1,7})\"")
_ODD = (b"\t", b"\n", b"\r", b"'", b" r ", b'"r=')
_OTHER_PLACE = re.compile(rb"[\t\n\r'\"]r\s*=| r\s+=")
_LETTERS, _DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0123456789"
_WITHIN = {
    "excel-error": re.compile(rb"t\s*=\s*[\"']e[\"']"),
    "excel-boolean": re.compile(rb"t\s*=\s*[\"']b[\"']"),
    "excel-hidden": re.compile(rb"hidden\s*=\s*[\"'](?!0[\"']|false[\"'])"),
}
_STRING = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")
_TAGS = re.compile(rb"<[^>]*>")
_SHORT = 100


def read_spreadsheet(content: bytes, contract: Contract, *, where: str) -> Read:
    """Read the one sheet of the workbook `content`, its bytes' number checked already."""
    try:
        faults = _look_through(content)
        if "excel-sheets" in faults:
            raise RefusedError(*faults)
        sheet, hidden = _only_sheet(content)
    except RefusedError as error:
        return Read(None, None, tuple(Finding(code, where) for code in error.codes))
    found = [Finding(code, where) for code in dict.fromkeys([*faults, *hidden])]
    return _read_cells(sheet, contract, where=where, found=found)


def _read_cells(sheet: CalamineSheet, contract: Contract, *, where: str, found: list[Finding]) -> Read:
    rows = sheet.iter_rows()
    header = read_header([as_text(cell) for cell in next(rows)], contract, where=where)
    found.extend(header.findings)
    if not header.positions:
        return Read(header, None, tuple(found))
    try:
        columns = gather(rows, header.positions, width=header.width, write=as_text)
    except TooVariedError:
        return Read(header, None, (*found, Finding("file-too-large", where)))
    return Read(header, columns, tuple(found))


def as_text(cell: object) -> str:
    """The text of a cell as the workbook's reader gives it; a number without exponent, to the 15 digits Excel shows."""
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < 10**15
        return str(int(cell)) if whole else f"{cell:.15g}"
    if isinstance(cell, (datetime, date, time, timedelta)):
        return EXCEL_DATE
    return str(cell)


@dataclass
class _Extent:
    """What the parts of a workbook hold together; `text` is the length of the longest shared text, in bytes."""

    row: int = 0
    column: int = 0
    cells: int = 0
    sheets: int = 0
    text: int = 0


def _look_through(content: bytes) -> list[str]:
    """Codes of what is wrong with the cells' notation. Raises RefusedError where reading them would be unsafe."""
    codes: dict[str, None] = {}
    extent = _Extent()
    for part in parts(content):
        blocks = unpacked(content, part)
        if _PASSED_OVER.fullmatch(part.filename):
            _pass_over(blocks)
        else:
            codes.update(dict.fromkeys(_part_faults(pieces(blocks), extent)))
    if extent.sheets > 1:
        codes["excel-sheets"] = None
    box = extent.row * extent.column
    if box > SPARSE * extent.cells + SOME:
        raise RefusedError("excel-stray")
    if box > CELLS:
        raise RefusedError("file-too-large")
    if extent.cells * extent.text > SHARED:
        raise RefusedError("archive-bomb")
    return list(codes)


def _pass_over(blocks: Iterable[bytes]) -> None:
    """Raise RefusedError where settings of a printer are cells or texts in disguise."""
    if _CELLS_OR_TEXTS.search(b"".join(blocks)):
        raise RefusedError("archive-foreign")


def _part_faults(part: Iterable[bytes], extent: _Extent) -> Iterator[str]:
    """Codes of one part, which is a sheet, a list of shared texts or something else; `extent` grows with it."""
    in_sheet = in_texts = filled = False
    for piece in part:
        tags = _tags(piece)
        in_sheet = in_sheet or "sheetData" in tags
        in_texts = in_texts or "si" in tags
        if in_texts:
            _measure_texts(piece, extent)
        if in_sheet:
            filled = filled or bool(tags["v"] or tags["is"])
            _measure_sheet(piece, extent, tags=tags)
            yield from ["excel-formula"] * bool(tags["f"])
            yield from (code for code, sign in _WITHIN.items() if sign.search(piece))
    extent.sheets += filled


def _tags(piece: bytes) -> Counter[str]:
    """How many elements of each name begin in a piece, their prefixes left out."""
    counts: Counter[str] = Counter()
    for name, count in Counter(_TAG.findall(piece)).items():
        counts[name.rpartition(b":")[2].decode("ascii", "replace")] += count
    return counts


def _measure_sheet(piece: bytes, extent: _Extent, *, tags: Counter[str]) -> None:
    """Let `extent` grow to the furthest cell. Raises RefusedError where a cell may not be where it seems."""
    found = _PLACE.findall(piece)
    places = b" ".join(found)
    letters, digits = places.translate(None, _DIGITS).split(), places.translate(None, _LETTERS).split()
    odd = any(sign in piece for sign in _ODD) and _OTHER_PLACE.search(piece)
    if odd or piece.count(b" r=") != len(digits) or len(letters) != tags["c"] or len(set(found)) != len(found):
        raise RefusedError("xml-form")
    extent.cells += len(letters)
    extent.row = max(extent.row, *map(int, set(digits)), 0)
    extent.column = max(extent.column, *map(_column_number, set(letters)), 0)


def _column_number(letters: bytes) -> int:
    """1 for A, 27 for AA; 0 for none."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _measure_texts(piece: bytes, extent: _Extent) -> None:
    """Let `extent` grow to the longest shared text. Raises RefusedError at one that is no cell of a table."""
    extent.text = max(extent.text, *map(_text_size, _STRING.split(piece)))
    if extent.text > TEXT:
        raise RefusedError("value-long")


def _text_size(markup: bytes) -> int:
    return len(markup) if len(markup) < _SHORT else len(_TAGS.sub(b"", markup))


def _only_sheet(content: bytes) -> tuple[CalamineSheet, list[str]]:
    """The sheet that holds cells, and codes of what hides it. Raises RefusedError where there is none or another."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if len(book.sheet_names) > SHEETS:
            raise RefusedError("excel-sheets")
        filled = []
        for position, about in enumerate(book.sheets_metadata):
            sheet = book.get_sheet_by_index(position)
            if sheet.height:
                filled.append((sheet, about.visible))
            if len(filled) > 1:
                raise RefusedError("excel-sheets")
    except (CalamineError, OSError, ValueError):
        raise RefusedError("archive-damaged") from None
    if not filled:
        raise RefusedError("file-empty")
    [(sheet, visible)] = filled
    return sheet, [] if visible == SheetVisibleEnum.Visible else ["excel-hidden"]
