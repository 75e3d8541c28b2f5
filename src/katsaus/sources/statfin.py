"""Statistics Finland's open database: tables fetched whole, checked, and written as snapshots."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from katsaus.config.contract import Contract, load_contracts
from katsaus.config.files import validated
from katsaus.config.findings import some
from katsaus.config.models import LANGS, MunicipalitiesFile
from katsaus.config.strict_yaml import load
from katsaus.errors import KatsausError, Problem, SourceError, UsageError
from katsaus.sources.layout import TOTAL, Layout, find_layout, kept, month_of, narrowed
from katsaus.sources.parts import Rows, Store, split
from katsaus.sources.pxweb import CALLS, SECONDS, Listing, PxWeb
from katsaus.sources.request import Fetching, Tell
from katsaus.sources.snapshot import FOLDER, Sidecar, read_sidecar, snapshots, write_snapshot
from katsaus.sources.web import REAL_TIME, Client, Timer

BASE = "https://pxdata.stat.fi/PxWeb/api/v1/fi"
PUBLISHER = "statfin"
PARTS = f"{FOLDER}/{PUBLISHER}/.parts"
"""Where parts of unfinished tables are kept, in a folder for each state of a table."""

ROUNDS = 3
"""How often a table that is updated while it is fetched is begun anew."""


@dataclass(frozen=True)
class Table:
    """Where a table lies, and whose statistic it is of, by language."""

    folder: str
    source: dict[str, str]


_EMPLOYMENT = Table(
    "StatFin/tyonv",
    {
        "fi": "Tilastokeskus ja KEHA-keskus (vuoteen 2024 työ- ja elinkeinoministeriö), Työnvälitystilasto",
        "sv": "Statistikcentralen och UF-centret (till 2024 arbets- och näringsministeriet), "
        "Arbetsförmedlingsstatistik",
    },
)
_POPULATION = Table(
    "StatFin/vaerak",
    {"fi": "Tilastokeskus, Väestörakenne", "sv": "Statistikcentralen, Befolkningsstruktur"},
)
TABLES = {"12r5": _EMPLOYMENT, "12u4": _EMPLOYMENT, "11re": _POPULATION}


@dataclass(frozen=True)
class _Run:
    """What stays the same while the tables of one wish are fetched."""

    root: Path
    wish: Fetching
    tell: Tell
    site: PxWeb
    areas: frozenset[str]


def fetch_statfin(root: Path, wish: Fetching, *, tell: Tell, timer: Timer = REAL_TIME) -> list[Path]:
    """Write a snapshot of every wanted table that was updated since its newest one; returns their sidecars.

    An interrupted run goes on where it was. A table that can't be fetched does not hinder the others. Raises
    UsageError for a table that is not known, and one error of everything that went wrong, after the last table.
    """
    if unknown := set(wish.tables) - set(TABLES):
        what = f"{len(unknown)} tables are not fetched here: {some(unknown)}"
        raise UsageError(Problem(what, do=f"choose of {', '.join(TABLES)}"))
    contracts = load_contracts(root)
    written: list[Path] = []
    failed: list[KatsausError] = []
    with Client(limits=[(CALLS, SECONDS)], timer=timer) as client:
        run = _Run(root, wish, tell, PxWeb(client, wish.base_url or BASE), classification(root))
        cells = run.site.most_cells()
        for table in wish.tables or TABLES:
            try:
                written.extend(_fetch(run, contracts[f"{PUBLISHER}-{table}"], cells=cells))
            except (SourceError, UsageError) as error:
                failed.append(error)
    if failed:
        raise type(failed[0])(problem for error in failed for problem in error.problems)
    return written


def classification(root: Path) -> frozenset[str]:
    """Codes of the municipalities and regions of the review, and of the whole country."""
    file = validated(load(root / "reviews" / "municipalities.yml", root), MunicipalitiesFile)
    return frozenset({TOTAL, *(town.code for town in file.municipalities), *(region.code for region in file.regions)})


def _fetch(run: _Run, contract: Contract, *, cells: int) -> list[Path]:
    """The sidecar of a table's new snapshot; none if the newest is of the same state."""
    table = contract.name.removeprefix(f"{PUBLISHER}-")
    for _ in range(ROUNDS):
        listing = run.site.find(TABLES[table].folder, table)
        newest = _newest(run.root, contract)
        if newest and _same(newest, listing, run.wish):
            _forget(run.root, table)
            run.tell(1, 1, f"{contract.name} as before")
            return []
        layout = _layout(run, contract, listing=listing, newest=newest)
        folder = run.root / PARTS / f"{table}-{re.sub('[^0-9T]', '', listing.updated)}"
        _forget(run.root, table, but=folder)
        store = Store(folder, run.site.address(listing.path), layout, contract)
        rows = _gather(run, store, listing=listing, cells=cells)
        written = [_write(run, store, listing=listing, rows=rows)] if rows else []
        _forget(run.root, table)
        if written:
            return written
    what = f"the table {table} is updated again and again while it is fetched"
    raise SourceError(Problem(what, do="try again later"))


