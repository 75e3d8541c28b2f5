"""The text of an SVG made small, honest and fit for a page: no English, no styles, no ids that meet another chart's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Final
from xml.etree import ElementTree as ET

from katsaus import theme

_SVG: Final = "http://www.w3.org/2000/svg"
_DROPPED: Final = {"class", "role", "pointer-events", "style", "version", "font-family"}
_NUMBER: Final = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_TRANSLATE: Final = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
_COORDINATES: Final = {"d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height"}
_DEFAULTS: Final = {"opacity": "1", "stroke-dasharray": "1,0", "font-weight": "normal", "stroke-width": "1"}
_REFERENCE: Final = re.compile(r"url\(#(.+)\)")
_AREA: Final = re.compile(r"(KK|KU|MK)[0-9]+")
_LINE: Final = 1.2
_MARGIN: Final = 20
"""Paper around a file's chart: where the house font is missing, labels grow by a tenth and must not be cut."""

_FOOT, _FOOT_LETTER, _FOOT_LINE, _FOOT_ABOVE = 12, 5.9, 16, 22
"""Pixels of the words at a file's foot: size and width of a letter, height of a line and room above them."""

ET.register_namespace("", _SVG)


def inline(svg: str, label: str, *, lang: str, alt: str, variant: str) -> str:
    """`svg` as an element for an HTML page: `role="img"`, its text alternative in `lang`, sized by the viewBox."""
    root = _cleaned(svg, f"{label}-{variant}")
    root.attrib |= {"class": f"chart {variant}", "role": "img", "aria-label": alt, "lang": lang, "focusable": "false"}
    return ET.tostring(root, encoding="unicode").replace(f' xmlns="{_SVG}"', "", 1)


def standalone(svg: str, label: str, *, lang: str, words: tuple[str, str], foot: Sequence[str] = ()) -> str:
    """`svg` as a complete file on white paper, for download: `words` are its title and text alternative, `foot` what it
    says beneath the picture, which may be used without its page.
    """
    root = _cleaned(svg, label)
    root.attrib |= {"role": "img", "aria-labelledby": f"{label}-title {label}-desc", "font-family": theme.FONT_STACK}
    root.set("{http://www.w3.org/XML/1998/namespace}lang", lang)
    lines = _wrapped(foot, int(root.attrib["width"]))
    below = int(root.attrib["height"]) + _FOOT_ABOVE
    if lines:
        root.append(_written(lines, below))
    width = int(root.attrib["width"]) + 2 * _MARGIN
    height = (below + _FOOT_LINE * (len(lines) - 1) if lines else int(root.attrib["height"])) + 2 * _MARGIN
    box = {"x": f"{-_MARGIN}", "y": f"{-_MARGIN}", "width": f"{width}", "height": f"{height}"}
    root.attrib |= {"width": f"{width}", "height": f"{height}", "viewBox": " ".join(box.values())}
    paper = ET.Element(f"{{{_SVG}}}rect", {**box, "fill": theme.PAPER})
    root.insert(0, paper)
    for position, (tag, text) in enumerate((("title", words[0]), ("desc", " ".join([words[1], *foot])))):
        element = ET.Element(f"{{{_SVG}}}{tag}", {"id": f"{label}-{tag}"})
        element.text = text
        root.insert(position, element)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _wrapped(texts: Sequence[str], width: int) -> list[str]:
    """`texts` in lines no wider than `width` pixels."""
    return [line for text in texts for line in wrap(text, int(width / _FOOT_LETTER), break_on_hyphens=False)]


def _written(lines: Sequence[str], top: int) -> ET.Element:
    """`lines` of small letters, the first at the height `top`."""
    place = {"transform": f"translate(0,{top})", "font-size": f"{_FOOT}px", "fill": theme.SOFT_INK}
    text = ET.Element(f"{{{_SVG}}}text", place)
    for at, line in enumerate(lines):
        part = ET.SubElement(text, f"{{{_SVG}}}tspan", {"x": "0", **({"dy": f"{_FOOT_LINE}"} if at else {})})
        part.text = line
    return text


def printed(svg: str) -> str:
    """An `inline` SVG for the PDF, which gives the text alternative and the paper itself."""
    return svg.replace("<svg ", f'<svg xmlns="{_SVG}" font-family="{theme.FONT}" ', 1)


def _cleaned(svg: str, label: str) -> ET.Element:
    root = ET.fromstring(svg)
    for group in root.iter(f"{{{_SVG}}}g"):
        if "mark-text" in group.get("class", "") and "role-mark" in group.get("class", ""):
            _spread(group)
    _name_areas(root)
    _strip(root, label)
    _flatten(root)
    _hatch(root, label)
    return root


