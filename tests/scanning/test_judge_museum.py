"""A museum of boxes that were once read wrongly: the numbers taken from their pictures, and what must be said of them today.

Every case was a silent error of the rehearsal, or a control that the rule against it does not reach too far.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from packets.layout import Item
from scanning.forest import Weight
from scanning.judge import judge_item, judge_page
from scanning.kinds import Kind, kind_of
from scanning.marks import Mark
from scanning.thresholds import THRESHOLDS
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, Judgement
from scanning.yardstick import Yardstick, yardstick_of
from tests.scanning.test_judge import CLEAN as OLD_CLEAN
from tests.scanning.test_judge import NONE4, layout

CLEAN = replace(OLD_CLEAN, sharp=2.0)
FILLED = Mark(0.45, 0.62, 0.66, 0.8, 0.7, 0.39, 0.003, NONE4, NONE4, 0.7, 0.01, 0.95, thin=0.36, sharp=3.3)
TICK = Mark(0.14, 0.6, 0.65, 0.25, 0.0, 0.4, 0.02, (0.4, 0.01, 0.01, 0.01), (0.45, 0.01, 0.01, 0.01), 0.8, 0.01, 0.95, thin=0.2, sharp=3.9)
SMEARED = Mark(0.165, 0.305, 0.333, 0.498, 0.308, 0.413, 0.002, NONE4, NONE4, 0.7, 0.006, 0.95, thin=0.26, sharp=1.9)
WEAK_FILLED = Mark(0.168, 0.283, 0.314, 0.64, 0.758, 0.371, 0.002, NONE4, NONE4, 0.754, 0.007, 0.987, thin=0.33, sharp=3.3)
WEAK_SMEARED = Mark(0.171, 0.283, 0.303, 0.694, 0.743, 0.353, 0.003, NONE4, NONE4, 0.673, 0.008, 0.986, thin=0.33, sharp=2.2)
RESIDUE = Mark(0.043, 0.078, 0.083, 0.192, 0.377, 0.244, 0.003, NONE4, NONE4, 0.786, 0.008, 0.985, thin=0.2, sharp=2.2)
SLIP = Mark(0.178, 0.718, 0.781, 0.234, 0.017, 0.435, 0.025, NONE4, NONE4, 0.8, 0.007, 0.95, thin=0.07, sharp=4.2)
RING = Mark(-0.022, 0.0, 0.0, 0.0, 0.0, 0.0, 0.049, NONE4, (0.11, 0.104, 0.039, 0.027), 0.9, 0.021, 0.95, sharp=2.0)
ARC = Mark(0.06, 0.51, 0.631, 0.12, -0.278, 0.377, 0.027, NONE4, (0.054, 0.016, 0.014, 0.042), 0.5, 0.019, 0.9, thin=0.119, sharp=0.46)
CROSSED = replace(FILLED, ink=0.597, dark=1.103, spot=1.181, cover=0.489, least=0.677, outside=0.047)
LINES_ON_ONE_SIDE = replace(CROSSED, diagonals=(0.058, 0.171, 0.535, 0.384), near=(0.162, 0.133, 0.563, 0.386))
LINES_WASHED = replace(
    FILLED, ink=0.614, dark=0.843, cover=0.919, diagonals=(-0.001, 0.086, 0.21, 0.004), near=(0.025, 0.034, 0.193, 0.007)
)
LINES_PALE = replace(
    FILLED, ink=0.477, dark=0.612, cover=0.985, least=0.929, diagonals=(0.14, 0.155, 0.174, 0.126), near=(0.142, 0.151, 0.166, 0.126)
)
SPECKS = Mark(0.007, 0.05, 0.194, 0.039, 0.0, 0.193, 0.0, (0.0,) * 4, (0.0,) * 4, 0.9, 0.0, 1.0, thin=0.1, sharp=3.0)
HARDLY = Mark(0.006, 0.042, 0.053, 0.009, -0.06, 0.044, 0.003, NONE4, (0.02, 0.002, 0.006, 0.006), 0.9, 0.009, 0.95, thin=0.025, sharp=3.6)


def verdict(
    marks: dict[str, Mark], rule: str = "one", pen: Mark = FILLED, clean: Mark = CLEAN, elsewhere: Mark | None = None, **more: Any
) -> Judgement:
    """What is said of item `x` on a page whose other items are all marked with `pen`; `elsewhere` lies in one empty box of another item, `more` was measured of the page."""
    sheet = layout(rule)
    taken = []
    for box in sheet.boxes:
        if box.item == "x":
            taken.append(marks.get(box.value, clean))
        elif elsewhere is not None and (box.item, box.value) == ("0", "D"):
            taken.append(elsewhere)
        else:
            taken.append(pen if box.value == "A" else clean)
    page: dict[str, Any] = {"boxes": [mark.as_list() for mark in taken], "rows": [["x", 0.8, 0.0, 0.0]]}
    return judge_page(page | more, sheet)[0].judgement


def is_doubt(found: Judgement, reason: DoubtReason) -> bool:
    return isinstance(found, Doubt) and found.reason is reason


def test_what_a_rubber_smeared_is_no_answer_though_it_is_half_as_dark_as_the_pen() -> None:
    assert verdict({"B": SMEARED}) == Doubt(DoubtReason.ERASED, ("B",))
    assert verdict({"B": replace(SMEARED, sharp=3.4)}) == Chosen(("B",))


def test_a_fill_far_paler_than_the_pen_is_a_doubt_where_the_page_shows_rubbing() -> None:
    pale = replace(SMEARED, ink=0.242, dark=0.37, cover=0.664, sharp=3.3)
    assert is_doubt(verdict({"B": pale}, elsewhere=RESIDUE), DoubtReason.ERASED)
    assert verdict({"B": pale}) == Chosen(("B",))


def test_where_several_may_be_marked_a_smear_beside_a_mark_is_no_second_answer() -> None:
    assert is_doubt(verdict({"B": SMEARED, "D": TICK}, "several"), DoubtReason.ERASED)


def test_a_teachers_pen_need_not_have_the_edges_and_the_darkness_of_the_pupils() -> None:
    assert verdict({"B": replace(SMEARED, dark=0.35)}, "score") == Chosen(("B",))
    assert verdict({"B": replace(TICK, dark=0.3)}, "score", pen=replace(FILLED, dark=0.87)) == Chosen(("B",))


def test_a_faint_writers_smear_of_one_strength_with_the_marks_is_a_doubt() -> None:
    assert verdict({"B": WEAK_FILLED}, pen=WEAK_FILLED) == Chosen(("B",))
    assert is_doubt(verdict({"B": WEAK_SMEARED}, pen=WEAK_FILLED), DoubtReason.ERASED)


def test_without_edges_nothing_is_taken_for_an_answer_on_a_faint_page_where_something_was_rubbed_out() -> None:
    """Measurements of an older reader: the forest is not asked. With edges, marks like all the others are read."""
    kept, rest = replace(WEAK_FILLED, sharp=0.0), replace(RESIDUE, sharp=0.0)
    assert isinstance(verdict({"B": kept}, pen=kept, elsewhere=rest), Doubt)
    assert verdict({"B": kept}, pen=kept) == Chosen(("B",))
    assert verdict({"B": WEAK_FILLED}, pen=WEAK_FILLED, elsewhere=RESIDUE) == Chosen(("B",))


def test_a_line_straight_through_a_circle_and_beyond_is_a_slip_of_the_pen() -> None:
    assert is_doubt(verdict({"B": SLIP}), DoubtReason.OUT_OF_PLACE)
    assert verdict({"B": replace(SLIP, thin=0.2)}) == Chosen(("B",))
    assert verdict({"B": replace(SLIP, outside=0.002)}) == Chosen(("B",))


@pytest.mark.parametrize(
    ("near", "weight", "taken"),
    [((0.4, 0.01, 0.01, 0.01), 0.995, True), ((0.4, 0.01, 0.2, 0.01), 0.995, False), ((0.4, 0.01, 0.01, 0.01), 0.98, False)],
    ids=["begun inside", "came past", "not certain"],
)
def test_a_thin_tick_that_was_begun_inside_its_circle_is_an_answer_if_the_forest_is_certain(near: Any, weight: float, taken: bool) -> None:
    line = replace(SLIP, near=near)
    yardstick = yardstick_of([*[FILLED] * 5, *[CLEAN] * 20])
    assert kind_of(line, yardstick, THRESHOLDS) is Kind.LINE
    boxes = [(None, "A", CLEAN, None), (None, "B", line, Weight(weight, 0.999))]
    judgement = judge_item(Item("x", "one", "1"), boxes, yardstick, None).judgement
    assert judgement == Chosen(("B",)) if taken else isinstance(judgement, Doubt)


SMALL = Mark(0.174, 0.655, 0.671, 0.255, 0.008, 0.216, 0.003, NONE4, NONE4, 0.733, 0.011, 0.955, thin=0.18, sharp=3.23)


@pytest.mark.parametrize("rule", ["one", "several"])
def test_a_dot_among_filled_circles_is_a_doubt_and_the_answer_of_a_hand_that_makes_dots(rule: str) -> None:
    assert is_doubt(verdict({"B": SMALL}, rule), DoubtReason.FAINT)
    assert verdict({"B": SMALL}, rule, pen=SMALL) == Chosen(("B",))


def test_dust_in_a_circle_is_no_second_answer_where_marks_are_too_black_to_show_edges() -> None:
    black = Mark(1.297, 1.3, 1.3, 1.0, 0.989, 0.39, 0.012, NONE4, NONE4, 0.35, 0.039, 0.938, thin=0.39)
    dust = Mark(0.051, 0.527, 0.739, 0.096, -0.42, 0.279, 0.008, NONE4, NONE4, 0.644, 0.041, 0.931, thin=0.055, sharp=0.747)
    assert is_doubt(verdict({"A": dust, "B": black}, "several", pen=black), DoubtReason.FAINT)


def test_the_smoothed_edges_of_a_page_that_a_program_drew_are_no_specks() -> None:
    drawn = Mark(0.0, 0.02, 0.06, 0.006, 0.0, 0.152, 0.0, NONE4, NONE4, 0.49, 0.0, 1.0, sharp=0.018)
    assert verdict({"B": drawn}, clean=replace(CLEAN, dark=0.0, spot=0.0, noise=0.0)) == Blank()


def test_a_faint_ring_round_a_circle_is_not_blank() -> None:
    assert is_doubt(verdict({"B": RING}), DoubtReason.OUT_OF_PLACE)
    assert verdict({"B": replace(RING, near=(0.11, 0.02, 0.02, 0.02))}) == Blank()


def test_the_printed_outline_looking_into_its_circle_is_no_mark() -> None:
    assert is_doubt(verdict({"A": FILLED, "B": ARC}, "several"), DoubtReason.OUT_OF_PLACE)
    assert is_doubt(verdict({"B": ARC}), DoubtReason.OUT_OF_PLACE)


@pytest.mark.parametrize("mark", [LINES_ON_ONE_SIDE, LINES_WASHED], ids=["turned or off the middle", "washed out by a copier"])
def test_a_filled_circle_with_two_lines_beyond_its_edge_is_a_doubt(mark: Mark) -> None:
    assert is_doubt(verdict({"B": mark}), DoubtReason.CROSSED_OUT)
    assert verdict({"B": replace(mark, diagonals=(0.01, 0.01, mark.diagonals[2], 0.01), near=NONE4)}) == Chosen(("B",))


def test_four_pale_lines_beyond_a_dark_fill_cross_it_out() -> None:
    assert verdict({"D": LINES_PALE, "B": TICK}) == Chosen(("B",))
    assert is_doubt(verdict({"D": LINES_PALE}), DoubtReason.CROSSED_OUT)


def test_specks_on_a_black_and_white_page_are_perhaps_a_tick_and_beside_a_mark_nothing() -> None:
    empty = Mark(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, (0.0,) * 4, (0.0,) * 4, 0.9, 0.0, 1.0)
    assert verdict({"B": SPECKS}, clean=empty) == Doubt(DoubtReason.FAINT, ("B",))
    assert verdict({"B": SPECKS, "C": FILLED}, clean=empty) == Chosen(("C",))
    assert verdict({"B": SPECKS}) == Blank()


def test_the_lighter_the_pen_the_cleaner_an_empty_circle_has_to_be() -> None:
    soft = replace(WEAK_FILLED, sharp=3.3)
    assert isinstance(verdict({"B": HARDLY}, pen=soft), Doubt)
    assert verdict({"B": HARDLY}) == Blank()


TRACE = Mark(0.032, 0.052, 0.057, 0.01, 0.82, 0.09, 0.001, NONE4, NONE4, 0.81, 0.008, 0.99, thin=0.0, sharp=2.95)
EDGE_DOT = Mark(0.026, 0.226, 0.421, 0.072, 0.107, 0.117, 0.002, NONE4, NONE4, 0.853, 0.006, 0.99, thin=0.094, sharp=1.62)
ARC_OF_OUTLINE = Mark(0.012, 0.083, 0.138, 0.06, -0.38, 0.4, 0.009, NONE4, NONE4, 0.1, 0.022, 0.88, thin=0.137, sharp=1.6)
PALE_TICK = Mark(0.053, 0.173, 0.193, 0.3, 0.0, 0.424, 0.003, NONE4, NONE4, 0.427, 0.007, 0.975, thin=0.215, sharp=3.39)
CROSSED_ASKEW = replace(
    FILLED, ink=0.73, dark=0.918, cover=0.94, outside=0.051, diagonals=(0.232, 0.044, 0.244, 0.306), near=(0.438, 0.213, 0.463, 0.357)
)
PRESSED = replace(FILLED, ink=0.78, dark=0.9, spot=0.92)
BADLY_RUBBED = Mark(0.222, 0.319, 0.339, 0.83, 0.78, 0.37, 0.005, NONE4, NONE4, 0.56, 0.017, 0.97, thin=0.357, sharp=2.7)
THIN_CROSS = Mark(0.132, 0.463, 0.61, 0.23, 0.05, 0.38, 0.004, NONE4, NONE4, 0.9, 0.006, 0.98, thin=0.213, sharp=2.95)


def test_a_trace_a_tenth_as_dark_as_the_mark_beside_it_is_nothing_and_alone_a_doubt() -> None:
    assert verdict({"C": TRACE, "D": FILLED}) == Chosen(("D",))
    assert isinstance(verdict({"C": TRACE}), Doubt)
    assert isinstance(verdict({"C": TRACE, "D": FILLED}, "several"), Doubt)


def test_an_outline_that_looks_in_and_a_dot_at_the_edge_are_nothing_beside_a_mark_and_alone_a_doubt() -> None:
    assert verdict({"A": ARC_OF_OUTLINE, "B": FILLED}) == Chosen(("B",))
    assert isinstance(verdict({"A": ARC_OF_OUTLINE}), Doubt)
    assert verdict({"C": EDGE_DOT, "A": replace(TICK, dark=0.678)}) == Chosen(("A",))
    assert isinstance(verdict({"C": EDGE_DOT}), Doubt)


def test_a_pale_stroke_with_a_pens_edges_is_never_explained_by_the_mark_beside_it() -> None:
    """The pupil scratched out B beyond recognition and ticked A with a light hand."""
    assert isinstance(verdict({"A": PALE_TICK, "B": FILLED}), Doubt)


def test_a_cross_that_stands_askew_over_a_fill_cancels_it() -> None:
    assert verdict({"B": CROSSED_ASKEW, "A": PRESSED}, pen=PRESSED) == Chosen(("A",))
    assert is_doubt(verdict({"B": CROSSED_ASKEW}, pen=PRESSED), DoubtReason.CROSSED_OUT)


def test_a_fill_both_paler_and_smoother_than_the_pen_is_a_doubt_on_any_page() -> None:
    assert is_doubt(verdict({"B": BADLY_RUBBED}, pen=replace(FILLED, dark=0.55)), DoubtReason.ERASED)
    assert verdict({"B": replace(BADLY_RUBBED, dark=0.45)}, pen=replace(FILLED, dark=0.55)) == Chosen(("B",))


def test_strokes_with_white_between_them_were_not_smeared_though_the_page_shows_rubbing() -> None:
    assert verdict({"B": THIN_CROSS}, elsewhere=RESIDUE) == Chosen(("B",))
    assert isinstance(verdict({"B": replace(THIN_CROSS, cover=0.8, least=0.7)}, elsewhere=RESIDUE), Doubt)


def test_one_tick_a_little_smoother_than_its_neighbours_does_not_make_a_weak_page_a_rubbed_one() -> None:
    pen = replace(TICK, dark=0.38, outside=0.01)
    assert verdict({"B": pen}, pen=pen, elsewhere=replace(pen, sharp=3.4)) == Chosen(("B",))


def test_a_sharp_light_tick_is_read_and_a_smooth_one_is_not() -> None:
    light = replace(TICK, dark=0.25, outside=0.003, diagonals=NONE4)
    assert verdict({"B": light}, "score") == Chosen(("B",))
    assert verdict({"B": light}) == Chosen(("B",))
    assert isinstance(verdict({"B": replace(light, sharp=1.5, cover=0.8, least=0.7)}), Doubt)


def test_the_teachers_dark_pen_is_no_measure_of_the_pupils() -> None:
    sheet = layout("score")
    boxes = [
        PRESSED if box.item == "x" and box.value == "C" else WEAK_FILLED if box.item != "x" and box.value == "A" else CLEAN
        for box in sheet.boxes
    ]
    found = judge_page({"boxes": [mark.as_list() for mark in boxes], "rows": [["x", 0.8, 0.0, 0.0]]}, sheet)
    assert found[0].judgement == Chosen(("C",))
    assert all(item.judgement == Chosen(("A",)) for item in found[1:])


def test_where_noise_is_as_dark_as_a_faint_tick_nothing_is_called_blank() -> None:
    noisy = replace(CLEAN, dark=0.09, noise=0.055)
    assert is_doubt(verdict({}, clean=noisy, pen=PRESSED), DoubtReason.FAINT)
    assert verdict({"B": PRESSED}, clean=noisy, pen=PRESSED) == Chosen(("B",))


def test_specks_where_several_may_be_marked_are_perhaps_a_second_mark() -> None:
    empty = Mark(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, (0.0,) * 4, (0.0,) * 4, 0.9, 0.0, 1.0)
    assert isinstance(verdict({"B": SPECKS, "C": FILLED}, "several", clean=empty), Doubt)


def test_a_soft_pencils_smear_is_no_answer_though_it_is_darker_than_half_the_print() -> None:
    smear = Mark(0.33, 0.61, 0.63, 0.59, 0.47, 0.39, 0.004, NONE4, NONE4, 0.7, 0.006, 0.98, thin=0.3, sharp=1.83)
    assert is_doubt(verdict({"A": smear}, pen=PRESSED), DoubtReason.ERASED)
    assert is_doubt(verdict({"A": smear, "B": PRESSED}, "several", pen=PRESSED), DoubtReason.ERASED)
    assert verdict({"A": replace(smear, sharp=3.2)}, pen=PRESSED) == Chosen(("A",))


BETWEEN_STRIPES = Mark(
    0.563, 0.836, 0.849, 0.718, 0.506, 0.405, 0.041, (0.292, 0.251, 0.139, 0.141), (0.263, 0.296, 0.048, 0.061), 0.556, 0.013, 0.927,
    thin=0.346, sharp=3.826, beside=0.038, through=0.033,
)  # fmt: skip
HAIR = Mark(0.05, 0.31, 0.381, 0.138, -0.013, 0.245, 0.004, NONE4, NONE4, 0.692, 0.014, 0.976, thin=0.159, sharp=4.034, through=0.009)
CROSSED_OUT = Mark(
    0.533, 0.67, 0.684, 0.937, 0.788, 0.396, 0.056, (0.159, 0.437, 0.006, 0.11), (0.449, 0.478, 0.246, 0.36), 0.544, 0.012, 0.974,
    thin=0.368, sharp=2.385, beside=0.05, through=0.062,
)  # fmt: skip


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


STRUCK = replace(FILLED, dark=0.8, ink=0.66, cover=0.95, outside=0.04, beside=0.03, through=0.45)
X_ON_A_FILL = replace(FILLED, ink=0.57, dark=0.7, cover=0.9, diagonals=(0.02, 0.15, 0.01, 0.14), near=(0.05, 0.2, 0.06, 0.19))


@pytest.mark.parametrize("rule", ["one", "several"])
def test_a_filled_circle_struck_through_with_one_line_is_asked_about(rule: str) -> None:
    assert is_doubt(verdict({"B": STRUCK}, rule), DoubtReason.CROSSED_OUT)
    assert is_doubt(verdict({"A": FILLED, "B": STRUCK}, rule), DoubtReason.CROSSED_OUT)
    assert verdict({"B": replace(STRUCK, through=0.2, outside=0.01, beside=0.004)}, rule) == Chosen(
        ("B",)
    )  # the pale line of dirt on the glass


@pytest.mark.parametrize(("near", "taken"), [((0.4, 0.01, 0.01, 0.01), True), ((0.01, 0.4, 0.01, 0.01), False)], ids=["up", "down"])
def test_a_thin_line_that_comes_in_from_below_is_no_answer_however_sure_the_forest(near: Any, taken: bool) -> None:
    """Print hid where it went on; of a tick the long arm goes up to the right."""
    page = Yardstick(0.54, 0.26, 0.03, 0.077, 0.027, 0.05, 0.64, 0.93, sharp=3.9, noise=0.036, dot=0.2)
    line = replace(SLIP, ink=0.077, dark=0.416, cover=0.177, least=-0.12, span=0.3, near=near)
    assert kind_of(replace(line, dark=0.6, cover=0.2), page) is Kind.LINE
    boxes: list[tuple[int | None, str, Mark, Weight | None]] = [(None, "A", line, Weight(0.9967, 0.97)), (None, "B", CLEAN, None)]
    said = judge_item(layout("one").items[0], boxes, page, None).judgement
    assert said == Chosen(("A",)) if taken else isinstance(said, Doubt)


PALE_PRINT = Yardstick(0.6, 0.26, 0.013, 0.08, 0.035, 0.018, 0.2, 0.93, sharp=3.3, noise=0.012, dot=0.23)


@pytest.mark.parametrize(
    ("more", "mark", "rule", "page", "taken"),
    [
        ({}, FILLED, "one", PALE_PRINT, True),
        ({}, FILLED, "several", PALE_PRINT, False),
        ({"shown": 0.05}, FILLED, "one", PALE_PRINT, False),
        ({"dark": 0.3, "ink": 0.1}, FILLED, "one", PALE_PRINT, False),
        ({"outside": 0.3}, FILLED, "one", PALE_PRINT, False),
        ({"paper": 0.1}, FILLED, "one", PALE_PRINT, False),
        ({}, WEAK_FILLED, "one", PALE_PRINT, False),
        ({}, FILLED, "one", replace(PALE_PRINT, rim=0.9), False),
        ({"shown": 1.0}, FILLED, "one", replace(PALE_PRINT, rim=0.9), False),
    ],
    ids=["pale", "several", "no print", "marked too", "ink beside", "dark paper", "no clear mark", "torn through the letters", "covered"],
)
def test_hardly_any_print_is_no_hindrance_beside_a_clear_mark_on_a_page_of_pale_print(
    more: dict[str, float], mark: Mark, rule: str, page: Yardstick, taken: bool
) -> None:
    gone = replace(CLEAN, rim=0.02, shown=0.2)
    boxes: list[tuple[int | None, str, Mark, Weight | None]] = [
        (None, "A", mark, Weight(0.995, 0.99)), (None, "B", replace(gone, **more), Weight(0.001, 0.001)), (None, "C", replace(CLEAN, rim=0.2), None),
    ]  # fmt: skip
    said = judge_item(layout(rule).items[0], boxes, page, None).judgement
    assert said == Chosen(("A",)) if taken else isinstance(said, Doubt)


@pytest.mark.parametrize(("sure", "second"), [(0.98, CLEAN), (0.995, FILLED)], ids=["not certain", "two marks"])
def test_nor_is_it_where_the_mark_is_not_certain_or_not_alone(sure: float, second: Mark) -> None:
    gone = replace(CLEAN, rim=0.02, shown=0.2)
    boxes: list[tuple[int | None, str, Mark, Weight | None]] = [
        (None, "A", FILLED, Weight(sure, 0.99)), (None, "B", gone, Weight(0.001, 0.001)), (None, "C", replace(second, rim=0.2), Weight(0.2, 0.2)),
    ]  # fmt: skip
    assert isinstance(judge_item(layout("one").items[0], boxes, PALE_PRINT, None).judgement, Doubt)


def test_an_outline_that_was_drawn_over_is_not_called_empty() -> None:
    assert is_doubt(verdict({"A": replace(CLEAN, edge=2.7)}), DoubtReason.OUT_OF_PLACE)
    assert verdict({"A": replace(CLEAN, edge=1.4)}) == Blank()


def test_where_several_may_be_marked_one_far_paler_than_the_others_is_asked_about() -> None:
    paler = replace(FILLED, dark=0.35, ink=0.26, spot=0.4)
    assert isinstance(verdict({"A": FILLED, "B": FILLED, "C": paler}, "several"), Doubt)
    assert verdict({"A": FILLED, "C": replace(FILLED, dark=0.5)}, "several") == Chosen(("A", "C"))


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


RINGED = replace(CLEAN, outside=0.227, beside=0.179, near=(0.507, 0.041, 0.446, 0.309))


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
    assert verdict({"C": replace(tail, thin=0.2)}) == Chosen(("C",))
    assert verdict({"C": replace(tail, axes=NONE4)}) == Chosen(("C",))


def test_a_page_without_any_mark_is_not_called_blank_where_the_picture_has_no_greys() -> None:
    """Ticks of brown and red pencils: two whole pages of which a black-and-white scan had kept nothing were blank in silence."""
    bare = replace(CLEAN, noise=0.0)
    assert verdict({}, pen=bare, clean=bare, two_tone=True) == Doubt(DoubtReason.FAINT)
    assert verdict({}, pen=bare, clean=bare) == Doubt(DoubtReason.FAINT), (
        "with grey edges, as a black-and-white scan has that was drawn anew"
    )
    assert verdict({}, pen=CLEAN, two_tone=True) == Doubt(DoubtReason.FAINT), "with the noise of a JPEG"
    assert verdict({}, pen=replace(FILLED, noise=0.0), clean=bare, two_tone=True) == Blank()


def test_one_dot_on_a_page_without_greys_does_not_make_the_other_questions_blank() -> None:
    """Seven pale answers were washed out; what was left of one kept the rest from being asked about."""
    bare = replace(CLEAN, noise=0.0)
    assert verdict({}, pen=bare, clean=bare, elsewhere=replace(EDGE_DOT, noise=0.0), two_tone=True) == Doubt(DoubtReason.FAINT)


def test_where_the_light_was_cut_off_and_print_is_pale_nothing_is_blank_and_several_are_not_all() -> None:
    """One bit of a JPEG had changed: from there on the page was so light that pale answers were paper, and no decoder complained."""
    bare, pen = replace(CLEAN, noise=0.0), replace(FILLED, noise=0.0)
    assert verdict({}, pen=pen, clean=bare, black=0.6) == Doubt(DoubtReason.FAINT)
    assert verdict({"A": pen}, pen=pen, clean=bare, black=0.6) == Chosen(("A",))
    assert verdict({"A": pen}, "several", pen=pen, clean=bare, black=0.6) == Doubt(DoubtReason.FAINT, ("A",))
    assert verdict({}, pen=pen, clean=bare, black=0.3) == Blank(), "paper cleaned to white, and black print"
    assert verdict({}, black=0.6) == Blank(), "pale print on paper that shows its grain"


def test_a_trace_in_a_circle_of_a_page_whose_answers_are_pale_is_perhaps_what_a_copier_left() -> None:
    """Of copied pages with pale pencil 67 of 61,330 answers were blank in silence."""
    pale, trace = replace(WEAK_FILLED, dark=0.25, spot=0.28), replace(CLEAN, dark=0.032, spot=0.04)
    assert verdict({"B": trace}, pen=pale) == Doubt(DoubtReason.FAINT)
    assert verdict({}, pen=pale) == Blank()
    assert verdict({"B": trace}, pen=FILLED) == Blank()


def test_a_light_scribble_beside_a_cross_is_no_rest_of_a_rubber() -> None:
    """The other silent error of the long run: A scribbled lightly, half as dark as the page's pen and without its edges, and C crossed."""
    scribble = Mark(0.188, 0.382, 0.4, 0.574, 0.087, 0.383, 0.003, NONE4, NONE4, 0.611, 0.011, 0.983, thin=0.242, sharp=2.344, edge=1.261)
    cross = Mark(0.243, 0.631, 0.741, 0.393, 0.03, 0.335, 0.003, NONE4, NONE4, 0.503, 0.011, 0.984, thin=0.326, sharp=3.329, edge=1.146)
    assert kind_of(scribble, yardstick_of([*[FILLED] * 5, *[CLEAN] * 20]), THRESHOLDS) is Kind.SMEARED
    assert isinstance(verdict({"A": scribble, "C": cross}), Doubt)
    assert verdict({"A": replace(scribble, ink=0.1, dark=0.2, spot=0.22), "C": cross}) == Chosen(("C",))
