"""Sums of measures as people write them in YAML: ``unemployed + services``, ``jobseekers[responsible=trial]``.

A term is a measure of the source, plus or minus, with what it departs from in brackets: `lag` months back, or another
value of the dimension `responsible`, `group` or `area` than that of the figure itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

DIMENSIONS = {"responsible": "RESPONSIBLE", "group": "GROUP", "area": "REF_AREA"}
"""What may stand in brackets beside `lag`, and the column of the store that it means."""

_TERM = re.compile(r"\s*([+-]?)\s*([a-z][a-z0-9_]*)(?:\[([^\]]*)\])?\s*")
_SETTING = re.compile(r"\s*([a-z]+)\s*=\s*([A-Za-z0-9_-]+)\s*")


@dataclass(frozen=True)
class Term:
    """One measure of a sum: its sign (1 or -1), its name, how many months back and where else than at the figure."""

    sign: int
    measure: str
    lag: int = 0
    at: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Expression:
    """A sum of measures; `text` is what was written."""

    text: str
    terms: tuple[Term, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures of the sum, each once, in its order."""
        return tuple(dict.fromkeys(term.measure for term in self.terms))

    @property
    def lag(self) -> int:
        """How many months the sum looks back."""
        return max(term.lag for term in self.terms)


def parse(text: str) -> Expression:
    """The sum that `text` writes. Raises ValueError, which names the part that can't be read."""
    terms: list[Term] = []
    position = 0
    while position < len(text):
        found = _TERM.match(text, position)
        if not found or (bool(terms) != bool(found[1]) and not (not terms and found[1])):
            raise ValueError(
                f"can't be read from {text[position:].strip()!r} on; write for example: started - ended[lag=1]"
            )
        lag, at = _settings(found[3] or "")
        terms.append(Term(-1 if found[1] == "-" else 1, found[2], lag, at))
        position = found.end()
    if not terms:
        raise ValueError("is empty; write for example: unemployed + services")
    return Expression(text, tuple(terms))


def _settings(text: str) -> tuple[int, tuple[tuple[str, str], ...]]:
    lag, at = 0, []
    for part in filter(None, text.split(",")):
        found = _SETTING.fullmatch(part)
        if not found or (found[1] != "lag" and found[1] not in DIMENSIONS):
            raise ValueError(
                f"has [{part.strip()}]; in brackets stand lag=1, {', '.join(f'{d}=…' for d in DIMENSIONS)}"
            )
        if found[1] == "lag":
            if not found[2].isdigit():
                raise ValueError(f"has lag={found[2]}; a lag is a whole number of months")
            lag = int(found[2])
        else:
            at.append((DIMENSIONS[found[1]], found[2]))
    return lag, tuple(at)


def _parsed(value: object) -> object:
    return parse(value) if isinstance(value, str) else value


Sum = Annotated[Expression, BeforeValidator(_parsed), WithJsonSchema({"type": "string"})]
"""An `Expression` as a field of a model, written as text."""
