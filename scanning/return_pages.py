"""A teacher's return as a PDF: a first page to act on, the class tables, then every scanned page with its verdicts. Drawn in the teacher's language.

scanning/return_commands calls `draw`. Everything that is said comes from scanning/returns; pictures come by the id of their scan.
Shapes carry the verdicts in black and white: tick, cross, half circle, dash, question mark, open circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from packets.layout import PAGE_MM, Layout
from packets.paper import GREY, Face, width_mm
from records.calendar import today
from records.language import N_, long_date, short_date
from scanning.annotate import PIXELS, Place, Verdict, draw_verdicts
from scanning.class_table import class_title, draw_tables
from scanning.flow import BODY, HEADING, LEFT, RIGHT, SMALL, TITLE, Flow, percent, points_text
from scanning.returns import ClassWork, PupilWork, SheetBack, TeachersReturn
from scanning.statistics import Figures, choice_text, figures, to_teach_again

LONGEST = 90  # letters of a question's text on the first page
PICTURE_MM = (176.0, 249.0)


def draw(report: TeachersReturn, pictures: Mapping[int, bytes]) -> bytes:
    """The PDF of one return; the same records, pictures and day give the same bytes."""
    pages = Flow(report.language, f"{report.code} · {report.week}")
    _first_page(pages, report)
    draw_tables(pages, report.works)
    for work in report.works:
        for pupil in work.pupils:
            for sheet in pupil.sheets:
                if sheet.scan is not None:
                    _scanned(pages, work, pupil, sheet)
                    _show(pages, report.layouts.get(sheet.layout), work, pupil, sheet, pictures.get(sheet.scan))
    return pages.pdf()


def _first_page(pages: Flow, report: TeachersReturn) -> None:
    pages.text(pages.translate("What came back: study week {week}", week=report.week), TITLE, bold=True)
    whose = " · ".join(part for part in (report.teacher, report.school) if part)
    pages.text(whose, HEADING)
    pages.text(
        pages.translate("As of {day}. Nothing needs to be reported back.", day=long_date(today(), report.language)), SMALL, grey=GREY
    )
    for work in report.works:
        pages.gap(4)
        pages.need(30)
        pages.pen.line(LEFT, pages.y, RIGHT, pages.y, 0.3)
        pages.gap(1.5)
        pages.text(class_title(pages, work), HEADING, bold=True)
        came = sum(pupil.came for pupil in work.pupils)
        pages.text(pages.translate("Pages came back from {came} of {all} pupils.", came=came, all=len(work.pupils)))
        _block(pages, N_("Not returned"), _not_returned(pages, work))
        _block(pages, N_("Below 40 % of the points decided so far"), _struggling(pages, work))
        _block(pages, N_("To teach again"), _teach_again(pages, work))
        _block(pages, N_("Waiting for your points"), _waiting(pages, work))


def _block(pages: Flow, heading: str, lines: Sequence[str]) -> None:
    """A heading with its lines; a block of which there is nothing to say says so in one word."""
    pages.gap(1.6)
    pages.need(BODY.leading * 2)
    if not lines:
        pages.text(f"{pages.translate(heading)}: —")
        return
    pages.text(pages.translate(heading), bold=True)
    for line in lines:
        pages.text(line, indent=4)


def _not_returned(pages: Flow, work: ClassWork) -> list[str]:
    lines = []
    for pupil in work.pupils:
        if pupil.overdue:
            since = pupil.silent_since or pupil.return_by
            lines.append(pages.translate("{name}: nothing since {day}", name=pupil.name, day=short_date(since)))
        elif pupil.came and pupil.absent:
            numbers = ", ".join(map(str, pupil.absent))
            lines.append(pages.translate("{name}: without page {pages} of the packet", name=pupil.name, pages=numbers))
    on_the_way = [pupil for pupil in work.pupils if not pupil.came and not pupil.overdue]
    if on_the_way:
        day = short_date(max(pupil.return_by for pupil in on_the_way))
        lines.append(
            pages.ntranslate("{count} packet may still be on its way", "{count} packets may still be on their way", len(on_the_way))
            + f" ({day})"
        )
    return lines


def _struggling(pages: Flow, work: ClassWork) -> list[str]:
    shares = [(pupil.share, pupil.name) for pupil in work.pupils if pupil.struggles and pupil.share is not None]
    return [pages.translate("{name}: {percent} %", name=name, percent=percent(share)) for share, name in shares]


def _teach_again(pages: Flow, work: ClassWork) -> list[str]:
    return [_hard(pages, each) for each in to_teach_again(figures(work.assignment, work.records))]


def _hard(pages: Flow, hard: Figures) -> str:
    fields = {"item": hard.question.number, "text": _short(hard.question.text), "percent": percent(hard.share)}
    line = pages.translate("{item}. {text} — {percent} % of the points", **fields)
    if not hard.times:
        return line
    words = choice_text(hard.question, hard.wrong)
    wrong = f"{hard.wrong} ({_short(words)})" if words else hard.wrong
    return line + "; " + pages.translate("most often wrong: {answer}, {times} times", answer=wrong, times=hard.times)


def _waiting(pages: Flow, work: ClassWork) -> list[str]:
    waiting = [pupil for pupil in work.pupils if pupil.waiting]
    if not waiting:
        return []
    count = sum(pupil.waiting for pupil in waiting)
    head = pages.ntranslate("{count} answer; its page is in this return", "{count} answers; their pages are in this return", count)
    return [head + ": " + ", ".join(pupil.name for pupil in waiting)]


def _short(text: str) -> str:
    """One line of a question's text without the signs of Markdown."""
    line = " ".join(text.replace("$", "").replace("**", "").replace("`", "").split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def _scanned(pages: Flow, work: ClassWork, pupil: PupilWork, sheet: SheetBack) -> None:
    """The head of a scanned page."""
    pages.next_page()
    earned = f"{points_text(pupil.total.points)}/{points_text(pupil.total.max_points)}" if pupil.total else ""
    pages.pen.text(LEFT, pages.y + 4, pupil.name, 12, Face.BOLD)
    pages.pen.text(LEFT + width_mm(pupil.name, 12, Face.BOLD) + 3, pages.y + 4, pupil.pupil, 9, grey=GREY)
    pages.pen.text(RIGHT, pages.y + 4, pages.translate("{points} points", points=earned), 10, align="right")
    where = pages.translate("page {number} of {of} of the packet", number=sheet.number, of=sheet.of)
    pages.pen.text(LEFT, pages.y + 9.5, f"{class_title(pages, work)} · {where}", 8.5, grey=GREY)
    pages.y += 12


def _show(pages: Flow, layout: Layout | None, work: ClassWork, pupil: PupilWork, sheet: SheetBack, picture: bytes | None) -> None:
    """The page's picture with its verdicts."""
    if picture is None or layout is None:
        pages.text(pages.translate("The picture of this page is no longer kept."))
        return
    width, height = PICTURE_MM
    place = Place((PAGE_MM[0] - width) / 2, pages.y, width / PAGE_MM[0])
    pages.pen.photograph(place.left, place.top, width, height, picture, PIXELS)
    pages.pen.rectangle(place.left, place.top, width, height, outline=0.15, grey=GREY)
    questions = {question.number: question for question in work.assignment.questions}
    held = [each for each in pupil.answers.values() if each.page == sheet.page and each.item in questions]
    draw_verdicts(pages.pen, place, sheet.measurements, layout, [Verdict(questions[each.item], each) for each in held])


def pupils_of(works: Iterable[ClassWork]) -> set[str]:
    """The codes of everybody in `works`."""
    return {pupil.pupil for work in works for pupil in work.pupils}
