"""What a week's routes would cost today, by district, by oblast, over the whole country, and with a trip of its own for every visit.

`routes compare` shows it; nothing is saved. Every plan is judged as one that is to be driven (routing/request). Routes under way are planned
again like all others: the question is what the week costs, not what is left of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from records.errors import Complaint
from records.terminal import Ticker
from routing.draft import steps
from routing.plan import Unplanned
from routing.reasons import reach, sort_out
from routing.request import EXISTING, Request, answer, as_today
from routing.schedule import Score
from routing.scopes import Model, Scope, models
from routing.stops import Call

THERE_AND_BACK = "there_and_back"


@dataclass(frozen=True, slots=True)
class RunCost:
    """What one run of an existing route carries, beside what ordinary mail leaves free, and what it drives and works more for that."""

    schedule: str
    office: str
    day: str
    vehicle: str
    stops: int
    packets: int
    load_grams: int
    free_grams: int
    metres: int
    extra_metres: int
    extra_minutes: int


@dataclass(frozen=True, slots=True)
class Cost:
    """One way to bring the week's packets; `saved_metres` against the one before, None where they do not make the same visits.

    Of existing routes, which are driven anyway, `extra_metres` and `extra_minutes` are driven and worked for packets alone.
    """

    way: str
    metres: int
    routes: int
    stops: int
    packets: int
    unplanned: tuple[Unplanned, ...]
    saved_metres: int | None = None
    extra_metres: int | None = None
    extra_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """The week on the post's existing routes: its cost, run by run, and what is said of routes that do not work."""

    cost: Cost
    runs: tuple[RunCost, ...]
    complaints: tuple[Complaint, ...]


def today(request: Request) -> Today | None:
    """The week as the existing routes can carry it; None where the desk knows none."""
    if not request.schedule.routes:
        return None
    plan, found = as_today(nobody_waits(request))
    runs = tuple(_run(score) for score in found.scores)
    packets = sum(run.packets for run in runs)
    extra = sum(run.extra_metres for run in runs), sum(run.extra_minutes for run in runs)
    return Today(Cost(EXISTING, plan.metres, len(runs), len(plan.stops), packets, plan.unplanned, None, *extra), runs, found.complaints)


def nobody_waits(request: Request) -> Request:
    """The same week with every village served: ways are compared that bring the same packets."""
    return replace(request, calls=tuple(replace(call, worth=None) for call in request.calls))


def _run(score: Score) -> RunCost:
    route = score.route
    figures = (len(route.stops), route.packets_out, route.max_load_grams, score.free_grams, route.metres)
    return RunCost(route.schedule, route.office, route.day, route.vehicle, *figures, score.extra_metres, score.extra_minutes)


def compared(request: Request, processes: int, tick: Ticker | None = None) -> list[Cost]:
    """There and back, by district, by oblast, by country, in this order, all without existing routes; `tick` counts `comparing_steps`."""
    settings = request.roads.settings.model_copy(update={"on_schedule": False})
    week = nobody_waits(replace(request, kept=(), roads=replace(request.roads, settings=settings)))
    costs = [there_and_back(week), *(_planned(replace(week, scope=scope), processes, tick) for scope in Scope)]
    return [costs[0], *(_against(before, cost) for before, cost in pairwise(costs))]


def comparing_steps(request: Request) -> int:
    """What `compared` counts."""
    return sum(steps(request.calls, request.fleet, scope) for scope in Scope)


def there_and_back(request: Request) -> Cost:
    """Every visit that a vehicle can make at all, alone, from the office with the shortest way; vehicle-days are not counted."""
    found = models(request.calls, request.fleet, request.roads, Scope.COUNTRY)
    sorted_out = [(model, *sort_out(model, request.roads.settings.service_minutes)) for model in found]
    metres = sum(sum(_lone_metres(model, visits, request.roads.settings.service_minutes)) for model, visits, _hopeless in sorted_out)
    made = [visit for _model, visits, _hopeless in sorted_out for visit in visits]
    refused = tuple(each for _model, _visits, hopeless in sorted_out for each in hopeless)
    return Cost(THERE_AND_BACK, metres, len(made), len(made), sum(visit.packets_out for visit in made), refused)


def _lone_metres(model: Model, visits: Sequence[Call], service_minutes: int) -> list[int]:
    """Metres there and back of each visit, from the best of the vehicle-days that can make it."""
    if not visits:
        return []
    row_of = {depot.index: row for row, depot in enumerate(model.depots)}
    starts = np.array([row_of[each.office] for each in model.fleet])
    days = np.array([each.day for each in model.fleet])
    able = reach(model, service_minutes).free()
    column_of = {call.kato: column for column, call in enumerate(model.calls)}
    found = []
    for visit in visits:
        column = column_of[visit.kato]
        offices = starts[able[:, column] & np.isin(days, visit.days)]
        village = len(model.depots) + column
        found.append(int((model.roads.metres[offices, village] + model.roads.metres[village, offices]).min()))
    return found


def _planned(request: Request, processes: int, tick: Ticker | None) -> Cost:
    plan = answer(request, processes, tick)
    packets = sum(stop.packets_out for stop in plan.stops)
    return Cost(plan.scope, plan.metres, len(plan.routes), len(plan.stops), packets, plan.unplanned)


def _against(before: Cost, cost: Cost) -> Cost:
    alike = (before.stops, before.packets) == (cost.stops, cost.packets)
    return replace(cost, saved_metres=before.metres - cost.metres) if alike else cost
