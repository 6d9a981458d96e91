"""A sheet with a page of the teacher's own PDF: our head, codes and foot where they always stand, the page, and the answer strip below or beside it.

packets/worksheet draws it. The strip stands where the page stays larger. The teacher's page lies beneath everything of ours, cut to the area that is
left to it: nothing of it can come near a code, a fiducial or a box. Millimetres from the sheet's top left.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pikepdf

from packets.assignment import Assignment, OpenQuestion
from packets.kinds import PagePart, Part, TextPart
from packets.layout import BODY_MM, PAGE_MM, Item
from packets.own_pdf import AT_RIGHT, BOTTOM, LEAST_SCALE, STRIPS, Area, OwnPdf, Placing, TeacherPage, placed
from packets.own_pdf_strip import Asked, Span, is_bare, strip_blocks, widest
from packets.paper import POINTS_PER_MM
from packets.questions import LEFT, RIGHT, WIDTH, Style, style_of
from packets.slabs import Block, Placed, place
from records.language import _

BELOW_PAGE_MM, BESIDE_PAGE_MM = 3.0, 5.0  # white between the page and the strip
STEP_MM = 0.5
EDGE_MM = 15.0  # of a page that is answered anywhere on it: nobody writes there


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of an assignment: blocks of ours where they stand, and where a teacher's page lies, if there is one."""

    placed: Sequence[Placed]
    placing: Placing | None = None
    fields: Mapping[str, Area] = field(default_factory=dict)

    @property
    def items(self) -> tuple[Item, ...]:
        """The items asked here, each with the area of the sheet where it is answered, where that is on the teacher's page."""
        own = (item for each in self.placed for item in each.block.items)
        return tuple(replace(item, field_mm=self.fields.get(item.item)) for item in own)


class NoRoom(Exception):
    """A page that cannot be placed: its number, and how large it would be at the most (0: the strip alone fills the sheet).

    `words`: the strip is wanted at the right, but has questions with words of ours.
    """

    def __init__(self, page: int, scale: float, words: bool = False) -> None:
        super().__init__(f"page {page} at {scale:.2f}")
        self.page, self.scale, self.words = page, scale, words


def chapters(parts: Sequence[Part]) -> Iterator[tuple[PagePart | None, list[Part]]]:
    """The parts by the sheets that they share: a page with its questions, or all that stands between pages."""
    page: PagePart | None = None
    inside: list[Part] = []
    for part in parts:
        if isinstance(part, PagePart) or (page is not None and isinstance(part, TextPart)):
            if page is not None or inside:
                yield page, inside
            page = part if isinstance(part, PagePart) else None
            inside = [] if isinstance(part, PagePart) else [part]
        else:
            inside.append(part)
    yield page, inside


def no_room_words(failure: NoRoom) -> tuple[str, str]:
    """What is said of it, and what to do."""
    if failure.words:
        text = _("The strip of page {page} of the PDF cannot stand at its right: not all of its questions have their words on the page.")
        return text.format(page=failure.page), _("Leave out the field «strip».")
    if not failure.scale:
        text = _("The questions of page {page} of the PDF leave no room for the page.")
        return text.format(page=failure.page), _("Give it fewer questions, or put some of them behind a text on a sheet of their own.")
    text = _("Beside its answer strip, page {page} of the PDF would be shrunk to {percent} %; {least} % is the least.")
    said = text.format(page=failure.page, percent=int(failure.scale * 100), least=round(LEAST_SCALE * 100))
    return said, _("Part the page in two, or give it fewer questions: it gets the room that they leave.")


def own_sheet(assignment: Assignment, part: PagePart, inside: Sequence[Part], lead: Sequence[Block]) -> Sheet:
    """The sheet of one page and the questions `inside` it, below what leads the assignment; raises NoRoom.

    The same in large print: words of a PDF cannot be set anew, and larger circles would only leave less room for them.
    """
    assert assignment.pdf is not None, "a page is one of a PDF"
    style = style_of(assignment.grade, "normal")
    above = stacked(lead, BODY_MM[1], BODY_MM[3]) or ()
    questions = asked(inside)
    page = with_fields(assignment.pdf.page(part.page), questions)
    top = above[-1].bottom + above[-1].block.after if above else BODY_MM[1]
    if part.strip == AT_RIGHT and not all(map(is_bare, questions)):
        raise NoRoom(part.page, 0.0, words=True)
    ways = [way for way in (part.strip,) if way] or STRIPS
    strips = [strip for way in ways if (strip := _STRIP[way](assignment, questions, top, style)) is not None]
    if not strips:
        raise NoRoom(part.page, 0.0)
    best, room = max(strips, key=lambda strip: placed(page, strip[1]).scale)
    placing = placed(page, room)
    if placing.scale < LEAST_SCALE:
        raise NoRoom(part.page, placing.scale)
    return Sheet((*above, *best), placing, dict(_fields(questions, placing)))


