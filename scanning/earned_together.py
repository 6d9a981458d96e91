"""Records with what their answers earn beside the others of their page: of a grid that counts only as a whole, its rows together (packets/together).

scanning/gradebook, the lists and exports of answers, `grades amend`, `grades history` and `scan rejudge` ask here. Records themselves tell what an answer
is worth by itself, and stay as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from sqlalchemy.orm import Session

from packets.assignment import Assignment, Question
from packets.together import Sum, WholeGrid, earned, summed, whole_grids
from records import schema
from records.grades import Decision, Recorded, standing
from records.language import _

Held = TypeVar("Held", bound=Decision)


def sum_of(questions: Sequence[Question], records: Iterable[Decision]) -> Sum:
    """What these answers earn together, page by page: no grid crosses pages."""
    sums = [summed(questions, held) for held in _by_page(records).values()]
    return Sum(sum((each.points for each in sums), Decimal(0)), sum((each.of for each in sums), Decimal(0)))


def as_earned(works: Mapping[str, Assignment], records: Sequence[Recorded]) -> list[Recorded]:
    """The records in their order, with what each earns for its points; all of a page are needed. `works` are the assignments by code."""
    questions = {code: work.questions for code, work in works.items()}
    found: dict[tuple[str, str], Decimal | None] = {}
    for page, held in _by_page(records).items():
        points = earned(questions.get(next(iter(held.values())).assignment or "", ()), held)
        found |= {(page, item): each for item, each in points.items()}
    return [replace(each, points=found.get((each.page, each.item), each.points)) for each in records]


@dataclass(frozen=True, slots=True)
class OnPage:
    """The questions of a page's assignment, and the records that stand on the page."""

    questions: Sequence[Question]
    held: Mapping[str, Decision]

    def points(self, said: Decision) -> Decimal | None:
        """What the answer earns beside the others, if `said` is what is held of it."""
        return earned(self.questions, {**self.held, said.item: said})[said.item]

    def grid(self, item: str) -> WholeGrid | None:
        """The grid that counts only as a whole and has this row; None where the question earns by itself."""
        return next((grid for grid in whole_grids(self.questions, self.held) if item in grid.rows), None)


def on_page(session: Session, page: str) -> OnPage:
    """What stands on a worksheet's page; `page` is its id."""
    row = session.get_one(schema.Page, page)
    work = Assignment.from_json(session.get_one(schema.Assignment, row.assignment).definition)
    return OnPage(work.questions, standing(session, page))


def grid_said(grid: WholeGrid) -> str:
    """How such a grid stands, in a sentence."""
    counts = {"number": grid.number, "right": grid.right, "rows": len(grid.rows), "most": _plain(grid.most)}
    if grid.points is None:
        said = _("The points of question {number} ({most}) are for all its rows together; these wait: {waiting}.")
        return said.format(**counts, waiting=", ".join(grid.waiting))
    said = _("Of question {number}, {right} of {rows} rows are right: {points} of {most} points, which are for all rows together.")
    return said.format(**counts, points=_plain(grid.points))


def grid_json(grid: WholeGrid) -> dict[str, object]:
    """The same for programs."""
    points = None if grid.points is None else float(grid.points)
    return {
        "number": grid.number,
        "rows": list(grid.rows),
        "right": grid.right,
        "waiting": list(grid.waiting),
        "points": points,
        "max_points": float(grid.most),
    }


def _by_page(records: Iterable[Held]) -> dict[str, dict[str, Held]]:
    found: dict[str, dict[str, Held]] = defaultdict(dict)
    for each in records:
        found[each.page][each.item] = each
    return found


def _plain(points: Decimal) -> str:
    return f"{points.normalize():f}"
