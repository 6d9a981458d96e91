"""The grade book's rows as the contract tells them. scanning/grade_book_commands and scanning/grade_book_trail answer with these."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from records.marks_calendar import year_name
from records.marks_quarter import FORMATIVE, TERM, UNIT, QuarterMark
from scanning.grade_book import Work
from scanning.grade_book_marks import AnnualRow, QuarterRow, Rules, exact_number


def work_json(work: Work, rules: Rules) -> dict[str, object]:
    """A row of `grades book --week --json`."""
    mark, lowest, highest = work.marks(rules.scales)
    what = work.assignment
    return {
        "pupil": work.pupil,
        "school": work.school,
        "grade": what.grade,
        "language": what.language,
        "subject": what.subject,
        "assignment": what.code,
        "title": what.title,
        "kind": what.kind,
        "week": what.week,
        "packet": work.packet,
        "points": float(work.points),
        "possible": float(work.possible),
        "max_points": float(work.most),
        "percent": work.percent(),
        "mark": mark,
        "lowest": lowest,
        "highest": highest,
        "zeroed": work.zeroed,
        "undecided": [each.as_json() for each in work.undecided],
    }


def mark_json(mark: QuarterMark | None) -> dict[str, object] | None:
    """A quarter's mark as it stands in answers; null for a quarter that is not over."""
    if mark is None:
        return None
    exact = exact_number(mark.exact)
    return {
        "state": mark.state,
        "reason": mark.reason,
        "exact": None if exact is None else float(exact),
        "percent": mark.percent,
        "mark": mark.mark,
        "lowest": mark.lowest,
        "highest": mark.highest,
    }


def row_json(row: QuarterRow) -> dict[str, object]:
    """A row of `grades book --quarter --json`: the mark that stands, and beside a closed one what would come out today."""
    closed = row.closed
    told = (
        {"closed_at": closed.closed_at.isoformat(), "why": closed.why, "changed": row.changed, "now": mark_json(row.now)}
        if closed
        else None
    )
    return {
        "pupil": row.pupil,
        "school": row.school,
        "grade": row.grade,
        "language": row.language,
        "subject": row.subject,
        "quarter": str(row.quarter),
        "formula": row.formula.name,
        **(mark_json(row.stands) or {}),
        "works": {kind: _sum_json(row.of_kind(kind)) for kind in (FORMATIVE, UNIT, TERM)},
        "zeroed": row.zeroed,
        "undecided": [each.as_json() for each in row.undecided],
        "closed": told,
    }


def annual_json(row: AnnualRow) -> dict[str, object]:
    """A row of `grades book --year --json`."""
    annual = row.annual
    found: dict[str, object] = {name: getattr(row, name) for name in ("pupil", "school", "grade", "language", "subject")}
    made: dict[str, object] = {name: getattr(annual, name) for name in ("state", "reason", "mark", "lowest", "highest", "without")}
    return {
        **found,
        "year": year_name(row.year),
        "quarters": [mark_json(each) for each in row.quarters],
        **made,
        "exam": row.exam,
        "final": row.final,
    }


def _sum_json(found: Sequence[Work]) -> dict[str, object]:
    points, most = sum((each.points for each in found), Decimal(0)), sum((each.most for each in found), Decimal(0))
    return {"count": len(found), "points": float(points), "max_points": float(most)}


def plain(points: Decimal) -> str:
    """Points without needless zeros."""
    return format(points.normalize(), "f")
