"""What a notebook shows that is neither chart nor table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CLAIM = "application/vnd.katsaus.claim+json"
"""Says what a sentence of a cell claims, so that tests can derive it anew from the protected figures."""
EXPLORE = "application/vnd.katsaus.explore+json"
FIGURE = "application/vnd.katsaus.figure+json"
FRONT = "application/vnd.katsaus.front+json"
HEADLINE = "application/vnd.katsaus.headline+json"
INLINE = "application/vnd.katsaus.inline+json"
PROSE = "application/vnd.katsaus.prose+json"
SYNTHETIC = "application/vnd.katsaus.synthetic+json"
"""Says that a synthetic figure was handed out in a cell: the page is marked, wherever the figure is told."""
TABLE = "application/vnd.katsaus.table+json"

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~^$@]|\.(?=\.)|(?<=\.)\.")


@dataclass(frozen=True)
class Output:
    """Something a notebook shows that is neither chart nor table: its own mimetype and a plain text."""

    mimetype: str
    content: Mapping[str, Any]
    text: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {self.mimetype: self.content, "text/plain": self.text}


def prose(text: str) -> Output:
    """Markdown that a cell makes, as part of the page's text."""
    return Output(PROSE, {"text": text}, text)


def show(output: Output) -> None:
    """Show `output` when the cell that runs has ended, which can't capture or clear it; nothing outside a notebook."""
    from IPython.core.displaypub import CapturingDisplayPublisher  # noqa: PLC0415  (needed in notebooks alone, and slow)
    from IPython.core.getipython import get_ipython  # noqa: PLC0415

    if (shell := get_ipython()) is None:
        return

    def publish(*_: object) -> None:
        if isinstance(shell.display_pub, CapturingDisplayPublisher):
            return  # %%capture runs a cell within the cell
        shell.events.unregister("post_run_cell", publish)
        shell.display_pub.publish({output.mimetype: output.content}, {})  # no text: a reader of the notebook has it

    shell.events.register("post_run_cell", publish)


def unshown(output: Mapping[str, Any]) -> tuple[str, str]:
    """What a cell shows by an `output` (nbformat's) that no page can hold, and what to do instead."""
    data = output.get("data", {})
    if output["output_type"] == "stream":
        warns = output["name"] == "stderr"
        return ("a warning", "mend what it warns of") if warns else ("what it prints", "remove print()")
    if any("vegalite" in mimetype for mimetype in data) or str(data.get("text/plain", "")).startswith("alt."):
        return "a bare chart", "show it by review.chart, with title, subtitle, alt and table"
    if "text/html" in data:
        return (
            "a bare frame, or HTML",
            "show it by review.by_area, by_month or by_row, or end the line with a semicolon",
        )
    told = " and ".join(sorted(data)) or output["output_type"]
    return told, "show a chart by review.chart, a table by review.by_area, text by review.commentary"


def escaped(text: str) -> str:
    """Markdown that shows `text` as the characters it is: ``*`` no emphasis, ``...`` no ellipsis."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def told(value: object) -> str:
    """An inline value. Raises TypeError for one that is not text: a bare number has no language."""
    if not isinstance(value, str):
        what = "number" if isinstance(value, int | float) else type(value).__name__
        raise TypeError(f"an inline value is a {what}: give it as text, for example review.number(x)")
    return value


def inline(values: Sequence[str]) -> Output:
    """The inline values of a paragraph."""
    return Output(INLINE, {"values": list(values)}, " · ".join(values))
