"""A week planned anew without a vehicle, a road or a village, so that only what must change changes. Pure; no database.

Routes under way stay. So does every other route that still keeps all rules as the week is now: its code, order and times. A route that does not is
first driven as it was, without what fell away or with another vehicle of its office; else its villages are planned on vehicle-days that are left. Only
where a village that was served would then be lost are further routes opened, the nearest first, as few as will do. routing/replan_commands saves
and tells; the judges of routing/request see the outcome.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from routing.fleet import Fleet, VehicleDay
from routing.plan import PLANNED, Plan, PlannedRoute, Stop, Unplanned
from routing.remainder import Taken, taken_by
from routing.request import Request, busy_days, judged, planned, require_sound
from routing.roads import Place
from routing.stops import Call
from routing.timetable import leg_along, timed
from routing.without import Without
from settlements.distance import metres as great_circle

OPENED = 6  # further routes at most, one after the other
ELSEWHERE = frozenset(
    ("visit_missing", "visit_twice", "packets_lost", "kept_changed", "same_day")
)  # faults of a plan, not of one of its routes


@dataclass(frozen=True, slots=True)
class Moved:
    """One visit whose call changed: added, removed, moved to another vehicle-day, or at another time. Routes by office, vehicle and date, with time."""

    kato: str
    visit: int
    change: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Replanned:
    """The new plan, what it was asked for, and which routes of the old one stand in it as they were."""

    plan: Plan
    request: Request
    same: tuple[PlannedRoute, ...]
    moved: tuple[Moved, ...]


def replanned(request: Request, before: Plan, without: Without, processes: int = 1) -> Replanned:
    """The week without what is named; where nothing has to change, the routes of the plan as they were."""
    week = narrowed(request, without)
    open_routes = [route for route in before.routes if route not in request.kept]
    sound = [route for route in _complete(week, open_routes) if not _faults(week, route)]
    if len(sound) == len(open_routes) and _accounted(week, before, without):
        return Replanned(before, week, before.routes, ())
    fixed = [*sound, *_driven_again(week, [route for route in open_routes if route not in sound], sound)]
    plan = _with_fixed(week, fixed, without, processes)
    served = {(stop.kato, stop.visit) for stop in before.stops if stop.kato not in without.villages}
    order = _nearest_first(week, fixed, _lost(plan, served))
    for count in range(1, min(OPENED, len(order)) + 1):
        if not _lost(plan, served):
            break
        opened = [route for route in fixed if route not in order[:count]]
        plan = min(plan, _with_fixed(week, opened, without, processes), key=lambda each: len(_lost(each, served)))
    plan = _told_as_before(before, plan)
    require_sound(week, plan)
    same = tuple(route for route in plan.routes if route in before.routes)
    return Replanned(plan, week, same, tuple(changes(before, plan)))


def _accounted(week: Request, before: Plan, without: Without) -> bool:
    """Whether the plan says of every visit of today where it stands or why not, and has nothing of what is left out."""
    told = {
        (each.kato, number) for each in before.unplanned for number in (range(1, each.visits + 1) if each.visit == 0 else (each.visit,))
    }
    told |= {(stop.kato, stop.visit) for stop in before.stops}
    left_out = {each.kato for each in before.unplanned if ("asked", 1) in each.details}
    wanted = {(call.kato, number) for call in week.calls for number in range(1, call.visits + 1)}
    return told == wanted and left_out == set(without.villages)


def narrowed(request: Request, without: Without) -> Request:
    """The request as the week is now: fewer vehicles, closed roads. Villages left out are still its calls, so that nobody forgets them."""
    return replace(request, fleet=without.fleet(request.fleet), roads=without.roads(request.roads), without=without.words)


def _faults(week: Request, route: PlannedRoute) -> list[str]:
    """What the judge finds wrong with the route alone, as the week is now."""
    if any(stop.kato in _left_out(week) for stop in route.stops):
        return ["village"]
    alone = replace(week, kept=())
    found = judged(alone, Plan(week.week, week.scope.value, (route,), ()))
    return [fault.kind for fault in found if fault.kind not in ELSEWHERE]


def _left_out(week: Request) -> set[str]:
    return {word.removeprefix("village:") for word in week.without if word.startswith("village:")}


def _complete(week: Request, routes: Sequence[PlannedRoute]) -> list[PlannedRoute]:
    """The routes whose villages have today what the plan carries: no packet more, none less."""
    carried = taken_by([*week.kept, *routes])
    calls = {call.kato: call for call in week.calls}
    loads = ("packets_out", "packets_back", "grams_out", "grams_back")
    wrong = {
        kato
        for kato, each in carried.items()
        if kato not in calls or any(getattr(each, name) not in (0, getattr(calls[kato], name)) for name in loads)
    }
    return [route for route in routes if not wrong.intersection(stop.kato for stop in route.stops)]


def _driven_again(week: Request, broken: Sequence[PlannedRoute], sound: Sequence[PlannedRoute]) -> list[PlannedRoute]:
    """Broken routes that can be driven in their own order, without villages left out, on their day or with another vehicle of their office."""
    taken = {each for route in (*week.kept, *sound) for each in route.vehicle_days} | busy_days(week)
    found: list[PlannedRoute] = []
    for route in broken:
        stops = [stop for stop in route.stops if stop.kato not in _left_out(week)]
        if route.kind != PLANNED or not stops or len(_complete(week, [replace(route, stops=tuple(stops)), *sound])) <= len(sound):
            continue
        for day in _days(week.fleet, route, taken):
            again = _rewritten(week, stops, day)
            if again is not None and not _faults(week, again):
                found.append(again)
                taken.update(again.vehicle_days)
                break
    return found


def _days(fleet: Fleet, route: PlannedRoute, taken: set[tuple[str, str, str]]) -> list[VehicleDay]:
    """Vehicle-days of the route's office that are free: its own first, then those of its date, then the earliest."""
    free = [each for each in fleet.days if each.office == route.office and (each.office, each.vehicle, each.day) not in taken]
    return sorted(
        free, key=lambda each: ((each.vehicle, each.date) != (route.vehicle, route.date), each.date != route.date, each.date, each.number)
    )


