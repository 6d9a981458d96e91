"""The answer strip beside a teacher's own page: the same circles, digit columns and score bubbles as under our own words, packed close.

packets/own_pdf_page stacks the blocks. A question whose words stand on the teacher's page is bare: its number, its points and its boxes; bare ones
share rows. A question with words, or with room of ours for a written answer, takes the strip's whole width as on any sheet. Millimetres, as in packets/questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from packets.assignment import LETTERS, Assignment, ChoiceQuestion, GridQuestion, NumberQuestion, OpenQuestion
from packets.grid import grid_block
from packets.layout import BODY_MM, PITCH_MM, Box, BoxKind
from packets.number_columns import DIGITS, NumberCell, columns_width, digit_row, draw_heads, number_block, offsets_of
from packets.paper import BLACK, Face, width_mm
from packets.press import Ink
from packets.questions import BAR_OUT, BAR_SPACE, LEFT, WIDTH, Style, choice_block, draw_bar, item_of, point, points_text
from packets.slabs import Block, Slab
from packets.typeset import Type
from packets.written import TEACHER, open_block
from records.language import N_, translate

Asked = ChoiceQuestion | GridQuestion | NumberQuestion | OpenQuestion
HEADING = N_("Your answers")
HEADING_MM = 7.0
BESIDE_MM = 3.0  # from the line at the left of the strip to its boxes
_LETTER_OUT, _LETTER_AFTER = 0.9, 1.1  # between a letter and the circle behind it, and the one before it
_LETTERS = 0.82  # of a style's type: letters stand close to their circles, as digits do
_BETWEEN = 8.0  # cells: a return has its sign there
_SMALL = Type(7, 3.2)
_HINT_MM = 3.4  # below circles of which several may be marked
_WORDS_MM, _FIGURES_MM, _BELOW_MM = (
    4.0,
    4.6,
    2.2,
)  # of a score row: the words to the teacher, the figures above the circles, the white below
SEVERAL = N_("(more than one)")


@dataclass(frozen=True, slots=True)
class Span:
    """From where to where the strip goes across the sheet."""

    left: float = LEFT
    width: float = WIDTH


def is_bare(question: Asked) -> bool:
    """Whether a question's words stand on the teacher's page, and nothing of it but boxes in the strip."""
    if question.text:
        return False
    return (isinstance(question, OpenQuestion) and question.on_page) or isinstance(question, NumberQuestion) or _only_letters(question)


def widest(questions: Sequence[Asked], style: Style, language: str) -> float:
    """The least width of a strip of bare questions; score bubbles may go on in another row."""
    return max((_least_width(question, style, language) for question in questions), default=0.0)


def strip_blocks(assignment: Assignment, questions: Sequence[Asked], style: Style, span: Span) -> Iterator[Block]:
    """The strip from above: its heading, then the questions in their order."""
    yield _heading(assignment.language, span)
    for shape, group in groupby(questions, key=_shape):
        if shape is None:
            yield from (_full_width(question, assignment, style) for question in group)
        else:
            yield from shape(list(group), style, assignment.language, span)


def _shape(question: Asked) -> Callable[[list[Asked], Style, str, Span], Iterator[Block]] | None:
    """How rows of such questions are made; None: each stands alone, as on any sheet."""
    if not is_bare(question):
        return None
    return {ChoiceQuestion: _choice_rows, NumberQuestion: _number_rows, OpenQuestion: _score_rows}[type(question)]


def _full_width(question: Asked, assignment: Assignment, style: Style) -> Block:
    match question:
        case ChoiceQuestion():
            return choice_block(question, style, assignment.language, assignment.order(question))
        case GridQuestion():
            return grid_block(question, style, assignment.language)
        case NumberQuestion():
            return number_block([question], style, assignment.language)
        case OpenQuestion():
            return open_block(question, style, assignment.language)


def _only_letters(question: Asked) -> bool:
    return isinstance(question, ChoiceQuestion) and not any(question.choices)


def _least_width(question: Asked, style: Style, language: str) -> float:
    match question:
        case ChoiceQuestion():
            return _choice_width(question, style, language)
        case NumberQuestion():
            return _label_width(question, style, language) + columns_width(question.columns) - 2 * BAR_SPACE
        case OpenQuestion():
            return _label_width(question, style, language) + 2 * BAR_OUT + 3 * PITCH_MM
        case GridQuestion():
            return WIDTH


def _label_width(question: Asked, style: Style, language: str) -> float:
    """Of a question's number and, below it, its points."""
    number = width_mm(f"{question.number}.", style.type.size, Face.BOLD)
    return max(number, width_mm(points_text(question.points, language), _SMALL.size)) + 1.6


