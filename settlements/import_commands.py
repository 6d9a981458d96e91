"""Commands that take lists in: `poshta LIST import FILE`, and `poshta LIST columns` for the headings that were named once.

settlements/commands hangs them on each list's group.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from records.desk import desk_of
from records.errors import Complaint, InputRefused, UsageRefused
from records.files import file_digest
from records.language import _, ngettext
from records.terminal import Answer, Sheet
from settlements import column_names
from settlements.columns import KINDS
from settlements.copy_back import require_copy, write_copy
from settlements.enrol import Outcome, Wishes, enrol
from settlements.intake import TOLD_ONLY, Reading, parse_mapping, read_list
from settlements.remembered import SheetRow
from settlements.rows import MENDED

List = Annotated[Path, typer.Argument(help="A CSV or XLSX file.", metavar="FILE")]
Columns = Annotated[
    str, typer.Option("--columns", help="Which heading means which column: name_kk=kato_name_kk,note=match; remembered for such lists.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would happen and change nothing.")]
Copy = Annotated[
    Path | None, typer.Option("--copy", help="Write the list again, as .xlsx, with what was said of each row beside it.", metavar="FILE")
]
Replace = Annotated[bool, typer.Option("--replace", help="Lessons that the roster gives to another teacher go to the list's.")]
Remember = Annotated[
    str, typer.Option("--remember", help="Rows (12,15, or SHEET:12) whose pupils were forgotten and are to be on the roster again.")
]

_SHEET_ROW = re.compile(r"\s*(?:(.+?)\s*:\s*)??([0-9]{1,9})\s*(?:,|$)")
MENDED_SHOWN = 5  # of each column, on the screen; --json and --copy tell all


@dataclass(frozen=True, slots=True)
class Given:
    """What was said on the command line."""

    path: Path
    columns: str = ""
    copy: Path | None = None


def register(group: typer.Typer, kind: str) -> None:
    """Hang the commands of one list on its group."""
    group.command("import", help=f"Take a spreadsheet of {kind}; good rows are kept, bad ones explained.")(_importer(kind))
    group.command("columns", help=f"The columns of lists of {kind} that were named with --columns and are remembered.")(_columns(kind))


def import_list(context: typer.Context, kind: str, given: Given, wishes: Wishes) -> Answer:
    """Import one list of that kind; a list of which nothing can be taken raises InputRefused."""
    desk, mapping = desk_of(context), parse_mapping(given.columns, KINDS[kind])
    files: list[str] = []
    with desk.opened() as home:
        if given.copy:
            require_copy(given.copy, given.path, home.path, kind)
        with home.database.read() as session:
            known = [named.columns for named in column_names.remembered(session, kind)]
        reading = read_list(given.path, kind, mapping, known)
        subject = file_digest(given.path)
        wishes = dataclasses.replace(wishes, keys=home.keys() if kind == "pupils" else ())
        with home.database.read() if wishes.dry_run else home.database.write() as session:
            outcome = enrol(session, reading, subject, wishes)
            useful = reading.rows > outcome.refused and not wishes.dry_run
            remembered = useful and column_names.remember(session, kind, mapping)
            if given.copy:  # before the list is kept: no copy, no import
                write_copy(given.path, given.copy, outcome.complaints, reading.headings)
                files = [home.named(given.copy)]
    _require_rows(given, reading, outcome)
    data = {
        "list": kind,
        "rows": reading.rows,
        **outcome.counts,
        "given": outcome.given,
        "replaced": outcome.replaced,
        "removed": outcome.removed,
    }
    data |= {"mended": _count_mended(outcome), "dropped_columns": reading.dropped, "dry_run": wishes.dry_run}
    data |= {"columns": dict(mapping or reading.named), "columns_remembered": remembered, "files": files}
    lines = [*_lines(outcome, wishes.dry_run), *_column_lines(kind, reading, remembered), *_file_lines(files)]
    doubts = any(each.code not in TOLD_ONLY or each.refused for each in outcome.complaints)
    told = outcome.complaints if desk.as_json else _shortened(outcome.complaints)
    return Answer(data, lines, complaints=told, waiting=doubts)


def _importer(kind: str) -> Callable[..., Answer]:
    if kind in _IMPORTERS:
        return _IMPORTERS[kind]

    def command(context: typer.Context, path: List, columns: Columns = "", dry_run: DryRun = False, copy: Copy = None) -> Answer:
        return import_list(context, kind, Given(path, columns, copy), Wishes(dry_run))

    return command


def _teachers_import(
    context: typer.Context, path: List, columns: Columns = "", dry_run: DryRun = False, copy: Copy = None, replace: Replace = False
) -> Answer:
    return import_list(context, "teachers", Given(path, columns, copy), Wishes(dry_run, replace))


def _pupils_import(
    context: typer.Context, path: List, columns: Columns = "", dry_run: DryRun = False, copy: Copy = None, remember: Remember = ""
) -> Answer:
    return import_list(context, "pupils", Given(path, columns, copy), Wishes(dry_run, remember=frozenset(_sheet_rows(remember))))


def _sheet_rows(text: str) -> Iterator[SheetRow]:
    """The rows of `12,Sheet:15`; a sheet's name may hold commas and colons. Raises UsageRefused."""
    place = 0
    while place < len(text):
        found = _SHEET_ROW.match(text, place)
        if not found:
            hint = _("Name rows by their numbers, as in 12,15; where a file has several sheets, as SHEET:12.")
            raise UsageRefused(_("«{text}» in --remember is not a row.").format(text=text), hint)
        yield found[1] or "", int(found[2])
        place = found.end()


