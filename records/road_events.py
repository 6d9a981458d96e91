"""Events of packets and bags as they are kept: told once, withdrawn where they turn out wrong, never changed. The caller opens the session.

records/road_notes tells what manifests say, routing/book the hand-over, routing/post_events what Kazpost says; routing/tracking reads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from records.calendar import now
from records.events import DESK, Event, Happening, ledger_state
from records.lifecycle import PacketState
from records.road import RoadRoute, RoadStop, packets_planned
from records.schema import ManifestPacket, Packet, PostEvent


def tell(session: Session, event: Event) -> int | None:
    """Write an event; answers its number where it was new. The same told twice is one."""
    digest = _digest(event)
    if session.scalar(select(PostEvent.id).where(PostEvent.digest == digest, PostEvent.withdrawn_at.is_(None)).limit(1)) is not None:
        return None
    row = PostEvent(
        digest=digest,
        at=event.at,
        kind=event.kind.value,
        packet=event.packet,
        route=event.route,
        stop=event.stop,
        reason=event.reason,
        source=event.source,
        evidence=dict(event.evidence),
        noted_at=now(),
    )
    session.add(row)
    session.flush()
    return row.id


def withdraw(session: Session, spans: Iterable[tuple[int, int]]) -> int:
    """Withdraw the events of these numbers, first and last of each span, and let their packets be where they are without them; answers how many."""
    mine = [row for first, last in spans for row in session.scalars(select(PostEvent).where(PostEvent.id.between(first, last)))]
    codes = {row.packet for row in mine if row.packet}
    before = _by_events(session, codes)
    for row in mine:
        row.withdrawn_at = now()
    session.flush()
    after = _by_events(session, codes)
    for packet in session.scalars(select(Packet).where(Packet.code.in_(codes))):
        if packet.state == before[packet.code].value:
            packet.state = after[packet.code].value
    return len(mine)


def _by_events(session: Session, codes: Collection[str]) -> dict[str, PacketState]:
    """What each packet's state is by its events alone."""
    told: dict[str, list[Event]] = {code: [] for code in codes}
    for event in events(session, packets=codes) if codes else ():
        told[str(event.packet)].append(event)
    return {code: ledger_state(PacketState.BUILT, found) for code, found in told.items()}


def events(session: Session, packets: Collection[str] | Select[Any] | None = None, routes: Collection[str] | None = None) -> list[Event]:
    """The events that stand, as they happened, of packets (codes, or a query of them) or routes; of all where neither is given."""
    wanted = select(PostEvent).where(PostEvent.withdrawn_at.is_(None)).order_by(PostEvent.at, PostEvent.id)
    if packets is not None:
        wanted = wanted.where(PostEvent.packet.in_(packets))
    if routes is not None:
        wanted = wanted.where(PostEvent.route.in_(routes))
    return [_event(row) for row in session.scalars(wanted)]


def tell_instead(session: Session, stop: RoadStop, kinds: Collection[Happening], wanted: Sequence[Event]) -> None:
    """Withdraw what was told of a stop and is not wanted any more, and tell what is."""
    keep = {_digest(event) for event in wanted}
    mine = (PostEvent.route == stop.manifest, PostEvent.stop == stop.order, PostEvent.kind.in_([kind.value for kind in kinds]))
    for row in session.scalars(select(PostEvent).where(*mine, PostEvent.withdrawn_at.is_(None))):
        if row.digest not in keep:
            row.withdrawn_at = now()
    session.flush()
    for event in wanted:
        tell(session, event)


def settle_packets(session: Session, codes: Collection[str]) -> None:
    """Let the state of these packets be what their events say."""
    if not codes:
        return
    by_packet: dict[str, list[Event]] = {code: [] for code in codes}
    for event in events(session, packets=codes):
        by_packet[str(event.packet)].append(event)
    for row in session.scalars(select(Packet).where(Packet.code.in_(codes))):
        row.state = ledger_state(PacketState(row.state), by_packet[row.code]).value


def packets_on(session: Session, route: RoadRoute, stop: RoadStop) -> list[str]:
    """The packets in a stop's bag: those that stand on the manifest, else those that the hand-over told, else those that the plan sends there."""
    carried = select(ManifestPacket.packet).where(ManifestPacket.manifest == stop.manifest)
    found = list(session.scalars(carried.where(ManifestPacket.stop == stop.order).order_by(ManifestPacket.packet)))
    if found or session.scalar(carried.limit(1)) is not None:
        return found
    mine = (PostEvent.kind == Happening.HANDED_OVER.value, PostEvent.packet.is_not(None), PostEvent.withdrawn_at.is_(None))
    told = select(PostEvent.packet).where(PostEvent.route == stop.manifest, *mine)
    found = [str(code) for code in session.scalars(told.where(PostEvent.stop == stop.order).order_by(PostEvent.packet))]
    if found or session.scalar(told.limit(1)) is not None or stop.manifest != route.code:
        return found
    return packets_planned(session, route).get(stop.order, [])


def note_handover(session: Session, route: str, bags: Mapping[int, Sequence[str]], at: datetime) -> None:
    """Write that the packets of each stop were given to the driver; the packets' state is the caller's."""
    for stop, packets in bags.items():
        for packet in (None, *packets):
            tell(session, Event(at, Happening.HANDED_OVER, DESK, packet, route, stop))


def take_back_handover(session: Session, route: str) -> None:
    """Take away the hand-over of a route, which never took place: `undo` has it in the journal."""
    session.execute(delete(PostEvent).where(PostEvent.route == route, PostEvent.kind == Happening.HANDED_OVER.value))


def _event(row: PostEvent) -> Event:
    return Event(row.at, Happening(row.kind), row.source, row.packet, row.route, row.stop, row.reason, row.evidence)


def _digest(event: Event) -> str:
    """Of what is told, not of who told it; what is told of a postal number is the same before and after that is tied to a packet."""
    whom = event.evidence.get("number") or [event.packet, event.route, event.stop]
    told = [event.at.isoformat(timespec="minutes"), event.kind.value, whom, event.reason, event.evidence.get("packets")]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
