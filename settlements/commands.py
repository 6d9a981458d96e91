"""Commands of the lists: what the register and the roster hold. Imports stand in settlements/import_commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from records.desk import desk_of
from records.language import _, current_language, ngettext
from records.terminal import Answer, Sheet
from settlements import check_commands, import_commands, kato_commands, outage_commands, roster_commands
from settlements.columns import KINDS
from settlements.export import LISTED, export_settlements, overview
from settlements.scope import require_place, unknown_places
from settlements.summary_commands import settlements_summary

ELSEWHERE = ("schedule", "loans")  # the schedule's commands stand with the routes, those of lent devices in settlements/loan_commands


def register(app: typer.Typer) -> None:
    """Hang this room's commands on the front door."""
    groups = {name: typer.Typer(no_args_is_help=True, help=f"The list of {name}.") for name in KINDS if name not in ELSEWHERE}
    for name, group in groups.items():
        import_commands.register(group, name)
        app.add_typer(group, name=name)
    groups["settlements"].command("list")(settlements_list)
    check_commands.register(groups["settlements"])
    groups["settlements"].command("export")(settlements_export)
    kato_commands.register(groups["settlements"])
    groups["settlements"].command("summary")(settlements_summary)
    roster_commands.register(groups["pupils"])
    outage_commands.register(groups["vehicles"])


def settlements_list(
    context: typer.Context,
    district: Annotated[str, typer.Option(help="Only within this KATO code.")] = "",
    within: Annotated[str, typer.Option(help="The same as --district: any KATO code.")] = "",
) -> Answer:
    """The villages with their pupils, post office and hub school."""
    require_place(district, within)
    with desk_of(context).opened() as home, home.database.read() as session:
        rows = overview(session, district, within)
        unknown = unknown_places(session, district, within)
    headings = (_("KATO"), _("Name (kk)"), _("Name (ru)"), _("Latitude"), _("Longitude"), _("Pupils"), _("Post office"), _("Hub school"))
    table = [tuple("" if row[name] is None else row[name] for name in LISTED) for row in rows]
    return Answer({"settlements": rows}, sheets=[Sheet(_("Settlements"), headings, table)], complaints=unknown)


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
