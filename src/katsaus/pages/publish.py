"""One executed notebook becomes the files of one page: HTML, charts, tables, PDF."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from katsaus.config.matrix import Page
from katsaus.pages.document import Document, compose
from katsaus.pages.explore import FILE, data_file, write_bundle
from katsaus.pages.figures import Content, Table, beside, read, warning
from katsaus.pages.html import render_page
from katsaus.pages.pdf import Sheet, render_pdf
from katsaus.pages.shell import Shell
from katsaus.pages.svg import Chart, Converters, Drawing
from katsaus.pages.svg_text import printed

BUDGET = 120_000
"""Bytes that a page may take with its charts, style and fonts, compressed."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Published:
    """The files of one page, and the seconds that its "svg", "html" and "pdf" took."""

    page: Page
    files: tuple[Path, ...]
    seconds: Mapping[str, float] = field(compare=False)


def publish(executed: Mapping[str, Any], page: Page, *, out: Path, shell: Shell, converters: Converters) -> Published:
    """Write the page below `out`, the root of its language.

    May be called from several threads. Raises FigureError or RenderError with everything that is wrong, and OSError.
    """
    content = read(executed, page.name)
    clock = _Stopwatch()
    document = compose(content, shell.site.crossref, term=shell.term, where=page.name)
    clock.stop("html")
    drawings = converters.convert(_charts(content, shell), page.lang, where=page.name)
    clock.stop("svg")
    files: dict[str, str | bytes] = dict(_data(content, drawings, lang=page.lang))
    if content.tool:
        vega = f"{'../' * page.address.count('/')}{write_bundle(out, converters)}"
        files[FILE] = data_file(content.tool, vega, lang=page.lang)
    html = render_page(shell, page, content=content, document=document, drawings=drawings)
    files["index.html"] = html
    _weigh(html, page, shell=shell)
    clock.stop("html")
    if page.pdf:
        files["index.pdf"] = _pdf(page, content, document=document, drawings=drawings, shell=shell)
        clock.stop("pdf")
    return Published(page, tuple(write_files(out / page.address, files)), clock.seconds)


def _charts(content: Content, shell: Shell) -> list[Chart]:
    return [
        Chart(
            figure.label,
            figure.spec,
            figure.words["title"],
            figure.words["alt"],
            foot=(*beside(figure), f"{shell.term('Source')}: {figure.words['source']}"),
        )
        for figure in content.figures
    ]


def _data(content: Content, drawings: list[Drawing], *, lang: str) -> Iterator[tuple[str, str]]:
    """The charts and the tables as files of their own; beside each table what it is, as CSV on the Web asks for."""
    for drawing in drawings:
        yield f"{drawing.label}.svg", drawing.file
    for table in [*content.tables, *(figure.table for figure in content.figures)]:
        yield f"{table.label}.csv", table.content["csv"]
        yield f"{table.label}.csv-metadata.json", _metadata(table, lang)


def _metadata(table: Table, lang: str) -> str:
    """Title, source, notes and symbols of a download (W3C, Metadata Vocabulary for Tabular Data); as a note of its own
    what each figure is of, how many rows and columns of figures there are, and the first of these (counted from 1).
    """
    content = table.content
    size = [len(content["rows"]), len(content["columns"]) - 1]
    about = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": lang}],
        "url": f"{table.label}.csv",
        "dc:title": content["caption"],
        "dc:source": content["source"],
        "dc:description": [*content.get("beside", []), *content.get("notes", []), *content.get("symbols", [])],
        "notes": [{"figures": content.get("figures", {}), "size": size, "firstColumn": content.get("first", 0) + 1}],
    }
    return json.dumps(about, ensure_ascii=False, indent=1) + "\n"


def _pdf(page: Page, content: Content, *, document: Document, drawings: list[Drawing], shell: Shell) -> bytes:
    front = content.front
    sheet = Sheet(
        lang=page.lang,
        title=front["title"],
        subtitle=front.get("subtitle", ""),
        description=front.get("description", ""),
        head=shell.site.title,
        name=_name(front["title"], shell.words.month(page.month, "nominative")),
        made=shell.made,
        synthetic=warning(content, shell.term),
    )
    charts = {drawing.label: printed(drawing.wide) for drawing in drawings}
    return render_pdf(document, sheet, charts=charts, words=shell.words, where=page.name)


def _weigh(html: str, page: Page, *, shell: Shell) -> None:
    """Warn of a page that is too heavy for a slow connection: HTML with its charts, style and fonts, compressed."""
    weight = len(gzip.compress(html.encode(), mtime=0)) + shell.assets_weight
    if weight > BUDGET:
        _log.warning("%s: the page weighs %d KB, more than %d", page.name, weight / 1000, BUDGET / 1000)


def _name(title: str, month: str) -> str:
    """What a sheet of paper is called: the page's title with its month."""
    return title if month in title else f"{title}, {month}"


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> list[Path]:
    """Write `files` (name → content) into `folder`. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return [folder / name for name in sorted(files)]


class _Stopwatch:
    """Seconds between stops, summed by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {"svg": 0.0, "html": 0.0, "pdf": 0.0}
        self._last = perf_counter()

    def stop(self, name: str) -> None:
        now = perf_counter()
        self.seconds[name] += now - self._last
        self._last = now
