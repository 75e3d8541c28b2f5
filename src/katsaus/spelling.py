"""What a name that is unknown may have been meant to be, for messages."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from katsaus.errors import Problem, UsageError

ALL = 12
"""Names that a message lists in full; of more than these it names the near ones alone."""


def near(name: str, known: Iterable[str]) -> str:
    """What to do about an unknown `name`: "did you mean value?", and what there is where that is not much."""
    names = list(dict.fromkeys(known))
    folded = {other.casefold(): other for other in names}
    found = [folded[close] for close in get_close_matches(name.casefold(), folded, cutoff=0.7)]
    meant = f"did you mean {' or '.join(found)}?" if found else ""
    there = f"choose from: {', '.join(names)}" if len(names) <= ALL else ""
    return " ".join(filter(None, (meant, there)))


def refuse_unknown(what: str, name: str, *, known: Iterable[str]) -> None:
    """Raise UsageError, with the near ones, if `name` is none of the `known`; `what` is what it should name."""
    names = list(known)
    if name not in names:
        raise UsageError(Problem(f"no {what} {name}", do=near(name, names)))
