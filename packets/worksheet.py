"""Worksheets: an assignment flowed into pages, each with its Layout; the fixed print is shared by all pupils.

packets/bundle calls `draw_assignment` once for each assignment and print size and stamps the pages into packets; `draw_personal` adds what is a
pupil's own: codes, first name, pupil code, page number. Nothing here knows the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from packets.assignment import Assignment, ChoiceQuestion, GridQuestion, NumberQuestion, OpenQuestion, Part, TextPart
from packets.grid import grid_block
from packets.kinds import UNASKED, PagePart, words_of
from packets.layout import BODY_MM, FIDUCIALS, Box, Layout, PageKind
from packets.legend import draw_legend
from packets.markdown import PARAGRAPH, Run
from packets.markdown import Block as Paragraph
from packets.number_columns import fits_half, number_block
from packets.own_pdf import Placing
from packets.own_pdf_page import NoRoom, Sheet, chapters, no_room_words, own_sheet, scales, with_pages
from packets.paper import Face, Pen, missing_letters, width_mm
from packets.press import Ink, blank_png
from packets.questions import LARGE, LEFT, WIDTH, Style, choice_block, style_of, text_slabs
from packets.reading import READING, paragraph_blocks, reading_blocks
from packets.slabs import Block, Placed, Slab, TooLarge, flow, place
from packets.subjects import subject_name
from packets.token import grouped, short_code
from packets.typeset import Line, Type, draw_line, plain, wrap
from packets.written import open_block
from records.errors import InputRefused
from records.language import N_, _, short_date, translate

HEAD_LEFT, HEAD_RIGHT = 28.0, 167.0
TOO_LARGE = N_("A table or picture is too large for one page.")
TITLE = Type(11, 5.0)
TITLE_LINES = 2
LARGE_SUBJECT, LARGE_NOTE, LARGE_TITLE = 18.0, 14.0, Type(20, 9.4)  # in large print the title stands above the first part
KIND_WORDS = {
    "practice": N_("practice"),
    "formative": N_("formative assessment"),
    "unit": N_("unit assessment"),
    "term": N_("term assessment"),
}


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
    _refuse_missing_letters(assignment)
    style = style_of(assignment.grade, print_size)
    pen = Pen(title=assignment.code)
    layouts: list[Layout] = []
    placings: dict[int, Placing] = {}
    for sheet in _sheets(assignment, style):
        large = style is LARGE and sheet.placing is None
        draw_frame(pen)
        (_draw_large_header if large else _draw_header)(pen, assignment)
        draw_legend(pen, assignment.language, large)
        for each in sheet.placed:
            each.draw(pen)
        if sheet.placing is not None and assignment.pdf is not None:
            placings[len(layouts)] = sheet.placing
            pen.end_page((assignment.pdf.digest, sheet.placing))
        else:
            pen.end_page()
        layouts.append(Layout(PageKind.WORKSHEET, _in_order(sheet), sheet.items, pen.page_digests[-1]))
    pdf = pen.pdf()
    return FixedPages(pdf if assignment.pdf is None else with_pages(pdf, assignment.pdf, placings), tuple(layouts))


def too_large_for_a_page(assignment: Assignment, print_size: str = "normal") -> list[str]:
    """The numbers of all questions that fit on no page, in their order; for a table or picture the name by packets.reading. Draws nothing."""
    _left, top, _right, bottom = BODY_MM
    style = style_of(assignment.grade, print_size)
    blocks = [*_lead(assignment, style), *_blocks(assignment, assignment.parts, style)]
    return list(dict.fromkeys(block.name for block in blocks if place(block.on_a_new_page, top, bottom) is None))


def page_scales(assignment: Assignment) -> list[tuple[int, float | NoRoom]]:
    """Each page of the teacher's own PDF by its number, with its scale on the sheet, or why it cannot be placed. Draws nothing."""
    return list(scales(assignment, list(_lead(assignment, style_of(assignment.grade, "normal")))))


def draw_frame(pen: Pen) -> None:
    """The fiducials that every page carries."""
    for fiducial in FIDUCIALS:
        pen.fiducial(fiducial)


