"""An independent judge of plans: every rule counted again from the road table and the week's calls. Pure.

It shares no code with routing/solve, routing/repair and routing/timetable. routing/commands saves no plan in which it finds a fault. Faults are
for developers and the journal, so they are English words and figures.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from routing.fleet import Fleet, VehicleDay
from routing.plan import REASONS, Plan, PlannedRoute, Stop, Unplanned
from routing.roads import NO_ROAD, Place, Roads
from routing.stops import Call


class Leg(NamedTuple):
    """What the roads say of a way: metres, whole minutes, matrix or estimate; `drivable` is False where there is no road."""

    metres: int
    minutes: int
    source: str
    drivable: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule: its stable name, the route's office, vehicle and day (or the village), and the figures."""

    kind: str
    where: str
    text: str


Legs = Mapping[tuple[str, str], Leg]  # by office index or KATO, from and to


def legs_of(plan: Plan, calls: Iterable[Call], fleet: Fleet, roads: Roads) -> dict[tuple[str, str], Leg]:
    """Every leg that the plan drives, looked up again in the roads."""
    wanted = {call.kato: call for call in calls}
    found: dict[tuple[str, str], Leg] = {}
    for route in plan.routes:
        depot = fleet.depots.get(route.office)
        if depot is None:
            continue
        stops = [wanted[stop.kato] for stop in route.stops if stop.kato in wanted]
        names = [route.office, *(call.kato for call in stops)]
        table = roads.table(
            [Place((depot.index, depot.kato), depot.lat, depot.lon), *(Place((call.kato,), call.lat, call.lon) for call in stops)]
        )
        for row, start in enumerate(names):
            for column, end in enumerate(names):
                minutes = int(table.minutes[row, column])
                found[start, end] = Leg(int(table.metres[row, column]), minutes, table.source(row, column), minutes < NO_ROAD)
    return found


def faults(
    plan: Plan, calls: Iterable[Call], fleet: Fleet, legs: Legs, service_minutes: int, kept: Collection[PlannedRoute] = ()
) -> list[Fault]:
    """Every broken rule of the plan; an empty list is a good plan.

    `kept`: routes under way. They must stand in the plan exactly as they are, and they count for visits, packets and vehicle-days; by the
    roads, vehicles and mail days of today they are not judged again.
    """
    wanted = {call.kato: call for call in calls}
    vehicles = {(each.office, each.vehicle, each.day): each for each in fleet.days}
    under_way = frozenset(kept)
    found = [*_kept(plan, kept), *_vehicles(plan, vehicles, kept), *_visits(plan, wanted), *_accounts(plan, wanted, kept)]
    for route in plan.routes:
        if route in under_way:
            continue
        vehicle = vehicles.get((route.office, route.vehicle, route.day))
        if vehicle is not None:
            found += _route(route, vehicle, fleet, legs, service_minutes)
        found += _mail_days(route, wanted)
    return found


def _name(route: PlannedRoute) -> str:
    return f"{route.office} {route.vehicle} {route.day}"


def _kept(plan: Plan, kept: Iterable[PlannedRoute]) -> Iterator[Fault]:
    """Each route under way stands in the plan once, unchanged."""
    times = Counter(plan.routes)
    for route in kept:
        if times[route] != 1:
            yield Fault("kept_changed", _name(route), f"the route {route.code} is under way and stands {times[route]} times as it left")


def _vehicles(plan: Plan, vehicles: Mapping[tuple[str, str, str], VehicleDay], kept: Iterable[PlannedRoute]) -> Iterator[Fault]:
    """Each vehicle-day exists, or is under way, and is used once."""
    known = {*vehicles, *((route.office, route.vehicle, route.day) for route in kept)}
    for key, times in Counter((route.office, route.vehicle, route.day) for route in plan.routes).items():
        where = " ".join(key)
        if key not in known:
            yield Fault("vehicle_unknown", where, "no such vehicle-day in the fleet")
        if times > 1:
            yield Fault("vehicle_twice", where, f"{times} routes on one vehicle-day")


def _visits(plan: Plan, wanted: Mapping[str, Call]) -> Iterator[Fault]:
    """Every visit of every village is planned once or has a reason, never both, and two visits never fall on one day."""
    planned = Counter((stop.kato, stop.visit) for stop in plan.stops)
    missed = Counter((each.kato, visit) for each in plan.unplanned for visit in _spoken_for(each))
    for kato, call in wanted.items():
        for visit in range(1, call.visits + 1):
            times = planned[kato, visit] + missed[kato, visit]
            if times != 1:
                yield Fault("visit_missing" if not times else "visit_twice", kato, f"visit {visit} of {call.visits} stands {times} times")
    for kato, visit in planned:
        if kato not in wanted or not 1 <= visit <= wanted[kato].visits:
            yield Fault("visit_unasked", kato, f"nobody asked for visit {visit}")
    for each in plan.unplanned:
        if each.reason not in REASONS:
            yield Fault("reason_unknown", each.kato, f"{each.reason!r} is no reason")
    for (kato, date), times in Counter((stop.kato, route.date) for route in plan.routes for stop in route.stops).items():
        if times > 1:
            yield Fault("same_day", kato, f"{times} visits on {date}")


def _spoken_for(each: Unplanned) -> Iterable[int]:
    """The visits that a refusal means: visit 0 is the village as a whole."""
    return range(1, each.visits + 1) if each.visit == 0 else (each.visit,)


