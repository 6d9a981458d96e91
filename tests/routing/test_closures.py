"""Closed roads and villages: noted by date, kept to by every plan, named as the reason, and served again once they are open."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from routing.closed import ClosedWay, shut
from routing.plan import Plan
from routing.reasons import sentence
from routing.request import Request, answer
from routing.verify_closed import closed_faults
from tests.conftest import Poshta
from tests.routing.test_commands import WEEK, change
from tests.routing.weeks import WORKING, call, days, fill_desk, random_request, request

OFFICE, FIRST, SECOND = "150400", "593630200", "593630201"


def with_closed(wanted: Request, *closed: ClosedWay) -> Request:
    """The same week with these closures."""
    return replace(wanted, roads=replace(wanted.roads, closed=closed))


def two_villages() -> Request:
    """Near to each other, one vehicle that could drive on any working day."""
    return request([call(FIRST, 54.1, 69.1), call(SECOND, 54.12, 69.12)], days())


def left_out(plan: Plan) -> list[tuple[str, str]]:
    return [(each.kato, each.reason) for each in plan.unplanned]


def test_a_closed_village_is_left_out_with_that_reason_and_served_once_it_is_open() -> None:
    """The sentence names the days."""
    plan = answer(with_closed(two_villages(), ClosedWay(FIRST, "", WORKING)), 1)
    assert left_out(plan) == [(FIRST, "closed")]
    assert "closed on Monday – Saturday" in sentence(plan.unplanned[0])
    assert left_out(answer(two_villages(), 1)) == []


def test_a_village_that_is_closed_on_some_days_is_served_on_another() -> None:
    """Monday to Thursday are closed: the vehicle comes on Friday or Saturday, and to the other village too."""
    plan = answer(with_closed(two_villages(), ClosedWay(FIRST, "", WORKING[:4])), 1)
    assert left_out(plan) == []
    assert {route.day for route in plan.routes for stop in route.stops if stop.kato == FIRST} <= {"fri", "sat"}


def test_a_closed_road_is_driven_round_by_another_village() -> None:
    """Office to the first village is closed both ways: a trip by the second and a third goes in and out another way."""
    calls = [call(FIRST, 54.1, 69.1), call(SECOND, 54.12, 69.12), call("593630202", 54.08, 69.13)]
    plan = answer(with_closed(request(calls, days()), ClosedWay(OFFICE, FIRST, WORKING)), 1)
    assert left_out(plan) == []
    (route,) = plan.routes
    assert route.stops[1].kato == FIRST


def test_where_every_way_in_is_closed_the_road_is_the_reason() -> None:
    """One neighbour is not enough to come in and go out: somebody must go back by the closed road."""
    plan = answer(with_closed(two_villages(), ClosedWay(OFFICE, FIRST, WORKING)), 1)
    assert left_out(plan) == [(FIRST, "closed")]


def test_a_one_way_closure_leaves_the_other_direction() -> None:
    """In by the neighbour, out straight."""
    plan = answer(with_closed(two_villages(), ClosedWay(OFFICE, FIRST, WORKING, one_way=True)), 1)
    assert [stop.kato for stop in plan.stops] == [SECOND, FIRST]


def test_a_road_may_call_an_office_by_its_settlement_but_a_closed_village_keeps_no_van_in() -> None:
    """The office stands in 593630100: its code means the office at a road's end, and only the village as a whole."""
    names = [(OFFICE, "593630100"), (FIRST,), ("593630100",)]
    assert shut(names, [ClosedWay("593630100", FIRST, ("mon",))])["mon"].tolist() == [
        [False, True, False],
        [True, False, True],
        [False, True, False],
    ]
    whole = shut(names, [ClosedWay("593630100", "", ("mon",))])["mon"]
    assert whole[0].tolist() == [False, False, True]
    assert shut(names, [ClosedWay(OFFICE, "599999999", ("mon",))]) == {}


def test_visits_that_fall_on_closed_days_say_so() -> None:
    """Two visits wanted, one day open: the second is missing for the closure, not for the mail days."""
    wanted = request([call(FIRST, 54.1, 69.1, visits=2)], days())
    plan = answer(with_closed(wanted, ClosedWay(FIRST, "", WORKING[1:])), 1)
    assert [(each.visit, each.reason) for each in plan.unplanned] == [(2, "closed")]
    assert [route.day for route in plan.routes] == ["mon"]


@pytest.mark.parametrize("kind", ["closed_road", "closed_village"])
def test_a_plan_that_drives_on_what_is_closed_is_found_out(kind: str) -> None:
    """The judge calls each by its name, and routes under way are not judged again."""
    wanted = two_villages()
    plan = answer(wanted, 1)
    last = plan.routes[0].stops[-1].kato
    way = ClosedWay("593630100", last, (plan.routes[0].day,)) if kind == "closed_road" else ClosedWay(last, "", WORKING)
    assert {fault.kind for fault in closed_faults(plan, [way], wanted.fleet)} == {kind}
    assert closed_faults(plan, [way], wanted.fleet, plan.routes) == []
    assert closed_faults(plan, [replace(way, days=("sun",))], wanted.fleet) == []


