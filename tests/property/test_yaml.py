from __future__ import annotations

import contextlib
import json
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from katsaus.config.strict_yaml import parse
from katsaus.errors import ConfigError

LETTERS = st.characters(min_codepoint=32, max_codepoint=0x17F, exclude_categories=["Cc", "Zs"]) | st.just(" ")
TEXTS = st.text(LETTERS, max_size=8) | st.sampled_from(
    ["no", "yes", "on", "~", "null", "0123", "1_0", "<<", "2021-03-01"]
)
SCALARS = (
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.integers(-999, 999).map(lambda n: n / 100) | TEXTS
)
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))
YAMLISH = st.text(st.sampled_from("ab:-[]{}'\"#&*!|>%@`,?\n 01noe.~<=\t\x85﻿"), max_size=40)


def as_read(tree: Any) -> Any:
    """`tree` with its lists as the tuples that the reader makes."""
    if isinstance(tree, dict):
        return {key: as_read(value) for key, value in tree.items()}
    return tuple(map(as_read, tree)) if isinstance(tree, list) else tree


@given(TREES)
def test_quoted_text_is_read_as_it_is_written(tree: Any) -> None:
    data = parse(json.dumps(tree, ensure_ascii=False), "a.yml").data
    assert data == as_read(tree)
    assert repr(data) == repr(as_read(tree)), "1 and true, 1 and 1.0 are told apart"


def problems_of(text: str) -> list[str]:
    """Where the problems of `text` are; none if it is read."""
    try:
        parse(text, "a.yml")
    except ConfigError as error:
        return [problem.where for problem in error.problems]
    return []


@given(YAMLISH)
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    assert all(where.startswith("a.yml") for where in problems_of(text))


@given(YAMLISH)
def test_what_is_accepted_means_what_plain_yaml_means(text: str) -> None:
    with contextlib.suppress(ConfigError):
        accepted = parse(text, "a.yml").data
        assert accepted == as_read(yaml.load(text, Loader=yaml.CSafeLoader))


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(0, 9), min_size=1, max_size=5), st.data())
def test_any_key_written_twice_is_refused(mapping: dict[str, int], data: st.DataObject) -> None:
    twice = data.draw(st.sampled_from(sorted(mapping)))
    lines = [f"{key}: {value}" for key, value in mapping.items()] + [f"{twice}: 1"]
    assert problems_of("\n".join(lines)) == [f"a.yml:{len(lines)}"]
