"""Country scope: the oblasts' plans are put side by side, and neighbouring offices are planned together across borders, round by round.

A single search over a country is slow and finds less than many small ones, since every visit is tried on an empty vehicle of every kind. So the plan
begins as that by oblast. In each round, groups of neighbouring offices that were not yet planned together as they stand are searched anew, and what
is found is taken only where it is better: the outcome is never worse than by oblast. A country of few visits is one group. routing/draft calls it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from records.settings import RouteSettings
from records.terminal import Ticker
from routing.attempt import Planned, Shortfall, plan_model
from routing.neighbours import Pair, groups, links, nearest_places, pairs_within
from routing.part import Part, cut, improved
from routing.reasons import sort_out
from routing.repair import Order, mend, nearest_office, workbench
from routing.scopes import Model
from routing.solve import Trip

GROUP_VISITS = 80  # fewer find less, more take longer and find no more (docs/measured.md)
ROUNDS = 8  # at most: an invented country comes to rest after five or six (bench/country_routes.py)


@dataclass(slots=True)
class Standing:
    """The country's plan between two rounds: visits by vehicle, and the pairs of offices that were planned together as they stand."""

    begun: Planned
    orders: dict[int, Order]
    settled: set[Pair]

    def owners(self, service_minutes: int) -> list[str]:
        """The office that each visit stands with: its vehicle's, or where it is left out the nearest whose vehicle could make it alone."""
        model = self.begun.model
        bench = workbench(model, self.begun.visits, service_minutes)
        found = {place: model.fleet[vehicle].office for vehicle, order in self.orders.items() for place in order}
        return [found.get(place) or nearest_office(bench, place) for place in range(len(self.begun.visits))]


def plan_country(whole: Model, areas: Sequence[Model], settings: RouteSettings, pool: Executor, tick: Ticker) -> Planned:
    """The plan of the model `whole`, whose oblasts are `areas`; `tick` counts each oblast and each of the ROUNDS."""
    oblasts = []
    for waiting in [pool.submit(plan_model, area, settings) for area in areas]:
        oblasts.append(waiting.result())
        tick()
    found = _opened(side_by_side(whole, oblasts, settings.service_minutes), oblasts, settings, pool, tick)
    if found.shortfall(settings.service_minutes) > _together(oblasts, settings.service_minutes):
        held = side_by_side(whole, oblasts, settings.service_minutes, hold=True)
        found = _opened(held, oblasts, settings, pool, lambda _steps=1: None)
    return found


def _together(oblasts: Sequence[Planned], service_minutes: int) -> Shortfall:
    packets, visits, metres = zip(*(oblast.shortfall(service_minutes) for oblast in oblasts), strict=True)
    return sum(packets), sum(visits), sum(metres)


def side_by_side(whole: Model, oblasts: Sequence[Planned], service_minutes: int, hold: bool = False) -> Planned:
    """The oblasts' trips in the country's model, where other oblasts' vehicles may give a village more days.

    A village whose several visits all stand on trips keeps the days dealt to them; one of which only some do is dealt anew and waits for a
    place, unless `hold`.
    """
    dealt, hopeless = sort_out(whole, service_minutes)
    calls = [oblast.visits[place] for oblast in oblasts for trip in oblast.trips for place in trip.visits]
    planned = Counter(call.kato for call in calls)
    held = {call.kato for call in calls if call.visits > 1 and (hold or planned[call.kato] == call.visits)}
    visits = [visit for visit in dealt if visit.kato not in held]
    visits += [visit for oblast in oblasts for visit in oblast.visits if visit.kato in held]
    refused = [each for each in hopeless if each.kato not in held]
    refused += [each for oblast in oblasts for each in oblast.hopeless if each.kato in held]
    kept = {(visit.kato, visit.visit): place for place, visit in enumerate(visits) if visit.visits == 1 or visit.kato in held}
    return Planned(whole, visits, _moved(whole, oblasts, kept), refused, [])


def _moved(whole: Model, oblasts: Sequence[Planned], kept: Mapping[tuple[str, int], int]) -> list[Trip]:
    """The oblasts' trips by the country's places of vehicles and visits, without visits that are not `kept`."""
    vehicles = {each: place for place, each in enumerate(whole.fleet)}
    trips = []
    for oblast in oblasts:
        for trip in oblast.trips:
            calls = [oblast.visits[place] for place in trip.visits]
            order = tuple(kept[call.kato, call.visit] for call in calls if (call.kato, call.visit) in kept)
            if order:
                trips.append(Trip(vehicles[oblast.model.fleet[trip.vehicle]], order))
    return trips


def _opened(begun: Planned, oblasts: Sequence[Planned], settings: RouteSettings, pool: Executor, tick: Ticker) -> Planned:
    """The plan after rounds across borders."""
    together = {each for oblast in oblasts for each in pairs_within(depot.index for depot in oblast.model.depots)}
    standing = Standing(begun, {trip.vehicle: trip.visits for trip in begun.trips}, together)
    if len(begun.visits) <= GROUP_VISITS:
        _round(standing, [tuple(depot.index for depot in begun.model.depots)], standing.owners(settings.service_minutes), settings, pool)
    else:
        _rounds(standing, settings, pool, tick)
    trips = [Trip(vehicle, order) for vehicle, order in sorted(standing.orders.items())]
    trips, left = mend(begun.model, begun.visits, trips, settings.service_minutes)
    return replace(begun, trips=trips, left=left)


def _rounds(standing: Standing, settings: RouteSettings, pool: Executor, tick: Ticker) -> None:
    depots = [depot.index for depot in standing.begun.model.depots]
    nearest = nearest_places(standing.begun.model.roads, _rows(standing.begun))
    for _number in range(ROUNDS):
        owners = standing.owners(settings.service_minutes)
        chosen = groups(links(nearest, [*depots, *owners]), standing.settled, Counter(owners), GROUP_VISITS)
        _round(standing, chosen, owners, settings, pool)
        tick()


def _round(standing: Standing, chosen: Sequence[tuple[str, ...]], owners: Sequence[str], settings: RouteSettings, pool: Executor) -> None:
    """Search the groups side by side; they share no office, so that their answers do not meet."""
    begun = standing.begun
    parts = [cut(begun.model, begun.visits, standing.orders, group, owners) for group in chosen]
    waiting = [pool.submit(improved, part, settings) for part in parts]
    for group, part, future in zip(chosen, parts, waiting, strict=True):
        standing.settled |= pairs_within(group)
        _put_back(standing, group, part, part.orders(future.result()))


def _put_back(standing: Standing, group: Collection[str], part: Part, after: dict[int, Order]) -> None:
    """Take the group's new trips; an office that changed is to be looked at again with its neighbours outside the group."""
    before = part.orders(part.trips)
    fleet = standing.begun.model.fleet
    changed = {fleet[vehicle].office for vehicle in {*before, *after} if before.get(vehicle) != after.get(vehicle)}
    standing.orders = {vehicle: order for vehicle, order in standing.orders.items() if vehicle not in before} | after
    standing.settled = {each for each in standing.settled if not changed.intersection(each) or set(each) <= set(group)}


def _rows(begun: Planned) -> list[int]:
    """The row in the road table of each office and then of each visit."""
    offices = len(begun.model.depots)
    row_of = {call.kato: offices + place for place, call in enumerate(begun.model.calls)}
    return [*range(offices), *(row_of[visit.kato] for visit in begun.visits)]
