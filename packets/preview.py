"""An assignment's pages as they will be printed, marked as a preview, with the key where it is wanted.

packets/door_commands calls `preview_pdf`. Nothing here can be taken for a page that counts: where codes and fiducials stand on paper that goes out there are
words and white. The words of the preview itself are in the desk's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from packets.assignment import LETTERS, Assignment, ChoiceQuestion, NumberQuestion, OpenQuestion, Question
from packets.layout import BODY_MM, CODES, FIDUCIALS, PAGE_MM, Box, Layout
from packets.markdown import PARAGRAPH, Run, inline
from packets.markdown import blocks as paragraphs
from packets.paper import BLACK, GREY, WHITE, Face, width_mm
from packets.press import Page, Press, Stamp
from packets.questions import points_text
from packets.typeset import Line, Type, baselines, draw_line, plain, wrap
from packets.worksheet import LARGE_NOTE, draw_assignment
from records.language import N_, _, current_language

COVERED_MM = 1.0  # white beyond the edge of a fiducial
FILLED = 0.74  # of a circle's diameter, when it is marked as right
TITLE, TEXT, LIST = Type(16, 8.0), Type(11, 5.4), Type(10, 4.9)
LEFT, RIGHT, TOP, BOTTOM = BODY_MM[0], BODY_MM[2], 24.0, 275.0
ANSWER_X, POINTS_X = LEFT + 16.0, RIGHT
POINTS_WIDTH = RIGHT - LEFT - 46.0  # of an answer, beside its points
BETWEEN = 4.0  # an answer and what it is worth
RUBRIC_X = LEFT + 22.0
WORDS = N_("Preview")


@dataclass(frozen=True, slots=True)
class Preview:
    """The pages as PDF; `pages` counts the worksheet's own, without those of the key."""

    pdf: bytes
    pages: int


def preview_pdf(assignment: Assignment, print_size: str = "normal", key: bool = False) -> Preview:
    """The pages in normal or large print, of each variant; with `key`, the right circles filled and a list of the answers behind. The same words, the same bytes.

    Raises InputRefused where a question is too large for a page.
    """
    press = Press()
    pages: list[Page] = []
    own = 0
    for shown in assignment.in_all_variants:
        drawn = _worksheets(shown, print_size, key, press)
        pages += [*drawn, *(Page(None, stamp) for stamp in (_key_pages(shown) if key else ()))]
        own += len(drawn)
    return Preview(press.packet(pages), own)


def _worksheets(assignment: Assignment, print_size: str, key: bool, press: Press) -> list[Page]:
    """The pages of one variant, with the right circles filled where `key` is wanted."""
    fixed = draw_assignment(assignment, print_size)
    numbers = press.take_in(fixed.pdf)
    right = {question.number: question for question in assignment.questions} if key else {}
    pages = []
    for place, (number, layout) in enumerate(zip(numbers, fixed.layouts, strict=True), start=1):
        stamp = Stamp()
        _cover(stamp, assignment, place, len(numbers), LARGE_NOTE if print_size == "large" else 10.0)
        for box in right_boxes(right.values(), layout):
            stamp.circle(*box.center_mm, box.size_mm[0] * FILLED, fill=BLACK, outline=None)
        pages.append(Page(number, stamp))
    return pages


def right_boxes(questions: Iterable[Question], layout: Layout) -> list[Box]:
    """The circles of a page that are filled in a faultless answer; those of teachers' points are left open."""
    wanted: set[tuple[str, int | None, str]] = set()
    for question in questions:
        if isinstance(question, ChoiceQuestion):
            wanted |= {(question.number, None, letter) for letter in question.answer}
        elif isinstance(question, NumberQuestion):
            wanted |= {(question.number, column, sign) for column, sign in question.columns.places(question.answer).items()}
    return [box for box in layout.boxes if (box.item, box.column, box.value) in wanted]


def _cover(stamp: Stamp, assignment: Assignment, number: int, of: int, note: float) -> None:
    """White over what the reader holds on to, and words in the place of codes and name."""
    for fiducial in FIDUCIALS:
        (x, y), side = fiducial.center_mm, fiducial.size_mm + 2 * COVERED_MM
        stamp.rectangle(x - side / 2, y - side / 2, side, side, fill=WHITE, outline=None)
    for code in CODES:
        (x, y), side = code.center_mm, code.size_mm
        for x1, y1, x2, y2 in ((-1, -1, 1, -1), (1, -1, 1, 1), (1, 1, -1, 1), (-1, 1, -1, -1)):
            half = side / 2
            stamp.line(x + x1 * half, y + y1 * half, x + x2 * half, y + y2 * half, 0.2, GREY, dash=(1.0, 1.0))
        words = _(WORDS)
        size = min(LIST.size, LIST.size * (side - 3.0) / max(width_mm(word, LIST.size) for word in words.split()))
        for place, line in enumerate(lines := words.split()):
            middle = y + (place - (len(lines) - 1) / 2) * LIST.leading
            stamp.text(x, middle + LIST.half_cap, line, size, align="center")
    stamp.text(28.0, 19.5, _("Preview, not for pupils"), 13, Face.BOLD)
    stamp.text(42.0, 281.5, assignment.code, 10)
    stamp.text(PAGE_MM[0] - 26.0, 281.5, _("page {number} of {of}").format(number=number, of=of), note, align="right")


