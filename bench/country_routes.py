"""A whole country's routes through the front door, and how many iterations are enough. `python -m bench.country_routes [--villages N] [--scopes oblast] [--curve]`

An invented week in a home of its own: villages strewn 5-60 km round 160 real towns of 20 regions (settlements/data/towns.csv), two vehicles an
office, mail days of their own, a built packet for each of 5-10 pupils. `poshta routes plan` is then run as a user runs it, once for each scope
and number of workers, and what it saved is judged again. `--curve` plans the same week in memory with more and more iterations.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from datetime import date, datetime
from itertools import zip_longest
from pathlib import Path
from unittest.mock import patch

from sqlalchemy.orm import Session

from records.calendar import StudyWeek
from records.home import open_home
from records.schema import Office, Packet, Settlement, Vehicle
from routing.book import current_plan
from routing.plan import Plan
from routing.request import Request, answer, gather
from routing.scopes import Scope
from routing.verify import faults, legs_of
from settlements.codes import INDEX_PREFIXES
from settlements.distance import destination
from settlements.sample_towns import Town, towns

ROOT = Path(__file__).resolve().parent.parent
WEEK = StudyWeek(2026, 41)
MAIL_DAYS = ("", "", "", "mon,thu", "tue,fri", "wed")  # half of the villages take post on any working day
CURVE = (10, 20, 50, 100, 200, 400, 800)


def chosen_towns(count: int) -> list[Town]:
    """The largest towns of each region in turn."""
    regions: dict[str, list[Town]] = defaultdict(list)
    for town in towns():
        regions[town.region].append(town)
    dealt = [town for rank in zip_longest(*(regions[name] for name in sorted(regions))) for town in rank if town is not None]
    return sorted(dealt[:count], key=lambda town: (town.region, town.name))


def fill(session: Session, villages: int, offices: int, seed: int) -> None:
    """The week's register and built packets."""
    dice = random.Random(seed)
    numbers: dict[str, int] = defaultdict(int)
    places = [(f"{town.region}{30 + numbers[town.region]:02d}", _office(session, town, numbers)) for town in chosen_towns(offices)]
    for number in range(villages):
        (district, office), within = places[number % offices], number // offices
        lat, lon = destination(office.lat or 0, office.lon or 0, dice.uniform(0, 360), dice.uniform(5_000, 60_000))
        name = f"{office.name} {within + 1}"
        kato = f"{district}{40 + within // 9:02d}{1 + within % 9}00"
        days = dice.choice(MAIL_DAYS)
        session.add(Settlement(kato=kato, name_kk=name, name_ru=name, lat=lat, lon=lon, population=100, mail_days=days))
        session.add_all(_packet(kato, pupil, dice.randint(100, 300)) for pupil in range(dice.randint(5, 10)))


def _office(session: Session, town: Town, numbers: dict[str, int]) -> Office:
    """The town's office, under an invented index and in a district of its own, with two vehicles."""
    number = numbers[town.region]
    numbers[town.region] += 1
    index = f"{INDEX_PREFIXES[town.region][0]}{int(town.region):02d}{number:02d}"
    office = Office(index=index, name=town.name_kk, kato=f"{town.region}{30 + number:02d}30100", lat=town.lat, lon=town.lon)
    vans = [Vehicle(office=index, vehicle=f"{place}", payload_kg=400 * place, day_minutes=600, days="") for place in (1, 2)]
    session.add_all([office, *vans])
    return office


def _packet(kato: str, pupil: int, grams: int) -> Packet:
    code = f"{kato}-{pupil}"
    empty = {"input_digest": "", "pdf": "", "pdf_digest": "", "school": ""}
    built = {"sheets": 25, "return_by": date(2026, 10, 19), "built_at": datetime(2026, 9, 20, 9)}
    return Packet(code=code, week=str(WEEK), pupil=code, kato=kato, state="built", grams=grams, **empty, **built)


