"""A real OSRM beside this program: `python -m bench.road_server --osrm DIR`, DIR with osrm-extract, osrm-partition, osrm-customize, osrm-routed.

An invented district's roads (a crooked grid of main roads, side roads and tracks, some of them missing) become a map of OpenStreetMap's kind, OSRM is
built from it and serves it on this machine only. Villages and an office beside the roads are planned by it; every leg is then compared
with OSRM's own `route` service, one by one, and the plan with the same week by the estimate.
"""

from __future__ import annotations

import argparse
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.routing import WEEK, fleet_of, village
from records.settings import RouteSettings
from routing.fleet import Depot, Fleet
from routing.request import Request, answer
from routing.roads import OSRM, Roads
from routing.scopes import Scope, models
from routing.served import with_server
from routing.stops import Call

SIDE = 14  # crossings a side
KINDS = ("primary", "secondary", "tertiary", "unclassified", "track")


def write_map(path: Path, seed: int) -> list[tuple[float, float]]:
    """The district's roads as OSM XML; answers the crossings."""
    dice = random.Random(seed)
    places = [
        (53.5 + row * 0.08 + dice.uniform(-0.02, 0.02), 69.0 + column * 0.12 + dice.uniform(-0.03, 0.03))
        for row in range(SIDE)
        for column in range(SIDE)
    ]
    nodes = [f'<node id="{number + 1}" lat="{lat:.6f}" lon="{lon:.6f}"/>' for number, (lat, lon) in enumerate(places)]
    pairs = [
        (place, place + step)
        for place in range(len(places))
        for step in (1, SIDE)
        if place + step < len(places) and (step == SIDE or (place + 1) % SIDE)
    ]
    ways = [
        f'<way id="{number + 1}"><nd ref="{a + 1}"/><nd ref="{b + 1}"/><tag k="highway" v="{dice.choice(KINDS)}"/></way>'
        for number, (a, b) in enumerate(pairs)
        if dice.random() < 0.85
    ]
    path.write_text('<?xml version="1.0"?><osm version="0.6">' + "".join((*nodes, *ways)) + "</osm>", encoding="utf-8")
    return places


@contextmanager
def serving(programs: Path, folder: Path) -> Iterator[str]:
    """OSRM built from the folder's map, answering on this machine; its address."""
    profile = next(programs.parent.rglob("car.lua"))
    for words in (["osrm-extract", "-p", str(profile), "roads.osm"], ["osrm-partition", "roads.osrm"], ["osrm-customize", "roads.osrm"]):
        subprocess.run([programs / words[0], *words[1:], "-t", "1"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["--algorithm", "mld", "-i", "127.0.0.1", "-p", str(port), "-t", "1", "roads.osrm"]
    server = subprocess.Popen([programs / "osrm-routed", *words], cwd=folder, stdout=subprocess.DEVNULL)
    try:
        for _second in range(100):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def week(places: list[tuple[float, float]], villages: int, seed: int, url: str) -> Request:
    """Villages up to a kilometre from crossings, one office in the middle."""
    dice = random.Random(seed)
    depot = Depot("150400", "", "593630100", *places[len(places) // 2])
    calls: list[Call] = []
    for number, (lat, lon) in enumerate(dice.sample(places, villages)):
        calls.append(
            village(
                f"5936{31 + number // 90:02d}{1 + number % 90:02d}0"[:9],
                "",
                lat + dice.uniform(-0.008, 0.008),
                lon + dice.uniform(-0.01, 0.01),
                7,
            )
        )
    fleet: Fleet = fleet_of([depot], vehicles=3)
    return Request(str(WEEK), tuple(sorted(calls, key=lambda each: each.kato)), fleet, Roads(RouteSettings(osrm_url=url)), Scope.OBLAST)


def differences(url: str, asked: Request, sample: int) -> tuple[int, float]:
    """How many legs were compared with the `route` service, and the largest difference in metres."""
    (model,) = models(asked.calls, asked.fleet, asked.roads, Scope.OBLAST)
    spots = [(each.lat, each.lon) for each in (*model.depots, *model.calls)]
    dice, worst = random.Random(1), 0.0
    for _number in range(sample):
        a, b = dice.sample(range(len(spots)), 2)
        if model.roads.source(a, b) != OSRM:
            continue
        with urllib.request.urlopen(
            f"{url}/route/v1/driving/{spots[a][1]:.6f},{spots[a][0]:.6f};{spots[b][1]:.6f},{spots[b][0]:.6f}?overview=false"
        ) as told:
            worst = max(worst, abs(json.load(told)["routes"][0]["distance"] - int(model.roads.metres[a, b])))
    return sample, worst


def main() -> None:
    """Read the options, build the server, ask it, compare."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--osrm", type=Path, required=True, help="the folder of OSRM's programs")
    options.add_argument("--villages", type=int, default=120)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        places = write_map(folder / "roads.osm", chosen.seed)
        with serving(chosen.osrm.resolve(), folder) as url:
            wanted = week(places, chosen.villages, chosen.seed, url)
            begun = time.perf_counter()
            asked, told = with_server(folder, wanted)
            first = time.perf_counter() - begun
            begun = time.perf_counter()
            again, _told = with_server(folder, wanted)
            print(
                f"{len(asked.calls) + 1} places: asked in {first:.2f} s, read again in {time.perf_counter() - begun:.2f} s, the same: {asked.digest == again.digest}"
            )
            for each in told:
                print(each.code, each.text)
            print("legs compared with the route service: {}, largest difference {:.1f} m".format(*differences(url, asked, 300)))
    served, estimated = answer(asked, 1), answer(wanted, 1)
    for name, plan in (("osrm", served), ("estimate", estimated)):
        sources = {stop.source for stop in plan.stops}
        print(
            f"{name:9} {plan.metres / 1000:8.0f} km, {len(plan.routes)} routes, left out {len(plan.unplanned)}, legs of {', '.join(sorted(sources))}"
        )


if __name__ == "__main__":
    main()
