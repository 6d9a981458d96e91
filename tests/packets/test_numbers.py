"""Numbers in columns: what is marked by the columns of a number is that number again, however a person writes it."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packets.authoring import read_assignment
from packets.numbers import Columns, plain_number, read_number, split_columns


@st.composite
def columns_and_number(draw: st.DrawFn) -> tuple[Columns, str]:
    columns = Columns(draw(st.integers(1, 5)), draw(st.integers(0, 3)), draw(st.booleans()))
    whole = draw(st.integers(0, 10**columns.digits - 1))
    parts = draw(st.text("0123456789", max_size=columns.decimals))
    sign = "-" if columns.minus and draw(st.booleans()) else ""
    return columns, plain_number(f"{sign}{whole}" + (f".{parts}" if parts else ""))


@given(columns_and_number())
def test_the_places_of_a_number_say_it_again(case: tuple[Columns, str]) -> None:
    columns, number = case
    assert columns.holds(number)
    places = columns.places(number)
    whole, parts = split_columns((*columns.whole, *columns.parts))
    assert (tuple(whole), tuple(parts)) == (columns.whole, columns.parts)
    said = "".join(("." if column in parts[:1] else "") + places.get(column, "") for column in sorted({*places, *whole, *parts}))
    assert plain_number(said) == number


@given(st.integers(-999, 999), st.integers(0, 99), st.sampled_from([".", ","]), st.sampled_from(["-", "−", "–"]))
def test_a_number_is_the_same_with_comma_or_point_and_any_dash(whole: int, parts: int, comma: str, dash: str) -> None:
    typed = f" {str(whole).replace('-', dash)}{comma}{parts:02d} "
    found = read_number(typed)
    assert found is not None
    assert Decimal(found) == Decimal(f"{whole}.{parts:02d}") if whole or parts == 0 else Decimal(found) == Decimal(f"0.{parts:02d}")


@pytest.mark.parametrize("typed", ["", "-", ",5", "5,", "1/2", "3,4,5", "1e3", "٣", "он екі", "--4", "+4"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert read_number(typed) is None


@pytest.mark.parametrize(
    ("columns", "number"),
    [(Columns(2), "-4"), (Columns(2), "3.5"), (Columns(2), "100"), (Columns(2, 1), "3.25"), (Columns(1, 1, True), "-10")],
)
def test_columns_do_not_hold_what_they_cannot_show(columns: Columns, number: str) -> None:
    assert not columns.holds(number)


def number(typed: str, **more: object) -> list[str]:
    asked = {"question": "Қанша?", "number": typed, "points": 1, **more}
    head = {"assignment": "t-1", "subject": "math", "grade": 5, "language": "kk", "title": "Сынақ", "kind": "practice", "week": "2026-W41"}
    return [each.code for each in read_assignment(json.dumps({**head, "parts": [asked]}, ensure_ascii=False).encode()).complaints]


@pytest.mark.parametrize(("typed", "digits"), [("1,000", 4), ("12.500", 5), ("-1,000", 5)])
def test_a_comma_that_may_set_thousands_apart_is_asked_about(typed: str, digits: int) -> None:
    """Else 1,000 would be 1, and a child who marks 1000 wrong."""
    assert number(typed, digits=digits) == ["unclear_number"]


@pytest.mark.parametrize(
    ("typed", "more"), [("1,000", {"digits": 1}), ("1,000", {"digits": 3, "decimals": 3}), ("12,5", {"digits": 4}), ("1000", {"digits": 4})]
)
def test_a_number_that_can_mean_one_thing_only_is_taken(typed: str, more: dict[str, object]) -> None:
    assert number(typed, **more) == []
