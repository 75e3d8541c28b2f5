"""The page for those who deliver extracts, in Finnish and Swedish: made from the contracts, so that it says the same.

`python -m katsaus.deliverers <project>` writes docs/extracts.fi.md and docs/extracts.sv.md.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from katsaus.config.contract import Contract, ContractField, load_contracts
from katsaus.config.findings import Check, load_checks
from katsaus.config.models import LANGS, Lang

MONTH = "2023-06"
"""The month of file names and examples."""

COMMON = (
    *("file-name", "file-html", "file-truncated", "encoding-latin1", "delimiter-semicolon", "header-renamed"),
    *("header-translated", "row-length", "month-written", "month-early", "month-future", "month-last", "code-zeros"),
    *("code-case", "code-outside", "cell-empty", "value-mark", "value-decimal-comma", "value-thousands"),
    *("value-scientific", "excel-date", "excel-formula", "excel-sheets", "excel-hidden", "origin-missing"),
    *("origin-several", "rows-ten-times"),
)
"""Codes of the faults that deliveries have most often."""

_PLACES = re.compile(r" \([^()]*\{[^()]*\)")
_AREAS = {
    "mainland_municipality": ("KU049", "KU091"),
    "trial_area": ("KK01", "KK02"),
    "trial": ("KK",),
    "country": ("SSS",),
}
_SCORES = 20
"""A column whose maximum is below this holds scores: its examples are small."""

WORDS: dict[Lang, dict[str, str]] = {
    "fi": {
        "monthly": "kuukausittain",
        "half-yearly": "puolivuosittain",
        "municipality": "kunnat",
        "mainland_municipality": "Manner-Suomen kunnat",
        "trial_area": "kokeilualueet",
        "trial": "kaikki kokeilualueet yhteensä",
        "region": "maakunnat",
        "mainland_region": "Manner-Suomen maakunnat",
        "country": "koko maa",
        "string": "teksti",
        "integer": "kokonaisluku",
        "number": "desimaaliluku",
        "persons": "henkilöä",
        "households": "kotitaloutta",
        "spells": "jaksoa",
        "vacancies": "työpaikkaa",
        "weeks": "viikkoa",
        "percent": "prosenttia",
        "score": "pistettä",
        "score_squared": "pistettä neliöön",
        "euros": "euroa",
        "columns": "| sarake | tyyppi | yksikkö | merkitys | sallitut arvot |",
        "file": "Tiedosto",
        "how often": "Toimitetaan",
        "areas": "Alueet kultakin ajankohdalta",
        "key": "Kukin rivi on taulussa kerran; rivin yksilöivät",
        "required": "pakollinen",
        "optional": "sarakkeen voi jättää pois",
        "least": "vähintään",
        "most": "enintään",
        "form": "muoto",
        "example": "Esimerkki (luvut ovat keksittyjä pyöreitä lukuja eivätkä täsmää keskenään):",
        "mistakes": "| koodi | mikä on vialla | mitä tehdä |",
    },
    "sv": {
        "monthly": "månatligen",
        "half-yearly": "halvårsvis",
        "municipality": "kommunerna",
        "mainland_municipality": "kommunerna i Fastlandsfinland",
        "trial_area": "försöksområdena",
        "trial": "alla försöksområden sammanlagt",
        "region": "landskapen",
        "mainland_region": "landskapen i Fastlandsfinland",
        "country": "hela landet",
        "string": "text",
        "integer": "heltal",
        "number": "decimaltal",
        "persons": "personer",
        "households": "hushåll",
        "spells": "perioder",
        "vacancies": "lediga jobb",
        "weeks": "veckor",
        "percent": "procent",
        "score": "poäng",
        "score_squared": "poäng i kvadrat",
        "euros": "euro",
        "columns": "| kolumn | typ | enhet | betydelse | tillåtna värden |",
        "file": "Fil",
        "how often": "Levereras",
        "areas": "Områden för varje tidpunkt",
        "key": "Varje rad finns en gång i tabellen; raden identifieras av",
        "required": "obligatorisk",
        "optional": "kolumnen kan utelämnas",
        "least": "minst",
        "most": "högst",
        "form": "format",
        "example": "Exempel (påhittade runda tal som inte stämmer överens sinsemellan):",
        "mistakes": "| kod | vad som är fel | vad som ska göras |",
    },
}

FRONT: dict[Lang, str] = {
    "fi": """# Aineistojen toimittaminen

