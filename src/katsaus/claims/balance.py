"""The claim that holds two counts against each other: "Työttömyysjaksoja alkoi enemmän kuin päättyi"."""

from __future__ import annotations

from dataclasses import dataclass

from katsaus.claims.clauses import capital, missing
from katsaus.claims.published import Figure
from katsaus.claims.voice import At, Voice


@dataclass(frozen=True)
class Balance:
    """Whether more is counted by one indicator than by the other, of the same things. A title."""

    at: At
    other: At
    figures: tuple[Figure, Figure]

    def sentence(self, voice: Voice) -> str:
        """The claim in words, by the published figures."""
        first, second = self.figures
        for at, figure in ((self.at, first), (self.other, second)):
            if figure.symbol:
                return capital(missing(voice, at, place="", symbol=figure.symbol))
        counted, other, term = voice.counted(self.at), voice.counted(self.other), voice.words.term
        assert counted is not None  # Claims balances counts alone
        assert other is not None
        fields = {"noun": counted.compared(one=False), "verb": counted.verb, "other": other.verb}
        if first.value == second.value:
            return capital(term("there {verb} {same} {noun} as {other}", same=voice.scale(self.at).same, **fields))
        more = voice.scale(self.at).more if first.value > second.value else voice.scale(self.at).less
        return capital(term("there {verb} {more} {noun} than {other}", more=more, **fields))
