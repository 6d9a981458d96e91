"""Written answers as blocks of slabs: ruled lines, one short line, or a frame to draw in, each with the teacher's strip of score bubbles.

packets/worksheet stacks the block. A strip has a circle for 0 too: untouched means «not scored yet». Millimetres, as in packets/questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from packets.assignment import OpenQuestion
from packets.layout import PITCH_MM, Box, BoxKind
from packets.paper import GREY, PALE, Face
from packets.press import Ink
from packets.questions import BAR_OUT, LEFT, RIGHT, Style, draw_bar, head, item_of, numbered, point
from packets.slabs import Block, Slab
from packets.typeset import Type
from records.language import N_, translate

SCORES_A_ROW = 15
SQUARE_MM = 5.0  # of squared paper
TEACHER = N_("The teacher fills this in")
_ABOVE_MM, _BELOW_MM = 4.6, 2.2  # a circle of the strip: its figure stands above
_BESIDE_MM = 4.6  # above a short line's strip, for the teacher's words
_RULE_END_MM = 3.0  # between a short line and the strip's bar


def open_block(question: OpenQuestion, style: Style, language: str) -> Block:
    """The question's words, room for the answer, and the teacher's strip of score bubbles from 0 to the points."""
    slabs = numbered(question.number, head(question, style, language), LEFT, style)
    scores = [str(score) for score in range(int(question.points) + 1)]
    if question.short:
        slabs.append(_score_row(question.number, scores, style, language, short=True))
    else:
        slabs += [_frame(question, style)] if question.frame else _ruled(question.lines, style)
        for start in range(0, len(scores), SCORES_A_ROW):
            slabs.append(_score_row(question.number, scores[start : start + SCORES_A_ROW], style, language if start == 0 else ""))
    return Block(tuple(slabs), (item_of(question.number, "score", question.points),), after=3.0, name=question.number)


def _ruled(lines: int, style: Style) -> list[Slab]:
    return [Slab(style.type.leading + 3.8, partial(_draw_rule, style)) for _line in range(lines)]


def _frame(question: OpenQuestion, style: Style) -> Slab:
    """Room to draw in, blank or squared; a squared one is as wide as whole squares are."""
    left, top = LEFT + style.indent, 1.0
    width = (RIGHT - left) // SQUARE_MM * SQUARE_MM if question.squares else RIGHT - left

    def draw(pen: Ink, y: float) -> None:
        for place in range(1, round(width / SQUARE_MM) if question.squares else 0):
            pen.line(left + place * SQUARE_MM, y + top, left + place * SQUARE_MM, y + top + question.frame, 0.15, PALE)
        for place in range(1, -(-question.frame // round(SQUARE_MM)) if question.squares else 0):
            pen.line(left, y + top + place * SQUARE_MM, left + width, y + top + place * SQUARE_MM, 0.15, PALE)
        pen.rectangle(left, y + top, width, question.frame, outline=0.3, grey=GREY)

    return Slab(question.frame + top + 1.0, draw)


def _score_row(number: str, scores: Sequence[str], style: Style, language: str, short: bool = False) -> Slab:
    """A row of the strip; of a `short` answer with its line at the left, and the words to the teacher above instead of beside."""
    above = _ABOVE_MM + (_BESIDE_MM if short else 0.0)
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
            draw_bar(pen, x, top + middle)
        if short:
            pen.line(
                LEFT + style.indent, top + middle + style.box / 2, first - BAR_OUT - _RULE_END_MM, top + middle + style.box / 2, 0.2, GREY
            )
        if language:
            at = (RIGHT, top + _BESIDE_MM - 0.8) if short else (first - BAR_OUT - 2.5, top + middle + Type(8, 4).half_cap)
            pen.text(*at, translate(TEACHER, language), 8, Face.ITALIC, align="right")

    return Slab(middle + style.box / 2 + _BELOW_MM, draw, (middle - style.box / 2, middle + style.box / 2), boxes)


def _draw_rule(style: Style, pen: Ink, top: float) -> None:
    pen.line(LEFT + style.indent, top + style.rule, RIGHT, top + style.rule, 0.2, GREY)
