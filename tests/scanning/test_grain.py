"""What stands out among the empty circles of a page, and what is asked about for it."""

from __future__ import annotations

import random
from dataclasses import replace
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packets.layout import Box, BoxKind, Item, Layout, PageKind
from scanning.grain import Grain, looks
from scanning.judge import judge_page
from scanning.marks import Mark
from scanning.thresholds import THRESHOLDS
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, Judgement
from scanning.yardstick import is_dim, yardstick_of
from tests.scanning.museum_boxes import CLEAN, FILLED, PRESSED, verdict
from tests.scanning.test_judge import layout

DARKNESS = st.floats(0.0, 0.2).map(lambda value: round(value, 3))
UNEVEN = (0.01, 0.014, 0.018, 0.022, 0.026)  # darkness of empty circles; a spread is 0.0069
ASKED = Doubt(DoubtReason.FAINT, ("C",))  # with what stands out as a possible answer
ALIKE = (0.010, 0.011, 0.012, 0.013, 0.014)


def said_of(
    trace: Mark | None, empties: tuple[float, ...] = UNEVEN, answer: bool = False, noise: float = 0.01, two_tone: bool = False
) -> Judgement:
    """What is said of item `x`, in the third circle of which lies `trace`, on a page whose empty circles are so dark and whose paper is so uneven."""
    sheet = layout("one")
    taken = []
    for number, box in enumerate(sheet.boxes):
        dark = empties[number % len(empties)]
        empty = replace(CLEAN, dark=dark, spot=dark, outside=dark / 2, near=(dark, 0.0, 0.0, 0.0), noise=noise)
        filled = box.value == "A" and (answer or box.item != "x")
        here = trace if box.item == "x" and box.value == "C" else None
        taken.append(FILLED if filled else here or empty)
    page = {"boxes": [mark.as_list() for mark in taken], "rows": [["x", 0.8, 0.0, 0.0]], "two_tone": two_tone}
    return judge_page(page, sheet)[0].judgement


@pytest.mark.parametrize(
    "trace",
    [replace(CLEAN, dark=0.055), replace(CLEAN, spot=0.055)],
    ids=["darker", "a spot"],
)
def test_a_circle_that_stands_out_among_the_empty_ones_of_its_page_is_asked_about(trace: Mark) -> None:
    """What a copier left of a pale tick: less than any limit for a mark."""
    assert said_of(trace) == ASKED


@pytest.mark.parametrize(
    "trace", [replace(CLEAN, near=(0.0, 0.0, 0.1, 0.0)), replace(CLEAN, outside=0.06)], ids=["in one direction", "round about"]
)
def test_what_lies_beyond_the_rim_is_dust_unless_noise_or_a_scanner_may_have_taken_the_rest(trace: Mark) -> None:
    assert said_of(trace) == Blank()
    assert said_of(trace, two_tone=True) == ASKED
    noisy = tuple(round(dark + 0.06, 3) for dark in UNEVEN)
    assert said_of(replace(trace, dark=0.078, spot=0.078, noise=0.07), noisy, noise=0.07) == ASKED


@pytest.mark.parametrize(("rule", "darkest", "other", "told"), [("one", "D", "B", ("D", "B")), ("number", "7", "4", ())])
def test_of_several_that_stand_out_the_darkest_comes_first_but_one_circle_is_no_number(
    rule: str, darkest: str, other: str, told: tuple[str, ...]
) -> None:
    sheet = layout(rule)
    traces = {darkest: replace(CLEAN, dark=0.057), other: replace(CLEAN, dark=0.05)}
    marks = []
    for place, box in enumerate(sheet.boxes):
        empty = replace(CLEAN, dark=ALIKE[place % len(ALIKE)])
        answer = box.value == "A" and box.item != "x"
        marks.append(FILLED if answer else traces.get(box.value, empty) if box.item == "x" and box.column in (None, 2) else empty)
    page = {"boxes": [mark.as_list() for mark in marks], "rows": [["x", 0.8, 0.0, 0.0]]}
    assert judge_page(page, sheet)[0].judgement == Doubt(DoubtReason.FAINT, told)


