"""Quarter, annual and final marks: three dated formulas, and what may still come of work that is not decided. Pure: exact fractions, no files but the table.

scanning/grade_book calls this with what each work has earned. Which formula is in force since which quarter stands with its source in
records/dated/quarter_marks.toml; `marks.formula` in poshta.toml has the last word. Where an order is silent, the rule here is ours, and is said to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from records.holidays import OWN, dated
from records.marks import BEST, TEN, WORST, half_up, ten_of

PRACTICE, FORMATIVE, UNIT, TERM = "practice", "formative", "unit", "term"
MARKED, OPEN, NOT_MARKED = "marked", "open", "not_marked"
NO_WORKS, NONE_COUNTS, NO_MARKS, TO_COME = "no_works", "none_counts", "grade_without_marks", "to_come"
HALF = Fraction(50)
ToMark = Callable[[int], int | None]


@dataclass(frozen=True, slots=True)
class Earned:
    """One work: its kind, the points that it earned at least and can earn at most, and what a faultless one earns."""

    kind: str
    low: Decimal
    high: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class Formula:
    """Which formula is in force, and where that is known from."""

    name: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class QuarterMark:
    """A mark with what it was made of. `exact` is the percent before rounding; `lowest` and `highest` the marks that are still possible.

    `mark` and `percent` are None where it is open or there is none; `reason` says why there is none.
    """

    formula: str
    state: str
    reason: str = ""
    exact: Fraction | None = None
    percent: int | None = None
    mark: int | None = None
    lowest: int | None = None
    highest: int | None = None


@dataclass(frozen=True, slots=True)
class AnnualMark:
    """The mark of a year. `lowest` and `highest` as of a quarter; `without` counts quarters that have no mark and are left out."""

    state: str
    reason: str = ""
    mark: int | None = None
    lowest: int | None = None
    highest: int | None = None
    without: int = 0


def units_and_term(works: Sequence[Earned], high: bool) -> Fraction | None:
    """50·ΣБЖБ/maxΣБЖБ + 50·ТЖБ/maxТЖБ.

    Source: rules by order 125, 50 % at 50 % by the results of summative assessment of units and of the quarter (engime.org, p. 154). Formative work does
    not count. Without one of the two the other is 100 %: for a missing ТЖБ as in the later formula, else our rule.
    """
    return _joined(_share(_of(works, UNIT), high), _share(_of(works, TERM), high))


def distance(works: Sequence[Earned], high: bool) -> Fraction | None:
    """50·ΣҚБ/maxΣҚБ + 50·(ΣБЖБ + ΣТЖБ)/(maxΣБЖБ + maxΣТЖБ).

    Source: the same rules, for quarantine and distance learning: 50 % by formative results and 50 % by СОР and СОЧ (engime.org, p. 154). That formative
    results are sums of points over their maxima, and that one half alone is 100 %, is our rule.
    """
    return _joined(_share(_of(works, FORMATIVE), high), _share(_of(works, UNIT, TERM), high))


def with_formative(works: Sequence[Earned], high: bool) -> Fraction | None:
    """((ΣБЖБ + ΣҚБ)/(maxΣБЖБ + 10·nҚБ))·50 + (ТЖБ/maxТЖБ)·50; without ТЖБ the first fraction times 100. Each ҚБ is a mark of 1 to 10.

    Source: calculators of quarter marks in use. How points become 1 to 10 is our rule (records.marks.ten_of); so is a lone ТЖБ counting 100 %.
    """
    tens = [_in_tens(each) for each in _of(works, FORMATIVE)]
    return _joined(_share([*_of(works, UNIT), *tens], high), _share(_of(works, TERM), high))


FORMULAS: dict[str, Callable[[Sequence[Earned], bool], Fraction | None]] = {
    "units_and_term": units_and_term,
    "distance": distance,
    "with_formative": with_formative,
}


def formula_in_force(year: int, quarter: int, wanted: str = "") -> Formula:
    """The formula of a quarter of the school year that begins in `year`; `wanted` is the desk's own choice."""
    rows = sorted(dated("quarter_marks")["formula"], key=_begin)
    if wanted:
        return Formula(wanted, OWN, True)
    before = [row for row in rows if _begin(row) <= (year, quarter)] or rows[:1]
    return Formula(before[-1]["name"], before[-1]["source"], before[-1]["verified"])


