"""Maps and the tables beside them: each shows what is pointed at in the other; both are whole without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page

REVIEW = "2023-06/"
MAP = "figure:has(.pair .pointed)"
CODES = "all => all.map(one => one.dataset.area)"
HINT = {"fi": "Osoita aluetta kartalla", "sv": "Peka på ett område på kartan"}


def a_map(page: Page) -> Locator:
    figure = page.locator(MAP).first
    assert figure.locator("svg [data-area]").count() >= 2
    return figure


def pointed(figure: Locator) -> list[str]:
    """The areas of the shapes and rows that stand out."""
    found: list[str] = figure.locator(".pointed-at").evaluate_all(CODES)
    return found


@pytest.mark.parametrize("enabled", [True, False])
def test_a_map_stands_beside_its_open_table(visit: Any, lang: str, *, enabled: bool) -> None:
    with visit(lang, REVIEW, java_script_enabled=enabled) as seen:
        figure = a_map(seen.page)
        assert figure.locator("tr[data-area]").first.is_visible()
        assert figure.locator(".pointed").is_visible() is enabled
        drawn, rows = (figure.locator(f"{part}[data-area]").evaluate_all(CODES) for part in ("svg ", "tr"))
        assert sorted(drawn) == sorted(rows)


def test_pointing_at_a_shape_tells_its_row_below_the_map(visit: Any, lang: str) -> None:
    with visit(lang, REVIEW) as seen:
        figure = a_map(seen.page)
        line = figure.locator(".pointed")
        assert line.inner_text().startswith(HINT[lang])
        assert line.get_attribute("aria-live") == "polite"
        for area in figure.locator("svg [data-area]").evaluate_all(CODES)[:3]:
            shape = figure.locator(f'svg [data-area="{area}"]')
            shape.dispatch_event("pointerover", {"bubbles": True})
            assert shape.evaluate("one => one.nextSibling === null")  # its outline is not under its neighbours
            row = figure.locator(f'tr[data-area="{area}"]')
            assert set(pointed(figure)) == {area}
            assert line.inner_text().startswith(row.locator("th").inner_text() + ": ")
            assert line.inner_text().endswith(f"{row.locator('td').first.inner_text()}\N{NO-BREAK SPACE}%")
        seen.page.mouse.move(0, 0)
        figure.dispatch_event("pointerleave")
        assert pointed(figure) == []
        assert line.inner_text().startswith(HINT[lang])
        assert seen.complaints == []


def test_the_mouse_finds_shapes_and_rows(visit: Any) -> None:
    with visit("fi", REVIEW) as seen:
        figure = a_map(seen.page)
        row = figure.locator("tr[data-area]").nth(4)
        row.hover()
        assert pointed(figure) == [row.get_attribute("data-area")] * 2
        seen.page.mouse.move(0, 0)
        assert pointed(figure) == []


def test_the_keyboard_leads_from_row_to_row(visit: Any) -> None:
    with visit("fi", REVIEW) as seen:
        figure = a_map(seen.page)
        rows = figure.locator("tr[data-area]")
        codes = rows.evaluate_all(CODES)
        stops = figure.locator("tr[data-area] a, tr[data-area][tabindex]")
        stops.first.focus()
        assert set(pointed(figure)) == {codes[0]}
        for key, at in (
            ("ArrowDown", 1),
            ("ArrowDown", 2),
            ("ArrowUp", 1),
            ("End", -1),
            ("ArrowDown", -1),
            ("Home", 0),
        ):
            seen.page.keyboard.press(key)
            assert set(pointed(figure)) == {codes[at]}
            focused = seen.page.evaluate("document.activeElement.closest('tr').dataset.area")
            assert focused == codes[at]
        width = figure.locator("svg .pointed-at").evaluate("one => parseFloat(getComputedStyle(one).strokeWidth)")
        assert width >= 3
        seen.page.locator("a").first.focus()
        assert pointed(figure) == []


def test_rows_without_links_are_one_stop_for_tab(visit: Any) -> None:
    with visit("fi", REVIEW) as seen:
        figure = a_map(seen.page)
        linked = figure.locator("tr[data-area] a").count()
        plain = figure.locator('tr[data-area][tabindex="0"]').count()
        assert linked + plain >= 1
        assert plain <= 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_classes_follow_the_colour_scheme(visit: Any, scheme: str) -> None:
    """What the style sheet makes of the colours of the classes, in the browser itself."""
    with visit("fi", REVIEW, color_scheme=scheme) as seen:
        shape = a_map(seen.page).locator("svg [data-area]").first
        fill = shape.evaluate("one => getComputedStyle(one).fill")
        given = shape.get_attribute("fill") or ""
        same = fill == "rgb({}, {}, {})".format(*(int(given[at : at + 2], 16) for at in (1, 3, 5)))
        assert same is (scheme == "light" or given == "#5a9bd0")
