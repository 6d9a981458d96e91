"""After the search: broken trips are taken apart, visits left over are put where they still fit, and the rest get a true reason.

routing/attempt calls `mend` on what routing/solve found. Plain arithmetic on the model's road table; no solver, no database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from records.calendar import WEEKDAYS
from routing.closed import closed_days
from routing.fleet import VehicleDay
from routing.hours import driven, longest_work
from routing.plan import Unplanned
from routing.scopes import Model
from routing.solve import Trip
from routing.stops import Call
from routing.waiting import MAY_WAIT

Order = tuple[int, ...]  # places in the list of visits


@dataclass(frozen=True, slots=True)
class Workbench:
    """A model, its visits, and each visit's row in the road table."""

    model: Model
    visits: Sequence[Call]
    rows: tuple[int, ...]
    depot_rows: dict[str, int]
    service_minutes: int

    def faults(self, vehicle: int, order: Order) -> frozenset[str]:
        """Which rules the trip breaks: over_capacity, no_mail_day, too_far, closed."""
        each = self.model.fleet[vehicle]
        calls = [self.visits[place] for place in order]
        found = set()
        if _peak(calls) > each.payload_grams:
            found.add("over_capacity")
        if any(each.day not in call.days for call in calls):
            found.add("no_mail_day")
        if self._work(each, order) > longest_work(each):
            found.add("too_far")
        if each.day in self.model.shut and self._shut(each.office, order, each.day):
            found.add("closed")
        return frozenset(found)

    def metres(self, vehicle: int, order: Order) -> int:
        """The trip's length."""
        way = self._way(self.model.fleet[vehicle].office, order)
        return int(self.model.roads.metres[way[:-1], way[1:]].sum())

    def _work(self, day: VehicleDay, order: Order) -> int:
        way = self._way(day.office, order)
        legs: npt.NDArray[np.int64] = self.model.roads.minutes[way[:-1], way[1:]]
        return int(driven(legs, day.speed).sum()) + self.service_minutes * len(order)

    def _shut(self, office: str, order: Order, day: str) -> bool:
        """Whether a leg of the trip is closed on that day."""
        way = self._way(office, order)
        return bool(self.model.shut[day][way[:-1], way[1:]].any())

    def _way(self, office: str, order: Order) -> list[int]:
        depot = self.depot_rows[office]
        return [depot, *(self.rows[place] for place in order), depot]


def mend(model: Model, visits: Sequence[Call], trips: Sequence[Trip], service_minutes: int) -> tuple[list[Trip], list[Unplanned]]:
    """Trips that keep every rule, and the visits that no trip takes, each with its reason."""
    bench = workbench(model, visits, service_minutes)
    orders = {trip.vehicle: trip.visits for trip in trips if not bench.faults(trip.vehicle, trip.visits)}
    planned = {place for order in orders.values() for place in order}
    left = sorted((place for place in range(len(visits)) if place not in planned), key=lambda place: (-visits[place].packets_out, place))
    must = [place for place in left if visits[place].worth is None]
    left = [place for place in must if not _put(bench, orders, place)]
    waiting = _dropped(bench, orders) | {place for place in range(len(visits)) if place not in planned} - set(must)
    for place in sorted(waiting, key=lambda each: (-visits[each].packets_out, each)):
        _put(bench, orders, place, most=visits[place].worth)
    _dropped(bench, orders)
    planned = {place for order in orders.values() for place in order}
    waiting = {place for place, visit in enumerate(visits) if visit.worth is not None} - planned
    kept = [Trip(vehicle, order) for vehicle, order in sorted(orders.items())]
    imagined = dict(orders)
    return kept, [*(_reason(bench, imagined, place) for place in left), *(_waits(bench, orders, place) for place in sorted(waiting))]


def workbench(model: Model, visits: Sequence[Call], service_minutes: int) -> Workbench:
    """The bench for a model's visits."""
    first = len(model.depots)
    row_of = {call.kato: first + place for place, call in enumerate(model.calls)}
    depot_rows = {depot.index: row for row, depot in enumerate(model.depots)}
    return Workbench(model, visits, tuple(row_of[visit.kato] for visit in visits), depot_rows, service_minutes)


def _dropped(bench: Workbench, orders: dict[int, Order]) -> set[int]:
    """Take out of the orders, until none is left, the calls that cost more than they are worth, the dearest first; answers which."""
    dropped: set[int] = set()
    while True:
        dear = [offer for vehicle, order in orders.items() for offer in _too_dear(bench, vehicle, order)]
        if not dear:
            return dropped
        _saved, place, vehicle = max(dear)
        shorter = tuple(each for each in orders[vehicle] if each != place)
        orders[vehicle] = shorter
        if not shorter:
            del orders[vehicle]
        dropped.add(place)


