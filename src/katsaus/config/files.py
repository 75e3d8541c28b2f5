"""Reading the YAML files of reviews/ into their models, with the line of everything that does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from katsaus.config import models, refusals
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


LEAVES: dict[str, models.Model] = {
    "glossary": GlossaryFile.model_construct(entries=()),
    "notes": NotesFile.model_construct(notes=()),
}
"""Files that no other file refers to, without anything in them: what is wrong with one hides no fault of others."""


def read_files(root: Path) -> tuple[Files, list[Problem]]:
    """Read every file of reviews/; with what is wrong with those of `LEAVES`, which are then taken as empty.

    Raises ConfigError with the problems of all files if any other is wrong.
    """
    problems: list[Problem] = []
    documents: dict[str, Document] = {}
    found: dict[str, models.Model] = {}
    codes: dict[str, str] = {}
    for name, model in FILES.items():
        try:
            documents[name] = load(root / "reviews" / f"{name}.yml", root)
            found[name] = validated(documents[name], model, codes=codes)
        except ConfigError as error:
            problems.extend(error.problems)
            documents.setdefault(name, Document(f"reviews/{name}.yml", {}, {(): 1}))
        if isinstance(areas := found.get("areas"), models.AreasFile):
            codes = {area.slug: area.code for area in areas.areas}
    if (LEAVES | found).keys() < FILES.keys():
        raise ConfigError(problems)
    files = Files(**(LEAVES | found), documents=documents)  # type: ignore[arg-type]  # FILES pairs names with models
    return files, problems


def validated(document: Document, model: type[M], *, codes: Mapping[str, str] | None = None) -> M:
    """`document` as `model`. Raises ConfigError with a line for each thing that does not fit; `codes` is slug → code of
    the areas, which may be taken for each other.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        found = [dict(item) for item in error.errors(include_url=False)]
        raise ConfigError(refusals.problems(document, found, codes=codes or {})) from None
