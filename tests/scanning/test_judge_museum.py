"""A museum of boxes that were once read wrongly: the numbers taken from their pictures, and what must be said of them today.

Every case was a silent error of the rehearsal, or a control that the rule against it does not reach too far.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanning.forest import Weight
from scanning.judge import judge_item, judge_page
from scanning.kinds import Kind, kind_of
from scanning.marks import Mark
from scanning.thresholds import THRESHOLDS
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason
from scanning.yardstick import Yardstick, yardstick_of
from tests.scanning.museum_boxes import CLEAN, FILLED, PRESSED, TICK, is_doubt, ruled, verdict
from tests.scanning.test_judge import NONE4, layout

SMEARED = Mark(0.165, 0.305, 0.333, 0.498, 0.308, 0.413, 0.002, NONE4, NONE4, 0.7, 0.006, 0.95, thin=0.26, sharp=1.9)
WEAK_FILLED = Mark(0.168, 0.283, 0.314, 0.64, 0.758, 0.371, 0.002, NONE4, NONE4, 0.754, 0.007, 0.987, thin=0.33, sharp=3.3)
WEAK_SMEARED = Mark(0.171, 0.283, 0.303, 0.694, 0.743, 0.353, 0.003, NONE4, NONE4, 0.673, 0.008, 0.986, thin=0.33, sharp=2.2)
RESIDUE = Mark(0.043, 0.078, 0.083, 0.192, 0.377, 0.244, 0.003, NONE4, NONE4, 0.786, 0.008, 0.985, thin=0.2, sharp=2.2)
ARC = Mark(0.06, 0.51, 0.631, 0.12, -0.278, 0.377, 0.027, NONE4, (0.054, 0.016, 0.014, 0.042), 0.5, 0.019, 0.9, thin=0.119, sharp=0.46)
SPECKS = Mark(0.007, 0.05, 0.194, 0.039, 0.0, 0.193, 0.0, (0.0,) * 4, (0.0,) * 4, 0.9, 0.0, 1.0, thin=0.1, sharp=3.0)
HARDLY = Mark(0.006, 0.042, 0.053, 0.009, -0.06, 0.044, 0.003, NONE4, (0.02, 0.002, 0.006, 0.006), 0.9, 0.009, 0.95, thin=0.025, sharp=3.6)
SMALL = Mark(0.174, 0.655, 0.671, 0.255, 0.008, 0.216, 0.003, NONE4, NONE4, 0.733, 0.011, 0.955, thin=0.18, sharp=3.23)
TRACE = Mark(0.032, 0.052, 0.057, 0.01, 0.82, 0.09, 0.001, NONE4, NONE4, 0.81, 0.008, 0.99, thin=0.0, sharp=2.95)
EDGE_DOT = Mark(0.026, 0.226, 0.421, 0.072, 0.107, 0.117, 0.002, NONE4, NONE4, 0.853, 0.006, 0.99, thin=0.094, sharp=1.62)
ARC_OF_OUTLINE = Mark(0.012, 0.083, 0.138, 0.06, -0.38, 0.4, 0.009, NONE4, NONE4, 0.1, 0.022, 0.88, thin=0.137, sharp=1.6)
PALE_TICK = Mark(0.053, 0.173, 0.193, 0.3, 0.0, 0.424, 0.003, NONE4, NONE4, 0.427, 0.007, 0.975, thin=0.215, sharp=3.39)
BADLY_RUBBED = Mark(0.222, 0.319, 0.339, 0.83, 0.78, 0.37, 0.005, NONE4, NONE4, 0.56, 0.017, 0.97, thin=0.357, sharp=2.7)
THIN_CROSS = Mark(0.132, 0.463, 0.61, 0.23, 0.05, 0.38, 0.004, NONE4, NONE4, 0.9, 0.006, 0.98, thin=0.213, sharp=2.95)
PALE_PRINT = Yardstick(0.6, 0.26, 0.013, 0.08, 0.035, 0.018, 0.2, 0.93, sharp=3.3, noise=0.012, dot=0.23)


def test_what_a_rubber_smeared_is_no_answer_though_it_is_half_as_dark_as_the_pen() -> None:
    assert verdict({"B": SMEARED}) == Doubt(DoubtReason.ERASED, ("B",))
    assert ruled({"B": replace(SMEARED, sharp=3.4)}) == Chosen(("B",))


def test_a_fill_far_paler_than_the_pen_is_a_doubt_where_the_page_shows_rubbing() -> None:
    pale = replace(SMEARED, ink=0.242, dark=0.37, cover=0.664, sharp=3.3)
    assert is_doubt(verdict({"B": pale}, elsewhere=RESIDUE), DoubtReason.ERASED)
    assert ruled({"B": pale}) == Chosen(("B",))


def test_where_several_may_be_marked_a_smear_beside_a_mark_is_no_second_answer() -> None:
    assert is_doubt(verdict({"B": SMEARED, "D": TICK}, "several"), DoubtReason.ERASED)


def test_a_teachers_pen_need_not_have_the_edges_and_the_darkness_of_the_pupils() -> None:
    assert verdict({"B": replace(SMEARED, dark=0.35)}, "score") == Chosen(("B",))
    assert verdict({"B": replace(TICK, dark=0.3)}, "score", pen=replace(FILLED, dark=0.87)) == Chosen(("B",))


def test_a_faint_writers_smear_of_one_strength_with_the_marks_is_a_doubt() -> None:
    assert verdict({"B": WEAK_FILLED}, pen=WEAK_FILLED) == Chosen(("B",))
    assert is_doubt(verdict({"B": WEAK_SMEARED}, pen=WEAK_FILLED), DoubtReason.ERASED)


def test_without_edges_nothing_is_taken_for_an_answer_on_a_faint_page_where_something_was_rubbed_out() -> None:
    """Measurements of an older reader: the forest is not asked. With edges, and crisper than the others, it is read."""
    kept, rest = replace(WEAK_FILLED, sharp=0.0), replace(RESIDUE, sharp=0.0)
    assert isinstance(verdict({"B": kept}, pen=kept, elsewhere=rest), Doubt)
    assert verdict({"B": kept}, pen=kept) == Chosen(("B",))
    assert verdict({"B": replace(WEAK_FILLED, sharp=3.8)}, pen=WEAK_FILLED, elsewhere=RESIDUE) == Chosen(("B",))


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


def test_the_printed_outline_looking_into_its_circle_is_no_mark() -> None:
    assert is_doubt(verdict({"A": FILLED, "B": ARC}, "several"), DoubtReason.OUT_OF_PLACE)
    assert is_doubt(verdict({"B": ARC}), DoubtReason.OUT_OF_PLACE)


def test_specks_on_a_black_and_white_page_are_perhaps_a_tick_and_beside_a_mark_nothing() -> None:
    empty = Mark(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, (0.0,) * 4, (0.0,) * 4, 0.9, 0.0, 1.0)
    assert verdict({"B": SPECKS}, clean=empty) == Doubt(DoubtReason.FAINT, ("B",))
    assert ruled({"B": SPECKS, "C": FILLED}, clean=empty) == Chosen(("C",))
    assert verdict({"B": SPECKS}) == Blank()


def test_the_lighter_the_pen_the_cleaner_an_empty_circle_has_to_be() -> None:
    soft = replace(WEAK_FILLED, sharp=3.3)
    assert isinstance(verdict({"B": HARDLY}, pen=soft), Doubt)
    assert verdict({"B": HARDLY}) == Blank()


def test_a_trace_a_tenth_as_dark_as_the_mark_beside_it_is_nothing_and_alone_a_doubt() -> None:
    assert verdict({"C": TRACE, "D": FILLED}) == Chosen(("D",))
    assert isinstance(verdict({"C": TRACE}), Doubt)


def test_an_outline_that_looks_in_and_a_dot_at_the_edge_are_nothing_beside_a_mark_and_alone_a_doubt() -> None:
    assert verdict({"A": ARC_OF_OUTLINE, "B": FILLED}) == Chosen(("B",))
    assert isinstance(verdict({"A": ARC_OF_OUTLINE}), Doubt)
    assert verdict({"C": EDGE_DOT, "A": replace(TICK, dark=0.678)}) == Chosen(("A",))
    assert isinstance(verdict({"C": EDGE_DOT}), Doubt)


def test_a_pale_stroke_with_a_pens_edges_is_never_explained_by_the_mark_beside_it() -> None:
    """The pupil scratched out B beyond recognition and ticked A with a light hand."""
    assert isinstance(verdict({"A": PALE_TICK, "B": FILLED}), Doubt)


def test_a_fill_both_paler_and_smoother_than_the_pen_is_a_doubt_on_any_page() -> None:
    assert is_doubt(verdict({"B": BADLY_RUBBED}, pen=replace(FILLED, dark=0.55)), DoubtReason.ERASED)
    assert ruled({"B": replace(BADLY_RUBBED, dark=0.45)}, pen=replace(FILLED, dark=0.55)) == Chosen(("B",))


def test_strokes_with_white_between_them_were_not_smeared_though_the_page_shows_rubbing() -> None:
    assert ruled({"B": THIN_CROSS}, elsewhere=RESIDUE) == Chosen(("B",))
    assert isinstance(verdict({"B": replace(THIN_CROSS, cover=0.8, least=0.7)}, elsewhere=RESIDUE), Doubt)


def test_one_tick_a_little_smoother_than_its_neighbours_does_not_make_a_weak_page_a_rubbed_one() -> None:
    pen = replace(TICK, dark=0.38, outside=0.01)
    assert verdict({"B": pen}, pen=pen, elsewhere=replace(pen, sharp=3.4)) == Chosen(("B",))


def test_a_sharp_light_tick_is_read_and_a_smooth_one_is_not() -> None:
    light = replace(TICK, dark=0.25, outside=0.003, diagonals=NONE4)
    assert verdict({"B": light}, "score") == Chosen(("B",))
    assert verdict({"B": replace(light, ink=0.22, dark=0.4)}) == Chosen(("B",))
    assert is_doubt(verdict({"B": light}), DoubtReason.FAINT), "as pale as a light hand's rubber leaves one"
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


def test_where_noise_may_be_as_dark_as_a_faint_tick_only_what_is_paler_is_called_blank() -> None:
    noisy = replace(CLEAN, dark=0.09, noise=0.07)
    assert verdict({}, clean=noisy, pen=PRESSED) == Blank()
    assert is_doubt(verdict({"C": replace(noisy, dark=0.15)}, clean=noisy, pen=PRESSED), DoubtReason.FAINT)
    pale = replace(PRESSED, dark=0.48)
    assert is_doubt(verdict({"C": replace(noisy, dark=0.125)}, clean=noisy, pen=pale), DoubtReason.FAINT), "a quarter of a paler pen"
    assert verdict({"B": PRESSED}, clean=noisy, pen=PRESSED) == Chosen(("B",))


def test_specks_where_several_may_be_marked_are_perhaps_a_second_mark() -> None:
    empty = Mark(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, (0.0,) * 4, (0.0,) * 4, 0.9, 0.0, 1.0)
    assert isinstance(verdict({"B": SPECKS, "C": FILLED}, "several", clean=empty), Doubt)


def test_a_soft_pencils_smear_is_no_answer_though_it_is_darker_than_half_the_print() -> None:
    smear = Mark(0.33, 0.61, 0.63, 0.59, 0.47, 0.39, 0.004, NONE4, NONE4, 0.7, 0.006, 0.98, thin=0.3, sharp=1.83)
    assert is_doubt(verdict({"A": smear}, pen=PRESSED), DoubtReason.ERASED)
    assert is_doubt(verdict({"A": smear, "B": PRESSED}, "several", pen=PRESSED), DoubtReason.ERASED)
    assert ruled({"A": replace(smear, sharp=3.2)}, pen=PRESSED) == Chosen(("A",))


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


def test_where_several_may_be_marked_one_far_paler_than_the_others_is_asked_about() -> None:
    paler = replace(FILLED, dark=0.35, ink=0.26, spot=0.4)
    assert isinstance(verdict({"A": FILLED, "B": FILLED, "C": paler}, "several"), Doubt)
    assert verdict({"A": FILLED, "C": replace(FILLED, dark=0.5)}, "several") == Chosen(("A", "C"))


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
