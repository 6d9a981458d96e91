"""A teacher's return as a PDF: a first page to act on, the class tables, then every scanned page with its verdicts. Drawn in the teacher's language.

scanning/return_commands calls `draw`. Everything that is said comes from scanning/returns; pictures are asked for one at a time, so that memory stays flat.
Shapes carry the verdicts in black and white: tick, cross, half circle, dash, question mark, open circle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from packets.assignment import Question
from packets.layout import PAGE_MM
from packets.paper import GREY, PALE, Face, Pen, width_mm
from packets.subjects import subject_name
from packets.typeset import Type, draw_line, plain, wrap
from records.calendar import today
from records.language import N_, long_date, ntranslate, short_date, translate
from scanning.annotate import Outcome, outcome_of
from scanning.gradebook import percent_of
from scanning.returns import ClassWork, PupilWork, SheetBack, TeachersReturn
from scanning.statistics import Figures, choice_text, figures, to_teach_again

Picture = Callable[[PupilWork, SheetBack], bytes | None]

LEFT, RIGHT, TOP, BOTTOM = 14.0, PAGE_MM[0] - 14.0, 14.0, PAGE_MM[1] - 14.0
TITLE, HEADING, BODY, SMALL = Type(17, 9.0), Type(12, 6.6), Type(10, 5.0), Type(8, 4.2)
ROW_MM, NAME_MM, NUMBER_MM, SUM_MM, COLUMN_MM = 6.4, 52.0, 7.0, 13.0, 5.0
MOST_COLUMNS = 17  # questions beside each other
LONGEST = 90  # letters of a question's text on the first page
PICTURE_MM = (176.0, 249.0)
LEGEND = (
    (Outcome.RIGHT, N_("right")),
    (Outcome.WRONG, N_("wrong")),
    (Outcome.PARTLY, N_("partly right")),
    (Outcome.BLANK, N_("nothing marked")),
    (Outcome.DOUBT, N_("unclear, a person decides")),
    (Outcome.WAITING, N_("waits for your points")),
)


def draw(report: TeachersReturn, picture: Picture) -> bytes:
    """The PDF of one return; the same records, pictures and day give the same bytes."""
    pages = _Pages(report)
    _first_page(pages, report)
    for work in report.works:
        _class_table(pages, work)
    for work in report.works:
        for pupil in work.pupils:
            for sheet in pupil.sheets:
                if sheet.scan is not None:
                    _scanned(pages, work, pupil, sheet, picture(pupil, sheet))
    return pages.pdf()


class _Pages:
    """A pen with a place on the page: lines flow downwards and onto the next page."""

    def __init__(self, report: TeachersReturn) -> None:
        self.language = report.language
        self.pen = Pen(title=f"{report.code} {report.week}")
        self.y = TOP
        self._foot = f"{report.code} · {report.week}"
        self._number = 1

    def say(self, sentence: str, **fields: object) -> str:
        """The sentence in the teacher's language."""
        return translate(sentence, self.language).format(**fields)

    def count(self, one: str, many: str, count: int) -> str:
        """A counted sentence in the teacher's language."""
        return ntranslate(one, many, count, self.language).format(count=count)

    def text(self, words: str, type_: Type = BODY, bold: bool = False, grey: float = 0.0, indent: float = 0.0) -> None:
        """Set a paragraph."""
        for line in wrap(plain(words, bold), RIGHT - LEFT - indent, type_):
            self.need(type_.leading)
            draw_line(self.pen, line, LEFT + indent, self.y + type_.baseline, type_, grey)
            self.y += type_.leading

    def gap(self, millimetres: float) -> None:
        """Leave room."""
        self.y += millimetres

    def need(self, millimetres: float) -> None:
        """Go to the next page where less room than that is left."""
        if self.y + millimetres > BOTTOM - 4:
            self.next_page()

    def next_page(self) -> None:
        """Finish this page."""
        self._finish()
        self.y = TOP

    def pdf(self) -> bytes:
        """The finished document."""
        self._finish()
        return self.pen.pdf()

    def _finish(self) -> None:
        self.pen.text(LEFT, BOTTOM + 3, self._foot, SMALL.size, grey=GREY)
        self.pen.text(RIGHT, BOTTOM + 3, str(self._number), SMALL.size, align="right", grey=GREY)
        self.pen.end_page()
        self._number += 1


