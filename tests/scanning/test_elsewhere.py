"""Ink round the boxes of a question that seems empty: whoever wrote there is asked about, dust and dirt on the glass are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packets.layout import BODY_MM, Box, BoxKind, PageKind
from scanning.elsewhere import MM, _place, bare_of, written
from scanning.judge import judge_page
from scanning.page import read_page
from scanning.review_pictures import region_of
from scanning.transform import Transform
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, Grey, ItemVerdict, Judgement
from tests.scanning import sheets as drawn

LAYOUT = drawn.choice_layout()
FOUR = [[[-0.6, -4.6], [-0.9, -3.4]], [[-0.9, -3.4], [0.5, -3.4]], [[0.2, -4.2], [0.2, -2.8]]]  # a written 4, in radii from a box
TICK = [[[3.0, -2.4], [3.4, -1.6]], [[3.4, -1.6], [4.3, -3.6]]]


def said(sheet: drawn.Sheet, **how: Any) -> dict[str, Judgement]:
    (page,) = read_page(sheet.scan(**how), drawn.Book(LAYOUT))
    assert page.items, page
    return {item.item: item.judgement for item in page.items}


def answered(seed: int = 5) -> drawn.Sheet:
    sheet = drawn.Sheet(LAYOUT, seed)
    for item in "1356":
        sheet.fill(item, "B")
    return sheet


@pytest.mark.parametrize("how", [{"dpi": 100}, {"dpi": 200, "turn": 1.5}, {"dpi": 300, "turn": 181.0}])
def test_a_number_that_was_written_but_not_marked_is_asked_about(how: dict[str, Any]) -> None:
    sheet = answered()
    assert said(sheet, **how)["12"] == Blank()
    sheet.strokes(sheet.box("12", "4", 1), FOUR, 0.5)
    assert said(sheet, **how)["12"] == Doubt(DoubtReason.OUT_OF_PLACE)


def test_a_tick_behind_the_last_answer_of_an_empty_question_is_asked_about_and_no_other_question_is() -> None:
    sheet = answered()
    sheet.strokes(sheet.box("9", "E"), TICK, 0.5)
    verdicts = said(sheet)
    assert verdicts["9"] == Doubt(DoubtReason.OUT_OF_PLACE)
    assert {verdicts[item] for item in ("2", "7", "8", "10", "11")} == {Blank()}


def test_what_is_far_paler_than_the_page_s_pen_shines_through_and_is_no_tick() -> None:
    """A pale pencil of its own, on a page that has no darker one, is."""
    pale, own = answered(), drawn.Sheet(LAYOUT, 5, level=0.3)
    for item in "1356":
        own.fill(item, "B")
    for sheet in (pale, own):
        sheet.strokes(sheet.box("9", "E"), TICK, 0.5, 0.24)
    assert said(pale)["9"] == Blank()
    assert said(own)["9"] == Doubt(DoubtReason.OUT_OF_PLACE)


def test_a_page_that_was_read_before_its_ink_was_told_is_judged_as_it_was() -> None:
    (page,) = read_page(answered().scan(), drawn.Book(LAYOUT))
    before = {name: each for name, each in page.measurements.items() if name != "written_dark"} | {"written": {"9": 2.5}}
    for ink, told in ((0.2, Blank()), (0.31, Doubt(DoubtReason.OUT_OF_PLACE))):
        again = {item.item: item.judgement for item in judge_page(before | {"written_dark": {"9": ink}}, LAYOUT)}
        assert again["9"] == told
    assert {item.item: item.judgement for item in judge_page(before, LAYOUT)}["9"] == Doubt(DoubtReason.OUT_OF_PLACE)


def test_a_tick_over_the_printed_words_of_an_empty_question_is_asked_about() -> None:
    sheet = answered()
    words = replace(sheet.box("9", "A"), center_mm=(40.0, sheet.box("9", "A").center_mm[1]))
    sheet.strokes(words, [[[-0.8, -0.2], [0.0, 0.9]], [[0.0, 0.9], [1.7, -1.7]]], 0.5)
    assert said(sheet)["9"] == Doubt(DoubtReason.OUT_OF_PLACE)


def test_the_same_tick_beside_a_question_that_is_answered_says_nothing() -> None:
    sheet = answered()
    sheet.strokes(sheet.box("3", "E"), TICK, 0.5)
    assert said(sheet)["3"] == Chosen(("B",))


def test_dust_and_a_line_of_dirt_down_the_whole_picture_are_no_writing() -> None:
    sheet = answered()
    for item in ("2", "7", "9"):
        sheet.strokes(sheet.box(item, "E"), [[[3.4, 0.4], [3.5, 0.4]]], 0.7)
    image = sheet.scan().copy()
    image[:, 1378:1381] = 60
    (page,) = read_page(image, drawn.Book(LAYOUT))
    empty: list[ItemVerdict] = [item for item in page.items if item.item in ("2", "7", "9", "12")]
    assert [item.judgement for item in empty] == [Blank()] * 4


def test_where_people_sign_nothing_is_looked_for() -> None:
    blank = drawn.printed(LAYOUT)
    seen: Grey = np.full_like(blank, 0)
    ask = (bare_of(blank), Transform(np.diag([200 / 25.4, 200 / 25.4, 1.0])), np.zeros((len(LAYOUT.boxes), 2)), 0.1, ["9"])
    assert written(seen, replace(LAYOUT, kind=PageKind.MANIFEST), *ask) == {}


def test_the_white_below_a_row_of_a_grid_belongs_to_it_too() -> None:
    """It may hold the fold, and so be wider than the rows are apart; below a question of its own stand the next one's words."""
    names = {"9": "9a", "10": "9b"}
    grid = replace(
        LAYOUT,
        boxes=tuple(replace(box, item=names.get(box.item, box.item)) for box in LAYOUT.boxes),
        items=tuple(replace(item, item=names.get(item.item, item.item)) for item in LAYOUT.items),
    )
    seen: Grey = drawn.printed(LAYOUT).copy()
    seen[1262:1278, 1000:1040] = 0  # 2 by 5 mm, at 161 mm: between the rows at 155 and 167
    bare, flat, still = bare_of(drawn.printed(LAYOUT)), Transform(np.diag([200 / 25.4, 200 / 25.4, 1.0])), np.zeros((len(LAYOUT.boxes), 2))
    assert written(seen, grid, bare, flat, still, 0.1, ["9a"])["9a"][0] > 3.0
    assert region_of(grid, "9a")[3] > 162.0
    assert written(seen, LAYOUT, bare, flat, still, 0.1, ["9"]) == {}


