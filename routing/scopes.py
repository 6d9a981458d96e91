"""Which villages and vehicles are planned together: each district alone, each oblast with all its offices, or the whole country.

routing/draft deals the week into models by this; routing/solve sees one model at a time. Borders cost kilometres (docs/routes.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from routing.closed import Shut, shut
from routing.fleet import Depot, Fleet, VehicleDay
from routing.roads import Place, Roads, RoadTable
from routing.stops import Call
from settlements.codes import district_of, oblast_of
from settlements.distance import pairwise


class Scope(StrEnum):
    """How far a vehicle may go."""

    DISTRICT = "district"
    OBLAST = "oblast"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Model:
    """One problem for the solver: the road table, and what is closed of it, hold the depots first, then the calls' villages, in the order given."""

    area: str
    depots: tuple[Depot, ...]
    calls: tuple[Call, ...]
    fleet: tuple[VehicleDay, ...]
    roads: RoadTable
    shut: Shut = field(default_factory=dict)


def models(calls: Sequence[Call], fleet: Fleet, roads: Roads, scope: Scope) -> list[Model]:
    """The week cut into models, by area. A village that names an office goes with that office's area."""
    return [_model(*part, fleet, roads) for part in parts(calls, fleet, scope)]


def parts(calls: Sequence[Call], fleet: Fleet, scope: Scope) -> list[tuple[str, list[Call], list[VehicleDay]]]:
    """Each area that has calls, with its calls and its vehicle-days."""
    areas: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        areas[_area_of_call(call, fleet, scope)].append(call)
    homes = {index: area(_kato_of(depot, calls), scope) for index, depot in fleet.depots.items()}
    vehicles: dict[str, list[VehicleDay]] = defaultdict(list)
    for each in fleet.days:
        vehicles[homes[each.office]].append(each)
    return [(name, areas[name], vehicles.get(name, [])) for name in sorted(areas)]


def places_of(calls: Sequence[Call], fleet_days: Sequence[VehicleDay], fleet: Fleet) -> list[Place]:
    """The places of an area's road table: its depots, by index, and then its villages."""
    depots = [fleet.depots[index] for index in sorted({each.office for each in fleet_days})]
    places = [Place((depot.index, depot.kato), depot.lat, depot.lon) for depot in depots]
    return [*places, *(Place((call.kato,), call.lat, call.lon) for call in calls)]


def area(kato: str, scope: Scope) -> str:
    """The code of the area that a place belongs to; empty for the whole country, and for a place without a code."""
    if scope is Scope.COUNTRY or not kato:
        return ""
    return district_of(kato) if scope is Scope.DISTRICT else oblast_of(kato)


def areas_of(calls: Sequence[Call], fleet: Fleet, scope: Scope) -> int:
    """How many models there are."""
    return len({_area_of_call(call, fleet, scope) for call in calls})


def _kato_of(depot: Depot, calls: Sequence[Call]) -> str:
    """The office's KATO; where the register has none, that of a village which names it, else of the nearest village."""
    if depot.kato:
        return depot.kato
    named = [call.kato for call in calls if call.office == depot.index]
    if named:
        return named[0]
    placed = [(call.lat, call.lon, call.kato) for call in calls if call.lat is not None and call.lon is not None]
    if depot.lat is None or depot.lon is None or not placed:
        return ""
    away = pairwise(np.array([[depot.lat, depot.lon]]), np.array([[lat, lon] for lat, lon, _kato in placed]))
    return placed[int(away.argmin())][2]


def _area_of_call(call: Call, fleet: Fleet, scope: Scope) -> str:
    office = fleet.depots.get(call.office)
    return area(office.kato if office is not None and office.kato else call.kato, scope)


def _model(name: str, calls: list[Call], fleet_days: list[VehicleDay], fleet: Fleet, roads: Roads) -> Model:
    depots = tuple(fleet.depots[index] for index in sorted({each.office for each in fleet_days}))
    places = places_of(calls, fleet_days, fleet)
    closed = shut([place.names for place in places], roads.closed) if roads.closed else {}
    return Model(name, depots, tuple(calls), tuple(fleet_days), roads.table(places), closed)
