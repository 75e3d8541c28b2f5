"""The attacker reads a whole built site and finds nothing; whatever hidden is made visible anywhere is found."""

from __future__ import annotations

import json
import math
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pikepdf
import pytest

from katsaus import theme
from katsaus.audit.drawing import Picture, check_chart, read_picture
from katsaus.audit.findings import Finding
from katsaus.audit.maps import check_map
from katsaus.audit.readers import read_file
from katsaus.audit.site import Site
from katsaus.audit.twins import Twin
from katsaus.figures import Figures, load_figures
from katsaus.table import Subject

pytestmark = pytest.mark.slow

TOWN = "fi/2023-06/kunta/ristijarvi"
AREA = "fi/2023-06/alue/kainuu"
COMPARED = "fi/2023-06/vertailu/d01"
HIDDEN = re.compile(r'<td class="right">(?:<(\w+)[^>]*>)?\.\.\.(?:</\1>)?</td>')


@pytest.fixture(scope="module")
def figures(root: Path) -> Figures:
    return load_figures(root)


@pytest.fixture(scope="module")
def copied(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the site; whoever changes a file of it puts it back."""
    return Path(shutil.copytree(site, tmp_path_factory.mktemp("audit") / "site"))


@pytest.fixture(scope="module")
def audited(copied: Path, figures: Figures) -> Site:
    return Site(copied, figures)


def findings(site: Site, name: str) -> list[Finding]:
    return list(read_file(site, site.root / name))


@pytest.fixture
def changed(audited: Site) -> Iterator[Callable[..., list[Finding]]]:
    """Changes a file of the site, and tells what the audit then finds in it (or in `read`, another one)."""
    kept: dict[Path, bytes | None] = {}

    def change(name: str, alter: Callable[[str], str], *, read: str = "") -> list[Finding]:
        path = audited.root / name
        kept.setdefault(path, path.read_bytes() if path.exists() else None)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        after = alter(before)
        assert after != before, "nothing was changed"
        path.write_text(after, encoding="utf-8")
        return findings(Site(audited.root, audited.figures), read or name)

    yield change
    for path, content in kept.items():
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)


def test_nothing_is_found_in_a_site_as_it_was_built(audited: Site) -> None:
    kinds = {path.suffix for path in audited.files}
    assert kinds >= {".html", ".csv", ".json", ".svg", ".pdf"}
    assert [str(finding) for path in audited.files for finding in read_file(audited, path)] == []


def put(pattern: str, text: str) -> Callable[[str], str]:
    """Puts `text` in place of the first thing that `pattern` finds."""
    return lambda before: re.sub(pattern, text, before, count=1)


def test_a_hidden_cell_of_a_page_made_visible(changed: Callable[..., list[Finding]]) -> None:
    (found,) = changed(f"{TOWN}/index.html", lambda html: HIDDEN.sub('<td class="right">3</td>', html, count=1))
    assert "a hidden figure is visible" in found.what
    assert re.match(r"tbl-\w+, row \d+, column \d+", found.place)
    assert "of KU697 in 2023-06" in found.figure


def test_a_hidden_cell_of_a_download_made_visible(audited: Site, changed: Callable[..., list[Finding]]) -> None:
    path = next(path for path in sorted((audited.root / TOWN).glob("*.csv")) if ",..." in path.read_text())
    (found,) = changed(f"{TOWN}/{path.name}", put(r",\.\.\.", ",2"))
    assert "a hidden figure is visible" in found.what
    assert re.fullmatch(r"row \d+, column \d+", found.place)


def test_another_figure_than_the_released_one(changed: Callable[..., list[Finding]]) -> None:
    (found,) = changed(f"{AREA}/fig-rate.csv", put(r",\d+\.\d", ",9.99"))
    assert found.what == "not the figure that was released"
    assert "D01" in found.figure


def test_a_description_that_says_more(changed: Callable[..., list[Finding]]) -> None:
    assert changed(f"{AREA}/fig-rate.csv-metadata.json", put('"dc:title": "', '"more": [3], "dc:title": "31,7 '))


@pytest.mark.parametrize("read", ["fig-rate.csv-metadata.json", "fig-rate.csv", "fig-rate.svg", "index.html"])
def test_a_table_that_does_not_say_what_its_figures_are_of(changed: Callable[..., list[Finding]], read: str) -> None:
    assert changed(f"{AREA}/fig-rate.csv-metadata.json", put('"indicator"', '"of"'), read=f"{AREA}/{read}")


def test_data_of_the_tool(changed: Callable[..., list[Finding]]) -> None:
    def alter(text: str) -> str:
        data = json.loads(text)
        data["areas"][0]["values"][0] = 99.5
        return json.dumps(data)

    (found,) = changed(f"{COMPARED}/explore.json", alter)
    assert "D01 of KK" in found.figure


def test_data_of_the_tool_that_nobody_knows(changed: Callable[..., list[Finding]]) -> None:
    assert changed(f"{COMPARED}/explore.json", put('"slug":', '"raw":3,"slug":'))


@pytest.mark.parametrize(
    "mark",
    [
        '<path d="M200,100L210,110" stroke="#00347a"/>',
        '<path transform="translate(250,77)" d="M4.7,0A4.7,4.7,0,1,1,-4.7,0A4.7,4.7,0,1,1,4.7,0" fill="#00347a"/>',
        '<path d="M99.7,290h10v-33.3h-10Z" fill="#00347a"/>',
        '<line transform="translate(0,44.4)" x2="510" y2="0" stroke="#97a3ad"/>',
        '<text transform="translate(300,20)">17,3</text>',
        "<ellipse/>",
        '<path d="M0,0L1,1" stroke="#00347a" aria-label="17,3"/>',
        "<title>17,3</title>",
    ],
    ids=["line", "point", "bar", "rule", "text", "unknown", "label", "title"],
)
def test_a_mark_that_the_table_does_not_explain(changed: Callable[..., list[Finding]], mark: str) -> None:
    found = changed(f"{AREA}/fig-rate.svg", lambda svg: f"{mark}</g></g>".join(svg.rsplit("</g></g>", 1)))
    assert found
    assert all("fig-rate" in each.place for each in found)


def test_a_corner_of_a_line_moved_in_a_page(changed: Callable[..., list[Finding]]) -> None:
    def alter(html: str) -> str:
        at = html.index('id="fig-rate"')
        return html[:at] + re.sub(r'(<path d="M[\d.]+,)([\d.]+)(L)', r"\g<1>1.5\g<3>", html[at:], count=1)

    found = changed(f"{AREA}/index.html", alter)
    assert found
    assert all(each.place.startswith("fig-rate, 20") for each in found)


def test_an_axis_that_reaches_further(changed: Callable[..., list[Finding]]) -> None:
    """The labels of the axis told four times as far apart: marks and reach are both wrong."""
    assert changed(f"{AREA}/fig-rate.svg", put(r">16</text>", ">60</text>"))


def test_another_class_of_a_map(changed: Callable[..., list[Finding]]) -> None:
    def alter(svg: str) -> str:
        light, *_, dark = theme.MAP_CLASSES
        other = light if re.search(rf'fill="{dark}"[^>]*data-area', svg) else dark
        return re.sub(r'fill="#[0-9a-f]{6}"([^>]*data-area)', rf'fill="{other}"\1', svg, count=1)

    (found,) = changed("fi/fig-map.svg", alter)
    assert "the class is not" in found.what
    assert "D01 of KK" in found.figure


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"<main ", '<main title="Ristijärvi: 7 työtöntä" '),
        (r'aria-label="Viivakuvio\.', 'aria-label="Viivakuvio. Ristijärvi 31,7 %.'),
        (r"</h1>", "</h1><p>Ristijärvellä oli 3 pitkäaikaistyötöntä.</p>"),
        (r"</h1>", "</h1><!-- 8617 -->"),
        (r'<meta name="description" content="', '<meta name="description" content="8617 työtöntä. '),
        (r'<dd class="value">', '<dd class="value">9'),
        (r"<caption[^>]*><span[^>]*>", r"\g<0>8617 "),
        (r"</body>", '<script type="application/ld+json">{"value": 8617}</script></body>'),
    ],
    ids=["title", "alternative", "sentence", "comment", "description", "headline", "caption", "json-ld"],
)
def test_a_text_that_says_more(changed: Callable[..., list[Finding]], pattern: str, text: str) -> None:
    found = changed(f"{TOWN}/index.html", put(pattern, text))
    assert found
    assert not any("8617" in str(each) for each in found), "a finding tells the figure"


@pytest.mark.parametrize(
    ("name", "pattern", "text"),
    [
        ("fi/2023-06/index.html", r"Kaikkiaan \d+ alueella", "Kaikkiaan 19 alueella"),
        ("fi/2023-06/index.html", r"(Kaikkiaan \d+ alueella) 25 ", r"\g<1> 24 "),
        ("sv/2023-06/index.html", r"I \d+ av 25 områden", "I 19 av 25 områden"),
        ("sv/2023-06/index.html", r"(och Vanda–Kervo-området \(\d+\s)\d+", r"\g<1>999"),
        (f"{TOWN}/index.html", r"Sivun taulukoissa on \d+", "Sivun taulukoissa on 98"),
        (f"{TOWN}/index.html", r"</h1>", "</h1><p>Osuus työvoimasta pieneni. Osuus oli 46,2 prosenttia.</p>"),
        (f"{AREA}/index.html", r"(suurimmillaan kesäkuussa 2020 \(\d+),\d", r"\g<1>,99"),
        (f"{AREA}/fig-rate.svg", r'(<desc id="fig-rate-desc">.*?)Lähde: ', r"\g<1>Ristijärvi 31,7 %. Lähde: "),
        (f"{AREA}/fig-rate.svg", r'(<tspan x="0">)Lähde: ', r"\g<1>Ristijärvi 31,7 %. Lähde: "),
        (f"{AREA}/fig-rate.svg", r'(<path transform="translate\([\d.]+,)[\d.]+(\)" d="M3\.9,0A)', r"\g<1>9\g<2>"),
        ("fi/2023-06/fig-clients.svg", r">(Työttömiä työnhakijoita: \d+\s\d\d)\d<", r">\g<1>0<"),
        (f"{COMPARED}/fig-areas.svg", r"(<tspan[^>]*>\d+),\d(\s%</tspan>)", r"\g<1>,99\g<2>"),
    ],
)
def test_a_sentence_or_label_with_another_number(
    changed: Callable[..., list[Finding]], name: str, pattern: str, text: str
) -> None:
    """Numbers of areas and figures, lists, short second mentions, courses, downloads' notes, rings and labels."""
    assert changed(name, put(pattern, text))


PLANTED = "987654321"


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"<main ", f'<main value="{PLANTED}" '),
        (r'<main id="content" class="', rf"\g<0>n{PLANTED} "),
        (r'<main id="content"', f'<main id="content-{PLANTED}"'),
        (r"</h1>", '</h1><p id="p-3"></p>'),
        (r'<h2 id="', r"\g<0>3-"),
        (r'<li id="note-1"', '<li id="note-3"'),
        (r'<a class="skip" href="#content"', f'<a class="skip" href="#{PLANTED}"'),
        (r"</h1>", f'</h1><a href="https://stat.fi/{PLANTED}"></a>'),
        (r"</h1>", f'</h1><a href="{PLANTED}/../index.html"></a>'),
        (r"</h1>", f'</h1><a href="index.html?{PLANTED}"></a>'),
        (r"</h1>", '</h1><a href="%33/index.html"></a>'),
        (r"(assets/style-)\w+", rf"\g<1>{PLANTED}"),
        (r"<main ", f'<main data-figures="{PLANTED}" '),
        (r"<main ", f'<main data-more="{PLANTED}" '),
        (r"<main ", '<main data-area="KU697" '),
        (r"<main ", '<main role="3" role="main" '),
        (r'tabindex="0"', 'tabindex="3"'),
        ("default-src", f"default-src n{PLANTED}"),
        (r"</head>", f"<style>p {{ width: {PLANTED}px }}</style></head>"),
        (r"<main ", f'<main style="width: {PLANTED}px" '),
        (r"<main ", f"<main n{PLANTED} "),
        (r"<main ", f'<main n{PLANTED}="3" '),
        (r"</h1>", f"</h1><n{PLANTED}>"),
        (r"</p>", f"</p {PLANTED}>"),
        (r"</h1>", f"</h1><!{PLANTED}>"),
        (r"</h1>", f"</h1><?{PLANTED}>"),
        (r"</h1>", f'</h1><SVG><path d="M{PLANTED}"/></SVG>'),
        (r'<ul class="downloads">', r"\g<0>3 henkilöä "),
        (r'<ul class="downloads">', r"\g<0><li>3 henkilöä</li>"),
    ],
)
def test_a_place_where_no_text_stands(changed: Callable[..., list[Finding]], pattern: str, text: str) -> None:
    found = changed(f"{TOWN}/index.html", put(pattern, text))
    assert found
    assert not any(PLANTED in str(each) for each in found), "a finding tells the figure"


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"</h1>", '</h1><p>Ristijärvi: <span class="aside">3</span> henkilöä</p>'),
        (r"</h1>", '</h1><p>Ristijärvi: <b class="number">Kuvio 3</b> henkilöä</p>'),
        (r'<p class="measure">', r'\g<0><span class="aside">3</span> henkilöä '),
        (r"</h1>", '</h1><p>Ristijärvi: <a href="#note-3">3</a> henkilöä</p>'),
        (r'(<a href="#note-\d+">\d+)\.</a>', r"\g<1>,</a> 3."),
        (r'<a href="#note-\d+">(\d+)\.</a>', r'<a href="#note-\g<1>">99.</a>'),
        ('(<b class="number">Kuvio.)1<', r"\g<1>3<"),
        ("( .Kuvio.)1\\)<", r"\g<1>3)<"),
        ('<b class="number">Kuvio.1<', '<b class="number">Henkilöä 1<'),
    ],
)
def test_a_running_number_elsewhere_or_another_one(
    changed: Callable[..., list[Finding]], pattern: str, text: str
) -> None:
    assert changed(f"{TOWN}/index.html", put(pattern, text))