def run(home: Path, *words: str) -> tuple[float, float, float, int]:
    """A command as a process of its own: seconds, processor seconds and the largest memory of it and of its workers (MB), exit code."""
    begun = time.perf_counter()
    child = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, str(ROOT / "cli.py"), "--home", str(home), "--quiet", *words])
    most = 0.0
    while True:
        done, status, usage = os.wait4(child, os.WNOHANG)
        if done:
            return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, most, os.waitstatus_to_exitcode(status)
        most = max(most, _resident(child))
        time.sleep(0.05)


def _resident(process: int) -> float:
    """MB that the process and its children hold now (Linux; 0 elsewhere)."""
    try:
        kilobytes = int(Path(f"/proc/{process}/statm").read_text().split()[1]) * 4
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return 0.0
    return kilobytes / 1024 + sum(_resident(int(each)) for each in children)


def judged(request: Request, plan: Plan) -> int:
    """How many faults the judge finds."""
    legs = legs_of(plan, request.calls, request.fleet, request.roads)
    return len(faults(plan, request.calls, request.fleet, legs, request.roads.settings.service_minutes))


def measure(home: Path, scopes: list[Scope], workers: list[int]) -> None:
    """A row for each scope and number of workers; the load of the machine before and after."""
    print(f"load {os.getloadavg()[0]:.1f}")
    print(f"{'scope':10}{'workers':>8}{'seconds':>9}{'CPU s':>8}{'MB':>7}{'km':>9}{'routes':>8}{'left out':>10}{'faults':>8}{'same':>6}")
    for scope in scopes:
        first = ""
        for count in workers:
            _forget_plans(home)
            os.environ["POSHTA_WORKERS"] = str(count)
            seconds, processor, most, code = run(home, "routes", "plan", "--week", str(WEEK), "--scope", scope.value)
            assert code in (0, 3), f"exit code {code}"
            request, plan = _read(home, scope)
            routes = json.dumps([route.as_json() | {"code": ""} for route in plan.routes])
            first = first or routes
            print(
                f"{scope.value:10}{count:8}{seconds:9.1f}{processor:8.1f}{most:7.0f}{plan.metres / 1000:9.0f}{len(plan.routes):8}{len(plan.unplanned):10}"
                f"{judged(request, plan):8}{'yes' if routes == first else 'NO':>6}",
                flush=True,
            )
    print(f"load {os.getloadavg()[0]:.1f}")


def _forget_plans(home: Path) -> None:
    opened = open_home(home)
    with opened.database.write() as session:
        for table in ("route", "plan"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
    opened.close()


def _read(home: Path, scope: Scope) -> tuple[Request, Plan]:
    opened = open_home(home)
    with opened.database.read() as session:
        found = gather(session, WEEK, opened.settings, scope, None), current_plan(session, str(WEEK))
    opened.close()
    return found


def curve(home: Path, scope: Scope) -> None:
    """Kilometres and processor seconds against iterations, in this process."""
    request, _plan = _read(home, scope)
    print(f"\n{scope.value}: iterations of each model, km, processor seconds, left out")
    for iterations in CURVE:
        settings = request.roads.settings.model_copy(update={"iterations": iterations})
        asked = Request(request.week, request.calls, request.fleet, type(request.roads)(settings), scope)
        begun = time.process_time()
        with patch("routing.solve.enough", return_value=iterations):
            plan = answer(asked, 1)
        print(f"{iterations:8}{plan.metres / 1000:10.0f}{time.process_time() - begun:8.1f}{len(plan.unplanned):5}", flush=True)


def main() -> None:
    """Read the options, make the week, measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--villages", type=int, default=1200)
    options.add_argument("--offices", type=int, default=160)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options.add_argument("--scopes", type=Scope, nargs="+", default=list(Scope))
    options.add_argument("--curve", action="store_true", help="plan with more and more iterations too")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        assert run(home, "init")[3] == 0
        opened = open_home(home)
        with opened.database.write() as session:
            fill(session, chosen.villages, chosen.offices, chosen.seed)
        opened.close()
        measure(home, chosen.scopes, chosen.workers)
        if chosen.curve:
            curve(home, Scope.OBLAST)


if __name__ == "__main__":
    main()
