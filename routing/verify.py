"""An independent judge of plans: every rule counted again from the road table and the week's calls. Pure.

It shares no code with routing/solve, routing/repair and routing/timetable. routing/commands saves no plan in which it finds a fault. Faults are
for developers and the journal, so they are English words and figures.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from records.calendar import WEEKDAYS
from routing.fleet import Fleet, VehicleDay
from routing.plan import OVERNIGHT, REASONS, Plan, PlannedRoute, Stop, Unplanned
from routing.roads import NO_ROAD, SOURCES, Place, Roads
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


def legs_of(
    plan: Plan, calls: Iterable[Call], fleet: Fleet, roads: Roads, passed: Mapping[str, Place] | None = None
) -> dict[tuple[str, str], Leg]:
    """Every leg that the plan drives, looked up again in the roads; `passed`: where existing routes call without a packet of ours."""
    known = {call.kato: Place((call.kato,), call.lat, call.lon) for call in calls}
    places = {**(passed or {}), **known}
    found: dict[tuple[str, str], Leg] = {}
    for route in plan.routes:
        depot = fleet.depots.get(route.office)
        if depot is None:
            continue
        codes = [kato for kato in dict.fromkeys(_walk(route)) if kato in places]
        names = [route.office, *codes]
        table = roads.table([Place((depot.index, depot.kato), depot.lat, depot.lon), *(places[kato] for kato in codes)])
        for row, start in enumerate(names):
            for column, end in enumerate(names):
                minutes = int(table.minutes[row, column])
                found[start, end] = Leg(int(table.metres[row, column]), minutes, table.source(row, column), minutes < NO_ROAD)
    return found


def _walk(route: PlannedRoute) -> list[str]:
    """Every place that the route calls at, in order."""
    return [*(kato for stop in route.stops for kato in (*stop.via, stop.kato)), *route.return_via]


def faults(
    plan: Plan,
    calls: Iterable[Call],
    fleet: Fleet,
    legs: Legs,
    service_minutes: int,
    kept: Collection[PlannedRoute] = (),
    calling_minutes: int = 0,
) -> list[Fault]:
    """Every broken rule of the plan; an empty list is a good plan.

    `kept`: routes under way. They must stand in the plan exactly as they are, and they count for visits, packets and vehicle-days; by the
    roads, vehicles and mail days of today they are not judged again. `calling_minutes`: of a call without packets of ours on the way.
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
            days = [vehicle, *(vehicles[key] for key in _keys(route)[1:] if key in vehicles)]
            found += _route(route, days, fleet, legs, (service_minutes, calling_minutes))
        found += _mail_days(route, wanted)
        found += [
            Fault("holiday", _name(route), f"{day} is {fleet.days_off[day]}") for day in sorted(_dates_of(route)) if day in fleet.days_off
        ]
    return found


def _name(route: PlannedRoute) -> str:
    return f"{route.office} {route.vehicle} {route.day}"


def _dates_of(route: PlannedRoute) -> set[str]:
    return {route.date, route.back_date or route.date, *(stop.date or route.date for stop in route.stops)}


def _kept(plan: Plan, kept: Iterable[PlannedRoute]) -> Iterator[Fault]:
    """Each route under way stands in the plan once, unchanged."""
    times = Counter(plan.routes)
    for route in kept:
        if times[route] != 1:
            yield Fault("kept_changed", _name(route), f"the route {route.code} is under way and stands {times[route]} times as it left")


def _vehicles(plan: Plan, vehicles: Mapping[tuple[str, str, str], VehicleDay], kept: Iterable[PlannedRoute]) -> Iterator[Fault]:
    """Each vehicle-day exists, or is under way, and is used once."""
    known = {*vehicles, *(key for route in kept for key in _keys(route))}
    for key, times in Counter(key for route in plan.routes for key in _keys(route)).items():
        where = " ".join(key)
        if key not in known:
            yield Fault("vehicle_unknown", where, "no such vehicle-day in the fleet")
        if times > 1:
            yield Fault("vehicle_twice", where, f"{times} routes on one vehicle-day")


