"""The numbers of a text as pages write them, with the words that stand around each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

NBSP: Final = "\N{NO-BREAK SPACE}"
NARROW: Final = "\N{NARROW NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"

_DATES: Final = re.compile(
    r"(?<![\d,.])(?:\d{1,2}\.\d{1,2}\.(?:\d{4})?|\d{1,2}/(?:19|20)\d{2}|(?:19|20)\d{2}-\d{2}(?:-\d{2})?)(?!\d)"
)
_YEAR: Final = re.compile(rf"(?<![\d,.{NBSP}+{MINUS}])(?:19|20)\d{{2}}(?![\d{NBSP}]|,\d)")
_TOKEN: Final = re.compile(rf"\d+(?:\.\d+)+|[+{MINUS}]?\d+(?:{NBSP}\d{{3}}(?!\d))*(?:,\d+)?|[^\W\d_]+|%")


@dataclass(frozen=True)
class Number:
    """A number as it is written, the word before and after it ("" at the end of the text), and where it begins."""

    text: str
    before: str
    after: str
    at: int

    @property
    def size(self) -> str:
        """Without its sign."""
        return self.text.lstrip(f"+{MINUS}")


def numbers(text: str) -> Iterator[Number]:
    """The numbers of `text` in order, without dates, months and years.

    A number in letters ("kolme", "tre") is none: no reader here can see it.
    """
    plain = text.replace(NARROW, NBSP)
    for pattern in (_DATES, _YEAR):
        plain = pattern.sub(lambda found: "#" * len(found[0]), plain)
    tokens = [(found[0], found.start()) for found in _TOKEN.finditer(plain)]
    words = ["", *(token.lower() for token, _ in tokens), ""]
    for place, (token, at) in enumerate(tokens):
        if any(letter.isdigit() for letter in token):
            yield Number(token, words[place], words[place + 2], at)