END = r"</g>((?:<text (?:(?!</g>).)*?</text>)?</svg>)"
"""The end of a drawing: of one for download, behind which its source stands as text, and of one on a page."""


@pytest.mark.parametrize("name", [f"{AREA}/index.html", f"{AREA}/fig-rate.svg"])
@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (END, rf"</g><!-- {PLANTED} -->\g<1>"),
        (END, rf"</g><?n {PLANTED}?>\g<1>"),
        (END, rf"</g><defs><text>{PLANTED}</text></defs>\g<1>"),
        (END, rf"</g><defs><pattern>{PLANTED}</pattern></defs>\g<1>"),
        (END, rf"{PLANTED}</g>\g<1>"),
        (END, rf"</g>{PLANTED}\g<1>"),
        (END, rf'</g><g id="n{PLANTED}"/>\g<1>'),
        (END, r'</g><rect x="0" y="0" width="31" height="7" fill="#00347a"/>\g<1>'),
        (r"(<svg[^>]*>.*?<path )", rf'\g<1>id="n{PLANTED}" '),
        (r"(<svg[^>]*>.*?<path )", rf'\g<1>class="n{PLANTED}" '),
        (r"(<svg[^>]*>.*?<path )", rf'\g<1>data-area="KU{PLANTED}" '),
        (r"(<svg[^>]*>.*?<path )", rf'\g<1>data-n="{PLANTED}" '),
        (r"(<svg[^>]*>.*?<path )", rf'\g<1>style="width: {PLANTED}px" '),
        (r'(<svg[^>]*>.*?<path [^>]*stroke=")[^"]*', r"\g<1>#987654"),
        (r"(<svg[^>]*>.*?<text )", rf'\g<1>x="{PLANTED}" '),
        (r"<svg ", f'<svg n{PLANTED}="" '),
        (END, rf"</g><n{PLANTED}/>\g<1>"),
        (r"<svg ", f'<svg xmlns:n="urn:{PLANTED}" '),
        (r'(<svg[^>]* viewBox="[-\d]+ [-\d]+ )\d+', r"\g<1>987"),
    ],
)
def test_a_part_of_a_drawing_that_no_chart_has(
    changed: Callable[..., list[Finding]], name: str, pattern: str, text: str
) -> None:
    found = changed(name, lambda before: re.sub(pattern, text, before, count=1, flags=re.DOTALL))
    wanted = ("no chart has such a thing", "not one that its table has", "can't be measured: an element is not known")
    assert any(each.what.startswith(wanted) for each in found)
    assert not any(PLANTED in str(each) for each in found), "a finding tells the figure"