def _accounts(plan: Plan, wanted: Mapping[str, Call], kept: Iterable[PlannedRoute]) -> Iterator[Fault]:
    """No packet or gram is lost or invented: what stops carry is what their villages have, no more; a refused village has what left before."""
    gone: dict[str, list[Stop]] = defaultdict(list)
    for stop in (stop for route in kept for stop in route.stops):
        gone[stop.kato].append(stop)
    carried: dict[str, list[Stop]] = defaultdict(list)
    for stop in plan.stops:
        carried[stop.kato].append(stop)
    refused = {each.kato for each in plan.unplanned}
    for kato, stops in carried.items():
        call = wanted.get(kato)
        for name in ("packets_out", "packets_back", "grams_out", "grams_back") if call is not None else ():
            total, asked = sum(getattr(stop, name) for stop in stops), getattr(call, name)
            left = sum(getattr(stop, name) for stop in gone[kato])
            if total != asked and not (kato in refused and total == left):
                yield Fault("packets_lost", kato, f"{name}: {total} on routes, {asked} wanted")


def _mail_days(route: PlannedRoute, wanted: Mapping[str, Call]) -> Iterator[Fault]:
    for stop in route.stops:
        if stop.kato in wanted and route.day not in wanted[stop.kato].days:
            yield Fault("mail_day", _name(route), f"{stop.kato} takes no post on {route.day}")


def _route(route: PlannedRoute, vehicle: VehicleDay, fleet: Fleet, legs: Legs, service_minutes: int) -> Iterator[Fault]:
    where = _name(route)
    depot = fleet.depots[route.office]
    if not route.stops:
        yield Fault("empty_route", where, "a route without stops")
    if [stop.order for stop in route.stops] != list(range(1, len(route.stops) + 1)):
        yield Fault("order", where, "stops are not numbered from 1")
    if (route.lat, route.lon) != (depot.lat, depot.lon):
        yield Fault("depot", where, "the route does not start at its office")
    if {route.date, route.back_date, *(stop.date for stop in route.stops)} != {vehicle.date}:
        yield Fault("date", where, f"{route.date} is not the {vehicle.day} of the delivery week")
    if route.minutes > vehicle.minutes:
        yield Fault("day_length", where, f"{route.minutes} minutes in a day of {vehicle.minutes}")
    yield from _loads(route, vehicle, where)
    yield from _legs(route, legs, where)
    yield from _times(route, vehicle, service_minutes, where)


def _loads(route: PlannedRoute, vehicle: VehicleDay, where: str) -> Iterator[Fault]:
    """The payload holds on every leg: packets not yet handed out and packets already taken back."""
    legs = range(len(route.stops) + 1)
    on_board = [sum(stop.grams_out for stop in route.stops[leg:]) + sum(stop.grams_back for stop in route.stops[:leg]) for leg in legs]
    if max(on_board) > vehicle.payload_grams:
        yield Fault("payload", where, f"{max(on_board)} g on board, {vehicle.payload_grams} g allowed")
    if route.max_load_grams != max(on_board):
        yield Fault("max_load", where, f"said {route.max_load_grams} g, counted {max(on_board)} g")


def _legs(route: PlannedRoute, legs: Legs, where: str) -> Iterator[Fault]:
    """Each leg is what the roads say, and the kilometres add up, with the way home."""
    calls = [route.office, *(stop.kato for stop in route.stops), route.office]
    said = [(stop.leg_metres, stop.leg_minutes, stop.source) for stop in route.stops]
    said.append((route.return_metres, route.return_minutes, route.return_source))
    for start, end, words in zip(calls, calls[1:], said, strict=False):
        leg = legs.get((start, end))
        if leg is None:
            yield Fault("leg", where, f"nothing is known of {start} to {end}")
            continue
        if not leg.drivable:
            yield Fault("no_road", where, f"no road from {start} to {end}")
        if words[:2] != (leg.metres, leg.minutes):
            yield Fault("leg", where, f"{start} to {end}: said {words[:2]}, counted {(leg.metres, leg.minutes)}")
        if words[2] != leg.source:
            yield Fault("source", where, f"{start} to {end} is of the {leg.source}, not of the {words[2]}")
    if route.metres != sum(words[0] for words in said):
        yield Fault("metres", where, f"said {route.metres}, counted {sum(words[0] for words in said)}")


def _times(route: PlannedRoute, vehicle: VehicleDay, service_minutes: int, where: str) -> Iterator[Fault]:
    """Arrivals follow from departure, driving and service; the day counts all of it."""
    clock = vehicle.depart
    if route.depart != f"{clock // 60:02d}:{clock % 60:02d}":
        yield Fault("depart", where, f"departs {route.depart}")
    for stop in route.stops:
        clock += stop.leg_minutes
        if stop.arrive != f"{clock // 60:02d}:{clock % 60:02d}":
            yield Fault("arrive", where, f"{stop.kato} at {stop.arrive}, counted {clock} minutes after midnight")
        if stop.service_minutes != service_minutes:
            yield Fault("service", where, f"{stop.service_minutes} minutes at {stop.kato}")
        clock += stop.service_minutes
    if route.minutes != clock + route.return_minutes - vehicle.depart:
        yield Fault("minutes", where, f"said {route.minutes}, counted {clock + route.return_minutes - vehicle.depart}")
