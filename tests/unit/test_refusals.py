"""What is wrong with a YAML file is told by its entry, with what to write; never by the types of the package."""

from __future__ import annotations

import re

import pytest

from katsaus.config.files import validated
from katsaus.config.notes import NotesFile
from katsaus.config.strict_yaml import parse
from katsaus.errors import ConfigError

NOTE = {
    "id": "kainuu-test",
    "text": "{fi: A., sv: B.}",
    "indicators": "[C12]",
    "months": "all",
    "areas": "all",
}


def told(**changes: str | None) -> list[str]:
    """What is said of a file with one note, some keys of which are changed or left out (None)."""
    lines = [f"{name}: {value}" for name, value in (NOTE | changes).items() if value is not None]
    return refused("notes:\n  - " + "\n    ".join(lines))


def refused(text: str, *, figures: bool = False) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        validated(parse(text, "reviews/notes.yml", figures=figures), NotesFile, codes={"kainuu": "KK07"})
    return [" ".join(str(problem).split()) for problem in caught.value.problems]


CASES: list[tuple[dict[str, str | None], str]] = [
    ({"indicators": None}, "reviews/notes.yml:2: the note kainuu-test has no indicators add it"),
    ({"months": "[06/2023]"}, ":5: the note kainuu-test: months.0: '06/2023' is not a month write 2023-06"),
    ({"months": "2023-06"}, ":5: the note kainuu-test: months: '2023-06' is no list write a list: [2023-06], or all"),
    ({"months": "[]"}, ":5: the note kainuu-test: months: it is empty name one at least"),
    ({"areas": "[KK01, kainuu]"}, ":6: the note kainuu-test: areas.1: 'kainuu' is not a code use KK07"),
    ({"areas": "[atlantis]"}, "'atlantis' is not a code write KK07 or KU205, or trial, other, country"),
    ({"indicators": "[C 12]"}, "'C 12' is not the id of an indicator write A03"),
    ({"text": "{fi: A.}"}, "the note kainuu-test has no text.sv"),
    ({"text": "A."}, "text: 'A.' is not made of keys and values"),
    ({"beside": '"yes"'}, "beside: 'yes' is neither true nor false"),
    ({"id": "5"}, "notes.0: id: 5 is no text put it in quotes"),
    ({"event": "{month: 2023-06, label: {fi: a, sv: " + 30 * "b" + "}}"}, "should have at most 28 characters"),
]


@pytest.mark.parametrize(("changes", "said"), CASES, ids=[said for _, said in CASES])
def test_a_fault_is_told_once_with_its_entry_and_what_to_write(changes: dict[str, str | None], said: str) -> None:
    (only,) = told(**changes)
    assert said in only
    assert not re.search(r"tuple|constrained|literal|union|Input|String", only)


def test_a_misspelt_key_names_the_one_that_is_missing() -> None:
    missing, unknown = told(indicators=None, indicator="[C12]")
    assert "has no indicators" in missing
    assert "unknown key: indicator did you mean indicators?" in unknown


def test_of_a_file_with_figures_no_value_is_repeated() -> None:
    text = (
        "notes:\n  - id: a\n    text: {fi: A., sv: B.}\n    indicators: [987654321]\n    months: all\n    areas: 98765"
    )
    said = refused(text, figures=True)
    assert len(said) == 2
    assert "98765" not in " ".join(said)
