"""What a page of a site shows, read from its HTML: texts, figures with their words, tables, links, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

NBSP, MINUS = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"
NUMBER = re.compile(rf"[+{MINUS}]?\d+(?:[{NBSP}]\d{{3}})*(?:,\d+)?")
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
DATE = re.compile(r"\b\d{1,2}/\d{4}\b|\b\d{4}\b")


@dataclass
class Shown:
    """A figure or table: its caption and what stands around it, its cells row by row, its text alternative."""

    label: str
    is_chart: bool = False
    words: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The finding of a chart."""
        return " ".join(self.words[1:2])


class PageReader(HTMLParser):
    """One page: `texts` are those that a reader sees or hears, `elements` tag and class in order."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.elements: list[str] = []
        self.links: list[str] = []
        self.shown: dict[str, Shown] = {}
        self.notes: list[str] = []
        self.langs: set[str] = set()
        self._open: list[tuple[str, dict[str, str]]] = []
        self._figure: Shown | None = None
        self._note = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append((tag, given))
        if not self._within("svg") or tag == "svg":
            self.elements.append(f"{tag}.{given.get('class', '')}")
        self.texts.extend(given[name] for name in ("aria-label", "alt", "title", "placeholder") if given.get(name))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if "figure" in given.get("class", "").split() and given.get("id"):
            self._figure = self.shown.setdefault(given["id"], Shown(given["id"], is_chart=tag == "figure"))
        if self._figure:
            self._in_figure(tag, given)
        if tag == "li" and given.get("id", "").startswith("note-"):
            self.notes.append("")
            self._note = True

    def _in_figure(self, tag: str, given: dict[str, str]) -> None:
        assert self._figure
        if tag == "tr":
            self._figure.rows.append([])
        elif tag in {"td", "th"}:
            self._figure.rows[-1].append("")
        elif tag == "svg" and given.get("role") == "img":
            self._figure.alts.append(given.get("aria-label", ""))
        elif tag == "a" and "download" in given:
            self._figure.files.append(given["href"])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            opened, given = self._open.pop()
            if self._figure and given.get("id") == self._figure.label:
                self._figure = None
            if opened == "li":
                self._note = False
            if opened == tag:
                return

    def handle_data(self, data: str) -> None:
        if not data.strip() or self._within("style") or self._within("script"):
            return
        if not self._foreign() and not self._within("code"):
            self.texts.append(data)
        if self._note:
            self.notes[-1] += data
        if self._figure:
            self._words(self._figure, data)

    def _words(self, figure: Shown, data: str) -> None:
        if self._within("svg"):
            figure.drawn.append(data)
        elif self._within("td") or (self._within("th") and figure.rows):
            figure.rows[-1][-1] += data
        else:
            figure.words.append(data.strip())

    def _within(self, tag: str) -> bool:
        return any(opened == tag for opened, _ in self._open)

    def _foreign(self) -> bool:
        """Whether the text is declared to be of another language than the page."""
        said = [given["lang"] for _, given in self._open if given.get("lang")]
        return len(set(said)) > 1


def read_page(path: Path) -> PageReader:
    """The page at `path`."""
    reader = PageReader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


def numbers(text: str) -> list[str]:
    """The numbers of a text as they are written, months and years left out."""
    return NUMBER.findall(DATE.sub(" ", text.replace("\N{NARROW NO-BREAK SPACE}", NBSP)))


def size(number: str) -> str:
    """A number without its sign: "0,4" of "−0,4"."""
    return number.lstrip(f"+{MINUS}")
