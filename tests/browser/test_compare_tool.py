"""The tool of the pages of comparison, under the site's real policy: by keyboard alone, and a page without it."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from test_accessibility import LOOKS, findings

REAL = "2023-06/vertailu/d01/"
MADE_UP = "2023-06/vertailu/k04/"
BUDGET = 120_000
EXTRAS = re.compile(r"/(explore\.json|vega-\w+\.js)$")
DRAWN = "[data-part=chart] svg"
CHOICE = "#areas=kainuu,helsinki&from=2022-01&to=2022-12"
WRITTEN = re.compile(r"−?\d[\d\N{NO-BREAK SPACE}]*(?:,\d+)?")


def extras(seen: Any) -> list[str]:
    """What only the tool needs, of all that the page asked for."""
    return [path for url in seen.requests if EXTRAS.search(path := urlsplit(url).path)]


def summary(page: Page) -> str:
    return page.locator("[data-part=summary]").inner_text()


def drawn_texts(page: Page) -> list[str]:
    return page.locator(f"{DRAWN} text").all_text_contents()


def rows(page: Page, table: str) -> dict[str, list[str]]:
    """First cell → other cells of each row."""
    script = "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    return {first: others for first, *others in page.locator(f"{table} tbody tr").evaluate_all(script)}


@pytest.mark.parametrize("width", [1280, 320])
def test_the_page_is_whole_without_javascript(visit: Any, lang: str, *, width: int) -> None:
    with visit(lang, REAL, java_script_enabled=False, width=width) as seen:
        assert not seen.page.locator(".explore").is_visible()
        assert len(rows(seen.page, "#tbl-order")) == 25
        drawn = [svg for svg in seen.page.locator("#fig-areas svg").all() if svg.is_visible()]
        assert len(drawn) == 1
        assert len(re.findall(r"\d,\d", drawn[0].text_content() or "")) >= 25
        assert seen.page.locator("h3").count() >= 25
        assert extras(seen) == []
        assert seen.complaints == []


def test_vega_is_fetched_only_when_a_reader_asks(visit: Any, served: str, lang: str) -> None:
    with visit(lang, REAL) as seen:
        assert extras(seen) == []
        assert sum(seen.weight().values()) < BUDGET
        seen.page.locator(".explore button").click()
        expect(seen.page.locator(DRAWN)).to_be_visible()
        assert [EXTRAS.search(path) is not None for path in extras(seen)] == [True, True]
        assert [url for url in seen.requests if not url.startswith((served, "data:"))] == []
        assert seen.complaints == []


def test_the_policy_allows_no_code_from_text_while_vega_draws(visit: Any) -> None:
    with visit("fi", REAL + CHOICE) as seen:
        expect(seen.page.locator(DRAWN)).to_be_visible()
        assert seen.complaints == []
        attempt = "try { answer(new Function('return 1')()); } catch (error) { answer(error.name); }"
        later = f"() => new Promise(answer => setTimeout(() => {{ {attempt} }}))"  # outside the debugger's own licence
        assert seen.page.evaluate(later) == "EvalError"


def test_a_keyboard_is_enough(visit: Any, lang: str) -> None:
    with visit(lang, REAL) as seen:
        keyboard = seen.page.keyboard
        seen.page.locator("#fig-areas summary").focus()
        keyboard.press("Tab")
        assert seen.page.locator(":focus").evaluate("element => element.matches('.explore button')")
        keyboard.press("Enter")
        expect(seen.page.locator(DRAWN)).to_be_visible()
        boxes = seen.page.locator(".explore input")
        assert boxes.first.evaluate("box => box === document.activeElement")
        already = seen.page.locator(".explore input:checked").count()
        free = [at for at in range(25) if not boxes.nth(at).is_checked()][: 4 - already]
        for at in range(free[-1] + 1):
            if at in free:
                keyboard.press("Space")
            if at < free[-1]:
                keyboard.press("Tab")
        assert seen.page.locator(".explore input:checked").count() == 4
        assert seen.page.locator(".explore input:disabled").count() == 21
        assert seen.page.locator("[data-part=full]").inner_text()
        keyboard.press("Space")
        assert seen.page.locator(".explore input:disabled").count() == 0
        assert seen.page.locator("[data-part=full]").inner_text() == ""
        seen.page.locator(".explore select").first.focus()
        before = seen.page.locator("[data-part=measure]").inner_text()
        keyboard.press("ArrowUp")
        expect(seen.page.locator("[data-part=measure]")).not_to_have_text(before)
        assert seen.complaints == []


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_axe_finds_nothing_in_the_open_tool(visit: Any, lang: str, look: dict[str, Any]) -> None:
    with visit(lang, MADE_UP + CHOICE, **look) as seen:
        expect(seen.page.locator(DRAWN)).to_be_visible()
        seen.page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert findings(seen.page) == []
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_summary_tells_what_the_table_of_the_page_tells(visit: Any, lang: str) -> None:
    with visit(lang, f"{REAL}#areas=kainuu,helsinki") as seen:
        expect(seen.page.locator(DRAWN)).to_be_visible()
        order = rows(seen.page, "#tbl-order")
        for name in ("Kainuu", "Helsinki") if lang == "fi" else ("Kajanaland", "Helsingfors"):
            told = re.search(rf"{name} ([^()]*) \(([^()]*)\)", summary(seen.page))
            assert told
            assert [WRITTEN.findall(part)[0] for part in told.groups()] == order[name][:2]


def test_the_table_of_the_drawing_holds_the_published_figures(visit: Any, site: Path, lang: str) -> None:
    data = json.loads((site / lang / REAL / "explore.json").read_text("utf-8"))
    kainuu = next(area for area in data["areas"] if area["slug"] == "kainuu")
    at = {month["name"]: place for place, month in enumerate(data["months"])}
    with visit(lang, REAL + CHOICE) as seen:
        expect(seen.page.locator(DRAWN)).to_be_visible()
        table = rows(seen.page, "[data-part=table]")
    assert len(table) == 12
    for month, cells in table.items():
        assert len(cells) == 3
        assert cells[0] == f"{kainuu['values'][at[month]]:.1f}".replace(".", ",")


def test_the_address_keeps_the_choice(visit: Any, lang: str) -> None:
    with visit(lang, f"{REAL}#areas=kainuu,nowhere,helsinki,kainuu&from=2022-01&to=2022-12") as seen:
        expect(seen.page.locator(DRAWN)).to_be_visible()
        checked = "boxes => boxes.map(box => box.value)"
        chosen = seen.page.locator(".explore input:checked").evaluate_all(checked)
        assert sorted(chosen) == ["helsinki", "kainuu"]
        assert seen.page.locator(".explore select").evaluate_all("lists => lists.map(list => list.value)") == [
            "2022-01",
            "2022-12",
        ]
        seen.page.locator(".explore input[value=espoo]").check()
        address = seen.page.evaluate("location.hash")
        assert address == "#areas=kainuu,helsinki,espoo&from=2022-01&to=2022-12"
        seen.page.evaluate("location.hash = '#notes'")
        seen.page.wait_for_timeout(50)
        assert seen.page.locator(".explore input:checked").count() == 3


@pytest.mark.parametrize("wrong", ["from=2022-12&to=2022-01", "from=x&to=y", ""])
def test_a_period_that_cannot_be_falls_back(visit: Any, wrong: str) -> None:
    with visit("fi", f"{REAL}#areas=kainuu&{wrong}") as seen:
        expect(seen.page.locator(DRAWN)).to_be_visible()
        first, last = seen.page.locator(".explore select").evaluate_all("lists => lists.map(list => list.value)")
        assert first < last
        assert seen.complaints == []


def test_words_and_months_are_of_the_page_s_language(visit: Any, lang: str) -> None:
    with visit(lang, REAL + CHOICE) as seen:
        expect(seen.page.locator(DRAWN)).to_be_visible()
        other = {"fi": ("januari", "juni", "Kajanaland"), "sv": ("tammikuu", "kesäkuu", "Kainuu")}[lang]
        text = seen.page.locator(".explore").inner_text() + " ".join(drawn_texts(seen.page))
        assert not [word for word in other if word in text]
        assert {"fi": "Kainuu", "sv": "Kajanaland"}[lang] in drawn_texts(seen.page)


def test_made_up_figures_say_so_in_the_drawing_and_above_it(visit: Any, lang: str) -> None:
    mark = {"fi": "synteettinen aineisto", "sv": "syntetiska uppgifter"}[lang]
    with visit(lang, MADE_UP + CHOICE) as seen:
        expect(seen.page.locator(DRAWN)).to_be_visible()
        assert mark in drawn_texts(seen.page)
        assert mark in seen.page.locator("[data-part=measure]").inner_text()


def test_months_stand_at_the_same_place_west_of_greenwich(visit: Any) -> None:
    texts = []
    for zone in ("Europe/Helsinki", "America/Los_Angeles"):
        with visit("fi", f"{REAL}#areas=kainuu&from=2021-01&to=2023-01", timezone_id=zone) as seen:
            expect(seen.page.locator(DRAWN)).to_be_visible()
            script = "texts => texts.map(text => [text.textContent, text.getAttribute('transform')])"
            texts.append(seen.page.locator(f"{DRAWN} text").evaluate_all(script))
    assert texts[0] == texts[1]


@pytest.mark.parametrize("missing", ["**/explore.json", "**/vega-*.js"])
def test_a_tool_that_cannot_be_loaded_says_so_calmly(visit: Any, lang: str, missing: str) -> None:
    with visit(lang, REAL) as seen:
        seen.page.route(missing, lambda route: route.abort())
        button = seen.page.locator(".explore button")
        button.click()
        expect(seen.page.locator("[data-part=summary]")).to_have_text(
            re.compile({"fi": "Luvut ovat tämän sivun taulukoissa", "sv": "Siffrorna finns i tabellerna"}[lang])
        )
        assert seen.page.locator("#tbl-order table").is_visible()
        assert not seen.page.locator("[data-part=form]").is_visible()
        seen.page.unroute(missing)
        button.click()
        expect(seen.page.locator(DRAWN)).to_be_visible()


def test_small_panels_weigh_little(site: Path, lang: str) -> None:
    html = (site / lang / REAL / "index.html").read_text("utf-8")
    drawings = re.findall(r'<svg [^>]*class="chart.*?</svg>', html, re.DOTALL)
    assert len(drawings) == 2
    assert len(gzip.compress("".join(drawings).encode())) <= 25_000
