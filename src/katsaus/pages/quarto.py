"""The executed notebook as real Quarto reads it: figures as Markdown images beside it, tables as Markdown tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from katsaus.pages.figures import Block, Content, Figure, Headline, Prose, Table

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>()#+!|~$@^\"'-])")


def figured(executed: Mapping[str, Any], content: Content, *, term: Callable[[str], str]) -> dict[str, Any]:
    """`executed` with what it shows as Markdown; its images are the `fig-….svg` files that `publish` writes.

    Cells stay in order and keep their ids; what was shown by a code cell becomes a Markdown cell.
    """
    about = executed["metadata"]["katsaus"]
    matter = {"title": content.front["title"], "subtitle": content.front.get("subtitle", ""), "lang": about["lang"]}
    lines = [f'{key}: "{_quoted(value)}"' for key, value in matter.items() if value]
    cells = [{"cell_type": "raw", "id": "front-matter", "metadata": {}, "source": "\n".join(["---", *lines, "---"])}]
    cells += [
        {"cell_type": "markdown", "id": f"block-{position}", "metadata": {}, "source": _markdown(block, term)}
        for position, block in enumerate(content.blocks, 1)
    ]
    return {**executed, "cells": cells}


def _markdown(block: Block, term: Callable[[str], str]) -> str:
    match block:
        case Prose():
            return block.text
        case Headline():
            return "\n".join(
                f"- {_plain(item['label'])}: **{_plain(item['value'])}** "
                f"({_plain(item['change'])}; {_plain(item['comparator'])})"
                for item in block.items
            )
        case Figure():
            words = block.words
            caption = f"{_plain(words['title'])}. {_plain(words['subtitle'])}"
            image = f'![{caption}]({block.label}.svg){{#{block.label} fig-alt="{_quoted(words["alt"])}"}}'
            return "\n\n".join([image, *_beneath(words["notes"], [], source=words["source"], term=term)])
        case Table():
            return _table(block, term)


def _table(table: Table, term: Callable[[str], str]) -> str:
    content = table.content
    rule = [":---" if column["align"] == "left" else "---:" for column in content["columns"]]
    head = [_plain(column["label"]) for column in content["columns"]]
    rows = [[_cell(cell) for cell in row] for row in content["rows"]]
    grid = "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])
    caption = f": {_plain(content['caption'])} {{#{table.label}}}"
    beneath = _beneath(
        content.get("notes", []), content.get("symbols", []), source=content.get("source", ""), term=term
    )
    return "\n\n".join([grid, caption, *beneath])


def _cell(cell: str | Mapping[str, str]) -> str:
    return _plain(cell) if isinstance(cell, str) else f"[{_plain(cell['text'])}]({cell['href']})"


def _beneath(notes: Iterable[str], symbols: Iterable[str], *, source: str, term: Callable[[str], str]) -> list[str]:
    sources = [f"{term('Source')}: {_plain(source)}"] if source else []
    return [*map(_plain, symbols), *map(_plain, notes), *sources]


def _plain(text: str) -> str:
    """`text` as Markdown that shows exactly it."""
    return _SPECIAL.sub(r"\\\1", text).replace("...", "\\.\\.\\.")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