def _keys(route: PlannedRoute) -> list[tuple[str, str, str]]:
    """The vehicle-days that the route takes."""
    days = [route.day, weekday(route.back_date)] if route.kind == OVERNIGHT else [route.day]
    return [(route.office, route.vehicle, day) for day in days]


def weekday(day: str) -> str:
    """mon ... sun of a date."""
    return WEEKDAYS[date.fromisoformat(day).weekday()]


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
    for (kato, day), times in Counter((stop.kato, stop.date or route.date) for route in plan.routes for stop in route.stops).items():
        if times > 1:
            yield Fault("same_day", kato, f"{times} visits on {day}")


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
        day = weekday(stop.date) if route.kind == OVERNIGHT else route.day
        if stop.kato in wanted and day not in wanted[stop.kato].days:
            yield Fault("mail_day", _name(route), f"{stop.kato} takes no post on {day}")


def _route(route: PlannedRoute, days: Sequence[VehicleDay], fleet: Fleet, legs: Legs, minutes: tuple[int, int]) -> Iterator[Fault]:
    """`days`: of its vehicle, two where it takes a night; `minutes`: of a call with packets, and of one without."""
    where, vehicle = _name(route), days[0]
    depot = fleet.depots[route.office]
    if not route.stops:
        yield Fault("empty_route", where, "a route without stops")
    if [stop.order for stop in route.stops] != list(range(1, len(route.stops) + 1)):
        yield Fault("order", where, "stops are not numbered from 1")
    if (route.lat, route.lon) != (depot.lat, depot.lon):
        yield Fault("depot", where, "the route does not start at its office")
    yield from _dates(route, days, where)
    yield from _loads(route, vehicle, where)
    yield from _legs(route, legs, where, vehicle.speed, minutes[1])
    yield from _times(route, days, minutes[0], where)


def _dates(route: PlannedRoute, days: Sequence[VehicleDay], where: str) -> Iterator[Fault]:
    """One day, or two that follow one another with the night between two of the stops, or between the last one and the way home."""
    nights = 1 if route.kind == OVERNIGHT else 0
    if len(days) != nights + 1 or (nights and _next(days[0].date) != days[1].date):
        yield Fault("night", where, f"{len(days)} days of the vehicle in a row")
        return
    if route.night_after not in (range(1, len(route.stops) + 1) if nights else (0,)):
        yield Fault("night", where, f"a night after stop {route.night_after} of {len(route.stops)}")
    dates = [days[nights if nights and stop.order > route.night_after else 0].date for stop in route.stops]
    if [route.date, *(stop.date for stop in route.stops), route.back_date] != [days[0].date, *dates, days[-1].date]:
        yield Fault("date", where, f"{route.date} is not the {days[0].day} of the delivery week, or a stop is not on its day")


def _next(day: str) -> str:
    return date.fromordinal(date.fromisoformat(day).toordinal() + 1).isoformat()


def _loads(route: PlannedRoute, vehicle: VehicleDay, where: str) -> Iterator[Fault]:
    """The payload holds on every leg: packets not yet handed out and packets already taken back."""
    legs = range(len(route.stops) + 1)
    on_board = [sum(stop.grams_out for stop in route.stops[leg:]) + sum(stop.grams_back for stop in route.stops[:leg]) for leg in legs]
    if max(on_board) > vehicle.payload_grams:
        yield Fault("payload", where, f"{max(on_board)} g on board, {vehicle.payload_grams} g allowed")
    if route.max_load_grams != max(on_board):
        yield Fault("max_load", where, f"said {route.max_load_grams} g, counted {max(on_board)} g")


