"""`poshta forms` and `poshta scan --form`: answer sheets that districts have already. Results are returned, not printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from records.desk import Desk, desk_of
from records.errors import Complaint, ExitCode, UsageRefused
from records.exchange import require_room_for, write_tables
from records.files import write_bytes
from records.language import _, ngettext
from records.terminal import Answer, Sheet, progress
from records.workers import Hands
from scanning.form_draft_command import draft, named
from scanning.form_rejudge_command import rejudge
from scanning.verdict import PageState
from scanning.words import PAGE_WORDS, reason_words, seen_lines

if TYPE_CHECKING:
    from records.home import Home
    from scanning.form import Form
    from scanning.form_results import FormRow

MOST_ROWS = 200  # of sheets that are listed on a screen; --json tells all
PERSONS = (PageState.DOUBTFUL, PageState.FOREIGN, PageState.UNREADABLE, PageState.REFUSED)
FormFiles = Annotated[list[Path], typer.Argument(metavar="FORM...", help="A form's JSON or YAML file; docs/forms.md shows one.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write the results to FILE.xlsx (or .csv, .parquet of one form).")]


def register(app: typer.Typer) -> None:
    """Hang this room's commands on the front door."""
    group = typer.Typer(
        no_args_is_help=True,
        help="Answer sheets that are not ours: draft and check a form's file, what was read on its sheets, and judge them again.",
    )
    group.command("draft")(draft)
    group.command("check")(check)
    group.command("results")(results)
    group.command("rejudge")(rejudge)
    app.add_typer(group, name="forms")


def check(
    context: typer.Context,
    files: FormFiles,
    preview: Annotated[bool, typer.Option("--preview", help="Draw the boxes over the blank, as a PNG beside each form's file.")] = False,
) -> Answer:
    """Check forms: their files, and whether every box lies on a printed outline of the blank. Nothing is kept."""
    from scanning import form_check
    from scanning.form_file import read_forms
    from scanning.form_page import shelf_of

    complaints, written, told = list[Complaint](), list[str](), list[dict[str, object]]()
    desk = desk_of(context)
    for file, form in zip(files, read_forms(files), strict=True):
        with progress(_("Looking at the print"), None, desk.quiet or desk.as_json):
            complaints += form_check.complaints_of(form, shelf_of([form]), file.name)
        for page in form.pages if preview else ():
            target = file.with_name(f"{file.stem}-{page.number}.preview.png")
            write_bytes(target, form_check.preview(page))
            written.append(named(desk, target))
        boxes = sum(len(page.layout.boxes) for page in form.pages)
        told.append(
            {
                "form": form.code,
                "title": form.title,
                "pages": len(form.pages),
                "questions": len(form.rules),
                "boxes": boxes,
                "key": len(form.key),
            }
        )
    headings = (_("Form"), _("Title"), _("Pages"), _("Questions"), _("Boxes"), _("In the key"))
    sheet = Sheet(_("Forms"), headings, [tuple(each.values()) for each in told])
    code = ExitCode.REFUSED if complaints else ExitCode.DONE
    return Answer({"forms": told, "files": written}, [], [sheet], complaints, exit_code=code)


def results(context: typer.Context, files: FormFiles, out: Out = None) -> Answer:
    """What was read on the sheets of these forms so far, with points by the keys that stand in the files now."""
    from scanning.form_batch import stored_rows
    from scanning.form_file import read_forms

    if out is not None:
        require_room_for(out, len(files))
    forms = read_forms(files)
    with desk_of(context).opened() as home:
        with home.database.read() as session:
            rows = stored_rows(session, forms)
        return _told(home, forms, rows, out)


def scan_with(desk: Desk, paths: Sequence[Path], files: Sequence[Path], workers: str, out: Path | None) -> Answer:
    """What `poshta scan --form` does."""
    from scanning.form_batch import scan_forms
    from scanning.form_file import read_forms

    if out is not None:
        require_room_for(out, len(files))
    forms = read_forms(files)
    with desk.opened() as home:
        hands = Hands.of(workers, home.settings.workers)
        if hands.cluster:
            raise UsageRefused(_("Sheets of other houses are read on this machine, not on a cluster."), _("Give --workers a number."))
        with progress(_("Reading"), None, desk.quiet or desk.as_json) as tick:
            rows = scan_forms(home, paths, files, forms, hands.count, tick)
        return _told(home, forms, rows, out)


def _told(home: Home, forms: Sequence[Form], rows: Sequence[FormRow], out: Path | None) -> Answer:
    """A row for each sheet, counts by state, what waits for a person, and the table where one was asked for."""
    from scanning.form_results import result_tables

    counts = Counter(row.state for row in rows)
    by_code = {form.code: form for form in forms}
    written = []
    if out is not None:
        tables = result_tables(forms, rows)
        write_tables(out, tables if out.suffix.lower() == ".xlsx" else tables[: len(forms)])
        written.append(home.named(out))
    data = {
        "pages": [row.as_json(by_code) for row in rows],
        "counts": {state.value: counts[state] for state in PageState},
        "files": written,
    }
    refused = [Complaint(row.reason, row.text, file=row.file) for row in rows if row.state is PageState.REFUSED]
    waiting = [row for row in rows if row.state in PERSONS or row.doubts]
    code = ExitCode.REFUSED if rows and all(row.state is PageState.REFUSED for row in rows) else ExitCode.DONE
    return Answer(data, _lines(rows, waiting), _sheets(counts, waiting), refused, bool(waiting), code)


def _lines(rows: Sequence[FormRow], waiting: Sequence[FormRow]) -> list[str]:
    lines = seen_lines([row.state for row in rows], [row.state for row in waiting])
    ours = sum(row.reason == "our_page" for row in rows)
    if ours:
        lines.append(
            ngettext(
                "{count} sheet is one of ours: scan it without --form.", "{count} sheets are ours: scan them without --form.", ours
            ).format(count=ours)
        )
    return lines


def _sheets(counts: Counter[PageState], waiting: Sequence[FormRow]) -> list[Sheet]:
    sheets = [Sheet(_("Sheets"), (_("State"), _("Count")), [(_(PAGE_WORDS[state]), counts[state]) for state in PageState if counts[state]])]
    listed = [row for row in waiting if row.state is not PageState.REFUSED]
    if listed:
        headings = (_("File"), _("Picture"), _("State"), _("Form"), _("Why"))
        sheets.append(Sheet(_("For a person"), headings, [_waiting_row(row) for row in listed[:MOST_ROWS]]))
    return sheets


def _waiting_row(row: FormRow) -> tuple[object, ...]:
    doubts = [_("question {item}: {reason}").format(item=item, reason=reason_words(reason)) for item, reason in row.doubts]
    return (row.file, row.frame, _(PAGE_WORDS[row.state]), row.form, "; ".join(doubts) or reason_words(row.reason))
