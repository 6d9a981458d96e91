"""Points to percent to mark: what each pupil earned in each assignment of a week. Exact decimals, rounded half up.

`poshta grades list`, `grades export` and scanning/returns call this. Quarter and annual marks are not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.assignment import Assignment
from records import schema
from records.grades import DOUBT, WAITING, Recorded, recorded

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Scale:
    """Marks in force from a day on, for grades from `first_grade`: the lowest percent of 3, 4 and 5; below is 2."""

    since: date
    first_grade: int
    lowest: tuple[int, int, int]


SCALES = (  # order 125 of 18 March 2008, annex 1; grade 1 is told words, not marks
    Scale(date(2008, 3, 18), 2, (40, 65, 85)),
)


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


def percent_of(points: Decimal, max_points: Decimal) -> int:
    """The share in whole percent, half up from the exact value (64.46 is 64, 64.5 is 65)."""
    if max_points <= 0:
        return 0
    return int((points * HUNDRED / max_points).quantize(Decimal(1), ROUND_HALF_UP))


def mark_of(percent: int, grade: int, day: date) -> int | None:
    """The mark 2-5 by the scale in force on `day`; None where the grade gets no marks."""
    scale = max((each for each in SCALES if each.since <= day), key=lambda each: each.since, default=None)
    if scale is None or grade < scale.first_grade:
        return None
    return 2 + sum(percent >= lowest for lowest in scale.lowest)


def totals(session: Session, week: str, packet: str = "") -> list[Total]:
    """What each pupil has earned in each assignment of which a page was read, by pupil and assignment."""
    records = recorded(session, week=week, packet=packet)
    by_work: dict[tuple[str, str, str], list[Recorded]] = {}
    for each in records:
        by_work.setdefault((each.pupil or "", each.assignment or "", each.packet or ""), []).append(each)
    known = assignments_of(session, {assignment for _pupil, assignment, _packet in by_work})
    return [_total(key, rows, known) for key, rows in sorted(by_work.items()) if key[1] in known]


def assignments_of(session: Session, codes: Iterable[str]) -> dict[str, Assignment]:
    """The assignments with these codes."""
    rows = session.scalars(select(schema.Assignment).where(schema.Assignment.code.in_(sorted(codes))))
    return {row.code: Assignment.from_json(row.definition) for row in rows}


def _total(key: tuple[str, str, str], rows: list[Recorded], known: Mapping[str, Assignment]) -> Total:
    pupil, code, packet = key
    assignment = known[code]
    points = sum((row.points for row in rows if row.points is not None), Decimal(0))
    waiting = sum(row.state == WAITING for row in rows)
    doubts = sum(row.state == DOUBT for row in rows)
    missing = len(assignment.questions) - len(rows)
    percent = percent_of(points, assignment.max_points)
    settled = not (waiting or doubts or missing)
    mark = mark_of(percent, assignment.grade, max(row.made_at for row in rows).date()) if settled else None
    return Total(pupil, packet, code, points, assignment.max_points, waiting, doubts, missing, percent, mark)
