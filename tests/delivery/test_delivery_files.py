"""Files, their headers and rows: what is no table of the contract is refused as a whole, by a code that says why."""

from __future__ import annotations

import codecs
import hashlib
import json
import os
from datetime import date
from pathlib import Path

import pytest
from sample_delivery import (
    CONTRACTS,
    HEADER,
    MAKERS,
    NAME,
    ROWS,
    TODAY,
    as_separated,
    as_workbook,
    codes,
    receive,
    with_cell,
)

from katsaus.config.contract import Contract, load_contracts
from katsaus.sources import separated
from katsaus.sources.columns import DISTINCT
from katsaus.sources.delivery import as_csv, read_delivery

VALID = as_separated(HEADER, ROWS)
TEXT = VALID.decode("utf-8")
KINDS = list(MAKERS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_valid_delivery_becomes_canonical_text(tmp_path: Path, kind: str) -> None:
    content = MAKERS[kind](HEADER, ROWS)
    delivery = receive(tmp_path, content, f"{NAME}.{kind}")
    assert delivery.findings == ()
    assert (delivery.contract, delivery.month) == ("ministry-places", "2023-06")
    assert delivery.sha256 == hashlib.sha256(content).hexdigest()
    assert all(dtype == "category" for dtype in delivery.table.dtypes)
    assert as_csv(delivery) == VALID


@pytest.mark.parametrize("kind", KINDS)
def test_columns_may_come_in_any_order(tmp_path: Path, kind: str) -> None:
    turned = [list(reversed(row)) for row in ROWS]
    delivery = receive(tmp_path, MAKERS[kind](list(reversed(HEADER)), turned), f"{NAME}.{kind}")
    assert delivery.findings == ()
    assert as_csv(delivery) == VALID


def test_an_optional_column_is_kept_in_its_place(tmp_path: Path) -> None:
    delivery = receive(tmp_path, as_separated(["extra", *HEADER], [[7, *row] for row in ROWS]))
    assert list(delivery.table) == [*HEADER[:-1], "extra", HEADER[-1]]


@pytest.mark.parametrize("name", ["ministry-jobseekers", "paths-spells", "ttl-kykyviisari", "kela-municipalities"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_row_of_every_kind_of_real_contract_is_accepted(tmp_path: Path, root: Path, name: str, kind: str) -> None:
    contracts = load_contracts(root)
    header = list(contracts[name].fields)
    path = tmp_path / f"{name}-2023-06.{kind}"
    path.write_bytes(MAKERS[kind](header, [[_valid(contracts[name], column) for column in header]]))
    delivery = read_delivery(path, contracts, root=tmp_path, today=TODAY)
    assert delivery.findings == ()
    assert list(delivery.table) == header


def _valid(contract: Contract, column: str) -> object:
    field = contract.fields[column]
    if field.type != "string":
        return max(20, field.constraints.minimum or 0)
    special = {
        "REF_AREA": "KK01",
        "TIME_PERIOD": "2021-03" if contract.kind == "records" else "2023-06",
        "KEY": "0123456789ab",
    }
    return special.get(field.role) or (field.constraints.enum or ("_T",))[0]


def test_nothing_is_written(tmp_path: Path) -> None:
    for kind in KINDS:
        receive(tmp_path, MAKERS[kind](HEADER, ROWS), f"{NAME}.{kind}")
    assert {path.name for path in tmp_path.iterdir()} == {f"{NAME}.{kind}" for kind in KINDS}


@pytest.mark.parametrize(
    "name",
    [
        "places-2023-06.csv",
        "ministry-places.csv",
        "ministry-places-2023-13.csv",
        "ministry-places-2023-6.csv",
        "ministry-places-2023-06 (1).csv",
        "ministry-places-2023-06.csv.gz",
        "ministry-places-2023-06.xls",
        "ministry-places-2023-06.xlsm",
        "Ministry-Places-2023-06.csv",
        "MINISTRY-PLACES-2023-06.CSV",
        "statfin-12r5-2023-06.csv",
        "..csv",
        "k" * 200 + ".csv",
    ],
)
def test_a_name_that_says_no_delivered_table_and_month_is_refused(tmp_path: Path, root: Path, name: str) -> None:
    (tmp_path / name).write_bytes(VALID)
    contracts = {**load_contracts(root), **CONTRACTS}
    assert codes(read_delivery(tmp_path / name, contracts, root=tmp_path, today=TODAY)) == ["file-name"]


def test_a_strange_name_is_not_repeated(tmp_path: Path) -> None:
    delivery = receive(tmp_path, VALID, "Virtanen, Matti 010170.csv")
    assert [finding.where for finding in delivery.findings] == ["…"]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.csv").mkdir()
    os.mkfifo(tmp_path / "ministry-places-2023-05.csv")  # opening it would wait for ever
    for name in (f"{NAME}.csv", f"{NAME}.xlsx", "ministry-places-2023-05.csv"):
        assert codes(read_delivery(tmp_path / name, CONTRACTS, root=tmp_path, today=TODAY)) == ["file-unreadable"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b" \r\n\n", "file-empty"),
        (b"\n\n<!DOCTYPE html><html><title>500</title>", "file-html"),
        (b"<html><form>password</form></html>", "file-html"),
        (codecs.BOM_UTF8 + b"<HTML>", "file-html"),
        (b'{"error": "not found"}', "file-kind"),
        (b"%PDF-1.7", "file-kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file-kind"),
        (b"\x1f\x8b\x08", "file-kind"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(tmp_path: Path, kind: str, content: bytes, code: str) -> None:
    assert codes(receive(tmp_path, content, f"{NAME}.{kind}")) == [code]


def test_the_kinds_are_not_taken_for_each_other(tmp_path: Path) -> None:
    assert codes(receive(tmp_path, VALID, f"{NAME}.xlsx")) == ["file-kind"]
    assert codes(receive(tmp_path, as_workbook(HEADER, ROWS))) == ["file-kind"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (TEXT.encode("iso-8859-15", "replace"), "encoding-latin1"),
        (TEXT.encode("cp1252"), "encoding-latin1"),
        (TEXT.encode("utf-16"), "encoding-utf16"),
        (TEXT.encode("utf-16-le"), "encoding-utf16"),
        (TEXT.encode("utf-32"), "encoding-utf16"),
        (VALID.replace(b",", b";"), "delimiter-semicolon"),
        (b"sep=;\n" + VALID.replace(b",", b";"), "delimiter-semicolon"),
        (VALID.replace(b",", b"\t"), "delimiter-tab"),
        (TEXT.partition("\n")[0].encode() + b"\n", "file-no-rows"),
        (VALID[:-1], "file-truncated"),
        (VALID.replace(b"Hyvink\xc3\xa4\xc3\xa4", b'"Hyvink'), "file-truncated"),
        (VALID.replace(b"Helsinki", b'"Hel"sinki'), "file-quotes"),
        (VALID + b'"\n' * 100 + b'"' + b"\n" * 100 + b'"\n', "file-quotes"),
        (VALID + b"k" * (separated.LINE + 1) + b"\n", "file-kind"),
        (b"\n" + VALID, "origin-missing"),
        (VALID + b"\n", "row-length"),
        (VALID.replace(b",_T,", b",_T,1,"), "row-length"),
        (VALID.replace(b",_T,", b","), "row-length"),
    ],
)
def test_a_damaged_csv_is_refused_by_what_is_wrong(tmp_path: Path, content: bytes, code: str) -> None:
    found = codes(receive(tmp_path, content))
    assert found[0] == code
    assert len(found) == 1 or code == "origin-missing"


def test_a_letter_cut_in_two_at_the_end_is_told_as_a_cut(tmp_path: Path) -> None:
    content = VALID[: VALID.index("ä".encode()) + 1]
    assert codes(receive(tmp_path, content)) == ["file-truncated", "row-length", "month-last"]


@pytest.mark.parametrize("length", range(len(VALID.splitlines()[0]) + 30, len(VALID), 7))
def test_a_csv_cut_anywhere_is_refused(tmp_path: Path, length: int) -> None:
    assert "file-truncated" in codes(receive(tmp_path, VALID[:length])) or VALID[length - 1 : length] == b"\n"


@pytest.mark.parametrize("cut", [1, 22, 100, 1000])
def test_a_workbook_cut_anywhere_is_refused(tmp_path: Path, cut: int) -> None:
    assert codes(receive(tmp_path, as_workbook(HEADER, ROWS)[:-cut], f"{NAME}.xlsx")) == ["file-truncated"]


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + VALID,
        VALID.replace(b"\n", b"\r\n"),
        VALID.replace(b"\n", b"\r"),
        b"\n".join(b",".join(b'"' + c + b'"' for c in line.split(b",")) for line in VALID.splitlines()) + b"\n",
    ],
)
def test_byte_order_mark_line_ends_and_quotes_are_free(tmp_path: Path, content: bytes) -> None:
    delivery = receive(tmp_path, content)
    assert delivery.findings == ()
    assert as_csv(delivery) == VALID


def test_rows_are_counted_with_those_of_another_length(tmp_path: Path) -> None:
    lines = TEXT.splitlines()
    lines[2] += ",1"
    lines[3] = lines[3].replace("Hyvinkää", "<b>")
    delivery = receive(tmp_path, ("\n".join(lines) + "\n").encode())
    fields = {finding.code: dict(finding.fields) for finding in delivery.findings}
    assert fields == {
        "row-length": {"count": 1, "row": 3, "width": 7},
        "value-markup": {"count": 1, "columns": "place", "row": 4},
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            ["month", "area", "responsible", "place", "headcount", "change", "data_origin"],
            {"header-renamed": {"missing": "persons", "unknown": "headcount", "count": 1}},
        ),
        (
            ["Kuukausi", "Alue", "Vastuutaho", "Paikka", "Tyo\u0308nhakijat", "Muutos", "Aineiston alkuperä"],
            {"header-translated": {"columns": "area, change, data_origin, month, persons …"}},
        ),
        (
            ["month", "area", "responsible", "place", "Arbetssökande", "change", "data_origin"],
            {"header-translated": {"columns": "persons"}},
        ),
        (
            ["month", "area", "responsible", "place", "persons", "persons", "data_origin"],
            {
                "header-duplicate": {"columns": "persons"},
                "header-renamed": {"missing": "change", "unknown": "–", "count": 0},
            },
        ),
        (
            ["month", "area", "responsible", "place", "a;b", "change", "data_origin"],
            {"header-renamed": {"missing": "persons", "unknown": "–", "count": 1}},
        ),
        (
            ["month", "area", "persons", "Työnhakijat", "responsible", "change", "data_origin"],
            {"header-renamed": {"missing": "place", "unknown": "–", "count": 1}},
        ),
        (
            ["month", "area", "responsible", "place", "persons", "change", "origin"],
            {
                "origin-missing": {"column": "data_origin"},
                "header-renamed": {"missing": "–", "unknown": "origin", "count": 1},
            },
        ),
        (
            ["month", "area", "responsible", "place", "persons", "change", "987654321"],
            {
                "origin-missing": {"column": "data_origin"},
                "header-renamed": {"missing": "–", "unknown": "–", "count": 1},
            },
        ),
    ],
)
def test_a_header_is_refused_by_name(
    tmp_path: Path, kind: str, header: list[str], expected: dict[str, dict[str, object]]
) -> None:
    delivery = receive(tmp_path, MAKERS[kind](header, ROWS), f"{NAME}.{kind}")
    found = {finding.code: dict(finding.fields) for finding in delivery.findings}
    assert {code: fields for code, fields in found.items() if code.startswith(("header", "origin-m"))} == expected


