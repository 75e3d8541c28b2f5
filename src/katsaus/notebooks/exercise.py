"""What a warm process does before it forks: import what notebooks import, and use what is slow the first time."""

from __future__ import annotations

import os
from pathlib import Path

import altair as alt
from babel.messages.catalog import Catalog

from katsaus import page
from katsaus.notebooks.node import node
from katsaus.notebooks.prose import LANGUAGES
from katsaus.notebooks.run import make_shell, run_notebook
from katsaus.terms import Words

_CELLS = (
    "import altair as alt\nimport pandas as pd\nimport katsaus.page",
    "frame = pd.DataFrame({'month': pd.to_datetime(['2021-01', '2021-02']), 'value': [1.0, 2.0], 'group': ['a', 'b']})",
    "frame",
    "alt.layer(alt.Chart(frame).mark_line().encode(x='month:T', y=alt.Y('value:Q', title='v'), color='group:N'),"
    " alt.Chart(frame).mark_text(align='left').encode(x='month:T', y='value:Q', text='group:N'))",
    "alt.Chart(frame).mark_bar().encode(x='value:Q', y=alt.Y('group:N', sort='-x'))",
    "frame.groupby('group')['value'].sum().sort_values().reset_index().pivot_table(index='group', values='value')",
)


def warm_up(root: Path | None) -> None:
    """Load the project at `root`, if any."""
    alt.utils.schemapi.disable_debug_mode()  # a chart is checked whole, not at each step too
    if root is not None:
        os.chdir(root)
        page.preload(root, closed=True)


def rehearse() -> None:
    """Run a notebook that uses what notebooks use, so that no fork is the first to use it."""
    for lang in LANGUAGES:
        words = Words(lang, Catalog())
        words.number(1234.5, 1)
        words.month("2021-03", "nominative")
        words.listed(["a", "b"])
    metadata = {"katsaus": {"notebook": "exercise", "area": "", "month": "", "lang": ""}}
    cells = [
        {"cell_type": "code", "id": str(number), "metadata": {"katsaus": {"cell": number}}, "source": source}
        for number, source in enumerate(_CELLS, 1)
    ]
    run_notebook(node({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}), _silent)
    make_shell()


def _silent(place: str) -> None:
    del place
