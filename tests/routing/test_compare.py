"""What a week costs by scope: each figure is that of the plan itself, nothing is saved, and unlike is not compared with unlike."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from routing.compare import THERE_AND_BACK, compared, comparing_steps, there_and_back
from routing.request import answer
from routing.scopes import Scope
from tests.conftest import Poshta
from tests.routing.test_commands import WEEK, change
from tests.routing.test_country import border_week
from tests.routing.weeks import WORKING, call, days, depot, fill_desk, request

WAYS = [THERE_AND_BACK, *(scope.value for scope in Scope)]


@pytest.fixture
def neighbours(desk: Path) -> Path:
    """A desk with two districts of two oblasts whose villages lie over one another."""
    change(desk, fill_desk)
    change(desk, lambda session: fill_desk(session, seed=3, district="3936", office="110400"))
    return desk


def test_each_way_is_the_plan_of_its_scope() -> None:
    """Metres, routes, stops, packets and what is left out are those that `routes plan` would save."""
    wanted = border_week(4)
    for cost in compared(wanted, 1)[1:]:
        plan = answer(replace(wanted, scope=Scope(cost.way)), 1)
        assert (cost.metres, cost.routes, cost.stops, cost.unplanned) == (plan.metres, len(plan.routes), len(plan.stops), plan.unplanned)
        assert cost.packets == sum(stop.packets_out for stop in plan.stops)


def test_there_and_back_is_the_shortest_lone_trip_on_a_mail_day() -> None:
    """The nearer office does not count where it does not drive on the village's day; a village without a road is named, not counted."""
    near, far = depot(), depot("150500", 54.0, 70.0, "593640100")
    calls = [call("593701100", 54.0, 69.1, days=("tue",)), call("593702100", 54.0, 69.1), call("593703100", None, None)]
    wanted = request(calls, days(weekdays=("mon",)) + days("150500", ("tue",)), (near, far))
    cost = there_and_back(wanted)
    alone = [there_and_back(replace(wanted, calls=(each,))).metres for each in wanted.calls[:2]]
    assert (cost.metres, cost.stops, cost.packets, [each.kato for each in cost.unplanned]) == (sum(alone), 2, 10, ["593703100"])
    assert 8 < alone[0] / alone[1] < 10


@pytest.mark.parametrize("seed", range(6))
def test_no_plan_is_longer_than_there_and_back(seed: int) -> None:
    """Where a country serves every visit that can be made at all, joint trips are no longer than lone ones from the nearest offices."""
    wanted = border_week(seed)
    roomy = replace(wanted, fleet=replace(wanted.fleet, days=tuple(day for each in wanted.fleet.depots for day in days(each, WORKING))))
    lone, *_others, country = compared(roomy, 1)
    assert (lone.stops, lone.unplanned) == (country.stops, country.unplanned)
    assert country.metres <= lone.metres


def test_what_leaves_out_more_is_not_compared() -> None:
    """By district a village has no vehicle: fewer kilometres there are no saving."""
    calls = [call("593701100", 54.1, 69), call("593631100", 54.2, 69)]
    ways = {cost.way: cost for cost in compared(request(calls, days(), (depot(),)), 1)}
    assert [ways[way].stops for way in WAYS] == [2, 1, 2, 2]
    assert [ways[way].saved_metres for way in WAYS] == [None, None, None, 0]


def test_routes_under_way_are_compared_too() -> None:
    """The whole week costs the same whether some of its routes have left or not."""
    wanted = border_week(5)
    gone = answer(wanted, 1).routes[:1]
    assert compared(replace(wanted, kept=gone), 1) == compared(wanted, 1)


def test_a_comparison_counts_its_steps() -> None:
    """As many as were told beforehand, when the week is too large for one group."""
    wanted = border_week(6, villages=90)
    counted: list[int] = []
    compared(wanted, 1, lambda step=1: counted.append(step))
    assert sum(counted) == comparing_steps(wanted)


def test_the_command_tells_what_open_borders_save(neighbours: Path, poshta: Poshta) -> None:
    """In the contract's words, in kilometres for people, in three languages, and without saving anything."""
    data = poshta("routes", "compare", *WEEK).data
    assert [each["way"] for each in data["ways"]] == WAYS
    metres = [each["metres"] for each in data["ways"]]
    assert [each["saved_metres"] for each in data["ways"]] == [None, *(a - b for a, b in pairwise(metres))]
    assert metres[3] < metres[2] == metres[1] < metres[0]
    for lang, words in (("en", "Open borders between oblasts save"), ("kk", "Облыс шекаралары ашық болса"), ("ru", "границы областей")):
        told = poshta("routes", "compare", *WEEK, json=False, lang=lang)
        assert words in told.out
        assert f"{(metres[2] - metres[3]) / 1000:.1f}" in told.out
    assert poshta("routes", "export", *WEEK).code == 6
    assert poshta("journal", "--action", "routes").data["acts"] == []


def test_a_week_that_nobody_can_serve_has_nothing_to_compare(desk: Path, poshta: Poshta) -> None:
    """Exit 7 without packets; exit 13 with each village's reason where no vehicle comes to any."""
    assert poshta("routes", "compare", *WEEK).code == 7
    change(desk, fill_desk)
    change(desk, lambda session: session.connection().exec_driver_sql("DELETE FROM vehicle"))
    said = poshta("routes", "compare", *WEEK)
    assert said.code == 13
    assert [error["code"] for error in said.body["errors"]] == ["no_plan", *["no_vehicle"] * 8]
