"""What of a notebook's cells is wrong before any of them runs: labels, options, headings, images."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nbformat import NotebookNode

from katsaus.notebooks.options import LABEL, OPTION
from katsaus.notebooks.parameters import Fault

_FENCE = re.compile(r" {0,3}(```|~~~)")
_TITLE = re.compile(r"#\s")
_IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]*)")


def code_faults(cells: Sequence[NotebookNode]) -> Iterator[tuple[int, Fault]]:
    """Number of a cell, from 1, and what is wrong with the options at its top."""
    first: dict[str, int] = {}
    for number, cell in enumerate(cells, 1):
        if cell.cell_type != "code":
            continue
        for line, text in enumerate(cell.source.splitlines(), 1):
            if found := OPTION.match(text):
                yield from ((number, fault) for fault in _option_faults(found, line))
                if found[1] == "label" and first.setdefault(found[2], number) != number:
                    what = f"the label {found[2]} is given to more than one cell: {first[found[2]]} and {number}"
                    yield number, Fault(what, line, "give each its own")


def _option_faults(found: re.Match[str], line: int) -> Iterator[Fault]:
    name, value = found.groups()
    if name != "label":
        yield Fault(f"the option #| {name}: {value} is not supported", line, "use: label")
    elif not LABEL.fullmatch(value):
        do = "begin it with fig- for a chart and tbl- for a table, and use small letters, digits and hyphens"
        yield Fault(f"the label {value} is not allowed", line, do)


def prose_faults(lines: Sequence[str], first: int) -> Iterator[Fault]:
    """What no page can hold in Markdown whose first line has the number `first`."""
    code = False
    for number, line in enumerate(lines, first):
        code ^= bool(_FENCE.match(line))
        if not code and _TITLE.match(line):
            do = "begin with ##: the title comes from review.front"
            yield Fault("a heading of level 1 is not supported", number, do)
        if not code and (image := _IMAGE.search(line)):
            yield Fault(f"the image {image[1]} is not supported", number, "show figures by review.chart")
