"""The kinds of claims: what each is made of, and how it becomes a sentence that can't disagree with its figures.

A sentence chooses its words by the figures as they are published. What is hidden, not computable or not available is
said to be so. `named` says whether the place is told, or clear from the page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from katsaus.claims.clauses import capital, compared_clause, earlier, ended, missing, no_comparison, place_of
from katsaus.claims.published import Against, Comparison, Figure, decimals, difference
from katsaus.claims.voice import At, Voice
from katsaus.config.rules import TOTAL
from katsaus.disclosure import SYMBOLS
from katsaus.panel import NOT_COMPUTABLE
from katsaus.rounding import half_away


@dataclass(frozen=True)
class Level:
    """How much or how many; with month and organisation where it is `placed`, with a comparison behind it where there
    is one.
    """

    at: At
    figure: Figure
    named: bool
    placed: bool = True
    against: Against | None = None
    compared: Comparison | None = None

    def sentence(self, voice: Voice) -> str:
        """The claim in words."""
        if self.figure.symbol:
            return ended(self._missing(voice))
        clause = self._clause(voice)
        if self.against is None or self.compared is None:
            return ended(clause)
        if self.compared.symbol:
            return f"{ended(clause)} {ended(no_comparison(voice, self.compared.symbol))}"
        told = difference(self.compared, voice.definition(self.at))
        reference = earlier(voice, self.against)
        if not told.sign:
            same = voice.same(self.at, exact=told.exact)
            return ended(
                voice.words.term("{clause}, {same} as {reference}", clause=clause, same=same, reference=reference)
            )
        scale = voice.scale(self.at)
        fields = {"clause": clause, "size": voice.size(self.at, told), "reference": reference}
        fields["more"] = scale.more_by if told.sign > 0 else scale.less_by
        if self.placed:
            return ended(voice.words.term("{clause}, which is {size} {more} than {reference}", **fields))
        return ended(voice.words.term("{clause}, {size} {more} than {reference}", **fields))

    def _missing(self, voice: Voice) -> str:
        place = place_of(voice, self.figure.area, named=self.named)
        return missing(voice, self.at, place=place, symbol=self.figure.symbol)

    def _clause(self, voice: Voice) -> str:
        places = decimals(voice.definition(self.at), self.figure.area, value=self.figure.value)
        value = voice.value(self.at, self.figure.value, places=places)
        place, term = place_of(voice, self.figure.area, named=self.named), voice.words.term
        if counted := voice.counted(self.at):
            one = places == 0 and half_away(self.figure.value, places) == 1
            fields = {"verb": counted.verb, "place": place, "n": value}
            if not self.placed:
                fields["among"] = voice.among(replace(self.at, responsible=TOTAL), counting=True)
                fields["noun"] = counted.compared(one=one)
                if place:
                    return term("{where} there {verb} {n} {noun}{among}", where=place.strip(), **fields)
                return term("there {verb}{place} {n} {noun}{among}", **fields)
            fields |= {"among": voice.among(self.at, counting=True), "when": voice.when(self.at)}
            return term(
                "{when} there {verb}{place} {n} {noun}{among}", noun=counted.one if one else counted.counted, **fields
            )
        fields = {"subject": voice.subject(self.at), "place": place, "value": value}
        if not self.placed:
            among = voice.among(replace(self.at, responsible=TOTAL))
            return term("{subject}{place}{among} was {value}", among=among, **fields)
        among, when = voice.among(self.at), voice.when(self.at)
        return term("{when} {subject}{place}{among} was {value}", when=when, among=among, **fields)


@dataclass(frozen=True)
class Change:
    """By how much a figure differs from that of the year or month before."""

    at: At
    compared: Comparison
    against: Against
    named: bool

    def sentence(self, voice: Voice) -> str:
        """The claim in words."""
        return ended(
            compared_clause(
                voice, self.at, compared=self.compared, named=self.named, reference=earlier(voice, self.against)
            )
        )


@dataclass(frozen=True)
class Direction:
    """Whether a figure is larger or smaller than before, without its size: a title, which ends without a full stop."""

    at: At
    compared: Comparison
    against: Against
    named: bool

    def sentence(self, voice: Voice) -> str:
        """The claim in words."""
        reference = earlier(voice, self.against)
        told = None if self.compared.symbol else difference(self.compared, voice.definition(self.at))
        if told is None or not told.sign:
            return capital(
                compared_clause(voice, self.at, compared=self.compared, named=self.named, reference=reference)
            )
        scale, term = voice.scale(self.at), voice.words.term
        fields = {
            "place": place_of(voice, self.compared.area, named=self.named),
            "more": scale.more if told.sign > 0 else scale.less,
            "reference": reference,
        }
        if counted := voice.counted(self.at):
            fields |= {"verb": counted.verb, "noun": counted.compared(one=False)}
            fields["among"] = voice.among(self.at, counting=True)
            if where := fields["place"].strip():
                return capital(
                    term("{where} there {verb} {more} {noun}{among} than {reference}", where=where, **fields)
                )
            return capital(term("there {verb}{place} {more} {noun}{among} than {reference}", **fields))
        fields |= {"subject": voice.subject(self.at), "among": voice.among(self.at)}
        return capital(term("{subject}{place}{among} was {more} than {reference}", **fields))


@dataclass(frozen=True)
class Gap:
    """By how much a share, rate or length differs from that of another area in the same month."""

    at: At
    compared: Comparison
    other: str
    named: bool

    def sentence(self, voice: Voice) -> str:
        """The claim in words."""
        where = voice.places.locative(self.other)
        return ended(compared_clause(voice, self.at, compared=self.compared, named=self.named, reference=where))


@dataclass(frozen=True)
class Share:
    """How many per cent of those counted in another area are in this one; or, where `of` is none, how many per cent of
    all in the area are of the claim's responsible organisation and group.
    """

    at: At
    part: Figure
    whole: Figure
    of: str | None
    named: bool

    def sentence(self, voice: Voice) -> str:
        """The claim in words."""
        symbol = self.part.symbol or self.whole.symbol or ("" if self.whole.value else SYMBOLS[NOT_COMPUTABLE])
        counted = voice.counted(replace(self.at, responsible=TOTAL))
        assert counted is not None  # Claims makes shares of counts alone
        place = place_of(voice, self.part.area, named=self.named)
        if symbol:
            return ended(missing(voice, self.at, place=place, symbol=symbol))
        term, places = voice.words.term, voice.places
        share = term("{value} per cent", value=voice.words.number(self.part.value / self.whole.value * 100, 1))
        if self.of is None:
            fields = {"whole": counted.whole, "place": place, "value": share, "being": voice.being(self.at)}
            return ended(term("of {whole}{place} {value} were {being}", **fields))
        fields = {"where": places.locative(self.of), "owner": places.genitive(self.part.area), "value": share}
        return ended(term("{owner} share of {whole} {where} was {value}", whole=counted.whole, **fields))
