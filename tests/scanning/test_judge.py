"""The judge on numbers alone: rules of DESIGN section 4, and properties that hold for any page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packets.layout import Box, BoxKind, Item, Layout, PageKind
from scanning.judge import judge_page
from scanning.marks import Mark
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, Judgement
from scanning.yardstick import yardstick_of

NONE4 = (0.01, 0.01, 0.01, 0.01)
CLEAN = Mark(0.0, 0.01, 0.02, 0.0, 0.0, 0.0, 0.002, NONE4, NONE4, 0.9, 0.01, 0.95, thin=0.0, sharp=2.0)
FILLED = Mark(0.6, 0.75, 0.8, 0.95, 0.8, 0.39, 0.01, NONE4, NONE4, 0.6, 0.01, 0.95, thin=0.36, sharp=3.3)
TICK = Mark(0.2, 0.7, 0.75, 0.28, 0.0, 0.4, 0.02, (0.5, 0.01, 0.01, 0.01), (0.5, 0.01, 0.01, 0.01), 0.8, 0.01, 0.95, thin=0.2, sharp=3.3)
CROSS = Mark(0.29, 0.73, 0.77, 0.39, 0.05, 0.35, 0.002, NONE4, NONE4, 0.8, 0.01, 0.95, thin=0.27, sharp=3.3)
BIG_CROSS = Mark(0.29, 0.73, 0.77, 0.39, 0.05, 0.35, 0.09, (0.6,) * 4, (0.6,) * 4, 0.8, 0.01, 0.95, thin=0.27, sharp=3.3)
CROSSED_OUT = Mark(0.8, 0.94, 0.95, 0.98, 0.9, 0.39, 0.09, (0.6,) * 4, (0.6,) * 4, 0.5, 0.01, 0.95, thin=0.36, sharp=3.3)
LIGHTLY_CROSSED_OUT = Mark(0.5, 0.7, 0.8, 0.9, 0.8, 0.39, 0.04, (0.25,) * 4, (0.25,) * 4, 0.5, 0.01, 0.95, thin=0.36, sharp=3.3)
SHORT_CROSSED_OUT = Mark(0.7, 0.9, 0.9, 0.95, 0.9, 0.39, 0.05, NONE4, (0.5,) * 4, 0.5, 0.01, 0.95, thin=0.36, sharp=3.3)
RUBBED = Mark(0.1, 0.14, 0.15, 0.9, 0.8, 0.39, 0.01, NONE4, NONE4, 0.9, 0.01, 0.95, thin=0.36, sharp=2.0)
FAINT = Mark(0.16, 0.2, 0.22, 0.9, 0.8, 0.39, 0.01, NONE4, NONE4, 0.9, 0.01, 0.95, thin=0.36, sharp=3.3)
DOT = Mark(0.05, 0.48, 0.75, 0.08, 0.0, 0.11, 0.002, NONE4, NONE4, 0.9, 0.01, 0.95, thin=0.1, sharp=3.3)
SPECK = Mark(0.01, 0.075, 0.6, 0.01, 0.0, 0.03, 0.002, NONE4, NONE4, 0.9, 0.01, 0.95, thin=0.0, sharp=2.0)
GONE = Mark(0.0, 0.01, 0.02, 0.0, 0.0, 0.0, 0.002, NONE4, NONE4, 0.02, 0.01, 0.95, thin=0.0, sharp=2.0)
BLOT = Mark(0.0, 0.01, 0.02, 0.0, 0.0, 0.0, 0.002, NONE4, NONE4, 0.1, 0.01, 0.1, thin=0.0, sharp=2.0)
BESIDE = Mark(0.0, 0.01, 0.02, 0.0, 0.0, 0.0, 0.2, NONE4, NONE4, 0.9, 0.01, 0.95, thin=0.0, sharp=2.0)
KINDS = [CLEAN, FILLED, TICK, CROSS, BIG_CROSS, CROSSED_OUT, RUBBED, FAINT, DOT, SPECK, GONE, BLOT, BESIDE]
OTHERS = 5  # filled rows that give the page its yardstick


def layout(rule: str = "one") -> Layout:
    """One item `x` under `rule`, and five plain questions that show how this pupil writes."""
    boxes = [Box("x", letter, letter, BoxKind.CHOICE, (50.0 + 10 * k, 60.0)) for k, letter in enumerate("ABCD")]
    if rule == "number":
        boxes = [Box("x", str(d), str(d), BoxKind.DIGIT, (50.0 + 8 * d, 60.0 + 9 * c), column=c) for c in (1, 2, 3) for d in range(10)]
    items = [Item("x", rule, "1")]
    for number in range(OTHERS):
        items.append(Item(str(number), "one", "1"))
        boxes += [Box(str(number), letter, letter, BoxKind.CHOICE, (50.0 + 10 * k, 120.0 + 10 * number)) for k, letter in enumerate("ABCD")]
    return Layout(PageKind.WORKSHEET, tuple(boxes), tuple(items), "x")


def numbers(sheet: Layout, marks: dict[Any, Mark], likeness: float = 0.8) -> dict[str, Any]:
    """Measurements of the page: `marks` by value, or by (column, value)."""
    taken = []
    for box in sheet.boxes:
        if box.item == "x":
            taken.append(marks.get((box.column, box.value), marks.get(box.value, CLEAN)))
        else:
            taken.append(FILLED if box.value == "A" else CLEAN)
    return {"boxes": [mark.as_list() for mark in taken], "rows": [["x", likeness, 0.0, 0.0]]}


def verdict(marks: dict[Any, Mark], rule: str = "one", likeness: float = 0.8) -> Judgement:
    sheet = layout(rule)
    found = judge_page(numbers(sheet, marks, likeness), sheet)
    assert all(item.judgement == Chosen(("A",)) for item in found[1:])
    return found[0].judgement


@pytest.mark.parametrize("mark", [FILLED, TICK, CROSS, BIG_CROSS])
def test_a_filled_ticked_or_crossed_circle_alone_is_an_answer(mark: Mark) -> None:
    assert verdict({"B": mark}) == Chosen(("B",))


def test_nothing_is_blank() -> None:
    assert verdict({}) == Blank()


@pytest.mark.parametrize("mark", [CROSSED_OUT, LIGHTLY_CROSSED_OUT])
def test_a_cancelled_mark_beside_another_is_nothing_and_alone_a_doubt(mark: Mark) -> None:
    assert verdict({"A": mark, "C": FILLED}) == Chosen(("C",))
    alone = verdict({"A": mark})
    assert isinstance(alone, Doubt)
    assert alone.reason is DoubtReason.CROSSED_OUT
    assert alone.candidates == ("A",)


@pytest.mark.parametrize(
    "ring",
    [
        replace(CROSSED_OUT, near=NONE4),  # lines that do not come from the circle
        replace(CROSSED_OUT, axes=(0.0, 0.5, 0.0, 0.4)),  # ink above and below it
        replace(CROSSED_OUT, axes=(0.15, 0.12, 0.0, 0.0)),  # print hides the letter's side
        replace(SHORT_CROSSED_OUT, axes=(0.0, 0.5, 0.0, 0.4)),
    ],
)
def test_a_ring_round_one_of_two_filled_circles_does_not_make_the_other_the_answer(ring: Mark) -> None:
    """Whoever rings one of two says that this one counts: nobody here takes that for crossed out."""
    for others in ({"C": FILLED}, {"C": CROSS}, {"C": FILLED, "D": CROSSED_OUT}):
        assert isinstance(verdict({"A": ring, **others}), Doubt)
    assert isinstance(verdict({"A": ring}), Doubt)


PLUS = replace(FILLED, near=NONE4, axes=(0.0, 0.6, 0.0, 0.55))


@pytest.mark.parametrize("plus", [PLUS, replace(PLUS, axes=(0.5, 0.0, 0.5, 0.0))])
def test_a_cross_that_stands_upright_is_asked_about(plus: Mark) -> None:
    for rule in ("one", "several"):
        assert isinstance(verdict({"B": plus}, rule), Doubt)
        assert isinstance(verdict({"A": FILLED, "B": plus}, rule), Doubt)


def test_a_stripe_of_the_scanner_down_a_filled_circle_strikes_nothing_out() -> None:
    """It goes on at the edges of what is looked at, and a cross does not."""
    assert verdict({"B": replace(PLUS, axes=(0.0, 0.2, 0.0, 0.2), through=0.2)}) == Chosen(("B",))


def test_a_hair_where_several_may_be_marked_is_asked_about_however_sure_the_forest_is() -> None:
    hair = replace(
        TICK, ink=0.048, dark=0.5, spot=0.55, cover=0.15, span=0.477, thin=0.053, sharp=4.2, near=NONE4, diagonals=NONE4, outside=0.003
    )
    assert isinstance(verdict({"B": FILLED, "C": hair}, "several"), Doubt)


def test_the_point_of_a_tick_over_a_whole_answer_gives_no_points() -> None:
    """Its left arm comes from outside the circle; a tick that was made in a circle begins there."""
    tick = replace(TICK, near=(0.5, 0.01, 0.01, 0.01), diagonals=(0.5, 0.01, 0.01, 0.01))
    point = replace(tick, near=(0.5, 0.01, 0.01, 0.37), diagonals=(0.5, 0.01, 0.01, 0.34))
    assert verdict({"A": tick}, "score") == Chosen(("A",))
    assert verdict({"A": point}, "score") == Doubt(DoubtReason.OUT_OF_PLACE, ("A",))
    with patch("scanning.judge.weights_of", lambda _told, marks, *_others: [None] * len(marks)):
        assert verdict({"A": point}) == Chosen(("A",))


def test_something_pale_that_covers_a_circle_is_no_rest_of_a_mark() -> None:
    sticker = replace(RUBBED, rim=0.02)
    assert isinstance(verdict({"A": sticker, "C": FILLED}, "several"), Doubt)
    assert isinstance(verdict({"A": sticker, "C": FILLED}), Doubt)
    assert verdict({"A": RUBBED, "C": FILLED}) == Chosen(("C",))


def test_a_thick_cross_over_a_mark_is_not_taken_for_an_answer() -> None:
    thick = replace(CROSSED_OUT, cover=0.82, least=0.2)
    assert isinstance(verdict({"A": thick}), Doubt)


def test_a_crossing_out_that_hardly_leaves_the_circle_is_a_doubt() -> None:
    assert isinstance(verdict({"A": SHORT_CROSSED_OUT}), Doubt)
    assert isinstance(verdict({"A": SHORT_CROSSED_OUT, "B": FILLED}), Doubt)


def test_a_rubbed_out_mark_beside_another_is_nothing_and_alone_a_doubt() -> None:
    assert verdict({"A": RUBBED, "C": FILLED}) == Chosen(("C",))
    assert verdict({"A": RUBBED}) == Doubt(DoubtReason.ERASED, ("A",))


def test_two_marks_are_a_doubt_for_one_choice_and_an_answer_for_several() -> None:
    assert verdict({"A": FILLED, "C": TICK}) == Doubt(DoubtReason.TWO_MARKS, ("A", "C"))
    assert verdict({"A": FILLED, "C": TICK}, "several") == Chosen(("A", "C"))


def test_where_several_may_be_marked_a_thin_weak_line_is_a_doubt() -> None:
    weak = replace(TICK, dark=0.16, ink=0.03)
    assert isinstance(verdict({"A": weak, "C": TICK}, "several"), Doubt)
    assert verdict({"A": RUBBED, "C": TICK}, "several") == Chosen(("C",))


@pytest.mark.parametrize(
    ("mark", "reason"),
    [
        (FAINT, DoubtReason.ERASED),
        (DOT, DoubtReason.FAINT),
        (SPECK, DoubtReason.FAINT),
        (GONE, DoubtReason.TORN),
        (BLOT, DoubtReason.STAINED),
        (BESIDE, DoubtReason.OUT_OF_PLACE),
    ],
)
def test_what_is_neither_mark_nor_nothing_is_a_doubt_with_its_reason(mark: Mark, reason: DoubtReason) -> None:
    found = verdict({"B": mark})
    assert isinstance(found, Doubt)
    assert found.reason is reason


def test_a_row_that_does_not_look_like_its_print_is_out_of_place() -> None:
    assert verdict({"B": FILLED}, likeness=0.3) == Doubt(DoubtReason.OUT_OF_PLACE, ("B",))


def test_a_whole_page_in_faint_pencil_is_read_and_a_single_faint_mark_is_not() -> None:
    sheet = layout()
    soft = Mark(0.18, 0.24, 0.25, 0.9, 0.8, 0.39, 0.01, NONE4, NONE4, 0.9, 0.01, 0.95)
    page = numbers(sheet, {"B": soft})
    page["boxes"] = [soft.as_list() if numbers_ == FILLED.as_list() else numbers_ for numbers_ in page["boxes"]]
    assert judge_page(page, sheet)[0].judgement == Chosen(("B",))
    page["boxes"] = [CLEAN.as_list() if index >= 4 else numbers_ for index, numbers_ in enumerate(page["boxes"])]
    assert isinstance(judge_page(page, sheet)[0].judgement, Doubt)


def test_nothing_is_believed_where_the_noise_of_the_picture_reaches_most_of_the_darkness_of_the_pen() -> None:
    sheet = layout()
    noisy = replace(CLEAN, dark=0.16, noise=0.1)
    soft = replace(FILLED, dark=0.45, ink=0.3, noise=0.1)
    page = numbers(sheet, {"B": soft})
    page["boxes"] = [(soft if Mark.from_list(each).dark > 0.4 else noisy).as_list() for each in page["boxes"]]
    assert all(isinstance(item.judgement, Doubt) for item in judge_page(page, sheet))


@pytest.mark.parametrize(
    ("rule", "noise", "believed"), [("one", 0.32, True), ("one", 0.35, False), ("several", 0.22, True), ("several", 0.26, False)]
)
def test_a_page_is_believed_until_noise_may_be_so_dark_against_its_pen(rule: str, noise: float, believed: bool) -> None:
    """0.6 for one answer; 0.5 where another may hide."""
    sheet = layout(rule)
    clean, soft = replace(CLEAN, dark=0.08, noise=noise), replace(FILLED, dark=0.57, ink=0.4, noise=noise)
    page = numbers(sheet, {"B": soft})
    page["boxes"] = [(soft if Mark.from_list(each).dark > 0.4 else clean).as_list() for each in page["boxes"]]
    yardstick = yardstick_of([Mark.from_list(each) for each in page["boxes"]], [box.item for box in sheet.boxes])
    assert (yardstick.quiet / yardstick.pen < (0.6 if rule == "one" else 0.5)) is believed
    assert isinstance(judge_page(page, sheet)[0].judgement, Chosen if believed else Doubt)


def number(*digits: str) -> dict[Any, Mark]:
    return {(column, digit): FILLED for column, digit in enumerate(digits, start=1) if digit}


@pytest.mark.parametrize(
    ("digits", "text"),
    [(("", "8", "4"), "84"), (("0", "8", "4"), "84"), (("", "", "0"), "0"), (("0", "0", "0"), "0"), (("1", "0", "0"), "100")],
)
def test_digit_columns_make_one_number(digits: tuple[str, ...], text: str) -> None:
    assert verdict(number(*digits), "number") == Chosen((text,))


def test_an_empty_column_after_a_digit_is_a_gap_and_two_digits_in_a_column_two_marks() -> None:
    assert verdict(number("8", "", "4"), "number") == Doubt(DoubtReason.GAP, ("84",))
    assert verdict(number("8", "4", ""), "number") == Doubt(DoubtReason.GAP, ("84",))
    assert verdict({}, "number") == Blank()
    double = verdict(number("", "8", "4") | {(3, "6"): FILLED}, "number")
    assert double == Doubt(DoubtReason.TWO_MARKS, ("84", "86"))


ANY_MARK = st.sampled_from(KINDS)


@given(st.lists(ANY_MARK, min_size=4, max_size=4), st.permutations(range(4)), st.sampled_from(["one", "several"]))
def test_the_order_of_the_boxes_changes_nothing(marks: list[Mark], order: list[int], rule: str) -> None:
    sheet = layout(rule)
    plain = numbers(sheet, dict(zip("ABCD", marks, strict=True)))
    turned = Layout(sheet.kind, tuple(sheet.boxes[index] for index in order) + sheet.boxes[4:], sheet.items, "x")
    mixed = dict(plain, boxes=[plain["boxes"][index] for index in order] + plain["boxes"][4:])
    assert judge_page(plain, sheet) == judge_page(mixed, turned)


@given(st.lists(ANY_MARK, min_size=4, max_size=4), st.sampled_from(["one", "several", "score"]))
def test_an_answer_holds_only_boxes_that_carry_a_mark_and_one_rule_never_two(marks: list[Mark], rule: str) -> None:
    found = verdict(dict(zip("ABCD", marks, strict=True)), rule)
    if isinstance(found, Chosen):
        assert all(marks["ABCD".index(value)] in (FILLED, TICK, CROSS, BIG_CROSS) for value in found.values)
        assert found.values == tuple(sorted(found.values))
        assert rule == "several" or len(found.values) == 1


@given(st.lists(ANY_MARK, min_size=4, max_size=4), st.integers(0, 3))
def test_cleaning_one_box_never_makes_another_value_appear(marks: list[Mark], which: int) -> None:
    before = verdict(dict(zip("ABCD", marks, strict=True)), "several")
    cleaned = [CLEAN if index == which else mark for index, mark in enumerate(marks)]
    after = verdict(dict(zip("ABCD", cleaned, strict=True)), "several")
    if isinstance(before, Chosen) and isinstance(after, Chosen):
        assert set(after.values) <= set(before.values)


@given(st.lists(st.floats(0, 1), min_size=18, max_size=18))
def test_numbers_survive_being_kept(values: list[float]) -> None:
    mark = Mark.from_list(values)
    assert Mark.from_list(mark.as_list()).as_list() == mark.as_list()


def test_a_question_with_a_single_box_is_judged_like_any_other() -> None:
    boxes = [Box("x", "A", "A", BoxKind.CHOICE, (50.0, 60.0)), *(box for box in layout().boxes if box.item != "x")]
    sheet = replace(layout("several"), boxes=tuple(boxes))
    assert judge_page(numbers(sheet, {"A": FILLED}), sheet)[0].judgement == Chosen(("A",))
    assert judge_page(numbers(sheet, {}), sheet)[0].judgement == Blank()


def test_ink_beside_an_empty_circle_is_a_doubt_and_beside_a_filled_one_nothing() -> None:
    near = replace(CLEAN, beside=0.05)
    assert verdict({"B": near}) == Doubt(DoubtReason.OUT_OF_PLACE, ("B",))
    assert verdict({"B": near, "C": FILLED}) == Chosen(("C",))


def test_ink_beside_a_leading_column_that_is_empty_is_no_smaller_number() -> None:
    digits = {(2, "4"): FILLED, (3, "2"): FILLED}
    assert verdict(digits, "number") == Chosen(("42",))
    found = verdict({**digits, (1, "7"): replace(CLEAN, beside=0.05)}, "number")
    assert isinstance(found, Doubt)
    assert (found.reason, found.candidates) == (DoubtReason.OUT_OF_PLACE, ("742",))


STRIPE = Mark(0.044, 0.6, 0.72, 0.084, 0.0, 0.308, 0.037, NONE4, NONE4, 0.82, 0.01, 0.95, thin=0.038, sharp=2.5, beside=0.04, through=0.58)


@pytest.mark.parametrize("rule", ["one", "several", "score"])
def test_dirt_on_the_glass_that_passes_through_a_circle_is_no_answer(rule: str) -> None:
    found = verdict({"B": STRIPE}, rule)
    assert isinstance(found, Doubt)
    assert found.reason is DoubtReason.OUT_OF_PLACE


def test_such_a_line_beside_a_clear_mark_means_nothing_unless_several_may_be_marked() -> None:
    assert verdict({"A": TICK, "B": STRIPE}) == Chosen(("A",))
    assert isinstance(verdict({"A": TICK, "B": STRIPE}, "several"), Doubt)
    with patch("scanning.judge.weights_of", lambda _told, marks, *_others: [None] * len(marks)):
        assert verdict({"A": TICK, "B": STRIPE}) == Chosen(("A",))
        assert isinstance(verdict({"A": TICK, "B": replace(STRIPE, thin=0.1)}), Doubt)


def test_a_tick_that_such_a_line_passes_through_is_a_tick() -> None:
    assert verdict({"B": replace(TICK, through=0.2)}) == Chosen(("B",))
    assert isinstance(verdict({"B": replace(TICK, dark=0.3, through=0.2)}), Doubt), "what is left without the line is no mark"


def test_a_filled_circle_under_such_a_line_is_filled_all_the_same_unless_the_line_is_as_of_a_pen() -> None:
    assert verdict({"B": replace(FILLED, through=0.25)}) == Chosen(("B",))
    assert isinstance(verdict({"B": replace(FILLED, through=0.58)}), Doubt), "perhaps it is struck out"


def test_a_rubbed_out_circle_under_such_a_line_is_not_filled_by_it() -> None:
    under = replace(RUBBED, ink=0.29, dark=0.5, spot=0.55, cover=0.6, sharp=3.3, through=0.31)
    found = verdict({"B": under})
    assert isinstance(found, Doubt)
    assert found.candidates == ("B",)
    with patch("scanning.judge.weights_of", lambda _told, marks, *_others: [None] * len(marks)):
        assert isinstance(verdict({"B": under}), Doubt)
        assert verdict({"B": replace(under, through=0.01)}) == Chosen(("B",)), "without the line it would be an answer"


@pytest.mark.parametrize("mark", [CLEAN, FILLED])
def test_a_box_beside_which_its_own_print_is_not_seen_is_not_there_whatever_the_others_show(mark: Mark) -> None:
    assert isinstance(verdict({"B": replace(mark, shown=0.29, rim=0.3)}), Doubt)
    assert isinstance(verdict({"B": replace(mark, shown=0.0)}), Doubt)
    assert not isinstance(verdict({"B": replace(mark, shown=0.29, rim=0.85)}), Doubt), "its outline is there"
    gone = replace(CLEAN, shown=0.0, rim=0.0, paper=1.0, noise=0.0, dark=0.0)
    found = verdict({"A": FILLED, "B": gone, "C": gone, "D": gone})
    assert isinstance(found, Doubt)
    assert (found.reason, found.candidates) == (DoubtReason.TORN, ("A",))


def test_boxes_that_are_not_in_the_picture_say_nothing_of_the_page() -> None:
    gone = replace(CLEAN, shown=0.0, rim=0.0, paper=1.0, noise=0.0, dark=0.0)
    here = [FILLED, *[replace(CLEAN, dark=0.03, noise=0.02)] * 8]
    assert yardstick_of([*here, *[gone] * 40]) == yardstick_of(here)


@pytest.mark.parametrize(("gain", "others"), [(0.2, 0.5), (0.8, 2.3)])
def test_where_a_rows_print_is_pale_nothing_in_it_is_believed(gain: float, others: float) -> None:
    sheet = layout()
    page = numbers(sheet, {"B": FILLED})
    page["rows"] = [["x", 0.9, 0.0, 0.0, gain], *[[str(number), 0.9, 0.0, 0.0, others] for number in range(OTHERS)]]
    said = {item.item: item.judgement for item in judge_page(page, sheet)}
    found = said["x"]
    assert isinstance(found, Doubt)
    assert (found.reason, found.candidates) == (DoubtReason.FAINT, ("B",))
    assert said["0"] == Chosen(("A",))


def test_lines_through_many_circles_say_nothing_of_the_pen() -> None:
    light = replace(FILLED, ink=0.3, dark=0.36, spot=0.4)
    marks = [light, *[CLEAN] * 30, *[STRIPE] * 9]
    with_dirt, without = yardstick_of(marks), yardstick_of(marks[:-9])
    assert (with_dirt.pen, with_dirt.sharp, with_dirt.weak, with_dirt.rubs) == (without.pen, without.sharp, without.weak, without.rubs)


@pytest.mark.parametrize("stroke", [CROSS, TICK, replace(CROSS, through=0.4)], ids=["cross", "tick", "upright"])
def test_a_hand_whose_strokes_run_on_beyond_the_circle_still_tells_of_its_pen(stroke: Mark) -> None:
    """Marks that are answers all the same, and a page that holds nothing but long strokes."""
    plain = yardstick_of([replace(stroke, through=0.0), CLEAN, CLEAN, CLEAN] * 6)
    for through in (0.1, stroke.through):
        found = yardstick_of([replace(stroke, through=through), CLEAN, CLEAN, CLEAN] * 6)
        assert (found.pen, found.sharp, found.weak) == (plain.pen, plain.sharp, plain.weak)


def test_a_dot_alone_is_no_answer_where_several_may_be_marked_either() -> None:
    assert isinstance(verdict({"B": replace(DOT, dark=0.6, spot=0.8)}, "several"), Doubt)


def test_a_pale_second_fill_where_several_may_be_marked_is_not_passed_over() -> None:
    pale = replace(FILLED, ink=0.15, dark=0.18, spot=0.19)
    assert isinstance(verdict({"A": FILLED, "B": pale}, "several"), Doubt)


@pytest.mark.parametrize("mark", KINDS)
def test_without_edges_in_the_measurements_the_rules_judge_alone_and_nothing_doubtful_is_read(mark: Mark) -> None:
    """What an older reader measured: its thin and sharp are 0."""
    sheet = layout()
    page = numbers(sheet, {"B": mark})
    page["boxes"] = [Mark.from_list(each[:15] + each[15:18]).as_list() for each in page["boxes"]]
    (found, *_others) = judge_page(page, sheet)
    assert found.confidence is None
    assert isinstance(found.judgement, Doubt) == isinstance(verdict({"B": mark}), Doubt)


def signed(minus: bool, *digits: str) -> Judgement:
    """The verdict on columns 1 (minus), 2, 3, and behind the comma 5, 6; a digit each, or nothing."""
    columns = (2, 3, 5, 6)
    boxes = [Box("x", "-", "-", BoxKind.DIGIT, (50.0, 60.0), column=1)]
    boxes += [Box("x", str(d), str(d), BoxKind.DIGIT, (50.0 + 8 * c, 60.0 + 9 * d), column=c) for c in columns for d in range(10)]
    sheet = replace(layout(), boxes=(*boxes, *layout().boxes[4:]), items=(Item("x", "number", "1"), *layout().items[1:]))
    marks: dict[Any, Mark] = {(column, digit): FILLED for column, digit in zip(columns, digits, strict=True) if digit}
    found = judge_page(numbers(sheet, marks | ({(1, "-"): FILLED} if minus else {})), sheet)
    return found[0].judgement


@pytest.mark.parametrize(
    ("minus", "digits", "text"),
    [
        (True, ("", "3", "5", ""), "-3.5"),
        (True, ("0", "3", "5", "0"), "-3.5"),
        (False, ("1", "2", "", ""), "12"),
        (False, ("1", "2", "0", "7"), "12.07"),
        (True, ("", "0", "0", ""), "0"),
        (True, ("4", "0", "", ""), "-40"),
    ],
)
def test_a_number_with_minus_and_comma_is_read_by_its_value(minus: bool, digits: tuple[str, ...], text: str) -> None:
    assert signed(minus, *digits) == Chosen((text,))


@pytest.mark.parametrize(
    ("minus", "digits"),
    [
        (True, ("", "", "", "")),
        (False, ("", "", "5", "")),
        (False, ("1", "", "5", "")),
        (False, ("", "3", "", "5")),
        (True, ("4", "", "", "")),
    ],
)
def test_a_number_with_a_digit_missing_is_a_doubt(minus: bool, digits: tuple[str, ...]) -> None:
    found = signed(minus, *digits)
    assert isinstance(found, Doubt)
    assert found.reason is DoubtReason.GAP


def test_columns_with_minus_and_comma_and_nothing_in_them_are_blank() -> None:
    assert signed(False, "", "", "", "") == Blank()
