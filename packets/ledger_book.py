"""What the tables know of every page of a study week, for records/ledger to judge; and paper that arrived without being counted. Reads only.

packets/ledger_command and packets/reprint ask. Only worksheets count: a cover or a list need not come back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from packets.orders import assignments_for, packet_code
from packets.shelf import on_shelf
from packets.whereabouts import WORKSHEET, Tracked, Wanted, tracked, typed_pages
from records import schema
from records.calendar import StudyWeek, today
from records.events import Happening, Patience
from records.grades import DOUBT, WAITING
from records.ledger import READ_STATES, Entry, Facts, Seen, Stop, entry
from records.lifecycle import PacketState
from records.road import route_of
from settlements.roster import learners

NAMELESS = ("unreadable", "unsigned", "foreign", "refused")  # states of paper of which nobody may know whose it is
YEAR_BEGINS = 8  # August


@dataclass(frozen=True, slots=True)
class VoidArrival:
    """A page that is void and was scanned all the same: told, never counted. `reason`: why it is void; `at`: its pictures."""

    page: str
    short_code: str
    packet: str
    pupil: str
    kato: str
    reason: str
    at: tuple[datetime, ...]

    def as_json(self) -> dict[str, Any]:
        """As `packets ledger` answers it."""
        told = {name: getattr(self, name) for name in self.__slots__ if name != "at"}
        return {**told, "at": [each.isoformat() for each in self.at]}


@dataclass(frozen=True, slots=True)
class Nameless:
    """A sheet that arrived, and nobody knows whose it is: `file` is the kept original, relative to the home."""

    file: str
    frame: int
    part: int
    state: str
    reason: str
    at: datetime

    def as_json(self) -> dict[str, Any]:
        """As `packets ledger` answers it."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "at"} | {"at": self.at.isoformat()}


@dataclass(frozen=True, slots=True)
class Ledger:
    """The pages of a week that count, those that were void and how many of them came, and what nobody can name."""

    entries: tuple[Entry, ...]
    void: int
    void_arrivals: tuple[VoidArrival, ...]
    nameless: tuple[Nameless, ...]


def ledger(session: Session, week: str, patience: Patience, village: str = "") -> Ledger:
    """The ledger of a study week as it stands today; `village`: only of it, or of any KATO code above it. Sheets without a name belong to no village."""
    packets = {each.packet: each for each in tracked(session, Wanted(week, village=village), patience)}
    facts = _printed(session, week, packets)
    counted = [each for each in facts if not each.void]
    counted += _unbuilt(session, week, village)
    rows = sorted((entry(each, today()) for each in counted), key=_order)
    arrivals = [_arrival(each) for each in facts if each.void and each.seen]
    since = min((each.paper.printed_at for each in packets.values()), default=None)
    strangers = [] if since is None else _nameless(session, since)
    return Ledger(tuple(rows), sum(bool(each.void) for each in facts), tuple(arrivals), tuple(strangers))


def _order(row: Entry) -> tuple[str, str, int, str]:
    return row.facts.kato, row.facts.packet, row.facts.number, row.facts.assignment


def _printed(session: Session, week: str, packets: Mapping[str, Tracked]) -> list[Facts]:
    """The facts of every worksheet that was ever printed for these packets."""
    page = schema.Page
    columns = (page.id, page.short_code, page.number, page.packet, page.pupil, page.assignment, page.void, page.void_reason)
    rows = session.execute(
        select(*columns).where(page.week == week, page.kind == WORKSHEET).order_by(page.packet, page.number, page.id)
    ).all()
    seen, answers, typed = _seen(session, week), _answers(session, week), typed_pages(session, page.week == week, page.kind == WORKSHEET)
    came = Counter(row.packet for row in rows if not row.void and any(each.state in READ_STATES for each in seen[row.id]))
    told = _hand_overs_noted(session, week)
    return [
        _facts(row, packets[row.packet], seen[row.id], answers[row.id], row.id in typed, told, came[row.packet])
        for row in rows
        if row.packet in packets
    ]


def _hand_overs_noted(session: Session, week: str) -> bool:
    """Whether the desk notes hand-overs of this week: of any packet, whatever village is looked at."""
    event, packet = schema.PostEvent, schema.Packet
    noted = select(event.id).join(packet, packet.code == event.packet)
    mine = (packet.week == week, event.kind == Happening.HANDED_OVER.value, event.withdrawn_at.is_(None))
    return session.scalar(noted.where(*mine).limit(1)) is not None


