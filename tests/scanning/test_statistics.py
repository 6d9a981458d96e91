"""Figures of questions and classes: the formulas against numpy and scipy, what too few pupils cannot tell, and what is left out."""

from __future__ import annotations

from decimal import Decimal
from math import sqrt, tanh
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from packets.assignment import Assignment, ChoiceQuestion, GridQuestion, NumberQuestion, OpenQuestion, Question
from records.grades import Decision
from records.small_cells import FEW
from scanning.return_words import asked
from scanning.statistics import (
    FEWEST_FOR_ALPHA,
    FEWEST_TO_DISCRIMINATE,
    class_figures,
    correlation,
    cronbach,
    figures,
    key_of,
    to_teach_again,
    variance,
)

CHOICE = ChoiceQuestion("1", "1/2 + 1/4 = ?", ("3/4", "1/6", "2/6"), ("A",), False, False, Decimal(1))
NUMBER = NumberQuestion("2", "7 × 12 = ?", "84", 3, Decimal(2))
OPEN = OpenQuestion("3", "Түсіндір", 5, Decimal(2))


def _assignment(*questions: Question) -> Assignment:
    return Assignment("m", "math", 5, "kk", "Бөлшектер", "formative", "2026-W41", None, questions)


def _held(question: Question, points: str | None, reading: str = "", state: str = "read") -> Decision:
    earned = None if points is None else Decimal(points)
    values = tuple(reading.split(",")) if reading else ()
    return Decision("p", question.number, values, (), state, "", earned, question.points, "reader", None)


def _class(rows: list[list[int]]) -> tuple[Assignment, list[dict[str, Decision]]]:
    """Works of so many pupils in questions of four points each."""
    questions = [NumberQuestion(str(place + 1), "?", "4", 1, Decimal(4)) for place in range(len(rows[0]))]
    works = [{each.number: _held(each, str(points)) for each, points in zip(questions, row, strict=True)} for row in rows]
    return _assignment(*questions), works


def _rows(fewest: int, most: int = 40) -> st.SearchStrategy[list[list[int]]]:
    return st.integers(2, 6).flatmap(
        lambda width: st.lists(st.lists(st.integers(0, 4), min_size=width, max_size=width), min_size=fewest, max_size=most)
    )


@settings(max_examples=60)
@given(_rows(FEWEST_TO_DISCRIMINATE))
def test_discrimination_is_the_correlation_with_the_sum_of_all_other_questions(rows: list[list[int]]) -> None:
    table = np.array(rows, float)
    found = class_figures(*_class(rows))
    for place, each in enumerate(found.questions):
        own, rest = table[:, place], table.sum(axis=1) - table[:, place]
        if np.ptp(own) == 0 or np.ptp(rest) == 0:
            assert each.discrimination is None
        else:
            assert each.discrimination is not None
            assert float(each.discrimination) == pytest.approx(stats.pearsonr(own, rest).statistic, abs=0.00501)


@settings(max_examples=60)
@given(_rows(2))
def test_mean_spread_and_alpha_are_those_of_numpy(rows: list[list[int]]) -> None:
    table = np.array(rows, float)
    possible = 4 * table.shape[1]
    found = class_figures(*_class(rows))
    assert found.mean is not None
    assert float(found.mean) == pytest.approx(table.sum(axis=1).mean() / possible)
    assert (found.spread is None) == (len(rows) < FEW)
    if found.spread is not None:
        assert float(found.spread) == pytest.approx(table.sum(axis=1).std(ddof=1) / possible, abs=1e-9)
    width = table.shape[1]
    whole = table.sum(axis=1).var(ddof=1)
    alpha = cronbach([[Decimal(each) for each in row] for row in rows])
    assert (alpha is None) == (whole == 0)
    if alpha is not None:
        assert float(alpha) == pytest.approx(width / (width - 1) * (1 - table.var(axis=0, ddof=1).sum() / whole))


def test_a_class_of_which_all_earned_alike_has_no_spread_also_where_the_share_never_ends() -> None:
    questions = [NumberQuestion("1", "?", "4", 1, Decimal(7))]
    works = [{"1": _held(questions[0], "3")} for _pupil in range(FEW)]
    assert class_figures(_assignment(*questions), works).spread == 0


def test_alpha_of_a_worked_example() -> None:
    parallel = [[Decimal(each)] * 3 for each in (1, 2, 3, 4)]
    assert float(cronbach(parallel) or 0) == pytest.approx(1)
    assert float(cronbach([[Decimal(a), Decimal(b)] for a, b in ((0, 1), (1, 0), (0, 0), (1, 1))]) or 0) == pytest.approx(0)
    assert cronbach([[Decimal(each)] for each in (1, 2, 3)]) is None


@given(st.lists(st.decimals(0, 9, places=2), min_size=2, max_size=30))
def test_variance_is_that_of_a_sample(column: list[Decimal]) -> None:
    assert float(variance(column)) == pytest.approx(np.var([float(each) for each in column], ddof=1), abs=1e-9)


@given(st.lists(st.integers(0, 3), min_size=3, max_size=20))
def test_a_column_correlates_fully_with_itself_and_not_at_all_with_what_does_not_vary(column: list[int]) -> None:
    assume(len(set(column)) > 1)
    own = [Decimal(each) for each in column]
    assert float(correlation(own, own) or 0) == pytest.approx(1)
    assert float(correlation(own, [-each for each in own]) or 0) == pytest.approx(-1)
    assert correlation(own, [Decimal(1)] * len(own)) is None


