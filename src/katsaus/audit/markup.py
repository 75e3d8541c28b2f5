"""What a page holds, read from its HTML: tables, charts, headline figures, and every text that a reader may meet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final, NamedTuple

_SVG: Final = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_VOID: Final = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr", "x-svg"}
_INLINE: Final = {"a", "abbr", "b", "code", "em", "i", "small", "span", "strong", "sub", "sup", "label", "q", "s"}
_LEADING: Final = {"nav", "header", "footer", "summary", "head"}
_LINKS, _COUNTED = "downloads", "number"
_HINT: Final = "hint"
"""Words that stand behind a caption as a text of their own."""
_ORDINAL: Final = re.compile(r"\(?[^\W\d]+\s\d{1,2}\)?")
"""How figures and tables are numbered: "Kuvio 1", "(Taulukko 2)"."""
_NAMES: Final = {
    *("id", "class", "href", "src", "rel", "type", "name", "charset", "http-equiv", "lang", "hreflang", "role"),
    *("scope", "tabindex", "aria-labelledby", "aria-describedby", "aria-current", "aria-live", "data-area"),
    *("data-figures", "data-default", "data-part", "value"),
}
"""Attributes that say where and how, not how much, and are held against what may stand there (`attributes`); every
other one is read as text.
"""
_TAGS: Final = {
    *("html", "head", "title", "meta", "link", "script", "body", "header", "nav", "main", "footer", "section", "div"),
    *("h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "br", "hr", "details", "summary"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "x-svg", "form", "fieldset"),
    *("legend", "label", "input", "select", "button", "a", "abbr", "b", "code", "em", "i", "small", "span", "strong"),
    *("sub", "sup"),
}
"""What pages are made of. Not of <style>: no page has a style of its own."""
_DIGIT: Final = re.compile(r"\d")
_BARE_END: Final = re.compile(r"</(?![a-z][a-z0-9]*>)")


@dataclass
class Figure:
    """A figure or table by its label: its cells row by row, the words around them, what leads to them, its drawings."""

    label: str
    rows: list[list[str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)


class Marked(NamedTuple):
    """An attribute of an element that names something, in the figure `label` and its row (from 0) if in any."""

    tag: str
    name: str
    value: str
    label: str
    row: int


class Ordinal(NamedTuple):
    """The number of a figure, as it is written in the figure `label`; whether it stands on paper."""

    label: str
    text: str
    printed: bool


@dataclass
class Markup:
    """A page: `figures` by label, the parts of each headline figure, all other `texts` each with its place.

    `ordinals` number figures and tables, `marked` are attributes that name something, `head` is the title and the
    description; `refused` is what no page has (comments, styles, unknown elements).
    """

    figures: dict[str, Figure] = field(default_factory=dict)
    headlines: list[list[str]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    ordinals: list[Ordinal] = field(default_factory=list)
    marked: list[Marked] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def notes(self) -> int:
        """How many notes it has."""
        return sum(mark[:2] == ("li", "id") for mark in self.marked)

    @property
    def printed(self) -> list[str]:
        """The texts that stand on paper too: not those of attributes, and nothing that leads elsewhere."""
        return [
            *(ordinal.text for ordinal in self.ordinals if ordinal.printed),
            *(mark.value for mark in self.marked if mark[:2] == ("li", "id")),  # numbers of notes
            *(text for place, text in self.texts if place.startswith("<") and place != "<nav>"),
            *(part for item in self.headlines for part in item),
            *(text for figure in self.figures.values() for text in figure.words),
            *(cell for figure in self.figures.values() for row in figure.rows for cell in row),
        ]


def read_markup(html: str) -> Markup:
    """The page whose HTML is given. A drawing outside a figure stands in the figure of the label ""."""
    drawings = _SVG.findall(html)
    reader = _Reader(drawings)
    reader.feed(_SVG.sub("<x-svg>", html))
    reader.close()
    reader.flush()
    if _BARE_END.search(_SVG.sub("", html)):
        reader.markup.refused.append("an end tag of more than a name")
    return reader.markup


class _Reader(HTMLParser):
    def __init__(self, drawings: list[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.markup = Markup()
        self._drawings = iter(drawings)
        self._open: list[tuple[str, str]] = []  # tag, and the label of the figure that it begins
        self._text: list[str] = []
        self._figure: Figure | None = None
        self._headline = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in _INLINE or given.get("class") == _HINT:
            self.flush()
        self._attributes(tag, attrs)
        if tag == "x-svg":
            self._own().drawings.append(next(self._drawings))
        begins = self._begins(given)
        if tag == "dl" and given.get("class") == "headline":
            self._headline = True
        if self._headline and tag == "div":
            self.markup.headlines.append([])
        if self._figure and tag == "tr":
            self._figure.rows.append([])
        if tag not in _VOID:
            self._open.append((tag, begins))

    def _begins(self, given: Mapping[str, str]) -> str:
        """What an element begins: a figure (its label), links to downloads, something that counts figures or notes."""
        classes = set(given.get("class", "").split())
        if "figure" in classes and given.get("id"):
            self._figure = self.markup.figures.setdefault(given["id"], Figure(given["id"]))
            return given["id"]
        if {"number", "aside"} & classes:
            return _COUNTED
        return _LINKS if "downloads" in classes else ""

    def _attributes(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        label, row = (self._figure.label, len(self._figure.rows)) if self._figure else ("", 0)
        place = f"<{tag}>" if tag in _TAGS else "an unknown element"
        if tag not in _TAGS:
            self.markup.refused.append(place)
        for name, value in attrs:
            if _DIGIT.search(name):
                self.markup.refused.append(f"an attribute of {place} with digits in its name")
            elif name in _NAMES:
                self.markup.marked.append(Marked(tag, name, value or "", label, row))
            elif value:
                self.markup.texts.append((f"{name} of {place}", value))
        given = dict(attrs)
        if given.get("name") == "description":
            self.markup.head.append(given.get("content") or "")

    def _own(self) -> Figure:
        return self._figure or self.markup.figures.setdefault("", Figure(""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.flush(tag)
        while self._open:
            opened, begun = self._open.pop()
            if self._figure and begun == self._figure.label:
                self._figure = None
            if opened == tag:
                break
        if tag == "dl":
            self._headline = False

    def handle_data(self, data: str) -> None:
        if self._figure and self._open[-1][1] == _COUNTED and _ORDINAL.fullmatch(data.strip()):
            self.markup.ordinals.append(Ordinal(self._figure.label, data.strip(), not self._leads()))
            data = " "
        self._text.append(data)

    def handle_comment(self, data: str) -> None:
        self.markup.refused.append("a comment")
        self.markup.texts.append(("a comment", data))

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self.markup.refused.append("a declaration")

    def handle_pi(self, data: str) -> None:
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)

    def _leads(self) -> bool:
        """Whether what is open leads elsewhere, and is not on paper."""
        return any(tag in _LEADING or begun == _LINKS for tag, begun in self._open)

    def flush(self, ending: str = "") -> None:
        """Keep the text met since the last block began or ended."""
        text = " ".join("".join(self._text).split(" ")).strip()
        text = re.sub(r"[ \n\t]+", " ", text)
        self._text.clear()
        leads = self._leads()
        if ending in {"td", "th"} and self._figure and self._figure.rows:
            self._figure.rows[-1].append(text)
        elif not text:
            return
        elif self._figure:
            (self._figure.links if leads else self._figure.words).append(text)
        elif self._headline and self.markup.headlines:
            self.markup.headlines[-1].append(text)
        else:
            tag = self._open[-1][0] if self._open else "text"
            if tag == "title":
                self.markup.head.append(text)
            self.markup.texts.append(("<nav>" if leads else f"<{tag}>", text))
