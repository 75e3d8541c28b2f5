"""What a notebook shows that is neither chart nor table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SYNTHETIC = "application/vnd.katsaus.synthetic+json"
"""Says that a synthetic figure was handed out in a cell: the page is marked, wherever the figure is told."""

CLAIM = "application/vnd.katsaus.claim+json"
"""Says what a sentence of a cell claims, so that tests can derive it anew from the protected figures."""

_PROSE = "application/vnd.katsaus.prose+json"
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
    return Output(_PROSE, {"text": text}, text)


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
        shell.display_pub.publish(output._repr_mimebundle_(), {})

    shell.events.register("post_run_cell", publish)


def escaped(text: str) -> str:
    """Markdown that shows `text` as the characters it is: ``*`` no emphasis, ``...`` no ellipsis."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def inline(values: Sequence[object]) -> Output:
    """The inline values of a paragraph. Raises TypeError for one that is not text: a bare number has no language."""
    for value in values:
        if not isinstance(value, str):
            raise TypeError(
                f"an inline value is a {type(value).__name__}: give it as text, for example review.number(x)"
            )
    return Output("application/vnd.katsaus.inline+json", {"values": list(values)}, " · ".join(map(str, values)))
