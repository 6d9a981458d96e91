"""The judge of closures: no route drives on a closed road or calls at a closed village. Pure; it shares no code with planning.

routing/request asks it beside routing/verify. Faults are for developers and the journal, so they are English words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from records.calendar import WEEKDAYS
from routing.closed import ClosedWay
from routing.fleet import Fleet
from routing.plan import Plan, PlannedRoute
from routing.verify import Fault


def closed_faults(plan: Plan, closed: Sequence[ClosedWay], fleet: Fleet, kept: Collection[PlannedRoute] = ()) -> list[Fault]:
    """Every closed leg that the plan drives; routes under way (`kept`) left before anybody knew."""
    if not closed:
        return []
    under_way = frozenset(kept)
    return [fault for route in plan.routes if route not in under_way for fault in _of_route(route, closed, fleet)]


def _of_route(route: PlannedRoute, closed: Sequence[ClosedWay], fleet: Fleet) -> Iterator[Fault]:
    depot = fleet.depots.get(route.office)
    office = (route.office, depot.kato) if depot is not None and depot.kato else (route.office,)
    legs = [((kato,), _weekday(stop.date or route.date)) for stop in route.stops for kato in (*stop.via, stop.kato)]
    last = _weekday(route.back_date or route.date)
    before: tuple[str, ...] = office
    for names, day in (*legs, *(((kato,), last) for kato in route.return_via), (office, last)):
        for way in closed:
            if day in way.days and _met(way, before, names):
                kind = "closed_road" if way.end else "closed_village"
                yield Fault(
                    kind, f"{route.office} {route.vehicle} {route.day}", f"{way.start} {way.end} is closed on {day}".replace("  ", " ")
                )
        before = names


def _met(way: ClosedWay, start: tuple[str, ...], end: tuple[str, ...]) -> bool:
    """A village is meant by its own code; a road's end also by the code of an office's settlement."""
    if not way.end:
        return way.start in (start[0], end[0])
    return (way.start in start and way.end in end) or (not way.one_way and way.start in end and way.end in start)


def _weekday(day: str) -> str:
    return WEEKDAYS[date.fromisoformat(day).weekday()]
