"""What must hold between the files of reviews/. Each rule yields its problems; none stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from string import Formatter

from katsaus.config.files import Files
from katsaus.config.models import LANGS, Model, PageRule
from katsaus.errors import Problem

Rule = Callable[[Files], Iterator[Problem]]


def check_project(files: Files, root: Path) -> list[Problem]:
    """Every problem between the files; `root` is where notebooks/ is looked for."""
    found = [problem for rule in RULES for problem in rule(files)]
    return [*found, *_notebooks_exist(files, root)]


def _unique(files: Files) -> Iterator[Problem]:
    lists: dict[str, list[tuple[str, str, Sequence[Model]]]] = {
        "municipalities": [
            ("municipalities", "code", files.municipalities.municipalities),
            ("regions", "code", files.municipalities.regions),
        ],
        "areas": [("areas", "code", files.areas.areas), ("areas", "slug", files.areas.areas)],
        "glossary": [("entries", "id", files.glossary.entries)],
        "groups": [("groups", "code", files.groups.groups)],
        "indicators": [("indicators", "id", files.indicators.indicators)],
        "notes": [("notes", "id", files.notes.notes)],
        "disclosure": [("rules", "id", files.disclosure.rules), ("rules", "source", files.disclosure.rules)],
        "sources": [("sources", "id", files.sources.sources)],
        "matrix": [("pages", "notebook", files.matrix.pages), ("pages", "address", files.matrix.pages)],
    }
    for file, checked in lists.items():
        for key, attribute, items in checked:
            values = [getattr(item, attribute) for item in items]
            for position in _repeated(values):
                where = files.documents[file].where(key, position, attribute)
                yield Problem(f"{attribute} {values[position]!r} is used twice", where, do="give each its own")


def _repeated(values: Iterable[object]) -> Iterator[int]:
    seen = set()
    for position, value in enumerate(values):
        if value in seen:
            yield position
        seen.add(value)


def _regions_known(files: Files) -> Iterator[Problem]:
    known = {region.code for region in files.municipalities.regions}
    for position, item in enumerate(files.municipalities.municipalities):
        if item.region not in known:
            where = files.documents["municipalities"].where("municipalities", position, "region")
            yield Problem(f"unknown region {item.region}", where, do="list it under regions or correct the code")
    for number, rule in enumerate(files.disclosure.rules):
        for position, withheld in enumerate(rule.withheld):
            if withheld.region not in known:
                where = files.documents["disclosure"].where("rules", number, "withheld", position, "region")
                yield Problem(f"unknown region {withheld.region}", where, do="correct the code")


def _areas_partition(files: Files) -> Iterator[Problem]:
    """Every municipality of an area exists, is in one area only and is on the mainland."""
    document = files.documents["areas"]
    mainland = {region.code: region.mainland for region in files.municipalities.regions}
    known = {item.code: mainland.get(item.region, True) for item in files.municipalities.municipalities}
    first: dict[str, str] = {}
    for number, area in enumerate(files.areas.areas):
        for position, code in enumerate(area.municipalities):
            where = document.where("areas", number, "municipalities", position)
            if code not in known:
                why = "it is not in reviews/municipalities.yml"
                yield Problem(f"unknown municipality {code} in area {area.slug}", where, why, "correct the code")
            elif not known[code]:
                yield Problem(f"municipality {code} in area {area.slug} is not on the mainland", where)
            if code in first:
                why = f"it is already in area {first[code]}"
                yield Problem(f"municipality {code} in area {area.slug} too", where, why, "remove one of the two")
            first.setdefault(code, area.slug)


def _groups_complete(files: Files) -> Iterator[Problem]:
    """The three groups are there and come to the number of municipalities that they say."""
    document = files.documents["groups"]
    mainland = {region.code for region in files.municipalities.regions if region.mainland}
    trial = {code for area in files.areas.areas for code in area.municipalities}
    everyone = files.municipalities.municipalities
    counts = {
        "trial": len(trial),
        "other": sum(item.region in mainland and item.code not in trial for item in everyone),
        "country": len(everyone),
    }
    for position, group in enumerate(files.groups.groups):
        if group.size != counts[group.code]:
            why = f"by areas.yml and municipalities.yml there are {counts[group.code]}"
            where = document.where("groups", position, "size")
            yield Problem(f"group {group.code} should have {group.size} municipalities", where, why)
    for code in sorted(counts.keys() - {group.code for group in files.groups.groups}):
        yield Problem(f"group {code} is missing", document.where("groups"), do="add it")


def _months_contiguous(files: Files) -> Iterator[Problem]:
    months = files.calendar.months
    for position, (before, month) in enumerate(pairwise(months), 1):
        if month != following(before):
            where = files.documents["calendar"].where("months", position)
            yield Problem(f"{month} does not follow {before}", where, f"the next month is {following(before)}")


def following(month: str) -> str:
    """The month after `month` ("2022-12" → "2023-01")."""
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02}"


def _notes_refer(files: Files) -> Iterator[Problem]:
    document = files.documents["notes"]
    indicators = {item.id for item in files.indicators.indicators}
    areas = {area.code for area in files.areas.areas} | {group.code for group in files.groups.groups}
    areas |= {item.code for item in files.municipalities.municipalities}
    sources = {source.id for source in files.sources.sources}
    for number, note in enumerate(files.notes.notes):
        for position, indicator in enumerate(note.indicators):
            if indicator not in indicators:
                where = document.where("notes", number, "indicators", position)
                yield Problem(f"note {note.id}: unknown indicator {indicator}", where, do="correct the id")
        for position, area in enumerate(note.areas if isinstance(note.areas, tuple) else ()):
            if area not in areas:
                where = document.where("notes", number, "areas", position)
                yield Problem(f"note {note.id}: unknown area {area}", where, do="use a code of areas.yml or a group")
        for position, source in enumerate(note.sources if isinstance(note.sources, tuple) else ()):
            if source not in sources:
                where = document.where("notes", number, "sources", position)
                yield Problem(f"note {note.id}: unknown source {source}", where, do="use an id of sources.yml")


def _matrix_sound(files: Files) -> Iterator[Problem]:
    for number, rule in enumerate(files.matrix.pages):
        where = files.documents["matrix"].where("pages", number, "address")
        fields, wanted = _fields(rule.address), _wanted_fields(rule)
        if fields is None or fields != wanted:
            need = " and ".join(f"{{{name}}}" for name in sorted(wanted)) or "no placeholder"
            yield Problem(f"the address of {rule.notebook} does not tell its pages apart", where, do=f"it needs {need}")
        for lang in LANGS:
            if rule.languages.count(lang) != 1:
                at = files.documents["matrix"].where("pages", number, "languages")
                yield Problem(f"{rule.notebook} is not made exactly once in {lang}", at, do="list fi and sv")


def _fields(address: str) -> set[str] | None:
    try:
        return {name for _, name, _, _ in Formatter().parse(address) if name is not None}
    except ValueError:
        return None


def _wanted_fields(rule: PageRule) -> set[str]:
    months = {"month"} if rule.months == "all" else set()
    return months | ({"slug"} if rule.areas != "trial" else set()) | ({"indicator"} if rule.indicators else set())


def slugs_of(files: Files) -> dict[str, list[str]]:
    """The areas that each kind of `PageRule.areas` makes pages of, as slugs."""
    towns = {item.code: item for item in files.municipalities.municipalities}
    shared = [code for area in files.areas.areas if len(area.municipalities) > 1 for code in area.municipalities]
    return {
        "trial": ["trial"],
        "trial-areas": [area.slug for area in files.areas.areas],
        "municipalities": sorted(towns[code].slug for code in shared if code in towns),
    }


def _slugs_unique(files: Files) -> Iterator[Problem]:
    """A slug chooses one page's area: an area and a municipality with pages of their own can't share it."""
    slugs = slugs_of(files)
    towns = {item.slug: item.code for item in files.municipalities.municipalities}
    for position, area in enumerate(files.areas.areas):
        if area.slug in slugs["municipalities"]:
            where = files.documents["areas"].where("areas", position, "slug")
            why = f"the page of {towns[area.slug]} has it"
            yield Problem(f"the slug {area.slug} is used twice", where, why, "give the area another")
    for slug in {slug for slug in slugs["municipalities"] if slugs["municipalities"].count(slug) > 1}:
        where = files.documents["municipalities"].where("municipalities")
        yield Problem(f"two municipalities with pages have the slug {slug}", where, do="tell their names apart")


def _page_indicators_known(files: Files) -> Iterator[Problem]:
    known = {item.id for item in files.indicators.indicators if item.sources}
    for number, rule in enumerate(files.matrix.pages):
        for position, indicator in enumerate(rule.indicators):
            if indicator not in known:
                where = files.documents["matrix"].where("pages", number, "indicators", position)
                yield Problem(f"{rule.notebook}: no published indicator {indicator}", where, do="correct the id")


def _notebooks_exist(files: Files, root: Path) -> Iterator[Problem]:
    for number, rule in enumerate(files.matrix.pages):
        if not (root / "notebooks" / f"{rule.notebook}.ipynb").is_file():
            where = files.documents["matrix"].where("pages", number, "notebook")
            yield Problem(f"there is no notebooks/{rule.notebook}.ipynb", where, do="correct the name or add it")


RULES: tuple[Rule, ...] = (
    _unique,
    _regions_known,
    _areas_partition,
    _groups_complete,
    _months_contiguous,
    _notes_refer,
    _matrix_sound,
    _slugs_unique,
    _page_indicators_known,
)
