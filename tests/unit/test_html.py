import gzip
import re
from html.parser import HTMLParser

import pytest
import sample_notebook as sample
from sample_site import CROSSREFS, English, page, shell

from katsaus.errors import RenderError
from katsaus.pages.assets import write_assets
from katsaus.pages.document import compose
from katsaus.pages.figures import read
from katsaus.pages.html import render_archive, render_page
from katsaus.pages.publish import publish
from katsaus.pages.shell import ARCHIVE, CSP
from katsaus.pages.svg import Converters, Drawing

SVG = '<svg class="chart wide" role="img" aria-label="alt"></svg>'


class Tags(HTMLParser):
    """Every start tag with its attributes, and the balance of open elements."""

    VOID = frozenset({"meta", "link", "br", "hr", "path", "rect", "line"})

    def __init__(self, text):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def rendered(lang="fi", *, executed=None, of=None, **changes):
    content = read(executed or sample.executed(lang), "page")
    document = compose(content, CROSSREFS[lang], term=English().term, where="page")
    drawings = [Drawing(figure.label, SVG, SVG, SVG) for figure in content.figures]
    return render_page(shell(lang, **changes), of or page(lang), content=content, document=document, drawings=drawings)


@pytest.fixture(scope="module")
def html():
    return rendered()


def test_elements_are_closed(html):
    assert Tags(html).open == []


def test_the_page_says_its_language_and_policy(html):
    tags = Tags(html)
    assert tags.all("html") == [{"lang": "fi"}]
    assert {"http-equiv": "Content-Security-Policy", "content": CSP} in tags.all("meta")


def test_nothing_on_the_page_breaks_the_policy(html):
    assert "<script" not in html
    assert "<style" not in html
    assert " style=" not in html
    assert not re.search(r"\son\w+=", html)


def test_the_page_asks_no_third_party_for_anything(html):
    loaded = [tag for tag in Tags(html).all("link") if tag["rel"] in ("stylesheet", "icon")]
    assert [tag["href"] for tag in loaded] == ["../../../assets/style.css", "../../../assets/icon.svg"]
    assert not Tags(html).all("img")


def test_links_are_relative_and_name_their_file(html):
    for attributes in Tags(html).all("a"):
        href = attributes["href"]
        assert not href.startswith("/")
        assert href.startswith(("#", "https://stat.fi/", "../")) or "." in href


def test_languages_lead_to_the_same_page(html):
    alternates = {tag["hreflang"]: tag["href"] for tag in Tags(html).all("link") if tag.get("hreflang")}
    assert alternates == {
        "fi": "../../../../fi/2023-06/alue/helsinki/index.html",
        "sv": "../../../../sv/2023-06/alue/helsinki/index.html",
        "x-default": "../../../../fi/2023-06/alue/helsinki/index.html",
    }
    switch = [tag for tag in Tags(html).all("a") if tag.get("hreflang")]
    assert [(tag["lang"], tag.get("aria-current")) for tag in switch] == [("fi", "true"), ("sv", None)]


def test_months_before_and_after_are_one_step_away():
    middle = Tags(rendered(of=page(month="2023-05")))
    steps = {tag["rel"]: tag["href"] for tag in middle.all("a") if tag.get("rel")}
    assert steps == {
        "prev": "../../../2023-04/alue/helsinki/index.html",
        "next": "../../../2023-06/alue/helsinki/index.html",
    }
    newest = [tag["rel"] for tag in Tags(rendered()).all("a") if tag.get("rel")]
    assert newest == ["prev"]
    first = [tag["rel"] for tag in Tags(rendered(of=page(month="2023-04"))).all("a") if tag.get("rel")]
    assert first == ["next"]


def test_areas_are_listed_with_the_own_one_marked(html):
    assert '<a href="../../../2023-06/alue/espoo/index.html">Espoo</a>' in html
    assert '<a href="../../../2023-06/alue/helsinki/index.html" aria-current="page">Helsinki</a>' in html


def test_a_pdf_is_linked_only_where_there_is_one(html):
    assert 'href="index.pdf"' in html
    assert "index.pdf" not in rendered(of=page(pdf=False))


def test_every_id_is_unique_and_every_fragment_has_its_target(html):
    tags = Tags(html)
    ids = [attributes["id"] for _, attributes in tags.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for a in tags.all("a") if a["href"].startswith("#")}
    assert targets <= set(ids)
    assert {a["aria-labelledby"] for _, a in tags.tags if "aria-labelledby" in a} <= set(ids)


def test_tables_have_captions_and_headers(html):
    tags = Tags(html)
    assert len(tags.all("caption")) == len(tags.all("table")) == 5
    scopes = [attributes.get("scope") for attributes in tags.all("th")]
    assert set(scopes) == {"col", "row"}
    assert scopes.count("row") == 37 + 6 + 6 + 6 + 37


def test_wide_tables_can_be_scrolled_by_keyboard(html):
    regions = [attributes for attributes in Tags(html).all("div") if attributes.get("role") == "region"]
    assert all(attributes["tabindex"] == "0" for attributes in regions)
    assert len({attributes["aria-labelledby"] for attributes in regions}) == 5


