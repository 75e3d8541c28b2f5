import json
import subprocess

import pytest
import sample_notebook as sample
from sample_site import English

from katsaus.pages.document import pandoc
from katsaus.pages.figures import read
from katsaus.pages.quarto import figured


@pytest.fixture(scope="module", params=["fi", "sv"])
def parsed(request):
    """The notebook as pandoc, and so Quarto, reads it."""
    executed = sample.executed(request.param)
    notebook = figured(executed, read(executed, "page"), term=English().term)
    done = subprocess.run(
        [pandoc(), "-f", "ipynb+citations", "-t", "json"],
        input=json.dumps(notebook).encode(),
        capture_output=True,
        check=True,
    )
    return request.param, notebook, done.stdout.decode()


def test_figures_are_images_with_caption_label_and_alt(parsed):
    lang, notebook, _ = parsed
    sources = "\n\n".join(cell["source"] for cell in notebook["cells"])
    assert "(fig-rate.svg){#fig-rate fig-alt=" in sources
    assert sample.WORDS[lang]["alt"] in sources


def test_pandoc_finds_every_figure_and_table(parsed):
    lang, _, tree = parsed
    for label in ("fig-rate", "fig-bars", "fig-dots", "tbl-areas", "tbl-months"):
        assert f'"{label}"' in tree or f'"{{#{label}}}"' in tree
    assert tree.count('"t":"Table"') == 2
    assert sample.WORDS[lang]["title"].split(",")[0] in tree


def test_the_front_matter_gives_title_and_language(parsed):
    lang, notebook, _ = parsed
    assert notebook["cells"][0]["source"].splitlines()[1] == f'title: "{sample.WORDS[lang]["title"]}"'
    assert f'lang: "{lang}"' in notebook["cells"][0]["source"]
