"""Across oblasts' borders: never worse than by oblast, the same whatever the number of workers, and no village is forgotten on the way."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.workers import SerialExecutor
from routing import country
from routing.attempt import plan_model, shortfall
from routing.country import plan_country, side_by_side
from routing.draft import draft, steps
from routing.fleet import Depot, VehicleDay
from routing.neighbours import groups, links, nearest_places, pair, pairs_within
from routing.part import cut, improved
from routing.plan import Plan
from routing.request import Request, answer
from routing.scopes import Scope, models
from routing.solve import Trip
from routing.stops import Call
from tests.routing.weeks import WORKING, call, days, depot, replace_settings, request

OBLASTS = ("59", "39", "35")


def border_week(seed: int, villages: int = 12) -> Request:
    """Three oblasts with two offices each, whose villages lie over one another; mail days, several visits, vehicles tight or roomy."""
    dice = random.Random(seed)
    depots: list[Depot] = []
    fleet: list[VehicleDay] = []
    calls: list[Call] = []
    for place, oblast in enumerate(OBLASTS * 2):
        made = depot(f"15{place}000", 54 + dice.uniform(0, 0.8), 69 + dice.uniform(0, 0.8), f"{oblast}36{place}0100")
        depots.append(made)
        weekdays = dice.choice((WORKING, WORKING[:2], WORKING[3:4]))
        fleet += days(made.index, weekdays, dice.choice((2_000, 6_000, 50_000)), dice.choice((150, 300, 600)))
    for place in range(villages):
        lat, lon = 54 + dice.uniform(-0.3, 1.1), 69 + dice.uniform(-0.3, 1.1)
        weekdays = dice.choice((WORKING, WORKING, ("mon", "thu"), ("wed",)))
        calls.append(call(f"{dice.choice(OBLASTS)}37{place:02d}100", lat, lon, dice.randint(1, 9), weekdays, dice.choice((1, 1, 2, 3))))
    return request(calls, tuple(fleet), tuple(depots), replace_settings(iterations=40))


def judged_as(plan: Plan) -> tuple[int, int, int]:
    """The solver's own order of plans, counted from the finished plan."""
    return -sum(stop.packets_out for stop in plan.stops), -len(plan.stops), plan.metres


@pytest.mark.parametrize("most", [4, 80])
@pytest.mark.parametrize("seed", range(15))
def test_a_country_is_never_worse_than_by_oblast(seed: int, most: int) -> None:
    """As one group, and in groups of four visits through all rounds; `answer` lets no plan pass in which the judge finds a fault."""
    wanted = border_week(seed)
    with patch.object(country, "GROUP_VISITS", most):
        whole, parts = (answer(replace(wanted, scope=scope), 1) for scope in (Scope.COUNTRY, Scope.OBLAST))
    assert judged_as(whole) <= judged_as(parts)


def test_rounds_across_borders_save_kilometres() -> None:
    """Where every village is served by oblast already, groups too small for the whole still find shorter ways over the borders."""
    shorter = 0
    for seed in range(8):
        wanted = border_week(seed)
        fleet = replace(wanted.fleet, days=tuple(day for office in wanted.fleet.depots for day in days(office)))
        calls = tuple(replace(each, visits=1) for each in wanted.calls)
        with patch.object(country, "GROUP_VISITS", 6):
            whole, parts = (answer(replace(wanted, calls=calls, fleet=fleet, scope=scope), 1) for scope in (Scope.COUNTRY, Scope.OBLAST))
        assert not parts.unplanned
        shorter += whole.metres < parts.metres
    assert shorter >= 6


@pytest.mark.slow
def test_the_same_country_across_processes() -> None:
    """Rounds and groups do not depend on the number of workers."""
    wanted = border_week(3, villages=24)
    with patch.object(country, "GROUP_VISITS", 6):
        assert answer(wanted, 1) == answer(wanted, 1) == answer(wanted, 2)


