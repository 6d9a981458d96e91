"""Trips with a night for villages that are too far for a day: out on one day, home on the next, the night spent at one of the stops. Pure.

routing/request asks after the week is planned, with the vehicles that are left: with the setting `overnight` the trips are planned, without it a
village that one could reach says so in its reason. Each is a route of its own kind (routing/plan.OVERNIGHT); routing/verify judges it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from routing.closed import Shut, shut
from routing.fleet import Depot, Fleet, VehicleDay
from routing.hours import rested
from routing.plan import OVERNIGHT, Plan, PlannedRoute, Stop, Unplanned
from routing.remainder import open_fleet
from routing.roads import NO_ROAD, Place, Roads, RoadTable
from routing.scopes import Scope, parts
from routing.stops import Call
from routing.timetable import headed, heaviest, leg_along, stop_at

NIGHT = "night"  # in the details of a village that a trip with a night could reach
Pair = tuple[VehicleDay, VehicleDay]


@dataclass(frozen=True, slots=True)
class Country:
    """The far villages and the offices round them: their road table, what is closed of it, and each code's row."""

    table: RoadTable
    shut: Shut
    rows: dict[str, int]
    depots: dict[str, Depot]
    service_minutes: int


def with_nights(plan: Plan, calls: Sequence[Call], fleet: Fleet, roads: Roads, scope: Scope) -> Plan:
    """The plan with trips of two days for villages too far for one, where the settings want them; else such villages say that there could be one."""
    missed = {each.kato for each in plan.unplanned if each.reason == "too_far" and each.visit == 0}
    if not missed:
        return plan
    found = [trip for part in parts(calls, open_fleet(fleet, plan.routes), scope) for trip in _trips(part, missed, fleet, roads)]
    reached = {stop.kato for trip in found for stop in trip.stops}
    if not roads.settings.overnight:
        told = (_could_be(each) if each.kato in reached else each for each in plan.unplanned)
        return replace(plan, unplanned=tuple(told))
    left = [each for missing in plan.unplanned for each in (_later_visits(missing) if missing.kato in reached else [missing])]
    routes = sorted((*plan.routes, *found), key=lambda route: (route.office, route.date, route.vehicle))
    return replace(plan, routes=tuple(routes), unplanned=tuple(left))


def _could_be(each: Unplanned) -> Unplanned:
    return replace(each, details=(*each.details, (NIGHT, 1)))


def _later_visits(each: Unplanned) -> list[Unplanned]:
    """One trip with a night makes one visit; the others of the week are still too far."""
    return [replace(each, visit=number) for number in range(2, each.visits + 1)]


def _trips(part: tuple[str, list[Call], list[VehicleDay]], missed: set[str], fleet: Fleet, roads: Roads) -> Iterator[PlannedRoute]:
    """The area's trips, one after the other: the village with the most packets first, and with it whatever else is on the way."""
    _name, calls, days = part
    far = sorted((replace(call, visit=1) for call in calls if call.kato in missed), key=lambda call: (-call.packets_out, call.kato))
    pairs = _pairs(days)
    if not far or not pairs:
        return
    country = _country(far, days, fleet, roads)
    while far:
        offers = [trip for pair in pairs if (trip := _trip(country, pair, (far[0],))) is not None]
        if not offers:
            far = far[1:]
            continue
        best = min(offers, key=lambda trip: (trip.metres, trip.office, trip.date, trip.number))
        pair = next(each for each in pairs if (each[0].office, each[0].vehicle, each[0].date) == (best.office, best.vehicle, best.date))
        order: tuple[Call, ...] = (far[0],)
        for call in far[1:]:
            longer = [(trip, each) for each in _insertions(order, call) if (trip := _trip(country, pair, each)) is not None]
            if longer:
                best, order = min(longer, key=lambda offer: offer[0].metres)
        far = [call for call in far if call not in order]
        taken = set(best.vehicle_days)
        pairs = [each for each in pairs if not taken.intersection((day.office, day.vehicle, day.day) for day in each)]
        yield best


def _insertions(order: tuple[Call, ...], call: Call) -> list[tuple[Call, ...]]:
    return [(*order[:place], call, *order[place:]) for place in range(len(order) + 1)]


def _pairs(days: Sequence[VehicleDay]) -> list[Pair]:
    """Two days in a row of one vehicle."""
    by_date = {(each.office, each.vehicle, each.date): each for each in days}
    nexts = ((each, by_date.get((each.office, each.vehicle, _next(each.date)))) for each in days)
    return [(first, second) for first, second in nexts if second is not None]


def _next(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _country(far: Sequence[Call], days: Sequence[VehicleDay], fleet: Fleet, roads: Roads) -> Country:
    depots = {index: fleet.depots[index] for index in sorted({each.office for each in days})}
    places = [Place((each.index, each.kato), each.lat, each.lon) for each in depots.values()]
    places += [Place((call.kato,), call.lat, call.lon) for call in far]
    rows = {code: row for row, code in enumerate([*depots, *(call.kato for call in far)])}
    closed = shut([place.names for place in places], roads.closed)
    return Country(roads.table(places), closed, rows, depots, roads.settings.service_minutes)


def _trip(country: Country, pair: Pair, order: Sequence[Call]) -> PlannedRoute | None:
    """The trip through the calls with the night after the first possible stop; None where no rule allows one."""
    nights = (_written(country, pair, order, night) for night in range(1, len(order) + 1) if _allowed(country, pair, order, night))
    return next((trip for trip in nights if trip is not None), None)


def _allowed(country: Country, pair: Pair, order: Sequence[Call], night: int) -> bool:
    """Whether mail days and roads are open on the day of each call."""
    day_of = [pair[place >= night] for place in range(len(order))]
    if any(day.day not in call.days for day, call in zip(day_of, order, strict=True)):
        return False
    rows = [country.rows[pair[0].office], *(country.rows[call.kato] for call in order), country.rows[pair[0].office]]
    legs = list(zip(rows, rows[1:], [*day_of, pair[1]], strict=False))
    if any(int(country.table.minutes[start, end]) >= NO_ROAD for start, end, _day in legs):
        return False
    return not any(day.day in country.shut and bool(country.shut[day.day][start, end]) for start, end, day in legs)


def _written(country: Country, pair: Pair, order: Sequence[Call], night: int) -> PlannedRoute | None:
    """The trip with its times; None where a day or the load is too much."""
    office = country.rows[pair[0].office]
    rows = [office, *(country.rows[call.kato] for call in order), office]
    ways = [leg_along(country.table, ends, pair[0].speed) for ends in pairwise(rows)]
    stops: list[Stop] = []
    spent = []
    for number, day in enumerate(pair):
        work = pause = 0
        for place in range(night) if number == 0 else range(night, len(order)):
            work += ways[place].minutes
            before, pause = pause, rested(work, day)
            arrive = day.depart + work + pause
            stops.append(stop_at(place + 1, order[place], ways[place], arrive, country.service_minutes, day.date, pause - before))
            work += country.service_minutes
        if number:
            work += ways[-1].minutes
            home, pause = rested(work, day) - pause, rested(work, day)
        spent.append(work + pause)
    if any(minutes > day.minutes for minutes, day in zip(spent, pair, strict=True)) or heaviest(stops) > pair[0].payload_grams:
        return None
    route = headed(pair[0], country.depots[pair[0].office], ways[-1], sum(spent), tuple(stops), home)
    return replace(route, kind=OVERNIGHT, night_after=night, back_date=pair[1].date)
