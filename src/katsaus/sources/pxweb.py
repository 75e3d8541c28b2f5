"""PxWeb's interface of version 1: its limits, its tables and their codes, and queries answered in JSON-stat 2."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from katsaus.errors import Problem, SourceError
from katsaus.sources.strict_json import AGAIN, Foreign, checked, parse_json
from katsaus.sources.web import Client

CELLS = 100_000
CALLS, SECONDS = 25, 60.0
"""Our own limits, stricter than those that the service has told of; where it tells of stricter ones, those hold."""


class _Config(Foreign):
    cells: int = Field(alias="maxCells", gt=0)
    values: int = Field(alias="maxValues", gt=0)
    calls: int = Field(alias="maxCalls", gt=0)
    seconds: int = Field(alias="timeWindow", gt=0)


class _Listed(Foreign):
    id: str
    updated: str = ""


class _Folder(Foreign):
    tables: list[_Listed]


class Variable(Foreign):
    """A variable of a table; one with `elimination` may be left out of a query and is then summed over."""

    code: str
    values: list[str]
    time: bool = False
    elimination: bool = False


class _Metadata(Foreign):
    variables: list[Variable]


@dataclass(frozen=True)
class Listing:
    """A table as its folder lists it: path below the interface, and when it was updated."""

    path: str
    updated: str


class PxWeb:
    """The interface at `base` ("https://pxdata.stat.fi/PxWeb/api/v1/fi")."""

    def __init__(self, client: Client, base: str) -> None:
        self._client, self._base = client, base.rstrip("/")

    def most_cells(self) -> int:
        """How many cells one answer may hold; from now on the client keeps to the calls that the service allows."""
        where = f"{self._base}/?config"
        config = checked(parse_json(self._client.get(where), where), _Config, where=where)
        self._client.limits.append((max(1, config.calls - 1), float(config.seconds)))
        return min(CELLS, config.cells, config.values)

    def find(self, folder: str, table: str) -> Listing:
        """The table called `table` ("12r5"), whichever form its id has. Raises SourceError if there is not one."""
        where = f"{self._base}/{folder}/"
        listed = checked({"tables": parse_json(self._client.get(where), where)}, _Folder, where=where).tables
        named = re.compile(rf"(?:[a-z]+_[a-z]+_pxt_)?{re.escape(table)}\.px")  # the long form before 8 June 2026
        found = [item for item in listed if named.fullmatch(item.id)]
        if len(found) != 1:
            what = f"{len(found)} tables are called {table}" if found else f"there is no table {table}"
            why = f"the folder lists {len(listed)} entries"
            raise SourceError(Problem(what, where, why, "correct the table's name, or look where it has moved"))
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,16}Z?", found[0].updated):
            raise SourceError(Problem(f"the folder does not say when {table} was updated", where, do=AGAIN))
        return Listing(f"{folder}/{found[0].id}", found[0].updated)

    def variables(self, path: str) -> list[Variable]:
        """The variables of the table at `path` with all their codes."""
        where = self.address(path)
        found = checked(parse_json(self._client.get(where), where), _Metadata, where=where).variables
        if any(len(set(variable.values)) < len(variable.values) for variable in found):
            raise SourceError(Problem("the table lists a code twice", where, do=AGAIN))
        return found

    def ask(self, path: str, chosen: Mapping[str, Sequence[str]]) -> bytes:
        """The answer of the table at `path` for the `chosen` codes of each variable, in JSON-stat 2."""
        query = [
            {"code": code, "selection": {"filter": "item", "values": list(codes)}} for code, codes in chosen.items()
        ]
        return self._client.post(self.address(path), query={"query": query, "response": {"format": "json-stat2"}})

    def address(self, path: str) -> str:
        """The address of the table at `path`."""
        return f"{self._base}/{path}"
