"""Derives what a recorded claim says anew from protected figures: every number, every direction word, every area.

Nothing of katsaus.claims is used, only the figures, the names and the phrases that a sentence may hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from katsaus.config.inflections import Cases
from katsaus.config.project import Project
from katsaus.figures import Figures

NBSP, MINUS = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"
COUNTS = {"persons", "households", "spells", "vacancies"}
IN_HUNDREDS = {"trial", "other", "country"}

NUMBER = re.compile(rf"[+{MINUS}]?\d+(?:{NBSP}\d{{3}})*(?:,\d+)?")
MORE = {"enemmän", "suurempi", "korkeampi", "pidempi", "fler", "större", "högre", "längre", "mer"}
LESS = {"vähemmän", "pienempi", "matalampi", "lyhyempi", "färre", "mindre", "lägre", "kortare"}
SAME = {"yhtä paljon", "yhtä suuri", "yhtä korkea", "yhtä pitkä", "lika många", "densamma", "detsamma"}
NEARLY = {"lähes", "nästan"}
MOST = {"eniten", "suurin", "korkein", "pisin", "flest", "störst", "högst", "längst"}
LEAST = {"vähiten", "pienin", "matalin", "lyhin", "minst", "lägst", "kortast"}
ROSE = {"kasvoi", "nousi", "piteni", "ökade", "steg"}
FELL = {"väheni", "pieneni", "laski", "lyheni", "minskade", "sjönk"}
NOT = {"ei", "inte"}
HEAVIER = ("", "–", "...", "..")
"""Of two reasons why there is no figure the later one here is told."""
REASONS = {"...": ("tietosuojan", "dataskyddsskäl"), "–": ("voida", "kan inte"), "..": ("saatavilla", "saknas")}

EXTREMES = dict.fromkeys(("suurimmillaan", "korkeimmillaan", "pisimmillään", "störst", "högst", "längst"), "peak")
EXTREMES |= dict.fromkeys(("pienimmillään", "matalimmillaan", "lyhimmillään", "minst", "lägst", "kortast"), "trough")
MONTHS = {
    "fi": [
        f"{name}kuussa"
        for name in "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu".split()  # noqa: SIM905
    ],
    "sv": "januari februari mars april maj juni juli augusti september oktober november december".split(),  # noqa: SIM905
}
"""The names of months as sentences tell them."""

Found = tuple[float, str]
"""A figure and the symbol that stands in its place, "" where it is known."""


@dataclass(frozen=True)
class Evidence:
    """What a claim is held against.

    `figure` gives the figure of an indicator and area in a month for a responsible organisation and group; `names` are
    the forms that each area may have in the sentence, `phrases` the words that may hold digits or direction words of
    their own.
    """

    figure: Callable[[str, str, str, str, str], Found]
    unit: str
    decimals: int
    names: Mapping[str, Sequence[str]]
    phrases: Sequence[str]


def evidence_of(claim: Mapping[str, Any], figures: Figures) -> Evidence:
    """The evidence for a claim of a page, from the project's protected figures."""
    project, lang = figures.project, claim["lang"]
    table = figures.table(claim["source"])

    def figure(indicator: str, area: str, month: str, responsible: str, group: str) -> Found:
        at = (responsible, group)
        values, symbols = table.look_up(indicator, areas=[area], months=[month], at=at)
        return float(values[0]), str(symbols[0])

    definition = project.indicators[claim["indicator"].partition(":")[0]]
    codes = {*claim["areas"], "trial", "country"}
    names = {
        code: [*forms_of(project.inflections[code][lang]), figures.names[code][lang], figures.chart_names[code][lang]]
        for code in codes
    }
    names |= {f"{definition.id}:{part.id}": [part.name[lang]] for part in definition.parts}
    return Evidence(figure, definition.unit, definition.decimals, names, phrases_of(claim, project))


def forms_of(cases: Cases) -> list[str]:
    """The forms of a name, also without a preposition that another name of a list has."""
    return [cases.locative, cases.genitive, cases.locative.partition(" ")[2] or cases.locative]


def phrases_of(claim: Mapping[str, Any], project: Project) -> list[str]:
    """What the indicators of a claim and people are called, where that has a digit or several words."""
    phrases, lang = project.phrases, claim["lang"]
    told = {claim["indicator"], *claim["parameters"].get("parts", ())}
    texts = [
        text for at, known in phrases.indicators.items() if at[0] in told for text in known[lang].model_dump().values()
    ]
    for known in (*phrases.responsible.values(), *phrases.groups.values()):
        texts.extend(known[lang].model_dump().values())
    return [text for text in texts if isinstance(text, str) and re.search(r" |\d", text)]


