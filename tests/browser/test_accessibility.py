"""axe-core over one page of each kind, in both languages and all looks; and what a keyboard reaches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"color_scheme": "light", "width": 320},
}
OPEN_ALL = "document.querySelectorAll('details').forEach(details => details.open = true)"
REACHABLE = """() => [...document.querySelectorAll('a[href], summary, [tabindex="0"], button, input, select')]
    .filter(element => element.checkVisibility({visibilityProperty: true}))
    .map((element, number) => (element.dataset.stop = number, element.outerHTML.slice(0, 120)))"""
FOCUSED = """() => {
    const element = document.activeElement, style = getComputedStyle(element);
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return {stop: element.dataset.stop ?? null, ring: ring || style.boxShadow !== 'none'};
}"""


def findings(page: Page) -> list[str]:
    """Violations as axe tells them, each with the elements it is about."""
    page.evaluate(AXE.read_text("utf-8"))
    result = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    assert result["passes"], "axe looked at nothing"
    return [
        f"{violation['id']}: {violation['help']}: {[node['html'][:200] for node in violation['nodes'][:5]]}"
        for violation in result["violations"]
    ]


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_axe_finds_nothing(visit: Any, lang: str, address: str, look: dict[str, Any]) -> None:
    with visit(lang, address, **look) as seen:
        seen.page.evaluate(OPEN_ALL)
        assert findings(seen.page) == []


def test_axe_finds_what_is_wrong(visit: Any) -> None:
    with visit("fi", "") as seen:
        seen.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p><img src=\"data:,\"></p>')")
        assert any(finding.startswith("image-alt") for finding in findings(seen.page))


def test_the_first_tab_leads_past_the_navigation(visit: Any, lang: str, address: str) -> None:
    with visit(lang, address) as seen:
        seen.page.keyboard.press("Tab")
        link = seen.page.locator(":focus")
        assert link.get_attribute("href") == "#" + (seen.page.locator("main").get_attribute("id") or "?")
        box = link.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["y"] >= 0
        seen.page.keyboard.press("Enter")
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("width", [1280, 320])
def test_tab_reaches_everything_and_shows_where_it_is(visit: Any, lang: str, address: str, *, width: int) -> None:
    with visit(lang, address, width=width) as seen:
        seen.page.evaluate(OPEN_ALL)
        stops = dict(enumerate(seen.page.evaluate(REACHABLE)))
        assert len(stops) > 5
        reached = set()
        for _ in range(len(stops) + 3):
            seen.page.keyboard.press("Tab")
            focused = seen.page.evaluate(FOCUSED)
            if focused["stop"] is not None:
                stop = int(focused["stop"])
                assert focused["ring"], f"no focus ring: {stops[stop]}"
                reached.add(stop)
        assert [html for stop, html in stops.items() if stop not in reached] == []


def test_whatever_scrolls_is_reached_by_keyboard(visit: Any, lang: str, address: str) -> None:
    with visit(lang, address, width=320) as seen:
        seen.page.evaluate(OPEN_ALL)
        stuck = seen.page.evaluate(
            """() => [...document.querySelectorAll('main *')]
                .filter(element => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX))
                .filter(element => element.scrollWidth > element.clientWidth && element.tabIndex !== 0)
                .map(element => element.outerHTML.slice(0, 120))"""
        )
        assert stuck == []


def test_details_open_with_the_keyboard(visit: Any, lang: str) -> None:
    with visit(lang, "2023-06/alue/kainuu/") as seen:
        details = seen.page.locator("main .figure details").first
        assert details.get_attribute("open") is None
        details.locator("summary").focus()
        seen.page.keyboard.press("Enter")
        assert details.get_attribute("open") is not None
        assert details.locator("table").first.is_visible()
