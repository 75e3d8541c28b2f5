"""The house rules, held over src/katsaus: functions from a module to findings, tried on bad examples too."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FLOW = (
    {"errors", "clock", "rounding", "calendar", "strict", "spelling"},
    {"config"},
    {"terms"},
    {"boundaries"},
    {"sources"},
    {"store"},
    {"fetch"},
    {"suppression"},
    {"panel"},
    {"indicators"},
    {"disclosure"},
    {"figures"},
    {"check", "diff"},
    {"theme", "places", "output"},
    {"table"},
    {"directory", "furniture", "wording", "origins", "methods", "protection", "commentary", "comparison"},
    {"query", "headline"},
    {"tables", "classes"},
    {"claims"},
    {"gaps", "drawn"},
    {"chart", "compare"},
    {"maps"},
    {"review"},
    {"page"},
    {"notebooks"},
    {"pages"},
    {"site"},
    {"audit"},
    {"deliverers"},
    {"build"},
    {"cli"},
    {"__main__"},
)
RANKS = {unit: rank for rank, units in enumerate(FLOW) for unit in units}
MODULE_LINES = 300
FUNCTION_LINES = 40
PARAMETERS = 5
POSITIONAL = 2
OTHERS_SIGNATURE = {
    "page.open_review": "a notebook passes its parameters in the order of their cell",
    "notebooks.run._write_warning": "stands in for warnings.showwarning",
}
NOTEBOOKS_OWN_STREAMS = {"notebooks.run"}  # what is written there is captured as the notebook's output
DRAWERS = re.compile(r"^_?(utils?|helpers?|common|misc|shared|tools?)$|_v\d+$")
CLOCKS = {
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.ctime",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "Timestamp.now",
    "Timestamp.today",
}
NETWORK = re.compile(
    r"^(socket|ssl|ftplib|smtplib|http|httpx|requests|urllib3|aiohttp|websockets|xmlrpc|socketserver)(\.|$)"
    r"|^urllib\.request$"
)


@dataclass(frozen=True)
class Module:
    """One module of the package: its dotted name below katsaus, and its source."""

    name: str
    source: str

    @property
    def unit(self) -> str:
        return self.name.split(".", maxsplit=1)[0]

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)


FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
Rule = Callable[[Module], Iterator[str]]


def modules() -> list[Module]:
    package = ROOT / "src" / "katsaus"
    names = {path: path.relative_to(package).with_suffix("").parts for path in package.rglob("*.py")}
    return [Module(".".join(parts), path.read_text("utf-8")) for path, parts in sorted(names.items())]


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a chain of attributes, else the empty string."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return node.id if isinstance(node, ast.Name) else ""


def imported(module: Module) -> Iterator[tuple[int, str]]:
    """Line and absolute name of everything imported, also late, relative or through importlib."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            here = ["katsaus", *module.name.split(".")][: -node.level] if node.level else []
            base = ".".join([*here, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and dotted(node.func).endswith(("import_module", "__import__")):
            yield from ((node.lineno, str(arg.value)) for arg in node.args[:1] if isinstance(arg, ast.Constant))


def imports_run_one_way(module: Module) -> Iterator[str]:
    if module.name != "__init__" and module.unit not in RANKS:
        yield f"katsaus.{module.name} has no place in the flow"
        return
    own = RANKS.get(module.unit, -1)
    for line, name in imported(module):
        package, _, rest = name.partition(".")
        unit = rest.partition(".")[0]
        if package == "katsaus" and unit in RANKS and RANKS[unit] > own:
            yield f"katsaus.{module.name}:{line} imports {name}, which comes later in the flow"


def modules_are_short(module: Module) -> Iterator[str]:
    lines = len(module.source.splitlines())
    if lines > MODULE_LINES:
        yield f"katsaus.{module.name} has {lines} lines"


def functions_are_short(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, FUNCTION):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"katsaus.{module.name}:{node.lineno} {node.name} has {lines} lines"


def signatures_set_from_outside(tree: ast.Module) -> set[ast.AST]:
    """Methods of a base class, special methods, functions made to be passed on, and commands (the command line's)."""
    bound: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, FUNCTION):
            bound.update(inner for inner in ast.walk(node) if inner is not node)
        if isinstance(node, ast.ClassDef) and node.bases:
            bound.update(node.body)
        if isinstance(node, FUNCTION):
            decorators = {
                dotted(item.func if isinstance(item, ast.Call) else item).rpartition(".")[2]
                for item in node.decorator_list
            }
            if decorators & {"command", "callback"} or (node.name.startswith("__") and node.name != "__init__"):
                bound.add(node)
    return bound


def parameters_are_few(module: Module) -> Iterator[str]:
    tree = module.tree
    bound = signatures_set_from_outside(tree)
    for node in ast.walk(tree):
        if not isinstance(node, FUNCTION) or node in bound or f"{module.name}.{node.name}" in OTHERS_SIGNATURE:
            continue
        positional = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args) if arg.arg not in {"self", "cls"}]
        if len(positional) + len(node.args.kwonlyargs) > PARAMETERS:
            yield f"katsaus.{module.name}:{node.lineno} {node.name} has more than {PARAMETERS} parameters"
        if len(positional) > POSITIONAL:
            yield f"katsaus.{module.name}:{node.lineno} {node.name} takes more than {POSITIONAL} by position"


def names_say_something(module: Module) -> Iterator[str]:
    yield from (f"katsaus.{module.name} is a drawer" for part in module.name.split(".") if DRAWERS.search(part))


