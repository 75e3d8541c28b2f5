"""What is wrong with the text of a delivered cell: one code for each distinct text, None where it is as it should be.

Figures are never guessed: what could be read in two ways is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from katsaus.config.contract import ContractField

NIL = "-"
"""A magnitude of nil, which every table may hold beside its own marks."""
EXCEL_DATE = "\0date"
"""Stands for a cell that a spreadsheet holds as a date or a time; no cell can hold this text."""
LONGEST = 200

MONTH = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,11})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?")
_SPACES = "[ \u00a0\u2000-\u200a\u202f\u205f'’]"
_ANY_NUMBER = (
    ("value-thousands", re.compile(rf"[-+]?[0-9]{{1,3}}({_SPACES}[0-9]{{3}})+([.,][0-9]+)?")),
    ("value-thousands", re.compile(r"[-+]?[0-9]{1,3}((\.[0-9]{3}){2,}(,[0-9]+)?|(\.[0-9]{3})+,[0-9]+)")),
    ("value-thousands", re.compile(r"[-+]?[0-9]{1,3}((,[0-9]{3}){2,}(\.[0-9]+)?|(,[0-9]{3})+\.[0-9]+)")),
    ("value-precise", re.compile(r"[-+]?[0-9]+\.[0-9]{10,}")),
    ("value-scientific", re.compile(r"[-+]?[0-9]+([.,][0-9]*)?[eE][-+]?[0-9]+")),
)
_POINT = re.compile(r"[-+]?[0-9]+\.[0-9]*")
_WHOLE_NUMBER = (
    ("value-thousands", re.compile(r"[-+]?[0-9]{1,3}[.,][0-9]{3}")),
    ("value-decimal", _POINT),
)
_COMMA = re.compile(r"[-+]?[0-9]*,[0-9]+")
_PLAIN = re.compile(r"[-+−]?[0-9.]+")
_OTHER_MARK = re.compile(r"[.…:*?–—−-]+|x+|n/?a|nan|null|none|<na>|nil|missing", re.IGNORECASE)

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_DAMAGED = re.compile("\ufffd|[ÂÃ][\u0080-\u00bf]|â€|Ã[„–…]")
_SPREADSHEET_ERROR = re.compile(
    r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|PUUTTUU!|ARVO!).*"
)
_MARKUP = re.compile(r"[<>]|&#?\w+;")
_FORMULA = ("=", "+", "@", "-")

_PATH = re.compile(
    r".*[/\\].*|\.{1,2}|~.*|[A-Za-z]:.*|.*\.\..*|(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE
)
_BARE_AREA = re.compile(r"[0-9]{1,3}|KU[0-9]{1,2}|[KM]K[0-9]", re.IGNORECASE)


@dataclass(frozen=True)
class Rules:
    """What a delivery's cells are held against: the marks of its table and the last month it may hold ("2023-06").

    In a `spreadsheet` a point is always a decimal point.
    """

    marks: frozenset[str]
    last: str
    spreadsheet: bool


def fault(text: str, field: ContractField, *, rules: Rules) -> str | None:
    """The code of what is wrong with `text` in the column `field`; None if it is canonical."""
    if not text:
        return "cell-empty" if field.constraints.required or field.type != "string" else None
    if text == EXCEL_DATE:
        return "excel-date"
    faults = _text_faults if field.type == "string" else _figure_faults
    return next(faults(text, field, rules=rules), None)


def _figure_faults(text: str, field: ContractField, *, rules: Rules) -> Iterator[str]:
    """Faults of a cell of figures, the most telling first; none for a figure or one of the table's marks."""
    if (_WHOLE if field.type == "integer" else _DECIMAL).fullmatch(text):
        minimum = field.constraints.minimum
        if minimum is not None and minimum >= 0 and float(text) < 0:
            yield "cell-negative"
        return
    if text in rules.marks:
        if field.constraints.required:
            yield "value-mark"
        return
    if rules.spreadsheet and field.type == "integer" and _POINT.fullmatch(text):
        yield "excel-float"
    yield from (code for code, form in _ANY_NUMBER if form.fullmatch(text))
    if field.type == "integer":
        yield from (code for code, form in _WHOLE_NUMBER if form.fullmatch(text))
    if _COMMA.fullmatch(text):
        yield "value-decimal-comma"
    if _OTHER_MARK.fullmatch(text):
        yield "value-mark"
    if not _PLAIN.fullmatch(text):
        yield from _written_faults(text)
    yield "value-number"


def _text_faults(text: str, field: ContractField, *, rules: Rules) -> Iterator[str]:
    """Faults of a cell of text: first those of any text, then those of a month or a code."""
    yield from _written_faults(text)
    if field.role == "TIME_PERIOD":
        if not MONTH.fullmatch(text):
            yield "month-written"
        elif text > rules.last:
            yield "month-future"
    elif field.constraints.enum or field.constraints.pattern:
        yield from _code_faults(text, field)


def _written_faults(text: str) -> Iterator[str]:
    """Faults that a text has wherever it stands."""
    if len(text) > LONGEST:
        yield "value-long"
    if _SPREADSHEET_ERROR.fullmatch(text):
        yield "excel-error"
    if "\n" in text or "\r" in text:
        yield "value-newline"
    if _DAMAGED.search(text):
        yield "encoding-damaged"
    if any(unicodedata.category(sign) in _UNSEEN for sign in text):
        yield "value-control"
    if not unicodedata.is_normalized("NFC", text):
        yield "text-decomposed"
    if text.startswith(_FORMULA):
        yield "value-formula"
    if _MARKUP.search(text):
        yield "value-markup"
    if text != text.strip():
        yield "value-spaces"


def _code_faults(text: str, field: ContractField) -> Iterator[str]:
    enum, pattern = field.constraints.enum, field.constraints.pattern
    if field.role == "REF_AREA" and _BARE_AREA.fullmatch(text):
        yield "code-zeros"
    if (not enum or text in enum) and (not pattern or re.fullmatch(pattern, text)):
        return
    if _PATH.fullmatch(text):
        yield "code-path"
    if enum:
        yield "code-case" if text.casefold() in {code.casefold() for code in enum} else "code-outside"
    if pattern:
        yield "code-case" if re.fullmatch(pattern, text, re.IGNORECASE) else "code-format"
