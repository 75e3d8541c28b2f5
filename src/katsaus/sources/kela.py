"""Kela's open data sets: found in the catalogue avoindata.fi, brought to disk, added up, and written as snapshots."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pydantic import Field

from katsaus.calendar import shift
from katsaus.config.contract import Contract, load_contracts
from katsaus.config.findings import some
from katsaus.config.models import LANGS
from katsaus.errors import Problem, SourceError, UsageError
from katsaus.sources.download import download
from katsaus.sources.kela_columns import DATASETS, Dataset
from katsaus.sources.kela_tally import CORRECT, Tally
from katsaus.sources.renewal import fetch_each, forget_parts, is_held, newest, parts_folder
from katsaus.sources.request import Fetching, Tell
from katsaus.sources.snapshot import write_snapshot
from katsaus.sources.strict_json import AGAIN, Foreign, checked, parse_json
from katsaus.sources.web import REAL_TIME, Client, Timer

BASE = "https://www.avoindata.fi/data/api/3/action"
PAGE = "https://www.avoindata.fi/data/fi/dataset"
SOURCE = {"fi": "Kela, avoin data", "sv": "FPA, öppna data"}
LIMITS = [(25, 60.0)]

_DATA = re.compile(r"data(?:_([0-9]{4}))?\.csv")
_DESCRIPTION = "package.json"


class _Resource(Foreign):
    url: str
    last_modified: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+)?$")

    @property
    def file(self) -> str:
        return self.url.partition("?")[0].rpartition("/")[2]


class _Package(Foreign):
    licence: str = Field(alias="license_id")
    resources: list[_Resource]


class _Shown(Foreign):
    result: _Package


class _Column(Foreign):
    name: str


class _Columns(Foreign):
    fields: list[_Column]


class _Described(Foreign):
    columns: _Columns = Field(alias="schema")


class _Description(Foreign):
    resources: list[_Described] = Field(min_length=1)


@dataclass(frozen=True)
class _Run:
    """One data set that is fetched."""

    root: Path
    wish: Fetching
    tell: Tell
    client: Client
    dataset: Dataset


@dataclass(frozen=True)
class _Found:
    """What the catalogue has of a data set: addresses of its files of data by name, of its description, its state."""

    files: dict[str, str]
    description: str
    updated: str


def fetch_kela(root: Path, wish: Fetching, *, tell: Tell, timer: Timer = REAL_TIME) -> list[Path]:
    """Write a snapshot of every wanted data set ("recipients", "subsidy") that was changed since its newest one.

    Returns their sidecars; errors are those of `fetch_each`. An interrupted run goes on where it was.
    """
    contracts = load_contracts(root)
    with Client(limits=list(LIMITS), timer=timer) as client:

        def fetch(name: str) -> list[Path]:
            run = _Run(root, wish, tell, client, DATASETS[name])
            return _fetch(run, contracts[run.dataset.contract])

        return fetch_each(wish.tables, DATASETS, fetch=fetch)


def _fetch(run: _Run, contract: Contract) -> list[Path]:
    """The sidecar of the new snapshot; none if the newest is of the same state."""
    found, before = _look_up(run), newest(run.root, contract.name)
    if is_held(before, updated=found.updated, wish=run.wish):
        forget_parts(run.root, contract.name)
        run.tell(f"{contract.name} as before", done=1, total=1)
        return []
    folder = parts_folder(run.root, contract.name, updated=found.updated)
    forget_parts(run.root, contract.name, but=folder)
    columns = _columns(run, found)
    first = run.wish.first or (before.first_month if before else None)
    tally = Tally(run.dataset, contract, months=(first, run.wish.last))
    hashes = {}
    files = {name: url for name, url in found.files.items() if _concerns(name, first, last=run.wish.last)}
    for number, (name, url) in enumerate(files.items(), 1):
        hashes[name] = download(run.client, url, to=folder / name)
        try:
            tally.read(folder / name, columns)
        except SourceError:
            (folder / name).unlink()  # the next run brings it anew: this one may be a notice in the place of data
            raise
        run.tell(contract.name, done=number, total=len(files))
    path = _write(run, contract, tally=tally, about=_origin(found, tally, hashes=hashes))
    forget_parts(run.root, contract.name)
    return [path]


def _look_up(run: _Run) -> _Found:
    base = (run.wish.base_url or BASE).rstrip("/")
    where = f"{base}/package_show?id={run.dataset.id}"
    package = checked(parse_json(run.client.get(where), where), _Shown, where=where).result
    wanted = [item for item in package.resources if item.file == _DESCRIPTION or _DATA.fullmatch(item.file)]
    urls = {item.file: item.url for item in wanted}
    faults = []
    if re.sub("[^a-z0-9]", "", package.licence.lower()) != "ccby40":
        faults.append("the licence is no longer CC BY 4.0")
    if len(urls) < len(wanted):
        faults.append("a file is listed twice")
    if _DESCRIPTION not in urls or len(urls) == 1:
        faults.append(f"the data set has no {_DESCRIPTION} or no data.csv")
    if faults:
        raise SourceError(Problem(fault, where, do=AGAIN) for fault in faults)
    description = urls.pop(_DESCRIPTION)
    return _Found(dict(sorted(urls.items())), description, max(item.last_modified for item in wanted))


def _concerns(file: str, first: str | None, *, last: str | None) -> bool:
    """Whether a file may hold wanted months: data_2021.csv holds those of a year."""
    match = _DATA.fullmatch(file)
    year = match[1] if match else None
    return not year or ((first or year)[:4] <= year <= (last or year)[:4])


def _columns(run: _Run, found: _Found) -> list[str]:
    """The columns of the data, as described. Raises SourceError, with their names, if they are not those we know."""
    where = found.description
    described = checked(parse_json(run.client.get(where), where), _Description, where=where).resources
    columns = [field.name for field in described[0].columns.fields]
    known = run.dataset.columns
    faults = []
    if unknown := set(columns) - known:
        faults.append(f"{len(unknown)} columns are unknown: {some(unknown)}")
    if missing := known - set(columns):
        faults.append(f"{len(missing)} columns are missing: {some(missing)}")
    if len(set(columns)) < len(columns) or any(item.columns != described[0].columns for item in described):
        faults.append("columns are named twice, or its files have different ones")
    if faults:
        raise SourceError(Problem(fault, where, do=CORRECT) for fault in faults)
    return columns


def _origin(found: _Found, tally: Tally, *, hashes: dict[str, str]) -> dict[str, str]:
    files = ", ".join(f"{name} (sha256 {digest})" for name, digest in hashes.items())
    left = f"{tally.unknown} rows of an unknown municipality (199), whose persons are in no municipality here"
    return {"updated": found.updated, "provenance": f"Added up from {files}. Left out: {left}."}


def _write(run: _Run, contract: Contract, *, tally: Tally, about: dict[str, str]) -> Path:
    lines = list(tally.lines())
    months = sorted({month for _, month, _, _ in lines})
    _check_months(run, months)
    header = ["area", "month", "group", *run.dataset.measures]
    text = [",".join(header), *(",".join([area, month, group, *figures]) for area, month, group, figures in lines)]
    described = {
        "source": SOURCE,
        "table": run.dataset.id,
        "title": {lang: contract.title[lang] for lang in LANGS},
        "url": f"{PAGE}/{run.dataset.id}",
        "licence": "CC BY 4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
        "citation": {lang: f"{SOURCE[lang]}, {run.dataset.id}, CC BY 4.0" for lang in LANGS},
        "retrieved": run.wish.today,
        **about,
        "selection": f"Municipalities by age group, {months[0]} to {months[-1]}.",
        "measures": list(run.dataset.measures),
        "rows": len(lines),
        "areas": len({area for area, _, _, _ in lines}),
        "first_month": months[0],
        "last_month": months[-1],
        "synthetic": False,
    }
    return write_snapshot(run.root, contract.name, content=("\n".join(text) + "\n").encode(), about=described)


def _check_months(run: _Run, months: list[str]) -> None:
    name = run.dataset.id
    if not months:
        raise UsageError(Problem(f"{name} has none of the months", do="choose months that it has"))
    if gaps := [month for month, after in pairwise(months) if shift(month, 1) != after]:
        raise SourceError(Problem(f"{name}: months are missing in the middle, after {some(gaps)}", do=CORRECT))
    if (run.wish.first or months[0], run.wish.last or months[-1]) != (months[0], months[-1]):
        why = f"it has {months[0]} to {months[-1]} of them"
        raise UsageError(Problem(f"{name} does not have all of the months", why=why, do="choose months that it has"))
