"""The words of a claim in one language: what an indicator is called, how its values and differences are told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from katsaus.claims.published import Difference
from katsaus.config.models import COUNTS, Indicator
from katsaus.config.phrases import Among, Count, FinnishCount, Phrases, Quantity, Scale, SwedishCount, SwedishQuantity
from katsaus.config.project import Project
from katsaus.config.rules import TOTAL
from katsaus.errors import Problem, UsageError
from katsaus.places import Places
from katsaus.rounding import half_away
from katsaus.terms import Words


@dataclass(frozen=True)
class At:
    """What a claim is about: an indicator or a part of one, its source, month, responsible organisation and group.

    `again` is of one that the sentence before is about: its short name does ("osuus"), and people are not named.
    """

    indicator: str
    month: str
    source: str
    responsible: str = TOTAL
    group: str = TOTAL
    again: bool = False


class Voice:
    """Words, places and phrases of one language, and the definitions of the indicators."""

    def __init__(self, words: Words, project: Project) -> None:
        self.words = words
        self.places = Places(project, words.lang)
        self._indicators = project.indicators
        self._phrases: Phrases = project.phrases

    def definition(self, at: At) -> Indicator:
        """The definition of the claim's indicator."""
        return self._indicators[at.indicator.partition(":")[0]]

    def phrase(self, at: At) -> Count | Quantity:
        """What the indicator is called, of the organisation's clients or of all.

        Raises UsageError where reviews/phrases.yml doesn't say.
        """
        known = self._phrases.indicators
        found = known.get((at.indicator, at.responsible)) or known.get((at.indicator, TOTAL))
        if found is None:
            raise UsageError(Problem(f"no sentence can tell {at.indicator}", do="add it to reviews/phrases.yml"))
        return found

    def part(self, key: str) -> str:
        """What a part of an indicator is called, in a sentence: "omaehtoinen opiskelu" of "B03:independent_study"."""
        name, _, part = key.partition(":")
        text = next(known.name[self.words.lang] for known in self._indicators[name].parts if known.id == part)
        return text[:1].lower() + text[1:]

    def counted(self, at: At) -> FinnishCount | SwedishCount | None:
        """The forms of an indicator that counts; None of one that has a size."""
        phrase = self.phrase(at)
        return phrase[self.words.lang] if isinstance(phrase, Count) else None

    def subject(self, at: At) -> str:
        """The indicator as the subject of a sentence: "työttömien työnhakijoiden määrä"; `again` "määrä"."""
        phrase = self.phrase(at)[self.words.lang]
        if not at.again:
            return phrase.subject
        return self.words.term("the number") if isinstance(phrase, FinnishCount | SwedishCount) else phrase.short

    def scale(self, at: At) -> Scale:
        """The words that compare the indicator."""
        phrase = self.phrase(at)
        return self._phrases.scales["number" if isinstance(phrase, Count) else phrase.scale][self.words.lang]

    def same(self, at: At, *, exact: bool) -> str:
        """That two figures are the same, or nearly so where tables show a difference that is rounded away."""
        phrase = self.phrase(at)[self.words.lang]
        neuter = isinstance(phrase, SwedishQuantity) and phrase.neuter
        same = self.words.term("the same (neuter)") if neuter else self.scale(at).same
        return same if exact else self.words.term("nearly {same}", same=same)

    def when(self, at: At) -> str:
        """The claim's month: "kesäkuun 2023 lopussa", or "kesäkuussa 2023" for what happens during it."""
        if self.phrase(at).time == "during":
            return self.words.month(at.month, "inessive")
        return self.words.term("at the end of {month}", month=self.words.month(at.month, "genitive"))

    def among(self, at: At, *, counting: bool = False) -> str:
        """Whose figure it is, after a space, or nothing where the indicator's name tells it: " alle 30-vuotiaiden
        joukossa"; in Finnish otherwise beside a number of persons that a sentence is `counting`.
        """
        if at.again:
            return ""
        persons = counting and self.definition(at).unit == "persons"
        told = self.phrase(at).responsible
        found = self._people(at if at.responsible != told else replace(at, responsible=TOTAL))
        return "".join(f" {people.counted if persons else people.within}" for people in found)

    def being(self, at: At) -> str:
        """The same as what others are: "kuntakokeilun asiakkaita"."""
        return self.words.listed([people.being for people in self._people(at)])

    def state(self, at: At) -> str:
        """What those counted are as a part of others: "työttömänä". Raises UsageError where there is no such word."""
        phrase = self.counted(at)
        if phrase is None or phrase.state is None:
            do = "add `state` to its phrases, or tell its level"
            raise UsageError(Problem(f"no sentence can list {at.indicator} as a part", "reviews/phrases.yml", do=do))
        return phrase.state

    def _people(self, at: At) -> list[Among]:
        """The phrases of the claim's responsible organisation and group, where they are not the total."""
        found = []
        for known, code in ((self._phrases.responsible, at.responsible), (self._phrases.groups, at.group)):
            if code == TOTAL:
                continue
            if code not in known:
                raise UsageError(Problem(f"no sentence can tell {code}", do="add it to reviews/phrases.yml"))
            found.append(known[code][self.words.lang])
        return found

    def value(self, at: At, number: float, *, places: int) -> str:
        """A value in a sentence with its unit: "10,2 prosenttia", "39 233"."""
        written, unit = self.words.number(number, places), self.definition(at).unit
        if unit == "percent":
            return self.words.term("{value} per cent", value=written)
        if unit == "weeks":
            return self.words.term("{value} weeks", value=written)
        if self._net(at):
            return self.words.term("{n} spell", n=int(half_away(number, places)))
        return written

    def size(self, at: At, difference: Difference) -> str:
        """The size of a difference with its unit: "0,4 prosenttiyksikköä", "9 500 (3,4 %)"."""
        written = self.words.number(float(difference.size), difference.places)
        unit = self.definition(at).unit
        if unit == "percent":
            return self.words.term("{value} points", value=written)
        if unit == "weeks":
            return self.words.term("{value} weeks", value=written)
        if self._net(at):
            return self.words.term("{n} spell apart", n=int(difference.size))
        if difference.percent is not None:
            return f"{written} ({self.words.percent(float(difference.percent), 1)})"
        return written

    def _net(self, at: At) -> bool:
        """Whether the figure is a difference of counts: it may be negative, and has no change in per cent."""
        return self.counted(at) is None and self.definition(at).unit in COUNTS

    def brief(self, at: At, number: Decimal, *, measure: str) -> str:
        """A figure in parentheses behind a name: "10,2 %", "+500"."""
        unit, places = self.definition(at).unit, self.definition(at).decimals
        if measure == "change_percent":
            return self.words.with_unit(self.words.signed(float(number), 1), "percent")
        if measure == "change":
            points = "percentage_points" if unit == "percent" else unit
            return self.words.with_unit(self.words.signed(float(number), places), points)
        return self.words.with_unit(self.words.number(float(number), places), unit)
