"""Villages too far for a day: a trip with a night reaches them where a person wants it, and is said to be possible where nobody asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from records.schema import Settlement
from routing.plan import OVERNIGHT, Plan, PlannedRoute
from routing.reasons import sentence
from routing.request import Request, answer, judged
from routing.stops import Call
from tests.conftest import Poshta
from tests.routing.test_commands import WEEK, change
from tests.routing.weeks import call, days, fill_desk, random_request, replace_settings, request

FAR = call("593630200", 57.0, 69.0)  # 334 km of great circle: 7 h 47 min one way, more than a day there and back
NIGHTS = replace_settings(overnight=True)


def week(*calls: Call, weekdays: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri", "sat"), **settings: object) -> Request:
    """A week in which trips with a night are wanted."""
    return request(list(calls), days(weekdays=weekdays), settings=replace_settings(**{"overnight": True, **settings}))


def only(plan: Plan) -> PlannedRoute:
    """The one trip with a night."""
    (trip,) = (route for route in plan.routes if route.kind == OVERNIGHT)
    return trip


def test_a_village_too_far_for_a_day_is_reached_with_a_night() -> None:
    """Out on one day, home on the next; both days keep to the vehicle's, and the vehicle does nothing else on them."""
    wanted = week(FAR, call("593630201", 54.1, 69.0))
    plan = answer(wanted, 1)
    trip = only(plan)
    assert (plan.unplanned, trip.night_after, len(trip.stops)) == ((), 1, 1)
    assert (trip.date, trip.stops[0].date, trip.back_date) != (trip.date,) * 3
    assert all(minutes <= 600 for minutes in trip.day_minutes)
    assert sum(trip.day_minutes) == trip.minutes > 600
    near = next(route for route in plan.routes if route.kind != OVERNIGHT)
    assert not set(near.vehicle_days) & set(trip.vehicle_days)
    assert judged(wanted, plan) == []


def test_without_being_asked_for_it_is_told() -> None:
    """The reason stays too_far, and says that a night would do; where even a night is too short it does not."""
    (left,) = answer(week(FAR, overnight=False), 1).unplanned
    assert (left.reason, "--overnight" in sentence(left)) == ("too_far", True)
    beyond = call("593630200", 57.0, 69.0)
    (left,) = answer(request([beyond], days(minutes=300), settings=NIGHTS), 1).unplanned
    assert (left.reason, "--overnight" in sentence(left)) == ("too_far", False)


def test_far_villages_on_one_way_share_a_night() -> None:
    """One trip for both; a village of the second day stands on its date."""
    wanted = week(FAR, call("593630201", 56.6, 69.05), call("593630202", 56.8, 69.0))
    plan = answer(wanted, 1)
    assert len(only(plan).stops) == 3
    assert {stop.date for stop in only(plan).stops} <= {only(plan).date, only(plan).back_date}
    assert judged(wanted, plan) == []


def test_a_night_needs_two_days_in_a_row_and_the_mail_day_of_the_call() -> None:
    """Monday and Wednesday are no pair; a village that takes post on Tuesdays is called at on one."""
    assert [each.reason for each in answer(week(FAR, weekdays=("mon", "wed")), 1).unplanned] == ["too_far"]
    wanted = week(replace(FAR, days=("tue",)))
    trip = only(answer(wanted, 1))
    assert trip.day_of(trip.stops[0]) == "tue"
    assert judged(wanted, answer(wanted, 1)) == []


def test_one_visit_is_made_and_the_others_are_told() -> None:
    """A week has no second night for the same village."""
    wanted = week(replace(FAR, visits=2))
    plan = answer(wanted, 1)
    assert [(each.reason, each.visit) for each in plan.unplanned] == [("too_far", 2)]
    assert judged(wanted, plan) == []


def far_week(seed: int) -> Request:
    """A random week of slow vehicles and short days, in which many a village is too far; with breaks in some."""
    wanted = random_request(seed)
    fleet = tuple(
        replace(each, minutes=240, speed=(0.4, 0.5)[place % 2], break_after=100, break_minutes=seed % 3 * 20)
        for place, each in enumerate(wanted.fleet.days)
    )
    return replace(wanted, fleet=replace(wanted.fleet, days=fleet), roads=replace(wanted.roads, settings=NIGHTS))


@pytest.mark.parametrize("seed", range(80))
def test_random_weeks_with_nights_have_no_fault(seed: int) -> None:
    """Nor when routes of them are under way, trips with a night among them."""
    wanted = far_week(seed)
    plan = answer(wanted, 1)
    assert judged(wanted, plan) == []
    kept = tuple(replace(route, code=f"A-{place}") for place, route in enumerate(plan.routes) if (place + seed) % 2)
    later = replace(wanted, kept=kept)
    assert judged(later, answer(later, 1)) == []


def test_the_random_weeks_hold_nights() -> None:
    """Else the test above would prove nothing."""
    assert sum(route.kind == OVERNIGHT for seed in range(0, 80, 4) for route in answer(far_week(seed), 1).routes) > 5


def test_the_judge_knows_nights() -> None:
    """A night in the wrong place, on days that do not follow, a day that is too long, a call on the wrong date."""
    wanted = week(FAR, call("593630201", 56.6, 69.05))
    plan = answer(wanted, 1)
    trip = only(plan)
    first = trip.stops[0]
    broken = {
        "night": replace(trip, night_after=3),
        "date": replace(trip, stops=(replace(first, date=trip.back_date), *trip.stops[1:])),
        "minutes": replace(trip, minutes=trip.minutes - 60),
        "arrive": replace(trip, stops=(replace(first, arrive="08:30"), *trip.stops[1:])),
    }
    for kind, spoilt in broken.items():
        found = {fault.kind for fault in judged(wanted, replace(plan, routes=(spoilt,)))}
        assert kind in found, (kind, found)
    later = replace(trip, back_date="2026-10-02")
    assert "night" in {fault.kind for fault in judged(wanted, replace(plan, routes=(later,)))}
    short = replace(wanted, fleet=replace(wanted.fleet, days=days(minutes=400)))
    assert "day_length" in {fault.kind for fault in judged(short, plan)}
    other = replace(trip, day="tue", date="2026-09-29", kind="planned", back_date="2026-09-29", night_after=0)
    assert "vehicle_twice" in {fault.kind for fault in judged(wanted, replace(plan, routes=(trip, other)))}


def test_the_command_lists_trips_with_a_night(desk: Path, poshta: Poshta) -> None:
    """By the flag or the setting; exported with its kind, its night and the day of return; its manifest is printed."""
    change(desk, fill_desk)
    change(desk, lambda session: session.get_one(Settlement, "593631100").__setattr__("lon", 74.9))
    told = poshta("routes", "plan", *WEEK)
    assert (told.code, told.data["overnight"], told.data["unplanned"][0]["reason"]) == (3, 0, "too_far")
    said = poshta("routes", "plan", *WEEK, "--overnight")
    assert (said.code, said.data["overnight"], said.data["unplanned"]) == (0, 1, [])
    (trip,) = (route for route in poshta("routes", "export", *WEEK).data["routes"] if route["kind"] == "overnight")
    assert (trip["night_after"], trip["back_date"] > trip["date"]) == (1, True)
    assert poshta("routes", "manifest", *WEEK, "--route", trip["route"]).code == 0
    assert poshta("routes", "handover", *WEEK, "--route", trip["route"]).code == 0
    assert poshta("routes", "plan", *WEEK, "--overnight").data["changed"] is False
