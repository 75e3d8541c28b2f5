"""Nothing that people write claims a cause: the review describes, and says so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from katsaus.config.models import LANGS
from katsaus.config.strict_yaml import parse

CAUSES = {
    "fi": re.compile(
        r"johtu\w*|johdosta|aiheutt\w*|aiheutu\w*|ansiosta|vaikutuksesta|vaikutti|vaikuttanut|vaikuttaneet|seurauksena"
        r"|seurausta|takia|sai aikaan|saivat aikaan|saaneet aikaan|saanut aikaan|syynä"
        r"|selittä\w+|selitty\w+|edesautt\w+|myötävaikutt\w+|tuloksena|auttoi\w*|auttanut|pienensi\w*|lisäsivät|vähensivät",
        re.IGNORECASE,
    ),
    "sv": re.compile(
        r"ber(or|odde|ott) på|tack vare|till följd av|lett till|ledde till|leder till|orsak(ar|ade|at|en till)"
        r"|på grund av|föranle\w+|bidr(ar|og|agit) till|resulter\w+|medför\w*"
        r"|förklara(r|s|de|t)? (?!under)|effekt av|påverka\w*|åstadkommit|åstadkom\b|genom försöken|har hjälpt|hjälpte",
        re.IGNORECASE,
    ),
}
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n{2,}")
DISCLAIMED = {
    "fi": re.compile(
        r"ei(vät|kä)? (siitä |niistä )?voi päätellä|ei(vät|kä)? kerro|eivätkä kerro|eivät kuvaa|ei ole näyttöä",
        re.IGNORECASE,
    ),
    "sv": re.compile(
        r"går det inte att dra|säger ingenting|(visar|anger|förklarar) inte|inte vad",
        re.IGNORECASE,
    ),
}
"""How a sentence says that no cause can be told."""
OF_STATISTICS = (
    *("otannasta johtuvaa", "på grund av urval"),
    *("på grund av överföringar av kunder", "på grund av kommunsammanslagningar"),
)
"""Causes that are known: how figures come about, not what they describe."""


def prose(root: Path) -> Iterator[tuple[str, str]]:
    """Every text that people write, with its file."""
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        for number, cell in enumerate(json.loads(path.read_text("utf-8"))["cells"], 1):
            yield f"{path.name} cell {number}", "".join(cell["source"])
    for folder in ("commentary", "areas"):
        for path in sorted((root / "reviews" / folder).rglob("*.md")):
            yield path.name, path.read_text("utf-8")
    for name in ("notes", "phrases", "indicators", "glossary", "groups"):
        yield from texts_of(parse((root / "reviews" / f"{name}.yml").read_text("utf-8"), name), name)


def texts_of(node: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, part in node.items():
            yield from texts_of(part, f"{place} {key}")
    elif isinstance(node, list | tuple):
        for part in node:
            yield from texts_of(part, place)
    elif isinstance(node, str):
        yield place, node


def claimed(text: str, lang: str) -> list[str]:
    """The sentences that claim a cause, those left out that say that none can be told."""
    for known in OF_STATISTICS:
        text = text.replace(known, "")
    return [
        sentence
        for sentence in SENTENCE.split(text)
        if CAUSES[lang].search(sentence) and not DISCLAIMED[lang].search(sentence)
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_no_text_claims_a_cause(root: Path, lang: str) -> None:
    found = [f"{place}: {sentence[:300]}" for place, text in prose(root) for sentence in claimed(text, lang)]
    assert found == []


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("fi", "Työttömyys väheni kuntakokeilun ansiosta.", True),
        ("fi", "Lasku johtuu palveluista. Siitä ei voi päätellä muuta.", True),
        ("fi", "Siitä ei voi päätellä, mistä muutos johtuu.", False),
        ("sv", "Arbetslösheten minskade tack vare försöken.", True),
        ("sv", "Minskningen beror på servicen.", True),
        ("sv", "Av den går det inte att dra slutsatser om vad förändringen beror på.", False),
    ],
)
def test_a_claim_of_a_cause_is_told_from_a_disclaimer(lang: str, text: str, *, found: bool) -> None:
    assert bool(claimed(text, lang)) is found
