"""What of this room can be undone: an assignment that was added and not printed, a packet that was withdrawn. cli.py hands it to records/undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from packets.archive import WITHDRAWN
from packets.lesson_book import ACTION as LESSONS
from packets.lesson_book import take_back as take_lessons_back
from records.events import POST
from records.journal import Entry
from records.language import N_, _
from records.lifecycle import PacketState
from records.postal_numbers import let_go, tie, tied
from records.schema import Assignment, Packet, Page, PostalItem, PostEvent
from records.undo import Undoer, in_the_way


def take_off_the_shelf(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Remove an assignment; raises NotAllowed where pages of it were printed."""
    assignment = session.get(Assignment, entry.subject)
    if assignment is None or session.scalar(select(Page.id).where(Page.assignment == entry.subject).limit(1)) is not None:
        raise in_the_way(_("pages of the assignment {code} were printed").format(code=entry.subject))
    session.delete(assignment)
    return {"week": entry.details.get("week", "")}


def bring_back(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Make a withdrawn packet and its pages valid again; raises NotAllowed where it is not as the withdrawal left it."""
    before = entry.details.get("before", "")
    packet = session.get(Packet, entry.subject)
    if packet is None or packet.state != PacketState.VOID.value or before not in set(PacketState):
        raise in_the_way(_("the packet {code} is not as it was then").format(code=entry.subject))
    mine = (Page.packet == entry.subject, Page.void.is_(True), Page.void_reason == WITHDRAWN)
    pages = session.execute(update(Page).where(*mine).values(void=False, void_reason="").returning(Page.id)).all()
    if len(pages) != entry.details["pages"]:
        raise in_the_way(_("the packet {code} is not as it was then").format(code=entry.subject))
    packet.state = before
    return {"state": before, "pages": len(pages), "week": packet.week}


def take_off_the_sticker(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let the post's number of a packet be what was noted before; raises NotAllowed where the post has told something of it."""
    number = entry.details["number"]
    row = session.get(PostalItem, number)
    if row is None or row.packet != entry.subject:
        raise in_the_way(_("the packet {code} is not as it was then").format(code=entry.subject))
    if session.scalar(select(PostEvent.id).where(PostEvent.packet == entry.subject, PostEvent.source == POST).limit(1)) is not None:
        raise in_the_way(_("the post has told of the packet {code} under this number").format(code=entry.subject))
    if any((known := tied(session, each)) and known.packet not in (None, entry.subject) for each in entry.details["before"]):
        raise in_the_way(_("the packet {code} is not as it was then").format(code=entry.subject))
    let_go(session, number)
    for before in entry.details["before"]:
        tie(session, before, packet=entry.subject)
    return {"number": number}


UNDOERS = {
    "assignments.add": Undoer(N_("the assignment {subject} was added"), take_off_the_shelf),
    LESSONS: Undoer(N_("the import of a timetable of lessons"), take_lessons_back),
    "packets.s10": Undoer(N_("the number {number} was noted for the packet {subject}"), take_off_the_sticker),
    "packets.void": Undoer(
        N_("the packet {subject} was withdrawn"), bring_back, N_("Its file is gone; draw it again: `poshta packets build --week {week}`.")
    ),
}
