"""The runs of the post's existing routes in a week: which route drives on which day, with which vehicle of its office, past which places. Pure.

routing/schedule lets packets ride on them; routing/request keeps their vehicles from being planned for anything else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from records.calendar import day_names
from records.errors import Complaint
from records.language import _
from routing.fleet import Fleet, VehicleDay
from routing.plan import weekday_of
from routing.roads import Place
from settlements.schedule import ExistingRoute


@dataclass(frozen=True, slots=True)
class Schedule:
    """The post's existing routes, and where their places are; a place that nothing is known of is not there."""

    routes: tuple[ExistingRoute, ...] = ()
    places: Mapping[str, Place] | None = None

    def known(self, kato: str) -> bool:
        """Whether ways to the place can be told."""
        return self.places is not None and kato in self.places


@dataclass(frozen=True, slots=True)
class Run:
    """One route on one day: the places at which it calls, in order, without those that nothing is known of."""

    route: ExistingRoute
    vehicle: VehicleDay
    calls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """The week's runs by date, office and route. `idle`: routes and days that have no vehicle; `complaints` tell them, and places nobody knows."""

    runs: tuple[Run, ...]
    idle: tuple[tuple[ExistingRoute, str], ...]
    complaints: tuple[Complaint, ...]

    @property
    def busy(self) -> frozenset[tuple[str, str, str]]:
        """The vehicle-days that drive existing routes."""
        return frozenset((run.vehicle.office, run.vehicle.vehicle, run.vehicle.day) for run in self.runs)


def week_of(schedule: Schedule, fleet: Fleet, gone: Collection[tuple[str, str, str]] = ()) -> Week:
    """Each route on each of its days with the vehicle that its list names, else with the office's first that is free.

    `gone`: office, route and day of runs that have left already.
    """
    runs: list[Run] = []
    idle: list[tuple[ExistingRoute, str]] = []
    off = {weekday_of(date) for date in fleet.days_off}
    for (office, day), routes in _by_day(schedule.routes, gone).items():
        if day in off:
            continue
        free = sorted((each for each in fleet.days if (each.office, each.day) == (office, day)), key=lambda each: each.number)
        for route in sorted(routes, key=lambda each: (not each.vehicle, each.name)):
            vehicle = next((each for each in free if route.vehicle in ("", each.vehicle)), None)
            if vehicle is None:
                idle.append((route, day))
                continue
            free.remove(vehicle)
            calls = tuple(call.kato for call in route.calls if day in call.days and schedule.known(call.kato))
            runs.append(Run(route, vehicle, calls))
    runs.sort(key=lambda run: (run.vehicle.date, run.route.office, run.route.name))
    return Week(tuple(runs), tuple(idle), (*_idle(idle), *_unknown(schedule)))


def _by_day(routes: Iterable[ExistingRoute], gone: Collection[tuple[str, str, str]]) -> dict[tuple[str, str], list[ExistingRoute]]:
    found: dict[tuple[str, str], list[ExistingRoute]] = defaultdict(list)
    for route in routes:
        for day in sorted({day for call in route.calls for day in call.days}):
            if (route.office, route.name, day) not in gone:
                found[route.office, day].append(route)
    return dict(sorted(found.items()))


def _idle(idle: Sequence[tuple[ExistingRoute, str]]) -> list[Complaint]:
    """One complaint for each route that lacks a vehicle on some of its days."""
    days: dict[tuple[str, str], list[str]] = defaultdict(list)
    for route, day in idle:
        days[route.office, route.name].append(day)
    return [_without_vehicle(office, name, each) for (office, name), each in days.items()]


def _without_vehicle(office: str, name: str, days: Sequence[str]) -> Complaint:
    text = _("The existing route {route} of the office {office} has no vehicle on: {days}. No packet rides on it then.").format(
        route=name, office=office, days=day_names(days)
    )
    hint = _("Import the office's vehicles with the days on which they drive, or name the route's vehicle in the list of routes.")
    return Complaint("schedule_without_vehicle", text, hint, value=f"{office} {name}", refused=False)


def _unknown(schedule: Schedule) -> list[Complaint]:
    """Each place that nothing is known of, once."""
    lost: dict[str, str] = {}
    for route in schedule.routes:
        for call in route.calls:
            if not schedule.known(call.kato):
                lost.setdefault(call.kato, route.name)
    hint = _("Import it with lat and lon in the list of settlements, or give a matrix that knows it.")
    return [
        Complaint(
            "schedule_place_unknown",
            _("Nothing is known of where {kato} on the existing route {route} is: the way is counted without it.").format(
                kato=kato, route=route
            ),
            hint,
            value=kato,
            refused=False,
        )
        for kato, route in lost.items()
    ]
