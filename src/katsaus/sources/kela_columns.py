"""What the columns of Kela's open data sets are called, and what of them is taken. The one place that knows."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Dataset:
    """A data set and the contract of its snapshots.

    `columns` are all that it has; `measures` maps columns of the contract to its own; `kept` are values that a row
    must have to be taken; `summed` are columns over whose values (all of them listed) figures are added up. Rows are
    those of a month (vuosikuukausi), a municipality (kunta_nro) and an age group (ikaryhma).
    """

    id: str
    contract: str
    columns: frozenset[str]
    measures: dict[str, str]
    kept: dict[str, str]
    summed: dict[str, tuple[str, ...]] = field(default_factory=dict)


MONTH, MUNICIPALITY, AGE = "vuosikuukausi", "kunta_nro", "ikaryhma"
UNKNOWN = "199"
"""Municipality unknown, among it municipalities with fewer than four recipients."""

RECIPIENTS = Dataset(
    id="perustoimeentulotuen-saajat",
    contract="kela-recipients",
    columns=frozenset({"aikatyyppi", MONTH, "vuosi", MUNICIPALITY, "kunta_nimi", AGE, "saaja_lkm", "vaesto_osuus"}),
    measures={"recipients": "saaja_lkm"},
    kept={"aikatyyppi": "Kuukausi"},
)
"""ASSUMED: nobody has seen these columns yet. They are made after those of SUBSIDY; a data set that has others is
refused with their names, and this is then the place to correct.
"""

SUBSIDY = Dataset(
    id="kuntien-rahoittama-tyomarkkinatuki",
    contract="kela-subsidy",
    columns=frozenset(
        {
            "aikatyyppi",
            "kuukausi_nro",
            MONTH,
            "vuosi",
            MUNICIPALITY,
            "kunta_nimi",
            AGE,
            "sukupuoli",
            "tyomarkkinatukipaiva_luokka",
            "saaja_lkm",
            "korvattu_paiva_lkm",
            "maksettu_eur",
            "kunta_osuus_eur",
        }
    ),
    measures={"recipients": "saaja_lkm", "paid": "maksettu_eur", "municipal_share": "kunta_osuus_eur"},
    kept={"aikatyyppi": "Kuukausi", "tyomarkkinatukipaiva_luokka": "Yhteensä"},
    summed={"sukupuoli": ("Mies", "Nainen", "Tuntematon")},
)

DATASETS = {"recipients": RECIPIENTS, "subsidy": SUBSIDY}