def draw_personal(
    pen: Ink, tokens: Sequence[str], identity: str, name: str, pupil: str, number: int, of: int, language: str, large: bool = False
) -> None:
    """A pupil's own part of a page: both codes with the short code, first name, pupil code, page number of the packet."""
    note = LARGE_NOTE if large else 10.0
    draw_identity(pen, tokens, identity, number, of, language, note)
    room = HEAD_RIGHT - HEAD_LEFT - width_mm(pupil, note) - 4.0
    pen.text(HEAD_LEFT, 19.5, name, _fitting(name, 16.0 if large else 13.0, room), Face.BOLD)
    pen.text(HEAD_RIGHT, 19.5, pupil, note, align="right")


def draw_identity(pen: Ink, tokens: Sequence[str], identity: str, number: int, of: int, language: str, note: float = 10.0) -> None:
    """Both codes with the short code beside each, and the page's number in its packet, `note` points large."""
    pen.codes(tokens)
    code = grouped(short_code(identity))
    pen.text(185.0, 42.4, code, 7, align="center")
    pen.text(42.0, 281.5, code, 10)
    pages = translate(N_("page {number} of {of}"), language).format(number=number, of=of)
    pen.text(184.0, 281.5, pages, note, align="right")


def _sheets(assignment: Assignment, style: Style) -> Iterator[Sheet]:
    """The sheets in their order; each page of the teacher's own PDF has one to itself."""
    lead: list[Block] = []
    for number, (page, inside) in enumerate(chapters(assignment.parts)):
        if not number:
            lead = list(_lead(assignment, style if page is None else style_of(assignment.grade, "normal")))
        if page is None:
            yield from map(Sheet, _pages(assignment, [*lead, *_blocks(assignment, inside, style)]))
        else:
            yield _own_sheet(assignment, page, inside, lead)
        lead = []


def _own_sheet(assignment: Assignment, page: PagePart, inside: Sequence[Part], lead: Sequence[Block]) -> Sheet:
    try:
        return own_sheet(assignment, page, inside, lead)
    except NoRoom as failure:
        text, hint = no_room_words(failure)
        raise InputRefused(f"{assignment.code}: {text}", hint, code="no_room") from None


def _pages(assignment: Assignment, blocks: Sequence[Block]) -> list[list[Placed]]:
    try:
        return flow(blocks)
    except TooLarge as large:
        if str(large).startswith(READING):
            hint = _("Make it smaller, or part it.")
            raise InputRefused(f"{assignment.code}: {_(TOO_LARGE)}", hint, code="too_large") from None
        raise InputRefused(
            _("{assignment}: question {number} is too large for one page.").format(assignment=assignment.code, number=large),
            _("Shorten its words, give it fewer lines, or split it into two questions."),
            code="too_large",
        ) from None


def _lead(assignment: Assignment, style: Style) -> Iterator[Block]:
    """What stands above the first part."""
    if style is LARGE:
        yield Block(tuple(text_slabs(wrap(plain(assignment.title, bold=True), WIDTH, LARGE_TITLE), LEFT, LARGE_TITLE)))
    elif len(_title_lines(assignment)) > TITLE_LINES:
        yield Block(tuple(text_slabs(wrap(plain(assignment.title, bold=True), WIDTH, style.type), LEFT, style.type)))
    if assignment.lesson is not None:
        yield from paragraph_blocks(Paragraph(PARAGRAPH, _lesson(assignment)), style)


def _blocks(assignment: Assignment, parts: Sequence[Part], style: Style) -> Iterator[Block]:
    for group in _grouped(parts, style, assignment.language):
        match group[0]:
            case TextPart(markdown):
                part = next(place for place, each in enumerate(assignment.parts, start=1) if each is group[0])
                yield from reading_blocks(markdown, {picture.file: picture for picture in assignment.pictures}, style, part)
                yield Block((Slab(1.5),), after=0.0)
            case ChoiceQuestion() as question:
                yield choice_block(question, style, assignment.language, assignment.order(question))
            case GridQuestion() as question:
                yield grid_block(question, style, assignment.language)
            case OpenQuestion() as question:
                yield open_block(question, style, assignment.language)
            case NumberQuestion():
                yield number_block([part for part in group if isinstance(part, NumberQuestion)], style, assignment.language)


