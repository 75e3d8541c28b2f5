"""Clauses that several kinds of claims share: what is missing, and how two figures compare."""

from __future__ import annotations

from katsaus.claims.published import Against, Comparison, Difference, difference
from katsaus.claims.voice import At, Voice
from katsaus.disclosure import SYMBOLS
from katsaus.panel import HIDDEN, NOT_COMPUTABLE


def earlier(voice: Voice, against: Against) -> str:
    """What a figure is compared with: "vuotta aiemmin"."""
    return voice.words.term("a year earlier") if against == "year" else voice.words.term("a month earlier")


def missing(voice: Voice, at: At, *, place: str, symbol: str) -> str:
    """That there is no figure, and why."""
    term, subject = voice.words.term, f"{voice.subject(at)}{place}{voice.among(at)}"
    return {
        SYMBOLS[HIDDEN]: term("{subject} is protected", subject=subject),
        SYMBOLS[NOT_COMPUTABLE]: term("{subject} can't be computed", subject=subject),
    }.get(symbol, term("{subject} is not known", subject=subject))


def no_comparison(voice: Voice, symbol: str) -> str:
    """That there is nothing to compare with, and why."""
    term = voice.words.term
    return {
        SYMBOLS[HIDDEN]: term("the comparison is protected"),
        SYMBOLS[NOT_COMPUTABLE]: term("the comparison can't be computed"),
    }.get(symbol, term("there is no figure to compare with"))


def compared_clause(voice: Voice, at: At, *, compared: Comparison, named: bool, reference: str) -> str:
    """A figure beside another, as a clause."""
    place = place_of(voice, compared.area, named=named)
    if compared.symbol:
        return f"{voice.subject(at)}{place}{voice.among(at)}: {no_comparison(voice, compared.symbol)}"
    told = difference(compared, voice.definition(at))
    if voice.counted(at) is None:
        return _quantity_compared(voice, at, told=told, place=place, reference=reference)
    if at.again:
        return _counted_again(voice, at, told=told, reference=reference)
    return _counted_compared(voice, at, told=told, place=place, reference=reference)


def _quantity_compared(voice: Voice, at: At, *, told: Difference, place: str, reference: str) -> str:
    term = voice.words.term
    fields = {"subject": voice.subject(at), "place": place, "among": voice.among(at), "reference": reference}
    if not told.sign:
        same = voice.same(at, exact=told.exact)
        return term("{subject}{place}{among} was {same} as {reference}", same=same, **fields)
    fields |= {"more": _more(voice, at, told=told), "size": voice.size(at, told)}
    return term("{subject}{place}{among} was {size} {more} than {reference}", **fields)


def _counted_again(voice: Voice, at: At, *, told: Difference, reference: str) -> str:
    """The difference alone: the number was told just before."""
    term = voice.words.term
    if not told.sign:
        return term("they are {same} as {reference}", same=voice.same(at, exact=told.exact), reference=reference)
    more = voice.scale(at).more_by if told.sign > 0 else voice.scale(at).less_by
    return term("they are {size} {more} than {reference}", size=voice.size(at, told), more=more, reference=reference)


def _counted_compared(voice: Voice, at: At, *, told: Difference, place: str, reference: str) -> str:
    term, counted = voice.words.term, voice.counted(at)
    assert counted is not None  # or it is a quantity
    fields = {"verb": counted.verb, "place": place, "among": voice.among(at, counting=True), "reference": reference}
    if not told.sign:
        noun, same = counted.compared(one=False), voice.same(at, exact=told.exact)
        return term("there {verb}{place} {same} {noun}{among} as {reference}", noun=noun, same=same, **fields)
    one = told.size == 1
    fields |= {"more": _more(voice, at, told=told), "size": voice.size(at, told), "noun": counted.compared(one=one)}
    if one:
        fields["size"] = voice.words.number(1, 0)
        return term("there {verb}{place} {size} {noun} {more}{among} than {reference}", **fields)
    if place:
        return term("{where} there {verb} {size} {more} {noun}{among} than {reference}", where=place.strip(), **fields)
    return term("there {verb}{place} {size} {more} {noun}{among} than {reference}", **fields)


def _more(voice: Voice, at: At, *, told: Difference) -> str:
    return voice.scale(at).more if told.sign > 0 else voice.scale(at).less


def place_of(voice: Voice, area: str, *, named: bool) -> str:
    """Where, after a space, or nothing."""
    return f" {voice.places.locative(area)}" if named else ""


def capital(clause: str) -> str:
    """The clause as a sentence begins."""
    return clause[:1].upper() + clause[1:]


def ended(clause: str) -> str:
    """The clause as a sentence."""
    return f"{capital(clause)}."
