"""Commands of the roster: who is on it, who moves, leaves or changes school, who is forgotten. Imports stand in settlements/import_commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from records.backup_forgotten import out_of_reach
from records.desk import desk_of
from records.errors import Complaint, UsageRefused
from records.language import N_, _, ngettext
from records.terminal import Answer, Sheet
from settlements import cells, loans, transfers
from settlements.forgetting import Forgot, forget
from settlements.roster_lists import Choice, Shown, cells_of, columns, rows_of, write_list
from settlements.scope import narrowest, require_place, said, unknown_places
from settlements.summary_commands import pupils_channels

Code = Annotated[str, typer.Argument(help="The pupil's code.", metavar="CODE")]

READERS: Mapping[str, cells.Reader] = {
    "school": cells.school,
    "language": cells.language,
    "grade": cells.grade,
    "print": cells.size,
    "channels": cells.channels,
}
COLUMN_WORDS: Mapping[str, str] = {
    "code": N_("Code"),
    "household": N_("Household"),
    "last_name": N_("Last name"),
    "first_name": N_("First name"),
    "grade": N_("Grade"),
    "language": N_("Language"),
    "kato": N_("KATO"),
    "school": N_("Hub school"),
    "print": N_("Print"),
    "channels": N_("Channels"),
    "left_on": N_("Left on"),
}


def register(group: typer.Typer) -> None:
    """Hang the commands on the group `pupils`."""
    group.command("list")(pupils_list)
    group.command("move")(pupils_move)
    group.command("leave")(pupils_leave)
    group.command("come-back")(pupils_come_back)
    group.command("change")(pupils_change)
    group.command("forget")(pupils_forget)
    group.command("channels")(pupils_channels)


def pupils_list(
    context: typer.Context,
    district: Annotated[str, typer.Option(help="Only within this KATO code.")] = "",
    village: Annotated[str, typer.Option(help="Only in this village (KATO).")] = "",
    school: Annotated[str, typer.Option(help="Only of this hub school.")] = "",
    teacher: Annotated[str, typer.Option(help="Only those whom this teacher teaches.")] = "",
    grade: Annotated[int | None, typer.Option(min=1, max=12, help="Only of this grade.")] = None,
    language: Annotated[str, typer.Option(help="Only those taught in this language.")] = "",
    with_left: Annotated[bool, typer.Option("--with-left", help="Those who left, too.")] = False,
    siblings: Annotated[bool, typer.Option("--siblings", help="Only those with siblings on the roster, by household.")] = False,
    names: Annotated[bool, typer.Option("--names", help="With names, for the officer's own eyes.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the list to a .csv, .xlsx or .parquet file.", metavar="FILE")] = None,
) -> Answer:
    """The pupils by code."""
    narrowest(district, village)
    choice = Choice(district, village, school, teacher, grade, str(said(cells.language, language)), with_left)
    shown = Shown(names, siblings)
    headings, lines, files = columns(choice, shown), [], []
    with desk_of(context).opened() as home:
        with home.database.read() as session:
            rows = rows_of(session, choice, shown)
            unknown = unknown_places(session, district, village)
        if out is not None:
            found_again = write_list(home, out, headings, rows, _again_list(choice, shown, out))
            files = [home.named(out)]
            lines.append(_("Written: {file}").format(file=files[0]))
            if not found_again:
                lines.append(_("The file stands outside of the desk: `pupils forget` will not find the names in it."))
    count = ngettext("{count} pupil.", "{count} pupils.", len(rows)).format(count=len(rows))
    table = [["" if cell is None else cell for cell in cells_of(row, headings)] for row in rows]
    sheet = Sheet(_("Pupils"), [_(COLUMN_WORDS[name]) for name in headings], table)
    return Answer({"pupils": rows, "files": files}, [count, *lines], sheets=[sheet], complaints=unknown)


def pupils_move(
    context: typer.Context,
    code: Code,
    kato: Annotated[str, typer.Argument(help="KATO of the village where the pupil lives now.")],
) -> Answer:
    """Note that a pupil lives in another village now."""
    require_place(kato)
    with desk_of(context).opened() as home, home.database.write() as session:
        moved = transfers.move(session, code, kato)
        packets = transfers.built_packets(session, code) if moved else []
    sentence = _("The pupil {code} lives in {kato} now.") if moved else _("The pupil {code} lived in {kato} already.")
    lines = [sentence.format(code=code, kato=kato), *_still_here(packets)]
    return Answer({"pupil": code, "kato": kato, "changed": moved, "packets": packets}, lines)


def pupils_leave(
    context: typer.Context,
    code: Code,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; today where it is left out.")] = None,
) -> Answer:
    """Note that a pupil left; packets that are built are named, devices that are lent too."""
    day = transfers.day_of(on)
    with desk_of(context).opened() as home, home.database.write() as session:
        changed, since = transfers.leave(session, code, day, correct=on is not None)
        packets, devices = transfers.built_packets(session, code), [loan.device for loan in loans.open_loans(session, pupil=code)]
    sentence = _("The pupil {code} left on {day}.") if changed else _("The pupil {code} had left on {day} already.")
    complaints = [_left_over(packet) for packet in packets] + [loans.with_left_pupil(device, code) for device in devices]
    data = {"pupil": code, "changed": changed, "left_on": since.isoformat(), "packets": packets, "devices": devices}
    return Answer(data, [sentence.format(code=code, day=since)], complaints=complaints, waiting=bool(complaints))


def pupils_come_back(context: typer.Context, code: Code) -> Answer:
    """Note that a pupil who left is here again, under the old code."""
    with desk_of(context).opened() as home, home.database.write() as session:
        changed = transfers.come_back(session, code)
    sentence = _("The pupil {code} is here again.") if changed else _("The pupil {code} had not left.")
    return Answer({"pupil": code, "changed": changed}, [sentence.format(code=code)])


def pupils_change(
    context: typer.Context,
    code: Code,
    school: Annotated[str | None, typer.Option(help="The hub school now.")] = None,
    language: Annotated[str | None, typer.Option(help="The language of instruction now.")] = None,
    grade: Annotated[str | None, typer.Option(help="The grade now.")] = None,
    size: Annotated[str | None, typer.Option("--print", help="normal or large.")] = None,
    channels: Annotated[str | None, typer.Option(help="post,tv,radio,web; none where no lesson reaches the pupil.")] = None,
) -> Answer:
    """Note another school, language, grade, size of print or other channels; packets that are built stay as they are."""
    spoken = {"school": school, "language": language, "grade": grade, "print": size, "channels": channels}
    wanted = {name: said(READERS[name], text.strip(), needed=name) for name, text in spoken.items() if text is not None}
    if not wanted:
        raise UsageRefused(_("Nothing was said that should change."), _("Name --school, --language, --grade, --print or --channels."))
    with desk_of(context).opened() as home, home.database.write() as session:
        changed = transfers.change(session, code, wanted)
        packets = transfers.built_packets(session, code) if changed else []
    lines = [
        _("{what} of the pupil {code}: {after}, before {before}.").format(
            what=_(COLUMN_WORDS[name]), code=code, before=before or _("none"), after=after or _("none")
        )
        for name, (before, after) in changed.items()
    ] or [_("That is what the roster says of the pupil {code} already.").format(code=code)]
    data = {"pupil": code, "changed": bool(changed), "before": {name: pair[0] for name, pair in changed.items()}}
    data |= {"after": {name: pair[1] for name, pair in changed.items()}, "packets": packets}
    return Answer(data, [*lines, *_still_here(packets)])


def pupils_forget(context: typer.Context, code: Code) -> Answer:
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
        "out_of_reach": [str(folder) for folder in done.missed],
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
    return [*lines, *out_of_reach(done.missed)]


def _still_here(packets: Sequence[str]) -> list[str]:
    """That packets which are built stay as they are, until they are built again."""
    if not packets:
        return []
    told = _("Already built, and still as before: {packets}. `poshta packets build` makes them anew.")
    return [told.format(packets=", ".join(packets))]


def _left_over(packet: str) -> Complaint:
    text = _("The packet {packet} was built and has not been handed over.").format(packet=packet)
    hint = _("Withdraw it with `poshta packets void {packet}`, so that it is not delivered.").format(packet=packet)
    return Complaint("packet_left_over", text, hint, value=packet, refused=False)


def _again_list(choice: Choice, shown: Shown, out: Path) -> str:
    """The command that writes a list anew, without `poshta`."""
    spoken = {name: getattr(choice, name) for name in ("district", "village", "school", "teacher", "grade", "language")}
    words = [f"--{name} {value}" for name, value in spoken.items() if value]
    words += ["--with-left"] if choice.with_left else []
    words += ["--siblings"] if shown.siblings else []
    return " ".join(["pupils list", *words, "--names", "--out", f'"{out}"' if " " in str(out) else str(out)])
