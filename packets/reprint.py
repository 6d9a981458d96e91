"""Pages printed again that did not come back: the same pages, under the same codes, so that two copies of one never both count.

`packets reprint` calls this. A page that was read is not printed again; a packet of which nothing was read is printed whole. The pages come out of the packet's own
file, byte for byte as they were drawn; that they were printed again is an event, and gives the pupil new time.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pikepdf
from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.archive import Standing, packet_named
from packets.layout import PageKind
from packets.press_room import FOLDER
from packets.whereabouts import READ_STATES
from records import journal, schema
from records.calendar import now
from records.errors import NotAllowed, NotFound
from records.events import DESK, Event, Happening
from records.files import digest, write_bytes
from records.home import Home
from records.language import _
from records.lifecycle import PacketState
from records.named_files import Written, naming
from records.road_events import events, tell
from settlements.roster import names


@dataclass(frozen=True, slots=True)
class Reprint:
    """A packet's pages to be printed again: their numbers in its file, from 1; `named`: its pupil, where the name stands on them."""

    packet: Standing
    pages: tuple[int, ...]
    named: tuple[str, ...]

    @property
    def file(self) -> str:
        """Where they are written, relative to home."""
        return f"{FOLDER}/{self.packet.week}/reprint/{self.packet.code}.pdf"


def missing_pages(session: Session, code: str) -> Reprint:
    """The pages of a packet that have not been read, with its cover; raises NotFound, NotAllowed where there is nothing to print again."""
    packet = packet_named(session, code)
    if packet.state is PacketState.VOID:
        raise NotAllowed(
            _("The packet {code} is withdrawn.").format(code=code),
            _("`poshta packets build --week {week} --pupil {pupil}` prints a new one.").format(week=packet.week, pupil=packet.pupil),
        )
    page, scan = schema.Page, schema.Scan
    read = select(scan.id).where(scan.page == page.id, scan.state.in_(READ_STATES)).exists()
    rows = session.execute(select(page.pdf_page, page.kind, read).where(page.packet == code, page.void.is_(False)).order_by(page.pdf_page))
    found = [(number, kind, was_read) for number, kind, was_read in rows]
    if not any(kind == PageKind.WORKSHEET and not was_read for _number, kind, was_read in found):
        raise NotAllowed(
            _("Every worksheet of the packet {code} has come back.").format(code=code), _("`poshta packets show CODE` lists its pages.")
        )
    pages = tuple(number for number, kind, was_read in found if kind != PageKind.WORKSHEET or not was_read)
    return Reprint(packet, pages, tuple(names(session, codes=[packet.pupil])))


def print_again(home: Home, wanted: Sequence[Reprint]) -> list[str]:
    """Write the pages and note that they were printed again, once a day; answers the files. Raises NotFound where a packet's file is gone or damaged."""
    drawn = [(each, _pages_of(home, each)) for each in wanted]
    with naming(home, {Written(each.file, f"packets reprint {each.packet.code}"): each.named for each in wanted if each.named}):
        for each, pdf in drawn:
            write_bytes(home.path / each.file, pdf)
    with home.database.write() as session:
        for each in wanted:
            _note(session, each, now())
    return [each.file for each in wanted]


def _note(session: Session, reprint: Reprint, at: datetime) -> None:
    before = events(session, packets=[reprint.packet.code])
    if any(event.kind is Happening.REPRINTED and event.at.date() == at.date() for event in before):
        return
    tell(session, Event(at, Happening.REPRINTED, DESK, reprint.packet.code, evidence={"file": reprint.file, "pages": list(reprint.pages)}))
    journal.record(session, "packets.reprint", reprint.packet.code, pages=list(reprint.pages))


def _pages_of(home: Home, reprint: Reprint) -> bytes:
    """The pages out of the packet's file."""
    packet = reprint.packet
    path = home.path / packet.pdf
    content = path.read_bytes() if path.is_file() else b""
    if digest(content) != packet.pdf_digest:
        raise NotFound(
            _("The file of the packet {code} is gone or damaged.").format(code=packet.code),
            _("`poshta packets build --week {week} --pupil {pupil}` draws it again as it was.").format(
                week=packet.week, pupil=packet.pupil
            ),
        )
    made = pikepdf.Pdf.new()
    with pikepdf.open(io.BytesIO(content)) as source:
        for number in reprint.pages:
            made.pages.append(source.pages[number - 1])
        file = io.BytesIO()
        made.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()
