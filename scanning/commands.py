"""`poshta scan` and `poshta scan status`: what came back, and what is still awaited. Results are returned, not printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from records.calendar import StudyWeek
from records.desk import GroupWithDefault, desk_of
from records.errors import Complaint, ExitCode, UsageRefused
from records.language import _, current_language, long_date, ngettext
from records.terminal import Answer, Sheet, progress
from records.workers import Hands
from scanning.alarms import Alarm
from scanning.alarms_book import LatestBatch, latest, raise_alarms
from scanning.alarms_numbers import PageNumbers
from scanning.alarms_words import alarm_json, alarm_sheets
from scanning.by_area import returned_by_area, returned_sheet
from scanning.filing import PageRow
from scanning.grade_book_told import NONE_TOUCHED, ClosedTouched, newest_record, told_of_closed
from scanning.rejudge_command import rejudge
from scanning.rescore import rescore
from scanning.review_command import review
from scanning.rules import desk_thresholds, digest_of
from scanning.status import PacketStatus, statuses
from scanning.verdict import PageState
from scanning.words import PAGE_WORDS, doubt_words, reason_words, seen_lines

PERSONS = (PageState.DOUBTFUL, PageState.FOREIGN, PageState.UNSIGNED, PageState.UNREADABLE, PageState.REFUSED)
MOST_ROWS = 200  # of pages that are listed on a screen; --json tells all

Week = Annotated[str, typer.Option(help="The study week printed on the pages, as in 2026-W41.")]


def register(app: typer.Typer) -> None:
    """Hang this room's commands on the front door."""
    from scanning.audit_command import register_audit
    from scanning.watch_command import watch  # which tells its answers in the words of this module

    group = typer.Typer(
        cls=GroupWithDefault,
        no_args_is_help=True,
        help="Read what came back and record what is on it: PDF, JPEG, PNG, TIFF, or folders of them. "
        "Safe to run twice; a run that was stopped goes on where it was.",
    )
    group.command(GroupWithDefault.default)(files)
    group.command("watch")(watch)
    group.command("status")(status)
    group.command("rejudge")(rejudge)
    group.command("review")(review)
    register_audit(group)
    app.add_typer(group, name="scan")


def files(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Scans, or folders of them.")],
    workers: Annotated[
        str, typer.Option(metavar="N|dask:ADDRESS", help="Processes; 0: as the settings say. Or a Dask cluster: docs/cluster.md.")
    ] = "0",
    page: Annotated[str, typer.Option(help="The short code of the one sheet whose codes cannot be read.")] = "",
    picture: Annotated[int, typer.Option(min=0, help="With --page: which picture of the file, from 1.")] = 0,
    form: Annotated[list[Path] | None, typer.Option("--form", help="Sheets of another house: its form's file (docs/forms.md).")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="With --form: write the results to FILE.xlsx, .csv or .parquet.")] = None,
) -> Answer:
    """Read scans and record what is on them. Safe to run twice; a run that was stopped goes on where it was."""
    if form or out:
        return _by_form(context, paths, form or (), workers, out, bool(page or picture))
    if page or picture:
        return _by_hand(context, paths, page, picture)
    from scanning.batch import scan_files  # with the libraries that see: other commands do without them

    desk = desk_of(context)
    with desk.opened() as home:
        since = newest_record(home)
        rescore(home.database)
        numbers: list[PageNumbers] = []
        with progress(_("Reading"), None, desk.quiet or desk.as_json) as tick:
            hands = Hands.of(workers, home.settings.workers)
            rows = scan_files(home, paths, hands.count, tick=tick, numbers=numbers, cluster=hands.cluster)
        found = raise_alarms(home.database, numbers, digest_of(desk_thresholds(home.loaded)))
        final = told_of_closed(home, since)
    return scanned(rows, found, final)


def _by_form(context: typer.Context, paths: Sequence[Path], forms: Sequence[Path], workers: str, out: Path | None, named: bool) -> Answer:
    """Read the pictures as sheets of forms that are not ours."""
    from scanning.form_commands import scan_with

    if not forms or named:
        raise UsageRefused(_("--form takes no --page, and --out needs --form."), _("Name the form's file with --form."))
    return scan_with(desk_of(context), paths, forms, workers, out)


def _by_hand(context: typer.Context, paths: Sequence[Path], page: str, picture: int) -> Answer:
    """File one picture under the short code that a person typed."""
    from scanning.by_hand import file_by_hand

    if len(paths) != 1 or not page:
        raise UsageRefused(_("--page takes one picture and the short code of the sheet on it."), _("Give one file and --page CODE."))
    with desk_of(context).opened() as home:
        since = newest_record(home)
        rescore(home.database)
        row = file_by_hand(home, paths[0], page, picture)
        return scanned([row], final=told_of_closed(home, since))


