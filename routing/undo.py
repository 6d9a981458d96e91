"""What of this room can be undone: a hand-over of the same day, a closure, a person's word on a route, the post's events. cli.py hands it to records/undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from records.calendar import today
from records.events import Happening
from records.journal import Entry
from records.language import N_, _
from records.lifecycle import PacketEvent, PacketState, move
from records.postal_numbers import let_go, tie
from records.road import road_route
from records.road_checks import READ, stop_item
from records.road_events import take_back_handover, withdraw
from records.road_notes import notes_of
from records.road_person import unsay as unsaid
from records.schema import Closure, Manifest, ManifestPacket, Packet, PostEvent, Route
from records.undo import Undoer, in_the_way
from routing import manifest_book


def take_from_the_driver(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let the route or its supplement be as before the hand-over; raises NotAllowed on another day, or where packets are not as it left them."""
    row, manifest = session.get(Route, entry.subject), session.get(Manifest, entry.subject)
    if (row.handed_over_at if row is not None else manifest.closed_at if manifest is not None else None) is None:
        raise in_the_way(_("the route {code} is not handed over").format(code=entry.subject))
    if entry.at.date() != today():
        raise in_the_way(_("the route {code} was handed over on another day, and the van has left").format(code=entry.subject))
    return _take_back(session, entry, select(ManifestPacket.packet).where(ManifestPacket.manifest == entry.subject))


def take_off_the_road(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let a route or supplement that was driven only because something was noted of it be as before that; raises NotAllowed where something still is."""
    route = road_route(session, entry.subject)
    names = {stop.name for stop in route.stops if entry.subject in (route.code, stop.manifest)}
    notes = notes_of(session, [route.code]).get(route.code, {})
    if any(note.state == READ and (_stop_of(item) in names or entry.subject == route.code) for item, note in notes.items()):
        raise in_the_way(_("something is noted of the route {code}").format(code=entry.subject))
    mine = (PostEvent.route == entry.subject, PostEvent.kind == Happening.HANDED_OVER.value, PostEvent.withdrawn_at.is_(None))
    return _take_back(session, entry, select(PostEvent.packet).where(*mine))


def _stop_of(item: str) -> str:
    place = stop_item(item)
    return place[0] if place else ""


def _take_back(session: Session, entry: Entry, its: Select[Any]) -> Mapping[str, Any]:
    """Let the packets stand at the office again, and the manifest be open; raises NotAllowed where they are not all with the driver."""
    packets = list(session.scalars(select(Packet).where(Packet.code.in_(its), Packet.state == PacketState.HANDED_OVER.value)))
    if len(packets) != entry.details["packets"]:
        raise in_the_way(_("packets of the route {code} were delivered, came back or left on another route").format(code=entry.subject))
    for packet in packets:
        packet.state = move(PacketState(packet.state), PacketEvent.TAKE_BACK).value
    row = session.get(Route, entry.subject)
    if row is not None:
        row.handed_over_at = None
        manifest_book.withdraw_supplements(session, row.code)
    manifest_book.reopen(session, entry.subject)
    take_back_handover(session, entry.subject)
    return {"packets": len(packets)}


def unsay(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let what a person noted of a route not have been said; raises NotAllowed where something newer stands."""
    records = {str(item): int(number) for item, number in entry.details.get("records", {}).items()}
    if not unsaid(session, entry.subject, records):
        raise in_the_way(_("of the route {code} something newer is noted").format(code=entry.subject))
    return {"fields": sorted(records)}


def untell(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let what a table told of the post's events not have been told, and its numbers be tied to what they were tied to before."""
    if "events" not in entry.details:
        raise in_the_way(_("this import did not write down its events"))
    count = withdraw(session, entry.details["events"])
    for number in (*entry.details["numbers"], *entry.details["ties"]):
        let_go(session, number)
    for number in entry.details["ties"]:
        tie(session, number)
    return {"events": count}


def unclose(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let the closure never have been; raises NotAllowed where it was opened since."""
    row = session.get(Closure, int(entry.subject))
    if row is None:
        raise in_the_way(_("the closure {number} is not there any more").format(number=entry.subject))
    session.delete(row)
    return {"start": row.start, "end": row.end}


UNDOERS = {
    "routes.close": Undoer(N_("{start} {end} was noted as closed from {since}"), unclose),
    "routes.events": Undoer(N_("the import of the post's events from {subject}: {added} events"), untell),
    "routes.handover": Undoer(N_("the route {subject} was handed over with {packets} packets"), take_from_the_driver),
    "routes.note": Undoer(N_("what was noted of the route {subject} by hand"), unsay),
    "routes.on_the_road": Undoer(N_("the route {subject} counted as handed over, since something was noted of it"), take_off_the_road),
}
