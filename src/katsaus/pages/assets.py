"""The stylesheet, the fonts and the icon of the site, under names that change with their content."""

from __future__ import annotations

import gzip
import re
from hashlib import sha256
from pathlib import Path
from typing import Final

_SOURCE: Final = Path(__file__).parent / "assets"
_FONT: Final = re.compile(r"fonts/([\w-]+\.woff2)")
_HASH: Final = 10


def write_assets(out: Path) -> dict[str, str]:
    """Write the assets below `out` (the root of a language); returns "css", "icon" and the names of scripts → path
    relative to `out`.
    """
    folder = out / "assets"
    folder.mkdir(parents=True, exist_ok=True)
    css = (_SOURCE / "style.css").read_text(encoding="utf-8")
    css = _FONT.sub(lambda found: _write(folder, _SOURCE / "fonts" / found[1]), css)
    _write(folder, _SOURCE / "fonts" / "LICENSE.md")
    return {
        "css": f"assets/{_write(folder, _SOURCE / 'style.css', content=_smaller(css).encode())}",
        "icon": f"assets/{_write(folder, _SOURCE / 'icon.svg')}",
        "map": f"assets/{_write(folder, _SOURCE / 'map.js')}",
        "compare": f"assets/{_write(folder, _SOURCE / 'compare.js')}",
    }


def write_asset(out: Path, name: str, *, content: bytes | None = None) -> str:
    """Write one more asset, which only some pages need, below `out`; returns its path relative to `out`."""
    return f"assets/{_write(out / 'assets', _SOURCE / name, content=content)}"


def weight(out: Path) -> int:
    """Bytes of the style and the fonts below `out`, compressed: what a first visit takes beside the page itself."""
    files = [path for path in sorted((out / "assets").iterdir()) if path.suffix in {".css", ".woff2"}]
    return sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in files)


def _smaller(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*|\s+", lambda found: found[1] or " ", css).strip()


def _write(folder: Path, source: Path, *, content: bytes | None = None) -> str:
    content = source.read_bytes() if content is None else content
    name = f"{source.stem}-{sha256(content).hexdigest()[:_HASH]}{source.suffix}"
    if not (folder / name).exists():  # a page of an earlier build may share it
        (folder / name).write_bytes(content)
    return name
