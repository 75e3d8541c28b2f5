"""Reading the YAML files of reviews/ into their models, with the line of everything that does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from katsaus.config import models
from katsaus.config.comparison import ComparisonFile
from katsaus.config.examples import DisagreementsFile, ExamplesFile
from katsaus.config.glossary import GlossaryFile
from katsaus.config.inflections import InflectionsFile
from katsaus.config.mergers import MergersFile
from katsaus.config.notes import NotesFile
from katsaus.config.phrases import PhrasesFile
from katsaus.config.rules import DisclosureFile
from katsaus.config.sources import SourcesFile
from katsaus.config.strict_yaml import Document, load
from katsaus.errors import ConfigError, Problem

FILES: dict[str, type[models.Model]] = {
    "areas": models.AreasFile,
    "calendar": models.CalendarFile,
    "comparison": ComparisonFile,
    "disagreements": DisagreementsFile,
    "disclosure": DisclosureFile,
    "examples": ExamplesFile,
    "glossary": GlossaryFile,
    "groups": models.GroupsFile,
    "indicators": models.IndicatorsFile,
    "inflections": InflectionsFile,
    "matrix": models.MatrixFile,
    "mergers": MergersFile,
    "municipalities": models.MunicipalitiesFile,
    "notes": NotesFile,
    "phrases": PhrasesFile,
    "sources": SourcesFile,
}
"""The files of reviews/ by name, and what each must be."""

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Files:
    """All files of reviews/ as models, and their documents for the lines."""

    areas: models.AreasFile
    calendar: models.CalendarFile
    comparison: ComparisonFile
    disagreements: DisagreementsFile
    disclosure: DisclosureFile
    examples: ExamplesFile
    glossary: GlossaryFile
    groups: models.GroupsFile
    indicators: models.IndicatorsFile
    inflections: InflectionsFile
    matrix: models.MatrixFile
    mergers: MergersFile
    municipalities: models.MunicipalitiesFile
    notes: NotesFile
    phrases: PhrasesFile
    sources: SourcesFile
    documents: dict[str, Document]


def read_files(root: Path) -> Files:
    """Read every file of reviews/. Raises ConfigError with the problems of all of them."""
    problems: list[Problem] = []
    documents: dict[str, Document] = {}
    found: dict[str, models.Model] = {}
    for name, model in FILES.items():
        try:
            documents[name] = load(root / "reviews" / f"{name}.yml", root)
            found[name] = validated(documents[name], model)
        except ConfigError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(problems)
    return Files(**found, documents=documents)  # type: ignore[arg-type]  # FILES pairs each name with its model


def validated(document: Document, model: type[M]) -> M:
    """`document` as `model`. Raises ConfigError with a line for each thing that does not fit."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        raise ConfigError(
            _problem(document, item["loc"], kind=item["type"], message=item["msg"]) for item in found
        ) from None


def _problem(document: Document, loc: tuple[int | str, ...], *, kind: str, message: str) -> Problem:
    name = ".".join(map(str, loc)) or "the file"
    where = document.where(*loc)
    if kind == "extra_forbidden":
        return Problem(f"unknown key: {name}", where, do="correct its spelling or remove it")
    if kind == "missing":
        return Problem(f"missing key: {name}", where, do="add it")
    return Problem(f"{name} is not as it should be", where, message)
