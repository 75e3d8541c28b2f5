"""What an executed notebook holds, as typed blocks in the page's order; nothing that a reader needs may be missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from katsaus.errors import FigureError, KatsausError, Problem, RenderError
from katsaus.notebooks.options import LABEL, OPTION
from katsaus.output import CLAIM, EXPLORE, FIGURE, FRONT, HEADLINE, PROSE, SYNTHETIC, TABLE, unshown

CHART: Final = re.compile(r"application/vnd\.vegalite\.v\d+\+json")

_SHOWN: Final = frozenset({CLAIM, EXPLORE, FRONT, HEADLINE, PROSE, SYNTHETIC, TABLE, FIGURE})


@dataclass(frozen=True)
class Prose:
    """A Markdown cell, or Markdown that a cell makes. `cell` is its number in the notebook, for messages."""

    cell: int
    text: str


@dataclass(frozen=True)
class Headline:
    """Three to five headline figures, each with the keys label, value, synthetic, change, comparator."""

    cell: int
    items: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Table:
    """A table as readers see it, formatted; `csv` is the complete download. A chart's twin has the chart's label."""

    cell: int
    label: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """A chart with its words and its table twin."""

    cell: int
    label: str
    spec: dict[str, Any]
    words: Mapping[str, Any]

    @property
    def table(self) -> Table:
        """The table twin."""
        return Table(self.cell, self.label, self.words["table"])


@dataclass(frozen=True)
class Explore:
    """A tool that draws areas and months of the reader's choice, where a browser runs scripts."""

    cell: int
    content: Mapping[str, Any]


Block = Prose | Headline | Table | Figure | Explore


@dataclass(frozen=True)
class Content:
    """A page's title, subtitle and description, whether it was handed a synthetic figure, and its blocks in order."""

    front: Mapping[str, Any]
    blocks: tuple[Block, ...]

    @property
    def synthetic(self) -> bool:
        """Whether a figure of the page is synthetic, if only in its prose."""
        return bool(self.front.get("synthetic")) or any(
            item.get("synthetic")
            for block in self.blocks
            for item in (block.items if isinstance(block, Headline) else [content_of(block)])
        )

    @property
    def mixed(self) -> bool:
        """Whether the page has real figures beside synthetic ones."""
        marks = [bool(content_of(block).get("synthetic")) for block in self.blocks if content_of(block)]
        marks += [bool(item["synthetic"]) for b in self.blocks if isinstance(b, Headline) for item in b.items]
        return self.synthetic and not all(marks)

    @property
    def figures(self) -> list[Figure]:
        """The charts in order."""
        return [block for block in self.blocks if isinstance(block, Figure)]

    @property
    def tables(self) -> list[Table]:
        """The tables in order, without the twins of charts."""
        return [block for block in self.blocks if isinstance(block, Table)]

    @property
    def tool(self) -> Explore | None:
        """The tool for comparing, if the page has one."""
        return next((block for block in self.blocks if isinstance(block, Explore)), None)


def warning(content: Content, term: Callable[[str], str]) -> str:
    """What a page with synthetic figures says before anything else; nothing on any other."""
    if not content.synthetic:
        return ""
    if content.mixed:
        return term(
            "Some figures of this page are synthetic: made up for testing, not official statistics. Each is marked."
        )
    return term("Synthetic data: made up for testing, not official statistics.")


def content_of(block: Block) -> Mapping[str, Any]:
    """What a table, the table twin of a chart or the tool for comparing holds; nothing for other blocks."""
    if isinstance(block, Figure):
        return block.table.content
    return block.content if isinstance(block, Table | Explore) else {}


def notes_of(block: Block) -> list[str]:
    """The notes that a figure or table calls for."""
    return list(content_of(block).get("notes", []))


def beside(block: Block) -> list[str]:
    """The notes that stand in full under a figure or table."""
    return list(content_of(block).get("beside", []))


def read(executed: Mapping[str, Any], where: str) -> Content:
    """The blocks of an executed notebook; `where` names the page in messages.

    Raises FigureError with every missing label, title, text alternative and table, or RenderError with every output
    that a page can't show; one error of the first kind met tells both.
    """
    reader = _Reader(where)
    blocks = tuple(
        block for cell in executed["cells"] for block in reader.blocks(cell["metadata"]["katsaus"]["cell"], cell)
    )
    labels = Counter(block.label for block in blocks if isinstance(block, Figure | Table))
    for label in (label for label, times in labels.items() if times > 1 and label):
        reader.figure(None, f"the label {label} is given to more than one cell", do="give each its own")
    if sum(isinstance(block, Explore) for block in blocks) > 1:
        reader.figure(None, "the page has more than one tool for comparing", do="call review.explore once")
    front = executed["metadata"]["katsaus"]
    if not str(front.get("title", "")).strip():
        reader.render(None, "the page has no title", do="call review.front(title=…) in a cell of its own")
    reader.raise_all()
    return Content(front, blocks)


