"""The search: as short as brute force on small weeks, the same again every time, and honest about what it leaves out."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from routing.fleet import Depot
from routing.plan import Plan
from routing.reasons import sentence
from routing.request import Request, answer
from routing.roads import RoadTable
from routing.scopes import Scope, models
from routing.solve import day_classes, search
from routing.stops import Call, deal_visits
from tests.routing.weeks import WORKING, call, days, depot, random_request, replace_settings, request

OTHER = depot("150500", 54.5, 69.8, "593640100")


def small_week(seed: int) -> Request:
    """At most seven villages, two vehicle-days of two offices, a payload and a day that bind now and then, returns unlike deliveries."""
    dice = random.Random(seed)
    calls = []
    for place in range(dice.randint(2, 7)):
        made = call(f"5936302{place:02d}", 54 + dice.uniform(-0.4, 0.6), 69 + dice.uniform(-0.4, 0.9), dice.randint(1, 9))
        calls.append(replace(made, grams_back=dice.randint(0, 2 * made.grams_out)))
    fleet = days(weekdays=("mon",), payload=4_500, minutes=330) + days("150500", weekdays=("tue",), payload=4_500, minutes=330)
    return request(calls, fleet, (depot(), OTHER), replace_settings(iterations=400))


def shortest(wanted: Request) -> int | None:
    """The fewest metres that serve every village, by trying all ways; None where none serves all."""
    (model,) = models(wanted.calls, wanted.fleet, wanted.roads, Scope.COUNTRY)
    everyone = frozenset(range(len(wanted.calls)))
    best = [
        _best_by_subset(wanted.calls, model.roads, row, vehicle.payload_grams, vehicle.minutes)
        for row, vehicle in enumerate(wanted.fleet.days)
    ]
    totals = [best[0][subset] + best[1][everyone - subset] for subset in best[0] if everyone - subset in best[1]]
    return min(totals, default=None)


def _best_by_subset(calls: tuple[Call, ...], roads: RoadTable, depot_row: int, payload: int, minutes: int) -> dict[frozenset[int], int]:
    best: dict[frozenset[int], int] = {frozenset(): 0}
    for size in range(1, len(calls) + 1):
        for subset in itertools.combinations(range(len(calls)), size):
            tours = [_metres(order, calls, roads, depot_row, payload, minutes) for order in itertools.permutations(subset)]
            if any(tour is not None for tour in tours):
                best[frozenset(subset)] = min(tour for tour in tours if tour is not None)
    return best


def _metres(order: tuple[int, ...], calls: tuple[Call, ...], roads: RoadTable, depot_row: int, payload: int, minutes: int) -> int | None:
    """The tour's metres; None where load or day do not hold."""
    way = [depot_row, *(2 + place for place in order), depot_row]
    spent = sum(int(roads.minutes[leg]) for leg in itertools.pairwise(way)) + 10 * len(order)
    load = sum(calls[place].grams_out for place in order)
    peak = load
    for place in order:
        load += calls[place].grams_back - calls[place].grams_out
        peak = max(peak, load)
    return sum(int(roads.metres[leg]) for leg in itertools.pairwise(way)) if spent <= minutes and peak <= payload else None


def test_small_weeks_are_as_short_as_brute_force() -> None:
    """On every small week that can be served wholly, the plan serves it wholly and no way is shorter; some weeks bind."""
    whole, bound = 0, 0
    for seed in range(24):
        wanted = small_week(seed)
        least, plan = shortest(wanted), answer(wanted, 1)
        if least is None:
            bound += 1
            assert plan.unplanned
            continue
        whole += 1
        assert not plan.unplanned
        assert plan.metres == least
    assert whole >= 10
    assert bound >= 3


@pytest.mark.slow
def test_the_same_request_gives_the_same_plan_across_processes() -> None:
    """Seed and iterations decide, not the clock and not the number of workers."""
    calls = [call(f"59363{place:02d}00", 54 + place * 0.03, 69 + place % 7 * 0.05) for place in range(20)]
    calls += [call(f"59403{place:02d}00", 54.4 + place * 0.02, 69.7 + place % 5 * 0.04) for place in range(20)]
    fleet = days(payload=8_000) + days("150500", payload=8_000)
    depots = (depot(), depot("150500", 54.5, 69.8, "594030100"))
    wanted = request(calls, fleet, depots, scope=Scope.DISTRICT)
    assert answer(wanted, 1) == answer(wanted, 1) == answer(wanted, 2)