def test_a_field_in_which_another_question_is_answered_by_hand_is_not_looked_at() -> None:
    field = (150.0, 140.0, 186.0, 160.0)
    with_field = replace(LAYOUT, items=tuple(replace(item, field_mm=field) if item.item == "13" else item for item in LAYOUT.items))
    seen: Grey = drawn.printed(LAYOUT).copy()
    seen[1140:1185, 1360:1366] = 0  # 6 mm of a line, at 173 mm and 147 mm
    ask = (bare_of(drawn.printed(LAYOUT)), Transform(np.diag([200 / 25.4, 200 / 25.4, 1.0])), np.zeros((len(LAYOUT.boxes), 2)), 0.1, ["9"])
    assert written(seen, LAYOUT, *ask)["9"][0] > 3.0
    assert written(seen, with_field, *ask) == {}


@pytest.mark.parametrize("middle", [None, (105.0, 3.0), (3.0, 150.0), (207.0, 294.0), (60.0, 30.0)])
def test_a_question_without_boxes_or_with_boxes_outside_the_text_is_not_looked_at_and_costs_no_page(middle: Any) -> None:
    boxes = () if middle is None else (Box("9", "A", "A", BoxKind.CHOICE, middle),)
    odd = replace(LAYOUT, boxes=(*(box for box in LAYOUT.boxes if box.item != "9"), *boxes))
    blank = drawn.printed(LAYOUT)
    ask = (bare_of(blank), Transform(np.diag([200 / 25.4, 200 / 25.4, 1.0])), np.zeros((len(odd.boxes), 2)), 0.1, ["9"])
    assert written(blank, odd, *ask) == {}


def test_a_part_of_the_bare_paper_is_that_of_the_whole() -> None:
    bare = bare_of(drawn.printed(LAYOUT))
    whole = bare.part(0, 0, bare.shape[1], bare.shape[0])
    assert whole.shape == bare.shape
    assert 0.5 < whole.mean() < 1.0
    assert np.array_equal(bare.part(101, 203, 407, 611), whole[203:611, 101:407])


@given(st.sampled_from([item.item for item in LAYOUT.items]))
def test_no_question_has_a_place_in_which_boxes_of_another_stand(item: str) -> None:
    own = [index for index, box in enumerate(LAYOUT.boxes) if box.item == item]
    left, top, right, bottom = (edge * MM for edge in _place(LAYOUT, own, (1169, 827)))
    assert BODY_MM[1] - MM <= top < bottom <= BODY_MM[3] + MM
    for box in LAYOUT.boxes:
        x, y = box.center_mm
        assert (left < x < right and top < y < bottom) == (box.item == item)


@given(st.sampled_from([item.item for item in LAYOUT.items]))
def test_what_is_looked_at_is_shown_to_the_person_who_is_asked(item: str) -> None:
    own = [index for index, box in enumerate(LAYOUT.boxes) if box.item == item]
    left, top, right, bottom = (edge * MM for edge in _place(LAYOUT, own, (1169, 827)))
    shown = region_of(LAYOUT, item)
    assert shown[0] - MM <= left
    assert shown[1] - MM <= top
    assert right <= shown[2] + MM
    assert bottom <= shown[3] + MM