def test_an_oblast_without_vehicles_is_served_by_its_neighbours() -> None:
    """By oblast nobody comes to its villages; a country that opens the border serves them in its first round."""
    calls = [call(f"5937{place:02d}100", 54.1 + place * 0.02, 69) for place in range(4)] + [call("393701100", 54.2, 69.2)]
    wanted = request(calls, days(), (depot(),), scope=Scope.OBLAST)
    assert [each.kato for each in answer(wanted, 1).unplanned] == ["393701100"]
    for most in (2, 80):
        with patch.object(country, "GROUP_VISITS", most):
            assert answer(replace(wanted, scope=Scope.COUNTRY), 1).unplanned == ()


def test_a_reason_in_a_country_is_the_countrys() -> None:
    """A village that no oblast can reach is told once, without the name of its oblast."""
    calls = [call("593701100", 54.1, 69), call("393701100", 54.2, 69), replace(call("393702100", 54.2, 69), lat=None, lon=None)]
    depots = (depot(), depot("150500", 54.3, 69, "393630100"))
    plan = answer(request(calls, days() + days("150500"), depots), 1)
    assert [(each.kato, each.reason, each.visit) for each in plan.unplanned] == [("393702100", "no_road", 0)]


def two_visits_on_one_day() -> Request:
    """A village with two visits whose own oblast drives on Mondays only; the neighbour's vehicle drives on Thursdays too."""
    calls = [call("593701100", 54.1, 69, days=("mon", "thu"), visits=2), call("393701100", 54.3, 69)]
    depots = (depot(), depot("150500", 54.4, 69, "393630100"))
    return request(calls, days(weekdays=("mon",)) + days("150500", ("thu",)), depots)


def test_days_that_only_a_neighbour_drives_make_a_second_visit() -> None:
    """By oblast one visit has no day; in the country both are made, packets first."""
    wanted = two_visits_on_one_day()
    assert [each.reason for each in answer(replace(wanted, scope=Scope.OBLAST), 1).unplanned] == ["no_mail_day"]
    plan = answer(wanted, 1)
    assert plan.unplanned == ()
    stops = [(route.day, stop.visit) for route in plan.routes for stop in route.stops if stop.kato == "593701100"]
    assert sorted(stops) == [("mon", 1), ("thu", 2)]


def test_visits_that_stand_are_held_where_asked() -> None:
    """Dealt anew, the village's two visits wait for a place; held, its one trip and the reason of its oblast stay."""
    wanted = two_visits_on_one_day()
    (whole,) = models(wanted.calls, wanted.fleet, wanted.roads, Scope.COUNTRY)
    oblasts = [plan_model(area, wanted.roads.settings) for area in models(wanted.calls, wanted.fleet, wanted.roads, Scope.OBLAST)]
    anew, held = (side_by_side(whole, oblasts, 10, hold=hold) for hold in (False, True))
    assert (len(anew.visits), len(anew.trips), anew.hopeless) == (3, 1, [])
    assert (len(held.visits), len(held.trips), [each.reason for each in held.hopeless]) == (2, 2, ["no_mail_day"])


def test_a_loss_by_dealing_anew_is_taken_back() -> None:
    """Where what was dealt anew finds no place, the oblasts' own visits are held instead."""
    wanted = two_visits_on_one_day()
    (whole,) = models(wanted.calls, wanted.fleet, wanted.roads, Scope.COUNTRY)
    areas = models(wanted.calls, wanted.fleet, wanted.roads, Scope.OBLAST)
    worse = lambda part, _settings: part.trips  # noqa: E731 - a search that finds nothing
    with patch.object(country, "improved", worse), patch.object(country, "mend", lambda _model, _visits, trips, _service: (trips, [])):
        found = plan_country(whole, areas, wanted.roads.settings, SerialExecutor(), lambda _steps=1: None)
    assert sum(len(trip.visits) for trip in found.trips) == 2
    assert [each.reason for each in found.hopeless] == ["no_mail_day"]


