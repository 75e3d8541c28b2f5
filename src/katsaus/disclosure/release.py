"""What a project publishes of a source, as disclosure control needs it: rule, areas and what binds the figures."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from katsaus.config.project import Project
from katsaus.config.rules import PublishedKind
from katsaus.disclosure.table import Release
from katsaus.indicators import measures_of

COUNTED = ("persons", "households", "spells")
"""Units of measures that a threshold looks at where a rule names none."""


def release_of(project: Project, *, source: str, measures: Collection[str]) -> Release:
    """The release of a source: every indicator that its `measures` make, and the relations of reviews/sources.yml."""
    known = project.sources[source]
    rule = next(rule for rule in project.rules if rule.source == source)
    counted = rule.measures or [
        name
        for table in known.tables
        for name, measure in project.contracts[table].measures.items()
        if measure.unit in COUNTED
    ]
    definitions = {
        name: definition
        for name, definition in project.indicators.items()
        if source in definition.sources and set(measures) >= set(measures_of(definition))
    }
    return Release(
        definitions,
        area_members(project),
        area_kinds(project),
        rule,
        counted,
        withheld_areas(project),
        identities=known.identities,
        subsets=known.subsets,
        totals=known.group_totals,
        whole_country=any(
            total.total == "country" and total.parts == "municipality" and not (total.unallocated or total.tolerance)
            for total in known.area_totals
        ),
    )


def protected_by_us(project: Project, source: str) -> bool:
    """Whether cells of a source are hidden by patterns of ours: it is published, and by a rule that suppresses."""
    rule = next(rule for rule in project.rules if rule.source == source)
    shown = any(source in indicator.sources for indicator in project.indicators.values())
    return shown and rule.threshold is not None and rule.method == "suppression"


def area_kinds(project: Project) -> dict[str, PublishedKind]:
    """Area → its kind, of all that may be published."""
    return {
        **dict.fromkeys(project.trial_municipalities, "municipality"),
        **dict.fromkeys(project.regions, "region"),
        **{area.code: "trial_area" for area in project.areas},
        "trial": "trial",
        "other": "other",
        "country": "country",
    }


def area_members(project: Project) -> dict[str, Sequence[str]]:
    """Area → the areas of the source that it sums; a municipality, a region and the whole country is its own."""
    return {
        **{code: [code] for code in (*project.municipalities, *project.regions)},
        **{area.code: area.municipalities for area in project.areas},
        "trial": project.trial_municipalities,
        "other": project.other_municipalities,
        "country": project.codes("country"),
    }


def withheld_areas(project: Project) -> list[str]:
    """Municipalities that are not published singly: those of the regions that a disclosure rule withholds."""
    regions = {withheld.region for rule in project.rules for withheld in rule.withheld}
    return [code for code, municipality in project.municipalities.items() if municipality.region in regions]
