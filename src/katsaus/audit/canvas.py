"""What a drawing is made of beside the marks that are measured: elements, attributes and ids that charts have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree as ET

from katsaus import theme

_SVG: Final = "http://www.w3.org/2000/svg"
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_SPACE: Final = re.compile(r'xmlns[\w:.-]*\s*=\s*(?!"http://www\.w3\.org/2000/svg")|xmlns:')
_MARKS: Final = {"text", "line", "path"}
_CHILDREN: Final[Mapping[str, set[str]]] = {
    "svg": {"title", "desc", "rect", "defs", "g", *_MARKS},
    "g": {"g", "defs", *_MARKS},
    "defs": {"clipPath", "pattern"},
    "clipPath": {"rect"},
    "pattern": {"path"},
    "text": {"tspan"},
}
_WORDS: Final = {"text", "tspan", "title", "desc"}
_NUMBER: Final = r"-?\d{1,4}(?:\.\d{1,3})?"
_PAIR: Final = rf"{_NUMBER},{_NUMBER}"
_WORD: Final = "[a-z]+"
_COLOURS: Final = "|".join(sorted(set(re.findall("#[0-9a-f]{6}", repr(vars(theme))))))
_DASHES: Final = "|".join([",".join(map(str, dashes)) for dashes in theme.DASHES.values()])
_VALUES: Final[Mapping[str, str]] = {
    "d": rf"(?:[MLACHVZhv](?:{_NUMBER}(?:,{_NUMBER})*)?)+",
    "transform": rf"translate\({_PAIR}\)",
    "viewBox": rf"{_NUMBER}(?: {_NUMBER}){{3}}",
    **dict.fromkeys(("x", "y", "x2", "y2", "width", "height"), _NUMBER),
    **dict.fromkeys(("fill", "stroke"), rf"none|{_COLOURS}"),
    **dict.fromkeys(("text-anchor", "stroke-linecap", "stroke-linejoin", "role", "lang", "focusable"), _WORD),
    "{http://www.w3.org/XML/1998/namespace}lang": _WORD,
    "class": "chart(?: [a-z]+)*",
    "font-family": re.escape(theme.FONT_STACK),
    "font-size": r"1\dpx",
    "font-weight": "bold|600",
    "stroke-width": r"[0-4](?:\.\d{1,2})?",
    "stroke-dasharray": rf"2,3|3,2|{_DASHES}",
    "stroke-miterlimit": "10",
    "opacity": r"0(?:\.\d)?",  # 0 of a label for which there is no room: it is read as any other
    "dy": r"1\d",
    "patternUnits": "userSpaceOnUse",
    "patternTransform": r"rotate\(45\)",
    "aria-label": ".*",  # read as text
    "data-area": ".*",  # held against the table
}
_PLACES: Final = {"aria-label": "svg", "class": "svg", "data-area": "path"}
"""Attributes that one element alone may have."""


def check_canvas(svg: str, *, label: str) -> Iterator[str]:
    """What the drawing of the figure `label` has that no chart has. Raises ET.ParseError."""
    if "<!" in svg or "<?" in svg.removeprefix(_DECLARATION):
        yield "a comment, declaration or instruction"
    if _SPACE.search(svg):
        yield "a name space"
    root = ET.fromstring(svg)
    ids = _ids(root, label)
    yield from _attributes(root, ids)
    for parent in root.iter():
        if _tag(parent) not in _WORDS and (parent.text or "").strip():
            yield f"words in {_told(parent)}"
        for child in parent:
            if _tag(child) not in _CHILDREN.get(_tag(parent), set()):
                yield f"{_told(child)} in {_told(parent)}"
            if (child.tail or "").strip():
                yield f"words behind {_told(child)}"
    yield from _paper(root)


def _attributes(root: ET.Element, ids: Mapping[str, str]) -> Iterator[str]:
    references = {f"url(#{name})" for name in ids}
    met = [element.get("id", "") for element in root.iter() if "id" in element.attrib]
    if met != list(ids):
        yield "ids that are not numbered in their order"
    for element in root.iter():
        tag = _tag(element)
        for name, value in element.attrib.items():
            if name == "id" or (name in {"fill", "clip-path"} and value in references):
                continue
            if name == "aria-labelledby" and set(value.split()) <= ids.keys():
                continue
            known = name in _VALUES and re.fullmatch(_VALUES[name], value, re.DOTALL)
            if not known or (name in _PLACES and _PLACES[name] != tag):
                yield f"{name if name in _VALUES else 'an attribute'} of {_told(element)}"


def _ids(root: ET.Element, label: str) -> Mapping[str, str]:
    """The ids that the elements of a drawing have in their order, each with its tag."""
    variant = root.get("class", "").rpartition(" ")[2]
    prefix = f"{label}-{variant}" if variant else label
    named = [element for element in root.iter() if "id" in element.attrib]
    counted = iter(range(len(named)))
    ids: dict[str, str] = {}
    for element in named:
        tag = _tag(element)
        if tag in {"title", "desc"}:
            ids[f"{label}-{tag}"] = tag
        else:
            ids[f"{prefix}-hatch" if tag == "pattern" else f"{prefix}-{next(counted)}"] = tag
    return ids


def _paper(root: ET.Element) -> Iterator[str]:
    """A rectangle is the paper or cuts something off; any other would be a mark that nobody measures."""
    left, top, *size = (root.get("viewBox", "").split() + [""] * 4)[:4]
    if [root.get("width"), root.get("height")] != size:
        yield "a size that is not that of its box"
    box = {"x": left, "y": top, "width": size[0], "height": size[1], "fill": theme.PAPER}
    for child in root:
        if _tag(child) == "rect" and child.attrib != box:
            yield "a rectangle that is not the paper"


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _told(element: ET.Element) -> str:
    tag = _tag(element)
    return f"<{tag}>" if tag in _WORDS | _MARKS | {"rect", *_CHILDREN} else "an element"
