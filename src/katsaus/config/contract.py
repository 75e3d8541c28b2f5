"""What a table of a source must be: a Frictionless Table Schema in data/contracts, with the store's words beside it.

The standard's own keys say what a field holds; ours (`role`, `measure`, `areas` …) say what it means in the store.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from katsaus.config.files import validated
from katsaus.config.models import LANGS, AreaKind, Model, Name, Trilingual
from katsaus.config.strict_yaml import load
from katsaus.errors import ConfigError, Problem

Role = Literal["REF_AREA", "TIME_PERIOD", "RESPONSIBLE", "GROUP", "DATA_ORIGIN", "MEASURE", "KEY", "ATTRIBUTE"]
Unit = Literal["persons", "households", "spells", "vacancies", "weeks", "percent", "score", "score_squared", "euros"]

FOLDER = "data/contracts"


class Constraints(Model):
    """What the values of a field must satisfy, in the words of Table Schema."""

    required: bool = False
    minimum: float | int | None = None
    maximum: float | int | None = None
    enum: tuple[str, ...] | None = None
    pattern: str | None = None


class ContractField(Model):
    """One column. An `optional` one may be absent; a `denominator`, by which figures are divided, misses no figure."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
    type: Literal["string", "integer", "number"]
    title: Trilingual
    description: Trilingual | None = None
    role: Role
    format: Literal["YYYY-MM", "YYYYMmm", "YYYY", "default"] = "default"
    measure: Name | None = None
    unit: Unit | None = None
    optional: bool = False
    denominator: bool = False
    constraints: Constraints = Constraints()

    @model_validator(mode="before")
    @classmethod
    def _translated(cls, data: Any) -> Any:
        return _gather(data)

    @model_validator(mode="after")
    def _measured(self) -> Self:
        if (self.role == "MEASURE") != (self.measure is not None) or (self.measure is None) != (self.unit is None):
            raise ValueError("a field of the role MEASURE, and no other, has a measure and a unit")
        return self


class TableSchema(Model):
    """The `schema` of a Frictionless resource."""

    fields: Annotated[tuple[ContractField, ...], Field(min_length=2)]
    primary_key: Annotated[tuple[str, ...], Field(min_length=1, alias="primaryKey")]
    missing_values: Annotated[tuple[str, ...], Field(alias="missingValues")]


class Contract(Model):
    """One table of a source. `areas` are the kinds of areas that every month must hold; `records` have none."""

    name: Name
    profile: Literal["tabular-data-resource"]
    title: Trilingual
    description: Trilingual
    source: Name
    kind: Literal["observations", "records"]
    delivered: bool
    frequency: Literal["monthly", "half-yearly", "yearly"]
    areas: tuple[AreaKind, ...]
    table_schema: Annotated[TableSchema, Field(alias="schema")]

    @model_validator(mode="before")
    @classmethod
    def _translated(cls, data: Any) -> Any:
        return _gather(data)

    @cached_property
    def fields(self) -> dict[str, ContractField]:
        """Fields by the name of their column."""
        return {field.name: field for field in self.table_schema.fields}

    @property
    def measures(self) -> dict[str, ContractField]:
        """Fields of measures by the name of the measure in the store."""
        return {field.measure: field for field in self.table_schema.fields if field.measure}

    def column(self, role: Role) -> str | None:
        """The column of a dimension; None where the table has none."""
        return next((field.name for field in self.table_schema.fields if field.role == role), None)


def _gather(data: Any) -> Any:
    """`title`, `title@fi`, `title@sv` (the standard's pattern for languages) as one text; likewise `description`."""
    if not isinstance(data, dict):
        return data
    rest = {key: value for key, value in data.items() if key.partition("@")[0] not in ("title", "description")}
    for name in ("title", "description"):
        if isinstance(data.get(name), str):
            rest[name] = {"en": data[name], **{lang: data.get(f"{name}@{lang}") for lang in LANGS}}
    return rest


def load_contracts(root: Path) -> dict[str, Contract]:
    """Every contract by name, sorted. Raises one ConfigError with all problems."""
    problems: list[Problem] = []
    found: dict[str, Contract] = {}
    for path in sorted((root / FOLDER).glob("*.json")):
        try:
            document = load(path, root)
            contract = validated(document, Contract)
        except ConfigError as error:
            problems.extend(error.problems)
            continue
        if contract.name != path.stem:
            problems.append(
                Problem(f"the contract calls itself {contract.name}", document.where("name"), do="name it as its file")
            )
        known = set(contract.fields)
        problems.extend(
            Problem(f"the primary key has no field {name}", document.where("schema", "primaryKey"), do="correct it")
            for name in contract.table_schema.primary_key
            if name not in known
        )
        found[contract.name] = contract
    if problems:
        raise ConfigError(problems)
    return found
