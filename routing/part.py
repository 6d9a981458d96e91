"""A part of a country's plan cut out as a model of its own: some offices with their vehicles, and the visits that stand with them. Pure.

routing/country hands it to a worker and puts the answer back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from records.settings import RouteSettings
from routing.attempt import attempt, shortfall
from routing.repair import Order
from routing.roads import RoadTable
from routing.scopes import Model
from routing.solve import Trip
from routing.stops import Call


@dataclass(frozen=True, slots=True)
class Part:
    """The part's own model, visits and trips; `vehicle_places` and `visit_places` tell where they stand in the whole."""

    model: Model
    visits: list[Call]
    trips: list[Trip]
    vehicle_places: list[int]
    visit_places: list[int]

    def orders(self, trips: Iterable[Trip]) -> dict[int, Order]:
        """Trips through the part by the whole's places of vehicle and visits."""
        return {self.vehicle_places[trip.vehicle]: tuple(self.visit_places[place] for place in trip.visits) for trip in trips}


def cut(model: Model, visits: Sequence[Call], orders: Mapping[int, Order], group: Collection[str], owners: Sequence[str]) -> Part:
    """The part of the offices `group`; `owners`: the office of each visit."""
    vehicle_places = [place for place, each in enumerate(model.fleet) if each.office in group]
    visit_places = [place for place, office in enumerate(owners) if office in group]
    own = {place: number for number, place in enumerate(visit_places)}
    trips = [
        Trip(number, tuple(own[place] for place in orders[vehicle])) for number, vehicle in enumerate(vehicle_places) if vehicle in orders
    ]
    chosen = [visits[place] for place in visit_places]
    return Part(_cut_model(model, group, {visit.kato for visit in chosen}), chosen, trips, vehicle_places, visit_places)


def _cut_model(model: Model, group: Collection[str], villages: Collection[str]) -> Model:
    depots = [row for row, depot in enumerate(model.depots) if depot.index in group]
    calls = [place for place, call in enumerate(model.calls) if call.kato in villages]
    grid = np.ix_(*[[*depots, *(len(model.depots) + place for place in calls)]] * 2)
    return Model(
        area="",
        depots=tuple(model.depots[row] for row in depots),
        calls=tuple(model.calls[place] for place in calls),
        fleet=tuple(each for each in model.fleet if each.office in group),
        roads=RoadTable(model.roads.metres[grid], model.roads.minutes[grid], model.roads.sources[grid]),
        shut={day: mask[grid] for day, mask in model.shut.items()},
    )


def improved(part: Part, settings: RouteSettings) -> list[Trip]:
    """The part searched anew; its own trips where nothing better is found."""
    found, _left = attempt(part.model, part.visits, settings)
    return min(part.trips, found, key=lambda trips: shortfall(part.model, part.visits, trips, settings.service_minutes))
