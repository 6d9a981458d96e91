"""The limits of planning, measured: `python -m bench.routing_limits country|curve|adapter|same [options]`. Processor seconds; one core unless said.

country: 1,200 villages and 160 offices planned by oblast, against the same country as one PyVRP model that may search for so many seconds.
curve: more and more villages by district: seconds, seconds a thousand, memory; `--stops 100000 --workers 2` for the largest.
adapter: PyVRP through routing/solve against PyVRP called directly, on instances of the kinds of X-n101-k25, X-n502-k39 and X-n1001-k43.
same: the same week planned by three processes, one of them with two workers: the same plan?
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from pyvrp import Client, Location, ProblemData, SolveParams, VehicleType, solve
from pyvrp import Depot as Start
from pyvrp.search import NeighbourhoodParams
from pyvrp.stop import MaxIterations

from bench import routing as weeks
from bench.country_routes import chosen_towns
from bench.x_instances import KINDS, Instance, instance
from records.settings import RouteSettings
from routing.draft import draft
from routing.fleet import Depot, VehicleDay
from routing.plan import Plan
from routing.roads import Roads, RoadTable
from routing.scopes import Model, Scope, models
from routing.solve import NEIGHBOURS, Trip, _problem, _vehicle_kinds, day_classes, enough, heaviest_trip, search
from routing.stops import Call
from routing.verify import faults, legs_of
from settlements.distance import destination

ROOT = Path(__file__).resolve().parent.parent
PEAK_UNIT = 1024  # of ru_maxrss on Linux: kilobytes
CURVE = (100, 300, 1_000, 3_000, 10_000)
A_DISTRICT = 16  # villages round an office, as in the invented country of 100,000


def judged(week: weeks.Week, plan: Plan, roads: Roads) -> int:
    """How many faults the judge finds."""
    return len(faults(plan, week.calls, week.fleet, legs_of(plan, week.calls, week.fleet, roads), roads.settings.service_minutes))


def megabytes() -> float:
    """The most that this process, or one of its workers, has held."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / PEAK_UNIT