def test_the_sign_of_the_site_is_that_of_the_project(audited: Site, changed: Callable[..., list[Finding]]) -> None:
    (path,) = (audited.root / "fi/assets").glob("icon-*.svg")
    content = path.read_text(encoding="utf-8").replace("<svg ", f'<svg id="n{PLANTED}" ', 1)
    name = f"fi/assets/icon-{sha256(content.encode()).hexdigest()[:10]}.svg"
    assert [each.what for each in changed(name, lambda _: content)] == ["not the sign of the site"]


@pytest.mark.parametrize("name", ["Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate"])
def test_information_of_a_pdf_that_says_more(audited: Site, name: str) -> None:
    path = audited.root / AREA / "index.pdf"
    kept = path.read_bytes()
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.docinfo[f"/{name}"] = f"Kainuu {PLANTED}"
        document.save(path)
    found = findings(audited, f"{AREA}/index.pdf")
    path.write_bytes(kept)
    assert [each.place for each in found] == [name]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (rb"<dc:title>.*?x-default\">", rb"\g<0>3 "),
        (rb"<dc:format>", rb"<dc:format>3 "),
        (rb"<xmpTPg:NPages>", rb"<xmpTPg:NPages>3"),
        (rb"<xmp:CreatorTool>", rb"<xmp:CreatorTool>3 "),
        (rb"<dc:format>", rb'<dc:format n="3">'),
        (rb"<dc:format>", rb"<!-- 3 --><dc:format>"),
        (rb"<\?xpacket begin", rb"<!xpacket begin"),
    ],
)
def test_a_packet_of_a_pdf_that_says_more(audited: Site, pattern: bytes, text: bytes) -> None:
    path = audited.root / AREA / "index.pdf"
    kept = path.read_bytes()
    path.write_bytes(re.sub(pattern, text, kept, count=1))
    assert path.read_bytes() != kept, "nothing was changed"
    found = findings(audited, f"{AREA}/index.pdf")
    path.write_bytes(kept)
    assert any("XMP" in each.place for each in found)


