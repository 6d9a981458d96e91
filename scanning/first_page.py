"""The first page of a return, to act on within a minute: who is missing, who struggles, what waits for points, what to teach again.

scanning/return_pages calls `draw_first_page`. What is most urgent stands first; a section of which there is nothing to say takes no line. What one page
cannot hold goes on over the next, under its heading.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate

from packets.paper import BLACK, GREY, Face
from packets.subjects import subject_name
from packets.typeset import Line, Type, draw_line, plain, wrap
from records.calendar import today
from records.language import N_, long_date, short_date
from scanning.class_table import class_title
from scanning.flow import BOTTOM, HEADING, LEFT, RIGHT, SMALL, TITLE, Flow, percent
from scanning.returns import ClassWork, PupilWork, TeachersReturn
from scanning.statistics import Figures, choice_text, to_teach_again

GUTTER_MM = 6.0
COLUMN_MM = (RIGHT - LEFT - GUTTER_MM) / 2
ENTRY = Type(9.5, 4.5)
SECTION_MM = 9.5  # a section's heading with the room above it
LONGEST, SHORTER = 90, 44  # letters of a question's text: as a rule, and where the page is full
ANSWER = 40  # letters of a wrong answer's words
SHARE_MM, TEXT_MM = 9.5, 11.5  # in a column: the right end of a share, and the text beside it
AFTER_ENTRY, AFTER_CLASS = 0.8, 2.6


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a column; `share` stands before it, to the left of its indent."""

    line: Line
    type_: Type
    indent: float = 0.0
    grey: float = BLACK
    share: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Rows of one column that stay together, with the room below them in millimetres."""

    rows: tuple[Row, ...]
    after: float

    @property
    def height(self) -> float:
        """In millimetres, with the room below."""
        return sum(row.type_.leading for row in self.rows) + self.after


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its entries, the most urgent first; `most` millimetres of the first page are its share (0: whatever is left)."""

    heading: str
    entries: Sequence[Entry]
    most: float


def draw_first_page(pages: Flow, report: TeachersReturn) -> None:
    """The first page; and the next ones, where it cannot hold everything."""
    _head(pages, report)
    sections = [
        Section(N_("Not returned"), _not_returned(pages, report.works), 62.0),
        Section(N_("Below 40 % of the points decided so far"), _struggling(pages, report.works), 48.0),
        Section(N_("Waiting for your points"), _waiting(pages, report.works), 34.0),
    ]
    left = [(each.heading, rest) for each in sections if (rest := _section(pages, pages.translate(each.heading), each.entries, each.most))]
    teach = _to_teach(pages, report.works, BOTTOM - 4 - pages.y - SECTION_MM)
    rest = _section(pages, pages.translate("To teach again"), teach, 0)
    if rest:
        left.append((N_("To teach again"), rest))
    if left:
        pages.next_page()
    for heading, entries in left:
        _go_on(pages, pages.translate("{heading} (continued)", heading=pages.translate(heading)), entries)


def _head(pages: Flow, report: TeachersReturn) -> None:
    pages.text(pages.translate("What came back: study week {week}", week=report.week), TITLE, bold=True)
    pages.text(" · ".join(part for part in (report.teacher, report.school) if part), HEADING)
    said = pages.translate("As of {day}. Nothing needs to be reported back.", day=long_date(today(), report.language))
    pages.text(said, SMALL, grey=GREY)
    on_the_way = {pupil.packet: pupil.return_by for pupil in _pupils(report.works) if not pupil.came and not pupil.overdue}
    if on_the_way:
        said = pages.ntranslate("{count} packet may still be on its way", "{count} packets may still be on their way", len(on_the_way))
        pages.text(f"{said} ({short_date(max(on_the_way.values()))})")


