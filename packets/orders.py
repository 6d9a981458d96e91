"""Who gets what in a study week, and who gets nothing and why. Pure.

packets/bundle carries the orders out. An assignment goes to every pupil of its grade and language whose channels include post, narrowed by
its own schools and pupils.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import product

from packets.assignment import Assignment
from packets.on_air import OnAir
from packets.paper import missing_letters
from records.calendar import StudyWeek
from settlements.register import HubSchool
from settlements.roster import Learner, PersonName

MOST_REMEMBERED = 1_024  # assignments of which it is remembered what a packet shows: every pupil of a class has the same
SHEET_FORMAT = 1  # raised when the drawing of pages changes, so that packets not yet handed over are built anew


class Reason(StrEnum):
    """Why a pupil gets no packet, or not a new one."""

    NO_VILLAGE = "no_village"
    NO_ASSIGNMENT = "no_assignment"
    OTHER_CHANNEL = "other_channel"
    MISSING_LETTER = "missing_letter"
    WITHDRAWN = "withdrawn"
    CHANGED_AFTER_HANDOVER = "changed_after_handover"
    PRINTED_OTHERWISE = "printed_otherwise"
    LEFT_OVER = "left_over"


WAITING = frozenset(Reason) - {Reason.OTHER_CHANNEL, Reason.WITHDRAWN}  # these ask a person to do something


@dataclass(frozen=True, slots=True)
class Order:
    """One packet to be made. `first_name` is for the inside only."""

    packet: str
    week: str
    learner: Learner
    first_name: str
    school: HubSchool | None
    assignments: tuple[Assignment, ...]
    return_by: date
    hotline: str
    lessons: tuple[OnAir, ...] = ()

    def digest(self, told: tuple[int, int]) -> str:
        """Two SHA-256 joined by a point: of everything that decides what the packet looks like, and of the points printed on it.

        `told` is the range of records that its cover tells of. Points stand apart, because a correction of points re-scores pages that are out there
        instead of changing them.
        """
        return f"{_sha256(self._body(told))}.{_sha256(self._points())}"

    def _body(self, told: tuple[int, int]) -> dict[str, object]:
        on_air = {"lessons": [[*map(str, astuple(each))] for each in self.lessons]} if self.lessons else {}
        return on_air | {
            "format": SHEET_FORMAT,
            "week": self.week,
            "pupil": [self.learner.code, self.first_name, self.learner.grade, self.learner.language, self.learner.kato, self.learner.print],
            "school": [] if self.school is None else [self.school.school, self.school.name_kk, self.school.name_ru, self.school.phone],
            "assignments": [_printed(assignment) for assignment in self.assignments],
            "dates": [self.return_by.isoformat(), self.hotline],
            "told": list(told),
        }

    def _points(self) -> list[tuple[str, ...]]:
        return [_points(assignment) for assignment in self.assignments]


def _printed(assignment: Assignment) -> list[object]:
    """What a packet shows of an assignment; where it has several variants, which one."""
    variant = [assignment.variant] if assignment.variants > 1 else []
    return [assignment.code, printed_digest(assignment), *variant]


@lru_cache(maxsize=MOST_REMEMBERED)
def printed_digest(assignment: Assignment) -> str:
    """`assignment.printed_digest`, remembered."""
    return assignment.printed_digest


def _points(assignment: Assignment) -> tuple[str, ...]:
    """Not remembered: 1 and 1.0 are the same points, and which of them was asked about first must not show."""
    return tuple(str(question.points) for question in assignment.questions)


def as_printed(order: Order, told: tuple[int, int], digest: str, former: Mapping[str, Sequence[Sequence[str]]]) -> Order | None:
    """The order with the points that its paper shows: those of now, or `former` ones of its assignments (by code); None where none give `digest`."""
    choices = [(each, *map(each.with_points, former.get(each.code, ()))) for each in order.assignments]
    versions = (replace(order, assignments=assignments) for assignments in product(*choices))
    return next((each for each in versions if each.digest(told) == digest), None)


@dataclass(frozen=True, slots=True)
class Without:
    """A pupil for whom nothing was made, and why."""

    pupil: str
    reason: Reason
    grade: int
    language: str


def packet_code(week: str, pupil: str) -> str:
    """The code of a pupil's packet for a study week."""
    return f"{week}-{pupil}"


def return_date(week: str, return_days: int) -> date:
    """The last day for giving the envelope to the postman: packets arrive before the week begins, and `return_days` later pages are missing."""
    return StudyWeek.parse(week).monday + timedelta(days=return_days)


def assignments_for(learner: Learner, assignments: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """The assignments that go to `learner`, in the order given."""
    return tuple(each for each in assignments if (each.grade, each.language) == (learner.grade, learner.language) and _meant(learner, each))


def orders(
    learners: Iterable[Learner],
    assignments: Sequence[Assignment],
    names: Mapping[str, PersonName],
    villages: Collection[str],
    schools: Mapping[str, HubSchool],
    week: str,
    return_days: int,
    hotline: str,
) -> tuple[list[Order], list[Without]]:
    """The packets to be made, and the pupils who get none, in the order of `learners`."""
    made: list[Order] = []
    without: list[Without] = []
    for learner in learners:
        wanted = assignments_for(learner, assignments)
        name = names[learner.code].first_name if learner.code in names else ""
        reason = _reason(learner, wanted, name, villages)
        if reason is not None:
            without.append(Without(learner.code, reason, learner.grade, learner.language))
            continue
        code, school = packet_code(week, learner.code), schools.get(learner.school)
        made.append(Order(code, week, learner, name, school, wanted, return_date(week, return_days), hotline))
    return made, without


def _reason(learner: Learner, wanted: Sequence[Assignment], name: str, villages: Collection[str]) -> Reason | None:
    if "post" not in learner.channels:
        return Reason.OTHER_CHANNEL
    if learner.kato not in villages:
        return Reason.NO_VILLAGE
    if not wanted:
        return Reason.NO_ASSIGNMENT
    return Reason.MISSING_LETTER if missing_letters(name) else None


def _meant(learner: Learner, assignment: Assignment) -> bool:
    if assignment.schools and learner.school not in assignment.schools:
        return False
    return not assignment.pupils or learner.code in assignment.pupils


def _sha256(body: object) -> str:
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
