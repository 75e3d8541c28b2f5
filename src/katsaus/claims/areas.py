"""Claims about many areas: the largest and smallest, and how many are over or under a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Literal, get_args

from katsaus.claims.clauses import ended
from katsaus.claims.lists import anywhere, in_number, left_out, named, of_all, rounded
from katsaus.claims.published import Against, Figure
from katsaus.claims.voice import At, Voice
from katsaus.disclosure import SYMBOLS
from katsaus.panel import HIDDEN
from katsaus.rounding import half_away

Measure = Literal["value", "change", "change_percent"]
MEASURES: tuple[Measure, ...] = get_args(Measure)

SPARE = 2
"""So many areas more than asked for are told where the last of them are equal; of more equal ones none is."""

NAMED = 10
"""More areas than these are counted, not listed."""


@dataclass(frozen=True)
class Rank:
    """The `take` areas with the highest (or `lowest`) figures, or changes since a year or month before, in per cent or
    not. `of` names those that are compared, where they are not all areas: "alueen kunnista".
    """

    at: At
    figures: Sequence[Figure]
    measure: Measure
    take: int
    lowest: bool
    against: Against = "year"
    of: str = ""

    def sentence(self, voice: Voice) -> str:
        """The claim in words; areas without a figure are told to be left out."""
        places = 1 if self.measure == "change_percent" else voice.definition(self.at).decimals
        known = rounded(self.figures, places)
        out = left_out(voice, self.figures)
        if not known:
            return ended(voice.words.term("{subject}: no figures to compare", subject=voice.subject(self.at)))
        if self._smallest_hidden(voice):
            return ended(voice.words.term("{subject}: the smallest are protected", subject=voice.subject(self.at)))
        leading = [item for item in known if self.measure == "value" or self._moved(item[1])]
        if not leading:
            return ended(self._nowhere(voice)) + out
        clause = self._clause(voice, self._where(voice, leading), only=len(leading) == 1)
        if self.of:
            clause = voice.words.term("of {those} {clause}", those=self.of, clause=clause)
        return ended(clause) + out

    def _smallest_hidden(self, voice: Voice) -> bool:
        """Whether the lowest counts may be among the hidden ones, since small ones are hidden first."""
        hidden = any(figure.symbol == SYMBOLS[HIDDEN] for figure in self.figures)
        return hidden and self.lowest and self.measure == "value" and voice.counted(self.at) is not None

    def _moved(self, number: Decimal) -> bool:
        return number < 0 if self.lowest else number > 0

    def _nowhere(self, voice: Voice) -> str:
        scale = voice.scale(self.at)
        return voice.words.term(
            "{subject}{among} {unmoved} in no {area} {time}",
            subject=voice.subject(self.at),
            among=voice.among(self.at),
            unmoved=scale.unfallen if self.lowest else scale.unrisen,
            area=anywhere(voice, self.figures),
            time=self._time(voice),
        )

    def _time(self, voice: Voice) -> str:
        return voice.words.term("in a year") if self.against == "year" else voice.words.term("in a month")

    def _clause(self, voice: Voice, where: str, *, only: bool) -> str:
        scale, term, counted = voice.scale(self.at), voice.words.term, voice.counted(self.at)
        if self.measure == "value":
            most = scale.least if self.lowest else scale.most
            if counted:
                noun, among = counted.compared(one=False), voice.among(self.at, counting=True)
                fields = {"noun": noun, "among": among, "verb": counted.verb, "where": where}
                return term("{most} {noun}{among} there {verb} {where}", most=most, **fields)
            fields = {"subject": voice.subject(self.at), "among": voice.among(self.at), "where": where}
            return term("{subject}{among} was {most} {where}", most=most, **fields)
        fields = {"subject": voice.subject(self.at), "among": voice.among(self.at), "where": where}
        fields |= {"moved": scale.fell if self.lowest else scale.rose, "time": self._time(voice)}
        if only:
            return term("{subject}{among} {moved} {time} only {where}", **fields)
        if self.measure == "change_percent":
            return term("{subject}{among} {moved} proportionally most {time} {where}", **fields)
        return term("{subject}{among} {moved} most {time} {where}", **fields)

    def _where(self, voice: Voice, known: Sequence[tuple[str, Decimal]]) -> str:
        """The leading areas with their figures; of too many equal ones only how many they are."""
        chosen: list[tuple[str, Decimal]] = []
        ordered = sorted(known, key=lambda item: (item[1] if self.lowest else -item[1], voice.places.label(item[0])))
        for number, equal in groupby(ordered, key=lambda item: item[1]):
            tied = list(equal)
            if len(chosen) + len(tied) > self.take + SPARE:
                if not chosen:
                    return f"{in_number(voice, tied)} ({voice.brief(self.at, number, measure=self.measure)})"
                break
            chosen += tied
            if len(chosen) >= self.take:
                break
        return named(voice, [(area, voice.brief(self.at, number, measure=self.measure)) for area, number in chosen])


@dataclass(frozen=True)
class Threshold:
    """How many areas have a figure over a limit, or `under` it, and which."""

    at: At
    figures: Sequence[Figure]
    limit: float
    under: bool

    def sentence(self, voice: Voice) -> str:
        """The claim in words; areas without a figure are told to be left out."""
        places = voice.definition(self.at).decimals
        known = rounded(self.figures, places)
        if not known:
            return ended(voice.words.term("{subject}: no figures to compare", subject=voice.subject(self.at)))
        limit = half_away(self.limit, places)
        met = [item for item in known if (item[1] < limit if self.under else item[1] > limit)]
        return ended(self._clause(voice, met, total=len(known))) + left_out(voice, self.figures)

    def _clause(self, voice: Voice, met: Sequence[tuple[str, Decimal]], *, total: int) -> str:
        term, places = voice.words.term, voice.definition(self.at).decimals
        whole = self.limit == int(self.limit)
        fields = {
            "subject": voice.subject(self.at),
            "among": voice.among(self.at),
            "limit": voice.value(self.at, self.limit, places=0 if whole else places),
        }
        if not met:
            fields["area"] = anywhere(voice, self.figures)
            if self.under:
                return term("{subject}{among} was under {limit} in no {area}", **fields)
            return term("{subject}{among} was over {limit} in no {area}", **fields)
        fields["where"] = of_all(voice, self.figures, n=len(met), total=total)
        if self.under:
            clause = term("{where} {subject}{among} was under {limit}", **fields)
        else:
            clause = term("{where} {subject}{among} was over {limit}", **fields)
        if len(met) > NAMED:
            return clause
        ordered = sorted(met, key=lambda item: (item[1] if self.under else -item[1], voice.places.label(item[0])))
        told = [
            f"{voice.places.label(area)} ({voice.brief(self.at, number, measure='value')})" for area, number in ordered
        ]
        return f"{clause}: {voice.words.listed(told)}"
