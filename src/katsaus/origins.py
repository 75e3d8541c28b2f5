"""The sources page's list: each source with its publisher, content, months, licence and the indicators it gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from katsaus.config.contract import Contract
from katsaus.figures import Figures
from katsaus.output import escaped
from katsaus.sources.snapshot import Sidecar
from katsaus.store.manifest import Held
from katsaus.terms import Words, written


def origins(figures: Figures, words: Words) -> str:
    """Every source that has figures in the vintage, as Markdown in the language of `words`."""
    return "\n\n".join(
        f"### {escaped(figures.project.sources[source].name[words.lang])}\n\n"
        + "\n".join(f"- **{name}:** {text}" for name, text in _told(figures, source, held=held, words=words))
        for source, held in figures.vintage.manifest.sources.items()
    )


def _told(figures: Figures, source: str, *, held: Held, words: Words) -> Iterator[tuple[str, str]]:
    """What is said of a source, in order: name and Markdown."""
    term, lang = words.term, words.lang
    project, sidecars = figures.project, figures.sidecars[source]
    contracts = [project.contracts[name] for name in held.snapshots]
    if held.synthetic:
        yield term("Data"), f"**{term('synthetic data')}**"
    else:
        yield term("Data"), term("real figures")
        yield term("Publisher"), escaped("; ".join(dict.fromkeys(sidecar.source[lang] for sidecar in sidecars)))
    yield term("Content"), escaped("; ".join(sidecar.title[lang] for sidecar in sidecars))
    yield term("Areas"), _areas(contracts, words)
    yield term("Months used"), _months(sidecars, figures.vintage.manifest.month, words=words)
    yield term("Frequency"), ", ".join(dict.fromkeys(_frequency(contract, words) for contract in contracts))
    if not held.synthetic:
        yield term("Licence"), "; ".join(dict.fromkeys(map(_licence, sidecars)))
        yield term("Retrieved"), "; ".join(dict.fromkeys(_retrieved(sidecar, words) for sidecar in sidecars))
    if urls := list(dict.fromkeys(f"<{sidecar.url}>" for sidecar in sidecars if sidecar.url)):
        yield term("Address"), " ".join(urls)
    ids = [item.id for item in project.indicators.values() if source in item.sources]
    yield term("Indicators"), ", ".join(ids) or term("none so far")


def _areas(contracts: Sequence[Contract], words: Words) -> str:
    names = {
        "municipality": words.term("municipalities"),
        "mainland_municipality": words.term("municipalities of the mainland"),
        "trial_area": words.term("trial areas"),
        "trial": words.term("all trial areas together"),
        "region": words.term("regions"),
        "mainland_region": words.term("regions of the mainland"),
        "country": words.term("whole country"),
    }
    kinds = dict.fromkeys(kind for contract in contracts for kind in contract.areas)
    return ", ".join(names[kind] for kind in kinds) or words.term("no areas")


def _months(sidecars: Sequence[Sidecar], newest: str, *, words: Words) -> str:
    """ "1/2018–6/2023": not what comes after the newest month of the review."""
    first = min(sidecar.first_month for sidecar in sidecars)
    last = min(newest, max(sidecar.last_month for sidecar in sidecars))
    return f"{words.month(first, 'short')}–{words.month(last, 'short')}"


def _frequency(contract: Contract, words: Words) -> str:
    return {
        "monthly": words.term("monthly"),
        "half-yearly": words.term("half-yearly"),
        "yearly": words.term("yearly"),
    }[contract.frequency]


def _licence(sidecar: Sidecar) -> str:
    return f"[{escaped(sidecar.licence)}]({sidecar.licence_url})" if sidecar.licence_url else escaped(sidecar.licence)


def _retrieved(sidecar: Sidecar, words: Words) -> str:
    day = sidecar.retrieved
    return words.term("not recorded") if day is None else written(day)
