"""What an answer earns: points by the key, and the grade record that follows from a judgement. Pure.

scanning/batch scores what the reader saw, scanning/amend what a person said, scanning/rescore what a corrected key changes. An open answer is never
scored here: its points are the bubble that the teacher filled.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from packets.assignment import ChoiceQuestion, NumberQuestion, OpenQuestion, Question
from records.grades import BLANK, DOUBT, PERSON, READ, READER, TEACHER_MARK, WAITING, Decision
from scanning.verdict import Blank, Chosen, Doubt, Judgement

HUNDREDTH = Decimal("0.01")
ZERO = Decimal(0)


def score(question: Question, judgement: Judgement) -> Decimal | None:
    """The points that `judgement` earns; None while it waits for a person (a doubt, an open answer that nobody has scored).

    One choice and numbers: all or nothing, numbers by their value. Several choices: all or nothing, or with `partial` the right marks less
    the wrong ones, not below 0, times points / number of right choices, rounded half up to 0.01 (docs/returns.md). Nothing marked earns 0.
    """
    if isinstance(judgement, Doubt):
        return None
    if isinstance(judgement, Blank):
        return None if isinstance(question, OpenQuestion) else ZERO
    match question:
        case ChoiceQuestion():
            return _choices(question, set(judgement.values))
        case NumberQuestion():
            return question.points if Decimal(judgement.values[0]) == Decimal(question.answer) else ZERO
        case OpenQuestion():
            return Decimal(judgement.values[0])


def is_right(question: Question, points: Decimal | None) -> bool:
    """Whether nothing was left to earn."""
    return points is not None and points >= question.points


def decision(page: str, question: Question, judgement: Judgement, scan: int | None, rules: str | None = None) -> Decision:
    """The grade record of what the reader saw on `page` by `rules`; filled score bubbles are the teacher's decision."""
    points = score(question, judgement)
    state, reason, decided_by = BLANK, "", READER
    reading: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    match judgement:
        case Chosen(values):
            state, reading = READ, values
            decided_by = TEACHER_MARK if isinstance(question, OpenQuestion) else READER
        case Doubt(why, possible):
            state, candidates, reason = DOUBT, possible, why.value
        case Blank():
            state = WAITING if isinstance(question, OpenQuestion) else BLANK
    return Decision(page, question.number, reading, candidates, state, reason, points, question.points, decided_by, scan, rules=rules)


def scored_again(question: Question, held: Decision) -> Decision:
    """`held` under the key as it now is: the reading stays, points and their maximum follow the key."""
    return Decision(
        page=held.page,
        item=held.item,
        reading=held.reading,
        candidates=held.candidates,
        state=held.state,
        reason=held.reason,
        points=_points(question, held),
        max_points=question.points,
        decided_by=held.decided_by,
        scan=held.scan,
        why=held.why,
        rules=held.rules,
    )


def by_person(page: str, question: Question, values: tuple[str, ...], scan: int | None, why: str = "") -> Decision:
    """The grade record of what a person decided: `values` is empty for a blank answer; for an open question it is the points."""
    judgement: Judgement = Chosen(values) if values else Blank()
    points = score(question, judgement)
    state = READ if values else BLANK
    if isinstance(question, OpenQuestion) and not values:
        points = ZERO
    return Decision(page, question.number, values, (), state, "", points, question.points, PERSON, scan, why)


def _choices(question: ChoiceQuestion, marked: set[str]) -> Decimal:
    right = set(question.answer)
    if marked == right:
        return question.points
    if not question.partial:
        return ZERO
    net = max(len(marked & right) - len(marked - right), 0)
    return (net * question.points / len(right)).quantize(HUNDREDTH, ROUND_HALF_UP).normalize()


def _points(question: Question, held: Decision) -> Decimal | None:
    if isinstance(question, OpenQuestion) or held.state not in (READ, BLANK):
        return held.points
    return score(question, Chosen(held.reading) if held.state == READ else Blank())
