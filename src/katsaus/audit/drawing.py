"""What a chart shows, measured with its own axes and held against the visible cells of its table twin.

Every mark must stand where a visible cell of the twin is drawn: one of the same month, or of what the label beside it
names. So must every number that is written into the picture. An axis may reach no further than the next tick, and the
padding that charts have, beyond the visible cells.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from katsaus import theme
from katsaus.audit.findings import VISIBLE, Finding, named
from katsaus.audit.names import Names
from katsaus.audit.released import CONCEALED, Shown
from katsaus.audit.scales import PRECISION, Axes, Scale, read_axes
from katsaus.audit.shapes import Shape, read_shapes
from katsaus.audit.twins import Twin
from katsaus.errors import AuditError, Problem
from katsaus.table import Subject

Cell = tuple[Subject, Shown]

_THIN: Final = 4.5
"""Pixels: a narrower bar is a stroke that marks a place, a wider one reaches from zero to its figure."""
_PADDING: Final = 22
"""Pixels that a scale of our charts may be wider than its figures."""
_BAR: Final = {"MhvhZ", "MhvhvZ", "MvhvZ", "MhvHZ"}
UNEXPLAINED: Final = "a mark that no visible cell of its table explains"


@dataclass(frozen=True)
class Picture:
    """A drawing in a `file`, called `name` there, with its twin and the names of its language."""

    file: str
    name: str
    twin: Twin
    names: Names

    def finding(self, place: str, what: str, *, figure: str = "") -> Finding:
        """A finding in this drawing."""
        return Finding(self.file, f"{self.name}, {place}" if place else self.name, what, figure)


def check_chart(picture: Picture, shapes: Sequence[Shape]) -> Iterator[Finding]:
    """Hold the marks of a chart with axes against its twin. Raises AuditError."""
    axes = read_axes(shapes, months={subject.month for subject, _ in picture.twin.cells()})
    cells: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in picture.twin.cells():
        cells[cell[0].month].append(cell)
    for scale in axes.figures:
        yield from _reach(picture, scale)
    for shape in shapes:
        if shape.axis or shape.tag in {"text", "rect"}:
            continue
        met = [_met(picture, place, axes=axes, cells=cells) for place in _places(shape, axes)]
        line = _line(met) if shape.tag == "path" and set(shape.commands) <= set("ML") else None
        for place in met:
            if not place.drawn or (line and line not in place.series):
                yield _told(picture, place, line=line)


def _reach(picture: Picture, scale: Scale) -> Iterator[Finding]:
    """Whether an axis is longer than the visible cells explain."""
    shown = [cell.value for _, cell in picture.twin.cells() if not cell.symbol] or [0.0]
    ticks = sorted(scale.ticks)
    room = (ticks[1] - ticks[0]) + _PADDING / abs(scale.unit)
    if min(*shown, 0.0) - room > ticks[0] or max(*shown, 0.0) + room < ticks[-1]:
        yield picture.finding("an axis", "reaches beyond what the visible cells of its table explain")


def _places(shape: Shape, axes: Axes) -> Iterator[tuple[float, float]]:
    """The places at which a mark shows figures: corners of a line, middle of a point, end of a bar."""
    if shape.tag == "line":
        yield from _ends(shape, axes)
    elif shape.commands in {"MAA", "MAAZ"}:
        yield shape.x, shape.y
    elif shape.commands in _BAR:
        yield _tip(shape, axes)
    elif set(shape.commands) <= set("ML") or shape.commands == "MZ":  # the latter is a line of one figure
        yield from shape.corners
    else:
        raise AuditError(Problem("a mark of an unknown form"))


def _ends(line: Shape, axes: Axes) -> Iterator[tuple[float, float]]:
    across, down = line.number("x2"), line.number("y2")
    if "stroke-dasharray" in line.given and not across:
        return  # the line of an event: it stands at a month and shows no figure
    scale = axes.of(axes.figures, line.x, y=line.y)
    if scale and scale.upright and not down:
        if all(abs(scale.pixel(level) - line.y) > PRECISION for level in (0, 100)):
            yield line.x, line.y  # neither zero nor the level of an index
        return
    yield from ((line.x, line.y), (line.x + across, line.y + down))


def _tip(bar: Shape, axes: Axes) -> tuple[float, float]:
    """Where a bar ends that begins at zero, or the middle of a stroke; across the axis its own beginning and middle."""
    xs, ys = zip(*bar.corners, strict=True)
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    scale = axes.of(axes.figures, left, y=top)
    if scale is None:
        raise AuditError(Problem("a bar without an axis"))
    ends = (top, bottom) if scale.upright else (left, right)
    zero = scale.pixel(0)
    if bar.stroke == theme.PAPER and ends[1] - ends[0] <= _THIN:
        tip = sum(ends) / 2
    elif min(abs(end - zero) for end in ends) <= PRECISION:
        tip = max(ends, key=lambda end: abs(end - zero))
    else:
        raise AuditError(Problem("a bar that does not begin at zero"))
    return (left, tip) if scale.upright else (tip, (top + bottom) / 2)


@dataclass(frozen=True)
class _Place:
    """A place of a mark: the month or label that it stands at, the cells of these, and those of them drawn there."""

    name: str
    meant: Sequence[Cell]
    drawn: Sequence[Subject]

    @property
    def series(self) -> set[Subject]:
        """The series of the cells that are drawn there."""
        return {_series(subject) for subject in self.drawn}


def _series(subject: Subject) -> Subject:
    return subject._replace(month="")


def _line(places: Sequence[_Place]) -> Subject | None:
    """The series that a line is of: all its corners are of one, that of most."""
    counted = Counter(series for place in places for series in place.series)
    return counted.most_common(1)[0][0] if counted else None


def _told(picture: Picture, place: _Place, *, line: Subject | None) -> Finding:
    own = [pair for pair in place.meant if line is None or _series(pair[0]) == line]
    hidden = [subject for subject, cell in own if cell.symbol == CONCEALED]
    what = f"{UNEXPLAINED}: {VISIBLE}" if hidden else UNEXPLAINED
    return picture.finding(place.name or "a mark", what, figure=named(hidden[0]) if len(hidden) == 1 else "")


def _met(picture: Picture, at: tuple[float, float], *, axes: Axes, cells: Mapping[str, Sequence[Cell]]) -> _Place:
    """What is drawn at a place; `cells` are those of each month."""
    x, y = at
    scale = axes.of(axes.figures, x, y=y)
    if scale is None:
        raise AuditError(Problem("a mark without an axis"))
    if scale.upright:
        time = axes.of(axes.times, x, y=y)
        name = time.month(x - 1) or time.month(x) if time else ""
        meant = cells.get(name, [])
    else:
        name = axes.label(y)
        every = list(picture.twin.cells())
        subjects = set(picture.names.labelled(name, [subject for subject, _ in every]))
        meant = [cell for cell in every if cell[0] in subjects] or every
    pixel = y if scale.upright else x
    return _Place(name, meant, [subject for subject, cell in meant if _drawn(cell, scale, pixel=pixel)])


def _drawn(cell: Shown, scale: Scale, *, pixel: float) -> bool:
    """Whether a cell is visible and drawn at `pixel`, unrounded or as published."""
    if cell.symbol:
        return False
    return abs(scale.pixel(cell.value) - pixel) <= PRECISION or abs(scale.pixel(cell.published) - pixel) <= PRECISION


def read_picture(svg: str) -> tuple[list[Shape], list[str], bool]:
    """The shapes and words of a drawing, and whether it is a map. Raises AuditError."""
    shapes, words = read_shapes(svg)
    return shapes, words, any("data-area" in shape.given for shape in shapes)
