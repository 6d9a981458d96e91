"""A lesson has the teacher that the roster says until a list is told to replace it: two lists that disagree do not take turns. Pure but for one look.

Called by settlements/enrol within its write transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from records.errors import Complaint
from records.language import _
from settlements import roster
from settlements.rows import TakenRow, complain

Place = tuple[str, str, int, str]  # school, subject, grade, language
Teachers = Mapping[Place, set[str]]


@dataclass(frozen=True, slots=True)
class Settled:
    """The rows that may be taken, and the lessons (teacher, school, subject, grade, language) that they put an end to."""

    rows: list[TakenRow]
    ended: list[tuple[str, str, str, int, str]]


def settle_lessons(session: Session, rows: Sequence[TakenRow], replace: bool, complaints: list[Complaint]) -> Settled:
    """Refuse rows that give somebody else's lesson to another teacher; with `replace` these lessons end. `complaints` grows.

    A list that names the present teachers beside the new one takes nothing from anybody.
    """
    taught, said = _taught(session), _said(rows)
    if replace:
        return Settled(list(rows), [(teacher, *place) for place, own in said.items() for teacher in sorted(taught.get(place, set()) - own)])
    kept = []
    for row in rows:
        clashing = [place for place in places_of(row) if _belongs_to_others(row.values["teacher"], place, taught, said)]
        if clashing:
            complaints.append(_complaint(row, clashing, taught))
        else:
            kept.append(row)
    return Settled(kept, [])


def places_of(row: TakenRow) -> Iterator[Place]:
    """The lessons that a row of the list of teachers names."""
    for grade in row.values["grade"]:
        yield row.values["school"], row.values["subject"], grade, row.values["language"]


def _taught(session: Session) -> Teachers:
    taught: dict[Place, set[str]] = defaultdict(set)
    for lesson in roster.lessons(session):
        taught[lesson.school, lesson.subject, lesson.grade, lesson.language].add(lesson.teacher)
    return taught


def _said(rows: Sequence[TakenRow]) -> Teachers:
    said: dict[Place, set[str]] = defaultdict(set)
    for row in rows:
        for place in places_of(row):
            said[place].add(row.values["teacher"])
    return said


def _belongs_to_others(teacher: str, place: Place, taught: Teachers, said: Teachers) -> bool:
    present = taught.get(place, set())
    return bool(present - said[place]) and teacher not in present


def _complaint(row: TakenRow, clashing: Sequence[Place], taught: Teachers) -> Complaint:
    others = sorted({teacher for place in clashing for teacher in taught[place]})
    grades = ", ".join(str(grade) for _school, _subject, grade, _language in clashing)
    school, subject, _grade, language = clashing[0]
    text = _("{subject}, grade {grades}, {language} at the school {school} is taught by {teachers} already.").format(
        subject=subject, grades=grades, language=language, school=school, teachers=", ".join(others)
    )
    hint = _("If {teacher} teaches it now, import this list with --replace; else correct the row.").format(teacher=row.values["teacher"])
    return complain(row.place, "lesson_taken", text, hint, "teacher", row.values["teacher"])
