"""Seconds, kilometres and faults of a week's plan, by scope. `python bench/routing.py [--villages N] [--iterations N] [--data DIR]`

With DIR/north_kazakhstan_settlements.csv: the 120 smallest villages of North Kazakhstan, their districts' largest places as offices. Always:
a country by seed, 1,200 villages round 183 offices in 20 oblasts. Times are of one process; trust ratios rather than seconds.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from records.calendar import WEEKDAYS, StudyWeek
from records.settings import RouteSettings
from routing.draft import draft
from routing.fleet import Depot, Fleet, VehicleDay
from routing.plan import Plan
from routing.roads import Roads
from routing.scopes import Scope
from routing.stops import Call
from routing.verify import faults, legs_of
from settlements.codes import district_of
from settlements.distance import destination

WEEK = StudyWeek(2026, 41)
WORKING = WEEKDAYS[:6]
NORTH = "north_kazakhstan_settlements.csv"


@dataclass(frozen=True)
class Week:
    """What is to be planned."""

    name: str
    calls: list[Call]
    fleet: Fleet


def village(kato: str, name: str, lat: float, lon: float, pupils: int) -> Call:
    """A village whose pupils get packets of 200 g."""
    return Call(kato, name, name, lat, lon, "", WORKING, pupils, pupils, 200 * pupils, 200 * pupils)


def fleet_of(depots: list[Depot], vehicles: int = 1) -> Fleet:
    """Vehicles of 400 kg and ten hours for each office, six days a week."""
    monday = WEEK.plus(-1)
    days = [
        VehicleDay(depot.index, f"{number}", number, day, monday.day(day).isoformat(), 400_000, 600, 480)
        for depot in depots
        for number in range(1, vehicles + 1)
        for day in WORKING
    ]
    return Fleet({depot.index: depot for depot in depots}, tuple(days))


def north_kazakhstan(folder: Path, count: int = 120) -> Week:
    """The real villages: those matched to KATO, the smallest of them with 5-10 invented pupils each."""
    with (folder / NORTH).open(encoding="utf-8") as file:
        rows = {row["kato"]: row for row in csv.DictReader(file) if row["kato"] and row["match"].startswith("name")}
    districts: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows.values():
        districts[district_of(row["kato"])].append(row)
    largest = [max(each, key=lambda row: int(row["population"] or 0)) for _code, each in sorted(districts.items())]
    depots = [
        Depot(f"15{number:02d}00", row["kato_name_kk"], row["kato"], float(row["lat"]), float(row["lon"]))
        for number, row in enumerate(largest, start=1)
    ]
    taken = {depot.kato for depot in depots}
    small = sorted((row for row in rows.values() if row["kato"] not in taken), key=lambda row: (int(row["population"] or 0), row["kato"]))[
        :count
    ]
    dice = random.Random(1)
    calls = [village(row["kato"], row["kato_name_kk"], float(row["lat"]), float(row["lon"]), dice.randint(5, 10)) for row in small]
    return Week(
        f"North Kazakhstan, {len(calls)} villages, {len(depots)} offices", sorted(calls, key=lambda call: call.kato), fleet_of(depots)
    )


def country(count: int, offices: int, seed: int = 1, oblasts: int = 20) -> Week:
    """Offices strewn over so many oblasts; villages 5-60 km around one, a tenth of them over the border in the next district."""
    dice = random.Random(seed)
    depots: list[Depot] = []
    centres = [(dice.uniform(42.5, 54.5), dice.uniform(50.5, 84.0)) for _oblast in range(oblasts)]
    for number in range(offices):
        oblast, district = number % oblasts, number // oblasts
        lat, lon = destination(*centres[oblast], dice.uniform(0, 360), dice.uniform(20_000, 170_000))
        depots.append(Depot(f"{oblast + 1:02d}{district:02d}00", "", f"{oblast + 10:02d}{district + 30:02d}30100", lat, lon))
    calls = []
    for number in range(count):
        depot = depots[number % offices]
        assert depot.lat is not None
        assert depot.lon is not None
        lat, lon = destination(depot.lat, depot.lon, dice.uniform(0, 360), dice.uniform(5_000, 60_000))
        calls.append(village(f"{depot.kato[:4]}31{100 + number // offices:03d}", "", lat, lon, dice.randint(5, 10)))
    return Week(
        f"a country by seed {seed}, {count} villages, {offices} offices", sorted(calls, key=lambda call: call.kato), fleet_of(depots)
    )


def measure(week: Week, settings: RouteSettings) -> None:
    """Plan the week in each scope and print a row for it."""
    print(f"\n{week.name}; {settings.iterations} iterations a model")
    print(f"{'scope':10}{'seconds':>9}{'CPU s':>8}{'km':>10}{'against country':>17}{'routes':>8}{'left out':>10}{'faults':>8}")
    plans: dict[str, tuple[float, float, Plan]] = {}
    for scope in Scope:
        wall, cpu = time.perf_counter(), time.process_time()
        plan = draft(str(WEEK), week.calls, week.fleet, Roads(settings), scope)
        plans[scope.value] = (time.perf_counter() - wall, time.process_time() - cpu, plan)
    base = plans["country"][2].metres
    for name, (wall, cpu, plan) in plans.items():
        found = faults(plan, week.calls, week.fleet, legs_of(plan, week.calls, week.fleet, Roads(settings)), settings.service_minutes)
        ratio = f"{100 * plan.metres / base - 100:+.1f} %"
        print(
            f"{name:10}{wall:9.1f}{cpu:8.1f}{plan.metres / 1000:10.0f}{ratio:>17}{len(plan.routes):8}{len(plan.unplanned):10}{len(found):8}",
            flush=True,
        )


def main() -> None:
    """Read the options, measure the weeks."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--villages", type=int, default=1200)
    options.add_argument("--offices", type=int, default=183)
    options.add_argument("--iterations", type=int, default=RouteSettings().iterations)
    options.add_argument("--data", type=Path, default=Path("../shared/data"))
    chosen = options.parse_args()
    settings = RouteSettings(iterations=chosen.iterations)
    if (chosen.data / NORTH).exists():
        measure(north_kazakhstan(chosen.data), settings)
    measure(country(chosen.villages, chosen.offices), settings)


if __name__ == "__main__":
    main()
