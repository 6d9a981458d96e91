"""Commands that record answers tell here which closed marks these belong to: `scan`, `scan review` and `review import`.

`grades amend` tells the mark itself (scanning/grade_book_closing). This looks only at whose answers are new, since a batch may hold thousands.
"""

from __future__ import annotations

from collections import Counter, defaultdict

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


def newest_record(home: Home) -> int:
    """The newest record of an answer, to be remembered before others are made."""
    with home.database.read() as session:
        return last_id(session)


def told_of_closed(home: Home, since: int) -> list[str]:
    """A sentence for each quarter of which closed marks have answers newer than the record `since`."""
    with home.database.read() as session:
        found = touched(session, since, home.settings.calendar)
    return [_line(quarter, count) for quarter, count in sorted(found.items())]


def _line(quarter: Quarter, count: int) -> str:
    return ngettext(
        "{count} closed mark of {quarter} has new answers: `poshta grades book --quarter {quarter}` tells whether it would be another one today.",
        "{count} closed marks of {quarter} have new answers: `poshta grades book --quarter {quarter}` tells whether they would be others today.",
        count,
    ).format(count=count, quarter=quarter)


def touched(session: Session, since: int, calendar: CalendarSettings) -> Counter[Quarter]:
    """How many closed marks of each quarter have answers newer than the record `since`."""
    if session.scalar(select(ClosedMark.id).limit(1)) is None:
        return Counter()
    wanted = select(Page.pupil, Assignment.subject, Page.week).join(Answer, Answer.page == Page.id)
    wanted = wanted.join(Assignment, Assignment.code == Page.assignment).where(Answer.id > since).distinct()
    by_week: dict[str, set[Key]] = defaultdict(set)
    for pupil, subject, week in session.execute(wanted):
        by_week[week].add((pupil or "", subject))
    by_quarter: dict[Quarter, set[Key]] = defaultdict(set)
    for name, keys in by_week.items():
        its = StudyWeek.parse(name)
        by_quarter[marked_year(start_year(its.monday), calendar).quarter_of(its)] |= keys
    counts = {quarter: len(keys & closed_marks(session, quarter).keys()) for quarter, keys in by_quarter.items()}
    return Counter({quarter: count for quarter, count in counts.items() if count})
