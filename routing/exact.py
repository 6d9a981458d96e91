"""The best plan of a few visits by trying every way: for small weeks in which a search has left something out.

routing/attempt asks for it where at most MOST visits are to be made; larger weeks would take for ever. Every order of every part of the visits is tried
for each kind of vehicle-day that keeps payload, day, mail days and closures, and the vehicle-days share the visits in the best way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from routing.closed import kinds_of_days
from routing.hours import driven, longest_work
from routing.repair import Order, Workbench, workbench
from routing.scopes import Model
from routing.solve import Trip
from routing.stops import Call

MOST = 8
Value = tuple[int, int, int]  # packets and visits, both negative, and metres less what calls that may wait are worth: the least is the best
Tours = dict[int, tuple[int, Order]]  # by the set of visits as bits: metres and the order


@dataclass(frozen=True, slots=True)
class Ways:
    """One kind of vehicle-day: metres and minutes between office (the last place) and visits, closed ways as minutes beyond every day."""

    metres: list[list[int]]
    minutes: list[list[int]]
    longest: int
    payload: int
    service: int


def best_trips(model: Model, visits: Sequence[Call], service_minutes: int) -> list[Trip]:
    """The trips that carry the most packets, then make the most visits, then drive the fewest metres; a call that may wait counts its worth in metres."""
    bench = workbench(model, visits, service_minutes)
    found: dict[object, Tours] = {}
    best: dict[int, tuple[Value, tuple[Trip, ...]]] = {0: ((0, 0, 0), ())}
    for vehicle in range(len(model.fleet)):
        kind = _kind(bench, vehicle)
        if kind not in found:
            found[kind] = _tours(bench, vehicle)
        best = _shared(bench, vehicle, found[kind], best)
    return list(min(best.values(), key=lambda each: each[0])[1])


def _kind(bench: Workbench, vehicle: int) -> object:
    """What tells one vehicle-day from another."""
    each = bench.model.fleet[vehicle]
    allowed = tuple(each.day in visit.days for visit in bench.visits)
    return replace(each, vehicle="", number=0, day="", date=""), allowed, kinds_of_days(bench.model.shut).get(each.day, 0)


def _shared(
    bench: Workbench, vehicle: int, tours: Tours, best: dict[int, tuple[Value, tuple[Trip, ...]]]
) -> dict[int, tuple[Value, tuple[Trip, ...]]]:
    """The best of each set of visits with one vehicle-day more."""
    grown = dict(best)
    for taken, (value, trips) in best.items():
        for part, (metres, order) in tours.items():
            if taken & part:
                continue
            calls = [bench.visits[place] for place in order]
            must, worth = [call for call in calls if call.worth is None], sum(call.worth or 0 for call in calls)
            offer = (value[0] - sum(call.packets_out for call in must), value[1] - len(must), value[2] + metres - worth)
            if taken | part not in grown or offer < grown[taken | part][0]:
                grown[taken | part] = offer, (*trips, Trip(vehicle, order))
    return grown


def _tours(bench: Workbench, vehicle: int) -> Tours:
    """The shortest order of each set of visits that the vehicle-day can make."""
    ways = _ways(bench, vehicle)
    day = bench.model.fleet[vehicle].day
    able = [place for place, visit in enumerate(bench.visits) if day in visit.days]
    office = len(bench.visits)
    tours: Tours = {}

    def extend(order: Order, taken: int, here: int, metres: int, spent: int, load: tuple[int, int, int]) -> None:
        for place in able:
            after = spent + ways.minutes[here][place] + ways.service
            if taken >> place & 1 or after > ways.longest:
                continue
            visit, longer = bench.visits[place], (*order, place)
            out, change = load[0] + visit.grams_out, load[1] + visit.grams_back - visit.grams_out
            board = (out, change, max(load[2], change))
            far = metres + ways.metres[here][place]
            home, together = far + ways.metres[place][office], taken | 1 << place
            fits = after + ways.minutes[place][office] <= ways.longest and out + board[2] <= ways.payload
            if fits and (together not in tours or home < tours[together][0]):
                tours[together] = home, longer
            if out <= ways.payload:
                extend(longer, together, place, far, after, board)

    extend((), 0, office, 0, 0, (0, 0, 0))
    return {part: tour for part, tour in tours.items() if not bench.faults(vehicle, tour[1])}


def _ways(bench: Workbench, vehicle: int) -> Ways:
    each = bench.model.fleet[vehicle]
    rows = [*bench.rows, bench.depot_rows[each.office]]
    grid = np.ix_(rows, rows)
    minutes = driven(bench.model.roads.minutes[grid], each.speed)
    if each.day in bench.model.shut:
        minutes = np.where(bench.model.shut[each.day][grid], longest_work(each) + 1, minutes)
    return Ways(bench.model.roads.metres[grid].tolist(), minutes.tolist(), longest_work(each), each.payload_grams, bench.service_minutes)
