"""What a judging again does to points: of each pupil's assignment the sum, of each answer that changes, and of rows of a grid that stay as they were and
earn otherwise by another row (packets/together). `scan rejudge` asks; nothing is judged or written here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from packets.assignment import Question
from packets.together import earned, whole_grids
from records.grades import Decision, Recorded, recorded
from records.home import Home
from scanning.earned_together import sum_of
from scanning.gradebook import assignments_of

if TYPE_CHECKING:
    from scanning.rejudge import Change, PageOutcome

Points = dict[tuple[str, str, str], tuple[Decimal, Decimal, Decimal]]  # pupil, packet, assignment -> before, after, of
Pair = tuple[Decimal | None, Decimal | None]  # before, after


@dataclass(frozen=True, slots=True)
class Sibling:
    """A row whose answer stays, and whose points move with those of other rows of its grid, `because`."""

    held: Recorded
    short_code: str
    because: tuple[str, ...]
    before: Decimal | None
    after: Decimal | None


@dataclass(slots=True)
class Moved:
    """All points that move: sums of assignments, what each changed answer earns by (page, item), and rows beside them."""

    sums: Points = field(default_factory=dict)
    earned: dict[tuple[str, str], Pair] = field(default_factory=dict)
    siblings: list[Sibling] = field(default_factory=list)


def points_moved(home: Home, touched: Sequence[PageOutcome]) -> Moved:
    """The points that change by these outcomes, whether they were written or not."""
    changes: dict[tuple[str, str, str], list[tuple[PageOutcome, Change]]] = {}
    for outcome in touched:
        for change in (each for each in outcome.changes if each.before.points != each.after.points):
            key = (change.before.pupil or "", change.before.packet or "", change.before.assignment or "")
            changes.setdefault(key, []).append((outcome, change))
    found = Moved()
    with home.database.read() as session:
        works = assignments_of(session, {key[2] for key in changes})
        for key, moved in sorted(changes.items(), key=lambda each: each[0]):
            rows = recorded(session, packet=key[1], assignment=key[2])
            questions = works[key[2]].questions
            sides = [_with(rows, [getattr(change, side) for _outcome, change in moved]) for side in ("before", "after")]
            before, after = (sum_of(questions, side.values()).points for side in sides)
            if before != after:
                found.sums[key] = before, after, sum((row.max_points for row in rows), Decimal(0))
            _by_answer(found, questions, rows, moved, sides)
    return found


def _with(rows: Sequence[Decision], said: Sequence[Decision]) -> dict[tuple[str, str], Decision]:
    """The answers, of those in `said` as it tells them."""
    return {(each.page, each.item): each for each in rows} | {(each.page, each.item): each for each in said}


def _by_answer(
    found: Moved,
    questions: Sequence[Question],
    rows: Sequence[Recorded],
    moved: Sequence[tuple[PageOutcome, Change]],
    sides: Sequence[Mapping[tuple[str, str], Decision]],
) -> None:
    """Add what each answer of the pages that change earns before and after."""
    for outcome in dict.fromkeys(outcome for outcome, _change in moved):
        held = [{item: each for (page, item), each in side.items() if page == outcome.page} for side in sides]
        before, after = (earned(questions, each) for each in held)
        changed = [change.before.item for change in outcome.changes]
        found.earned |= {(outcome.page, item): (before.get(item), after.get(item)) for item in changed}
        grid_of = {row: grid for grid in whole_grids(questions, held[1]) for row in grid.rows}
        for each in (row for row in rows if row.page == outcome.page and row.item not in changed):
            if before[each.item] != after[each.item]:
                because = tuple(item for item in changed if item in grid_of[each.item].rows)
                found.siblings.append(Sibling(each, outcome.short_code, because, before[each.item], after[each.item]))