def test_bookmarks_and_attachments_of_a_pdf(audited: Site) -> None:
    path = audited.root / AREA / "index.pdf"
    kept = path.read_bytes()
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.attachments["more.txt"] = b"3"
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(f"Kainuu {PLANTED}", 0))
        document.save(path)
    found = findings(audited, f"{AREA}/index.pdf")
    path.write_bytes(kept)
    assert [each.place for each in found] == ["bookmarks", "attachments"]


def test_a_pdf_with_numbers_of_its_own(audited: Site) -> None:
    path, other = audited.root / AREA / "index.pdf", audited.root / "fi/2023-06/alue/helsinki/index.pdf"
    kept = path.read_bytes()
    path.write_bytes(other.read_bytes())
    (found,) = findings(audited, f"{AREA}/index.pdf")
    path.write_bytes(kept)
    assert "numbers that the page does not have" in found.what


def test_a_pdf_with_one_number_more_than_its_page(changed: Callable[..., list[Finding]]) -> None:
    found = changed(f"{AREA}/index.html", put(r'<td class="right">\d+', '<td class="right">'), read=f"{AREA}/index.pdf")
    assert found[0].what == "1 numbers that the page does not have"


@pytest.mark.parametrize(
    ("cell", "place"),
    [
        ({"outputs": [{"output_type": "display_data", "data": {"text/plain": "3"}}]}, "cell 1, output"),
        ({"metadata": {"data": [3]}}, "cell 1, metadata"),
        ({"source": "x = 3"}, "cell 1"),
        ({}, ""),
    ],
    ids=["output", "metadata", "source", "untouched"],
)
def test_a_notebook_for_download(
    changed: Callable[..., list[Finding]], root: Path, cell: dict[str, object], place: str
) -> None:
    notebook = json.loads((root / "notebooks/area.ipynb").read_text(encoding="utf-8"))
    notebook["cells"][0] |= cell
    found = changed(f"{AREA}/area.ipynb", lambda _: json.dumps(notebook))
    assert [each.place for each in found] == ([place] if place else [])