_IMPORTERS: Mapping[str, Callable[..., Answer]] = {"teachers": _teachers_import, "pupils": _pupils_import}


def _columns(kind: str) -> Callable[..., Answer]:
    def command(
        context: typer.Context, forget: Annotated[str, typer.Option("--forget", help="Let go of the one with this number.")] = ""
    ) -> Answer:
        return list_columns(context, kind, forget)

    return command


def list_columns(context: typer.Context, kind: str, forget: str = "") -> Answer:
    """What is remembered of the headings of one list, after letting go of one if that is asked for."""
    with desk_of(context).opened() as home:
        if forget:
            with home.database.write() as session:
                column_names.forget(session, kind, forget)
        with home.database.read() as session:
            named = column_names.remembered(session, kind)
    rows = [{"number": each.number, "columns": dict(each.columns), "remembered_on": each.remembered_on.isoformat()} for each in named]
    table = [(each.number, _as_option(each.columns), each.remembered_on.isoformat()) for each in named]
    sheet = Sheet(_("Columns that were named"), (_("Number"), "--columns", _("Since")), table)
    return Answer({"list": kind, "named": rows}, [] if named else [_("Nothing is remembered.")], sheets=[sheet] if named else [])


def _require_rows(given: Given, reading: Reading, outcome: Outcome) -> None:
    """Raise InputRefused where there is nothing to take."""
    name = given.path.name
    if not reading.rows:
        raise InputRefused(_("{file} has a heading and no rows.").format(file=name), _("Check that the right file was saved and sent."))
    if outcome.refused == reading.rows:
        text = ngettext("The only row ({count}) of {file} was refused.", "All {count} rows of {file} were refused.", reading.rows)
        hint = _("Nothing was changed. Mend the rows and import again.")
        raise InputRefused(text.format(count=reading.rows, file=name), hint, tuple(outcome.complaints))


def _count_mended(outcome: Outcome) -> int:
    """Rows of which something was mended."""
    return len({(each.sheet, each.row) for each in outcome.complaints if each.code == MENDED})


def _lines(outcome: Outcome, dry_run: bool) -> list[str]:
    counts = outcome.counts
    lines = [_("Added {added}, changed {changed}, unchanged {unchanged}, refused {refused}, doubled {doubled}.").format(**counts)]
    if mended := _count_mended(outcome):
        lines.append(ngettext("{count} row was mended.", "{count} rows were mended.", mended).format(count=mended))
    if outcome.given:
        sentence = ngettext("{count} pupil was given a code.", "{count} pupils were given a code.", outcome.given)
        lines.append(sentence.format(count=outcome.given))
    if outcome.replaced:
        sentence = ngettext("{count} lesson went to another teacher.", "{count} lessons went to another teacher.", outcome.replaced)
        lines.append(sentence.format(count=outcome.replaced))
    if outcome.removed:
        sentence = ngettext(
            "{count} stop that its route no longer has was removed.",
            "{count} stops that their routes no longer have were removed.",
            outcome.removed,
        )
        lines.append(sentence.format(count=outcome.removed))
    if not (outcome.added or outcome.changed or outcome.replaced or outcome.removed):
        lines.append(_("The list changed nothing."))
    if dry_run:
        lines.append(_("This was a trial: nothing was written."))
    return lines


def _column_lines(kind: str, reading: Reading, remembered: bool) -> list[str]:
    if remembered:
        return [
            _("The columns are remembered for lists with these headings; `poshta {command}` shows them.").format(
                command=column_names.command(kind)
            )
        ]
    if reading.named:
        sentence = _("The columns were read as they were named before: {columns}; `poshta {command}` shows how to change that.")
        return [sentence.format(columns=_as_option(reading.named), command=column_names.command(kind))]
    return []


def _file_lines(files: Sequence[str]) -> list[str]:
    hint = _("The copy with what was said of each row stands in {file}; delete it when it has been sent.")
    return [hint.format(file=file) for file in files]


def _as_option(columns: Mapping[str, str]) -> str:
    return ",".join(f"{ours}={theirs}" for ours, theirs in columns.items())


def _shortened(complaints: Sequence[Complaint]) -> list[Complaint]:
    """The complaints for a screen: of a column that was mended in row after row, the first and how many more."""
    shown: list[Complaint] = []
    counts = Counter[str]()
    for each in complaints:
        counts[each.column] += each.code == MENDED
        if each.code != MENDED or counts[each.column] <= MENDED_SHOWN:
            shown.append(each)
    for column, count in counts.items():
        if count > MENDED_SHOWN:
            more = count - MENDED_SHOWN
            text = ngettext("{count} more cell was mended.", "{count} more cells were mended.", more).format(count=more)
            shown.append(Complaint(MENDED, text, _("--copy and --json tell all of them."), column=column, refused=False))
    return shown
