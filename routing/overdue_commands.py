"""`poshta overdue`: whose work is not back, step by step of the ladder, on the screen or as a table. Without names unless they are asked for."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from packets.whereabouts import Wanted, patience_of
from records.calendar import StudyWeek
from records.desk import desk_of
from records.events import TRACK_WORDS
from records.exchange import Scalar, Table, write_tables
from records.home import Home
from records.language import N_, _, ngettext
from records.named_files import Written, is_inside, naming
from records.terminal import Answer, Sheet
from routing.overdue import Overdue, Step, lost, overdue
from routing.track_commands import event_words, value_words
from settlements.scope import require_place, unknown_places

STEP_WORDS = {
    Step.CALL: N_("Call the village"),
    Step.DISTRICT: N_("Tell the district"),
    Step.VISIT: N_("Go there"),
}


def register(app: typer.Typer) -> None:
    """Hang the command on the front door."""
    app.command("overdue")(overdue_)


def overdue_(
    context: typer.Context,
    week: Annotated[str, typer.Option("--week", help="Only this study week, as in 2026-W41.")] = "",
    level: Annotated[Step | None, typer.Option("--level", help="Only this step of the ladder.")] = None,
    village: Annotated[str, typer.Option("--village", help="Only this village, or any KATO code above it.")] = "",
    with_names: Annotated[bool, typer.Option("--names", help="With the pupils' and parents' names.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the list to FILE.xlsx (a sheet for each step), .csv or .parquet.")
    ] = None,
) -> Answer:
    """Whose work is not back: whom to call, what the district is told, whom to visit. The ladder is in the settings."""
    wanted = Wanted(str(StudyWeek.parse(week)) if week else "", village=village.strip())
    require_place(wanted.village)
    with desk_of(context).opened() as home:
        with home.database.read() as session:
            found = overdue(session, wanted, patience_of(home.settings), with_names)
            unknown = unknown_places(session, wanted.village)
        rows = [row for row in found if level in (None, row.step)]
        if out is not None:
            chosen = {"--week": wanted.week, "--level": level.value if level else "", "--village": wanted.village, "--out": str(out)}
            again = " ".join(f"{flag} {shlex.quote(value)}" for flag, value in chosen.items() if value)
            _write(home, out, rows, with_names, f"overdue --names {again}")
        files = [] if out is None else [home.named(out)]
        outside = out is not None and with_names and not is_inside(home, out)
    counts = Counter(row.step for row in rows)
    data = {
        "week": wanted.week or None,
        "overdue": [row.as_json() for row in rows],
        "counts": {step.value: counts[step] for step in Step},
        "lost": [row.packet.packet for row in lost(rows)],
        "files": files,
    }
    return Answer(data, _lines(rows, outside), _sheets(rows, with_names), unknown, bool(rows))


def _lines(rows: Sequence[Overdue], outside: bool) -> list[str]:
    lines = [ngettext("{count} packet is waited for.", "{count} packets are waited for.", len(rows)).format(count=len(rows))]
    gone = lost(rows)
    if gone:
        line = ngettext(
            "{count} of them is lost: `poshta packets reprint --lost` prints it again.",
            "{count} of them are lost: `poshta packets reprint --lost` prints them again.",
            len(gone),
        )
        lines.append(line.format(count=len(gone)))
    if outside:
        lines.append(_("The file stands outside of the desk: `pupils forget` will not find the names in it."))
    return lines


def _headings(with_names: bool) -> list[str]:
    people = [_("Name"), _("Parent")] if with_names else []
    return [
        *(_("School"), _("Phone"), _("Village"), _("KATO"), _("Packet"), _("Pupil"), *people),
        *(_("State"), _("Due"), _("Days over"), _("Pages read"), _("Last told"), _("Left on")),
    ]


def _cells(row: Overdue, with_names: bool) -> list[Scalar]:
    where, paper = row.packet.where, row.packet.paper
    people = [row.name.full if row.name else "", row.name.parent if row.name else ""] if with_names else []
    return [
        *(row.school or row.packet.school, row.phone, row.village, row.packet.kato, row.packet.packet, row.packet.pupil, *people),
        *(_(TRACK_WORDS[where.state]), where.due.isoformat(), where.over, f"{paper.read}/{paper.pages}", event_words(where.event)),
        row.left_on.isoformat() if row.left_on else "",
    ]


def _sheets(rows: Sequence[Overdue], with_names: bool) -> list[Sheet]:
    """For each step and school a list to hold in the hand while telephoning."""
    groups: dict[tuple[Step, str, str], list[Overdue]] = {}
    for row in rows:
        groups.setdefault((row.step, row.school or row.packet.school, row.phone), []).append(row)
    pupil = _("Name") if with_names else _("Pupil")
    headings = (_("Village"), _("Packet"), pupil, _("State"), _("Due"), _("Days over"), _("Pages read"))
    return [
        Sheet(" · ".join(part for part in (_(STEP_WORDS[step]), school, phone) if part), headings, [_line(row, with_names) for row in mine])
        for (step, school, phone), mine in groups.items()
    ]


def _line(row: Overdue, with_names: bool) -> tuple[object, ...]:
    where, paper = row.packet.where, row.packet.paper
    whom = row.name.full if with_names and row.name else row.packet.pupil
    state = _(TRACK_WORDS[where.state])
    if where.event is not None and where.event.reason:
        state = f"{state}: {value_words(where.event.reason)}"
    pages = f"{paper.read}/{paper.pages}"
    return (row.village or row.packet.kato, row.packet.packet, whom, state, where.due.isoformat(), where.over, pages)


def _write(home: Home, out: Path, rows: Sequence[Overdue], with_names: bool, again: str) -> None:
    """Write the list; a file with names in the desk's folder is noted, so that `pupils forget` finds it."""
    if out.suffix.lower() == ".xlsx":
        steps = [(step, [row for row in rows if row.step is step]) for step in reversed(Step)]
        tables = [Table(_(STEP_WORDS[step]), _headings(with_names), [_cells(row, with_names) for row in mine]) for step, mine in steps]
    else:
        cells: list[list[Scalar]] = [[_(STEP_WORDS[row.step]), *_cells(row, with_names)] for row in rows]
        tables = [Table(out.stem, [_("Step"), *_headings(with_names)], cells)]
    named = {row.packet.pupil for row in rows if row.name is not None}
    noted = {Written(home.relative(out), again): named} if named and is_inside(home, out) else {}
    with naming(home, noted):
        write_tables(out, tables)
