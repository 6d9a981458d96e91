"""The real towns around which samples are invented: an attributed extract of GeoNames (settlements/data/towns.SOURCE.md).

Called by settlements/sample and settlements/sample_country. tools/towns_extract.py makes the extract.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from records.errors import NotFound
from records.language import _

TOWNS = Path(__file__).parent / "data" / "towns.csv"
# Administrative codes of GeoNames -> the first two signs of KATO; places without one are not offered.
REGIONS = {
    "01": "19", "02": "75", "03": "11", "04": "15", "05": "71", "06": "23", "07": "27", "08": "43", "09": "47", "10": "61",
    "11": "55", "12": "35", "13": "39", "14": "43", "15": "63", "16": "59", "17": "31",
    "1537272": "79", "12510143": "10", "12510144": "33", "12510145": "62",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Town:
    """A real town. `region` is the first two signs of its KATO code."""

    name: str
    name_ru: str
    name_kk: str
    lat: float
    lon: float
    population: int
    region: str


@lru_cache(maxsize=1)
def towns() -> tuple[Town, ...]:
    """The real towns, the largest first."""
    with TOWNS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["admin1"] in REGIONS]
    found = [
        Town(
            row["name"],
            row["name_ru"] or row["name_kk"] or row["name"],
            row["name_kk"] or row["name_ru"] or row["name"],
            float(row["lat"]),
            float(row["lon"]),
            int(row["population"]),
            REGIONS[row["admin1"]],
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda town: (-town.population, town.name)))


def town_named(name: str) -> Town:
    """The largest town of that Latin, Russian or Kazakh name; raises NotFound."""
    wanted = name.casefold()
    for town in towns():
        if wanted in (town.name.casefold(), town.name_ru.casefold(), town.name_kk.casefold()):
            return town
    raise NotFound(_("There is no town «{name}» in the list of towns.").format(name=name), _("settlements/data/towns.csv holds the names."))
