"""Questions as blocks of slabs: choices, digit columns, open answers with the teacher's score strip.

packets/worksheet stacks the blocks. Words are in the assignment's language. The figures are those of DESIGN section 3; docs/sheet.md argues
them. Millimetres on the page; boxes come out with their centres rounded to a thousandth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from packets.assignment import LETTERS, ChoiceQuestion, NumberQuestion, OpenQuestion
from packets.layout import BODY_MM, BOX_MM, LARGE_BOX_MM, PITCH_MM, ROW_MM, Box, BoxKind, Item
from packets.markdown import Run, inline
from packets.numbers import MINUS, Columns
from packets.paper import BLACK, GREY, Face, width_mm
from packets.press import Ink
from packets.slabs import Block, Slab
from packets.typeset import Line, Type, draw_line, line_width, plain, wrap
from records.language import N_, ntranslate, page_language, translate

LEFT, RIGHT = BODY_MM[0], BODY_MM[2]
WIDTH = RIGHT - LEFT
INDENT = 8.0  # of a question's words: its number stands before them
CLEAR_RADII = 2.3  # diagonals of a box stay white so far out
DIGIT_LARGE_MM = 5.4  # five rows still fit between two folds
DIGITS = tuple("0123456789")
SCORES_A_ROW = 15
BAR_MM = (1.4, 5.0)
BAR_OUT = 7.0  # from the centre of the outermost circle to the bar
BAR_SPACE = 3.0
SIGN_MM = 4.0  # more between columns behind a minus, and where a comma stands
MINUS_MM = 2.0
NARROWEST_WORDS = 34.0
_SQUARE_MM = 6.6  # where a pupil writes the digit before filling its circle


@dataclass(frozen=True, slots=True)
class Style:
    """How large an assignment is set: type, and the diameter of its circles."""

    type: Type
    box: float
    digit_box: float

    @property
    def row(self) -> float:
        """The height of a row of boxes."""
        return max(ROW_MM, self.box + 4.4)


NORMAL = Style(Type(11, 5.2), BOX_MM, BOX_MM)
YOUNG = Style(Type(13, 6.2), LARGE_BOX_MM, DIGIT_LARGE_MM)
LARGE = Style(Type(16, 7.6), LARGE_BOX_MM, DIGIT_LARGE_MM)
YOUNGEST_GRADES = (1, 2)


def style_of(grade: int, print_size: str) -> Style:
    """The style for a grade and a pupil's print (normal or large)."""
    if print_size == "large":
        return LARGE
    return YOUNG if grade in YOUNGEST_GRADES else NORMAL


def text_slabs(lines: Sequence[Line], x: float, type_: Type) -> list[Slab]:
    """One slab for each line of words."""
    return [Slab(type_.leading, partial(_draw_words, line, x, type_)) for line in lines]


def head(question: ChoiceQuestion | NumberQuestion | OpenQuestion, style: Style, language: str, width: float = WIDTH) -> list[Line]:
    """The question's words and points in lines, `width` wide, without the number before them."""
    hint = ""
    if isinstance(question, ChoiceQuestion) and question.several:
        hint = " " + translate(N_("(several answers can be right)"), language)
    return wrap(
        (*inline(question.text), Run(hint, italic=True), Run(f"  ({points_text(question.points, language)})")), width - INDENT, style.type
    )


def points_text(points: Decimal, language: str) -> str:
    """Points with their noun: «2 балла», «1,5 балла»."""
    whole = points == points.to_integral_value()
    number = format(points.normalize(), "f")
    if page_language(language) != "en":
        number = number.replace(".", ",")
    counted = ntranslate("{number} point", "{number} points", int(points) if whole else 2, language)
    return counted.format(number=number).replace(" ", "\u00a0")


def choice_block(question: ChoiceQuestion, style: Style, language: str) -> Block:
    """The question's words above its choices, which stand in as many columns (4, 2 or 1) as their words allow."""
    slabs = numbered(question.number, head(question, style, language), LEFT, style)
    cells = list(zip(LETTERS, question.choices, strict=False))
    columns = _columns([text for _letter, text in cells], style)
    for start in range(0, len(cells), columns):
        slabs.append(_choice_row(question.number, cells[start : start + columns], columns, style))
    rule = "several" if question.several else "one"
    return Block(tuple(slabs), (item_of(question.number, rule, question.points),), after=3.0, name=question.number)


def number_block(questions: Sequence[NumberQuestion], style: Style, language: str) -> Block:
    """One or two questions side by side: words at the left of each half, digit columns at its right, 0 to 9 downwards."""
    cells = [_number_cell(question, place, len(questions), style, language) for place, question in enumerate(questions)]
    squares = Slab(_SQUARE_MM + 1.0, partial(_draw_number_heads, cells, style))
    rows = [_digit_row(cells, digit, style) for digit in DIGITS]
    tallest = max(len(cell.lines) for cell in cells) * style.type.leading
    rest = tallest - squares.height - len(rows) * ROW_MM
    slabs = (squares, *rows, *((Slab(rest),) if rest > 0 else ()))
    items = tuple(item_of(question.number, "number", question.points) for question in questions)
    return Block(slabs, items, after=3.0, name=questions[0].number)


