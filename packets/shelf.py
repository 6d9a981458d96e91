"""The shelf: the assignments that the desk keeps, and what may still change about one.

packets/assignment_commands puts them here, packets/bundle takes them for packets, scanning reads their keys. What pupils may already have
in their hands is never changed; a corrected key is kept and journalled, and whoever scores compares `key_digest`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from packets.assignment import Assignment
from records import journal, schema
from records.calendar import now
from records.grades import item_order


class Kept(StrEnum):
    """What became of an assignment that was offered."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"
    KEY_CHANGED = "key_changed"
    ALREADY_PRINTED = "already_printed"  # refused: its pages exist and would differ


@dataclass(frozen=True, slots=True)
class OnShelf:
    """An assignment with what the desk did with it."""

    assignment: Assignment
    printed: bool
    former_points: tuple[tuple[str, ...], ...] = ()


def on_shelf(session: Session, week: str = "", codes: Sequence[str] | None = None) -> list[OnShelf]:
    """The kept assignments in the order of week, grade, language, subject and code, narrowed by week and codes."""
    row = schema.Assignment
    wanted = select(row, _has_pages(row.code)).order_by(row.week, row.grade, row.language, row.subject, row.code)
    if week:
        wanted = wanted.where(row.week == week)
    if codes is not None:
        wanted = wanted.where(row.code.in_(codes))
    return [
        OnShelf(Assignment.from_json(found.definition), printed, tuple(map(tuple, found.former_points)))
        for found, printed in session.execute(wanted)
    ]


class Remembered:
    """The kept assignments that were asked for so far, by code: each is read from the database once."""

    def __init__(self) -> None:
        self._known: dict[str, Assignment] = {}

    def of(self, session: Session, codes: Collection[str]) -> Mapping[str, Assignment]:
        """These assignments, and others; a code that is not kept is not there."""
        missing = set(codes) - self._known.keys()
        rows = session.scalars(select(schema.Assignment).where(schema.Assignment.code.in_(missing))) if missing else ()
        self._known |= {row.code: Assignment.from_json(row.definition) for row in rows}
        return self._known


def printed_digests(session: Session, week: str) -> dict[str, str]:
    """What pupils see of each kept assignment of a week, as a digest, by code."""
    row = schema.Assignment
    return dict(session.execute(select(row.code, row.printed_digest).where(row.week == week)).all())


def keep(session: Session, assignment: Assignment) -> tuple[Kept, bool]:
    """Put an assignment on the shelf; answers what became of it, and whether pages of it are printed."""
    row = session.get(schema.Assignment, assignment.code)
    if row is None:
        session.add(_fill(schema.Assignment(code=assignment.code, scored_digest=""), assignment))
        journal.record(session, "assignments.add", assignment.code, week=assignment.week)
        return Kept.ADDED, False
    printed = bool(session.scalar(select(_has_pages(row.code))))
    before = Assignment.from_json(row.definition)
    assignment = _with_pages_as_taken(assignment, before)
    outcome = compare(before, assignment, printed)
    if outcome in (Kept.REPLACED, Kept.KEY_CHANGED):
        row.former_points = _former(row, before, assignment)
        _fill(row, assignment)
        journal.record(session, f"assignments.{outcome}", assignment.code, week=assignment.week, items=changed_items(before, assignment))
    return outcome, printed


def _with_pages_as_taken(assignment: Assignment, before: Assignment) -> Assignment:
    """The same file of a teacher's own PDF stays as it was taken in first, whatever a later program would make of it: sheets are drawn by that."""
    same = assignment.pdf is not None and before.pdf is not None and before.pdf.places(assignment.pdf)
    return replace(assignment, pdf=before.pdf) if same else assignment


def compare(before: Assignment, after: Assignment, printed: bool) -> Kept:
    """What putting `after` in the place of `before` means; `printed`: whether pages of `before` exist. Pure."""
    if before == after:
        return Kept.UNCHANGED
    if before.printed_digest != after.printed_digest:
        return Kept.ALREADY_PRINTED if printed else Kept.REPLACED
    return Kept.KEY_CHANGED if before.key_digest != after.key_digest else Kept.REPLACED


def changed_items(before: Assignment, after: Assignment) -> list[str]:
    """The numbers of the questions that differ."""
    old = {question.number: question for question in before.questions}
    new = {question.number: question for question in after.questions}
    return [number for number in sorted(old | new, key=item_order) if old.get(number) != new.get(number)]


def _former(row: schema.Assignment, before: Assignment, after: Assignment) -> list[list[str]]:
    """The points that paper may show beside those of `after`: of every version with the same words."""
    if before.printed_digest != after.printed_digest:
        return []
    points = [str(question.points) for question in before.questions]
    return [*(each for each in row.former_points if each != points), points]


def _has_pages(code: Any) -> ColumnElement[bool]:
    return exists().where(schema.Page.assignment == code)


def _fill(row: schema.Assignment, assignment: Assignment) -> schema.Assignment:
    row.week, row.subject, row.grade = assignment.week, assignment.subject, assignment.grade
    row.language, row.kind, row.title = assignment.language, assignment.kind, assignment.title
    row.definition = assignment.as_json()
    row.printed_digest, row.key_digest = assignment.printed_digest, assignment.key_digest
    row.added_at = now()
    return row
