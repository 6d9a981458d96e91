"""What is still to be planned where routes are under way: their villages, packets and vehicle-days are taken, the rest of the week is open.

routing/request plans the rest and joins it with the routes under way, which stay exactly as they are. Pure; no database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from routing.fleet import Fleet
from routing.plan import Plan, PlannedRoute, Stop, Unplanned
from routing.scopes import Scope, area
from routing.stops import Call


@dataclass(frozen=True, slots=True)
class Taken:
    """What routes under way do at one village: the numbers of their visits, their weekdays, and what they carry."""

    visits: frozenset[int]
    days: tuple[str, ...]
    packets_out: int
    packets_back: int
    grams_out: int
    grams_back: int


def taken_by(kept: Iterable[PlannedRoute]) -> dict[str, Taken]:
    """By KATO."""
    found: dict[str, list[tuple[str, Stop]]] = defaultdict(list)
    for route in kept:
        for stop in route.stops:
            found[stop.kato].append((route.day_of(stop), stop))
    return {kato: _taken(calls) for kato, calls in found.items()}


def _taken(calls: Sequence[tuple[str, Stop]]) -> Taken:
    stops = [stop for _day, stop in calls]
    return Taken(
        visits=frozenset(stop.visit for stop in stops),
        days=tuple(day for day, _stop in calls),
        packets_out=sum(stop.packets_out for stop in stops),
        packets_back=sum(stop.packets_back for stop in stops),
        grams_out=sum(stop.grams_out for stop in stops),
        grams_back=sum(stop.grams_back for stop in stops),
    )


def whole_call(call: Call, taken: Taken) -> Call:
    """The village's call with at least what is under way, and one visit more where packets wait after the last."""
    waiting = call.packets_out > taken.packets_out
    return replace(
        call,
        visits=max(call.visits, *taken.visits, len(taken.visits) + waiting),
        packets_out=max(call.packets_out, taken.packets_out),
        packets_back=max(call.packets_back, taken.packets_back) if waiting or call.visits > len(taken.visits) else taken.packets_back,
        grams_out=max(call.grams_out, taken.grams_out),
        grams_back=max(call.grams_back, taken.grams_back) if waiting or call.visits > len(taken.visits) else taken.grams_back,
    )


def open_calls(calls: Sequence[Call], kept: Sequence[PlannedRoute]) -> list[Call]:
    """The calls without what is under way: on other days, with what is left to carry; its visits are counted from 1 anew."""
    taken = taken_by(kept)
    return [left for call in calls if (left := _left(call, taken.get(call.kato))) is not None]


def _left(call: Call, taken: Taken | None) -> Call | None:
    if taken is None:
        return call
    visits = call.visits - len(taken.visits)
    if visits <= 0:
        return None
    return replace(
        call,
        visits=visits,
        days=tuple(day for day in call.days if day not in taken.days),
        packets_out=call.packets_out - taken.packets_out,
        packets_back=call.packets_back - taken.packets_back,
        grams_out=call.grams_out - taken.grams_out,
        grams_back=call.grams_back - taken.grams_back,
    )


def open_fleet(fleet: Fleet, kept: Iterable[PlannedRoute], busy: Collection[tuple[str, str, str]] = ()) -> Fleet:
    """The fleet without the vehicle-days under way and those that are `busy` otherwise."""
    taken = {*busy, *(each for route in kept for each in route.vehicle_days)}
    return replace(fleet, days=tuple(each for each in fleet.days if (each.office, each.vehicle, each.day) not in taken))


def joined(rest: Plan, calls: Sequence[Call], fleet: Fleet, kept: Sequence[PlannedRoute]) -> Plan:
    """The plan of the rest together with the routes under way; visits have the numbers of the whole week."""
    if not kept:
        return rest
    taken = taken_by(kept)
    numbers = {call.kato: _free_numbers(call, taken[call.kato]) for call in calls if call.kato in taken}
    visits = {call.kato: call.visits for call in calls}
    routes = [*kept, *(_renumbered(route, numbers, visits) for route in rest.routes)]
    routes.sort(key=lambda route: (route.office, route.date, route.vehicle))
    busy = {area(depot.kato, Scope(rest.scope)): depot.index for depot in fleet.depots.values() if depot.index in {r.office for r in kept}}
    missed = [left for each in rest.unplanned for left in _restated(each, numbers, visits, taken, busy)]
    return replace(rest, routes=tuple(routes), unplanned=tuple(missed))


def _free_numbers(call: Call, taken: Taken) -> tuple[int, ...]:
    return tuple(number for number in range(1, call.visits + 1) if number not in taken.visits)


def _renumbered(route: PlannedRoute, numbers: Mapping[str, Sequence[int]], visits: Mapping[str, int]) -> PlannedRoute:
    stops = [
        replace(stop, visit=numbers[stop.kato][stop.visit - 1], visits=visits[stop.kato]) if stop.kato in numbers else stop
        for stop in route.stops
    ]
    return replace(route, stops=tuple(stops))


def _restated(
    each: Unplanned, numbers: Mapping[str, Sequence[int]], visits: Mapping[str, int], taken: Mapping[str, Taken], busy: Mapping[str, str]
) -> list[Unplanned]:
    """The refusal visit by visit where others are under way, with a reason that counts what those have taken."""
    details = dict(each.details)
    if each.reason == "no_vehicle" and details.get("area") in busy:
        each = replace(each, details=(("office", busy[str(details["area"])]),))
    if each.kato not in numbers:
        return [each]
    if each.reason == "no_mail_day" and details.get("mail_days") == "":
        each = replace(each, details=(("visits", visits[each.kato]), ("possible", len(taken[each.kato].days))))
    free = numbers[each.kato]
    meant = free if each.visit == 0 else free[each.visit - 1 : each.visit]
    return [replace(each, visit=number, visits=visits[each.kato]) for number in meant]
