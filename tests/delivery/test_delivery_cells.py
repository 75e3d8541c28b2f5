"""Cells of a delivery: each fault of a text has its own code, in a CSV and in a workbook alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_delivery import (
    DATE,
    ERROR,
    FORMULA,
    HEADER,
    MAKERS,
    NAME,
    PLANTED,
    TRUE,
    Raw,
    as_workbook,
    codes,
    receive,
    with_cell,
    workbook,
)

CELLS = [
    ("area", "91", "code-zeros"),
    ("area", "091", "code-zeros"),
    ("area", "KU91", "code-zeros"),
    ("area", "KK1", "code-zeros"),
    ("area", "KK", None),
    ("area", "KK01", None),
    ("area", "mk1", "code-zeros"),
    ("area", "ku091", "code-case"),
    ("area", "sss", "code-case"),
    ("area", "XX091", "code-format"),
    ("area", "KU0911", "code-format"),
    ("area", "", "cell-empty"),
    ("area", "../../x", "code-path"),
    ("area", "/etc/passwd", "code-path"),
    ("area", "C:\\x", "code-path"),
    ("area", "C:x", "code-path"),
    ("area", "..", "code-path"),
    ("area", "~root", "code-path"),
    ("area", "a..b", "code-path"),
    ("area", "CON", "code-path"),
    ("area", "nul.txt", "code-path"),
    ("area", "K" * 300, "value-long"),
    ("area", "=HYPERLINK(1)", "value-formula"),
    ("area", " KU091", "value-spaces"),
    ("area", "KU091\u00a0", "value-spaces"),
    ("responsible", "TRIAL", "code-case"),
    ("responsible", "kela", "code-outside"),
    ("responsible", "", "cell-empty"),
    ("place", '=HYPERLINK("https://a.fi","Espoo")', "value-formula"),
    ("place", "+cmd", "value-formula"),
    ("place", "-1+1", "value-formula"),
    ("place", "@SUM(A1)", "value-formula"),
    ("place", "</script><script>alert(1)</script>", "value-markup"),
    ("place", "<img src=x onerror=alert(1)>", "value-markup"),
    ("place", "&lt;b&gt;", "value-markup"),
    ("place", "Ähtäri", None),
    ("place", "A\u0308hta\u0308ri", "text-decomposed"),
    ("place", "HyvinkÃ¤", "encoding-damaged"),
    ("place", "Ã…bo", "encoding-damaged"),
    ("place", "Vantaa â€“ Vanda", "encoding-damaged"),
    ("place", "\ufffdht\ufffdri", "encoding-damaged"),
    ("place", "Espoo\u200b", "value-control"),
    ("place", "Espoo\u202eooooo", "value-control"),
    ("place", "two\nlines", "value-newline"),
    ("place", "K" * 300, "value-long"),
    ("place", "", None),
    ("place", "Helsinki, Espoo & Vantaa", None),
    ("month", "2023M06", "month-written"),
    ("month", "06/2023", "month-written"),
    ("month", "2023-6", "month-written"),
    ("month", "2023-13", "month-written"),
    ("month", "2023-06-30", "month-written"),
    ("month", "2023-07", "month-future"),
    ("month", "", "cell-empty"),
    ("data_origin", "made up", "code-outside"),
    ("data_origin", "", "cell-empty"),
    ("persons", "12", None),
    ("persons", "-", None),
    ("persons", ".", None),
    ("persons", "..", None),
    ("persons", "...", None),
    ("persons", "....", "value-mark"),
    ("persons", "…", "value-mark"),
    ("persons", ":", "value-mark"),
    ("persons", "x", "value-mark"),
    ("persons", "–", "value-mark"),
    ("persons", "NA", "value-mark"),
    ("persons", "<NA>", "value-mark"),
    ("persons", "nan", "value-mark"),
    ("persons", "", "cell-empty"),
    ("persons", "-5", "cell-negative"),
    ("persons", "−5", "value-number"),
    ("persons", "+5", "value-number"),
    ("persons", "007", "value-number"),
    ("persons", "٣", "value-number"),
    ("persons", "viisi", "value-number"),
    ("persons", "9" * 13, "value-number"),
    ("persons", "12 ", "value-spaces"),
    ("persons", "1 234", "value-thousands"),
    ("persons", "1\u00a0234", "value-thousands"),
    ("persons", "1\u2009234", "value-thousands"),
    ("persons", "1\u202f234\u202f567", "value-thousands"),
    ("persons", "1'234", "value-thousands"),
    ("persons", "1,234", "value-thousands"),
    ("persons", "1.234.567", "value-thousands"),
    ("persons", "12,5", "value-decimal-comma"),
    ("persons", "1.2E+05", "value-scientific"),
    ("persons", "1e5", "value-scientific"),
    ("persons", "=1+1", "value-formula"),
    ("persons", "</td>", "value-markup"),
    ("persons", "1\u200b2", "value-control"),
    ("persons", "#REF!", "excel-error"),
    ("persons", "#PUUTTUU!", "excel-error"),
    ("change", "-0.5", None),
    ("change", "1.234", None),
    ("change", "1,234", "value-decimal-comma"),
    ("change", "0,5", "value-decimal-comma"),
    ("change", "1.234,5", "value-thousands"),
    ("change", "1 234.5", "value-thousands"),
    ("change", "0.12345678901", "value-precise"),
    ("change", ".5", "value-number"),
    ("change", "5.", "value-number"),
]
"""A column, the text of one of its cells, and the code it must bring (None: it is accepted as it is)."""


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize(("column", "text", "code"), CELLS, ids=[f"{c[0]}-{i}-{c[2]}" for i, c in enumerate(CELLS)])
def test_a_text_is_accepted_as_it_is_or_refused_by_its_own_code(
    tmp_path: Path, kind: str, column: str, text: str, code: str | None
) -> None:
    delivery = receive(tmp_path, MAKERS[kind](HEADER, with_cell(column, text)), f"{NAME}.{kind}")
    others = {"origin-several"} if column == "data_origin" else set()
    assert set(codes(delivery)) - others == ({code} if code else set())
    if code is None:
        assert delivery.table[column].iloc[0] == text
    else:
        assert delivery.table.empty


@pytest.mark.parametrize("kind", MAKERS)
def test_a_place_is_told_and_nothing_else(tmp_path: Path, kind: str) -> None:
    rows = with_cell("persons", f"{PLANTED},5", row=2)
    rows[1][HEADER.index("change")] = f"{PLANTED},5"
    delivery = receive(tmp_path, MAKERS[kind](HEADER, rows), f"{NAME}.{kind}")
    (finding,) = delivery.findings
    assert finding.where == f"{NAME}.{kind}"
    assert finding.fields == {"count": 2, "columns": "change, persons", "row": 3}


def test_a_point_among_thousands_is_told_apart_from_a_decimal_point_where_it_can_be(tmp_path: Path) -> None:
    for text, code in (("1.234", "value-thousands"), ("3.0", "value-decimal"), ("3.5", "value-decimal")):
        assert codes(receive(tmp_path, MAKERS["csv"](HEADER, with_cell("persons", text)))) == [code]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (3, "3"),
        ("3", "3"),
        (3.0, "3"),
        ("3.0", None),
        (3.5, None),
        (1.234, None),
        ("1.234", None),
        (1e15, None),
        ("007", None),
    ],
)
def test_a_whole_number_of_a_workbook_may_be_stored_as_a_decimal_or_as_text(
    tmp_path: Path, cell: object, text: str | None
) -> None:
    delivery = receive(tmp_path, as_workbook(HEADER, with_cell("persons", cell)), f"{NAME}.xlsx")
    if text:
        assert delivery.findings == ()
        assert delivery.table["persons"].iloc[0] == text
    else:
        expected = {1e15: "value-scientific", "007": "value-number"}.get(cell, "excel-float")  # type: ignore[call-overload]
        assert codes(delivery) == [expected]


def test_a_figure_may_be_stored_both_as_a_number_and_as_text(tmp_path: Path) -> None:
    rows = with_cell("persons", 3.0)
    rows[1][HEADER.index("persons")] = "3"
    delivery = receive(tmp_path, as_workbook(HEADER, rows), f"{NAME}.xlsx")
    assert codes(delivery) == []
    assert list(delivery.table["persons"]) == ["3", "3", "...", "-"]


def test_the_digits_of_a_workbook_are_those_that_it_shows(tmp_path: Path) -> None:
    delivery = receive(tmp_path, as_workbook(HEADER, with_cell("change", 0.1 + 0.2)), f"{NAME}.xlsx")
    assert delivery.findings == ()
    assert delivery.table["change"].iloc[0] == "0.3"


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("persons", DATE, "excel-date"),
        ("month", DATE, "excel-date"),
        ("month", 202306, "month-written"),
        ("area", 91, "code-zeros"),
        ("persons", FORMULA, "excel-formula"),
        ("place", FORMULA, "excel-formula"),
        ("persons", ERROR, "excel-error"),
        ("persons", TRUE, "excel-boolean"),
    ],
)
def test_what_only_a_workbook_can_hold_has_its_own_code(tmp_path: Path, column: str, cell: object, code: str) -> None:
    assert code in codes(receive(tmp_path, as_workbook(HEADER, with_cell(column, cell)), f"{NAME}.xlsx"))


def test_true_is_not_taken_for_one(tmp_path: Path) -> None:
    rows = with_cell("persons", 1)
    rows[1][HEADER.index("persons")] = TRUE
    assert "excel-boolean" in codes(receive(tmp_path, as_workbook(HEADER, rows), f"{NAME}.xlsx"))


def test_cells_inline_in_a_sheet_are_read_too(tmp_path: Path) -> None:
    book = workbook(HEADER, with_cell("place", Raw("<is><t>Sipoo</t></is>", ' t="inlineStr"')))
    delivery = receive(tmp_path, book.content(), f"{NAME}.xlsx")
    assert delivery.findings == ()
    assert list(delivery.table["place"]) == ["Sipoo", "Vantaa – Vanda", "Hyvinkää", "Koko maa"]


def test_a_null_character_is_refused(tmp_path: Path) -> None:
    assert codes(receive(tmp_path, MAKERS["csv"](HEADER, with_cell("area", "KU\x00091")))) == ["value-control"]
    book = as_workbook(HEADER, with_cell("area", "KU\x00091"))
    assert codes(receive(tmp_path, book, f"{NAME}.xlsx")) == ["xml-form"]


def test_required_figures_take_no_mark(tmp_path: Path, root: Path) -> None:
    from katsaus.config.contract import load_contracts  # noqa: PLC0415
    from katsaus.sources.cells import Rules, fault  # noqa: PLC0415

    age = load_contracts(root)["paths-spells"].fields["age"]
    rules = Rules(frozenset({"..", "-"}), "2023-06", spreadsheet=False)
    assert [fault(text, age, rules=rules) for text in ("30", "..", "")] == [None, "value-mark", "cell-empty"]
