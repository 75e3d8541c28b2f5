"""The first row of a delivered table: which column is which, and what is wrong with their names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from katsaus.config.contract import Contract
from katsaus.config.findings import Finding, some

_NAME = re.compile(r"[A-Za-z_](?!.*[0-9]{4})[A-Za-z0-9_]{0,40}")
"""A name that may be repeated in a message: no figure has got into it."""


@dataclass(frozen=True)
class Header:
    """`positions` of the contract's columns that are there, from 0; `width` is the number of cells in the row."""

    positions: Mapping[str, int]
    width: int
    findings: tuple[Finding, ...]


def read_header(names: Sequence[str], contract: Contract, *, where: str) -> Header:
    """The header in any order. Names are technical names; a title in a language of the contract is told as such."""
    separator = next((code for sign, code in _SEPARATORS if _split_otherwise(names, sign)), None)
    if separator:
        return Header({}, len(names), (Finding(separator, where),))
    positions = {name: position for position, name in enumerate(names) if name in contract.fields}
    findings = tuple(_findings(names, contract, where=where))
    return Header(positions, len(names), findings)


_SEPARATORS = ((";", "delimiter-semicolon"), ("\t", "delimiter-tab"))


def _split_otherwise(names: Sequence[str], sign: str) -> bool:
    """Whether commas are not what separates the names."""
    return sum(name.count(sign) for name in names) >= max(1, len(names))


def _findings(names: Sequence[str], contract: Contract, *, where: str) -> Iterable[Finding]:
    counts = Counter(names)
    repeated = [name for name in contract.fields if counts[name] > 1]
    if repeated:
        yield Finding("header-duplicate", where, {"columns": _named(repeated)})
    unknown = [name for name in names if name not in contract.fields]
    titles = _titles(contract)
    translated = {titles[_plain(name)] for name in unknown if _plain(name) in titles} - counts.keys()
    if translated:
        yield Finding("header-translated", where, {"columns": _named(translated)})
    unknown = [name for name in unknown if titles.get(_plain(name)) not in translated]
    missing = [
        name
        for name, field in contract.fields.items()
        if not field.optional and name not in counts and name not in translated
    ]
    origin = contract.column("DATA_ORIGIN")
    if origin in missing:
        missing.remove(origin)
        yield Finding("origin-missing", where, {"column": origin})
    if missing or unknown:
        mostly_known = len(unknown) < len(counts) / 2  # else the row may be one of figures, or of a person
        fields = {"missing": _named(missing), "unknown": _named(unknown if mostly_known else ()), "count": len(unknown)}
        yield Finding("header-renamed", where, fields)


def _titles(contract: Contract) -> dict[str, str]:
    """Columns by their titles in every language."""
    return {_plain(field.title[lang]): name for name, field in contract.fields.items() for lang in ("en", "fi", "sv")}


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _named(names: Iterable[str]) -> str:
    return some(name for name in names if _NAME.fullmatch(name))
