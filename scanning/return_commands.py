"""`poshta returns --week W`: the teacher's report, a PDF and an HTML file for each teacher, out of what was scanned. Nobody writes anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import NotFound
from records.files import write_bytes
from records.home import Home
from records.language import _, ngettext
from records.marks import scales_of
from records.named_files import Written, naming
from records.terminal import Answer, Sheet, progress
from records.workers import workers
from scanning.intake import Limits
from scanning.rescore import rescore
from scanning.return_pages import draw, pupils_of
from scanning.return_pictures import flat_sheets
from scanning.return_screen import page_of
from scanning.returns import TeachersReturn, gather

PDF, HTML = ".pdf", ".html"


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
            every = gather(session, name, scales_of(home.settings.marks))
        found = [each for each in every if teacher in ("", each.code)]
        if not found:
            raise _nothing(name, teacher, every)
        with naming(home, _named(found)), progress(_("Returns"), len(found), desk.quiet or desk.as_json) as tick:
            rows = _all_written(home, found, tick)
    lines = [ngettext("{count} return was written.", "{count} returns were written.", len(rows)).format(count=len(rows))]
    if gone := sum(row["without_picture"] for row in rows):
        lines.append(
            ngettext(
                "{count} page is shown without its picture: the file is no longer kept, or is damaged.",
                "{count} pages are shown without their pictures: the files are no longer kept, or are damaged.",
                gone,
            ).format(count=gone)
        )
    headings = (
        _("Return"),
        _("Classes"),
        _("Pupils"),
        _("Came back"),
        _("Waiting answers"),
        _("File"),
        _("MB"),
    )
    sheet = Sheet(_("Returns of {week}").format(week=name), headings, [_shown(row) for row in rows])
    files = [row[kind] for row in rows for kind in ("file", "html")]
    return Answer({"week": name, "returns": rows, "files": files}, lines, [sheet])


def _nothing(week: str, teacher: str, every: Sequence[TeachersReturn]) -> NotFound:
    """Why no return is written: nobody was sent anything in that week, or nobody's return has this code."""
    if not every:
        return NotFound(
            _("There is nothing to return for {week}.").format(week=week),
            _("Check the week; `poshta packets list` shows what was built."),
        )
    return NotFound(
        _("There is no return {code} in {week}.").format(code=teacher, week=week),
        _("The returns of this week: {codes}.").format(codes=", ".join(each.code for each in every)),
    )


def _named(found: Sequence[TeachersReturn]) -> dict[Written, set[str]]:
    """Whose names stand in which return, so that forgetting a pupil finds them."""
    return {
        Written(_file(each, kind), f"returns --week {each.week} --teacher {each.code}"): {
            pupil.pupil for work in each.works for pupil in work.pupils if pupil.is_named
        }
        for each in found
        for kind in (PDF, HTML)
    }


def _file(report: TeachersReturn, kind: str) -> str:
    return f"returns/{report.week}/{report.code}{kind}"


def _shown(row: Mapping[str, Any]) -> tuple[object, ...]:
    """A return as a line of the screen's table: its two files in one cell, their sizes in megabytes."""
    *others, _gone, file, size, html, html_size = row.values()
    return *others, f"{file}, {Path(html).suffix}", f"{size / 1e6:.1f} + {html_size / 1e6:.1f}"


def _all_written(home: Home, found: Sequence[TeachersReturn], tick: Callable[[], None]) -> list[dict[str, Any]]:
    """The returns, each a task of the workers; their rows in the order of `found`."""
    limits, rows = Limits.of(home.settings.scan), []
    with workers(min(home.settings.workers, len(found))) as pool:
        for task in [pool.submit(_written, home.path, each, limits) for each in found]:
            rows.append(task.result())
            tick()
    return rows


def _written(folder: Path, report: TeachersReturn, limits: Limits) -> dict[str, Any]:
    """Write one return below the desk's `folder`; a worker's task, without the database."""
    pictures = flat_sheets(folder, report.sheets, limits)
    paper, screen = draw(report, pictures), page_of(report, pictures)
    write_bytes(folder / _file(report, PDF), paper)
    write_bytes(folder / _file(report, HTML), screen)
    return {
        "code": report.code,
        "classes": len(report.works),
        "pupils": len(pupils_of(report.works)),
        "came": len({pupil.pupil for work in report.works for pupil in work.pupils if pupil.came}),
        "waiting": sum(pupil.waiting for work in report.works for pupil in work.pupils),
        "without_picture": sum(sheet.scan is not None and sheet.scan not in pictures for sheet in report.sheets),
        "file": _file(report, PDF),
        "bytes": len(paper),
        "html": _file(report, HTML),
        "html_bytes": len(screen),
    }
