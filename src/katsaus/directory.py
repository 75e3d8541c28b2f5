"""The way to every area and municipality: a list of links, grouped by area."""

from __future__ import annotations

from collections.abc import Iterator

from katsaus.config.models import TrialArea
from katsaus.config.project import Project
from katsaus.terms import alphabetical


def directory(project: Project, month: str, *, lang: str) -> str:
    """Markdown with an item for each trial area: its page in `month` and those of its municipalities, by name.

    The addresses are from the root of the language, where the front page lies. A municipality that is an area of its
    own stands there once.
    """
    areas = sorted(project.areas, key=lambda area: alphabetical(area.name[lang]))
    return "\n".join(f"- {': '.join(_item(project, area, month=month, lang=lang))}" for area in areas)


def _item(project: Project, area: TrialArea, *, month: str, lang: str) -> Iterator[str]:
    def link(name: str, code: str) -> str:
        return f"[{name}]({month}/{project.places[code]}/index.html)"

    yield f"**{link(area.name[lang], area.code)}**"
    towns = {project.municipalities[code].name[lang]: code for code in area.municipalities}
    if len(towns) > 1:
        yield ", ".join(link(name, towns[name]) for name in sorted(towns, key=alphabetical))
