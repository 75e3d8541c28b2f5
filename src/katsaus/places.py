"""Names of areas, municipalities, regions and groups in the cases that sentences need."""

from __future__ import annotations

from katsaus.config.inflections import Cases
from katsaus.config.models import Text
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

    def genitive(self, code: str) -> str:
        """Whose: "Helsingin", "Helsingfors", "Esbos". Raises UsageError for a code without forms."""
        return self._cases(code).genitive

    def label(self, code: str) -> str:
        """The name in little room: "Vantaa–Kerava"; of a municipality or region its only one."""
        return self._names(code)[1][self._lang]

    def listed(self, code: str) -> bool:
        """Whether the name lists several municipalities, so that its cases would run together in a list."""
        name, label = self._names(code)
        return name != label and code not in self._project.groups

    def _cases(self, code: str) -> Cases:
        if code not in self._project.inflections:
            raise UsageError(Problem(f"no inflected forms of {code}", do="add them to reviews/inflections.yml"))
        return self._project.inflections[code][self._lang]

    def _names(self, code: str) -> tuple[Text, Text]:
        project = self._project
        for area in project.areas:
            if area.code == code:
                return area.name, area.chart_name
        if code in project.groups:
            return project.groups[code].name, project.groups[code].chart_name
        known = project.municipalities.get(code) or project.regions[code]
        return known.name, known.name
