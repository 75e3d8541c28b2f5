"""The words of the review and what they mean, as reviews/glossary.yml gives them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from katsaus.config.models import Model, Name, Text


class Entry(Model):
    """A term in both languages and its definition. A `verified` pair has been seen in sources of both languages."""

    id: Name
    term: Text
    definition: Text
    verified: bool


class GlossaryFile(Model):
    """reviews/glossary.yml."""

    entries: Annotated[tuple[Entry, ...], Field(min_length=1)]
