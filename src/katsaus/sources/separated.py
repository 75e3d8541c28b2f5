"""A delivered CSV: its bytes are looked at before anything is read, then it is read row by row."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from katsaus.config.contract import Contract
from katsaus.config.findings import Finding
from katsaus.sources.columns import Read, TooVariedError, gather
from katsaus.sources.header import read_header

MEGABYTE = 1_000_000
BYTES = 400 * MEGABYTE
ROWS = 2_000_000
LINE = 16_384
"""Bytes that a line may have, give or take what a block cuts in two; the widest table has about a thousand."""
ROW_LINES = 50
_BLOCK = 1 << 20
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NULS = 0.2
_OTHERS = re.compile(rb"PK[\x03\x05]|\x1f\x8b|%PDF|\xd0\xcf\x11\xe0|\s*[{\[]|BZh|7z\xbc\xaf|\xfd7zXZ")
_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<")


def read_separated(path: Path, contract: Contract, *, where: str) -> Read:
    """Read the CSV at `path`, whose size was checked. Raises OSError."""
    findings = survey(path, where=where)
    if any(finding.code != "file-truncated" for finding in findings):
        return Read(None, None, findings)
    with path.open(encoding="utf-8-sig", errors="ignore", newline="") as file:  # a letter may be cut at the end
        guard = _Guard(file)
        rows = csv.reader(guard, strict=True)
        try:
            header = read_header(next(rows), contract, where=where)
            if not header.positions:
                return Read(header, None, (*findings, *header.findings))
            columns = gather(guard.renewed(rows), header.positions, width=header.width, write=str)
        except TooVariedError:
            return Read(None, None, (*findings, Finding("file-too-large", where)))
        except csv.Error as error:
            return Read(None, None, findings or (_broken(error, rows.line_num, where=where),))
    return Read(header, columns, (*findings, *header.findings))


def _broken(error: csv.Error, line: int, *, where: str) -> Finding:
    if str(error) == "unexpected end of data":
        return Finding("file-truncated", where)
    return Finding("file-quotes", where, {"row": line})


def survey(path: Path, *, where: str) -> tuple[Finding, ...]:
    """What is wrong with the file as a whole: its kind, encoding, length of lines, number of rows, and end."""
    with path.open("rb") as file:
        head = file.read(4096)
        file.seek(0)
        code = kind(head) or _text(file)
    return (Finding(code, where),) if code else ()


def kind(head: bytes) -> str | None:
    """The code of what the file is instead of a CSV in UTF-8, by its first bytes."""
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        return "file-empty"
    if head.startswith(_UTF16) or head.count(0) > len(head) * _NULS:
        return "encoding-utf16"
    if _MARKUP.match(head):
        return "file-html"
    return "file-kind" if _OTHERS.match(head) else None


def _text(file: BinaryIO) -> str | None:
    """The first fault of the file's bytes, read in blocks."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    rows, last = 0, b""
    while block := file.read(_BLOCK):
        try:
            decoder.decode(block)
        except UnicodeDecodeError:
            return "encoding-latin1"
        rows += block.count(b"\n") or block.count(b"\r")
        if max(map(len, block.replace(b"\r", b"\n").split(b"\n"))) > LINE:
            return "file-kind"
        if rows > ROWS + 1:
            return "rows-ten-times"
        last = block[-1:]
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "file-truncated"
    return None if last in (b"\n", b"\r") else "file-truncated"


class _Guard:
    """Lines of a file, so many for each row and no more: an open quote can't make one row of the whole file."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._left = ROW_LINES

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self._left -= 1
        if self._left < 0:
            raise csv.Error
        return next(self._lines)

    def renewed(self, rows: Iterator[list[str]]) -> Iterator[list[str]]:
        """The rows, with a new allowance of lines for each of them."""
        for row in rows:
            self._left = ROW_LINES
            yield row
