"""The judge of plans: it finds nothing in a good plan, and each kind of broken one by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from records.errors import IntegrityFailed
from routing.plan import Plan, PlannedRoute, Stop, Unplanned
from routing.request import Request, answer, require_sound
from routing.verify import Fault, faults, legs_of
from tests.routing.weeks import call, days, depot, random_request, request

DEPOTS = (depot(), depot("150500", 54.4, 69.6, "593640100"))


def judged(wanted: Request, plan: Plan) -> list[Fault]:
    """What the judge says."""
    legs = legs_of(plan, wanted.calls, wanted.fleet, wanted.roads)
    return faults(plan, wanted.calls, wanted.fleet, legs, wanted.roads.settings.service_minutes, wanted.kept)


@pytest.fixture(scope="module")
def good() -> tuple[Request, Plan]:
    """Two offices, small vehicles, a village with mail days, one with two visits, one without a road: several routes of several stops."""
    calls = [call(f"5936302{place:02d}", 54.05 + place * 0.05, 69.05 + place * 0.06) for place in range(8)]
    calls.append(call("593630300", 54.1, 69.1, days=("tue", "thu")))
    calls.append(call("593630301", 54.2, 69.2, visits=2))
    calls.append(call("593630302", None, None))
    fleet = days(payload=5_000, weekdays=("mon", "tue", "wed", "thu")) + days("150500", payload=5_000, weekdays=("mon", "tue", "thu"))
    wanted = request(calls, fleet, DEPOTS)
    return wanted, answer(wanted, 1)


def first_route(plan: Plan, **changes: object) -> Plan:
    """The plan with its first route changed."""
    return replace(plan, routes=(replace(plan.routes[0], **changes), *plan.routes[1:]))


def first_stop(plan: Plan, **changes: object) -> Plan:
    """The plan with the first stop of its first route changed."""
    stops = plan.routes[0].stops
    return first_route(plan, stops=(replace(stops[0], **changes), *stops[1:]))


def a_stop(plan: Plan) -> Stop:
    return plan.routes[0].stops[0]


def routed(plan: Plan, change: Callable[[PlannedRoute], PlannedRoute]) -> Plan:
    return replace(plan, routes=tuple(change(route) for route in plan.routes))


def on_a_wrong_day(plan: Plan) -> Plan:
    """The village with mail days stands on a route of another day."""
    place = next(n for n, route in enumerate(plan.routes) if any(stop.kato == "593630300" for stop in route.stops))
    routes = list(plan.routes)
    routes[place] = replace(routes[place], day="mon")
    return replace(plan, routes=tuple(routes))


BROKEN: dict[str, Callable[[Plan], Plan]] = {
    "visit_missing": lambda plan: first_route(plan, stops=plan.routes[0].stops[1:]),
    "visit_twice": lambda plan: replace(plan, unplanned=(*plan.unplanned, Unplanned(a_stop(plan).kato, "no_vehicle", 1, 1))),
    "visit_unasked": lambda plan: first_stop(plan, kato="593639999"),
    "reason_unknown": lambda plan: replace(plan, unplanned=tuple(replace(each, reason="tired") for each in plan.unplanned)),
    "vehicle_unknown": lambda plan: first_route(plan, vehicle="UAZ-9"),
    "vehicle_twice": lambda plan: replace(plan, routes=(*plan.routes, plan.routes[0])),
    "same_day": lambda plan: first_route(plan, stops=(*plan.routes[0].stops, plan.routes[0].stops[0])),
    "packets_lost": lambda plan: first_stop(plan, packets_out=a_stop(plan).packets_out - 1),
    "mail_day": on_a_wrong_day,
    "order": lambda plan: first_stop(plan, order=7),
    "empty_route": lambda plan: first_route(plan, stops=()),
    "depot": lambda plan: first_route(plan, lat=50.0),
    "date": lambda plan: first_route(plan, date="2026-10-05"),
    "day_length": lambda plan: first_route(plan, minutes=601),
    "payload": lambda plan: routed(
        plan, lambda route: replace(route, stops=tuple(replace(stop, grams_back=5_001) for stop in route.stops))
    ),
    "max_load": lambda plan: first_route(plan, max_load_grams=plan.routes[0].max_load_grams - 1),
    "leg": lambda plan: first_stop(plan, leg_metres=a_stop(plan).leg_metres - 1),
    "source": lambda plan: first_stop(plan, source="matrix"),
    "metres": lambda plan: first_route(plan, metres=plan.routes[0].metres - 1),
    "minutes": lambda plan: first_route(plan, minutes=plan.routes[0].minutes - 1),
    "depart": lambda plan: first_route(plan, depart="07:59"),
    "arrive": lambda plan: first_stop(plan, arrive="07:59"),
    "service": lambda plan: first_stop(plan, service_minutes=1),
    "no_road": lambda plan: first_stop(plan, kato="593630302"),
}


def test_a_good_plan_has_no_fault(good: tuple[Request, Plan]) -> None:
    """And it is worth judging: several routes, several stops, one village left out."""
    wanted, plan = good
    assert judged(wanted, plan) == []
    assert len(plan.routes) >= 3
    assert max(len(route.stops) for route in plan.routes) >= 3
    assert [each.kato for each in plan.unplanned] == ["593630302"]


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_plan_is_called_by_its_fault(kind: str, good: tuple[Request, Plan]) -> None:
    """Each way to break a plan is found under its own name."""
    wanted, plan = good
    assert kind in {fault.kind for fault in judged(wanted, BROKEN[kind](plan))}


def test_stops_in_another_order_are_found(good: tuple[Request, Plan]) -> None:
    """A route whose first two stops change places no longer has the legs it says."""
    wanted, plan = good
    one, two, *rest = plan.routes[0].stops
    swapped = first_route(plan, stops=(replace(two, order=1), replace(one, order=2), *rest))
    assert {"leg", "arrive"} & {fault.kind for fault in judged(wanted, swapped)}


def test_a_plan_with_a_fault_is_not_answered(good: tuple[Request, Plan]) -> None:
    """IntegrityFailed names every fault, so nothing false is saved."""
    wanted, plan = good
    with pytest.raises(IntegrityFailed) as refused:
        require_sound(wanted, first_route(plan, metres=1))
    assert [complaint.code for complaint in refused.value.complaints] == ["metres"]


@pytest.mark.parametrize("seed", range(120))
def test_random_weeks_have_no_fault(seed: int) -> None:
    """Tight vehicles, odd mail days, several visits, places without roads: whatever is asked, the plan keeps every rule."""
    wanted = random_request(seed)
    assert judged(wanted, answer(wanted, 1)) == []
