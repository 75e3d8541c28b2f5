"""The one cell tagged `parameters`, checked against what the page gives before anything runs."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

TAG = "parameters"
INJECTED = "injected-parameters"
"""papermill's tag, so that the same notebooks run under papermill."""


@dataclass(frozen=True)
class Fault:
    """Something wrong at a line of a cell; 0 is the cell as a whole."""

    what: str
    line: int = 0
    do: str = ""


def parameter_faults(source: str, given: Mapping[str, str]) -> list[Fault]:
    """What keeps the cell `source` from taking the parameters `given`: all of it, in the order of the lines."""
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        return [Fault(f"the parameters cell is not Python: {error.msg}", error.lineno or 0)]
    seen: set[str] = set()
    faults = [fault for statement in statements for fault in _statement_faults(statement, given, seen=seen)]
    missing = [name for name in given if name not in seen]
    return faults + [Fault(f"the parameter {name} is missing", 0, f'Add the line {name} = "…".') for name in missing]


def injected_source(given: Mapping[str, str]) -> str:
    """The cell that gives the parameters, as papermill writes it."""
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in given.items()]
    return "\n".join(["# Parameters", *lines])


def _statement_faults(statement: ast.stmt, given: Mapping[str, str], *, seen: set[str]) -> Iterator[Fault]:
    found = _assignment(statement)
    if found is None:
        known = " and ".join(f'{name} = "…"' for name in given)
        what = "the parameters cell holds more than plain assignments"
        yield Fault(what, statement.lineno, f"Leave only lines like {known}.")
        return
    name, value, annotation = found
    if name in seen:
        yield Fault(f"the parameter {name} is given twice", statement.lineno, "Delete one of the two lines.")
    seen.add(name)
    if name not in given:
        yield Fault(f"the parameter {name} is unknown", statement.lineno, f"A page has {_listed(given)}.")
    elif not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
        yield Fault(f"the parameter {name} is not a text", statement.lineno, f'Write it in quotes: {name} = "…".')
    elif annotation not in ("", "str"):
        what = f"the parameter {name} is a text, but annotated as {annotation}"
        yield Fault(what, statement.lineno, f"Write {name}: str.")


def _assignment(statement: ast.stmt) -> tuple[str, ast.expr, str] | None:
    """Name, value and annotation of a plain assignment, or None for any other statement."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return name, value, ""
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value, annotation=annotation):
            return name, value, ast.unparse(annotation)
    return None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
