"""The project's protected figures, source by source."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from katsaus.config.models import Group, Indicator, Region, Text, TrialArea
from katsaus.config.project import Project, load_project
from katsaus.disclosure import ProtectedTable, protect
from katsaus.disclosure.patterns import read_patterns
from katsaus.disclosure.release import area_members, release_of
from katsaus.errors import Problem, UsageError
from katsaus.panel import HIDDEN, panel
from katsaus.sources.snapshot import Sidecar, read_sidecar
from katsaus.spelling import near
from katsaus.store.manifest import Vintage, open_vintage
from katsaus.store.vintage import read_source

COMPARISON = ("trial", "other", "country")
"""What every area is held against: all trial municipalities, the other mainland municipalities, the whole country."""


@dataclass(frozen=True)
class Figures:
    """The protected figures of a project's newest vintage, with what is needed to name them.

    `members` is area code → codes of the areas that it sums, `names` and `chart_names` are area code → name,
    `sidecars` source → what its tables are. Once `closed`, no further source is read: where pages are made no file may
    be opened.
    """

    project: Project
    vintage: Vintage
    members: Mapping[str, Sequence[str]]
    names: Mapping[str, Text]
    chart_names: Mapping[str, Text]
    sidecars: Mapping[str, Sequence[Sidecar]]
    closed: bool = False
    _tables: dict[str, ProtectedTable] = field(default_factory=dict, repr=False)

    def table(self, source: str) -> ProtectedTable:
        """The figures of a source, protected when they are first asked for. Raises DataError and UsageError."""
        if source not in self._tables:
            if self.closed:
                do = f'write source="{source}" or the indicator\'s id in a cell of the notebook'
                raise UsageError(Problem(f"the figures of {source} were not read before the page", do=do))
            self._tables[source] = protected(self.project, self.vintage, source=source)
        return self._tables[source]

    def read_for(self, notebooks: Path) -> Figures:
        """The same, closed, with the figures of the sources that the notebooks of a folder, their indicators in the
        matrix, commentary and the rule of comparison areas name.
        """
        written = [text.text for page in self.project.commentary.values() for text in page.values()]
        written += {page.indicator for page in self.project.matrix.pages}
        written += [feature.indicator for feature in self.project.comparison.features]
        cells = [path.read_text(encoding="utf-8") for path in sorted(notebooks.glob("*.ipynb"))]
        text = "\n".join([*cells, *written])
        for source in sources_named(self.project, text) & self.vintage.manifest.sources.keys():
            self.table(source)
        return replace(self, closed=True)

    def source_of(self, key: str, wanted: str = "") -> str:
        """The source of an indicator ("A03", or a part "B03:coaching"): `wanted`, or its first.

        Raises UsageError for an indicator that is not published, or not from that source.
        """
        definition = definition_of(self.project, key)
        source = wanted or next(iter(definition.sources), "")
        if source in definition.sources and key in self.table(source).cells:
            return source
        at = f" from {source}" if source else ""
        do = f"its sources are: {', '.join(definition.sources) or 'none'}"
        raise UsageError(Problem(f"the indicator {key} is defined and not published{at}", do=do))

    @cached_property
    def citations(self) -> Mapping[str, Sequence[Text]]:
        """Source → how its tables are cited."""
        return {source: [sidecar.citation for sidecar in held] for source, held in self.sidecars.items()}

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """Slug → code of each area and municipality; the area's where a municipality is one by itself."""
        towns = {town.slug: town.code for town in self.project.municipalities.values()}
        return towns | {area.slug: area.code for area in self.project.areas}

    def code_of(self, area: str) -> str:
        """The code of an area or municipality by its slug; a group's is its slug. Raises UsageError."""
        code = self.codes.get(area, area)
        if code not in self.members:
            do = f"{near(area, self.codes)} use a slug of reviews/areas.yml or of a municipality".strip()
            raise UsageError(Problem(f"unknown area {area}", do=do))
        return code

    def check_code(self, area: str) -> None:
        """Raise UsageError for what is no code of an area, with the code of the area that is meant."""
        if area in self.members:
            return
        there = "codes are in reviews/areas.yml and reviews/municipalities.yml"
        code = self.codes.get(area)
        do = f"write its code {code}" if code else f"{near(area, self.codes)} {there}".strip()
        raise UsageError(Problem(f"no area {area}", do=do))

    def slug_of(self, code: str) -> str:
        """The slug of an area or municipality by its code."""
        known = {area.code: area.slug for area in self.project.areas}
        return known.get(code) or (self.project.municipalities[code].slug if code.startswith("KU") else code)

    @cached_property
    def synthetic(self) -> frozenset[str]:
        """Ids of the sources whose figures are made up."""
        return frozenset(name for name, held in self.vintage.manifest.sources.items() if held.synthetic)

    def lacking(self, key: str) -> Mapping[str, frozenset[str]]:
        """Month → municipalities without a figure of an indicator, which therefore leave the sums of their areas."""
        table = self.table(self.source_of(key))
        at = [row for row, (area, *_) in enumerate(table.series) if area in self.project.municipalities]
        areas = table.series.get_level_values("REF_AREA")[at].to_numpy()
        hidden = table.cells[key].states[at] == HIDDEN
        return {str(month): frozenset(areas[hidden[:, i]]) for i, month in enumerate(table.months)}


