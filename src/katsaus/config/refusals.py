"""What is wrong with a YAML file, in the words of those who write it: pydantic's findings, each at its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from katsaus.config.strict_yaml import Document
from katsaus.errors import Problem
from katsaus.spelling import near

Found = Mapping[str, Any]
Loc = tuple[int | str, ...]

PATTERNS = {
    r"^[0-9]{4}-(0[1-9]|1[0-2])$": ("a month", "2023-06"),
    r"^KK[0-9]{2}$": ("a code", "KK07"),
    r"^KU[0-9]{3}$": ("a code", "KU205"),
    r"^MK[0-9]{2}$": ("a code", "MK01"),
    r"^[A-Z][0-9]{2}$": ("the id of an indicator", "A03"),
    r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$": ("a name of small letters, digits, - and _", "statfin-12r5"),
    r"^[a-z0-9]+(-[a-z0-9]+)*$": ("a name of small letters, digits and -", "kainuu"),
    r"^[^\s=+@-](.*\S)?$": ("a text: one line that begins with no space, =, +, - or @", "Työttömät"),
}
"""What texts of a form are called, and one of them."""

TYPES = {
    "bool_type": ("neither true nor false", "write true or false"),
    "date_type": ("no date", "write 2023-06-30"),
    "dict_type": ("not made of keys and values", "write a line for each of its keys"),
    "float_type": ("no number", "write it without quotes"),
    "int_type": ("no whole number", "write it without quotes"),
    "model_type": ("not made of keys and values", "write a line for each of its keys"),
    "string_type": ("no text", "put it in quotes"),
    "too_short": ("empty", "name one at least"),
}
NAMES = ("id", "code", "notebook", "key")
"""Keys by which an entry of a list is known."""

ORDER = ("tuple_type", "string_pattern_mismatch", "too_short")
"""Of several findings at one place the one that is told: what would be right is one of several forms."""


def problems(document: Document, found: Iterable[Found], *, codes: Mapping[str, str]) -> Iterator[Problem]:
    """A problem for each place of `document` at which pydantic `found` something; `codes` is slug → code of areas."""
    places: dict[Loc, list[Found]] = {}
    for item in found:
        places.setdefault(_place(document.data, item), []).append(item)
    absent = [loc for loc, items in places.items() if items[0]["type"] == "missing"]
    for loc, items in places.items():
        beneath = any(other[: len(loc)] == loc != other for other in places)
        if not (beneath and all(item["type"] in ("too_short", "literal_error") for item in items)):
            yield _Place(document, loc, items, codes).problem([key[-1] for key in absent if key[:-1] == loc[:-1]])


def _place(data: Any, item: Found) -> Loc:
    """Where in the file a finding is: its location without the forms that pydantic tried."""
    loc: list[int | str] = []
    for step in item["loc"]:
        listed = isinstance(data, tuple | list) and isinstance(step, int) and step < len(data)
        if listed or (isinstance(data, Mapping) and step in data):
            data = data[step]
        elif item["type"] != "missing" or step != item["loc"][-1]:
            continue
        loc.append(step)
    return tuple(loc)


@dataclass(frozen=True)
class _Place:
    """A place of a file and what was found there."""

    document: Document
    loc: Loc
    items: Sequence[Found]
    codes: Mapping[str, str]

    def problem(self, absent: Sequence[int | str]) -> Problem:
        """What is wrong; `absent` are keys that the same entry lacks, one of which may have been misspelt."""
        where = self.document.where(*self.loc)
        entry, key = self._entry()
        kind = self.items[0]["type"]
        if kind == "missing":
            return Problem(f"{entry or 'the file'} has no {key}", where, do="add it")
        if kind == "extra_forbidden":
            do = near(str(self.loc[-1]), map(str, absent)) or "correct its spelling or remove it"
            return Problem(f"{entry or 'the file'} has an unknown key: {key}", where, do=do)
        what, do = self._wrong()
        return Problem(": ".join(filter(None, (entry, key, what))), where, do=do)

    def _entry(self) -> tuple[str, str]:
        """The entry of a list that the place is in, by its name, and the keys within it."""
        data: Any = self.document.data
        for at, step in enumerate(self.loc[:-1] if self.items[0]["type"] == "missing" else self.loc):
            data = data[step]
            name = next((data[key] for key in NAMES if key in data), "") if isinstance(data, Mapping) and at else ""
            if at == 1 and isinstance(step, int):
                kind = re.sub("s$", "", re.sub("ies$", "y", str(self.loc[0])))
                told = f"the {kind} {name}" if isinstance(name, str) and name else f"{self.loc[0]}.{step}"
                return told, ".".join(map(str, self.loc[2:]))
        return "", ".".join(map(str, self.loc))

    def _wrong(self) -> tuple[str, str]:
        """What is wrong with the value, and what to write."""
        item = min(self.items, key=lambda one: ORDER.index(one["type"]) if one["type"] in ORDER else len(ORDER))
        options = [name for one in self.items for name in re.findall("'([^']*)'", _context(one).get("expected", ""))]
        if item["type"] == "tuple_type":
            value = item["input"] if self._shown(item) else "…"
            return f"{self._told(item)} no list", f"write a list: [{value}]" + _or(options)
        if item["type"] == "string_pattern_mismatch":
            return self._form(item, options)
        if item["type"] == "literal_error":
            do = near(str(item["input"]), options) or f"write one of: {', '.join(options)}"
            return f"{self._told(item)} not known here", do
        what, do = TYPES.get(item["type"], ("", ""))
        if not what:
            told = "" if item["type"] == "value_error" else self._told(item).removesuffix("is")
            return told + re.sub("^(Value error,|Input|String) ", "", item["msg"]), do
        return f"{self._told(item)} {what}", do

    def _form(self, item: Found, options: Sequence[str]) -> tuple[str, str]:
        """What is wrong with a text of another form than it should have."""
        told = self._told(item)
        known = [PATTERNS[p] for one in self.items if (p := _context(one).get("pattern", "")) in PATTERNS]
        if not known:
            return f"{told} not written as it should be", "correct it"
        what, _ = known[0]
        if what == "a code" and item["input"] in self.codes:
            return f"{told} not a code", f"use {self.codes[item['input']]}"
        return f"{told} not {what}", f"write {' or '.join(form for _, form in known)}" + _or(options)

    def _shown(self, item: Found) -> bool:
        """Whether a message may repeat the value."""
        return isinstance(item["input"], str | int) and not self.document.figures

    def _told(self, item: Found) -> str:
        return f"{item['input']!r} is" if self._shown(item) else "it is"


def _context(item: Found) -> Mapping[str, Any]:
    found: Mapping[str, Any] = item.get("ctx", {})
    return found


def _or(options: Sequence[str]) -> str:
    return f", or {', '.join(options)}" if options else ""
