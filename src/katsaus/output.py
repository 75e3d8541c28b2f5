"""What a notebook shows that is neither chart nor table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Output:
    """Something a notebook shows that is neither chart nor table: its own mimetype and a plain text."""

    mimetype: str
    content: Mapping[str, Any]
    text: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {self.mimetype: self.content, "text/plain": self.text}


def inline(values: Sequence[object]) -> Output:
    """The inline values of a paragraph. Raises TypeError for one that is not text: a bare number has no language."""
    for value in values:
        if not isinstance(value, str):
            raise TypeError(
                f"an inline value is a {type(value).__name__}: give it as text, for example review.number(x)"
            )
    return Output("application/vnd.katsaus.inline+json", {"values": list(values)}, " · ".join(map(str, values)))