def randomly_closed(seed: int) -> Request:
    """A random week in which some roads and villages are closed on some days."""
    wanted, dice = random_request(seed), random.Random(seed + 1000)
    places = [*(each.kato for each in wanted.calls), *wanted.fleet.depots]
    ways = []
    for _number in range(dice.randint(1, 6)):
        start, end = dice.choice(places), dice.choice(["", *places])
        if start != end and (end or start not in wanted.fleet.depots):
            ways.append(ClosedWay(start, end, tuple(dice.sample(WORKING, dice.randint(1, 6))), bool(end) and dice.random() < 0.3))
    return with_closed(wanted, *ways)


@pytest.mark.parametrize("seed", range(40))
def test_random_closures_are_kept_and_named_truly(seed: int) -> None:
    """No plan drives on what is closed (answer judges it); whoever is left out for a closure is served, or left out for something else, without."""
    wanted = randomly_closed(seed)
    plan = answer(wanted, 1)
    blamed = {(each.kato, each.visit) for each in plan.unplanned if each.reason == "closed" and "also" not in dict(each.details)}
    opened = answer(with_closed(wanted), 1)
    assert not [each for each in opened.unplanned if each.reason == "closed"]
    alone = {(each.kato, each.visit) for each in opened.unplanned if each.reason in ("no_road", "too_far")}
    assert not blamed & alone


def test_some_random_weeks_do_leave_villages_out_for_closures() -> None:
    """So that the test above has something to say."""
    reasons = [each.reason for seed in range(12) for each in answer(randomly_closed(seed), 1).unplanned]
    assert reasons.count("closed") >= 3


@pytest.fixture
def district(desk: Path) -> Path:
    """A desk with eight villages and their built packets."""
    change(desk, fill_desk)
    return desk


def test_a_closure_is_noted_kept_to_listed_and_opened(district: Path, poshta: Poshta) -> None:
    """Through the front door: a village of the week is closed while vehicles drive, and after `open` a new plan serves it."""
    assert poshta("routes", "plan", *WEEK).code == 0
    said = poshta("routes", "close", "593631103", "--from", "2026-09-20", "--until", "2026-10-10", "--why", "flood")
    assert said.code == 0
    assert said.data["changed"]
    assert not poshta("routes", "close", "593631103", "--from", "2026-09-20", "--until", "2026-10-10").data["changed"]
    again = poshta("routes", "plan", *WEEK)
    assert again.code == 3
    assert [(each["kato"], each["reason"]) for each in again.data["unplanned"]] == [("593631103", "closed")]
    listed = poshta("routes", "closures", *WEEK).data["closures"]
    assert [(each["from"], each["to"], each["since"], each["until"], each["why"]) for each in listed] == [
        ("593631103", "", "2026-09-20", "2026-10-10", "flood")
    ]
    assert "flood" not in json.dumps(poshta("journal").data)
    opened = poshta("routes", "open", "593631103", "--from", "2026-09-28")
    assert opened.data["changed"]
    assert poshta("routes", "plan", *WEEK).code == 0
    assert poshta("routes", "closures", "--all").data["closures"][0]["until"] == "2026-09-27"


def test_a_road_is_opened_by_its_number_or_its_ends_in_either_order(district: Path, poshta: Poshta) -> None:
    """A closure that would begin later is gone; one that has begun ends the day before."""
    number = poshta("routes", "close", "150400", "593631101", "--from", "2026-12-01").data["number"]
    assert len(poshta("routes", "open", "593631101", "150400", "--from", "2026-12-01").data["opened"]) == 1
    assert poshta("routes", "closures", "--all").data["closures"] == []
    assert [poshta("routes", "open", word).code for word in (str(number), "²")] == [6, 6]
    number = poshta("routes", "close", "150400", "593631101", "--from", "2026-12-01").data["number"]
    assert poshta("routes", "open", str(number), "--from", "2026-12-05").data["changed"]
    assert not poshta("routes", "open", str(number), "--from", "2026-12-05").data["changed"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("593631199",), 6),
        (("593631101", "593631101"), 2),
        (("593631101", "--from", "2026-10-05", "--until", "2026-10-01"), 2),
        (("593631101", "150400", "593631102"), 2),
        (("593631101", "--one-way"), 2),
        (("593631101", "--why", "x" * 500), 2),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(words: tuple[str, ...], code: int, district: Path, poshta: Poshta) -> None:
    """An unknown village, a road from a place to itself, an end before the beginning."""
    said = poshta("routes", "close", *words)
    assert said.code == code
    assert said.body["errors"]
    assert poshta("routes", "closures", "--all").data["closures"] == []


def test_a_closure_can_be_undone(district: Path, poshta: Poshta) -> None:
    """It was noted for the wrong village."""
    poshta("routes", "close", "593631101", "--from", "2026-10-05")
    assert poshta("undo").code == 0
    assert poshta("routes", "closures", "--all").data["closures"] == []