@pytest.mark.parametrize("name", [f"{AREA}/data.parquet", f"{AREA}/more.js", f"{AREA}/more.json", f"{AREA}/more.csv"])
def test_a_file_that_nobody_reads(changed: Callable[..., list[Finding]], name: str) -> None:
    assert changed(name, lambda _: '{"a": 1}')


def test_a_script_that_was_changed(audited: Site, changed: Callable[..., list[Finding]]) -> None:
    (path,) = (audited.root / "fi/assets").glob("compare-*.js")
    assert changed(f"fi/assets/{path.name}", lambda text: text + "// 3")


# What is hidden afterwards, everywhere that it stands


A03 = Subject("statfin-12r5", "A03", "value", "KU697", "_T", "_T", "2023-06")


@pytest.fixture(scope="module")
def hiding(copied: Path, figures: Figures) -> Site:
    """The site, beside a release that hides the unemployed of Ristijärvi, and what is computed of them."""
    site = Site(copied, figures)
    known = site.released.shown

    def shown(subject: Subject) -> object:
        cell = known(subject)
        mine = (subject.indicator, subject.area, subject.month) == ("A03", "KU697", "2023-06")
        return replace(cell, symbol="...", value=math.nan) if cell and mine else cell

    site.released.shown = shown  # type: ignore[method-assign,assignment]
    return site


