"""The review's words, numbers and months in one language. A term that is missing stops the build, by name."""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter

from babel.core import Locale
from babel.dates import get_month_names
from babel.lists import format_list
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

from katsaus.config.models import LANGS
from katsaus.errors import NotebookError, Problem, TermError
from katsaus.rounding import half_away

NBSP = "\N{NO-BREAK SPACE}"
_CALL = re.compile(r"""\bterm\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


@dataclass(frozen=True)
class Words:
    """Terms of one language and its way of writing numbers and months."""

    lang: str
    catalogue: Catalog = field(repr=False)

    def term(self, msgid: str, **fields: object) -> str:
        """The term whose English form is `msgid`, with its `fields` filled in.

        A term with plural forms needs the field `n`, an int, which picks the form and is written as a number.
        Raises TermError if the term or one of its fields is missing.
        """
        message = self.catalogue.get(msgid)
        if message is None or not _translated(message):
            raise TermError(Problem(f"no term {msgid!r}", _path(self.lang), do="add it in both languages"))
        text = message.string
        if not isinstance(text, str):
            number = fields.get("n")
            if not isinstance(number, int):
                raise TermError(Problem(f"the term {msgid!r} needs a whole number n", _path(self.lang)))
            text = text[1 if number != 1 else 0]
            fields = {**fields, "n": self.number(number, 0)}
        if missing := _fields(text) - fields.keys():
            names = ", ".join(sorted(missing))
            raise TermError(Problem(f"the term {msgid!r} lacks its fields: {names}", _path(self.lang)))
        return str(text.format(**fields))

    def number(self, value: float, decimals: int = 0) -> str:
        """`value` rounded half away from zero: "331 526", "−0,4" with no-break spaces and a true minus."""
        return f"{half_away(value, decimals):,f}".translate(_signs(self.lang))

    def signed(self, value: float, decimals: int) -> str:
        """As `number`, with a plus before what is above zero after rounding."""
        plus = "+" if half_away(value, decimals) > 0 else ""
        return plus + self.number(value, decimals)

    def count(self, value: int) -> str:
        """A whole number in running text: below ten in letters, "seitsemän"; what is larger as `number` writes it."""
        letters = _LETTERS[self.lang]
        return letters[value] if 0 <= value < len(letters) else self.number(value)

    def percent(self, value: float, decimals: int = 1) -> str:
        """`value` (already in per cent) with the sign: "8,3 %"."""
        return f"{self.number(value, decimals)}{NBSP}%"

    def listed(self, items: Sequence[str]) -> str:
        """The items as a list in words: "Inkoo, Loviisa ja Siuntio"."""
        return str(format_list(list(items), locale=self.lang))

    def with_unit(self, number: str, unit: str) -> str:
        """A written number with its unit: "10,2 %", "−0,4 %-yksikköä", "17,9 viikkoa"; persons, ratios alone."""
        if unit == "percent":
            return f"{number}{NBSP}%"
        if unit == "weeks":
            return f"{number}{NBSP}{self.term('weeks')}"
        return self.term("{value} percentage points", value=number) if unit == "percentage_points" else number

    def month(self, month: str, form: str) -> str:
        """The month "2023-06" as nominative "kesäkuu 2023" ("juni 2023"), genitive, inessive or short "6/2023".

        Raises ValueError for a form that there is not.
        """
        year, number = map(int, month.split("-"))
        if form == "short":
            return f"{number}/{year}"
        if form not in _FORMS[self.lang]:
            raise ValueError(f"no form {form!r} of a month: use {', '.join(_FORMS[self.lang])} or short")
        name = get_month_names("wide", context="stand-alone", locale=Locale(self.lang))[number]
        before, after = _FORMS[self.lang][form]
        return f"{before}{name}{after} {year}"


def written(day: date) -> str:
    """A date as both languages write it: "30.6.2023"."""
    return f"{day.day}.{day.month}.{day.year}"


def alphabetical(text: str) -> str:
    """A key for the order of both languages: å, ä and ö at the end, small and capital letters together."""
    return text.lower().translate(str.maketrans("åäö", "{|}"))


@cache
def _signs(lang: str) -> dict[int, str]:
    """How a language writes the signs of Python's own number format; Babel's takes twenty times as long."""
    symbols = Locale(lang).number_symbols["latn"]
    return str.maketrans({",": symbols["group"], ".": symbols["decimal"], "-": symbols["minusSign"]})


_LETTERS = {
    "fi": ["nolla", "yksi", "kaksi", "kolme", "neljä", "viisi", "kuusi", "seitsemän", "kahdeksan", "yhdeksän"],
    "sv": ["noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio"],
}

_FORMS: dict[str, dict[str, tuple[str, str]]] = {
    # All Finnish month names end in -kuu, so the endings are the same for each.
    "fi": {"nominative": ("", ""), "genitive": ("", "n"), "inessive": ("", "ssa")},
    "sv": {"nominative": ("", ""), "genitive": ("", ""), "inessive": ("i ", "")},
}


def load_words(root: Path, lang: str) -> Words:
    """The words of `lang` from reviews/terms/. Raises TermError if the catalogue is missing or broken."""
    return Words(lang, _read(root, lang))


def check_catalogues(root: Path) -> None:
    """Hold the catalogues against each other and against the terms that code, templates and notebooks use: all of them
    must be there, and no others.

    Raises TermError with all problems, and NotebookError for a file that is no notebook.
    """
    catalogues: dict[str, Catalog] = {lang: _read(root, lang) for lang in LANGS}
    texts = list(_texts(root))
    problems = [problem for lang in LANGS for problem in _catalogue_problems(lang, catalogues)]
    problems.extend(problem for lang in LANGS for problem in _unused(lang, catalogues[lang], texts=texts))
    for msgid, where in _used(texts):
        problems.extend(
            Problem(f"no term {msgid!r} in {_path(lang)}", where, do="add it in both languages")
            for lang in LANGS
            if catalogues[lang].get(msgid) is None
        )
    if problems:
        raise TermError(problems)


def _path(lang: str) -> str:
    return f"reviews/terms/{lang}.po"


def _read(root: Path, lang: str) -> Catalog:
    try:
        text = (root / _path(lang)).read_text(encoding="utf-8")
        catalogue = read_po(io.StringIO(text), locale=lang, abort_invalid=True)
    except (OSError, UnicodeDecodeError):
        raise TermError(Problem("the catalogue is missing or not UTF-8", _path(lang))) from None
    except (PoFileError, ValueError) as error:
        raise TermError(Problem("not a gettext catalogue", _path(lang), str(error).splitlines()[0])) from None
    if repeated := _repeated(text):
        raise TermError(
            Problem(f"the term {msgid} is there twice", f"{_path(lang)}:{line}", do="keep one of them")
            for line, msgid in repeated
        )
    return catalogue


def _repeated(text: str) -> list[tuple[int, str]]:
    """Lines of msgids that came before: Babel would silently keep one of the two."""
    seen: set[str] = set()
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("msgid "):
            msgid = line.removeprefix("msgid ").strip()
            if msgid in seen:
                found.append((number, msgid))
            seen.add(msgid)
    return found


def _catalogue_problems(lang: str, catalogues: dict[str, Catalog]) -> Iterator[Problem]:
    catalogue = catalogues[lang]
    ids = {msgid for other in catalogues.values() for msgid in map(_id, other) if msgid}
    for msgid in sorted(ids):
        message = catalogue.get(msgid)
        where = f"{_path(lang)}:{message.lineno}" if message and message.lineno else _path(lang)
        if message is None or not _translated(message):
            yield Problem(f"no term {msgid!r}", where, "the other language or the catalogue names it", "translate it")
            continue
        if message.fuzzy:
            yield Problem(f"the term {msgid!r} is marked fuzzy", where, do="check it and remove the mark")
        wanted = _fields(msgid)
        for text in _strings(message):
            if _fields(text) != wanted:
                why = f"{text!r} has other fields in braces than the English form"
                yield Problem(f"the term {msgid!r} has wrong fields", where, why, "use the same fields")


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _translated(message: Message) -> bool:
    return all(text.strip() for text in _strings(message))


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _unused(lang: str, catalogue: Catalog, *, texts: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Terms that stand nowhere in quotes: nobody should have to translate what no page shows."""
    everything = "\n".join(text for _, text in texts)
    for message in catalogue:
        msgid = _id(message)
        if msgid and not any(f"{quote}{msgid}{quote}" in everything for quote in "\"'"):
            yield Problem(f"nothing uses the term {msgid!r}", f"{_path(lang)}:{message.lineno}", do="remove it")


def _used(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Every literal term in code, templates and notebooks, and the first place that uses it."""
    found: dict[str, str] = {}
    for path, text in texts:
        for match in _CALL.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.setdefault(ast.literal_eval(match[1]), f"{path}:{line}")
    yield from sorted(found.items())


def _texts(root: Path) -> Iterator[tuple[str, str]]:
    """Path and text of each file of this package, and of each notebook at `root`, that may use a term."""
    package = Path(__file__).parent
    for path in sorted(package.rglob("*")):
        if path.suffix in {".py", ".html"}:
            yield f"src/katsaus/{path.relative_to(package).as_posix()}", path.read_text(encoding="utf-8")
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        where = path.relative_to(root).as_posix()
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            yield where, "\n".join("".join(cell["source"]) for cell in cells)
        except (ValueError, KeyError, TypeError):
            raise NotebookError(Problem("not a notebook", where, do="open and save it in JupyterLab")) from None
