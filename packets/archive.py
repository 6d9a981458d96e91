"""Packets as the desk keeps them: what stands in the tables packet, page and layout. packets/bundle and packets/commands work through this.

Rows do not leave; frozen records do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session

from packets.layout import Layout, as_printed, contract_box
from packets.token import grouped
from records import journal, schema
from records.calendar import now
from records.errors import NotAllowed, NotFound
from records.grades import READ
from records.language import _
from records.lifecycle import PacketEvent, PacketState, move
from settlements.codes import scope_prefix
from settlements.roster import FEW

REBUILT, WITHDRAWN = "rebuilt", "withdrawn"  # why a page is void
NOTHING_BACK = tuple(state.value for state in (PacketState.BUILT, PacketState.HANDED_OVER, PacketState.DELIVERED))


@dataclass(frozen=True, slots=True)
class Standing:
    """A packet as it stands. `told` is the range of records its cover tells of, `awaited` the pages that it says are not back."""

    code: str
    week: str
    pupil: str
    kato: str
    school: str
    state: PacketState
    issue: int
    input_digest: str
    pdf: str
    pdf_digest: str
    sheets: int
    grams: int
    return_by: date
    told: tuple[int, int]
    awaited: list[Any]
    timetable: int = 0  # edition of its week's lessons that the cover shows

    def as_json(self) -> dict[str, Any]:
        """The packet as `packets list` shows it."""
        return {
            "packet": self.code,
            "pupil": self.pupil,
            "week": self.week,
            "kato": self.kato,
            "school": self.school,
            "state": self.state.value,
            "issue": self.issue,
            "sheets": self.sheets,
            "grams": self.grams,
            "return_by": self.return_by.isoformat(),
            "pdf": self.pdf,
        }


@dataclass(frozen=True, slots=True)
class Sealed:
    """A page that was printed: its id, and the digest of the layout by which its paper is read."""

    id: str
    layout: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """A page to be remembered; `layout` is a digest, `number` counts within the packet."""

    id: str
    short_code: str
    kind: str
    assignment: str | None
    number: int
    layout: str
    key_id: str


@dataclass(frozen=True, slots=True)
class NewPacket:
    """A packet whose file is written: what the tables need to know of it."""

    standing: Standing
    pages: tuple[NewPage, ...]
    rebuilt: bool


def standing_packets(session: Session, week: str = "", district: str = "", codes: Collection[str] | None = None) -> dict[str, Standing]:
    """The packets by code, in the order of village and code; `district` is any KATO code: they stand below it."""
    wanted = select(schema.Packet).order_by(schema.Packet.kato, schema.Packet.code)
    if week:
        wanted = wanted.where(schema.Packet.week == week)
    if district:
        wanted = wanted.where(schema.Packet.kato.startswith(scope_prefix(district), autoescape=True))
    if codes is not None:
        wanted = wanted.where(schema.Packet.code.in_(codes))
    return {row.code: _standing(row) for row in session.scalars(wanted)}


def pdf_digests(session: Session, week: str) -> dict[str, str]:
    """The digests of the files of a week's packets, by code; none of one that was withdrawn."""
    packet = schema.Packet
    rows = session.execute(select(packet.code, packet.state, packet.pdf_digest).where(packet.week == week))
    return {code: "" if state == PacketState.VOID.value else digest for code, state, digest in rows}


def typed_packets(session: Session, packets: Collection[str]) -> set[str]:
    """Those of the packets of which no page has come back by their state, and answers stand all the same: a person typed them from the paper."""
    page, answer, packet = schema.Page, schema.Answer, schema.Packet
    wanted = select(packet.code).distinct().join(page, page.packet == packet.code).join(answer, answer.page == page.id)
    wanted = wanted.where(packet.state.in_(NOTHING_BACK), page.void.is_(False), answer.superseded_by.is_(None), answer.state == READ)
    return set(session.scalars(wanted.where(packet.code.in_(packets)))) if packets else set()


def at_desk(session: Session, week: str, district: str = "") -> Iterator[tuple[str, str]]:
    """Code and pupil of the packets of a week that are built and have not left, by village and code; `district` is any KATO code."""
    packet = schema.Packet
    wanted = select(packet.code, packet.pupil).where(packet.week == week, packet.state == PacketState.BUILT.value)
    if district:
        wanted = wanted.where(packet.kato.startswith(scope_prefix(district), autoescape=True))
    yield from session.execute(wanted.order_by(packet.kato, packet.code).execution_options(yield_per=FEW))


def packet_named(session: Session, code: str) -> Standing:
    """One packet; raises NotFound."""
    found = standing_packets(session, codes=[code]).get(code)
    if found is None:
        raise NotFound(_("There is no packet {code}.").format(code=code), _("`poshta packets list --week W` shows the codes."))
    return found


