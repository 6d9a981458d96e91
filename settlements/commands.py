"""Commands of the lists: imports, and what the register and the roster hold."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from records.desk import desk_of
from records.errors import Complaint, InputRefused, NotFound, UsageRefused
from records.files import file_digest
from records.language import _, ngettext
from records.terminal import Answer, Sheet
from settlements import check_commands, kato_commands, roster
from settlements.codes import is_kato
from settlements.columns import KINDS
from settlements.enrol import Outcome, Wishes, enrol
from settlements.export import LISTED, export_settlements, overview
from settlements.forgetting import Forgot, forget
from settlements.intake import TOLD_ONLY, Reading, parse_mapping, read_list

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
    groups["pupils"].command("list")(pupils_list)
    groups["pupils"].command("move")(pupils_move)
    groups["pupils"].command("forget")(pupils_forget)


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


def settlements_list(context: typer.Context, district: Annotated[str, typer.Option(help="Only within this KATO code.")] = "") -> Answer:
    """The villages with their pupils, post office and hub school."""
    _require_kato(district)
    with desk_of(context).opened() as home, home.database.read() as session:
        rows = overview(session, district)
    headings = (_("KATO"), _("Name (kk)"), _("Name (ru)"), _("Latitude"), _("Longitude"), _("Pupils"), _("Post office"), _("Hub school"))
    table = [tuple("" if row[name] is None else row[name] for name in LISTED) for row in rows]
    return Answer({"settlements": rows}, sheets=[Sheet(_("Settlements"), headings, table)])


def settlements_export(
    context: typer.Context, path: Annotated[Path, typer.Argument(metavar="FILE", help=".csv, .xlsx, .parquet or .geojson")]
) -> Answer:
    """Write the villages to a file that can be imported again, or to a map layer."""
    with desk_of(context).opened() as home:
        with home.database.read() as session:
            count = export_settlements(session, path)
        files = [home.named(path)]
    sentence = ngettext("{count} village was written to {file}.", "{count} villages were written to {file}.", count)
    return Answer({"files": files, "settlements": count}, [sentence.format(count=count, file=path)])


def pupils_list(
    context: typer.Context,
    district: Annotated[str, typer.Option(help="Only within this KATO code.")] = "",
    village: Annotated[str, typer.Option(help="Only in this village (KATO).")] = "",
    school: Annotated[str, typer.Option(help="Only of this hub school.")] = "",
    names: Annotated[bool, typer.Option("--names", help="With names, for the officer's own eyes.")] = False,
) -> Answer:
    """The pupils by code."""
    for kato in (district, village):
        _require_kato(kato)
    with desk_of(context).opened() as home, home.database.read() as session:
        found = roster.learners(session, district, village, school=school)
        named = roster.names(session) if names else {}
    rows = [
        {
            "code": each.code,
            "grade": each.grade,
            "language": each.language,
            "kato": each.kato,
            "school": each.school,
            "print": each.print,
            "channels": list(each.channels),
        }
        for each in found
    ]
    for row in rows if names else []:
        person = named.get(str(row["code"]))
        row |= {"last_name": person.last_name if person else "", "first_name": person.first_name if person else ""}
    headings = [_("Code"), _("Grade"), _("Language"), _("KATO"), _("Hub school"), _("Print"), _("Channels")]
    headings += [_("Last name"), _("First name")] if names else []
    table = [[",".join(cell) if isinstance(cell, list) else cell for cell in row.values()] for row in rows]
    return Answer({"pupils": rows}, sheets=[Sheet(_("Pupils"), headings, table)])


def pupils_move(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="The pupil's code.")],
    kato: Annotated[str, typer.Argument(help="KATO of the village where the pupil lives now.")],
) -> Answer:
    """Note that a pupil lives in another village now."""
    _require_kato(kato)
    with desk_of(context).opened() as home, home.database.write() as session:
        if not roster.is_village(session, kato):
            raise NotFound(
                _("There is no village {kato} in the register.").format(kato=kato), _("Import the village first, or correct the code.")
            )
        moved = roster.move(session, code, kato)
    sentence = _("The pupil {code} lives in {kato} now.") if moved else _("The pupil {code} lived in {kato} already.")
    return Answer({"pupil": code, "kato": kato, "changed": moved}, [sentence.format(code=code, kato=kato)])


def pupils_forget(context: typer.Context, code: Annotated[str, typer.Argument(help="The pupil's code.")]) -> Answer:
    """Remove a pupil's names for good, with every file of the desk that carries them; marks and pages stay under the code."""
    with desk_of(context).opened() as home:
        done = forget(home, code)
    sentence = (
        _("The names of the pupil {code} were removed.") if done.changed else _("The names of the pupil {code} had been removed already.")
    )
    data = {
        "pupil": code,
        "changed": done.changed,
        "removed": [file.path for file in done.removed],
        "again": _again(done),
        "scans": list(done.scans),
    }
    complaints = [Complaint("not_removed", refusal.message, refusal.hint, file) for file, refusal in done.kept]
    return Answer(data, [sentence.format(code=code), *_forgotten_lines(done)], complaints=complaints, waiting=bool(complaints))


def _again(done: Forgot) -> list[str]:
    """The commands that write the deleted files anew."""
    return sorted({f"poshta {file.again}" for file in done.removed if file.again})


def _forgotten_lines(done: Forgot) -> list[str]:
    """What became of the files, and how to write again what others need."""
    lines = []
    if done.removed:
        told = ngettext(
            "{count} file with the name on it was deleted: {files}.",
            "{count} files with the name on them were deleted: {files}.",
            len(done.removed),
        )
        lines.append(told.format(count=len(done.removed), files=", ".join(file.path for file in done.removed)))
    if again := _again(done):
        lines.append(_("To write them again, with the code in place of the name: {commands}").format(commands="; ".join(again)))
    if done.scans:
        told = ngettext(
            "{count} scan still shows pages of the pupil with the first name printed on them: {files}.",
            "{count} scans still show pages of the pupil with the first name printed on them: {files}.",
            len(done.scans),
        )
        lines.append(told.format(count=len(done.scans), files=", ".join(done.scans)))
    return lines


def _require_kato(text: str) -> None:
    if text and not is_kato(text):
        raise UsageRefused(_("«{value}» is not a KATO code.").format(value=text), _("A KATO code has nine digits and begins with 1 to 7."))
