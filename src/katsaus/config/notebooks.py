"""Indicators that notebooks name by their ids: all of them must be there, which can be seen before any page is made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from katsaus.config.files import Files
from katsaus.config.models import Indicator
from katsaus.errors import Problem
from katsaus.spelling import near

_ID = re.compile(r"""(["'])(?P<key>(?P<id>[A-Z][0-9]{1,3})(:[a-z0-9_-]+)?)(\.[a-z_]+)?\1""")


def check_notebooks(files: Files, root: Path) -> Iterator[Problem]:
    """The ids in the code of the notebooks of the matrix that no indicator, or part of one, has."""
    indicators = {item.id: item for item in files.indicators.indicators}
    for name in dict.fromkeys(rule.notebook for rule in files.matrix.pages):
        path = root / "notebooks" / f"{name}.ipynb"
        for number, source in _code(path):
            for found in _ID.finditer(source):
                known = _known(found["id"], indicators)
                if found["key"] not in known:
                    do = near(found["key"], known) or "use an id of reviews/indicators.yml"
                    yield Problem(f"unknown indicator {found['key']}", f"notebooks/{name}.ipynb cell {number}", do=do)


def _known(name: str, indicators: Mapping[str, Indicator]) -> list[str]:
    """The indicator and its parts, or all there are."""
    return [name, *indicators[name].numerators] if name in indicators else list(indicators)


def _code(path: Path) -> list[tuple[int, str]]:
    """Number and text of each code cell; none of a notebook that can't be read, which is told where it is prepared."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [(at, "".join(cell["source"])) for at, cell in enumerate(cells, 1) if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