def _facts(row: Any, packet: Tracked, seen: Sequence[Seen], answers: Mapping[str, int], typed: bool, told: bool, came: int) -> Facts:
    handed = packet.handed
    return Facts(
        packet=packet.packet,
        pupil=packet.pupil,
        kato=packet.kato,
        assignment=row.assignment or "",
        page=row.id,
        short_code=row.short_code,
        number=row.number,
        route=route_of(handed.route) if handed and handed.route else "",
        void=(row.void_reason or "withdrawn") if row.void or packet.paper.void else "",
        where=packet.where,
        events=packet.events,
        told=told,
        came_with=came,
        seen=tuple(seen),
        typed=typed,
        doubts=answers.get(DOUBT, 0),
        waiting=answers.get(WAITING, 0),
    )


def _seen(session: Session, week: str) -> dict[str, list[Seen]]:
    """The pictures of each page, as they came."""
    scan, page = schema.Scan, schema.Page
    wanted = select(scan.page, scan.state, scan.reason, scan.scanned_at, scan.late).join(page, page.id == scan.page)
    found: dict[str, list[Seen]] = defaultdict(list)
    for code, state, reason, at, late in session.execute(wanted.where(page.week == week).order_by(scan.id)):
        found[str(code)].append(Seen(state, reason, at, late))
    return found


def _answers(session: Session, week: str) -> dict[str, dict[str, int]]:
    """How many current answers each page has, by state."""
    answer, page = schema.Answer, schema.Page
    wanted = select(answer.page, answer.state, func.count()).join(page, page.id == answer.page)
    wanted = wanted.where(page.week == week, answer.superseded_by.is_(None)).group_by(answer.page, answer.state)
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for code, state, count in session.execute(wanted):
        found[code][state] = count
    return found


def _unbuilt(session: Session, week: str, village: str) -> list[Facts]:
    """Pages that pupils are to get by today's roster and shelf, and that are not printed; none in a later school year, when grades are others.

    An assignment counts as many pages as it has in other packets, and one where it was never printed. A packet counts wherever its pupil
    lived when it was built.
    """
    if _school_year(StudyWeek.parse(week).monday) != _school_year(today()):
        return []
    pages, withdrawn = _valid_pages(session, week), _withdrawn(session, week)
    sizes: dict[str, int] = defaultdict(lambda: 1)
    for (_packet, assignment), count in pages.items():
        sizes[assignment] = max(sizes[assignment], count)
    shelf = [kept.assignment for kept in on_shelf(session, week)]
    found: list[Facts] = []
    for pupil in learners(session, village=village):
        code = packet_code(week, pupil.code)
        wanted = assignments_for(pupil, shelf) if "post" in pupil.channels else ()
        stop = Stop.WITHDRAWN if code in withdrawn else Stop.NOT_BUILT
        for each in wanted:
            if (code, each.code) not in pages:
                found += [Facts(code, pupil.code, pupil.kato, each.code, unbuilt=stop)] * sizes[each.code]
    return found


def _valid_pages(session: Session, week: str) -> dict[tuple[str, str], int]:
    """How many pages each packet of the week has of each assignment, whatever village it is for."""
    page = schema.Page
    mine = (page.week == week, page.kind == WORKSHEET, page.void.is_(False), page.packet.not_in(_void_packets(week)))
    rows = session.execute(select(page.packet, page.assignment, func.count()).where(*mine).group_by(page.packet, page.assignment))
    return {(str(packet), str(assignment)): count for packet, assignment, count in rows}


def _withdrawn(session: Session, week: str) -> set[str]:
    return set(session.scalars(_void_packets(week)))


def _void_packets(week: str) -> Select[str]:
    return select(schema.Packet.code).where(schema.Packet.week == week, schema.Packet.state == PacketState.VOID.value)


def _arrival(facts: Facts) -> VoidArrival:
    at = tuple(each.at for each in facts.seen)
    return VoidArrival(facts.page, facts.short_code, facts.packet, facts.pupil, facts.kato, facts.void, at)


def _nameless(session: Session, since: datetime) -> list[Nameless]:
    """Sheets without a page that were scanned since then; blank paper is nobody's loss."""
    scan, original = schema.Scan, schema.Original
    columns = (original.path, scan.frame, scan.part, scan.state, scan.reason, scan.scanned_at)
    wanted = select(*columns).join(original, original.digest == scan.original).where(scan.page.is_(None), scan.state.in_(NAMELESS))
    return [Nameless(*row) for row in session.execute(wanted.where(scan.scanned_at >= since).order_by(scan.id))]


def _school_year(day: date) -> int:
    return day.year if day.month >= YEAR_BEGINS else day.year - 1
