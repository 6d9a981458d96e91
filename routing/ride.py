"""A run of an existing route with packets on it: its way, its time and load, and which rule it would break. Pure.

routing/schedule puts packets on runs and asks here what becomes of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from records.settings import RouteSettings
from routing.closed import shut
from routing.fleet import Depot
from routing.hours import longest_work, rested
from routing.plan import SCHEDULE, PlannedRoute
from routing.roads import NO_ROAD, Place, Roads, RoadTable
from routing.runs import Run, Schedule
from routing.stops import Call
from routing.timetable import Leg, leg_along, timed


@dataclass(frozen=True, slots=True)
class Ride:
    """A run with packets: its walk through codes, where `visits` says which of the walk's places get one, by their place in the walk."""

    run: Run
    walk: tuple[str, ...]
    visits: Mapping[int, Call]
    detours: int = 0


@dataclass(frozen=True, slots=True)
class Ground:
    """The places round an area's offices: their road table, what is closed of it by weekday, and each code's row."""

    table: RoadTable
    lengths: Sequence[Sequence[int]]  # its metres
    rows: Mapping[str, int]
    shut: Mapping[str, frozenset[tuple[int, int]]]
    depots: Mapping[str, Depot]
    settings: RouteSettings

    def legs(self, ride: Ride) -> list[Leg]:
        """The ways between the calls with packets; what is passed lies within them."""
        found, rows, via = [], [self.rows[ride.run.route.office]], list[str]()
        for place, kato in enumerate(ride.walk):
            rows.append(self.rows[kato])
            if place in ride.visits:
                found.append(leg_along(self.table, rows, ride.run.vehicle.speed, self.settings.calling_minutes, via))
                rows, via = [self.rows[kato]], []
            else:
                via.append(kato)
        rows.append(self.rows[ride.run.route.office])
        return [*found, leg_along(self.table, rows, ride.run.vehicle.speed, self.settings.calling_minutes, via)]

    def written(self, ride: Ride) -> PlannedRoute:
        """The ride as a route."""
        run, calls = ride.run, [ride.visits[place] for place in sorted(ride.visits)]
        route = timed(run.vehicle, self.depots[run.route.office], calls, self.legs(ride), self.settings.service_minutes)
        return replace(route, kind=SCHEDULE, schedule=run.route.name)

    def fault(self, ride: Ride) -> str:
        """The rule that the ride breaks; empty where it breaks none."""
        vehicle, legs = ride.run.vehicle, self.legs(ride)
        rows = [self.rows[each] for each in (ride.run.route.office, *ride.walk, ride.run.route.office)]
        work = sum(leg.minutes for leg in legs) + self.settings.service_minutes * len(ride.visits)
        if work >= NO_ROAD:
            return "no_road"
        if self.shut.get(vehicle.day, frozenset()).intersection(pairwise(rows)):
            return "closed"
        if work > longest_work(vehicle):
            return "too_far"
        return "over_capacity" if self.load(ride) > free_grams(ride.run, self.settings) else ""

    def load(self, ride: Ride) -> int:
        """Grams at its heaviest moment."""
        calls = [ride.visits[place] for place in sorted(ride.visits)]
        loads = [sum(call.grams_out for call in calls)]
        for call in calls:
            loads.append(loads[-1] - call.grams_out + call.grams_back)
        return max(loads)

    def metres(self, ride: Ride) -> int:
        """Its length."""
        return sum(leg.metres for leg in self.legs(ride))

    def detours(self, run: Run, walk: Sequence[str], kato: str) -> list[int]:
        """Metres more for a call at `kato`, before each place of the walk and after the last."""
        here, office = self.rows[kato], self.rows[run.route.office]
        rows = [office, *(self.rows[each] for each in walk), office]
        return [self.lengths[a][here] + self.lengths[here][b] - self.lengths[a][b] for a, b in pairwise(rows)]

    def minutes(self, ride: Ride) -> int:
        """Its day, break included."""
        work = sum(leg.minutes for leg in self.legs(ride)) + self.settings.service_minutes * len(ride.visits)
        return work + rested(work, ride.run.vehicle)


def free_grams(run: Run, settings: RouteSettings) -> int:
    """What the ordinary mail leaves of the payload."""
    return int(run.vehicle.payload_grams * settings.free_share)


def ground_of(calls: Sequence[Call], runs: Sequence[Run], schedule: Schedule, depots: Mapping[str, Depot], roads: Roads) -> Ground:
    """The places of the runs and of the calls round them."""
    named = sorted({run.route.office for run in runs})
    places = [Place((index, depots[index].kato), depots[index].lat, depots[index].lon) for index in named]
    known = {**(schedule.places or {}), **{call.kato: Place((call.kato,), call.lat, call.lon) for call in calls}}
    codes = sorted({*(kato for run in runs for kato in run.calls), *(call.kato for call in calls)})
    places += [known[kato] for kato in codes]
    masks = shut([place.names for place in places], roads.closed)
    closed = {day: frozenset((int(a), int(b)) for a, b in zip(*mask.nonzero(), strict=True)) for day, mask in masks.items()}
    rows = {code: row for row, code in enumerate([*named, *codes])}
    table = roads.table(places)
    return Ground(table, table.metres.tolist(), rows, closed, depots, roads.settings)
