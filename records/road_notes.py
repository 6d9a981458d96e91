"""What is noted of every stop of a route, and what that means for its packets. Superseded, never changed.

scanning/manifest_filing writes here what a sheet says, routing/note_commands a person's word: the two rooms meet only here. The caller opens the
session.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from records import journal
from records.calendar import now
from records.events import MANIFEST, PERSON, Event, Happening, Outcome, outcome_events
from records.lifecycle import PacketState
from records.road import RoadRoute, RoadStop
from records.road_checks import BACK, DOUBT, OUTCOME, READ, Field, StopLoad, checked, item_of
from records.road_events import note_handover, packets_on, settle_packets, tell_instead
from records.schema import Manifest, Packet, PostEvent, RoadNote, Route

NO_ONE_ELSE = 0  # stands in superseded_by for the moment between freeing the place and filling it
_OUT = (PacketState.HANDED_OVER.value, PacketState.DELIVERED.value, PacketState.RETURNING.value)


@dataclass(frozen=True, slots=True)
class Note(Field):
    """A field of a route with where it was read: `page` and `scan`, or a person's reason in `why`."""

    page: str | None = None
    scan: int | None = None
    why: str = ""


def notes_of(session: Session, routes: Collection[str]) -> dict[str, dict[str, Note]]:
    """What stands of these routes now, by route and item."""
    wanted = select(RoadNote).where(RoadNote.route.in_(routes), RoadNote.superseded_by.is_(None)).order_by(RoadNote.route, RoadNote.id)
    found: dict[str, dict[str, Note]] = {}
    for row in session.scalars(wanted) if routes else ():
        found.setdefault(row.route, {})[row.item] = _note(row)
    return found


def noted(session: Session, route: RoadRoute, said: Iterable[Note]) -> list[Note]:
    """Take in what is said of a route: checked with all that is known of it, recorded in place of what stood there, and carried out.

    Answers the notes that changed. What says the same changes nothing; nor does a sheet change a person's word.
    """
    held = notes_of(session, [route.code]).get(route.code, {})
    said = [note for note in said if note.decided_by == PERSON or note.item not in held or not held[note.item].spoken]
    if route.handed_over_at is None and any(note.state == READ for note in said):
        route = _seen_on_the_road(session, route)
    together = held | {note.item: note for note in said}
    loads = [StopLoad(stop.name, stop.packets_out, most) for stop, most in _most_back(session, route)]
    after = {item: replace(together[item], **_substance(field)) for item, field in checked(together, loads).items()}
    changed = [note for item, note in after.items() if item not in held or _substance(note) != _substance(held[item])]
    for note in changed:
        _record(session, route.code, note)
    if changed:
        session.flush()
        carry_out(session, route, after)
    return changed


def standing(session: Session, route: str, items: Collection[str]) -> dict[str, int]:
    """The numbers of the rows that stand of these items."""
    wanted = select(RoadNote.item, RoadNote.id).where(RoadNote.route == route, RoadNote.item.in_(items), RoadNote.superseded_by.is_(None))
    return {item: number for item, number in session.execute(wanted)}  # noqa: C416 - typed


def take_back(session: Session, route: RoadRoute, rows: Collection[int]) -> None:
    """Let what these rows took the place of stand again, or nothing where nothing stood, and carry that out; the rows stay."""
    told: dict[str, Note] = {}
    for row in session.scalars(select(RoadNote).where(RoadNote.id.in_(rows))).all():
        before = _before(session, row)
        told[row.item] = _told(session, before, row.item)
        row.superseded_by = row.id if before is None else before.id
        session.flush()
        if before is not None:
            before.superseded_by = None
    session.flush()
    carry_out(session, route, notes_of(session, [route.code]).get(route.code, {}) | told)


def _before(session: Session, row: RoadNote) -> RoadNote | None:
    """What stood in the place of a row before it."""
    return session.scalar(select(RoadNote).where(RoadNote.superseded_by == row.id, RoadNote.id < row.id))


def _told(session: Session, row: RoadNote | None, item: str) -> Note:
    """What was carried out when this row stood: a doubt leaves what was told before it, and nothing where nothing was."""
    while row is not None and row.state == DOUBT:
        row = _before(session, row)
    return _note(row) if row is not None else Note(item)


def carry_out(session: Session, route: RoadRoute, notes: Mapping[str, Note]) -> None:
    """Let the events of the route's bags and packets, and the packets' own state, be what the notes say. A doubt changes nothing."""
    touched: set[str] = set()
    for stop in route.stops:
        outcome, count = notes.get(item_of(stop.name, OUTCOME)), notes.get(item_of(stop.name, BACK))
        if outcome is not None and outcome.state != DOUBT and stop.packets_out:
            touched |= _outcome(session, route, stop, outcome)
        if count is not None and count.state != DOUBT:
            _count(session, route, stop, count)
    settle_packets(session, touched)


