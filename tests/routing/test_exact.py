"""Small weeks are planned as well as can be: the search, and where it leaves something out every way, against brute force of another hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.judge_routes import best_of_all, reached, small_week
from routing.attempt import plan_model
from routing.closed import ClosedWay
from routing.exact import MOST, best_trips
from routing.repair import workbench
from routing.request import answer
from routing.scopes import Scope, models
from tests.routing.weeks import WORKING, call, days, random_request, replace_settings, request

LEFT_OUT = (0, 13, 29, 56)  # seeds of weeks in which the search alone finds less


@pytest.mark.parametrize("seed", [*range(14), *LEFT_OUT])
def test_a_small_week_is_as_good_as_the_best_of_all_ways(seed: int) -> None:
    """Packets, then visits, then metres: also where not everything can be served."""
    wanted = small_week(seed)
    assert len(wanted.calls) <= MOST
    assert reached(answer(wanted, 1)) == best_of_all(wanted)


def test_every_way_beats_the_search_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else nobody would need it: without it one of these weeks is planned worse."""
    monkeypatch.setattr("routing.attempt.MOST", 0)
    assert any(reached(answer(small_week(seed), 1)) > best_of_all(small_week(seed)) for seed in LEFT_OUT)


@pytest.mark.parametrize("seed", range(30))
def test_the_best_trips_break_no_rule(seed: int) -> None:
    """Mail days, several visits, payload and day: whatever the week, each trip keeps them and no visit is made twice."""
    wanted = random_request(seed)
    few = replace(wanted, calls=wanted.calls[:4])
    (model,) = models(few.calls, few.fleet, few.roads, Scope.COUNTRY)
    visits = plan_model(model, few.roads.settings).visits[:MOST]
    trips = best_trips(model, visits, 10)
    bench = workbench(model, visits, 10)
    assert not [trip for trip in trips if bench.faults(trip.vehicle, trip.visits)]
    made = [place for trip in trips for place in trip.visits]
    assert len(made) == len(set(made))
    assert len({trip.vehicle for trip in trips}) == len(trips)


def test_closures_are_kept_to_by_the_best_trips() -> None:
    """A village that is closed on the one day on which there is room stays out."""
    calls = [call("593630200", 54.1, 69.1, 9), call("593630201", 54.12, 69.12, 9)]
    wanted = request(calls, days(weekdays=("mon", "tue"), payload=2_000), settings=replace_settings(iterations=60))
    (model,) = models(wanted.calls, wanted.fleet, replace(wanted.roads, closed=(ClosedWay("593630200", "", ("mon",)),)), Scope.COUNTRY)
    assert {(model.fleet[trip.vehicle].day, trip.visits) for trip in best_trips(model, wanted.calls, 10)} == {("tue", (0,)), ("mon", (1,))}
    (shut,) = models(wanted.calls, wanted.fleet, replace(wanted.roads, closed=(ClosedWay("593630200", "", WORKING),)), Scope.COUNTRY)
    assert [trip.visits for trip in best_trips(shut, wanted.calls, 10)] == [(1,)]


@pytest.mark.parametrize(("worth", "served"), [(0, False), (1_000_000, True)])
def test_a_call_that_may_wait_is_made_only_where_it_is_worth_its_metres(worth: int, served: bool) -> None:
    """The other one is served in any case."""
    calls = [call("593630200", 54.1, 69.1), replace(call("593630201", 54.4, 69.1), worth=worth)]
    wanted = request(calls, days(weekdays=("mon",)))
    (model,) = models(wanted.calls, wanted.fleet, wanted.roads, Scope.COUNTRY)
    (trip,) = best_trips(model, wanted.calls, 10)
    assert (1 in trip.visits) is served
    assert 0 in trip.visits
