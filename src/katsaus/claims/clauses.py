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
    term = voice.words.term
    reason = {
        SYMBOLS[HIDDEN]: term("the figure is protected"),
        SYMBOLS[NOT_COMPUTABLE]: term("the figure can't be computed"),
    }.get(symbol, term("there is no figure"))
    return f"{voice.subject(at)}{place}{voice.among(at)}: {reason}"


def no_comparison(voice: Voice, symbol: str) -> str:
    """That there is nothing to compare with, and why."""
    term = voice.words.term
    return {
        SYMBOLS[HIDDEN]: term("the comparison is protected"),
        SYMBOLS[NOT_COMPUTABLE]: term("the comparison can't be computed"),
    }.get(symbol, term("there is no figure to compare with"))


def compared_clause(voice: Voice, at: At, *, compared: Comparison, named: bool, reference: str) -> str:
    """A figure beside another, as a clause."""
    place, counted, term = place_of(voice, compared.area, named=named), voice.counted(at), voice.words.term
    if compared.symbol:
        return f"{voice.subject(at)}{place}{voice.among(at)}: {no_comparison(voice, compared.symbol)}"
    told = difference(compared, voice.definition(at))
    fields = {"place": place, "reference": reference}
    if counted is None:
        fields |= {"subject": voice.subject(at), "among": voice.among(at)}
        if not told.sign:
            same = voice.same(at, exact=told.exact)
            return term("{subject}{place}{among} was {same} as {reference}", same=same, **fields)
        fields |= {"more": _more(voice, at, told=told), "size": voice.size(at, told)}
        return term("{subject}{place}{among} was {size} {more} than {reference}", **fields)
    fields |= {"verb": counted.verb, "among": voice.among(at, counting=True)}
    if not told.sign:
        noun, same = counted.compared(one=False), voice.same(at, exact=told.exact)
        return term("there {verb}{place} {same} {noun}{among} as {reference}", noun=noun, same=same, **fields)
    one = told.size == 1
    fields |= {"more": _more(voice, at, told=told), "size": voice.size(at, told), "noun": counted.compared(one=one)}
    if one:
        fields["size"] = voice.words.number(1, 0)
        return term("there {verb}{place} {size} {noun} {more}{among} than {reference}", **fields)
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
