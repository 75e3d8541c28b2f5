"""Which reader reads which files of a site. A new kind of output adds its line; a file without one is a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from katsaus.audit.findings import Finding
from katsaus.audit.notebooks import read_notebook
from katsaus.audit.pages import read_drawing, read_json, read_page, read_table
from katsaus.audit.papers import read_paper
from katsaus.audit.site import Site

Reads = Callable[[Site, Path], Iterator[Finding]]

ASSETS: Final = "assets"
_SIGN: Final = Path(__file__).parents[1] / "pages" / "assets" / "icon.svg"


def read_asset(site: Site, path: Path) -> Iterator[Finding]:
    """Styles, scripts, fonts and licences hold no figures: they stand in their own folder, under the hash of what was
    written there.
    """
    if path.parent.name != ASSETS:
        yield Finding(site.name(path), "", f"a file of this kind may stand in {ASSETS} alone")
    elif not sha256(path.read_bytes()).hexdigest().startswith(path.stem.rpartition("-")[2]):
        yield Finding(site.name(path), "", "the file is not what was written: its name tells another content")


def read_sign(site: Site, path: Path) -> Iterator[Finding]:
    """A chart for download, or the site's own sign, which is an asset as the project has it."""
    if path.parent.name != ASSETS:
        yield from read_drawing(site, path)
        return
    yield from read_asset(site, path)
    if path.read_bytes() != _SIGN.read_bytes():
        yield Finding(site.name(path), "", "not the sign of the site")


READERS: Final[Mapping[str, Reads]] = {
    ".html": read_page,
    ".csv": read_table,
    ".json": read_json,
    ".svg": read_sign,
    ".pdf": read_paper,
    ".ipynb": read_notebook,
    ".css": read_asset,
    ".js": read_asset,
    ".woff2": read_asset,
    ".md": read_asset,
    ".txt": read_asset,
}
"""Suffix of a file → its reader."""


def read_file(site: Site, path: Path) -> Iterator[Finding]:
    """What is wrong in a file of the site."""
    reader = READERS.get(path.suffix)
    if reader is None:
        yield Finding(site.name(path), "", "no reader for this kind of file")
        return
    try:
        yield from reader(site, path)
    except UnicodeDecodeError:
        yield Finding(site.name(path), "", "not UTF-8")
