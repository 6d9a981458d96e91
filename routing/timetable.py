"""A trip written down as a route: times, loads and legs from the model's road table. routing/draft, schedule and overnight call it.

Nothing is decided here; routing/verify counts everything again with its own arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from routing.fleet import Depot, VehicleDay
from routing.hours import driven, rested
from routing.plan import PlannedRoute, Stop, clock
from routing.roads import SOURCES, RoadTable
from routing.scopes import Model
from routing.solve import Trip
from routing.stops import Call


@dataclass(frozen=True, slots=True)
class Leg:
    """A way from one call to the next. `via`: codes of the places that the post calls at in between, `calling` minutes at each of them."""

    metres: int
    minutes: int
    source: str
    via: tuple[str, ...] = ()


def write_down(model: Model, visits: Sequence[Call], trip: Trip, service_minutes: int) -> PlannedRoute:
    """A trip as a route with times, loads and legs."""
    vehicle = model.fleet[trip.vehicle]
    row_of = {call.kato: len(model.depots) + place for place, call in enumerate(model.calls)}
    depot_row = next(row for row, depot in enumerate(model.depots) if depot.index == vehicle.office)
    calls = [visits[place] for place in trip.visits]
    rows = [depot_row, *(row_of[call.kato] for call in calls), depot_row]
    legs = [leg_along(model.roads, (start, end), vehicle.speed) for start, end in pairwise(rows)]
    return timed(vehicle, model.depots[depot_row], calls, legs, service_minutes)


def leg_along(roads: RoadTable, rows: Sequence[int], speed: float, calling: int = 0, via: Sequence[str] = ()) -> Leg:
    """The way through `rows` of the road table; its source is the least certain of all its parts."""
    pairs = list(pairwise(rows))
    minutes = sum(driven(int(roads.minutes[pair]), speed) for pair in pairs) + calling * len(via)
    source = SOURCES[min((int(roads.sources[pair]) for pair in pairs), default=len(SOURCES) - 1)]
    return Leg(sum(int(roads.metres[pair]) for pair in pairs), minutes, source, tuple(via))


def timed(vehicle: VehicleDay, depot: Depot, calls: Sequence[Call], legs: Sequence[Leg], service_minutes: int) -> PlannedRoute:
    """The route of one day through `calls`; there is one leg more than calls, the last one home."""
    work, stops = 0, list[Stop]()
    for order, (call, leg) in enumerate(zip(calls, legs, strict=False), start=1):
        before = rested(work, vehicle)
        work += leg.minutes
        arrive = vehicle.depart + work + rested(work, vehicle)
        stops.append(stop_at(order, call, leg, arrive, service_minutes, vehicle.date, rested(work, vehicle) - before))
        work += service_minutes
    return _route(vehicle, depot, legs[-1], work, tuple(stops))


def stop_at(order: int, call: Call, leg: Leg, arrive: int, service_minutes: int, date: str, pause: int) -> Stop:
    """One call at a village; `arrive` in minutes after midnight, `pause`: the break on the way to it."""
    return Stop(
        order=order,
        kato=call.kato,
        name_kk=call.name_kk,
        name_ru=call.name_ru,
        lat=call.lat,
        lon=call.lon,
        visit=call.visit,
        visits=call.visits,
        arrive=clock(arrive),
        service_minutes=service_minutes,
        packets_out=call.packets_out,
        packets_back=call.packets_back,
        grams_out=call.grams_out,
        grams_back=call.grams_back,
        leg_metres=leg.metres,
        leg_minutes=leg.minutes,
        source=leg.source,
        date=date,
        break_minutes=pause,
        via=leg.via,
    )


def _route(vehicle: VehicleDay, depot: Depot, home: Leg, work: int, stops: tuple[Stop, ...]) -> PlannedRoute:
    whole = work + home.minutes
    before = sum(stop.break_minutes for stop in stops)
    return headed(vehicle, depot, home, whole + rested(whole, vehicle), stops, rested(whole, vehicle) - before)


def headed(vehicle: VehicleDay, depot: Depot, home: Leg, minutes: int, stops: tuple[Stop, ...], home_break: int) -> PlannedRoute:
    """The stops under the head of their vehicle and office; `home` leads back, with a break of `home_break` minutes on the way. No code yet."""
    return PlannedRoute(
        code="",
        office=vehicle.office,
        office_name=depot.name,
        number=vehicle.number,
        day=vehicle.day,
        date=vehicle.date,
        vehicle=vehicle.vehicle,
        depart=clock(vehicle.depart),
        metres=sum(stop.leg_metres for stop in stops) + home.metres,
        minutes=minutes,
        max_load_grams=heaviest(stops),
        lat=depot.lat,
        lon=depot.lon,
        return_metres=home.metres,
        return_minutes=home.minutes,
        return_source=home.source,
        stops=stops,
        back_date=vehicle.date,
        return_via=home.via,
        return_break=home_break,
    )


def heaviest(stops: Sequence[Stop]) -> int:
    """Grams at the heaviest moment: all that goes out at the start, then each stop exchanges."""
    loads = [sum(stop.grams_out for stop in stops)]
    for stop in stops:
        loads.append(loads[-1] - stop.grams_out + stop.grams_back)
    return max(loads)
