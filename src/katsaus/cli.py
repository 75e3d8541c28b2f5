"""The command line: verbs, their options, and the only place that prints."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from katsaus.calendar import spans
from katsaus.config.project import find_root
from katsaus.errors import AuditError, KatsausError, OutputError, Problem, UsageError

if TYPE_CHECKING:
    from katsaus.audit.findings import Finding
    from katsaus.audit.report import Audit
    from katsaus.check import Report as Checked
    from katsaus.config.matrix import Page
    from katsaus.diff import Change, Changes

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
screen = Console(stderr=True, highlight=False, soft_wrap=True)
results = Console(highlight=False, soft_wrap=True)
AREAS = 10
"""How many areas that changed alike are named."""


@app.callback()
def katsaus() -> None:
    """The monthly statistical review of the municipal employment trials, in Finnish and Swedish."""


@app.command()
def build(  # noqa: PLR0913  a command has as many parameters as it has options
    *,
    month: Annotated[list[str] | None, typer.Option(help="Month such as 2023-06; may be repeated.")] = None,
    area: Annotated[list[str] | None, typer.Option(help='Area such as helsinki, or "trial"; may be repeated.')] = None,
    lang: Annotated[list[str] | None, typer.Option(help="Language, fi or sv; may be repeated.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the site.", show_default="_site")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Pages at a time.", show_default="cores")] = None,
    executor: Annotated[Literal["fork", "nbclient"] | None, typer.Option(help="How notebooks are run.")] = None,
    html: Annotated[bool, typer.Option("--html", help="HTML only, no PDF.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Make every warning an error.")] = False,
    timings: Annotated[Path | None, typer.Option(help="Write the seconds of each step to this JSON file.")] = None,
) -> None:
    """Make pages: the newest month in a new site, or what the options choose, renewed in the site that is there."""
    from katsaus import build as story  # noqa: PLC0415  --help and a mistyped option need none of it
    from katsaus.notebooks.execute import DEFAULT  # noqa: PLC0415

    request = story.Request(
        months=tuple(month or ()),
        areas=tuple(area or ()),
        langs=tuple(lang or ()),
        out=out and out.resolve(),
        jobs=jobs or os.cpu_count() or 1,
        executor=executor or DEFAULT,
        pdf=not html,
        strict=strict,
    )
    with Teller() as teller:
        report = story.build(find_root(Path.cwd()), request, progress=teller.page)
    if timings:
        _write_json(timings, {"pages": report.pages, **report.seconds}, what="timings")
    for warning in report.warnings:
        screen.print(f"warning: {warning}", markup=False, style="yellow")
    screen.print(f"{report.pages} pages in {report.out}")


Said = Annotated[Literal["en", "fi", "sv"], typer.Option("--lang", help="Language of the findings.")]


@app.command()
def check(
    *,
    save: Annotated[bool, typer.Option("--save", help="Keep the figures as a vintage, if all is well.")] = False,
    audit: Annotated[
        bool, typer.Option("--audit", help="Attack a built site instead: nobody may learn from it what is hidden.")
    ] = False,
    site: Annotated[Path | None, typer.Option(help="Folder of the site to audit.", show_default="_site")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write what the audit found to this file.")] = None,
    lang: Said = "en",
) -> None:
    """Find, without building, everything that a build would refuse: in reviews/, in data/ and in every figure."""
    if audit:
        _audit(find_root(Path.cwd()), site, report_to=json_file, save=save)
        return
    if site or json_file:
        raise UsageError(Problem("--site and --json are of the audit", do="add --audit"))
    from katsaus import check as story  # noqa: PLC0415
    from katsaus.clock import today  # noqa: PLC0415

    report = story.check(find_root(Path.cwd()), save=today() if save else None, lang=lang, progress=_tell)
    for line in checked(report):
        results.print(line, markup=False)


def _audit(root: Path, site: Path | None, *, report_to: Path | None, save: bool) -> None:
    from katsaus.audit.report import audit as story  # noqa: PLC0415

    if save:
        raise UsageError(Problem("an audit keeps no figures", do="run --save and --audit one after the other"))
    report = story(root, (site or root / "_site").resolve(), progress=_tell)
    for line in audited(report):
        results.print(line, markup=False)
    if report_to:
        _write_json(report_to, report.as_json(), what="audit")
    if not report.passes:
        found = [Problem(f"{finding.what} {finding.figure}".strip(), _where(finding)) for finding in report.findings]
        attacks = [
            Problem(f"{one.determined} hidden cells can be worked out, {one.weak} nearly so", one.source)
            for one in report.sources
            if not one.passes
        ]
        raise AuditError([*attacks, *found])


def _where(finding: Finding) -> str:
    return ", ".join(filter(None, (finding.file, finding.place)))


def audited(report: Audit) -> Iterator[str]:
    """What an audit found, in lines: counts, intervals and seconds, no figures."""
    heads = ("cells", "primary", "secondary", "lost", "determined", "weak", "tightest", "seconds")
    yield f"{'source':22}" + "".join(f" {head:>10}" for head in heads)
    for one in report.sources:
        counts = [one.cells, one.primary, one.secondary, one.determined, one.weak]
        yield _attack(one.source, counts, measures=[one.lost, one.tightest, one.seconds])
    counts = [report.total(name) for name in ("cells", "primary", "secondary", "determined", "weak")]
    yield _attack("all", counts, measures=[report.lost, report.tightest, report.seconds])
    yield "files read: " + ", ".join(f"{count:,} {kind}" for kind, count in report.files.items())
    yield f"findings in files: {len(report.findings):,}"


def _attack(name: str, counts: list[int], *, measures: list[float]) -> str:
    (cells, primary, secondary, determined, weak), (lost, tightest, seconds) = counts, measures
    told = (f"{cells:,}", f"{primary:,}", f"{secondary:,}", f"{lost:.1%}", f"{determined:,}", f"{weak:,}")
    return f"{name:22}" + "".join(f" {part:>10}" for part in (*told, f"{tightest:g}", f"{seconds:.1f}"))


def checked(report: Checked) -> Iterator[str]:
    """What a check found, in lines for a statistician: counts and places, no figures."""
    yield f"{'source':22} {'rows':>9}  {'months':19} {'published':>9} {'hidden':>8}"
    for one in report.sources:
        months = f"{one.first} – {one.last}" if one.first else "records"
        mark = "  SYNTHETIC" if one.synthetic else ""
        yield f"{one.source:22} {one.rows:>9,}  {months:19} {one.published:>9,} {one.hidden:>8,}{mark}"
    for one in report.sources:
        yield from (f"warning: {problem}" for problem in one.warnings)
        yield from (f"corrected: {name} ({one.source})" for name in one.corrections)
        yield from (f"not protected yet: {problem}" for problem in one.unprotected)
    for month in report.solved:
        hidden = f"{month.primary} small counts and {month.secondary} cells beside them are hidden"
        yield f"pattern kept: {month.source} {month.month}, {hidden}"
    if report.without:
        yield f"no snapshot yet: {', '.join(report.without)}"
    yield f"defined, not published: {', '.join(report.unpublished) or 'none'}"
    yield f"vintage: {report.vintage or 'none'}"
    if report.stale or not report.vintage:
        newer = f" (newer snapshots: {', '.join(report.stale)})" if report.stale else ""
        yield f"keep these figures for builds with katsaus check --save{newer}"


@app.command()
def diff(
    old: Annotated[str | None, typer.Argument(help="Vintage such as 2023-05-1; the last but one if left out.")] = None,
    new: Annotated[str | None, typer.Argument(help="Vintage; the newest if left out.")] = None,
) -> None:
    """Say what changed between two vintages, by indicator, area and month, and why; never a figure."""
    from katsaus import diff as story  # noqa: PLC0415

    changes = story.diff(find_root(Path.cwd()), old=old, new=new)
    for line in changed(changes):
        results.print(line, markup=False)


def changed(changes: Changes) -> Iterator[str]:
    """The changes in lines: indicator, reason, months, and the areas that share these."""
    yield f"from {changes.old} to {changes.new}"
    alike: dict[tuple[str, ...], list[Change]] = {}
    for change in changes.found:
        key: tuple[str, ...] = (change.source, change.indicator, change.reason, ", ".join(spans(change.months)))
        alike.setdefault(key, []).append(change)
    for key, found in alike.items():
        areas = ", ".join(change.area for change in found[:AREAS])
        more = f" and {len(found) - AREAS} more areas" if len(found) > AREAS else ""
        yield f"{'  '.join(key)}  {areas}{more}  ({sum(change.cells for change in found):,} figures)"
    if not changes.found:
        yield "no published figure has changed"


@app.command()
def fetch(
    source: Annotated[str, typer.Argument(help="statfin, kela or extract.")],
    files: Annotated[list[Path] | None, typer.Argument(help="Delivered files, of extract.")] = None,
    *,
    first: Annotated[str | None, typer.Option("--from", help="First month such as 2021-03.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last month.")] = None,
    lang: Said = "en",
) -> None:
    """Take figures from a source into data/sources: a new snapshot with its sidecar, beside the older ones."""
    from katsaus import fetch as story  # noqa: PLC0415
    from katsaus.clock import today  # noqa: PLC0415

    wish = story.Fetching(today=today(), files=tuple(files or ()), first=first, last=last, lang=lang)
    root = find_root(Path.cwd())
    with Teller() as teller:
        fetched = story.fetch(root, wish, source=source, tell=teller.step)
    for warning in fetched.warnings:
        screen.print(f"warning: {warning}", markup=False, style="yellow")
    for sidecar in fetched.sidecars:
        results.print(sidecar.relative_to(root).as_posix(), markup=False)
    if not fetched.sidecars:
        results.print("nothing new")


def _tell(name: str) -> None:
    if screen.is_terminal:
        screen.print(f"checking {name}", markup=False)


def _write_json(path: Path, content: object, *, what: str) -> None:
    try:
        path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(Problem(f"the {what} can't be written", str(path), error.strerror or "")) from None


class Teller:
    """Tells of progress: a bar on a terminal, a line for each page elsewhere."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=screen, transient=True) if screen.is_terminal else None
        self._task = self._bar.add_task("starting", total=None) if self._bar else None

    def __enter__(self) -> Teller:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def step(self, what: str, *, done: int, total: int) -> None:
        """Tell that `done` of `total` steps are done, the last of them `what`."""
        if self._bar and self._task is not None:
            self._bar.update(self._task, description=what, completed=done, total=total)
        else:
            screen.print(f"{done}/{total} {what}", markup=False)

    def page(self, page: Page, *, done: int, total: int) -> None:
        """Tell that `page` is finished, the `done`th of `total`."""
        if self._bar and self._task is not None:
            self._bar.update(
                self._task, description=f"{page.area} {page.month} {page.lang}", completed=done, total=total
            )
        else:
            screen.print(f"{done}/{total} {page.lang}/{page.address}", markup=False)


def main() -> None:
    """The `katsaus` command: an expected error is one message and its exit code; a bug keeps its traceback."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a build that is told to end clears up after itself
    try:
        app()
    except KatsausError as error:
        screen.print(str(error), markup=False, style="red")
        sys.exit(error.exit_code)
