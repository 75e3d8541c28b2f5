"""What the pages of a site show, read from their HTML: texts, figures with their words, tables, links, notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

NBSP, MINUS = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"
NUMBER = re.compile(rf"[+{MINUS}]?\d+(?:[{NBSP}]\d{{3}})*(?:,\d+)?")
LANGS = ("fi", "sv")
PARTS = {"p", "li", "dt", "dd", "th", "td", "caption", "summary", "legend", "h1", "h2", "h3", "h4", "title"}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
SAID_BY_SCRIPTS = {"data-loading", "data-failed", "data-full", "data-told", "data-hidden", "data-absent"}
DATE = re.compile(r"\b\d{1,2}/\d{4}\b|\b\d{4}\b")


@dataclass
class Part:
    """A paragraph, heading, item or cell: its tag and class ("p.lead"), its text, the figure that it stands in."""

    kind: str
    text: str
    label: str


@dataclass
class Shown:
    """A figure or table: its caption and what stands around it, its cells row by row, its text alternative.

    Of a map, the areas that are drawn and those of its rows, and the line that tells how to use them. `folded` is
    whether the table has to be opened.
    """

    label: str
    is_chart: bool = False
    words: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    folded: bool = False
    hint: str = ""

    @property
    def title(self) -> str:
        """The finding of a chart."""
        return " ".join(self.words[1:2])


class PageReader(HTMLParser):
    """One page: `texts` are those that a reader sees or hears, `elements` tag and class in order, `parts` its texts
    without those that are drawn.
    """

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.parts: list[Part] = []
        self.scripts: list[str] = []
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
        spoken = ("aria-label", "alt", "title", "placeholder", *(name for name in given if name in SAID_BY_SCRIPTS))
        self.texts.extend(given[name] for name in spoken if given.get(name))
        if tag == "meta" and given.get("name") == "description":
            self.texts.append(given["content"])
        if tag == "script":
            self.scripts.append(given.get("src", ""))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if "figure" in given.get("class", "").split() and given.get("id"):
            self._figure = self.shown.setdefault(given["id"], Shown(given["id"], is_chart=tag == "figure"))
        if self._figure:
            self._in_figure(tag, given)
        if tag in PARTS and not self._within("svg"):
            label = self._figure.label if self._figure else ""
            self.parts.append(Part(f"{tag}.{given.get('class', '')}", "", label))
            self._open[-1][1]["part"] = str(len(self.parts) - 1)
        if tag == "li" and given.get("id", "").startswith("note-"):
            self.notes.append("")
            self._note = True

    def _in_figure(self, tag: str, given: dict[str, str]) -> None:
        assert self._figure
        if given.get("data-area"):
            (self._figure.places if tag == "tr" else self._figure.shapes).append(given["data-area"])
        if tag == "tr":
            self._figure.rows.append([])
            self._figure.folded |= any(name == "details" and "open" not in given for name, given in self._open)
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
        if part := next((given["part"] for _, given in reversed(self._open) if "part" in given), ""):
            self.parts[int(part)].text += data if not self._within("svg") else ""
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
            if self._open[-1][1].get("class") == "pointed":
                figure.hint = data.strip()

    def _within(self, tag: str) -> bool:
        return any(opened == tag for opened, _ in self._open)

    def _foreign(self) -> bool:
        """Whether the text is declared to be of another language than the page."""
        said = [given["lang"] for _, given in self._open if given.get("lang")]
        return len(set(said)) > 1


@dataclass(frozen=True)
class Pages:
    """The pages of a site in both languages, each read once."""

    site: Path

    @cached_property
    def addresses(self) -> list[str]:
        """Those of the Finnish pages: "2023-06/kela"."""
        return sorted(path.parent.relative_to(self.site / "fi").as_posix() for path in self._all("fi"))

    @cached_property
    def read(self) -> dict[tuple[str, str], PageReader]:
        """Language and address → page."""
        return {
            (lang, path.parent.relative_to(self.site / lang).as_posix()): read_page(path)
            for lang in LANGS
            for path in self._all(lang)
        }

    def _all(self, lang: str) -> Iterator[Path]:
        return (self.site / lang).rglob("index.html")

    def pairs(self) -> Iterator[tuple[str, PageReader, PageReader]]:
        """Each address with its Finnish and its Swedish page."""
        for address in self.addresses:
            yield address, self.read["fi", address], self.read["sv", address]

    def every(self) -> Iterator[tuple[str, PageReader]]:
        """Each page with its place: "fi/2023-06/kela"."""
        for (lang, address), page in self.read.items():
            yield f"{lang}/{address}", page

    def charts(self) -> Iterator[tuple[str, str, Shown]]:
        """Each chart with its language and its place: "fi", "fi/2023-06/kela fig-map"."""
        for place, page in self.every():
            for figure in page.shown.values():
                if figure.is_chart:
                    yield place[:2], f"{place} {figure.label}", figure


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
