"""Markdown cells: both languages side by side, of which a page keeps one, and values that stand inside a sentence.

The dialect is Quarto's, so that Quarto reads the same notebooks::

    ::: {.content-visible when-profile="fi"}
    Helsingissä oli `{python} review.number(now)` työtöntä työnhakijaa.
    :::
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from katsaus.config.prose import numbers
from katsaus.notebooks.parameters import Fault
from katsaus.output import escaped

LANGUAGES = ("fi", "sv")
INLINE = re.compile(r"(?<!`)`\{python\}\s+([^`]+?)\s*`(?!`)")

_BLOCK = re.compile(r'^:{3,}\s*\{\s*\.content-visible\s+when-profile="([^"]*)"\s*\}\s*$')
_OPENING = re.compile(r"^:{3,}\s*(\{.*\}|[^\s:{}]+)\s*:*\s*$")
_CLOSING = re.compile(r"^:{3,}\s*$")
_HEADING = re.compile(r"^#{1,6}(?=\s)", re.MULTILINE)
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+\.)\s", re.MULTILINE)
_REFERENCE = re.compile(r"@(?:fig|tbl)-[\w-]+")
_CODE = re.compile(r"^ {0,3}(`{3,}|~{3,})")


@dataclass(frozen=True)
class Block:
    """The prose between a language's fences; `line` is that of its opening fence, from 1."""

    lang: str
    line: int
    lines: tuple[str, ...]


def language_blocks(markdown: str) -> tuple[tuple[Block, ...], list[Fault]]:
    """The language blocks of a cell in order, and what is wrong with them."""
    blocks: list[Block] = []
    faults: list[Fault] = []
    lines = markdown.splitlines()
    at = 0
    while at < len(lines):
        opening = _BLOCK.match(lines[at])
        if opening is None:
            if lines[at].strip():
                do = 'Put it between ::: {.content-visible when-profile="fi"} and :::, and write its twin.'
                faults.append(Fault("text stands outside the language blocks", at + 1, do))
            at += 1
            continue
        end = _closing_line(lines, at + 1)
        if end is None:
            faults.append(Fault("the language block is not closed", at + 1, "Close it with ::: on a line of its own."))
            end = len(lines)
        blocks.append(Block(opening[1], at + 1, tuple(lines[at + 1 : end])))
        at = end + 1
    return tuple(blocks), faults + list(_twin_faults(blocks))


def keep_language(blocks: Sequence[Block], lang: str) -> str:
    """The Markdown of one language."""
    return "\n\n".join("\n".join(block.lines).strip() for block in blocks if block.lang == lang)


def expressions(markdown: str) -> list[str]:
    """The inline expressions in order, each as one line of Python; raises SyntaxError for one that is not Python."""
    return [ast.unparse(ast.parse(f"({text}\n)", mode="eval")) for text in INLINE.findall(markdown)]


def expression_faults(block: Block) -> Iterator[Fault]:
    """Inline expressions that are not Python, in whichever language they stand."""
    for found in INLINE.finditer("\n".join(block.lines)):
        try:
            expressions(found[0])
        except (SyntaxError, ValueError):
            line = block.line + 1 + found.string.count("\n", 0, found.start())
            yield Fault(f"the inline value {found[0]} is not a Python expression", line)


@dataclass(frozen=True)
class Value:
    """An inline value as it is written, and its line in the cell of the notebook, from 1."""

    text: str
    line: int


def values(blocks: Sequence[Block], lang: str) -> list[Value]:
    """The inline values of one language, in order."""
    return [
        Value(found[0], block.line + 1 + found.string.count("\n", 0, found.start()))
        for block in blocks
        if block.lang == lang
        for found in INLINE.finditer("\n".join(block.lines))
    ]


def unlike_faults(blocks: Sequence[Block]) -> Iterator[Fault]:
    """What the twins of a cell whose expressions are Python don't have alike."""
    own, twins = ([block for block in blocks if block.lang == lang] for lang in LANGUAGES)
    for block, twin in zip(own, twins, strict=False):
        here, there = (_features("\n".join(one.lines)) for one in (block, twin))
        for name, found in here.items():
            if found != there[name]:
                told = f"{block.lang} has {_told(found)}, {twin.lang} has {_told(there[name])}: write the same in both"
                yield Fault(f"the two languages differ in their {name}", twin.line, told)


def _features(text: str) -> dict[str, list[str]]:
    """What both languages of a text have alike."""
    return {
        "headings": _HEADING.findall(text),
        "list items": _ITEM.findall(text),
        "references": sorted(_REFERENCE.findall(text)),
        "inline values": sorted(f"`{{python}} {expression}`" for expression in expressions(text)),
        "numbers": sorted(numbers(INLINE.sub("", text))),
    }


def _told(found: Sequence[str]) -> str:
    return ", ".join(part.strip() for part in found) or "none"


def fill(markdown: str, values: Sequence[str]) -> str:
    """Markdown with its inline values in place, as the characters they are."""
    remaining = iter(values)
    return INLINE.sub(lambda _: escaped(next(remaining)), markdown)


def _closing_line(lines: Sequence[str], start: int) -> int | None:
    """The line that closes a div opened before `start`, past the divs and code inside it."""
    depth, fence = 1, ""
    for at in range(start, len(lines)):
        code = _CODE.match(lines[at])
        if fence:
            if code and code[1].startswith(fence) and not lines[at].strip(" `~"):
                fence = ""
        elif code:
            fence = code[1]
        elif _CLOSING.match(lines[at]):
            depth -= 1
            if depth == 0:
                return at
        elif _OPENING.match(lines[at]):
            depth += 1
    return None


def _twin_faults(blocks: Sequence[Block]) -> Iterator[Fault]:
    for block in blocks:
        if block.lang not in LANGUAGES:
            do = f"The languages are {', '.join(LANGUAGES)}."
            yield Fault(f'the language "{block.lang}" is unknown', block.line, do)
        elif not any(line.strip() for line in block.lines):
            do = "Write its text, or delete it together with its twin."
            yield Fault(f"the block of {block.lang} is empty", block.line, do)
    by_language = {lang: [block for block in blocks if block.lang == lang] for lang in LANGUAGES}
    most = max(map(len, by_language.values()))
    for lang, own in by_language.items():
        for at in range(len(own), most):
            twin = next(blocks[at] for blocks in by_language.values() if len(blocks) > at)
            do = f"Write the same text in {lang}, in the same cell."
            yield Fault(f"the block of {twin.lang} has no twin in {lang}", twin.line, do)
