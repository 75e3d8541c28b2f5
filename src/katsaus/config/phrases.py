"""What sentences call an indicator, as reviews/phrases.yml gives it.

Things that are counted ("97 työtöntä työnhakijaa") and quantities with a size of their own (a share, a rate, a length)
make different sentences, and the two languages need different forms for them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from katsaus.config.models import Line, Model
from katsaus.config.rules import TOTAL

Key = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}(:[a-z0-9_]+)?$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
Time = Literal["end", "during"]
ScaleName = Literal["number", "size", "height", "length"]


class Scale(Model):
    """Words of one language that compare and order quantities of a kind.

    `more` and `less` compare a subject (suurempi), `more_by` and `less_by` a stated difference (mikä on 0,4
    prosenttiyksikköä enemmän), `same` is neither (yhtä suuri), `most` and `least` order areas, `peak` and `trough`
    months; `rose` and `fell` tell a change in time, `unrisen` and `unfallen` are their forms after a negation (ei
    kasvanut).
    """

    more: Line
    less: Line
    more_by: Line
    less_by: Line
    same: Line
    most: Line
    least: Line
    peak: Line
    trough: Line
    rose: Line
    fell: Line
    unrisen: Line
    unfallen: Line


class Scales(Model):
    """A scale in both languages."""

    fi: Scale
    sv: Scale

    def __getitem__(self, lang: str) -> Scale:
        return {"fi": self.fi, "sv": self.sv}[lang]


class FinnishCount(Model):
    """`subject` (työttömien työnhakijoiden määrä), `counted` after a number (työtöntä työnhakijaa), `one` after 1,
    `many` (työttömiä työnhakijoita), `verb` (oli, alkoi), `whole` (työttömistä työnhakijoista), `state` what they are
    as a part of others (työttömänä), where sentences list parts.
    """

    subject: Line
    counted: Line
    one: Line
    many: Line
    verb: Line
    whole: Line
    state: Line | None = None

    def compared(self, *, one: bool) -> str:
        """The noun where numbers are compared: the same whether they differ by `one` or by more."""
        del one
        return self.many


class SwedishCount(Model):
    """`subject` (antalet arbetslösa arbetssökande), `counted` after a number, `one` after 1, `verb` (fanns,
    påbörjades), `whole` (de arbetslösa arbetssökande), `state` as a part of others (arbetslösa), where sentences list
    parts.
    """

    subject: Line
    counted: Line
    one: Line
    verb: Line
    whole: Line
    state: Line | None = None

    def compared(self, *, one: bool) -> str:
        """The noun where numbers are compared that differ by `one` or by more."""
        return self.one if one else self.counted


class Count(Model):
    """An indicator, or a part of one, that counts; `time` is the end of the month or the whole of it.

    With `responsible` it is what the clients of that organisation are called (kuntakokeilun työtön asiakas).
    """

    indicator: Key
    responsible: Code = TOTAL
    time: Time
    fi: FinnishCount
    sv: SwedishCount

    def __getitem__(self, lang: str) -> FinnishCount | SwedishCount:
        forms: dict[str, FinnishCount | SwedishCount] = {"fi": self.fi, "sv": self.sv}
        return forms[lang]


class FinnishQuantity(Model):
    """`subject` (työttömien työnhakijoiden osuus työvoimasta), `short` where it was just told (osuus)."""

    subject: Line
    short: Line


class SwedishQuantity(Model):
    """`subject` (andelen arbetslösa arbetssökande av arbetskraften), `short` where it was just told (andelen), and
    whether adjectives are `neuter`.
    """

    subject: Line
    short: Line
    neuter: bool


class Quantity(Model):
    """An indicator, or a part of one, that has a size: a share, a rate, a length; `scale` says how they compare.

    With `responsible` it is that of the organisation's clients.
    """

    indicator: Key
    responsible: Code = TOTAL
    time: Time
    scale: Literal["size", "height", "length"]
    fi: FinnishQuantity
    sv: SwedishQuantity

    def __getitem__(self, lang: str) -> FinnishQuantity | SwedishQuantity:
        forms: dict[str, FinnishQuantity | SwedishQuantity] = {"fi": self.fi, "sv": self.sv}
        return forms[lang]


class Among(Model):
    """Some of the people in one language: `counted` beside a number of persons, `within` beside a quantity, `being` as
    what others are.
    """

    counted: Line
    within: Line
    being: Line


class People(Model):
    """Clients of a responsible organisation, or a group of people, by the code that sources use."""

    code: Code
    fi: Among
    sv: Among

    def __getitem__(self, lang: str) -> Among:
        return {"fi": self.fi, "sv": self.sv}[lang]


class PhrasesFile(Model):
    """reviews/phrases.yml."""

    scales: dict[ScaleName, Scales]
    counts: Annotated[tuple[Count, ...], Field(min_length=1)]
    quantities: Annotated[tuple[Quantity, ...], Field(min_length=1)]
    responsible: tuple[People, ...]
    groups: tuple[People, ...]


class Phrases(Model):
    """The phrases by what they are of: indicator or part ("A03", "B03:coaching") and the organisation whose clients
    they name (`_T` for none), organisation, group.
    """

    scales: dict[ScaleName, Scales]
    indicators: dict[tuple[str, str], Count | Quantity]
    responsible: dict[str, People]
    groups: dict[str, People]


def by_key(file: PhrasesFile) -> Phrases:
    """The phrases of the file by what they are of."""
    told: list[Count | Quantity] = [*file.counts, *file.quantities]
    return Phrases(
        scales=file.scales,
        indicators={(item.indicator, item.responsible): item for item in told},
        responsible={item.code: item for item in file.responsible},
        groups={item.code: item for item in file.groups},
    )