def fits_half(question: NumberQuestion, style: Style, language: str) -> bool:
    """Whether a number question can share its row with another: its words stay as narrow as half a page allows and beside its columns."""
    room = WIDTH / 2 - _columns_width(question.columns)
    longest = max((width_mm(word, style.type.size) for word in question.text.split()), default=0.0)
    if room < NARROWEST_WORDS or longest > room - INDENT:
        return False
    return len(head(question, style, language, room)) * style.type.leading <= _SQUARE_MM + len(DIGITS) * ROW_MM


def open_block(question: OpenQuestion, style: Style, language: str) -> Block:
    """The question's words, ruled lines, and the teacher's strip of score bubbles from 0 to the points."""
    slabs = numbered(question.number, head(question, style, language), LEFT, style)
    rule = style.type.leading + 3.8
    slabs.extend(Slab(rule, _draw_rule) for _line in range(question.lines))
    scores = [str(score) for score in range(int(question.points) + 1)]
    for start in range(0, len(scores), SCORES_A_ROW):
        slabs.append(_score_row(question.number, scores[start : start + SCORES_A_ROW], style, language if start == 0 else ""))
    return Block(tuple(slabs), (item_of(question.number, "score", question.points),), after=3.0, name=question.number)


def item_of(number: str, rule: str, points: Decimal) -> Item:
    """How the boxes of a question are judged."""
    return Item(number, rule, format(points.normalize(), "f"))


def numbered(number: str, lines: Sequence[Line], x: float, style: Style) -> list[Slab]:
    """A question's words, its number in bold before the first line at `x`."""
    slabs = text_slabs(lines, x + INDENT, style.type)
    first = slabs[0]

    def with_number(pen: Ink, top: float) -> None:
        draw_line(pen, wrap(plain(f"{number}.", bold=True), INDENT * 2, style.type)[0], x, top + style.type.baseline, style.type)
        first.draw(pen, top)

    return [Slab(first.height, with_number), *slabs[1:]]


def _columns(texts: Sequence[str], style: Style) -> int:
    """4, 2 or 1: the most columns in which every choice stays on one line."""
    for columns in (4, 2):
        room = _text_room(columns, style)
        lines = [wrap(inline(text), 1000, style.type) for text in texts]
        if all(len(each) <= 1 and (not each or line_width(each[0], style.type) <= room) for each in lines):
            return columns
    return 1


def _text_room(columns: int, style: Style) -> float:
    return WIDTH / columns - _text_offset(style) - 1.0


def _center_offset(style: Style) -> float:
    """From a cell's left to its circle's centre: the letter stands between, outside the circle."""
    return INDENT + style.box / 2 + 1.2


def _text_offset(style: Style) -> float:
    """From a cell's left to its words, which begin beyond the clear diagonals."""
    return _center_offset(style) + style.box / 2 * CLEAR_RADII * 0.7072 + 1.0


def _choice_row(number: str, cells: Sequence[tuple[str, str]], columns: int, style: Style) -> Slab:
    wrapped = [wrap(inline(text), _text_room(columns, style), style.type) for _letter, text in cells]
    height = max(style.row, max(len(lines) for lines in wrapped) * style.type.leading + style.row - style.type.leading)
    middle = style.row / 2
    lefts = [LEFT + WIDTH / columns * place for place in range(len(cells))]

    def boxes(top: float) -> tuple[Box, ...]:
        y = top + middle
        return tuple(
            Box(number, letter, letter, BoxKind.CHOICE, point(left + _center_offset(style), y), (style.box, style.box))
            for left, (letter, _text) in zip(lefts, cells, strict=True)
        )

    def draw(pen: Ink, top: float) -> None:
        baseline = top + middle + style.type.half_cap
        for left, lines, box in zip(lefts, wrapped, boxes(top), strict=True):
            pen.box(box)
            pen.text(left + _center_offset(style) - style.box / 2 - 1.3, baseline, box.label, style.type.size, align="right")
            for place, line in enumerate(lines):
                draw_line(pen, line, left + _text_offset(style), baseline + place * style.type.leading, style.type)

    return Slab(height, draw, (middle - style.box / 2, middle + style.box / 2), boxes)


@dataclass(frozen=True, slots=True)
class _NumberCell:
    """One number question in its place: `left` of its words, and the centre of each column by its number."""

    number: str
    columns: Columns
    left: float
    centers: dict[int, float]
    lines: tuple[Line, ...]

    @property
    def ends(self) -> tuple[float, float]:
        """The centres of the outermost columns."""
        return min(self.centers.values()), max(self.centers.values())


