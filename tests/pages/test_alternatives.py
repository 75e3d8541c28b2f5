"""The text alternative of a chart tells what it shows: a finding, and newest figures of its table by their labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import pytest
from directions import directions

from page_reader import NBSP, Pages, Shown, size

BEFORE = {"fi": "vuotta aiemmin", "sv": "ett år tidigare"}
CHANGE = {"fi": "Muutos", "sv": "Förändring"}
MONTH = {"fi": "Kuukausi", "sv": "Månad"}
NEAR = 90
"""Letters between a label and its figure, at most."""
STEM = 4
"""Letters of a word that its cases have in common."""
MOST = {
    "fi": re.compile(r"\b(yleisin|yleisimm\w+|yhtä \w+|\d prosenttia oli)\b", re.IGNORECASE),
    "sv": re.compile(r"\b(vanligast\w*|lika|var [\d,]+ procent)\b", re.IGNORECASE),
}
"""What ranks, compares or tells a share, beside the words of direction."""
FIGURE = r"[+−]?\d+(?: \d{3})*(?:,\d+)?"


class Told(NamedTuple):
    """What a text alternative tells of a label: its newest figure and that of a year before."""

    label: str
    now: str
    then: str


def finds(alt: str, lang: str) -> bool:
    """Whether it says more than what is drawn: a direction, a rank or a difference."""
    return bool(directions(alt, lang) or MOST[lang].search(alt))


def told(alt: str, lang: str) -> Iterator[Told]:
    """Each "Kainuu 8,6 % (vuotta aiemmin 8,9 %)" of a text."""
    unit = r"(?: %| [a-zåäö\-\N{NON-BREAKING HYPHEN}%]+)?"
    pattern = rf"(?P<label>(?:[^:,;.]|[:.](?! ))+?) (?P<now>{FIGURE}){unit} \({BEFORE[lang]} (?P<then>{FIGURE})"
    for found in re.finditer(pattern, alt.replace(NBSP, " ")):
        yield Told(found["label"].strip(), found["now"], found["then"])


def plain(cell: str) -> str:
    return cell.replace(NBSP, " ").replace("\N{NARROW NO-BREAK SPACE}", " ").strip()


def grid(figure: Shown) -> list[list[str]]:
    return [[plain(cell) for cell in row] for row in figure.rows]


def over_time(rows: list[list[str]], lang: str) -> bool:
    return rows[0][0] == MONTH[lang]


def wrong(each: Told, rows: list[list[str]], lang: str) -> str:
    """Why what is told of a label isn't what the table says; "" if it is."""
    if over_time(rows, lang):
        if each.label not in rows[0]:  # one line beside that of a year before
            return "" if rows[1][1:3] == [each.now, each.then] else "not the newest row"
        at = rows[0].index(each.label)
        year_ago = rows[13][at] if len(rows) > 13 else each.then
        return "" if (rows[1][at], year_ago) == (each.now, each.then) else "not the newest figure and a year ago"
    of_label = [row for row in rows[1:] if stems(each.label) <= stems(row[0])]
    if not of_label:
        return "no such row"
    return "" if any([each.now, each.then] == in_order(row, each) for row in of_label) else "not the row's figures"


def in_order(row: list[str], each: Told) -> list[str]:
    """Which of the two figures stand in the row, the newer one before that of a year ago."""
    if each.now not in row[1:]:
        return []
    rest = row[row.index(each.now, 1) + 1 :]
    older = any(cell == each.then for cell in rest)
    return [each.now, each.then] if older else [each.now]


def newest(rows: list[list[str]], lang: str) -> Iterator[tuple[str, str]]:
    """Label and figure of each newest cell."""
    past = {at for at, head in enumerate(rows[0]) if BEFORE[lang] in head or older_month(rows[0], at)}
    for row in rows[1:2] if over_time(rows, lang) else rows[1:]:
        for at, cell in enumerate(row[1:], 1):
            labels = (row[0], rows[0][at], measured(rows[0], at, lang))
            if at not in past:
                yield from ((label, number) for label in labels for number in re.findall(FIGURE, cell))