def _seen_on_the_road(session: Session, route: RoadRoute) -> RoadRoute:
    """A route that nobody handed over has been driven: that is told as of its departure, for its packets that have left on no other."""
    session.get_one(Route, route.code).handed_over_at = route.departs_at
    session.execute(update(Manifest).where(Manifest.code == route.code, Manifest.closed_at.is_(None)).values(closed_at=route.departs_at))
    gone = select(PostEvent.packet).where(PostEvent.kind == Happening.HANDED_OVER.value, PostEvent.withdrawn_at.is_(None))
    planned = {stop.order: packets_on(session, route, stop) for stop in route.stops if stop.packets_out and stop.manifest == route.code}
    away = set(session.scalars(gone.where(PostEvent.packet.in_([code for codes in planned.values() for code in codes]))))
    bags = {stop: [code for code in codes if code not in away] for stop, codes in planned.items()}
    note_handover(session, route.code, bags, route.departs_at)
    settle_packets(session, [code for codes in bags.values() for code in codes])
    journal.record(session, "routes.on_the_road", route.code, packets=sum(map(len, bags.values())))
    return replace(route, handed_over_at=route.departs_at, in_force=True)


def _supplement_seen(session: Session, route: RoadRoute, manifest: str) -> None:
    """A supplement whose hand-over nobody noted went along: that is told as of the route's own hand-over, and it is closed."""
    row = session.get(Manifest, manifest)
    if row is None or row.closed_at is not None:
        return
    row.closed_at = route.handed_over_at or route.departs_at
    bags = {stop.order: packets_on(session, route, stop) for stop in route.stops if stop.manifest == manifest}
    note_handover(session, manifest, bags, row.closed_at)
    journal.record(session, "routes.on_the_road", manifest, packets=sum(map(len, bags.values())))


def _most_back(session: Session, route: RoadRoute) -> list[tuple[RoadStop, int]]:
    """Each stop with how many packets can come back from it: those that are out in its village, of any week, or as many as the plan expects."""
    villages = {stop.kato for stop in route.stops}
    counts = select(Packet.kato, func.count()).where(Packet.kato.in_(villages), Packet.state.in_(_OUT)).group_by(Packet.kato)
    out: dict[str, int] = {kato: count for kato, count in session.execute(counts)}  # noqa: C416 - typed
    return [(stop, max(stop.packets_back, out.get(stop.kato, 0))) for stop in route.stops]


def _outcome(session: Session, route: RoadRoute, stop: RoadStop, note: Note) -> set[str]:
    """Tell what became of a stop's bag and packets in place of what was told before; answers the packets."""
    if stop.manifest != route.code and note.state == READ:
        _supplement_seen(session, route, stop.manifest)
    packets = packets_on(session, route, stop)
    source = PERSON if note.decided_by == PERSON else MANIFEST
    evidence = {name: value for name, value in (("page", note.page), ("scan", note.scan)) if value}
    wanted = []
    for kind, reason in outcome_events(Outcome(note.value)) if note.state == READ else ():
        at = route.not_before(route.back_at if kind is Happening.BROUGHT_BACK else stop.at, stop)
        wanted += [Event(at, kind, source, packet, stop.manifest, stop.order, reason, evidence) for packet in (None, *packets)]
    kinds = (Happening.DELIVERED, Happening.NOT_DELIVERED, Happening.BROUGHT_BACK)
    tell_instead(session, stop, kinds, wanted)
    return set(packets)


def _count(session: Session, route: RoadRoute, stop: RoadStop, note: Note) -> None:
    """Tell how many packets the pupils of a stop gave back."""
    evidence: dict[str, Any] = {name: value for name, value in (("page", note.page), ("scan", note.scan)) if value}
    source = PERSON if note.decided_by == PERSON else MANIFEST
    event = Event(
        route.not_before(stop.at, stop),
        Happening.RETURNED,
        source,
        None,
        route.code,
        stop.order,
        "",
        evidence | {"packets": int(note.value or 0)},
    )
    tell_instead(session, stop, (Happening.RETURNED,), [event] if note.value else [])


def _record(session: Session, route: str, note: Note) -> None:
    """Put a note in the place of the one that stands."""
    mine = (RoadNote.route == route, RoadNote.item == note.item, RoadNote.superseded_by.is_(None))
    before = session.scalar(select(RoadNote).where(*mine))
    if before is not None:
        before.superseded_by = NO_ONE_ELSE
        session.flush()
    held = _substance(note) | {"candidates": list(note.candidates)}
    row = RoadNote(route=route, made_at=now(), page=note.page, scan=note.scan, why=note.why, **held)
    session.add(row)
    session.flush()
    if before is not None:
        before.superseded_by = row.id


def _substance(field: Field) -> dict[str, Any]:
    """What makes two notes differ: wherever it was read and whyever it was said, the same is the same."""
    return {name: getattr(field, name) for name in ("item", "value", "candidates", "state", "reason", "decided_by")}


def _note(row: RoadNote) -> Note:
    return Note(row.item, row.value, tuple(row.candidates), row.state, row.reason, row.decided_by, row.page, row.scan, row.why)
