"""The one place that speaks with PyVRP (its API moves with every minor version: 0.14 is pinned).

routing/attempt hands over a model and its visits; back come trips: a vehicle-day and the order of its visits. Days are a matter of
compatibility: weekdays that no visit tells apart form one class, and each class has a load dimension of its own, of which a visit that
must not fall there needs some and a vehicle-day of the class has none. Days on which other roads are closed see another road table. The search stops by iterations, never by time, and every visit is
optional with a prize above any detour, so that one hopeless village cannot spoil a plan. What is left over goes to routing/repair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyvrp import Client, Depot, Location, ProblemData, Solution, SolveParams, VehicleType, solve
from pyvrp.search import NeighbourhoodParams
from pyvrp.stop import MaxIterations

from records.calendar import WEEKDAYS
from routing.closed import kinds_of_days
from routing.fleet import VehicleDay
from routing.hours import driven, longest_work
from routing.roads import NO_ROAD, RoadTable, Whole
from routing.scopes import Model
from routing.stops import Call

COMPATIBLE = 1_000_000  # the share of a day class that a vehicle outside it may carry: any number of visits
MISFIT = 1_000  # what one visit on a wrong day weighs: heavy enough for the search to feel it
NEIGHBOURS = 20  # half the time of PyVRP's own 60 on a country by oblast, for 0.06 % more kilometres (bench/routing.py)
PACKET_METRES = 1_000  # of two villages that cannot both be served, the one with more packets

Profile = tuple[int, float]  # kind of day by what is closed, speed of the vehicle
Kind = tuple[str, int, int, int, Profile]


@dataclass(frozen=True, slots=True)
class Trip:
    """One vehicle-day and its visits in order: `vehicle` and `visits` are places in the lists that the search was given."""

    vehicle: int
    visits: tuple[int, ...]


def search(model: Model, visits: Sequence[Call], iterations: int, seed: int, service_minutes: int, required: bool = False) -> list[Trip]:
    """The trips of a good plan; the same arguments give the same answer. Visits may be missing, and a trip may break a rule.

    `required`: no visit may be left out; the search then packs more tightly, and breaks rules where all cannot be kept.
    """
    if not visits:
        return []
    classes = day_classes(visits, {each.day for each in model.fleet})
    kinds = _vehicle_kinds(model, classes, heaviest_trip(model, visits, service_minutes))
    problem = _problem(model, visits, kinds, classes, service_minutes, required)
    params = SolveParams(neighbourhood=NeighbourhoodParams(num_neighbours=NEIGHBOURS))
    result = solve(
        problem, stop=MaxIterations(min(iterations, enough(len(visits)))), seed=seed, collect_stats=False, display=False, params=params
    )
    return _dealt(result.best, list(kinds.values()))


def enough(visits: int) -> int:
    """Iterations after which so few visits are hardly planned any better: small weeks meet brute force after 60 (tests/routing).

    A country by oblast is 0.14 % longer than with three times as many, and planned in a third of the time (bench/country_routes.py).
    """
    return 60 + 4 * visits


def day_classes(visits: Sequence[Call], driven: Iterable[str]) -> dict[str, int]:
    """Each driven weekday's class: days that every visit either allows or forbids alike share one."""
    signs = {day: tuple(day in visit.days for visit in visits) for day in sorted(driven, key=WEEKDAYS.index)}
    numbers = {sign: number for number, sign in enumerate(dict.fromkeys(signs.values()))}
    return {day: numbers[sign] for day, sign in signs.items()}


