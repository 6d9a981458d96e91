"""Where every packet is, and since when: printed, handed over, delivered, returned, scanned, overdue, lost. Reads only.

routing/tracking, routing/overdue, routing/figures and packets/reprint ask. What happened stands in records/road_events, what was read in the scans.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from records import schema
from records.calendar import today
from records.events import Event, Happening, Paper, Patience, Where, in_order, whereabouts
from records.ledger import READ_STATES
from records.lifecycle import PacketState
from records.road import road_routes, route_of
from records.road_events import events
from records.settings import Settings
from settlements.codes import scope_prefix

WORKSHEET = "worksheet"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which packets: of a study week, one packet, of a route, of a village or any KATO code above it; `awaited`: only those of which work may be out."""

    week: str = ""
    packet: str = ""
    route: str = ""
    village: str = ""
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class Tracked:
    """One packet. `route` and `stop` are those of its last hand-over; `numbers` are the post's own on it."""

    packet: str
    pupil: str
    kato: str
    school: str
    week: str
    where: Where
    paper: Paper
    events: tuple[Event, ...]
    numbers: tuple[str, ...]

    @property
    def handed(self) -> Event | None:
        """Its last hand-over."""
        return next((event for event in reversed(self.events) if event.kind is Happening.HANDED_OVER), None)

    def as_json(self, history: bool = False) -> dict[str, Any]:
        """The packet as `routes track` answers it."""
        where, handed = self.where, self.handed
        told = {
            "packet": self.packet,
            "pupil": self.pupil,
            "kato": self.kato,
            "week": self.week,
            "state": where.state.value,
            "since": where.since.isoformat(),
            "due": where.due.isoformat(),
            "over": where.over,
            "route": handed.route if handed else None,
            "stop": handed.stop if handed else None,
            "pages": self.paper.pages,
            "read": self.paper.read,
            "numbers": list(self.numbers),
            "event": where.event.as_json() if where.event else None,
        }
        return told | ({"history": [event.as_json() for event in self.events]} if history else {})


def patience_of(settings: Settings) -> Patience:
    """The ladder as the desk's settings have it."""
    ladder = settings.overdue
    return Patience(settings.packets.return_days, ladder.call_days, ladder.district_days, ladder.visit_days, ladder.lost_days)


def typed_pages(session: Session, *which: ColumnElement[bool]) -> dict[str, tuple[str, datetime]]:
    """Of these rows of `page` those that no picture shows and every answer of which stands all the same, since a person typed it.

    By their id: the packet, and when the last answer was typed.
    """
    page, answer, scan = schema.Page, schema.Answer, schema.Scan
    columns = (page.id, page.packet, page.layout, func.count(), func.max(answer.made_at))
    pictured = select(scan.id).where(scan.page == page.id, scan.state.in_(READ_STATES)).exists()
    wanted = select(*columns).join(answer, answer.page == page.id).where(*which, ~pictured, answer.superseded_by.is_(None))
    rows = session.execute(wanted.group_by(page.id, page.packet, page.layout)).all()
    layout = schema.Layout
    layouts = session.execute(select(layout.digest, layout.geometry).where(layout.digest.in_({row.layout for row in rows})))
    asked = {digest: len(geometry["items"]) for digest, geometry in layouts}
    return {identity: (str(packet), at) for identity, packet, digest, count, at in rows if count >= asked[digest]}


def tracked(session: Session, wanted: Wanted, patience: Patience) -> list[Tracked]:
    """The packets by week, village and code."""
    codes = _codes(wanted)
    rows = list(session.scalars(select(schema.Packet).where(schema.Packet.code.in_(codes)).order_by(*_ORDER)))
    told: dict[str, list[Event]] = defaultdict(list)
    for event in events(session, packets=codes):
        told[event.packet or ""].append(event)
    pages, read = _pages(session, codes), _read(session, codes)
    for packet, event in _given_back(session, rows):
        told[packet].append(event)
    numbers = _numbers(session, codes)
    return [_tracked(row, told[row.code], pages.get(row.code, 0), read.get(row.code), numbers[row.code], patience) for row in rows]


_ORDER = (schema.Packet.week, schema.Packet.kato, schema.Packet.code)


def _codes(wanted: Wanted) -> Select[Any]:
    packet = schema.Packet
    codes = select(packet.code)
    if wanted.week:
        codes = codes.where(packet.week == wanted.week)
    if wanted.packet:
        codes = codes.where(packet.code == wanted.packet)
    if wanted.village:
        codes = codes.where(packet.kato.startswith(scope_prefix(wanted.village), autoescape=True))
    if wanted.awaited:
        codes = codes.where(packet.state.not_in((PacketState.COMPLETE.value, PacketState.VOID.value)))
    if wanted.route:
        named = or_(schema.PostEvent.route == wanted.route, schema.PostEvent.route.startswith(f"{wanted.route}-S", autoescape=True))
        mine = (named, schema.PostEvent.withdrawn_at.is_(None))
        codes = codes.where(packet.code.in_(select(schema.PostEvent.packet).where(*mine)))
    return codes


