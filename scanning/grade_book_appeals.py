"""The trail of an answer, and appeals against it: what was ever recorded, from which picture, by whom and why; who asked that it be looked at again.

scanning/grade_book_trail calls this. An appeal is closed by an amendment or dismissed, with a reason; neither it nor any record is ever deleted but by `undo`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.token import short_code
from records.calendar import now
from records.errors import NotAllowed, NotFound, UsageRefused
from records.grades import standing
from records.journal import Entry, record
from records.language import _
from records.schema import Answer, Original, Page, Scan
from records.schema import Appeal as Row
from records.undo import in_the_way
from scanning.amend import asked

OPENED, CLOSED = "grades.appeal", "grades.appeal_close"  # acts of the journal
CHANGED, UPHELD, DISMISSED = "changed", "upheld", "dismissed"


@dataclass(frozen=True, slots=True)
class Kept:
    """One record of an answer, standing or superseded, with the picture that it was read from."""

    id: int
    reading: tuple[str, ...]
    candidates: tuple[str, ...]
    state: str
    reason: str
    points: Decimal | None
    max_points: Decimal
    decided_by: str
    made_at: datetime
    why: str
    superseded_by: int | None
    file: str
    frame: int | None


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal; `outcome` is empty while it is open."""

    id: int
    page: str
    item: str
    pupil: str | None
    assignment: str | None
    week: str
    opened_at: datetime
    why: str
    closed_at: datetime | None
    outcome: str
    words: str

    def as_json(self) -> dict[str, object]:
        """As the contract tells it."""
        found: dict[str, object] = {
            name: getattr(self, name) for name in ("page", "item", "pupil", "assignment", "week", "why", "outcome", "words")
        }
        times = {"opened_at": self.opened_at.isoformat(), "closed_at": self.closed_at.isoformat() if self.closed_at else None}
        return {"appeal": self.id, "short_code": short_code(self.page), **found, **times}


def history(session: Session, page: str, item: str) -> tuple[str, str, list[Kept]]:
    """The page, the question, and all records of its answer, the oldest first. Raises what `scanning.amend.asked` raises."""
    identity, number = asked(session, page, item)
    wanted = (
        select(Answer, Original.path, Scan.frame)
        .outerjoin(Scan, Scan.id == Answer.scan)
        .outerjoin(Original, Original.digest == Scan.original)
    )
    rows = session.execute(wanted.where(Answer.page == identity, Answer.item == number).order_by(Answer.id))
    return identity, number, [_kept(row, path, frame) for row, path, frame in rows]


def appeals(session: Session, with_closed: bool = False, place: tuple[str, str] | None = None) -> list[Appeal]:
    """The open appeals, the oldest first; closed ones on request; `place`: of one page and question."""
    wanted = select(Row, Page.pupil, Page.assignment, Page.week).join(Page, Page.id == Row.page).order_by(Row.id)
    if not with_closed:
        wanted = wanted.where(Row.closed_at.is_(None))
    if place:
        wanted = wanted.where(Row.page == place[0], Row.item == place[1])
    return [_appeal(row, pupil, work, week) for row, pupil, work, week in session.execute(wanted)]


def open_appeal(session: Session, page: str, item: str, why: str) -> Appeal:
    """Note that somebody asks for another look; raises UsageRefused without a reason, NotAllowed where one is open, and what `asked` raises."""
    if not why.strip():
        raise UsageRefused(_("An appeal needs a reason."), _("Say it with --why, without names."))
    identity, number = asked(session, page, item)
    if appeals(session, place=(identity, number)):
        raise NotAllowed(
            _("An appeal against question {item} of the page {page} is open already.").format(item=number, page=page),
            _(
                "`poshta grades appeals` lists it. Close it with `poshta grades amend PAGE ITEM VALUE --appeal`, or `grades appeal --dismiss`."
            ),
        )
    held = standing(session, identity).get(number)
    row = Row(page=identity, item=number, answer=held.id if held else None, opened_at=now(), why=why.strip())
    session.add(row)
    session.flush()
    record(session, OPENED, identity, item=number, appeal=row.id)
    return appeals(session, place=(identity, number))[0]


def close_appeal(session: Session, page: str, item: str, outcome: str, words: str) -> Appeal:
    """Close the open appeal with what came of it; raises UsageRefused without a reason, NotFound where none is open."""
    if not words.strip():
        raise UsageRefused(_("An appeal is closed with a reason."), _("Say it with --why, without names."))
    identity, number = asked(session, page, item)
    row = session.scalar(select(Row).where(Row.page == identity, Row.item == number, Row.closed_at.is_(None)))
    if row is None:
        raise NotFound(
            _("No appeal against question {item} of the page {page} is open.").format(item=number, page=page),
            _("`poshta grades appeals` lists those that are."),
        )
    held = standing(session, identity).get(number)
    row.closed_at, row.outcome, row.words, row.record = now(), outcome, words.strip(), held.id if held else None
    session.flush()
    record(session, CLOSED, identity, item=number, appeal=row.id, outcome=outcome)
    return next(each for each in appeals(session, with_closed=True, place=(identity, number)) if each.id == row.id)


def forget_appeal(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Take back that an appeal was opened."""
    row = _row(session, entry)
    session.delete(row)
    return {"item": entry.details["item"]}


def reopen_appeal(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Take back that an appeal was closed; raises NotAllowed where another one is open now."""
    row = _row(session, entry)
    if appeals(session, place=(row.page, row.item)):
        raise in_the_way(_("another appeal against the same answer is open"))
    row.closed_at, row.outcome, row.words, row.record = None, "", "", None
    return {"item": entry.details["item"]}


def _row(session: Session, entry: Entry) -> Row:
    row = session.get(Row, entry.details["appeal"])
    if row is None:
        raise in_the_way(_("the appeal is not there any more"))
    return row


def _kept(row: Answer, path: str | None, frame: int | None) -> Kept:
    points = None if row.points is None else Decimal(row.points)
    said = (tuple(row.reading), tuple(row.candidates), row.state, row.reason, points, Decimal(row.max_points))
    return Kept(row.id, *said, row.decided_by, row.made_at, row.why, row.superseded_by, path or "", frame)


def _appeal(row: Row, pupil: str | None, work: str | None, week: str) -> Appeal:
    ended: Sequence[Any] = (row.closed_at, row.outcome, row.words)
    return Appeal(row.id, row.page, row.item, pupil, work, week, row.opened_at, row.why, *ended)
