"""Files damaged at random: the same seed gives the same file. Some hold a planted figure that no message may repeat.

Run as a program (`damaged_files.py <folder> <first> <last>`) it receives the files of those seeds within
512 MB of address space and 10 seconds each, and tells what it met as JSON.
"""

from __future__ import annotations

import json
import resource
import signal
import struct
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path
from random import Random

from sample_delivery import CHECKS, CONTRACTS, HEADER, NAME, PLANTED, READERS, SHEET, TODAY, Raw, as_separated, workbook

from katsaus.config.findings import tell
from katsaus.sources.cells import Rules, fault
from katsaus.sources.delivery import read_delivery

ADDRESSES = 512 << 20
SECONDS = 10
HOSTILE = (
    PLANTED, f"{PLANTED},5", f"{PLANTED}.5", f"{PLANTED[:3]} {PLANTED[3:6]}", f"-{PLANTED}", f"{PLANTED}e3",
    f"x{PLANTED}", f"={PLANTED}", f"<b>{PLANTED}</b>", f"KU{PLANTED}", f"2023-{PLANTED}", "", "-", ".", "..", "...",
    "....", ":", "x", "NA", "91", "KU91", "ku091", "../../x", "CON", "K" * 300, "two\nlines", "\0", "\u202e",
    "A\u0308", "Ã¤", "#REF!", "=1+1", "</script>", "2023-07", "2023M06", "register", "synthetic", "1\u00a0234", "٣",
    "a,b", 'q"q', "\ufffd", "1e999", "nan",
)  # fmt: skip


def damaged(seed: int) -> tuple[str, bytes]:
    """A file's name and bytes."""
    random = Random(seed)
    rows = _rows(random)
    if random.random() < 0.5:
        return f"{NAME}.csv", _damaged_text(
            as_separated(_header(random), rows, random.choice(",,,,,,,,,,,,;\t")), random
        )
    return f"{NAME}.xlsx", _damaged_workbook(rows, random)


def _header(random: Random) -> list[object]:
    header: list[object] = list(HEADER)
    if random.random() < 0.2:
        random.shuffle(header)
    if random.random() < 0.1:
        header[random.randrange(len(header))] = random.choice(HOSTILE)
    return header


def _rows(random: Random) -> list[list[object]]:
    rows: list[list[object]] = [
        [f"2023-{random.randint(1, 6):02d}", f"KU{random.randint(1, 999):03d}", "_T", "Åbo", 12, 0.5, "synthetic"]
        for _ in range(random.choice((0, 1, 1, 3, 3, 30, 30, 300)))
    ]
    if rows:
        rows[0][0] = "2023-06"
    for row in rows:
        row[4] = random.choice((random.randint(0, 5000), "...", int(PLANTED)))
    for _ in range(random.choice((0, 0, 1, 3)) if rows else 0):
        random.choice(rows)[random.randrange(len(HEADER))] = random.choice(HOSTILE)
    if rows and random.random() < 0.1:
        cells = [cell for row in rows for cell in row]
        random.shuffle(cells)
        rows = [cells[at : at + len(HEADER)] for at in range(0, len(cells), len(HEADER))]
    return rows


def _damaged_text(content: bytes, random: Random) -> bytes:
    for _ in range(random.choice((0, 0, 1, 2))):
        content = random.choice((_flip, _cut, _repeat, _insert, _recode, _swell, _drop))(content, random)
    return content


def _flip(content: bytes, random: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(random.choice((1, 3, 30)) if changed else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(len(content) + 1)]


def _repeat(content: bytes, random: Random) -> bytes:
    start = random.randrange(len(content) + 1)
    return (
        content[:start] + content[start : start + random.randrange(1, 500)] * random.choice((2, 50)) + content[start:]
    )


def _insert(content: bytes, random: Random) -> bytes:
    start = random.randrange(len(content) + 1)
    piece = random.choice((b"\0", b'"', b"\n\n", b"\xff", b",,,,", b"<html>", b"\xef\xbb\xbf", b"\r", PLANTED.encode()))
    return content[:start] + piece * random.choice((1, 1, 2000)) + content[start:]


def _recode(content: bytes, random: Random) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(random.choice(("utf-16", "utf-16-be", "cp1252", "iso-8859-1", "cp437", "utf-32")), "replace")


def _swell(content: bytes, random: Random) -> bytes:
    lines = content[:50_000].splitlines(keepends=True)
    return b"".join(lines + lines[1:] * random.choice((10, 200)))


def _drop(content: bytes, random: Random) -> bytes:
    start = random.randrange(len(content) + 1)
    return content[:start] + content[start + random.randrange(1, 60) :]


def _damaged_workbook(rows: list[list[object]], random: Random) -> bytes:
    for _ in range(random.choice((0, 0, 0, 1)) if rows else 0):
        raw = random.choice(
            (Raw(f"<f>1</f><v>{PLANTED}</v>"), Raw("<v>45078</v>", ' s="1"'), Raw("<v>1</v>", ' t="b"'))
        )
        random.choice(rows)[random.randrange(len(HEADER))] = raw
    book = workbook(_header(random), rows, *([[["more"]]] if random.random() < 0.05 else []))
    for _ in range(random.choice((0, 0, 1, 2))):
        name = random.choice(list(book.parts))
        if random.random() < 0.3:
            book.parts[name] = random.choice((_flip, _cut, _repeat, _drop, _insert, _recode))(book.parts[name], random)
        else:
            _reword(book.parts, random)
    if random.random() < 0.1:
        book.parts[random.choice(("xl/x.xml", "xl/y.zip", "../x.xml", "docProps/app.xml"))] = _bomb(random)
    content = book.content(random.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)))
    if random.random() < 0.2:
        content = random.choice((_flip, _cut, _insert, _drop, _redeclare))(content, random)
    return content


