"""What a built site holds: its files, the text of its PDFs, its tables, and the ways a number may be written in it."""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

import pypdfium2


def files(site: Path) -> dict[str, str]:
    """Every file of a site → the hash of its bytes."""
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def text_of(pdf: Path) -> str:
    return "".join(sheets(pdf))


def sheets(pdf: Path) -> list[str]:
    """The text of each page of a PDF."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def contents(site: Path) -> dict[str, str]:
    """Every file of a site → its bytes as text, after the text of its pages where it is a PDF."""
    return {
        path.relative_to(site).as_posix(): (text_of(path) if path.suffix == ".pdf" else "")
        + path.read_bytes().decode("utf-8", errors="replace")
        for path in site.rglob("*")
        if path.is_file()
    }


def spelt(number: int) -> re.Pattern[str]:
    """A number of at least four digits as pages, files and errors may write it, and not the end of a larger one."""
    gap = r"(?:[\s,.]|&#160;|&nbsp;|&#8239;)"
    groups = f"{number:,}".split(",")
    return re.compile(rf"(?<!\d)(?<!\d[\s,.]){f'{gap}?'.join(groups)}(?!\d)")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
