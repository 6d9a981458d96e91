"""`poshta lessons import | list`: the week's timetable of television, radio and platforms, which covers show. Results are returned, not printed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from packets.lesson_book import Change, built_packets, changes, keep, standing_lessons
from packets.lesson_columns import LESSONS, MEDIA_LABELS
from packets.lesson_list import Timetable, read_lessons
from packets.on_air import OnAir
from packets.subjects import subject_name
from records.calendar import DAY_WORDS, WEEKDAYS, StudyWeek
from records.desk import desk_of
from records.files import file_digest
from records.language import _, current_language, ngettext, short_date
from records.terminal import Answer, Sheet
from settlements.intake import TOLD_ONLY, parse_mapping

List = Annotated[Path, typer.Argument(help="A CSV or XLSX file.", metavar="FILE")]
Week = Annotated[str, typer.Option(help="The study week of rows that name a day of the week only, as 2026-W41.")]


def register(app: typer.Typer) -> None:
    """Hang the commands on the front door."""
    group = typer.Typer(no_args_is_help=True, help="Lessons on television, on the radio and on platforms.")
    group.command("import")(lessons_import)
    group.command("list")(lessons_list)
    app.add_typer(group, name="lessons")


def lessons_import(
    context: typer.Context,
    path: List,
    week: Week = "",
    replace: Annotated[bool, typer.Option("--replace", help="The list is the whole timetable of its weeks: other lessons go.")] = False,
    columns: Annotated[str, typer.Option("--columns", help="Which heading means which column: time=slot,title=theme.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would happen and change nothing.")] = False,
) -> Answer:
    """Take a timetable of lessons; good rows are kept, bad ones explained. Covers of packets that are built after it show a pupil's own lessons."""
    name = str(StudyWeek.parse(week)) if week else ""
    with desk_of(context).opened() as home:
        found = read_lessons(path, name, parse_mapping(columns, LESSONS))
        subject = file_digest(path)
        if dry_run:
            with home.database.read() as session:
                changed = changes(session, found.lessons, replace, tidy=not found.refused)
                waiting = 0
        else:
            with home.database.write() as session:
                changed = changes(session, found.lessons, replace, tidy=not found.refused)
                waiting = built_packets(session, keep(session, subject, changed))
    data = _data(found, changed, dry_run) | {"packets": waiting}
    doubts = any(each.refused or each.code not in TOLD_ONLY for each in found.complaints)
    return Answer(data, _lines(data), complaints=found.complaints, waiting=doubts)


def _data(found: Timetable, changed: list[Change], dry_run: bool) -> dict[str, object]:
    return {
        "rows": found.rows,
        "lessons": len(found.lessons),
        "added": sum(len(each.added) for each in changed),
        "removed": sum(len(each.removed) for each in changed),
        "unchanged": sum(each.unchanged for each in changed),
        "refused": found.refused,
        "weeks": [each.week for each in changed],
        "dropped_columns": found.dropped,
        "dry_run": dry_run,
    }


def _lines(data: dict[str, object]) -> list[str]:
    lines = [_("Lessons: added {added}, removed {removed}, unchanged {unchanged}; rows refused: {refused}.").format(**data)]
    lines.append(_("Weeks: {weeks}.").format(weeks=", ".join(map(str, data["weeks"] if isinstance(data["weeks"], list) else []))))
    if data["dry_run"]:
        return [*lines, _("This was a trial: nothing was written.")]
    if not data["added"] and not data["removed"]:
        lines.append(_("The list changed nothing."))
    count = data["packets"]
    if isinstance(count, int) and count:
        text = ngettext(
            "{count} packet of these weeks is built already; `poshta packets build` puts the lessons on its cover.",
            "{count} packets of these weeks are built already; `poshta packets build` puts the lessons on their covers.",
            count,
        )
        lines.append(text.format(count=count))
    return lines


def lessons_list(
    context: typer.Context,
    week: Annotated[str, typer.Option(help="Only this study week, as 2026-W41.")] = "",
    grade: Annotated[int, typer.Option(min=0, max=12, help="Only this grade.")] = 0,
    language: Annotated[str, typer.Option(help="Only this language of instruction.")] = "",
) -> Answer:
    """The lessons that are known, in the order of time."""
    name = str(StudyWeek.parse(week)) if week else ""
    with desk_of(context).opened() as home, home.database.read() as session:
        rows = _wanted(session, name, grade, language)
    headings = (_("Day"), _("Time"), _("Medium"), _("Channel"), _("School subject"), _("Grade"), _("Language"), _("Title"), _("Link"))
    table = [
        (
            f"{_(DAY_WORDS[WEEKDAYS[each.date.weekday()]])}, {short_date(each.date)}",
            each.time,
            _(MEDIA_LABELS[each.medium]),
            each.channel,
            subject_name(each.subject, current_language()),
            each.grade,
            each.language,
            each.title,
            each.link,
        )
        for each in rows
    ]
    lines = [] if rows else [_("No lesson is known; `poshta lessons import FILE` takes a timetable.")]
    sheets = [Sheet(_("Lessons"), headings, table)] if rows else []
    return Answer({"lessons": [each.as_json() for each in rows]}, lines, sheets=sheets)


def _wanted(session: Session, week: str, grade: int, language: str) -> list[OnAir]:
    return [each for each in standing_lessons(session, week) if grade in (0, each.grade) and language in ("", each.language)]