def _reword(parts: dict[str, bytes], random: Random) -> None:
    """Change the XML of a sheet in a way that keeps it XML."""
    place = random.choice(("XFD1048576", "A1048576", "XFD350", "ZZ7000", "A0", "B2", "AAAA1", "A99999999"))
    old, new = random.choice(
        (
            (b"</sheetData>", f'<row r="9"><c r="{place}"><v>1</v></c></row></sheetData>'.encode()),
            (b'r="', b"r='"),
            (b"<v>", b"<v> "),
            (b'<c r="B2"', f'<c r="{place}"'.encode()),
            (b' t="s"', random.choice((b' t="e"', b' t="str"', b' t="d"', b' t="n"', b""))),
            (b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'),
            (b"<v>1</v>", b"<v>99999999999999999999</v>"),
            (b"<v>", b"<v>-"),
            (b"<worksheet", b"<!DOCTYPE x [<!ENTITY a '1'>]><worksheet"),
            (b"</row>", b""),
            (b"<sheetData>", b"<sheetData><sheetData>"),
            (b"<c ", b"<!-- --><c "),
            (b"<v>", b"<v><![CDATA[]]>"),
        )
    )
    parts[SHEET] = parts[SHEET].replace(old, new, random.choice((1, -1)))


def _bomb(random: Random) -> bytes:
    return random.choice((b"<x>", b"", PLANTED.encode())) + b"<a/>" * random.choice((10, 10_000, 3_000_000))


def _redeclare(content: bytes, random: Random) -> bytes:
    """Declare another size, offset or method for a part of the archive."""
    at = content.rindex(b"PK\x01\x02") + random.choice((8, 10, 20, 24, 28, 42))
    return content[:at] + struct.pack("<I", random.choice((0, 1, 100, 1 << 31, 0xFFFFFFFF))) + content[at + 4 :]


def receive_damaged(seed: int, folder: Path) -> list[str]:
    """Receive a file, clean or with findings, and return their codes; what must never happen raises AssertionError."""
    name, content = damaged(seed)
    path = folder / name
    path.write_bytes(content)
    delivery = read_delivery(path, CONTRACTS, root=folder, today=TODAY)
    told = [str(tell(finding, CHECKS, lang=lang)) for finding in delivery.findings for lang in READERS]
    assert not any(PLANTED in text or PLANTED[:6] in text for text in told), f"{seed}: a figure is repeated"
    if delivery.findings:
        assert delivery.table.empty, f"{seed}: a table in spite of findings"
        return [finding.code for finding in delivery.findings]
    assert len(delivery.table), f"{seed}: neither a table nor findings"
    rules = Rules(frozenset({"-", ".", "..", "..."}), "2023-06", spreadsheet=False)
    for column, cells in delivery.table.items():
        field = CONTRACTS["ministry-places"].fields[str(column)]
        assert {fault(text, field, rules=rules) for text in cells.cat.categories} == {None}, f"{seed}: not canonical"
    return ["clean"]


def main() -> None:
    """Receive the files of some seeds under limits, and tell how often each code was met and the most memory used."""
    folder, first, last = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    met: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(dir=folder) as place:
        for seed in range(first, last):
            signal.alarm(SECONDS)
            sys.stderr.write(f"{seed}\n")
            met.update(receive_damaged(seed, Path(place)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    json.dump({"met": met, "peak": peak}, sys.stdout)


if __name__ == "__main__":
    main()