Tämä sivu on tarkoitettu työ- ja elinkeinoministeriölle, Kelalle ja Työterveyslaitokselle, jotka toimittavat
aineistoja työllisyyden kuntakokeilujen tilastokatsaukseen. Kunkin taulun sarakkeet ja sallitut arvot on määritelty
tietosopimuksessa (`data/contracts`). Sivu muodostetaan tietosopimuksista, eikä sitä muuteta käsin.

Toimitus luetaan kokonaan, ennen kuin mitään otetaan käyttöön. Jos tiedostossa on virhe, sitä ei oteta käyttöön, ja
kaikki virheet ilmoitetaan kerralla: koodi, määrä, sarakkeet ja ensimmäinen rivi. Lukuja ei korjata eikä arvata, eikä
niitä toisteta ilmoituksissa.

## Tiedosto

- Kukin taulu toimitetaan omana tiedostonaan. Tiedoston nimi muodostuu taulun nimestä ja viimeisestä kuukaudesta, ja se
  kirjoitetaan pienin kirjaimin, esimerkiksi `ministry-jobseekers-2023-06.csv`.
- Tiedostossa on taulun koko sarja kyseiseen kuukauteen asti, myös aiemmat kuukaudet. Kuukauden on oltava päättynyt.
- CSV: UTF-8, solut erotetaan pilkuilla, jokainen rivi päättyy rivinvaihtoon, enintään 400 Mt.
- XLSX: yksi täytetty laskentataulukko, jonka ensimmäinen rivi on otsikkorivi; ei kaavoja, päivämääriä, piilotettuja
  rivejä, kuvia, makroja eikä salasanaa. Suuri taulu toimitetaan CSV-muodossa.
- Ensimmäisellä rivillä ovat sarakkeiden tekniset nimet. Niiden järjestys on vapaa.

## Luvut, kuukaudet ja merkit

- Luvut kirjoitetaan pelkin numeroin ilman tuhaterottimia; desimaalierotin on piste.
- Kuukausi kirjoitetaan muodossa `2023-06` ja alueet koodeina etunollineen: `KU091`, `KK01`, `KK`, `SSS`.
- `data_origin` on joka rivillä sama: `register` (todellisen rekisterin lukuja) tai `synthetic` (keksittyjä lukuja).
- Yhtään solua ei jätetä tyhjäksi. Jos lukua ei ole, soluun kirjoitetaan merkki:

| merkki | merkitys |
|---|---|
| `...` | tieto on salassapitosäännön alainen |
| `..` | tietoa ei ole saatu tai se on liian epävarma esitettäväksi |
| `.` | tieto on epälooginen esitettäväksi |
| `-` | ei yhtään (sama kuin 0) |

## Taulut
""",
    "sv": """# Leverans av uppgifter

Den här sidan är avsedd för arbets- och näringsministeriet, FPA och Arbetshälsoinstitutet, som levererar uppgifter
till den statistiska översikten över kommunförsöken med sysselsättning. Varje tabells kolumner och tillåtna värden har
fastställts i ett datakontrakt (`data/contracts`). Sidan skapas utifrån datakontrakten och ändras inte för hand.

Leveransen läses i sin helhet innan något tas i bruk. Om filen innehåller fel tas den inte i bruk, och alla fel anges på
en gång: kod, antal, kolumner och första rad. Tal rättas inte, gissas inte och upprepas inte i meddelandena.

## Fil

- Varje tabell levereras som en egen fil. Filnamnet består av tabellens namn och den sista månaden och skrivs med små
  bokstäver, till exempel `ministry-jobseekers-2023-06.csv`.
- Filen innehåller tabellens hela serie till och med den månaden, också tidigare månader. Månaden ska ha löpt ut.
- CSV: UTF-8, cellerna åtskilda med kommatecken, varje rad slutar med en radbrytning, högst 400 MB.
- XLSX: ett ifyllt blad vars första rad är rubrikraden; inga formler, datum, dolda rader, bilder eller makron och inget
  lösenord. En stor tabell levereras som CSV.
- På första raden står kolumnernas tekniska namn. Deras ordning är fri.

## Tal, månader och tecken

- Tal skrivs med enbart siffror, utan tusentalsavgränsare och med punkt som decimaltecken.
- Månaden skrivs i formen `2023-06` och områdena som koder med inledande nollor: `KU091`, `KK01`, `KK`, `SSS`.
- `data_origin` är samma på varje rad: `register` (uppgifter ur det verkliga registret) eller `synthetic` (påhittade
  uppgifter).
- Inga celler lämnas tomma. Om ett tal saknas skrivs ett tecken i cellen:

