"""Workbooks as archives: bombs, strays, macros, links and entities are refused before anything reads a cell."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from random import Random

import pytest
from sample_delivery import (
    HEADER,
    NAME,
    PLANTED,
    ROWS,
    SHEET,
    Raw,
    Workbook,
    codes,
    receive,
    with_cell,
    workbook,
)

from katsaus.sources.archive import RATIO, UNPACKED
from katsaus.sources.spreadsheet import CELLS, SHARED, SHEETS, TEXT

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def received(folder: Path, content: bytes) -> list[str]:
    return codes(receive(folder, content, f"{NAME}.xlsx"))


def valid() -> Workbook:
    return workbook(HEADER, ROWS)


def with_part(name: str, data: bytes = b"<x/>") -> Workbook:
    book = valid()
    book.parts[name] = data
    return book


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("xl/other.xlsx", "archive-nested"),
        ("data.zip", "archive-nested"),
        ("xl/data.GZ", "archive-nested"),
        ("../../etc/cron.xml", "archive-path"),
        ("/etc/x.xml", "archive-path"),
        ("xl\\x.xml", "archive-path"),
        ("C:x.xml", "archive-path"),
        ("XL/WORKBOOK.XML", "archive-path"),
        ("xl/vbaProject.bin", "archive-macro"),
        ("xl/activeX/activeX1.xml", "archive-macro"),
        ("xl/embeddings/oleObject1.bin", "archive-macro"),
        ("xl/macrosheets/sheet1.xml", "archive-macro"),
        ("xl/externalLinks/externalLink1.xml", "archive-external"),
        ("xl/connections.xml", "archive-external"),
        ("xl/queryTables/queryTable1.xml", "archive-external"),
        ("xl/media/image1.png", "archive-foreign"),
        ("xl/worksheets/sheet2.bin", "archive-foreign"),
    ],
)
def test_a_part_that_a_table_does_not_need_is_refused_by_its_name(tmp_path: Path, name: str, code: str) -> None:
    assert received(tmp_path, with_part(name).content()) == [code]


@pytest.mark.parametrize("name", ["docProps/core.xml", "xl/theme/theme1.xml", "xl/comments1.xml"])
def test_parts_that_every_program_writes_are_accepted(tmp_path: Path, name: str) -> None:
    assert received(tmp_path, with_part(name).content()) == []


def test_settings_of_a_printer_are_passed_over(tmp_path: Path) -> None:
    assert received(tmp_path, with_part("xl/printerSettings/printerSettings1.bin", bytes(range(256))).content()) == []


def test_cells_do_not_hide_among_settings_of_a_printer(tmp_path: Path) -> None:
    name = "xl/printerSettings/printerSettings1.bin"
    for part in (SHEET, "xl/sharedStrings.xml"):
        book = valid()
        book.parts[name] = book.parts[part]
        assert received(tmp_path, book.content()) == ["archive-foreign"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04" + bytes(100), "archive-nested"),
        (b"\x1f\x8b\x08" + bytes(100), "archive-nested"),
        ('<?xml version="1.0" encoding="UTF-16"?><x/>'.encode("utf-16"), "xml-form"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><x/>', "xml-form"),
        (b"no markup", "xml-form"),
        (b"<x>\0</x>", "xml-form"),
        (f"<?xml version='1.0'?>{LAUGHS}<x>&b;</x>".encode(), "xml-entities"),
        (b'<x><!entity a SYSTEM "file:///etc/passwd"></x>', "xml-entities"),
    ],
)
def test_a_part_is_refused_by_what_it_holds(tmp_path: Path, content: bytes, code: str) -> None:
    assert received(tmp_path, with_part("docProps/app.xml", content).content()) == [code]


def test_billion_laughs_in_a_sheet_are_refused(tmp_path: Path) -> None:
    book = valid().replace(SHEET, "<worksheet", f"{LAUGHS}<worksheet")
    assert received(tmp_path, book.content()) == ["xml-entities"]


def test_entities_in_utf16_do_not_slip_by(tmp_path: Path) -> None:
    book = valid()
    book.parts[SHEET] = book.parts[SHEET].decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert received(tmp_path, book.content()) == ["xml-form"]


def test_macros_and_links_are_found_under_innocent_names(tmp_path: Path) -> None:
    types = valid().replace("[Content_Types].xml", ".sheet.main+xml", ".sheet.macroEnabled.main+xml")
    assert received(tmp_path, types.content()) == ["archive-macro"]
    link = '<Relationship Id="r9" Type="hyperlink" Target="https://a.fi/" TargetMode="External"/></Relationships>'
    links = valid().replace("xl/_rels/workbook.xml.rels", "</Relationships>", link)
    assert received(tmp_path, links.content()) == ["archive-external"]


def test_a_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    book = with_part("docProps/app.xml", b"<x>" + b"<a/>" * 2_000_000 + b"</x>")
    content = book.content()
    assert len(content) * RATIO < 8_000_000
    assert received(tmp_path, content) == ["archive-bomb"]


def test_one_dense_part_among_others_is_a_bomb(tmp_path: Path) -> None:
    book = with_part("xl/noise.xml", b"<x>" + Random(1).randbytes(200_000).hex().encode() + b"</x>")
    book.parts["docProps/app.xml"] = b"<x>" + b"<a/>" * 100_000 + b"</x>"
    assert received(tmp_path, book.content()) == ["archive-bomb"]


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    content = bytearray(valid().content())
    start = content.rindex(b"PK\x01\x02")
    for size, code in ((UNPACKED - 100_000, "archive-damaged"), (UNPACKED + 1, "archive-bomb")):
        content[start + 20 : start + 28] = struct.pack("<II", UNPACKED // 50, size)
        assert received(tmp_path, bytes(content)) == [code]


def test_much_text_without_a_tag_is_a_bomb(tmp_path: Path) -> None:
    noise = Random(1).randbytes(700_000).hex().encode()
    assert received(tmp_path, with_part("docProps/app.xml", b"<x>" + noise + b"</x>").content()) == ["archive-bomb"]


def test_bytes_behind_a_part_are_refused(tmp_path: Path) -> None:
    content = valid().content()
    central, last = content.index(b"PK\x01\x02"), content.rindex(b"PK\x01\x02")
    start = struct.unpack_from("<I", content, last + 42)[0]
    changed = bytearray(content[:central] + b"xx" + content[central:])
    for place in (start + 18, last + 2 + 20, len(changed) - 6):
        struct.pack_into("<I", changed, place, struct.unpack_from("<I", changed, place)[0] + 2)
    assert zipfile.ZipFile(io.BytesIO(changed)).testzip() is None
    assert received(tmp_path, bytes(changed)) == ["archive-damaged"]


def test_a_bomb_that_declares_a_small_size_is_refused_while_it_is_unpacked(tmp_path: Path) -> None:
    content = declaring(with_part("docProps/app.xml", b"<x>" + b"<a/>" * 1000 + b"</x>").content(), size=100)
    assert received(tmp_path, content) == ["archive-bomb"]


def declaring(content: bytes, *, size: int) -> bytes:
    """The archive, its last part declared to be of another size once it is unpacked."""
    start = content.rindex(b"PK\x01\x02")
    return content[: start + 24] + struct.pack("<I", size) + content[start + 28 :]


def test_thousands_of_parts_are_refused(tmp_path: Path) -> None:
    book = valid()
    book.parts |= {f"xl/x{number}.xml": b"<x/>" for number in range(300)}
    assert received(tmp_path, book.content()) == ["archive-bomb"]


@pytest.mark.parametrize(
    "change",
    [lambda b: b"MZ" + b, lambda b: b"PK\x03\x04" + b, lambda b: b + b"x", lambda b: b[:-22] + b[-22:-2] + b"\1\0x"],
)
def test_an_archive_with_something_before_or_behind_it_is_refused(tmp_path: Path, change: object) -> None:
    content = change(valid().content())  # type: ignore[operator]
    assert received(tmp_path, content) in (["archive-damaged"], ["file-truncated"], ["file-kind"])


def test_a_damaged_part_is_found(tmp_path: Path) -> None:
    content = bytearray(valid().content(zipfile.ZIP_STORED))
    content[content.index(b"Hyvink")] = ord("R")
    assert received(tmp_path, bytes(content)) == ["archive-damaged"]


def test_a_part_that_calls_itself_otherwise_than_the_directory_is_refused(tmp_path: Path) -> None:
    content = bytearray(valid().content())
    content[content.index(b"xl/worksheets/sheet1.xml")] = ord("y")
    assert received(tmp_path, bytes(content)) == ["archive-damaged"]


def test_a_locked_part_is_refused(tmp_path: Path) -> None:
    content = bytearray(valid().content())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "archive-locked" in received(tmp_path, bytes(content))


def test_other_compression_than_usual_is_refused(tmp_path: Path) -> None:
    assert received(tmp_path, valid().content(zipfile.ZIP_BZIP2)) == ["archive-damaged"]


@pytest.mark.parametrize(
    ("place", "code"),
    [("XFD1048576", "excel-stray"), ("A1048576", "excel-stray"), ("XFD2", "excel-stray"), ("XZ9", "header-renamed")],
)
def test_a_cell_far_away_does_not_cost_the_memory_up_to_it(tmp_path: Path, place: str, code: str) -> None:
    far = f'<row r="9"><c r="{place}"><v>1</v></c></row></sheetData>'
    assert code in received(tmp_path, valid().replace(SHEET, "</sheetData>", far).content())


@pytest.mark.parametrize(
    "attribute",
    [
        "r='XFD1048576'",
        'r ="XFD1048576"',
        '\tr="XFD1048576"',
        '\nr="XFD1048576"',
        'r="&#88;FD1048576"',
        's="0"r="XFD9"',
        "s='0'r=\"XFD9\"",
    ],
)
def test_a_place_written_unusually_is_refused(tmp_path: Path, attribute: str) -> None:
    far = f'<row r="9"><c {attribute}><v>1</v></c><x r="A9"/></row></sheetData>'
    book = valid().replace(SHEET, "</sheetData>", far).replace(SHEET, "?>\n", "?>")
    assert received(tmp_path, book.content()) == ["xml-form"]


def test_a_cell_without_its_place_is_refused(tmp_path: Path) -> None:
    book = valid().replace(SHEET, '<c r="E2">', "<c>")
    assert received(tmp_path, book.content()) == ["xml-form"]


@pytest.mark.slow
def test_more_cells_than_the_memory_has_room_for_are_refused(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"/><c r="B{n}"/><c r="H{n}"/></row>' for n in range(9, CELLS // 8 + 9))
    book = valid().replace(SHEET, "</sheetData>", f"{rows}</sheetData>")
    assert received(tmp_path, book.content()) == ["file-too-large"]


@pytest.mark.slow
def test_a_text_shared_by_very_many_cells_is_refused(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}"/></row>' for n in range(9, SHARED // TEXT // 2 + 1009)
    )
    book = valid().replace(SHEET, "</sheetData>", f"{rows}</sheetData>")
    book.replace("xl/sharedStrings.xml", "Helsinki", "k" * (TEXT - 10))
    assert received(tmp_path, book.content()) == ["archive-bomb"]


def test_a_cell_written_twice_is_refused(tmp_path: Path) -> None:
    cell = '<c r="E2"><v>1200</v></c>'
    book = valid().replace(SHEET, cell, cell + cell.replace("1200", "1300"))
    assert received(tmp_path, book.content()) == ["xml-form"]


def test_a_sheet_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = valid().parts[SHEET]
    for length in range(0, len(whole), 50):
        assert received(tmp_path, with_part(SHEET, whole[:length]).content()) != [], length


def test_a_long_text_shared_by_many_cells_is_refused(tmp_path: Path) -> None:
    run = "<r><t>" + "k" * 90 + "</t></r>"
    for text in ("k" * (TEXT + 1), run * (TEXT // 90 + 1)):
        book = valid().replace("xl/sharedStrings.xml", '<t xml:space="preserve">Helsinki</t>', text)
        assert received(tmp_path, book.content()) == ["value-long"]


def test_only_one_sheet_may_be_filled(tmp_path: Path) -> None:
    assert received(tmp_path, workbook(HEADER, ROWS, [], []).content()) == []
    assert received(tmp_path, workbook(HEADER, ROWS, [["note"]]).content()) == ["excel-sheets"]


def test_the_table_need_not_be_on_the_first_sheet(tmp_path: Path) -> None:
    book = workbook([], [], [HEADER, *ROWS])
    assert received(tmp_path, book.content()) == []


def test_a_workbook_without_cells_is_empty(tmp_path: Path) -> None:
    assert received(tmp_path, workbook([], []).content()) == ["file-empty"]
    assert received(tmp_path, workbook(HEADER, []).content()) == ["file-no-rows"]


@pytest.mark.parametrize("names", [2, 500])
def test_one_sheet_under_many_names_is_not_read_many_times(tmp_path: Path, names: int) -> None:
    sheets = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(2, names + 1))
    book = valid().replace("xl/workbook.xml", "</sheets>", f"{sheets}</sheets>")
    assert received(tmp_path, book.content()) == ["excel-sheets"]


def test_very_many_sheets_are_refused_even_if_they_are_empty(tmp_path: Path) -> None:
    assert received(tmp_path, workbook(HEADER, ROWS, *[[]] * (SHEETS - 1)).content()) == []
    assert received(tmp_path, workbook(HEADER, ROWS, *[[]] * SHEETS).content()) == ["excel-sheets"]


def test_a_second_sheet_is_found_wherever_it_lies(tmp_path: Path) -> None:
    book = valid()
    book.parts["docProps/app.xml"] = book.parts[SHEET]
    assert received(tmp_path, book.content()) == ["excel-sheets"]


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, '<row r="3">', '<row r="3" hidden="1">'),
        (SHEET, '<row r="3">', '<row r="3" hidden = "true">'),
        (SHEET, "<sheetData>", '<cols><col min="2" max="2" hidden="1"/></cols><sheetData>'),
        ("xl/workbook.xml", 'sheetId="1"', 'sheetId="1" state="hidden"'),
        ("xl/workbook.xml", 'sheetId="1"', 'sheetId="1" state="veryHidden"'),
    ],
)
def test_what_is_hidden_is_told(tmp_path: Path, part: str, old: str, new: str) -> None:
    assert received(tmp_path, valid().replace(part, old, new).content()) == ["excel-hidden"]


def test_rows_that_are_said_not_to_be_hidden_are_accepted(tmp_path: Path) -> None:
    assert received(tmp_path, valid().replace(SHEET, '<row r="3">', '<row r="3" hidden="0">').content()) == []


def test_a_formula_is_found_under_a_prefix_too(tmp_path: Path) -> None:
    book = valid()
    sheet = book.parts[SHEET].decode()
    for name in ("worksheet", "sheetData", "row", "c", "v"):
        sheet = sheet.replace(f"<{name}>", f"<x:{name}>").replace(f"<{name} ", f"<x:{name} ")
        sheet = sheet.replace(f"</{name}>", f"</x:{name}>")
    book.parts[SHEET] = sheet.replace("xmlns=", "xmlns:x=").encode()
    assert received(tmp_path, book.content()) == []
    book.replace(SHEET, "<x:v>1200</x:v>", f"<x:f>1</x:f><x:v>{PLANTED}</x:v>")
    assert received(tmp_path, book.content()) == ["excel-formula"]


def test_workbooks_that_spreadsheets_call_broken_are_refused(tmp_path: Path) -> None:
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"):
        book = valid()
        del book.parts[part]
        assert received(tmp_path, book.content()) in (["archive-damaged"], ["file-empty"]), part
    book = valid().replace("xl/sharedStrings.xml", "</sst>", "")
    assert received(tmp_path, book.content()) != []


def test_a_text_that_is_not_there_is_no_figure(tmp_path: Path) -> None:
    book = workbook(HEADER, with_cell("persons", Raw("<v>999</v>", ' t="s"')))
    assert received(tmp_path, book.content()) != []


def test_the_limit_of_cells_leaves_room_for_the_largest_table() -> None:
    assert CELLS > 300_000 * 16


def test_the_sample_is_a_workbook() -> None:
    with zipfile.ZipFile(io.BytesIO(valid().content())) as archive:
        assert archive.testzip() is None