def _rewritten(week: Request, stops: Sequence[Stop], day: VehicleDay) -> PlannedRoute | None:
    """A route through the stops in their order with this vehicle-day; None where a village is no call any more."""
    calls = {call.kato: call for call in week.calls}
    if any(stop.kato not in calls for stop in stops):
        return None
    visits = [
        replace(
            calls[stop.kato],
            visit=stop.visit,
            **{name: getattr(stop, name) for name in ("packets_out", "packets_back", "grams_out", "grams_back")},
        )
        for stop in stops
    ]
    depot = week.fleet.depots[day.office]
    places = [Place((depot.index, depot.kato), depot.lat, depot.lon), *(Place((call.kato,), call.lat, call.lon) for call in visits)]
    table, rows = week.roads.table(places), [*range(len(places)), 0]
    legs = [leg_along(table, (start, end), day.speed) for start, end in pairwise(rows)]
    return timed(day, depot, visits, legs, week.roads.settings.service_minutes)


def _with_fixed(week: Request, fixed: Sequence[PlannedRoute], without: Without, processes: int) -> Plan:
    """The plan round the fixed routes; villages left out stand among the unplanned with the reason that they were."""
    coded = tuple(route if route.code else replace(route, code=f"~{place}") for place, route in enumerate(fixed))
    gone = taken_by(week.kept)
    calls = [_as_far_as_gone(call, gone) if call.kato in without.villages else call for call in week.calls]
    around = replace(week, calls=tuple(call for call in calls if call is not None), kept=(*week.kept, *coded))
    plan = planned(around, processes)
    routes = tuple(replace(route, code="") if route.code.startswith("~") else route for route in plan.routes)
    left = [missing for call in week.calls if call.kato in without.villages for missing in _left(call, gone)]
    missed = sorted((*plan.unplanned, *left), key=lambda each: (each.kato, each.visit))
    return replace(plan, routes=routes, unplanned=tuple(missed))


def _as_far_as_gone(call: Call, gone: Mapping[str, Taken]) -> Call | None:
    """The call of a village left out: what is under way to it, and no more; None where nothing is."""
    return replace(call, visits=len(gone[call.kato].visits)) if call.kato in gone else None


def _left(call: Call, gone: Mapping[str, Taken]) -> list[Unplanned]:
    visits = gone[call.kato].visits if call.kato in gone else frozenset[int]()
    numbers = [number for number in range(1, call.visits + 1) if number not in visits] if visits else [0]
    return [Unplanned(call.kato, "closed", number, call.visits, (("asked", 1),)) for number in numbers]


def _told_as_before(before: Plan, plan: Plan) -> Plan:
    """What was left out before and is still, with the reason that was told then, unless it is left out on purpose now."""
    told = {(each.kato, each.visit): each for each in before.unplanned}
    missed = [each if ("asked", 1) in each.details else told.get((each.kato, each.visit), each) for each in plan.unplanned]
    return replace(plan, unplanned=tuple(missed))


def _lost(plan: Plan, served: set[tuple[str, int]]) -> set[tuple[str, int]]:
    return served - {(stop.kato, stop.visit) for stop in plan.stops}


def _nearest_first(week: Request, routes: Sequence[PlannedRoute], lost: Iterable[tuple[str, int]]) -> list[PlannedRoute]:
    """The planned routes that may be opened, those first whose stops come nearest to a village that would be lost."""
    katos = {kato for kato, _visit in lost}
    points = [(call.lat, call.lon) for call in week.calls if call.kato in katos and call.lat is not None and call.lon is not None]

    def away(route: PlannedRoute) -> tuple[float, str]:
        places = [(stop.lat, stop.lon) for stop in route.stops if stop.lat is not None and stop.lon is not None]
        return min((great_circle(*place, *point) for place in places for point in points), default=math.inf), route.code

    return sorted((route for route in routes if route.kind == PLANNED), key=away) if katos else []


def changes(before: Plan, after: Plan) -> Iterable[Moved]:
    """Each visit whose call is not as it was, by village."""
    old, new = _calls(before), _calls(after)
    for key in sorted({*old, *new}):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        change = "added" if was is None else "removed" if now is None else "retimed" if was[:3] == now[:3] else "moved"
        yield Moved(*key, change, _said(was), _said(now))


def _calls(plan: Plan) -> dict[tuple[str, int], tuple[str, str, str, str, str]]:
    found: dict[tuple[str, int], tuple[str, str, str, str, str]] = {}
    for route in plan.routes:
        for stop in route.stops:
            found[stop.kato, stop.visit] = (route.office, route.vehicle, route.date, stop.date, stop.arrive)
    return found


def _said(call: tuple[str, str, str, str, str] | None) -> str:
    return "" if call is None else f"{call[0]} {call[1]} {call[3] or call[2]} {call[4]}"