def _first_page(pages: _Pages, report: TeachersReturn) -> None:
    pages.text(pages.say("What came back: study week {week}", week=report.week), TITLE, bold=True)
    whose = " · ".join(part for part in (report.teacher, report.school) if part)
    pages.text(whose, HEADING)
    pages.text(pages.say("As of {day}. Nothing needs to be reported back.", day=long_date(today(), report.language)), SMALL, grey=GREY)
    for work in report.works:
        pages.gap(4)
        pages.need(30)
        pages.pen.line(LEFT, pages.y, RIGHT, pages.y, 0.3)
        pages.gap(1.5)
        pages.text(_title(pages, work), HEADING, bold=True)
        came = sum(pupil.came for pupil in work.pupils)
        pages.text(pages.say("Pages came back from {came} of {all} pupils.", came=came, all=len(work.pupils)))
        _block(pages, N_("Not returned"), _not_returned(pages, work))
        _block(pages, N_("Below 40 % of the points"), _struggling(pages, work))
        _block(pages, N_("To teach again"), _teach_again(pages, work))
        _block(pages, N_("Waiting for your points"), _waiting(pages, work))


def _title(pages: _Pages, work: ClassWork) -> str:
    lesson = work.assignment
    named = pages.say(
        "{subject}, grade {grade}: {title}", subject=subject_name(lesson.subject, pages.language), grade=lesson.grade, title=lesson.title
    )
    return f"{named} ({lesson.language})" if lesson.language != pages.language else named


def _block(pages: _Pages, heading: str, lines: Sequence[str]) -> None:
    """A heading with its lines; a block of which there is nothing to say says so in one word."""
    pages.gap(1.6)
    pages.need(BODY.leading * 2)
    if not lines:
        pages.text(f"{pages.say(heading)}: —")
        return
    pages.text(pages.say(heading), bold=True)
    for line in lines:
        pages.text(line, indent=4)


def _not_returned(pages: _Pages, work: ClassWork) -> list[str]:
    lines = []
    for pupil in work.pupils:
        if pupil.overdue:
            since = pupil.silent_since or pupil.return_by
            lines.append(pages.say("{name}: nothing since {day}", name=pupil.name, day=short_date(since)))
        elif pupil.came and pupil.absent:
            numbers = ", ".join(map(str, pupil.absent))
            lines.append(pages.say("{name}: without page {pages} of the packet", name=pupil.name, pages=numbers))
    on_the_way = [pupil for pupil in work.pupils if not pupil.came and not pupil.overdue]
    if on_the_way:
        day = short_date(max(pupil.return_by for pupil in on_the_way))
        lines.append(
            pages.count("{count} packet may still be on its way", "{count} packets may still be on their way", len(on_the_way))
            + f" ({day})"
        )
    return lines


def _struggling(pages: _Pages, work: ClassWork) -> list[str]:
    shares = [(pupil.share, pupil.name) for pupil in work.pupils if pupil.struggles and pupil.share is not None]
    return [pages.say("{name}: {percent} %", name=name, percent=_percent(share)) for share, name in shares]


def _percent(share: Decimal) -> int:
    return percent_of(share, Decimal(1))


def _teach_again(pages: _Pages, work: ClassWork) -> list[str]:
    return [_hard(pages, each) for each in to_teach_again(figures(work.assignment, work.records))]


def _hard(pages: _Pages, hard: Figures) -> str:
    fields = {"item": hard.question.number, "text": _short(hard.question.text), "percent": _percent(hard.share)}
    line = pages.say("{item}. {text}: {percent} % of the points", **fields)
    if not hard.times:
        return line
    words = choice_text(hard.question, hard.wrong)
    wrong = f"{hard.wrong} ({_short(words)})" if words else hard.wrong
    return line + "; " + pages.say("most often wrong: {answer}, {times} times", answer=wrong, times=hard.times)


