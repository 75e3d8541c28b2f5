"""Sources of figures as local servers: they keep the rules of the real ones, misbehave on request, and count."""

from __future__ import annotations

import hashlib
import json
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from katsaus.sources.web import Timer

OLD, NEW = "old", "new"
"""The forms of ids and codes before and after 8 June 2026."""

RENAMED = {"Tiedot": "contentscode", "Kuukausi": "timeperiod_m", "Vuosi": "timeperiod_y"}
FAULTS = ("500", "503", "429", "cut", "silent")


class Hourglass:
    """Time that passes only when somebody sleeps, for the client and the server alike."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.naps: list[float] = []

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.naps.append(seconds)
        self.seconds += seconds

    @property
    def timer(self) -> Timer:
        return Timer(self.now, self.sleep)


def months(first: str, count: int) -> list[str]:
    year, month = int(first[:4]), int(first[5:])
    return [f"{year + (month - 1 + n) // 12}M{(month - 1 + n) % 12 + 1:02d}" for n in range(count)]


@dataclass(frozen=True)
class Table:
    """A table of made-up figures; `variables` are in the old form and the table's order, told in `form`."""

    name: str
    folder: str
    variables: dict[str, list[str]]
    decimals: frozenset[str] = frozenset({"TYOTOSUUS", "AKTASTE"})
    form: str = NEW
    updated: str = "2026-07-21T08:00:00"
    prefix: str = ""

    @property
    def id(self) -> str:
        return f"{self.name}.px" if self.form == NEW else f"statfin_{self.folder.split('/')[-1]}_pxt_{self.name}.px"

    def told(self, code: str) -> str:
        """How a variable is called in the table's form."""
        if self.form == OLD:
            return code
        return "alue_23_20260101" if self.prefix and code == "Alue" else RENAMED.get(code, code)

    @property
    def codes(self) -> dict[str, list[str]]:
        """Variables as they are told."""
        prefix = self.prefix if self.form == NEW else ""
        found = {self.told(code): list(values) for code, values in self.variables.items()}
        contents = self.told("Tiedot")
        return found | {contents: [prefix + code for code in found[contents]]}

    def figure(self, area: str, period: str, content: str) -> tuple[str | None, str | None]:
        """The figure as written and its mark: the same for the same codes, whatever their form."""
        name = content.removeprefix(self.prefix)
        number = int.from_bytes(hashlib.sha256(f"{self.name}{area}{period}{name}".encode()).digest()[:4])
        if number % 50 == 0 and name != "TYOVOIMATK":
            return None, "..."
        return (f"{number % 1000 / 10}" if name in self.decimals else str(number % 100_000)), None

    def metadata(self) -> dict[str, object]:
        time_ = self.told("Kuukausi"), self.told("Vuosi")
        variables = [
            {"code": code, "text": code, "values": values, "valueTexts": values}
            | ({"time": True} if code in time_ else {})
            | ({"elimination": True} if code == "Ikä" else {})
            for code, values in self.codes.items()
        ]
        return {"title": self.name, "variables": variables}

    def answer(self, chosen: dict[str, list[str]]) -> str:
        """JSON-stat 2 in the table's own order of codes, figures as they are written."""
        kept = {
            code: [value for value in values if value in chosen[code]]
            for code, values in self.codes.items()
            if code in chosen
        }
        names = [self.told(name) for name in ("Alue", "Kuukausi", "Vuosi", "Tiedot")]
        values, status = [], {}
        for place, cell in enumerate(_product(kept)):
            area, *period, content = (cell[name] for name in names if name in cell)
            value, mark = self.figure(area, period[0], content)
            values.append(value or "null")
            if mark:
                status[str(place)] = mark
        dimension = {
            code: {"label": code, "category": {"index": {value: n for n, value in enumerate(found)}}}
            for code, found in kept.items()
        }
        about = {"version": "2.0", "class": "dataset", "label": self.name, "source": "made up", "role": {}}
        about |= {
            "updated": f"{self.updated[:11]}05:00:00Z" if self.updated.endswith("08:00:00") else f"{self.updated}Z"
        }
        about |= {"id": list(kept), "size": [len(found) for found in kept.values()], "dimension": dimension}
        about |= {"status": status} if status else {}
        return f'{json.dumps(about)[:-1]}, "value": [{", ".join(values)}]}}'


