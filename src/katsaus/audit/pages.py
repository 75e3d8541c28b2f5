"""Readers of the files that pages are made of: HTML, tables, descriptions, drawings, the data of the compare tool."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from katsaus.audit.attributes import check_attributes, unnoted
from katsaus.audit.canvas import check_canvas
from katsaus.audit.drawing import Picture, check_chart, read_picture
from katsaus.audit.findings import Finding
from katsaus.audit.inscriptions import check_inscriptions
from katsaus.audit.maps import check_map
from katsaus.audit.markup import Figure, Markup, read_markup
from katsaus.audit.site import Folder, Site
from katsaus.audit.twins import Twin, around, check_download, check_tool, compared, read_twin
from katsaus.errors import AuditError, UsageError

_DATA = re.compile(r'"(?:values|datasets|datum)"')
_HEADING = re.compile(r"<h[1-6]>")
UNIDENTIFIED = "its figures can't be told: no description of its table"


def read_page(site: Site, path: Path) -> Iterator[Finding]:
    """A page: its tables and drawings, and every text that a reader sees, hears or finds in the file."""
    folder, file = site.folder(path), site.name(path)
    markup = read_markup(path.read_text(encoding="utf-8"))
    reader, words = site.readers[folder.lang], site.names[folder.lang].words
    yield from check_attributes(site, path, markup=markup)
    for told in markup.figures.values():
        told.words = [unnoted(text, markup, words=words) for text in told.words]
    for label, figure in markup.figures.items():
        if label in folder.twins:
            yield from _figure(site, file, figure=figure, folder=folder)
        elif figure.rows or figure.drawings:
            yield Finding(file, label, UNIDENTIFIED)
        else:
            yield from _texts(site, file, texts=[(label, text) for text in figure.words], folder=folder)
    for item in markup.headlines:
        yield from (Finding(file, f"headline {item[0]}", what) for what in reader.item(item, folder.about))
    texts = [(place, unnoted(text, markup, words=words)) for place, text in markup.texts]
    yield from _texts(site, file, texts=texts, folder=folder)


def _texts(site: Site, file: str, *, texts: Sequence[tuple[str, str]], folder: Folder) -> Iterator[Finding]:
    """Texts in their order: what stands under the name of an area is about it too."""
    about = folder.about
    for place, text in texts:
        if _HEADING.fullmatch(place):
            areas = site.names[folder.lang].areas_in(text)
            about = replace(folder.about, areas=folder.about.areas | areas)
        for what in site.readers[folder.lang].faults(text, about):
            yield Finding(file, f"{place} beginning {_beginning(text)!r}", what)


def _beginning(text: str) -> str:
    """The first words of a text, without any number."""
    words = [word for word in text.split()[:6] if not any(letter.isdigit() for letter in word)]
    return " ".join(words[:4])


def _figure(site: Site, file: str, *, figure: Figure, folder: Folder) -> Iterator[Finding]:
    twin, names = folder.twins[figure.label], site.names[folder.lang]
    yield from _cells(file, figure, twin=twin, words=names.words)
    for svg in figure.drawings:
        yield from _drawing(site, svg, picture=Picture(file, figure.label, twin, names), folder=folder)
    heads = [*figure.rows[:1], *([row[0]] for row in figure.rows[1:] if row)]
    for text in [*figure.words, *figure.links, *(cell for row in heads for cell in row)]:
        for what in site.readers[folder.lang].told(text, twin, about=folder.about):
            yield Finding(file, f"{figure.label}, words beginning {_beginning(text)!r}", what)


def _cells(file: str, figure: Figure, *, twin: Twin, words: Any) -> Iterator[Finding]:
    rows = figure.rows[1:]
    if len(rows) != len(twin.subjects) or any(len(row) != len(twin.subjects[0]) + 1 for row in rows):
        yield Finding(file, figure.label, "the table has other rows or columns than its description")
        return
    for i, (row, subjects, shown) in enumerate(zip(rows, twin.subjects, twin.shown, strict=True)):
        for j, (subject, cell) in enumerate(zip(subjects, shown, strict=True)):
            if wrong := compared(row[j + 1], subject, wanted=cell.written(words)):
                yield Finding(file, f"{figure.label}, row {i + 1}, column {j + 1}", *wrong)


def _drawing(site: Site, svg: str, *, picture: Picture, folder: Folder) -> Iterator[Finding]:
    try:
        shapes, words, is_map = read_picture(svg)
        for what in check_canvas(svg, label=picture.name):
            yield picture.finding(what, "no chart has such a thing")
        if is_map:
            yield from check_map(picture, shapes, month_of=site.month_of)
        else:
            yield from check_chart(picture, shapes)
        yield from check_inscriptions(picture, shapes, fixed=site.fixed)
    except AuditError as error:
        yield picture.finding("", f"can't be measured: {error.problems[0].what}")
        return
    for text in words:
        for what in site.readers[folder.lang].told(text, picture.twin, about=folder.about):
            yield picture.finding(f"text alternative beginning {_beginning(text)!r}", what)


def read_drawing(site: Site, path: Path) -> Iterator[Finding]:
    """A chart for download."""
    folder, file = site.folder(path), site.name(path)
    svg = path.read_text(encoding="utf-8")
    if path.stem in folder.twins:
        picture = Picture(file, path.stem, folder.twins[path.stem], site.names[folder.lang])
        yield from _drawing(site, svg, picture=picture, folder=folder)
    else:
        yield Finding(file, "", UNIDENTIFIED)


def read_table(site: Site, path: Path) -> Iterator[Finding]:
    """A table for download."""
    folder, file = site.folder(path), site.name(path)
    twin = folder.twins.get(path.stem)
    if twin is None:
        yield Finding(file, "", UNIDENTIFIED)
        return
    text = path.read_text(encoding="utf-8")
    yield from check_download(file, text, twin=twin)
    for part in dict.fromkeys(around(text, twin)):
        for what in site.readers[folder.lang].told(part, twin, about=folder.about):
            yield Finding(file, f"words beginning {_beginning(part)!r}", what)


def read_json(site: Site, path: Path) -> Iterator[Finding]:
    """The description of a table, or the data of the compare tool."""
    file = site.name(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        yield Finding(file, "", "no JSON")
        return
    if path.name.endswith(".csv-metadata.json"):
        yield from _description(site, path, content=content)
    elif path.name == "explore.json":
        yield from _tool(site, path, content=content)
    else:
        yield Finding(file, "", "data that no reader knows")


_TOOL: Final = {
    *("measure", "synthetic", "source", "unit", "decimals", "signed", "figures", "months", "areas", "reference"),
    *("spec", "sizes", "vega", "numbers", "times"),
}


def _tool(site: Site, path: Path, *, content: dict[str, Any]) -> Iterator[Finding]:
    folder, file = site.folder(path), site.name(path)
    lines = [*content.get("areas", []), content.get("reference", {})]
    unknown = [*content.keys() - _TOOL, *(name for line in lines for name in line.keys() - {"slug", "label", "values"})]
    if unknown or _DATA.search(json.dumps(content.get("spec"))):
        yield Finding(file, ", ".join(sorted(set(unknown))) or "spec", "data that no reader knows")
    try:
        yield from check_tool(file, content, released=site.released)
    except (KeyError, TypeError, ValueError, UsageError):
        yield Finding(file, "", UNIDENTIFIED)
    about = [(key, content[key]) for key in ("measure", "source", "unit", "synthetic") if key in content]
    yield from _texts(site, file, texts=about, folder=folder)


def _description(site: Site, path: Path, *, content: dict[str, Any]) -> Iterator[Finding]:
    folder, file = site.folder(path), site.name(path)
    try:
        twin = read_twin(path.parent, path.name.removesuffix(".csv-metadata.json"), released=site.released)
    except AuditError as error:
        yield Finding(file, "", error.problems[0].what)
        return
    if unknown := content.keys() - {"@context", "url", "dc:title", "dc:source", "dc:description", "notes"}:
        yield Finding(file, ", ".join(sorted(unknown)), "data that no reader knows")
    for text in [content["dc:title"], content["dc:source"], *content["dc:description"]]:
        for what in site.readers[folder.lang].told(text, twin, about=folder.about):
            yield Finding(file, f"words beginning {_beginning(text)!r}", what)


def markup_of(path: Path) -> Markup:
    """The page at `path`."""
    return read_markup(path.read_text(encoding="utf-8"))