def _waiting(pages: _Pages, work: ClassWork) -> list[str]:
    waiting = [pupil for pupil in work.pupils if pupil.waiting]
    if not waiting:
        return []
    count = sum(pupil.waiting for pupil in waiting)
    head = pages.count("{count} answer; its page is in this return", "{count} answers; their pages are in this return", count)
    return [head + ": " + ", ".join(pupil.name for pupil in waiting)]


def _short(text: str) -> str:
    """One line of a question's text without the signs of Markdown."""
    line = " ".join(text.replace("$", "").replace("**", "").replace("`", "").split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class _Columns:
    """The questions of one part of a class table, and where its columns stand."""

    questions: tuple[Question, ...]
    last: bool

    @property
    def first_x(self) -> float:
        """The left of the first question's column."""
        return LEFT + NUMBER_MM + NAME_MM

    @property
    def sums_x(self) -> float:
        """The left of the sums."""
        return self.first_x + len(self.questions) * COLUMN_MM


def _class_table(pages: _Pages, work: ClassWork) -> None:
    """The pupils in rows, the questions in columns; wide assignments in parts, long classes over pages."""
    questions = work.assignment.questions
    parts = [questions[start : start + MOST_COLUMNS] for start in range(0, len(questions), MOST_COLUMNS)]
    for number, part in enumerate(parts, start=1):
        columns = _Columns(part, number == len(parts))
        pages.next_page()
        _table_head(pages, work, columns)
        for place, pupil in enumerate(work.pupils, start=1):
            if pages.y + ROW_MM > BOTTOM - 22:
                pages.next_page()
                _table_head(pages, work, columns)
            _table_row(pages, place, pupil, columns)
        _table_foot(pages, work, columns)
        _legend(pages)


def _table_head(pages: _Pages, work: ClassWork, columns: _Columns) -> None:
    pages.text(_title(pages, work), HEADING, bold=True)
    pages.gap(2)
    baseline = pages.y + 4.2
    pages.pen.text(LEFT, baseline, pages.say("Pupil"), 8.5, Face.BOLD)
    for place, question in enumerate(columns.questions):
        pages.pen.text(columns.first_x + (place + 0.5) * COLUMN_MM, baseline, question.number, 8.5, Face.BOLD, "center")
    if columns.last:
        for place, heading in enumerate((N_("points"), "%", N_("mark"))):
            pages.pen.text(columns.sums_x + (place + 0.9) * SUM_MM, baseline, pages.say(heading), 8.5, Face.BOLD, "right")
    pages.y += ROW_MM
    pages.pen.line(LEFT, pages.y, RIGHT, pages.y, 0.3)


def _table_row(pages: _Pages, place: int, pupil: PupilWork, columns: _Columns) -> None:
    pen, middle = pages.pen, pages.y + ROW_MM / 2
    pen.text(LEFT, middle + 1.2, str(place), 8.5, grey=GREY)
    pen.text(LEFT + NUMBER_MM, middle + 1.2, _fitted(pupil.name, NAME_MM - 2, 9), 9)
    for column, question in enumerate(columns.questions):
        x = columns.first_x + column * COLUMN_MM
        held = pupil.answers.get(question.number)
        if held is None:
            pen.rectangle(x + 0.4, pages.y + 0.5, COLUMN_MM - 0.8, ROW_MM - 1.0, fill=PALE, outline=None)
        else:
            _sign(pen, outcome_of(held), x + COLUMN_MM / 2, middle)
    if columns.last and pupil.total is not None:
        mark = "–" if pupil.total.mark is None else str(pupil.total.mark)
        sums = (f"{_plain(pupil.total.points)}/{_plain(pupil.total.max_points)}", str(pupil.total.percent), mark)
        for number, words in enumerate(sums):
            pen.text(columns.sums_x + (number + 0.9) * SUM_MM, middle + 1.2, words, 9, align="right")
    pages.y += ROW_MM
    pen.line(LEFT, pages.y, RIGHT, pages.y, 0.1, GREY)


def _table_foot(pages: _Pages, work: ClassWork, columns: _Columns) -> None:
    """The share of points of each question."""
    shares = {each.question.number: each for each in figures(work.assignment, work.records)}
    pages.pen.text(LEFT + NUMBER_MM, pages.y + 4.4, pages.say("% of the points"), 8, grey=GREY)
    for place, question in enumerate(columns.questions):
        each = shares[question.number]
        words = str(_percent(each.share)) if each.decided else "–"
        pages.pen.text(columns.first_x + (place + 0.5) * COLUMN_MM, pages.y + 4.4, words, 7, Face.REGULAR, "center")
    pages.y += ROW_MM + 2


def _legend(pages: _Pages) -> None:
    x = LEFT
    for outcome, words in LEGEND:
        said = pages.say(words)
        if x + 7 + width_mm(said, 8) > RIGHT:
            x, pages.y = LEFT, pages.y + 5
        _sign(pages.pen, outcome, x + 2, pages.y + 2)
        pages.pen.text(x + 5, pages.y + 3, said, 8)
        x += 9 + width_mm(said, 8)
    said = pages.say("page not returned")
    if x + 7 + width_mm(said, 8) > RIGHT:
        x, pages.y = LEFT, pages.y + 5
    pages.pen.rectangle(x + 0.4, pages.y, 3.6, 4, fill=PALE, outline=None)
    pages.pen.text(x + 5, pages.y + 3, said, 8)
    pages.y += 6


def _sign(pen: Pen, outcome: Outcome, x: float, y: float) -> None:
    """The sign of an outcome, 3.2 mm, round (x, y)."""
    match outcome:
        case Outcome.RIGHT:
            _strokes(pen, [(x - 1.3, y), (x - 0.4, y + 1.1), (x + 1.4, y - 1.3)], 0.35)
        case Outcome.WRONG:
            _strokes(pen, [(x - 1.1, y - 1.1), (x + 1.1, y + 1.1)], 0.5)
            _strokes(pen, [(x - 1.1, y + 1.1), (x + 1.1, y - 1.1)], 0.5)
        case Outcome.BLANK:
            _strokes(pen, [(x - 1.1, y), (x + 1.1, y)], 0.4)
        case Outcome.PARTLY:
            pen.circle(x, y, 2.4, outline=0.3)
            pen.polygon([(x, y - 1.2), (x - 0.85, y - 0.85), (x - 1.2, y), (x - 0.85, y + 0.85), (x, y + 1.2)])
        case Outcome.DOUBT:
            pen.text(x, y + 1.3, "?", 10, Face.BOLD, "center")
        case Outcome.WAITING:
            pen.circle(x, y, 2.4, outline=0.3)


def _strokes(pen: Pen, points: Sequence[tuple[float, float]], width: float) -> None:
    for (x1, y1), (x2, y2) in pairwise(points):
        pen.line(x1, y1, x2, y2, width)


def _scanned(pages: _Pages, work: ClassWork, pupil: PupilWork, sheet: SheetBack, picture: bytes | None) -> None:
    pages.next_page()
    earned = f"{_plain(pupil.total.points)}/{_plain(pupil.total.max_points)}" if pupil.total else ""
    pages.pen.text(LEFT, pages.y + 4, pupil.name, 12, Face.BOLD)
    pages.pen.text(RIGHT, pages.y + 4, pages.say("{points} points", points=earned), 10, align="right")
    where = pages.say("page {number} of {of} of the packet", number=sheet.number, of=sheet.of)
    pages.pen.text(LEFT, pages.y + 9.5, f"{_title(pages, work)} · {where}", 8.5, grey=GREY)
    pages.y += 12
    if picture is None:
        pages.text(pages.say("The picture of this page is no longer kept."))
        return
    width, height = PICTURE_MM
    left = (PAGE_MM[0] - width) / 2
    pages.pen.picture(left, pages.y, width, height, picture)
    pages.pen.rectangle(left, pages.y, width, height, outline=0.15, grey=GREY)


def _plain(points: Decimal) -> str:
    return f"{points.normalize():f}"


def _fitted(words: str, width: float, size: float) -> str:
    """`words`, cut with an ellipsis where they are wider than `width` millimetres."""
    if width_mm(words, size) <= width:
        return words
    while words and width_mm(words + "…", size) > width:
        words = words[:-1]
    return words + "…"


def pupils_of(works: Iterable[ClassWork]) -> set[str]:
    """The codes of everybody in `works`."""
    return {pupil.pupil for work in works for pupil in work.pupils}
