"""`poshta returns --week W`: the teacher's report, a PDF for each teacher, out of what was scanned. Nobody writes anything."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from records import schema
from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import NotFound
from records.files import write_bytes
from records.home import Home
from records.language import _, ngettext
from records.terminal import Answer, Sheet, progress
from scanning.annotate import Verdict, marked_page
from scanning.book import DeskBook
from scanning.intake import Frame, Limits, frames
from scanning.rescore import rescore
from scanning.return_pages import Picture, draw, pupils_of
from scanning.returns import PupilWork, SheetBack, TeachersReturn, gather


def register(app: typer.Typer) -> None:
    """Hang this command on the front door."""
    app.command("returns")(returns)


def returns(
    context: typer.Context,
    week: Annotated[str, typer.Option(help="The study week printed on the pages, as in 2026-W41.")],
    teacher: Annotated[str, typer.Option(help="Only the return with this code.")] = "",
) -> Answer:
    """Write each teacher's return: whom and what to look after, the class table, every pupil's page with its verdicts."""
    name = str(StudyWeek.parse(week))
    desk = desk_of(context)
    with desk.opened() as home:
        rescore(home.database)
        with home.database.read() as session:
            found = [each for each in gather(session, name) if teacher in ("", each.code)]
        if not found:
            raise NotFound(
                _("There is nothing to return for {week}.").format(week=name),
                _("Check the week; `poshta packets list` shows what was built."),
            )
        with progress(_("Returns"), len(found), desk.quiet or desk.as_json) as tick:
            rows = []
            for each in found:
                rows.append(_written(home, each))
                tick()
    line = ngettext("{count} return was written.", "{count} returns were written.", len(rows)).format(count=len(rows))
    headings = (_("Return"), _("Classes"), _("Pupils"), _("Came back"), _("Waiting answers"), _("File"))
    sheet = Sheet(_("Returns of {week}").format(week=name), headings, [tuple(row.values()) for row in rows])
    return Answer({"week": name, "returns": rows, "files": [row["file"] for row in rows]}, [line], [sheet])


def _written(home: Home, report: TeachersReturn) -> dict[str, object]:
    path = home.path / "returns" / report.week / f"{report.code}.pdf"
    write_bytes(path, draw(report, _pictures(home, report)))
    return {
        "code": report.code,
        "classes": len(report.works),
        "pupils": len(pupils_of(report.works)),
        "came": len({pupil.pupil for work in report.works for pupil in work.pupils if pupil.came}),
        "waiting": sum(pupil.waiting for work in report.works for pupil in work.pupils),
        "file": home.relative(path),
    }


def _pictures(home: Home, report: TeachersReturn) -> Picture:
    """Scanned pages with their verdicts, made when they are asked for."""
    book = DeskBook(home.database, ())
    limits = Limits.of(home.settings.scan)
    questions = {(work.assignment.code, question.number): question for work in report.works for question in work.assignment.questions}
    works = {(pupil.packet, sheet.page): work for work in report.works for pupil in work.pupils for sheet in pupil.sheets}

    def picture(pupil: PupilWork, sheet: SheetBack) -> bytes | None:
        work = works[pupil.packet, sheet.page]
        frame = _frame(home, sheet, limits)
        if frame is None or "at" not in sheet.measurements:
            return None
        held = [each for each in pupil.answers.values() if each.page == sheet.page]
        verdicts = [Verdict(questions[work.assignment.code, each.item], each) for each in held]
        return marked_page(frame.image, sheet.measurements, book.layout(sheet.layout), verdicts)

    return picture


def _frame(home: Home, sheet: SheetBack, limits: Limits) -> Frame | None:
    """The picture that the page was read from, where its file is still kept."""
    with home.database.read() as session:
        original = session.get(schema.Original, sheet.original)
        path = home.path / original.path if original else Path()
    if not path.is_file():
        return None
    found = next(frames(path, limits, only=[sheet.frame]))
    return found if isinstance(found, Frame) else None