@pytest.mark.parametrize("scope", list(Scope))
def test_a_draft_counts_its_steps(scope: Scope) -> None:
    """As many as were told beforehand: models, and rounds for the country."""
    wanted = border_week(1)
    counted: list[int] = []
    with patch.object(country, "GROUP_VISITS", 4):
        draft(wanted.week, wanted.calls, wanted.fleet, wanted.roads, scope, 1, lambda step=1: counted.append(step))
    assert sum(counted) == steps(wanted.calls, wanted.fleet, scope)


def test_a_part_keeps_its_roads_and_trips() -> None:
    """Cut out of the whole, trips are as long as before, and put back they are the same trips."""
    wanted = border_week(2)
    (whole,) = models(wanted.calls, wanted.fleet, wanted.roads, Scope.COUNTRY)
    planned = plan_model(whole, wanted.roads.settings)
    orders = {trip.vehicle: trip.visits for trip in planned.trips}
    office_of = {place: whole.fleet[vehicle].office for vehicle, order in orders.items() for place in order}
    owners = [office_of.get(place, whole.depots[0].index) for place in range(len(planned.visits))]
    parts = [cut(whole, planned.visits, orders, {depot.index}, owners) for depot in whole.depots]
    assert {vehicle: order for part in parts for vehicle, order in part.orders(part.trips).items()} == orders
    lengths = [shortfall(part.model, part.visits, part.trips, 10)[2] for part in parts]
    assert sum(lengths) == planned.shortfall(10)[2]
    assert all(part.model.depots for part in parts)


def test_nothing_worse_is_taken() -> None:
    """A part whose trips are already the best keeps them, though the search finds others as long."""
    wanted = request([call("593701100", 54.1, 69)], days())
    (whole,) = models(wanted.calls, wanted.fleet, wanted.roads, Scope.COUNTRY)
    part = cut(whole, list(wanted.calls), {5: (0,)}, {"150400"}, ["150400"])
    assert improved(part, wanted.roads.settings) == [Trip(5, (0,))]


PAIRS = st.dictionaries(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")).filter(lambda two: two[0] < two[1]), st.integers(1, 50)
)


@given(PAIRS, st.sets(st.sampled_from([(one, other) for one in "abcdefgh" for other in "abcdefgh" if one < other])), st.integers(2, 60))
def test_groups_share_no_office_and_settle_something(linked: dict[tuple[str, str], int], settled: set[tuple[str, str]], most: int) -> None:
    """Each holds a pair that was not planned together, none grows beyond the limit but a single pair, and none is made in vain."""
    sizes = {office: 3 * place for place, office in enumerate("abcdefgh")}
    found = groups(linked, settled, sizes, most)
    assert all(times == 1 for times in Counter(office for group in found for office in group).values())
    for group in found:
        assert any(two in linked and two not in settled for two in pairs_within(group))
        assert len(group) == 2 or sum(sizes[office] for office in group) <= most
    assert bool(found) == any(two not in settled for two in linked)


def test_links_lie_between_offices_whose_places_are_near() -> None:
    """Two offices side by side are linked, a third beyond any road is not."""
    calls = [call("593701100", 54.02, 69), call("393701100", 54.04, 69), call("353701100", 42.0, 52.0)]
    depots = (depot(), depot("150500", 54.05, 69, "393630100"), depot("150600", 42.05, 52, "353630100"))
    wanted = request(calls, days() + days("150500") + days("150600"), depots)
    (whole,) = models(wanted.calls, wanted.fleet, wanted.roads, Scope.COUNTRY)
    nearest = nearest_places(whole.roads, range(6))
    owners = {"593701100": "150400", "393701100": "150500", "353701100": "150600"}
    found = links(nearest, [each.index for each in whole.depots] + [owners[each.kato] for each in whole.calls])
    assert set(found) == {pair("150500", "150400")}
