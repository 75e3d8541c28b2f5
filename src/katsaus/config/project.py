"""The whole project as one frozen value, or one error that tells everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from katsaus.config.checks import check_project, slugs_of
from katsaus.config.comparison import ComparisonFile, check_comparison
from katsaus.config.consistency import check_consistency
from katsaus.config.contract import Contract, load_contracts
from katsaus.config.examples import Disagreement, Example
from katsaus.config.files import Files, read_files
from katsaus.config.findings import Check, load_checks
from katsaus.config.glossary import Entry
from katsaus.config.inflections import Inflection
from katsaus.config.language import check_language
from katsaus.config.matrix import Matrix, expand
from katsaus.config.mergers import Merger
from katsaus.config.models import AreaKind, Group, Indicator, Municipality, Region, TrialArea
from katsaus.config.notebooks import check_notebooks
from katsaus.config.notes import Note
from katsaus.config.phrases import Phrases, by_key
from katsaus.config.prose import Passage
from katsaus.config.rules import DisclosureRule
from katsaus.config.site import BASE, Site, load_sites
from katsaus.config.sources import Source
from katsaus.config.writings import Key, Writings, load_writings
from katsaus.errors import ConfigError, Problem, UsageError

COUNTRY, TRIAL = "SSS", "KK"
"""Codes of the whole country and of all trial areas together, as sources deliver them."""


@dataclass(frozen=True)
class Project:
    """What is published. Months run from the oldest to the newest; dictionaries are keyed by code, id or language.

    `commentary` is page → slot → text, `area_notes` area code → language → Markdown.
    """

    root: Path
    months: tuple[str, ...]
    areas: tuple[TrialArea, ...]
    municipalities: dict[str, Municipality]
    regions: dict[str, Region]
    groups: dict[str, Group]
    indicators: dict[str, Indicator]
    notes: tuple[Note, ...]
    rules: tuple[DisclosureRule, ...]
    mergers: tuple[Merger, ...]
    examples: tuple[Example, ...]
    disagreements: tuple[Disagreement, ...]
    glossary: tuple[Entry, ...]
    sources: dict[str, Source]
    contracts: dict[str, Contract]
    checks: dict[str, Check]
    comparison: ComparisonFile
    matrix: Matrix
    sites: dict[str, Site]
    commentary: Mapping[Key, Mapping[str, Passage]]
    area_notes: Mapping[str, Mapping[str, str]]
    inflections: dict[str, Inflection]
    phrases: Phrases

    @cached_property
    def trial_municipalities(self) -> tuple[str, ...]:
        """Codes of the municipalities of all trial areas, sorted."""
        return tuple(sorted(code for area in self.areas for code in area.municipalities))

    @cached_property
    def other_municipalities(self) -> tuple[str, ...]:
        """Codes of the mainland municipalities outside the trial, sorted."""
        trial = set(self.trial_municipalities)
        mainland = (m.code for m in self.municipalities.values() if self.regions[m.region].mainland)
        return tuple(sorted(code for code in mainland if code not in trial))

    @cached_property
    def places(self) -> dict[str, str]:
        """Code of an area or a municipality of the trial → where its page lies within a month: "alue/kainuu"."""
        found = {area.code: f"alue/{area.slug}" for area in self.areas}
        for area in self.areas:
            alone = len(area.municipalities) == 1
            for code in area.municipalities:
                found[code] = found[area.code] if alone else f"kunta/{self.municipalities[code].slug}"
        return found

    def area_of(self, municipality: str) -> TrialArea | None:
        """The trial area of a municipality."""
        return next((area for area in self.areas if municipality in area.municipalities), None)

    def codes(self, kind: AreaKind) -> tuple[str, ...]:
        """Codes of all areas of a kind, sorted; those of trial areas are KK01 …, KK is all of them together."""
        mainland = {code for code, region in self.regions.items() if region.mainland}
        return {
            "municipality": tuple(sorted(self.municipalities)),
            "mainland_municipality": tuple(
                sorted(code for code, town in self.municipalities.items() if town.region in mainland)
            ),
            "trial_area": tuple(sorted(area.code for area in self.areas)),
            "trial": (TRIAL,),
            "region": tuple(sorted(self.regions)),
            "mainland_region": tuple(sorted(mainland)),
            "country": (COUNTRY,),
        }[kind]

    def folder(self, lang: str) -> str:
        """Name of a language's folder at the top of the site: "fi"."""
        return Path(self.sites[lang].output_dir).name

    @property
    def top_entries(self) -> tuple[str, ...]:
        """What the top of a site holds: the languages' folders and the page that chooses among them."""
        return (*map(self.folder, self.sites), "index.html")


def find_root(start: Path) -> Path:
    """The nearest folder from `start` upwards that holds `_quarto.yml`. Raises UsageError if there is none."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / BASE).is_file():
            return folder
    raise UsageError(Problem(f"no {BASE} here or in any folder above", do="run inside the project"))


def load_project(root: Path) -> Project:
    """Read and check reviews/ and `_quarto*.yml`. Raises one ConfigError with all problems."""
    problems: list[Problem] = []
    files: Files | None = None
    writings: Writings | None = None
    sites: dict[str, Site] = {}
    contracts: dict[str, Contract] = {}
    checks: dict[str, Check] = {}
    try:
        contracts, checks = load_contracts(root), load_checks(root)
    except ConfigError as error:
        problems.extend(error.problems)
    try:
        files, found = read_files(root)
        problems.extend(found)
        problems.extend(check_project(files, root))
        problems.extend(check_notebooks(files, root))
        problems.extend(check_consistency(files, contracts))
        problems.extend(check_comparison(files))
        problems.extend(check_language(files))
        writings = load_writings(root, files)
    except ConfigError as error:
        problems.extend(error.problems)
    try:
        sites = load_sites(root)
    except ConfigError as error:
        problems.extend(error.problems)
    if files is None or writings is None or problems:
        raise ConfigError(problems)
    return _assemble(root, files, sites=sites, tables=(contracts, checks), writings=writings)


def _assemble(
    root: Path,
    files: Files,
    *,
    sites: dict[str, Site],
    tables: tuple[dict[str, Contract], dict[str, Check]],
    writings: Writings,
) -> Project:
    contracts, checks = tables
    months = files.calendar.months
    areas = files.areas.areas
    return Project(
        root=root,
        months=months,
        areas=areas,
        municipalities={item.code: item for item in files.municipalities.municipalities},
        regions={item.code: item for item in files.municipalities.regions},
        groups={item.code: item for item in files.groups.groups},
        indicators={item.id: item for item in files.indicators.indicators},
        notes=files.notes.notes,
        rules=files.disclosure.rules,
        mergers=files.mergers.mergers,
        examples=files.examples.examples,
        disagreements=files.disagreements.disagreements,
        glossary=files.glossary.entries,
        sources={item.id: item for item in files.sources.sources},
        contracts=contracts,
        checks=checks,
        comparison=files.comparison,
        matrix=expand(files.matrix.pages, months=months, slugs=slugs_of(files)),
        sites=sites,
        commentary=writings.commentary,
        area_notes=writings.notes,
        inflections={item.code: item for item in files.inflections.inflections},
        phrases=by_key(files.phrases),
    )
