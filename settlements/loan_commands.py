"""Commands of the list of lent devices."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from records.desk import desk_of
from records.errors import UsageRefused
from records.exchange import write_table
from records.language import _, ngettext
from records.terminal import Answer, Sheet
from settlements import import_commands, loan_cells, loans
from settlements.scope import require_place, said, unknown_places
from settlements.transfers import day_of

COLUMNS = ("device", "kind", "pupil", "kato", "lent_on", "returned_on", "left_on")
Device = Annotated[str, typer.Argument(help="The device's inventory number.", metavar="DEVICE")]
On = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; today where it is left out.")]


def register(app: typer.Typer) -> None:
    """Hang the commands on the front door."""
    group = typer.Typer(no_args_is_help=True, help="Devices lent to pupils.")
    group.command("lend")(loans_lend)
    group.command("return")(loans_return)
    group.command("list")(loans_list)
    import_commands.register(group, "loans")
    app.add_typer(group, name="loans")


def loans_lend(
    context: typer.Context,
    device: Device,
    pupil: Annotated[str, typer.Argument(help="The pupil's code.", metavar="CODE")],
    kind: Annotated[str, typer.Option(help=", ".join(loans.DEVICES))],
    on: On = None,
) -> Answer:
    """Note that a device is with a pupil."""
    number, day = _number(device), day_of(on)
    if kind not in loans.DEVICES:
        raise UsageRefused(
            _("«{word}» is no kind of device.").format(word=kind), _("Say one of: {words}.").format(words=", ".join(loans.DEVICES))
        )
    with desk_of(context).opened() as home, home.database.write() as session:
        changed = loans.lend(session, number, pupil, kind, day)
    sentence = (
        _("The device {device} is with the pupil {pupil} now.") if changed else _("The device {device} is with the pupil {pupil} already.")
    )
    return Answer({"device": number, "pupil": pupil, "kind": kind, "changed": changed}, [sentence.format(device=number, pupil=pupil)])


def loans_return(context: typer.Context, device: Device, on: On = None) -> Answer:
    """Note that a device is back."""
    number, day = _number(device), day_of(on)
    with desk_of(context).opened() as home, home.database.write() as session:
        changed, since = loans.take_back(session, number, day)
    sentence = _("The device {device} came back on {day}.") if changed else _("The device {device} had come back on {day} already.")
    data = {"device": number, "changed": changed, "returned_on": since.isoformat()}
    return Answer(data, [sentence.format(device=number, day=since)])


def loans_list(
    context: typer.Context,
    within: Annotated[str, typer.Option(help="Only of pupils within this KATO code.")] = "",
    only_open: Annotated[bool, typer.Option("--open", help="Only what has not come back.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the list to a .csv, .xlsx or .parquet file.", metavar="FILE")] = None,
) -> Answer:
    """Which device is, or was, with whom."""
    require_place(within)
    with desk_of(context).opened() as home:
        with home.database.read() as session:
            found = loans.open_loans(session, within) if only_open else loans.loans(session, within)
            unknown = unknown_places(session, within)
        rows = [loan.as_json() for loan in found]
        files = []
        if out is not None:
            write_table(out, COLUMNS, [[_text(row[name]) for name in COLUMNS] for row in rows], "loans")
            files = [home.named(out)]
    lines = [ngettext("{count} device is lent.", "{count} devices are lent.", _lent(found)).format(count=_lent(found))]
    lines += [_("Written: {file}").format(file=file) for file in files]
    headings = (_("Device"), _("Kind"), _("Pupil"), _("KATO"), _("Lent on"), _("Came back on"), _("Left on"))
    table = [
        [_(loans.DEVICES.get(loan.kind, loan.kind)) if name == "kind" else _text(row[name]) or "" for name in COLUMNS]
        for loan, row in zip(found, rows, strict=True)
    ]
    return Answer({"loans": rows, "files": files}, lines, sheets=[Sheet(_("Lent devices"), headings, table)], complaints=unknown)


def _number(text: str) -> str:
    """The inventory number without spaces at its ends. Raises UsageRefused for one that is empty, too long, holds an IIN, or has no digit."""
    return str(said(loan_cells.device, " ".join(text.split()), needed="DEVICE"))


def _lent(found: list[loans.Lent]) -> int:
    return sum(1 for loan in found if loan.returned_on is None)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
