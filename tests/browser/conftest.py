"""A real browser on a really served site, below a path as on GitHub Pages."""

from __future__ import annotations

import gzip
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

BASE = "/valtio/katsaus/"
LANGUAGES = ("fi", "sv")
REVIEW = "2023-06/"
MANY = "2023-06/alue/kainuu/"
ONE = "2023-06/alue/helsinki/"
ARCHIVE = "arkisto/"
METHODS = "menetelmat/"
KELA = "2023-06/kela/"
SMALL = "2023-06/kunta/ristijarvi/"
COMPARED = "2023-06/vertailu/k04/"
KINDS = {
    "front": "",
    "review": REVIEW,
    "many municipalities": MANY,
    "one municipality": ONE,
    "a small municipality": SMALL,
    "kela": KELA,
    "comparison": "2023-06/vertailu/",
    "comparison by an indicator": COMPARED,
    "methods": METHODS,
    "glossary": "sanasto/",
    "archive": ARCHIVE,
    "data protection": "tietosuoja/",
    "quality": "laatu/",
    "sources": "lahteet/",
    "about": "tietoa/",
}
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs Chromium."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `address` runs on one page of each kind, one that asks for `lang` in both languages.

    One that asks for both takes each kind in one of the languages by turns; the others are of the long matrix.
    """
    if {"lang", "address"} <= set(metafunc.fixturenames):
        pairs = [
            pytest.param(lang, address, id=f"{lang}-{kind}", marks=[pytest.mark.slow] if (turn + place) % 2 else [])
            for turn, (kind, address) in enumerate(KINDS.items())
            for place, lang in enumerate(LANGUAGES)
        ]
        metafunc.parametrize(("lang", "address"), pairs)
    elif "lang" in metafunc.fixturenames:
        metafunc.parametrize("lang", LANGUAGES)


class BelowBase(SimpleHTTPRequestHandler):
    """Serves the site below BASE and nothing anywhere else, so that a link from the root is a dead one."""

    def translate_path(self, path: str) -> str:
        inside = path.startswith(BASE)
        return super().translate_path(path.removeprefix(BASE.rstrip("/")) if inside else "/not-below-the-base")

    def log_message(self, *_: object) -> None:
        """Say nothing: the browser reports what fails."""


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """Address of the served site, ending with a slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(BelowBase, directory=str(site)))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{BASE}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium; playwright's download is never used."""
    found = [path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))]
    assert found, "Chromium is missing: run scripts/setup-browser"
    os.environ["PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found[0], args=list(QUIET))
        yield browser
        browser.close()


@dataclass
class Visit:
    """An open page and everything that it asked for, said and broke."""

    page: Page
    requests: list[str] = field(default_factory=list)
    bodies: dict[str, bytes] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Keep a record from now on. A breach of the content security policy arrives as a console error."""
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("response", self._keep)
        self.page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))

    def _keep(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")
        self.bodies[response.url] = response.body()

    def weight(self) -> dict[str, int]:
        """Gzipped bytes of each file that came over the wire."""
        return {url: len(gzip.compress(body, 9)) for url, body in self.bodies.items()}


@contextmanager
def _visit(context: BrowserContext, url: str) -> Iterator[Visit]:
    visit = Visit(context.new_page())
    visit.listen()
    visit.page.goto(url, wait_until="load")
    try:
        yield visit
    finally:
        context.close()


Open = Callable[..., Any]


@pytest.fixture
def visit(chromium: Browser, served: str) -> Open:
    """`with visit("fi", "2023-06/", color_scheme="dark") as seen:` opens a page in a fresh context."""

    def enter(lang: str, address: str, **settings: Any) -> Any:
        width = settings.pop("width", 1280)
        context = chromium.new_context(viewport={"width": width, "height": 900}, **settings)
        return _visit(context, f"{served}{lang}/{address}")

    return enter