def _product(kept: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    if not kept:
        yield {}
        return
    (code, values), *rest = kept.items()
    for value in values:
        for others in _product(dict(rest)):
            yield {code: value} | others


@dataclass
class Counted:
    """What a server saw: answers by status, queries as sent, cells served, and how often each query was answered."""

    statuses: Counter[int] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    cells: list[int] = field(default_factory=list)
    faults: int = 0


Rewrite = Callable[[str, str], str]
"""From a path and a body to the body that is sent instead."""


class PxServer(ThreadingHTTPServer):
    """PxWeb with the limits of Statistics Finland: 403 over the cells, 429 over the calls, 400 for what is unknown."""

    daemon_threads = True

    def __init__(self, tables: list[Table], *, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(("127.0.0.1", 0), PxHandler)
        self.tables = {(table.folder, table.name): table for table in tables}
        self.limits = {"maxValues": 120_000, "maxCells": 120_000, "maxCalls": 40, "timeWindow": 60, "CORS": True}
        self.now = now
        self.calls: deque[float] = deque()
        self.seen = Counted()
        self.lock = threading.Lock()
        self.chance = random.Random(0)
        self.share_of_faults = 0.0
        self.pause = 0.0
        self.rewrite: Rewrite = lambda _, body: body
        self.after_query: Callable[[int], None] = lambda _: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/PxWeb/api/v1/fi"

    def change(self, name: str, **changes: object) -> None:
        """Replace what is said of the tables called `name`: "a table was updated"."""
        for key, table in self.tables.items():
            if table.name == name:
                self.tables[key] = replace(table, **changes)  # type: ignore[arg-type]

    def is_too_often(self) -> bool:
        with self.lock:
            now = self.now()
            while self.calls and self.calls[0] <= now - self.limits["timeWindow"]:
                self.calls.popleft()
            if len(self.calls) >= self.limits["maxCalls"]:
                return True
            self.calls.append(now)
            return False

    def fault(self) -> str:
        with self.lock:
            return self.chance.choice(FAULTS) if self.chance.random() < self.share_of_faults else ""

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is no news."""


class PxHandler(BaseHTTPRequestHandler):
    server: PxServer
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # head and body in one packet: two wait 40 ms for each other

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def _answer(self, body: bytes | None) -> None:
        if self.server.is_too_often():
            self._send(429, "too many", {"Retry-After": "7"})
            return
        fault = self.server.fault()
        if fault in {"500", "503", "429"}:
            self.server.seen.faults += 1
            self._send(int(fault), "in trouble", {"Retry-After": "2"} if fault == "429" else {}, counted=False)
            return
        if fault == "silent":
            self.server.seen.faults += 1
            self.close_connection = True
            return
        path = self.path.removeprefix("/PxWeb/api/v1/fi/")
        status, text = self._found(path, body)
        text = self.server.rewrite(path, text) if status == 200 else text
        self._send(status, text, {}, cut=fault == "cut")
        if body and status == 200 and fault != "cut":
            self.server.seen.answered[f"{path} {body.decode()}"] += 1
            self.server.after_query(self.server.seen.answered.total())

    def _found(self, path: str, body: bytes | None) -> tuple[int, str]:
        if path == "?config":
            return 200, json.dumps(self.server.limits)
        folder, _, name = path.rpartition("/")
        here = [table for (place, _), table in self.server.tables.items() if place == folder]
        if not name:
            listed = [{"id": table.id, "type": "t", "text": "made up", "updated": table.updated} for table in here]
            return (200, json.dumps(listed)) if listed else (400, "no such folder")
        table = next((table for table in here if table.id == name), None)
        if table is None:
            return 400, "no such table"
        return (200, json.dumps(table.metadata())) if body is None else self._queried(table, json.loads(body))

    def _queried(self, table: Table, query: dict[str, Any]) -> tuple[int, str]:
        chosen = {item["code"]: item["selection"]["values"] for item in query["query"]}
        if query["response"] != {"format": "json-stat2"} or any(
            code not in table.codes or set(values) - set(table.codes[code]) for code, values in chosen.items()
        ):
            return 400, "unknown code"
        if any(code not in chosen and code != "Ikä" for code in table.codes):
            return 400, "a variable that can't be left out"
        cells = 1
        for values in chosen.values():
            cells *= len(values)
        if cells > min(self.server.limits["maxCells"], self.server.limits["maxValues"]):
            return 403, "too many cells"
        self.server.seen.cells.append(cells)
        time.sleep(self.server.pause)
        return 200, table.answer(chosen)

    def _send(
        self, status: int, text: str, headers: dict[str, str], *, cut: bool = False, counted: bool = True
    ) -> None:
        body = text.encode()
        self.server.seen.statuses[status] += counted
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        if cut:
            self.server.seen.faults += 1
            self.close_connection = True
            body = body[: len(body) // 2]
        self.wfile.write(body)


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[None]:
    """The server answers in a thread within the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
