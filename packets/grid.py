"""A matching grid as a block of slabs: words of the rows at the left, one circle a column at the right, the columns' words above.

packets/worksheet stacks the block. Each row is an item of its own (5a), read as one choice. Where the columns' words are too wide to stand above
their circles unbroken, they are listed before the rows, each behind its letter. Millimetres, as in packets/questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from packets.assignment import LETTERS, ChoiceQuestion, GridQuestion
from packets.layout import Box, BoxKind
from packets.markdown import Run, inline
from packets.paper import GREY, Face, width_mm
from packets.press import Ink
from packets.questions import CLEAR_RADII, LEFT, RIGHT, WIDTH, Style, draw_lines, item_of, numbered, point, points_text, row_extent
from packets.slabs import Block, Slab
from packets.typeset import Line, baselines, draw_line, line_width, widest_formula, widest_word, wrap
from records.language import N_, translate

ROW_LETTER_MM = 7.5  # for «a)» before a row's words
LETTER_OUT = 1.3  # between a circle and the letter at its left
HEAD_LINES = 3
HEAD_SPACE = 2.5  # between the words of two columns
LEAST_WORDS_MM = 42.0  # of a row
_WIDEST = 1000.0
_SPACED = 0.9  # from the last letter of one column to the white round the circle before it


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where the columns stand: the centre of the first, their pitch, the words above them (none: listed before the rows), the rows' width."""

    first: float
    pitch: float
    heads: tuple[tuple[Line, ...], ...]
    room: float


def grid_block(question: GridQuestion, style: Style, language: str) -> Block:
    """The question's words, the columns' words, and a row of circles for each row of the grid."""
    plan = _plan(question, style)
    slabs = numbered(question.number, _head(question, style, language), LEFT, style)
    slabs += [_heads_slab(plan, style)] if plan.heads else _listed(question.columns, style)
    rows = question.row_questions
    slabs += [_row(row, text, plan, style) for row, text in zip(rows, question.rows, strict=True)]
    items = tuple(item_of(row.number, "one", row.points) for row in rows)
    fits = _widest_of(question.rows, style) <= plan.room
    if not plan.heads:
        fits = fits and _widest_of(question.columns, style) <= _listed_room(style)
    return Block(tuple(slabs), items, after=3.0, name=question.number, gaps=len(rows), fits=fits)


def _head(question: GridQuestion, style: Style, language: str) -> list[Line]:
    points = translate(N_("{points} for each row"), language).replace(" ", "\u00a0")
    if question.whole:
        points = translate(N_("{points}, if every row is right"), language)
    points = points.format(points=points_text(question.points, language))
    return wrap((*inline(question.text), Run(f"  ({points})")), WIDTH - style.indent, style.type)


def _plan(question: GridQuestion, style: Style) -> _Plan:
    """Columns as wide as their words ask, as long as the rows keep room; else as narrow as letters and circles allow."""
    count, least = len(question.columns), _least_pitch(style)
    words = [inline(column) for column in question.columns]
    widest = max(widest_word(runs, style.type) for runs in words)
    asked = max(min(LEAST_WORDS_MM, _longest(question.rows, style)), *(widest_word(inline(row), style.type) for row in question.rows))
    for pitch in (step / 2 for step in range(round(max(least, widest + HEAD_SPACE) * 2 + 0.5), round(WIDTH * 2))):
        room = _room(count, pitch, style)
        if room < asked:
            break
        heads = tuple(tuple(wrap(runs, pitch - HEAD_SPACE, style.type)) for runs in words)
        if max(map(len, heads)) <= HEAD_LINES:
            return _Plan(RIGHT - count * pitch + pitch / 2, pitch, heads, room)
    return _Plan(RIGHT - count * least + least / 2 + LETTER_OUT, least, (), _room(count, least, style))


def _least_pitch(style: Style) -> float:
    """Circle, the white of its diagonals, and the letter of the next."""
    letter = max(width_mm(each, style.type.size) for each in LETTERS)
    return style.box / 2 * (1 + CLEAR_RADII * 0.7072) + LETTER_OUT + letter + _SPACED


def _room(count: int, pitch: float, style: Style) -> float:
    return WIDTH - style.indent - ROW_LETTER_MM - count * pitch - 1.0


def _listed_room(style: Style) -> float:
    return WIDTH - style.indent - ROW_LETTER_MM


def _widest_of(texts: Sequence[str], style: Style) -> float:
    return max(widest_formula(inline(text), style.type) for text in texts)


def _longest(rows: Sequence[str], style: Style) -> float:
    return max((line_width(line, style.type) for row in rows for line in wrap(inline(row), _WIDEST, style.type)), default=0.0)


def _heads_slab(plan: _Plan, style: Style) -> Slab:
    """The columns' words, each centred above its circles, ending on one line."""
    stacks = [baselines(lines, style.type) for lines in plan.heads]
    tallest = max(height for _places, height in stacks)

    def draw(pen: Ink, top: float) -> None:
        for column, (lines, (places, height)) in enumerate(zip(plan.heads, stacks, strict=True)):
            for line, place in zip(lines, places, strict=True):
                left = plan.first + column * plan.pitch - line_width(line, style.type) / 2
                draw_line(pen, line, left, top + tallest - height + place, style.type)

    return Slab(tallest, draw)


def _listed(columns: Sequence[str], style: Style) -> list[Slab]:
    """The columns' words in lines of their own, each behind its letter."""
    slabs = []
    for letter, column in zip(LETTERS, columns, strict=False):
        lines = wrap(inline(column), _listed_room(style), style.type)
        slabs += [
            Slab(baselines([line], style.type)[1], partial(_draw_listed, letter if not place else "", line, style))
            for place, line in enumerate(lines)
        ]
    return [*slabs, Slab(1.0)]


def _draw_listed(letter: str, line: Line, style: Style, pen: Ink, top: float) -> None:
    baseline = top + baselines([line], style.type)[0][0]
    if letter:
        pen.text(LEFT + style.indent, baseline, letter, style.type.size, Face.BOLD)
    draw_line(pen, line, LEFT + style.indent + ROW_LETTER_MM, baseline, style.type)


def _row(row: ChoiceQuestion, text: str, plan: _Plan, style: Style) -> Slab:
    lines = wrap(inline(text), plan.room, style.type)
    height, middle = row_extent([lines], style)

    def boxes(top: float) -> tuple[Box, ...]:
        size = (style.box, style.box)
        return tuple(
            Box(row.number, letter, letter, BoxKind.CHOICE, point(plan.first + place * plan.pitch, top + middle), size)
            for place, letter in enumerate(LETTERS[: len(row.choices)])
        )

    def draw(pen: Ink, top: float) -> None:
        baseline = top + middle + style.type.half_cap
        pen.line(LEFT + style.indent, top, RIGHT, top, 0.15, GREY)
        pen.text(LEFT + style.indent, baseline, f"{row.number[-1]})", style.type.size)
        draw_lines(pen, lines, LEFT + style.indent + ROW_LETTER_MM, baseline, style.type)
        for box in boxes(top):
            pen.box(box)
            pen.text(box.center_mm[0] - style.box / 2 - LETTER_OUT, baseline, box.label, style.type.size, align="right")

    return Slab(height, draw, (middle - style.box / 2, middle + style.box / 2), boxes)