def scanned(rows: Sequence[PageRow], found: Sequence[Alarm] = (), final: ClosedTouched = NONE_TOUCHED) -> Answer:
    """The answer of a scan: a row for each sheet, counts by state, what waits for a person, alarms, and the `final` marks that have new answers."""
    counts = Counter(row.state for row in rows)
    data: dict[str, object] = {"pages": [row.as_json() for row in rows], "counts": {state.value: counts[state] for state in PageState}}
    data |= {"alarms": [alarm_json(each) for each in found], **final.as_json()}
    refused = [Complaint(row.reason, row.text, file=row.file) for row in rows if row.state is PageState.REFUSED]
    waiting = [row for row in rows if row.state in PERSONS or row.doubts]
    code = ExitCode.REFUSED if rows and all(row.state is PageState.REFUSED for row in rows) else ExitCode.DONE
    return Answer(
        data, [*_told(rows, waiting), *final.lines], [*_scan_sheets(rows, waiting), *alarm_sheets(found)], refused, bool(waiting), code
    )


def status(
    context: typer.Context,
    week: Week,
    by: Annotated[str, typer.Option(help="Summed by region, district or sub_district.")] = "",
) -> Answer:
    """What has come back of each packet, what is in doubt, late or missing."""
    name = str(StudyWeek.parse(week))
    with desk_of(context).opened() as home:
        rescore(home.database)
        with home.database.read() as session:
            found = statuses(session, name)
            summed = returned_by_area(session, found, by) if by else []
            batch = latest(session)
    waiting = any(each.doubts or each.missing for each in found)
    data: dict[str, object] = {"week": name, "packets": [each.as_json() for each in found], **_latest_json(batch)}
    if by:
        data |= {"by": by, "areas": [each.as_json() for each in summed]}
    sheets = [returned_sheet(name, summed) if by else _status_sheet(name, found), *alarm_sheets(batch.alarms if batch else ())]
    said = _("The alarms are of the batch that was scanned on {day}.")
    lines = [said.format(day=long_date(batch.ended_at.date(), current_language()))] if batch and batch.alarms else []
    return Answer(data, lines, sheets, waiting=waiting)


def _latest_json(batch: LatestBatch | None) -> dict[str, object]:
    """The alarms of the last batch of any week, and when that was scanned."""
    told = [alarm_json(each) for each in batch.alarms] if batch else []
    return {"alarms": told, "scanned_at": batch.ended_at.isoformat() if batch else None}


def _told(rows: Sequence[PageRow], waiting: Sequence[PageRow]) -> list[str]:
    lines = seen_lines([row.state for row in rows], [row.state for row in waiting])
    late = sum(row.late for row in rows)
    if late:
        lines.append(
            ngettext("{count} page came late and was counted.", "{count} pages came late and were counted.", late).format(count=late)
        )
    return lines


def _scan_sheets(rows: Sequence[PageRow], waiting: Sequence[PageRow]) -> list[Sheet]:
    counts = Counter(row.state for row in rows)
    sheets = [Sheet(_("Sheets"), (_("State"), _("Count")), [(_(PAGE_WORDS[state]), counts[state]) for state in PageState if counts[state]])]
    listed = [row for row in waiting if row.state is not PageState.REFUSED]
    if listed:
        headings = (_("File"), _("Picture"), _("State"), _("Page"), _("Why"))
        sheets.append(Sheet(_("For a person"), headings, [_waiting_row(row) for row in listed[:MOST_ROWS]]))
    return sheets


def _waiting_row(row: PageRow) -> tuple[object, ...]:
    doubts = [doubt_words(item, reason) for item, reason in row.doubts]
    why = "; ".join(doubts) or reason_words(row.reason)
    return (row.file, row.frame, _(PAGE_WORDS[row.state]), row.page or "", why)


def _status_sheet(week: str, found: Sequence[PacketStatus]) -> Sheet:
    headings = (
        _("Packet"),
        _("Pupil"),
        _("Return by"),
        _("Pages"),
        _("Read"),
        _("Doubtful"),
        _("Missing"),
        _("Late"),
        _("Waiting answers"),
    )
    rows = [
        (s.packet, s.pupil, s.return_by.isoformat(), s.expected, s.read, s.doubtful, _numbers(s.missing), s.late, s.waiting) for s in found
    ]
    return Sheet(_("Returns of {week}").format(week=week), headings, rows)


def _numbers(pages: Sequence[tuple[str, int]]) -> str:
    return ", ".join(str(number) for _page, number in pages)