| tecken | betydelse |
|---|---|
| `...` | uppgiften är sekretessbelagd |
| `..` | uppgift inte tillgänglig eller alltför osäker för att anges |
| `.` | uppgift kan inte förekomma |
| `-` | värdet noll (samma som 0) |

## Tabeller
""",
}
MISTAKES: dict[Lang, str] = {"fi": "## Tavallisimmat virheet", "sv": "## De vanligaste felen"}


def render(contracts: Mapping[str, Contract], checks: Mapping[str, Check], *, lang: Lang) -> str:
    """The page as Markdown: what holds for every file, each delivered table, the most common faults."""
    words = WORDS[lang]
    delivered = [contract for contract in contracts.values() if contract.delivered]
    lines = [FRONT[lang]]
    for contract in delivered:
        lines += [*_table(contract, lang), ""]
    lines += [MISTAKES[lang], "", words["mistakes"], "|---|---|---|"]
    lines += [f"| `{code}` | {_told(checks[code].message[lang])} | {checks[code].do[lang]} |" for code in COMMON]
    return "\n".join(lines) + "\n"


def _told(message: str) -> str:
    """A message without its counts and places."""
    return _PLACES.sub("", message)


def _table(contract: Contract, lang: Lang) -> Iterator[str]:
    words = WORDS[lang]
    yield f"### {contract.title[lang]}\n"
    yield f"{contract.description[lang]}\n"
    yield f"- {words['file']}: `{contract.name}-{MONTH}.csv` / `.xlsx`"
    yield f"- {words['how often']}: {words[contract.frequency]}"
    if contract.areas:
        yield f"- {words['areas']}: {', '.join(words[kind] for kind in contract.areas)}"
    yield f"- {words['key']}: {', '.join(f'`{name}`' for name in contract.table_schema.primary_key)}\n"
    yield words["columns"]
    yield "|---|---|---|---|---|"
    yield from (_row(field, contract.table_schema.missing_values, lang=lang) for field in contract.fields.values())
    yield f"\n{words['example']}\n\n```csv\n{example(contract)}```"


def _row(field: ContractField, marks: tuple[str, ...], *, lang: Lang) -> str:
    words = WORDS[lang]
    meaning = field.title[lang] + (f". {field.description[lang]}" if field.description else "")
    unit = words[field.unit] if field.unit else ""
    allowed = "; ".join(_allowed(field, marks, words=words))
    cells = (f"`{field.name}`", words[field.type], unit, meaning, allowed)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _allowed(field: ContractField, marks: tuple[str, ...], *, words: Mapping[str, str]) -> Iterator[str]:
    limits = field.constraints
    if field.role == "TIME_PERIOD":
        yield f"{words['form']} `{MONTH}`"
    if limits.enum:
        yield ", ".join(f"`{code}`" for code in limits.enum)
    if limits.pattern:
        yield f"{words['form']} `{limits.pattern}`"
    if limits.minimum is not None:
        yield f"{words['least']} {limits.minimum}"
    if limits.maximum is not None:
        yield f"{words['most']} {limits.maximum}"
    if limits.required:
        yield words["required"]
    elif field.type != "string":
        yield " ".join(f"`{mark}`" for mark in (*marks, "-"))
    if field.optional:
        yield words["optional"]


def example(contract: Contract) -> str:
    """Three rows under their header, made up, as a CSV that would be accepted."""
    areas = [code for kind in contract.areas or ("trial_area", "trial_area") for code in _AREAS[kind]][:3]
    rows = [[_cell(field, row, area=area) for field in contract.fields.values()] for row, area in enumerate(areas)]
    return "".join(",".join(row) + "\n" for row in [list(contract.fields), *rows])


def _cell(field: ContractField, row: int, *, area: str) -> str:
    if field.role == "DATA_ORIGIN":
        return "synthetic"
    if field.role == "TIME_PERIOD":
        return MONTH
    if field.role == "REF_AREA":
        return area
    if field.type == "string":
        return field.constraints.enum[0] if field.constraints.enum else f"{row + 1}".rjust(12, "0")
    if field.role == "MEASURE":
        return f"{(row + 1) * 100}" + (".5" if field.type == "number" else "")
    step = 2 if (field.constraints.maximum or 100) < _SCORES else 10
    return f"{(row + 1) * step}"


def write_pages(root: Path) -> None:
    """Write the pages of both languages to docs/ of the project at `root`. Raises ConfigError."""
    contracts, checks = load_contracts(root), load_checks(root)
    for lang in LANGS:
        (root / "docs" / f"extracts.{lang}.md").write_text(render(contracts, checks, lang=lang), encoding="utf-8")


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
