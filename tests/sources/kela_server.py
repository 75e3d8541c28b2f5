"""Kela's data sets in a catalogue like avoindata.fi, as a local server that can go on in the middle of a file.

The columns of `perustoimeentulotuen-saajat` are assumed, as in katsaus.sources.kela_columns: nobody has seen them yet.
Those of `kuntien-rahoittama-tyomarkkinatuki` are verified. All figures are made up.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RECIPIENTS, SUBSIDY = "perustoimeentulotuen-saajat", "kuntien-rahoittama-tyomarkkinatuki"
COLUMNS = {
    RECIPIENTS: [
        *("aikatyyppi", "vuosikuukausi", "vuosi", "kunta_nro", "kunta_nimi"),
        *("ikaryhma", "saaja_lkm", "vaesto_osuus"),
    ],
    SUBSIDY: [
        *("aikatyyppi", "kuukausi_nro", "vuosikuukausi", "vuosi", "kunta_nro", "kunta_nimi"),
        *("ikaryhma", "sukupuoli", "tyomarkkinatukipaiva_luokka"),
        *("saaja_lkm", "korvattu_paiva_lkm", "maksettu_eur", "kunta_osuus_eur"),
    ],
}
TOWNS = ("001", "002", "003", "199")
AGES = ("17-19", "20-24", "Tieto puuttuu")
MONTHS = ("202101", "202102", "202103")


def number(*key: str) -> int:
    return int.from_bytes(hashlib.sha256("/".join(key).encode()).digest()[:2]) % 1000 + 4


def recipients() -> Iterator[str]:
    yield ",".join(COLUMNS[RECIPIENTS])
    for month in MONTHS:
        for town in TOWNS:
            for age in AGES:
                yield f"Kuukausi,{month},{month[:4]},{town},Kunta {town},{age},{number(month, town, age)},1.5"
    yield "Vuosi,,2021,001,Kunta 001,17-19,987654321,1.5"


def subsidy(months: Iterable[str] = MONTHS, towns: Iterable[str] = TOWNS) -> Iterator[str]:
    yield ",".join(COLUMNS[SUBSIDY])
    for month in months:
        for town in towns:
            for age in AGES:
                for sex in ("Mies", "Nainen", "Tuntematon"):
                    lead = f"Kuukausi,{int(month[4:])},{month},{month[:4]},{town},Kunta {town},{age},{sex}"
                    many = number(month, town, age, sex)
                    yield f"{lead},300-499,987654321,1,1.00,1.00"
                    yield f"{lead},Yhteensä,{many},{many * 9},{many * 30}.25,{many * 15}.1"


class KelaServer(ThreadingHTTPServer):
    """Serves `files` by the path below the catalogue; `cuts` are the bytes after which the next answers end."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), KelaHandler)
        self.resumes = True
        self.cuts: list[int] = []
        self.sent: dict[str, list[tuple[int, int]]] = {}
        self.licence = "cc-by-4.0"
        self.changed = "2026-07-15T09:12:33.123456"
        self.files: dict[str, bytes] = {}
        for name, lines in ((RECIPIENTS, recipients()), (SUBSIDY, subsidy())):
            self.files[f"{name}/data.csv"] = ("\n".join(lines) + "\n").encode()
            self.describe(name, COLUMNS[name])

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self.root}/data/api/3/action"

    def describe(self, name: str, columns: list[str]) -> None:
        """Write package.json."""
        fields = [{"name": column, "type": "string", "description": "made up"} for column in columns]
        self.files[f"{name}/package.json"] = json.dumps({"resources": [{"schema": {"fields": fields}}]}).encode()

    def package(self, name: str) -> bytes:
        """What the catalogue says of a data set."""
        files = [path for path in self.files if path.startswith(f"{name}/")]
        resources = [{"url": f"{self.root}/{path}", "last_modified": self.changed} for path in files]
        return json.dumps({"success": True, "result": {"license_id": self.licence, "resources": resources}}).encode()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is no news."""


class KelaHandler(BaseHTTPRequestHandler):
    server: KelaServer
    wbufsize = 1 << 16

    def do_GET(self) -> None:
        path = self.path.removeprefix("/")
        action = "data/api/3/action/package_show?id="
        content = (
            self.server.package(path.removeprefix(action)) if path.startswith(action) else self.server.files.get(path)
        )
        if content is None:
            self.send_error(404)
            return
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        start, asked = 0, self.headers.get("Range", "")
        if self.server.resumes and asked and self.headers.get("If-Range") == tag:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end = len(content)
        if path.endswith(".csv") and self.server.cuts:
            end = min(end, start + self.server.cuts.pop(0))
        self.server.sent.setdefault(path, []).append((start, end))
        self.wfile.write(content[start:end])

    def log_message(self, *_: object) -> None:
        """Quiet."""
