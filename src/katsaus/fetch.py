"""Where figures come from, by the name that the command line uses."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from katsaus.config.findings import Finding, tell
from katsaus.config.project import Project, load_project
from katsaus.errors import DataError, DiskFullError, OutputError, Problem, UsageError
from katsaus.sources.delivery import Delivery, as_csv, read_delivery, shown
from katsaus.sources.kela import fetch_kela
from katsaus.sources.request import Fetching, Tell
from katsaus.sources.snapshot import FOLDER, Sidecar, read_snapshot, snapshots, write_snapshot
from katsaus.sources.statfin import fetch_statfin
from katsaus.store.load import load_source

__all__ = ["Fetched", "Fetching", "fetch"]


MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Fetched:
    """The sidecars of the snapshots that were written, and what is noteworthy about them."""

    sidecars: tuple[Path, ...]
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class _Candidate:
    """What is to become a snapshot, if nothing speaks against it."""

    content: bytes
    about: Mapping[str, object]

    def sidecar(self, contract: str) -> Sidecar:
        """What will be said of it; the names of the files are found when they are written."""
        digest = hashlib.sha256(self.content).hexdigest()
        return Sidecar.model_validate({"id": contract, **self.about, "file": "delivered.csv.gz", "sha256": digest})


def fetch_extract(root: Path, wish: Fetching, *, tell: Tell) -> Fetched:
    """Take in the delivered files of `wish`: all of them, or none where one is refused.

    Each is checked with the other tables of its source as they are, and against its snapshot before; what is there
    already is not written again. Raises UsageError without files, DataError with every fault of every file; then
    nothing is written.
    """
    if not wish.files:
        raise UsageError(
            Problem("no file to take in", do="name them: katsaus fetch extract ministry-flows-2023-07.csv")
        )
    if wish.first or wish.last:
        raise UsageError(Problem("a delivered file is taken in whole", do="leave --from and --to out"))
    project = load_project(root)
    candidates: dict[str, _Candidate] = {}
    findings: list[Finding] = []
    for done, path in enumerate(wish.files):
        where = shown(path, root)
        tell(where, done=done, total=len(wish.files))
        delivery = read_delivery(path, project.contracts, root=root, today=wish.today)
        findings.extend(delivery.findings)
        if delivery.contract in candidates:
            findings.append(Finding("file-twice", where, {"table": delivery.contract}))
        elif not delivery.findings:
            candidates[delivery.contract] = _candidate(delivery, project, path=path, wish=wish)
    warnings = _checked(candidates, project, findings=findings, wish=wish)
    new = {name: one for name, one in candidates.items() if not _there(root, name, content=one.content)}
    written = [write_snapshot(root, name, content=one.content, about=one.about) for name, one in new.items()]
    tell("written", done=len(wish.files), total=len(wish.files))
    return Fetched(tuple(written), warnings)


def _there(root: Path, contract: str, *, content: bytes) -> bool:
    """Whether the newest snapshot of a contract holds just this."""
    known = snapshots(root, contract)
    return bool(known) and read_snapshot(known[-1], root)[1] == content


def _checked(
    candidates: Mapping[str, _Candidate], project: Project, *, findings: list[Finding], wish: Fetching
) -> tuple[Problem, ...]:
    """Refuse what is wrong in the files or, as figures, in their sources; returns what is noteworthy."""
    problems = [_told(finding, project, wish=wish) for finding in findings]
    warnings: list[Problem] = []
    for source in dict.fromkeys(project.contracts[name].source for name in candidates):
        try:
            delivered = {name: (one.sidecar(name), one.content) for name, one in candidates.items()}
            loaded = load_source(project, source, delivered=delivered, lang=wish.lang)
            warnings.extend(_told(finding, project, wish=wish) for finding in loaded.warnings)
        except DataError as error:
            problems.extend(error.problems)
    if problems:
        raise DataError(problems)
    return tuple(warnings)


def _told(finding: Finding, project: Project, *, wish: Fetching) -> Problem:
    return tell(finding, project.checks, lang=wish.lang)


def _candidate(delivery: Delivery, project: Project, *, path: Path, wish: Fetching) -> _Candidate:
    """The delivered table as a snapshot that is not written yet."""
    contract = project.contracts[delivery.contract]
    name = project.sources[contract.source].name
    table = delivery.table
    month, area, origin = (contract.column(role) for role in ("TIME_PERIOD", "REF_AREA", "DATA_ORIGIN"))
    months = table[month].cat.categories if contract.kind == "observations" and month else [delivery.month]
    about = {
        "source": {"fi": name.fi, "sv": name.sv},
        "table": contract.name,
        "title": {"fi": contract.title.fi, "sv": contract.title.sv},
        "url": None,
        "licence": "not public; delivered for the review",
        "licence_url": None,
        "citation": {"fi": name.fi, "sv": name.sv},
        "retrieved": wish.today,
        "updated": None,
        "provenance": f"Delivered as {path.name}, sha256 {delivery.sha256}.",
        "selection": "The table as it was delivered, its cells written in one way.",
        "measures": tuple(f.name for f in contract.measures.values() if f.name in table) or tuple(table.columns),
        "rows": len(table),
        "areas": len(table[area].cat.categories) if contract.kind == "observations" and area else 0,
        "first_month": min(months),
        "last_month": max(months),
        "synthetic": bool(origin) and list(table[origin].cat.categories) == ["synthetic"],
    }
    return _Candidate(as_csv(delivery), about)


def _network(get: Callable[..., list[Path]], address: str) -> Callable[..., Fetched]:
    """A source on the network, at the address that the environment names, for tests and mirrors, or at its own."""

    def fetch_it(root: Path, wish: Fetching, *, tell: Tell) -> Fetched:
        if wish.files:
            raise UsageError(Problem("files are for the source extract only", do="leave them out"))
        base = wish.base_url or os.environ.get(address) or None
        return Fetched(tuple(get(root, replace(wish, base_url=base), tell=tell)))

    return fetch_it


ADDRESSES = {"statfin": "KATSAUS_STATFIN_URL", "kela": "KATSAUS_KELA_URL"}
"""Variables of the environment that replace the address of a source, for tests and mirrors."""

SOURCES: dict[str, Callable[..., Fetched]] = {
    "statfin": _network(fetch_statfin, ADDRESSES["statfin"]),
    "kela": _network(fetch_kela, ADDRESSES["kela"]),
    "extract": fetch_extract,
}
"""Each takes the project's root, a Fetching and `tell`, and returns what it fetched."""


def fetch(root: Path, wish: Fetching, *, source: str, tell: Tell) -> Fetched:
    """What `source` gave for `wish`; nothing where it has nothing new.

    Raises UsageError for an unknown source or a wish that it can't fulfil, SourceError when it does not answer or not
    as promised, DataError for delivered files that are wrong, OutputError when it can't be written; snapshots that were
    written before stay.
    """
    if source not in SOURCES:
        raise UsageError(Problem("there is no such source", do=f"choose of {', '.join(SOURCES)}"))
    for month in filter(None, (wish.first, wish.last)):
        if not MONTH.fullmatch(month):
            raise UsageError(Problem("--from and --to take a month", do="write it as 2021-03"))
    try:
        return SOURCES[source](root, wish, tell=tell)
    except OSError as error:
        kind = DiskFullError if error.errno == errno.ENOSPC else OutputError
        why = error.strerror or ""
        raise kind(Problem("what was fetched can't be written", FOLDER, why, "make room, and fetch again")) from None
