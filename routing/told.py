"""What several commands of routes share: options of the command line, and how plans, routes and villages left out are told.

Called by routing/commands, compare_commands and replan_commands.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from records.errors import Complaint, NoPlan
from records.language import _, ngettext
from records.terminal import Sheet
from routing.plan import Plan, Unplanned
from routing.reasons import kilograms, sentence

WeekOption = Annotated[str, typer.Option("--week", help="The study week, as in 2026-W41.")]
MatrixOption = Annotated[Path | None, typer.Option("--matrix", help="Roads as from,to,metres,seconds[,season] in CSV, XLSX or Parquet.")]
IterationsOption = Annotated[
    int | None, typer.Option("--iterations", min=1, help="How long to search; the same number gives the same plan.")
]
SeedOption = Annotated[int | None, typer.Option("--seed", min=0, help="Of the search.")]


def search_settings(iterations: int | None, seed: int | None, **others: bool | None) -> dict[str, Any] | None:
    """What the options say of the settings of routes, for this call."""
    chosen = {name: value for name, value in {"iterations": iterations, "seed": seed, **others}.items() if value is not None}
    return {"routes": chosen} if chosen else None


def nothing_reached(week: str, unplanned: Sequence[Unplanned], complaints: tuple[Complaint, ...]) -> NoPlan:
    """The refusal to save a plan that serves nobody."""
    return NoPlan(
        _("No vehicle can reach any village of the week {week}.").format(week=week),
        _("Each village is named with its reason. Nothing was saved."),
        (*complaints, *(complaint(each) for each in unplanned)),
    )


def contract(each: Unplanned) -> dict[str, str]:
    """A village left out, as the contract tells it."""
    return {"kato": each.kato, "reason": each.reason, "text": sentence(each)}


def complaint(each: Unplanned) -> Complaint:
    """The same among the complaints."""
    return Complaint(each.reason, f"{each.kato}: {sentence(each)}", value=each.kato, refused=False)


def km(metres: int) -> str:
    """Kilometres with one decimal."""
    return f"{metres / 1000:.1f}"


def summary(made: Plan) -> str:
    """The plan in a line."""
    text = ngettext(
        "Plan {code}: {count} route, {stops} stops, {km} km.", "Plan {code}: {count} routes, {stops} stops, {km} km.", len(made.routes)
    )
    return text.format(code=made.code, count=len(made.routes), stops=len(made.stops), km=km(made.metres))


def routes_sheet(made: Plan) -> Sheet:
    """The plan's routes as a table."""
    headings = (_("Route"), _("Date"), _("Vehicle"), _("Stops"), _("Packets"), _("kg"), _("km"), _("Departs"), _("Back at"))
    rows = [
        (
            *(route.code, route.date, route.vehicle, len(route.stops), route.packets_out),
            *(kilograms(route.max_load_grams), km(route.metres), route.depart, route.back_at),
        )
        for route in made.routes
    ]
    return Sheet(_("Routes of {week}").format(week=made.week), headings, rows)


def unplanned_sheets(made: Plan) -> list[Sheet]:
    """The villages left out as a table, where there are any."""
    rows = [(each.kato, sentence(each)) for each in made.unplanned]
    return [Sheet(_("Villages on no route"), (_("KATO"), _("Why")), rows)] if rows else []
