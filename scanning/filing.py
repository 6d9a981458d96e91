"""One sheet into the records: scan row, answers, points, the packet's move and the journal, within the transaction of scanning/batch.

`Filing` is the desk clerk of one transaction: it knows what day it is, which sheets have been read before and by which key answers are scored.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from packets.assignment import Assignment, Question
from packets.layout import PageKind
from records import schema
from records.calendar import now, today
from records.errors import IntegrityFailed
from records.grades import DOUBT, Decision, decide_all, standing
from records.journal import record
from records.language import _
from records.lifecycle import PacketEvent, PacketState, move
from scanning.alarms_numbers import Look, PageNumbers, Place, measured
from scanning.copies import settle
from scanning.healing import curable, to_be_read, unfiled
from scanning.held import READ_STATES, Held, Source
from scanning.intake import Refused
from scanning.manifest_filing import file_manifest
from scanning.review_filing import file_review
from scanning.score import decision
from scanning.verdict import Doubt, PageState, PageVerdict

SAME_FILE, SAME_PAGE = "same_file", "same_page"


@dataclass(frozen=True, slots=True)
class FrameSeen:
    """What a worker made of one frame: sheets, or a refusal. Picklable."""

    number: int
    ms: int
    sheets: tuple[PageVerdict, ...] = ()
    refused: Refused | None = None
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class PageRow:
    """What became of one sheet in one picture, as `scan --json` tells it; `text` is a refusal's sentence."""

    file: str
    frame: int
    part: int
    state: PageState
    reason: str = ""
    late: bool = False
    page: str | None = None
    packet: str | None = None
    doubts: tuple[tuple[str, str], ...] = ()
    ms: int = 0
    text: str = ""

    def as_json(self) -> dict[str, object]:
        """The row of the contract (DESIGN section 6)."""
        return {
            "file": self.file,
            "frame": self.frame,
            "part": self.part,
            "state": self.state.value,
            "reason": self.reason,
            "late": self.late,
            "page": self.page,
            "packet": self.packet,
            "doubts": [{"item": item, "reason": reason} for item, reason in self.doubts],
            "ms": self.ms,
        }