def _name_areas(root: ET.Element) -> None:
    """A mark that describes itself by the code of an area keeps it; a page's script finds it by that."""
    for element in root.iter():
        if _AREA.fullmatch(element.get("aria-label", "")):
            element.set("data-area", element.get("aria-label", ""))


def _hatch(root: ET.Element, label: str) -> None:
    """Hatch what is hidden: on no screen and no paper is it a class among the others."""
    bare = [element for element in root.iter() if element.get("fill") == theme.MAP_HIDDEN]
    for element in bare:
        element.set("fill", f"url(#{label}-hatch)")
    if bare:
        defs = ET.Element(f"{{{_SVG}}}defs")
        size = {"width": "5", "height": "5"}
        turned = {"patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)"}
        pattern = ET.SubElement(defs, f"{{{_SVG}}}pattern", {"id": f"{label}-hatch", **size, **turned})
        ET.SubElement(pattern, f"{{{_SVG}}}path", {"d": "M0,0H5V5H0Z", "fill": theme.PAPER})
        ET.SubElement(pattern, f"{{{_SVG}}}path", {"d": "M0,0V5", "stroke": theme.AXIS, "stroke-width": "2"})
        root.insert(0, defs)


def _spread(group: ET.Element) -> None:
    """Move labels of one column apart that would cover each other, as the ends of close lines do."""
    columns: dict[int, list[tuple[float, ET.Element]]] = defaultdict(list)
    for text in group.findall(f"{{{_SVG}}}text"):
        if found := _TRANSLATE.search(text.get("transform", "")):
            columns[round(float(found[1]))].append((float(found[2]), text))
    for labels in columns.values():
        labels.sort(key=lambda pair: pair[0])
        gap = float(labels[0][1].get("font-size", "14px").removesuffix("px")) * _LINE
        for new, (_, text) in zip(apart([y for y, _ in labels], gap), labels, strict=True):
            place = text.get("transform", "")
            text.set("transform", _TRANSLATE.sub(rf"translate(\g<1>,{new:g})", place))


def apart(positions: list[float], gap: float) -> list[float]:
    """Sorted `positions` moved as little as needed so that neighbours stand at least `gap` pixels apart."""
    blocks: list[tuple[float, int]] = []  # (centre, number of members)
    for position in positions:
        blocks.append((position, 1))
        while len(blocks) > 1 and _touch(blocks[-2], blocks[-1], gap=gap):
            (second, many), (first, few) = blocks.pop(), blocks.pop()
            blocks.append(((first * few + second * many) / (few + many), few + many))
    return [centre + (i - (size - 1) / 2) * gap for centre, size in blocks for i in range(size)]


def _touch(upper: tuple[float, int], lower: tuple[float, int], *, gap: float) -> bool:
    return lower[0] - upper[0] < gap * (upper[1] + lower[1]) / 2 - 1e-9


def _strip(root: ET.Element, label: str) -> None:
    """Ids are counted anew: Vega counts those of all the charts that it has drawn before."""
    named = [element.get("id", "") for element in root.iter() if "id" in element.attrib]
    ids = {name: f"{label}-{number}" for number, name in enumerate(named)}
    for element in root.iter():
        if element.get("class") == "background" and not {"fill", "stroke"} & element.attrib.keys():
            element.set("display", "none")
        for name in [name for name in element.attrib if name in _DROPPED or name.startswith("aria-")]:
            del element.attrib[name]
        for name, default in _DEFAULTS.items():
            if element.get(name) == default:
                del element.attrib[name]
        for name, value in element.attrib.items():
            element.set(name, _shorter(name, value, ids=ids))


def _shorter(name: str, value: str, *, ids: Mapping[str, str]) -> str:
    if name == "id":
        return ids[value]
    if found := _REFERENCE.fullmatch(value):
        return f"url(#{ids[found[1]]})"
    return _NUMBER.sub(lambda m: f"{round(float(m[0]), 1):g}", value) if name in _COORDINATES else value


def _flatten(parent: ET.Element) -> None:
    """Drop what is not drawn and groups that say nothing."""
    children: list[ET.Element] = []
    for child in list(parent):
        _flatten(child)
        if child.get("display") == "none" or (child.tag == f"{{{_SVG}}}path" and not child.get("d")):
            continue
        if child.tag == f"{{{_SVG}}}g" and (not child.attrib or len(child) == 0):
            children.extend(child)
        else:
            children.append(child)
        child.tail = None
    parent[:] = children
