"""`poshta grades history | appeal | appeals | close`: what was ever recorded of an answer, who asked for another look, and quarters that are final."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

import typer

from packets.subjects import subject_name
from packets.together import WholeGrid
from packets.token import grouped, short_code
from records.desk import desk_of
from records.language import N_, _, current_language, ngettext
from records.marks_calendar import Quarter
from records.terminal import Answer, Sheet
from scanning.earned_together import grid_json, grid_said, on_page
from scanning.grade_book import Scope
from scanning.grade_book_appeals import CHANGED, DISMISSED, UPHELD, Appeal, Kept, appeals, close_appeal, history, open_appeal
from scanning.grade_book_closing import Closing, amendments, close_quarter
from scanning.grade_book_commands import (
    GradeOption,
    LanguageOption,
    PupilOption,
    SchoolOption,
    SubjectOption,
    ZeroOption,
)
from scanning.grade_book_json import plain, row_json
from scanning.grade_book_marks import QuarterRow, Rules
from scanning.grade_book_words import mark_words
from scanning.printed_letters import letters_of
from scanning.rescore import rescore
from scanning.words import ANSWER_WORDS, reason_words

WhyOption = Annotated[str, typer.Option("--why", help="The reason, kept with it. No names.")]
PageArgument = Annotated[str, typer.Argument(metavar="PAGE", help="The page's id, or the short code beside its QR code.")]
ItemArgument = Annotated[str, typer.Argument(metavar="ITEM", help="The question's number.")]
BY_WORDS = {"reader": N_("the reader"), "person": N_("a person"), "teacher_mark": N_("the teacher's mark")}
OUTCOME_WORDS = {"": N_("open"), CHANGED: N_("the answer was changed"), UPHELD: N_("confirmed"), DISMISSED: N_("dismissed")}


def register_trail(group: typer.Typer) -> None:
    """Hang these commands on `poshta grades`."""
    group.command("history")(history_)
    group.command("appeal")(appeal)
    group.command("appeals")(appeals_)
    group.command("close")(close)


def history_(context: typer.Context, page: PageArgument, item: ItemArgument) -> Answer:
    """Everything that was ever recorded of one answer, and the appeals against it."""
    with desk_of(context).opened() as home:
        rescore(home.database)
        with home.database.read() as session:
            identity, number, kept = history(session, page, item)
            asked = appeals(session, with_closed=True, place=(identity, number))
            grid = on_page(session, identity).grid(number)
            moved = {own: shown for own, shown in letters_of(session, identity, number).items() if own != shown}
    data = {
        "page": identity,
        "short_code": short_code(identity),
        "item": number,
        "letters": moved,
        "records": [kept_json(each) for each in kept],
        "appeals": [each.as_json() for each in asked],
        "grid": grid_json(grid) if grid else None,
    }
    if not kept:
        return Answer(data, [_("Nothing was ever recorded of question {item}.").format(item=number)], _appeal_sheets(asked))
    headings = (_("When"), _("Decided by"), _("Answer"), _("State"), _("Points"), _("Why"), _("File"))
    title = _("Question {item}, page {page}").format(item=number, page=grouped(short_code(identity)))
    told = [*_moved_lines(moved), *(_grid_lines(grid, number) if grid else ())]
    return Answer(data, told, [Sheet(title, headings, [_kept_row(each) for each in kept]), *_appeal_sheets(asked)])


def _grid_lines(grid: WholeGrid, item: str) -> Iterable[str]:
    """How the grid stands that counts only as a whole, and where it is told what made it so."""
    yield grid_said(grid)
    yield _("Points here are what the row is worth by itself; each other row has a history of its own: {rows}.").format(
        rows=", ".join(row for row in grid.rows if row != item)
    )


def _moved_lines(moved: Mapping[str, str]) -> list[str]:
    """Which letters the sheet prints for the assignment's own, so that nobody holds one against the other."""
    if not moved:
        return []
    shown = ", ".join(f"{own} → {printed}" for own, printed in sorted(moved.items()))
    return [_("Letters are the assignment's own; this sheet, one of several variants, prints others: {letters}.").format(letters=shown)]


def appeal(
    context: typer.Context,
    page: PageArgument,
    item: ItemArgument,
    why: WhyOption = "",
    dismiss: Annotated[bool, typer.Option("--dismiss", help="Close the open appeal: the answer stays as it is.")] = False,
) -> Answer:
    """Note that somebody asks for another look at an answer, or dismiss that."""
    with desk_of(context).opened() as home, home.database.write() as session:
        done = close_appeal(session, page, item, DISMISSED, why) if dismiss else open_appeal(session, page, item, why)
    said = _("The appeal against question {item} is dismissed.") if dismiss else _("The appeal against question {item} is noted.")
    return Answer({"appeal": done.as_json()}, [said.format(item=done.item)])


