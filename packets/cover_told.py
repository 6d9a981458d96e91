"""What a cover tells of earlier weeks: points and marks of each worksheet, the teacher's words, and pages that have not come back.

packets/cover sets it below the contents; packets/feedback and packets/awaited say what is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby

from packets.awaited import Awaited
from packets.cover_voice import Sizes, Voice, over, words_block
from packets.feedback import Mark, Outcome, Told
from packets.paper import GREY, Face, width_mm
from packets.press import Ink
from packets.questions import LEFT, RIGHT, WIDTH, points_text, text_slabs
from packets.shapes import draw_outcome
from packets.slabs import Block, Slab, headed, parted
from packets.subjects import subject_name
from packets.together import WholeGrid
from packets.typeset import Line, Type, draw_line, line_width, plain, wrap
from records.language import N_, ntranslate, page_language

SHAPE_MM = 3.6  # from a question's number to the middle of its shape
BAR_MM = 4.0  # before a teacher's words
KEY_SIGN_MM, KEY_BETWEEN_MM = 10.0, 7.0  # room of a shape before what it means; between two of them
WHOLE_MM = 120.0  # what is told of a worksheet is parted where it is higher
OUTCOME_WORDS = {
    Outcome.RIGHT: N_("correct"),
    Outcome.PARTLY: N_("partly correct"),
    Outcome.WRONG: N_("wrong"),
    Outcome.UNANSWERED: N_("not answered"),
    Outcome.WAITING: N_("the teacher is still looking at it"),
    Outcome.MISSING: N_("the page has not come back"),
}


def told_blocks(worksheets: Sequence[Told], voice: Voice) -> Iterator[Block]:
    """What came of worksheets, week by week, and what its shapes mean; nothing where there are none."""
    if not worksheets:
        return
    heading = words_block(voice.say(N_("What came of your earlier worksheets")), voice.heading, bold=True, after=0.8)
    yield from headed(
        heading, (block for week, told in groupby(worksheets, key=lambda each: each.week) for block in _week(week, told, voice))
    )
    yield _key_block([mark.outcome for told in worksheets for mark in told.marks], voice)


def _week(week: str, told: Iterable[Told], voice: Voice) -> Iterator[Block]:
    """What came of one week's worksheets."""
    heading = words_block(voice.say(N_("Study week {week}"), week=week), voice.text, bold=True, after=0.4)
    yield from headed(
        heading, (block for each in told for block in (*parted(_told_block(each, voice), WHOLE_MM), *_comment_blocks(each, voice)))
    )


def awaited_blocks(awaited: Sequence[Awaited], voice: Voice) -> Iterator[Block]:
    """Pages of earlier weeks that have not reached the desk: perhaps they are still at home."""
    if not awaited:
        return
    heading = words_block(voice.say(N_("These pages of earlier weeks have not reached us")), voice.heading, bold=True, after=0.8)
    yield from headed(heading, (_awaited_line(each, voice) for each in awaited))
    sentence = voice.say(N_("If they are still with you, put them into the return envelope too."))
    yield words_block(sentence, voice.text, after=1.5)


def _awaited_line(awaited: Awaited, voice: Voice) -> Block:
    pages = voice.say(N_("p. {first}"), first=", ".join(map(str, awaited.pages)))
    name = subject_name(awaited.subject, voice.language)
    line = (*plain(f"{awaited.week}  "), *plain(name, bold=True), *plain(f"  {awaited.title}, {pages}"))
    return Block(tuple(text_slabs(wrap(line, WIDTH, voice.text), LEFT, voice.text)), after=0.4)


def _told_block(told: Told, voice: Voice) -> Block:
    score = score_text(told, voice.language)
    room = WIDTH - width_mm(score, voice.text.size, Face.BOLD) - 6.0
    words = (*plain(subject_name(told.subject, voice.language), bold=True), *plain(f"  {told.title}"))
    slabs = text_slabs(wrap(words, room, voice.text), LEFT, voice.text)
    slabs[0] = over(slabs[0], lambda pen, top: pen.text(RIGHT, top + voice.text.baseline, score, voice.text.size, Face.BOLD, align="right"))
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


def _comment_blocks(told: Told, voice: Voice) -> Iterator[Block]:
    """What the teacher said of the worksheet, each beside a bar: «Мұғалім, 3-сұрақ: ...»."""
    for item, words in told.comments:
        who = voice.say(N_("Teacher, question {item}:"), item=item) if item else voice.say(N_("Teacher:"))
        lines = wrap((*plain(who, bold=True), *plain(f" {words}")), WIDTH - BAR_MM, voice.text)
        slabs = text_slabs(lines, LEFT + BAR_MM, voice.text)
        yield Block(tuple(over(slab, partial(_bar, height=slab.height)) for slab in slabs), after=1.5)


def _bar(pen: Ink, top: float, height: float) -> None:
    pen.line(LEFT + 1.0, top, LEFT + 1.0, top + height, 0.6, GREY)


def score_text(told: Told, language: str) -> str:
    """Points of points: «7 / 10 балл»."""
    number = format(told.points.normalize(), "f")
    if page_language(language) != "en":
        number = number.replace(".", ",")
    return f"{number} / {points_text(told.max_points, language)}".replace("\u00a0", " ")


def _draw_marks(marks: Sequence[Mark], sizes: Sizes, pen: Ink, top: float) -> None:
    middle = top + sizes.mark_row_mm / 2
    for place, mark in enumerate(marks):
        x = LEFT + sizes.mark_mm * place + sizes.number_mm
        pen.text(x, middle + Type(sizes.mark, 0.0).half_cap, mark.item, sizes.mark, align="right", grey=GREY)
        draw_outcome(pen, x + SHAPE_MM, middle, mark.outcome)


def _key_block(outcomes: Sequence[Outcome], voice: Voice) -> Block:
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