def heaviest_trip(model: Model, visits: Sequence[Call], service_minutes: int) -> int:
    """Grams that no trip can have on board: as many of the heaviest visits as the longest day has time to serve."""
    loads = sorted((max(visit.grams_out, visit.grams_back) for visit in visits), reverse=True)
    longest = max((each.minutes for each in model.fleet), default=0)
    return sum(loads[: longest // service_minutes] if service_minutes else loads)


def _vehicle_kinds(model: Model, classes: dict[str, int], heaviest: int) -> dict[Kind, list[int]]:
    """Vehicle-days that the search need not tell apart, the earliest day first: office, payload, minutes, class, roads to places in the fleet.

    Payloads beyond `heaviest` are alike. A search's time grows with the kinds, since every visit is tried on an empty vehicle of each.
    """
    kinds: dict[Kind, list[int]] = {}
    closed = kinds_of_days(model.shut)
    fleet: Sequence[VehicleDay] = model.fleet
    for place in sorted(range(len(fleet)), key=lambda each: (fleet[each].office, fleet[each].date, fleet[each].number)):
        each = fleet[place]
        kind = (
            each.office,
            min(each.payload_grams, heaviest),
            longest_work(each),
            classes[each.day],
            (closed.get(each.day, 0), each.speed),
        )
        kinds.setdefault(kind, []).append(place)
    return kinds


def _problem(
    model: Model,
    visits: Sequence[Call],
    kinds: dict[Kind, list[int]],
    classes: dict[str, int],
    service_minutes: int,
    required: bool,
) -> ProblemData:
    count = len(set(classes.values()))
    rows = {depot.index: row for row, depot in enumerate(model.depots)}
    villages = {call.kato: len(rows) + place for place, call in enumerate(model.calls)}
    prize = _prize(model.roads)
    profiles = sorted({profile for *_others, profile in kinds})
    prizes = [visit.worth if visit.worth is not None else None if required else _with_packets(prize, visit) for visit in visits]
    clients = [
        _client(visit, villages[visit.kato], service_minutes, each, classes, count) for visit, each in zip(visits, prizes, strict=True)
    ]
    vehicles = [
        VehicleType(
            num_available=len(members),
            capacity=[payload, *([0 if number == each else COMPATIBLE for each in range(count)] if count > 1 else [])],
            start_depot=rows[office],
            end_depot=rows[office],
            shift_duration=minutes,
            profile=profiles.index(profile),
        )
        for (office, payload, minutes, number, profile), members in kinds.items()
    ]
    metres: Any = model.roads.metres  # the stub of 0.14 names a shape that numpy's own types do not
    minutes: Any = _minutes_by_profile(model, profiles)
    return ProblemData(
        [Location(0, 0) for _place in range(len(rows) + len(villages))],
        clients,
        [Depot(row) for row in rows.values()],
        vehicles,
        [metres] * len(minutes),
        minutes,
    )


def _minutes_by_profile(model: Model, profiles: Sequence[Profile]) -> list[Whole]:
    """The minutes of each kind of day, 0 without closures, and each speed of vehicle: what is closed is no road."""
    numbers = kinds_of_days(model.shut)
    masks = {numbers[day]: mask for day, mask in model.shut.items()}
    minutes = model.roads.minutes
    return [driven(np.where(masks[number], NO_ROAD, minutes) if number else minutes, speed) for number, speed in profiles]


def _with_packets(prize: int, visit: Call) -> int:
    return prize + visit.packets_out * PACKET_METRES if visit.visit == 1 else prize // 2


def _client(visit: Call, row: int, service_minutes: int, prize: int | None, classes: dict[str, int], count: int) -> Client:
    """The visit as PyVRP's client; it is required where there is no prize."""
    allowed = {classes[day] for day in visit.days if day in classes}
    misfits = [0 if each in allowed else MISFIT for each in range(count)] if count > 1 else []
    return Client(
        row,
        delivery=[visit.grams_out, *misfits],
        pickup=[visit.grams_back, *[0] * len(misfits)],
        service_duration=service_minutes,
        prize=prize or 0,
        required=prize is None,
    )


def _prize(roads: RoadTable) -> int:
    """More metres than any detour to one village can cost, even with another vehicle."""
    drivable = roads.metres[roads.minutes < NO_ROAD]
    return 8 * int(np.max(drivable, initial=0)) + 1_000_000


def _dealt(solution: Solution, members: list[list[int]]) -> list[Trip]:
    """The solution's routes on concrete vehicle-days: those of one kind go to its earliest days first."""
    used = [0] * len(members)
    trips = []
    for route in solution.routes():
        visits = tuple(activity.idx for activity in route if activity.is_client())
        if not visits:
            continue
        kind = route.vehicle_type()
        trips.append(Trip(members[kind][used[kind]], visits))
        used[kind] += 1
    return trips
