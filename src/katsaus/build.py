"""The story of a build.

reviews/ ─► which pages there are (the matrix notebook × area × month × language)
data/    ─► newest vintage ─► indicators ─► ProtectedTable          in the warm process, once
         ─► the month's patterns of hidden cells, attacked          here, in a thread meanwhile
page     ─► its notebook with parameters ─► executed notebook       in a fork of the warm process
         ─► charts as SVG, HTML, PDF, CSV                           here, in threads and converter processes
pages    ─► one tree beside the old site ─► swapped in whole
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from katsaus.config.matrix import Page
from katsaus.config.project import Project, load_project
from katsaus.errors import BuildError, DataError, KatsausError, Problem, RenderError
from katsaus.notebooks.execute import DEFAULT, Executed, Way, page_pool, run_page
from katsaus.pages.publish import Published, publish
from katsaus.pages.svg import Converters
from katsaus.site.staging import staged
from katsaus.site.tree import Tree, months_in
from katsaus.store.manifest import Vintage, open_vintage, stale
from katsaus.strict import gathered_warnings
from katsaus.terms import check_catalogues

NEWER = "vintage %s does not hold the newest snapshots of %s: keep them with katsaus check --save"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """What to build. Nothing chosen: the newest month, whole, in a new site. A choice renews its pages only."""

    months: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    out: Path | None = None
    jobs: int = 1
    executor: Way = DEFAULT
    pdf: bool = True
    strict: bool = False

    @property
    def workers(self) -> int:
        """Processes of a kind that are worth their start: as many as `jobs`, but one where one page is chosen."""
        return 1 if len(self.areas) == len(self.langs) == 1 and len(self.months) <= 1 else self.jobs

    @property
    def whole(self) -> bool:
        """Whether the site is made anew."""
        return not (self.months or self.areas or self.langs)


@dataclass(frozen=True)
class Report:
    """What a build made: where, how many pages, the seconds of its parts summed over the pages, and its warnings."""

    out: Path
    pages: int
    seconds: Mapping[str, float]
    warnings: tuple[Problem, ...]


class Progress(Protocol):
    """Is told of each finished page: which, how many are `done` and how many there are in all."""

    def __call__(self, page: Page, *, done: int, total: int) -> None:
        """Tell of `page`."""


@dataclass(frozen=True)
class Press:
    """What every page needs on its way: where it goes, who draws its charts and whether it becomes a PDF too."""

    tree: Tree
    converters: Converters
    pdf: bool


def build(root: Path, request: Request, *, progress: Progress) -> Report:
    """Make the pages of `request` and put them in place. Raises KatsausError; then the site in place is untouched."""
    with (
        Converters(request.workers) as converters,
        page_pool(root, jobs=request.workers, executor=request.executor) as pool,
    ):
        project = load_project(root)
        vintage = _newest_vintage(project)
        check_catalogues(root)
        out = request.out or root / "_site"
        pages = choose(project, request, there={} if request.whole else months_in(out, project))
        with (
            staged(out, project.top_entries, keep=not request.whole) as folder,
            gathered_warnings(strict=request.strict) as warnings,
        ):
            if newer := stale(vintage, project):
                _log.warning(NEWER, vintage.id, ", ".join(newer))
            tree = Tree(project, folder, pages=pages)
            press = Press(tree, converters, request.pdf)
            executed = [(page, pool.submit(run_page, page, root, executor=request.executor)) for page in pages]
            with ThreadPoolExecutor(1) as beside:
                attack = beside.submit(_attack, project, vintage, pages=pages)
                seconds = _print(executed, press, jobs=request.workers, progress=progress)
                attack.result()
            tree.finish()
    return Report(out, len(pages), seconds, tuple(warnings))


def _newest_vintage(project: Project) -> Vintage:
    """The newest vintage. Raises DataError if it is not of the calendar's newest month."""
    vintage = open_vintage(project.root)
    if vintage.manifest.month != project.months[-1]:
        what = f"the newest month is {project.months[-1]} and the newest vintage {vintage.id}"
        raise DataError(Problem(what, "reviews/calendar.yml", do="keep its figures with katsaus check --save"))
    return vintage


def _attack(project: Project, vintage: Vintage, *, pages: Sequence[Page]) -> None:
    """Attack the patterns of the pages' months. Raises SuppressionError if anything hidden could be worked out."""
    from katsaus.disclosure.verify import verify_months  # noqa: PLC0415  (half a second, while pages are executed)

    verify_months(project, vintage, months={page.month for page in pages})


def choose(project: Project, request: Request, *, there: Mapping[str, set[str]]) -> tuple[Page, ...]:
    """The pages of `request`; without a month, those of the newest. Raises UsageError naming the valid values.

    `there` is language → months that the site keeps: what only the newest month has is not made for an older one.
    """
    pages = project.matrix.select(request.months or project.months[-1:], request.areas, langs=request.langs)
    newest = {
        lang: max(there.get(lang, set()) | {page.month for page in pages if page.lang == lang})
        for lang in {page.lang for page in pages}
    }
    return tuple(page for page in pages if page.month == newest[page.lang] or not page.newest_only)


def _print(
    executed: Sequence[tuple[Page, Future[Executed]]], press: Press, *, jobs: int, progress: Progress
) -> dict[str, float]:
    """Render each page as soon as it is executed. One that fails loses no other; all failures are raised at the end."""
    failures: dict[Page, KatsausError] = {}
    seconds: dict[str, float] = {}
    with ThreadPoolExecutor(jobs) as threads:
        running = {threads.submit(_render, page, result, press=press): page for page, result in executed}
        try:
            for done, future in enumerate(as_completed(running), 1):
                page = running[future]
                try:
                    for part, spent in future.result().items():
                        seconds[part] = seconds.get(part, 0.0) + spent
                except KatsausError as error:
                    failures[page] = error
                progress(page, done=done, total=len(running))
        except BaseException as error:
            for _, result in executed:
                result.cancel()
            threads.shutdown(wait=False, cancel_futures=True)
            if isinstance(error, BrokenExecutor):
                why, do = "perhaps for want of memory", "close other programs or build with fewer --jobs"
                raise RenderError(Problem("a process of the build was killed", why=why, do=do)) from None
            raise
    if failures:
        raise BuildError((failures[page] for page, _ in executed if page in failures), len(executed) - len(failures))
    return seconds


def _render(page: Page, result: Future[Executed], *, press: Press) -> dict[str, float]:
    """From the executed notebook to files; returns the seconds of each part."""
    executed = result.result()
    published: Published = publish(
        executed.notebook,
        page if press.pdf else replace(page, pdf=False),
        out=press.tree.root(page.lang),
        shell=press.tree.shell(page.lang),
        converters=press.converters,
    )
    return {"execution": executed.seconds, **published.seconds}