def test_open_borders_cost_no_more_kilometres() -> None:
    """A village nearer to the neighbour's office is served from there by oblast, and from its own by district."""
    calls = [call("593630200", 54.45, 69.75), call("594030200", 54.05, 69.05)]
    depots = (depot(), depot("150500", 54.5, 69.8, "594030100"))
    fleet = days() + days("150500")
    by_district, by_oblast = (answer(request(calls, fleet, depots, scope=scope), 1) for scope in (Scope.DISTRICT, Scope.OBLAST))
    assert by_oblast.metres * 3 < by_district.metres
    assert {route.office for route in by_oblast.routes} == {"150400", "150500"}


def test_a_village_goes_with_the_office_that_it_names() -> None:
    """Even across a district's border."""
    calls = [replace(call("594030200", 54.1, 69.1), office="150400")]
    plan = answer(request(calls, days(), scope=Scope.DISTRICT), 1)
    assert [route.office for route in plan.routes] == ["150400"]


def test_an_office_without_a_code_belongs_where_its_villages_are() -> None:
    """Its vehicles are not forgotten: they serve the district of the village that names it, else of the nearest one."""
    calls = [call("593630200", 54.1, 69.1), call("594030200", 54.9, 69.9)]
    nameless = depot("150500", 54.95, 69.95, "")
    plan = answer(request(calls, days("150500"), (nameless,), scope=Scope.DISTRICT), 1)
    assert [stop.kato for stop in plan.stops] == ["594030200"]
    calls[0] = replace(calls[0], office="150500")
    plan = answer(request(calls, days("150500"), (nameless,), scope=Scope.DISTRICT), 1)
    assert [stop.kato for stop in plan.stops] == ["593630200"]


def test_mail_days_are_kept_where_the_week_allows() -> None:
    """Each village is called at on one of its days, though one trip could reach both."""
    calls = [call("593630200", 54.1, 69.1, days=("tue",)), call("593630201", 54.1, 69.11, days=("thu", "fri"))]
    plan = answer(request(calls, days()), 1)
    assert {(route.day, stop.kato) for route in plan.routes for stop in route.stops} == {("tue", "593630200"), ("thu", "593630201")}


def test_two_visits_fall_on_two_days_packets_first() -> None:
    """What goes out goes with the first visit, what comes back comes with the last."""
    plan = answer(request([call("593630200", 54.1, 69.1, visits=2)], days()), 1)
    stops = [(route.date, stop.visit, stop.packets_out, stop.packets_back) for route in plan.routes for stop in route.stops]
    stops.sort()
    assert [stop[1:] for stop in stops] == [(1, 5, 0), (2, 0, 5)]
    assert stops[0][0] < stops[1][0]


def test_visits_are_dealt_in_the_order_of_days() -> None:
    """Six days, three visits: two days each; more visits than days makes no visit without a day."""
    dealt = deal_visits(call("1", 54, 69, visits=3), WORKING)
    assert [visit.days for visit in dealt] == [WORKING[:2], WORKING[2:4], WORKING[4:]]
    assert len(deal_visits(call("1", 54, 69, visits=3), ("mon",))) == 1


def test_days_that_nothing_tells_apart_are_one_class() -> None:
    """So an ordinary week needs no load dimension for days."""
    assert set(day_classes([call("1", 54, 69), call("2", 54, 69)], WORKING).values()) == {0}
    assert day_classes([call("1", 54, 69, days=("mon",)), call("2", 54, 69)], ("tue", "sun", "mon", "sat")) == {
        "mon": 0,
        "tue": 1,
        "sat": 1,
        "sun": 2,
    }


