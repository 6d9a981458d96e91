"""The commands of routes: plan, compare, export, manifest, handover. Each opens the home, calls the room, and returns an Answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from records.calendar import StudyWeek
from records.desk import Desk, desk_of
from records.errors import Complaint, NoPlan
from records.home import Home
from records.language import N_, _, ngettext
from records.terminal import Answer, Sheet, progress
from routing import book, calibrate_commands, closure_commands, coverage_commands, manifest_commands, road_commands
from routing.asked import asked
from routing.compare import THERE_AND_BACK, Cost, compared, comparing_steps
from routing.draft import steps
from routing.files import write_plan
from routing.plan import Plan, Unplanned
from routing.reasons import kilograms, sentence
from routing.request import Request, answer
from routing.scopes import Scope

WeekOption = Annotated[str, typer.Option("--week", help="The study week, as in 2026-W41.")]
MatrixOption = Annotated[Path | None, typer.Option("--matrix", help="Roads as from,to,metres,seconds[,season] in CSV, XLSX or Parquet.")]
IterationsOption = Annotated[
    int | None, typer.Option("--iterations", min=1, help="How long to search; the same number gives the same plan.")
]
SeedOption = Annotated[int | None, typer.Option("--seed", min=0, help="Of the search.")]
RouteOption = Annotated[str, typer.Option("--route", help="One route only, by its code.")]


def register(app: typer.Typer) -> None:
    """Hang this room's commands on the front door."""
    routes = typer.Typer(no_args_is_help=True, help="Routes of the post vehicles.")
    routes.command("plan")(plan)
    routes.command("compare")(compare)
    routes.command("export")(export)
    manifest_commands.register(routes)
    calibrate_commands.register(routes)
    closure_commands.register(routes)
    coverage_commands.register(routes)
    road_commands.register(routes)
    app.add_typer(routes, name="routes")


def plan(
    context: typer.Context,
    week: WeekOption,
    scope: Annotated[
        Scope, typer.Option(help="Plan each district alone, each oblast with all its offices, or the whole country.")
    ] = Scope.DISTRICT,
    matrix: MatrixOption = None,
    iterations: IterationsOption = None,
    seed: SeedOption = None,
) -> Answer:
    """Plan the routes that bring a week's built packets to the villages. Safe to run twice."""
    desk = desk_of(context)
    with desk.opened(_search_settings(iterations, seed)) as home:
        request, complaints = asked(home, desk.quiet, week, scope, matrix)
        with home.database.read() as session:
            done = not request.open_calls and book.all_under_way(session, request.week)
            known = done or book.unchanged(session, request.week, request.digest)
        made = _known(home, request.week) if known else _made(home, desk, request, complaints)
        return _planned(made, not known, complaints, len(request.kept), done)


def compare(
    context: typer.Context, week: WeekOption, matrix: MatrixOption = None, iterations: IterationsOption = None, seed: SeedOption = None
) -> Answer:
    """What the week's routes cost there and back, by district, by oblast and by country. Saves nothing."""
    desk = desk_of(context)
    with desk.opened(_search_settings(iterations, seed)) as home:
        request, complaints = asked(home, desk.quiet, week, Scope.DISTRICT, matrix, Scope.COUNTRY)
        with progress(_("Planning routes"), comparing_steps(request), desk.quiet) as tick:
            costs = compared(request, home.settings.workers, tick)
    if not any(cost.stops for cost in costs):
        raise _nothing_reached(request.week, costs[-1].unplanned, complaints)
    rows = [asdict(cost) | {"unplanned": [_contract(each) for each in cost.unplanned]} for cost in costs]
    return Answer({"week": request.week, "ways": rows}, _savings(costs), [_costs_sheet(request.week, costs)], complaints)


def _search_settings(iterations: int | None, seed: int | None) -> dict[str, Any] | None:
    chosen = {name: value for name, value in (("iterations", iterations), ("seed", seed)) if value is not None}
    return {"routes": chosen} if chosen else None


def _known(home: Home, week: str) -> Plan:
    with home.database.read() as session:
        return book.current_plan(session, week)


def _made(home: Home, desk: Desk, request: Request, complaints: tuple[Complaint, ...]) -> Plan:
    with progress(_("Planning routes"), steps(request.open_calls, request.fleet, request.scope), desk.quiet) as tick:
        drafted = answer(request, home.settings.workers, tick)
    if not drafted.routes:
        raise _nothing_reached(request.week, drafted.unplanned, complaints)
    with home.database.write() as session:
        return book.save(session, drafted, request.digest)


def _nothing_reached(week: str, unplanned: Sequence[Unplanned], complaints: tuple[Complaint, ...]) -> NoPlan:
    return NoPlan(
        _("No vehicle can reach any village of the week {week}.").format(week=week),
        _("Each village is named with its reason. Nothing was saved."),
        (*complaints, *(_complaint(each) for each in unplanned)),
    )


