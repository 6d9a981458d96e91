"""Commands of the lists: imports, and what the register and the roster hold."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from records.desk import desk_of
from records.errors import InputRefused, UsageRefused
from records.files import file_digest
from records.language import _, current_language, ngettext
from records.terminal import Answer, Sheet
from settlements import check_commands, kato_commands, roster_commands
from settlements.columns import KINDS
from settlements.enrol import Outcome, Wishes, enrol
from settlements.export import LISTED, export_settlements, overview
from settlements.intake import TOLD_ONLY, Reading, parse_mapping, read_list
from settlements.scope import require_kato
from settlements.summary_commands import settlements_summary

List = Annotated[Path, typer.Argument(help="A CSV or XLSX file.", metavar="FILE")]
Columns = Annotated[str, typer.Option("--columns", help="Which heading means which column: name_kk=kato_name_kk,note=match")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would happen and change nothing.")]
Replace = Annotated[bool, typer.Option("--replace", help="Lessons that the roster gives to another teacher go to the list's.")]

Remember = Annotated[str, typer.Option("--remember", help="Rows (12,15) whose pupils were forgotten and are to be on the roster again.")]


def register(app: typer.Typer) -> None:
    """Hang this room's commands on the front door."""
    groups = {name: typer.Typer(no_args_is_help=True, help=f"The list of {name}.") for name in KINDS}
    for name, group in groups.items():
        group.command("import", help=f"Take a spreadsheet of {name}; good rows are kept, bad ones explained.")(_importer(name))
        app.add_typer(group, name=name)
    groups["settlements"].command("list")(settlements_list)
    check_commands.register(groups["settlements"])
    groups["settlements"].command("export")(settlements_export)
    kato_commands.register(groups["settlements"])
    groups["settlements"].command("summary")(settlements_summary)
    roster_commands.register(groups["pupils"])


def import_list(context: typer.Context, kind: str, path: Path, columns: str = "", wishes: Wishes | None = None) -> Answer:
    """Import one list of that kind; a list of which nothing can be taken raises InputRefused."""
    mapping, wishes = parse_mapping(columns, KINDS[kind]), wishes or Wishes()
    with desk_of(context).opened() as home:
        reading = read_list(path, kind, mapping)
        subject = file_digest(path)
        with home.database.write() as session:
            outcome = enrol(session, reading, subject, dataclasses.replace(wishes, keys=home.keys() if kind == "pupils" else ()))
    return _told(kind, path, reading, outcome, wishes.dry_run)


def _importer(kind: str) -> Callable[..., Answer]:
    if kind in _IMPORTERS:
        return _IMPORTERS[kind]

    def command(context: typer.Context, path: List, columns: Columns = "", dry_run: DryRun = False) -> Answer:
        return import_list(context, kind, path, columns, Wishes(dry_run))

    return command


def _teachers_import(
    context: typer.Context, path: List, columns: Columns = "", dry_run: DryRun = False, replace: Replace = False
) -> Answer:
    return import_list(context, "teachers", path, columns, Wishes(dry_run, replace))


def _pupils_import(context: typer.Context, path: List, columns: Columns = "", dry_run: DryRun = False, remember: Remember = "") -> Answer:
    numbers = [text.strip() for text in remember.split(",") if text.strip()]
    if not all(number.isascii() and number.isdigit() for number in numbers):
        raise UsageRefused(_("«{text}» in --remember is not a row.").format(text=remember), _("Name rows by their numbers, as in 12,15."))
    return import_list(context, "pupils", path, columns, Wishes(dry_run, remember=frozenset(map(int, numbers))))


_IMPORTERS: dict[str, Callable[..., Answer]] = {"teachers": _teachers_import, "pupils": _pupils_import}


def _told(kind: str, path: Path, reading: Reading, outcome: Outcome, dry_run: bool) -> Answer:
    if not reading.rows:
        raise InputRefused(
            _("{file} has a heading and no rows.").format(file=path.name), _("Check that the right file was saved and sent.")
        )
    if outcome.refused == reading.rows:
        text = ngettext("The only row ({count}) of {file} was refused.", "All {count} rows of {file} were refused.", reading.rows)
        raise InputRefused(
            text.format(count=reading.rows, file=path.name),
            _("Nothing was changed. Mend the rows and import again."),
            tuple(outcome.complaints),
        )
    data = {"list": kind, "rows": reading.rows, **outcome.counts, "given": outcome.given, "replaced": outcome.replaced}
    data |= {"dropped_columns": reading.dropped, "dry_run": dry_run}
    doubts = [each for each in outcome.complaints if each.code not in TOLD_ONLY or each.refused]
    return Answer(data, _lines(outcome, dry_run), complaints=outcome.complaints, waiting=bool(doubts))


def _lines(outcome: Outcome, dry_run: bool) -> list[str]:
    counts = outcome.counts
    lines = [_("Added {added}, changed {changed}, unchanged {unchanged}, refused {refused}, doubled {doubled}.").format(**counts)]
    if outcome.given:
        sentence = ngettext("{count} pupil was given a code.", "{count} pupils were given a code.", outcome.given)
        lines.append(sentence.format(count=outcome.given))
    if outcome.replaced:
        sentence = ngettext("{count} lesson went to another teacher.", "{count} lessons went to another teacher.", outcome.replaced)
        lines.append(sentence.format(count=outcome.replaced))
    if not (outcome.added or outcome.changed or outcome.replaced):
        lines.append(_("The list changed nothing."))
    if dry_run:
        lines.append(_("This was a trial: nothing was written."))
    return lines


def settlements_list(
    context: typer.Context,
    district: Annotated[str, typer.Option(help="Only within this KATO code.")] = "",
    within: Annotated[str, typer.Option(help="The same as --district: any KATO code.")] = "",
) -> Answer:
    """The villages with their pupils, post office and hub school."""
    require_kato(district)
    require_kato(within)
    with desk_of(context).opened() as home, home.database.read() as session:
        rows = overview(session, district, within)
    headings = (_("KATO"), _("Name (kk)"), _("Name (ru)"), _("Latitude"), _("Longitude"), _("Pupils"), _("Post office"), _("Hub school"))
    table = [tuple("" if row[name] is None else row[name] for name in LISTED) for row in rows]
    return Answer({"settlements": rows}, sheets=[Sheet(_("Settlements"), headings, table)])


def settlements_export(
    context: typer.Context, path: Annotated[Path, typer.Argument(metavar="FILE", help=".csv, .xlsx, .parquet or .geojson")]
) -> Answer:
    """Write the villages to a file that can be imported again, or to a map layer."""
    with desk_of(context).opened() as home:
        with home.database.read() as session:
            count = export_settlements(session, path, current_language())
        files = [home.named(path)]
    sentence = ngettext("{count} village was written to {file}.", "{count} villages were written to {file}.", count)
    return Answer({"files": files, "settlements": count}, [sentence.format(count=count, file=path)])
