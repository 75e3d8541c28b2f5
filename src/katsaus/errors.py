"""Every error that a user can cause or meet, as one tree with exit codes.

    KatsausError                1   never raised itself
    ├── UsageError              2   a wish the project can't fulfil (unknown area, month outside the calendar)
    ├── StrictError             3   a warning in a strict build
    ├── ConfigError            10   reviews/ or _quarto.yml says something impossible
    │   └── TermError          11   a text is missing in one of the languages
    ├── DataError              20   the figures in data/ are incomplete or contradict themselves
    │   ├── SnapshotError      21   a snapshot is not the file its sidecar describes
    │   └── SourceError        22   a source on the network can't be reached or answers something else than promised
    ├── SuppressionError       25   no pattern of hidden cells protects everything, or none was found in time
    ├── NotebookError          30   a notebook can't be prepared
    │   ├── ParameterError     31   its `parameters` cell is missing, doubled, unknown or mistyped
    │   ├── CellError          32   a cell raised
    │   ├── PageTimeoutError   33   a page ran out of time
    │   └── PageMemoryError    34   a page ran out of memory
    ├── FigureError            40   a chart or table lacks what a reader needs (alt text, label, title)
    ├── RenderError            41   a document uses what the engine does not support
    ├── OutputError            50   the site can't be written
    │   └── DiskFullError      51
    ├── AuditError             60   a site shows what is hidden or was not released, or lets it be worked out
    └── BuildError              1   several pages failed; carries their errors, exits with the first one's code

An error carries every problem that its step found. A problem never contains an unprotected figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, in the words of the person who can mend it.

    `where` is a path relative to the project with a line (``reviews/areas.yml:12``) or a page
    (``notebooks/area.ipynb cell 4 · helsinki · 2023-06 · fi``); `do` is the remedy.
    """

    what: str
    where: str = ""
    why: str = ""
    do: str = ""

    def __str__(self) -> str:
        lead = f"{self.where}: {self.what}" if self.where else self.what
        rest = [line for line in (self.why, self.do) if line]
        return "\n".join([lead, *(f"    {line}" for line in rest)])


class KatsausError(Exception):
    """An expected error: shown as one message without a traceback."""

    exit_code = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class UsageError(KatsausError):
    """The command asks for something that the project does not have."""

    exit_code = 2


class StrictError(KatsausError):
    """A strict build met a warning."""

    exit_code = 3


class ConfigError(KatsausError):
    """A file of reviews/ or _quarto*.yml is wrong; the project is refused as a whole."""

    exit_code = 10


class TermError(ConfigError):
    """A term or text is missing in one of the languages."""

    exit_code = 11


class DataError(KatsausError):
    """The figures are incomplete or contradict themselves."""

    exit_code = 20


class SnapshotError(DataError):
    """A snapshot is missing or differs from its sidecar."""

    exit_code = 21


class SourceError(DataError):
    """A source on the network can't be reached, or answers something else than it promises."""

    exit_code = 22


class SuppressionError(KatsausError):
    """No pattern of hidden cells protects every small count, or none was found in time: nothing is published."""

    exit_code = 25


class NotebookError(KatsausError):
    """A notebook can't be read or prepared."""

    exit_code = 30


class ParameterError(NotebookError):
    """Parameters are missing, doubled, unknown or of the wrong type."""

    exit_code = 31


class CellError(NotebookError):
    """A cell raised an exception."""

    exit_code = 32


class PageTimeoutError(NotebookError):
    """A page took longer than its limit."""

    exit_code = 33


class PageMemoryError(NotebookError):
    """A page wanted more memory than its limit."""

    exit_code = 34


class FigureError(KatsausError):
    """A chart or table lacks what a reader needs."""

    exit_code = 40


class RenderError(KatsausError):
    """A document can't be rendered as it stands."""

    exit_code = 41


class OutputError(KatsausError):
    """The site can't be written."""

    exit_code = 50


class DiskFullError(OutputError):
    """No space is left where the site is built."""

    exit_code = 51


class AuditError(KatsausError):
    """Somebody could learn from the site what is hidden, or it shows a figure that was not released."""

    exit_code = 60


class BuildError(KatsausError):
    """Pages failed; every one is told, and none was lost because of another: `made` is how many were made.

    What they share is told once, and a fault of one cell that many pages meet is told of the first three.
    """

    def __init__(self, errors: Iterable[KatsausError], made: int = 0) -> None:
        self.errors = tuple(errors)
        self.made = made
        super().__init__(_told(problem for error in self.errors for problem in error.problems))
        self.exit_code = self.errors[0].exit_code if self.errors else 1

    def __reduce__(self) -> tuple[type[BuildError], tuple[tuple[KatsausError, ...], int]]:
        return (BuildError, (self.errors, self.made))


ENOUGH = 3


def _told(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Each problem once; of those that differ in their page alone the first three, the last of them with a count."""
    alike: dict[Problem, list[Problem]] = {}
    for problem in dict.fromkeys(problems):
        alike.setdefault(replace(problem, where=problem.where.partition(" · ")[0]), []).append(problem)
    for group in alike.values():
        yield from group[: ENOUGH - 1]
        if len(group) >= ENOUGH:
            more = len(group) - ENOUGH
            third = group[ENOUGH - 1]
            yield replace(third, do=f"{third.do} (and {more} more pages alike)".strip()) if more else third