def measured(heads: list[str], at: int, lang: str) -> str:
    """The heading of the figure that the change in a column is of; "" of a column that is none."""
    if not heads[at].startswith(CHANGE[lang]):
        return ""
    return next((head for head in reversed(heads[1:at]) if not head.startswith(CHANGE[lang])), "")


def older_month(heads: list[str], at: int) -> bool:
    """Whether a column is of a month, and not of the first one that there is."""
    months = [place for place, head in enumerate(heads) if re.search(r"\b(19|20)\d\d$", head)]
    return at in months[1:]


def spoken(number: str) -> set[str]:
    """How a number may be told: as it is, without its sign, in hundreds."""
    whole = size(number)
    if "," in whole:
        return {whole}
    rounded = Decimal(whole.replace(" ", "")).quantize(Decimal("1E2"), ROUND_HALF_UP)
    return {whole, f"{rounded:,f}".replace(",", " ")}


def stems(label: str) -> set[str]:
    return {word[:STEM].casefold() for word in re.findall(r"[^\W\d_]{3,}", label)}


def labelled(alt: str, rows: list[list[str]], lang: str) -> bool:
    """Whether a newest figure of the table is told, with a word of its label before it."""
    text = plain(alt)
    cells = list(newest(rows, lang))
    for found in re.finditer(FIGURE, text):
        near = stems(text[max(0, found.start() - NEAR) : found.start()])
        if any(size(found[0]) in spoken(number) and stems(label) & near for label, number in cells):
            return True
    return False


TABLE = [["Kuukausi", "Kainuu", "Koko maa"], ["kesäkuu 2023", "8,6", "10,0"], *([["…", "9,9", "9,8"]] * 11)]
TABLE.append(["kesäkuu 2022", "8,9", "9,9"])


@pytest.mark.parametrize(
    ("alt", "finding", "has_figure", "right"),
    [
        ("Osuus oli pienempi kuin vuotta aiemmin. Kainuu 8,6 % (vuotta aiemmin 8,9 %).", True, True, True),
        ("Viivakuvio, jossa on viiva ryhmää kohti ja aika-akseli.", False, False, True),
        ("Viivakuvio. Osuus: Kainuu 8,6 % (vuotta aiemmin 8,9 %).", False, True, True),
        ("Osuus oli suurempi. Osuus: Kainuu 8,9 % (vuotta aiemmin 8,6 %).", True, True, False),
        ("Osuus oli suurempi. Osuus: Kainuu 10,0 % (vuotta aiemmin 9,9 %).", True, False, False),
    ],
)
def test_what_is_asked_of_a_text_alternative(alt: str, finding: bool, has_figure: bool, right: bool) -> None:
    assert finds(alt, "fi") is finding
    assert labelled(alt, TABLE, "fi") is has_figure
    assert (not any(wrong(each, TABLE, "fi") for each in told(alt, "fi"))) is right


def test_every_text_alternative_tells_a_finding(pages: Pages) -> None:
    silent = [
        f"{place}: {figure.alts[0][:120]}" for lang, place, figure in pages.charts() if not finds(figure.alts[0], lang)
    ]
    assert silent == []


def test_every_text_alternative_tells_a_newest_figure_by_its_label(pages: Pages) -> None:
    without = [
        f"{place}: {figure.alts[0][:200]}"
        for lang, place, figure in pages.charts()
        if not labelled(figure.alts[0], grid(figure), lang)
    ]
    assert without == []


def test_what_is_now_and_what_was_are_not_mixed_up(pages: Pages) -> None:
    looked_at = 0
    mixed: list[str] = []
    for lang, place, figure in pages.charts():
        for each in told(figure.alts[0], lang):
            looked_at += 1
            if why := wrong(each, grid(figure), lang):
                mixed.append(f"{place}: {each}: {why}")
    assert mixed == []
    assert looked_at > 50