def test_own_rows_symbols_and_links_of_tables(html):
    assert '<tr class="own"><th scope="row"><a href="index.html">Helsinki</a></th>' in html
    assert '<th scope="row"><a href="../espoo/index.html">Espoo</a></th>' in html
    assert '<td class="right"><span role="img" aria-label="' in html
    assert re.search(r'aria-label="[^".]+">\.\.\.</span></td>', html)
    assert sample.WORDS["fi"]["symbol"] in html


def test_a_figure_offers_its_table_and_files(html):
    figure = re.search(r'<figure class="figure" id="fig-rate">.*?</figure>', html, re.DOTALL)[0]
    for part in ('href="fig-rate.csv" download', 'href="fig-rate.svg" download', "<details>", "<table>", SVG):
        assert part in figure
    assert figure.index("Kuvio") < figure.index(sample.WORDS["fi"]["finding"]) < figure.index("<svg")


@pytest.mark.parametrize(
    "bad", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "</title>"]
)
def test_texts_of_notebooks_stay_texts(bad):
    notebook = sample.executed("fi")
    notebook["metadata"]["katsaus"] |= {"title": bad, "description": bad}
    words = notebook["cells"][3]["outputs"][0]["data"]["application/vnd.katsaus.figure+json"]
    words |= {"title": f"{bad}.", "subtitle": bad, "notes": [bad], "source": bad}
    words["table"] |= {"caption": bad, "symbols": [bad], "rows": [[bad] * 5, [{"text": bad, "href": bad}, *[bad] * 4]]}
    notebook["cells"][1]["outputs"][0]["data"]["application/vnd.katsaus.headline+json"]["items"][0]["value"] = bad
    html = rendered(executed=notebook)
    assert "<script" not in html
    assert "<img" not in html
    assert "49" not in html.replace("39 249", "") or "{{ 7*7 }}" in html
    assert Tags(html).open == []


def test_finnish_and_swedish_pages_have_the_same_structure():
    whole = {"class": "whole"}  # what no line may break differs in the languages
    shapes = [[tag for tag, given in Tags(rendered(lang)).tags if given != whole] for lang in ("fi", "sv")]
    assert shapes[0] == shapes[1]


def test_the_archive_leads_to_every_month_and_area():
    html = render_archive(shell())
    assert Tags(html).open == []
    months = re.findall(r'href="\.\./(\d{4}-\d\d)/index\.html"', html)
    assert months == ["2023-06", "2023-05", "2023-04"]
    assert html.count("/alue/espoo/index.html") == 3
    assert f"../../sv/{ARCHIVE}index.html" in html


def test_navigation_marks_the_current_page():
    assert '<a href="../arkisto/index.html" aria-current="page">Archive</a>' in render_archive(shell())


def test_assets_carry_their_hashes_and_the_stylesheet_finds_its_fonts(tmp_path):
    assets = write_assets(tmp_path)
    css = (tmp_path / assets["css"]).read_text()
    fonts = re.findall(r'url\("(.*?)"\)', css)
    assert len(fonts) == 3
    for font in fonts:
        assert (tmp_path / "assets" / font).stat().st_size <= 16_000
    assert write_assets(tmp_path / "again") == assets


def test_a_published_page_is_whole_small_and_the_same_twice(tmp_path):
    write_assets(tmp_path)
    with Converters(2) as converters:
        runs = [
            publish(sample.executed("fi"), page(), out=tmp_path / name, shell=shell(), converters=converters)
            for name in ("one", "two")
        ]
    names = [[file.name for file in run.files] for run in runs]
    assert (
        names[0]
        == names[1]
        == sorted(
            ["index.html", "index.pdf"]
            + [f"tbl-{name}.{end}" for name in ("areas", "months") for end in ("csv", "csv-metadata.json")]
            + [f"fig-{name}.{end}" for name in ("bars", "dots", "rate") for end in ("csv", "csv-metadata.json", "svg")]
        )
    )
    for first, second in zip(runs[0].files, runs[1].files, strict=True):
        assert first.read_bytes() == second.read_bytes()
    html = (tmp_path / "one" / page().address / "index.html").read_bytes()
    assets = [path for path in (tmp_path / "assets").iterdir() if path.suffix in {".css", ".woff2", ".svg"}]
    total = len(gzip.compress(html)) + sum(len(gzip.compress(path.read_bytes())) for path in assets)
    assert total < 70_000


def test_a_link_to_a_page_that_the_project_has_not_is_refused():
    def linked(way):
        executed = sample.executed()
        cell = sample.markdown(f"See [it]({way}).")
        cell["metadata"] = {"katsaus": {"cell": len(executed["cells"]) + 1}}
        return rendered(executed={**executed, "cells": [*executed["cells"], cell]})

    for way in ("../../../arkisto/index.html", "../espoo/index.html"):
        assert f'href="{way}"' in linked(way)
    with pytest.raises(RenderError, match=r"helsinki.*\.\./espoo-x/index\.html leads to no page"):
        linked("../espoo-x/index.html")