def _forget(root: Path, table: str, *, but: Path | None = None) -> None:
    """Remove the kept parts of a table, `but` those of one state."""
    for folder in (root / PARTS).glob(f"{table}-*"):
        if folder != but:
            shutil.rmtree(folder)


def _newest(root: Path, contract: Contract) -> Sidecar | None:
    paths = snapshots(root, contract.name)
    return read_sidecar(paths[-1], root) if paths else None


def _same(newest: Sidecar, listing: Listing, wish: Fetching) -> bool:
    """Whether the newest snapshot is of this state of the table, and of the months wished for."""
    months = ((wish.first, newest.first_month), (wish.last, newest.last_month))
    return newest.updated == listing.updated and all(wanted in (None, has) for wanted, has in months)


def _layout(run: _Run, contract: Contract, *, listing: Listing, newest: Sidecar | None) -> Layout:
    """What to ask of the table; a series that has a snapshot begins where that begins."""
    where = run.site.address(listing.path)
    layout = find_layout(run.site.variables(listing.path), contract, where=where)
    if missing := set(kept(run.areas, contract)) - set(layout.areas):
        what = f"{len(missing)} areas of the review are not in {contract.name}: {some(missing)}"
        why = "if municipalities have merged, the figures of those they joined cover more than the review's area"
        raise SourceError(Problem(what, where, why, "compare the table with reviews/municipalities.yml"))
    first = run.wish.first or (newest.first_month if newest else None)
    periods = narrowed(layout.periods, replace(run.wish, first=first), contract=contract)
    return replace(layout, periods=periods)


def _gather(run: _Run, store: Store, *, listing: Listing, cells: int) -> Rows | None:
    """The rows of all parts; None if the table was updated between two of them."""
    layout, rows = store.layout, Rows()
    parts, stamps = split(layout, cells), set()
    for number, part in enumerate(parts):
        ask = partial(run.site.ask, listing.path, layout.choice(part.areas, part.periods))
        found, stamp = store.rows(part, number=number, ask=ask)
        rows |= found
        stamps.add(stamp)
        if len(stamps) > 1:
            return None
        run.tell(number + 1, len(parts), store.contract.name)
    return rows


def _write(run: _Run, store: Store, *, listing: Listing, rows: Rows) -> Path:
    layout, contract = store.layout, store.contract
    keys = [(area, period) for area in layout.areas for period in layout.periods]
    if set(keys) != set(rows):
        raise SourceError(Problem(f"{len(set(keys) ^ set(rows))} rows are missing or too many", store.where))
    header = ",".join([contract.column("REF_AREA") or "", contract.column("TIME_PERIOD") or "", *layout.measures])
    lines = [header, *(f"{area},{period},{rows[area, period]}" for area, period in keys)]
    content = ("\n".join(lines) + "\n").encode()
    return write_snapshot(run.root, contract.name, content=content, about=_about(run, store, listing=listing))


def _about(run: _Run, store: Store, *, listing: Listing) -> dict[str, object]:
    layout, contract = store.layout, store.contract
    table = contract.name.removeprefix(f"{PUBLISHER}-")
    source, word = TABLES[table].source, {"fi": "taulukko", "sv": "tabell"}
    first, last = month_of(layout.periods[0]), month_of(layout.periods[-1])
    return {
        "source": source,
        "table": table,
        "title": {lang: contract.title[lang] for lang in LANGS},
        "url": f"{BASE}/{TABLES[table].folder}/{table}.px",
        "licence": "CC BY 4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
        "citation": {lang: f"{source[lang]}, {word[lang]} {table}, CC BY 4.0" for lang in LANGS},
        "retrieved": run.wish.today,
        "updated": listing.updated,
        "provenance": f"Fetched through PxWeb from {listing.path}, as updated {listing.updated}.",
        "selection": f"{_areas(layout.areas)}; {first} to {last}; {len(layout.measures)} measures{_totals(layout)}.",
        "measures": list(layout.measures),
        "rows": len(layout.areas) * len(layout.periods),
        "areas": len(layout.areas),
        "first_month": first,
        "last_month": last,
        "synthetic": False,
    }


def _areas(codes: Iterable[str]) -> str:
    kinds = {"KU": "municipalities (KU)", "MK": "regions (MK)", TOTAL[:2]: f"the whole country ({TOTAL})"}
    found = [name for start, name in kinds.items() if any(code.startswith(start) for code in codes)]
    return ", ".join(found).capitalize()


def _totals(layout: Layout) -> str:
    return f", all of {', '.join(layout.totals)}" if layout.totals else ""
