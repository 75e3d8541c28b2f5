"""The deliverers' page says what the contracts and the checks say, in both languages, and its examples are accepted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sample_delivery import CHECKS, TODAY, codes

from katsaus.config.contract import load_contracts
from katsaus.config.models import LANGS, Lang
from katsaus.deliverers import COMMON, MONTH, WORDS, example, render
from katsaus.sources import separated
from katsaus.sources.delivery import as_csv, read_delivery

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = {name: contract for name, contract in load_contracts(ROOT).items() if contract.delivered}


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_is_current(lang: Lang) -> None:
    written = (ROOT / "docs" / f"extracts.{lang}.md").read_text("utf-8")
    assert written == render(load_contracts(ROOT), CHECKS, lang=lang), "run python -m katsaus.deliverers ."


@pytest.mark.parametrize("name", CONTRACTS)
def test_an_example_has_three_rows_and_is_accepted(tmp_path: Path, name: str) -> None:
    text = example(CONTRACTS[name])
    path = tmp_path / f"{name}-{MONTH}.csv"
    path.write_text(text, "utf-8")
    delivery = read_delivery(path, CONTRACTS, root=tmp_path, today=TODAY)
    assert codes(delivery) == []
    assert as_csv(delivery).decode() == text
    keys = delivery.table[list(CONTRACTS[name].table_schema.primary_key)]
    assert len(keys) == 3 == len(keys.drop_duplicates())


@pytest.mark.parametrize("lang", LANGS)
def test_every_delivered_table_and_column_is_explained_and_no_other(lang: Lang) -> None:
    page = render(load_contracts(ROOT), CHECKS, lang=lang)
    sections = re.findall(r"^### (.+)$", page, re.MULTILINE)
    assert sections == [contract.title[lang] for contract in CONTRACTS.values()]
    for contract in CONTRACTS.values():
        section = page.split(f"### {contract.title[lang]}\n")[1].split("\n### ")[0]
        assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)[: len(contract.fields)] == list(contract.fields)
    assert "statfin" not in page


@pytest.mark.parametrize("lang", LANGS)
def test_common_mistakes_are_told_without_places(lang: Lang) -> None:
    page = render(load_contracts(ROOT), CHECKS, lang=lang)
    told = page[page.rindex("\n## ") :]
    assert re.findall(r"^\| `([a-z0-9-]+)` \|", told, re.MULTILINE) == list(COMMON)
    assert "{" not in told
    assert "()" not in told


def test_both_languages_have_the_same_words() -> None:
    assert WORDS["fi"].keys() == WORDS["sv"].keys()
    assert not {word for word in WORDS["fi"] if WORDS["fi"][word] == WORDS["sv"][word]}


def test_the_limit_of_size_is_the_one_that_is_told() -> None:
    assert separated.BYTES == 400 * separated.MEGABYTE
    assert all("400 M" in render({}, CHECKS, lang=lang) for lang in LANGS)


def test_every_code_of_the_door_is_raised_somewhere_and_every_code_raised_is_told() -> None:
    named = re.compile(
        r'"((?:file|archive|xml|excel|header|origin|rows?|month|cell|value|text|code|encoding|delimiter)(?:-[a-z0-9]+)+)"'
    )
    modules = ("archive", "cells", "delivery", "header", "separated", "spreadsheet")
    paths = [*(ROOT / "src/katsaus/sources" / f"{name}.py" for name in modules), ROOT / "src/katsaus/fetch.py"]
    source = "".join(path.read_text("utf-8") for path in paths)
    told = (ROOT / "reviews/checks/delivery.yml").read_text("utf-8")
    assert set(named.findall(source)) == set(re.findall(r"^  - code: (\S+)$", told, re.MULTILINE))