class Filing:
    """Writes `coming`, frames of files, within one transaction: `frame` each, then `finish`. `rules` is the digest of the reader's thresholds.

    `numbers` are those of the sheets that were filed, for the batch's alarms.
    """

    def __init__(self, session: Session, coming: Sequence[tuple[Source, FrameSeen]], rules: str | None = None) -> None:
        self.numbers: list[PageNumbers] = []
        self._session = session
        self._rules = rules
        self._day = today()
        self._questions: dict[str, dict[str, Question]] = {}
        self._touched: dict[str, schema.Packet] = {}
        self._seen: list[tuple[Decision, schema.Scan]] = []
        pages = {sheet.page_id for _source, seen in coming for sheet in seen.sheets if sheet.page_id}
        self._held = Held(session, [(source, seen.number) for source, seen in coming], pages)

    def frame(self, source: Source, seen: FrameSeen) -> list[PageRow]:
        """File one frame; one that another desk has filed meanwhile is told as a duplicate."""
        before = self._held.scans(source.digest, seen.number)
        settled = [row for row in before if not curable(row)]
        rows = [again(source.name, row, self._packet_of(row.page)) for row in settled]
        if to_be_read(before):
            rows += self._unsettled(source, seen, settled, [row for row in before if curable(row)])
        return sorted(rows, key=lambda row: row.part)

    def _unsettled(self, source: Source, seen: FrameSeen, settled: Sequence[schema.Scan], waiting: Sequence[schema.Scan]) -> list[PageRow]:
        """File what is new on a frame of which `settled` stays and `waiting` may have healed; nothing where nothing has."""
        if seen.refused is not None and not settled:
            return [self._refusal(source, seen, seen.refused, waiting)]
        sheets = unfiled(settled, seen.sheets)
        if not sheets or [(row.state, row.reason) for row in waiting] == [(each.state, each.reason) for each in sheets]:
            return [self._as_it_stands(source, row) for row in waiting]
        self._remove(waiting)
        return [self._noted(source, seen, verdict) for verdict in _apart(sheets, {row.part for row in settled})]

    def named(self, source: Source, seen: FrameSeen, in_place_of: Sequence[schema.Scan]) -> PageRow:
        """File the one sheet of `seen`, which a person named, in the place of the rows under which it had no name."""
        self._remove(in_place_of)
        taken = {row.part for row in self._held.scans(source.digest, seen.number)} - {row.part for row in in_place_of}
        (verdict,) = _apart(seen.sheets, taken)
        return self._noted(source, seen, verdict)

    def _noted(self, source: Source, seen: FrameSeen, verdict: PageVerdict) -> PageRow:
        """File one sheet and note its numbers."""
        row = self._sheet(source, seen, verdict)
        page = self._held.page(row.page)
        doubts = tuple(each.judgement.reason.value for each in verdict.items if isinstance(each.judgement, Doubt))
        place = Place(source.digest, source.name, row.frame, row.part)
        told = measured(verdict.measurements)
        if page is not None:
            told |= {"layout": page.layout, "week": page.week, "assignment": page.assignment or "", "number": page.number}
        told |= {"items": len(verdict.items), "doubts": doubts, "look": seen.look}
        self.numbers.append(PageNumbers(place, row.state.value, row.reason, **told))
        return row

    def _as_it_stands(self, source: Source, scan: schema.Scan) -> PageRow:
        row = again(source.name, scan, self._packet_of(scan.page))
        return replace(row, state=PageState(scan.state), reason=scan.reason)

    def finish(self) -> None:
        """Record the answers, and move every packet of which a page came back: partly returned, or complete."""
        self._decide()
        self._session.flush()
        incomplete = self._held.incomplete(self._touched) if self._touched else set()
        for code, packet in self._touched.items():
            event = PacketEvent.PAGE_RETURNED if code in incomplete else PacketEvent.ALL_RETURNED
            packet.state = move(PacketState(packet.state), event).value

    def _remove(self, rows: Sequence[schema.Scan]) -> None:
        """Take rows away before others get their places."""
        for row in rows:
            self._session.delete(row)
        if rows:
            self._session.flush()

    def _refusal(self, source: Source, seen: FrameSeen, refused: Refused, before: Sequence[schema.Scan]) -> PageRow:
        row = PageRow(source.name, seen.number, 1, PageState.REFUSED, refused.reason, ms=seen.ms, text=refused.text)
        if not any(known.reason == refused.reason for known in before):
            self._remove(before)
            self._scan(source, row, PageVerdict(PageState.REFUSED, refused.reason))
        return row

    def _sheet(self, source: Source, seen: FrameSeen, verdict: PageVerdict) -> PageRow:
        page = self._held.page(verdict.page_id)
        packet = self._held.packet(page.packet) if page is not None else None
        state, reason = self._state(verdict, page, packet)
        row = PageRow(source.name, seen.number, verdict.part, state, reason, ms=seen.ms)
        row = replace(row, page=page.id if page else None, packet=packet.code if packet else None)
        if page is None or state not in (*READ_STATES, PageState.DUPLICATE):
            self._scan(source, row, verdict)
            return row
        row = replace(row, late=packet is not None and self._day > packet.return_by)
        scan = self._scan(source, row, verdict)
        doubts = self._answers(page, verdict, scan, state is PageState.DUPLICATE)
        if packet is not None:
            self._touched[packet.code] = packet
        if doubts and state is PageState.READ:
            row = replace(row, state=PageState.DOUBTFUL)
            scan.state = row.state.value
        return replace(row, doubts=doubts)

    def _state(self, verdict: PageVerdict, page: schema.Page | None, packet: schema.Packet | None) -> tuple[PageState, str]:
        if verdict.state not in READ_STATES:
            return verdict.state, verdict.reason
        if page is None:
            return PageState.FOREIGN, "unknown_page"
        if page.void or (packet is not None and packet.state == PacketState.VOID):
            return PageState.VOID, page.void_reason or "void_packet"
        if self._held.was_read(page.id):
            return PageState.DUPLICATE, SAME_PAGE
        return verdict.state, verdict.reason

    def _answers(self, page: schema.Page, verdict: PageVerdict, scan: schema.Scan, copy: bool) -> tuple[tuple[str, str], ...]:
        """Record what the sheet shows; answers the doubts that it leaves or makes."""
        if page.kind == PageKind.MANIFEST:
            self._session.flush()  # so that the sheet has its number
            return file_manifest(self._session, page, verdict, scan, copy)
        if page.kind == PageKind.REVIEW:
            self._decide()
            self._session.flush()
            return file_review(self._session, page, verdict)
        if page.kind != PageKind.WORKSHEET or page.assignment is None:
            return ()
        seen = [decision(page.id, self._question(page.assignment, each.item), each.judgement, None, self._rules) for each in verdict.items]
        if copy:
            self._decide()
        changes: Sequence[Decision] = settle(standing(self._session, page.id), seen) if copy else seen
        self._seen += [(change, scan) for change in changes]
        return tuple((change.item, change.reason) for change in changes if change.state == DOUBT)

    def _decide(self) -> None:
        """Record what was seen so far, all at once: a few statements rather than a few a page."""
        if self._seen:
            self._session.flush()  # so that the sheets have their numbers
            decide_all(self._session, [replace(change, scan=scan.id) for change, scan in self._seen])
        self._seen = []

    def _question(self, assignment: str, item: str) -> Question:
        """The question with its key as it stands now."""
        if assignment not in self._questions:
            row = self._session.get_one(schema.Assignment, assignment)
            self._questions[assignment] = {question.number: question for question in Assignment.from_json(row.definition).questions}
        found = self._questions[assignment].get(item)
        if found is None:
            raise IntegrityFailed(
                _("The assignment {code} has no question {item}, but a printed page has.").format(code=assignment, item=item),
                _("Restore the last backup, or add the assignment again as it was printed."),
            )
        return found

    def _scan(self, source: Source, row: PageRow, verdict: PageVerdict) -> schema.Scan:
        scan = schema.Scan(
            original=source.digest,
            frame=row.frame,
            part=row.part,
            state=row.state.value,
            reason=row.reason,
            page=row.page,
            late=row.late,
            scanned_at=now(),
            ms=row.ms,
            error_mm=verdict.error_mm,
            measurements=verdict.measurements,
        )
        self._session.add(scan)
        if row.page and row.state in READ_STATES:
            self._held.note_read(row.page)
        place = f"{source.digest[:12]}:{row.frame}.{row.part}"
        record(self._session, "scan.page", row.page or source.digest, place=place, state=row.state.value, reason=row.reason)
        return scan

    def _packet_of(self, page: str | None) -> str | None:
        return self._session.scalar(select(schema.Page.packet).where(schema.Page.id == page)) if page else None


def stored(session: Session, digests: Collection[str]) -> list[schema.Scan]:
    """The scan rows of files, in their order, without measurements."""
    wanted = select(schema.Scan).where(schema.Scan.original.in_(digests)).options(defer(schema.Scan.measurements))
    return list(session.scalars(wanted.order_by(schema.Scan.original, schema.Scan.frame, schema.Scan.part))) if digests else []


def _apart(sheets: Sequence[PageVerdict], taken: set[int]) -> list[PageVerdict]:
    """The sheets under parts that no settled row of their frame has: their own where they are free."""
    placed = []
    for sheet in sheets:
        part = next(number for number in chain((sheet.part,), count(1)) if number not in taken)
        taken = taken | {part}
        placed.append(replace(sheet, part=part))
    return placed


def again(name: str, scan: schema.Scan, packet: str | None) -> PageRow:
    """The row of a sheet whose file has been filed before: a duplicate that points to its page."""
    return PageRow(name, scan.frame, scan.part, PageState.DUPLICATE, SAME_FILE, scan.late, scan.page, packet, ms=0)
