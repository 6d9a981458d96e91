"""A supplement: what goes along with a route that was handed over already, on a sheet of its own that refers to the first.

routing/manifest_commands asks. The first manifest stays as it is; a supplement adds packets at its stops, never a stop, and is closed by a
hand-over of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from records import schema
from records.calendar import today
from records.errors import NotAllowed
from records.language import _
from records.lifecycle import PacketState
from routing import manifest_book
from routing.manifest import Manifest
from routing.plan import PlannedRoute
from routing.sheet import rows
from settlements.register import vans

Bags = Mapping[int, tuple[str, ...]]


def addition(session: Session, week: str, route: PlannedRoute, wanted: Collection[str], places: Mapping[str, str]) -> tuple[Manifest, Bags]:
    """The route's open supplement, or its next one, with the packets `wanted`; with none named, all that can go along.

    Raises NotAllowed where the first manifest is open, the van has left, a packet cannot go along, or there is nothing to add.
    """
    _require_loading(session, route)
    number, standing = _open_supplement(session, route.code)
    packets = _waiting(session, week, route, f"{route.code}-S{number}")
    for code in wanted:
        _require(session, code, packets, week, route)
    chosen = [packets[code] for code in sorted(packets) if not wanted or code in wanted or code in standing]
    if not chosen:
        raise NotAllowed(
            _("No packet of the week {week} waits for the villages of the route {route}.").format(week=week, route=route.code),
            _("A supplement takes packets that were built after the hand-over, for villages at which the route stops."),
        )
    _require_room(session, route, chosen)
    return _manifest(week, route, number, chosen, places)


def _require_loading(session: Session, route: PlannedRoute) -> None:
    """The first manifest is closed, and the van has not left on an earlier day."""
    row = session.get_one(schema.Route, route.code)
    if row.handed_over_at is None:
        raise NotAllowed(
            _("The route {route} is not handed over yet: it needs no supplement.").format(route=route.code),
            _("Plan the week again and print the manifest again: both count what was built since."),
        )
    if date.fromisoformat(route.date) < today():
        raise NotAllowed(
            _("The van of the route {route} left on {date}.").format(route=route.code, date=route.date),
            _("Plan the week again: packets built since get a visit of their own."),
        )


def _open_supplement(session: Session, route: str) -> tuple[int, tuple[str, ...]]:
    """The number of the supplement that is being written, and the packets on it already."""
    found = manifest_book.supplements(session, [route])
    for manifest, bags in found:
        if not manifest_book.is_closed(session, manifest.code):
            return manifest.supplement, tuple(packet for bag in bags.values() for packet in bag)
    return 1 + max((manifest.supplement for manifest, _bags in found), default=0), ()


def _waiting(session: Session, week: str, route: PlannedRoute, supplement: str) -> dict[str, schema.Packet]:
    """The packets at the office for the route's villages that stand on no other open manifest."""
    villages = {stop.kato for stop in route.stops}
    here = (schema.Packet.week == week, schema.Packet.state == PacketState.BUILT.value, schema.Packet.kato.in_(villages))
    rows = {row.code: row for row in session.scalars(select(schema.Packet).where(*here))}
    held = manifest_book.held_elsewhere(session, supplement, list(rows))
    return {code: row for code, row in rows.items() if code not in held}


def _require(session: Session, code: str, packets: Mapping[str, schema.Packet], week: str, route: PlannedRoute) -> None:
    """Say why a packet that was asked for cannot go along."""
    if code in packets:
        return
    row = session.get(schema.Packet, code)
    if row is None or row.week != week:
        reason = _("There is no packet {code} of the week {week}.").format(code=code, week=week)
    elif row.kato not in {stop.kato for stop in route.stops}:
        reason = _("The packet {code} goes to {kato}, where the route {route} does not stop.").format(
            code=code, kato=row.kato, route=route.code
        )
    elif row.state != PacketState.BUILT.value:
        reason = _("The packet {code} does not stand at the office any more.").format(code=code)
    else:
        held = manifest_book.held_elsewhere(session, "", [code])
        reason = _("The packet {packet} stands on the manifest {manifest} already.").format(packet=code, manifest=held.get(code, ""))
    raise NotAllowed(reason, _("`poshta packets show CODE` tells what has happened to it."))


def _require_room(session: Session, route: PlannedRoute, chosen: Sequence[schema.Packet]) -> None:
    """The van can carry it all: counted as if it were on board when the van is heaviest."""
    payload = next((van.payload_kg for van in vans(session) if (van.office, van.vehicle) == (route.office, route.vehicle)), None)
    before = [
        manifest for manifest, _bags in manifest_book.supplements(session, [route.code]) if manifest_book.is_closed(session, manifest.code)
    ]
    grams = route.max_load_grams + sum(manifest.route.grams_out for manifest in before) + sum(row.grams for row in chosen)
    if payload is not None and grams > payload * 1000:
        raise NotAllowed(
            _("With the supplement the van of the route {route} would carry {needed} kg; it takes {payload} kg.").format(
                route=route.code, needed=f"{grams / 1000:.1f}", payload=f"{payload:g}"
            ),
            _("Name the packets that are to go along with --packet, or plan the week again."),
        )


def _manifest(
    week: str, route: PlannedRoute, number: int, chosen: Sequence[schema.Packet], places: Mapping[str, str]
) -> tuple[Manifest, Bags]:
    first = {stop.kato: stop.order for stop in reversed(route.stops)}
    bags: dict[int, tuple[str, ...]] = {}
    grams: dict[int, int] = {}
    for row in chosen:
        order = first[row.kato]
        bags[order] = (*bags.get(order, ()), row.code)
        grams[order] = grams.get(order, 0) + row.grams
    stops = tuple(
        replace(stop, packets_out=len(bags[stop.order]), grams_out=grams[stop.order], packets_back=0, grams_back=0)
        for stop in route.stops
        if stop.order in bags
    )
    reached = {row.stop.order: (row.total_metres, row.early) for row in rows(route) if row.stop.order in bags}
    added = replace(route, stops=stops)
    return Manifest(week, added, manifest_book.places_of(added, places), number, reached), dict(sorted(bags.items()))
