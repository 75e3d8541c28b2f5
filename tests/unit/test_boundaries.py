import shutil
from collections import Counter
from itertools import pairwise

import pytest

from katsaus.boundaries import COUNTRY, FOLDER, SIDECAR, around, load_boundaries
from katsaus.config.project import load_project
from katsaus.errors import FigureError, SnapshotError

FINLAND = (60_000, 6_590_000, 740_000, 7_790_000)
SQUARE_KILOMETRES = 338_000
"""Land and lakes of Finland, to a thousand."""


@pytest.fixture(scope="module")
def boundaries(root):
    return load_boundaries(root)


@pytest.fixture(scope="module")
def project(root):
    return load_project(root)


def kind(boundaries, prefix):
    return [shape for code, shape in boundaries.shapes.items() if code.startswith(prefix)]


def rings(shapes):
    return [ring for shape in shapes for polygon in shape.polygons for ring in polygon]


def edges(shapes):
    return Counter(frozenset(map(tuple, edge)) for ring in rings(shapes) for edge in pairwise(ring))


def area(shapes):
    """Square kilometres; the holes of polygons run the other way round or are taken away."""

    def size(ring):
        return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))) / 2e6

    return sum(size(polygon[0]) - sum(map(size, polygon[1:])) for shape in shapes for polygon in shape.polygons)


def test_every_area_that_can_be_drawn_has_a_shape(boundaries, project):
    codes = [*project.municipalities, *project.regions, *(area.code for area in project.areas), COUNTRY]
    assert sorted(boundaries.shapes) == sorted(codes)
    assert set(boundaries.of(codes)) == set(codes)


def test_shapes_are_closed_rings_within_finland(boundaries):
    west, south, east, north = FINLAND
    for ring in rings(boundaries.shapes.values()):
        assert ring[0] == ring[-1]
        assert len({tuple(point) for point in ring}) == len(ring) - 1 >= 3
        assert all(isinstance(number, int) for point in ring for number in point)
        assert all(west < x < east and south < y < north for x, y in ring)


def test_a_middle_lies_inside(boundaries):
    for code, shape in boundaries.shapes.items():
        x, y = shape.middle
        ring = shape.polygons[0][0]
        crossings = [
            x < (x1 - x0) * (y - y0) / (y1 - y0) + x0 for (x0, y0), (x1, y1) in pairwise(ring) if (y0 > y) != (y1 > y)
        ]
        assert sum(crossings) % 2 == 1, code


def test_neighbours_share_their_borders_and_all_make_the_country(boundaries):
    regions = edges(kind(boundaries, "MK"))
    assert set(regions.values()) == {1, 2}
    outline = {edge for edge, times in regions.items() if times == 1}
    assert len(outline ^ set(edges([boundaries.shapes[COUNTRY]]))) <= 0.02 * len(outline)
    assert area(kind(boundaries, "MK")) == pytest.approx(area([boundaries.shapes[COUNTRY]]), rel=1e-4)


def test_the_sea_is_cut_off_and_the_lakes_are_not(boundaries):
    assert area(kind(boundaries, "KU")) == pytest.approx(SQUARE_KILOMETRES, rel=0.015)
    assert area([boundaries.shapes[COUNTRY]]) == pytest.approx(SQUARE_KILOMETRES, rel=0.015)


def test_a_trial_area_is_made_of_its_municipalities(boundaries, project):
    for trial in project.areas:
        towns = boundaries.of(trial.municipalities).values()
        whole = boundaries.shapes[trial.code]
        assert area([whole]) == pytest.approx(area(towns), rel=0.06, abs=20)
        assert max(abs(a - b) for a, b in zip(whole.box, around(towns), strict=True)) < 12_000


def test_shapes_of_unknown_codes_are_refused_by_name(boundaries):
    with pytest.raises(FigureError, match="XX01, country-less"):
        boundaries.of(["KK01", "XX01", "country-less"])


def test_what_reaches_into_a_box_is_found(boundaries):
    helsinki = boundaries.shapes["KU091"]
    assert {"KU091", "KU049", "KU092"} <= set(boundaries.within(helsinki.box, kind="KU"))
    assert "KU890" not in boundaries.within(helsinki.box, kind="KU")
    assert list(boundaries.within(helsinki.box, kind="MK")) == ["MK01"]


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_maps_credit_the_national_land_survey(boundaries, lang):
    assert {"fi": "Maanmittauslaitoksen", "sv": "Lantmäteriverkets"}[lang] in boundaries.credit[lang]
    assert "CC BY 4.0" in boundaries.credit[lang]


def test_damaged_boundaries_are_refused_by_name(root, tmp_path):
    shutil.copytree(root / FOLDER, tmp_path / FOLDER)
    with (tmp_path / FOLDER / "areas.geojson").open("a") as file:
        file.write(" ")
    (tmp_path / FOLDER / "regions.geojson").unlink()
    with pytest.raises(SnapshotError) as caught:
        load_boundaries(tmp_path)
    assert [problem.where for problem in caught.value.problems] == [
        f"{FOLDER}/areas.geojson",
        f"{FOLDER}/regions.geojson",
    ]
    (tmp_path / SIDECAR).unlink()
    with pytest.raises(SnapshotError, match="the file is missing"):
        load_boundaries(tmp_path)


def test_the_tiny_country_has_boundaries_too(root):
    tiny = load_boundaries(root / "tests" / "tiny")
    assert area(kind(tiny, "KU")) == area(kind(tiny, "MK")) == area([tiny.shapes[COUNTRY]]) == 60_000
    assert area(kind(tiny, "KK")) == 30_000