def test_what_differs_as_the_others_do_or_by_hardly_anything_is_empty() -> None:
    assert said_of(None) == Blank()
    assert said_of(replace(CLEAN, dark=0.046)) == Blank(), "less than five spreads more"
    assert said_of(replace(CLEAN, dark=0.038), ALIKE) == Blank(), "many spreads, but less than 0.03 more"
    assert said_of(replace(CLEAN, dark=0.045), ALIKE) == ASKED
    assert said_of(replace(CLEAN, dark=0.055), answer=True) == Chosen(("A",)), "beside an answer it says nothing"


PALE = replace(PRESSED, ink=0.3, dark=0.4, spot=0.44, cover=0.95, least=0.8, span=0.39)


@pytest.mark.parametrize(("pen", "dark", "expected"), [(PALE, 0.028, ASKED), (PALE, 0.022, Blank()), (FILLED, 0.028, Blank()), (FILLED, 0.045, ASKED)])  # fmt: skip
def test_where_a_copier_made_answers_pale_a_crumb_that_stands_out_may_be_the_rest_of_one(
    pen: Mark, dark: float, expected: Judgement
) -> None:
    """Two ticks of one copied page of the rehearsal, of which 0.020 and 0.022 was left among circles of 0.007, had been called blank."""
    sheet = layout("one")
    taken = []
    for number, box in enumerate(sheet.boxes):
        here = replace(CLEAN, dark=dark) if (box.item, box.value) == ("x", "C") else replace(CLEAN, dark=ALIKE[number % len(ALIKE)])
        taken.append(pen if box.item != "x" and box.value == "A" else here)
    page = {"boxes": [mark.as_list() for mark in taken], "rows": [["x", 0.8, 0.0, 0.0]]}
    found = {said.item: said.judgement for said in judge_page(page, sheet)}
    assert found.pop("x") == expected
    assert set(map(str, found.values())) == {str(Chosen(("A",)))}


def test_where_noise_may_hide_a_faint_mark_less_is_enough() -> None:
    noisy = tuple(round(dark + 0.06, 3) for dark in UNEVEN)
    assert said_of(replace(CLEAN, dark=0.106, noise=0.07), noisy, noise=0.07) == ASKED, "four spreads"
    assert said_of(replace(CLEAN, dark=0.092, noise=0.07), noisy, noise=0.07) == Blank(), "two"
    assert said_of(replace(CLEAN, dark=0.046), noise=0.01) == Blank(), "four, without such noise"


@pytest.mark.parametrize(("options", "answered"), [("AB", 4), ("ABCD", 4), ("ABCD", 8)])
def test_many_pale_marks_in_noise_do_not_make_each_other_usual(options: str, answered: int) -> None:
    """Of twelve questions so many are answered plainly; in each other lies a mark four spreads darker than the noise."""
    items = tuple(Item(str(number), "one", "1") for number in range(12))
    boxes = tuple(Box(item.item, value, value, BoxKind.CHOICE, (50.0, 60.0)) for item in items for value in options)
    rng = random.Random(len(options) * answered)
    marks = []
    for box in boxes:
        dark = round(rng.gauss(0.08, 0.012), 3) + (0.048 if box.value == "A" else 0.0)
        plain = replace(CLEAN, dark=dark, spot=dark, noise=0.07)
        marks.append(replace(FILLED, noise=0.07) if box.value == "A" and int(box.item) < answered else plain)
    page = {"boxes": [mark.as_list() for mark in marks], "rows": [[item.item, 0.8, 0.0, 0.0] for item in items]}
    said = [each.judgement for each in judge_page(page, Layout(PageKind.WORKSHEET, boxes, items, "x"))]
    assert said[:answered] == [Chosen(("A",))] * answered
    lost = sum(each == Blank() for each in said[answered:])
    assert lost == 0 if answered < 6 else lost <= 1


