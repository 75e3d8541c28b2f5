"""Where people's texts lie: a month's commentary, and what each area says of itself.

    reviews/commentary/<month>/<slug>/<slot>.<lang>.md    slug: of an area or a municipality, or "trial"
    reviews/areas/<slug>.<lang>.md                        one for each trial area and language

A slot is a name that a notebook of the area's pages gives to a place: ``review.commentary("lead", …)``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from katsaus.config.checks import slugs_of
from katsaus.config.files import Files
from katsaus.config.models import LANGS
from katsaus.config.prose import Passage, misplaced, numbers, read_passage, unknown_figures
from katsaus.errors import ConfigError, Problem

COMMENTARY, AREAS = "reviews/commentary", "reviews/areas"

_FILE = re.compile(r"(?P<month>[^/]+)/(?P<slug>[^/]+)/(?P<slot>[a-z][a-z0-9-]*)\.(?P<lang>fi|sv)\.md")
_SLOTS = re.compile(r"""\breview\.commentary\(\s*["']([a-z][a-z0-9-]*)["']""")

Key = tuple[str, str, str]
"""Month, slug and language of a page."""


@dataclass(frozen=True)
class Writings:
    """Everything that people have written: `commentary` by page and slot, `notes` by area code and language."""

    commentary: Mapping[Key, Mapping[str, Passage]]
    notes: Mapping[str, Mapping[str, str]]


def load_writings(root: Path, files: Files) -> Writings:
    """All texts of reviews/commentary and reviews/areas. Raises one ConfigError with the problems of all of them."""
    problems: list[Problem] = []
    writings = Writings(_commentary(root, files, problems=problems), _area_notes(root, files, problems=problems))
    if problems:
        raise ConfigError(problems)
    return writings


def _commentary(root: Path, files: Files, *, problems: list[Problem]) -> dict[Key, dict[str, Passage]]:
    slots = _slots(root, files)
    indicators = {item.id: item for item in files.indicators.indicators}
    areas = _codes(files)
    found: dict[Key, dict[str, Passage]] = {}
    broken: set[str] = set()
    for path in _texts(root, COMMENTARY):
        where = path.relative_to(root).as_posix()
        file = _FILE.fullmatch(path.relative_to(root / COMMENTARY).as_posix())
        if file is None:
            do = "call it <month>/<area>/<slot>.<lang>.md, such as 2023-06/trial/lead.fi.md"
            problems.append(Problem("not the name of a commentary", where, do=do))
            continue
        problems.extend(Problem(what, where, do=do) for what, do in _nowhere(file, files, slots=slots))
        if passage := _passage(path, root, problems=problems):
            problems.extend(misplaced(passage, headings=True))
            problems.extend(unknown_figures(passage, indicators, areas=areas))
            found.setdefault((file["month"], file["slug"], file["lang"]), {})[file["slot"]] = passage
        else:
            broken.add(where)
    problems.extend(_unlike_twins(found, broken))
    return found


def _codes(files: Files) -> set[str]:
    """Codes of everything that has figures of its own."""
    codes = {area.code for area in files.areas.areas} | {str(group.code) for group in files.groups.groups}
    codes |= {town.code for town in files.municipalities.municipalities}
    return codes | {region.code for region in files.municipalities.regions}


def _texts(root: Path, folder: str) -> list[Path]:
    return sorted(path for path in (root / folder).rglob("*") if path.is_file())


def _passage(path: Path, root: Path, *, problems: list[Problem]) -> Passage | None:
    try:
        return read_passage(path, root)
    except ConfigError as error:
        problems.extend(error.problems)
        return None


def _slots(root: Path, files: Files) -> dict[str, set[str]]:
    """Slug → the slots of the notebooks that make its pages."""
    found: dict[str, set[str]] = {}
    slugs = slugs_of(files)
    for rule in files.matrix.pages:
        slots = _slots_of(root / "notebooks" / f"{rule.notebook}.ipynb")
        for slug in slugs[rule.areas]:
            found.setdefault(slug, set()).update(slots)
    return found


def _slots_of(notebook: Path) -> set[str]:
    """The slots that a notebook names; none of one that can't be read, which is told where it is prepared."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return {slot for cell in cells for slot in _SLOTS.findall("".join(cell["source"]))}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _nowhere(file: re.Match[str], files: Files, *, slots: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Why a commentary would be on no page, and what to do."""
    if file["month"] not in files.calendar.months:
        yield f"unknown month {file['month']}", "use a month of reviews/calendar.yml"
    if file["slug"] not in slots:
        yield f"unknown area {file['slug']}", "use trial, or the slug of an area or of a municipality with a page"
    elif file["slot"] not in slots[file["slug"]]:
        have = ", ".join(sorted(slots[file["slug"]])) or "there are none"
        yield f"the pages of {file['slug']} have no place {file['slot']}", f"use one that their notebooks name: {have}"


def _unlike_twins(found: Mapping[Key, Mapping[str, Passage]], broken: Collection[str]) -> Iterator[Problem]:
    """Texts that don't go together with the same one in the other language, if that is none of the `broken` files."""
    for (month, slug, lang), passages in found.items():
        for slot, passage in passages.items():
            for other in LANGS:
                if other != lang and f"{COMMENTARY}/{month}/{slug}/{slot}.{other}.md" not in broken:
                    yield from _unlike(passage, found.get((month, slug, other), {}).get(slot), lang=other)


def _unlike(passage: Passage, twin: Passage | None, *, lang: str) -> Iterator[Problem]:
    if twin is None:
        if not passage.front.only:
            do = f"write it in {lang} too, or begin the file with only: true between two lines of ---"
            yield Problem(f"a text without its twin in {lang}", passage.where, do=do)
        return
    if passage.front.only:
        yield Problem("only: true, and yet there are both languages", passage.where, do="remove one of the two")
    if passage.front.place != twin.front.place and lang == LANGS[-1]:
        yield Problem("another place than in the other language", passage.where, twin.where, "give both the same")
    if lang == LANGS[-1]:
        yield from _other_numbers(passage.text, twin.text, where=passage.where)
    if missing := sorted(set(passage.figures) - set(twin.figures)):
        told = ", ".join(f"{{{text}}}" for text in missing)
        yield Problem(f"figures that the other language lacks: {told}", passage.where, do=f"tell them in {lang} too")


def _other_numbers(text: str, twin: str, *, where: str) -> Iterator[Problem]:
    """Numbers written by hand, years and dates among them, that are not the same in both languages."""
    here, there = (sorted(numbers(part)) for part in (text, twin))
    if here != there:
        why = f"fi: {', '.join(here) or 'none'}; sv: {', '.join(there) or 'none'}"
        yield Problem("other numbers than in the other language", where, why, "write the same in figures in both")


def _area_notes(root: Path, files: Files, *, problems: list[Problem]) -> dict[str, dict[str, str]]:
    wanted = {f"{area.slug}.{lang}.md": (area.code, lang) for area in files.areas.areas for lang in LANGS}
    notes: dict[str, dict[str, str]] = {area.code: {} for area in files.areas.areas}
    for path in _texts(root, AREAS):
        name = path.relative_to(root / AREAS).as_posix()
        if name not in wanted:
            do = "call it <slug>.<lang>.md with a slug of reviews/areas.yml"
            problems.append(Problem("not the name of an area's note", f"{AREAS}/{name}", do=do))
            continue
        code, lang = wanted.pop(name)
        if passage := _passage(path, root, problems=problems):
            problems.extend(misplaced(passage, headings=False))
            problems.extend(_of_one_month(passage))
            notes[code][lang] = passage.text
    problems.extend(Problem("an area's note is missing", f"{AREAS}/{name}", do="write it") for name in wanted)
    slugs = {area.code: area.slug for area in files.areas.areas}
    for code, own in notes.items():
        if len(own) == len(LANGS):
            problems.extend(_other_numbers(own["fi"], own["sv"], where=f"{AREAS}/{slugs[code]}.fi.md"))
    return notes


def _of_one_month(passage: Passage) -> Iterator[Problem]:
    """An area's note stands on the pages of every month: it has no figures and nothing to say of its place."""
    if passage.first > 1:
        yield Problem("an area's note begins with its text", f"{passage.where}:1", do="remove the lines above it")
    for where, line in passage.lines:
        if {"{", "}"} & set(line):
            yield Problem("a brace", where, "an area's note holds no figures", "write it without")
