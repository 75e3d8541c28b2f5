import pytest

from katsaus.notebooks.parameters import injected_source, parameter_faults

GIVEN = {"area": "helsinki", "month": "2023-06", "lang": "fi"}
GOOD = 'area = "helsinki"\nmonth = "2023-06"\nlang = "fi"'


@pytest.mark.parametrize("source", [GOOD, GOOD.replace("lang =", "lang: str ="), "# a comment\n" + GOOD, GOOD + "\n"])
def test_plain_text_assignments_are_taken(source: str) -> None:
    assert parameter_faults(source, GIVEN) == []


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        (GOOD.replace('"fi"', "3"), 3, "the parameter lang is not a text"),
        (GOOD.replace('"2023-06"', "202306"), 2, "the parameter month is not a text"),
        (GOOD.replace('"fi"', "None"), 3, "the parameter lang is not a text"),
        (GOOD.replace('"fi"', "other"), 3, "the parameter lang is not a text"),
        (GOOD.replace("lang =", "lang: int ="), 3, "the parameter lang is a text, but annotated as int"),
        (GOOD + '\narea = "kainuu"', 4, "the parameter area is given twice"),
        (GOOD + "\nyears = 2", 4, "the parameter years is unknown"),
        (GOOD + "\nimport os", 4, "the parameters cell holds more than plain assignments"),
        (GOOD + '\na = b = "x"', 4, "the parameters cell holds more than plain assignments"),
        (GOOD.replace('\nlang = "fi"', ""), 0, "the parameter lang is missing"),
        (GOOD.replace('lang = "fi"', "lang: str"), 3, "the parameters cell holds more than plain assignments"),
        ("area = ", 1, "the parameters cell is not Python: invalid syntax"),
    ],
)
def test_everything_else_is_refused_by_name(source: str, line: int, what: str) -> None:
    assert (line, what) in [(fault.line, fault.what) for fault in parameter_faults(source, GIVEN)]


def test_all_faults_are_found_at_once() -> None:
    faults = parameter_faults("area = 1\nyears = 2\nprint()", GIVEN)
    assert [fault.line for fault in faults] == [1, 2, 3, 0, 0]


def test_the_injected_cell_gives_the_values() -> None:
    namespace: dict[str, object] = {}
    exec(injected_source({"area": 'a "quoted" \\ name', "lang": "ä"}), namespace)
    assert (namespace["area"], namespace["lang"]) == ('a "quoted" \\ name', "ä")
