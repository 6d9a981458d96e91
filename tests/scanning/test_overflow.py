"""A hand that runs over the rims everywhere, as small children's do, is read; the same blot on a tidy page is asked about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packets.layout import Layout
from scanning.judge import judge_page
from scanning.marks import Mark
from scanning.verdict import Chosen, Doubt, DoubtReason, Judgement
from tests.scanning.test_judge import CLEAN, CROSS, CROSSED_OUT, FILLED, RUBBED, TICK, layout


def over(outside: float) -> Mark:
    """A fill so far over its rim."""
    return replace(FILLED, outside=outside, near=(0.3,) * 4)


def said(marks: dict[Any, Mark], others: list[Mark], rule: str = "one", sheet: Layout | None = None) -> Judgement:
    """Of question x with `marks`, on a page whose five other questions are answered by `others`."""
    page = sheet or layout(rule)
    hand = dict(zip("01234", others, strict=True))
    taken = [
        marks.get((box.column, box.value), marks.get(box.value, CLEAN))
        if box.item == "x"
        else hand[box.item]
        if box.value == "A"
        else CLEAN
        for box in page.boxes
    ]
    return judge_page({"boxes": [mark.as_list() for mark in taken], "rows": [["x", 0.8, 0.0, 0.0]]}, page)[0].judgement


WIDE = [over(0.2), over(0.3), over(0.45), over(0.25), FILLED]
TIDY = [FILLED] * 5


def test_a_fill_far_over_its_rim_is_an_answer_where_this_hand_fills_so() -> None:
    assert said({"B": over(0.4)}, WIDE) == Chosen(("B",))
    assert said({(1, "4"): over(0.4), (2, "2"): FILLED, (3, "0"): over(0.3)}, WIDE, "number") == Chosen(("420",))


@pytest.mark.parametrize("others", [TIDY, [over(0.3), FILLED, FILLED, FILLED, FILLED]])
def test_the_same_on_a_tidy_page_is_asked_about(others: list[Mark]) -> None:
    assert said({"B": over(0.4)}, others) == Doubt(DoubtReason.STAINED, ("B",))


def test_where_fills_were_struck_out_or_scribbled_over_nobody_takes_that_for_the_hand_s_habit() -> None:
    """Neat fills beside them say that this hand fills neatly; lines that go far from a circle are no fill that runs over."""
    struck = replace(over(0.3), diagonals=(0.6,) * 4, near=(0.6,) * 4)
    assert isinstance(said({"B": over(0.4)}, [over(0.3), over(0.3), FILLED, FILLED, FILLED]), Doubt)
    assert isinstance(said({"B": struck}, WIDE), Doubt)
    assert isinstance(said({"B": replace(over(0.4), axes=(0.7, 0.0, 0.1, 0.0))}, WIDE), Doubt)
    assert isinstance(said({"B": over(0.4)}, [struck] * 5), Doubt)


def test_what_is_far_more_than_this_hand_s_usual_is_a_blot() -> None:
    assert said({"B": over(0.9)}, WIDE) == Doubt(DoubtReason.STAINED, ("B",))


@given(st.sampled_from([FILLED, TICK, CROSS, CROSSED_OUT, RUBBED, over(0.15), over(0.4)]), st.sampled_from(["one", "several"]))
def test_with_anything_beside_it_nobody_takes_it_for_the_answer(beside: Mark, rule: str) -> None:
    assert isinstance(said({"B": over(0.4), "C": beside}, WIDE, rule), Doubt)


def test_where_several_may_be_marked_it_is_asked_about() -> None:
    assert isinstance(said({"B": over(0.4)}, WIDE, "several"), Doubt)


def test_a_pale_flood_is_no_fill_of_this_hand() -> None:
    assert isinstance(said({"B": replace(over(0.4), dark=0.25, ink=0.2, spot=0.3)}, WIDE), Doubt)


def test_a_teacher_s_bubble_is_never_taken_by_the_pupil_s_habit() -> None:
    assert isinstance(said({"B": over(0.4)}, WIDE, "score"), Doubt)
