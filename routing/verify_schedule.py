"""The judge of existing routes: one that carries packets is driven as the post's list says, with small detours, and its van does nothing else. Pure.

It shares no code with routing/runs, ride and schedule; routing/request asks it beside routing/verify, which has judged legs, times and days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import pairwise

from records.settings import RouteSettings
from routing.fleet import Fleet
from routing.plan import OVERNIGHT, SCHEDULE, Plan, PlannedRoute
from routing.runs import Schedule
from routing.verify import Fault, Legs, weekday
from settlements.schedule import ExistingRoute


def schedule_faults(
    plan: Plan, schedule: Schedule, fleet: Fleet, legs: Legs, settings: RouteSettings, kept: Collection[PlannedRoute] = ()
) -> list[Fault]:
    """Every broken rule of the existing routes; routes under way (`kept`) are not judged again."""
    listed = {(route.office, route.name): route for route in schedule.routes}
    found: list[Fault] = []
    for route in plan.routes:
        if route.kind == SCHEDULE and route not in kept:
            known = listed.get((route.office, route.schedule))
            where = f"{route.office} {route.schedule} {route.day}"
            if known is None:
                found.append(Fault("schedule_unknown", where, "the post has no such route"))
            else:
                found += _of_run(route, known, schedule, legs, settings, fleet, where)
    if any(route.kind == SCHEDULE for route in plan.routes) or settings.on_schedule:
        found += _vans(plan, schedule, fleet, kept)
    return found


def _of_run(
    route: PlannedRoute, known: ExistingRoute, schedule: Schedule, legs: Legs, settings: RouteSettings, fleet: Fleet, where: str
) -> Iterator[Fault]:
    calls = [call.kato for call in known.calls if route.day in call.days and schedule.known(call.kato)]
    walked = [kato for stop in route.stops for kato in (*stop.via, stop.kato)] + list(route.return_via)
    off = {stop.kato for stop in route.stops} - set(calls)
    if [kato for kato in walked if kato not in off] != calls:
        yield Fault("schedule_walk", where, f"calls at {walked}, the post at {calls}")
    if known.vehicle not in ("", route.vehicle):
        yield Fault("schedule_vehicle", where, f"driven with {route.vehicle}, the list says {known.vehicle}")
    own, longer = (_metres((route.office, *each, route.office), legs) for each in (calls, walked))
    if longer - own > settings.detour_metres * sum(stop.kato in off for stop in route.stops):
        yield Fault("schedule_detour", where, f"{longer - own} metres more for {len(off)} villages")
    payload = [day.payload_grams for day in fleet.days if (day.office, day.vehicle, day.day) == (route.office, route.vehicle, route.day)]
    if payload and route.max_load_grams > payload[0] * settings.free_share:
        yield Fault("schedule_load", where, f"{route.max_load_grams} g beside the ordinary mail of a van of {payload[0]} g")


def _metres(walk: tuple[str, ...], legs: Legs) -> int:
    ways = [legs.get(pair) for pair in pairwise(walk)]
    return sum(way.metres for way in ways if way is not None)


def _vans(plan: Plan, schedule: Schedule, fleet: Fleet, kept: Collection[PlannedRoute]) -> Iterator[Fault]:
    """Every existing route finds a van on its days, as far as the office has any: ours take what is left, and none that a route is named for."""
    away = {key for route in kept for key in _keys(route)}
    here = {(day.office, day.vehicle, day.day) for day in fleet.days} - away
    vans = Counter((office, day) for office, _vehicle, day in here)
    ours = [key for route in plan.routes if route.kind != SCHEDULE and route not in kept for key in _keys(route)]
    gone = {(route.office, route.schedule, route.day) for route in kept if route.kind == SCHEDULE}
    driven = [(route, day) for route in schedule.routes for day in {day for call in route.calls for day in call.days}]
    driven = [(route, day) for route, day in driven if (route.office, route.name, day) not in gone]
    named = {(route.office, route.vehicle, day) for route, day in driven if route.vehicle} & here
    running = Counter(
        [(office, day) for office, _vehicle, day in named] + [(route.office, day) for route, day in driven if not route.vehicle]
    )
    for (office, day), count in Counter((office, day) for office, _vehicle, day in ours).items():
        if running[office, day] and count > max(0, vans[office, day] - running[office, day]):
            yield Fault("schedule_van", f"{office} {day}", f"{count} routes of ours beside {running[office, day]} of the post")
    for office, vehicle, day in ours:
        if (office, vehicle, day) in named:
            yield Fault("schedule_van", f"{office} {vehicle} {day}", "this van drives a route of the post")


def _keys(route: PlannedRoute) -> list[tuple[str, str, str]]:
    days = (route.day, weekday(route.back_date)) if route.kind == OVERNIGHT else (route.day,)
    return [(route.office, route.vehicle, day) for day in days]