def processor() -> float:
    """Seconds of this process and of its finished workers."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def country(villages: int, offices: int, seconds: float, seed: int) -> None:
    """By oblast against one whole model, where oblasts lie side by side round real towns, and where they overlap."""
    for week in (round_towns(villages, offices, seed), weeks.country(villages, offices, seed)):
        against_whole(week, seconds)


def round_towns(villages: int, offices: int, seed: int) -> weeks.Week:
    """Villages 5-60 km round the largest towns of the twenty regions (settlements/data/towns.csv), an office in each."""
    dice = random.Random(seed)
    places = [
        (Depot(f"{number:06}", town.name_kk, "", town.lat, town.lon), town.region) for number, town in enumerate(chosen_towns(offices))
    ]
    depots = [replace(depot, kato=f"{region}{30 + number // 20:02d}30100") for number, (depot, region) in enumerate(places)]
    calls = []
    for number in range(villages):
        depot = depots[number % offices]
        lat, lon = destination(depot.lat or 0, depot.lon or 0, dice.uniform(0, 360), dice.uniform(5_000, 60_000))
        calls.append(weeks.village(f"{depot.kato[:2]}{number:07d}", "", lat, lon, dice.randint(5, 10)))
    name = f"round {offices} real towns of 20 regions by seed {seed}, {villages} villages"
    return weeks.Week(name, sorted(calls, key=lambda call: call.kato), weeks.fleet_of(depots))


def against_whole(week: weeks.Week, seconds: float) -> None:
    """Two rows."""
    roads = Roads(RouteSettings())
    print(week.name)
    began = processor()
    plan = draft(str(weeks.WEEK), week.calls, week.fleet, roads, Scope.OBLAST)
    took = processor() - began
    print(
        f"by oblast: {plan.metres / 1000:.0f} km, {took:.1f} processor s, left out {len(plan.unplanned)}, faults {judged(week, plan, roads)}",
        flush=True,
    )
    if seconds:
        metres, served = whole(week, roads, seconds)
        print(
            f"one model, {seconds:.0f} processor s of search: {metres / 1000:.0f} km, visits {served} of {len(week.calls)}; by oblast {100 * plan.metres / metres - 100:+.2f} %"
        )


class Patience:
    """Stops a search after so many processor seconds: other programs on the machine take nothing from it."""

    def __init__(self, seconds: float) -> None:
        self._end = time.process_time() + seconds

    def __call__(self, _best: float) -> bool:
        """Whether it is time to stop."""
        return time.process_time() > self._end


def whole(week: weeks.Week, roads: Roads, seconds: float) -> tuple[int, int]:
    """Metres and visits of the whole country as one PyVRP model, searched for so many processor seconds (a time limit: here only)."""
    (model,) = models(week.calls, week.fleet, roads, Scope.COUNTRY)
    classes = day_classes(model.calls, {each.day for each in model.fleet})
    kinds = _vehicle_kinds(model, classes, heaviest_trip(model, model.calls, roads.settings.service_minutes))
    problem = _problem(model, model.calls, kinds, classes, roads.settings.service_minutes, required=True)
    params = SolveParams(neighbourhood=NeighbourhoodParams(num_neighbours=NEIGHBOURS))
    best = solve(problem, stop=Patience(seconds), seed=1, collect_stats=False, display=False, params=params).best
    return best.distance(), best.num_clients() - best.num_missing_clients() if best.is_feasible() else 0


def curve(sizes: tuple[int, ...], workers: int) -> None:
    """A process for each size, so that its memory is its own."""
    print(f"{'villages':>9}{'offices':>9}{'seconds':>9}{'CPU s':>8}{'ms each':>9}{'MB':>7}{'km':>10}{'left out':>10}{'faults':>8}")
    for stops in sizes:
        subprocess.run(
            [sys.executable, "-m", "bench.routing_limits", "size", "--stops", str(stops), "--workers", str(workers)], cwd=ROOT, check=True
        )


def size(stops: int, workers: int) -> None:
    """One row of the curve."""
    week = weeks.country(stops, max(1, stops // A_DISTRICT), oblasts=max(1, min(90, stops // 500)))
    roads = Roads(RouteSettings())
    wall, began = time.perf_counter(), processor()
    plan = draft(str(weeks.WEEK), week.calls, week.fleet, roads, Scope.DISTRICT, workers)
    wall, took, held = time.perf_counter() - wall, processor() - began, megabytes()
    print(
        f"{stops:9}{len(week.fleet.depots):9}{wall:9.1f}{took:8.1f}{1000 * took / stops:9.2f}{held:7.0f}{plan.metres / 1000:10.0f}"
        f"{len(plan.unplanned):10}{judged(week, plan, roads):8}",
        flush=True,
    )


def adapter(iterations: int, seed: int) -> None:
    """Our adapter, with everything required and with prizes, against PyVRP alone: the same iterations, neighbours and seed."""
    print(f"{'instance':14}{'direct':>10}{'adapter':>10}{'equal':>7}{'with prizes':>13}{'routes':>8}{'CPU s':>8}")
    for kind in KINDS:
        made = instance(kind, seed)
        began = processor()
        alone = direct(made, min(iterations, enough(kind.customers)), seed)
        took = processor() - began
        model = as_model(made)
        lengths = [length(made, search(model, model.calls, iterations, seed, 0, required)) for required in (True, False)]
        routes = len(search(model, model.calls, iterations, seed, 0, True))
        print(
            f"{made.name:14}{alone:10}{lengths[0]:10}{'yes' if alone == lengths[0] else 'NO':>7}{lengths[1]:13}{routes:8}{took:8.1f}",
            flush=True,
        )


def direct(made: Instance, iterations: int, seed: int) -> int:
    """The length that PyVRP finds by itself."""
    distances: Any = np.array(made.distances(), dtype=np.int64)
    vehicles = [VehicleType(num_available=len(made.demands), capacity=[made.capacity])]
    clients = [Client(place, delivery=[demand]) for place, demand in enumerate(made.demands, start=1)]
    problem = ProblemData(
        [Location(0, 0) for _point in made.points], clients, [Start(0)], vehicles, [distances], [np.zeros_like(distances)]
    )
    params = SolveParams(neighbourhood=NeighbourhoodParams(num_neighbours=NEIGHBOURS))
    return solve(problem, stop=MaxIterations(iterations), seed=seed, collect_stats=False, display=False, params=params).best.distance()


def as_model(made: Instance) -> Model:
    """The instance as a week of ours: a village for each customer, a vehicle-day for each, and no time at all."""
    distances = np.array(made.distances(), dtype=np.int64)
    calls = tuple(
        Call(f"{place:09}", "", "", 0.0, 0.0, "", ("mon",), 1, 0, demand, 0) for place, demand in enumerate(made.demands, start=1)
    )
    fleet = tuple(VehicleDay("0", f"{number}", number, "mon", "2026-10-05", made.capacity, 600, 480) for number in range(1, len(calls) + 1))
    table = RoadTable(distances, np.zeros_like(distances), np.zeros(distances.shape, np.int8))
    return Model("", (Depot("0", "", "", 0.0, 0.0),), calls, fleet, table)


def length(made: Instance, trips: list[Trip]) -> int:
    """The trips' distances added up by the instance, every customer once."""
    distances = made.distances()
    assert sorted(place for trip in trips for place in trip.visits) == list(range(len(made.demands)))
    ways = [[0, *(place + 1 for place in trip.visits), 0] for trip in trips]
    return sum(distances[a][b] for way in ways for a, b in pairwise(way))


def same(villages: int, offices: int) -> None:
    """Three processes, their plans' digests."""
    words = [sys.executable, "-m", "bench.routing_limits", "digest", "--villages", str(villages), "--offices", str(offices), "--workers"]
    found = [
        subprocess.run([*words, workers], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
        for workers in ("1", "1", "2")
    ]
    print(
        f"{villages} villages by country, three processes, the last with two workers: {'the same plan' if len(set(found)) == 1 else 'DIFFERENT'} {found[0][:16]}"
    )


def digest(villages: int, offices: int, workers: int) -> None:
    """The digest of the plan."""
    week = weeks.country(villages, offices)
    plan = draft(str(weeks.WEEK), week.calls, week.fleet, Roads(RouteSettings()), Scope.COUNTRY, workers)
    print(hashlib.sha256(json.dumps([route.as_json() for route in plan.routes]).encode()).hexdigest())


def main() -> None:
    """Read the options, measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("what", choices=("country", "curve", "size", "adapter", "same", "digest"))
    options.add_argument("--villages", type=int, default=1200)
    options.add_argument("--offices", type=int, default=160)
    options.add_argument("--seconds", type=float, default=60, help="of the whole model; 0: leave it out")
    options.add_argument("--stops", type=int, nargs="+", default=list(CURVE))
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--iterations", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    acts = {
        "country": lambda: country(chosen.villages, chosen.offices, chosen.seconds, chosen.seed),
        "curve": lambda: curve(tuple(chosen.stops), chosen.workers),
        "size": lambda: size(chosen.stops[0], chosen.workers),
        "adapter": lambda: adapter(chosen.iterations, chosen.seed),
        "same": lambda: same(chosen.villages, chosen.offices),
        "digest": lambda: digest(chosen.villages, chosen.offices, chosen.workers),
    }
    acts[chosen.what]()


if __name__ == "__main__":
    main()