def _section(pages: Flow, heading: str, entries: Sequence[Entry], most: float) -> Sequence[Entry]:
    """Draw what fits into `most` millimetres and onto this page; answers what did not."""
    if not entries:
        return ()
    room = BOTTOM - 4 - pages.y - SECTION_MM
    count = _fitting(entries, min(room, most) if most else room)
    if not count:
        return entries
    pages.gap(2.0)
    pages.pen.line(LEFT, pages.y, RIGHT, pages.y, 0.3)
    pages.gap(0.8)
    pages.text(heading, HEADING, bold=True)
    _draw(pages, entries[:count])
    return entries[count:]


def _go_on(pages: Flow, heading: str, entries: Sequence[Entry]) -> None:
    while entries:
        rest = _section(pages, heading, entries, 0)
        if rest:
            pages.next_page()
        entries = rest


def _left_column(entries: Sequence[Entry]) -> int:
    """How many entries stand on the left, so that the longer column is as short as can be."""
    heights = list(accumulate((each.height for each in entries), initial=0.0))
    return min(range(len(heights)), key=lambda count: (round(max(heights[count], heights[-1] - heights[count]), 3), -count))


def _height(entries: Sequence[Entry]) -> float:
    """Of entries set in two columns."""
    left = _left_column(entries)
    return max(sum(each.height for each in column) for column in (entries[:left], entries[left:]))


def _fitting(entries: Sequence[Entry], room: float) -> int:
    """How many of the first entries fit into `room` millimetres."""
    return next((count for count in range(len(entries), 0, -1) if _height(entries[:count]) <= room), 0)


def _draw(pages: Flow, entries: Sequence[Entry]) -> None:
    left = _left_column(entries)
    for x, column in ((LEFT, entries[:left]), (LEFT + COLUMN_MM + GUTTER_MM, entries[left:])):
        y = pages.y
        for each in column:
            for row in each.rows:
                draw_line(pages.pen, row.line, x + row.indent, y + row.type_.baseline, row.type_, row.grey)
                pages.pen.text(x + SHARE_MM, y + row.type_.baseline, row.share, row.type_.size, Face.BOLD, "right")
                y += row.type_.leading
            y += each.after
    pages.y += _height(entries)


def _rows(
    words: str, type_: Type = ENTRY, bold: bool = False, grey: float = BLACK, indent: float = 0.0, share: Decimal | None = None
) -> list[Row]:
    """A paragraph of a column; the first row bears the share."""
    lines = wrap(plain(words, bold), COLUMN_MM - indent, type_)
    said = "" if share is None else f"{percent(share)} %"
    return [Row(line, type_, indent, grey, said if place == 0 else "") for place, line in enumerate(lines)]


def _entries(sentences: Iterable[str]) -> list[Entry]:
    return [Entry(tuple(_rows(each)), AFTER_ENTRY) for each in sentences]


def _pupils(works: Iterable[ClassWork]) -> list[PupilWork]:
    return [pupil for work in works for pupil in work.pupils]


def _label(pages: Flow, work: ClassWork, works: Sequence[ClassWork]) -> str:
    """A class in a word or two: its grade, with the subject where the teacher has several."""
    lesson = work.assignment
    words = pages.translate("grade {grade}", grade=lesson.grade)
    if len({each.assignment.subject for each in works}) > 1:
        words = f"{subject_name(lesson.subject, pages.language)}, {words}"
    return words if lesson.language == pages.language else f"{words} ({lesson.language})"


def _whose(pupil: PupilWork, label: str) -> str:
    """A pupil's name with class and village."""
    return f"{pupil.name} ({', '.join(part for part in (label, pupil.village) if part)})"


