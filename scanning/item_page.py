"""Question by question on paper: what a class answered, as bars, beside all classes of the desk.

scanning/return_pages calls `draw_questions` after the class tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from packets.paper import GREY, Face
from packets.typeset import Line, draw_line, plain, wrap
from scanning.annotate import Outcome, draw_sign
from scanning.flow import BOTTOM, HEADING, LEFT, RIGHT, SMALL, TITLE, Flow, fitted
from scanning.item_bars import (
    Bar,
    Pattern,
    all_answers,
    bars,
    beside,
    class_said,
    draw_bar,
    letters_said,
    share_said,
    told_apart,
    worth_telling,
)
from scanning.return_words import asked, class_title
from scanning.returns import ClassWork
from scanning.statistics import Figures

GUTTER_MM = 8.0
CARD_MM = (RIGHT - LEFT - GUTTER_MM) / 2
LABEL_MM, COUNT_MM = 36.0, 6.0  # of a bar: what stands before it, and its number behind
BAR_MM = CARD_MM - LABEL_MM - COUNT_MM
BAR_HIGH, ROW_MM = 2.6, 4.2
SIGN_MM, TICK_MM = 5.0, 3.5
LONGEST = 110  # letters of a question's text
AFTER_CARD, AFTER_CLASS, AFTER_TABLES = 3.0, 3.0, 4.0
LEAST_MM = 70.0  # that must be left below the class tables, or a page is begun


@dataclass(frozen=True, slots=True)
class Card:
    """One question, its lines broken for a column."""

    figures: Figures
    lines: tuple[Line, ...]
    said: tuple[Line, ...]
    bars: tuple[Bar, ...]

    @property
    def height(self) -> float:
        """In millimetres."""
        return (len(self.lines) + len(self.said)) * SMALL.leading + len(self.bars) * ROW_MM + AFTER_CARD


def draw_questions(pages: Flow, works: Sequence[ClassWork]) -> None:
    """The questions of every class that is more than one child, below the class tables."""
    told = [work for work in works if worth_telling(work)]
    if not told:
        return
    pages.gap(AFTER_TABLES)
    pages.need(LEAST_MM)
    pages.text(pages.translate("Question by question"), TITLE, bold=True)
    said = pages.translate("Black is right, hatched is wrong, empty is blank, dashed waits. The number behind a bar counts pupils.")
    pages.text(said, SMALL, grey=GREY)
    pages.gap(2)
    for work in told:
        _draw_class(pages, work)


def _draw_class(pages: Flow, work: ClassWork) -> None:
    cards = [_card(pages, each, beside(work.everybody, place)) for place, each in enumerate(work.figures.questions)]
    pairs = [cards[start : start + 2] for start in range(0, len(cards), 2)]
    said = [*class_said(pages, work.figures, work.everybody), *letters_said(pages, work)]
    pages.need(HEADING.leading + len(said) * SMALL.leading + max(card.height for card in pairs[0]) + 4)
    pages.text(class_title(pages, work), HEADING, bold=True)
    for line in said:
        pages.text(line, SMALL)
    pages.gap(1.5)
    for pair in pairs:
        height = max(card.height for card in pair)
        if pages.y + height > BOTTOM - 4:
            pages.next_page()
        for column, card in enumerate(pair):
            _draw_card(pages, card, LEFT + column * (CARD_MM + GUTTER_MM))
        pages.y += height
    pages.gap(AFTER_CLASS)


def _card(pages: Flow, each: Figures, everybody: Figures | None) -> Card:
    text = asked(each.question, LONGEST)
    said = [share_said(pages, each, everybody), told_apart(pages, each, everybody)]
    return Card(
        each,
        tuple(wrap(plain(f"{each.question.number}. {text}", bold=True), CARD_MM, SMALL)),
        tuple(line for words in said if words for line in wrap(plain(words), CARD_MM, SMALL)),
        tuple(bars(pages, each)),
    )


def _draw_card(pages: Flow, card: Card, x: float) -> None:
    y = pages.y
    for line in (*card.lines, *card.said):
        draw_line(pages.pen, line, x, y + SMALL.baseline, SMALL)
        y += SMALL.leading
    whole = max(all_answers(card.figures), *(bar.count for bar in card.bars), 1)
    for bar in card.bars:
        _draw_row(pages, bar, x, y, whole)
        y += ROW_MM


def _draw_row(pages: Flow, bar: Bar, x: float, y: float, whole: int) -> None:
    """The tick of a right answer, its letter and words, its bar, and how often it was given."""
    middle = y + ROW_MM / 2
    if bar.pattern is Pattern.KEY:
        draw_sign(pages.pen, Outcome.RIGHT, x + TICK_MM / 2, middle, 0.8)
    left = x + TICK_MM + 0.8
    pages.pen.text(left, middle + 1.0, bar.sign, SMALL.size, Face.BOLD)
    after = left + (SIGN_MM if bar.sign else 0.0)
    words, size = fitted(bar.words, x + LABEL_MM - after - 1, SMALL.size)
    pages.pen.text(after, middle + 1.0, words, size)
    wide = BAR_MM * bar.count / whole
    draw_bar(pages.pen, x + LABEL_MM, middle - BAR_HIGH / 2, wide, BAR_HIGH, bar.pattern)
    pages.pen.text(x + LABEL_MM + wide + 1.2, middle + 1.0, str(bar.count), SMALL.size)