def sealed_pages(session: Session, week: str, packets: Collection[str]) -> dict[str, tuple[str, tuple[Sealed, ...]]]:
    """For each of these packets of one week the id of the key that sealed its valid pages, and those pages in order."""
    columns = (schema.Page.packet, schema.Page.key_id, schema.Page.id, schema.Page.layout)
    rows = select(*columns).where(schema.Page.week == week, schema.Page.void.is_(False), schema.Page.packet.is_not(None))
    if len(packets) <= FEW:
        rows = rows.where(schema.Page.packet.in_(packets))
    found: dict[str, tuple[str, list[Sealed]]] = {}
    for packet, key, identity, layout in session.execute(rows.order_by(schema.Page.packet, schema.Page.number)):
        found.setdefault(str(packet), (key, []))[1].append(Sealed(identity, layout))
    return {packet: (key, tuple(pages)) for packet, (key, pages) in found.items()}


def known_layouts(session: Session) -> set[str]:
    """The digests of all layouts that are kept."""
    return set(session.scalars(select(schema.Layout.digest)))


def keep_layouts(session: Session, layouts: Mapping[str, tuple[Layout, bytes]]) -> None:
    """Keep layouts with their blank prints, those that are not there yet."""
    known = known_layouts(session)
    for digest, (layout, blank) in layouts.items():
        if digest not in known:
            session.add(schema.Layout(digest=digest, geometry=layout.as_json(), blank=blank))
    session.flush()


def keep_packets(session: Session, packets: Sequence[NewPacket]) -> None:
    """Keep new or rebuilt packets with their pages; the pages of an earlier issue become void."""
    new = [{"code": packet.standing.code, **_values(packet.standing)} for packet in packets if not packet.rebuilt]
    if new:
        session.execute(insert(schema.Packet), new)
    for packet in packets:
        if packet.rebuilt:
            made = packet.standing
            session.execute(update(schema.Packet).where(schema.Packet.code == made.code).values(**_values(made)))
            void_pages(session, made.code, REBUILT)
    rows = [row for packet in packets for row in _page_rows(packet)]
    if rows:
        session.execute(insert(schema.Page), rows, execution_options={"render_nulls": True})  # all at once: covers are of no assignment
    journal.record_each(session, "packets.build", {packet.standing.code: _built_act(packet) for packet in packets})


def _built_act(packet: NewPacket) -> dict[str, int]:
    made = packet.standing
    return {"issue": made.issue, "pages": len(packet.pages), "sheets": made.sheets}


def keep_redrawn(session: Session, code: str, pdf_digest: str) -> None:
    """Note that a packet's lost file was drawn again."""
    session.execute(update(schema.Packet).where(schema.Packet.code == code).values(pdf_digest=pdf_digest))
    journal.record(session, "packets.redraw", code)


def withdraw(session: Session, code: str) -> Standing:
    """Make a packet and its pages void; raises NotFound, NotAllowed where it is void already, or pages of it have come back or were typed."""
    found = packet_named(session, code)
    _refuse_withdrawal(found, typed=bool(typed_packets(session, [code])))
    state = move(found.state, PacketEvent.CANCEL)
    session.execute(update(schema.Packet).where(schema.Packet.code == code).values(state=state.value))
    pages = void_pages(session, code, WITHDRAWN)
    journal.record(session, "packets.void", code, pages=pages, before=found.state.value)
    return found


def _refuse_withdrawal(packet: Standing, typed: bool) -> None:
    """Raise NotAllowed for a packet that cannot be withdrawn, with what to do instead."""
    if packet.state is PacketState.VOID:
        again = _("`poshta packets build --week {week} --pupil {pupil}` prints a new one.")
        text = _("The packet {code} is withdrawn already.").format(code=packet.code)
        raise NotAllowed(text, again.format(week=packet.week, pupil=packet.pupil))
    if typed or packet.state in (PacketState.RETURNING, PacketState.COMPLETE):
        text = _("Pages of the packet {code} have come back. Were it withdrawn, what the pupil has written would count no longer.")
        hints = [_("Where the key is wrong, correct the assignment and add it again; where an answer was misread, `poshta grades amend`.")]
        if packet.state is PacketState.RETURNING:
            hints.append(_("`poshta packets reprint {code}` prints the pages that are still out.").format(code=packet.code))
        raise NotAllowed(text.format(code=packet.code), " ".join(hints))


