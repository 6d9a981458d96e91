"""A real oblast lives through a week: North Kazakhstan's villages, invented pupils, simulated pens.

`python -m bench.north_kazakhstan --data ../shared/data --home FOLDER` prints seconds, kilometres for each scope, and marks right, doubtful and silently
wrong. Real are the villages and their coordinates (OpenStreetMap, ODbL, joined to KATO); post offices (indices 15xxxx), hub schools, vehicles
and pupils are invented. tests/test_north_kazakhstan.py runs the same week.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

SETTLEMENTS = "north_kazakhstan_settlements.csv"
COLUMNS = "kato=kato,name_kk=kato_name_kk,name_ru=kato_name_ru,lat=lat,lon=lon,population=population"
SMALL = 300  # people: a village that can be without a school
GRADES = (3, 5, 7)
LANGUAGES = ("kk", "ru")
FIRST_NAMES = ("Ойдан", "Мысал", "Үлгі", "Сынақ", "Пример", "Образец", "Проба", "Макет")  # "invented", "example", "sample", "trial" ...


@dataclass(frozen=True, slots=True)
class Place:
    """A real village with the district that the data names for it."""

    kato: str
    district: str
    name: str
    lat: str
    lon: str
    population: int


@dataclass(frozen=True, slots=True)
class Inputs:
    """The spreadsheets of the trial, in the order of their import."""

    settlements: Path
    offices: Path
    schools: Path
    vehicles: Path
    pupils: Path
    pupil_count: int


def places(data: Path) -> list[Place]:
    """The distinct villages of the data that are joined to KATO, in the order of the file."""
    found: dict[str, Place] = {}
    with (data / SETTLEMENTS).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["kato"]:
                place = Place(row["kato"], row["district_kato"], row["osm_name"], row["lat"], row["lon"], int(row["population"] or 0))
                found.setdefault(place.kato, place)
    return list(found.values())


def centres(villages: Iterable[Place]) -> list[Place]:
    """The largest place of each district, in the order of the districts' codes."""
    largest: dict[str, Place] = {}
    for place in villages:
        best = largest.get(place.district)
        if best is None or place.population > best.population:
            largest[place.district] = place
    return [largest[district] for district in sorted(largest)]


def prepare(folder: Path, data: Path, seed: int = 1, count: int = 120) -> Inputs:
    """Write the spreadsheets of the trial below `folder`; the settlements are the data's own file, untouched."""
    folder.mkdir(parents=True, exist_ok=True)
    villages = places(data)
    hubs = centres(villages)
    index = {hub.district: f"15{number:02d}00" for number, hub in enumerate(hubs)}
    offices = [(index[hub.district], f"{hub.name} (invented index)", hub.kato, hub.lat, hub.lon) for hub in hubs]
    schools = [
        (
            f"SK{index[hub.district]}",
            f"{hub.name} тірек мектебі",
            f"Опорная школа {hub.name}",
            hub.kato,
            hub.lat,
            hub.lon,
            "8 715 000 00 00",
        )
        for hub in hubs
    ]
    vans = [(index[hub.district], f"{number}", 700, 600, "mon,tue,wed,thu,fri,sat") for hub in hubs for number in (1, 2)]
    pupils = _pupils(random.Random(seed), villages, hubs, index, count)
    return Inputs(
        data / SETTLEMENTS,
        _write(folder / "offices.csv", ("index", "name", "kato", "latitude", "longitude"), offices),
        _write(folder / "schools.csv", ("school", "name_kk", "name_ru", "kato", "lat", "lon", "phone"), schools),
        _write(folder / "vehicles.csv", ("office", "vehicle", "payload_kg", "day_minutes", "days"), vans),
        _write(folder / "pupils.csv", ("code", "last_name", "first_name", "grade", "language", "kato", "school", "channels"), pupils),
        len(pupils),
    )


def _pupils(
    chance: random.Random, villages: Sequence[Place], hubs: Sequence[Place], index: dict[str, str], count: int
) -> list[tuple[object, ...]]:
    districts = set(index)
    small = [place for place in villages if 0 < place.population < SMALL and place.district in districts and place not in hubs]
    rows: list[tuple[object, ...]] = []
    for place in chance.sample(small, min(count, len(small))):
        for _child in range(chance.randint(5, 10)):
            number = len(rows) + 1
            name = chance.choice(FIRST_NAMES)
            rows.append(
                (
                    f"NK{number:05d}",
                    f"Оқушы{number}",
                    name,
                    chance.choice(GRADES),
                    chance.choice(LANGUAGES),
                    place.kato,
                    f"SK{index[place.district]}",
                    "post",
                )
            )
    return rows


def _write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(rows)
    return path
