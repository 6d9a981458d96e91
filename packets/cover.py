"""The cover of a packet: greeting, contents, how to fill in and send back, and what came of earlier weeks.

Everything on it is a pupil's own, in the pupil's cover language (kk, ru, en; others read Kazakh). packets/bundle hands over the words to be
told; nothing here knows the database. A cover carries codes and no boxes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from packets.assignment import Assignment, Lesson
from packets.awaited import Awaited
from packets.cover_told import awaited_blocks, told_blocks
from packets.cover_voice import Voice, over, voice_in, words_block
from packets.feedback import Told
from packets.layout import Layout, PageKind
from packets.legend import CHANGE, FILL, draw_example
from packets.lesson_lines import lesson_blocks
from packets.on_air import OnAir
from packets.paper import GREY, PALE, Face, Pen, width_mm
from packets.press import Ink, Stamp
from packets.questions import LEFT, RIGHT, WIDTH, text_slabs
from packets.shapes import draw_envelope, draw_pencil
from packets.slabs import Block, Placed, Slab, flow, headed
from packets.subjects import subject_name
from packets.typeset import Type, draw_line, fitted_lines, plain, wrap
from packets.worksheet import FixedPages, draw_frame, draw_personal
from records.calendar import StudyWeek
from records.language import N_, date_until, short_date

HEAD_WIDTH, SMALLEST = 139.0, Type(6.0, 3.0)  # beside the code at the top right; the school's name
PICTURE_MM = 32.0  # the column of pictures before the instructions


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


def _draw_head(pen: Ink, words: CoverWords) -> None:
    voice = voice_in(words.language, words.large)
    week = StudyWeek.parse(words.week)
    days = f"{short_date(week.monday)} – {short_date(week.day('sat'))}"
    pen.text(28.0, 27.0, voice.say(N_("Study week {week}"), week=words.week), voice.sizes.week, Face.BOLD)
    pen.text(167.0, 27.0, days, voice.sizes.days, align="right")
    type_, lines = fitted_lines((words.school,), HEAD_WIDTH, *voice.sizes.school, SMALLEST)
    for number, line in enumerate(lines):
        draw_line(pen, line, 28.0, 33.5 + number * type_.leading, type_)
    pen.line(LEFT, 41.5, 28.0 + HEAD_WIDTH, 41.5, 0.3)


def _draw_foot(pen: Ink, words: CoverWords) -> None:
    voice = voice_in(words.language, words.large)
    foot = voice.sizes.foot
    pen.line(42.0, 258.3, 184.0, 258.3, 0.2, GREY)
    y = 264.5
    if words.phone:
        pen.text(42.0, y, voice.say(N_("School telephone: {phone}"), phone=words.phone), foot.size, Face.BOLD)
        y += foot.leading
    pen.text(42.0, y, voice.say(N_("Hotline: {number}, free of charge"), number=words.hotline), foot.size, Face.BOLD)


def _blocks(words: CoverWords) -> Iterator[Block]:
    voice = voice_in(words.language, words.large)
    greeting = voice.say(N_("Hello, {name}!"), name=words.first_name) if words.first_name else voice.say(N_("Hello!"))
    yield words_block(greeting, voice.heading, bold=True, after=0.5)
    yield words_block(voice.say(N_("Here are your worksheets for this week.")), voice.text, after=2.0)
    yield from _contents(words, voice)
    yield from _instructions(words, voice)
    yield from lesson_blocks(words.lessons, voice.language, voice.sizes.lesson, voice.heading)
    yield from told_blocks(words.told, voice)
    yield from awaited_blocks(words.awaited, voice)


def _contents(words: CoverWords, voice: Voice) -> Iterator[Block]:
    heading = words_block(voice.say(N_("In this packet")), voice.heading, bold=True, after=0.5)
    yield from headed(heading, (_contents_line(entry, voice) for entry in words.entries))
    yield Block((Slab(2.0),), after=0.0)


def _contents_line(entry: Entry, voice: Voice) -> Block:
    pages = voice.say(N_("p. {first}"), first=entry.first)
    if entry.last > entry.first:
        pages = voice.say(N_("p. {first}–{last}"), first=entry.first, last=entry.last)
    room = WIDTH - width_mm(pages, voice.text.size) - 6.0
    name = subject_name(entry.assignment.subject, voice.language)
    lines = wrap((*plain(name, bold=True), *plain(f"  {entry.assignment.title}")), room, voice.text)
    slabs = text_slabs(lines, LEFT, voice.text)
    slabs[0] = over(slabs[0], lambda pen, top: pen.text(RIGHT, top + voice.text.baseline, pages, voice.text.size, align="right"))
    if entry.assignment.lesson is not None:
        lesson = voice.say(N_("On the air: {lesson}"), lesson=lesson_text(entry.assignment.lesson))
        slabs.extend(text_slabs(wrap(plain(lesson), room - 6.0, voice.small), LEFT + 6.0, voice.small))
    slabs.append(Slab(1.4, lambda pen, top: pen.line(LEFT, top + 0.7, RIGHT, top + 0.7, 0.15, PALE)))
    return Block(tuple(slabs), after=0.0)


def lesson_text(lesson: Lesson) -> str:
    """A lesson on the air in one line: channel, date, time, whatever is known."""
    return ", ".join(each for each in (lesson.channel, short_date(lesson.date) if lesson.date else "", lesson.time) if each)


def _instructions(words: CoverWords, voice: Voice) -> Iterator[Block]:
    heading = words_block(voice.say(N_("What to do")), voice.heading, bold=True, after=1.0)
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


def _step(picture: Callable[[Ink, float, float], None], sentence: str, voice: Voice) -> Block:
    lines = wrap(plain(sentence), WIDTH - PICTURE_MM, voice.text)
    height = max(10.0, len(lines) * voice.text.leading + 1.5)

    def draw(pen: Ink, top: float) -> None:
        picture(pen, LEFT, top + height / 2)
        first = top + height / 2 - (len(lines) - 1) / 2 * voice.text.leading + voice.text.half_cap
        for number, line in enumerate(lines):
            draw_line(pen, line, LEFT + PICTURE_MM, first + number * voice.text.leading, voice.text)

    return Block((Slab(height, draw),), after=0.6)
