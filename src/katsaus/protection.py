"""The rules of disclosure control as readers of the page on data protection meet them, from reviews/disclosure.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from katsaus.config.rules import DisclosureRule
from katsaus.figures import Figures
from katsaus.output import escaped
from katsaus.terms import Words, written

_URL = re.compile(r"(https://\S+)")


def protection(figures: Figures, words: Words) -> str:
    """How each source is protected, from when on, on whose decision and what ground, as Markdown; sources with equal
    rules together.
    """
    parts: list[str] = []
    headings = {
        "register": words.term("Data from registers"),
        "survey": words.term("Data from surveys"),
        "protected_at_source": words.term("Data protected at the source"),
    }
    for kind, heading in headings.items():
        parts.append(f"### {heading}")
        rules = [rule for rule in figures.project.rules if rule.kind == kind]
        while rules:
            alike = [rule for rule in rules if _content(rule) == _content(rules[0])]
            rules = [rule for rule in rules if rule not in alike]
            parts.extend(_told(alike, figures, words=words))
    return "\n\n".join(parts)


def _content(rule: DisclosureRule) -> tuple[object, ...]:
    """What a reader is told of a rule."""
    return (rule.threshold, rule.method, rule.reason, rule.owner, rule.date, rule.reference, rule.withheld)


def _told(rules: Sequence[DisclosureRule], figures: Figures, *, words: Words) -> Iterator[str]:
    """Names of the sources with the reason; beneath it the facts of the rule, which `rules` share."""
    rule, lang = rules[0], words.lang
    names = "; ".join(_named(rule.source, figures, words=words) for rule in rules)
    yield f"**{names}.** {escaped(rule.reason[lang])}"
    limit = [words.term("Threshold: {threshold}", threshold=words.number(rule.threshold, 0))] if rule.threshold else []
    facts = [
        *([*limit, _method(rule, words)] if limit else []),
        words.term("Decided by {owner}, {date}", owner=escaped(rule.owner[lang]), date=written(rule.date)),
        words.term("Ground: {reference}", reference=_linked(rule.reference[lang])),
        *(f"{escaped(figures.names[part.region][lang])}: {escaped(part.reason[lang])}" for part in rule.withheld),
    ]
    yield "\n".join(f"- {fact}" for fact in facts)


def _named(source: str, figures: Figures, *, words: Words) -> str:
    name = escaped(figures.project.sources[source].name[words.lang])
    return f"{name} ({words.term('synthetic data')})" if source in figures.synthetic else name


def _method(rule: DisclosureRule, words: Words) -> str:
    if rule.method == "rounding":
        return words.term("Method: rounding to multiples of five")
    return words.term("Method: primary and secondary suppression")


def _linked(text: str) -> str:
    """`text` with its addresses as links."""
    return "".join(f"<{part}>" if _URL.fullmatch(part) else escaped(part) for part in _URL.split(text))
