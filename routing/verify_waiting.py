"""The judge of villages that may wait: nobody who must be served is told to wait, and no call that may wait costs more than it is worth. Pure.

It shares no code with routing/waiting and repair; routing/request asks it beside routing/verify.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from routing.plan import PLANNED, Plan, PlannedRoute
from routing.stops import Call
from routing.verify import Fault, Legs


def waiting_faults(plan: Plan, calls: Iterable[Call], legs: Legs, kept: Collection[PlannedRoute] = (), closed: bool = False) -> list[Fault]:
    """Every broken rule of waiting. `closed`: roads are closed this week, so that a way past a village may not be open: prices are not judged."""
    optional = {call.kato: call.worth for call in calls if call.worth is not None}
    found = [
        Fault("must_not_wait", each.kato, "is told to wait, and may not")
        for each in plan.unplanned
        if each.reason == "may_wait" and each.kato not in optional
    ]
    for route in plan.routes if optional and not closed else ():
        if route.kind == PLANNED and route not in kept:
            found += _prices(route, optional, legs)
    return found


def _prices(route: PlannedRoute, optional: dict[str, int], legs: Legs) -> Iterator[Fault]:
    """What each call that may wait adds to its route, against what it is worth."""
    walk = [route.office, *(stop.kato for stop in route.stops), route.office]
    for before, kato, after in zip(walk, walk[1:], walk[2:], strict=False):
        if kato not in optional:
            continue
        there, on = legs.get((before, kato)), legs.get((kato, after))
        past = legs.get((before, after))
        if there is None or on is None or (past is None and before != after) or (past is not None and not past.drivable):
            continue
        more = there.metres + on.metres - (past.metres if past is not None and before != after else 0)
        if more > optional[kato]:
            yield Fault(
                "not_worth", f"{route.office} {route.vehicle} {route.day}", f"{kato} adds {more} metres, and is worth {optional[kato]}"
            )
