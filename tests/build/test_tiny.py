"""The tiny project end to end: the same bytes twice, nothing that must not be seen, the same in both languages."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pytest
from built import files, sheets, table
from tiny_project import Done, Tiny, copy_tiny

from katsaus.chart import VEGA_LITE
from katsaus.config.matrix import Page
from katsaus.config.project import load_project
from katsaus.notebooks.prepare import prepare
from katsaus.notebooks.run import run_notebook
from page_reader import read_page

LANGS = ("fi", "sv")
FRONT = Path("index.html")


def test_the_same_inputs_give_the_same_bytes(tiny_built: tuple[Tiny, Done], root: Path, tmp_path: Path) -> None:
    """Elsewhere, in another time zone, locale and hash seed, one page at a time."""
    first, _ = tiny_built
    second = copy_tiny(root, tmp_path / "other place")
    done = second.build(
        "--month", "2021-04", "--jobs", "1", TZ="America/New_York", LC_ALL="C", PYTHONHASHSEED="7", PYTHONUTF8="0"
    )
    assert done.code == 0, done.said
    assert files(first.site) == files(second.site)
    assert any(name.endswith(".pdf") for name in files(first.site))


def test_a_date_is_written_only_where_it_is_fixed(tiny: Tiny, tiny_built: tuple[Tiny, Done]) -> None:
    undated = tiny_built[0].site / "fi/2021-04/index.pdf"
    assert tiny.build("--month", "2021-04", "--area", "trial", "--lang", "fi", SOURCE_DATE_EPOCH="1620111600").code == 0
    with pikepdf.open(tiny.site / "fi/2021-04/index.pdf") as dated, pikepdf.open(undated) as plain:
        assert str(dated.docinfo["/CreationDate"]).startswith("D:20210504")
        assert "/CreationDate" not in plain.docinfo


class Skeleton(HTMLParser):
    """What a page holds whatever its language: elements in order, numbers, targets within the site."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.numbers: Counter[str] = Counter()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements.append(f"{tag}.{given.get('class', '')}")
        href = given.get("href") or ""
        if href and not href.startswith("#"):
            self.links.append(href)

    def handle_data(self, data: str) -> None:
        self.numbers.update(re.findall(r"[+−]?\d[\d\N{NO-BREAK SPACE}]*(?:,\d+)?", data))


def skeleton(page: Path) -> Skeleton:
    parser = Skeleton()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser


def test_every_page_of_the_matrix_is_built(tiny_built: tuple[Tiny, Done]) -> None:
    """A town alone is its area; the pair has a page for each of its towns."""
    project, _ = tiny_built
    pages = {
        path.parent.relative_to(project.site / "sv").as_posix() for path in (project.site / "sv").rglob("index.html")
    }
    planned = load_project(project.folder).matrix.select(["2021-04"], langs=["sv"])
    newest = {page.address for page in load_project(project.folder).matrix.select(langs=["sv"]) if page.newest_only}
    wanted = {page.address for page in planned} | newest | {"arkisto/"}
    assert {f"{page}/" if page != "." else "" for page in pages} == wanted
    assert {page for page in pages if "/kunta/" in page} == {"2021-04/kunta/kaksila", "2021-04/kunta/kolmela"}


def test_both_languages_have_the_same_pages(tiny_built: tuple[Tiny, Done]) -> None:
    site = tiny_built[0].site
    finnish, swedish = ({re.sub(r"-[0-9a-f]{10}\.", ".", name) for name in files(site / lang)} for lang in LANGS)
    assert finnish == swedish
    assert "2021-04/alue/kaksila-kolmela/index.pdf" in finnish


def test_both_languages_show_the_same_structure_and_figures(tiny_built: tuple[Tiny, Done]) -> None:
    site = tiny_built[0].site
    for page in sorted(path.relative_to(site / "fi") for path in (site / "fi").rglob("index.html")):
        finnish, swedish = (skeleton(site / lang / page) for lang in LANGS)
        elements = [_without_words(each.elements) for each in (finnish, swedish)]
        if page == FRONT:  # its towns are in the order of their names
            elements = [sorted(each) for each in elements]
        assert elements[0] == elements[1], page
        assert finnish.numbers == swedish.numbers, page
        assert len(finnish.links) == len(swedish.links), page


def _without_words(elements: list[str]) -> list[str]:
    """SVG texts are wrapped by their width, so that charts are compared by their presence. What is kept on one line
    depends on the words too.
    """
    return [
        element
        for element in elements
        if element.partition(".")[0] not in {"text", "tspan", "g", "path", "line", "rect"} and element != "span.whole"
    ]


def test_both_languages_download_the_same_figures(tiny_built: tuple[Tiny, Done]) -> None:
    site = tiny_built[0].site
    for path in sorted((site / "fi").rglob("*.csv")):
        twin = site / "sv" / path.relative_to(site / "fi")
        finnish, swedish = ([list(row.values()) for row in table(each)] for each in (path, twin))
        assert [[v for v in row if _is_figure(v)] for row in finnish] == [
            [v for v in row if _is_figure(v)] for row in swedish
        ], path


