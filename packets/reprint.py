"""Pages printed again that did not come back: the same pages, under the same codes, so that two copies of one never both count.

`packets reprint` calls this. A page that was read is not printed again; a packet of which nothing was read is printed whole. The pages come out of the packet's own
file, byte for byte as they were drawn; before a part of a packet goes a slip that says which pages these are. That they were printed again is an event, and gives the pupil
new time.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

import pikepdf
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from packets.archive import Standing, packet_named
from packets.layout import PageKind
from packets.reprint_files import reprint_file
from packets.reprint_slip import SlipLine, SlipWords, draw_slip
from packets.token import grouped, read_short_code, short_code
from packets.whereabouts import typed_pages
from records import journal, schema
from records.calendar import now, today
from records.errors import NotAllowed, NotFound
from records.events import DESK, Event, Happening
from records.files import digest, write_bytes
from records.home import Home
from records.language import _
from records.ledger import READ_STATES
from records.lifecycle import PacketState
from records.named_files import Written, naming
from records.road_events import events, tell
from records.settings import PacketSettings
from settlements.roster import learners, names


@dataclass(frozen=True, slots=True)
class Reprint:
    """A packet's pages to be printed again: their numbers in its file, from 1; `named`: its pupil, where the name stands on them.

    `slip` is the sheet that goes before them and says which they are; None where the whole packet is printed, whose own cover says it.
    """

    packet: Standing
    pages: tuple[int, ...]
    named: tuple[str, ...]
    slip: SlipWords | None = None

    @property
    def file(self) -> str:
        """Where they are written, relative to home; pages behind a slip are named, so that they do not take the place of others."""
        return reprint_file(self.packet.week, self.packet.code, () if self.slip is None else self.pages)


def missing_pages(session: Session, code: str, settings: PacketSettings) -> Reprint:
    """The pages of a packet that have not been read, with its cover; raises NotFound, NotAllowed where there is nothing to print again."""
    packet = _standing_packet(session, code)
    found = _pages_with_reads(session, code)
    if not any(page.kind == PageKind.WORKSHEET and not was_read for page, was_read in found):
        raise NotAllowed(
            _("Every worksheet of the packet {code} has come back.").format(code=code), _("`poshta packets show CODE` lists its pages.")
        )
    return _reprint(session, packet, [page for page, was_read in found if page.kind != PageKind.WORKSHEET or not was_read], settings)


def chosen_pages(session: Session, ids: Collection[str], settings: PacketSettings) -> list[Reprint]:
    """These worksheets, packet by packet, without the rest; a void one stands for the page of its number that took its place.

    Raises NotFound for a page that this desk never printed; NotAllowed for one that has come back, or whose packet was withdrawn.
    """
    wanted: dict[str, set[int]] = {}
    for identity in ids:
        page = session.get(schema.Page, identity)
        if page is None or page.packet is None or page.kind != PageKind.WORKSHEET:
            raise NotFound(
                _("There is no worksheet {page}.").format(page=grouped(short_code(identity))),
                _("`poshta packets show CODE` lists its pages."),
            )
        wanted.setdefault(page.packet, set()).add(page.number)
    return [_chosen(session, code, numbers, settings) for code, numbers in sorted(wanted.items())]


def page_named(typed: str) -> str:
    """The page id that a person typed, whole or as a short code; raises NotFound where the code is misspelt."""
    identity = typed.strip().lower()
    found = identity if re.fullmatch(r"[0-9a-f]{14}", identity) else read_short_code(typed)
    if found is None:
        raise NotFound(
            _("There is no page {page}.").format(page=typed.strip()), _("Check the short code that is printed beside the QR code.")
        )
    return found


def _chosen(session: Session, code: str, numbers: Collection[int], settings: PacketSettings) -> Reprint:
    packet = _standing_packet(session, code)
    found = [(page, was_read) for page, was_read in _pages_with_reads(session, code) if page.kind == PageKind.WORKSHEET]
    for page, was_read in found:
        if page.number in numbers and was_read:
            raise NotAllowed(
                _("The page {page} has come back.").format(page=grouped(page.short_code)),
                _("What is in doubt on it is settled in `poshta scan review`."),
            )
    pages = [page for page, _was_read in found if page.number in numbers]
    if len(pages) < len(numbers):
        raise NotFound(
            _("The packet {code} has no such page any more.").format(code=code), _("`poshta packets show CODE` lists its pages.")
        )
    if len(pages) == len(found):
        return missing_pages(session, code, settings)
    return _reprint(session, packet, pages, settings)


def _standing_packet(session: Session, code: str) -> Standing:
    packet = packet_named(session, code)
    if packet.state is PacketState.VOID:
        raise NotAllowed(
            _("The packet {code} is withdrawn.").format(code=code),
            _("`poshta packets build --week {week} --pupil {pupil}` prints a new one.").format(week=packet.week, pupil=packet.pupil),
        )
    return packet


def _pages_with_reads(session: Session, code: str) -> list[tuple[schema.Page, bool]]:
    """The valid pages of a packet, each with whether it was read or typed."""
    page, scan = schema.Page, schema.Scan
    mine = (page.packet == code, page.void.is_(False))
    read = select(scan.id).where(scan.page == page.id, scan.state.in_(READ_STATES)).exists()
    typed = typed_pages(session, *mine)
    rows = session.execute(select(page, read).where(*mine).order_by(page.pdf_page))
    return [(found, was_read or found.id in typed) for found, was_read in rows]


def _reprint(session: Session, packet: Standing, pages: Sequence[schema.Page], settings: PacketSettings) -> Reprint:
    """A reprint of some pages; with a slip unless they are the whole packet."""
    named = tuple(names(session, codes=[packet.pupil]))
    count = session.scalar(
        select(func.count()).select_from(schema.Page).where(schema.Page.packet == packet.code, schema.Page.void.is_(False))
    )
    slip = None if len(pages) == count else _slip(session, packet, pages, settings)
    return Reprint(packet, tuple(page.pdf_page for page in pages), named, slip)


def _slip(session: Session, packet: Standing, pages: Sequence[schema.Page], settings: PacketSettings) -> SlipWords:
    pupils = learners(session, pupil=packet.pupil, with_left=True)
    language, large = (pupils[0].language, pupils[0].print == "large") if pupils else ("kk", False)
    work = [page for page in pages if page.kind == PageKind.WORKSHEET]
    codes = {page.assignment for page in work}
    titles = {row.code: row for row in session.scalars(select(schema.Assignment).where(schema.Assignment.code.in_(codes)))}
    lines = tuple(
        SlipLine(page.number, page.of, page.short_code, titles[page.assignment].subject, titles[page.assignment].title)
        for page in work
        if page.assignment in titles
    )
    by = max(packet.return_by, today() + timedelta(days=settings.return_days))
    return SlipWords(packet.code, packet.pupil, packet.week, language, large, by, settings.hotline, lines)


def print_again(home: Home, wanted: Sequence[Reprint]) -> list[str]:
    """Write the pages and note that they were printed again, once a day; answers the files. Raises NotFound where a packet's file is gone or damaged."""
    for each in wanted:  # before anything is written
        _content(home, each.packet)
    with naming(home, {Written(each.file, f"packets reprint {each.packet.code}"): each.named for each in wanted if each.named}):
        for each in wanted:
            write_bytes(home.path / each.file, _pages_of(home, each))
    with home.database.write() as session:
        for each in wanted:
            _note(session, each, now())
    return [each.file for each in wanted]


