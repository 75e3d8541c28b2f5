"""Notes as data: what they hold for, the events that charts mark, and what stands beside every figure."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from sample_project import copy_project, replace

from katsaus.config.models import LANGS
from katsaus.config.notes import Note
from katsaus.config.project import Project, load_project
from katsaus.errors import ConfigError

NOTE = {
    "id": "n",
    "text": {"fi": "Teksti.", "sv": "Text."},
    "indicators": ("A03",),
    "months": ("2022-05",),
    "areas": ("KU049", "KK07", "country"),
}


def event(month: str, label: str) -> dict[str, object]:
    return {"month": month, "label": {"fi": label, "sv": label}}


@pytest.fixture(scope="module")
def real(root: Path) -> Project:
    return load_project(root)


def test_a_note_may_be_of_a_municipality_and_bring_an_event() -> None:
    note = Note.model_validate({**NOTE, "event": event("2022-05", "x" * 28)})
    assert note.event is not None
    assert (note.event.month, note.beside) == ("2022-05", False)


def test_an_event_fits_into_a_chart() -> None:
    with pytest.raises(ValidationError, match="at most 28"):
        Note.model_validate({**NOTE, "event": event("2022-05", "x" * 29)})


def test_an_event_lies_in_a_month_of_its_note() -> None:
    with pytest.raises(ValidationError, match="not among the months"):
        Note.model_validate({**NOTE, "event": event("2022-06", "Uudistus")})
    assert Note.model_validate({**NOTE, "months": "all", "event": event("2022-06", "Uudistus")}).event


def test_an_unknown_municipality_is_refused_with_its_line(root: Path, tmp_path: Path) -> None:
    project = copy_project(root, tmp_path)
    line = replace(project / "reviews" / "notes.yml", "areas: all", "areas: [KU999]")
    with pytest.raises(ConfigError, match=rf"reviews/notes.yml:{line}: note trials-begin: unknown area KU999"):
        load_project(project)


def test_the_beginning_and_the_reform_are_events(real: Project) -> None:
    events = {note.event.month: note.event.label["sv"] for note in real.notes if note.event}
    assert events == {"2021-03": "Kommunförsöken inleds", "2022-05": "Servicemodellen reformeras"}


def test_every_figure_of_kela_has_the_caveat_beside_it(real: Project) -> None:
    beside = {indicator for note in real.notes if note.beside for indicator in note.indicators if note.areas == "all"}
    published = {item.id for item in real.indicators.values() if item.group == "kela" and item.sources}
    assert published <= beside


def test_every_published_indicator_that_began_anew_in_march_2021_says_so(real: Project) -> None:
    (incomplete,) = (note for note in real.notes if note.id == "march-2021-incomplete")
    assert {"2021-03", "2021-04", "2022-03"} == set(incomplete.months)  # itself, and what is compared with it
    of_jobseekers = {item.id for item in real.indicators.values() if item.group == "jobseekers" and item.sources}
    assert of_jobseekers - set(incomplete.indicators) <= {"A08"}


@pytest.mark.parametrize("month", ["2021-03", "2021-04", "2022-03"])
def test_all_figures_of_the_ministry_tell_that_march_2021_is_incomplete(real: Project, month: str) -> None:
    """In March itself, and in the months that are compared with it."""
    published = {name for name, indicator in real.indicators.items() if "ministry" in indicator.sources}
    noted = {
        name for note in real.notes if "march-2021" in note.id and month in note.months for name in note.indicators
    }

    assert published <= noted


def test_no_note_claims_a_cause(real: Project) -> None:
    words = {"fi": ("ansiosta", "vuoksi kuntakokeilu", "johdosta"), "sv": ("tack vare", "till följd av kommunförsök")}
    for note in real.notes:
        assert not [word for lang in LANGS for word in words[lang] if word in note.text[lang].lower()]
