"""What marks mean, by the rules of DESIGN section 4, as the rehearsal states them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanning.rehearsal.meaning import SLOPPY, Act, Mark, Must, item_truth

VALUES = "ABCD"
MARKS = st.lists(
    st.builds(
        Mark,
        value=st.sampled_from(VALUES),
        act=st.sampled_from(list(Act)),
        style=st.just("hatched"),
        clear=st.booleans(),
        residue=st.floats(0, 0.4),
        column=st.integers(1, 3),
    ),
    max_size=5,
)


def answer(value: str, column: int | None = None, clear: bool = True) -> Mark:
    return Mark(value, Act.ANSWER, "hatched", clear, column=column)


def crossed(value: str) -> Mark:
    return Mark(value, Act.CROSSED_OUT, "crossing_out")


def rubbed(value: str, residue: float) -> Mark:
    return Mark(value, Act.RUBBED_OUT, "rubbed", residue=residue)


@pytest.mark.parametrize(
    ("marks", "must", "reading"),
    [
        ([], Must.BLANK, ()),
        ([answer("B")], Must.READ, ("B",)),
        ([answer("A"), answer("B")], Must.DOUBT, ()),
        ([crossed("A"), answer("B")], Must.READ, ("B",)),
        ([crossed("A")], Must.DOUBT, ()),
        ([Mark("A", Act.CROSSED_OUT, SLOPPY, False)], Must.READ, ("A",)),
        ([rubbed("A", 0.2), answer("B")], Must.READ, ("B",)),
        ([rubbed("A", 0.2)], Must.DOUBT, ()),
        ([rubbed("A", 0.03)], Must.BLANK, ()),
    ],
)
def test_a_question_with_one_answer(marks: list[Mark], must: Must, reading: tuple[str, ...]) -> None:
    truth = item_truth("1", "one", marks)
    assert (truth.must, truth.reading) == (must, reading)


def test_where_several_answers_are_allowed_all_of_them_count_and_a_crossed_out_one_does_not() -> None:
    truth = item_truth("1", "several", [answer("D"), crossed("B"), answer("A")])
    assert (truth.must, truth.reading) == (Must.READ, ("A", "D"))


@pytest.mark.parametrize(
    ("digits", "must", "reading"),
    [
        (" 84", Must.READ, ("84",)),
        ("084", Must.READ, ("84",)),
        ("000", Must.READ, ("0",)),
        ("   ", Must.BLANK, ()),
        ("84 ", Must.DOUBT, ()),
        ("8 4", Must.DOUBT, ()),
    ],
)
def test_a_number_ignores_empty_columns_before_it_and_doubts_those_behind(digits: str, must: Must, reading: tuple[str, ...]) -> None:
    marks = [answer(digit, column) for column, digit in enumerate(digits, start=1) if digit.strip()]
    truth = item_truth("9", "number", marks, columns=3)
    assert (truth.must, truth.reading) == (must, reading)


def test_two_digits_in_one_column_are_a_doubt() -> None:
    assert item_truth("9", "number", [answer("4", 1), answer("7", 1)], columns=1).must is Must.DOUBT


def test_an_unclear_mark_is_read_and_excuses_a_doubt() -> None:
    truth = item_truth("1", "one", [answer("A", clear=False)])
    assert truth.must is Must.READ
    assert truth.doubt_ok


@given(MARKS, st.sampled_from(["one", "several", "score", "number"]))
def test_a_reading_stands_only_where_something_must_be_read_and_only_of_answers(marks: list[Mark], rule: str) -> None:
    truth = item_truth("1", rule, marks, columns=3)
    assert bool(truth.reading) == (truth.must is Must.READ)
    if rule != "number":
        assert set(truth.reading) <= {mark.value for mark in marks if mark.act is Act.ANSWER}
    if truth.must is Must.DOUBT:
        assert truth.doubt_ok


@given(MARKS)
def test_damage_never_makes_a_truth_surer(marks: list[Mark]) -> None:
    truth = item_truth("1", "one", marks)
    assert truth.excused().doubt_ok
    assert truth.doubtful().must is Must.DOUBT
    assert truth.doubtful().reading == ()


@pytest.mark.parametrize(
    ("marked", "reading"),
    [
        ({1: "-", 3: "3", 5: "5"}, ("-3.5",)),
        ({2: "1", 3: "2"}, ("12",)),
        ({3: "3", 5: "5", 6: "0"}, ("3.5",)),
        ({1: "-"}, None),
        ({5: "5"}, None),
        ({3: "3", 6: "5"}, None),
        ({}, ()),
    ],
)
def test_a_number_with_minus_and_comma_means_its_value_or_asks(marked: dict[int, str], reading: tuple[str, ...] | None) -> None:
    marks = [Mark(value, Act.ANSWER, "filled", column=column) for column, value in marked.items()]
    truth = item_truth("9", "number", marks, columns=6, comma=4)
    assert (truth.reading, truth.must) == (reading or (), Must.DOUBT if reading is None else Must.READ if reading else Must.BLANK)
