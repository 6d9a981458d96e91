"""From points to percent, from percent to a mark 2-5, by dated scales. Exact numbers, rounded half up. No database; the clock is the caller's.

scanning/gradebook and scanning/grade_book call this; quarter and annual marks stand in records/marks_quarter. The scales with their sources stand in
records/dated/scales.toml; poshta.toml has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from records.holidays import OWN, dated
from records.settings import MarkSettings

WORST, BEST = 2, 5
TEN = 10
Exact = Decimal | Fraction | int


@dataclass(frozen=True, slots=True)
class Scale:
    """Marks in force from a day on: the lowest percent of 3, 4 and 5; below is 2."""

    since: date
    until: date
    first_grade: int
    last_grade: int
    lowest: tuple[int, int, int]
    source: str

    def covers(self, grade: int, day: date) -> bool:
        """Whether it holds for that grade on that day."""
        return self.since <= day <= self.until and self.first_grade <= grade <= self.last_grade


@dataclass(frozen=True, slots=True)
class Graded:
    """From which grade on pupils get marks at all, since a day."""

    since: date
    from_grade: int
    source: str


@dataclass(frozen=True, slots=True)
class Scales:
    """All that is known of scales: the program's own, and the desk's over them."""

    scales: tuple[Scale, ...]
    graded: tuple[Graded, ...]

    def graded_from(self, day: date) -> int:
        """The lowest grade that gets marks on that day."""
        rows = [each for each in self.graded if each.since <= day]
        return max(rows, key=lambda each: each.since).from_grade if rows else WORST

    def scale(self, grade: int, day: date) -> Scale | None:
        """The scale in force for the grade; None where it gets no marks."""
        if grade < self.graded_from(day):
            return None
        found = None
        for each in self.scales:  # in order: of several that began on one day, the last counts
            if each.covers(grade, day) and (found is None or each.since >= found.since or each.source == OWN):
                found = each
        return found

    def mark(self, percent: int, grade: int, day: date) -> int | None:
        """The mark 2-5; None where the grade gets no marks."""
        scale = self.scale(grade, day)
        return None if scale is None else WORST + sum(percent >= lowest for lowest in scale.lowest)


def half_up(exact: Exact) -> int:
    """The nearest whole number, the greater of two: 64.46 is 64, 64.5 is 65. Exact, whatever the fraction."""
    above, below = exact.as_integer_ratio()
    return (2 * above + below) // (2 * below)


def percent_of(points: Exact, max_points: Exact) -> int:
    """The share in whole percent, half up from the exact value; 0 of nothing is 0."""
    return _share(points, max_points, 100) if max_points > 0 else 0


def mark_of(percent: int, grade: int, day: date) -> int | None:
    """The mark 2-5 by the program's own scale in force on `day`; None where the grade gets no marks."""
    return own_scales().mark(percent, grade, day)


def ten_of(points: Exact, max_points: Exact) -> int:
    """A formative mark of 1 to 10: ten times the share of points, half up, and never below 1.

    Our own rule: orders name marks of 1 to 10 for formative work and do not say how points become one.
    """
    return max(1, _share(points, max_points, TEN)) if max_points > 0 else 1


def own_scales() -> Scales:
    """The scales of records/dated/scales.toml."""
    table = dated("scales")
    return Scales(tuple(map(_scale, table["scale"])), tuple(map(_graded, table["graded"])))


def scales_of(settings: MarkSettings) -> Scales:
    """The program's scales with the desk's own over them: these count from their day on, whatever the program knows of later."""
    own = own_scales()
    mine = (Scale(each.since, date.max, each.first_grade, each.last_grade, each.lowest, OWN) for each in settings.scales)
    graded = (Graded(date.min, settings.graded_from_grade, OWN),) if settings.graded_from_grade else own.graded
    return Scales((*own.scales, *_by_day(mine)), graded)


def _share(points: Exact, max_points: Exact, times: int) -> int:
    """So many times the share, half up: with whole numbers alone, since a country's quarter asks for millions of them."""
    (above, below), (most, part) = points.as_integer_ratio(), max_points.as_integer_ratio()
    above, below = times * above * part, below * most
    return (2 * above + below) // (2 * below)


def _by_day(scales: Iterable[Scale]) -> list[Scale]:
    return sorted(scales, key=lambda each: each.since)


def _scale(row: dict[str, Any]) -> Scale:
    first, last = row["grades"]
    third, fourth, fifth = row["lowest"]
    return Scale(row["since"], row.get("until", date.max), first, last, (third, fourth, fifth), row["source"])


def _graded(row: dict[str, Any]) -> Graded:
    return Graded(row["since"], row["from_grade"], row["source"])
