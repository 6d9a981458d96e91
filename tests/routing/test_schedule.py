"""Packets on the post's existing routes: who rides, what a detour costs, what is left over and why; and the rest planned round them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.plan import SCHEDULE, Plan
from routing.request import Request, answer, as_today, judged
from routing.stops import Call
from tests.routing.weeks import call, days, existing, replace_settings, request, schedule, scheduled_request

HERE = [call("593630200", 54.1, 69.0), call("593630201", 54.2, 69.0), call("593630202", 54.3, 69.0)]
PASSED = {"593630190": (54.15, 69.0)}


def week(calls: list[Call], *routes: object, passed: dict[str, tuple[float, float]] | None = None, **settings: object) -> Request:
    """A week of one van, Monday to Saturday, with these existing routes."""
    wanted = request(calls, days(), settings=replace_settings(**settings))
    return replace(wanted, schedule=schedule(*routes, calls=calls, passed=passed or {}))


def reasons(wanted: Request) -> dict[str, str]:
    """Why each village is left over today."""
    return {each.kato: each.reason for each in as_today(wanted)[0].unplanned}


def test_packets_on_an_existing_route_cost_no_kilometre() -> None:
    """Its calls in order, what is passed without a packet counted in time and way, and only the exchanges take longer."""
    walk = ["593630200", "593630190", "593630202"]
    plan, found = as_today(week([HERE[0], HERE[2]], existing("3", walk), passed=PASSED))
    (route,), (score,) = plan.routes, found.scores
    assert (route.kind, route.schedule, route.day, score.extra_metres, plan.unplanned) == (SCHEDULE, "3", "tue", 0, ())
    assert [(stop.kato, stop.via) for stop in route.stops] == [("593630200", ()), ("593630202", ("593630190",))]
    assert score.extra_minutes == 2 * (10 - 5)


def test_the_earliest_run_takes_the_packets() -> None:
    """Of a route that drives on three days, on the first that is a mail day; two visits stand on two of its days."""
    calls = [replace(HERE[0], days=("wed", "thu", "fri")), replace(HERE[1], visits=2)]
    plan, _found = as_today(week(calls, existing("3", ["593630200", "593630201"], ("tue", "thu"))))
    assert [(route.day, [(stop.kato, stop.packets_out, stop.packets_back) for stop in route.stops]) for route in plan.routes] == [
        ("tue", [("593630201", 5, 0)]),
        ("thu", [("593630200", 5, 5), ("593630201", 0, 5)]),
    ]


def test_a_village_beside_the_way_is_worth_a_small_detour() -> None:
    """Its kilometres are the score's; beyond the setting it is left over, and says so."""
    beside = call("593630203", 54.2, 69.03)
    wanted = week([HERE[0], beside], existing("3", ["593630200", "593630202"]), passed={"593630202": (54.3, 69.0)})
    plan, found = as_today(wanted)
    assert plan.unplanned == ()
    assert 0 < found.scores[0].extra_metres < 10_000
    assert [stop.kato for stop in plan.routes[0].stops] == ["593630200", "593630203"]
    strict = replace(wanted, roads=replace(wanted.roads, settings=replace_settings(detour_metres=100)))
    assert reasons(strict) == {"593630203": "no_route"}


def test_every_village_left_over_has_a_true_reason() -> None:
    """And without that cause it rides."""
    stop = HERE[0]
    three = existing("3", [stop.kato])
    assert reasons(week([stop], existing("3", ["593630190"]), passed={"593630190": (53.9, 69.1)}, detour_metres=0)) == {
        stop.kato: "no_route"
    }
    assert reasons(week([replace(stop, days=("mon",))], three)) == {stop.kato: "no_mail_day"}
    assert reasons(week([replace(stop, grams_out=90_000)], three)) == {stop.kato: "over_capacity"}
    assert reasons(week([replace(stop, grams_out=90_000)], three, free_share=1.0)) == {}
    assert reasons(week([stop], existing("3", [stop.kato], vehicle="GAZ"))) == {stop.kato: "no_vehicle"}
    assert reasons(week([replace(stop, visits=2)], three)) == {stop.kato: "no_mail_day"}
    far = replace(week([stop], three), fleet=replace(week([stop], three).fleet, days=days(minutes=20)))
    assert reasons(far) == {stop.kato: "too_far"}
    assert reasons(week([stop], three)) == {}


