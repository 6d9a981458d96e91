"""The first page of a return, to act on within a minute: who is missing, who struggles, what waits for points, what to teach again.

scanning/return_pages calls `draw_first_page`. What is most urgent stands first; a section of which there is nothing to say takes no line. What one page
cannot hold goes on over the next, under its heading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from packets.paper import BLACK, GREY, Face
from packets.typeset import Line, Type, draw_line, plain, wrap
from scanning.flow import BOTTOM, HEADING, LEFT, RIGHT, SMALL, TITLE, TOP, Flow
from scanning.return_words import (
    NOT_RETURNED,
    STRUGGLING,
    TO_SCORE,
    TO_TEACH,
    Lesson,
    Told,
    heading,
    lesson,
    not_returned,
    percent,
    struggling,
    to_score,
)
from scanning.returns import ClassWork, TeachersReturn
from scanning.statistics import to_teach_again

GUTTER_MM = 6.0
COLUMN_MM = (RIGHT - LEFT - GUTTER_MM) / 2
ENTRY = Type(9.5, 4.5)
SECTION_MM = 9.5  # a section's heading with the room above it
LONGEST, SHORTER = 90, 44  # letters of a question's text: as a rule, and where the page is full
SHARE_MM, TEXT_MM = 9.5, 11.5  # in a column: the right end of a share, and the text beside it
NUMBER_MM = 11.0  # at the right of a column, for the page on which a pupil's sheets begin
AFTER_ENTRY, AFTER_CLASS = 0.8, 2.6


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a column; `share` stands before it, to the left of its indent, `page` behind it at the column's right."""

    line: Line
    type_: Type
    indent: float = 0.0
    grey: float = BLACK
    share: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Rows of one column that stay together, with the room below them in millimetres; `page` is the id of the scanned page to which they lead."""

    rows: tuple[Row, ...]
    after: float
    page: str = ""

    @property
    def height(self) -> float:
        """In millimetres, with the room below."""
        return sum(row.type_.leading for row in self.rows) + self.after


def draw_first_page(pages: Flow, report: TeachersReturn, numbers: Mapping[str, int]) -> None:
    """The first page; and the next ones, where it cannot hold everything. `numbers` say on which page of the return each scanned page stands, by its id."""
    _head(pages, report)
    told = (
        (NOT_RETURNED, not_returned(pages, report.works), 62.0),
        (STRUGGLING, struggling(pages, report.works), 48.0),
        (TO_SCORE, to_score(pages, report.works), 34.0),
    )
    sections = [(head, [_entry(pages, each, numbers) for each in lines], most) for head, lines, most in told if lines]
    lessons = _height([_class_entry(lesson(pages, work, LONGEST)) for work in report.works])
    spare = BOTTOM - 4 - pages.y - lessons - SECTION_MM
    left: list[tuple[str, Sequence[Entry]]] = []
    for (head, entries, _most), most in zip(sections, _shares(sections, spare), strict=True):
        left.append((head, _section(pages, pages.translate(head), entries, most)))
    teach = _to_teach(pages, report.works, BOTTOM - 4 - pages.y - SECTION_MM)
    left.append((TO_TEACH, _section(pages, pages.translate(TO_TEACH), teach, 0)))
    left = [(head, rest) for head, rest in left if rest]
    if left:
        pages.next_page()
    for head, rest in left:
        _go_on(pages, pages.translate("{heading} (continued)", heading=pages.translate(head)), rest)


def _shares(sections: Sequence[tuple[str, Sequence[Entry], float]], spare: float) -> list[float]:
    """How many millimetres each section may take: its share, and in their order what the others leave of `spare`."""
    wanted = [_height(entries) for _head, entries, _most in sections]
    shares = [min(whole, most) for whole, (_head, _entries, most) in zip(wanted, sections, strict=True)]
    spare -= sum(shares) + SECTION_MM * len(sections)
    for place, whole in enumerate(wanted):
        more = max(0.0, min(whole - shares[place], spare))
        shares[place] += more
        spare -= more
    return [share + 0.01 for share in shares]


def _head(pages: Flow, report: TeachersReturn) -> None:
    title, whose, (as_of, *more) = heading(pages, report)
    pages.text(title, TITLE, bold=True)
    pages.text(whose, HEADING)
    pages.text(as_of, SMALL, grey=GREY)
    for line in more:
        pages.text(line)


def _section(pages: Flow, title: str, entries: Sequence[Entry], most: float) -> Sequence[Entry]:
    """Draw what fits into `most` millimetres and onto this page; answers what did not."""
    if not entries:
        return ()
    room = BOTTOM - 4 - pages.y - SECTION_MM
    count = _fitting(entries, min(room, most) if most else room)
    if not count and pages.y > TOP:
        return entries
    count = max(count, 1)  # on an empty page something is set in any case
    pages.gap(2.0)
    pages.pen.line(LEFT, pages.y, RIGHT, pages.y, 0.3)
    pages.gap(0.8)
    pages.text(title, HEADING, bold=True)
    _draw(pages, entries[:count])
    return entries[count:]


def _go_on(pages: Flow, title: str, entries: Sequence[Entry]) -> None:
    while entries:
        rest = _section(pages, title, entries, 0)
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
                pages.pen.text(x + COLUMN_MM, y + row.type_.baseline, row.page, SMALL.size, align="right", grey=GREY)
                y += row.type_.leading
            if each.page:
                pages.pen.link(each.page, x, y - each.height + each.after, COLUMN_MM, each.height - each.after)
            y += each.after
    pages.y += _height(entries)


def _rows(words: str, type_: Type = ENTRY, bold: bool = False, grey: float = BLACK, indent: float = 0.0, room: float = 0.0) -> list[Row]:
    """A paragraph of a column, with `room` millimetres left free at its right."""
    return [Row(line, type_, indent, grey) for line in wrap(plain(words, bold), COLUMN_MM - indent - room, type_)]


def _entry(pages: Flow, told: Told, numbers: Mapping[str, int]) -> Entry:
    """A line; its first row bears the share, its last one where in the return the page stands."""
    indent = 0.0 if told.share is None else TEXT_MM
    rows = _rows(told.sentence, indent=indent, room=NUMBER_MM if told.page else 0.0)
    if told.share is not None:
        rows[0] = replace(rows[0], share=f"{percent(told.share)} %")
    where = pages.translate("p. {number}", number=numbers[told.page]) if told.page in numbers else ""
    rows[-1] = replace(rows[-1], page=where)
    return Entry(tuple(rows), AFTER_ENTRY, told.page if where else "")


def _to_teach(pages: Flow, works: Sequence[ClassWork], room: float) -> list[Entry]:
    """Each class with the questions it found hardest; in shorter words where the page is full, and then the class most in need first."""
    for longest in (LONGEST, SHORTER):
        found = [_class_entry(lesson(pages, work, longest)) for work in works]
        if _height(found) <= room:
            return found
    return [_class_entry(lesson(pages, work, SHORTER)) for work in sorted(works, key=_ease)]


def _ease(work: ClassWork) -> float:
    """The share of points of the class's hardest question; a class of which nothing is decided comes last."""
    hard = to_teach_again(work.figures.questions)
    return float(hard[0].share) if hard else 2.0


def _class_entry(found: Lesson) -> Entry:
    rows = _rows(found.title, bold=True) + _rows(found.came, SMALL, grey=GREY)
    for each in found.hard:
        first, *others = _rows(f"{each.number}. {each.text}", indent=TEXT_MM)
        rows += [replace(first, share=f"{percent(each.share)} %"), *others]
        rows += _rows(each.wrong, SMALL, grey=GREY, indent=TEXT_MM) if each.wrong else []
    return Entry(tuple(rows), AFTER_CLASS)
