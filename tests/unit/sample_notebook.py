# ruff: noqa: E501  the texts read better whole
"""An executed notebook with every kind of output, in both languages; the figures are invented."""

from __future__ import annotations

import math
from typing import Any

from katsaus import theme

WORDS = {
    "fi": {
        "title": "Helsinki, kesäkuu 2023",
        "subtitle": "Työllisyyden kuntakokeilun tilastokatsaus",
        "groups": ["Helsinki", "Kokeilukunnat", "Muut kunnat", "Koko maa"],
        "share": "Työttömien työnhakijoiden osuus työvoimasta",
        "finding": "Helsingin osuus kasvoi vuodessa 0,3 prosenttiyksikköä",
        "alt": "Viivakuvio: Helsingin osuus nousee kesään 2020 ja laskee sen jälkeen; muut ryhmät kulkevat alempana.",
        "bars": "Kannelmäessä muutos oli suurin",
        "bars_alt": "Pylväskuvio: kuuden kunnan muutos vuodessa, suurin on Vantaa ja pienin Kuusamo.",
        "dots": "Kaikilla alueilla oltiin edellisvuotta korkeammalla",
        "dots_alt": "Pistekuvio: jokaisen alueen kaksi pistettä, vuosi sitten ja nyt.",
        "source": "Tilastokeskus, työnvälitystilasto (StatFin 12r5)",
        "note": "Luvut koskevat alueen asukkaita riippumatta siitä, kuka heitä palvelee.",
        "symbol": "... = tieto on salassapitosäännön alainen tai puuttuu",
        "dash": "– = ei yhtään",
        "month": "Kuukausi",
        "area": "Alue",
        "unemployed": "Työttömät työnhakijat",
        "last_year": "Vuosi sitten",
        "now": "Nyt",
        "prose": "## Työttömyys\n\nHelsingissä oli kesäkuussa 2023 **39 233** työtöntä työnhakijaa eli enemmän kuin vuotta "
        "aiemmin ([Tilastokeskus](https://stat.fi/)). Kehitys näkyy kuviossa @fig-rate ja luvut taulukossa @tbl-areas.[^1]\n\n"
        "[^1]: Työnvälitystilaston mukaan.\n",
        "callout": "::: {.callout-note}\n## Maaliskuu 2021\n\nEnsimmäisen kuukauden tiedot ovat vajaat.\n:::\n",
        "areas": "## Alueet\n\n- ensimmäinen *huomio*\n- toinen huomio\n\n### Kunnittain\n\nKatso @fig-bars ja @fig-dots.\n",
    },
    "sv": {
        "title": "Helsingfors, juni 2023",
        "subtitle": "Statistisk översikt över kommunförsöket med sysselsättning",
        "groups": ["Helsingfors", "Försökskommuner", "Övriga kommuner", "Hela landet"],
        "share": "Andelen arbetslösa arbetssökande av arbetskraften",
        "finding": "Andelen i Helsingfors ökade med 0,3 procentenheter på ett år",
        "alt": "Linjediagram: andelen i Helsingfors stiger till sommaren 2020 och sjunker sedan; de andra ligger lägre.",
        "bars": "Förändringen var störst i Vanda",
        "bars_alt": "Stapeldiagram: förändringen på ett år i sex kommuner, störst i Vanda och minst i Kuusamo.",
        "dots": "Alla områden låg högre än året innan",
        "dots_alt": "Punktdiagram: två punkter för varje område, för ett år sedan och nu.",
        "source": "Statistikcentralen, arbetsförmedlingsstatistik (StatFin 12r5)",
        "note": "Siffrorna gäller områdets invånare oavsett vem som betjänar dem.",
        "symbol": "... = uppgiften är sekretessbelagd eller saknas",
        "dash": "– = inga",
        "month": "Månad",
        "area": "Område",
        "unemployed": "Arbetslösa arbetssökande",
        "last_year": "För ett år sedan",
        "now": "Nu",
        "prose": "## Arbetslöshet\n\nI Helsingfors fanns det i juni 2023 **39 233** arbetslösa arbetssökande, alltså fler än ett år "
        "tidigare ([Statistikcentralen](https://stat.fi/sv/)). Utvecklingen visas i @fig-rate och siffrorna i @tbl-areas.[^1]\n\n"
        "[^1]: Enligt arbetsförmedlingsstatistiken.\n",
        "callout": "::: {.callout-note}\n## Mars 2021\n\nUppgifterna för den första månaden är ofullständiga.\n:::\n",
        "areas": "## Områden\n\n- första *anmärkningen*\n- andra anmärkningen\n\n### Kommunvis\n\nSe @fig-bars och @fig-dots.\n",
    },
}
MONTHS = [f"{year}-{month:02d}" for year in range(2020, 2024) for month in range(1, 13)][5:42]
ROLES: list[theme.Group] = ["area", "trial", "other", "country"]
TRIAL_AREAS = {
    "helsinki": ("Helsinki", "Helsingfors"),
    "espoo": ("Espoo", "Esbo"),
    "raasepori": ("Raasepori ja lähikunnat", "Raseborg med grannkommuner"),
    "kuusamo-taivalkoski": ("Kuusamo ja Taivalkoski", "Kuusamo och Taivalkoski"),
    "vantaa-kerava": ("Vantaa ja Kerava", "Vanda och Kervo"),
    "porvoo": ("Porvoo", "Borgå"),
}


