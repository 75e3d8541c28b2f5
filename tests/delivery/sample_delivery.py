"""Deliveries made up for tests: a small contract, its valid table, and files of both kinds with anything in them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from katsaus.config.contract import Contract
from katsaus.config.files import validated
from katsaus.config.findings import Reader, load_checks, tell
from katsaus.config.strict_yaml import parse
from katsaus.sources.delivery import Delivery, read_delivery

TODAY = date(2023, 8, 1)
NAME = "ministry-places-2023-06"
PLANTED = "987654321"

HEADER = ["month", "area", "responsible", "place", "persons", "change", "data_origin"]
ROWS: list[list[object]] = [
    ["2023-05", "KU091", "_T", "Helsinki", 1200, 0.5, "synthetic"],
    ["2023-05", "KU092", "trial", "Vantaa – Vanda", 0, -1.25, "synthetic"],
    ["2023-06", "KU091", "_T", "Hyvinkää", "...", 3, "synthetic"],
    ["2023-06", "SSS", "te_office", "Koko maa", "-", "..", "synthetic"],
]


def _title(name: str, fi: str, sv: str) -> dict[str, str]:
    return {"title": name, "title@fi": fi, "title@sv": sv}


def small_contract() -> Contract:
    """A contract with a column of each kind: month, area, listed codes, free text, whole number, number, origin."""
    area = "^(KU[0-9]{3}|KK[0-9]{0,2}|MK[0-9]{2}|SSS)$"
    count: dict[str, object] = {"role": "MEASURE", "unit": "persons"}
    fields: list[dict[str, object]] = [
        {"name": "month", "type": "string", "role": "TIME_PERIOD", "format": "YYYY-MM"}
        | _title("Month", "Kuukausi", "Månad"),
        {"name": "area", "type": "string", "role": "REF_AREA", "constraints": {"required": True, "pattern": area}}
        | _title("Area", "Alue", "Område"),
        {"name": "responsible", "type": "string", "role": "RESPONSIBLE"}
        | {"constraints": {"required": True, "enum": ["_T", "trial", "te_office"]}}
        | _title("Responsible organisation", "Vastuutaho", "Ansvarig organisation"),
        {"name": "place", "type": "string", "role": "ATTRIBUTE"} | _title("Place", "Paikka", "Ort"),
        {"name": "persons", "type": "integer", "measure": "persons", "constraints": {"minimum": 0}}
        | count
        | _title("Persons", "Työnhakijat", "Arbetssökande"),
        {"name": "change", "type": "number", "measure": "change"} | count | _title("Change", "Muutos", "Förändring"),
        {"name": "extra", "type": "integer", "measure": "extra", "optional": True}
        | count
        | _title("Extra", "Lisä", "Tillägg"),
        {"name": "data_origin", "type": "string", "role": "DATA_ORIGIN"}
        | {"constraints": {"required": True, "enum": ["register", "synthetic"]}}
        | _title("Origin of the data", "Aineiston alkuperä", "Uppgifternas ursprung"),
    ]
    for item in fields:
        if item["name"] == "month":
            item["constraints"] = {"required": True}
    table = {
        "name": "ministry-places",
        "profile": "tabular-data-resource",
        **_title("Places", "Paikat", "Orter"),
        "description": "d",
        "description@fi": "d",
        "description@sv": "d",
        "source": "ministry",
        "kind": "observations",
        "delivered": True,
        "frequency": "monthly",
        "areas": ["mainland_municipality"],
        "schema": {"fields": fields, "primaryKey": ["month", "area"], "missingValues": ["...", "..", "."]},
    }
    return validated(parse(json.dumps(table), "contract"), Contract)


CHECKS = load_checks(Path(__file__).resolve().parents[2])
READERS: tuple[Reader, ...] = ("en", "fi", "sv")
CONTRACTS = {"ministry-places": small_contract()}


def receive(folder: Path, content: bytes, name: str = f"{NAME}.csv") -> Delivery:
    """Write the file and read it as a delivery."""
    path = folder / name
    path.write_bytes(content)
    return read_delivery(path, CONTRACTS, root=folder, today=TODAY)


def codes(delivery: Delivery) -> list[str]:
    """Codes of what was found, each of which can be told in every language."""
    for finding in delivery.findings:
        for lang in READERS:
            assert str(tell(finding, CHECKS, lang=lang))
    return [finding.code for finding in delivery.findings]


def with_cell(column: str, cell: object, row: int = 0) -> list[list[object]]:
    """The valid rows with one cell changed."""
    rows = [list(cells) for cells in ROWS]
    rows[row][HEADER.index(column)] = cell
    return rows


def as_separated(header: Sequence[object], rows: Sequence[Sequence[object]], delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", delimiter=delimiter)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


@dataclass(frozen=True)
class Raw:
    """A cell of a workbook as XML: what stands within <c>, with its attributes."""

    inner: str
    attributes: str = ""


DATE = Raw("<v>45078</v>", ' s="1"')
FORMULA = Raw(f"<f>SUM(A1:A2)</f><v>{PLANTED}</v>")
ERROR = Raw("<v>#REF!</v>", ' t="e"')
TRUE = Raw("<v>1</v>", ' t="b"')

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass
class Workbook:
    """An XLSX in the making: `parts` by name, which a test may change before `content` packs them."""

    parts: dict[str, bytes] = field(default_factory=dict)

    def content(self, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", compression) as archive:
            for name, data in self.parts.items():
                archive.writestr(zipfile.ZipInfo(name), data, compression)
        return packed.getvalue()

    def replace(self, part: str, old: str, new: str) -> Workbook:
        data = self.parts[part].decode("utf-8")
        assert old in data, f"{old!r} is not in {part}"
        self.parts[part] = data.replace(old, new).encode("utf-8")
        return self


SHEET = "xl/worksheets/sheet1.xml"


def workbook(header: Sequence[object], rows: Sequence[Sequence[object]], *more: Sequence[Sequence[object]]) -> Workbook:
    """A workbook as spreadsheet programs write it; `more` are the rows of further sheets."""
    texts: dict[str, int] = {}
    sheets = [_sheet([header, *rows], texts), *(_sheet(table, texts) for table in more)]
    numbers = range(1, len(sheets) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers
    )
    book = "".join(f'<sheet name="Taulu {n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    links = {f"worksheets/sheet{n}.xml": "worksheet" for n in numbers}
    links |= {"sharedStrings.xml": "sharedStrings", "styles.xml": "styles"}
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{types}</Types>',
        "_rels/.rels": _relations({"xl/workbook.xml": "officeDocument"}),
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{book}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(links),
        "xl/styles.xml": f'<styleSheet {_MAIN}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        **{f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in zip(numbers, sheets, strict=True)},
        "xl/sharedStrings.xml": f"<sst {_MAIN}>{''.join(map(_shared, texts))}</sst>",
    }
    return Workbook({name: (_HEAD + text).encode("utf-8") for name, text in parts.items()})


def as_workbook(header: Sequence[object], rows: Sequence[Sequence[object]]) -> bytes:
    return workbook(header, rows).content()


_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _relations(targets: Mapping[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target={quoteattr(target)}/>'
        for n, (target, kind) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{items}</Relationships>'


def _shared(text: str) -> str:
    return f'<si><t xml:space="preserve">{escape(text)}</t></si>'


def _sheet(rows: Sequence[Sequence[object]], texts: dict[str, int]) -> str:
    lines = "".join(
        f'<row r="{n}">'
        + "".join(_cell(cell, f"{column_letters(i)}{n}", texts) for i, cell in enumerate(row))
        + "</row>"
        for n, row in enumerate(rows, 1)
    )
    return f"<worksheet {_MAIN}><sheetData>{lines}</sheetData></worksheet>"


def _cell(cell: object, place: str, texts: dict[str, int]) -> str:
    if isinstance(cell, Raw):
        return f'<c r="{place}"{cell.attributes}>{cell.inner}</c>'
    if isinstance(cell, str):
        return f'<c r="{place}" t="s"><v>{texts.setdefault(cell, len(texts))}</v></c>'
    return f'<c r="{place}"><v>{cell}</v></c>'


def column_letters(position: int) -> str:
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


MAKERS = {"csv": as_separated, "xlsx": as_workbook}
