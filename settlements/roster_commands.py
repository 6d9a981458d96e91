"""Commands of the roster: who is on it, who moves, who is forgotten. Imports stand in settlements/commands."""

from __future__ import annotations

from typing import Annotated

import typer

from records.desk import desk_of
from records.errors import Complaint, NotFound
from records.language import _, ngettext
from records.terminal import Answer, Sheet
from settlements import roster
from settlements.forgetting import Forgot, forget
from settlements.scope import require_kato


def register(group: typer.Typer) -> None:
    """Hang the commands on the group `pupils`."""
    group.command("list")(pupils_list)
    group.command("move")(pupils_move)
    group.command("forget")(pupils_forget)


def pupils_list(
    context: typer.Context,
    district: Annotated[str, typer.Option(help="Only within this KATO code.")] = "",
    village: Annotated[str, typer.Option(help="Only in this village (KATO).")] = "",
    school: Annotated[str, typer.Option(help="Only of this hub school.")] = "",
    names: Annotated[bool, typer.Option("--names", help="With names, for the officer's own eyes.")] = False,
) -> Answer:
    """The pupils by code."""
    for kato in (district, village):
        require_kato(kato)
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
    require_kato(kato)
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