def number(value: float, decimals: int = 1) -> str:
    return f"{value:,.{decimals}f}".replace(",", " ").replace(".", ",").replace("-", "−")


def executed(lang: str = "fi") -> dict[str, Any]:
    """The notebook as the executor hands it over."""
    w = WORDS[lang]
    cells = [
        code({"application/vnd.katsaus.front+json": front(w)}),
        code({"application/vnd.katsaus.headline+json": headline(lang)}),
        markdown(w["prose"]),
        figure("fig-rate", lines(w), describe(w, w["finding"], w["alt"], months_table(w))),
        markdown(w["callout"]),
        markdown(w["areas"]),
        figure("fig-bars", bars(w, lang), describe(w, w["bars"], w["bars_alt"], area_table(w, lang))),
        figure("fig-dots", dots(w, lang), describe(w, w["dots"], w["dots_alt"], area_table(w, lang))),
        code({"application/vnd.katsaus.table+json": area_table(w, lang)}, label="tbl-areas"),
        code({"application/vnd.katsaus.table+json": months_table(w)}, label="tbl-months"),
    ]
    for number, cell in enumerate(cells, 1):
        cell["metadata"]["katsaus"] = {"cell": number}
    about = {"notebook": "area", "area": "helsinki", "month": "2023-06", "lang": lang, "prepared": True}
    return {"cells": cells, "metadata": {"katsaus": about | front(w)}, "nbformat": 4, "nbformat_minor": 5}


def front(w: dict[str, Any]) -> dict[str, str]:
    return {"title": w["title"], "subtitle": w["subtitle"], "description": w["share"]}


def markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "m", "metadata": {}, "source": source}


def code(data: dict[str, Any], *, label: str = "", source: str = "review.show()") -> dict[str, Any]:
    options = f"#| label: {label}\n" if label else ""
    output = {"output_type": "display_data", "metadata": {}, "data": data | {"text/plain": "figure"}}
    return {
        "cell_type": "code",
        "id": label or "c",
        "metadata": {},
        "source": options + source,
        "execution_count": 1,
        "outputs": [output],
    }


def figure(label: str, spec: dict[str, Any], about: dict[str, Any]) -> dict[str, Any]:
    return code({"application/vnd.vegalite.v6+json": spec, "application/vnd.katsaus.figure+json": about}, label=label)


def describe(w: dict[str, Any], title: str, alt: str, table: dict[str, Any]) -> dict[str, Any]:
    subtitle = f"{w['share']}, %, 6/2020–6/2023"
    return {
        "title": title,
        "subtitle": subtitle,
        "alt": alt,
        "notes": [w["note"]],
        "beside": [],
        "source": w["source"],
        "table": table,
    }


def headline(lang: str) -> dict[str, Any]:
    fi = [
        ("Työttömät työnhakijat", "39 233", "+1 204 vuodessa", "Kokeilukunnat: +2,1 %"),
        ("Osuus työvoimasta", "11,3 %", "+0,3 prosenttiyksikköä", "Koko maa: 9,6 %"),
        ("Avoimet työpaikat", "18 402", "−3 511 vuodessa", "Koko maa: −12,4 %"),
        ("Työttömiä avointa työpaikkaa kohti", "2,1", "+0,4 vuodessa", "Koko maa: 2,4"),
    ]
    sv = [
        ("Arbetslösa arbetssökande", "39 233", "+1 204 på ett år", "Försökskommuner: +2,1 %"),
        ("Andel av arbetskraften", "11,3 %", "+0,3 procentenheter", "Hela landet: 9,6 %"),
        ("Lediga jobb", "18 402", "−3 511 på ett år", "Hela landet: −12,4 %"),
        ("Arbetslösa per ledigt jobb", "2,1", "+0,4 på ett år", "Hela landet: 2,4"),
    ]
    keys = ("label", "value", "change", "comparator")
    return {"items": [dict(zip(keys, item, strict=True)) | {"synthetic": ""} for item in (fi if lang == "fi" else sv)]}


