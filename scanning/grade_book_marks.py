"""Quarter and annual marks of pupils, from the works of scanning/grade_book, with what was closed beside what would come out today. Reads only.

scanning/grade_book_commands, the closing and the exports call this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.assignment import Assignment
from records.calendar import today
from records.marks import Scales, scales_of
from records.marks_calendar import MarkedYear, Quarter, marked_year, start_year
from records.marks_quarter import (
    NO_WORKS,
    NOT_MARKED,
    AnnualMark,
    Earned,
    Formula,
    QuarterMark,
    annual_mark,
    final_mark,
    formula_in_force,
    quarter_mark,
)
from records.schema import ClosedMark
from records.settings import CalendarSettings, Settings
from scanning.grade_book import MISSING, Scope, Undecided, Work, assignments_in, expected, in_order, works
from settlements.roster import learners

Key = tuple[str, str]  # pupil and subject
SHOWN = Decimal("0.0001")  # of an exact percent


@dataclass(frozen=True, slots=True)
class Rules:
    """By what marks are made: scales, the desk's own formula (empty: the dated one), the school years, and from when missing work counts as 0."""

    scales: Scales
    formula: str
    calendar: CalendarSettings
    zero_days: int | None

    @classmethod
    def of(cls, settings: Settings, zero_days: int | None = None) -> Rules:
        """The desk's rules; `zero_days` is the word of this call."""
        days = settings.marks.missing_as_zero_days if zero_days is None else zero_days
        return cls(scales_of(settings.marks), settings.marks.formula, settings.calendar, days)

    def year(self, start: int) -> MarkedYear:
        """The school year that begins in `start`."""
        return marked_year(start, self.calendar)


@dataclass(frozen=True, slots=True)
class Closed:
    """A quarter's mark as it was closed; `answers_until` is the newest answer then."""

    id: int
    mark: QuarterMark
    zeroed: int
    answers_until: int
    closed_at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """One pupil's subject in one quarter. `now` is what comes out today, `closed` what was closed, if it was."""

    pupil: str
    school: str
    subject: str
    grade: int
    language: str
    quarter: Quarter
    works: tuple[Work, ...]
    now: QuarterMark
    formula: Formula
    closed: Closed | None = None

    @property
    def stands(self) -> QuarterMark:
        """The mark that counts: the closed one where there is one."""
        return self.closed.mark if self.closed else self.now

    @property
    def changed(self) -> bool:
        """Whether something else would come out today than was closed."""
        return self.closed is not None and (self.closed.mark.percent, self.closed.mark.mark) != (self.now.percent, self.now.mark)

    @property
    def undecided(self) -> list[Undecided]:
        """The questions that may still move the mark."""
        return in_order(each for work in self.works for each in work.undecided)

    @property
    def zeroed(self) -> int:
        """Questions of missing pages that count as 0."""
        return sum(each.zeroed for each in self.works)

    def of_kind(self, kind: str) -> list[Work]:
        """Its works of one kind, in the order of weeks."""
        return [each for each in self.works if each.assignment.kind == kind]


@dataclass(frozen=True, slots=True)
class AnnualRow:
    """One pupil's subject in a school year; a quarter that is not over is None. `final` is there where an examination's mark was given (grades 9 and 11)."""

    pupil: str
    school: str
    subject: str
    grade: int
    language: str
    year: int
    quarters: tuple[QuarterMark | None, ...]
    annual: AnnualMark
    exam: int | None = None
    final: int | None = None


def exact_number(exact: Fraction | None) -> Decimal | None:
    """A percent before rounding, to four places."""
    if exact is None:
        return None
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(SHOWN, ROUND_HALF_UP).normalize()


