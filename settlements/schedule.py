"""The post's existing routes, as a list tells them: which stops of a route are at an end, and the routes that the desk knows.

settlements/enrol asks what a new list removes; settlements/check what dangles; routing/schedule reads the routes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.errors import Complaint
from records.language import _
from records.schema import ExistingStop, Settlement
from settlements.check_places import problem
from settlements.register import days_of, offices, vans
from settlements.rows import TakenRow

Name = tuple[str, str]  # office and route


@dataclass(frozen=True, slots=True)
class ScheduledCall:
    """A stop of an existing route: the place, and the days on which the route calls there."""

    kato: str
    days: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExistingRoute:
    """A route that the post drives anyway. `vehicle` is empty where the list names none or several."""

    office: str
    name: str
    vehicle: str
    calls: tuple[ScheduledCall, ...]


def existing_routes(session: Session) -> list[ExistingRoute]:
    """The routes by office and name, each with its stops in order."""
    stops: dict[Name, list[ExistingStop]] = defaultdict(list)
    for row in session.scalars(select(ExistingStop).order_by(ExistingStop.office, ExistingStop.route, ExistingStop.order)):
        stops[row.office, row.route].append(row)
    return [_route(name, rows) for name, rows in stops.items()]


def _route(name: Name, rows: Iterable[ExistingStop]) -> ExistingRoute:
    listed = list(rows)
    named = {row.vehicle for row in listed} - {""}
    calls = tuple(ScheduledCall(row.kato, days_of(row.days)) for row in listed)
    return ExistingRoute(*name, named.pop() if len(named) == 1 else "", calls)


def ended_stops(session: Session, rows: Iterable[TakenRow], refused: Iterable[TakenRow]) -> list[tuple[str, str, int, str, str, str]]:
    """The stored stops, whole, that a route of the list no longer has.

    A route that the list does not name stays as it is; so does a stop whose row was refused, and a whole route of which a refused row does not
    even tell the stop.
    """
    said: dict[Name, set[int]] = defaultdict(set)
    for row in rows:
        said[row.values["office"], row.values["route"]].add(row.values["order"])
    unclear = set()
    for row in refused:
        name = (row.values.get("office", ""), row.values.get("route", ""))
        if row.values.get("order") is None:
            unclear.add(name)
        elif name in said:
            said[name].add(row.values["order"])
    stored = session.scalars(select(ExistingStop).order_by(ExistingStop.office, ExistingStop.route, ExistingStop.order))
    ended = [stop for stop in stored if _is_ended(stop, said, unclear)]
    return [(stop.office, stop.route, stop.order, stop.kato, stop.days, stop.vehicle) for stop in ended]


def _is_ended(stop: ExistingStop, said: dict[Name, set[int]], unclear: set[Name]) -> bool:
    name = (stop.office, stop.route)
    return name in said and stop.order not in said[name] and name not in unclear


def check_schedule(session: Session) -> Iterator[Complaint]:
    """Existing routes whose office, vehicle or places the register does not have."""
    known, driven = {each.index for each in offices(session)}, {(van.office, van.vehicle) for van in vans(session)}
    places = set(session.scalars(select(Settlement.kato).where(Settlement.lat.is_not(None))))
    lost: set[str] = set()
    for route in existing_routes(session):
        words = {"route": route.name, "office": route.office, "vehicle": route.vehicle}
        if route.office not in known:
            text = _("The existing route {route} starts at the office {office}, which is not in the list.").format(**words)
            yield problem("schedule_office_unknown", route.office, text, _("Import the office with `poshta offices import`."))
        elif route.vehicle and (route.office, route.vehicle) not in driven:
            text = _("The existing route {route} of the office {office} names the vehicle {vehicle}, which is not in the list.").format(
                **words
            )
            yield problem(
                "schedule_vehicle_unknown", route.vehicle, text, _("Import the office's vehicles, or correct the list of routes.")
            )
        for kato in [call.kato for call in route.calls if call.kato not in places | lost]:
            lost.add(kato)
            text = _("Nothing is known of where {kato} on the existing route {route} is.").format(kato=kato, route=route.name)
            yield problem("schedule_place_unknown", kato, text, _("Add it with lat and lon to the list of settlements and import it."))
