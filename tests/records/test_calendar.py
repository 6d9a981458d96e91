"""Study weeks are ISO weeks; today is what POSHTA_TODAY says."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.calendar import WEEKDAYS, StudyWeek, day_names, now, today
from records.errors import UsageRefused

days = st.dates(date(2001, 1, 1), date(2190, 1, 1))


def week_of(day: date) -> StudyWeek:
    year, number, _weekday = day.isocalendar()
    return StudyWeek(year, number)


@given(days)
def test_a_week_reads_back_what_it_prints(day: date) -> None:
    assert StudyWeek.parse(str(week_of(day))) == week_of(day)


@given(days)
def test_a_week_begins_on_the_monday_before_and_holds_the_day(day: date) -> None:
    monday = week_of(day).monday
    assert monday.weekday() == 0
    assert timedelta(0) <= day - monday < timedelta(7)
    assert week_of(day).day(WEEKDAYS[day.weekday()]) == day


@given(days, st.integers(-200, 200))
def test_going_on_and_back_leads_home_and_seven_days_are_a_week(day: date, weeks: int) -> None:
    week = week_of(day)
    assert week.plus(weeks).plus(-weeks) == week
    assert week.plus(weeks).monday - week.monday == timedelta(weeks=weeks)


@given(days, days)
def test_weeks_are_ordered_as_their_days_and_as_their_text(one: date, other: date) -> None:
    first, second = week_of(one), week_of(other)
    assert (first < second) == (first.monday < second.monday) == (str(first) < str(second))


@pytest.mark.parametrize(
    "text", ["2025-W53", "2026-W00", "2026-W54", "2026-41", "W41", "", "2026-W4", "26-W41", "2026-W41x", "0000-W01", "9999-W52", "٢٠٢٦-W41"]
)
def test_a_week_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(UsageRefused) as failure:
        StudyWeek.parse(text)
    assert "2026-W41" in failure.value.hint


def test_a_year_with_53_weeks_has_them() -> None:
    assert StudyWeek.parse("2020-w53").monday == date(2020, 12, 28)
    assert StudyWeek(2020, 53).plus(1) == StudyWeek(2021, 1)


def test_poshta_today_rules_the_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-05")
    assert today() == date(2026, 10, 5)
    assert now().date() == today()
    assert now().tzinfo is None


def test_without_it_the_clock_does() -> None:
    assert abs(datetime.now() - now()) < timedelta(minutes=1)


def test_a_bad_date_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_TODAY", "5.10.2026")
    with pytest.raises(UsageRefused, match=r"5\.10\.2026"):
        today()


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ((), "-"),
        (("sat",), "Saturday"),
        (("fri", "mon"), "Monday, Friday"),
        (("mon", "tue"), "Monday, Tuesday"),
        (WEEKDAYS, "Monday – Sunday"),
        (("sun", "mon", "wed", "thu", "fri"), "Monday, Wednesday – Friday, Sunday"),
    ],
)
def test_days_are_told_in_words_and_a_row_of_them_in_short(days: tuple[str, ...], told: str) -> None:
    assert day_names(days) == told
