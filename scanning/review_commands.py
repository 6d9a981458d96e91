"""`poshta review export | import | print`: answers that wait for a person are decided elsewhere, in one page's file or on paper. Results are returned, not printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from records import schema
from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import InputRefused, NotFound, UsageRefused
from records.files import explained, write_text
from records.home import Home
from records.language import _, ngettext
from records.named_files import Written, is_inside, naming
from records.terminal import Answer
from scanning.grade_book_told import newest_record, told_of_closed
from scanning.rescore import rescore

if TYPE_CHECKING:
    from scanning.review_queue import Group

MOST_BYTES = 32 * 2**20  # of a file that comes home

Week = Annotated[str, typer.Option(help="The study week printed on the pages, as in 2026-W41.")]
Teacher = Annotated[str, typer.Option(help="Only answers for the return of this teacher.")]


def register(app: typer.Typer) -> None:
    """Hang these commands on the front door."""
    group = typer.Typer(no_args_is_help=True, help="Answers that wait for a person, decided elsewhere: in one file, or on paper.")
    group.command("export")(export)
    group.command("import")(import_)
    group.command("print")(print_)
    app.add_typer(group, name="review")


def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.html", help="The page to write.")],
    week: Week,
    teacher: Teacher = "",
) -> Answer:
    """Write what waits for a person as one page that works without the net and saves its answers to a file."""
    from scanning.review_export import exported_page

    name = str(StudyWeek.parse(week))
    if file.suffix.lower() not in (".html", ".htm"):
        raise UsageRefused(_("{file} is no page: its name ends in .html.").format(file=file), _("Name a file that ends in .html."))
    with desk_of(context).opened() as home:
        rescore(home.database)
        with home.database.read() as session:
            groups = waiting(session, name, teacher)
            page, lost = exported_page(home, session, groups, name, teacher)
        with naming(home, _named(home, file, name, teacher, groups)):
            write_text(file, page)
        shown = home.named(file)
    count = sum(len(group.cases) for group in groups)
    line = ngettext("{count} answer was written to {file}.", "{count} answers were written to {file}.", count)
    lines = [line.format(count=count, file=shown), _("Whoever decides them saves a file; take it in: `poshta review import FILE`.")]
    if lost:
        lines.append(ngettext("{count} has no picture any more.", "{count} have no picture any more.", lost).format(count=lost))
    data = {"week": name, "teacher": teacher or None, "answers": count, "without_picture": lost, "files": [shown]}
    return Answer(data, lines, waiting=bool(lost))


def import_(context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE", help="What the page saved.")]) -> Answer:
    """Take in what was decided elsewhere: each decision once, none over what somebody has decided meanwhile."""
    from scanning.review_import import bring_home
    from scanning.review_set import opened

    with explained(file):
        if file.stat().st_size > MOST_BYTES:
            raise InputRefused(
                _("This is no file of a review's answers."), _("Take the .json file that the page saved, not the page itself.")
            )
        content = file.read_bytes()
    with desk_of(context).opened() as home:
        came = opened(content, home.keys())
        since = newest_record(home)
        rescore(home.database)
        with home.database.write() as session:
            brought = bring_home(session, came)
        final = told_of_closed(home, since)
    data = {"week": came.week, "teacher": came.teacher or None, "shown": came.shown, "decided": brought.decided}
    more = {"comments": brought.comments, "unchanged": brought.unchanged, "conflicts": brought.conflicts}
    done = ngettext("{count} answer was decided.", "{count} answers were decided.", brought.decided).format(count=brought.decided)
    said = ngettext("{count} comment for a pupil.", "{count} comments for pupils.", brought.comments).format(count=brought.comments)
    same = ngettext("{count} stood so already.", "{count} stood so already.", brought.unchanged).format(count=brought.unchanged)
    return Answer(
        {**data, **more, **final.as_json()},
        [done, said, same, *final.lines],
        complaints=brought.complaints,
        waiting=bool(brought.complaints),
    )


def print_(context: typer.Context, week: Week, teacher: Teacher = "") -> Answer:
    """Print what waits for a person: pictures with circles, to be filled in by pen and scanned like any page."""
    from scanning.review_print import on_paper, print_sheets

    name = str(StudyWeek.parse(week))
    with desk_of(context).opened() as home:
        rescore(home.database)
        with home.database.read() as session:
            groups = waiting(session, name, teacher)
        printable, typed = on_paper(groups)
        made = print_sheets(home, printable, name, teacher)
    sheets = ngettext("{count} sheet", "{count} sheets", len(made.pages)).format(count=len(made.pages))
    answers = ngettext("{count} answer", "{count} answers", made.answers).format(count=made.answers)
    lines = [_("Printed to {file}: {sheets}, {answers}.").format(file=made.file, sheets=sheets, answers=answers)]
    lines.append(_("Once filled in, scan them like any page."))
    if made.lost:
        lines.append(ngettext("{count} has no picture any more.", "{count} have no picture any more.", made.lost).format(count=made.lost))
    if typed:
        told = ngettext(
            "{count} number with a comma or a minus is decided on the screen.",
            "{count} numbers with a comma or a minus are decided on the screen.",
            typed,
        )
        lines.append(told.format(count=typed))
    data = {"week": name, "teacher": teacher or None, "answers": made.answers, "without_picture": made.lost, "on_screen_only": typed}
    return Answer({**data, "pages": list(made.pages), "files": [made.file]}, lines, waiting=bool(made.lost or typed))


def waiting(session: Session, week: str, teacher: str) -> list[Group]:
    """The questions whose answers wait; raises NotFound for an unknown teacher, or where nothing waits."""
    from scanning.review_queue import waiting_groups

    known = session.scalar(select(schema.Teaching.teacher).where(schema.Teaching.teacher == teacher).limit(1))
    if teacher and known is None:
        raise NotFound(_("There is no teacher with the code {code}.").format(code=teacher), _("The list of teachers has the codes."))
    groups = waiting_groups(session, week, teacher)
    if not groups:
        raise NotFound(_("No answer of {week} waits for a person here.").format(week=week), _("`poshta scan status` tells what is back."))
    return groups


def _named(home: Home, file: Path, week: str, teacher: str, groups: list[Group]) -> dict[Written, set[str]]:
    """The file with the pupils whose handwriting it shows, so that forgetting one deletes it; nothing of a file outside of the desk."""
    if not is_inside(home, file):
        return {}
    again = f"review export {file} --week {week}" + (f" --teacher {teacher}" if teacher else "")
    return {Written(home.relative(file), again): {case.held.pupil or "" for group in groups for case in group.cases} - {""}}