def quarter_mark(works: Sequence[Earned], formula: str, to_mark: ToMark) -> QuarterMark:
    """The mark of one subject in one quarter; `to_mark` is the scale of the pupil's grade, None for a grade without marks."""
    if to_mark(0) is None:
        return QuarterMark(formula, NOT_MARKED, NO_MARKS)
    counted = [each for each in works if each.most > 0]
    low, high = (FORMULAS[formula](counted, upper) for upper in (False, True))
    if low is None or high is None:
        return QuarterMark(formula, NOT_MARKED, NONE_COUNTS if works else NO_WORKS)
    lowest, highest = to_mark(half_up(low)), to_mark(half_up(high))
    if low != high or any(each.low != each.high for each in counted if _counts(formula, each.kind)):
        return QuarterMark(formula, OPEN, lowest=lowest, highest=highest)
    return QuarterMark(formula, MARKED, "", low, half_up(low), lowest, lowest, highest)


def annual_mark(quarters: Iterable[QuarterMark | None]) -> AnnualMark:
    """The arithmetic mean of the quarters' marks, half up; None stands for a quarter that is not over yet, and may bring any mark.

    Source: annual marks of grades 2-11 (12) are the mean of the quarter marks, rounded to the nearest whole (engime.org, p. 154). Quarters that have no
    mark are left out: our rule.
    """
    known = list(quarters)
    counted = [each for each in known if each is None or each.state != NOT_MARKED]
    without = len(known) - len(counted)
    if not any(counted):
        reasons = {each.reason for each in known if each is not None}
        if reasons == {NO_MARKS}:
            return AnnualMark(NOT_MARKED, NO_MARKS, without=without)
        return AnnualMark(OPEN, TO_COME, without=without) if None in counted else AnnualMark(NOT_MARKED, NO_WORKS, without=without)
    lowest = half_up(_mean([WORST if each is None else each.lowest or WORST for each in counted]))
    highest = half_up(_mean([BEST if each is None else each.highest or BEST for each in counted]))
    if all(each is not None and each.state == MARKED for each in counted):
        return AnnualMark(MARKED, "", lowest, lowest, highest, without)
    return AnnualMark(OPEN, TO_COME if None in counted else "", None, lowest, highest, without)


def final_mark(annual: int, exam: int, grade: int) -> int | None:
    """70 % of the annual mark and 30 % of the examination's, half up, in grades 9 and 11; None in others.

    Source: the calculator BilimCalc, as records/dated/quarter_marks.toml has it.
    """
    rule: dict[str, Any] = dated("quarter_marks")["final"]
    if grade not in rule["grades"]:
        return None
    return half_up(Fraction(annual * rule["annual"] + exam * rule["exam"], rule["annual"] + rule["exam"]))


def _in_tens(work: Earned) -> Earned:
    """Formative work as a mark of 1 to 10."""
    low, high = (Decimal(ten_of(points, work.most)) for points in (work.low, work.high))
    return Earned(FORMATIVE, low, high, Decimal(TEN))


def _counts(formula: str, kind: str) -> bool:
    """Whether work of the kind can move the mark at all."""
    return kind in {UNIT, TERM} or (kind == FORMATIVE and formula != "units_and_term")


def _begin(row: dict[str, Any]) -> tuple[int, int]:
    return row["from_year"], row["from_quarter"]


def _of(works: Iterable[Earned], *kinds: str) -> list[Earned]:
    return [each for each in works if each.kind in kinds]


def _share(works: Sequence[Earned], high: bool) -> Fraction | None:
    """The share of points of some works; None where there are none."""
    most = sum((each.most for each in works), Decimal(0))
    if most <= 0:
        return None
    return Fraction(sum((each.high if high else each.low for each in works), Decimal(0))) / Fraction(most)


def _joined(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    """Two halves as percent; one alone is the whole."""
    shares = [share for share in (one, other) if share is not None]
    return sum((share * 2 * HALF / len(shares) for share in shares), Fraction(0)) if shares else None


def _mean(marks: Sequence[int]) -> Fraction:
    return Fraction(sum(marks), len(marks))