def _too_dear(bench: Workbench, vehicle: int, order: Order) -> list[tuple[int, int, int]]:
    """The calls of a trip that may wait and lengthen it by more than they are worth: metres beyond that, the call, the vehicle."""
    found = []
    for place in order:
        worth = bench.visits[place].worth
        if worth is not None:
            shorter = tuple(each for each in order if each != place)
            more = bench.metres(vehicle, order) - (bench.metres(vehicle, shorter) if shorter else 0) - worth
            if more > 0 and not (shorter and bench.faults(vehicle, shorter)):
                found.append((more, place, vehicle))
    return found


def _waits(bench: Workbench, orders: dict[int, Order], place: int) -> Unplanned:
    """Why a call that may wait does: what it would cost at least, or that there is no room for it at all (-1)."""
    visit, cheapest = bench.visits[place], -1
    trial = dict(orders)
    before = {vehicle: bench.metres(vehicle, order) for vehicle, order in trial.items()}
    if _put(bench, trial, place):
        changed = next(vehicle for vehicle, order in trial.items() if orders.get(vehicle) != order)
        cheapest = bench.metres(changed, trial[changed]) - before.get(changed, 0)
    return Unplanned(visit.kato, MAY_WAIT, visit.visit, visit.visits, (("more", cheapest), ("worth", visit.worth or 0)))


def _put(bench: Workbench, orders: dict[int, Order], place: int, ignoring: frozenset[str] = frozenset(), most: int | None = None) -> bool:
    """Insert the visit where it costs the fewest metres and breaks no rule but those of `ignoring`; answers whether it could.

    `most`: not for more metres than these.
    """
    best: tuple[int, int, Order] | None = None
    for vehicle in _candidates(bench.model, orders):
        order = orders.get(vehicle, ())
        before = bench.metres(vehicle, order) if order else 0
        for spot in range(len(order) + 1):
            longer = (*order[:spot], place, *order[spot:])
            if bench.faults(vehicle, longer) <= ignoring:
                offer = (bench.metres(vehicle, longer) - before, vehicle, longer)
                best = offer if best is None else min(best, offer)
    if best is None or (most is not None and best[0] > most):
        return False
    orders[best[1]] = best[2]
    return True


def _candidates(model: Model, orders: dict[int, Order]) -> list[int]:
    """Vehicle-days under way, and of those at rest one of each kind."""
    seen = set()
    chosen = []
    for vehicle, each in enumerate(model.fleet):
        kind = (each.office, each.payload_grams, each.minutes, each.day, each.speed, each.break_after, each.break_minutes)
        if vehicle in orders:
            chosen.append(vehicle)
        elif kind not in seen:
            seen.add(kind)
            chosen.append(vehicle)
    return chosen


def _reason(bench: Workbench, imagined: dict[int, Order], place: int) -> Unplanned:
    """The rule without which the visit would fit; `imagined` grows by it, so that the reasons hold together."""
    visit = bench.visits[place]
    if bench.model.shut and (_put(bench, imagined, place, frozenset({"closed"})) or not _alone(bench, place, frozenset())):
        days = ",".join(closed_days(bench.model.shut, bench.rows[place]))
        return Unplanned(visit.kato, "closed", visit.visit, visit.visits, (("closed_days", days),))
    if visit.visits == 1 and _put(bench, imagined, place, frozenset({"no_mail_day"})):
        driven = {each.day for each in bench.model.fleet}
        details: tuple[tuple[str, str | int], ...] = (
            ("mail_days", ",".join(visit.days)),
            ("driven", ",".join(day for day in WEEKDAYS if day in driven - set(visit.days))),
        )
        return Unplanned(visit.kato, "no_mail_day", visit.visit, visit.visits, details)
    if _put(bench, imagined, place, frozenset({"over_capacity"})):
        return Unplanned(visit.kato, "over_capacity", visit.visit, visit.visits, (("needed", max(visit.grams_out, visit.grams_back)),))
    return Unplanned(visit.kato, "no_vehicle", visit.visit, visit.visits, (("office", nearest_office(bench, place)),))


def nearest_office(bench: Workbench, place: int) -> str:
    """The office whose vehicle could make the visit alone with the shortest way."""
    able = _alone(bench, place, frozenset()) or _alone(bench, place, frozenset({"closed"}))
    nearest = min(able, key=lambda vehicle: (bench.metres(vehicle, (place,)), vehicle))
    return bench.model.fleet[nearest].office


def _alone(bench: Workbench, place: int, ignoring: frozenset[str]) -> list[int]:
    """The vehicle-days that could make the visit alone, if the rules of `ignoring` did not hold."""
    return [vehicle for vehicle in _candidates(bench.model, {}) if bench.faults(vehicle, (place,)) <= ignoring]


def _peak(calls: Sequence[Call]) -> int:
    """The heaviest moment in grams: all packets out at the start, then each stop exchanges."""
    load = heaviest = sum(call.grams_out for call in calls)
    for call in calls:
        load += call.grams_back - call.grams_out
        heaviest = max(heaviest, load)
    return heaviest