def next_to_tell(session: Session, withdrawn: Standing) -> Standing | None:
    """The packet that can still tell what the withdrawn one's cover told: the pupil's first one after it that has not gone out."""
    mine = (schema.Packet.pupil == withdrawn.pupil, schema.Packet.state == PacketState.BUILT.value)
    after = select(schema.Packet).where(*mine, schema.Packet.feedback_from >= withdrawn.told[1]).order_by(schema.Packet.week).limit(1)
    row = session.scalar(after) if withdrawn.told[1] > withdrawn.told[0] else None
    return None if row is None else _standing(row)


def void_pages(session: Session, packet: str, reason: str) -> int:
    """Make a packet's valid pages void; answers how many."""
    valid = (schema.Page.packet == packet, schema.Page.void.is_(False))
    return len(session.execute(update(schema.Page).where(*valid).values(void=True, void_reason=reason).returning(schema.Page.id)).all())


def pages_of(session: Session, packet: str) -> list[dict[str, Any]]:
    """All pages that a packet ever had, void ones too, for `packets show`."""
    rows = session.scalars(
        select(schema.Page).where(schema.Page.packet == packet).order_by(schema.Page.void, schema.Page.number, schema.Page.id)
    )
    return [
        {
            "page": row.id,
            "short_code": grouped(row.short_code),
            "kind": row.kind,
            "assignment": row.assignment,
            "number": row.number,
            "of": row.of,
            "void": row.void,
            "void_reason": row.void_reason,
        }
        for row in rows
    ]


def geometry(session: Session, week: str = "", packet: str = "", district: str = "") -> Iterator[dict[str, Any]]:
    """The valid pages as `packets layout` prints them (DESIGN section 6), by packet and number; `district` is any KATO code."""
    wanted = _valid_pages(week, packet)
    if district:
        within = schema.Packet.kato.startswith(scope_prefix(district), autoescape=True)
        wanted = wanted.where(schema.Page.packet.in_(select(schema.Packet.code).where(within)))
    layouts: dict[str, Layout] = {}
    for row in session.scalars(wanted):
        if row.layout not in layouts:
            body = session.scalar(select(schema.Layout.geometry).where(schema.Layout.digest == row.layout))
            assert body is not None, "a page's layout is kept before the page"
            layouts[row.layout] = Layout.from_json(body)
        yield _contract_page(row, layouts[row.layout])


def _valid_pages(week: str, packet: str) -> Select[schema.Page]:
    wanted = select(schema.Page).where(schema.Page.void.is_(False)).order_by(schema.Page.week, schema.Page.pdf, schema.Page.pdf_page)
    if week:
        wanted = wanted.where(schema.Page.week == week)
    if packet:
        wanted = wanted.where(schema.Page.packet == packet)
    return wanted


def _contract_page(row: schema.Page, layout: Layout) -> dict[str, Any]:
    size_mm, boxes = as_printed(layout)
    return {
        "page": row.id,
        "short_code": row.short_code,
        "kind": row.kind,
        "week": row.week,
        "packet": row.packet,
        "pupil": row.pupil,
        "assignment": row.assignment,
        "number": row.number,
        "of": row.of,
        "pdf": row.pdf,
        "pdf_page": row.pdf_page,
        "size_mm": list(size_mm),
        "layout": row.layout,
        "boxes": [contract_box(box) for box in boxes],
    }


def _standing(row: schema.Packet) -> Standing:
    return Standing(
        row.code,
        row.week,
        row.pupil,
        row.kato,
        row.school,
        PacketState(row.state),
        row.issue,
        row.input_digest,
        row.pdf,
        row.pdf_digest,
        row.sheets,
        row.grams,
        row.return_by,
        (row.feedback_from, row.feedback_until),
        row.awaited,
        row.timetable,
    )


def _values(made: Standing) -> dict[str, Any]:
    return {
        "week": made.week,
        "pupil": made.pupil,
        "kato": made.kato,
        "school": made.school,
        "state": made.state.value,
        "issue": made.issue,
        "input_digest": made.input_digest,
        "pdf": made.pdf,
        "pdf_digest": made.pdf_digest,
        "sheets": made.sheets,
        "grams": made.grams,
        "return_by": made.return_by,
        "feedback_from": made.told[0],
        "feedback_until": made.told[1],
        "awaited": made.awaited,
        "timetable": made.timetable,
        "built_at": now(),
    }


def _page_rows(packet: NewPacket) -> Iterator[dict[str, Any]]:
    made = packet.standing
    for page in packet.pages:
        yield {
            "id": page.id,
            "short_code": page.short_code,
            "kind": page.kind,
            "week": made.week,
            "packet": made.code,
            "pupil": made.pupil,
            "assignment": page.assignment,
            "route": None,
            "number": page.number,
            "of": len(packet.pages),
            "pdf": made.pdf,
            "pdf_page": page.number,
            "layout": page.layout,
            "key_id": page.key_id,
            "void": False,
            "void_reason": "",
        }
