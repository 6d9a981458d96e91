"""Holidays and school years are dated data with sources, and a desk has the last word."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.calendar import StudyWeek
from records.errors import SettingsInvalid
from records.holidays import dated, holidays
from records.school_year import school_years, week_in_school
from records.settings import CalendarSettings, load_settings, span_of
from tests.conftest import Poshta

PLAIN = CalendarSettings()


def of(day: str, calendar: CalendarSettings = PLAIN) -> list[date]:
    """The holidays of one day."""
    return list(holidays(date.fromisoformat(day), date.fromisoformat(day), calendar))


@pytest.mark.parametrize(
    ("on", "off"),
    [("2026-03-22", "2026-03-24"), ("2022-10-25", "2021-10-25"), ("2021-12-17", "2022-12-17"), ("2025-08-30", "2026-08-30")],
)
def test_a_holiday_counts_in_the_years_in_which_it_is_one(on: str, off: str) -> None:
    """Nauryz has three days; Republic Day came back in 2022, when Independence Day lost its second; Constitution Day moves after 2025."""
    assert (len(of(on)), of(off)) == (1, [])


def test_constitution_day_moves_to_march_and_kurban_ait_follows_the_moon() -> None:
    assert [of(day) != [] for day in ("2026-03-15", "2027-03-15", "2026-05-27", "2025-05-27")] == [False, True, True, False]


def test_the_desk_has_the_last_word() -> None:
    """Days off of its own, and holidays on which the post drives."""
    own = CalendarSettings(days_off=("2026-10-01..2026-10-03",), working_days=("2026-03-22",))
    assert [of(day, own) != [] for day in ("2026-10-01", "2026-10-03", "2026-10-04", "2026-03-21", "2026-03-22")] == [
        True,
        True,
        False,
        True,
        False,
    ]


def test_every_row_of_the_tables_has_its_source_and_ends_after_it_begins() -> None:
    rows = dated("holidays")
    assert all(row["source"] and set(row["names"]) == {"kk", "ru", "en"} for row in (*rows["yearly"], *rows["single"]))
    assert all(row["since"] <= row.get("until", date.max) for row in rows["yearly"])
    for row in dated("school_years")["year"]:
        spans = [span_of(text) for text in row["holidays"]]
        assert row["source"]
        assert spans == sorted(spans)
        assert all(row["first"] < first <= last < row["last"] for first, last in spans)


def test_quarters_that_move_in_the_middle_of_a_year_count_from_their_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The draft of 2021 put the autumn holidays a week earlier than the order."""
    week = StudyWeek.parse("2021-W43")
    monkeypatch.setenv("POSHTA_TODAY", "2021-07-01")
    assert week_in_school(week, PLAIN).free_days == 6
    monkeypatch.setenv("POSHTA_TODAY", "2021-08-01")
    assert (week_in_school(week, PLAIN).free_days, week_in_school(week.plus(1), PLAIN).free_days) == (0, 6)


def test_a_week_lies_in_its_quarter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the year 2025-2026: partly free weeks, grade 1's own, the summer, and a year of which nothing is known."""
    monkeypatch.setenv("POSHTA_TODAY", "2026-01-10")
    told = {name: week_in_school(StudyWeek.parse(name), PLAIN) for name in ("2025-W37", "2025-W44", "2026-W02", "2026-W07", "2026-W23")}
    assert [(each.quarter, each.free_days) for each in told.values()] == [(1, 0), (0, 6), (3, 3), (3, 0), (0, 6)]
    assert told["2026-W07"].first_grade == (date(2026, 2, 9), date(2026, 2, 15))
    assert week_in_school(StudyWeek.parse("2033-W41"), PLAIN).year is None


def test_a_desk_can_tell_its_own_school_year(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """In poshta.toml, over the program's own."""
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-01")
    own = CalendarSettings.model_validate(
        {"school_years": [{"first": "2026-09-01", "last": "2027-05-25", "holidays": ["2026-10-26..2026-11-01"]}]}
    )
    found = week_in_school(StudyWeek.parse("2026-W44"), own)
    assert (found.free_days, found.year is not None and found.year.source) == (6, "poshta.toml")
    later = own.model_copy(update={"school_years": (own.school_years[0].model_copy(update={"since": date(2026, 10, 2)}),)})
    assert week_in_school(StudyWeek.parse("2026-W44"), later).year is None


@given(first=st.dates(date(2020, 1, 1), date(2030, 1, 1)), length=st.integers(0, 400))
def test_holidays_of_a_span_are_those_of_its_days(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    single = [day for number in range(length + 1) for day in of((first + timedelta(days=number)).isoformat())]
    assert list(holidays(first, last, PLAIN)) == single


@pytest.mark.parametrize("wrong", ["2026-02-30", "26.10.2026", "2026-10-26..", "2026-11-01..2026-10-26", ""])
def test_a_wrong_day_in_the_settings_is_named(wrong: str, tmp_path: pytest.TempPathFactory, poshta: Poshta, desk: object) -> None:
    """Exit 5 with the setting, its origin and its value."""
    home = desk
    (home / "poshta.toml").write_text(f'[calendar]\ndays_off = ["{wrong}"]\n')  # type: ignore[operator]
    if wrong == "2026-10-26..":
        assert span_of(wrong)[0] == span_of(wrong)[1]
        return
    with pytest.raises(SettingsInvalid, match=r"calendar\.days_off"):
        load_settings(home)  # type: ignore[arg-type]
    assert poshta("config", "show").code == 5


def test_every_known_year_has_four_quarters() -> None:
    assert {len(year.quarters) for year in school_years(PLAIN)} == {4}