def _draw_label(pen: Ink, left: float, middle: float, question: Asked, style: Style, language: str) -> None:
    baseline = middle + style.type.half_cap
    pen.text(left, baseline, f"{question.number}.", style.type.size, Face.BOLD)
    pen.text(left, baseline + _SMALL.leading, points_text(question.points, language), _SMALL.size)


def _rows(questions: Sequence[Asked], widths: Sequence[float], span: Span) -> Iterator[list[tuple[Asked, float]]]:
    """Questions with their left edges, as many in a row as the widest of them allows, below each other in columns."""
    columns = max(1, min(len(questions), int((span.width + _BETWEEN) // (max(widths) + _BETWEEN))))
    for start in range(0, len(questions), columns):
        row = questions[start : start + columns]
        yield [(question, span.left + place * (span.width + _BETWEEN) / columns) for place, question in enumerate(row)]


def _choice_pitch(style: Style) -> float:
    return style.box + _LETTER_OUT + _LETTER_AFTER + max(width_mm(letter, _LETTERS * style.type.size) for letter in LETTERS)


def _choice_width(question: ChoiceQuestion, style: Style, language: str) -> float:
    circles = len(question.choices) * _choice_pitch(style)
    hint = width_mm(translate(SEVERAL, language), _SMALL.size, Face.ITALIC) if question.several else 0.0
    return _label_width(question, style, language) + max(circles, hint)


def _choice_rows(questions: list[Asked], style: Style, language: str, span: Span) -> Iterator[Block]:
    own = [question for question in questions if isinstance(question, ChoiceQuestion)]
    label = max(_label_width(question, style, language) for question in own)
    for row in _rows(own, [label + _choice_width(each, style, language) - _label_width(each, style, language) for each in own], span):
        cells = [(question, left + label) for question, left in row if isinstance(question, ChoiceQuestion)]
        items = tuple(item_of(each.number, "several" if each.several else "one", each.points) for each, _left in cells)
        yield Block((_choice_row(cells, label, style, language),), items, after=0.0, name=items[0].item)


def _choice_row(cells: Sequence[tuple[ChoiceQuestion, float]], label: float, style: Style, language: str) -> Slab:
    middle, pitch, letter = style.row / 2, _choice_pitch(style), _LETTERS * style.type.size
    hint = any(question.several for question, _left in cells)

    def boxes(top: float) -> tuple[Box, ...]:
        size = (style.box, style.box)
        return tuple(
            Box(question.number, letter, letter, BoxKind.CHOICE, point(left + (place + 1) * pitch - style.box / 2, top + middle), size)
            for question, left in cells
            for place, letter in enumerate(LETTERS[: len(question.choices)])
        )

    def draw(pen: Ink, top: float) -> None:
        for box in boxes(top):
            pen.box(box)
            x, y = box.center_mm
            pen.text(x - style.box / 2 - _LETTER_OUT, y + _LETTERS * style.type.half_cap, box.label, letter, align="right")
        for question, left in cells:
            _draw_label(pen, left - label, top + middle, question, style, language)
            if question.several:
                pen.text(left, top + style.row + _HINT_MM - 1.6, translate(SEVERAL, language), _SMALL.size, Face.ITALIC)

    return Slab(style.row + (_HINT_MM if hint else 0.0), draw, (middle - style.box / 2, middle + style.box / 2), boxes)


def _number_rows(questions: list[Asked], style: Style, language: str, span: Span) -> Iterator[Block]:
    own = [question for question in questions if isinstance(question, NumberQuestion)]
    for row in _rows(own, [_least_width(question, style, language) for question in own], span):
        yield _number_row([(question, left) for question, left in row if isinstance(question, NumberQuestion)], style, language)


def _number_row(cells: Sequence[tuple[NumberQuestion, float]], style: Style, language: str) -> Block:
    columns = [_number_cell(question, left + _label_width(question, style, language)) for question, left in cells]

    def heads(pen: Ink, top: float) -> None:
        for question, left in cells:
            _draw_label(pen, left, top + 2.4, question, style, language)
        draw_heads(columns, style, pen, top)

    rows = [digit_row(columns, digit, style) for digit in DIGITS]
    items = tuple(item_of(question.number, "number", question.points) for question, _left in cells)
    return Block((Slab(7.6, heads), *rows), items, after=1.0, name=items[0].item)


def _number_cell(question: NumberQuestion, left: float) -> NumberCell:
    centers = {column: left + BAR_OUT + offset for column, offset in offsets_of(question.columns).items()}
    return NumberCell(question.number, question.columns, left, centers, ())


def _score_rows(questions: list[Asked], style: Style, language: str, span: Span) -> Iterator[Block]:
    own = [question for question in questions if isinstance(question, OpenQuestion)]
    widths = [_score_width(question, style, language, span) for question in own]
    for row in _rows(own, widths, span):
        cells = [(question, left) for question, left in row if isinstance(question, OpenQuestion)]
        most = _scores_a_row(max(_label_width(each, style, language) for each, _left in cells), span)
        items = tuple(item_of(question.number, "score", question.points) for question, _left in cells)
        slabs = tuple(_score_row(cells, start, most, style, language) for start in range(0, _most_scores(cells), most))
        yield Block(slabs, items, after=1.0, name=items[0].item)


def _most_scores(cells: Sequence[tuple[OpenQuestion, float]]) -> int:
    return max(int(question.points) + 1 for question, _left in cells)


def _scores_a_row(label: float, span: Span) -> int:
    return max(1, int((span.width - label - 2 * BAR_OUT) // PITCH_MM) + 1)


def _score_width(question: OpenQuestion, style: Style, language: str, span: Span) -> float:
    label = _label_width(question, style, language)
    return label + 2 * BAR_OUT + (min(int(question.points) + 1, _scores_a_row(label, span)) - 1) * PITCH_MM


def _score_row(cells: Sequence[tuple[OpenQuestion, float]], start: int, most: int, style: Style, language: str) -> Slab:
    """The bubbles from `start` on, `most` of them, of questions side by side; the words to the teacher above the first row."""
    above = _FIGURES_MM + (_WORDS_MM if start == 0 else 0.0)
    middle = above + style.box / 2
    firsts = [left + _label_width(question, style, language) + BAR_OUT for question, left in cells]

    def boxes(top: float) -> tuple[Box, ...]:
        return tuple(
            Box(question.number, str(score), str(score), BoxKind.SCORE, point(first + (score - start) * PITCH_MM, top + middle), size)
            for (question, _left), first in zip(cells, firsts, strict=True)
            for score in range(start, min(start + most, int(question.points) + 1))
        )

    size = (style.box, style.box)

    def draw(pen: Ink, top: float) -> None:
        for box in boxes(top):
            pen.box(box)
            pen.text(box.center_mm[0], top + middle - style.box / 2 - 1.2, box.label, 8, align="center")
        for (question, left), first in zip(cells, firsts, strict=True):
            count = min(most, int(question.points) + 1 - start)
            if count > 0:
                for x in (first - BAR_OUT + 0.7, first + (count - 1) * PITCH_MM + BAR_OUT - 0.7):
                    draw_bar(pen, x, top + middle)
            if start == 0:
                _draw_label(pen, left, top + middle, question, style, language)
                pen.text(first - style.box / 2, top + _WORDS_MM - 1.0, translate(TEACHER, language), _SMALL.size, Face.ITALIC)

    return Slab(middle + style.box / 2 + _BELOW_MM, draw, (middle - style.box / 2, middle + style.box / 2), boxes)


def _heading(language: str, span: Span) -> Block:
    """A line between the page and the strip: above it with a word, or at its left, where height is dear."""
    words = translate(HEADING, language)

    def above(pen: Ink, top: float) -> None:
        pen.line(span.left, top + 0.6, span.left + span.width, top + 0.6, 0.3, BLACK)
        pen.text(span.left, top + 5.2, words, 10, Face.BOLD)

    def beside(pen: Ink, top: float) -> None:
        pen.line(span.left - BESIDE_MM, top, span.left - BESIDE_MM, BODY_MM[3], 0.3, BLACK)

    return Block((Slab(HEADING_MM, above) if span.width == WIDTH else Slab(0.0, beside),), after=0.0)
