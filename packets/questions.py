"""What questions on a sheet have in common, and choices as blocks of slabs.

packets/worksheet stacks the blocks; digit columns stand in packets/number_columns, grids in packets/grid, written answers in packets/written. Words are in the assignment's language. The figures are those of DESIGN section 3; docs/sheet.md argues
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
from packets.paper import BLACK
from packets.press import Ink
from packets.slabs import Block, Slab
from packets.typeset import Line, Type, baselines, beyond, draw_line, line_width, plain, shifts, widest_formula, wrap
from records.language import N_, ntranslate, page_language, translate

LEFT, RIGHT = BODY_MM[0], BODY_MM[2]
WIDTH = RIGHT - LEFT
INDENT = 8.0  # of a question's words: its number stands before them
LIST_INDENT = 6.0  # of the words of a list, likewise
LARGE_INDENT = 10.5  # of both in 18 pt, where «10.» is so wide
LARGE_PITCH_MM, LARGE_BAR_OUT = 9.6, 8.0  # of digits: figures of 14 pt stand between their circles
CLEAR_RADII = 2.3  # diagonals of a box stay white so far out
DIGIT_LARGE_MM = 5.4  # five rows still fit between two folds
BAR_MM = (1.4, 5.0)
BAR_OUT = 7.0  # from the centre of the outermost circle to the bar
BAR_SPACE = 3.0


@dataclass(frozen=True, slots=True)
class Style:
    """How large an assignment is set: type, the diameter of its circles, how far in the words of a question and of a list begin, and its digit columns.

    `bullet` is the dot of a list, `rule` from the words above down to the first line to write on. Of digit columns, `figure` is the type of the digits
    between the circles, `pitch` from circle to circle, `bar_out` from the outermost to the bar.
    """

    type: Type
    box: float
    digit_box: float
    indent: float = INDENT
    list_indent: float = LIST_INDENT
    bullet: float = 1.1
    rule: float = 8.0
    figure: float = 8
    pitch: float = PITCH_MM
    bar_out: float = BAR_OUT

    @property
    def row(self) -> float:
        """The height of a row of boxes."""
        return max(ROW_MM, self.box + 4.4)


NORMAL = Style(Type(11, 5.2), BOX_MM, BOX_MM)
YOUNG = Style(Type(13, 6.2), LARGE_BOX_MM, DIGIT_LARGE_MM)
LARGE = Style(
    Type(18, 8.6),
    LARGE_BOX_MM,
    DIGIT_LARGE_MM,
    indent=LARGE_INDENT,
    list_indent=LARGE_INDENT,
    bullet=1.8,
    rule=11.4,
    figure=14,
    pitch=LARGE_PITCH_MM,
    bar_out=LARGE_BAR_OUT,
)
YOUNGEST_GRADES = (1, 2)


def style_of(grade: int, print_size: str) -> Style:
    """The style for a grade and a pupil's print (normal or large)."""
    if print_size == "large":
        return LARGE
    return YOUNG if grade in YOUNGEST_GRADES else NORMAL


def text_slabs(lines: Sequence[Line], x: float, type_: Type) -> list[Slab]:
    """One slab for each line of words, higher where a formula asks for it."""
    return [Slab(baselines([line], type_)[1], partial(_draw_words, line, x, type_)) for line in lines]


def head(question: ChoiceQuestion | NumberQuestion | OpenQuestion, style: Style, language: str, width: float = WIDTH) -> list[Line]:
    """The question's words and points in lines, `width` wide, without the number before them."""
    hint = ""
    if isinstance(question, ChoiceQuestion) and question.several:
        hint = " " + translate(N_("(several answers can be right)"), language)
    return wrap(
        (*inline(question.text), Run(hint, italic=True), Run(f"  ({points_text(question.points, language)})")),
        width - style.indent,
        style.type,
    )


def points_text(points: Decimal, language: str) -> str:
    """Points with their noun: «2 балла», «1,5 балла»."""
    whole = points == points.to_integral_value()
    number = format(points.normalize(), "f")
    if page_language(language) != "en":
        number = number.replace(".", ",")
    counted = ntranslate("{number} point", "{number} points", int(points) if whole else 2, language)
    return counted.format(number=number).replace(" ", "\u00a0")


