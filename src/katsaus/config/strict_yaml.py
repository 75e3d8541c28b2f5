"""YAML as people mean it: what YAML 1.1 would silently turn into something else is refused, with file and line.

PyYAML reads `no: x` as the key False and `code: 0123` as 83; a key written twice keeps only its last value. Here each
of these is a problem that says what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from katsaus.errors import ConfigError, Problem

Loc = tuple[str | int, ...]
"""The way from the top of a document to a value: keys and (0-based) positions."""

MAX_DEPTH = 100
MAX_DIGITS = 18

_TAG = "tag:yaml.org,2002:"
_QUOTED = ("'", '"', "|", ">")
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+")


@dataclass(frozen=True)
class Document:
    """One YAML file: its data (dicts, tuples, str, int, float, bool, date, None), the line of every value, and whether
    it holds figures, which no message repeats.
    """

    path: str
    data: object
    lines: dict[Loc, int] = field(repr=False)
    figures: bool = False

    def where(self, *loc: str | int) -> str:
        """`path:line` of the value at `loc`, or of the nearest thing around it that exists."""
        while loc not in self.lines:
            loc = loc[:-1]
        return f"{self.path}:{self.lines[loc]}"


def load(path: Path, root: Path, *, figures: bool = False) -> Document:
    """Read a YAML file strictly; `root` is what paths in messages are relative to. Raises ConfigError, which repeats
    nothing of the file where it holds `figures`.
    """
    name = path.relative_to(root).as_posix()
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise ConfigError(Problem("the file is missing", name, do="restore it from version control")) from None
    except (OSError, UnicodeDecodeError):
        why = "it is not a readable file of UTF-8 text"
        raise ConfigError(Problem("the file can't be read", name, why, "save it as UTF-8")) from None
    return parse(text, name, figures=figures)


def parse(text: str, name: str, *, figures: bool = False) -> Document:
    """`text` of a YAML file called `name` as a Document. Raises ConfigError with every problem found; it repeats
    nothing of a text that holds `figures`.
    """
    problems = list(_refused_lines(text, name))
    if problems:
        raise ConfigError(problems)
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError(_syntax_problem(error, name)) from None
    if node is None:
        raise ConfigError(Problem("the file is empty", f"{name}:1", do="restore it from version control"))
    reader = _Reader(name, figures=figures)
    data = reader.value(node, ())
    if reader.problems:
        raise ConfigError(reader.problems)
    return Document(name, data, reader.lines, figures)


def _refused_lines(text: str, name: str) -> Iterator[Problem]:
    """Tabs and over-deep nesting, found before the parser sees them (deep nesting exhausts the parser's stack)."""
    depth = 0
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            yield Problem("a tab character", f"{name}:{number}", do="use spaces")
        depth += line.count("[") + line.count("{") - line.count("]") - line.count("}")
        indent = len(line) - len(line.lstrip(" -?"))
        if depth > MAX_DEPTH or indent > 2 * MAX_DEPTH:
            yield Problem("nested too deeply", f"{name}:{number}", f"at most {MAX_DEPTH} levels are read")
            return


def _syntax_problem(error: Exception, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = f"{name}:{mark.line + 1}" if mark else name
    why = getattr(error, "problem", None) or getattr(error, "reason", None) or "it is nested too deeply"
    return Problem("not valid YAML", where, str(why), "check quotes, colons and indentation on this line and above it")


class _Reader:
    """Turns composed nodes into data, gathering problems and lines on the way."""

    def __init__(self, name: str, *, figures: bool) -> None:
        self.name = name
        self.figures = figures
        self.problems: list[Problem] = []
        self.lines: dict[Loc, int] = {}
        self.seen: set[int] = set()

    def value(self, node: Node, loc: Loc) -> object:
        self.lines.setdefault(loc, node.start_mark.line + 1)
        if self.is_alias(node):
            return None
        if isinstance(node, ScalarNode):
            return self.scalar(node)
        if isinstance(node, SequenceNode):
            if node.tag != _TAG + "seq":
                self.refuse(node, f"the tag {node.tag.removeprefix(_TAG)}", do="write a plain list")
            return tuple(self.value(item, (*loc, position)) for position, item in enumerate(node.value))
        return self.mapping(node, loc)

    def is_alias(self, node: Node) -> bool:
        """Whether the node was already met, which is how PyYAML composes an alias; a problem if so."""
        if id(node) in self.seen:
            self.refuse(node, "an alias (*)", why="a reader can't see what it stands for", do="write the value out")
            return True
        self.seen.add(id(node))
        return False

    def mapping(self, node: Node, loc: Loc) -> dict[str, object]:
        assert isinstance(node, MappingNode)
        if node.tag != _TAG + "map":
            self.refuse(node, f"the tag {node.tag.removeprefix(_TAG)}", do="write plain keys and values")
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = self.key(key_node)
            if key is None:
                continue
            at = (*loc, key)
            if key in found:
                before = self.lines[at]
                self.refuse(
                    key_node,
                    f"the key {self.shown(key)!r} is written twice",
                    why=f"it was already on line {before}",
                    do="keep one of them",
                )
                continue
            self.lines[at] = key_node.start_mark.line + 1
            found[key] = self.value(value_node, at)
        return found

    def key(self, node: Node) -> str | None:
        if self.is_alias(node):
            return None
        if not isinstance(node, ScalarNode):
            self.refuse(node, "a key that is not a word", do="use a plain word as the key")
            return None
        if node.tag == _TAG + "merge":
            self.refuse(node, "a merge key (<<)", why="a reader can't see what it stands for", do="write the keys out")
            return None
        leading_zero = node.style not in _QUOTED and _LEADING_ZERO.fullmatch(node.value)
        if node.tag != _TAG + "str" or leading_zero:
            why = f"YAML reads it as {_kind(node)}"
            shown = self.shown(node.value)
            self.refuse(node, f"the key {shown!r} is not text", why=why, do=f'write it in quotes: "{shown}"')
            return None
        return str(node.value)

    def scalar(self, node: ScalarNode) -> object:
        text: str = node.value
        if node.style in _QUOTED and node.tag == _TAG + "str":
            return text
        if _LEADING_ZERO.fullmatch(text):
            why = "YAML may read a leading zero as an octal number or drop it"
            shown = self.shown(text)
            self.refuse(node, f"{shown} has a leading zero", why=why, do=f'write it in quotes: "{shown}"')
            return None
        kind = node.tag.removeprefix(_TAG)
        if kind == "str":
            return text
        reader = _SCALARS.get(kind)
        found = reader(text) if reader else None
        if found is None and not (kind == "null" and text == "null"):
            self.refuse_scalar(node, kind)
        return found

    def refuse_scalar(self, node: ScalarNode, kind: str) -> None:
        if kind == "null" and not node.value:
            self.refuse(node, "a key or item without a value", do='write a value, or null where "none" is meant')
        else:
            why = f"YAML reads it as {_kind(node)}"
            shown = self.shown(node.value)
            do = f'write it in quotes if text is meant: "{shown}"'
            self.refuse(node, f"{shown!r} is ambiguous", why=why, do=do)

    def shown(self, text: str) -> str:
        """What a message repeats of the file."""
        return "…" if self.figures else text

    def refuse(self, node: Node, what: str, *, why: str = "", do: str = "") -> None:
        self.problems.append(Problem(what, f"{self.name}:{node.start_mark.line + 1}", why, do))


def _kind(node: Node) -> str:
    names = {
        "bool": "a truth value",
        "null": "no value",
        "int": "a number",
        "float": "a number",
        "timestamp": "a date or time",
        "str": "a number",
    }
    return names.get(node.tag.removeprefix(_TAG), f"a value of the kind {node.tag.removeprefix(_TAG)}")


def _date(text: str) -> date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_SCALARS: dict[str, Callable[[str], object]] = {
    "bool": {"true": True, "false": False}.get,
    "int": lambda text: int(text) if _INTEGER.fullmatch(text) and len(text) <= MAX_DIGITS else None,
    "float": lambda text: float(text) if _DECIMAL.fullmatch(text) else None,
    "timestamp": _date,
}
