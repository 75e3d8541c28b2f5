"""Names of areas, municipalities, regions and groups in the cases that sentences need."""

from __future__ import annotations

from collections.abc import Sequence

from katsaus.config.inflections import Cases
from katsaus.config.project import Project
from katsaus.errors import Problem, UsageError


class Places:
    """The names of a project's areas in one language."""

    def __init__(self, project: Project, lang: str) -> None:
        self._project = project
        self._lang = lang

    def locative(self, code: str) -> str:
        """Where: "Helsingissä", "Vantaalla", "i Helsingfors". Raises UsageError for a code without forms."""
        return self._cases(code).locative

    def locatives(self, codes: Sequence[str]) -> list[str]:
        """Where, in a list: a preposition that all have in common stands before the first alone."""
        forms = [self.locative(code) for code in codes]
        if self._lang == "sv" and len({form.split()[0] for form in forms}) == 1:
            forms[1:] = [form.partition(" ")[2] for form in forms[1:]]
        return forms

    def genitive(self, code: str) -> str:
        """Whose: "Helsingin", "Helsingfors", "Esbos". Raises UsageError for a code without forms."""
        return self._cases(code).genitive

    def label(self, code: str) -> str:
        """The name in little room: "Vantaa–Kerava"; of a municipality or region its only one."""
        project = self._project
        for area in project.areas:
            if area.code == code:
                return area.chart_name[self._lang]
        if code in project.groups:
            return project.groups[code].chart_name[self._lang]
        known = project.municipalities.get(code) or project.regions[code]
        return known.name[self._lang]

    def _cases(self, code: str) -> Cases:
        if code not in self._project.inflections:
            raise UsageError(Problem(f"no inflected forms of {code}", do="add them to reviews/inflections.yml"))
        return self._project.inflections[code][self._lang]