def _key_pages(assignment: Assignment) -> Iterator[Stamp]:
    """The answers in a list, with what earns points for written ones."""
    stamp, y = Stamp(), TOP
    title = _("Key: {title}").format(title=assignment.title)
    if assignment.variant:
        title = _("Key of variant {number}: {title}").format(number=assignment.variant, title=assignment.title)
    for place, line in enumerate(wrap(plain(title, bold=True), RIGHT - LEFT, TITLE)):
        draw_line(stamp, line, LEFT, TOP + TITLE.baseline + place * TITLE.leading, TITLE)
        y = TOP + (place + 1) * TITLE.leading
    total = points_text(assignment.max_points, current_language())
    stamp.text(LEFT, y + LIST.baseline, f"{assignment.code} · {assignment.week} · {total}", LIST.size, grey=GREY)
    y += 3 * LIST.leading
    for question in assignment.questions:
        rubric = list(_rubric(question))
        rows = [*_answer(question, _printed_letters(assignment, question), _worth(assignment, question)), *rubric]
        if y + sum(row.height for row in rows[: len(rows) - len(rubric[3:])]) > BOTTOM:
            yield stamp
            stamp, y = Stamp(), TOP
        for row in rows:
            if y + row.height > BOTTOM:
                yield stamp
                stamp, y = Stamp(), TOP
            row.draw(stamp, y)
            y += row.height
        y += 1.6
    yield stamp


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the list of answers, with its left edge; `marks` stand beside an answer's first: its number and its points."""

    x: float
    line: Line
    type: Type
    marks: tuple[str, str] | None = None

    @property
    def height(self) -> float:
        """In millimetres, with the room of its formulas."""
        return baselines([self.line], self.type)[1]

    def draw(self, stamp: Stamp, top: float) -> None:
        """Draw it with its top at `top`."""
        baseline = top + baselines([self.line], self.type)[0][0]
        if self.marks:
            stamp.text(LEFT, baseline, self.marks[0], self.type.size, Face.BOLD)
            stamp.text(POINTS_X, baseline, self.marks[1], self.type.size, align="right")
        draw_line(stamp, self.line, self.x, baseline, self.type)


def _printed_letters(assignment: Assignment, question: Question) -> tuple[str, ...]:
    """The right letters as they are printed in the variant; none for what has no choices."""
    if not isinstance(question, ChoiceQuestion):
        return ()
    order = assignment.order(question) if question in assignment.parts else LETTERS
    return tuple(sorted(LETTERS[order.index(letter)] for letter in question.answer))


def _worth(assignment: Assignment, question: Question) -> str:
    """A question's points; of a grid that counts only as a whole they stand at its first row."""
    grid = question.grid if isinstance(question, ChoiceQuestion) else ""
    if not grid:
        return points_text(question.points, current_language())
    rows = [each for each in assignment.questions if isinstance(each, ChoiceQuestion) and each.grid == grid]
    together = points_text(sum((each.points for each in rows), Decimal(0)), current_language())
    return _("all rows: {points}").format(points=together) if question.number == rows[0].number else ""


def _answer(question: Question, letters: Sequence[str], worth: str) -> Iterator[_Row]:
    """A question's answer, `letters` as they are printed, and what it is worth."""
    runs: tuple[Run, ...] = (Run(answer_text(question, letters)),)
    if isinstance(question, ChoiceQuestion) and len(question.answer) == 1:
        runs = (Run(letters[0], bold=True), Run(" "), *inline(question.choices[LETTERS.index(question.answer[0])]))
    marks = (f"{question.number}.", worth)
    for place, line in enumerate(wrap(runs, min(POINTS_WIDTH, POINTS_X - ANSWER_X - width_mm(worth, TEXT.size) - BETWEEN), TEXT)):
        yield _Row(ANSWER_X, line, TEXT, None if place else marks)


def answer_text(question: Question, letters: Sequence[str] = ()) -> str:
    """The right answer as a person says it, in the desk's language; `letters` are the printed ones, where they are not the author's."""
    match question:
        case ChoiceQuestion():
            told = ", ".join(letters or question.answer)
            return _("{answer} (partial points)").format(answer=told) if question.partial else told
        case NumberQuestion():
            shown = question.answer.replace("-", "−")
            return shown if current_language() == "en" else shown.replace(".", ",")
        case OpenQuestion():
            return _("the teacher gives the points")


def _rubric(question: Question) -> Iterator[_Row]:
    """What earns points, line by line."""
    if not isinstance(question, OpenQuestion) or not question.rubric:
        return
    for block in paragraphs(question.rubric):
        runs = block.runs if block.kind == PARAGRAPH else (Run(f"{block.number}. " if block.number is not None else "– "), *block.runs)
        for line in wrap(runs, RIGHT - RUBRIC_X, LIST):
            yield _Row(RUBRIC_X, line, LIST)
