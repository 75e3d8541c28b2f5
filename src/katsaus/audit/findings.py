"""What an audit finds: where something stands that it should not, and of which figure; never the figure's value."""

from __future__ import annotations

from dataclasses import dataclass

from katsaus.config.rules import TOTAL
from katsaus.table import Subject

VISIBLE = "a hidden figure is visible"
OTHER = "not the figure that was released"


@dataclass(frozen=True)
class Finding:
    """`file` from the root of the site, the `place` in it (a table's row and column, a mark, a sentence), `what` is
    wrong, and the `figure` that it is about by its names, if that is known.
    """

    file: str
    place: str
    what: str
    figure: str = ""

    def __str__(self) -> str:
        told = ": ".join(filter(None, (self.file, self.place, self.what)))
        return f"{told} ({self.figure})" if self.figure else told


def named(subject: Subject) -> str:
    """A figure by its names: "A03 change of KU205 in 2023-06, te_office, ministry"."""
    measure = "" if subject.measure == "value" else f" {subject.measure}"
    at = [part for part in (subject.responsible, subject.group) if part != TOTAL]
    return ", ".join([f"{subject.indicator}{measure} of {subject.area} in {subject.month}", *at, subject.source])
