"""A notebook, cell or output from plain dictionaries, with a type: nbformat's own function has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode, from_dict


def node(content: Mapping[str, Any]) -> NotebookNode:
    """A deep copy of `content` whose keys are attributes too."""
    made: NotebookNode = from_dict(content)  # type: ignore[no-untyped-call]
    return made
