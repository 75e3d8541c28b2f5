"""Statistics Finland's open database: tables fetched whole, checked, and written as snapshots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from katsaus.config.contract import Contract, load_contracts
from katsaus.config.files import validated
from katsaus.config.findings import some
from katsaus.config.models import LANGS, MunicipalitiesFile
from katsaus.config.strict_yaml import load
from katsaus.errors import Problem, SourceError
from katsaus.sources.layout import TOTAL, Layout, find_layout, kept, month_of, narrowed
from katsaus.sources.parts import Rows, Store, split
from katsaus.sources.pxweb import CALLS, SECONDS, Listing, PxWeb
from katsaus.sources.renewal import fetch_each, forget_parts, is_held, newest, parts_folder
from katsaus.sources.request import Fetching, Tell
from katsaus.sources.snapshot import write_snapshot
from katsaus.sources.web import REAL_TIME, Client, Timer

BASE = "https://pxdata.stat.fi/PxWeb/api/v1/fi"
PUBLISHER = "statfin"
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

    An interrupted run goes on where it was. Errors are those of `fetch_each`. A table that lacks an area of the review
    is refused: if municipalities have merged since, figures of their neighbours would cover more than they say.
    """
    contracts = load_contracts(root)
    with Client(limits=[(CALLS, SECONDS)], timer=timer) as client:
        run = _Run(root, wish, tell, PxWeb(client, wish.base_url or BASE), classification(root))
        cells = run.site.most_cells()
        fetch = partial(_fetch, run, cells=cells)
        return fetch_each(wish.tables, TABLES, fetch=lambda table: fetch(contracts[f"{PUBLISHER}-{table}"]))


def classification(root: Path) -> frozenset[str]:
    """Codes of the municipalities and regions of the review, and of the whole country."""
    file = validated(load(root / "reviews" / "municipalities.yml", root), MunicipalitiesFile)
    return frozenset({TOTAL, *(town.code for town in file.municipalities), *(region.code for region in file.regions)})


def _fetch(run: _Run, contract: Contract, *, cells: int) -> list[Path]:
    """The sidecar of a table's new snapshot; none if the newest is of the same state."""
    table = contract.name.removeprefix(f"{PUBLISHER}-")
    for _ in range(ROUNDS):
        listing, before = run.site.find(TABLES[table].folder, table), newest(run.root, contract.name)
        if is_held(before, updated=listing.updated, wish=run.wish):
            forget_parts(run.root, contract.name)
            run.tell(f"{contract.name} as before", done=1, total=1)
            return []
        folder = parts_folder(run.root, contract.name, updated=listing.updated)
        forget_parts(run.root, contract.name, but=folder)
        layout = _layout(run, contract, listing=listing, first=before.first_month if before else None)
        store = Store(folder, run.site.address(listing.path), layout, contract)
        rows = _gather(run, store, listing=listing, cells=cells)
        written = [_write(run, store, listing=listing, rows=rows)] if rows else []
        forget_parts(run.root, contract.name)
        if written:
            return written
    what = f"the table {table} is updated again and again while it is fetched"
    raise SourceError(Problem(what, do="try again later"))


def _layout(run: _Run, contract: Contract, *, listing: Listing, first: str | None) -> Layout:
    """What to ask of the table; without another wish the series begins at `first`."""
    where = run.site.address(listing.path)
    layout = find_layout(run.site.variables(listing.path), contract, where=where)
    if missing := set(kept(run.areas, contract)) - set(layout.areas):
        what = f"{len(missing)} areas of the review are not in {contract.name}: {some(missing)}"
        why = "if municipalities have merged, the figures of those they joined cover more than the review's area"
        raise SourceError(Problem(what, where, why, "compare the table with reviews/municipalities.yml"))
    periods = narrowed(layout.periods, replace(run.wish, first=run.wish.first or first), contract=contract)
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
        run.tell(store.contract.name, done=number + 1, total=len(parts))
    return rows


def _write(run: _Run, store: Store, *, listing: Listing, rows: Rows) -> Path:
    layout, contract = store.layout, store.contract
    keys = [(area, period) for area in layout.areas for period in layout.periods]
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
    return f"For {', '.join(found)}"


def _totals(layout: Layout) -> str:
    return f", all of {', '.join(layout.totals)}" if layout.totals else ""
