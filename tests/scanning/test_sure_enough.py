"""How sure the forest must be of an answer that looks like something else, and of what it passes over where several may be marked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from packets.layout import Item
from scanning.forest import Weight
from scanning.judge import judge_item
from scanning.kinds import Kind, kind_of
from scanning.marks import Mark
from scanning.verdict import Chosen, Doubt, Judgement
from scanning.yardstick import yardstick_of
from tests.scanning.museum_boxes import CLEAN, FILLED, TICK
from tests.scanning.test_judge import NONE4

PAGE = yardstick_of([FILLED] * 5 + [CLEAN] * 30)
SMEARED = replace(FILLED, ink=0.2, dark=0.32, spot=0.35, sharp=2.0)
RUBBED = replace(FILLED, ink=0.1, dark=0.14, spot=0.16)
FAINT = replace(TICK, ink=0.06, dark=0.22, spot=0.3)


def said(marks: dict[str, tuple[Mark, Weight]], rule: str = "one") -> Judgement:
    """What is said of a question whose other circles are empty."""
    boxes = [(None, letter, *marks.get(letter, (CLEAN, None))) for letter in "ABCD"]
    return judge_item(Item("x", rule, "1"), boxes, PAGE, None).judgement


def test_the_marks_of_this_file_are_what_they_are_called() -> None:
    kinds = [kind_of(mark, PAGE) for mark in (FILLED, SMEARED, RUBBED, FAINT)]
    assert kinds == [Kind.MARK, Kind.SMEARED, Kind.RUBBED, Kind.FAINT]


@pytest.mark.parametrize("rule", ["one", "several"])
@pytest.mark.parametrize(
    ("mark", "sure", "taken"),
    [
        (SMEARED, 0.985, True),
        (SMEARED, 0.975, False),
        (FAINT, 0.9995, True),
        (FAINT, 0.998, False),
        (RUBBED, 0.9995, True),
        (RUBBED, 0.998, False),
    ],
)
def test_what_a_rubber_may_have_left_is_an_answer_only_where_the_forest_is_far_surer(
    rule: str, mark: Mark, sure: float, taken: bool
) -> None:
    found = said({"B": (mark, Weight(sure, 1.0))}, rule)
    assert found == Chosen(("B",)) if taken else isinstance(found, Doubt)


@pytest.mark.parametrize(("mark", "sure", "taken"), [(SMEARED, 0.965, True), (SMEARED, 0.955, False), (FAINT, 0.9985, True), (FAINT, 0.9975, False), (RUBBED, 0.9985, True), (RUBBED, 0.9975, False)])  # fmt: skip
def test_where_the_network_has_a_word_in_the_weight_a_little_less_is_enough(mark: Mark, sure: float, taken: bool) -> None:
    found = said({"B": (mark, Weight(sure, 1.0, meant=0.9))})
    assert found == Chosen(("B",)) if taken else isinstance(found, Doubt)
    assert isinstance(said({"B": (mark, Weight(min(sure, 0.97), 1.0))}), Doubt), "the forest alone must be surer"
    assert isinstance(said({"B": (mark, Weight(sure, 1.0, meant=0.9))}, "several"), Doubt), "a second answer may be as pale"


@pytest.mark.parametrize(("anything", "taken"), [(0.96, True), (0.94, False)])
def test_an_answer_is_something_in_the_eyes_of_the_other_forest_too(anything: float, taken: bool) -> None:
    """A hair beside a crossed-out answer: 0.99 an answer, and 0.8 anything at all. Neither forest had seen the like."""
    found = said({"B": (FILLED, Weight(0.99, anything))})
    assert found == Chosen(("B",)) if taken else isinstance(found, Doubt)


SECOND = replace(FILLED, ink=0.12, dark=0.2, spot=0.22)
SECOND_TICK = replace(TICK, ink=0.05, dark=0.2, spot=0.28)
SMOOTH = replace(SMEARED, dark=0.3, ink=0.18, spot=0.33)


@pytest.mark.parametrize("mark", [SECOND, SECOND_TICK, SMOOTH], ids=["a fill", "a tick", "a smear"])
@pytest.mark.parametrize(
    ("rule", "answer", "anything", "passed_over"),
    [("several", 0.0003, 0.9, True), ("several", 0.003, 0.9, False), ("several", 0.003, 0.4, True), ("one", 0.003, 0.9, True)],
)
def test_where_several_may_be_marked_what_is_paler_is_passed_over_only_where_it_is_surely_none(
    mark: Mark, rule: str, answer: float, anything: float, passed_over: bool
) -> None:
    found = said({"A": (FILLED, Weight(0.9995, 1.0)), "B": (mark, Weight(answer, anything))}, rule)
    assert found == Chosen(("A",)) if passed_over else isinstance(found, Doubt)


def test_what_is_paler_still_is_a_rest() -> None:
    assert said({"A": (FILLED, Weight(0.9995, 1.0)), "B": (RUBBED, Weight(0.06, 0.99))}, "several") == Chosen(("A",))


OUTLINE = Mark(0.06, 0.51, 0.631, 0.12, -0.278, 0.377, 0.005, NONE4, NONE4, 0.9, 0.01, 0.95, thin=0.119, sharp=1.5)
HAIR = replace(TICK, ink=0.05, dark=0.45, cover=0.15, diagonals=NONE4, near=NONE4, outside=0.003)


@pytest.mark.parametrize(("sure", "taken"), [(0.997, True), (0.993, False)])
def test_what_looks_like_an_outline_is_an_answer_only_where_the_forest_is_certain(sure: float, taken: bool) -> None:
    assert kind_of(OUTLINE, PAGE) is Kind.SHIFTED
    found = said({"B": (OUTLINE, Weight(sure, 1.0))})
    assert found == Chosen(("B",)) if taken else isinstance(found, Doubt)


@pytest.mark.parametrize(("sharp", "sure", "taken"), [(3.4, 0.997, True), (3.4, 0.993, False), (3.2, 0.997, False)])
def test_a_hair_among_several_needs_the_pages_edges_and_certainty(sharp: float, sure: float, taken: bool) -> None:
    hair = replace(HAIR, sharp=sharp)
    assert kind_of(hair, PAGE) is Kind.FAINT
    found = said({"A": (FILLED, Weight(0.9995, 1.0)), "B": (hair, Weight(sure, 1.0))}, "several")
    assert found == Chosen(("A", "B")) if taken else isinstance(found, Doubt)


@pytest.mark.parametrize(
    ("rule", "sure", "taken"), [("one", 0.67, True), ("one", 0.63, False), ("several", 0.91, True), ("several", 0.89, False)]
)
def test_how_sure_the_forest_must_be_where_the_rules_agree(rule: str, sure: float, taken: bool) -> None:
    found = said({"B": (FILLED, Weight(sure, 1.0))}, rule)
    assert found == Chosen(("B",)) if taken else isinstance(found, Doubt)


def test_what_is_weak_is_told_above_the_pages_empty_circles() -> None:
    """On a page whose empty circles are 0.05 dark a mark of 0.28 is as weak as one of 0.23 on a clean one."""
    hazy = replace(PAGE, floor=0.05)
    mark = replace(FAINT, dark=0.29)
    boxes = [(None, letter, mark if letter == "B" else CLEAN, Weight(0.998, 1.0) if letter == "B" else None) for letter in "ABCD"]
    assert isinstance(judge_item(Item("x", "one", "1"), boxes, hazy, None).judgement, Doubt)
    assert judge_item(Item("x", "one", "1"), boxes, PAGE, None).judgement == Chosen(("B",))


@pytest.mark.parametrize(("sure", "taken"), [(0.92, True), (0.88, False)])
def test_a_digit_must_be_as_sure_as_one_of_several_answers(sure: float, taken: bool) -> None:
    """A line drawn past into an empty column had made a 42 into 142, at 0.81."""
    boxes = [(column, str(digit), CLEAN, None) for column in (1, 2) for digit in range(10)]
    marked = {(1, "1"): (FILLED, Weight(sure, 1.0)), (2, "4"): (FILLED, Weight(0.9999, 1.0))}
    told = [(column, value, *marked.get((column, value), (mark, weight))) for column, value, mark, weight in boxes]
    found = judge_item(Item("x", "number", "1"), told, PAGE, None).judgement
    assert found == Chosen(("14",)) if taken else isinstance(found, Doubt)
    assert said({"B": (FILLED, Weight(sure, 1.0))}) == Chosen(("B",)), "one answer of one column is asked for less"
