"""A pupil's own lessons of the week on the cover: day, time, subject, title, channel, and what is to be typed. packets/cover sets them below the contents.

Words are in the cover's language; titles, channels and links as the timetable has them. Millimetres, as in packets/questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from packets.on_air import OnAir
from packets.paper import width_mm
from packets.press import Ink
from packets.questions import LEFT, WIDTH, text_slabs
from packets.slabs import Block, Slab
from packets.subjects import subject_name
from packets.typeset import Type, plain, wrap
from records.calendar import WEEKDAYS
from records.language import N_, ntranslate, translate

MOST_LINES = 12  # lessons; more are told by their number
GAP_MM = 3.0  # between the columns of a line
DAYS = {
    "mon": N_("Mon"),
    "tue": N_("Tue"),
    "wed": N_("Wed"),
    "thu": N_("Thu"),
    "fri": N_("Fri"),
    "sat": N_("Sat"),
    "sun": N_("Sun"),
}


def lesson_blocks(lessons: Sequence[OnAir], language: str, text: Type, heading: Type) -> Iterator[Block]:
    """A heading and a line for each of the first lessons, in the order given, a day never parted; nothing where there are none."""
    if not lessons:
        return
    title = translate(N_("This week on television, radio and platforms"), language)
    shown, rest = lessons[:MOST_LINES], len(lessons) - MOST_LINES
    across = (_widest([_day(each, language) for each in shown], text), _widest([each.time for each in shown], text))
    above = [*text_slabs(wrap(plain(title, bold=True), WIDTH, heading), LEFT, heading), Slab(0.5)]
    for _date, day in groupby(shown, key=lambda each: each.date):
        slabs = [slab for number, each in enumerate(day) for slab in _row(each, number == 0, across, language, text)]
        yield Block((*above, *slabs), after=0.6)
        above = []
    if rest > 0:
        more = ntranslate("and {count} more lesson", "and {count} more lessons", rest, language).format(count=rest)
        yield Block(tuple(text_slabs(wrap(plain(more), WIDTH - sum(across), text), LEFT + sum(across), text)), after=0.4)
    yield Block((Slab(1.6),), after=0.0)


def _day(lesson: OnAir, language: str) -> str:
    return f"{translate(DAYS[WEEKDAYS[lesson.date.weekday()]], language)} {lesson.date:%d.%m}"


def _widest(words: Sequence[str], text: Type) -> float:
    widest = max(width_mm(each, text.size) for each in words)
    return widest + GAP_MM if widest else 0.0


def _row(lesson: OnAir, first_of_day: bool, across: tuple[float, float], language: str, text: Type) -> list[Slab]:
    """A lesson's line or lines; the day stands before the first of it."""
    left = LEFT + sum(across)
    whole = (each.replace(" ", "\u00a0") for each in (lesson.channel, lesson.link))
    said = " · ".join(each for each in (lesson.title, *whole) if each)
    words = (*plain(subject_name(lesson.subject, language), bold=True), *plain(f"  {said}"))
    first, *more = text_slabs(wrap(words, WIDTH - sum(across), text), left, text)

    def draw(pen: Ink, top: float) -> None:
        first.draw(pen, top)
        for x, each in ((LEFT, _day(lesson, language) if first_of_day else ""), (LEFT + across[0], lesson.time)):
            if each:
                pen.text(x, top + text.baseline, each, text.size)

    return [Slab(first.height, draw), *more]
