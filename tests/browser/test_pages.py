"""What a page asks for, says and weighs; what it is without JavaScript, on a phone and in the other language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

BUDGET = 120_000
OTHER = {"fi": "sv", "sv": "fi"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'none'"
)
ASSET = re.compile(r"\.(css|svg|png|csv|pdf|woff2|ico|txt)$")


def directives(policy: str) -> dict[str, set[str]]:
    words = [part.split() for part in policy.split(";") if part.strip()]
    return {name: set(sources) for name, *sources in words}


def test_a_page_asks_its_own_site_only_and_breaks_nothing(visit: Any, served: str, lang: str, address: str) -> None:
    with visit(lang, address) as seen:
        assert [url for url in seen.requests if not url.startswith((served, "data:"))] == []
        assert seen.complaints == []


def test_the_policy_is_strict_and_at_work(visit: Any, lang: str, address: str) -> None:
    with visit(lang, address) as seen:
        meta = seen.page.locator('meta[http-equiv="Content-Security-Policy"]').get_attribute("content") or ""
        allowed = directives(POLICY)
        assert directives(meta)["default-src"] == {"'none'"}
        assert {"base-uri", "form-action"} <= set(directives(meta))
        assert all(sources <= allowed[name] | {"'none'"} for name, sources in directives(meta).items())
        seen.page.evaluate("document.body.append(Object.assign(document.createElement('img'), {src: 'https://a.fi/'}))")
        seen.page.wait_for_timeout(50)
        assert any("Content Security Policy" in complaint for complaint in seen.complaints)


def test_nothing_is_missing_without_javascript(visit: Any, lang: str, address: str) -> None:
    texts = []
    for enabled in (True, False):
        with visit(lang, address, java_script_enabled=enabled) as seen:
            # Whether a table says that it goes on is a test of its own; it takes the browser a moment.
            seen.page.evaluate("document.querySelectorAll('.hint').forEach(hint => hint.remove())")
            if enabled:  # what scripts add is about what they do
                seen.page.evaluate("document.querySelectorAll('.pointed, .explore').forEach(added => added.remove())")
            texts.append(seen.page.inner_text("body"))
            assert seen.page.locator("noscript").count() == 0
    assert texts[0] == texts[1]
    assert len(texts[0]) > 300


@pytest.mark.parametrize("charted", ["2023-06/", "2023-06/alue/kainuu/", "2023-06/alue/helsinki/"])
@pytest.mark.parametrize("width", [1280, 320])
def test_every_chart_is_drawn_once_with_its_text(visit: Any, lang: str, *, charted: str, width: int) -> None:
    with visit(lang, charted, width=width, java_script_enabled=False) as seen:
        figures = seen.page.locator("main figure:has(svg)")
        assert figures.count() >= 3
        for figure in figures.all():
            drawn = [svg for svg in figure.locator("svg[role=img]").all() if svg.is_visible()]
            assert len(drawn) == 1
            assert len(drawn[0].get_attribute("aria-label") or "") > 40
            assert drawn[0].evaluate("svg => svg.closest('[lang]').getAttribute('lang')") == lang
            sizes = drawn[0].evaluate(
                """svg => [...svg.querySelectorAll('text')].filter(text => text.textContent.trim()).map(text =>
                    parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"""
            )
            assert min(sizes) >= 11.9


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_page_never_scrolls_sideways(visit: Any, lang: str, address: str, *, width: int) -> None:
    with visit(lang, address, width=width) as seen:
        seen.page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("enabled", [True, False])
def test_a_phone_shows_first_what_where_when_and_how_much(visit: Any, lang: str, *, enabled: bool) -> None:
    for address in ("2023-06/", "2023-06/alue/kainuu/", "2023-06/kunta/ristijarvi/"):
        with visit(lang, address, width=320, java_script_enabled=enabled) as seen:
            tops = [
                (seen.page.locator(part).first.bounding_box() or {"y": 10_000})["y"]
                for part in ("h1", ".headline .value", ".headline > div:last-child .value", ".text > p")
            ]
            assert tops == sorted(tops)
            assert tops[-1] < 640
            assert seen.page.locator(".contents li").first.is_hidden()
            seen.page.locator(".contents summary").click()
            assert seen.page.locator(".contents li").first.is_visible()


def test_a_table_that_goes_on_says_so_and_no_other(visit: Any, lang: str) -> None:
    for width in (320, 1280):
        with visit(lang, "2023-06/alue/kainuu/", width=width, java_script_enabled=False) as seen:
            seen.page.wait_for_timeout(200)
            for table in seen.page.locator(".figure > .scroll").all():
                goes_on = table.evaluate("one => one.scrollWidth > one.clientWidth")
                shown = table.locator(".hint").evaluate("one => getComputedStyle(one).visibility")
                assert (shown == "visible") is goes_on


def test_the_contents_of_a_wide_screen_stay_beside_the_text(visit: Any, lang: str) -> None:
    with visit(lang, "2023-06/alue/kainuu/", width=1280) as seen:
        seen.page.mouse.wheel(0, 5000)
        seen.page.wait_for_timeout(200)
        assert seen.page.locator(".contents li a").last.is_visible()
        edges = {round((one.bounding_box() or {})["x"]) for one in seen.page.locator(".contents > div").all()}
        widest = seen.page.evaluate(
            "Math.max(...[...document.querySelectorAll('.figure')].map(one => one.getBoundingClientRect().right))"
        )
        assert widest < min(edges)


def test_the_switcher_leads_to_the_same_page_and_back(visit: Any, served: str, lang: str, address: str) -> None:
    other = OTHER[lang]
    with visit(lang, address) as seen:
        assert seen.page.evaluate("document.documentElement.lang") == lang
        for there in (other, lang):
            seen.page.locator(f'body a[hreflang="{there}"]').first.click()
            expected = f"{served}{there}/{address}"
            assert seen.page.url.removesuffix("index.html") == expected
            assert seen.page.evaluate("document.documentElement.lang") == there


def test_both_languages_are_declared_as_each_others_twins(visit: Any, served: str, lang: str, address: str) -> None:
    with visit(lang, address) as seen:
        links = seen.page.locator("head link[rel=alternate][hreflang]").all()
        declared = {link.get_attribute("hreflang"): link.evaluate("link => link.href") for link in links}
        assert {"fi", "sv"} <= set(declared)
        for there in ("fi", "sv"):
            assert declared[there].removesuffix("index.html") == f"{served}{there}/{address}"


def test_a_page_with_everything_on_it_is_light(visit: Any, lang: str, address: str) -> None:
    with visit(lang, address) as seen:
        weight = seen.weight()
        assert sum(weight.values()) <= BUDGET, weight


def test_every_file_a_page_offers_is_there(site: Path, visit: Any, served: str, lang: str, *, address: str) -> None:
    with visit(lang, address) as seen:
        targets = seen.page.evaluate(
            "[...document.querySelectorAll('[href], [src]')].map(e => e.getAttribute('href') ?? e.getAttribute('src'))"
        )
        inside = [url for target in targets if (url := urljoin(seen.page.url, target)).startswith(served)]
        files = {urlsplit(url).path for url in inside if ASSET.search(urlsplit(url).path)}
    base = urlsplit(served).path
    assert [path for path in sorted(files) if not (site / path.removeprefix(base)).is_file()] == []
    assert not any(target.startswith("/") for target in targets)


def test_both_languages_have_the_same_files(site: Path) -> None:
    trees = [{path.relative_to(site / lang).as_posix() for path in (site / lang).rglob("*")} for lang in ("fi", "sv")]
    assert trees[0] == trees[1]
    assert "2023-06/alue/helsinki/index.pdf" in trees[0]


def test_the_root_of_the_site_offers_both_languages(visit: Any, served: str) -> None:
    with visit(".", "index.html", java_script_enabled=False) as seen:
        for lang in ("fi", "sv"):
            link = seen.page.locator(f'body a[hreflang="{lang}"]')
            assert link.evaluate("a => a.href").removesuffix("index.html") == f"{served}{lang}/"
        assert [url for url in seen.requests if not url.startswith((served, "data:"))] == []
        assert seen.complaints == []


def test_the_front_page_leads_to_every_area_of_the_site(visit: Any, site: Path, lang: str) -> None:
    with visit(lang, "") as seen:
        links = {urlsplit(link.evaluate("a => a.href")).path for link in seen.page.locator("body a").all()}
    led_to = {path.rpartition("/alue/")[2].removesuffix("/index.html") for path in links if "/alue/" in path}
    assert led_to == {path.name for path in (site / lang / "2023-06/alue").iterdir()}
    assert len(led_to) >= 3
