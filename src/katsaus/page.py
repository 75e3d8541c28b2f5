"""What a notebook imports: ``from katsaus.page import open_review``.

A review is one area in one month in one language. It hands out protected figures as pandas frames, words and numbers in
the page's language, and takes charts, tables and headline figures. Nothing it hands out is later than its month.
"""

from __future__ import annotations

from pathlib import Path

from katsaus import theme
from katsaus.boundaries import Boundaries, load_boundaries
from katsaus.config.project import find_root
from katsaus.errors import Problem, UsageError
from katsaus.figures import COMPARISON, Figures, load_figures
from katsaus.review import Review
from katsaus.spelling import near
from katsaus.terms import Words, load_words

__all__ = ["COMPARISON", "Review", "open_review"]

_figures: dict[Path, Figures] = {}
_boundaries: dict[Path, Boundaries] = {}
_words: dict[tuple[Path, str], Words] = {}


def preload(root: Path, *, closed: bool = False) -> None:
    """Read the project's figures, boundaries and words once, so that every review opened later in this process shares
    them.

    With `closed` the figures of the sources that notebooks name are read now, and no others later.
    """
    figures = load_figures(root)
    _figures[root] = figures.read_for(root / "notebooks") if closed else figures
    _boundaries[root] = load_boundaries(root)
    for lang in _figures[root].project.sites:
        _words[root, lang] = load_words(root, lang)


def open_review(area: str, month: str, lang: str) -> Review:
    """The review of `area` (the slug of an area or municipality, or "trial" for all of them) in `month` ("2023-06") and
    `lang` ("fi", "sv"). Raises one UsageError for all of them that there are not.
    """
    root = find_root(Path.cwd())
    if root not in _figures:
        preload(root)
    _check(_figures[root], area, month=month, lang=lang)
    theme.register()
    return Review(_figures[root], _words[root, lang], boundaries=_boundaries[root], area=area, month=month)


def _check(figures: Figures, area: str, *, month: str, lang: str) -> None:
    problems: list[Problem] = []
    months, langs = figures.project.months, figures.project.sites
    if month not in months:
        do = f'write it as "{months[-1]}"; reviews/calendar.yml has those from {months[0]} to {months[-1]}'
        problems.append(Problem(f"no month {month}", do=do))
    if lang not in langs:
        problems.append(Problem(f"no language {lang}", do=near(str(lang), langs)))
    try:
        figures.code_of(area)
    except UsageError as error:
        problems.extend(error.problems)
    if problems:
        raise UsageError(problems)
