"""Quarter marks by the three formulas, against examples worked out by hand; annual and final marks; which weeks make a quarter."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.calendar import StudyWeek
from records.errors import NotFound, UsageRefused
from records.marks import mark_of
from records.marks_calendar import Quarter, marked_year, parse_year, start_year
from records.marks_quarter import (
    FORMATIVE,
    FORMULAS,
    MARKED,
    NO_MARKS,
    NO_WORKS,
    NONE_COUNTS,
    NOT_MARKED,
    OPEN,
    PRACTICE,
    TERM,
    TO_COME,
    UNIT,
    Earned,
    QuarterMark,
    annual_mark,
    final_mark,
    formula_in_force,
    quarter_mark,
)
from records.settings import CalendarSettings, SchoolYearSettings

DAY = date(2026, 10, 5)


def work(kind: str, low: str | Decimal, most: str | Decimal, high: str | Decimal | None = None) -> Earned:
    return Earned(kind, Decimal(low), Decimal(low if high is None else high), Decimal(most))


def fifth(percent: int) -> int | None:
    return mark_of(percent, 5, DAY)


def marked(mark: int) -> QuarterMark:
    return QuarterMark("distance", MARKED, mark=mark, lowest=mark, highest=mark)


@pytest.mark.parametrize(
    ("formula", "works", "exact", "mark"),
    [
        # two БЖБ 12/20 and 9/15, ТЖБ 18/25: 50·21/35 + 50·18/25 = 30 + 36 = 66
        ("units_and_term", [(UNIT, "12", "20"), (UNIT, "9", "15"), (TERM, "18", "25")], "66", 4),
        # formative work does not count in it: the same 66
        ("units_and_term", [(FORMATIVE, "0", "10"), (UNIT, "12", "20"), (UNIT, "9", "15"), (TERM, "18", "25")], "66", 4),
        # without ТЖБ: 100·21/35 = 60
        ("units_and_term", [(UNIT, "12", "20"), (UNIT, "9", "15")], "60", 3),
        # the rounding of Kundelik (help.kundelik.kz 115010046088): 50·43.52/50 = 43.52 is 44, a 3
        ("units_and_term", [(UNIT, "43.52", "100"), (TERM, "43.52", "100")], "43.52", 3),
        # and 64.46, shown as 64.5, is 64: a 3, not a 4
        ("units_and_term", [(UNIT, "64.46", "100"), (TERM, "64.46", "100")], "64.46", 3),
        # a true half goes up: 50·64/100 + 50·65/100 = 64.5 is 65, a 4
        ("units_and_term", [(UNIT, "64", "100"), (TERM, "65", "100")], "64.5", 4),
        # ҚБ 7/10 and 15/20, БЖБ 10/20, ТЖБ 20/30: 50·22/30 + 50·30/50 = 36.666... + 30 = 66.666...
        ("distance", [(FORMATIVE, "7", "10"), (FORMATIVE, "15", "20"), (UNIT, "10", "20"), (TERM, "20", "30")], "200/3", 4),
        # ҚБ alone: 100·22/30 = 73.333...
        ("distance", [(FORMATIVE, "7", "10"), (FORMATIVE, "15", "20")], "220/3", 4),
        # ҚБ 8/10 is 8, 13/15 is 8.67, so 9; БЖБ 14/20, ТЖБ 21/30: ((14 + 17)/(20 + 20))·50 + (21/30)·50 = 38.75 + 35 = 73.75
        ("with_formative", [(FORMATIVE, "8", "10"), (FORMATIVE, "13", "15"), (UNIT, "14", "20"), (TERM, "21", "30")], "73.75", 4),
        # without СОЧ: ((14 + 17)/(20 + 20))·100 = 77.5
        ("with_formative", [(FORMATIVE, "8", "10"), (FORMATIVE, "13", "15"), (UNIT, "14", "20")], "77.5", 4),
        # no ҚБ: (14/20)·50 + (21/30)·50 = 35 + 35 = 70
        ("with_formative", [(UNIT, "14", "20"), (TERM, "21", "30")], "70", 4),
        # nothing right: 1 of 10 is the lowest formative mark: (0 + 1)/(10 + 10)·100 = 5
        ("with_formative", [(FORMATIVE, "0", "5"), (UNIT, "0", "10")], "5", 2),
        # practice never counts
        ("with_formative", [(PRACTICE, "0", "20"), (UNIT, "17", "20")], "85", 5),
    ],
)
def test_a_quarter_mark_is_what_is_worked_out_by_hand(formula: str, works: list[tuple[str, str, str]], exact: str, mark: int) -> None:
    found = quarter_mark([work(*each) for each in works], formula, fifth)
    assert (found.state, found.exact, found.mark) == (MARKED, Fraction(exact), mark)


def test_a_half_that_no_decimal_holds_is_still_a_half() -> None:
    """50·1/3 + 50·287/300 = 64.5: with 28 digits it may fall short of it."""
    works = [work(UNIT, "100", "300"), work(TERM, "287", "300")]
    assert quarter_mark(works, "units_and_term", fifth).percent == 65


@pytest.mark.parametrize(
    ("works", "reason"),
    [
        ([], NO_WORKS),
        ([work(PRACTICE, "3", "5")], NONE_COUNTS),
        ([work(FORMATIVE, "3", "5")], NONE_COUNTS),
        ([work(UNIT, "0", "0")], NONE_COUNTS),
    ],
)
def test_a_quarter_without_works_that_count_has_no_mark_and_says_why(works: list[Earned], reason: str) -> None:
    found = quarter_mark(works, "units_and_term", fifth)
    assert (found.state, found.reason, found.mark, found.percent) == (NOT_MARKED, reason, None, None)


def test_grade_one_has_no_quarter_mark() -> None:
    found = quarter_mark([work(UNIT, "5", "5")], "with_formative", lambda percent: mark_of(percent, 1, DAY))
    assert (found.state, found.reason) == (NOT_MARKED, NO_MARKS)


def test_undecided_work_leaves_the_mark_open_between_what_it_can_become() -> None:
    """БЖБ 10 to 15 of 20: 50 % to 75 %."""
    found = quarter_mark([work(UNIT, "10", "20", "15")], "units_and_term", fifth)
    assert (found.state, found.mark, found.lowest, found.highest) == (OPEN, None, 3, 4)


def test_a_mark_that_nothing_can_change_any_more_is_still_open_while_work_is_out() -> None:
    found = quarter_mark([work(UNIT, "90", "100", "95")], "units_and_term", fifth)
    assert (found.state, found.lowest, found.highest) == (OPEN, 5, 5)


def test_undecided_work_that_does_not_count_leaves_nothing_open() -> None:
    works = [work(UNIT, "10", "20"), work(FORMATIVE, "0", "20", "15"), work(PRACTICE, "0", "20", "15")]
    assert quarter_mark(works, "units_and_term", fifth).state == MARKED


@st.composite
def some_works(draw: st.DrawFn) -> list[tuple[Earned, Decimal]]:
    """Works with a third number of points between their lowest and highest."""
    found = []
    for kind in draw(st.lists(st.sampled_from([PRACTICE, FORMATIVE, UNIT, TERM]), max_size=6)):
        most = draw(st.decimals(min_value=1, max_value=50, places=1))
        low, between, high = sorted(draw(st.lists(st.decimals(min_value=0, max_value=most, places=2), min_size=3, max_size=3)))
        found.append((Earned(kind, low, high, most), between))
    return found


@given(some_works(), st.sampled_from(sorted(FORMULAS)))
def test_whatever_comes_lies_between_the_lowest_and_the_highest(works: list[tuple[Earned, Decimal]], formula: str) -> None:
    before = quarter_mark([each for each, _between in works], formula, fifth)
    after = quarter_mark([Earned(each.kind, points, points, each.most) for each, points in works], formula, fifth)
    if after.state == NOT_MARKED:
        assert before.state == NOT_MARKED
        return
    assert after.mark is not None
    assert after.exact is not None
    assert 0 <= after.exact <= 100
    assert (before.lowest or 9) <= after.mark <= (before.highest or 0)


@given(some_works(), st.sampled_from(sorted(FORMULAS)), st.randoms())
def test_the_order_of_works_does_not_matter(works: list[tuple[Earned, Decimal]], formula: str, chance: st.DataObject) -> None:
    one = [each for each, _between in works]
    other = list(one)
    chance.shuffle(other)  # type: ignore[attr-defined]
    assert quarter_mark(one, formula, fifth) == quarter_mark(other, formula, fifth)


@pytest.mark.parametrize(
    ("marks", "annual"), [((4, 4, 5, 5), 5), ((3, 4, 3, 4), 4), ((3, 3, 3, 4), 3), ((2, 3, 3, 3), 3), ((5,), 5), ((4, 5), 5)]
)
def test_the_annual_mark_is_the_mean_half_up(marks: tuple[int, ...], annual: int) -> None:
    assert annual_mark(map(marked, marks)).mark == annual


def test_an_annual_mark_is_open_while_a_quarter_is_open_or_to_come() -> None:
    """4, and 3 or 4, and nothing known of two: at least (4+3+2+2)/4 = 2.75, so 3; at most (4+4+5+5)/4 = 4.5, so 5."""
    found = annual_mark([marked(4), QuarterMark("distance", OPEN, lowest=3, highest=4), None, None])
    assert (found.state, found.reason, found.mark, found.lowest, found.highest) == (OPEN, TO_COME, None, 3, 5)


def test_quarters_without_a_mark_are_left_out_and_counted() -> None:
    found = annual_mark([marked(4), QuarterMark("distance", NOT_MARKED, NO_WORKS), marked(5), marked(5)])
    assert (found.state, found.mark, found.without) == (MARKED, 5, 1)
    nothing = annual_mark([QuarterMark("distance", NOT_MARKED, NO_MARKS)] * 4)
    assert (nothing.state, nothing.reason, nothing.mark) == (NOT_MARKED, NO_MARKS, None)
    assert annual_mark([QuarterMark("distance", NOT_MARKED, NO_MARKS), None, None, None]).reason == NO_MARKS
    to_come = annual_mark([QuarterMark("distance", NOT_MARKED, NO_WORKS), None])
    assert (to_come.state, to_come.reason, to_come.lowest) == (OPEN, TO_COME, None)


@pytest.mark.parametrize(
    ("annual", "exam", "grade", "final"), [(4, 5, 9, 4), (3, 5, 11, 4), (5, 3, 9, 4), (4, 2, 9, 3), (5, 4, 11, 5), (5, 4, 8, None)]
)
def test_grades_nine_and_eleven_end_with_seventy_and_thirty(annual: int, exam: int, grade: int, final: int | None) -> None:
    """3·0.7 + 5·0.3 = 3.6; 5·0.7 + 3·0.3 = 4.4; 4·0.7 + 2·0.3 = 3.4; 5·0.7 + 4·0.3 = 4.7; 4·0.7 + 5·0.3 = 4.3."""
    assert final_mark(annual, exam, grade) == final


@pytest.mark.parametrize(
    ("year", "quarter", "name"),
    [(2018, 2, "units_and_term"), (2019, 3, "units_and_term"), (2019, 4, "distance"), (2020, 4, "distance"), (2021, 1, "with_formative"), (2026, 1, "with_formative")],
)  # fmt: skip
def test_formulas_are_in_force_from_a_quarter_on(year: int, quarter: int, name: str) -> None:
    found = formula_in_force(year, quarter)
    assert (found.name, bool(found.source)) == (name, True)
    assert formula_in_force(year, quarter, "distance").name == "distance"


# ---- quarters


@pytest.mark.parametrize("text", ["2026-27/1", "2026-2027/1", " 2026-27/1 "])
def test_a_quarter_is_named_by_its_school_year(text: str) -> None:
    assert Quarter.parse(text) == Quarter(2026, 1)
    assert str(Quarter.parse(text)) == "2026-27/1"


@pytest.mark.parametrize("text", ["2026-28/1", "2026-27", "2026-27/0", "2026/1", "2026-27/x", "", "2026-2028/1", "2026-27/11"])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(UsageRefused):
        Quarter.parse(text)


def test_a_school_year_is_named_in_two_ways() -> None:
    assert parse_year("2026-27") == parse_year("2026-2027") == 2026
    with pytest.raises(UsageRefused):
        parse_year("2026")


def test_weeks_follow_the_quarters_of_the_order() -> None:
    """2025-26: autumn holidays 27 October to 2 November, winter 29 December to 7 January, spring 19 to 29 March."""
    year = marked_year(2025, CalendarSettings())
    assert not year.assumed
    of = {
        week: year.quarter_of(StudyWeek.parse(week)).number
        for week in ("2025-W36", "2025-W43", "2025-W45", "2026-W02", "2026-W12", "2026-W14", "2026-W22")
    }
    assert of == {"2025-W36": 1, "2025-W43": 1, "2025-W45": 2, "2026-W02": 3, "2026-W12": 3, "2026-W14": 4, "2026-W22": 4}


def test_a_week_in_the_holidays_counts_for_the_quarter_before() -> None:
    year = marked_year(2025, CalendarSettings())
    assert year.quarter_of(StudyWeek.parse("2025-W44")) == Quarter(2025, 1)
    assert year.quarter_of(StudyWeek.parse("2025-W34")) == Quarter(2025, 1)


@pytest.mark.parametrize("start", [2021, 2025, 2026, 2031])
def test_every_week_of_a_school_year_belongs_to_one_quarter(start: int) -> None:
    year = marked_year(start, CalendarSettings())
    weeks = [week for quarter in year.quarters for week in year.weeks(quarter)]
    assert len(weeks) == len(set(weeks)) in {52, 53}
    assert weeks == sorted(weeks)
    assert {start_year(StudyWeek.parse(week).monday) for week in weeks} == {start}


def test_a_year_without_an_order_is_assumed_and_says_so() -> None:
    year = marked_year(2026, CalendarSettings())
    assert year.assumed
    assert year.year.holidays[0] == (date(2026, 10, 26), date(2026, 11, 1))
    own = CalendarSettings(
        school_years=(SchoolYearSettings(first=date(2026, 9, 1), last=date(2027, 5, 25), holidays=("2026-11-02..2026-11-08",)),)
    )
    mine = marked_year(2026, own)
    assert (mine.assumed, len(mine.quarters)) == (False, 2)
    with pytest.raises(NotFound):
        mine.span(Quarter(2026, 3))
