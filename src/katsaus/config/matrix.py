"""The typed matrix notebook × area × month × language, and choosing from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from katsaus.config.models import PageRule
from katsaus.errors import Problem, UsageError


@dataclass(frozen=True, order=True)
class Page:
    """One page to be made. `area` is a slug of an area or a municipality, or "trial" for the whole trial; `month` is
    "2023-06"; `indicator` is the one that the page is about, "" where its notebook has no such parameter.

    `address` is relative to the root of its language and ends with a slash; the front page's is empty. A page that is
    `newest_only` lies at one address for all months, and only the newest month of a site has it.
    """

    notebook: str
    area: str
    month: str
    lang: str
    address: str
    pdf: bool
    newest_only: bool = False
    indicator: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """What the page gives its notebook."""
        about = {"indicator": self.indicator} if self.indicator else {}
        return {"area": self.area, "month": self.month, "lang": self.lang, **about}

    @property
    def path(self) -> str:
        """The notebook's path from the root of the project."""
        return f"notebooks/{self.notebook}.ipynb"

    @property
    def name(self) -> str:
        """What messages call the page."""
        return f"{self.path} · {' · '.join(self.parameters.values())}"


@dataclass(frozen=True)
class Matrix:
    """All pages of the project, in the order of the matrix rows, newest month first."""

    pages: tuple[Page, ...]

    def select(
        self, months: Sequence[str] = (), areas: Sequence[str] = (), *, langs: Sequence[str] = ()
    ) -> tuple[Page, ...]:
        """The pages of the given months, areas and languages; an empty choice means all.

        Raises UsageError, naming the valid values, for what the matrix does not have.
        """
        chosen = {"month": months, "area": areas, "lang": langs}
        problems = [
            _unknown(what, value, valid=self.values(what))
            for what, values in chosen.items()
            for value in values
            if value not in self.values(what)
        ]
        if problems:
            raise UsageError(problems)
        pages = tuple(
            page
            for page in self.pages
            if all(not values or getattr(page, what) in values for what, values in chosen.items())
        )
        if not pages:
            raise UsageError(
                Problem("no page is made for this choice", do="widen the choice of month, area or language")
            )
        return pages

    def values(self, what: str) -> tuple[str, ...]:
        """The distinct values of one attribute ("month", "area", "lang") over all pages, in the pages' order."""
        return tuple(dict.fromkeys(getattr(page, what) for page in self.pages))


def _unknown(what: str, value: str, *, valid: Iterable[str]) -> Problem:
    return Problem(f"--{what} {value} is not in the matrix", do=f"choose from: {', '.join(sorted(valid))}")


def expand(rules: Iterable[PageRule], *, months: Sequence[str], slugs: Mapping[str, Sequence[str]]) -> Matrix:
    """All pages of `rules` over `months` (oldest first); `slugs` are those of each kind of areas."""
    newest_first = tuple(reversed(months))
    return Matrix(
        tuple(
            Page(
                rule.notebook,
                area,
                month,
                lang,
                address=rule.address.format(month=month, slug=area, indicator=indicator.lower()),
                pdf=rule.pdf,
                newest_only=rule.months == "newest",
                indicator=indicator,
            )
            for rule in rules
            for month in newest_first
            for area in slugs[rule.areas]
            for indicator in rule.indicators or ("",)
            for lang in rule.languages
        )
    )
