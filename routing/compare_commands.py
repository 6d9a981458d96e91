"""`poshta routes compare`: what a week costs on the post's existing routes and in each scope, as tables and as a picture. Saves no plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from records.calendar import DAY_WORDS
from records.desk import desk_of
from records.language import N_, _, ngettext
from records.terminal import Answer, Sheet, progress
from routing.asked import asked
from routing.compare import THERE_AND_BACK, Cost, Today, compared, comparing_steps, today
from routing.compare_picture import Bar, Picture, require_suffix, write_picture
from routing.reasons import kilograms, sentence
from routing.request import EXISTING
from routing.scopes import Scope
from routing.told import IterationsOption, MatrixOption, SeedOption, WeekOption, contract, km, nothing_reached, search_settings

WAYS = {
    EXISTING: N_("On the existing routes"),
    THERE_AND_BACK: N_("There and back to every village"),
    Scope.DISTRICT.value: N_("By district"),
    Scope.OBLAST.value: N_("By oblast"),
    Scope.COUNTRY.value: N_("The whole country"),
}
SAVED = {
    Scope.OBLAST.value: N_("Open borders between districts save {km} km a week."),
    Scope.COUNTRY.value: N_("Open borders between oblasts save {km} km a week more."),
}


def register(routes: typer.Typer) -> None:
    """Hang this command on `routes`."""
    routes.command("compare")(compare)


def compare(
    context: typer.Context,
    week: WeekOption,
    matrix: MatrixOption = None,
    iterations: IterationsOption = None,
    seed: SeedOption = None,
    out: Annotated[Path | None, typer.Option(help="Draw it to this file too: .svg, .png, .pdf or .html.", metavar="FILE")] = None,
) -> Answer:
    """What the week costs on the existing routes, there and back, by district, by oblast and by country. Saves no plan."""
    if out is not None:
        require_suffix(out)
    desk = desk_of(context)
    with desk.opened(search_settings(iterations, seed)) as home:
        request, complaints = asked(home, desk.quiet, week, Scope.DISTRICT, matrix, Scope.COUNTRY)
        with progress(_("Planning routes"), comparing_steps(request), desk.quiet) as tick:
            costs, runs = compared(request, home.settings.workers, tick), today(request)
        ways = [*([runs.cost] if runs else []), *costs]
        if not any(cost.stops for cost in ways):
            raise nothing_reached(request.week, costs[-1].unplanned, complaints)
        lines, sheets = [*_savings(costs), *_today_lines(runs)], [_costs_sheet(request.week, ways), *_run_sheets(runs)]
        data: dict[str, Any] = {"week": request.week, "ways": [_way(cost) for cost in ways]}
        data["runs"] = [asdict(run) for run in runs.runs] if runs else []
        if out is not None:
            drawn = [line for line in lines if "`" not in line]  # commands are for the desk, not for a meeting
            write_picture(out, Picture(sheets[0].title, [_bar(cost) for cost in ways], drawn, sheets))
            data["files"] = [home.named(out)]
    return Answer(data, lines, sheets, [*complaints, *(runs.complaints if runs else ())])


def _way(cost: Cost) -> dict[str, Any]:
    return asdict(cost) | {"unplanned": [contract(each) for each in cost.unplanned]}


def _bar(cost: Cost) -> Bar:
    left = _villages(cost)
    below = _("{routes} routes, {stops} stops; left over: {left}").format(routes=cost.routes, stops=cost.stops, left=left)
    if cost.extra_metres is None:
        return Bar(_(WAYS[cost.way]), below, cost.metres, cost.metres, _("{km} km").format(km=km(cost.metres)))
    value = _("{km} km, for packets {extra}").format(km=km(cost.metres), extra=km(cost.extra_metres))
    return Bar(_(WAYS[cost.way]), below, cost.metres, cost.extra_metres, value)


def _villages(cost: Cost) -> int:
    return len({each.kato for each in cost.unplanned})


def _costs_sheet(week: str, costs: Sequence[Cost]) -> Sheet:
    headings = ("", _("km"), _("of it for packets"), _("km saved"), _("Routes"), _("Stops"), _("Packets"), _("Villages on no route"))
    rows = [
        (
            *(_(WAYS[cost.way]), km(cost.metres), km(cost.metres if cost.extra_metres is None else cost.extra_metres)),
            *("" if cost.saved_metres is None else km(cost.saved_metres), cost.routes, cost.stops, cost.packets, _villages(cost)),
        )
        for cost in costs
    ]
    return Sheet(_("What the routes of {week} cost").format(week=week), headings, rows)


def _run_sheets(runs: Today | None) -> list[Sheet]:
    """The existing routes that carry packets, run by run, and the villages that they leave over."""
    if runs is None:
        return []
    headings = (
        *(_("Route"), _("Post office"), _("Day"), _("Vehicle"), _("Stops"), _("Packets")),
        *(_("kg"), _("kg free"), _("km more"), _("minutes more")),
    )
    rows = [
        (
            *(run.schedule, run.office, _(DAY_WORDS[run.day]), run.vehicle, run.stops, run.packets),
            *(kilograms(run.load_grams), kilograms(run.free_grams), km(run.extra_metres), run.extra_minutes),
        )
        for run in runs.runs
    ]
    left = [(each.kato, sentence(each)) for each in runs.cost.unplanned]
    found = [Sheet(_("Packets on the existing routes"), headings, rows)] if rows else []
    return [*found, *([Sheet(_("Villages that the existing routes leave over"), (_("KATO"), _("Why")), left)] if left else [])]


def _today_lines(runs: Today | None) -> list[str]:
    if runs is None:
        return [_("No existing route is known: `poshta routes import-schedule` takes them in.")]
    left = _villages(runs.cost)
    told = ngettext(
        "On the existing routes {packets} packets travel for {km} km and {minutes} minutes more a week; {count} village is left over.",
        "On the existing routes {packets} packets travel for {km} km and {minutes} minutes more a week; {count} villages are left over.",
        left,
    )
    extra = km(runs.cost.extra_metres or 0)
    line = told.format(packets=runs.cost.packets, km=extra, minutes=runs.cost.extra_minutes, count=left)
    return [line, _("`poshta routes plan --on-schedule` keeps these routes and plans the rest.")]


def _savings(costs: Sequence[Cost]) -> list[str]:
    """What open borders save; a sentence where two ways do not serve the same villages and cannot be compared."""
    saved = ((SAVED[cost.way], cost.saved_metres or 0) for cost in costs if cost.way in SAVED)
    lines = [_(sentence).format(km=km(metres)) for sentence, metres in saved if metres > 0]
    if any(cost.saved_metres is None for cost in costs[1:]):
        lines.append(_("Kilometres saved are told only where the same villages are served."))
    return lines
