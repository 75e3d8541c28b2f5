"""Markdown that people write in files of their own, and what it may hold.

A text may begin with ``place: before`` or ``only: true`` between two lines of ``---``; it tells figures as ``{A03}``,
``{A03.change}`` or ``{D01@country}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from katsaus.config.files import validated
from katsaus.config.models import Indicator, Model
from katsaus.config.strict_yaml import parse
from katsaus.errors import ConfigError, Problem

FIGURE = re.compile(r"\{([^{}\n]*)\}")
MEASURES = frozenset({"value", "year_ago", "change", "month_ago", "month_change"})
PERCENT = frozenset({"change_percent", "month_change_percent"})
"""What a text may tell of a figure; changes in per cent of counts only."""

_FENCE = "---"
_NAMED = re.compile(r"(?P<indicator>[A-Z][0-9]{2}(:[a-z0-9_-]+)?)(\.(?P<measure>[a-z_]+))?(@(?P<area>[A-Za-z0-9]+))?")
_ADDRESS = re.compile(r"\]\([^)\s]*\)|<(https?://|mailto:)[^>]*>")
_NUMBER = re.compile(r"\d+")
_HTML = re.compile(r"(?<!\\)<(?!https?://|mailto:)[A-Za-z/!?]")
_HEADING = re.compile(r" {0,3}(#{1,6})(\s|$)")
_UNDERLINE = re.compile(r" {0,3}=+\s*$")
_DO = "write {A03}, {A03.change} or {D01@country}, with ids of reviews/indicators.yml and codes of areas"


class Front(Model):
    """What a text says of itself: whether it replaces the generated sentences of its slot or stands before or after
    them, and whether it is meant for this one language.
    """

    place: Literal["instead", "before", "after"] = "instead"
    only: bool = False


@dataclass(frozen=True)
class Passage:
    """One text as Markdown; `where` is its file, `first` the line on which `text` begins."""

    where: str
    text: str
    first: int = 1
    front: Front = field(default_factory=Front)

    @property
    def lines(self) -> Iterator[tuple[str, str]]:
        """Each line with its place, ``reviews/…/lead.fi.md:3``."""
        return ((f"{self.where}:{number}", line) for number, line in enumerate(self.text.split("\n"), self.first))

    @property
    def figures(self) -> list[str]:
        """What stands between braces, in order: "A03.change"."""
        return FIGURE.findall(self.text)


@dataclass(frozen=True)
class Named:
    """A figure that a text names: {D01.change@country}. `area` is "" for the page's own."""

    indicator: str
    measure: str
    area: str


def named(text: str) -> Named | None:
    """The figure that the text between two braces names, if it is written as one."""
    found = _NAMED.fullmatch(text)
    return Named(found["indicator"], found["measure"] or "value", found["area"] or "") if found else None


def read_passage(path: Path, root: Path) -> Passage:
    """The text of a file, its line ends and a mark of the byte order apart. Raises ConfigError if it can't be read, is
    empty or begins with anything unknown.
    """
    where = path.relative_to(root).as_posix()
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(Problem("the file is not readable UTF-8 text", where, do="save it as UTF-8")) from None
    front, end = _front(lines, where) if lines[0].rstrip() == _FENCE else (Front(), 0)
    text = "\n".join(lines[end:]).rstrip()
    if not text:
        raise ConfigError(Problem("the file holds no text", where, do="write the text or remove the file"))
    return Passage(where, text, end + 1, front)


def _front(lines: list[str], where: str) -> tuple[Front, int]:
    """What stands between the first two lines of ---, and the number of the second."""
    end = next((number for number, line in enumerate(lines[1:], 2) if line.rstrip() == _FENCE), 0)
    if not end:
        raise ConfigError(Problem("the lines at the top are not closed", f"{where}:1", do=f"end them with {_FENCE}"))
    document = parse("\n".join(["", *lines[1 : end - 1]]), where)  # an empty line keeps the numbers of the others
    return validated(document, Front), end


def numbers(text: str) -> list[str]:
    """The numbers in a text that are written by hand, in order: those in braces and in addresses are not."""
    return _NUMBER.findall(_ADDRESS.sub("", FIGURE.sub("", text)))


def misplaced(passage: Passage, *, headings: bool) -> Iterator[Problem]:
    """HTML, the page's own level of headings, and all of them where there are to be no `headings`."""
    for where, line in passage.lines:
        heading = _HEADING.match(line)
        if _UNDERLINE.match(line) or (heading and (heading[1] == "#" or not headings)):
            do = "use ### or lower" if headings else "write it as text"
            yield Problem("a heading that has no place here", where, do=do)
        if _HTML.search(line):
            yield Problem("raw HTML", where, do=r"write it in Markdown, and \< for the sign itself")


def unknown_figures(passage: Passage, indicators: Mapping[str, Indicator], *, areas: Set[str]) -> Iterator[Problem]:
    """Braces that name no published figure of `indicators` (by id) and `areas` (codes)."""
    for where, line in passage.lines:
        for text in FIGURE.findall(line):
            if why := _why_unknown(named(text), indicators, areas=areas):
                yield Problem(f"unknown figure {{{text}}}", where, why, _DO)
        if {"{", "}"} & set(FIGURE.sub("", line)):
            yield Problem("a brace that belongs to no figure", where, do=_DO)


def _why_unknown(figure: Named | None, indicators: Mapping[str, Indicator], *, areas: Set[str]) -> str:
    if figure is None:
        return "it is not written as a figure"
    item = indicators.get(figure.indicator.partition(":")[0])
    if item is None or not item.sources:
        return f"there is no published indicator {figure.indicator}"
    if figure.indicator not in item.numerators:
        return f"of {item.id} there are: {', '.join(item.numerators)}"
    if figure.measure not in MEASURES | (PERCENT if item.counts else set()):
        return f"{item.id} has no {figure.measure}"
    return f"there is no area {figure.area}" if figure.area and figure.area not in areas else ""