def quarter_rows(session: Session, quarter: Quarter, scope: Scope, rules: Rules) -> list[QuarterRow]:
    """The marks of a quarter by school, grade, language, subject and pupil; raises NotFound for a quarter that the year does not have.

    A pupil for whom work of a subject was meant and none was printed has a row without a mark, in quarters of this school year.
    """
    year = rules.year(quarter.year)
    assigned = assignments_in(session, year.weeks(quarter), scope)
    done: dict[Key, list[Work]] = defaultdict(list)
    for work in works(session, assigned, scope, rules.zero_days):
        done[work.pupil, work.assignment.subject].append(work)
    pupils = {each.code: each for each in learners(session, pupil=scope.pupil, school=scope.school)}
    closed = closed_marks(session, quarter, scope.pupil)
    formula = formula_in_force(quarter.year, quarter.number, rules.formula)
    last = year.span(quarter)[1]
    rows = [_row(key, done[key], quarter, formula, rules, last, closed.get(key)) for key in done]
    meant = {(each.subject, each.grade, each.language) for each in assigned}
    wanted = (
        expected(assigned, pupils.values()) if quarter.year == start_year(today()) else set()
    )  # the roster knows the grades of this year only
    for code, subject in sorted(wanted - done.keys()):
        who = pupils[code]
        if (subject, who.grade, who.language) in meant:
            nothing = quarter_mark([], formula.name, lambda percent, grade=who.grade: rules.scales.mark(percent, grade, last))  # type: ignore[misc]
            rows.append(
                QuarterRow(code, who.school, subject, who.grade, who.language, quarter, (), nothing, formula, closed.get((code, subject)))
            )
    return sorted(rows, key=lambda row: (row.school, row.grade, row.language, row.subject, row.pupil))


def annual_rows(session: Session, start: int, scope: Scope, rules: Rules, exams: Mapping[Key, int] | None = None) -> list[AnnualRow]:
    """The marks of a school year, of every pupil and subject of which some quarter knows; a quarter that is not over may bring any mark.

    `exams`: marks of examinations, by pupil and subject.
    """
    year = rules.year(start)
    found: dict[Key, dict[int, QuarterRow]] = defaultdict(dict)
    for quarter in year.quarters:
        for row in quarter_rows(session, quarter, scope, rules):
            found[row.pupil, row.subject][quarter.number] = row
    rows = [_examined(_annual(year, by_number), (exams or {}).get(key)) for key, by_number in found.items()]
    return sorted(rows, key=lambda row: (row.school, row.grade, row.language, row.subject, row.pupil))


def is_over(year: MarkedYear, quarter: Quarter) -> bool:
    """Whether the quarter's last day has passed."""
    return today() > year.span(quarter)[1]


def closed_marks(session: Session, quarter: Quarter, pupil: str = "") -> dict[Key, Closed]:
    """What was closed of a quarter, of one pupil or of all, by pupil and subject."""
    mine = (ClosedMark.year == quarter.year, ClosedMark.quarter == quarter.number, ClosedMark.superseded_by.is_(None))
    wanted = select(ClosedMark).where(*mine)
    rows = session.scalars(wanted.where(ClosedMark.pupil == pupil) if pupil else wanted)
    return {(row.pupil, row.subject): _closed(row) for row in rows}


def _closed(row: ClosedMark) -> Closed:
    exact = Fraction(row.exact) if row.exact else None
    mark = QuarterMark(row.formula, row.state, row.reason, exact, row.percent, row.mark, row.mark, row.mark)
    return Closed(row.id, mark, row.zeroed, row.answers_until, row.closed_at, row.why)


def _row(key: Key, done: Sequence[Work], quarter: Quarter, formula: Formula, rules: Rules, last: date, closed: Closed | None) -> QuarterRow:
    latest: Assignment = done[-1].assignment
    by = replace(formula, name=closed.mark.formula) if closed else formula  # a closed mark stays what it was made of
    now = quarter_mark(_earned(done, closed), by.name, lambda percent: rules.scales.mark(percent, latest.grade, last))
    return QuarterRow(key[0], done[-1].school, key[1], latest.grade, latest.language, quarter, tuple(done), now, by, closed)


def _earned(done: Iterable[Work], closed: Closed | None) -> list[Earned]:
    """What the formula sees. Where a mark was closed with missing work as 0, that work still is 0 until it comes."""
    if closed is None or not closed.zeroed:
        return [each.earned for each in done]
    left = [replace(each, undecided=tuple(one for one in each.undecided if one.why != MISSING)) for each in done]
    return [each.earned for each in left]


def _examined(row: AnnualRow, exam: int | None) -> AnnualRow:
    annual = row.annual.mark
    return replace(row, exam=exam, final=None if exam is None or annual is None else final_mark(annual, exam, row.grade))


def _annual(year: MarkedYear, rows: dict[int, QuarterRow]) -> AnnualRow:
    some = next(iter(rows.values()))
    nothing = QuarterMark(some.formula.name, NOT_MARKED, NO_WORKS)
    marks: list[QuarterMark | None] = []
    for quarter in year.quarters:
        row = rows.get(quarter.number)
        known = row is not None and row.closed is not None
        marks.append((row.stands if row else nothing) if known or is_over(year, quarter) else None)
    return AnnualRow(some.pupil, some.school, some.subject, some.grade, some.language, year.start, tuple(marks), annual_mark(marks))
