import pytest

from katsaus.calendar import months_until, shift


@pytest.mark.parametrize(
    ("month", "by", "expected"),
    [
        ("2023-06", 0, "2023-06"),
        ("2023-06", -12, "2022-06"),
        ("2023-01", -1, "2022-12"),
        ("2022-12", 1, "2023-01"),
        ("2021-03", -37, "2018-02"),
        ("2020-02", 12, "2021-02"),
    ],
)
def test_months_are_shifted_over_the_turn_of_the_year(month: str, by: int, expected: str) -> None:
    assert shift(month, by) == expected


def test_the_last_of_the_months_is_the_one_asked_for() -> None:
    assert months_until("2021-02", 3) == ["2020-12", "2021-01", "2021-02"]
