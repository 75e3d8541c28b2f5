"""What a notebook imports: ``from katsaus.page import open_review``.

A review is one area in one month in one language. It hands out protected figures as pandas frames, words and numbers in
the page's language, and takes charts, tables and headline figures. Nothing it hands out is later than its month.
"""

from __future__ import annotations

from pathlib import Path

from katsaus import theme
from katsaus.boundaries import Boundaries, load_boundaries
from katsaus.config.project import find_root
from katsaus.figures import COMPARISON, Figures, load_figures
from katsaus.review import Review
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
    `lang` ("fi", "sv"). Raises UsageError for an unknown area.
    """
    root = find_root(Path.cwd())
    if root not in _figures:
        preload(root)
    theme.register()
    return Review(_figures[root], _words[root, lang], boundaries=_boundaries[root], area=area, month=month)
