"""What checks of data find: a stable code with counts and places, told in the reader's language. Never a value.

The messages and remedies of all codes are in reviews/checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from katsaus.config.files import validated
from katsaus.config.models import Model, Name, Trilingual
from katsaus.config.strict_yaml import load
from katsaus.errors import ConfigError, Problem

Reader = Literal["en", "fi", "sv"]
ENOUGH = 5
FOLDER = "reviews/checks"

_SAFE = re.compile(
    r"(KU|KK|MK|SK|ELY|SSS)[0-9]{0,3}"  # areas
    r"|[0-9]{4}[-M][0-9]{2}"  # months
    r"|(?!(?:[^0-9]*[0-9]){5})[A-Za-z_][A-Za-z0-9_.=-]{0,40}"  # columns, groups, identities; no figure, no pseudonym
)


@dataclass(frozen=True)
class Finding:
    """One kind of fault in one place. `fields` are counts and names (codes of areas, months, columns), never values."""

    code: str
    where: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)


class Check(Model):
    """A code with its message and remedy; a warning does not stop the data."""

    code: Name
    level: Literal["error", "warning"]
    message: Trilingual
    do: Trilingual


class ChecksFile(Model):
    """A file of reviews/checks."""

    checks: tuple[Check, ...]


def load_checks(root: Path) -> dict[str, Check]:
    """Every check by its code. Raises one ConfigError with all problems."""
    problems: list[Problem] = []
    found: dict[str, Check] = {}
    for path in sorted((root / FOLDER).glob("*.yml")):
        try:
            document = load(path, root)
            checks = validated(document, ChecksFile).checks
        except ConfigError as error:
            problems.extend(error.problems)
            continue
        for position, check in enumerate(checks):
            if check.code in found:
                where = document.where("checks", position, "code")
                problems.append(Problem(f"the code {check.code} is used twice", where, do="give each its own"))
            found[check.code] = check
    if problems:
        raise ConfigError(problems)
    return found


def tell(finding: Finding, checks: Mapping[str, Check], *, lang: Reader = "en") -> Problem:
    """The finding in words: "area-unknown: 3 unknown area codes: KU998"."""
    check = checks[finding.code]
    return Problem(f"{finding.code}: {check.message[lang].format(**finding.fields)}", finding.where, do=check.do[lang])


def some(values: Iterable[str]) -> str:
    """The first few of `values` that are codes, months or names; what looks like none of these is not repeated."""
    safe = sorted(value for value in set(values) if _SAFE.fullmatch(value))
    listed = ", ".join(safe[:ENOUGH])
    return listed + (" …" if len(safe) > ENOUGH else "") if listed else "–"
