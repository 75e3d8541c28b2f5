"""What notebooks call: each method returns a sentence in the page's language and records the claim behind it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypedDict, Unpack

import pandas as pd

from katsaus.claims.areas import MEASURES, Measure, Rank, Threshold
from katsaus.claims.balance import Balance
from katsaus.claims.course import Course
from katsaus.claims.kinds import Change, Direction, Gap, Level, Share
from katsaus.claims.largest import Largest
from katsaus.claims.parts import Part, Parts
from katsaus.claims.published import CHANGES, Against, Figure, change, figure, gap
from katsaus.claims.voice import At, Voice
from katsaus.config.models import COUNTS
from katsaus.config.project import Project
from katsaus.config.rules import TOTAL
from katsaus.errors import Problem, UsageError
from katsaus.output import CLAIM, Output, show
from katsaus.rounding import half_away
from katsaus.spelling import refuse_unknown
from katsaus.terms import Words

MANY = 9
"""Decimals that no limit has."""

Claim = Level | Change | Direction | Course | Parts | Largest | Balance | Gap | Share | Rank | Threshold


class Where(TypedDict, total=False):
    """Which figures of an indicator: from another `source` than its first, of one `responsible` organisation or
    `group`; and whether it is told `again` after a sentence about the same, by its short name.
    """

    source: str
    responsible: str
    group: str
    again: bool


class Order(Where, total=False):
    """By what areas are ranked: values, rises ("change") or rises in per cent ("change_percent"), since a year (or
    "month") before; how many to `take`, three if not said; the `lowest`, not the highest; `of` which, if not of all
    areas: "alueen kunnista".
    """

    measure: Measure
    against: Against
    take: int
    lowest: bool
    of: str


class Source(Protocol):
    """What claims get figures from: `Review.figures`."""

    def __call__(
        self,
        *indicators: str,
        areas: Iterable[str] | None = None,
        months: int = 1,
        source: str = "",
        responsible: Sequence[str] = (TOTAL,),
        groups: Sequence[str] = (TOTAL,),
    ) -> pd.DataFrame:
        """Rows of protected figures."""
        ...


class Claims:
    """Sentences about the page's area in its month, or about `area`, which the sentence then names.

    `recorded` holds what they claim, as it is shown to the page.
    """

    def __init__(self, figures: Source, *, words: Words, project: Project, area: str, month: str) -> None:
        self._figures = figures
        self._voice = Voice(words, project)
        self._own = area
        self._month = month
        self._areas = [known.code for known in project.areas]
        self.recorded: list[Output] = []

    def level(
        self,
        indicator: str,
        area: str = "",
        *,
        against: Against | None = None,
        placed: bool = True,
        **at: Unpack[Where],
    ) -> str:
        """How much or how many: "Kesäkuun 2023 lopussa Helsingissä oli 39 233 työtöntä työnhakijaa."

        With `against` "year" or "month" the change follows: ", mikä on 97 (0,2 %) vähemmän kuin vuotta aiemmin". Where
        the text has told month, place and responsible organisation, `placed=False` leaves these out.
        """
        row, about = self._row(indicator, area or self._own, at=at)
        named = placed or bool(area)
        compared = change(row, against) if against else None
        claim = Level(about, figure(row), named, placed=placed, against=against, compared=compared)
        return self._told(claim, [row.area], parameters={"against": against, "placed": placed})

    def change(self, indicator: str, area: str = "", *, against: Against = "year", **at: Unpack[Where]) -> str:
        """By how much it differs from a year (or "month") earlier: "Työttömiä työnhakijoita oli 97 (0,2 %) vähemmän
        kuin vuotta aiemmin."
        """
        row, about = self._row(indicator, area or self._own, at=at)
        claim = Change(about, change(row, against), against, bool(area))
        return self._told(claim, [row.area], parameters={"against": against})

    def direction(self, indicator: str, area: str = "", *, against: Against = "year", **at: Unpack[Where]) -> str:
        """The same without its size, as a title: "Työttömiä työnhakijoita oli vähemmän kuin vuotta aiemmin"."""
        row, about = self._row(indicator, area or self._own, at=at)
        claim = Direction(about, change(row, against), against, bool(area))
        return self._told(claim, [row.area], parameters={"against": against})

    def course(self, indicator: str, area: str = "", *, months: int = 25, **at: Unpack[Where]) -> str:
        """When it was highest and when lowest in the `months` that end with the page's: "Osuus oli suurimmillaan
        kesäkuussa 2020 (16,6 %) ja pienimmillään lokakuussa 2022 (9,3 %)."
        """
        rows, about = self._rows(indicator, [area or self._own], at=at, months=months)
        claim = Course(about, [row.month for row in rows], [figure(row) for row in rows], bool(area))
        return self._told(claim, [rows[0].area], parameters={"months": months})

    def parts(
        self, of: str, indicators: Sequence[str], *, area: str = "", against: Against | None = None, **at: Unpack[Where]
    ) -> str:
        """How many of those that `of` counts are counted by each of the `indicators`, and how that has changed:
        "Työnhakijoista 34 000 oli koulutuksessa (2 900 eli 9,5 % enemmän kuin vuotta aiemmin) ja 329 lomautettuna."
        """
        found = [self._row(indicator, area or self._own, at=at) for indicator in indicators]
        parts = [Part(about, figure(row), change(row, against) if against else None) for row, about in found]
        whole = replace(found[0][1], indicator=of)
        claim = Parts(whole, parts, against, bool(area))
        return self._told(claim, [area or self._own], parameters={"parts": list(indicators), "against": against})

    def largest(self, indicator: str, *, kind: str, but: Collection[str] = (), **at: Unpack[Where]) -> str:
        """The largest part of an indicator (`but` those of some keys), as a title: "Yleisin palvelulaji oli omaehtoinen
        opiskelu (29,0 %)"; `kind` is what its parts are called together.
        """
        definition = self._voice.definition(At(indicator, self._month, ""))
        parts = [key for key in definition.numerators if key not in but]
        found = [self._row(part, self._own, at=at) for part in parts]
        claim = Largest(replace(found[0][1], indicator=indicator), parts, [figure(row) for row, _ in found], kind)
        return self._told(claim, [self._own], parameters={"parts": parts, "kind": kind})

    def balance(self, indicator: str, other: str, **at: Unpack[Where]) -> str:
        """Whether one counts more than another, as a title: "Työttömyysjaksoja alkoi enemmän kuin päättyi"."""
        (row, about), (second, against) = (self._row(key, self._own, at=at) for key in (indicator, other))
        claim = Balance(about, against, (figure(row), figure(second)))
        return self._told(claim, [self._own], parameters={"other": other})

    def gap(self, indicator: str, area: str = "", *, other: str = "country", **at: Unpack[Where]) -> str:
        """By how much a share, rate or length differs from another area's: "Työttömien työnhakijoiden osuus työvoimasta
        oli 1,2 prosenttiyksikköä suurempi kuin koko maassa." Raises UsageError for an indicator that counts.
        """
        code = area or self._own
        rows, about = self._rows(indicator, [code, other], at=at)
        if self._voice.definition(about).unit in COUNTS:
            do = "compare a share or a rate, or tell its change"
            raise UsageError(Problem(f"{indicator} is a count: areas of different size can't be compared by it", do=do))
        return self._told(Gap(about, gap(*rows), other, bool(area)), [code, other], parameters={})

    def share(self, indicator: str, area: str = "", *, of: str = "", **at: Unpack[Where]) -> str:
        """How many per cent of those counted in `of` (all trial areas) are in the area: "Kokeilukunnissa Helsingin
        osuus työttömistä työnhakijoista oli 19,8 prosenttia."

        With `responsible` or `group`, how many per cent of all in the area are theirs: "Työttömistä työnhakijoista 72,1
        prosenttia oli kuntakokeilujen asiakkaina." Raises UsageError for both at once, and for what doesn't count.
        """
        code = area or self._own
        part, about = self._row(indicator, code, at=at)
        total: Where = {"source": about.source}
        if self._voice.definition(about).unit not in COUNTS or self._voice.counted(about) is None:
            raise UsageError(Problem(f"{indicator} does not count, so it has no shares", do="tell its level"))
        theirs = (about.responsible, about.group) != (TOTAL, TOTAL)
        if theirs and of:
            raise UsageError(Problem("a share of an area and of people at once", do="leave out of=… or the others"))
        if theirs and self._voice.definition(about).unit != "persons":
            raise UsageError(Problem(f"{indicator} does not count persons", do="tell the level of each organisation"))
        whole = code if theirs else of or "trial"
        all_of, _ = self._row(indicator, whole, at=total)
        named = theirs and bool(area)
        claim = Share(about, figure(part), figure(all_of), None if theirs else whole, named)
        return self._told(claim, [code, whole], parameters={"of": claim.of})

    def rank(self, indicator: str, *, areas: Iterable[str] | None = None, **order: Unpack[Order]) -> str:
        """The areas (of the 25, or of `areas`) with the highest or lowest values or changes: "Työttömien työnhakijoiden
        osuus työvoimasta oli suurin Porissa (11,4 %)." Equal ones are told together.
        """
        measure, against = order.get("measure", "value"), order.get("against", "year")
        if measure not in MEASURES:
            raise UsageError(Problem(f"no rank by {measure}", do=f"use one of: {', '.join(MEASURES)}"))
        codes = list(areas) if areas is not None else self._areas
        rows, about = self._rows(indicator, codes, at=order)
        name = measure.replace("change", CHANGES[against])
        figures = [Figure(row.area, float(getattr(row, name)), str(getattr(row, f"{name}_symbol"))) for row in rows]
        take, lowest = order.get("take", 3), order.get("lowest", False)
        claim = Rank(about, figures, measure, take, lowest, against=against, of=order.get("of", ""))
        asked = {"measure": measure, "against": against, "take": take, "lowest": lowest}
        return self._told(claim, codes, parameters=asked)

    def threshold(
        self,
        indicator: str,
        limit: float,
        *,
        areas: Iterable[str] | None = None,
        under: bool = False,
        **at: Unpack[Where],
    ) -> str:
        """How many areas (of the 25, or of `areas`) are over a limit, or `under` it, as published, and which.

        Raises UsageError for a limit with more decimals than the indicator is published with.
        """
        codes = list(areas) if areas is not None else self._areas
        rows, about = self._rows(indicator, codes, at=at)
        places = self._voice.definition(about).decimals
        if half_away(limit, places) != half_away(limit, MANY):
            raise UsageError(Problem(f"{indicator} has {places} decimals and the limit more", do="round the limit"))
        claim = Threshold(about, [figure(row) for row in rows], limit, under)
        return self._told(claim, codes, parameters={"limit": limit, "under": under})

    def _row(self, indicator: str, area: str, *, at: Where) -> tuple[Any, At]:
        rows, about = self._rows(indicator, [area], at=at)
        return rows[0], about

    def _rows(self, indicator: str, areas: Sequence[str], *, at: Where, months: int = 1) -> tuple[list[Any], At]:
        """Rows of the areas in their order, month by month, and what they are about. Raises UsageError for a parameter
        that no sentence has.
        """
        for name in at:
            refuse_unknown("parameter", name, known=[*Order.__annotations__, "area", "areas", "placed"])
        responsible, group = at.get("responsible", TOTAL), at.get("group", TOTAL)
        table = self._figures(
            indicator,
            areas=areas,
            months=months,
            source=at.get("source", ""),
            responsible=(responsible,),
            groups=(group,),
        )
        if len(table) != len(areas) * months:
            parts = ", ".join(sorted(set(table["indicator"])))
            raise UsageError(Problem(f"{indicator} has several values", do=f"name one of them: {parts}"))
        source = str(table["source"].iloc[0])
        about = At(indicator, self._month, source, responsible, group, again=at.get("again", False))
        return list(table.itertuples()), about

    def _told(self, claim: Claim, areas: Sequence[str], *, parameters: Mapping[str, object]) -> str:
        """The claim's sentence; it is recorded with what is needed to derive it anew, and no figure beside its own."""
        sentence = claim.sentence(self._voice)
        content = {
            "kind": type(claim).__name__.lower(),
            "indicator": claim.at.indicator,
            "areas": list(areas),
            "month": claim.at.month,
            "source": claim.at.source,
            "responsible": claim.at.responsible,
            "group": claim.at.group,
            "parameters": dict(parameters),
            "lang": self._voice.words.lang,
            "sentence": sentence,
        }
        self.recorded.append(Output(CLAIM, content, sentence))
        show(self.recorded[-1])
        return sentence
