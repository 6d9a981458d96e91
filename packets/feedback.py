"""What a cover tells of earlier weeks: for each worksheet its points, how each question went, and what the teacher said of it.

packets/planning reads it for several villages at once; packets/cover draws it. A packet remembers the range of records that its cover told of, and
records are read as they stood at the end of that range, so that a cover drawn again is the same; comments remember whose cover told them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from packets.assignment import Assignment
from packets.shelf import Remembered
from packets.together import WholeGrid, summed, whole_grids
from records.comments import Said
from records.grades import DECIDED, item_order
from records.lifecycle import PacketState
from records.schema import Answer, Packet, Page
from settlements.roster import FEW


class Outcome(StrEnum):
    """How one question went."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    UNANSWERED = "unanswered"
    WAITING = "waiting"  # for the teacher
    MISSING = "missing"  # its page has not come back


@dataclass(frozen=True, slots=True)
class Mark:
    """A question's number and how it went."""

    item: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Told:
    """One worksheet of an earlier week; `points` of `max_points` are of the questions that are decided.

    `not_whole` are the grids of which some rows are right, and which earn their points only as a whole.
    """

    week: str
    assignment: str
    subject: str
    title: str
    points: Decimal
    max_points: Decimal
    marks: tuple[Mark, ...]
    comments: tuple[tuple[str, str], ...] = ()  # the question's number, empty for a whole page, and the words
    not_whole: tuple[WholeGrid, ...] = ()


@dataclass(frozen=True, slots=True)
class _Record:
    id: int
    pupil: str
    week: str
    assignment: str
    item: str
    state: str
    points: Decimal | None
    max_points: Decimal


def told_until(session: Session, pupils: Collection[str], week: str) -> dict[str, int]:
    """For each pupil the last record up to which covers of other weeks have told of every one; withdrawn covers have told nothing."""
    told = select(Packet.pupil, Packet.feedback_from, Packet.feedback_until)
    told = told.where(Packet.week != week, Packet.state != PacketState.VOID.value)
    if len(pupils) <= FEW:
        told = told.where(Packet.pupil.in_(pupils))
    ranges: dict[str, list[tuple[int, int]]] = {}
    for pupil, after, until in session.execute(told):
        ranges.setdefault(pupil, []).append((after, until))
    return {pupil: reach(each) for pupil, each in ranges.items()}


def reach(ranges: Iterable[tuple[int, int]]) -> int:
    """How far the ranges (after, until] cover the records from the first one on, without a gap."""
    end = 0
    for after, until in sorted(ranges):
        if after > end:
            break
        end = max(end, until)
    return end


def untold(session: Session, gaps: Mapping[str, tuple[int, int]]) -> set[str]:
    """The pupils of whom there are records within their gap (after, until]."""
    if not gaps:
        return set()
    lowest, highest = min(after for after, _until in gaps.values()), max(until for _after, until in gaps.values())
    records = select(Page.pupil, Answer.id).join(Page, Page.id == Answer.page)
    records = records.where(Page.pupil.in_(gaps), Answer.id > lowest, Answer.id <= highest)
    return {pupil for pupil, number in session.execute(records) if pupil and gaps[pupil][0] < number <= gaps[pupil][1]}


def feedback(
    session: Session, ranges: Mapping[str, tuple[int, int]], comments: Mapping[str, Sequence[Said]], works: Remembered
) -> dict[str, tuple[Told, ...]]:
    """What to tell each pupil, given the range (after, until] of records and the comments; worksheets by week and code."""
    said = {pupil: each for pupil, each in comments.items() if each}
    wanted = {pupil: bounds for pupil, bounds in ranges.items() if bounds[1] > bounds[0] or pupil in said}
    if not wanted:
        return {}
    spoken = _by_assignment(session, said)
    records = _records(session, wanted)
    shelf = works.of(session, {record.assignment for record in records})
    told: dict[str, list[Told]] = {}
    for (pupil, code), group in _by_worksheet(records).items():
        words = spoken.get((pupil, code), ())
        if code in shelf and (words or any(record.id > wanted[pupil][0] for record in group)):
            told.setdefault(pupil, []).append(replace(_told(group, shelf[code]), comments=tuple(words)))
    return {pupil: tuple(sorted(each, key=lambda one: (one.week, one.assignment))) for pupil, each in told.items()}


def _by_assignment(session: Session, said: Mapping[str, Sequence[Said]]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """The comments by pupil and assignment, those on a whole page last."""
    pages = {each.page for every in said.values() for each in every}
    wanted = select(Page.id, Page.assignment).where(Page.id.in_(pages))
    work: dict[str, str | None] = dict(session.execute(wanted).all()) if pages else {}
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for pupil, every in said.items():
        for each in sorted(every, key=lambda one: (not one.item, item_order(one.item), one.id)):
            found.setdefault((pupil, work.get(each.page) or ""), []).append((each.item, each.words))
    return found


def _records(session: Session, ranges: Mapping[str, tuple[int, int]]) -> list[_Record]:
    """The records as they stood at the end of each pupil's range."""
    latest = max(until for _after, until in ranges.values())
    wanted = (
        select(
            Answer.id,
            Page.pupil,
            Page.week,
            Page.assignment,
            Answer.item,
            Answer.state,
            Answer.points,
            Answer.max_points,
            Answer.superseded_by,
        )
        .join(Page, Page.id == Answer.page)
        .where(Page.pupil.in_(ranges), Page.assignment.is_not(None), Answer.id <= latest)
        .where(or_(Answer.superseded_by.is_(None), Answer.superseded_by > min(until for _after, until in ranges.values())))
        .order_by(Answer.id)
    )
    records = []
    for number, pupil, week, assignment, item, state, points, most, successor in session.execute(wanted):
        if pupil is None or assignment is None:  # the query asks for both
            continue
        until = ranges[pupil][1]
        if number <= until and (successor is None or successor > until):
            own = None if points is None else Decimal(points)
            records.append(_Record(number, pupil, week, assignment, item, state, own, Decimal(most)))
    return records


def _by_worksheet(records: Iterable[_Record]) -> dict[tuple[str, str], list[_Record]]:
    groups: dict[tuple[str, str], list[_Record]] = {}
    for record in records:
        groups.setdefault((record.pupil, record.assignment), []).append(record)
    return groups


def _told(records: Iterable[_Record], assignment: Assignment) -> Told:
    latest = {record.item: record for record in records}
    questions = assignment.questions
    total = summed(questions, latest)
    items = sorted({question.number for question in questions} | set(latest), key=item_order)
    return Told(
        week=next(iter(latest.values())).week,
        assignment=assignment.code,
        subject=assignment.subject,
        title=assignment.title,
        points=total.points,
        max_points=total.of,
        marks=tuple(Mark(item, _outcome(latest.get(item))) for item in items),
        not_whole=tuple(grid for grid in whole_grids(questions, latest) if grid.lost and grid.right and not grid.waiting),
    )


def _outcome(record: _Record | None) -> Outcome:
    if record is None:
        return Outcome.MISSING
    if record.state not in DECIDED or record.points is None:
        return Outcome.WAITING
    if record.points >= record.max_points and record.points > 0:
        return Outcome.RIGHT
    if record.points > 0:
        return Outcome.PARTLY
    return Outcome.UNANSWERED if record.state == "blank" else Outcome.WRONG
