"""The numbers that stand in the project's own texts: laws, thresholds, addresses of tables, examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from katsaus.audit.numbers import NBSP, Number, numbers
from katsaus.figures import Figures
from katsaus.rounding import half_away

_FOLDERS = ("reviews/**/*.yml", "reviews/**/*.md", "reviews/**/*.po", "_quarto*.yml", "data/boundaries/*.json")
_ADDRESS = re.compile(r"https?://[^\s\"'<>)\]]+")


class Fixed:
    """Numbers of fixed texts, each with the words beside it: "118 kuntaa" is one, "118 työtöntä" is not."""

    def __init__(self, figures: Figures) -> None:
        texts = list(_texts(figures))
        found = [number for text in texts for number in numbers(text)]
        self._between = {(number.before, number.text, number.after) for number in found}
        self._after = {(number.before, number.text) for number in found}
        self._before = {(number.text, number.after) for number in found}
        self._raw = raw = "\n".join(texts)
        self._addresses = {found.rstrip(".,;:") for found in _ADDRESS.findall(raw)}
        values = [float(text) for text in re.findall(r"\d+(?:\.\d+)?", raw)]
        self._values = {*values, *(float(half_away(value, 1)) for value in values)}

    def __call__(self, number: Number) -> bool:
        """Whether a fixed text has `number` between the same words; beside one of them where its text ends there."""
        if not number.before and not number.after:
            return False
        if not number.before:
            return (number.text, number.after) in self._before
        if not number.after or "." in number.text:  # of a version: our figures have commas
            return (number.before, number.text) in self._after
        return (number.before, number.text, number.after) in self._between

    def anywhere(self, number: Number) -> bool:
        """Whether any fixed text has `number`, however written and whatever stands beside it."""
        return float(number.size.replace(NBSP, "").replace(",", ".")) in self._values

    def literal(self, text: str) -> bool:
        """Whether a fixed text has `text` as it is."""
        return text in self._raw

    def address(self, text: str) -> bool:
        """Whether a fixed text leads to this address elsewhere."""
        return text in self._addresses


def _texts(figures: Figures) -> Iterator[str]:
    root, package = figures.project.root, Path(__file__).parents[1]
    for pattern in _FOLDERS:
        for path in sorted(root.glob(pattern)):
            yield path.read_text(encoding="utf-8")
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            yield "".join(cell["source"])
    for path in sorted((package / "pages" / "templates").glob("*.html")):
        yield path.read_text(encoding="utf-8")
    for sidecars in figures.sidecars.values():
        for sidecar in sidecars:
            yield json.dumps(sidecar.model_dump(mode="json"), ensure_ascii=False)
    yield from (text[lang] for texts in figures.citations.values() for text in texts for lang in ("fi", "sv"))
