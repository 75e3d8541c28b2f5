"""What statisticians have written for a place on a page, in place of its generated sentences or around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from katsaus.config.prose import FIGURE, Passage, named
from katsaus.output import Output, escaped, prose

Value = Callable[[str, str, str], str]
"""Indicator, area ("" for the page's own) and measure → the figure as the page writes it."""


def commentary(texts: Mapping[str, Passage], slot: str, *, generated: str, value: Value) -> Output:
    """The prose of `slot`: the `generated` sentences, and what `texts` (of this page, by slot) puts in their place,
    before or after them, with its figures filled in.
    """
    passage = texts.get(slot)
    if passage is None:
        text = generated
    else:
        own = filled(passage, value)
        parts = {"instead": [own], "before": [own, generated], "after": [generated, own]}[passage.front.place]
        text = "\n\n".join(part for part in parts if part)
    return prose(text)


def filled(passage: Passage, value: Value) -> str:
    """The text of `passage` with its figures as the page writes them."""

    def figure(found: re.Match[str]) -> str:
        wanted = named(found[1])
        assert wanted is not None  # the configuration is refused otherwise
        return escaped(value(wanted.indicator, wanted.area, wanted.measure))

    return FIGURE.sub(figure, passage.text)
