from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from katsaus.config.strict_yaml import MAX_DEPTH, load, parse
from katsaus.errors import ConfigError


def refusal(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse(text, "a.yml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: 1\nb: 2\na: 3\n", "a.yml:3: the key 'a' is written twice"),
        ("a: 1\nx: {b: 1, b: 1}\n", "a.yml:2: the key 'b' is written twice"),
        ("a: 1\nno: x\n", "a.yml:2: the key 'no' is not text"),
        ("- a\n- no\n", "a.yml:2: 'no' is ambiguous"),
        ("a: yes\n", "a.yml:1: 'yes' is ambiguous"),
        ("a: On\n", "a.yml:1: 'On' is ambiguous"),
        ("a: True\n", "a.yml:1: 'True' is ambiguous"),
        ("a: 0123\n", "a.yml:1: 0123 has a leading zero"),
        ("a: 091\n", "a.yml:1: 091 has a leading zero"),
        ("a: 00\n", "a.yml:1: 00 has a leading zero"),
        ("005: a\n", "a.yml:1: the key '005' is not text"),
        ("089: a\n", "a.yml:1: the key '089' is not text"),
        ("1: a\n", "a.yml:1: the key '1' is not text"),
        ("2021-03-01: a\n", "a.yml:1: the key '2021-03-01' is not text"),
        ("a: 1_000\n", "a.yml:1: '1_000' is ambiguous"),
        ("a: 0x1F\n", "a.yml:1: '0x1F' is ambiguous"),
        ("a: 8:30\n", "a.yml:1: '8:30' is ambiguous"),
        ("a: .inf\n", "a.yml:1: '.inf' is ambiguous"),
        ("a: +1\n", "a.yml:1: '+1' is ambiguous"),
        ("a: 1.\n", "a.yml:1: '1.' is ambiguous"),
        ("a: 9999999999999999999\n", "a.yml:1: '9999999999999999999' is ambiguous"),
        ("a: 2021-02-30\n", "a.yml:1: '2021-02-30' is ambiguous"),
        ("a: 2021-03-01 08:00:00\n", "a.yml:1: '2021-03-01 08:00:00' is ambiguous"),
        ("a: ~\n", "a.yml:1: '~' is ambiguous"),
        ("b: 1\na:\n", "a.yml:2: a key or item without a value"),
        ("a: &x {b: 1}\nc: *x\n", "an alias (*)"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", "a.yml:3: a merge key (<<)"),
        ("&x a: *x\n", "a.yml:1: an alias (*)"),
        ("a: !thing {b: 1}\n", "a.yml:1: the tag !thing"),
        ("a: !thing [1]\n", "a.yml:1: the tag !thing"),
        ("[1, 2]: a\n", "a.yml:1: a key that is not a word"),
        ("a:\n\tb: 1\n", "a.yml:2: a tab character"),
        ("a: [1, 2\n", "a.yml:2: not valid YAML"),
        ("a: 1\n--- \nb: 2\n", "not valid YAML"),
        ("", "a.yml:1: the file is empty"),
        ("# only a comment\n", "a.yml:1: the file is empty"),
        ("a: \x00\n", "not valid YAML"),
        ("[" * 100_000, "a.yml:1: nested too deeply"),
        ("- " * (MAX_DEPTH + 1) + "a\n", "a.yml:1: nested too deeply"),
    ],
)
def test_what_yaml_would_silently_change_is_refused_with_its_line(text: str, what: str) -> None:
    assert what in refusal(text)


def test_the_remedy_is_told() -> None:
    assert 'write it in quotes: "0123"' in refusal("a: 0123\n")
    assert "it was already on line 1" in refusal("a: 1\na: 2\n")


def test_all_problems_are_told_at_once() -> None:
    lines = [line.split(" ")[0] for line in refusal("a: no\nb: 0123\nb: 1\n").splitlines() if line.startswith("a.yml")]
    assert lines == ["a.yml:1:", "a.yml:2:", "a.yml:3:"]


def test_what_is_meant_is_read() -> None:
    text = 'a: "no"\nb: [1, -2, 1.5, true, false, null, 2021-03-01]\nc: {d: "0123", e: 2021-03, f: KU091}\ng: |\n  no\n'
    assert parse(text, "a.yml").data == {
        "a": "no",
        "b": (1, -2, 1.5, True, False, None, date(2021, 3, 1)),
        "c": {"d": "0123", "e": "2021-03", "f": "KU091"},
        "g": "no\n",
    }


def test_a_place_is_told_by_line_and_a_missing_one_by_what_is_around_it() -> None:
    document = parse("a:\n  - b: 1\n    c: 2\n  - b: 3\n", "a.yml")
    assert document.where("a", 0, "c") == "a.yml:3"
    assert document.where("a", 1) == "a.yml:4"
    assert document.where("a", 1, "c") == "a.yml:4"
    assert document.where("x", 7) == "a.yml:1"


def test_a_missing_file_and_one_that_is_not_utf8_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"reviews/a\.yml: the file is missing"):
        load(tmp_path / "reviews" / "a.yml", tmp_path)
    (tmp_path / "b.yml").write_bytes("a: ä\n".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"b\.yml: the file can't be read") as caught:
        load(tmp_path / "b.yml", tmp_path)
    assert caught.value.exit_code == 10
