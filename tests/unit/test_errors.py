"""The error tree as drawn is the error tree as it is, and an error survives the way between processes."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from katsaus import errors
from katsaus.errors import BuildError, ConfigError, KatsausError, OutputError, Problem, TermError


def drawn(tree: str) -> dict[str, tuple[str, int]]:
    """Name of each error in a drawn tree with its parent and exit code; the same name twice is an error."""
    path: list[str] = []
    found: dict[str, tuple[str, int]] = {}
    for line in tree.splitlines():
        if not (match := re.match(r"^ {4}([│├└─ ]*)(\w+Error)\s+(\d+)\b", line)):
            continue
        depth = len(match[1]) // 4
        assert match[2] not in found, f"{match[2]} is drawn twice"
        path[depth:] = [match[2]]
        found[match[2]] = (path[depth - 1] if depth else "Exception", int(match[3]))
    return found


def real(module: object) -> dict[str, tuple[str, int]]:
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, KatsausError)]
    return {kind.__name__: (kind.__bases__[0].__name__, kind.exit_code) for kind in kinds}


def test_the_drawn_tree_is_the_real_one() -> None:
    assert errors.__doc__
    assert drawn(errors.__doc__) == real(errors)


def test_reading_a_drawn_tree() -> None:
    tree = "    AError   1  x\n    ├── BError   2\n    │   └── CError  3\n    └── DError  4"
    assert drawn(tree) == {
        "AError": ("Exception", 1),
        "BError": ("AError", 2),
        "CError": ("BError", 3),
        "DError": ("AError", 4),
    }


def test_every_error_has_its_own_exit_code_and_says_what_it_is() -> None:
    own = {name: code for name, (_, code) in real(errors).items() if name not in {"KatsausError", "BuildError"}}
    assert len(set(own.values())) == len(own)
    assert all(vars(errors)[name].__doc__ for name in real(errors))


def test_no_error_is_defined_elsewhere() -> None:
    package = Path(errors.__file__).parent
    pattern = re.compile(r"^\s*class \w+\(.*Error\b", re.MULTILINE)
    defining = [path.name for path in package.rglob("*.py") if pattern.search(path.read_text("utf-8"))]
    assert defining == ["errors.py"]


def test_a_problem_says_what_where_why_and_what_to_do() -> None:
    problem = Problem("unknown key `sulg`", where="reviews/areas.yml:12", why="slug is required", do="write `slug:`")
    assert str(problem) == "reviews/areas.yml:12: unknown key `sulg`\n    slug is required\n    write `slug:`"
    assert str(Problem("disk full")) == "disk full"


def test_an_error_shows_all_its_problems() -> None:
    error = ConfigError([Problem("one"), Problem("two", where="a.yml:2")])
    assert str(error) == "one\na.yml:2: two"
    assert KatsausError(Problem("alone")).problems == (Problem("alone"),)


def test_a_build_error_carries_every_page_and_the_first_code() -> None:
    error = BuildError([TermError(Problem("a")), OutputError([Problem("b"), Problem("c")])])
    assert str(error) == "a\nb\nc"
    assert error.exit_code == 11
    assert BuildError([]).exit_code == 1


@pytest.mark.parametrize(
    "error", [TermError([Problem("a", where="x:1"), Problem("b")]), BuildError([OutputError(Problem("a"))])]
)
def test_an_error_survives_the_way_between_processes(error: KatsausError) -> None:
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error)
    assert (back.problems, back.exit_code, str(back)) == (error.problems, error.exit_code, str(error))