def test_where_empty_circles_show_the_very_same_only_black_and_white_is_asked_about() -> None:
    dots = replace(CLEAN, dark=0.045)
    assert verdict({"B": dots}, pen=PRESSED) == Blank(), "drawn by a program"
    assert verdict({"B": dots}, pen=PRESSED, two_tone=True) == Doubt(DoubtReason.FAINT, ("B",))
    assert verdict({"B": dots, "C": PRESSED}, pen=PRESSED, two_tone=True) == Chosen(("C",)), "beside an answer they are dirt"
    assert verdict({"B": replace(CLEAN, dark=0.035)}, pen=PRESSED, two_tone=True) == Blank()


def test_dots_of_a_number_make_no_answer_and_of_a_choice_the_most_come_first() -> None:
    dots, more = replace(CLEAN, dark=0.045), replace(CLEAN, dark=0.05)
    assert verdict({"4": dots}, "number", pen=PRESSED, two_tone=True) == Doubt(DoubtReason.FAINT)
    assert verdict({"B": dots, "D": more}, pen=PRESSED, two_tone=True) == Doubt(DoubtReason.FAINT, ("D", "B"))


def test_in_noise_that_is_the_same_everywhere_a_circle_as_dark_as_a_faint_mark_is_asked_about() -> None:
    """Nothing stands out where nothing varies: how dark a circle is tells alone."""
    even = (0.08,) * 5
    assert said_of(replace(CLEAN, dark=0.155, spot=0.155, noise=0.07), even, noise=0.07) == ASKED
    assert said_of(replace(CLEAN, dark=0.1, spot=0.1, noise=0.07), even, noise=0.07) == Blank()


def test_dots_in_an_empty_strip_of_a_black_and_white_page_are_asked_about_too() -> None:
    dots = replace(CLEAN, dark=0.045)
    assert verdict({"B": dots}, "score", pen=PRESSED, two_tone=True) == Doubt(DoubtReason.FAINT, ("B",))
    assert verdict({}, "score", pen=PRESSED, two_tone=True) == Blank()


@given(st.lists(DARKNESS, min_size=1, max_size=40), DARKNESS, DARKNESS)
def test_a_darker_circle_stands_out_at_least_as_far(page: list[float], one: float, other: float) -> None:
    grain = Grain.of([replace(CLEAN, dark=dark) for dark in page])
    pale, dark = sorted((one, other))
    assert grain.anywhere(replace(CLEAN, dark=pale)) <= grain.anywhere(replace(CLEAN, dark=dark))


@given(st.lists(DARKNESS, min_size=1, max_size=40))
def test_half_of_the_circles_stand_out_by_nothing_and_the_order_changes_nothing(page: list[float]) -> None:
    empty = [replace(CLEAN, dark=dark) for dark in page]
    grain = Grain.of(empty)
    assert grain.anywhere(replace(CLEAN, dark=median(page))) == 0.0
    assert 2 * sum(grain.anywhere(mark) <= 0 for mark in empty) >= len(empty)
    assert Grain.of(empty[::-1]) == grain


def test_without_empty_circles_nothing_stands_out() -> None:
    assert Grain.of([]).anywhere(FILLED) == 0.0
    assert Grain().anywhere(FILLED, two_tone=True) == 0.0
    assert len(looks(FILLED)) == 4


@pytest.mark.parametrize(("quiet", "pen", "dim"), [(0.11, 0.42, True), (0.11, 0.6, False), (0.125, 0.9, True), (0.12, 0.9, False)])
def test_noise_may_hide_a_faint_mark_from_a_darkness_or_a_share_of_the_pen_on(quiet: float, pen: float, dim: bool) -> None:
    page = yardstick_of([CLEAN] * 8 + [FILLED] * 2)
    assert is_dim(replace(page, quiet=quiet, pen=pen), THRESHOLDS) is dim
