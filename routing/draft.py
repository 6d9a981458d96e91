"""From calls, fleet and roads to a plan: the story of planning on one screen. No database; routing/commands calls it.

Each model (routing/scopes) is sorted out, searched, mended and written down; with several workers, models are searched side by side.
The draft is judged by routing/verify before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Sequence

from records.settings import RouteSettings
from records.terminal import Ticker
from records.workers import workers
from routing.fleet import Fleet, VehicleDay
from routing.plan import Plan, PlannedRoute, Stop, Unplanned, clock
from routing.reasons import sort_out
from routing.repair import mend
from routing.roads import Roads
from routing.scopes import Model, Scope, models
from routing.solve import Trip, search
from routing.stops import Call

Outcome = tuple[list[PlannedRoute], list[Unplanned]]


def draft(
    week: str, calls: Sequence[Call], fleet: Fleet, roads: Roads, scope: Scope, processes: int = 1, tick: Ticker | None = None
) -> Plan:
    """The plan of a week, without codes. The same arguments give the same plan, whatever the number of processes."""
    areas = models(calls, fleet, roads, scope)
    routes: list[PlannedRoute] = []
    unplanned: list[Unplanned] = []
    with workers(processes if len(areas) > 1 else 1) as pool:
        for outcome in [pool.submit(plan_area, model, roads.settings) for model in areas]:
            found, missed = outcome.result()
            routes += found
            unplanned += missed
            if tick is not None:
                tick()
    routes.sort(key=lambda route: (route.office, route.date, route.vehicle))
    unplanned.sort(key=lambda each: (each.kato, each.visit))
    return Plan(week, scope.value, tuple(routes), tuple(unplanned))


def plan_area(model: Model, settings: RouteSettings) -> Outcome:
    """One model's routes and what they leave out; where the search leaves something out, it is made to try with everything."""
    visits, unplanned = sort_out(model, settings.service_minutes)
    routes, left = _attempt(model, visits, settings, required=False)
    if left:
        again = _attempt(model, visits, settings, required=True)
        routes, left = min((routes, left), again, key=_shortfall)
    return routes, [*unplanned, *left]


def _attempt(model: Model, visits: Sequence[Call], settings: RouteSettings, required: bool) -> Outcome:
    trips = search(model, visits, settings.iterations, settings.seed, settings.service_minutes, required)
    trips, left = mend(model, visits, trips, settings.service_minutes)
    return [write_down(model, visits, trip, settings.service_minutes) for trip in trips], left


def _shortfall(outcome: Outcome) -> tuple[int, int, int]:
    """The fewest packets left behind, then the fewest visits, then the fewest metres."""
    routes, left = outcome
    return -sum(route.packets_out for route in routes), len(left), sum(route.metres for route in routes)


def write_down(model: Model, visits: Sequence[Call], trip: Trip, service_minutes: int) -> PlannedRoute:
    """A trip as a route with times, loads and legs."""
    vehicle = model.fleet[trip.vehicle]
    depot_row = next(row for row, depot in enumerate(model.depots) if depot.index == vehicle.office)
    row_of = {call.kato: len(model.depots) + place for place, call in enumerate(model.calls)}
    here, at, stops = depot_row, vehicle.depart, []
    for order, place in enumerate(trip.visits, start=1):
        row = row_of[visits[place].kato]
        stop = _stop(order, visits[place], model, (here, row), at, service_minutes)
        at += stop.leg_minutes + stop.service_minutes
        here = row
        stops.append(stop)
    return _route(model, vehicle, depot_row, here, at, tuple(stops))


def _stop(order: int, visit: Call, model: Model, leg: tuple[int, int], at: int, service_minutes: int) -> Stop:
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
    )


def _heaviest(stops: Sequence[Stop]) -> int:
    loads = [sum(stop.grams_out for stop in stops)]
    for stop in stops:
        loads.append(loads[-1] - stop.grams_out + stop.grams_back)
    return max(loads)
