"""A teacher's return as a PDF: a first page to act on, the class tables, question by question, then every scanned page with its verdicts. Drawn in the teacher's language.

scanning/return_commands calls `draw`. Everything that is said comes from scanning/returns; pictures come by the id of their scan.
Shapes carry the verdicts in black and white: tick, cross, half circle, dash, question mark, open circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from packets.layout import PAGE_MM, Layout
from packets.paper import GREY, Face, width_mm
from scanning.annotate import PIXELS, Place, draw_verdicts
from scanning.class_table import draw_tables
from scanning.first_page import draw_first_page
from scanning.flow import BOTTOM, LEFT, RIGHT, SMALL, Flow
from scanning.item_page import draw_questions
from scanning.return_words import class_title, first_back, label, pages_back, points_text, remarks, verdicts_on
from scanning.returns import ClassWork, PupilWork, SheetBack, TeachersReturn

PICTURE_MM = (176.0, 249.0)
LEAST_MM = 125.0  # of a picture's height below what was said to the pupil; else it stands on the next page


def draw(report: TeachersReturn, pictures: Mapping[int, bytes]) -> bytes:
    """The PDF of one return; the same records, pictures and day give the same bytes."""
    first = _front(report, {}, counted=True).number + 1
    pages = _front(report, {page: number for number, page in enumerate(pages_back(report.works), start=first)})
    for work in report.works:
        for pupil in work.pupils:
            for sheet in pupil.sheets:
                if sheet.scan is not None:
                    _scanned(pages, work, pupil, sheet)
                    _show(pages, report.layouts.get(sheet.layout), work, pupil, sheet, pictures.get(sheet.scan) if pupil.is_named else None)
    return pages.pdf()


def _front(report: TeachersReturn, numbers: Mapping[str, int], counted: bool = False) -> Flow:
    """Everything before the scanned pages, which stand on the pages of these numbers; the numbers take no room of their own."""
    pages = Flow(report.language, f"{report.code} · {report.week}", counted)
    draw_first_page(pages, report, numbers)
    draw_tables(pages, report.works)
    draw_questions(pages, report.works)
    return pages


def _scanned(pages: Flow, work: ClassWork, pupil: PupilWork, sheet: SheetBack) -> None:
    """The head of a scanned page; a pupil's first one stands in the list of contents."""
    pages.next_page()
    pages.pen.place(sheet.page)
    if sheet.page == first_back(pupil):
        pages.pen.chapter(f"{pupil.name} · {label(pages, work, (work,))}", sheet.page)
    earned = f"{points_text(pupil.total.points)}/{points_text(pupil.total.max_points)}" if pupil.total else ""
    pages.pen.text(LEFT, pages.y + 4, pupil.name, 12, Face.BOLD)
    pages.pen.text(LEFT + width_mm(pupil.name, 12, Face.BOLD) + 3, pages.y + 4, pupil.pupil, 9, grey=GREY)
    pages.pen.text(RIGHT, pages.y + 4, pages.translate("{points} points", points=earned), 10, align="right")
    where = pages.translate("page {number} of {of} of the packet", number=sheet.number, of=sheet.of)
    pages.pen.text(LEFT, pages.y + 9.5, f"{class_title(pages, work)} · {where}", 8.5, grey=GREY)
    pages.y += 12


def _show(pages: Flow, layout: Layout | None, work: ClassWork, pupil: PupilWork, sheet: SheetBack, picture: bytes | None) -> None:
    """The page's picture with its verdicts, below what was said to the pupil."""
    for remark in remarks(pages, sheet):
        pages.text(remark, SMALL)
        pages.gap(0.8)
    if picture is None or layout is None:
        pages.text(pages.translate("The picture of this page is no longer kept."))
        return
    pages.need(LEAST_MM)
    scale = min(1.0, (BOTTOM - 4 - pages.y) / PICTURE_MM[1])
    width, height = (side * scale for side in PICTURE_MM)
    place = Place((PAGE_MM[0] - width) / 2, pages.y, width / PAGE_MM[0])
    pages.pen.photograph(place.left, place.top, width, height, picture, PIXELS)
    pages.pen.rectangle(place.left, place.top, width, height, outline=0.15, grey=GREY)
    draw_verdicts(pages.pen, place, sheet.measurements, layout, verdicts_on(work, pupil, sheet))


def pupils_of(works: Iterable[ClassWork]) -> set[str]:
    """The codes of everybody in `works`."""
    return {pupil.pupil for work in works for pupil in work.pupils}
