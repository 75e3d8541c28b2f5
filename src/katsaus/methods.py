"""What the general pages need not be written for: definitions, sources, rules, corrections and words, from reviews/.

Each function returns Markdown in the language of `words`; what comes from YAML stands in it as the characters it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from katsaus.comparison import explained
from katsaus.config.examples import Example
from katsaus.config.expression import Expression
from katsaus.config.models import LANGS, Indicator
from katsaus.figures import Figures
from katsaus.origins import origins
from katsaus.output import escaped
from katsaus.protection import protection
from katsaus.terms import Words, alphabetical


def definitions(figures: Figures, words: Words) -> str:
    """Every indicator: what it is, how it is computed, from where, with worked examples; if not published, why."""
    project = figures.project
    parts: list[str] = []
    for group, members in groupby(project.indicators.values(), key=lambda item: item.group):
        parts.append(f"### {_group(group, words)}")
        for item in members:
            examples = [example for example in project.examples if example.indicator.partition(":")[0] == item.id]
            parts.append("\n\n".join(_definition(item, examples, figures=figures, words=words)))
    return "\n\n".join(parts)


def _group(group: str, words: Words) -> str:
    names = {
        "jobseekers": words.term("Jobseekers"),
        "services": words.term("Services"),
        "flows": words.term("Flows"),
        "unemployment": words.term("Unemployment"),
        "kela": words.term("Benefits of Kela"),
        "kykyviisari": words.term("Kykyviisari: perceived work ability"),
        "evaluation": words.term("Evaluation"),
        "paths": words.term("Segments and service paths"),
    }
    return names[group]


def _definition(item: Indicator, examples: Sequence[Example], *, figures: Figures, words: Words) -> Iterator[str]:
    lang = words.lang
    yield f"**{item.id} {escaped(item.name[lang])}.** {escaped(item.definition[lang])}"
    if not item.sources:
        assert item.reason is not None  # the configuration is refused otherwise
        yield f"*{words.term('Defined, not published.')}* {escaped(item.reason[lang])}"
        return
    yield " · ".join(_how(item, figures=figures, words=words))
    if examples:
        yield "\n".join(f"- {_example(example, words, decimals=item.decimals)}" for example in examples)


def _how(item: Indicator, *, figures: Figures, words: Words) -> Iterator[str]:
    """How it is computed and from where, in short."""
    above = list(item.numerators.values())
    if item.denominator is None:
        yield words.term("Computed from {sum}", sum="; ".join(f"`{part.text}`" for part in above))
    else:
        quotients = "; ".join(f"`{_bracketed(part)} / {_bracketed(item.denominator)}`" for part in above[:1])
        yield words.term("Computed from {sum}", sum=quotients if len(above) == 1 else f"{quotients} …")
    names = [escaped(figures.project.sources[source].name[words.lang]) for source in item.sources]
    made_up = figures.synthetic
    marked = [
        f"{name} ({words.term('synthetic data')})" if source in made_up else name
        for source, name in zip(item.sources, names, strict=True)
    ]
    yield words.term("Source: {sources}", sources="; ".join(marked))


def _bracketed(expression: Expression) -> str:
    return f"({expression.text})" if len(expression.terms) > 1 else expression.text


def _example(example: Example, words: Words, *, decimals: int) -> str:
    """ "A group's share is … (unemployed 100 and 30, labour_force 1 000 and 100: 11,8)" """
    measures = list(dict.fromkeys(name for member in example.members for name in member))
    given = "; ".join(f"`{name}` {_given(name, example, words=words)}" for name in measures)
    says = escaped(example.says[words.lang])
    if example.expected is None:
        return f"{says} ({given}: –)"
    return f"{says} ({given}: **{words.number(example.expected, decimals)}**)"


def _given(name: str, example: Example, *, words: Words) -> str:
    """What the members of an example have of a measure; of several months the last, which the figure is of."""
    values = [member.get(name, "..") for member in example.members]
    texts = [f"`{v}`" if isinstance(v, str) else words.number(v, 0) for v in map(_last, values)]
    return words.listed(texts)


def _last(value: object) -> float | str:
    newest = value[-1] if isinstance(value, tuple) else value
    return newest if isinstance(newest, str) else float(newest)  # type: ignore[arg-type]  # the model allows no other


def sources(figures: Figures, words: Words) -> str:
    """Every source that has figures in the vintage, as it is cited; a synthetic one by its name, and marked."""
    lines = []
    for source, held in figures.vintage.manifest.sources.items():
        if held.synthetic:  # what is made up has no origin to cite
            name = figures.project.sources[source].name[words.lang]
            lines.append(f"- {escaped(name)} – **{words.term('synthetic data')}**")
        else:
            cited = "; ".join(dict.fromkeys(text[words.lang] for text in figures.citations[source]))
            lines.append(f"- {escaped(cited)}")
    return "\n".join(lines)


def disagreements(figures: Figures, words: Words) -> str:
    """Where published figures differ from one another or from the review's, and why."""
    return "\n".join(
        f"- {escaped(item.text[words.lang])} ({escaped(item.source[words.lang])})"
        for item in figures.project.disagreements
    )


def corrections(figures: Figures, words: Words) -> str:
    """The corrections of the vintage: what was wrong in the source and why."""
    applied = figures.vintage.manifest.corrections
    if not applied:
        return words.term("No figure of a source has been corrected.")
    return "\n".join(f"- {escaped(item.what[words.lang])} {escaped(item.why[words.lang])}" for item in applied)


def glossary(figures: Figures, words: Words) -> str:
    """Every word of the review in alphabetical order, with its twin in the other language and what it means."""
    lang = words.lang
    other = next(code for code in LANGS if code != lang)
    entries = []
    for entry in sorted(figures.project.glossary, key=lambda entry: alphabetical(entry.term[lang])):
        twin = words.term("In the other language: {term}", term=f"[{escaped(entry.term[other])}]{{lang={other}}}")
        mark = "" if entry.verified else f" ({words.term('wording to be reviewed')})"
        entries.append(f"{escaped(entry.term[lang])}\n:   {escaped(entry.definition[lang])} {twin}{mark}.")
    return "\n\n".join(entries)


def calendar(figures: Figures, words: Words) -> str:
    """The months that are published, in words."""
    months = figures.project.months
    return words.term(
        "Published months: {first}–{last}, {number} in all.",
        first=words.month(months[0], "short"),
        last=words.month(months[-1], "short"),
        number=words.number(len(months), 0),
    )


def forms(figures: Figures, words: Words) -> str:
    """How many of the names' forms in generated sentences a native reader has reviewed."""
    inflections = figures.project.inflections.values()
    return words.term(
        "Names whose forms native readers have reviewed: {reviewed} of {number}.",
        reviewed=words.number(sum(item.reviewed for item in inflections), 0),
        number=words.number(len(inflections), 0),
    )


METHODS: dict[str, Callable[[Figures, Words], str]] = {
    "calendar": calendar,
    "comparison": explained,
    "corrections": corrections,
    "definitions": definitions,
    "disagreements": disagreements,
    "forms": forms,
    "glossary": glossary,
    "origins": origins,
    "protection": protection,
    "sources": sources,
}
"""The parts that a notebook may show, by name."""
