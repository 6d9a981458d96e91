"""Quarters that are closed: their marks are kept as they stood, and whatever changes points afterwards is told beside them, never written over.

scanning/grade_book_trail calls this. A mark that is open is not closed: it waits until its work is decided, and the same command closes it then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from packets.token import short_code
from records.calendar import StudyWeek, now
from records.database import Database
from records.errors import Busy, NotAllowed, UsageRefused
from records.grades import last_id
from records.journal import Entry, record
from records.language import _, current_language, date_until
from records.marks_calendar import Quarter, start_year, year_name
from records.marks_quarter import OPEN
from records.schema import Answer, ClosedMark, Page
from scanning.grade_book import Scope, require_known
from scanning.grade_book_marks import QuarterRow, Rules, closed_marks, is_over, quarter_rows

CLOSE = "grades.close"  # the act of the journal
_PENDING = 0  # stands in superseded_by between freeing the place and filling it


@dataclass(frozen=True, slots=True)
class Closing:
    """What a closing did: rows that were `closed` now, that are `still_open`, that are closed and would be `changed`, and how many stood as they were."""

    closed: tuple[QuarterRow, ...]
    still_open: tuple[QuarterRow, ...]
    changed: tuple[QuarterRow, ...]
    stood: int


@dataclass(frozen=True, slots=True)
class Amendment:
    """A record that was made after its quarter was closed."""

    page: str
    item: str
    record: int
    before: str | None
    points: str | None
    decided_by: str
    made_at: str
    why: str

    def as_json(self) -> dict[str, object]:
        """As the contract tells it."""
        found: dict[str, object] = {name: getattr(self, name) for name in ("page", "item", "record", "decided_by", "made_at", "why")}
        numbers = {name: None if value is None else float(value) for name, value in (("before", self.before), ("points", self.points))}
        return {"short_code": short_code(self.page), **found, **numbers}


def close_quarter(database: Database, quarter: Quarter, scope: Scope, rules: Rules, again: bool, why: str) -> Closing:
    """Keep the marks of a quarter that is over. With `again`, marks that would be others today take the place of the closed ones, with the reason `why`.

    Raises NotAllowed where the quarter is not over or its school year is only assumed, UsageRefused for `again` without a reason, Busy where answers
    changed meanwhile. The same again changes nothing.
    """
    _require_closable(quarter, rules)
    if again and not why.strip():
        raise UsageRefused(_("A closed mark is changed with a reason."), _("Say it with --why, without names."))
    with database.read() as session:
        require_known(session, scope)
        until = last_id(session)
        rows = quarter_rows(session, quarter, scope, rules)
    fresh = [row for row in rows if row.closed is None and row.now.state != OPEN]
    changed = [row for row in rows if row.changed]
    taken = [*fresh, *(row for row in changed if again and row.now.state != OPEN)]
    if taken:
        with database.write() as session:
            if _changed_since(session, taken, until) or _others_closed(session, quarter, taken):
                raise Busy(_("Answers changed while the quarter was being closed."), _("Run the same command again."))
            _write(session, quarter, taken, until, why.strip() if again else "")
    places = {(row.pupil, row.subject) for row in taken}
    left = [row for row in changed if (row.pupil, row.subject) not in places]
    still_open = [row for row in rows if row.closed is None and row.now.state == OPEN]
    return Closing(tuple(taken), tuple(still_open), tuple(left), len(rows) - len(taken) - len(left) - len(still_open))


def amendments(session: Session, row: QuarterRow) -> list[Amendment]:
    """The records of a closed row's works that were made since it was closed, the oldest first."""
    if row.closed is None:
        return []
    codes = sorted({each.assignment.code for each in row.works})
    wanted = (
        select(Answer)
        .join(Page, Page.id == Answer.page)
        .where(Page.pupil == row.pupil, Page.assignment.in_(codes), Answer.id > row.closed.answers_until)
    )
    found = list(session.scalars(wanted.order_by(Answer.id)))
    earlier = {each.superseded_by: each.points for each in _superseded(session, [each.id for each in found])}
    return [
        Amendment(each.page, each.item, each.id, earlier.get(each.id), each.points, each.decided_by, each.made_at.isoformat(), each.why)
        for each in found
    ]


