"""The class table of a return: pupils in rows, questions in columns, signs for verdicts; wide assignments in parts, long classes over pages.

scanning/return_pages calls `draw_tables`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from packets.assignment import Question
from packets.paper import GREY, PALE, Face, width_mm
from packets.typeset import plain, wrap
from records.language import N_
from scanning.annotate import Outcome, draw_sign, outcome_of
from scanning.flow import BOTTOM, HEADING, LEFT, RIGHT, SMALL, Flow, fitted
from scanning.return_words import class_title, percent, points_text, whole_said
from scanning.returns import ClassWork, PupilWork

ROW_MM, NUMBER_MM, SUM_MM, COLUMN_MM = 6.4, 7.0, 13.0, 5.0
MOST_COLUMNS = 17  # questions beside each other
FEWEST_ROWS = 4  # that a table begins with at the foot of a page
HEAD_MM, FOOT_MM = 18.0, 13.0  # a table's heading lines, and its last line with room below
LEGEND = (
    (Outcome.RIGHT, N_("right")),
    (Outcome.WRONG, N_("wrong")),
    (Outcome.PARTLY, N_("partly right")),
    (Outcome.BLANK, N_("nothing marked")),
    (Outcome.DOUBT, N_("unclear, a person decides")),
    (Outcome.WAITING, N_("waits for your points")),
)


@dataclass(frozen=True, slots=True)
class _Columns:
    """The questions of one part of a class table, and where its columns stand."""

    questions: tuple[Question, ...]
    last: bool

    @property
    def first_x(self) -> float:
        """The left of the first question's column."""
        return RIGHT - 3 * SUM_MM - len(self.questions) * COLUMN_MM

    @property
    def sums_x(self) -> float:
        """The left of the sums."""
        return self.first_x + len(self.questions) * COLUMN_MM


def draw_tables(pages: Flow, works: Sequence[ClassWork]) -> None:
    """Every assignment's table, on pages of their own that begin with the legend of signs."""
    _table_page(pages)
    for work in works:
        questions = work.assignment.questions
        for start in range(0, len(questions), MOST_COLUMNS):
            last = start + MOST_COLUMNS >= len(questions)
            _draw_part(pages, work, _Columns(questions[start : start + MOST_COLUMNS], last))


def _draw_part(pages: Flow, work: ClassWork, columns: _Columns) -> None:
    """The pupils in rows; a long class goes on over the next page."""
    notes = whole_said(pages, work, columns.questions)
    foot = FOOT_MM + sum(len(wrap(plain(note), RIGHT - LEFT - NUMBER_MM, SMALL)) for note in notes) * SMALL.leading
    if pages.y + HEAD_MM + min(len(work.pupils), FEWEST_ROWS) * ROW_MM + foot > BOTTOM:
        _table_page(pages)
    _table_head(pages, work, columns)
    for place, pupil in enumerate(work.pupils, start=1):
        if pages.y + ROW_MM + foot > BOTTOM:
            _table_page(pages)
            _table_head(pages, work, columns)
        _table_row(pages, place, pupil, columns)
    _table_foot(pages, work, columns, notes)


def _table_page(pages: Flow) -> None:
    pages.next_page()
    _legend(pages)


def _table_head(pages: Flow, work: ClassWork, columns: _Columns) -> None:
    pages.text(class_title(pages, work), HEADING, bold=True)
    pages.gap(2)
    baseline = pages.y + 4.2
    pages.pen.text(LEFT, baseline, pages.translate("Pupil"), 8.5, Face.BOLD)
    for place, question in enumerate(columns.questions):
        pages.pen.text(columns.first_x + (place + 0.5) * COLUMN_MM, baseline, question.number, 8.5, Face.BOLD, "center")
    if columns.last:
        for place, heading in enumerate((N_("points"), "%", N_("mark"))):
            pages.pen.text(columns.sums_x + (place + 0.9) * SUM_MM, baseline, pages.translate(heading), 8.5, Face.BOLD, "right")
    pages.y += ROW_MM
    pages.pen.line(LEFT, pages.y, RIGHT, pages.y, 0.3)


def _table_row(pages: Flow, place: int, pupil: PupilWork, columns: _Columns) -> None:
    pen, middle = pages.pen, pages.y + ROW_MM / 2
    pen.text(LEFT, middle + 1.2, str(place), 8.5, grey=GREY)
    name, size = fitted(pupil.name, columns.first_x - LEFT - NUMBER_MM - 2, 9)
    pen.text(LEFT + NUMBER_MM, middle + 1.2, name, size)
    for column, question in enumerate(columns.questions):
        x = columns.first_x + column * COLUMN_MM
        held = pupil.answers.get(question.number)
        if held is None:
            pen.rectangle(x + 0.4, pages.y + 0.5, COLUMN_MM - 0.8, ROW_MM - 1.0, fill=PALE, outline=None)
        else:
            draw_sign(pen, outcome_of(held), x + COLUMN_MM / 2, middle)
    if columns.last and pupil.total is not None:
        mark = "–" if pupil.total.mark is None else str(pupil.total.mark)
        sums = (f"{points_text(pupil.total.points)}/{points_text(pupil.total.max_points)}", str(pupil.total.percent), mark)
        for number, words in enumerate(sums):
            pen.text(columns.sums_x + (number + 0.9) * SUM_MM, middle + 1.2, words, 9, align="right")
    pages.y += ROW_MM
    pen.line(LEFT, pages.y, RIGHT, pages.y, 0.1, GREY)


def _table_foot(pages: Flow, work: ClassWork, columns: _Columns, notes: Sequence[str]) -> None:
    """The share of points of each question, and what it is of rows that earn nothing by themselves."""
    shares = {each.question.number: each for each in work.figures.questions}
    pages.pen.text(LEFT + NUMBER_MM, pages.y + 4.4, pages.translate("% of the points"), 8, grey=GREY)
    for place, question in enumerate(columns.questions):
        each = shares[question.number]
        words = str(percent(each.share)) if each.decided else "–"
        pages.pen.text(columns.first_x + (place + 0.5) * COLUMN_MM, pages.y + 4.4, words, 7, Face.REGULAR, "center")
    pages.y += ROW_MM
    for note in notes:
        pages.text(note, SMALL, grey=GREY, indent=NUMBER_MM)
    pages.gap(5)


def _legend(pages: Flow) -> None:
    x = LEFT
    for outcome, words in LEGEND:
        said = pages.translate(words)
        if x + 7 + width_mm(said, 8) > RIGHT:
            x, pages.y = LEFT, pages.y + 5
        draw_sign(pages.pen, outcome, x + 2, pages.y + 2)
        pages.pen.text(x + 5, pages.y + 3, said, 8)
        x += 9 + width_mm(said, 8)
    said = pages.translate("page not returned")
    if x + 7 + width_mm(said, 8) > RIGHT:
        x, pages.y = LEFT, pages.y + 5
    pages.pen.rectangle(x + 0.4, pages.y, 3.6, 4, fill=PALE, outline=None)
    pages.pen.text(x + 5, pages.y + 3, said, 8)
    pages.y += 8
