"""Commands that record answers tell here which closed marks these belong to: `scan`, `scan watch`, `scan review`, `scan rejudge --apply`, `review import`, `undo`.

`grades amend` tells the mark itself (scanning/grade_book_closing). This looks only at whose answers are new, since a batch may hold thousands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.calendar import StudyWeek
from records.grades import last_id
from records.home import Home
from records.language import ngettext
from records.marks_calendar import Quarter, marked_year, start_year
from records.schema import Answer, Assignment, ClosedMark, Page
from records.settings import CalendarSettings
from scanning.grade_book_marks import Key, closed_marks


@dataclass(frozen=True, slots=True)
class ClosedTouched:
    """The closed marks that have new answers: by quarter, pupil and subject of each."""

    marks: Mapping[Quarter, frozenset[Key]] = field(default_factory=dict)

    def __or__(self, other: ClosedTouched) -> ClosedTouched:
        quarters = {*self.marks, *other.marks}
        return ClosedTouched({each: self.marks.get(each, frozenset()) | other.marks.get(each, frozenset()) for each in quarters})

    @property
    def lines(self) -> list[str]:
        """A sentence for each quarter."""
        return [_line(quarter, len(self.marks[quarter])) for quarter in sorted(self.marks)]

    def as_json(self) -> dict[str, list[dict[str, Any]]]:
        """The same for programs: how many of each quarter, and whose they are."""
        rows = [
            {
                "quarter": str(quarter),
                "count": len(self.marks[quarter]),
                "marks": [{"pupil": pupil, "subject": subject} for pupil, subject in sorted(self.marks[quarter])],
            }
            for quarter in sorted(self.marks)
        ]
        return {"closed_marks": rows}


NONE_TOUCHED = ClosedTouched()


def newest_record(home: Home) -> int:
    """The newest record of an answer, to be remembered before others are made."""
    with home.database.read() as session:
        return last_id(session)


def told_of_closed(home: Home, since: int) -> ClosedTouched:
    """The closed marks that have answers newer than the record `since`."""
    with home.database.read() as session:
        return touched(session, since, home.settings.calendar)


def _line(quarter: Quarter, count: int) -> str:
    return ngettext(
        "{count} closed mark of {quarter} has new answers: `poshta grades book --quarter {quarter}` tells whether it would be another one today.",
        "{count} closed marks of {quarter} have new answers: `poshta grades book --quarter {quarter}` tells whether they would be others today.",
        count,
    ).format(count=count, quarter=quarter)


def touched(session: Session, since: int, calendar: CalendarSettings) -> ClosedTouched:
    """The same within an open session."""
    if session.scalar(select(ClosedMark.id).limit(1)) is None:
        return NONE_TOUCHED
    wanted = select(Page.pupil, Assignment.subject, Page.week).join(Answer, Answer.page == Page.id)
    wanted = wanted.join(Assignment, Assignment.code == Page.assignment).where(Answer.id > since).distinct()
    by_week: dict[str, set[Key]] = defaultdict(set)
    for pupil, subject, week in session.execute(wanted):
        by_week[week].add((pupil or "", subject))
    by_quarter: dict[Quarter, set[Key]] = defaultdict(set)
    for name, keys in by_week.items():
        its = StudyWeek.parse(name)
        by_quarter[marked_year(start_year(its.monday), calendar).quarter_of(its)] |= keys
    found = {quarter: frozenset(keys & closed_marks(session, quarter).keys()) for quarter, keys in by_quarter.items()}
    return ClosedTouched({quarter: keys for quarter, keys in found.items() if keys})