def _grouped(parts: Sequence[Part], style: Style, language: str) -> Iterator[list[Part]]:
    """Parts one by one, but two number questions in a row together where both are narrow enough to stand side by side."""
    waiting: list[Part] = []
    for part in parts:
        if isinstance(part, NumberQuestion) and fits_half(part, style, language):
            waiting.append(part)
            if len(waiting) == 2:
                yield waiting
                waiting = []
            continue
        if waiting:
            yield waiting
            waiting = []
        yield [part]
    if waiting:
        yield waiting


def _in_order(sheet: Sheet) -> tuple[Box, ...]:
    """All boxes, question by question; digits column by column."""
    items = [item.item for item in sheet.items]
    boxes = [box for each in sheet.placed for box in each.boxes()]
    return tuple(sorted(boxes, key=lambda box: (items.index(box.item), box.column or 0)))


def _title_lines(assignment: Assignment) -> list[Line]:
    return wrap(plain(assignment.title), HEAD_RIGHT - HEAD_LEFT - width_mm(_what_kind(assignment), 10) - 4.0, TITLE)


def _lesson(assignment: Assignment) -> tuple[Run, ...]:
    lesson = assignment.lesson
    assert lesson is not None
    when = [lesson.channel, short_date(lesson.date) if lesson.date else "", lesson.time]
    label = translate(N_("Lesson on the air:"), assignment.language)
    return (Run(label + " ", bold=True), Run(", ".join(each for each in when if each)))


def _for_whom(assignment: Assignment) -> str:
    """The grade and the week."""
    language = assignment.language
    grade = translate(N_("grade {grade}"), language).format(grade=assignment.grade)
    week = translate(N_("study week {week}"), language).format(week=assignment.week)
    return f"{grade} · {week}"


def _what_kind(assignment: Assignment) -> str:
    """What kind of work it is, and which variant of it where there are several."""
    language = assignment.language
    kind = [translate(KIND_WORDS[assignment.kind], language)] if assignment.kind in KIND_WORDS else []
    variant = [translate(N_("variant {number}"), language).format(number=assignment.variant)] if assignment.variant else []
    return " · ".join((*kind, *variant))


def _fitting(words: str, size: float, room: float) -> float:
    """The size in which bold `words` fit into `room` millimetres: `size`, or smaller."""
    return min(size, size * room / max(width_mm(words, size, Face.BOLD), 0.1))


def _draw_large_header(pen: Pen, assignment: Assignment) -> None:
    """A line each for the subject, for whom it is, and what kind of work; the title stands below, above the first part."""
    subject = subject_name(assignment.subject, assignment.language)
    pen.text(HEAD_LEFT, 26.5, subject, _fitting(subject, LARGE_SUBJECT, HEAD_RIGHT - HEAD_LEFT), Face.BOLD)
    pen.text(HEAD_LEFT, 33.0, _for_whom(assignment), LARGE_NOTE)
    pen.text(HEAD_LEFT, 39.3, _what_kind(assignment), LARGE_NOTE)
    pen.line(LEFT, 41.5, HEAD_RIGHT, 41.5, 0.3)


def _draw_header(pen: Pen, assignment: Assignment) -> None:
    pen.text(HEAD_LEFT, 27.0, subject_name(assignment.subject, assignment.language), 13, Face.BOLD)
    pen.text(HEAD_RIGHT, 27.0, _for_whom(assignment), 10, align="right")
    pen.text(HEAD_RIGHT, 33.5, _what_kind(assignment), 10, align="right")
    title = _title_lines(assignment)
    for number, line in enumerate(title if len(title) <= TITLE_LINES else ()):
        draw_line(pen, line, HEAD_LEFT, 33.5 + TITLE.leading * number, TITLE)
    pen.line(LEFT, 41.5, HEAD_RIGHT, 41.5, 0.3)


def _refuse_missing_letters(assignment: Assignment) -> None:
    for part in assignment.parts:
        lacking = missing_letters(" ".join((assignment.title, *words_of(part))))
        if lacking:
            number = "" if isinstance(part, UNASKED) else part.number
            raise InputRefused(
                _("{assignment}, question {number}: the font has no «{letter}» ({code}).").format(
                    assignment=assignment.code, number=number or "-", letter=lacking[0], code=f"U+{ord(lacking[0]):04X}"
                ),
                _("Write it in another way."),
                code="missing_letter",
            )
