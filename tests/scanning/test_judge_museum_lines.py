"""A museum of boxes that were once read wrongly, of lines: crosses, ticks, slips, rings, and what somebody struck out.

As in test_judge_museum every case was a silent error, or a control that the rule against it does not reach too far.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from packets.layout import Item
from scanning.forest import Weight
from scanning.judge import judge_item
from scanning.kinds import Kind, kind_of
from scanning.marks import Mark
from scanning.thresholds import THRESHOLDS
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, Judgement
from scanning.yardstick import Yardstick, yardstick_of
from tests.scanning.museum_boxes import CLEAN, FILLED, PRESSED, TICK, is_doubt, ruled, verdict
from tests.scanning.test_judge import NONE4, layout

SLIP = Mark(0.178, 0.718, 0.781, 0.234, 0.017, 0.435, 0.025, NONE4, NONE4, 0.8, 0.007, 0.95, thin=0.07, sharp=4.2)
RING = Mark(-0.022, 0.0, 0.0, 0.0, 0.0, 0.0, 0.049, NONE4, (0.11, 0.104, 0.039, 0.027), 0.9, 0.021, 0.95, sharp=2.0)
CROSSED = replace(FILLED, ink=0.597, dark=1.103, spot=1.181, cover=0.489, least=0.677, outside=0.047)
LINES_ON_ONE_SIDE = replace(CROSSED, diagonals=(0.058, 0.171, 0.535, 0.384), near=(0.162, 0.133, 0.563, 0.386))
LINES_WASHED = replace(
    FILLED, ink=0.614, dark=0.843, cover=0.919, diagonals=(-0.001, 0.086, 0.21, 0.004), near=(0.025, 0.034, 0.193, 0.007)
)
LINES_PALE = replace(
    FILLED, ink=0.477, dark=0.612, cover=0.985, least=0.929, diagonals=(0.14, 0.155, 0.174, 0.126), near=(0.142, 0.151, 0.166, 0.126)
)
CROSSED_ASKEW = replace(
    FILLED, ink=0.73, dark=0.918, cover=0.94, outside=0.051, diagonals=(0.232, 0.044, 0.244, 0.306), near=(0.438, 0.213, 0.463, 0.357)
)
BETWEEN_STRIPES = Mark(
    0.563, 0.836, 0.849, 0.718, 0.506, 0.405, 0.041, (0.292, 0.251, 0.139, 0.141), (0.263, 0.296, 0.048, 0.061), 0.556, 0.013, 0.927,
    thin=0.346, sharp=3.826, beside=0.038, through=0.033,
)  # fmt: skip
HAIR = Mark(0.05, 0.31, 0.381, 0.138, -0.013, 0.245, 0.004, NONE4, NONE4, 0.692, 0.014, 0.976, thin=0.159, sharp=4.034, through=0.009)
CROSSED_OUT = Mark(
    0.533, 0.67, 0.684, 0.937, 0.788, 0.396, 0.056, (0.159, 0.437, 0.006, 0.11), (0.449, 0.478, 0.246, 0.36), 0.544, 0.012, 0.974,
    thin=0.368, sharp=2.385, beside=0.05, through=0.062,
)  # fmt: skip
STRUCK = replace(FILLED, dark=0.8, ink=0.66, cover=0.95, outside=0.04, beside=0.03, through=0.45)
X_ON_A_FILL = replace(FILLED, ink=0.57, dark=0.7, cover=0.9, diagonals=(0.02, 0.15, 0.01, 0.14), near=(0.05, 0.2, 0.06, 0.19))
PALE_LINES = replace(TICK, ink=0.08, dark=0.36, spot=0.42, cover=0.29, sharp=3.9, near=(0.3, 0.01, 0.01, 0.01))
THIN_LINES = replace(PALE_LINES, dark=0.45, cover=0.15)
RINGED = replace(CLEAN, outside=0.227, beside=0.179, near=(0.507, 0.041, 0.446, 0.309))


def test_a_line_straight_through_a_circle_and_beyond_is_a_slip_of_the_pen() -> None:
    assert is_doubt(verdict({"B": SLIP}), DoubtReason.OUT_OF_PLACE)
    assert verdict({"B": replace(SLIP, thin=0.2)}) == Chosen(("B",))
    assert verdict({"B": replace(SLIP, outside=0.002)}) == Chosen(("B",))


@pytest.mark.parametrize(
    ("near", "weight", "taken"),
    [((0.4, 0.01, 0.01, 0.01), 0.9995, True), ((0.4, 0.01, 0.2, 0.01), 0.9995, False), ((0.4, 0.01, 0.01, 0.01), 0.998, False)],
    ids=["begun inside", "came past", "not certain"],
)
def test_a_thin_tick_that_was_begun_inside_its_circle_is_an_answer_if_the_forest_is_certain(near: Any, weight: float, taken: bool) -> None:
    line = replace(SLIP, near=near)
    yardstick = yardstick_of([*[FILLED] * 5, *[CLEAN] * 20])
    assert kind_of(line, yardstick, THRESHOLDS) is Kind.LINE
    boxes = [(None, "A", CLEAN, None), (None, "B", line, Weight(weight, 0.999))]
    judgement = judge_item(Item("x", "one", "1"), boxes, yardstick, None).judgement
    assert judgement == Chosen(("B",)) if taken else isinstance(judgement, Doubt)


def test_a_faint_ring_round_a_circle_is_not_blank() -> None:
    assert is_doubt(verdict({"B": RING}), DoubtReason.OUT_OF_PLACE)
    assert verdict({"B": replace(RING, near=(0.11, 0.02, 0.02, 0.02))}) == Blank()


@pytest.mark.parametrize("mark", [LINES_ON_ONE_SIDE, LINES_WASHED], ids=["turned or off the middle", "washed out by a copier"])
def test_a_filled_circle_with_two_lines_beyond_its_edge_is_a_doubt(mark: Mark) -> None:
    assert is_doubt(verdict({"B": mark}), DoubtReason.CROSSED_OUT)
    assert ruled({"B": replace(mark, diagonals=(0.01, 0.01, mark.diagonals[2], 0.01), near=NONE4)}) == Chosen(("B",))


def test_four_pale_lines_beyond_a_dark_fill_cross_it_out() -> None:
    assert verdict({"D": LINES_PALE, "B": TICK}) == Chosen(("B",))
    assert is_doubt(verdict({"D": LINES_PALE}), DoubtReason.CROSSED_OUT)


def test_a_cross_that_stands_askew_over_a_fill_cancels_it() -> None:
    assert verdict({"B": CROSSED_ASKEW, "A": PRESSED}, pen=PRESSED) == Chosen(("A",))
    assert is_doubt(verdict({"B": CROSSED_ASKEW}, pen=PRESSED), DoubtReason.CROSSED_OUT)


def test_a_filled_circle_between_two_lines_of_dirt_is_not_passed_over_as_crossed_out() -> None:
    """A hand that crosses out begins in the circle; dirt on the glass beside it lies further out, on both sides."""
    page = Yardstick(0.7945, 0.26, 0.013, 0.08, 0.035, 0.0178, 0.64, 0.927, sharp=3.82, noise=0.012, rubs=True, dot=0.23)
    item = replace(layout("several").items[0], rule="several")

    def said(mark: Mark, answer: float) -> Judgement:
        boxes = [(None, "A", TICK, Weight(0.999, 0.999)), (None, "B", mark, Weight(answer, 0.99))]
        return judge_item(item, boxes, page, None).judgement

    assert is_doubt(said(BETWEEN_STRIPES, 0.0145), DoubtReason.CROSSED_OUT)
    assert said(replace(BETWEEN_STRIPES, near=(0.263, 0.296, 0.248, 0.261)), 0.0145) == Chosen(("A",))
    assert said(BETWEEN_STRIPES, 0.001) == Chosen(("A",))


def test_a_hair_beside_an_answer_that_was_crossed_out_is_no_answer() -> None:
    assert isinstance(verdict({"A": CROSSED_OUT, "B": HAIR}), Doubt)
    assert verdict({"A": CROSSED_OUT, "B": TICK}) == Chosen(("B",))


def test_a_thin_mark_as_dark_as_the_pen_is_an_answer() -> None:
    assert verdict({"B": replace(HAIR, dark=0.6, ink=0.09, span=0.4)}) == Chosen(("B",))


@pytest.mark.parametrize("rule", ["one", "several"])
def test_a_filled_circle_struck_through_with_one_line_is_asked_about(rule: str) -> None:
    assert is_doubt(verdict({"B": STRUCK}, rule), DoubtReason.CROSSED_OUT)
    assert is_doubt(verdict({"A": FILLED, "B": STRUCK}, rule), DoubtReason.CROSSED_OUT)
    assert ruled({"B": replace(STRUCK, through=0.2, outside=0.01, beside=0.004)}, rule) == Chosen(
        ("B",)
    )  # the pale line of dirt on the glass


@pytest.mark.parametrize(("near", "taken"), [((0.4, 0.01, 0.01, 0.01), True), ((0.01, 0.4, 0.01, 0.01), False)], ids=["up", "down"])
def test_a_thin_line_that_comes_in_from_below_is_no_answer_however_sure_the_forest(near: Any, taken: bool) -> None:
    """Print hid where it went on; of a tick the long arm goes up to the right."""
    page = Yardstick(0.54, 0.26, 0.03, 0.077, 0.027, 0.05, 0.64, 0.93, sharp=3.9, noise=0.036, dot=0.2)
    line = replace(SLIP, ink=0.077, dark=0.416, cover=0.177, least=-0.12, span=0.3, near=near)
    assert kind_of(replace(line, dark=0.6, cover=0.2), page) is Kind.LINE
    boxes: list[tuple[int | None, str, Mark, Weight | None]] = [(None, "A", line, Weight(0.9995, 0.97)), (None, "B", CLEAN, None)]
    said = judge_item(layout("one").items[0], boxes, page, None).judgement
    assert said == Chosen(("A",)) if taken else isinstance(said, Doubt)


def test_an_outline_that_was_drawn_over_is_not_called_empty() -> None:
    assert is_doubt(verdict({"A": replace(CLEAN, edge=2.7)}), DoubtReason.OUT_OF_PLACE)
    assert verdict({"A": replace(CLEAN, edge=1.4)}) == Blank()


@pytest.mark.parametrize(
    ("seen", "usual", "loose"), [(0.5, 0.1, False), (0.9, 0.5, False), (0.8, 0.1, True), (1.2, 0.5, True), (1.65, 1.0, False)]
)
def test_what_a_copier_left_of_pale_outlines_differs_without_their_being_drawn_over(seen: float, usual: float, loose: bool) -> None:
    page = Yardstick(0.6, 0.26, 0.013, 0.08, 0.035, 0.018, 0.2, 0.93, sharp=3.3, noise=0.012, edge=usual)
    assert (kind_of(replace(CLEAN, edge=seen), page) is Kind.LOOSE) == loose


@pytest.mark.parametrize(
    ("mark", "sure", "taken"),
    [
        (PALE_LINES, 0.985, True),
        (PALE_LINES, 0.94, False),
        (replace(PALE_LINES, sharp=3.2), 0.985, False),
        (replace(PALE_LINES, cover=0.7, least=0.5), 0.985, False),
        (THIN_LINES, 0.998, True),
        (THIN_LINES, 0.98, False),
    ],
    ids=["a tick", "not sure", "smooth", "filled", "a thin tick", "a thin tick, not certain"],
)
def test_where_several_may_be_marked_pale_lines_with_a_pens_edges_are_an_answer_of_which_the_forest_is_sure(
    mark: Mark, sure: float, taken: bool
) -> None:
    page = yardstick_of([FILLED] * 5 + [CLEAN] * 30)
    boxes = [
        (None, "A", FILLED, Weight(0.999, 1.0)),
        (None, "B", mark, Weight(sure, 1.0)),
        *((None, letter, CLEAN, None) for letter in "CD"),
    ]
    said = judge_item(Item("x", "several", "1"), boxes, page, None).judgement
    assert said == Chosen(("A", "B")) if taken else isinstance(said, Doubt)


def test_handwriting_that_runs_through_an_empty_circle_is_no_answer() -> None:
    letters = replace(TICK, outside=0.147, beside=0.147, through=0.24)
    assert is_doubt(verdict({"B": letters}), DoubtReason.OUT_OF_PLACE)


def test_the_forest_never_takes_what_is_perhaps_crossed_out_for_an_answer() -> None:
    page = Yardstick(0.65, 0.26, 0.013, 0.08, 0.035, 0.018, 0.64, 0.93, sharp=3.3, noise=0.012, dot=0.23)
    boxes: list[tuple[int | None, str, Mark, Weight | None]] = [(None, "A", X_ON_A_FILL, Weight(0.999, 0.999)), (None, "B", CLEAN, None)]
    assert kind_of(X_ON_A_FILL, page) is Kind.CROSSED
    assert is_doubt(judge_item(layout("one").items[0], boxes, page, None).judgement, DoubtReason.CROSSED_OUT)


def test_a_mark_beside_an_empty_column_that_slips_over_its_rim_does_not_fill_the_column() -> None:
    page = Yardstick(0.65, 0.26, 0.013, 0.08, 0.035, 0.018, 0.64, 0.93, sharp=3.3, noise=0.012, dot=0.23)
    inked = replace(CLEAN, beside=0.02)
    near: list[tuple[int | None, str, Mark, Weight | None]] = [
        (1, "3", CLEAN, None), (1, "4", inked, None), (2, "3", CLEAN, None), (2, "4", FILLED, Weight(0.999, 0.999)),
    ]  # fmt: skip
    number = Item("x", "number", "1")
    assert judge_item(number, near, page, None).judgement == Chosen(("4",))
    far = [(column, value, inked if (column, value) == (1, "3") else mark, weight) for column, value, mark, weight in near]
    assert is_doubt(judge_item(number, far, page, None).judgement, DoubtReason.OUT_OF_PLACE)


def test_a_ring_round_an_empty_digit_is_not_explained_by_a_mark_in_the_next_column() -> None:
    """Drawn at two radii round the 4 of the first column, while 4 is filled in the second: ink on all sides comes from no neighbour."""
    page = Yardstick(0.65, 0.26, 0.013, 0.08, 0.035, 0.018, 0.64, 0.93, sharp=3.3, noise=0.012, dot=0.23)
    ringed = replace(CLEAN, beside=0.24, diagonals=(0.292, 0.366, 0.299, 0.377))
    boxes: list[tuple[int | None, str, Mark, Weight | None]] = [(1, "4", ringed, None), (2, "4", FILLED, Weight(0.999, 0.999))]
    assert is_doubt(judge_item(Item("x", "number", "1"), boxes, page, None).judgement, DoubtReason.OUT_OF_PLACE)


@pytest.mark.parametrize(("rule", "answer"), [("several", 0.002), ("several", 0.02), ("one", 0.02)])
def test_a_ring_round_an_empty_circle_is_not_passed_over_beside_a_mark(rule: str, answer: float) -> None:
    page = Yardstick(0.65, 0.26, 0.013, 0.08, 0.035, 0.018, 0.64, 0.93, sharp=3.3, noise=0.012, dot=0.23)
    boxes = [(None, "A", FILLED, Weight(0.999, 0.999)), (None, "C", RINGED, Weight(answer, 0.6))]
    assert kind_of(RINGED, page) is Kind.LOOSE
    assert is_doubt(judge_item(layout(rule).items[0], boxes, page, None).judgement, DoubtReason.OUT_OF_PLACE)
    assert judge_item(layout("one").items[0], [boxes[0], (None, "C", RINGED, Weight(0.002, 0.6))], page, None).judgement == Chosen(("A",))


def test_a_cross_over_a_filled_circle_that_lies_askew_is_no_line_through_it() -> None:
    """Of four such crossings on office and copied pages each beside a plain new answer; one line alone through a fill stays a question."""
    askew = replace(
        FILLED, outside=0.076, diagonals=(0.53, 0.24, 0.005, 0.045), near=(0.459, 0.472, 0.166, 0.422), through=0.341, beside=0.083
    )
    assert verdict({"B": askew, "D": FILLED}) == Chosen(("D",))
    assert is_doubt(verdict({"B": askew}), DoubtReason.CROSSED_OUT)
    line = replace(askew, diagonals=(0.53, 0.0, 0.45, 0.0), near=(0.459, 0.01, 0.4, 0.01))
    assert is_doubt(verdict({"B": line, "D": FILLED}), DoubtReason.CROSSED_OUT)


@pytest.mark.parametrize(
    ("axes", "through", "struck"),
    [
        ((0.366, 0.414, 0.0, 0.376), 0.222, True),
        ((0.0, 0.236, 0.0, 0.207), 0.12, True),
        ((0.329, 0.243, 0.0, 0.235), 0.23, True),
        ((0.002, 0.178, 0.002, 0.186), 0.19, False),
        ((0.0, 0.03, 0.0, 0.04), 0.0, False),
    ],
    ids=["both lines seen", "one line, that ends", "two lines on a striped page", "dirt on the glass", "a fill over its rim"],
)
def test_a_fill_that_is_crossed_upright_is_asked_about_and_one_on_a_scanner_s_stripe_is_read(
    axes: Any, through: float, struck: bool
) -> None:
    found = verdict({"B": replace(FILLED, dark=0.716, cover=0.93, least=0.77, axes=axes, through=through)})
    assert is_doubt(found, DoubtReason.CROSSED_OUT) if struck else found == Chosen(("B",))


def test_the_tail_of_a_tick_in_the_row_below_that_passes_beside_a_circle_s_middle_is_no_answer() -> None:
    """The one silent error of the first 2,000 pages of a long run: short inside the circle, it came in over the printed letter and went on at the upper right."""
    tail = Mark(
        0.204, 0.867, 0.925, 0.24, -0.011, 0.386, 0.06, (0.204, 0.004, 0.002, 0.007), (0.804, 0.004, 0.002, 0.001), 0.707, 0.004, 0.984
    )
    tail = replace(tail, thin=0.102, sharp=3.32, beside=0.041, through=0.001, edge=1.48, axes=(0.001, 0.002, 0.425, 0.001))
    assert is_doubt(verdict({"C": tail}), DoubtReason.OUT_OF_PLACE)
    assert ruled({"C": replace(tail, thin=0.2)}) == Chosen(("C",))
    assert verdict({"C": replace(tail, axes=NONE4)}) == Chosen(("C",))


@pytest.mark.parametrize(
    ("changed", "taken"),
    [
        ({}, True),
        ({"near": (0.01, 0.01, 0.45, 0.01), "diagonals": (0.01, 0.01, 0.4, 0.01)}, False),
        ({"near": (0.01, 0.01, 0.45, 0.01), "diagonals": (0.01, 0.01, 0.4, 0.01), "thin": 0.14}, True),
        ({"near": (0.01, 0.01, 0.45, 0.01), "diagonals": (0.01, 0.01, 0.4, 0.01), "outside": 0.01}, True),
    ],
    ids=["to the upper right, as a tick", "to the lower left", "as broad as a tick", "within its circle"],
)
def test_a_narrow_stroke_that_came_in_from_another_side_is_asked_about(changed: dict[str, Any], taken: bool) -> None:
    """Slips 0.09 to 0.14 radii across had been answers, as the rules and the forest agreed."""
    page = yardstick_of([FILLED] * 5 + [CLEAN] * 30)
    stroke = replace(TICK, **{"thin": 0.12, "sharp": 3.5, **changed})
    assert kind_of(stroke, page) is Kind.MARK
    boxes: list[tuple[int | None, str, Mark, Weight | None]] = [(None, "A", stroke, Weight(0.9999, 1.0)), (None, "B", CLEAN, None)]
    said = judge_item(layout("one").items[0], boxes, page, None).judgement
    assert said == Chosen(("A",)) if taken else isinstance(said, Doubt)


@pytest.mark.parametrize(("noise", "kind"), [(0.115, Kind.STRUCK), (0.12, Kind.MARK)])
def test_what_noise_makes_of_the_paper_above_and_below_a_fill_is_no_strike(noise: float, kind: Kind) -> None:
    grainy = replace(PRESSED, axes=(0.02, 0.15, 0.02, 0.15))
    page = yardstick_of([replace(CLEAN, dark=0.1, noise=noise)] * 20 + [PRESSED] * 4)
    assert kind_of(grainy, page) is kind
