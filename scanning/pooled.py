"""What all classes of a desk made of an assignment, in this study week and in earlier ones: a class of four cannot tell what a question is worth, ten of them can.

scanning/returns asks once for all returns of a week. Nothing here leaves with a name or a code: only figures, and only where enough pupils of other
classes stand behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.assignment import Assignment
from packets.layout import PageKind
from records import schema
from records.grades import Recorded, recorded
from records.lifecycle import PacketState
from records.small_cells import FEW
from scanning.statistics import ClassFigures, Work, class_figures

Works = dict[str, dict[str, Recorded]]  # by pupil and question


class Pool:
    """Every pupil's work in the assignments of a week, whichever school and whichever week it was given in."""

    def __init__(self, session: Session, week: str, lessons: Mapping[str, Assignment], records: Iterable[Recorded]) -> None:
        """`records` are all of `week`; `lessons` its assignments by code."""
        self._lessons = lessons
        twins = {code: _twins(session, lesson, week) for code, lesson in lessons.items()}
        standing = _standing(session, {*lessons, *(twin for own in twins.values() for twin in own)})
        this_week = _by_assignment((each for each in records if each.assignment in lessons), standing)
        self._works: dict[str, Works] = {}
        for code in lessons:
            works: Works = {}
            for twin in twins[code]:
                works |= _by_assignment(recorded(session, assignment=twin), standing).get(twin, {})
            self._works[code] = works | this_week.get(code, {})
        self._figures: dict[str, ClassFigures] = {}

    def beside(self, code: str, pupils: Iterable[str]) -> ClassFigures | None:
        """The figures of all pupils of the desk, to stand beside those of a class of these `pupils`; None where fewer than FEW others answered.

        With fewer, the difference of both would tell of single children elsewhere.
        """
        own = set(pupils)
        if sum(_answered(work) for pupil, work in self._works[code].items() if pupil not in own) < FEW:
            return None
        if code not in self._figures:
            self._figures[code] = class_figures(self._lessons[code], self._works[code].values())
        return self._figures[code]


def _answered(work: Work) -> bool:
    return any(each.points is not None for each in work.values())


def _twins(session: Session, lesson: Assignment, week: str) -> list[str]:
    """The codes of assignments of earlier weeks that ask and score the same, the oldest first."""
    row = schema.Assignment
    wanted = select(row.code, row.definition).where(row.key_digest == lesson.key_digest, row.week < week, row.code != lesson.code)
    same = wanted.where(row.subject == lesson.subject, row.grade == lesson.grade, row.language == lesson.language)
    found = session.execute(same.order_by(row.week, row.code))
    return [code for code, definition in found if Assignment.from_json(definition).questions == lesson.questions]


def _standing(session: Session, codes: set[str]) -> set[str]:
    """The pages of these assignments that were not withdrawn."""
    page, packet = schema.Page, schema.Packet
    wanted = select(page.id).join(packet, packet.code == page.packet).where(page.assignment.in_(sorted(codes)), page.void.is_(False))
    return set(session.scalars(wanted.where(page.kind == PageKind.WORKSHEET.value, packet.state != PacketState.VOID.value)))


def _by_assignment(records: Iterable[Recorded], standing: set[str]) -> dict[str, Works]:
    found: dict[str, Works] = {}
    for each in records:
        if each.page in standing:
            found.setdefault(each.assignment or "", {}).setdefault(each.pupil or "", {})[each.item] = each
    return found
