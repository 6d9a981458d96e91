"""From calls, fleet and roads to a plan: the story of planning on one screen. No database; routing/request calls it.

Each model (routing/scopes) is sorted out, searched, mended (routing/attempt) and written down (routing/timetable); with several workers, models are
searched side by side. The country is planned oblast by oblast and then across borders (routing/country). The draft is judged by routing/verify
before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

from records.settings import RouteSettings
from records.terminal import Ticker
from records.workers import workers
from routing.attempt import Planned, plan_model
from routing.country import ROUNDS, plan_country
from routing.fleet import Fleet
from routing.plan import Plan
from routing.roads import Roads
from routing.scopes import Model, Scope, areas_of, models
from routing.stops import Call
from routing.timetable import write_down


def draft(
    week: str, calls: Sequence[Call], fleet: Fleet, roads: Roads, scope: Scope, processes: int = 1, tick: Ticker | None = None
) -> Plan:
    """The plan of a week, without codes. The same arguments give the same plan, whatever the number of processes; `tick` counts `steps`."""
    areas = models(calls, fleet, roads, scope)
    oblasts = models(calls, fleet, roads, Scope.OBLAST) if scope is Scope.COUNTRY else []
    across = any(len(oblast.fleet) < len(whole.fleet) for whole in areas for oblast in oblasts)
    with workers(processes if across or len(areas) > 1 else 1) as pool:
        counted = tick or _uncounted
        found = [plan_country(areas[0], oblasts, roads.settings, pool, counted)] if across else _each(areas, roads.settings, pool, counted)
    routes = [write_down(each.model, each.visits, trip, roads.settings.service_minutes) for each in found for trip in each.trips]
    unplanned = [missed for each in found for missed in (*each.hopeless, *each.left)]
    routes.sort(key=lambda route: (route.office, route.date, route.vehicle))
    unplanned.sort(key=lambda each: (each.kato, each.visit))
    return Plan(week, scope.value, tuple(routes), tuple(unplanned))


def steps(calls: Sequence[Call], fleet: Fleet, scope: Scope) -> int:
    """What a draft counts at most: its models, and for the country the rounds across borders."""
    return areas_of(calls, fleet, scope) if scope is not Scope.COUNTRY else areas_of(calls, fleet, Scope.OBLAST) + ROUNDS


def _each(areas: Sequence[Model], settings: RouteSettings, pool: Executor, tick: Ticker) -> list[Planned]:
    found = []
    for waiting in [pool.submit(plan_model, model, settings) for model in areas]:
        found.append(waiting.result())
        tick()
    return found


def _uncounted(steps: int = 1) -> None:
    del steps
