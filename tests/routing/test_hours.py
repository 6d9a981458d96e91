"""A driver's day: slow vehicles take longer, breaks are counted once, and the judge counts both by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.fleet import VehicleDay
from routing.hours import driven, longest_work, rested
from routing.plan import Plan
from routing.request import answer
from routing.roads import NO_ROAD
from tests.routing.test_verify import judged
from tests.routing.weeks import call, days, random_request, request

WHOLE = st.integers(0, 2_000)


def day(minutes: int, after: int, rest: int) -> VehicleDay:
    """A vehicle-day with a break."""
    return replace(days(minutes=minutes, weekdays=("mon",))[0], break_after=after, break_minutes=rest)


@given(minutes=st.integers(1, 1_439), after=st.integers(1, 600), rest=st.integers(0, 120), work=WHOLE)
def test_work_that_a_day_has_room_for_ends_with_its_break_in_time(minutes: int, after: int, rest: int, work: int) -> None:
    """Exactly the work up to `longest_work` fits, the break included."""
    each = day(minutes, after, rest)
    assert (work + rested(work, each) <= minutes) == (work <= longest_work(each))


@given(minutes=st.integers(0, 3_000), percent=st.integers(20, 200))
def test_a_slow_vehicle_takes_the_whole_minutes_that_it_needs(minutes: int, percent: int) -> None:
    """Never less than the exact time, never a minute more; where there is no road there is none for it."""
    taken = driven(minutes, percent / 100)
    assert taken * percent >= minutes * 100 > (taken - 1) * percent or minutes == taken == 0
    assert driven(NO_ROAD, percent / 100) == NO_ROAD


def test_a_slow_vehicle_is_planned_slowly() -> None:
    """Half the speed doubles each leg, and what was near enough is too far."""
    calls = [call("593630200", 54.8, 69.1)]
    quick = answer(request(calls, days(minutes=300)), 1)
    slow = request(calls, tuple(replace(each, speed=0.5) for each in days(minutes=600)))
    plan = answer(slow, 1)
    assert plan.routes[0].stops[0].leg_minutes == 2 * quick.routes[0].stops[0].leg_minutes
    assert plan.routes[0].metres == quick.routes[0].metres
    tired = request(calls, tuple(replace(each, speed=0.5) for each in days(minutes=300)))
    with_reason = answer(tired, 1)
    assert [each.reason for each in with_reason.unplanned] == ["too_far"]


def test_of_two_vehicles_the_quick_one_goes_far() -> None:
    """Each visit stands with a vehicle whose own time allows it."""
    calls = [call("593630200", 55.8, 69.0), call("593630201", 54.1, 69.0)]
    fleet = tuple(replace(each, speed=0.7) for each in days(weekdays=("mon",))) + days(weekdays=("mon",), number=2)
    wanted = request(calls, fleet)
    plan = answer(wanted, 1)
    assert judged(wanted, plan) == []
    far = next(route for route in plan.routes if any(stop.kato == "593630200" for stop in route.stops))
    assert far.vehicle == "UAZ-2"
    assert plan.unplanned == ()


def test_a_break_lies_on_the_way_to_the_stop_that_comes_after_it() -> None:
    """Once a day; everything behind it is later; a short day has none."""
    calls = [call(f"59363020{place}", 54.0 + 0.3 * place, 69.0) for place in range(1, 6)]
    fleet = tuple(replace(each, break_after=120, break_minutes=45) for each in days(weekdays=("mon",)))
    wanted = request(calls, fleet)
    (route,) = answer(wanted, 1).routes
    (without,) = answer(request(calls, days(weekdays=("mon",))), 1).routes
    assert route.minutes == without.minutes + 45
    assert sum(stop.break_minutes for stop in route.stops) + route.return_break == 45
    assert judged(wanted, answer(wanted, 1)) == []
    near = answer(request(calls[:1], fleet), 1).routes[0]
    assert near.return_break + sum(stop.break_minutes for stop in near.stops) == 0


@pytest.mark.parametrize("seed", range(40))
def test_random_weeks_with_slow_vehicles_and_breaks_have_no_fault(seed: int) -> None:
    """Vehicles of any speed in one fleet, breaks or none."""
    wanted = random_request(seed)
    fleet = tuple(
        replace(each, speed=(0.6, 1.0, 1.3)[place % 3], break_after=90 + seed, break_minutes=seed % 3 * 30)
        for place, each in enumerate(wanted.fleet.days)
    )
    later = replace(wanted, fleet=replace(wanted.fleet, days=fleet))
    assert judged(later, answer(later, 1)) == []


def test_the_judge_sees_a_break_that_was_left_out_or_taken_twice() -> None:
    """And times that forget it, and legs of another vehicle's speed."""
    calls = [call(f"59363020{place}", 54.0 + 0.3 * place, 69.0) for place in range(1, 6)]
    fleet = tuple(replace(each, break_after=60, break_minutes=45, speed=0.8) for each in days(weekdays=("mon",)))
    wanted = request(calls, fleet)
    plan = answer(wanted, 1)
    (route,) = plan.routes
    place = next(n for n, stop in enumerate(route.stops) if stop.break_minutes)
    without = [replace(stop, break_minutes=0) for stop in route.stops]
    broken = {
        "break": replace(route, stops=tuple(without)),
        "arrive": replace(route, stops=(*route.stops[:place], replace(route.stops[place], arrive="09:00"), *route.stops[place + 1 :])),
        "minutes": replace(route, minutes=route.minutes - 45),
        "leg": replace(route, stops=(replace(route.stops[0], leg_minutes=route.stops[0].leg_minutes - 5), *route.stops[1:])),
    }
    for kind, spoilt in broken.items():
        assert kind in {fault.kind for fault in judged(wanted, Plan(plan.week, plan.scope, (spoilt,), ()))}, kind
    twice = replace(route, return_break=45, minutes=route.minutes + 45)
    assert "break" in {fault.kind for fault in judged(wanted, Plan(plan.week, plan.scope, (twice,), ()))}