def test_what_does_not_work_is_told() -> None:
    """A route without a vehicle, one that is longer than a day, and a place that nobody knows."""
    routes = (existing("3", ["593630200"], vehicle="GAZ"), existing("4", ["593630201", "593630999"]))
    _plan, found = as_today(week(HERE, *routes))
    assert [each.code for each in found.complaints] == ["schedule_without_vehicle", "schedule_place_unknown"]
    wanted = week(HERE, existing("3", ["593630202"]))
    _plan, found = as_today(replace(wanted, fleet=replace(wanted.fleet, days=days(minutes=30))))
    assert [each.code for each in found.complaints] == ["schedule_unfit"]


def test_the_rest_is_planned_round_the_existing_routes() -> None:
    """Their vans drive nothing else on their days; what rides is not planned again."""
    far = call("593630205", 53.5, 69.8)
    wanted = week([*HERE, far], existing("3", [each.kato for each in HERE], ("mon", "tue")), on_schedule=True)
    plan = answer(wanted, 1)
    assert [(route.kind, route.day, len(route.stops)) for route in plan.routes] == [("schedule", "mon", 3), ("planned", "wed", 1)]
    assert plan.unplanned == ()
    busy = week([*HERE, far], existing("3", [each.kato for each in HERE], ("mon", "tue", "wed", "thu", "fri", "sat")), on_schedule=True)
    assert [each.reason for each in answer(busy, 1).unplanned] == ["no_vehicle"]


def test_a_second_visit_that_no_run_makes_is_planned() -> None:
    """On another day, and it brings the packets back."""
    wanted = week([replace(HERE[0], visits=2)], existing("3", ["593630200"]), on_schedule=True)
    stops = [(route.kind, stop.visit, stop.packets_out, stop.packets_back) for route in answer(wanted, 1).routes for stop in route.stops]
    assert sorted(stops, reverse=True) == [("schedule", 1, 5, 0), ("planned", 2, 0, 5)]


@pytest.mark.parametrize("seed", range(120))
def test_random_weeks_on_existing_routes_have_no_fault(seed: int) -> None:
    """Neither as they run today nor with the rest planned; every visit rides, is planned or has a reason."""
    wanted = scheduled_request(seed)
    plan, _found = as_today(wanted)
    assert judged(wanted, plan) == []
    planned = replace(wanted, roads=replace(wanted.roads, settings=wanted.roads.settings.model_copy(update={"on_schedule": True})))
    assert judged(planned, answer(planned, 1)) == []


def test_routes_under_way_stay_beside_the_existing_ones() -> None:
    """A run that left is neither driven again nor told as lacking its vehicle."""
    wanted = week([*HERE, call("593630205", 53.5, 69.8)], existing("3", [each.kato for each in HERE], ("mon", "thu")), on_schedule=True)
    kept = tuple(replace(route, code="A-1") for route in answer(wanted, 1).routes if route.kind == SCHEDULE)
    later = replace(wanted, kept=kept)
    plan = answer(later, 1)
    assert set(kept) < set(plan.routes)
    assert [route.kind for route in plan.routes if route not in kept] == ["planned"]
    assert judged(later, plan) == []


def test_the_judge_knows_the_existing_routes() -> None:
    """Each way to misuse one is found under its own name."""
    wanted = week([*HERE, call("593630205", 53.5, 69.8)], existing("3", [each.kato for each in HERE], ("mon", "tue")), on_schedule=True)
    plan = answer(wanted, 1)
    run = next(route for route in plan.routes if route.kind == SCHEDULE)
    own = next(route for route in plan.routes if route.kind != SCHEDULE)
    tight = replace(wanted, roads=replace(wanted.roads, settings=replace_settings(on_schedule=True, free_share=0.01)))
    named = replace(wanted, schedule=schedule(existing("3", [each.kato for each in HERE], ("mon", "tue"), vehicle="GAZ"), calls=HERE))
    broken = {
        "schedule_unknown": (wanted, replace(run, schedule="4"), own),
        "schedule_walk": (wanted, replace(run, stops=run.stops[::-1]), own),
        "schedule_van": (wanted, run, replace(own, day="tue", date="2026-09-29")),
        "schedule_load": (tight, run, own),
        "schedule_vehicle": (named, run, own),
    }
    for kind, (asked, *routes) in broken.items():
        spoilt = Plan(plan.week, plan.scope, tuple(routes), plan.unplanned)
        assert kind in {fault.kind for fault in judged(asked, spoilt)}, kind


def test_the_judge_measures_detours() -> None:
    """A call off the route that costs more than the setting allows is a fault."""
    beside = call("593630203", 54.2, 69.03)
    wanted = week([HERE[0], beside], existing("3", ["593630200", "593630202"]), passed={"593630202": (54.3, 69.0)})
    plan, _found = as_today(wanted)
    strict = replace(wanted, roads=replace(wanted.roads, settings=replace_settings(detour_metres=100)))
    assert [fault.kind for fault in judged(strict, plan)] == ["schedule_detour"]
