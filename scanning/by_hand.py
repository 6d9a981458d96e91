"""A picture filed under the short code that a person read off the paper: `poshta scan PATH --page CODE`.

For sheets whose codes are lost for good, and for those whose seal no key of this desk understands. All or nothing: a picture that does not fit the page is refused
with a sentence, and nothing changes.
"""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy.orm import Session

from packets.token import grouped, read_short_code, short_code
from records import schema
from records.errors import InputRefused, NotAllowed, NotFound, PoshtaError, UsageRefused
from records.files import file_digest, keep_original
from records.home import Home
from records.journal import record
from records.language import _
from scanning.book import DeskBook
from scanning.filing import Filing, FrameSeen, PageRow, again, stored
from scanning.held import READ_STATES, Source
from scanning.intake import Frame, Limits, Refused, Unreadable, count_frames, frames, kind_of, refuse
from scanning.page import read_as
from scanning.rules import desk_thresholds, remembered
from scanning.verdict import PageState, PageVerdict, PrintedPage
from scanning.words import reason_words

FILED = (*READ_STATES, PageState.DUPLICATE)  # under its name: answers may hang on such a row


def file_by_hand(home: Home, path: Path, typed: str, number: int = 0) -> PageRow:
    """Read the one sheet without a name in picture `number` of the file (0: its only one) as the page whose short code was typed; answers its row.

    Raises NotFound for a code or file that is not there, NotAllowed for a page that is void, UsageRefused where `number` is needed, InputRefused where the
    picture does not agree.
    """
    book = DeskBook(home.database, home.keys())
    page = _page(book, typed)
    limits = Limits.of(home.settings.scan)
    source = _source(home, path, limits)
    number = _only(path, source.frames, number)
    begun = time.perf_counter()
    thresholds = desk_thresholds(home.loaded)
    with home.database.read() as session:
        known = [row for row in stored(session, [source.digest]) if row.frame == number and row.page == page.id and row.state in FILED]
        if known:
            printed = session.get(schema.Page, page.id)
            return again(str(path), known[0], printed.packet if printed else None)
    picture = _picture(home, source, number, limits)
    verdict = read_as(picture.image, page, book, thresholds, colour=picture.colour)
    if verdict.state not in READ_STATES:
        raise _refused(path, page, verdict)
    seen = FrameSeen(number, round((time.perf_counter() - begun) * 1000), (verdict,))
    rules = remembered(home.database, thresholds)
    with home.database.write() as session:
        return _filed(session, source, seen, rules)


def _filed(session: Session, source: Source, seen: FrameSeen, rules: str) -> PageRow:
    """The named sheet in the place of the row under which it had no name."""
    (verdict,) = seen.sheets
    rows = [row for row in stored(session, [source.digest]) if row.frame == seen.number]
    nameless = [row for row in rows if row.page in (None, verdict.page_id) and row.state not in FILED]
    in_place_of = [row for row in nameless if row.part == verdict.part] or nameless[:1]
    before = [[each.part, each.state, each.reason, each.page] for each in in_place_of]
    packet = _packet_of(session, verdict.page_id)
    stood = packet.state if packet else ""
    filing = Filing(session, [(source, seen)], rules)
    row = filing.named(source, seen, in_place_of)
    filing.finish()
    (scan,) = (each.id for each in stored(session, [source.digest]) if (each.frame, each.part) == (row.frame, row.part))
    moved = [packet.code, stood, packet.state] if packet else None
    told = {"scan": scan, "before": before[0] if before else None, "packet": moved}  # what an undo needs
    record(session, "scan.named", row.page or "", place=f"{source.digest[:12]}:{row.frame}.{row.part}", **told)
    return row


def _packet_of(session: Session, page_id: str | None) -> schema.Packet | None:
    page = session.get(schema.Page, page_id) if page_id else None
    return session.get(schema.Packet, page.packet) if page is not None and page.packet else None


def _page(book: DeskBook, typed: str) -> PrintedPage:
    """The page that was typed, by its short code or its id."""
    text = typed.strip().lower()
    identity = text if len(text) == 14 and all(letter in "0123456789abcdef" for letter in text) else read_short_code(typed)
    page = book.page(identity) if identity else None
    if page is None:
        hint = _("Check the short code that is printed beside the QR code.")
        raise NotFound(_("There is no page {page}.").format(page=typed), hint)
    if page.void:
        raise NotAllowed(
            _("The page {page} was withdrawn: nothing is filed under it.").format(page=typed),
            _("Name the page of the packet that took its place."),
        )
    return page


def _source(home: Home, path: Path, limits: Limits) -> Source:
    """The file, kept among the originals."""
    if not path.exists():
        raise NotFound(_("There is no file {file}.").format(file=path), _("Check the name and the folder."))
    if path.is_dir():
        raise UsageRefused(_("«{file}» is a folder.").format(file=path), _("With --page, name one picture."))
    try:
        kind_of(path, limits)
        digest = file_digest(path)
        kept = keep_original(home.originals, path, digest)
        return Source(str(path), digest, home.relative(kept), kept.stat().st_size, count_frames(kept, limits))
    except Unreadable as failure:
        raise _not_taken(refuse(str(path), failure.reason, limits)) from failure


def _only(path: Path, pictures: int, number: int) -> int:
    if not number and pictures > 1:
        text = _("{file} holds {count} pictures, and a short code names one sheet.").format(file=path, count=pictures)
        raise UsageRefused(text, _("Say which with --picture, from 1."))
    if number > pictures:
        raise UsageRefused(_("{file} holds {count} pictures.").format(file=path, count=pictures), _("Say which with --picture, from 1."))
    return number or 1


def _picture(home: Home, source: Source, number: int, limits: Limits) -> Frame:
    for frame in frames(home.path / source.kept, limits, source.name, (number,)):
        if isinstance(frame, Refused):
            raise _not_taken(frame)
        return frame
    raise _not_taken(refuse(source.name, "damaged", limits, number))


def _not_taken(refused: Refused) -> PoshtaError:
    return InputRefused(refused.text, _("Scan or photograph the sheet again."))


def _refused(path: Path, page: PrintedPage, verdict: PageVerdict) -> PoshtaError:
    text = _("{file} cannot be filed as the page {page}: {reason}.")
    code = grouped(short_code(page.id))
    return InputRefused(
        text.format(file=path, page=code, reason=reason_words(verdict.reason)),
        _("Look at the short code again; lay the sheet alone and flat, and scan or photograph it anew."),
    )
