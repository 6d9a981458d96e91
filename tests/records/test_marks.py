"""Points become percent and percent a mark by dated scales; the desk has the last word."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.errors import SettingsInvalid
from records.marks import half_up, mark_of, own_scales, percent_of, scales_of, ten_of
from records.settings import MarkSettings, ScaleSettings, load_settings

DAY = date(2026, 10, 5)
points = st.decimals(min_value=0, max_value=200, places=2)


@pytest.mark.parametrize(
    ("exact", "whole"), [("43.52", 44), ("64.46", 64), ("64.5", 65), ("84.4999999999999999999999999999999", 84), ("0.5", 1), ("2.5", 3)]
)
def test_halves_go_up_from_the_exact_value(exact: str, whole: int) -> None:
    """43.52 and 64.46: the rounding of Kundelik, help.kundelik.kz 115010046088."""
    assert half_up(Decimal(exact)) == whole


def test_a_percent_is_not_rounded_twice() -> None:
    """64.46 is shown as 64.5 there, and is still 64."""
    assert percent_of(Decimal(6446), Decimal(10000)) == 64
    assert half_up(Fraction(129, 2)) == 65
    assert half_up(Fraction(129, 2) - Fraction(1, 10**40)) == 64


@pytest.mark.parametrize(
    ("grade", "day", "marks"),
    [
        (2, DAY, {0: 2, 39: 2, 40: 3, 64: 3, 65: 4, 84: 4, 85: 5, 100: 5}),
        (11, date(2010, 1, 11), {39: 2, 40: 3}),
        (1, date(2016, 10, 3), {0: 2, 20: 2, 21: 3, 50: 3, 51: 4, 80: 4, 81: 5, 100: 5}),
        (2, date(2016, 10, 3), {39: 2, 40: 3, 85: 5}),
    ],
)
def test_marks_follow_the_scale_of_their_grade_and_day(grade: int, day: date, marks: dict[int, int]) -> None:
    assert {percent: mark_of(percent, grade, day) for percent in marks} == marks


@pytest.mark.parametrize("day", [date(2015, 10, 5), date(2017, 9, 4), DAY])
def test_grade_one_gets_marks_in_one_school_year_only(day: date) -> None:
    assert mark_of(100, 1, day) is None
    assert mark_of(100, 2, day) == 5


def test_every_row_of_the_table_tells_its_source() -> None:
    scales = own_scales()
    assert all(each.source for each in (*scales.scales, *scales.graded))


@given(points, st.decimals(min_value=Decimal("0.01"), max_value=200, places=2))
def test_percent_and_formative_marks_are_what_exact_fractions_say(earned: Decimal, most: Decimal) -> None:
    exact = Fraction(earned) / Fraction(most)
    assert percent_of(earned, most) == floor(exact * 100 + Fraction(1, 2))
    assert ten_of(earned, most) == max(1, floor(exact * 10 + Fraction(1, 2)))


@given(points, points, st.decimals(min_value=1, max_value=200, places=2))
def test_more_points_never_make_a_lower_percent_mark_or_formative_mark(one: Decimal, other: Decimal, most: Decimal) -> None:
    low, high = sorted((min(one, most), min(other, most)))
    assert 0 <= percent_of(low, most) <= percent_of(high, most) <= 100
    assert 1 <= ten_of(low, most) <= ten_of(high, most) <= 10
    assert 2 <= (mark_of(percent_of(low, most), 5, DAY) or 0) <= (mark_of(percent_of(high, most), 5, DAY) or 0) <= 5


@pytest.mark.parametrize(("earned", "ten"), [("0", 1), ("0.4", 1), ("4", 4), ("4.5", 5), ("4.49", 4), ("10", 10)])
def test_points_become_a_formative_mark_of_one_to_ten(earned: str, ten: int) -> None:
    assert ten_of(Decimal(earned), Decimal(10)) == ten


def test_the_desks_own_scale_counts_from_its_day_for_its_grades() -> None:
    own = ScaleSettings(lowest=(50, 70, 90), first_grade=5, last_grade=6, since=date(2026, 9, 1))
    scales = scales_of(MarkSettings(scales=(own,)))
    assert (scales.mark(49, 5, DAY), scales.mark(50, 5, DAY), scales.mark(90, 6, DAY)) == (2, 3, 5)
    assert scales.mark(49, 5, date(2026, 8, 31)) == scales.mark(49, 4, DAY) == scales.mark(49, 7, DAY) == 3


def test_the_desk_says_from_which_grade_on_there_are_marks() -> None:
    assert scales_of(MarkSettings(graded_from_grade=3)).mark(100, 2, DAY) is None
    first = scales_of(MarkSettings(graded_from_grade=1))
    assert first.mark(100, 1, DAY) is None, "no scale covers grade 1 now: none is invented"
    first = scales_of(MarkSettings(graded_from_grade=1, scales=(ScaleSettings(lowest=(21, 51, 81), first_grade=1, last_grade=1),)))
    assert first.mark(81, 1, DAY) == 5


def test_scales_of_poshta_toml_are_read_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "poshta.toml").write_text("[[marks.scales]]\nlowest = [45, 65, 85]\n", encoding="utf-8")
    loaded = load_settings(tmp_path)
    assert scales_of(loaded.values.marks).mark(44, 5, DAY) == 2
    assert ("marks.scales", "poshta.toml") in {(name, origin) for name, _value, origin in loaded.rows()}
    (tmp_path / "poshta.toml").write_text("[[marks.scales]]\nlowest = [65, 45, 85]\n", encoding="utf-8")
    with pytest.raises(SettingsInvalid) as refused:
        load_settings(tmp_path)
    assert "rise" in refused.value.message