def _is_figure(value: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?|\.{2,3}|–", value))


def test_known_figures_of_residents(tiny_built: tuple[Tiny, Done]) -> None:
    """The pair in April 2021: 103 + 73 unemployed, 530 + 180 in the labour force, 10 + 0 vacancies."""
    folder = tiny_built[0].site / "fi/2021-04/alue/kaksila-kolmela"
    pair = table(folder / "tbl-residents.csv")[0]
    assert pair["Työttömiä työnhakijoita"] == "176"
    assert pair["Työttömien osuus työvoimasta, %"] == "24.8"
    assert pair["Työttömiä avointa työpaikkaa kohti"] == "17.6"
    towns = {row["Kunta"]: row for row in table(folder / "tbl-municipalities.csv")}
    assert towns["Kolmela"]["Avoimia työpaikkoja"] == "0"
    assert towns["Kolmela"]["Työttömiä avointa työpaikkaa kohti"] == "–"


def test_known_figures_of_clients_and_recipients(tiny_built: tuple[Tiny, Done]) -> None:
    """The trial's clients of the pair: 107 + 34 jobseekers, 69 + 21 of them unemployed; in Kolmela 10 of 423."""
    month = tiny_built[0].site / "fi/2021-04"
    clients = now(month / "alue/kaksila-kolmela/tbl-clients.csv")
    assert clients["Työnhakijoita"] == "141"
    assert clients["Työttömien ja lomautettujen osuus työnhakijoista, %"] == "63.8"
    recipients = now(month / "kunta/kolmela/tbl-kela.csv")
    assert recipients["Perustoimeentulotuen työikäisiä saajia"] == "10"
    assert recipients["Saajien osuus työikäisestä väestöstä, %"] == "2.4"


def now(path: Path) -> dict[str, str]:
    """A table of measures by row: the measure → its figure of the month."""
    return {row["Tunnusluku"]: row["huhtikuu 2021"] for row in table(path)}


def test_small_counts_are_hidden_and_explained(tiny_built: tuple[Tiny, Done]) -> None:
    """Four spells ended in Kolmela, one of them for a job, and those started less the net flow would tell it; three of
    its recipients are under 30, none foreign.
    """
    for lang, why in (("fi", "Peitetty luku on 1–4, se on laskettu"), ("sv", "Ett dolt tal är mellan 1 och 4, har")):
        town = tiny_built[0].site / lang / "2021-04/kunta/kolmela"
        flows, kela = ([list(row.values())[3] for row in table(town / f"tbl-{name}.csv")] for name in ("flows", "kela"))
        assert flows == ["...", "...", "6", "...", "..."]
        assert kela == ["2.4", "10", "...", "0"]
        page = read_page(town / "index.html")
        for label in ("tbl-flows", "tbl-kela", "tbl-services"):
            assert why in " ".join(page.shown[label].words), label
        assert "NaN" not in (town / "index.html").read_text(encoding="utf-8")


def test_nothing_later_than_the_month(tiny_built: tuple[Tiny, Done]) -> None:
    for path in tiny_built[0].site.rglob("*.csv"):
        assert "2021-05" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("lang", LANGS)
def test_every_link_leads_somewhere(tiny_built: tuple[Tiny, Done], lang: str) -> None:
    site = tiny_built[0].site
    for page in (site / lang).rglob("index.html"):
        for link in skeleton(page).links:
            if not link.startswith("https://"):
                assert (page.parent / link.partition("#")[0]).resolve().is_file(), f"{page}: {link}"


def test_a_blank_of_the_source_is_named_and_hidden(tiny: Tiny) -> None:
    assert tiny.build("--month", "2021-03", "--area", "kaksila-kolmela", "--html").code == 0
    for lang, name, vacancies in (
        ("fi", "Kolmela", ("Avoimia työpaikkoja", "Työttömiä avointa työpaikkaa kohti")),
        ("sv", "Treby", ("Lediga jobb", "Arbetslösa per ledigt jobb")),
    ):
        folder = tiny.site / lang / "2021-03/alue/kaksila-kolmela"
        row = next(row for row in table(folder / "tbl-municipalities.csv") if name in row.values())
        assert [row[column] for column in vacancies] == ["...", "..."]
        notes = (folder / "index.html").read_text(encoding="utf-8").partition('class="notes"')[2]
        assert name in notes


def test_a_choice_renews_its_pages_and_keeps_the_others(tiny: Tiny, tiny_built: tuple[Tiny, Done]) -> None:
    shutil.copytree(tiny_built[0].site, tiny.site)
    notebook = tiny.folder / "notebooks/area.ipynb"
    content = json.loads(notebook.read_text(encoding="utf-8"))
    source = "".join(f'::: {{.content-visible when-profile="{lang}"}}\nx {lang}\n:::\n\n' for lang in LANGS)
    content["cells"].append({"cell_type": "markdown", "id": "last", "metadata": {}, "source": source})
    notebook.write_text(json.dumps(content), encoding="utf-8")
    before = files(tiny.site)
    assert tiny.build("--area", "yksila", "--lang", "fi", "--month", "2021-04").code == 0
    after = files(tiny.site)
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == {
        "fi/2021-04/alue/yksila/index.html",
        "fi/2021-04/alue/yksila/index.pdf",
    }


def test_the_front_page_shows_the_newest_month_of_the_site(tiny: Tiny) -> None:
    front = tiny.site / "fi/index.html"
    for month, shown in (("2021-03", "2021-03"), ("2021-04", "2021-04"), ("2021-03", "2021-04")):
        done = tiny.build("--month", month, "--area", "trial", "--lang", "fi", "--html")
        assert done.code == 0, done.said
        assert f'href="{shown}/index.html"' in front.read_text(encoding="utf-8")


def test_nbclient_makes_the_same_page(tiny: Tiny, tiny_built: tuple[Tiny, Done]) -> None:
    done = tiny.build("--month", "2021-04", "--area", "yksila", "--lang", "sv", "--executor", "nbclient", "--html")
    assert done.code == 0, done.said
    page = "sv/2021-04/alue/yksila"
    mine, theirs = files(tiny.site / page), files(tiny_built[0].site / page)
    assert {name: value for name, value in mine.items() if name != "index.html"} == {
        name: value for name, value in theirs.items() if not name.startswith("index.")
    }  # the page itself links fewer areas, as the site has fewer


GOLDEN = Path(__file__).parents[1] / "golden"


def test_synthetic_figures_say_so_wherever_they_are(tiny_built: tuple[Tiny, Done]) -> None:
    """The tiny country is made up, and its sidecar says so: so does every page, image, download and sheet."""
    project, _ = tiny_built
    for lang, mark, sentence in (
        ("fi", "synteettinen aineisto", "Synteettinen aineisto: luvut on keksitty testausta varten"),
        ("sv", "syntetiska uppgifter", "Syntetiska uppgifter: talen är påhittade för testning"),
    ):
        folder = project.site / lang / "2021-04/alue/kaksila-kolmela"
        html = (folder / "index.html").read_text(encoding="utf-8")
        assert f'<p class="synthetic" role="note">{sentence}' in html
        assert '<meta name="katsaus-data" content="synthetic">' in html
        assert html.count(f"<small>{mark}</small></dd>") == html.count('<dd class="value">') > 0
        captions = re.findall(r"<caption[^>]*>(.*?)</caption>", html, re.DOTALL)
        measures = re.findall(r'<p class="measure">(.*?)</p>', html, re.DOTALL)
        alternatives = re.findall(r'<svg[^>]*role="img" aria-label="([^"]*)"', html)
        assert captions
        assert measures
        assert alternatives
        assert all(mark in text for text in [*captions, *measures, *alternatives])
        for path in (path for path in folder.iterdir() if path.suffix in (".csv", ".svg")):
            text = path.read_text(encoding="utf-8")
            rows = text.splitlines()[1:] if path.suffix == ".csv" else [text]
            assert all(mark in row for row in rows), path
        assert all(sentence in re.sub(r"\s+", " ", sheet) for sheet in sheets(folder / "index.pdf"))


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("alue/kaksila-kolmela", "tbl-municipalities.csv"),
        ("alue/kaksila-kolmela", "tbl-clients.csv"),
        ("alue/kaksila-kolmela", "fig-exits.csv"),
        ("kunta/kolmela", "tbl-flows.csv"),
        ("kunta/kolmela", "tbl-kela.csv"),
    ],
)
def test_tables_are_the_golden_ones(tiny_built: tuple[Tiny, Done], page: str, name: str) -> None:
    made = tiny_built[0].site / "sv/2021-04" / page / name
    golden = GOLDEN / f"{page.rpartition('/')[2]}-sv-{name}"
    assert made.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")


def test_a_chart_is_the_golden_one(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    """The specification that the notebook emits: only drawn columns, nothing but the page's months."""
    monkeypatch.chdir(tiny.folder)
    page = Page("municipality", "kolmela", "2021-04", "sv", "2021-04/kunta/kolmela/", pdf=False)
    executed = run_notebook(prepare(tiny.folder / page.path, page), lambda _: None)
    outputs = [output.get("data", {}) for cell in executed.cells for output in cell.get("outputs", [])]
    (spec,) = [data[VEGA_LITE] for data in outputs if VEGA_LITE in data]
    made = json.dumps(spec, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    assert made == (GOLDEN / "kolmela-sv-fig-rate.json").read_text(encoding="utf-8")
