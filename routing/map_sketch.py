"""What a map of routes shows, before anything is drawn: which routes, villages and outlines belong to a district, and how each line looks. Pure.

routing/map_page and routing/map_picture draw it, routing/map_commands asks for one of each district and one of the country.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from routing.plan import Plan, PlannedRoute, Stop, Unplanned
from settlements.codes import district_of

# Seven colours that most colour-blind people tell apart (Okabe and Ito, without yellow), and four dashes: 28 lines before one comes again.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#56b4e9", "#a05a00")
DASHES = ((), (9, 4), (2, 4), (12, 4, 2, 4))  # on and off, in pixels of the screen
Point = tuple[float, float]  # latitude, longitude


@dataclass(frozen=True, slots=True)
class Line:
    """A route with its look. `points`: office, stops and the office again, where their places are known."""

    route: PlannedRoute
    colour: str
    dash: tuple[int, ...]

    @property
    def points(self) -> list[Point]:
        """Where it goes; places without coordinates are passed over."""
        ends = [(self.route.lat, self.route.lon)]
        along = [*ends, *((stop.lat, stop.lon) for stop in self.route.stops), *ends]
        return [(lat, lon) for lat, lon in along if lat is not None and lon is not None]

    @property
    def stops(self) -> list[tuple[Stop, Point]]:
        """The stops whose places are known."""
        return [(stop, (stop.lat, stop.lon)) for stop in self.route.stops if stop.lat is not None and stop.lon is not None]


@dataclass(frozen=True, slots=True)
class Missed:
    """A village on no route, and where it lies (None where nobody knows)."""

    unplanned: Unplanned
    name_kk: str
    name_ru: str
    place: Point | None


@dataclass(frozen=True, slots=True)
class Outline:
    """A district's boundary and its names."""

    kato: str
    name_kk: str
    name_ru: str
    shape: Any  # shapely's geometry, in degrees, longitude first


@dataclass(frozen=True, slots=True)
class Sketch:
    """One map. `district` is empty for the country."""

    plan: Plan
    district: str
    name_kk: str
    name_ru: str
    lines: tuple[Line, ...]
    missed: tuple[Missed, ...]
    outlines: tuple[Outline, ...]

    @property
    def points(self) -> list[Point]:
        """Every known place on it."""
        return [point for line in self.lines for point in line.points] + [place for _each, place in self.lost]

    @property
    def offices(self) -> dict[str, Point]:
        """Index and name of each office whose place is known, and the place."""
        routes = [line.route for line in self.lines]
        return {
            f"{route.office} {route.office_name}".strip(): (route.lat, route.lon)
            for route in routes
            if route.lat is not None and route.lon is not None
        }

    @property
    def lost(self) -> list[tuple[Missed, Point]]:
        """The villages on no route whose places are known."""
        return [(each, each.place) for each in self.missed if each.place is not None]

    @property
    def own_plan(self) -> Plan:
        """The plan with the routes and villages of this map only."""
        return replace(self.plan, routes=tuple(line.route for line in self.lines), unplanned=tuple(each.unplanned for each in self.missed))


def districts_of(plan: Plan) -> list[str]:
    """Every district with a call or a village on no route."""
    return sorted({district_of(kato) for kato in (*(stop.kato for stop in plan.stops), *(each.kato for each in plan.unplanned))})


def sketch(
    plan: Plan, missed: Iterable[Missed], outlines: Sequence[Outline], district: str = "", names: tuple[str, str] = ("", "")
) -> Sketch:
    """The map of a district, with every route that calls there, whole; of the country where no district is named.

    Outlines are those of the region of each place that is shown.
    """
    routes = [route for route in plan.routes if not district or any(district_of(stop.kato) == district for stop in route.stops)]
    lines = tuple(Line(route, COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]) for number, route in enumerate(routes))
    own = tuple(each for each in missed if not district or district_of(each.unplanned.kato) == district)
    shown = {stop.kato[:2] for route in routes for stop in route.stops} | {each.unplanned.kato[:2] for each in own}
    around = {district} if district else set()
    kept = tuple(each for each in outlines if (each.kato in around if district else each.kato[:2] in shown))
    return Sketch(plan, district, *names, lines, own, kept)
