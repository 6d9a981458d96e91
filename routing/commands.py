"""The commands of routes: plan, compare, export, manifest, handover. Each opens the home, calls the room, and returns an Answer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from records.calendar import StudyWeek
from records.desk import Desk, desk_of
from records.errors import Complaint
from records.home import Home
from records.language import _
from records.terminal import Answer, progress
from routing import (
    book,
    calibrate_commands,
    closure_commands,
    compare_commands,
    coverage_commands,
    manifest_commands,
    map_commands,
    replan_commands,
    road_commands,
    schedule_commands,
    week_days,
)
from routing.asked import asked
from routing.draft import steps
from routing.files import write_plan
from routing.plan import OVERNIGHT, SCHEDULE, Plan
from routing.request import Request, answer
from routing.request import on_schedule as riding
from routing.scopes import Scope
from routing.told import (
    IterationsOption,
    MatrixOption,
    SeedOption,
    WeekOption,
    complaint,
    contract,
    nothing_reached,
    routes_sheet,
    search_settings,
    summary,
    unplanned_sheets,
)
from routing.waiting import MAY_WAIT


def register(app: typer.Typer) -> None:
    """Hang this room's commands on the front door."""
    routes = typer.Typer(no_args_is_help=True, help="Routes of the post vehicles.")
    routes.command("plan")(plan)
    compare_commands.register(routes)
    routes.command("export")(export)
    manifest_commands.register(routes)
    calibrate_commands.register(routes)
    closure_commands.register(routes)
    coverage_commands.register(routes)
    map_commands.register(routes)
    road_commands.register(routes)
    replan_commands.register(routes)
    schedule_commands.register(routes)
    week_days.register(routes)
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
    on_schedule: Annotated[
        bool | None,
        typer.Option(
            "--on-schedule/--afresh", help="Keep the post's existing routes that work and plan only the rest; or plan all afresh."
        ),
    ] = None,
    overnight: Annotated[
        bool | None, typer.Option("--overnight/--no-overnight", help="Plan trips with a night for villages that are too far for a day.")
    ] = None,
) -> Answer:
    """Plan the routes that bring a week's built packets to the villages. Safe to run twice."""
    desk = desk_of(context)
    with desk.opened(search_settings(iterations, seed, on_schedule=on_schedule, overnight=overnight)) as home:
        request, complaints = asked(home, desk.quiet, week, scope, matrix)
        with home.database.read() as session:
            done = not request.open_calls and book.all_under_way(session, request.week)
            known = done or book.unchanged(session, request.week, request.digest)
        made = _known(home, request.week) if known else _made(home, desk, request, complaints)
        return _planned(made, not known, (*complaints, *_of_schedule(request)), len(request.kept), done)


def _of_schedule(request: Request) -> tuple[Complaint, ...]:
    """What is said of existing routes, where the plan keeps them."""
    if not request.roads.settings.on_schedule:
        return ()
    if request.schedule.routes:
        return riding(request)[2]
    text, hint = _("No existing route is known: everything was planned afresh."), _("`poshta routes import-schedule` takes them in.")
    return (Complaint("no_schedule", text, hint, refused=False),)


def _known(home: Home, week: str) -> Plan:
    with home.database.read() as session:
        return book.current_plan(session, week)


def _made(home: Home, desk: Desk, request: Request, complaints: tuple[Complaint, ...]) -> Plan:
    with progress(_("Planning routes"), steps(request.open_calls, request.fleet, request.scope), desk.quiet) as tick:
        drafted = answer(request, home.settings.workers, tick)
    if not drafted.routes:
        raise nothing_reached(request.week, drafted.unplanned, complaints)
    with home.database.write() as session:
        return book.save(session, drafted, request.digest)


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
        "on_schedule": sum(route.kind == SCHEDULE for route in made.routes),
        "overnight": sum(route.kind == OVERNIGHT for route in made.routes),
        "unplanned": [contract(each) for each in made.unplanned],
    }
    lines = [summary(made)]
    if data["overnight"]:
        lines.append(_("Trips with a night: {count}.").format(count=data["overnight"]))
    if data["on_schedule"]:
        lines.append(_("Existing routes that carry packets: {count}.").format(count=data["on_schedule"]))
    if kept and changed:
        lines.append(_("Routes under way that stay as they are: {count}.").format(count=kept))
    if done:
        lines.append(_("Every route of this week is under way: nothing remains to plan."))
    elif not changed:
        lines.append(_("Nothing has changed since this plan was made."))
    refused = [complaint(each) for each in made.unplanned]
    return Answer(
        data, lines, [routes_sheet(made)], [*complaints, *refused], waiting=any(each.reason != MAY_WAIT for each in made.unplanned)
    )


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
            "unplanned": [contract(each) for each in made.unplanned],
        }
        if to is not None:
            write_plan(to, made, dict(data))
            data["files"] = [home.named(to)]
    return Answer(data, [summary(made)], [routes_sheet(made), *unplanned_sheets(made)])