def _tracked(
    row: schema.Packet, told: Sequence[Event], pages: int, read: tuple[int, datetime] | None, numbers: Sequence[str], patience: Patience
) -> Tracked:
    count, last = read or (0, None)
    paper = Paper(row.built_at, row.return_by, pages, count, last, row.state == PacketState.VOID.value)
    ordered = tuple(in_order(told))
    where = whereabouts(paper, ordered, today(), patience)
    return Tracked(row.code, row.pupil, row.kato, row.school, row.week, where, paper, ordered, tuple(numbers))


def _pages(session: Session, codes: Select[Any]) -> dict[str, int]:
    """The valid worksheets of each packet."""
    page = schema.Page
    mine = (page.packet.in_(codes), page.kind == WORKSHEET, page.void.is_(False))
    return {str(code): count for code, count in session.execute(select(page.packet, func.count()).where(*mine).group_by(page.packet))}


def _read(session: Session, codes: Select[Any]) -> dict[str, tuple[int, datetime]]:
    """How many worksheets of each packet were read or typed, and when the last of them first was."""
    page, scan = schema.Page, schema.Scan
    mine = (page.packet.in_(codes), page.kind == WORKSHEET, page.void.is_(False))
    first = select(page.id, page.packet, func.min(scan.scanned_at)).join(page, page.id == scan.page)
    rows = session.execute(first.where(*mine, scan.state.in_(READ_STATES)).group_by(page.id, page.packet))
    came = typed_pages(session, *mine) | {identity: (str(packet), at) for identity, packet, at in rows}
    found: dict[str, list[datetime]] = defaultdict(list)
    for packet, at in came.values():
        found[packet].append(at)
    return {code: (len(times), max(times)) for code, times in found.items()}


def _numbers(session: Session, codes: Select[Any]) -> dict[str, list[str]]:
    item = schema.PostalItem
    found: dict[str, list[str]] = defaultdict(list)
    for packet, number in session.execute(select(item.packet, item.number).where(item.packet.in_(codes)).order_by(item.number)):
        found[str(packet)].append(number)
    return found


def _given_back(session: Session, rows: Iterable[schema.Packet]) -> list[tuple[str, Event]]:
    """Packets that must be among those that a van counted back: as many came from the village as were out there. A lesser count names nobody."""
    waiting = _waiting(session, {row.kato for row in rows if row.state == PacketState.DELIVERED.value})
    found: list[tuple[str, Event]] = []
    for kato, event in _counts(session, waiting):
        out = [code for code, day in waiting[kato].items() if day < event.at.date()]
        if out and int(event.evidence.get("packets", 0)) >= len(out):
            found += [(code, event) for code in out]
            waiting[kato] = {code: day for code, day in waiting[kato].items() if code not in out}
    return found


def _waiting(session: Session, villages: Collection[str]) -> dict[str, dict[str, date]]:
    """Of each village the packets of any week of which nothing has come back, with the day on which they came."""
    row, packet = schema.PostEvent, schema.Packet
    mine = (row.kind == Happening.DELIVERED.value, row.withdrawn_at.is_(None), packet.state == PacketState.DELIVERED.value)
    came = select(packet.kato, packet.code, func.max(row.at)).join(packet, packet.code == row.packet).where(*mine)
    found: dict[str, dict[str, date]] = defaultdict(dict)
    for kato, code, at in session.execute(came.group_by(packet.kato, packet.code)):
        if kato in villages:
            found[kato][code] = at.date()
    return found


def _counts(session: Session, villages: Collection[str]) -> list[tuple[str, Event]]:
    """What was counted back in these villages, as it happened."""
    if not villages:
        return []
    row = schema.PostEvent
    mine = (row.kind == Happening.RETURNED.value, row.withdrawn_at.is_(None), row.route.is_not(None))
    codes = {str(code) for code in session.scalars(select(row.route).where(*mine))}
    routes = road_routes(session, {route_of(code) for code in codes})
    places = {(stop.manifest, stop.order): stop.kato for route in routes for stop in route.stops}
    counts = [event for event in events(session, routes=codes) if event.kind is Happening.RETURNED]
    found = [(places.get((event.route or "", event.stop or 0), ""), event) for event in counts]
    return [(kato, event) for kato, event in found if kato in villages]
