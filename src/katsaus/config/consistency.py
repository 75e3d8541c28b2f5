"""What must hold between indicators, sources, the contracts of their tables and the rules of disclosure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from katsaus.config.contract import Contract
from katsaus.config.expression import Expression
from katsaus.config.files import Files
from katsaus.config.models import Indicator
from katsaus.errors import Problem

DECLARED = "declare it in reviews/sources.yml or correct the name"


def check_consistency(files: Files, contracts: Mapping[str, Contract]) -> Iterator[Problem]:
    """Every problem between the files and the contracts by name."""
    measures = {
        source.id: {name for table in source.tables if table in contracts for name in contracts[table].measures}
        for source in files.sources.sources
    }
    yield from _tables(files, contracts)
    yield from _rules(files, measures)
    yield from _identities(files, measures)
    yield from _indicators(files, measures)


def _tables(files: Files, contracts: Mapping[str, Contract]) -> Iterator[Problem]:
    document = files.documents["sources"]
    used = set()
    for position, source in enumerate(files.sources.sources):
        where = document.where("sources", position, "tables")
        for table in source.tables:
            used.add(table)
            if table not in contracts:
                yield Problem(
                    f"source {source.id}: no contract {table}", where, do="correct the name or add the contract"
                )
            elif contracts[table].source != source.id:
                what = f"the contract {table} is of the source {contracts[table].source}, not {source.id}"
                yield Problem(what, where, do="correct one of them")
    for name in sorted(contracts.keys() - used):
        yield Problem(f"no source has the table {name}", f"data/contracts/{name}.json", do=DECLARED)


def _rules(files: Files, measures: Mapping[str, set[str]]) -> Iterator[Problem]:
    """Each source has one rule: without it nothing of it is published."""
    document = files.documents["disclosure"]
    for position, rule in enumerate(files.disclosure.rules):
        if rule.source not in measures:
            where = document.where("rules", position, "source")
            yield Problem(f"rule {rule.id}: unknown source {rule.source}", where, do=DECLARED)
        for name in rule.measures:
            if name not in measures.get(rule.source, {name}):
                where = document.where("rules", position, "measures")
                yield Problem(f"rule {rule.id}: {rule.source} has no measure {name}", where, do="correct the name")
    ruled = {rule.source for rule in files.disclosure.rules}
    for position, source in enumerate(files.sources.sources):
        if source.id not in ruled:
            where = files.documents["sources"].where("sources", position, "id")
            do = "add its rule to reviews/disclosure.yml"
            yield Problem(f"no disclosure rule for {source.id}", where, "without a rule it can't be published", do)


def _identities(files: Files, measures: Mapping[str, set[str]]) -> Iterator[Problem]:
    document = files.documents["sources"]
    for position, source in enumerate(files.sources.sources):
        for number, identity in enumerate(source.identities):
            where = document.where("sources", position, "identities", number)
            for side in (identity.left, identity.right):
                yield from _known(side, measures[source.id], what=f"identity {identity.id}", where=where)
        for name in source.yearly:
            if name not in measures[source.id]:
                where = document.where("sources", position, "yearly")
                yield Problem(f"source {source.id} has no measure {name}", where, do="correct the name")


def _known(side: Expression, known: set[str], *, what: str, where: str) -> Iterator[Problem]:
    for name in side.measures:
        if name not in known:
            yield Problem(f"{what}: no measure {name}", where, do="use a measure of the source's contracts")


def _indicators(files: Files, measures: Mapping[str, set[str]]) -> Iterator[Problem]:
    document = files.documents["indicators"]
    for position, item in enumerate(files.indicators.indicators):
        where = document.where("indicators", position)
        for what, do in _contradictions(item):
            yield Problem(f"indicator {item.id}: {what}", where, do=do)
        for source in item.sources:
            at = document.where("indicators", position, "sources")
            if source not in measures:
                yield Problem(f"indicator {item.id}: unknown source {source}", at, do=DECLARED)
                continue
            sums = [*item.numerators.values(), *([item.denominator] if item.denominator else [])]
            for side in sums:
                yield from _known(side, measures[source], what=f"indicator {item.id} of {source}", where=at)


def _contradictions(item: Indicator) -> Iterator[tuple[str, str]]:
    """What an entry says against itself, and what to do."""
    if bool(item.sources) == (item.reason is not None):
        yield "published or not", "give it sources, or a reason why it is not published"
    if not item.sources:
        return
    if item.formula == "none":
        yield "it has sources and no formula", "name its formula"
    if (item.numerator is None) == (not item.parts):
        yield "a numerator or parts", "give it one of the two"
    wants = item.formula in RATES
    if wants != (item.denominator is not None):
        yield f"the formula {item.formula} {'needs a' if wants else 'has no'} denominator", "correct one of them"
    if (item.formula == "index") != (item.base is not None) or (item.formula == "index") != (item.unit == "index"):
        yield "an index, and only an index, has a base and the unit index", "correct one of them"
    if item.base and item.base.last < item.base.first:
        yield "the base period ends before it begins", "turn it round"


RATES = {"percentage", "ratio", "change_of_percentage", "average_percentage", "gap_of_percentage"}
"""Formulas that divide."""