def faults(claim: Mapping[str, Any], evidence: Evidence) -> list[str]:
    """What a recorded claim says that its figures don't; nothing for a true one."""
    return list(_KINDS[claim["kind"]](_Claim(claim, evidence)))


class _Claim:
    """A claim with its figures at hand."""

    def __init__(self, claim: Mapping[str, Any], evidence: Evidence) -> None:
        self.sentence: str = claim["sentence"]
        self.indicator: str = claim["indicator"]
        self.areas: list[str] = claim["areas"]
        self.parameters: Mapping[str, Any] = claim["parameters"]
        self.month: str = claim["month"]
        self.evidence = evidence
        self.at = (claim["responsible"], claim["group"])
        self.counts = evidence.unit in COUNTS
        text = self.sentence
        known = [*evidence.phrases, *(form for forms in evidence.names.values() for form in forms)]
        for phrase in sorted(known, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", "#", text, flags=re.IGNORECASE)
        self.bare = text
        """The sentence without names and phrases: what remains are numbers, units and the words of the claim."""
        self.numbers = NUMBER.findall(re.sub(rf"(?<=[a-zä] ){self.month[:4]}\b", "", text, count=1))
        self.words = {
            word for word in (*MORE, *LESS, *SAME, *NEARLY, *MOST, *LEAST, *ROSE, *FELL, *NOT) if self.has(word)
        }

    def has(self, word: str) -> bool:
        return re.search(rf"(?<!\w){word}(?!\w)", self.bare, re.IGNORECASE) is not None

    def figure(self, area: str, month: str = "", at: tuple[str, str] | None = None, *, of: str = "") -> Found:
        return self.evidence.figure(of or self.indicator, area, month or self.month, *(at or self.at))

    def places(self, area: str, value: float) -> int:
        return -2 if self.counts and area in IN_HUNDREDS and abs(value) >= 1000 else self.evidence.decimals

    def earlier(self) -> str:
        year, month = map(int, self.month.split("-"))
        if self.parameters.get("against", "year") == "year":
            return f"{year - 1}-{month:02}"
        return f"{year}-{month - 1:02}" if month > 1 else f"{year - 1}-12"


def rounded(value: float, places: int) -> Decimal:
    """`value` rounded half away from zero."""
    step = Decimal(1).scaleb(-places)
    return (Decimal(repr(value)) / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


def written(value: float | Decimal, places: int, *, signed: bool = False) -> str:
    """A number as the review writes it."""
    number = rounded(float(value), places)
    digits = f"{abs(number):,.{max(places, 0)}f}".replace(",", NBSP).replace(".", ",")
    return (MINUS if number < 0 else "+" if signed and number > 0 else "") + digits


def _level(claim: _Claim) -> Iterator[str]:
    value, symbol = claim.figure(claim.areas[0])
    if symbol:
        yield from _missing(claim, symbol)
        return
    expected = [written(value, claim.places(claim.areas[0], value))]
    if claim.parameters["against"]:
        before, lacking = claim.figure(claim.areas[0], claim.earlier())
        if lacking:
            yield from _reason(claim, lacking)
            yield from _numbers(claim, expected)
        else:
            yield from _difference(claim, (value, before), told=expected)
        return
    yield from _numbers(claim, expected)
    yield from _words(claim, set())


def _change(claim: _Claim) -> Iterator[str]:
    now, symbol = claim.figure(claim.areas[0])
    before, lacking = claim.figure(claim.areas[0], claim.earlier())
    if symbol or lacking:
        yield from _missing(claim, max(symbol, lacking, key=HEAVIER.index))
        return
    yield from _difference(claim, (now, before), told=[])


def _direction(claim: _Claim) -> Iterator[str]:
    if claim.sentence.endswith("."):
        yield "a title ends with a full stop"
    now, symbol = claim.figure(claim.areas[0])
    before, lacking = claim.figure(claim.areas[0], claim.earlier())
    if symbol or lacking:
        yield from _missing(claim, max(symbol, lacking, key=HEAVIER.index))
        return
    yield from _words(claim, _expected_words(claim, now, before))
    yield from _numbers(claim, [])


def _course(claim: _Claim) -> Iterator[str]:
    """The two told are the highest and the lowest of the months, with those months' names."""
    year, month = map(int, claim.month.split("-"))
    window = [divmod(12 * year + month - 1 - back, 12) for back in range(claim.parameters["months"])]
    found = {at: claim.figure(claim.areas[0], f"{at[0]}-{at[1] + 1:02}") for at in window}
    known = {at: rounded(value, claim.evidence.decimals) for at, (value, symbol) in found.items() if not symbol}
    if not known:
        hidden = any(symbol == "..." for _, symbol in found.values())
        yield from _reason(claim, "..." if hidden else "..")
        return
    ends = [max(known.values()), min(known.values())]
    if ends[0] == ends[1] or any(symbol == "..." for _, symbol in found.values()):
        ends = ends[:1]
    told = re.findall(rf"(\w+) (\d{{4}}) \(({NUMBER.pattern})", claim.sentence)
    names = MONTHS["sv" if re.search(r" i \w+ \d{4} \(", claim.sentence) else "fi"]
    expected = [(max(at for at, number in known.items() if number == end), end) for end in ends]
    shown = [(names[at[1]], str(at[0]), written(end, claim.evidence.decimals)) for at, end in expected]
    if told != shown:
        yield f"told are {told}, not {shown}"
    words = re.findall(rf"({'|'.join(EXTREMES)}) (?:i )?\w+ \d{{4}}", claim.sentence)
    if [EXTREMES.get(word) for word in words] != ["peak", "trough"][: len(ends)]:
        yield f"called {words}"


def _parts(claim: _Claim) -> Iterator[str]:
    """Every known part in its order with its change, every unknown one behind them with its reason."""
    expected: list[str] = []
    words: set[str] = set()
    for part in claim.parameters["parts"]:
        now, symbol = claim.figure(claim.areas[0], of=part)
        if symbol:
            yield from _reason(claim, symbol)
            continue
        expected.append(written(now, claim.places(claim.areas[0], now)))
        if not claim.parameters["against"]:
            continue
        before, lacking = claim.figure(claim.areas[0], claim.earlier(), of=part)
        if lacking:
            yield from _reason(claim, lacking)
            continue
        step = claim.places(claim.areas[0], now)
        change = rounded(now - before, step)
        told = _expected_words(claim, now, before)
        words |= told
        if change:
            expected.append(written(abs(change), step))
            percent = abs(rounded(100 * (now - before) / before, 1)) if before >= 50 else Decimal(0)
            if percent and (step >= 0 or abs(change) >= 1000):
                expected.append(written(percent, 1))
        if not told & claim.words:
            yield f"{part} has no word of {sorted(told)}"
    if claim.words & (MORE | LESS | SAME | NEARLY) - words:
        yield f"direction words {sorted(claim.words)}"
    yield from _numbers(claim, expected)


def _largest(claim: _Claim) -> Iterator[str]:
    """The parts that are named, and no others, have the largest published figure."""
    found = {part: claim.figure(claim.areas[0], of=part) for part in claim.parameters["parts"]}
    known = {part: rounded(value, claim.evidence.decimals) for part, (value, symbol) in found.items() if not symbol}
    if not known:
        yield from () if claim.has("vertailtavia") or claim.has("jämföra") else ("no word of the missing figures",)
        return
    largest = max(known.values())
    beginning, _, told = claim.sentence.rpartition(" (")
    if told.split(NBSP + "%")[0] != written(largest, claim.evidence.decimals):
        yield f"told is {told}"
    named = re.split(", | ja | och ", re.split(r" (?:oli|var) ", beginning)[-1])
    names = {claim.evidence.names[part][0].lower() for part, number in known.items() if number == largest}
    if {name.lower() for name in named} != names:
        yield f"named are {named}, not {sorted(names)}"
    said = claim.has("julkaistu") or claim.has("publicerad")
    if said != any(symbol == "..." for _, symbol in found.values()):
        yield "a hidden part is not told, or told where there is none"


def _balance(claim: _Claim) -> Iterator[str]:
    (now, symbol), (other, lacking) = (
        claim.figure(claim.areas[0]),
        claim.figure(claim.areas[0], of=claim.parameters["other"]),
    )
    if symbol or lacking:
        yield from _reason(claim, symbol or lacking)
        return
    yield from _words(claim, SAME if now == other else MORE if now > other else LESS)
    yield from _numbers(claim, [])


def _gap(claim: _Claim) -> Iterator[str]:
    (own, symbol), (other, lacking) = claim.figure(claim.areas[0]), claim.figure(claim.areas[1])
    if symbol or lacking:
        yield from _missing(claim, symbol or lacking)
        return
    yield from _difference(claim, (own, other), told=[])


def _share(claim: _Claim) -> Iterator[str]:
    part, symbol = claim.figure(claim.areas[0])
    at = ("_T", "_T") if claim.parameters["of"] is None else claim.at
    whole, lacking = claim.figure(claim.areas[1], at=at)
    lacking = lacking or ("" if whole else "–")
    if symbol or lacking:
        yield from _missing(claim, symbol or lacking)
        return
    yield from _numbers(claim, [written(part / whole * 100, 1)])


def _rank(claim: _Claim) -> Iterator[str]:
    measure, lowest = claim.parameters["measure"], claim.parameters["lowest"]
    places = 1 if measure == "change_percent" else claim.evidence.decimals
    known, out = _measured(claim, measure)
    told = {area: rounded(value, places) for area, value in known.items()}
    yield from _left_out(claim, out)
    hidden = any(claim.figure(area)[1] == "..." for area in claim.areas)
    sign = -1 if lowest else 1
    named = dict(_named(claim))
    moved = {area: number for area, number in told.items() if measure == "value" or number * sign > 0}
    if not named:
        yield from _nothing_named(claim, told, moved=moved, hidden=hidden)
        return
    if lowest and measure == "value" and hidden and claim.evidence.unit in COUNTS - {"spells"}:
        yield "the smallest are hidden, and yet some are called smallest"
    for area, text in named.items():
        if area not in moved or text != written(known[area], places, signed=measure != "value"):
            yield f"{area} is told to have {text}"
    if named.keys() - moved.keys():
        return
    weakest = min(moved[area] * sign for area in named)
    for area, number in moved.items():
        if area not in named and number * sign >= weakest:
            yield f"{area} belongs to the list"
    shown = {"value": (LEAST if lowest else MOST)}.get(measure, FELL if lowest else ROSE)
    other = {"value": (MOST if lowest else LEAST) | ROSE | FELL}.get(measure, (ROSE if lowest else FELL) | LEAST)
    if not claim.words & shown or claim.words & (other | NOT):
        yield f"wrong words: {sorted(claim.words)}"
    if measure != "value":
        yield from _movement_words(claim, alone=len(moved) == 1)


def _movement_words(claim: _Claim, *, alone: bool) -> Iterator[str]:
    if (claim.has("vain") or claim.has("bara")) != alone:
        yield "said to be the only one, or not said to be"
    if (claim.has("kuukaudessa") or claim.has("månad")) != (claim.parameters["against"] == "month"):
        yield "a change in another time"


def _nothing_named(
    claim: _Claim, told: Mapping[str, Decimal], *, moved: Mapping[str, Decimal], hidden: bool
) -> Iterator[str]:
    lowest, take = claim.parameters["lowest"], claim.parameters["take"]
    if not told:
        yield from () if claim.has("vertailtavia") or claim.has("jämföra") else ("no word of the missing figures",)
        return
    if claim.has("pienimpiä") or claim.has("minsta"):
        yield from () if hidden and lowest else ("no smallest figures are hidden",)
        return
    if claim.words & NOT:
        yield from () if not moved else ("some did move",)
        return
    extreme = min(moved.values()) if lowest else max(moved.values())
    equal = sum(number == extreme for number in moved.values())
    numbers = [written(equal, 0)]
    if equal <= take or claim.numbers[: len(numbers)] != numbers:
        yield f"{equal} areas are equal, told is {claim.numbers}"


def _threshold(claim: _Claim) -> Iterator[str]:
    known, out = _measured(claim, "value")
    yield from _left_out(claim, out)
    if not known:
        yield from () if claim.has("vertailtavia") or claim.has("jämföra") else ("no word of the missing figures",)
        return
    places, limit = claim.evidence.decimals, Decimal(repr(claim.parameters["limit"]))
    told = {area: rounded(value, places) for area, value in known.items()}
    under = claim.parameters["under"]
    met = {area for area, number in told.items() if (number < limit if under else number > limit)}
    shown = written(limit, 0 if limit == int(limit) else places)
    if not met:
        yield from () if claim.words & NOT and claim.numbers[:1] == [shown] else ("none meets the limit",)
        return
    if claim.words & NOT:
        yield "some meet the limit"
    first = [written(len(told), 0)] if len(met) == len(told) else [written(len(met), 0), written(len(told), 0)]
    first.append(shown)
    if claim.numbers[: len(first)] != first:
        yield f"numbers {claim.numbers}, not {first}"
    if not (claim.has("alle" if under else "yli") or claim.has("under" if under else "över")):
        yield "over for under"
    named = dict(_named(claim))
    if named and named.keys() != met:
        yield f"listed are {sorted(named)}, not {sorted(met)}"
    for area, text in named.items():
        if text != written(known[area], places):
            yield f"{area} is told to have {text}"


def _measured(claim: _Claim, measure: str) -> tuple[dict[str, float], int]:
    """The known figures of a measure, and how many are lacking."""
    known: dict[str, float] = {}
    for area in claim.areas:
        value, symbol = claim.figure(area)
        before, lacking = claim.figure(area, claim.earlier())
        if measure == "value":
            lacking = ""
        if symbol or lacking or (measure == "change_percent" and before < 50):
            continue
        change = value - before
        known[area] = {"value": value, "change": change}.get(measure, 100 * change / before if before else 0.0)
    return known, len(claim.areas) - len(known)


def _named(claim: _Claim) -> Iterator[tuple[str, str]]:
    """Each area that stands in the sentence with a number in parentheses, and the number: of two names that end there
    ("Österbotten", "Södra Österbotten") the longer one.
    """
    longest: dict[int, tuple[int, str, str]] = {}
    for area in claim.areas:
        for form in claim.evidence.names[area]:
            wanted = rf"(?<![\w–-]){re.escape(form)} \(({NUMBER.pattern})"
            for found in re.finditer(wanted, claim.sentence, re.IGNORECASE):
                longest[found.end()] = max(longest.get(found.end(), (0, "", "")), (len(form), area, found[1]))
    yield from ((area, number) for _, area, number in longest.values())


def _left_out(claim: _Claim, out: int) -> Iterator[str]:
    sentences = claim.sentence.rstrip(".").split(". ")
    last = sentences[-1]
    says = "puuttuu" in last or "ingår inte" in last
    if not out:
        yield from ("areas are said to be left out",) if says else ()
    elif says and NUMBER.findall(last) != [written(out, 0)]:
        yield f"{out} areas are left out"
    elif not says and not re.search(r"vertailtavia|att jämföra|pienimpiä|minsta talen", claim.sentence):
        yield f"nothing says that {out} areas are left out"
    if says:
        claim.words -= NOT - ({word for word in NOT if re.search(rf"(?<!\w){word}(?!\w)", ". ".join(sentences[:-1]))})


def _expected_words(claim: _Claim, now: float, before: float) -> set[str]:
    step = claim.places(claim.areas[0], now)
    change = rounded(now - before, step)
    if change:
        return MORE if change > 0 else LESS
    equal = rounded(now, claim.evidence.decimals) == rounded(before, claim.evidence.decimals)
    return SAME if equal else SAME | NEARLY


def _difference(claim: _Claim, pair: tuple[float, float], *, told: list[str]) -> Iterator[str]:
    now, before = pair
    words = _expected_words(claim, now, before)
    yield from _words(claim, words)
    if words & SAME:
        yield from _numbers(claim, told)
        return
    step = claim.places(claim.areas[0], now)
    expected = [*told, written(abs(rounded(now - before, step)), step)]
    percent = re.search(rf"\(({NUMBER.pattern}){NBSP}%\)", claim.sentence)
    if percent:
        if not claim.counts or before < 50:
            yield "a change in per cent of what has none"
            return
        expected.append(written(abs(100 * (now - before) / before), 1))
    yield from _numbers(claim, expected)


def _words(claim: _Claim, expected: set[str]) -> Iterator[str]:
    """The sentence has a direction word of `expected`, and of no others."""
    found = claim.words & (MORE | LESS | SAME | NEARLY)
    if found - expected or (expected and not found):
        yield f"direction words {sorted(found)}"
    if expected & NEARLY and not found & NEARLY:
        yield "the same for nearly the same"


def _numbers(claim: _Claim, expected: Sequence[str]) -> Iterator[str]:
    if claim.numbers != list(expected):
        yield f"numbers {claim.numbers}, not {list(expected)}"


def _missing(claim: _Claim, symbol: str) -> Iterator[str]:
    yield from _reason(claim, symbol)
    yield from _numbers(claim, [])
    yield from _words(claim, set())


def _reason(claim: _Claim, symbol: str) -> Iterator[str]:
    if not any(word in claim.sentence for word in REASONS[symbol]):
        yield f"no word of why there is {symbol!r}"


_KINDS: Mapping[str, Callable[[_Claim], Iterator[str]]] = {
    "level": _level,
    "change": _change,
    "direction": _direction,
    "course": _course,
    "parts": _parts,
    "largest": _largest,
    "balance": _balance,
    "gap": _gap,
    "share": _share,
    "rank": _rank,
    "threshold": _threshold,
}
