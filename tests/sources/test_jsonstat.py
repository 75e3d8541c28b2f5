"""JSON-stat read as it is promised, and refused where it is not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from katsaus.errors import SourceError
from katsaus.sources.jsonstat import MARKS, read_cube


def dataset(values: str, status: str = "{}", size: int | None = None) -> bytes:
    """A dataset of one dimension with the `values` as written."""
    count = len(json.loads(f"[{values}]", parse_constant=str)) if size is None else size
    index = json.dumps({f"KU{n:03d}": n for n in range(count)})
    return (
        '{"version": "2.0", "class": "dataset", "updated": "2026-07-21T05:00:00Z", "id": ["Alue"], '
        f'"size": [{count}], "dimension": {{"Alue": {{"category": {{"index": {index}}}}}}}, '
        f'"value": [{values}], "status": {status}}}'
    ).encode()


def refusal(content: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        read_cube(content, "here")
    assert "987654321" not in str(caught.value)
    return str(caught.value)


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=3) | st.integers()))
def test_numbers_keep_their_digits(numbers: list[object]) -> None:
    texts = [f"{number:f}" if not isinstance(number, int) else str(number) for number in numbers]
    assert read_cube(dataset(", ".join(texts)), "here").cells == texts


def test_no_number_becomes_another_on_its_way_through_binary() -> None:
    texts = ["8.40", "0.1", "331164", "331164.0", "0.30000000000000004", "12345678901234567890"]
    assert read_cube(dataset(", ".join(texts)), "here").cells == texts


def test_marks_are_kept_apart() -> None:
    status = json.dumps({str(n): mark for n, mark in enumerate(MARKS)})
    assert read_cube(dataset("null, null, null, null, 0", status), "here").cells == [*MARKS, "0"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (dataset("987654321, null"), "1 cells are empty without a mark"),
        (dataset("987654321", '{"0": "..."}'), "1 cells have a mark beside a number"),
        (dataset("null", '{"0": "x"}'), "1 marks are unknown"),
        (dataset("null", '{"00": "..."}'), "1 marks stand at no cell"),
        (dataset('"987654321"'), "1 cells are not numbers"),
        (dataset("true"), "1 cells are not numbers"),
        (dataset("987654321e99"), "1 cells are not numbers"),
        (dataset("1, 2", size=3), "as many cells as its sizes say"),
        (dataset("NaN"), "the answer is not JSON"),
        (dataset("1")[:-3], "the answer is not JSON"),
        (dataset("1").replace(b'"size": [1]', b'"size": [1, 1]'), "1 dimensions have 2 sizes"),
        (dataset("1").replace(b'"size": [1]', b'"size": [1.0]'), "of another kind: size"),
        (dataset("1").replace(b'["Alue"]', b'["Alue", "Alue"]'), "not those that the answer lists"),
        (dataset("1").replace(b'["Alue"]', b'["Kunta"]'), "not those that the answer lists"),
        (dataset("1, 2").replace(b'"KU001": 1', b'"KU001": 0'), "as many codes as its size says"),
        (dataset("1").replace(b'"2.0"', b'"1.0"'), "of another kind: version"),
        (b"[" * 100_000, "the answer is not JSON"),
        (b"987654321", "of another kind: the whole"),
        (b"\xff", "the answer is not JSON"),
        (b"", "the answer is not JSON"),
        (b"\n <html>", "a web page came instead of data"),
    ],
)
def test_a_broken_promise_is_named(content: bytes, message: str) -> None:
    assert message in refusal(content)