def with_fields(page: TeacherPage, questions: Sequence[Asked]) -> TeacherPage:
    """The page with all of it that is shown: its print, and the white where answers are written."""
    shown = [page.ink]
    for question in questions:
        if isinstance(question, OpenQuestion) and question.on_page:
            edge = min(EDGE_MM, page.width / 10, page.height / 10)
            left, top, width, height = question.field or (edge, edge, page.width - 2 * edge, page.height - 2 * edge)
            shown.append((left, top, min(left + width, page.width), min(top + height, page.height)))
    lefts, tops, rights, bottoms = zip(*shown, strict=True)
    return replace(page, ink=(min(lefts), min(tops), max(rights), max(bottoms)))


def asked(inside: Sequence[Part]) -> list[Asked]:
    """The questions of a page."""
    return [part for part in inside if not isinstance(part, TextPart | PagePart)]


def scales(assignment: Assignment, lead: Sequence[Block]) -> Iterator[tuple[int, float | NoRoom]]:
    """Each page that is placed, by its number, with its scale on the sheet, or why it cannot be."""
    for number, (page, inside) in enumerate(chapters(assignment.parts)):
        if page is None:
            continue
        try:
            placing = own_sheet(assignment, page, inside, lead if not number else ()).placing
            assert placing is not None, "the sheet of a page has one"
            yield page.page, placing.scale
        except NoRoom as failure:
            yield page.page, failure


def _fields(questions: Sequence[Asked], placing: Placing) -> Iterable[tuple[str, Area]]:
    for question in questions:
        if isinstance(question, OpenQuestion) and question.on_page:
            left, top, width, height = question.field or (0.0, 0.0, placing.page.width, placing.page.height)
            yield question.number, placing.on_sheet((left, top, left + width, top + height))


_Strip = tuple[tuple[Placed, ...], Area]  # the blocks where they stand, and the room that they leave


def _below(assignment: Assignment, questions: Sequence[Asked], top: float, style: Style) -> _Strip | None:
    """The strip at the foot of the sheet, as low as the folds allow."""
    bottom = BODY_MM[3]
    if not questions:
        return (), (LEFT, top, RIGHT, bottom)
    blocks = list(strip_blocks(assignment, questions, style, Span()))
    start = bottom - sum(slab.height for block in blocks for slab in block.slabs) - sum(block.after for block in blocks[:-1])
    while start >= top:
        standing = stacked(blocks, start, bottom)
        if standing is not None:
            return standing, (LEFT, top, RIGHT, start - BELOW_PAGE_MM)
        start -= STEP_MM
    return None


def _beside(assignment: Assignment, questions: Sequence[Asked], top: float, style: Style) -> _Strip | None:
    """The strip at the right, as narrow as its questions allow; none where a question has words of ours."""
    if not questions or not all(map(is_bare, questions)):
        return None
    width = min(WIDTH, widest(questions, style, assignment.language))
    standing = stacked(list(strip_blocks(assignment, questions, style, Span(RIGHT - width, width))), top, BODY_MM[3])
    return None if standing is None else (standing, (LEFT, top, RIGHT - width - BESIDE_PAGE_MM, BODY_MM[3]))


_STRIP = {BOTTOM: _below, AT_RIGHT: _beside}


def stacked(blocks: Sequence[Block], top: float, bottom: float) -> tuple[Placed, ...] | None:
    """The blocks below each other from `top` on; None where they do not end above `bottom`."""
    standing: list[Placed] = []
    for block in blocks:
        each = place(block, top, bottom)
        if each is None:
            return None
        standing.append(each)
        top = each.bottom + block.after
    return tuple(standing)


def with_pages(pdf: bytes, own: OwnPdf, placings: Mapping[int, Placing]) -> bytes:
    """The sheets of `pdf` with the teacher's pages beneath what is drawn, by the sheet's place from 0; the same sheets give the same bytes."""
    with pikepdf.open(io.BytesIO(pdf)) as sheets, pikepdf.open(io.BytesIO(own.content)) as source:
        numbers = [page.number for page in own.pages]
        for place_, placing in placings.items():
            sheet = sheets.pages[place_]
            form = sheets.copy_foreign(source.pages[numbers.index(placing.page.number)].as_form_xobject())
            form.BBox = pikepdf.Array(_corners(placing))
            resources = pikepdf.Dictionary(dict(sheet.resources.items()))
            resources.XObject = pikepdf.Dictionary({**dict(resources.get("/XObject", pikepdf.Dictionary()).items()), "/Own": form})
            sheet.obj.Resources = resources
            sheet.contents_add(sheets.make_stream(_drawn(placing)), prepend=True)
        written = io.BytesIO()
        sheets.save(written, static_id=True)
    return written.getvalue()


def _corners(placing: Placing) -> list[float]:
    """What of the teacher's page is shown, in its own points, y upwards."""
    left, top, right, bottom = placing.page.ink
    high = placing.page.height
    return [round(side * POINTS_PER_MM, 3) for side in (left, high - bottom, right, high - top)]


def _drawn(placing: Placing) -> bytes:
    """The operators that place the page."""
    left, _top, _right, bottom = placing.page.ink
    x = placing.left - left * placing.scale
    y = PAGE_MM[1] - placing.covered[3] - (placing.page.height - bottom) * placing.scale
    scale = placing.scale
    return b"q %.5f 0 0 %.5f %.3f %.3f cm /Own Do Q\n" % (scale, scale, x * POINTS_PER_MM, y * POINTS_PER_MM)
