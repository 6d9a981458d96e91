"""`poshta routes replan`: the week without a vehicle, a road or a village, with as little changed as can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import NotAllowed
from records.language import N_, _
from records.terminal import Answer, Sheet
from routing import book
from routing.asked import asked
from routing.plan import Plan
from routing.replan import Moved, Replanned, replanned
from routing.request import Request
from routing.roads import MATRIX
from routing.scopes import Scope
from routing.told import MatrixOption, WeekOption, complaint, contract, km, nothing_reached, routes_sheet, summary
from routing.waiting import MAY_WAIT
from routing.without import parse, require_known

CHANGES = {"added": N_("added"), "removed": N_("removed"), "moved": N_("moved"), "retimed": N_("at another time")}
WithoutOption = Annotated[
    list[str] | None,
    typer.Option("--without", help="vehicle:OFFICE/VEHICLE, leg:FROM-TO (both ways) or village:KATO; may be said several times."),
]


def register(routes: typer.Typer) -> None:
    """Hang this command on `routes`."""
    routes.command("replan")(replan)


def replan(
    context: typer.Context,
    week: WeekOption,
    without: WithoutOption = None,
    matrix: MatrixOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would change and change nothing.")] = False,
) -> Answer:
    """Change a plan only where it must change: without what is named, and without what the desk knows to be out of service or closed now."""
    desk, study, named = desk_of(context), str(StudyWeek.parse(week)), parse(without or [])
    with desk.opened() as home:
        with home.database.read() as session:
            before = book.current_plan(session, study)
        flags = {"on_schedule": any(route.kind == "schedule" for route in before.routes)}
        flags["overnight"] = home.settings.routes.overnight or any(route.kind == "overnight" for route in before.routes)
        request, complaints = asked(home, desk.quiet, study, Scope(before.scope), matrix)
        request = request.with_settings(**flags)
        _require_matrix(before, request)
        require_known(named, before, request.calls, request.fleet)
        found = replanned(request, before, named, home.settings.workers)
        changed = bool(found.moved) or {*found.plan.unplanned} != {*before.unplanned}
        if not found.plan.routes:
            raise nothing_reached(study, found.plan.unplanned, complaints)
        made = before
        if changed and not dry_run:
            with home.database.write() as session:
                made = book.save(session, found.plan, found.request.digest)
        elif changed:
            made = found.plan
    return _answer(before, made, found, changed, dry_run, [*complaints, *(complaint(each) for each in made.unplanned)])


def _require_matrix(before: Plan, request: Request) -> None:
    """A plan by a matrix is replanned by a matrix: without it every leg would be another one."""
    measured = any(source == MATRIX for route in before.routes for source in (route.return_source, *(stop.source for stop in route.stops)))
    if measured and request.roads.matrix is None:
        raise NotAllowed(
            _("The plan {plan} was made with a matrix of roads.").format(plan=before.code),
            _("Give the same one again with --matrix, else every leg would change."),
        )


def _answer(before: Plan, made: Plan, found: Replanned, changed: bool, dry_run: bool, complaints: Sequence[Any]) -> Answer:
    moved = found.moved if changed else ()
    kept = [route.code for route in found.same]
    new = [route.code for route in made.routes if route.code not in kept] if changed else []
    data: dict[str, Any] = {
        "plan": made.code,
        "before": before.code,
        "week": before.week,
        "changed": changed,
        "dry_run": dry_run,
        "without": list(found.request.without),
        "kept": kept if changed else [route.code for route in before.routes],
        "dropped": [route.code for route in before.routes if route.code not in kept] if changed else [],
        "new": new if not dry_run else [],
        "stops": [asdict(each) for each in moved],
        "metres_before": before.metres,
        "metres": made.metres,
        "unplanned": [contract(each) for each in made.unplanned],
    }
    waiting = any(each.reason != MAY_WAIT for each in made.unplanned)
    if not changed:
        return Answer(data, [_("Nothing has to change.")], complaints=complaints, waiting=waiting)
    lines = [
        _("Routes that stay as they are: {kept}; given up: {dropped}; new: {new}.").format(
            kept=len(kept), dropped=len(data["dropped"]), new=len(made.routes) - len(kept)
        ),
        _("{before} km before, {after} km now.").format(before=km(before.metres), after=km(made.metres)),
    ]
    if dry_run:
        lines.append(_("This was a trial: nothing was written."))
    else:
        lines = [
            summary(made),
            *lines,
            _("Print the manifests of the new routes: `poshta routes manifest --week {week}`.").format(week=made.week),
        ]
    return Answer(data, lines, [routes_sheet(made), *_moved_sheets(moved)], complaints, waiting=waiting)


def _moved_sheets(moved: Sequence[Moved]) -> list[Sheet]:
    rows = [(each.kato, _(CHANGES[each.change]), each.before, each.after) for each in moved]
    return [Sheet(_("What changed"), (_("KATO"), _("Change"), _("Where it was"), _("Where it is")), rows)] if rows else []
