"""A second copy of a page: what it may change, question by question. Pure.

scanning/filing asks for every question of a sheet whose page has been read before. The rule of DESIGN section 4: a copy never changes a decided answer; it
may fill a doubt, but not say whose pen it was; one in colour may show that what was read is in another pen; where it disagrees with what the reader
decided, the answer becomes a doubt; a person's word stands; what a person could not read, a copy may show; the teacher's newer bubbles win.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from records.grades import BLANK, DOUBT, PERSON, READ, TEACHER_MARK, WAITING, Decision
from scanning.verdict import DoubtReason

DISAGREEMENT = "disagreement"  # the reason of a doubt between two copies
NO_COPY_SETTLES = (DISAGREEMENT, DoubtReason.OTHER_PEN)  # a copy in grey would call a teacher's red an answer


def settle(held: Mapping[str, Decision], seen: Sequence[Decision]) -> list[Decision]:
    """The decisions that change, given what is held of the page (by item) and what the copy shows.

    A copy on which no question is answered is an unfilled print: it contradicts nothing.
    """
    if all(decision.state in (BLANK, WAITING) for decision in seen):
        return []
    changed = []
    for decision in seen:
        before = held.get(decision.item)
        after = decision if before is None else _settled(before, decision)
        if after is not None:
            changed.append(after)
    return changed


def _settled(held: Decision, seen: Decision) -> Decision | None:
    if (held.decided_by == PERSON and held.state != DOUBT) or seen.says_the_same(held):
        return None
    if seen.decided_by == TEACHER_MARK:
        return seen
    if held.state == DOUBT:
        return _filled(held, seen)
    if held.state == WAITING:
        return seen
    if held.state == READ and seen.reason == DoubtReason.OTHER_PEN and held.reading == seen.candidates[: len(held.reading)]:
        return seen  # it was read where nobody could see that it is red; behind what is red stands what was crossed out
    return _doubt(held, seen) if _contradicts(held, seen) else None


def _contradicts(held: Decision, seen: Decision) -> bool:
    """Whether the copy shows something else than what was decided; a doubtful mark of a pupil contradicts nothing."""
    if held.decided_by == TEACHER_MARK:
        return seen.state == DOUBT and not set(held.reading) & set(seen.candidates)
    return seen.state != DOUBT and seen.reading != held.reading


def _filled(held: Decision, seen: Decision) -> Decision | None:
    if seen.state != READ or held.reason in NO_COPY_SETTLES:
        return None
    if not held.candidates or _as_candidate(seen) in held.candidates or set(seen.reading) <= set(held.candidates):
        return seen
    return _doubt(held, seen)


def _doubt(held: Decision, seen: Decision) -> Decision:
    """The doubt between the two, both readings as candidates, the earlier first."""
    possible = [*_candidates(held), *_candidates(seen)]
    return replace(
        seen, reading=(), candidates=tuple(dict.fromkeys(possible)), state=DOUBT, reason=DISAGREEMENT, points=None, decided_by="reader"
    )


def _candidates(decision: Decision) -> tuple[str, ...]:
    return decision.candidates if decision.state == DOUBT else (_as_candidate(decision),)


def _as_candidate(decision: Decision) -> str:
    return ",".join(decision.reading)
