"""Digits that were written into the squares over a number's columns and not marked below: asked about, never lost in silence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import cv2
import numpy as np
import pytest

from packets.assignment import Assignment, NumberQuestion
from packets.layout import BLANK_DPI, DIGIT_SQUARE_MM, SQUARE_ABOVE_MM, Box, BoxKind, Item, Layout, PageKind
from packets.numbers import MINUS
from packets.worksheet import draw_assignment
from scanning.page import read_page
from scanning.verdict import Chosen, Doubt, DoubtReason, Judgement
from tests.scanning import sheets as drawn

MINUS_SIGN = [[[-0.7, 0.0], [0.7, 0.0]]]  # in radii from the middle of a square
SEVEN = [[[-0.6, -0.8], [0.6, -0.8]], [[0.6, -0.8], [-0.2, 0.9]]]
TOP = 100.0


def number_layout() -> Layout:
    """A choice question, and below it a number of a minus and two digits, 0 to 9 downwards."""
    boxes = [Box("1", letter, letter, BoxKind.CHOICE, (118.0 + 12 * k, 54.0)) for k, letter in enumerate("ABCD")]
    boxes += [Box("2", MINUS, MINUS, BoxKind.DIGIT, (120.0, TOP), column=1)]
    boxes += [
        Box("2", str(d), str(d), BoxKind.DIGIT, (120.0 + 8 * column, TOP + 9 * d), column=column) for column in (2, 3) for d in range(10)
    ]
    return Layout(PageKind.WORKSHEET, tuple(boxes), (Item("1", "one", "1"), Item("2", "number", "1")), "columns")


LAYOUT = number_layout()


def square(column: int) -> Box:
    first = next(box for box in LAYOUT.boxes if box.column == column)
    center = (first.center_mm[0], first.center_mm[1] - SQUARE_ABOVE_MM)
    return Box("2", "", "", BoxKind.DIGIT, center, (DIGIT_SQUARE_MM * 0.8, DIGIT_SQUARE_MM * 0.8))


def said(sheet: drawn.Sheet, **how: Any) -> Judgement:
    (page,) = read_page(sheet.scan(**how), drawn.Book(LAYOUT))
    return next(item.judgement for item in page.items if item.item == "2")


def marked(*digits: tuple[int, str]) -> drawn.Sheet:
    sheet = drawn.Sheet(LAYOUT, 3)
    sheet.fill("1", "B")
    for column, value in digits:
        sheet.fill("2", value, column)
    return sheet


@pytest.mark.parametrize("how", [{"dpi": 100}, {"dpi": 200, "turn": 1.5}, {"dpi": 300, "turn": 181.0}])
@pytest.mark.parametrize("sign", [MINUS_SIGN, SEVEN])
def test_a_sign_in_the_square_over_an_empty_column_is_asked_about(how: dict[str, Any], sign: Any) -> None:
    sheet = marked((2, "3"), (3, "5"))
    assert said(sheet, **how) == Chosen(("35",))
    sheet.strokes(square(1), sign, 0.5)
    assert said(sheet, **how) == Doubt(DoubtReason.OUT_OF_PLACE, ("35",))


def test_digits_over_the_columns_that_are_marked_say_nothing() -> None:
    sheet = marked((2, "3"), (3, "5"))
    for column in (2, 3):
        sheet.strokes(square(column), SEVEN, 0.5)
    assert said(sheet) == Chosen(("35",))


def test_a_neighbour_s_digit_that_reaches_over_the_edge_of_an_empty_square_says_nothing() -> None:
    sheet = marked((2, "3"), (3, "5"))
    sheet.strokes(square(2), [[[-1.35, 0.2], [0.5, 0.2]]], 0.5)
    assert said(sheet) == Chosen(("35",))


@pytest.mark.parametrize("print_size", ["normal", "large"])
@pytest.mark.parametrize("minus", [False, True])
def test_squares_are_printed_where_they_are_looked_for(minus: bool, print_size: str) -> None:
    question = NumberQuestion("1", "Сан?", "-3.5" if minus else "3.5", 2, Decimal(1), decimals=1, minus=minus)
    pages = draw_assignment(Assignment("n", "math", 5, "kk", "Сан", "practice", "2026-W41", None, (question,)), print_size)
    blank = cv2.imdecode(np.frombuffer(pages.blank(1), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert blank is not None
    layout, per_mm = pages.layouts[0], BLANK_DPI / 25.4
    for first in {box.column: box for box in reversed(layout.boxes)}.values():
        x, y = first.center_mm[0], first.center_mm[1] - SQUARE_ABOVE_MM
        inside = blank[round((y - 2.5) * per_mm) : round((y + 2.5) * per_mm), round((x - 2.5) * per_mm) : round((x + 2.5) * per_mm)]
        assert inside.min() > 240
        for edge in (-DIGIT_SQUARE_MM / 2, DIGIT_SQUARE_MM / 2):
            down, across = (round((each + edge) * per_mm) for each in (y, x))
            assert blank[down - 1 : down + 2, round(x * per_mm)].min() < 215
            assert blank[round(y * per_mm), across - 1 : across + 2].min() < 215


@pytest.mark.parametrize("level", [0.3, 0.33, 0.75])
def test_a_pale_pen_s_numbers_are_looked_at_and_complete_ones_are_read(level: float) -> None:
    """Columns were called empty below a fixed darkness: a pale number of 2H lost its first digit, and one of two pale digits was asked about for nothing."""
    sheet = drawn.Sheet(LAYOUT, 3, level=level)
    sheet.fill("1", "B")
    for column, value, share in ((2, "3", 1.0), (3, "5", 0.85)):
        sheet.fill("2", value, column, level=level * share)
        sheet.strokes(square(column), SEVEN, 0.5)
    assert said(sheet) == Chosen(("35",))
    sheet.strokes(square(1), MINUS_SIGN, 0.5)
    assert said(sheet) == Doubt(DoubtReason.OUT_OF_PLACE, ("35",))