def _planned(made: Plan, changed: bool, complaints: tuple[Complaint, ...], kept: int, done: bool) -> Answer:
    data = {
        "plan": made.code,
        "week": made.week,
        "scope": made.scope,
        "changed": changed,
        "routes": len(made.routes),
        "stops": len(made.stops),
        "packets": sum(stop.packets_out for stop in made.stops),
        "metres": made.metres,
        "unplanned": [_contract(each) for each in made.unplanned],
    }
    lines = [_summary(made)]
    if kept and changed:
        lines.append(_("Routes under way that stay as they are: {count}.").format(count=kept))
    if done:
        lines.append(_("Every route of this week is under way: nothing remains to plan."))
    elif not changed:
        lines.append(_("Nothing has changed since this plan was made."))
    refused = [_complaint(each) for each in made.unplanned]
    return Answer(data, lines, [_routes_sheet(made)], [*complaints, *refused], waiting=bool(made.unplanned))


def export(
    context: typer.Context,
    week: WeekOption,
    to: Annotated[Path | None, typer.Option(help="Write it to this file too: .json, .geojson, .csv, .xlsx or .parquet.")] = None,
) -> Answer:
    """The plan in force: every route with its stops, and the villages on none."""
    with desk_of(context).opened() as home:
        made = _known(home, str(StudyWeek.parse(week)))
        data: dict[str, Any] = {
            "routes": [route.contract() for route in made.routes],
            "unplanned": [_contract(each) for each in made.unplanned],
        }
        if to is not None:
            write_plan(to, made, dict(data))
            data["files"] = [home.named(to)]
    return Answer(data, [_summary(made)], [_routes_sheet(made), *_unplanned_sheets(made)])


def _summary(made: Plan) -> str:
    text = ngettext(
        "Plan {code}: {count} route, {stops} stops, {km} km.", "Plan {code}: {count} routes, {stops} stops, {km} km.", len(made.routes)
    )
    return text.format(code=made.code, count=len(made.routes), stops=len(made.stops), km=_km(made.metres))


def _contract(each: Unplanned) -> dict[str, str]:
    return {"kato": each.kato, "reason": each.reason, "text": sentence(each)}


def _complaint(each: Unplanned) -> Complaint:
    return Complaint(each.reason, f"{each.kato}: {sentence(each)}", value=each.kato, refused=False)


def _routes_sheet(made: Plan) -> Sheet:
    headings = (_("Route"), _("Date"), _("Vehicle"), _("Stops"), _("Packets"), _("kg"), _("km"), _("Departs"), _("Back at"))
    rows = [
        (
            *(route.code, route.date, route.vehicle, len(route.stops), route.packets_out),
            *(kilograms(route.max_load_grams), _km(route.metres), route.depart, route.back_at),
        )
        for route in made.routes
    ]
    return Sheet(_("Routes of {week}").format(week=made.week), headings, rows)


def _unplanned_sheets(made: Plan) -> list[Sheet]:
    rows = [(each.kato, sentence(each)) for each in made.unplanned]
    return [Sheet(_("Villages on no route"), (_("KATO"), _("Why")), rows)] if rows else []


WAYS = {
    THERE_AND_BACK: N_("There and back to every village"),
    Scope.DISTRICT.value: N_("By district"),
    Scope.OBLAST.value: N_("By oblast"),
    Scope.COUNTRY.value: N_("The whole country"),
}
SAVED = {
    Scope.OBLAST.value: N_("Open borders between districts save {km} km a week."),
    Scope.COUNTRY.value: N_("Open borders between oblasts save {km} km a week more."),
}


def _costs_sheet(week: str, costs: Sequence[Cost]) -> Sheet:
    headings = ("", _("km"), _("km saved"), _("Routes"), _("Stops"), _("Packets"), _("Villages on no route"))
    rows = [
        (
            *(_(WAYS[cost.way]), _km(cost.metres), "" if cost.saved_metres is None else _km(cost.saved_metres)),
            *(cost.routes, cost.stops, cost.packets, len({each.kato for each in cost.unplanned})),
        )
        for cost in costs
    ]
    return Sheet(_("What the routes of {week} cost").format(week=week), headings, rows)


def _savings(costs: Sequence[Cost]) -> list[str]:
    """What open borders save; a sentence where two ways do not serve the same villages and cannot be compared."""
    saved = ((SAVED[cost.way], cost.saved_metres or 0) for cost in costs if cost.way in SAVED)
    lines = [_(sentence).format(km=_km(metres)) for sentence, metres in saved if metres > 0]
    if any(cost.saved_metres is None for cost in costs[1:]):
        lines.append(_("Kilometres saved are told only where the same villages are served."))
    return lines


def _km(metres: int) -> str:
    return f"{metres / 1000:.1f}"