def lines(w: dict[str, Any]) -> dict[str, Any]:
    values = [
        {"month": month, "group": group, "value": round(9.5 + 2.5 * math.sin(i / 6) - 0.45 * g, 1)}
        | ({"label": group} if month == MONTHS[-1] else {})
        for g, group in enumerate(w["groups"])
        for i, month in enumerate(MONTHS)
    ]
    colour = {
        "field": "group",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": w["groups"], "range": [theme.COLOURS[r] for r in ROLES]},
    }
    dash = {
        "field": "group",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": w["groups"], "range": [theme.DASHES[r] for r in ROLES]},
    }
    width = {
        "field": "group",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": w["groups"], "range": [theme.LINE_WIDTHS[r] for r in ROLES]},
    }
    x = {"field": "month", "type": "temporal", "title": None}
    y = {"field": "value", "type": "quantitative", "title": "%", "scale": {"zero": True}}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": values},
        "layer": [
            {"mark": "line", "encoding": {"x": x, "y": y, "color": colour, "strokeDash": dash, "strokeWidth": width}},
            {
                "transform": [{"filter": "isValid(datum.label)"}],
                "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6},
                "encoding": {"x": x, "y": y, "color": colour, "text": {"field": "label"}},
            },
        ],
    }


def bars(w: dict[str, Any], lang: str) -> dict[str, Any]:
    names = [names[lang == "sv"] for names in TRIAL_AREAS.values()]
    values = [{"area": name, "change": -600 + 420 * i} for i, name in enumerate(names)]
    y = {"field": "area", "type": "nominal", "sort": "-x", "title": None}
    x = {"field": "change", "type": "quantitative", "title": w["unemployed"]}
    return {"data": {"values": values}, "mark": "bar", "encoding": {"x": x, "y": y}}


def dots(w: dict[str, Any], lang: str) -> dict[str, Any]:
    names = [names[lang == "sv"] for names in TRIAL_AREAS.values()]
    values = [
        {"area": name, "when": when, "value": 8 + i + shift}
        for i, name in enumerate(names)
        for when, shift in ((w["last_year"], 0), (w["now"], 0.7))
    ]
    colours = {"domain": [w["last_year"], w["now"]], "range": [theme.COLOURS["previous"], theme.COLOURS["area"]]}
    encoding = {
        "y": {"field": "area", "type": "nominal", "sort": "-x", "title": None},
        "x": {"field": "value", "type": "quantitative", "title": "%"},
        "color": {"field": "when", "type": "nominal", "title": None, "scale": colours},
        "shape": {"field": "when", "type": "nominal", "title": None, "scale": {"domain": colours["domain"]}},
    }
    return {"data": {"values": values}, "mark": "point", "encoding": encoding}


def table(w: dict[str, Any], caption: str, columns: list[str], rows: list[list[Any]]) -> dict[str, Any]:
    texts = [[cell if isinstance(cell, str) else cell["text"] for cell in row] for row in rows]
    return {
        "caption": caption,
        "columns": [{"id": f"c{i}", "label": c, "align": "right" if i else "left"} for i, c in enumerate(columns)],
        "rows": rows,
        "row_headers": 1,
        "symbols": [w["symbol"], w["dash"]],
        "notes": [w["note"]],
        "beside": [],
        "source": w["source"],
        "csv": "\n".join(";".join(row) for row in [columns, *texts]) + "\n",
        "emphasis": [0],
    }


def months_table(w: dict[str, Any]) -> dict[str, Any]:
    rows = [[month, *(number(9 + i % 12 / 3 - 0.4 * g) for g in range(4))] for i, month in enumerate(reversed(MONTHS))]
    return table(w, w["share"] + ", %", [w["month"], *w["groups"]], rows)


def area_table(w: dict[str, Any], lang: str) -> dict[str, Any]:
    rows: list[list[Any]] = [
        [
            {"text": names[lang == "sv"], "href": f"/2023-06/alue/{slug}/index.html"},
            number(39_233 / (i + 1), 0),
            number(11.3 - i),
            "+0,3",
        ]
        for i, (slug, names) in enumerate(TRIAL_AREAS.items())
    ]
    rows[3][1:] = ["...", "...", "–"]
    return table(w, w["unemployed"], [w["area"], w["unemployed"], w["share"] + ", %", w["last_year"]], rows)
