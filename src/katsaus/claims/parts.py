"""The claim that lists parts of those counted, each with its number and how it has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from katsaus.claims.clauses import earlier, ended, missing, no_comparison, place_of
from katsaus.claims.published import Against, Comparison, Figure, decimals, difference
from katsaus.claims.voice import At, Voice


@dataclass(frozen=True)
class Part:
    """How many are in one state, and what that is compared with, if anything."""

    at: At
    figure: Figure
    compared: Comparison | None


@dataclass(frozen=True)
class Parts:
    """How many of those that the claim's indicator counts are in each of several states."""

    at: At
    parts: Sequence[Part]
    against: Against | None
    named: bool

    def sentence(self, voice: Voice) -> str:
        """The claim in words; parts without a figure are told behind it."""
        place = place_of(voice, self.parts[0].figure.area, named=self.named)
        counted = voice.counted(self.at)
        assert counted is not None  # what has states is counted
        known = [part for part in self.parts if not part.figure.symbol]
        told = [_told(part, voice, first=part is known[0], against=self.against) for part in known]
        sentences = []
        if told:
            fields = {"whole": counted.whole, "place": place, "parts": voice.words.listed(told)}
            sentences.append(ended(voice.words.term("of {whole}{place} there were {parts}", **fields)))
        unknown = [part for part in self.parts if part.figure.symbol]
        sentences += [ended(missing(voice, part.at, place=place, symbol=part.figure.symbol)) for part in unknown]
        return " ".join(sentences)


def _told(part: Part, voice: Voice, *, first: bool, against: Against | None) -> str:
    """One part: "34 000 koulutuksessa (2 900 eli 9,5 % enemmän)"."""
    places = decimals(voice.definition(part.at), part.figure.area, value=part.figure.value)
    fields = {"n": voice.words.number(part.figure.value, places), "state": voice.state(part.at)}
    clause = voice.words.term("{n} were {state}", **fields) if first else voice.words.term("{n} {state}", **fields)
    if part.compared is None or against is None:
        return clause
    return f"{clause} ({_compared(part.at, part.compared, voice=voice, since=against if first else None)})"


def _compared(at: At, compared: Comparison, *, voice: Voice, since: Against | None) -> str:
    """The change of a part, and `since` when where that is wanted."""
    reference = earlier(voice, since) if since else ""
    if compared.symbol:
        return no_comparison(voice, compared.symbol)
    told, scale, term = difference(compared, voice.definition(at)), voice.scale(at), voice.words.term
    if not told.sign:
        same = voice.same(at, exact=told.exact)
        return term("{same} as {reference}", same=same, reference=reference) if reference else same
    size = voice.words.number(float(told.size), told.places)
    if told.percent is not None:
        size = term("{n} or {percent}", n=size, percent=voice.words.percent(float(told.percent), 1))
    fields = {"size": size, "more": scale.more_by if told.sign > 0 else scale.less_by}
    if reference:
        return term("{size} {more} than {reference}", reference=reference, **fields)
    return term("{size} {more}", **fields)
