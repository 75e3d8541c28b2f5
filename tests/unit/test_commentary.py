"""A statistician's text in place of generated sentences, before or after them, with its figures filled in."""

from __future__ import annotations

from typing import Literal

import pytest

from katsaus.commentary import commentary, noted
from katsaus.config.prose import Front, Passage


def value(indicator: str, area: str, measure: str) -> tuple[str, str]:
    """As of a page where figures of A are real and those of K synthetic."""
    return f"{indicator}/{area or 'own'}/{measure}", " (made up)" if indicator.startswith("K") else ""


def shown(text: str, *, place: Literal["instead", "before", "after"] = "instead", generated: str = "G.") -> str:
    texts = {"lead": Passage("lead.fi.md", text, front=Front(place=place))}
    output = commentary(texts, "lead", generated=generated, value=value)
    assert output.content["text"] == output.text
    assert output.mimetype == "application/vnd.katsaus.prose+json"
    return output.text


def test_without_a_text_the_generated_sentences_stand() -> None:
    assert commentary({}, "lead", generated="G.", value=value).text == "G."


@pytest.mark.parametrize(("place", "expected"), [("instead", "T."), ("before", "T.\n\nG."), ("after", "G.\n\nT.")])
def test_the_places(place: Literal["instead", "before", "after"], expected: str) -> None:
    assert shown("T.", place=place) == expected


def test_a_text_stands_alone_where_nothing_is_generated() -> None:
    assert shown("T.", place="after", generated="") == "T."


def test_figures_are_filled_in() -> None:
    assert shown("{A03} ja {D01.change@country}.") == "A03/own/value ja D01/country/change."


def test_a_figure_is_shown_as_the_characters_it_is() -> None:
    passage = Passage("lead.fi.md", "Luku {A03}.")
    output = commentary({"lead": passage}, "lead", generated="", value=lambda *_: ("...", ""))
    assert output.text == r"Luku \.\.\.."


def test_a_paragraph_that_tells_a_synthetic_figure_is_marked_once() -> None:
    assert shown("{A03}, {K01}\nja {K02}.\n\nVain {A03}.") == (
        "A03/own/value, K01/own/value\nja K02/own/value. (made up)\n\nVain A03/own/value."
    )


def test_generated_paragraphs_that_hold_a_synthetic_sentence_are_marked() -> None:
    text = "Oli 3 enemmän. Oli 4 vähemmän.\n\nOli 5 enemmän."
    assert noted(text, ["Oli 4 vähemmän"], mark="!") == "Oli 3 enemmän. Oli 4 vähemmän.!\n\nOli 5 enemmän."
    assert noted(text, [], mark="!") == text