def choice_block(question: ChoiceQuestion, style: Style, language: str, order: str = "") -> Block:
    """The question's words above its choices, which stand in as many columns (4, 2 or 1) as their words allow.

    `order`: the author's letters as they are printed behind A, B, C; empty: as the author wrote them.
    """
    slabs = numbered(question.number, head(question, style, language), LEFT, style)
    texts = dict(zip(LETTERS, question.choices, strict=False))
    cells = [(letter, label, texts[letter]) for letter, label in zip(order or texts, LETTERS, strict=False)]
    columns = _columns(question.choices, style)
    for start in range(0, len(cells), columns):
        slabs.append(_choice_row(question.number, cells[start : start + columns], columns, style))
    rule = "several" if question.several else "one"
    fits = max(widest_formula(inline(text), style.type) for text in question.choices) <= _text_room(columns, style)
    return Block(tuple(slabs), (item_of(question.number, rule, question.points),), after=3.0, name=question.number, fits=fits)


def item_of(number: str, rule: str, points: Decimal) -> Item:
    """How the boxes of a question are judged."""
    return Item(number, rule, format(points.normalize(), "f"))


def numbered(number: str, lines: Sequence[Line], x: float, style: Style) -> list[Slab]:
    """A question's words, its number in bold before the first line at `x`."""
    slabs = text_slabs(lines, x + style.indent, style.type)
    first = slabs[0]

    def with_number(pen: Ink, top: float) -> None:
        baseline = top + baselines(lines[:1], style.type)[0][0]
        draw_line(pen, wrap(plain(f"{number}.", bold=True), style.indent * 2, style.type)[0], x, baseline, style.type)
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
    return style.indent + style.box / 2 + 1.2


def _text_offset(style: Style) -> float:
    """From a cell's left to its words, which begin beyond the clear diagonals."""
    return _center_offset(style) + style.box / 2 * CLEAR_RADII * 0.7072 + 1.0


def _choice_row(number: str, cells: Sequence[tuple[str, str, str]], columns: int, style: Style) -> Slab:
    """One row of choices: of each the author's letter, the printed one, and the words."""
    wrapped = [wrap(inline(text), _text_room(columns, style), style.type) for _letter, _label, text in cells]
    height, middle = row_extent(wrapped, style)
    lefts = [LEFT + WIDTH / columns * place for place in range(len(cells))]

    def boxes(top: float) -> tuple[Box, ...]:
        y = top + middle
        return tuple(
            Box(number, letter, label, BoxKind.CHOICE, point(left + _center_offset(style), y), (style.box, style.box))
            for left, (letter, label, _text) in zip(lefts, cells, strict=True)
        )

    def draw(pen: Ink, top: float) -> None:
        baseline = top + middle + style.type.half_cap
        for left, lines, box in zip(lefts, wrapped, boxes(top), strict=True):
            pen.box(box)
            pen.text(left + _center_offset(style) - style.box / 2 - 1.3, baseline, box.label, style.type.size, align="right")
            draw_lines(pen, lines, left + _text_offset(style), baseline, style.type)

    return Slab(height, draw, (middle - style.box / 2, middle + style.box / 2), boxes)


def row_extent(cells: Sequence[Sequence[Line]], style: Style) -> tuple[float, float]:
    """The height of a row of boxes with words beside them, and how far down their middle stands; words begin level with the boxes."""
    leading, half = style.type.leading, style.row / 2
    over = under = 0.0
    height = max(style.row, max(len(lines) for lines in cells) * leading + style.row - leading)
    for lines in cells:
        if lines and any(piece.formula for line in lines for piece in line):
            over = max(over, beyond(lines[0], style.type)[0] - (half + style.type.half_cap - style.type.baseline))
            deep = (len(lines) - 1) * leading + shifts(lines, style.type)[-1] + beyond(lines[-1], style.type)[1]
            under = max(under, half + style.type.half_cap + leading - style.type.baseline + deep - height)
    return height + over + under, half + over


def draw_lines(pen: Ink, lines: Sequence[Line], x: float, baseline: float, type_: Type) -> None:
    """Set lines below each other, the first with its baseline at `baseline`."""
    for place, (line, shift) in enumerate(zip(lines, shifts(lines, type_), strict=True)):
        draw_line(pen, line, x, baseline + place * type_.leading + shift, type_)


def draw_bar(pen: Ink, x: float, y: float) -> None:
    """Black print at the end of a row of bare circles, for the reader to hold on to."""
    pen.rectangle(x - BAR_MM[0] / 2, y - BAR_MM[1] / 2, *BAR_MM, fill=BLACK, outline=None)


def point(x: float, y: float) -> tuple[float, float]:
    """The centre of a box as a layout holds it."""
    return (round(x, 3), round(y, 3))


def _draw_words(line: Line, x: float, type_: Type, pen: Ink, top: float) -> None:
    draw_line(pen, line, x, top + baselines([line], type_)[0][0], type_)
