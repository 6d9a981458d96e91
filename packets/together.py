"""What answers earn together: the rows of a grid that counts only as a whole earn its points where every row is right. Pure.

Each row is read, recorded and corrected by itself, and its record says what it is worth by itself. What the pupil earns is asked here by whoever sums:
the covers (packets/feedback), and in scanning/ the grade book, lists, exports, returns and statistics. Nothing is written: a word on one row changes no
other record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Protocol

from packets.kinds import ChoiceQuestion, Question

ZERO = Decimal(0)


class Scored(Protocol):
    """What an answer's record tells of its points, by itself: None while it waits for a person."""

    @property
    def points(self) -> Decimal | None:
        """What it is worth by itself."""
        ...

    @property
    def max_points(self) -> Decimal:
        """What the right answer is worth by itself."""
        ...


@dataclass(frozen=True, slots=True)
class WholeGrid:
    """How a grid that counts only as a whole stands. `waiting` are the rows of which nothing is decided, in their order; `right` counts right ones.

    `most` is what the grid earns by its records, which a cover tells as they stood on its day; `lost`: it can no longer be earned, whatever the waiting
    rows turn out to be.
    """

    number: str
    rows: tuple[str, ...]
    right: int
    waiting: tuple[str, ...]
    most: Decimal

    @property
    def lost(self) -> bool:
        """Whether a row is wrong."""
        return self.right + len(self.waiting) < len(self.rows)

    @property
    def points(self) -> Decimal | None:
        """What it earns; None as long as that hangs on a row that waits."""
        if self.lost:
            return ZERO
        return None if self.waiting else self.most


@dataclass(frozen=True, slots=True)
class Sum:
    """Points of decided answers, and the most that these can earn."""

    points: Decimal = ZERO
    of: Decimal = ZERO


def whole_grids(questions: Iterable[Question], held: Mapping[str, Scored]) -> list[WholeGrid]:
    """The grids of which any row is held that count only as a whole, in their order; a row that is not held waits."""
    rows = (each for each in questions if isinstance(each, ChoiceQuestion) and each.grid)
    found = (_grid(number, list(group), held) for number, group in groupby(rows, key=lambda row: row.grid))
    return [grid for grid in found if len(grid.waiting) < len(grid.rows) or any(row in held for row in grid.rows)]


def earned(questions: Iterable[Question], held: Mapping[str, Scored]) -> dict[str, Decimal | None]:
    """What each held answer earns, by question: by itself, or as a row of a grid that counts only as a whole.

    Rows of such a grid earn their shares where all are right, 0 where one is wrong, and None while that hangs on a row that waits. Their sum is the
    grid's points, or 0.
    """
    found = {item: each.points for item, each in held.items()}
    for grid in whole_grids(questions, held):
        for row in grid.rows:
            if row in held and row not in grid.waiting and grid.points != grid.most:
                found[row] = grid.points
    return found


def summed(questions: Sequence[Question], held: Mapping[str, Scored]) -> Sum:
    """What the decided answers earn together, and of how much; of a grid that counts only as a whole, all its points or, while it is open, none."""
    grids = whole_grids(questions, held)
    rows = {row for grid in grids for row in grid.rows}
    alone = [each for item, each in held.items() if item not in rows and each.points is not None]
    whole = [grid for grid in grids if grid.points is not None]
    points = sum((each.points for each in alone if each.points is not None), ZERO) + sum((grid.points or ZERO for grid in whole), ZERO)
    return Sum(points, sum((each.max_points for each in alone), ZERO) + sum((grid.most for grid in whole), ZERO))


def at_stake(questions: Sequence[Question], held: Mapping[str, Scored]) -> dict[str, Decimal]:
    """What rows that wait may still bring to the sum, by question, for grids that count only as a whole: nothing where the grid is lost.

    The first row that waits stands for the right ones too, which earn nothing before it.
    """
    found: dict[str, Decimal] = {}
    for grid in whole_grids(questions, held):
        share = {each.number: each.points for each in questions if each.number in grid.rows}
        if grid.waiting:
            found |= {row: ZERO if grid.lost else share[row] for row in grid.waiting}
            others = sum((share[row] for row in grid.rows if row not in grid.waiting), ZERO)
            found[grid.waiting[0]] += ZERO if grid.lost else others
    return found


def _grid(number: str, rows: list[ChoiceQuestion], held: Mapping[str, Scored]) -> WholeGrid:
    waiting = tuple(row.number for row in rows if (each := held.get(row.number)) is None or each.points is None)
    right = sum(each.points >= each.max_points for row in rows if (each := held.get(row.number)) and each.points is not None)
    most = sum((each.max_points if (each := held.get(row.number)) else row.points for row in rows), ZERO)
    return WholeGrid(number, tuple(row.number for row in rows), right, waiting, most)