def _legs(route: PlannedRoute, legs: Legs, where: str, speed: float, calling_minutes: int) -> Iterator[Fault]:
    """Each leg is what the roads say, for a vehicle of that speed, and the kilometres add up, with the way home."""
    here = route.office
    said = [((*stop.via, stop.kato), stop.leg_metres, stop.leg_minutes, stop.source) for stop in route.stops]
    said.append(((*route.return_via, route.office), route.return_metres, route.return_minutes, route.return_source))
    for ends, *words in said:
        parts = [(start, end, legs.get((start, end))) for start, end in zip((here, *ends), ends, strict=False)]
        here = ends[-1]
        yield from _parts(parts, where)
        known = [leg for _start, _end, leg in parts if leg is not None]
        if len(known) == len(parts):
            minutes = sum(_for(leg, speed) for leg in known) + calling_minutes * (len(ends) - 1)
            counted = (sum(leg.metres for leg in known), minutes)
            if tuple(words[:2]) != counted:
                yield Fault("leg", where, f"{parts[0][0]} to {here}: said {words[:2]}, counted {counted}")
            source = min((leg.source for leg in known), key=SOURCES.index)
            if words[2] != source:
                yield Fault("source", where, f"{parts[0][0]} to {here} is of the {source}, not of the {words[2]}")
    if route.metres != sum(metres for _ends, metres, _minutes, _source in said):
        yield Fault("metres", where, f"said {route.metres}, counted {sum(metres for _ends, metres, _minutes, _source in said)}")


def _parts(parts: Iterable[tuple[str, str, Leg | None]], where: str) -> Iterator[Fault]:
    for start, end, leg in parts:
        if leg is None:
            yield Fault("leg", where, f"nothing is known of {start} to {end}")
        elif not leg.drivable:
            yield Fault("no_road", where, f"no road from {start} to {end}")


def _for(leg: Leg, speed: float) -> int:
    """Whole minutes for a vehicle of that speed factor, counted in hundredths of it."""
    hundredths, rest = divmod(leg.minutes * 100, round(speed * 100))
    return hundredths + (rest > 0)


def _times(route: PlannedRoute, days: Sequence[VehicleDay], service_minutes: int, where: str) -> Iterator[Fault]:
    """Arrivals follow from departure, driving, service and breaks; each day counts all of it, and ends in time."""
    if route.depart != f"{days[0].depart // 60:02d}:{days[0].depart % 60:02d}":
        yield Fault("depart", where, f"departs {route.depart}")
    total = 0
    for number, vehicle in enumerate(days):
        first, last = number == 0, number == len(days) - 1
        stops = [stop for stop in route.stops if last or stop.order <= route.night_after]
        stops = stops if first else [stop for stop in stops if stop.order > route.night_after]
        work = arrived = 0
        rests = [stop.break_minutes for stop in stops] + ([route.return_break] if last else [])
        for stop in stops:
            work = arrived = work + stop.leg_minutes
            yield from _arrival(stop, vehicle, work, where)
            if stop.service_minutes != service_minutes:
                yield Fault("service", where, f"{stop.service_minutes} minutes at {stop.kato}")
            work += stop.service_minutes
        if last:
            work = arrived = work + route.return_minutes
        rest = vehicle.break_minutes if arrived > vehicle.break_after else 0
        if sorted(rests)[-1:] != [rest] or sum(rests) != rest:
            yield Fault("break", where, f"breaks of {rests} minutes, {rest} are due")
        whole = work + rest
        total += whole
        if whole > vehicle.minutes:
            yield Fault("day_length", where, f"{whole} minutes in a day of {vehicle.minutes}")
    if route.minutes > sum(vehicle.minutes for vehicle in days):
        yield Fault("day_length", where, f"{route.minutes} minutes in {len(days)} days")
    if route.minutes != total:
        yield Fault("minutes", where, f"said {route.minutes}, counted {total}")


def _arrival(stop: Stop, vehicle: VehicleDay, work: int, where: str) -> Iterator[Fault]:
    clock = vehicle.depart + work + (vehicle.break_minutes if work > vehicle.break_after else 0)
    if stop.arrive != f"{clock // 60:02d}:{clock % 60:02d}":
        yield Fault("arrive", where, f"{stop.kato} at {stop.arrive}, counted {clock} minutes after midnight")
