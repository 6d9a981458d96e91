"""A trip written down as a route: times, loads and legs from the model's road table. routing/draft and routing/country call it.

Nothing is decided here; routing/verify counts everything again with its own arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence

from routing.fleet import VehicleDay
from routing.plan import PlannedRoute, Stop, clock
from routing.scopes import Model
from routing.solve import Trip
from routing.stops import Call


def write_down(model: Model, visits: Sequence[Call], trip: Trip, service_minutes: int) -> PlannedRoute:
    """A trip as a route with times, loads and legs."""
    vehicle = model.fleet[trip.vehicle]
    depot_row = next(row for row, depot in enumerate(model.depots) if depot.index == vehicle.office)
    row_of = {call.kato: len(model.depots) + place for place, call in enumerate(model.calls)}
    here, at, stops = depot_row, vehicle.depart, []
    for order, place in enumerate(trip.visits, start=1):
        row = row_of[visits[place].kato]
        stop = _stop(order, visits[place], model, (here, row), at, service_minutes, vehicle.date)
        at += stop.leg_minutes + stop.service_minutes
        here = row
        stops.append(stop)
    return _route(model, vehicle, depot_row, here, at, tuple(stops))


def _stop(order: int, visit: Call, model: Model, leg: tuple[int, int], at: int, service_minutes: int, date: str) -> Stop:
    minutes = int(model.roads.minutes[leg])
    return Stop(
        order=order,
        kato=visit.kato,
        name_kk=visit.name_kk,
        name_ru=visit.name_ru,
        lat=visit.lat,
        lon=visit.lon,
        visit=visit.visit,
        visits=visit.visits,
        arrive=clock(at + minutes),
        service_minutes=service_minutes,
        packets_out=visit.packets_out,
        packets_back=visit.packets_back,
        grams_out=visit.grams_out,
        grams_back=visit.grams_back,
        leg_metres=int(model.roads.metres[leg]),
        leg_minutes=minutes,
        source=model.roads.source(*leg),
        date=date,
    )


def _route(model: Model, vehicle: VehicleDay, depot_row: int, last: int, at: int, stops: tuple[Stop, ...]) -> PlannedRoute:
    depot = model.depots[depot_row]
    home = (last, depot_row)
    return PlannedRoute(
        code="",
        office=vehicle.office,
        office_name=depot.name,
        number=vehicle.number,
        day=vehicle.day,
        date=vehicle.date,
        vehicle=vehicle.vehicle,
        depart=clock(vehicle.depart),
        metres=sum(stop.leg_metres for stop in stops) + int(model.roads.metres[home]),
        minutes=at - vehicle.depart + int(model.roads.minutes[home]),
        max_load_grams=_heaviest(stops),
        lat=depot.lat,
        lon=depot.lon,
        return_metres=int(model.roads.metres[home]),
        return_minutes=int(model.roads.minutes[home]),
        return_source=model.roads.source(*home),
        stops=stops,
        back_date=vehicle.date,
    )


def _heaviest(stops: Sequence[Stop]) -> int:
    loads = [sum(stop.grams_out for stop in stops)]
    for stop in stops:
        loads.append(loads[-1] - stop.grams_out + stop.grams_back)
    return max(loads)