class _Reader:
    """Collects the problems of one page while its cells are read."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._problems: dict[type[KatsausError], list[Problem]] = {FigureError: [], RenderError: []}

    def figure(self, cell: int | None, what: str, *, why: str = "", do: str) -> None:
        self._problems[FigureError].append(Problem(what, place(self._where, cell), why, do))

    def render(self, cell: int | None, what: str, *, do: str) -> None:
        self._problems[RenderError].append(Problem(what, place(self._where, cell), do=do))

    def raise_all(self) -> None:
        found = [problem for problems in self._problems.values() for problem in problems]
        for kind, problems in self._problems.items():
            if problems:
                raise kind(found)

    def blocks(self, number: int, cell: Mapping[str, Any]) -> Iterator[Block]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            if source.strip():
                yield Prose(number, source)
        elif cell["cell_type"] == "code":
            yield from self._code(number, cell)
        elif source.strip():
            self.render(number, f"a {cell['cell_type']} cell can't be shown", do="make it a Markdown or code cell")

    def _code(self, number: int, cell: Mapping[str, Any]) -> Iterator[Block]:
        source = "".join(cell["source"])
        if source.strip() and cell.get("execution_count") is None:
            self.render(number, "the cell was not executed", do="build the page again")
        label = self._options(number, source).get("label", "")
        shown = [block for output in cell["outputs"] if (block := self._output(number, output, label=label))]
        if sum(isinstance(block, Figure | Table) for block in shown) > 1:
            self.figure(
                number, "the cell shows more than one figure or table", do="give each a cell and label of its own"
            )
        yield from shown

    def _options(self, number: int, source: str) -> dict[str, str]:
        options = {found[1]: found[2] for line in source.splitlines() if (found := OPTION.match(line))}
        for name, value in options.items():
            if name != "label":
                self.render(number, f"the option #| {name}: {value} is not supported", do="use: label")
        return options

    def _output(self, number: int, output: Mapping[str, Any], *, label: str) -> Block | None:
        kind = output["output_type"]
        data = output.get("data", {})
        if kind not in ("display_data", "execute_result") or not data.keys() & _SHOWN:
            shown, do = unshown(output)
            self.render(number, f"the cell shows {shown}, which no page can hold", do=do)
            return None
        if data.keys() & {CLAIM, FRONT, SYNTHETIC}:
            return None
        if PROSE in data:
            return Prose(number, data[PROSE]["text"])
        if data.keys() & {EXPLORE, HEADLINE}:
            return (
                Explore(number, data[EXPLORE]) if EXPLORE in data else Headline(number, tuple(data[HEADLINE]["items"]))
            )
        if TABLE in data:
            self._check_label(number, label, prefix="tbl")
            self._check_table(number, label, table=data[TABLE])
            return Table(number, label, data[TABLE])
        self._check_label(number, label, prefix="fig")
        self._check_words(number, label, words=data[FIGURE])
        spec: dict[str, Any] = next((part for kind, part in data.items() if CHART.fullmatch(kind)), {})
        if not spec:
            self.figure(number, f"the chart {label} has no specification", do="show an Altair chart by review.chart")
        return Figure(number, label, spec, data[FIGURE])

    def _check_label(self, number: int, label: str, *, prefix: str) -> None:
        if not label:
            self.figure(number, "the figure or table has no label", do=f"write #| label: {prefix}-… as its first line")
        elif not LABEL.fullmatch(label) or not label.startswith(prefix):
            self.figure(
                number, f"the label {label} is not allowed", do=f"use {prefix}- and small letters, digits and hyphens"
            )

    def _check_words(self, number: int, label: str, *, words: Mapping[str, Any]) -> None:
        name = f"the chart {label}".strip()
        missing = [key for key in ("title", "subtitle", "alt", "source") if not str(words.get(key) or "").strip()]
        for key in missing:
            self.figure(number, f"{name} has no {key}", why=_NEEDED[key], do=f"give {key}=… to review.chart")
        if "alt" not in missing and _same(str(words["alt"]), str(words.get("title", ""))):
            self.figure(number, f"{name} repeats its title as alt", why=_NEEDED["alt"], do="say what the chart shows")
        if words.get("table"):
            self._check_table(number, label, table=words["table"])
        else:
            self.figure(number, f"{name} has no table", why="every chart needs its table twin", do="give table=…")

    def _check_table(self, number: int, label: str, *, table: Mapping[str, Any]) -> None:
        name = f"the table of {label}" if label else "the table"
        for key in ("caption", "columns", "rows", "csv"):
            if not table.get(key):
                self.figure(number, f"{name} has no {key}", do="give a caption and at least one row")
        if any(len(row) != len(table.get("columns", ())) for row in table.get("rows", ())):
            self.figure(number, f"{name} has rows of different lengths", do="give every row a cell for every column")


_NEEDED: Final = {
    "title": "the title says the finding",
    "subtitle": "the subtitle says measure, unit, area and months",
    "alt": "who can't see the chart reads its alt text",
    "source": "every figure names its source",
}


def _same(first: str, second: str) -> bool:
    return first.strip().casefold().rstrip(".") == second.strip().casefold().rstrip(".")


def place(where: str, cell: int | None) -> str:
    """`where` ("notebooks/area.ipynb · helsinki · …") with the cell's number after the notebook."""
    notebook, dot, rest = where.partition(" · ")
    return f"{notebook} cell {cell}{dot}{rest}" if cell else where
