"""What must hold of inflected names and of phrases: every name of a page has its cases, and they look like cases."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import get_args

from katsaus.config.files import Files
from katsaus.config.inflections import Inflection
from katsaus.config.models import COUNTS, Group, Municipality, Region, TrialArea
from katsaus.config.phrases import Count, Quantity, ScaleName
from katsaus.config.rules import TOTAL
from katsaus.errors import Problem

_NAMES = re.compile(r", | ja | och ")
_PROVINCE = re.compile(r" [A-Z][a-z]$")

MEASURED = {"percent", "weeks", "spells"}
"""Units of quantities that sentences can tell; spells are counts too, but their net flow is a quantity."""

COUNTED = COUNTS | {"ratio"}
"""Units of what sentences count; a ratio is so many to one of something."""


def check_language(files: Files) -> Iterator[Problem]:
    """Every problem of reviews/inflections.yml and reviews/phrases.yml."""
    yield from _complete(files, names_of(files))
    for position, item in enumerate(files.inflections.inflections):
        where = files.documents["inflections"].where("inflections", position)
        yield from _plausible(item, where)
    yield from _phrases(files)


def names_of(files: Files) -> dict[str, dict[str, str]]:
    """The nominatives by code and language: of all areas, municipalities, regions and groups."""
    named: list[TrialArea | Group | Municipality | Region] = [*files.areas.areas, *files.groups.groups]
    named += [*files.municipalities.municipalities, *files.municipalities.regions]
    return {item.code: item.name.model_dump() for item in named}


def _complete(files: Files, names: Collection[str]) -> Iterator[Problem]:
    document = files.documents["inflections"]
    shown = {area.code for area in files.areas.areas} | {group.code for group in files.groups.groups}
    shown |= {code for area in files.areas.areas for code in area.municipalities}
    shown |= {region.code for region in files.municipalities.regions}
    seen: set[str] = set()
    for position, item in enumerate(files.inflections.inflections):
        where = document.where("inflections", position, "code")
        if item.code not in names:
            yield Problem(f"unknown code {item.code}", where, do="correct it or remove the row")
        if item.code in seen:
            yield Problem(f"code {item.code!r} is used twice", where, do="keep one of the rows")
        seen.add(item.code)
    for code in sorted(shown - seen):
        yield Problem(f"no inflected forms of {code}", document.where("inflections"), do="add its row")


def _plausible(item: Inflection, where: str) -> Iterator[Problem]:
    rules: Sequence[tuple[str, str, Callable[[str], object], str]] = (
        ("Finnish genitive", item.fi.genitive, _each(r".+n"), "each name ends in n"),
        ("Finnish locative", item.fi.locative, _each(r".+(ssa|ssä|lla|llä)"), "each name ends in ssa, ssä, lla or llä"),
        ("Swedish locative", item.sv.locative, re.compile(r"(i|på) \S").match, "it begins with i or på"),
        ("Swedish genitive", item.sv.genitive, re.compile(r".*[sxz]").fullmatch, "it ends in s, x or z"),
    )
    for name, form, holds, rule in rules:
        if not holds(form):
            yield Problem(f"{item.code}: {form!r} is hardly a {name}", where, rule, "correct the form")


def _each(pattern: str) -> Callable[[str], bool]:
    """Whether each name of a list has the ending; the mark of a province (Koski Tl) stands after it."""
    return lambda form: all(re.fullmatch(pattern, _PROVINCE.sub("", name)) for name in _NAMES.split(form))


def _phrases(files: Files) -> Iterator[Problem]:
    document, phrases = files.documents["phrases"], files.phrases
    units = {key: item.unit for item in files.indicators.indicators if item.sources for key in item.numerators}
    seen: set[tuple[str, str]] = set()
    organisations = {item.code for item in phrases.responsible}
    told: list[tuple[str, Sequence[Count | Quantity], Collection[str]]] = [
        ("counts", phrases.counts, COUNTED),
        ("quantities", phrases.quantities, MEASURED),
    ]
    for part, items, known in told:
        for position, item in enumerate(items):
            where = document.where(part, position, "indicator")
            unit = units.get(item.indicator)
            if unit is None:
                do = "use the id of a published indicator, or of a part of one"
                yield Problem(f"unknown indicator {item.indicator}", where, do=do)
            elif unit not in known:
                yield Problem(f"{item.indicator} in {unit} does not belong to {part}", where, do="move or remove it")
            if (item.indicator, item.responsible) in seen:
                yield Problem(f"indicator {item.indicator!r} has two phrases", where, do="keep one of them")
            seen.add((item.indicator, item.responsible))
            if item.responsible != TOTAL and item.responsible not in organisations:
                do = "use one of the codes of `responsible` below"
                yield Problem(f"unknown organisation {item.responsible}", where, do=do)
    for name in sorted(set(get_args(ScaleName)) - phrases.scales.keys()):
        yield Problem(f"the scale {name} is missing", document.where("scales"), do="add it")
