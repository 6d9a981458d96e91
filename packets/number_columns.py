"""A question for a number as a block of slabs: digit columns, with a minus and a comma where they are asked for.

packets/worksheet stacks the block; two narrow questions stand side by side. Millimetres, as in packets/questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from packets.assignment import NumberQuestion
from packets.layout import DIGIT_SQUARE_MM, PITCH_MM, ROW_MM, Box, BoxKind
from packets.markdown import inline
from packets.numbers import MINUS, Columns
from packets.paper import GREY, Face
from packets.press import Ink
from packets.questions import BAR_SPACE, LEFT, NORMAL, WIDTH, Style, draw_bar, head, item_of, numbered, point
from packets.slabs import Block, Slab
from packets.typeset import Line, Type, baselines, widest_word

DIGITS = tuple("0123456789")
SIGN_MM = 4.0  # more between columns behind a minus, and where a comma stands
NARROWEST_WORDS = 34.0


def number_block(questions: Sequence[NumberQuestion], style: Style, language: str) -> Block:
    """One or two questions side by side: words at the left of each half, digit columns at its right, 0 to 9 downwards.

    Words that would be broken there, or a formula that would run into the circles, stand above the columns.
    """
    cells = [_number_cell(question, place, len(questions), style, language) for place, question in enumerate(questions)]
    above = _words_above(questions[0], style, language) if not cells[0].lines else []
    squares = Slab(DIGIT_SQUARE_MM + 1.0, partial(draw_heads, cells, style))
    rows = [digit_row(cells, digit, style) for digit in DIGITS]
    tallest = max(baselines(cell.lines, style.type)[1] for cell in cells)
    rest = tallest - squares.height - len(rows) * ROW_MM
    slabs = (*above, squares, *rows, *((Slab(rest),) if rest > 0 else ()))
    items = tuple(item_of(question.number, "number", question.points) for question in questions)
    return Block(slabs, items, after=3.0, name=questions[0].number)


def fits_half(question: NumberQuestion, style: Style, language: str) -> bool:
    """Whether a number question can share its row with another: its words stay as narrow as half a page allows and beside its columns."""
    room = WIDTH / 2 - columns_width(question.columns, style)
    if room < NARROWEST_WORDS or widest_word(inline(question.text), style.type) > room - style.indent:
        return False
    return baselines(head(question, style, language, room), style.type)[1] <= DIGIT_SQUARE_MM + len(DIGITS) * ROW_MM


@dataclass(frozen=True, slots=True)
class NumberCell:
    """One number question in its place: `left` of its words, and the centre of each column by its number; no `lines` where the words stand above."""

    number: str
    columns: Columns
    left: float
    centers: dict[int, float]
    lines: tuple[Line, ...]

    @property
    def ends(self) -> tuple[float, float]:
        """The centres of the outermost columns."""
        return min(self.centers.values()), max(self.centers.values())


def offsets_of(columns: Columns, pitch: float = PITCH_MM) -> dict[int, float]:
    """From the first column to each: `pitch`, and wider behind a minus and where the comma stands."""
    every = ((1,) if columns.minus else ()) + columns.whole + columns.parts
    wider = {column: (columns.minus and column > 1) + (column in columns.parts) for column in every}
    return {column: place * pitch + wider[column] * SIGN_MM for place, column in enumerate(every)}


def columns_width(columns: Columns, style: Style = NORMAL) -> float:
    """What the columns of a number question take, with their bars and the space before the next question."""
    return max(offsets_of(columns, style.pitch).values()) + 2 * style.bar_out + 2 * BAR_SPACE


def _number_cell(question: NumberQuestion, place: int, of: int, style: Style, language: str) -> NumberCell:
    width = WIDTH / of
    left = LEFT + place * width
    columns, offsets = question.columns, offsets_of(question.columns, style.pitch)
    room = width - columns_width(columns, style)
    lines = head(question, style, language, room) if widest_word(inline(question.text), style.type) <= room - style.indent else []
    first = left + width - style.bar_out - BAR_SPACE - max(offsets.values())
    return NumberCell(question.number, columns, left, {column: first + offset for column, offset in offsets.items()}, tuple(lines))


def _words_above(question: NumberQuestion, style: Style, language: str) -> list[Slab]:
    return [*numbered(question.number, head(question, style, language), LEFT, style), Slab(1.0)]


def draw_heads(cells: Sequence[NumberCell], style: Style, pen: Ink, top: float) -> None:
    """Draw the words of each question, where they stand beside its columns, and the squares in which the digits are written."""
    for cell in cells:
        y = top
        for slab in numbered(cell.number, cell.lines, cell.left, style) if cell.lines else ():
            slab.draw(pen, y)
            y += slab.height
        for center in cell.centers.values():
            pen.rectangle(center - DIGIT_SQUARE_MM / 2, top, DIGIT_SQUARE_MM, DIGIT_SQUARE_MM, grey=GREY)
        if cell.columns.parts:
            before, behind = cell.centers[cell.columns.whole[-1]], cell.centers[cell.columns.parts[0]]
            pen.text((before + behind) / 2, top + DIGIT_SQUARE_MM - 1.0, ",", 20, Face.BOLD, align="center")


def digit_row(cells: Sequence[NumberCell], digit: str, style: Style) -> Slab:
    """The circles of one digit in all columns of all questions, with a bar at both ends of each question."""
    middle = ROW_MM / 2
    half_cap = Type(style.figure, 0.0).half_cap

    def boxes(top: float) -> tuple[Box, ...]:
        size = (style.digit_box, style.digit_box)
        return tuple(
            Box(cell.number, value, value, BoxKind.DIGIT, point(cell.centers[column], top + middle), size, column=column)
            for cell in cells
            for column, value in _values_in_row(cell.columns, digit)
        )

    def draw(pen: Ink, top: float) -> None:
        for box in boxes(top):
            pen.box(box)
            if box.label == MINUS:
                x, y, half = box.center_mm[0] - style.pitch / 2, top + middle, style.figure / 8
                pen.line(x - half, y, x + half, y, style.figure / 16)
            else:
                pen.text(box.center_mm[0] - style.pitch / 2, top + middle + half_cap, digit, style.figure, align="center")
        for cell in cells:
            first, last = cell.ends
            for x in (first - style.bar_out, last + style.bar_out - 1.0):
                draw_bar(pen, x, top + middle)

    return Slab(ROW_MM, draw, (middle - style.digit_box / 2, middle + style.digit_box / 2), boxes)


def _values_in_row(columns: Columns, digit: str) -> list[tuple[int, str]]:
    """The columns with a circle in the row of `digit`, and its value; a minus stands in the first row."""
    minus = [(1, MINUS)] if columns.minus and digit == DIGITS[0] else []
    return minus + [(column, digit) for column in columns.whole + columns.parts]
