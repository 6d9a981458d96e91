"""The commands that take in the post's existing routes. settlements/import_commands does the work; planning with them is routing/schedule's."""

from __future__ import annotations

from typing import Annotated

import typer

from records.terminal import Answer
from settlements.enrol import Wishes
from settlements.import_commands import Columns, Copy, DryRun, Given, List, import_list, list_columns

KIND = "schedule"


def register(routes: typer.Typer) -> None:
    """Hang these commands on `routes`."""
    routes.command("import-schedule")(import_schedule)
    routes.command("schedule-columns")(schedule_columns)


def import_schedule(context: typer.Context, path: List, columns: Columns = "", dry_run: DryRun = False, copy: Copy = None) -> Answer:
    """Take a spreadsheet of the routes that the post drives anyway; good rows are kept, bad ones explained."""
    return import_list(context, KIND, Given(path, columns, copy), Wishes(dry_run))


def schedule_columns(
    context: typer.Context, forget: Annotated[str, typer.Option("--forget", help="Let go of the one with this number.")] = ""
) -> Answer:
    """The columns of lists of existing routes that were named with --columns and are remembered."""
    return list_columns(context, KIND, forget)
