"""The claim that names the largest of several parts: "Yleisin palvelulaji oli omaehtoinen opiskelu (29,0 %)"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from katsaus.claims.clauses import capital
from katsaus.claims.published import Figure
from katsaus.claims.voice import At, Voice
from katsaus.disclosure import SYMBOLS
from katsaus.panel import HIDDEN
from katsaus.rounding import half_away


@dataclass(frozen=True)
class Largest:
    """The largest of an indicator's parts, in the page's area; `parts` are the keys of the `figures`, `kind` is what
    they are called in common ("palvelulaji"). A title, which ends without a full stop.
    """

    at: At
    parts: Sequence[str]
    figures: Sequence[Figure]
    kind: str

    def sentence(self, voice: Voice) -> str:
        """The claim in words. Equal parts are told together; where one is hidden it may be the largest."""
        places, term = voice.definition(self.at).decimals, voice.words.term
        known = [
            (half_away(figure.value, places), part)
            for part, figure in zip(self.parts, self.figures, strict=True)
            if not figure.symbol
        ]
        if not known:
            return capital(term("{kind}: no figures to compare", kind=self.kind))
        largest = max(number for number, _ in known)
        names = [voice.part(part) for number, part in known if number == largest]
        value = voice.brief(replace(self.at, indicator=self.parts[0]), largest, measure="value")
        fields = {"kind": self.kind, "names": voice.words.listed(names), "value": value}
        if any(figure.symbol == SYMBOLS[HIDDEN] for figure in self.figures):
            return capital(term("the largest {kind} with a published figure was {names} ({value})", **fields))
        return capital(term("the largest {kind} was {names} ({value})", **fields))