def test_a_figure_in_the_header_is_not_repeated(tmp_path: Path) -> None:
    delivery = receive(tmp_path, as_separated([*HEADER, "x987654321", "987654321"], [[*row, 1, 2] for row in ROWS]))
    (finding,) = delivery.findings
    assert finding.code == "header-renamed"
    assert "987654321" not in json.dumps(dict(finding.fields))


def test_a_table_without_its_header_is_refused(tmp_path: Path) -> None:
    delivery = receive(tmp_path, VALID.partition(b"\n")[2])
    assert codes(delivery) == ["origin-missing", "header-renamed"]
    assert "Helsinki" not in str(delivery.findings[0])


@pytest.mark.parametrize("kind", KINDS)
def test_faults_of_header_rows_and_cells_are_told_together(tmp_path: Path, kind: str) -> None:
    rows = with_cell("area", "91")
    rows[1][HEADER.index("month")] = "2023M05"
    header = ["headcount" if name == "persons" else name for name in HEADER]
    delivery = receive(tmp_path, MAKERS[kind](header, rows), f"{NAME}.{kind}")
    assert set(codes(delivery)) == {"header-renamed", "code-zeros", "month-written"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_months_are_held_against_the_files_name(tmp_path: Path, kind: str) -> None:
    content = MAKERS[kind](HEADER, ROWS)
    assert codes(receive(tmp_path, content, f"ministry-places-2023-05.{kind}")) == ["month-future"]
    assert codes(receive(tmp_path, content, f"ministry-places-2023-07.{kind}")) == ["month-last"]


def test_a_month_that_is_not_over_is_refused(tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.csv"
    path.write_bytes(VALID)
    days = {date(2023, 6, 30): ["month-early"], date(2023, 5, 31): ["month-early"], date(2023, 7, 1): []}
    assert {day: codes(read_delivery(path, CONTRACTS, root=tmp_path, today=day)) for day in days} == days


@pytest.mark.parametrize("kind", KINDS)
def test_real_and_made_up_figures_are_not_mixed(tmp_path: Path, kind: str) -> None:
    rows = with_cell("data_origin", "register")
    assert codes(receive(tmp_path, MAKERS[kind](HEADER, rows), f"{NAME}.{kind}")) == ["origin-several"]


@pytest.mark.parametrize("kind", KINDS)
def test_ten_times_the_rows_are_refused(tmp_path: Path, kind: str) -> None:
    possible = 3 * 2 * 3
    for times, code in ((2 * possible // len(ROWS), []), (2 * possible // len(ROWS) + 1, ["rows-ten-times"])):
        assert codes(receive(tmp_path, MAKERS[kind](HEADER, ROWS * times), f"{NAME}.{kind}")) == code


def test_more_rows_than_any_table_are_refused_before_they_are_read(tmp_path: Path) -> None:
    for end in (b"\n", b"\r"):
        assert codes(receive(tmp_path, VALID.replace(b"\n", end) + end * separated.ROWS)) == ["rows-ten-times"]


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    for kind in KINDS:
        path = tmp_path / f"{NAME}.{kind}"
        with path.open("wb") as file:
            file.truncate(separated.BYTES + 1)
        assert codes(read_delivery(path, CONTRACTS, root=tmp_path, today=TODAY)) == ["file-too-large"]


def test_more_distinct_texts_than_any_column_has_are_refused(tmp_path: Path) -> None:
    row = b"2023-06,KU091,_T,%d,1,1,synthetic\n"
    content = VALID + b"".join(row % number for number in range(DISTINCT + 1))
    assert codes(receive(tmp_path, content)) == ["file-too-large"]