def closed_row(session: Session, page: str, rules: Rules) -> QuarterRow | None:
    """The closed mark that a page's answers went into, with what would come out today; None where it is not closed."""
    row = session.get_one(Page, page)
    monday = StudyWeek.parse(row.week).monday
    quarter = rules.year(start_year(monday)).quarter_of(StudyWeek.parse(row.week))
    if not closed_marks(session, quarter, row.pupil or ""):
        return None
    rows = quarter_rows(session, quarter, Scope(pupil=row.pupil or ""), rules)
    mine = (each for each in rows if each.closed and any(work.assignment.code == row.assignment for work in each.works))
    return next(mine, None)


def open_again(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Take back a closing: what it wrote goes, and what it superseded stands again."""
    number = entry.details["closing"]
    gone = list(session.scalars(select(ClosedMark.id).where(ClosedMark.closing == number)))
    session.execute(delete(ClosedMark).where(ClosedMark.closing == number))
    for each in gone:
        session.execute(update(ClosedMark).where(ClosedMark.superseded_by == each).values(superseded_by=None))
    return {"marks": len(gone)}


def _require_closable(quarter: Quarter, rules: Rules) -> None:
    year = rules.year(quarter.year)
    _first, last = year.span(quarter)
    if year.assumed:
        text = _("The quarters of the school year {year} are only assumed: none of them can be closed.").format(
            year=year_name(quarter.year)
        )
        raise NotAllowed(text, _("Say the right ones in poshta.toml: [[calendar.school_years]]."))
    if not is_over(year, quarter):
        text = _("The quarter {quarter} lasts until {day}.").format(quarter=quarter, day=date_until(last, current_language()))
        raise NotAllowed(text, _("Close it when it is over."))


def _changed_since(session: Session, taken: Iterable[QuarterRow], until: int) -> bool:
    """Whether an answer to one of these works was recorded after the records were looked at."""
    codes = {work.assignment.code for row in taken for work in row.works}
    newer = select(Answer.id).join(Page, Page.id == Answer.page).where(Answer.id > until, Page.assignment.in_(codes))
    return session.scalar(newer.limit(1)) is not None


def _others_closed(session: Session, quarter: Quarter, taken: Iterable[QuarterRow]) -> bool:
    """Whether somebody else has closed one of the rows meanwhile."""
    held = closed_marks(session, quarter)
    return any(
        (was.id if (was := row.closed) else None) != (one.id if (one := held.get((row.pupil, row.subject))) else None) for row in taken
    )


def _write(session: Session, quarter: Quarter, taken: Sequence[QuarterRow], until: int, why: str) -> None:
    number = (session.scalar(select(func.max(ClosedMark.closing))) or 0) + 1
    common = {"answers_until": until, "closing": number, "closed_at": now()}
    fresh = [_values(row, quarter) | common | {"why": ""} for row in taken if row.closed is None]
    if fresh:
        session.execute(insert(ClosedMark), fresh)
    for row in taken:
        if row.closed:
            session.execute(update(ClosedMark).where(ClosedMark.id == row.closed.id).values(superseded_by=_PENDING))
            made = session.scalar(insert(ClosedMark).returning(ClosedMark.id), _values(row, quarter) | common | {"why": why})
            session.execute(update(ClosedMark).where(ClosedMark.id == row.closed.id).values(superseded_by=made))
    record(session, CLOSE, str(quarter), closing=number, marks=len(taken), again=sum(row.closed is not None for row in taken))


def _values(row: QuarterRow, quarter: Quarter) -> dict[str, Any]:
    mark = row.now
    whose = {name: getattr(row, name) for name in ("pupil", "subject", "school", "grade", "language")}
    made = {name: getattr(mark, name) for name in ("state", "reason", "percent", "mark", "formula")}
    exact = None if mark.exact is None else str(mark.exact)
    return {**whose, **made, "exact": exact, "year": quarter.year, "quarter": quarter.number, "zeroed": row.zeroed}


def _superseded(session: Session, ids: Sequence[int]) -> list[Answer]:
    return list(session.scalars(select(Answer).where(Answer.superseded_by.in_(ids)))) if ids else []
