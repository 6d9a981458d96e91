"""A real oblast lives through a week: North Kazakhstan's villages, invented pupils, simulated pens.

`python -m bench.north_kazakhstan --data ../shared/data --home FOLDER` prints seconds, kilometres for each scope, and marks right, doubtful and silently
wrong. Real are the villages and their coordinates (OpenStreetMap, ODbL, joined to KATO); post offices (indices 15xxxx), hub schools, vehicles
and pupils are invented. tests/test_north_kazakhstan.py runs the same week.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # so that the program's rooms are found when this file is run by its name

from packets.samples import write_samples  # noqa: E402
from records.keys import Key, keep_key  # noqa: E402
from records.terminal import Answer  # noqa: E402
from scanning.rehearsal.play import play_post  # noqa: E402
from scanning.rehearsal.truth import Comparison, compare  # noqa: E402
from scanning.schoolwork import Schoolwork  # noqa: E402

SETTLEMENTS = "north_kazakhstan_settlements.csv"
COLUMNS = "kato=kato,name_kk=kato_name_kk,name_ru=kato_name_ru,lat=lat,lon=lon,population=population"
SMALL = 300  # people: a village that can be without a school
GRADES = (3, 5, 8)
SIX = tuple(f"{subject}-{grade}-{language}" for subject, grade in (("math", 3), ("math", 5), ("algebra", 8)) for language in ("kk", "ru"))
WEEK, BUILD_DAY, SCAN_DAY = "2026-W41", "2026-09-24", "2026-10-14"
SCOPES = ("district", "oblast", "country")
Invoke = Callable[[Sequence[str]], Answer | None]
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


@dataclass(slots=True)
class Figures:
    """What the trial measured."""

    pupils: int
    pages: int = 0
    refused_rows: int = 0
    taken_rows: int = 0
    complaints: Counter[str] = field(default_factory=Counter)
    routes: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    scans: list[Mapping[str, Any]] = field(default_factory=list)
    comparison: Comparison | None = None


def live_a_week(invoke: Invoke, home: Path, data: Path, *, seed: int = 1, villages: int = 120, workers: int = 1) -> Figures:
    """Register, build, plan in every scope, hand over, fill in, scan and grade; the routes that drive are those by district."""
    inputs = prepare(home / "inputs", data, seed, villages)
    keep_key(home / "keys", Key("00000000", hashlib.sha256(f"trial {seed}".encode()).digest(), datetime.fromisoformat(BUILD_DAY)))
    files = [
        file
        for file in write_samples(home / "inputs" / "assignments", (WEEK, "2026-W44"))
        if file.stem.rsplit("-", 1)[0] in SIX and "w41" in file.stem
    ]
    figures = Figures(inputs.pupil_count)

    def run(step: str, *words: str) -> Answer:
        started = time.perf_counter()
        answer = invoke(("--home", str(home), "--quiet", *words))
        assert answer is not None, words
        figures.seconds[step] = figures.seconds.get(step, 0.0) + time.perf_counter() - started
        return answer

    with _day(BUILD_DAY):
        _register(run, inputs, files, figures)
        run("build", "packets", "build", "--week", WEEK)
        layout = run("layout", "packets", "layout", "--week", WEEK).data
        figures.pages = len(layout["pages"])
        for scope in (*SCOPES[1:], SCOPES[0]):
            run(f"plan {scope}", "routes", "plan", "--week", WEEK, "--scope", scope)
            figures.routes[scope] = run("export", "routes", "export", "--week", WEEK).data
        run("manifest", "routes", "manifest", "--week", WEEK)
        run("handover", "routes", "handover", "--week", WEEK)
    started = time.perf_counter()
    schoolwork = Schoolwork.of_files(files)
    meant, several = schoolwork.meant(layout["pages"], seed), schoolwork.several()
    post = play_post(home, layout, home / "scans", seed, answers=meant, several=several, truth_path=home / "truth.json", workers=workers)
    figures.seconds["pens"] = time.perf_counter() - started
    with _day(SCAN_DAY):
        figures.scans = run("scan", "scan", str(home / "scans"), "--workers", str(workers)).data["pages"]
        answers = run("grades", "grades", "answers", "--week", WEEK).data["answers"]
        run("returns", "returns", "--week", WEEK)
    figures.comparison = compare(post.truth, answers, figures.scans)
    return figures


def _register(run: Callable[..., Answer], inputs: Inputs, files: Sequence[Path], figures: Figures) -> None:
    run("init", "init")  # the key is there already: the same seed gives the same page ids, and so the same pens
    taken = run("import", "settlements", "import", str(inputs.settlements), "--columns", COLUMNS)
    figures.complaints = Counter(complaint.code for complaint in taken.complaints)
    figures.refused_rows = sum(complaint.refused for complaint in taken.complaints)
    for kind, path in (("offices", inputs.offices), ("schools", inputs.schools), ("vehicles", inputs.vehicles), ("pupils", inputs.pupils)):
        run("import", kind, "import", str(path))
    figures.taken_rows = len(run("list", "settlements", "list").data["settlements"])
    run("assignments", "assignments", "add", *(str(file) for file in files))


@contextmanager
def _day(day: str) -> Iterator[None]:
    before = os.environ.get("POSHTA_TODAY")
    os.environ["POSHTA_TODAY"] = day
    try:
        yield
    finally:
        if before is None:
            del os.environ["POSHTA_TODAY"]
        else:
            os.environ["POSHTA_TODAY"] = before


def report(figures: Figures) -> dict[str, Any]:
    """The figures as plain JSON values."""
    found = figures.comparison
    assert found is not None, "the trial was not finished"
    scans = len(figures.scans)
    return {
        "pupils": figures.pupils,
        "settlements": figures.taken_rows,
        "complaints": dict(figures.complaints),
        "pages printed": figures.pages,
        "pages printed in a second": round(figures.pages / figures.seconds["build"], 1),
        "kilometres": {scope: round(sum(route["metres"] for route in plan["routes"]) / 1000) for scope, plan in figures.routes.items()},
        "unplanned": {scope: Counter(each["reason"] for each in plan["unplanned"]) for scope, plan in figures.routes.items()},
        "pictures": scans,
        "pictures read in a second": round(scans / figures.seconds["scan"], 1),
        "states": Counter(row["state"] for row in figures.scans),
        "answers": found.items,
        "right": found.right,
        "doubtful, plain enough": found.doubtful,
        "doubtful, truly": found.doubt_accepted,
        "silently wrong": len(found.silent),
        "seconds": {step: round(seconds, 1) for step, seconds in figures.seconds.items()},
    }


def main() -> None:
    """Run the trial and print its figures as JSON."""
    from cli import invoke

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--villages", type=int, default=120)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = chosen.home or Path(folder)
        figures = live_a_week(invoke, home, chosen.data, seed=chosen.seed, villages=chosen.villages, workers=chosen.workers)
    print(json.dumps(report(figures), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