def _note(session: Session, reprint: Reprint, at: datetime) -> None:
    before = events(session, packets=[reprint.packet.code])
    today_s = [event for event in before if event.kind is Happening.REPRINTED and event.at.date() == at.date()]
    if any(list(event.evidence.get("pages", ())) == list(reprint.pages) for event in today_s):
        return
    tell(session, Event(at, Happening.REPRINTED, DESK, reprint.packet.code, evidence={"file": reprint.file, "pages": list(reprint.pages)}))
    journal.record(session, "packets.reprint", reprint.packet.code, pages=list(reprint.pages))


def _content(home: Home, packet: Standing) -> bytes:
    path = home.path / packet.pdf
    content = path.read_bytes() if path.is_file() else b""
    if digest(content) != packet.pdf_digest:
        raise NotFound(
            _("The file of the packet {code} is gone or damaged.").format(code=packet.code),
            _("`poshta packets build --week {week} --pupil {pupil}` draws it again as it was.").format(
                week=packet.week, pupil=packet.pupil
            ),
        )
    return content


def _pages_of(home: Home, reprint: Reprint) -> bytes:
    """The pages out of the packet's file."""
    made = pikepdf.Pdf.new()
    slip = b"" if reprint.slip is None else draw_slip(reprint.slip)
    with ExitStack() as open_files:
        if slip:
            made.pages.extend(open_files.enter_context(pikepdf.open(io.BytesIO(slip))).pages)
        source = open_files.enter_context(pikepdf.open(io.BytesIO(_content(home, reprint.packet))))
        for number in reprint.pages:
            made.pages.append(source.pages[number - 1])
        file = io.BytesIO()
        made.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()
