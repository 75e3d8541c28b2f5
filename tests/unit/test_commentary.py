"""A statistician's text in place of generated sentences, before or after them, with its figures filled in."""

from __future__ import annotations

from typing import Literal

import pytest

from katsaus.commentary import commentary
from katsaus.config.prose import Front, Passage


def value(indicator: str, area: str, measure: str) -> str:
    return f"{indicator}/{area or 'own'}/{measure}"


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
    output = commentary({"lead": passage}, "lead", generated="", value=lambda *_: "...")
    assert output.text == r"Luku \.\.\.."