def without(wanted: Request, reason: str, beside: Depot | None = None) -> Request:
    """The same week without that obstacle; villages without a road lie `beside` an office then."""
    fleet, calls = wanted.fleet, wanted.calls
    if reason == "no_road" and beside is not None:
        calls = tuple(replace(each, lat=beside.lat, lon=beside.lon) if each.lat is None else each for each in calls)
    if reason == "too_far":
        fleet = replace(fleet, days=tuple(replace(each, minutes=10_000) for each in fleet.days))
    if reason == "over_capacity":
        fleet = replace(fleet, days=tuple(replace(each, payload_grams=10_000_000) for each in fleet.days))
    if reason == "no_mail_day":
        calls = tuple(replace(each, days=WORKING, visits=1) for each in calls)
    if reason == "no_vehicle":
        more = [
            replace(each, number=each.number * 100 + extra, vehicle=f"{each.vehicle} extra {extra}")
            for each in fleet.days
            for extra in range(15)
        ]
        fleet = replace(fleet, days=(*fleet.days, *more))
    return replace(wanted, fleet=fleet, calls=calls)


def roomy(wanted: Request) -> Request:
    """The same week with so many vehicles that none is missing."""
    return without(wanted, "no_vehicle")


def refused(plan: Plan) -> Iterator[tuple[str, str, int, bool]]:
    """Village, reason, visit, and whether other causes stand beside it."""
    for each in plan.unplanned:
        yield each.kato, each.reason, each.visit, "also" in dict(each.details)


@pytest.mark.parametrize("seed", range(30))
def test_removing_the_stated_cause_makes_the_village_served(seed: int) -> None:
    """With vehicles enough, the reason is the village's own; without it, a vehicle comes."""
    wanted = roomy(random_request(seed))
    plan = answer(wanted, 1)
    for reason in {reason for _kato, reason, _visit, also in refused(plan) if not also}:
        blamed = {(kato, visit) for kato, why, visit, also in refused(plan) if why == reason and not also}
        cured = [answer(without(wanted, reason, beside), 1) for beside in wanted.fleet.depots.values()]
        still = [{(kato, visit) for kato, _why, visit, _also in refused(each)} for each in cured]
        assert not blamed.intersection(*still)


@pytest.mark.parametrize("seed", range(30))
def test_where_vehicles_are_too_few_more_of_them_serve(seed: int) -> None:
    """no_vehicle and a full vehicle are cured by vehicles and payload."""
    wanted = random_request(seed)
    plan = answer(wanted, 1)
    short = {(kato, visit) for kato, reason, visit, _also in refused(plan) if reason == "no_vehicle" and wanted.fleet.days}
    still = {(kato, visit) for kato, _why, visit, _also in refused(answer(roomy(wanted), 1))}
    assert not short & still


def test_the_search_itself_keeps_mail_days() -> None:
    """Not only what mends it: the trips of six villages with days of their own break no rule and leave none out."""
    calls = [call(f"5936302{place:02d}", 54.1 + place * 0.02, 69.1, days=(WORKING[place],)) for place in range(6)]
    wanted = request(calls, days())
    (model,) = models(wanted.calls, wanted.fleet, wanted.roads, Scope.COUNTRY)
    trips = search(model, wanted.calls, 150, 1, 10)
    found = {(model.fleet[trip.vehicle].day, wanted.calls[place].days) for trip in trips for place in trip.visits}
    assert found == {(day, (day,)) for day in WORKING}


def test_a_load_beyond_every_vehicle_is_told_with_both_figures() -> None:
    """What it weighs, and what the largest vehicle carries."""
    plan = answer(request([call("593630200", 54.1, 69.1, 10, grams=500), call("593630201", 54.1, 69.1)], days(payload=4_000)), 1)
    (left,) = plan.unplanned
    assert (left.kato, left.reason) == ("593630200", "over_capacity")
    assert sentence(left) == "5.0 kg are more than the largest vehicle that can come carries: 4.0 kg."


def test_a_village_too_far_is_told_how_long_the_day_would_be() -> None:
    """There, the stop and back, in hours and minutes, and what a vehicle has."""
    plan = answer(request([call("593630200", 56.0, 69.0)], days(minutes=300)), 1)
    (left,) = plan.unplanned
    assert left.reason == "too_far"
    assert sentence(left) == "Too far for a day: there, the stop and back need 10 h 34 min; the longest day of a vehicle is 5 h 0 min."
