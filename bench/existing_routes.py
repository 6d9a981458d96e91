"""The week on existing routes, and a week planned anew without a vehicle: seconds, kilometres and faults. `python bench/existing_routes.py`

A country by seed (bench/routing.py): 1,200 villages round 183 offices. Each office drives a route of its own twice a week through two thirds of
the villages of its district in the order of their codes. Times are of one process; trust ratios rather than seconds.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.routing import WEEK, country
from records.settings import RouteSettings
from routing.replan import replanned
from routing.request import Request, answer, as_today, judged
from routing.roads import Place, Roads
from routing.runs import Schedule
from routing.scopes import Scope
from routing.without import Without
from settlements.codes import district_of
from settlements.schedule import ExistingRoute, ScheduledCall

DAYS = ("tue", "fri")


def existing(request: Request) -> Schedule:
    """One route for each office, through villages of its district."""
    villages = defaultdict(list)
    for place, call in enumerate(request.calls):
        if place % 3:
            villages[district_of(call.kato)].append(call)
    routes = tuple(
        ExistingRoute(depot.index, "1", "", tuple(ScheduledCall(call.kato, DAYS) for call in villages[district_of(depot.kato)]))
        for depot in request.fleet.depots.values()
        if villages[district_of(depot.kato)]
    )
    return Schedule(routes, {call.kato: Place((call.kato,), call.lat, call.lon) for call in request.calls})


def main() -> None:
    made = country(1200, 183)
    request = Request(str(WEEK), tuple(made.calls), made.fleet, Roads(RouteSettings()), Scope.OBLAST)
    request = replace(request, schedule=existing(request))
    start = time.process_time()
    plan, found = as_today(request)
    spent, extra = time.process_time() - start, sum(score.extra_metres for score in found.scores) / 1000
    print(
        f"today: {spent:.1f} CPU s, {len(plan.routes)} runs, {len(plan.stops)} stops, {extra:.0f} km more, left over {len(plan.unplanned)}"
    )
    for name, on_schedule in (("afresh", False), ("on schedule", True)):
        asked = request.with_settings(on_schedule=on_schedule)
        start = time.process_time()
        plan = answer(asked, 1)
        spent, wrong = time.process_time() - start, len(judged(asked, plan))
        kilometres = sum(route.metres for route in plan.routes if route.kind == "planned") / 1000
        print(f"{name}: {spent:.1f} CPU s, own routes {kilometres:.0f} km, left out {len(plan.unplanned)}, faults {wrong}")
        before = replace(plan, routes=tuple(replace(route, code=str(n)) for n, route in enumerate(plan.routes)))
        van = next(route for route in before.routes if route.kind == "planned")
        start = time.process_time()
        again = replanned(asked, before, Without(vehicles=((van.office, van.vehicle),)))
        spent = time.process_time() - start
        print(
            f"  without one van: {spent:.1f} CPU s, routes that stay {len(again.same)} of {len(before.routes)}, visits changed {len(again.moved)}"
        )


if __name__ == "__main__":
    main()
