"""What of this room can be undone: a hand-over of the same day, while nothing of it has come back. cli.py hands it to records/undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.calendar import today
from records.journal import Entry
from records.language import N_, _
from records.lifecycle import PacketEvent, PacketState, move
from records.road_events import take_back_handover
from records.schema import Closure, Manifest, ManifestPacket, Packet, Route
from records.undo import Undoer, in_the_way
from routing import manifest_book


def take_from_the_driver(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let the route or its supplement be as before the hand-over; raises NotAllowed on another day, or where packets are not as it left them."""
    row, manifest = session.get(Route, entry.subject), session.get(Manifest, entry.subject)
    if (row.handed_over_at if row is not None else manifest.closed_at if manifest is not None else None) is None:
        raise in_the_way(_("the route {code} is not handed over").format(code=entry.subject))
    if entry.at.date() != today():
        raise in_the_way(_("the route {code} was handed over on another day, and the van has left").format(code=entry.subject))
    packets = _its_packets(session, entry.subject)
    if len(packets) != entry.details["packets"]:
        raise in_the_way(_("packets of the route {code} were delivered, came back or left on another route").format(code=entry.subject))
    for packet in packets:
        packet.state = move(PacketState(packet.state), PacketEvent.TAKE_BACK).value
    if row is not None:
        row.handed_over_at = None
        manifest_book.withdraw_supplements(session, row.code)
    manifest_book.reopen(session, entry.subject)
    take_back_handover(session, entry.subject)
    return {"packets": len(packets)}


def _its_packets(session: Session, manifest: str) -> list[Packet]:
    """The packets of a manifest that are with the driver."""
    its = select(ManifestPacket.packet).where(ManifestPacket.manifest == manifest)
    return list(session.scalars(select(Packet).where(Packet.code.in_(its), Packet.state == PacketState.HANDED_OVER.value)))


def unclose(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let the closure never have been; raises NotAllowed where it was opened since."""
    row = session.get(Closure, int(entry.subject))
    if row is None:
        raise in_the_way(_("the closure {number} is not there any more").format(number=entry.subject))
    session.delete(row)
    return {"start": row.start, "end": row.end}


UNDOERS = {
    "routes.close": Undoer(N_("{start} {end} was noted as closed from {since}"), unclose),
    "routes.handover": Undoer(N_("the route {subject} was handed over with {packets} packets"), take_from_the_driver),
}
