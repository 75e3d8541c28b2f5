"""House rules over the project's texts: tests give reasons, nothing names a machine, the README tells no lies."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MACHINE_PATH = re.compile(r"(?<![\w.~$}])/(?:home|mnt|opt|root|srv|tmp|work)/\w")
VERB = re.compile(r"(?:^|[`\s/])katsaus ([a-z]+)", re.MULTILINE)


def project_files() -> list[Path]:
    """Every file that is or will be in the repository; locks and other files without prose apart."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    files = [ROOT / name for name in listed if name and not name.endswith((".lock", "package-lock.json"))]
    return [path for path in files if path.is_file()]


def text_of(path: Path) -> str:
    """The text of a file; empty when it is not a text."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def machine_paths(text: str) -> list[str]:
    return [line for line in text.splitlines() if MACHINE_PATH.search(line)]


def unreasoned_skips(source: str) -> Iterator[int]:
    """Lines where a test is skipped or expected to fail without a word why."""
    tree = ast.parse(source)
    calls = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node.attr not in {"skip", "skipif", "xfail"}:
            continue
        if not ast.unparse(node).startswith(("pytest.", "mark.")):
            continue
        call = calls.get(id(node))
        words = [item.value for item in call.keywords if item.arg == "reason"] if call else []
        if call and node.attr == "skip":
            words += call.args
        if not any(ast.unparse(word) not in {"''", "None"} for word in words):
            yield node.lineno


def verbs_named(readme: str) -> set[str]:
    """The commands that code in a Markdown text calls: `katsaus build …` names build."""
    code = re.findall(r"^```.*?^```|`[^`\n]+`", readme, re.MULTILINE | re.DOTALL)
    return {verb for piece in code for verb in VERB.findall(piece)}


def test_no_file_names_a_machine() -> None:
    found = {str(path.relative_to(ROOT)): machine_paths(text_of(path)) for path in project_files()}
    found.pop("tests/unit/test_house_texts.py")
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize("line", ["open('/tmp/x')", "cd /srv/katsaus", "/home/anna/data"])
def test_a_machine_path_is_found(line: str) -> None:
    assert machine_paths(line) == [line]


@pytest.mark.parametrize("line", ["alue/helsinki/", "$HOME/x", "tmp_path / 'x'", "a.fi/home/1", "/usr/bin/env"])
def test_other_paths_are_left_alone(line: str) -> None:
    assert machine_paths(line) == []


def test_no_test_is_skipped_without_a_reason() -> None:
    tests = [path for path in project_files() if path.suffix == ".py" and "tests" in path.parts]
    assert len(tests) > 5
    assert [f"{path.relative_to(ROOT)}:{line}" for path in tests for line in unreasoned_skips(text_of(path))] == []


@pytest.mark.parametrize("source", ["pytest.skip()", "@pytest.mark.skip\ndef test(): ...", "pytest.mark.skipif(x)"])
def test_a_skip_without_a_reason_is_found(source: str) -> None:
    assert list(unreasoned_skips(source))


@pytest.mark.parametrize("source", ["pytest.skip('no fork here')", "pytest.mark.skipif(x, reason='no fork here')"])
def test_a_skip_with_a_reason_is_left_alone(source: str) -> None:
    assert not list(unreasoned_skips(source))


def test_the_readme_names_commands_that_exist() -> None:
    named = verbs_named(text_of(ROOT / "README.md"))
    if named:
        from typer.main import get_command  # noqa: PLC0415  without a README there may be no command yet

        from katsaus.cli import app  # noqa: PLC0415

        assert named <= set(getattr(get_command(app), "commands", {"build": None}))


def test_commands_are_found_in_code_only() -> None:
    text = "katsaus is a word.\n\n`katsaus build --strict`\n\n```\n$ .venv/bin/katsaus archive\n```\nkatsaus tells"
    assert verbs_named(text) == {"build", "archive"}