def _offsets(columns: Columns) -> dict[int, float]:
    """From the first column to each: PITCH_MM, and wider behind a minus and where the comma stands."""
    every = ((1,) if columns.minus else ()) + columns.whole + columns.parts
    wider = {column: (columns.minus and column > 1) + (column in columns.parts) for column in every}
    return {column: place * PITCH_MM + wider[column] * SIGN_MM for place, column in enumerate(every)}


def _columns_width(columns: Columns) -> float:
    """What the columns of a number question take, with their bars and the space before the next question."""
    return max(_offsets(columns).values()) + 2 * BAR_OUT + 2 * BAR_SPACE


def _number_cell(question: NumberQuestion, place: int, of: int, style: Style, language: str) -> _NumberCell:
    width = WIDTH / of
    left = LEFT + place * width
    columns, offsets = question.columns, _offsets(question.columns)
    lines = head(question, style, language, width - _columns_width(columns))
    first = left + width - BAR_OUT - BAR_SPACE - max(offsets.values())
    return _NumberCell(question.number, columns, left, {column: first + offset for column, offset in offsets.items()}, tuple(lines))


def _draw_number_heads(cells: Sequence[_NumberCell], style: Style, pen: Ink, top: float) -> None:
    for cell in cells:
        y = top
        for slab in numbered(cell.number, cell.lines, cell.left, style):
            slab.draw(pen, y)
            y += slab.height
        for center in cell.centers.values():
            pen.rectangle(center - _SQUARE_MM / 2, top, _SQUARE_MM, _SQUARE_MM, grey=GREY)
        if cell.columns.parts:
            before, behind = cell.centers[cell.columns.whole[-1]], cell.centers[cell.columns.parts[0]]
            pen.text((before + behind) / 2, top + _SQUARE_MM - 1.0, ",", 20, Face.BOLD, align="center")


def _digit_row(cells: Sequence[_NumberCell], digit: str, style: Style) -> Slab:
    middle = ROW_MM / 2
    small = Type(8, 3.6)

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
                y = top + middle
                pen.line(box.center_mm[0] - PITCH_MM / 2 - MINUS_MM / 2, y, box.center_mm[0] - PITCH_MM / 2 + MINUS_MM / 2, y, 0.5)
            else:
                pen.text(box.center_mm[0] - PITCH_MM / 2, top + middle + small.half_cap, digit, small.size, align="center")
        for cell in cells:
            first, last = cell.ends
            for x in (first - BAR_OUT, last + BAR_OUT - 1.0):
                _draw_bar(pen, x, top + middle)

    return Slab(ROW_MM, draw, (middle - style.digit_box / 2, middle + style.digit_box / 2), boxes)


def _values_in_row(columns: Columns, digit: str) -> list[tuple[int, str]]:
    """The columns with a circle in the row of `digit`, and its value; a minus stands in the first row."""
    minus = [(1, MINUS)] if columns.minus and digit == DIGITS[0] else []
    return minus + [(column, digit) for column in columns.whole + columns.parts]


def _score_row(number: str, scores: Sequence[str], style: Style, language: str) -> Slab:
    above = 4.6
    middle = above + style.box / 2
    first = RIGHT - BAR_OUT - (len(scores) - 1) * PITCH_MM

    def boxes(top: float) -> tuple[Box, ...]:
        return tuple(
            Box(number, score, score, BoxKind.SCORE, point(first + place * PITCH_MM, top + middle), (style.box, style.box))
            for place, score in enumerate(scores)
        )

    def draw(pen: Ink, top: float) -> None:
        for box in boxes(top):
            pen.box(box)
            pen.text(box.center_mm[0], top + middle - style.box / 2 - 1.2, box.label, 8, align="center")
        for x in (first - BAR_OUT, RIGHT - 1.0):
            _draw_bar(pen, x, top + middle)
        if language:
            words = translate(N_("The teacher fills this in"), language)
            pen.text(first - BAR_OUT - 2.5, top + middle + Type(8, 4).half_cap, words, 8, Face.ITALIC, align="right")

    return Slab(middle + style.box / 2 + 2.2, draw, (middle - style.box / 2, middle + style.box / 2), boxes)


def _draw_bar(pen: Ink, x: float, y: float) -> None:
    """Black print at the end of a row of bare circles, for the reader to hold on to."""
    pen.rectangle(x - BAR_MM[0] / 2, y - BAR_MM[1] / 2, *BAR_MM, fill=BLACK, outline=None)


def _draw_rule(pen: Ink, top: float) -> None:
    pen.line(LEFT + INDENT, top + 8.0, RIGHT, top + 8.0, 0.2, GREY)


def point(x: float, y: float) -> tuple[float, float]:
    """The centre of a box as a layout holds it."""
    return (round(x, 3), round(y, 3))


def _draw_words(line: Line, x: float, type_: Type, pen: Ink, top: float) -> None:
    draw_line(pen, line, x, top + type_.baseline, type_)
