"""Where each packet of a study week stands: pages expected, read, doubtful, outstanding and missing. Reads only.

`poshta scan status` and scanning/returns call this. A page is missing only after the day by which its packet was to come back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.layout import PageKind
from packets.whereabouts import typed_pages
from records import schema
from records.calendar import today
from records.grades import DOUBT, WAITING
from records.lifecycle import PacketState
from scanning.held import READ_STATES


@dataclass(frozen=True, slots=True)
class PacketStatus:
    """One packet. Its worksheet pages are `read` (without an open doubt), `doubtful`, or `absent` (their ids and numbers in the packet).

    `waiting` and `doubts` count answers; `late` pages that came back after `return_by`.
    """

    packet: str
    pupil: str
    kato: str
    state: str
    return_by: date
    due: bool
    expected: int
    read: int
    doubtful: int
    absent: tuple[tuple[str, int], ...]
    late: int
    waiting: int
    doubts: int

    @property
    def missing(self) -> tuple[tuple[str, int], ...]:
        """The pages that should have come back by now."""
        return self.absent if self.due else ()

    def as_json(self) -> dict[str, object]:
        """The packet as `scan status --json` tells it."""
        return {
            "packet": self.packet,
            "pupil": self.pupil,
            "kato": self.kato,
            "state": self.state,
            "return_by": self.return_by.isoformat(),
            "expected": self.expected,
            "read": self.read,
            "doubtful": self.doubtful,
            "outstanding": 0 if self.due else len(self.absent),
            "missing": [{"page": page, "number": number} for page, number in self.missing],
            "late": self.late,
            "waiting": self.waiting,
            "doubts": self.doubts,
        }


def statuses(session: Session, week: str) -> list[PacketStatus]:
    """Every packet of `week` that is not void, by code."""
    packets = session.scalars(select(schema.Packet).where(schema.Packet.week == week).order_by(schema.Packet.code)).all()
    pages = _pages(session, week)
    came = _came(session, week)
    answers = _answers(session, week)
    return [_status(packet, pages[packet.code], came, answers) for packet in packets if packet.state != PacketState.VOID]


def _pages(session: Session, week: str) -> dict[str, list[tuple[str, int]]]:
    page = schema.Page
    wanted = select(page.packet, page.id, page.number).where(page.week == week, page.kind == PageKind.WORKSHEET.value, page.void.is_(False))
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for packet, identity, number in session.execute(wanted.order_by(page.number)):
        found[packet or ""].append((identity, number))
    return found


def _came(session: Session, week: str) -> dict[str, bool]:
    """The pages that were read, with whether their first copy was late; and those of which a person typed every answer."""
    scan, page = schema.Scan, schema.Page
    wanted = select(scan.page, scan.late).join(schema.Page, schema.Page.id == scan.page).where(schema.Page.week == week)
    typed = typed_pages(session, page.week == week, page.kind == PageKind.WORKSHEET.value, page.void.is_(False))
    return dict.fromkeys(typed, False) | {
        identity: late for identity, late in session.execute(wanted.where(scan.state.in_(READ_STATES))) if identity
    }


def _answers(session: Session, week: str) -> dict[str, Counter[str]]:
    """How many current answers of each page wait or are in doubt."""
    answer = schema.Answer
    wanted = select(answer.page, answer.state).join(schema.Page, schema.Page.id == answer.page)
    wanted = wanted.where(schema.Page.week == week, answer.superseded_by.is_(None), answer.state.in_((DOUBT, WAITING)))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for page, state in session.execute(wanted):
        found[page][state] += 1
    return found


def _status(packet: schema.Packet, pages: list[tuple[str, int]], came: dict[str, bool], answers: dict[str, Counter[str]]) -> PacketStatus:
    back = [identity for identity, _number in pages if identity in came]
    none: Counter[str] = Counter()
    counts = [answers.get(identity, none) for identity, _number in pages]
    doubtful = sum(answers.get(identity, none)[DOUBT] > 0 for identity in back)
    return PacketStatus(
        packet=packet.code,
        pupil=packet.pupil,
        kato=packet.kato,
        state=packet.state,
        return_by=packet.return_by,
        due=today() > packet.return_by,
        expected=len(pages),
        read=len(back) - doubtful,
        doubtful=doubtful,
        absent=tuple(each for each in pages if each[0] not in came),
        late=sum(came[identity] for identity in back),
        waiting=sum(count[WAITING] for count in counts),
        doubts=sum(count[DOUBT] for count in counts),
    )
