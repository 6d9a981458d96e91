"""One model's plan: its calls sorted out, searched, mended, and where something is left out searched once more with everything required.

A few visits of which some are left out even so are planned by trying every way (routing/exact).

routing/draft asks for each area, routing/country for each group of neighbouring offices. Pure; no database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from records.settings import RouteSettings
from routing.exact import MOST, best_trips
from routing.plan import Unplanned
from routing.reasons import sort_out
from routing.repair import mend, workbench
from routing.scopes import Model
from routing.solve import Trip, search
from routing.stops import Call
from routing.waiting import MAY_WAIT

Shortfall = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Planned:
    """A model's visits and the trips through them; `hopeless`: what no vehicle could make even alone; `left`: what found no place."""

    model: Model
    visits: list[Call]
    trips: list[Trip]
    hopeless: list[Unplanned]
    left: list[Unplanned]

    def shortfall(self, service_minutes: int) -> Shortfall:
        """What the plan is judged by."""
        return shortfall(self.model, self.visits, self.trips, service_minutes)


def plan_model(model: Model, settings: RouteSettings) -> Planned:
    """The plan of one model by itself."""
    visits, hopeless = sort_out(model, settings.service_minutes)
    trips, left = attempt(model, visits, settings)
    return Planned(model, visits, trips, hopeless, left)


def attempt(model: Model, visits: Sequence[Call], settings: RouteSettings) -> tuple[list[Trip], list[Unplanned]]:
    """Trips that break no rule, and the visits on none of them, each with its reason."""
    found = _searched(model, visits, settings, required=False)
    if all(each.reason == MAY_WAIT for each in found[1]):
        return found
    again = _searched(model, visits, settings, required=True)
    found = min(found, again, key=lambda outcome: shortfall(model, visits, outcome[0], settings.service_minutes))
    if len(visits) > MOST or not found[1]:
        return found
    tried = mend(model, visits, best_trips(model, visits, settings.service_minutes), settings.service_minutes)
    return min(found, tried, key=lambda outcome: shortfall(model, visits, outcome[0], settings.service_minutes))


def _searched(model: Model, visits: Sequence[Call], settings: RouteSettings, required: bool) -> tuple[list[Trip], list[Unplanned]]:
    trips = search(model, visits, settings.iterations, settings.seed, settings.service_minutes, required)
    return mend(model, visits, trips, settings.service_minutes)


def shortfall(model: Model, visits: Sequence[Call], trips: Sequence[Trip], service_minutes: int) -> Shortfall:
    """The most packets on the way, then the most visits (both counted negative), then the fewest metres: the least is the best.

    Packets that may wait do not count, but for what their call is worth in metres.
    """
    bench = workbench(model, visits, service_minutes)
    planned = [place for trip in trips for place in trip.visits]
    metres = sum(bench.metres(trip.vehicle, trip.visits) for trip in trips)
    prizes = sum(visits[place].worth or 0 for place in planned)
    must = [place for place in planned if visits[place].worth is None]
    return -sum(visits[place].packets_out for place in must), -len(must), metres - prizes
