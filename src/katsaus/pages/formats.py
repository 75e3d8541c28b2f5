"""How Vega writes numbers and times in the language of a page (d3-format and d3-time-format)."""

from __future__ import annotations

from typing import Any, Final

NUMBERS: Final[dict[str, Any]] = {
    "decimal": ",",
    "thousands": "\N{NO-BREAK SPACE}",
    "grouping": [3],
    "currency": ["", "\N{NO-BREAK SPACE}€"],
    "minus": "\N{MINUS SIGN}",
    "percent": "\N{NO-BREAK SPACE}%",
}
TIMES: Final[dict[str, dict[str, Any]]] = {
    "fi": {
        "dateTime": "%A %-d. %Bta %Y klo %H.%M",
        "date": "%-d.%-m.%Y",
        "time": "%H.%M.%S",
        "periods": ["ap.", "ip."],
        "days": ["sunnuntai", "maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai"],
        "shortDays": ["su", "ma", "ti", "ke", "to", "pe", "la"],
        "months": [
            "tammikuu",
            "helmikuu",
            "maaliskuu",
            "huhtikuu",
            "toukokuu",
            "kesäkuu",
            "heinäkuu",
            "elokuu",
            "syyskuu",
            "lokakuu",
            "marraskuu",
            "joulukuu",
        ],
        "shortMonths": [
            "tammi",
            "helmi",
            "maalis",
            "huhti",
            "touko",
            "kesä",
            "heinä",
            "elo",
            "syys",
            "loka",
            "marras",
            "joulu",
        ],
    },
    "sv": {
        "dateTime": "%A den %-d %B %Y kl. %H.%M",
        "date": "%-d.%-m.%Y",
        "time": "%H.%M.%S",
        "periods": ["fm", "em"],
        "days": ["söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"],
        "shortDays": ["sö", "må", "ti", "on", "to", "fr", "lö"],
        "months": [
            "januari",
            "februari",
            "mars",
            "april",
            "maj",
            "juni",
            "juli",
            "augusti",
            "september",
            "oktober",
            "november",
            "december",
        ],
        "shortMonths": ["jan.", "feb.", "mars", "apr.", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec."],
    },
}