def _not_returned(pages: Flow, works: Sequence[ClassWork]) -> list[Entry]:
    """Who has been silent longest, then those of whose packet a page is missing; each pupil once."""
    silent: dict[str, tuple[date, str]] = {}
    partly: dict[str, tuple[str, set[int]]] = {}
    for work in works:
        for pupil in work.pupils:
            whose = _whose(pupil, pages.translate("grade {grade}", grade=work.assignment.grade))
            if pupil.overdue:
                since = pupil.silent_since or pupil.return_by
                silent[pupil.packet] = (since, pages.translate("{name}: nothing since {day}", name=whose, day=short_date(since)))
            elif pupil.came and pupil.absent:
                partly.setdefault(pupil.packet, (whose, set()))[1].update(pupil.absent)
    said = [words for _since, words in sorted(silent.values(), key=lambda each: each[0])]
    for whose, numbers in partly.values():
        pages_gone = ", ".join(map(str, sorted(numbers)))
        said.append(pages.translate("{name}: without page {pages} of the packet", name=whose, pages=pages_gone))
    return _entries(said)


def _struggling(pages: Flow, works: Sequence[ClassWork]) -> list[Entry]:
    """Who earned least first."""
    held = [(pupil.share, pupil, work) for work in works for pupil in work.pupils if pupil.struggles and pupil.share is not None]
    held.sort(key=lambda each: each[0])
    whose = [(share, _whose(pupil, _label(pages, work, works))) for share, pupil, work in held]
    return [Entry(tuple(_rows(words, indent=TEXT_MM, share=share)), AFTER_ENTRY) for share, words in whose]


def _waiting(pages: Flow, works: Sequence[ClassWork]) -> list[Entry]:
    """A class a line, the longest wait first, with the number of answers of each pupil."""
    held = [(sum(pupil.waiting for pupil in work.pupils), work) for work in works]
    said = []
    for count, work in sorted((each for each in held if each[0]), key=lambda each: -each[0]):
        names = ", ".join(f"{each.name} ({each.waiting})" if each.waiting > 1 else each.name for each in work.pupils if each.waiting)
        answers = pages.ntranslate("{count} answer", "{count} answers", count)
        said.append(f"{_label(pages, work, works)}, {answers}: {names}")
    return _entries(said)


def _to_teach(pages: Flow, works: Sequence[ClassWork], room: float) -> list[Entry]:
    """Each class with the questions it found hardest; in shorter words where the page is full, and then the class most in need first."""
    for longest in (LONGEST, SHORTER):
        found = [_class_entry(pages, work, longest) for work in works]
        if _height(found) <= room:
            return found
    return [_class_entry(pages, work, SHORTER) for work in sorted(works, key=_ease)]


def _ease(work: ClassWork) -> float:
    """The share of points of the class's hardest question; a class of which nothing is decided comes last."""
    hard = to_teach_again(work.figures.questions)
    return float(hard[0].share) if hard else 2.0


def _class_entry(pages: Flow, work: ClassWork, longest: int) -> Entry:
    rows = _rows(_short(class_title(pages, work), longest), bold=True)
    came = sum(pupil.came for pupil in work.pupils)
    rows += _rows(pages.translate("Pages came back from {came} of {all} pupils.", came=came, all=len(work.pupils)), SMALL, grey=GREY)
    for each in to_teach_again(work.figures.questions):
        rows += _rows(f"{each.question.number}. {_short(each.question.text, longest)}", indent=TEXT_MM, share=each.share)
        rows += _rows(_commonest(pages, each), SMALL, grey=GREY, indent=TEXT_MM) if each.times else []
    return Entry(tuple(rows), AFTER_CLASS)


def _commonest(pages: Flow, hard: Figures) -> str:
    words = choice_text(hard.question, hard.wrong)
    wrong = f"{hard.wrong} ({_short(words, ANSWER)})" if words else hard.wrong
    return pages.ntranslate(
        "most often wrong: {answer}, {count} time", "most often wrong: {answer}, {count} times", hard.times, answer=wrong
    )


def _short(text: str, longest: int) -> str:
    """One line of a question's text without the signs of Markdown, cut between words."""
    line = " ".join(text.replace("$", "").replace("**", "").replace("`", "").split())
    if len(line) <= longest:
        return line
    return line[: longest - 1].rsplit(" ", 1)[0].rstrip(" .,;:") + "…"