@pytest.mark.parametrize(
    ("name", "place"),
    [
        (f"{TOWN}/index.html", "tbl-residents, row"),
        (f"{TOWN}/index.html", "headline"),
        (f"{TOWN}/index.html", "<p>"),
        (f"{TOWN}/tbl-residents.csv", "row 1, column 3"),
        (f"{AREA}/tbl-municipalities.csv", "row"),
        (f"{AREA}/index.html", "tbl-municipalities, row"),
        ("sv/2023-06/kunta/ristijarvi/index.html", "headline"),
    ],
)
def test_a_figure_that_should_be_hidden_is_found_wherever_it_stands(hiding: Site, name: str, place: str) -> None:
    found = [each for each in findings(hiding, name) if each.place.startswith(place)]
    assert found
    assert all("visible" in each.what or "explains" in each.what for each in found)


def charts(site: Site) -> Iterator[tuple[str, Picture, str]]:
    for path in sorted(site.root.glob("fi/**/fig-*.svg")):
        folder = site.folder(path)
        if path.stem in folder.twins:
            picture = Picture(site.name(path), path.stem, folder.twins[path.stem], site.names[folder.lang])
            yield path.stem, picture, path.read_text(encoding="utf-8")


DRAWN = {  # chart → the measures that it draws
    "fig-rate": {"value"},
    "fig-flows": {"value"},
    "fig-activation": {"value"},
    "fig-responsible": {"value"},
    "fig-groups": {"value", "year_ago"},
    "fig-meters": {"value", "year_ago"},
    "fig-changes": {"change_percent"},
    "fig-map": {"value"},
    "fig-steps": {"value"},
    "fig-municipalities": {"value"},
}


def test_what_is_drawn_of_a_hidden_cell_is_found(audited: Site) -> None:
    """Cell after cell of the twin is taken for hidden; the drawing that still shows it is found."""
    missed, tried = [], 0
    for label, picture, svg in charts(audited):
        shapes, _, is_map = read_picture(svg)
        for i, j in list(drawn(picture.twin, label))[:: 7 if label != "fig-groups" else 1]:
            hidden = replace(picture, twin=without(picture.twin, i, column=j))
            found = check_map(hidden, shapes, month_of=audited.month_of) if is_map else check_chart(hidden, shapes)
            tried += 1
            if not list(found):
                missed.append(f"{picture.file} {picture.twin.subjects[i][j]}")
    assert tried > 300
    assert len(missed) <= tried / 100, missed  # where another figure of the same row or line is drawn within a pixel


def drawn(twin: Twin, label: str) -> Iterator[tuple[int, int]]:
    for i, row in enumerate(twin.subjects):
        for j, subject in enumerate(row):
            same = subject.indicator == twin.subjects[0][0].indicator or label in {"fig-flows", "fig-meters"}
            if same and subject.measure in DRAWN.get(label, ()) and not twin.shown[i][j].symbol:
                yield i, j


def without(twin: Twin, row: int, *, column: int) -> Twin:
    rows = [list(cells) for cells in twin.shown]
    rows[row][column] = replace(rows[row][column], symbol="...", value=math.nan)
    return replace(twin, shown=rows)
