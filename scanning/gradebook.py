"""What each pupil earned in each assignment of a week: points, percent and mark by records/marks.

`poshta grades list`, `grades export` and scanning/returns call this. Quarter and annual marks stand in scanning/grade_book.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.assignment import Assignment
from records import schema
from records.calendar import StudyWeek
from records.grades import DOUBT, WAITING, Recorded, recorded
from records.marks import Scales, mark_of, own_scales, percent_of
from scanning.earned_together import sum_of

__all__ = ["Total", "assignments_of", "mark_of", "percent_of", "totals"]  # percent_of and mark_of are records.marks' own


@dataclass(frozen=True, slots=True)
class Total:
    """One pupil's assignment. `percent` is rounded half up; `mark` is None while anything waits, and in grade 1.

    `missing` counts questions of pages that have not come back; `waiting` open answers without points.
    """

    pupil: str
    packet: str
    assignment: str
    points: Decimal
    max_points: Decimal
    waiting: int
    doubts: int
    missing: int
    percent: int
    mark: int | None


def totals(session: Session, week: str, packet: str = "", scales: Scales | None = None) -> list[Total]:
    """What each pupil has earned in each assignment of which a page was read, by pupil and assignment; by the program's own scales unless others are given."""
    records = recorded(session, week=week, packet=packet)
    by_work: dict[tuple[str, str, str], list[Recorded]] = {}
    for each in records:
        by_work.setdefault((each.pupil or "", each.assignment or "", each.packet or ""), []).append(each)
    known = assignments_of(session, {assignment for _pupil, assignment, _packet in by_work})
    by = scales or own_scales()
    return [_total(key, rows, known, by) for key, rows in sorted(by_work.items()) if key[1] in known]


def assignments_of(session: Session, codes: Iterable[str]) -> dict[str, Assignment]:
    """The assignments with these codes."""
    rows = session.scalars(select(schema.Assignment).where(schema.Assignment.code.in_(sorted(codes))))
    return {row.code: Assignment.from_json(row.definition) for row in rows}


def _total(key: tuple[str, str, str], rows: list[Recorded], known: Mapping[str, Assignment], scales: Scales) -> Total:
    pupil, code, packet = key
    assignment = known[code]
    points = sum_of(assignment.questions, rows).points
    waiting = sum(row.state == WAITING for row in rows)
    doubts = sum(row.state == DOUBT for row in rows)
    missing = len(assignment.questions) - len(rows)
    percent = percent_of(points, assignment.max_points)
    settled = not (waiting or doubts or missing)
    mark = scales.mark(percent, assignment.grade, StudyWeek.parse(assignment.week).monday) if settled else None
    return Total(pupil, packet, code, points, assignment.max_points, waiting, doubts, missing, percent, mark)