def appeals_(context: typer.Context, everything: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False) -> Answer:
    """The appeals that are open."""
    with desk_of(context).opened() as home, home.database.read() as session:
        found = appeals(session, with_closed=everything)
    lines = [] if found else [_("No appeal is open.") if not everything else _("There was no appeal.")]
    waiting = any(each.closed_at is None for each in found)
    return Answer({"appeals": [each.as_json() for each in found]}, lines, _appeal_sheets(found), waiting=waiting)


def close(
    context: typer.Context,
    quarter: Annotated[str, typer.Option("--quarter", help="The quarter, as in 2026-27/1.")],
    school: SchoolOption = "",
    grade: GradeOption = 0,
    subject: SubjectOption = "",
    language: LanguageOption = "",
    pupil: PupilOption = "",
    missing_as_zero: ZeroOption = None,
    again: Annotated[bool, typer.Option("--again", help="Take in what has changed since; needs --why.")] = False,
    why: WhyOption = "",
) -> Answer:
    """Make the marks of a quarter final. What changes afterwards is told beside them."""
    with desk_of(context).opened() as home:
        rescore(home.database)
        rules = Rules.of(home.settings, missing_as_zero)
        scope = Scope(school, grade, subject, language, pupil)
        done = close_quarter(home.database, Quarter.parse(quarter), scope, rules, again, why)
        with home.database.read() as session:
            changed = [row_json(row) | {"amendments": [each.as_json() for each in amendments(session, row)]} for row in done.changed]
    data = {
        "quarter": str(Quarter.parse(quarter)),
        "closed": len(done.closed),
        "stood": done.stood,
        "open": [row_json(row) for row in done.still_open],
        "changed": changed,
    }
    return Answer(data, list(_closing_lines(done)), _closing_sheets(done), waiting=bool(done.still_open or done.changed))


def kept_json(each: Kept) -> dict[str, object]:
    """A record as `grades history` answers it."""
    return {
        "record": each.id,
        "reading": list(each.reading),
        "candidates": list(each.candidates),
        "state": each.state,
        "reason": each.reason,
        "points": None if each.points is None else float(each.points),
        "max_points": float(each.max_points),
        "decided_by": each.decided_by,
        "made_at": each.made_at.isoformat(),
        "why": each.why,
        "superseded_by": each.superseded_by,
        "file": each.file or None,
        "frame": each.frame,
    }


def changed_words(row: QuarterRow) -> str:
    """That a closed mark would be another one today."""
    was, would = (_shown(each.mark) for each in (row.stands, row.now))
    return _("{subject}, {quarter}: closed as {mark}, today it would be {now}.").format(
        subject=subject_name(row.subject, current_language()), quarter=row.quarter, mark=was, now=would
    )


def _shown(mark: int | None) -> str:
    return "–" if mark is None else str(mark)


def _kept_row(each: Kept) -> tuple[object, ...]:
    state = _(ANSWER_WORDS[each.state]) + (f": {reason_words(each.reason)}" if each.reason else "")
    points = "" if each.points is None else f"{plain(each.points)}/{plain(each.max_points)}"
    file = f"{each.file} ({each.frame})" if each.file else ""
    reading = ",".join(each.reading or each.candidates)
    return (each.made_at.isoformat(sep=" "), _(BY_WORDS.get(each.decided_by, each.decided_by)), reading, state, points, each.why, file)


def _appeal_sheets(found: Sequence[Appeal]) -> list[Sheet]:
    headings = (_("When"), _("Page"), _("Question"), _("Pupil"), _("Assignment"), _("Why"), _("Outcome"), _("Reason"))
    rows = [
        (
            each.opened_at.isoformat(sep=" "),
            grouped(short_code(each.page)),
            each.item,
            each.pupil or "",
            each.assignment or "",
            each.why,
            _(OUTCOME_WORDS[each.outcome]),
            each.words,
        )
        for each in found
    ]
    return [Sheet(_("Appeals"), headings, rows)] if rows else []


def _closing_lines(done: Closing) -> Iterable[str]:
    count = len(done.closed)
    yield ngettext("{count} mark is closed now.", "{count} marks are closed now.", count).format(count=count)
    if done.stood:
        yield ngettext("{count} was closed before.", "{count} were closed before.", done.stood).format(count=done.stood)
    if done.still_open:
        count = len(done.still_open)
        yield ngettext(
            "{count} mark stays open: its work is not decided. Decide it and run the same command again.",
            "{count} marks stay open: their work is not decided. Decide it and run the same command again.",
            count,
        ).format(count=count)
    yield from map(changed_words, done.changed)
    if done.changed:
        yield _("What was closed stands. `poshta grades close --again --why TEXT` takes in what changed.")


def _closing_sheets(done: Closing) -> list[Sheet]:
    headings = (_("Pupil"), _("Grade"), _("School subject"), _("Open"))
    rows = [
        (row.pupil, f"{row.grade} {row.language}", subject_name(row.subject, current_language()), mark_words(row.now, row.undecided))
        for row in done.still_open
    ]
    return [Sheet(_("Marks that stay open"), headings, rows)] if rows else []
