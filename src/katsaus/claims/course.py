"""The claim that tells how a figure has gone over months: when it was highest and when lowest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from katsaus.claims.clauses import ended, missing, place_of
from katsaus.claims.published import Figure
from katsaus.claims.voice import At, Voice
from katsaus.disclosure import SYMBOLS
from katsaus.panel import HIDDEN, UNAVAILABLE
from katsaus.rounding import half_away


@dataclass(frozen=True)
class Course:
    """The highest and the lowest figure of an area in some `months`; `figures` are theirs, in the same order."""

    at: At
    months: Sequence[str]
    figures: Sequence[Figure]
    named: bool

    def sentence(self, voice: Voice) -> str:
        """The claim in words. Of equal figures the newest is told; where one is hidden, none is called lowest."""
        places = voice.definition(self.at).decimals
        known = [
            (half_away(figure.value, places), month)
            for month, figure in zip(self.months, self.figures, strict=True)
            if not figure.symbol
        ]
        place = place_of(voice, self.figures[0].area, named=self.named)
        if not known:
            symbols = {figure.symbol for figure in self.figures}
            symbol = SYMBOLS[HIDDEN] if SYMBOLS[HIDDEN] in symbols else SYMBOLS[UNAVAILABLE]
            return ended(missing(voice, self.at, place=place, symbol=symbol))
        scale = voice.scale(self.at)
        fields = {"subject": voice.subject(self.at), "place": place, "among": voice.among(self.at)}
        highest = self._told(voice, max(known), how=scale.peak)
        if min(known)[0] == max(known)[0] or any(figure.symbol == SYMBOLS[HIDDEN] for figure in self.figures):
            return ended(voice.words.term("{subject}{place}{among} was {extreme}", extreme=highest, **fields))
        lowest = self._told(voice, max(known, key=lambda item: (-item[0], item[1])), how=scale.trough)
        both = voice.words.listed([highest, lowest])
        return ended(voice.words.term("{subject}{place}{among} was {extreme}", extreme=both, **fields))

    def _told(self, voice: Voice, item: tuple[Decimal, str], *, how: str) -> str:
        """One of the two: "suurimmillaan kesäkuussa 2020 (16,6 %)"."""
        number, month = item
        value = voice.brief(self.at, number, measure="value")
        return f"{how} {voice.words.month(month, 'inessive')} ({value})"
