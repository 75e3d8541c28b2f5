"""What stands in the attributes of a page that name something: no digit there that nothing explains.

Digits may be in the labels of the page's own figures, the running numbers of its notes, addresses of files of the site
or of fixed texts, and in whatever a template has literally.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from katsaus.audit.findings import Finding
from katsaus.audit.markup import Marked, Markup
from katsaus.audit.site import Folder, Site
from katsaus.terms import Words

_DIGITS = re.compile(r"\d+")
_UP = re.compile(r"^(?:\.\./)+")
_HEADINGS = {"<h1>", "<h2>", "<h3>", "<h4>"}
_REFERENCES = {"aria-labelledby", "aria-describedby"}
_CAPTION = "-caption"


def check_attributes(site: Site, path: Path, *, markup: Markup) -> Iterator[Finding]:
    """Hold the attributes of a page, and the numbers of its figures, against what may stand there."""
    file, page = site.name(path), _Page(site, path, markup=markup)
    for what in dict.fromkeys(markup.refused):
        yield Finding(file, what, "no page has such a thing")
    for mark in markup.marked:
        if not page.explains(mark):
            yield Finding(file, f"{mark.name} of <{_DIGITS.sub('…', mark.tag)}>", "a name that nothing explains")
    for label, text in page.misnumbered():
        yield Finding(file, label, f"numbered otherwise than it stands on the page: {_DIGITS.sub('…', text)}")


class _Page:
    def __init__(self, site: Site, path: Path, *, markup: Markup) -> None:
        self._site, self._path, self._markup = site, path, markup
        self._folder: Folder = site.folder(path)
        self._notes = 0
        self._ids = {mark.value for mark in markup.marked if mark.name == "id"}
        headings = (text for place, text in markup.texts if place in _HEADINGS)
        self._headings = {run for text in headings for run in _DIGITS.findall(text)}

    def explains(self, mark: Marked) -> bool:
        """Whether an attribute may have this value here; those of notes are asked in their order."""
        if mark.name == "data-area":
            return self._row(mark)
        if not _DIGITS.search(unquote(mark.value)) or self._site.fixed.literal(f'{mark.name}="{mark.value}"'):
            return True
        if mark.name == "id":
            return self._id(mark)
        if mark.name in _REFERENCES:
            return set(mark.value.split()) <= self._ids
        return mark.name in {"href", "src"} and self._address(mark.value)

    def _row(self, mark: Marked) -> bool:
        """Whether a row of a table says that it is of the area that it is of."""
        twin = self._folder.twins.get(mark.label)
        return (
            twin is not None
            and 0 < mark.row <= len(twin.subjects)
            and mark.value in {subject.area for subject in twin.subjects[mark.row - 1]}
        )

    def _id(self, mark: Marked) -> bool:
        if mark.tag == "li":
            self._notes += 1
            return mark.value == f"note-{self._notes}"
        if mark.tag in {"h1", "h2", "h3", "h4"}:
            return set(_DIGITS.findall(mark.value)) <= self._headings
        return mark.value.removesuffix(_CAPTION) in self._folder.twins

    def _address(self, address: str) -> bool:
        if address.startswith("#"):
            return address[1:] in self._ids
        if self._site.fixed.address(address):
            return True
        root, target = self._site.root.resolve(), (self._path.parent / address).resolve()
        below = _UP.sub("", address)  # whatever is named on the way is where the file is
        named = target.as_posix().endswith(f"/{below}") and "" not in below.split("/")
        return named and target.is_relative_to(root) and target.is_file()

    def misnumbered(self) -> Iterator[tuple[str, str]]:
        """Label and text of each number of a figure that is not its own."""
        words = self._site.figures.project.sites[self._folder.lang].crossref
        titles, met, own = {"fig": words.figure_title, "tbl": words.table_title}, Counter[str](), dict[str, str]()
        for label in self._markup.figures:
            kind = label.partition("-")[0]
            met[kind] += 1
            own[label] = f"{titles.get(kind, '')} {met[kind]}"
        for label, text, _ in self._markup.ordinals:
            if " ".join(text.strip("()").split()) != own[label]:
                yield label, text


def unnoted(text: str, markup: Markup, *, words: Words) -> str:
    """A text without the numbers of notes that it begins with: "Huomautukset 1, 2. Lähde: …"."""
    found = re.match(rf"(?:{words.term('Note')}|{words.term('Notes')}) (\d+(?:, \d+)*)\.(?= |$)", text)
    if not found:
        return text
    called = [int(number) for number in found[1].split(", ")]
    rising = called == sorted(set(called)) and called[0] >= 1 and called[-1] <= markup.notes
    return text[found.end() :] if rising else text