def only_cli_prints(module: Module) -> Iterator[str]:
    if module.unit == "cli":
        return
    for line, name in imported(module):
        if name.partition(".")[0] in {"rich", "click", "typer"}:
            yield f"katsaus.{module.name}:{line} imports {name}"
    streams = set() if module.name in NOTEBOOKS_OWN_STREAMS else {"sys.stdout", "sys.stderr", "sys.__stdout__"}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and dotted(node.func) == "print":
            yield f"katsaus.{module.name}:{node.lineno} prints"
        if isinstance(node, ast.Attribute) and dotted(node.value) in streams:
            yield f"katsaus.{module.name}:{node.lineno} writes to {dotted(node.value)}"


def only_clock_reads_the_clock(module: Module) -> Iterator[str]:
    if module.name == "clock":
        return
    for line, name in imported(module):
        if name in CLOCKS:
            yield f"katsaus.{module.name}:{line} imports {name}"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and ".".join(dotted(node.func).split(".")[-2:]) in CLOCKS:
            yield f"katsaus.{module.name}:{node.lineno} calls {dotted(node.func)}"


def only_sources_reaches_the_network(module: Module) -> Iterator[str]:
    if module.unit == "sources":
        return
    for line, name in imported(module):
        if NETWORK.search(name) or name == "urllib.request.urlopen":
            yield f"katsaus.{module.name}:{line} imports {name}"


BAD: list[tuple[Rule, str, str]] = [
    (imports_run_one_way, "store", "from katsaus import pages"),
    (imports_run_one_way, "store", "import katsaus.cli"),
    (imports_run_one_way, "notebooks.run", "def late():\n    from katsaus.pages.html import Shell"),
    (imports_run_one_way, "config.models", "from ..terms import Words"),
    (imports_run_one_way, "config.models", "from .. import terms"),
    (imports_run_one_way, "terms", "import importlib\nimportlib.import_module('katsaus.build')"),
    (imports_run_one_way, "__init__", "from katsaus.cli import main"),
    (imports_run_one_way, "elsewhere", ""),
    (modules_are_short, "store", "\n" * 301),
    (functions_are_short, "store", "def f():\n" + "    pass\n" * 40),
    (functions_are_short, "store", "class A:\n    async def f(self):\n" + "        pass\n" * 40),
    (parameters_are_few, "store", "def f(a, b, c): ..."),
    (parameters_are_few, "store", "def f(a, b, *, c, d, e, f): ..."),
    (parameters_are_few, "store", "class A:\n    def __init__(self, a, b, c): ..."),
    (names_say_something, "pages.utils", ""),
    (names_say_something, "helpers.text", ""),
    (names_say_something, "store_v2", ""),
    (only_cli_prints, "build", "print(1)"),
    (only_cli_prints, "build", "from rich.console import Console"),
    (only_cli_prints, "build", "import typer"),
    (only_cli_prints, "build", "sys.stderr.write('x')"),
    (only_clock_reads_the_clock, "build", "import time\ntime.time()"),
    (only_clock_reads_the_clock, "build", "import datetime\ndatetime.datetime.now()"),
    (only_clock_reads_the_clock, "build", "date.today()"),
    (only_clock_reads_the_clock, "build", "from time import time"),
    (only_sources_reaches_the_network, "pages.html", "import urllib.request"),
    (only_sources_reaches_the_network, "pages.html", "from urllib.request import urlopen"),
    (only_sources_reaches_the_network, "pages.html", "from urllib import request"),
    (only_sources_reaches_the_network, "pages.html", "import http.client"),
    (only_sources_reaches_the_network, "pages.html", "def late():\n    import httpx"),
]
GOOD: list[tuple[Rule, str, str]] = [
    (imports_run_one_way, "cli", "from katsaus.build import build\nfrom katsaus import errors"),
    (imports_run_one_way, "pages.html", "from .svg import Converters\nfrom . import figures"),
    (imports_run_one_way, "errors", "from katsaus import rounding"),
    (modules_are_short, "store", "\n" * 300),
    (functions_are_short, "store", "def f():\n" + "    pass\n" * 39),
    (parameters_are_few, "store", "def f(a, b, *, c, d, e): ..."),
    (parameters_are_few, "cli", "@app.command()\ndef build(a, b, c, d, e, f): ..."),
    (parameters_are_few, "store", "def f():\n    def inner(a, b, c): ..."),
    (parameters_are_few, "page", "def open_review(area, month, lang): ..."),
    (parameters_are_few, "store", "class A(B):\n    def publish(self, a, b, c): ..."),
    (names_say_something, "pages.html", ""),
    (only_cli_prints, "cli", "print(1)"),
    (only_cli_prints, "notebooks.run", "sys.stdout = capture"),
    (only_clock_reads_the_clock, "build", "from time import perf_counter\nclock.now()"),
    (only_clock_reads_the_clock, "clock", "datetime.now()"),
    (only_sources_reaches_the_network, "sources.pxweb", "import httpx"),
    (only_sources_reaches_the_network, "pages.html", "from urllib.parse import quote"),
]
RULES = sorted({rule for rule, _, _ in BAD}, key=lambda rule: rule.__name__)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_package_keeps_the_rule(rule: Rule) -> None:
    assert [finding for module in modules() for finding in rule(module)] == []


@pytest.mark.parametrize(("rule", "name", "source"), BAD)
def test_a_breach_is_found(rule: Rule, name: str, source: str) -> None:
    assert list(rule(Module(name, source)))


@pytest.mark.parametrize(("rule", "name", "source"), GOOD)
def test_good_code_is_left_alone(rule: Rule, name: str, source: str) -> None:
    assert not list(rule(Module(name, source)))