def definition_of(project: Project, key: str) -> Indicator:
    """The definition of "A03" or of a part of one, "B03:coaching". Raises UsageError for an unknown one."""
    name, _, part = key.partition(":")
    definition = project.indicators.get(name)
    if definition is None or (part and key not in definition.numerators):
        parts = definition.numerators if definition else project.indicators
        do = f"{near(key, parts)} use an id of reviews/indicators.yml".strip()
        raise UsageError(Problem(f"unknown indicator {key}", do=do))
    return definition


def sources_named(project: Project, text: str) -> set[str]:
    """The sources that a notebook's text calls for: by their name, or as the first of an indicator that it names."""
    ids = {name for name in re.findall(r"\b[A-Z][0-9]{2}\b", text) if name in project.indicators}
    first = {source for name in ids for source in project.indicators[name].sources[:1]}
    return first | {source for source in project.sources if re.search(rf"\b{re.escape(source)}\b", text)}


def load_figures(root: Path) -> Figures:
    """The project at `root` and its newest vintage. Raises ConfigError and DataError."""
    project, vintage = load_project(root), open_vintage(root)
    towns = {code: municipality.name for code, municipality in project.municipalities.items()}
    areas: list[TrialArea | Group] = [*project.areas, *project.groups.values()]
    regions: list[Region] = list(project.regions.values())
    others = towns | {region.code: region.name for region in regions}
    return Figures(
        project,
        vintage,
        area_members(project),
        names=others | {area.code: area.name for area in areas},
        chart_names=others | {area.code: area.chart_name for area in areas},
        sidecars={
            name: [read_sidecar(root / used.sidecar, root) for used in held.snapshots.values()]
            for name, held in vintage.manifest.sources.items()
        },
    )


def protected(project: Project, vintage: Vintage, *, source: str) -> ProtectedTable:
    """The protected figures of a source of a vintage. Raises DataError and SuppressionError."""
    synthetic = vintage.manifest.sources[source].synthetic
    return protected_from(read_source(vintage, project, source=source), project, source=source, synthetic=synthetic)


def protected_from(observations: pd.DataFrame, project: Project, *, source: str, synthetic: bool) -> ProtectedTable:
    """The figures of a source from its observations, protected by its patterns: every indicator that they can make."""
    observed = panel(observations)
    release = release_of(project, source=source, measures=observed.measures)
    return protect(observed, release, patterns=read_patterns(project.root, source), synthetic=synthetic)


def fingerprints(project: Project) -> dict[str, str]:
    """What the figures of each indicator hang on beside the data: its definition, and its rules of disclosure."""
    rules = {rule.source: rule for rule in project.rules}
    return {
        name: hashlib.sha256(
            json.dumps(
                {
                    "definition": definition.model_dump(mode="json", exclude=WORDS),
                    "rules": [
                        rules[source].model_dump(mode="json", include=DECISIONS) for source in definition.sources
                    ],
                },
                sort_keys=True,
            ).encode()
        ).hexdigest()[:16]
        for name, definition in project.indicators.items()
    }


DECISIONS: dict[str, Any] = {
    **dict.fromkeys(("kind", "threshold", "method", "measures", "tables"), True),
    "withheld": {"__all__": {"region"}},
}
"""What of a rule of disclosure figures hang on."""

WORDS: dict[str, Any] = {
    **dict.fromkeys(("name", "heading", "definition", "reason", "group", "direction", "comparison"), True),
    "parts": {"__all__": {"name"}},
}
"""What of a definition changes no figure."""
