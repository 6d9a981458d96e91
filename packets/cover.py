"""The cover of a packet: greeting, contents, how to fill in and send back, and what came of earlier weeks.

Everything on it is a pupil's own, in the pupil's cover language (kk, ru, en; others read Kazakh). packets/bundle hands over the words to be
told; nothing here knows the database. A cover carries codes and no boxes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby

from packets.assignment import Assignment, Lesson
from packets.awaited import Awaited
from packets.feedback import Mark, Outcome, Told
from packets.layout import Layout, PageKind
from packets.legend import CHANGE, FILL, draw_example
from packets.lesson_lines import lesson_blocks
from packets.on_air import OnAir
from packets.paper import GREY, PALE, Face, Pen, width_mm
from packets.press import Ink, Stamp
from packets.questions import LEFT, RIGHT, WIDTH, points_text, text_slabs
from packets.shapes import draw_envelope, draw_outcome, draw_pencil
from packets.slabs import Block, Placed, Slab, flow, headed, parted
from packets.subjects import subject_name
from packets.together import WholeGrid
from packets.typeset import Line, Type, draw_line, fitted_lines, line_width, plain, wrap
from packets.worksheet import FixedPages, draw_frame, draw_personal
from records.calendar import StudyWeek
from records.language import N_, date_until, ntranslate, page_language, short_date, translate

TEXT, SMALL, HEADING = Type(11, 5.4), Type(9.5, 4.6), Type(12.5, 6.6)
LARGE_TEXT, LARGE_SMALL, LARGE_HEADING = Type(18, 8.6), Type(15, 7.2), Type(20, 10.0)
HEAD_WIDTH, SMALLEST = 139.0, Type(6.0, 3.0)  # beside the code at the top right; the school's name
SHAPE_MM = 3.6  # from a question's number to the middle of its shape
BAR_MM = 4.0  # before a teacher's words
KEY_SIGN_MM, KEY_BETWEEN_MM = 10.0, 7.0  # room of a shape before what it means; between two of them
WHOLE_MM = 120.0  # what is told of a worksheet is parted where it is higher
PICTURE_MM = 32.0  # the column of pictures before the instructions
OUTCOME_WORDS = {
    Outcome.RIGHT: N_("correct"),
    Outcome.PARTLY: N_("partly correct"),
    Outcome.WRONG: N_("wrong"),
    Outcome.UNANSWERED: N_("not answered"),
    Outcome.WAITING: N_("the teacher is still looking at it"),
    Outcome.MISSING: N_("the page has not come back"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents: an assignment and its pages within the packet, from 1."""

    assignment: Assignment
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class CoverWords:
    """Everything that one pupil's cover says. `language` is the pupil's; `school` is named in the cover's language by the caller."""

    pupil: str
    first_name: str
    language: str
    week: str
    return_by: date
    school: str
    phone: str
    hotline: str
    large: bool
    entries: tuple[Entry, ...]
    told: tuple[Told, ...]
    awaited: tuple[Awaited, ...] = ()
    lessons: tuple[OnAir, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sizes:
    """How large a cover is set; `lesson` the timetable's lines, `school` with the height of its name, `foot` with its leading, `mark` the numbers beside the shapes.

    A question's number, `number_mm` wide, and its shape take `mark_mm`, in rows of `mark_row_mm`.
    """

    text: Type
    small: Type
    heading: Type
    lesson: Type
    week: float
    days: float
    school: tuple[Type, float]
    foot: Type
    mark: float
    number_mm: float
    mark_mm: float
    mark_row_mm: float


NORMAL_SIZES = _Sizes(
    TEXT,
    SMALL,
    HEADING,
    lesson=TEXT,
    week=13.0,
    days=10.0,
    school=(SMALL, 10.0),
    foot=Type(11, 6.0),
    mark=9.0,
    number_mm=5.0,
    mark_mm=14.0,
    mark_row_mm=8.0,
)
LARGE_SIZES = _Sizes(
    LARGE_TEXT,
    LARGE_SMALL,
    LARGE_HEADING,
    lesson=LARGE_SMALL,
    week=16.0,
    days=14.0,
    school=(Type(14, 6.0), 12.0),
    foot=Type(14, 7.5),
    mark=14.0,
    number_mm=9.0,
    mark_mm=18.0,
    mark_row_mm=9.0,
)


@dataclass(frozen=True, slots=True)
class _Voice:
    """The language and sizes of one cover."""

    language: str
    sizes: _Sizes

    @property
    def text(self) -> Type:
        return self.sizes.text

    @property
    def small(self) -> Type:
        return self.sizes.small

    @property
    def heading(self) -> Type:
        return self.sizes.heading

    def say(self, message: str, **fields: object) -> str:
        return translate(message, self.language).format(**fields)


def draw_cover_frame() -> FixedPages:
    """The fixed print that all covers share: fiducials only."""
    pen = Pen(title="cover")
    draw_frame(pen)
    pen.end_page()
    return FixedPages(pen.pdf(), (Layout(PageKind.COVER, (), (), pen.page_digests[0]),))


def lay_out(words: CoverWords) -> list[list[Placed]]:
    """What stands where on each of the cover's pages."""
    return flow(_blocks(words))


def draw_cover(
    words: CoverWords, pages: Sequence[Sequence[Placed]], identities: Sequence[str], tokens: Sequence[Sequence[str]], of: int
) -> list[Stamp]:
    """The cover's pages as they were laid out; `identities` and `tokens` are those of each page, `of` the number of pages of the whole packet."""
    stamps = []
    for number, placed in enumerate(pages, start=1):
        stamp = Stamp()
        draw_personal(
            stamp, tokens[number - 1], identities[number - 1], words.first_name, words.pupil, number, of, words.language, words.large
        )
        _draw_head(stamp, words)
        _draw_foot(stamp, words)
        for each in placed:
            each.draw(stamp)
        stamps.append(stamp)
    return stamps


def _voice(words: CoverWords) -> _Voice:
    return _Voice(page_language(words.language), LARGE_SIZES if words.large else NORMAL_SIZES)


def _draw_head(pen: Ink, words: CoverWords) -> None:
    voice = _voice(words)
    week = StudyWeek.parse(words.week)
    days = f"{short_date(week.monday)} – {short_date(week.day('sat'))}"
    pen.text(28.0, 27.0, voice.say(N_("Study week {week}"), week=words.week), voice.sizes.week, Face.BOLD)
    pen.text(167.0, 27.0, days, voice.sizes.days, align="right")
    type_, lines = fitted_lines((words.school,), HEAD_WIDTH, *voice.sizes.school, SMALLEST)
    for number, line in enumerate(lines):
        draw_line(pen, line, 28.0, 33.5 + number * type_.leading, type_)
    pen.line(LEFT, 41.5, 28.0 + HEAD_WIDTH, 41.5, 0.3)


def _draw_foot(pen: Ink, words: CoverWords) -> None:
    voice = _voice(words)
    foot = voice.sizes.foot
    pen.line(42.0, 258.3, 184.0, 258.3, 0.2, GREY)
    y = 264.5
    if words.phone:
        pen.text(42.0, y, voice.say(N_("School telephone: {phone}"), phone=words.phone), foot.size, Face.BOLD)
        y += foot.leading
    pen.text(42.0, y, voice.say(N_("Hotline: {number}, free of charge"), number=words.hotline), foot.size, Face.BOLD)


def _blocks(words: CoverWords) -> Iterator[Block]:
    voice = _voice(words)
    greeting = voice.say(N_("Hello, {name}!"), name=words.first_name) if words.first_name else voice.say(N_("Hello!"))
    yield _words_block(greeting, voice.heading, bold=True, after=0.5)
    yield _words_block(voice.say(N_("Here are your worksheets for this week.")), voice.text, after=2.0)
    yield from _contents(words, voice)
    yield from _instructions(words, voice)
    yield from lesson_blocks(words.lessons, voice.language, voice.sizes.lesson, voice.heading)
    yield from _feedback(words, voice)
    yield from _not_back(words, voice)


def _words_block(words: str, type_: Type, bold: bool = False, after: float = 1.0, left: float = LEFT) -> Block:
    return Block(tuple(text_slabs(wrap(plain(words, bold), RIGHT - left, type_), left, type_)), after=after)


def _contents(words: CoverWords, voice: _Voice) -> Iterator[Block]:
    heading = _words_block(voice.say(N_("In this packet")), voice.heading, bold=True, after=0.5)
    yield from headed(heading, (_contents_line(entry, voice) for entry in words.entries))
    yield Block((Slab(2.0),), after=0.0)


def _contents_line(entry: Entry, voice: _Voice) -> Block:
    pages = voice.say(N_("p. {first}"), first=entry.first)
    if entry.last > entry.first:
        pages = voice.say(N_("p. {first}–{last}"), first=entry.first, last=entry.last)
    room = WIDTH - width_mm(pages, voice.text.size) - 6.0
    name = subject_name(entry.assignment.subject, voice.language)
    lines = wrap((*plain(name, bold=True), *plain(f"  {entry.assignment.title}")), room, voice.text)
    slabs = text_slabs(lines, LEFT, voice.text)
    slabs[0] = _over(slabs[0], lambda pen, top: pen.text(RIGHT, top + voice.text.baseline, pages, voice.text.size, align="right"))
    if entry.assignment.lesson is not None:
        lesson = voice.say(N_("On the air: {lesson}"), lesson=lesson_text(entry.assignment.lesson))
        slabs.extend(text_slabs(wrap(plain(lesson), room - 6.0, voice.small), LEFT + 6.0, voice.small))
    slabs.append(Slab(1.4, lambda pen, top: pen.line(LEFT, top + 0.7, RIGHT, top + 0.7, 0.15, PALE)))
    return Block(tuple(slabs), after=0.0)


def lesson_text(lesson: Lesson) -> str:
    """A lesson on the air in one line: channel, date, time, whatever is known."""
    return ", ".join(each for each in (lesson.channel, short_date(lesson.date) if lesson.date else "", lesson.time) if each)


def _instructions(words: CoverWords, voice: _Voice) -> Iterator[Block]:
    heading = _words_block(voice.say(N_("What to do")), voice.heading, bold=True, after=1.0)
    by = date_until(words.return_by, voice.language)
    steps: tuple[tuple[Callable[[Ink, float, float], None], str], ...] = (
        (draw_pencil, voice.say(N_("Write with a pencil or a pen."))),
        (partial(_example, crossed=False), voice.say(FILL)),
        (partial(_example, crossed=True), voice.say(CHANGE)),
        (draw_envelope, voice.say(N_("By {date}, put all sheets into the return envelope and give it to the postman."), date=by)),
    )
    yield from headed(heading, (_step(picture, sentence, voice) for picture, sentence in steps))
    yield Block((Slab(1.5),), after=0.0)


def _example(pen: Ink, x: float, y: float, crossed: bool) -> None:
    draw_example(pen, x + 4.0, y, crossed)


def _step(picture: Callable[[Ink, float, float], None], sentence: str, voice: _Voice) -> Block:
    lines = wrap(plain(sentence), WIDTH - PICTURE_MM, voice.text)
    height = max(10.0, len(lines) * voice.text.leading + 1.5)

    def draw(pen: Ink, top: float) -> None:
        picture(pen, LEFT, top + height / 2)
        first = top + height / 2 - (len(lines) - 1) / 2 * voice.text.leading + voice.text.half_cap
        for number, line in enumerate(lines):
            draw_line(pen, line, LEFT + PICTURE_MM, first + number * voice.text.leading, voice.text)

    return Block((Slab(height, draw),), after=0.6)


def _feedback(words: CoverWords, voice: _Voice) -> Iterator[Block]:
    if not words.told:
        return
    heading = _words_block(voice.say(N_("What came of your earlier worksheets")), voice.heading, bold=True, after=0.8)
    yield from headed(
        heading, (block for week, told in groupby(words.told, key=lambda each: each.week) for block in _week(week, told, voice))
    )
    yield _key_block([mark.outcome for told in words.told for mark in told.marks], voice)


def _week(week: str, told: Iterable[Told], voice: _Voice) -> Iterator[Block]:
    """What came of one week's worksheets."""
    heading = _words_block(voice.say(N_("Study week {week}"), week=week), voice.text, bold=True, after=0.4)
    yield from headed(
        heading, (block for each in told for block in (*parted(_told_block(each, voice), WHOLE_MM), *_comment_blocks(each, voice)))
    )


def _not_back(words: CoverWords, voice: _Voice) -> Iterator[Block]:
    """Pages of earlier weeks that have not reached the desk: perhaps they are still at home."""
    if not words.awaited:
        return
    heading = _words_block(voice.say(N_("These pages of earlier weeks have not reached us")), voice.heading, bold=True, after=0.8)
    yield from headed(heading, (_awaited_line(each, voice) for each in words.awaited))
    sentence = voice.say(N_("If they are still with you, put them into the return envelope too."))
    yield _words_block(sentence, voice.text, after=1.5)


def _awaited_line(awaited: Awaited, voice: _Voice) -> Block:
    pages = voice.say(N_("p. {first}"), first=", ".join(map(str, awaited.pages)))
    name = subject_name(awaited.subject, voice.language)
    line = (*plain(f"{awaited.week}  "), *plain(name, bold=True), *plain(f"  {awaited.title}, {pages}"))
    return Block(tuple(text_slabs(wrap(line, WIDTH, voice.text), LEFT, voice.text)), after=0.4)


def _told_block(told: Told, voice: _Voice) -> Block:
    score = score_text(told, voice.language)
    room = WIDTH - width_mm(score, voice.text.size, Face.BOLD) - 6.0
    words = (*plain(subject_name(told.subject, voice.language), bold=True), *plain(f"  {told.title}"))
    slabs = text_slabs(wrap(words, room, voice.text), LEFT, voice.text)
    slabs[0] = _over(
        slabs[0], lambda pen, top: pen.text(RIGHT, top + voice.text.baseline, score, voice.text.size, Face.BOLD, align="right")
    )
    sizes = voice.sizes
    in_row = int(WIDTH // sizes.mark_mm)
    for start in range(0, len(told.marks), in_row):
        slabs.append(Slab(sizes.mark_row_mm, partial(_draw_marks, told.marks[start : start + in_row], sizes)))
    waiting = sum(mark.outcome is Outcome.WAITING for mark in told.marks)
    if waiting:
        sentence = ntranslate("{count} answer waits for the teacher.", "{count} answers wait for the teacher.", waiting, voice.language)
        slabs.extend(text_slabs(wrap(plain(sentence.format(count=waiting)), WIDTH, voice.small), LEFT, voice.small))
    for grid in told.not_whole:
        slabs.extend(text_slabs(wrap(plain(_whole_said(grid, voice.language)), WIDTH, voice.small), LEFT, voice.small))
    return Block(tuple(slabs), after=1.5)


def _whole_said(grid: WholeGrid, language: str) -> str:
    """Why ticks beside the rows of a grid brought no points, and what was well done."""
    said = ntranslate(
        "Question {number}: {right} of {rows} rows is right. The points are for all rows together.",
        "Question {number}: {right} of {rows} rows are right. The points are for all rows together.",
        grid.right,
        language,
    )
    return said.format(number=grid.number, right=grid.right, rows=len(grid.rows))


def _comment_blocks(told: Told, voice: _Voice) -> Iterator[Block]:
    """What the teacher said of the worksheet, each beside a bar: «Мұғалім, 3-сұрақ: ...»."""
    for item, words in told.comments:
        who = voice.say(N_("Teacher, question {item}:"), item=item) if item else voice.say(N_("Teacher:"))
        lines = wrap((*plain(who, bold=True), *plain(f" {words}")), WIDTH - BAR_MM, voice.text)
        slabs = text_slabs(lines, LEFT + BAR_MM, voice.text)
        yield Block(tuple(_over(slab, partial(_bar, height=slab.height)) for slab in slabs), after=1.5)


def _bar(pen: Ink, top: float, height: float) -> None:
    pen.line(LEFT + 1.0, top, LEFT + 1.0, top + height, 0.6, GREY)


def score_text(told: Told, language: str) -> str:
    """Points of points: «7 / 10 балл»."""
    number = format(told.points.normalize(), "f")
    if page_language(language) != "en":
        number = number.replace(".", ",")
    return f"{number} / {points_text(told.max_points, language)}".replace("\u00a0", " ")


def _draw_marks(marks: Sequence[Mark], sizes: _Sizes, pen: Ink, top: float) -> None:
    middle = top + sizes.mark_row_mm / 2
    for place, mark in enumerate(marks):
        x = LEFT + sizes.mark_mm * place + sizes.number_mm
        pen.text(x, middle + Type(sizes.mark, 0.0).half_cap, mark.item, sizes.mark, align="right", grey=GREY)
        draw_outcome(pen, x + SHAPE_MM, middle, mark.outcome)


def _key_block(outcomes: Sequence[Outcome], voice: _Voice) -> Block:
    """What the shapes mean, beside each other as far as the line goes: only those that were drawn."""
    height = max(6.4, voice.small.leading)
    rows: list[list[tuple[float, Outcome, Line]]] = [[]]
    x = LEFT
    for outcome in (each for each in Outcome if each in outcomes):
        line = wrap(plain(voice.say(OUTCOME_WORDS[outcome])), WIDTH - KEY_SIGN_MM, voice.small)[0]
        wide = KEY_SIGN_MM + line_width(line, voice.small)
        if rows[-1] and x + wide > RIGHT:
            rows.append([])
            x = LEFT
        rows[-1].append((x, outcome, line))
        x += wide + KEY_BETWEEN_MM
    return Block(tuple(Slab(height, partial(_draw_key, row, height, voice.small)) for row in rows if row), after=1.0)


def _draw_key(row: Sequence[tuple[float, Outcome, Line]], height: float, type_: Type, pen: Ink, top: float) -> None:
    for x, outcome, line in row:
        draw_outcome(pen, x + 4.0, top + height / 2, outcome)
        draw_line(pen, line, x + KEY_SIGN_MM, top + height / 2 + type_.half_cap, type_)


def _over(slab: Slab, also: Callable[[Ink, float], None]) -> Slab:
    """The slab with something more drawn on it."""

    def draw(pen: Ink, top: float) -> None:
        slab.draw(pen, top)
        also(pen, top)

    return Slab(slab.height, draw)
