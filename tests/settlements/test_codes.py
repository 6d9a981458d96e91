"""KATO, postal indices, IIN and distances."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from settlements.cells import days, grades, index
from settlements.codes import Level, district_of, holds_iin, index_fits, is_iin, is_kato, is_place, level_of, oblast_of, scope_prefix
from settlements.coordinates import LAT_BOUNDS, LON_BOUNDS, latitude, longitude
from settlements.distance import destination, metres, pairwise
from settlements.refusal import CellRefused

KATO = st.from_regex(r"[1-7][0-9]{8}", fullmatch=True)
IIN = "100101500012"


@given(KATO)
def test_a_place_lies_in_its_district_and_that_in_its_region(kato: str) -> None:
    assert is_kato(kato)
    assert district_of(district_of(kato)) == district_of(kato)
    assert oblast_of(district_of(kato)) == oblast_of(kato)
    assert kato.startswith(scope_prefix(kato))
    assert district_of(kato).startswith(scope_prefix(oblast_of(kato)))


@pytest.mark.parametrize("text", ["", "59302010", "5930201000", "830201000", "59a020100", "０12345678", "093020100"])
def test_other_words_are_no_kato(text: str) -> None:
    assert not is_kato(text)


@pytest.mark.parametrize(
    ("kato", "level", "place"),
    [
        ("590000000", Level.OBLAST, False),
        ("593200000", Level.DISTRICT, False),
        ("591010000", Level.SUB_DISTRICT, True),
        ("593230100", Level.SETTLEMENT, True),
        ("710000000", Level.OBLAST, True),
    ],
)
def test_only_a_place_where_people_live_can_be_a_stop(kato: str, level: Level, place: bool) -> None:
    assert (level_of(kato), is_place(kato)) == (level, place)


def test_an_index_of_another_region_does_not_fit() -> None:
    assert index_fits("150800", "593230100")
    assert index_fits("T15X4Y2", "593230100")
    assert not index_fits("020103", "593230100")
    assert not index_fits("X41D8M0", "593230100")


def _first_sum(number: str) -> int:
    return sum(place * int(digit) for place, digit in enumerate(number[:11], start=1)) % 11


@given(
    st.from_regex(r"[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[56][0-9]{4}", fullmatch=True),
    st.sampled_from([*range(10), 11]),
    st.integers(1, 9),
)
def test_one_wrong_digit_breaks_an_iin(start: str, place: int, step: int) -> None:
    """Under the first weights, whose eleventh is 11 and so leaves the eleventh digit unguarded."""
    assume(_first_sum(start) != 10)
    number = start + str(_first_sum(start))
    assert is_iin(number)
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assume(_first_sum(wrong) != 10)
    assert not is_iin(wrong)


@pytest.mark.parametrize("text", [IIN, f"ЖСН {IIN}", "100101 500 012", "100101-500012", f"x{IIN}y"])
def test_an_iin_is_seen_however_it_is_written(text: str) -> None:
    assert holds_iin(text)


@pytest.mark.parametrize("text", ["593230100", "100101500013", "+7 (715) 312-34-56", "8 701 123 45 67", "1" * 40, ""])
def test_other_numbers_are_not_taken_for_an_iin(text: str) -> None:
    assert not holds_iin(text)


@given(st.floats(*LAT_BOUNDS), st.floats(*LON_BOUNDS), st.floats(0, 359), st.floats(10, 100_000))
def test_the_way_there_is_as_long_as_was_said(lat: float, lon: float, bearing: float, distance: float) -> None:
    there = destination(lat, lon, bearing, distance)
    assert metres(lat, lon, *there) == pytest.approx(distance, rel=1e-6, abs=0.01)


def test_a_table_of_distances_agrees_with_single_ones() -> None:
    import numpy as np

    places = np.array([[54.9, 69.1], [43.2, 76.9], [51.2, 71.4]])
    table = pairwise(places, places)
    assert table[0, 1] == pytest.approx(metres(54.9, 69.1, 43.2, 76.9))
    assert table[1, 0] == pytest.approx(table[0, 1])
    assert metres(51.18, 71.446, 43.25, 76.91) == pytest.approx(973_000, rel=0.01), "Astana to Almaty"


@given(st.floats(*LAT_BOUNDS).map(lambda value: round(value, 5)))
def test_a_decimal_comma_reads_as_a_point(value: float) -> None:
    assert latitude(str(value).replace(".", ",")) == latitude(str(value)) == value


def test_exchanged_coordinates_are_named_as_such() -> None:
    with pytest.raises(CellRefused) as refused:
        latitude("69.1")
    assert "exchanged" in refused.value.hint
    with pytest.raises(CellRefused):
        longitude("12.5")


def test_a_lost_zero_of_an_index_is_guessed_for_the_user() -> None:
    with pytest.raises(CellRefused) as refused:
        index("20000")
    assert "020000" in refused.value.hint


@pytest.mark.parametrize(("text", "meant"), [("5", (5,)), ("1-4", (1, 2, 3, 4)), ("5, 6;7", (5, 6, 7)), ("5А", (5,)), ("1 – 2", (1, 2))])
def test_teachers_grades_may_be_lists_and_ranges(text: str, meant: tuple[int, ...]) -> None:
    assert grades(text) == meant


@pytest.mark.parametrize("read", [grades, days])
def test_a_cell_of_nothing_but_signs_is_refused(read: Callable[[str], object]) -> None:
    """It would be a lesson for no grade, or a van that drives on all days."""
    with pytest.raises(CellRefused):
        read(" , ;")
