"""What statisticians have written for a place on a page, in place of its generated sentences or around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from katsaus.config.prose import FIGURE, Passage, named
from katsaus.output import Output, escaped, prose

Value = Callable[[str, str, str], tuple[str, str]]
"""Indicator, area ("" for the page's own) and measure → the figure as the page writes it, and the mark of one that is
synthetic ("" for a real one).
"""

_BETWEEN = "\n\n"
"""What stands between two paragraphs."""


def commentary(texts: Mapping[str, Passage], slot: str, *, generated: str, value: Value) -> Output:
    """The prose of `slot`: the `generated` sentences, and what `texts` (of this page, by slot) puts in their place,
    before or after them, with its figures filled in, and its paragraphs that tell synthetic ones marked.
    """
    passage = texts.get(slot)
    if passage is None:
        text = generated
    else:
        own = filled(passage, value)
        parts = {"instead": [own], "before": [own, generated], "after": [generated, own]}[passage.front.place]
        text = _BETWEEN.join(part for part in parts if part)
    return prose(text)


def filled(passage: Passage, value: Value) -> str:
    """The text of `passage` with its figures as the page writes them."""
    return _BETWEEN.join(_filled(paragraph, value) for paragraph in passage.text.split(_BETWEEN))


def _filled(paragraph: str, value: Value) -> str:
    marks = {""}

    def figure(found: re.Match[str]) -> str:
        wanted = named(found[1])
        assert wanted is not None  # the configuration is refused otherwise
        text, mark = value(wanted.indicator, wanted.area, wanted.measure)
        marks.add(mark)
        return escaped(text)

    return FIGURE.sub(figure, paragraph) + max(marks)


def noted(text: str, sentences: Collection[str], *, mark: str) -> str:
    """`text` with `mark` behind each of its paragraphs that holds one of `sentences`."""
    return _BETWEEN.join(
        f"{paragraph}{mark}" if any(sentence in paragraph for sentence in sentences) else paragraph
        for paragraph in text.split(_BETWEEN)
    )
