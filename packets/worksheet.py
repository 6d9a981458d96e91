"""Worksheets: an assignment flowed into pages, each with its Layout; the fixed print is shared by all pupils.

packets/bundle calls `draw_assignment` once for each assignment and print size and stamps the pages into packets; `draw_personal` adds what is a
pupil's own: codes, first name, pupil code, page number. Nothing here knows the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from packets.assignment import Assignment, ChoiceQuestion, TextPart
from packets.layout import BODY_MM, FIDUCIALS, Layout, PageKind
from packets.markdown import blocks as markdown_blocks
from packets.paper import GREY, Face, Pen
from packets.press import blank_png
from packets.questions import LEFT, RIGHT, Style, choice_block, style_of, text_slabs
from packets.slabs import Block, Placed, place
from packets.subjects import subject_name
from packets.token import grouped, short_code
from packets.typeset import Type, draw_line, plain, wrap
from records.errors import InputRefused
from records.language import N_, _, translate

HEAD_LEFT, HEAD_RIGHT = 28.0, 167.0
HEAD = Type(10, 4.8)


@dataclass(frozen=True, slots=True)
class FixedPages:
    """What all pupils share of an assignment: the PDF of its fixed print, and the geometry of each page."""

    pdf: bytes
    layouts: tuple[Layout, ...]

    def blank(self, number: int) -> bytes:
        """The blank print of page `number` (from 1) as PNG."""
        return blank_png(self.pdf, number)


def draw_assignment(assignment: Assignment, print_size: str = "normal") -> FixedPages:
    """The assignment's fixed pages; raises InputRefused where a question is too large for a page or a letter cannot be printed."""
    style = style_of(assignment.grade, print_size)
    pages = _flow(list(_blocks(assignment, style)))
    pen = Pen()
    layouts = []
    for placed in pages:
        draw_frame(pen)
        _draw_header(pen, assignment)
        _draw_legend(pen, assignment.language)
        for each in placed:
            each.draw(pen)
        pen.end_page()
        boxes = tuple(box for each in placed for box in each.boxes())
        items = tuple(item for each in placed for item in each.block.items)
        for box in boxes:
            assert box.item in {item.item for item in items}
        layouts.append(Layout(PageKind.WORKSHEET, boxes, items, pen.page_digests[-1]))
    return FixedPages(pen.pdf(), tuple(layouts))


def draw_frame(pen: Pen) -> None:
    """The fiducials that every page carries."""
    for fiducial in FIDUCIALS:
        pen.fiducial(fiducial)


def draw_personal(pen: Pen, tokens: Sequence[str], identity: str, name: str, pupil: str, number: int, of: int, language: str) -> None:
    """A pupil's own part of a page: both codes with the short code, first name, pupil code, page number of the packet."""
    pen.codes(tokens)
    code = grouped(short_code(identity))
    pen.text(185.0, 42.4, code, 7, align="center")
    pen.text(42.0, 281.5, code, 10)
    pen.text(HEAD_LEFT, 19.5, f"{name}", 13, Face.BOLD)
    pen.text(HEAD_RIGHT, 19.5, pupil, 10, align="right")
    pages = translate(N_("page {number} of {of}"), language).format(number=number, of=of)
    pen.text(184.0, 281.5, pages, 10, align="right")


def _blocks(assignment: Assignment, style: Style) -> Iterator[Block]:
    for part in assignment.parts:
        match part:
            case TextPart():
                for paragraph in markdown_blocks(part.markdown):
                    yield Block(tuple(text_slabs(wrap(paragraph.runs, RIGHT - LEFT, style.type), LEFT, style.type)))
            case ChoiceQuestion():
                yield choice_block(part, style, assignment.language)


def _flow(blocks: Sequence[Block]) -> list[list[Placed]]:
    """Blocks on pages, in their order; a block that does not fit goes to the next page whole."""
    _left, first, _right, bottom = BODY_MM
    pages: list[list[Placed]] = [[]]
    top = first
    for block in blocks:
        placed = place(block, top, bottom)
        if placed is None and pages[-1]:
            pages.append([])
            placed = place(block, first, bottom)
        if placed is None:
            raise InputRefused(
                _("Question {number} is too large for one page.").format(number=block.name),
                _("Shorten its words, or split it into two questions."),
            )
        pages[-1].append(placed)
        top = placed.bottom + block.after
    return pages


def _draw_header(pen: Pen, assignment: Assignment) -> None:
    language = assignment.language
    grade = translate(N_("grade {grade}"), language).format(grade=assignment.grade)
    week = translate(N_("study week {week}"), language).format(week=assignment.week)
    pen.text(HEAD_LEFT, 27.0, subject_name(assignment.subject, language), 13, Face.BOLD)
    pen.text(HEAD_RIGHT, 27.0, f"{grade} · {week}", 10, align="right")
    for place_, line in enumerate(wrap(plain(assignment.title), HEAD_RIGHT - HEAD_LEFT, Type(11, 5.0))[:2]):
        draw_line(pen, line, HEAD_LEFT, 33.5 + 5.0 * place_, Type(11, 5.0))
    pen.line(LEFT, 41.5, HEAD_RIGHT, 41.5, 0.3)


def _draw_legend(pen: Pen, language: str) -> None:
    pen.line(42.0, 258.5, 184.0, 258.5, 0.2, GREY)
    _legend_row(pen, 263.5, translate(N_("Fill the circle of your answer completely."), language), crossed=False)
    _legend_row(pen, 272.5, translate(N_("Changed your mind? Cross out the whole circle and fill another."), language), crossed=True)


def _legend_row(pen: Pen, y: float, words: str, crossed: bool) -> None:
    filled = (1, 2) if crossed else (1,)
    for place_ in range(3):
        x = 46.0 + 8.0 * place_
        pen.circle(x, y, 4.6, fill=0.0 if place_ in filled else None)
        if crossed and place_ == 1:
            for sign in (-1, 1):
                pen.line(x - 4, y - 4 * sign, x + 4, y + 4 * sign, 0.6)
    draw_line(pen, wrap(plain(words), 200, HEAD)[0], 70.0, y + HEAD.half_cap, HEAD)
