"""Random weeks planned and judged, small ones against brute force, stated causes removed: `python -m bench.judge_routes [--weeks 500 --small 100]`

A random week (tests/routing/weeks.random_request) has tight or roomy vehicles, mail days, several visits and places without a road; every other one has closed
roads and villages too. Each is planned and judged by routing/verify and routing/verify_closed. Of each village that is left out for a cause of its
own, the cause is removed and the week planned again. Small weeks of up to eight stops and two vehicle-days are compared with the best of all ways.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from routing.plan import Plan
from routing.request import Request, answer
from routing.roads import RoadTable
from routing.scopes import Scope, models
from routing.stops import Call
from routing.verify import faults, legs_of
from routing.verify_closed import closed_faults
from tests.routing.test_closures import randomly_closed, with_closed
from tests.routing.test_solve import OTHER, roomy, without
from tests.routing.weeks import call, days, depot, random_request, replace_settings, request

Best = tuple[int, int, int]  # packets and visits (negative), metres: the least is the best


def judged(wanted: Request, plan: Plan) -> int:
    """How many faults the judges find."""
    legs = legs_of(plan, wanted.calls, wanted.fleet, wanted.roads)
    found = faults(plan, wanted.calls, wanted.fleet, legs, wanted.roads.settings.service_minutes, wanted.kept)
    return len(found) + len(closed_faults(plan, wanted.roads.closed, wanted.fleet, wanted.kept))


def small_week(seed: int, most: int = 8) -> Request:
    """At most `most` villages, two vehicle-days of two offices, a payload and a day that bind now and then, returns unlike deliveries."""
    dice = random.Random(seed)
    calls = []
    for place in range(dice.randint(2, most)):
        made = call(f"5936302{place:02d}", 54 + dice.uniform(-0.4, 0.6), 69 + dice.uniform(-0.4, 0.9), dice.randint(1, 9))
        calls.append(replace(made, grams_back=dice.randint(0, 2 * made.grams_out)))
    fleet = days(weekdays=("mon",), payload=4_500, minutes=330) + days("150500", weekdays=("tue",), payload=4_500, minutes=330)
    return request(calls, fleet, (depot(), OTHER), replace_settings(iterations=400))


def best_of_all(wanted: Request) -> Best:
    """The best of all ways to serve any of the villages with the two vehicle-days, by trying every order of every part of them."""
    (model,) = models(wanted.calls, wanted.fleet, wanted.roads, Scope.COUNTRY)
    rows = {each.index: row for row, each in enumerate(model.depots)}
    tours = [
        shortest_tours(model.calls, model.roads, rows[each.office], len(model.depots), each.payload_grams, each.minutes)
        for each in model.fleet
    ]
    packets = {part: -sum(model.calls[place].packets_out for place in part) for part in tours[0] | tours[1]}
    return min(
        (packets[one] + packets[other], -len(one) - len(other), tours[0][one] + tours[1][other])
        for one in tours[0]
        for other in tours[1]
        if not one & other
    )


def shortest_tours(
    calls: tuple[Call, ...], roads: RoadTable, depot_row: int, first: int, payload: int, minutes: int
) -> dict[frozenset[int], int]:
    """The fewest metres of a tour through each part of the villages that keeps day and payload."""
    best: dict[frozenset[int], int] = {frozenset(): 0}

    def extend(part: frozenset[int], here: int, metres: int, spent: int, out: int, excess: int, worst: int) -> None:
        for place in range(len(calls)):
            if place in part:
                continue
            each, row = calls[place], first + place
            time_there = spent + int(roads.minutes[here, row]) + 10
            if time_there > minutes:
                continue
            longer, way = part | {place}, metres + int(roads.metres[here, row])
            total, after = out + each.grams_out, excess + each.grams_back - each.grams_out
            most = max(worst, after)
            if time_there + int(roads.minutes[row, depot_row]) <= minutes and total + most <= payload:
                best[longer] = min(best.get(longer, sys.maxsize), way + int(roads.metres[row, depot_row]))
            extend(longer, row, way, time_there, total, after, most)

    extend(frozenset(), depot_row, 0, 0, 0, 0, 0)
    return best


def reached(plan: Plan) -> Best:
    """What the plan reaches, to be compared with the best."""
    return -sum(stop.packets_out for stop in plan.stops), -len(plan.stops), plan.metres


def cured(wanted: Request, plan: Plan) -> Iterator[tuple[str, bool]]:
    """Each village left out for one cause of its own, with whether it is served without that cause."""
    blamed: dict[str, set[tuple[str, int]]] = {}
    for each in plan.unplanned:
        if "also" not in dict(each.details):
            blamed.setdefault(each.reason, set()).add((each.kato, each.visit))
    for reason, visits in blamed.items():
        if reason == "closed":
            healed = [roomy(with_closed(wanted))]
        else:
            many = wanted if reason == "no_vehicle" else roomy(wanted)
            healed = [_longer(many)] if reason == "too_far" else [without(many, reason, beside) for beside in wanted.fleet.depots.values()]
        still = set.intersection(*({(each.kato, each.visit) for each in answer(each_week, 1).unplanned} for each_week in healed))
        yield from ((reason, visit not in still) for visit in visits)


def _longer(wanted: Request) -> Request:
    """The same week with days from midnight to midnight."""
    return replace(
        wanted, fleet=replace(wanted.fleet, days=tuple(replace(each, minutes=24 * 60 - 1, depart=0) for each in wanted.fleet.days))
    )


def main() -> None:
    """Read the options, plan, judge, count."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--weeks", type=int, default=500)
    options.add_argument("--small", type=int, default=100)
    options.add_argument("--cured", type=int, default=100, help="weeks whose stated causes are removed")
    options.add_argument("--first", type=int, default=0, help="the first seed")
    chosen = options.parse_args()
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for seed in range(chosen.first, chosen.first + chosen.weeks):
        wanted = random_request(seed) if seed % 2 else randomly_closed(seed)
        plan = answer(wanted, 1)
        counts.update(
            {
                "weeks": 1,
                "routes": len(plan.routes),
                "stops": len(plan.stops),
                "left out": len(plan.unplanned),
                "faults": judged(wanted, plan),
            }
        )
        reasons.update(each.reason for each in plan.unplanned)
        if seed - chosen.first < chosen.cured:
            for reason, healed in cured(wanted, plan):
                counts.update({"causes removed": 1, "served then": healed})
                if not healed:
                    print(f"seed {seed}: still left out without {reason}")
    print(", ".join(f"{name} {count}" for name, count in counts.items()))
    print("reasons:", ", ".join(f"{reason} {count}" for reason, count in reasons.most_common()))
    alike, whole = 0, 0
    for seed in range(chosen.small):
        wanted = small_week(seed)
        plan, best = answer(wanted, 1), best_of_all(wanted)
        whole += not plan.unplanned
        alike += reached(plan) == best
        if reached(plan) != best:
            print(f"seed {seed}: {len(wanted.calls)} villages, reached {reached(plan)}, best {best}")
    print(
        f"small weeks {chosen.small} (wholly served {whole}), as good as the best of all ways: {alike}; processor seconds {time.process_time():.0f}"
    )


if __name__ == "__main__":
    main()