@pytest.mark.parametrize(
    "pupils", [1, FEW - 1, FEW, FEWEST_TO_DISCRIMINATE - 1, FEWEST_TO_DISCRIMINATE, FEWEST_FOR_ALPHA - 1, FEWEST_FOR_ALPHA]
)
def test_nothing_is_told_of_fewer_pupils_than_can_tell_it(pupils: int) -> None:
    found = class_figures(*_class([[number % 5, number % 4, number % 3] for number in range(pupils)]))
    assert (found.spread is not None) == (pupils >= FEW)
    assert (found.questions[0].discrimination is not None) == (pupils >= FEWEST_TO_DISCRIMINATE)
    assert (found.alpha is not None) == (pupils >= FEWEST_FOR_ALPHA)
    assert found.complete == found.pupils == pupils


def test_the_sizes_are_those_from_which_on_chance_is_smaller_than_what_is_told() -> None:
    critical = [tanh(stats.norm.ppf(0.95) / sqrt(pupils - 3)) for pupils in (FEWEST_TO_DISCRIMINATE - 1, FEWEST_TO_DISCRIMINATE)]
    assert critical[0] > 0.5 >= critical[1]
    pupils, questions = FEWEST_FOR_ALPHA, 8
    quantiles = stats.f.ppf([0.975, 0.025], pupils - 1, (pupils - 1) * (questions - 1))  # Feldt, Psychometrika 30 (1965)
    assert [round(1 - 0.3 * each, 1) for each in quantiles] == [0.5, 0.8]


def test_answers_are_counted_by_letter_by_number_and_by_points() -> None:
    works = [
        {"1": _held(CHOICE, "1", "A"), "2": _held(NUMBER, "0", "74"), "3": _held(OPEN, "2", "2")},
        {"1": _held(CHOICE, "0", "B"), "2": _held(NUMBER, "0", "74"), "3": _held(OPEN, "0", "0")},
        {"1": _held(CHOICE, "0", "", "blank"), "2": _held(NUMBER, "2", "84")},
        {"1": _held(CHOICE, None, "", "doubt"), "2": _held(NUMBER, "0", "", "blank")},
    ]
    one, two, three = class_figures(_assignment(CHOICE, NUMBER, OPEN), works).questions
    assert (one.given, one.blank, one.doubts, one.decided) == ((("A", 1), ("B", 1), ("C", 0)), 1, 1, 3)
    assert (two.given, two.blank, two.wrong, two.times) == ((("74", 2), ("84", 1)), 1, "74", 2)
    assert (three.given, three.share, three.wrong) == ((("0", 1), ("1", 0), ("2", 1)), Decimal("0.5"), "")
    assert [key_of(each) for each in (CHOICE, NUMBER, OPEN)] == [{"A"}, {"84"}, set()]


def test_questions_in_which_points_are_awaited_are_left_out_and_so_are_pupils_of_whom_an_answer_is_missing() -> None:
    whole = {"1": _held(CHOICE, "1", "A"), "2": _held(NUMBER, "2", "84")}
    works: list[dict[str, Any]] = [
        whole | {"3": _held(OPEN, None, "", "waiting")},
        {**whole, "1": _held(CHOICE, "0", "B")} | {"3": _held(OPEN, "2", "2")},
        {"1": _held(CHOICE, "1", "A")},
        {"1": _held(CHOICE, None, "", "doubt")},
    ]
    found = class_figures(_assignment(CHOICE, NUMBER, OPEN), works)
    assert (found.left_out, found.pupils, found.complete) == (("3",), 3, 2)
    assert (found.lowest, found.highest) == (Decimal(2) / 3, Decimal(1))
    assert found.questions[0].decided == 3


def test_of_nobody_and_of_nothing_nothing_is_told() -> None:
    nobody: list[list[dict[str, Decision]]] = [[], [{}], [{"3": _held(OPEN, None, "", "waiting")}]]
    for works in nobody:
        found = class_figures(_assignment(CHOICE, NUMBER, OPEN), works)
        assert (found.pupils, found.complete, found.mean, found.alpha) == (0, 0, None, None)
        assert to_teach_again(found.questions) == []


def test_what_is_taught_again_is_what_earned_least() -> None:
    rows = [[4, 0, 2, 4, 1], [4, 4, 2, 3, 1]]
    assert [each.question.number for each in to_teach_again(class_figures(*_class(rows)).questions)] == ["5", "2", "3"]
    assert figures(*_flat(rows)) == list(class_figures(*_class(rows)).questions)


def _flat(rows: list[list[int]]) -> tuple[Assignment, list[Decision]]:
    assignment, works = _class(rows)
    return assignment, [each for work in works for each in work.values()]


def test_rows_of_a_grid_are_questions_of_their_own() -> None:
    grid = GridQuestion("1", "Қай көлге құяды?", ("Іле", "Жайық"), ("Балқаш", "Каспий"), ("A", "B"), Decimal(1))
    rows = grid.row_questions
    assignment = Assignment("m", "world", 5, "kk", "Көлдер", "formative", "2026-W41", None, (grid,))
    works = [{each.number: _held(each, "0", "A" if each.number == "1b" else "B") for each in rows}]
    found = class_figures(assignment, works)
    assert [each.question.number for each in to_teach_again(found.questions)] == ["1a", "1b"]
    assert [each.given for each in found.questions] == [(("A", 0), ("B", 1)), (("A", 1), ("B", 0))]
    assert [asked(each, 60) for each in rows] == ["Іле – Қай көлге құяды?", "Жайық – Қай көлге құяды?"]
    assert asked(rows[0], 12) == "Іле – Қай…"
