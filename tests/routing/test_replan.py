"""A week planned anew without a vehicle, a road or a village: only what must change changes, and what changed is told."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from records.errors import NotAllowed, NotFound, UsageRefused
from records.home import open_home
from records.schema import Vehicle
from routing import book, replan
from routing.plan import Plan, PlannedRoute
from routing.replan import Replanned, replanned
from routing.request import Request, answer, judged
from routing.without import Without, parse, require_known
from tests.conftest import Poshta
from tests.routing.test_commands import WEEK, change
from tests.routing.weeks import add_packet, call, days, fill_desk, random_request, request, scheduled_request

NOTHING = Without()


def coded(plan: Plan) -> Plan:
    """The plan as it is stored, with codes."""
    return replace(plan, code="A", routes=tuple(replace(route, code=route.code or f"A-{n}") for n, route in enumerate(plan.routes)))


def drives(route: PlannedRoute, without: Without) -> bool:
    """Whether the route has anything of what falls away."""
    walk = [route.office, *(kato for stop in route.stops for kato in (*stop.via, stop.kato)), *route.return_via, route.office]
    legs = {frozenset(pair) for pair in pairwise(walk)}
    villages = {stop.kato for stop in route.stops}
    return (
        (route.office, route.vehicle) in without.vehicles
        or any(frozenset(leg) in legs for leg in without.legs)
        or bool(villages.intersection(without.villages))
    )


def lost(before: Plan, after: Plan, without: Without) -> set[tuple[str, int]]:
    """Visits that were made and are made no more, without those left out on purpose."""
    made = {(stop.kato, stop.visit) for stop in before.stops if stop.kato not in without.villages}
    return made - {(stop.kato, stop.visit) for stop in after.stops}


def random_without(plan: Plan, seed: int) -> Without:
    """One or two things of the plan."""
    dice = random.Random(seed)
    route = dice.choice(plan.routes)
    stop = dice.choice(route.stops)
    before = [route.office, *(each.kato for each in route.stops)]
    place = dice.randrange(len(route.stops))
    leg = tuple(sorted((before[place], route.stops[place].kato)))
    kinds = {
        "vehicle": Without(vehicles=((route.office, route.vehicle),)),
        "leg": Without(legs=((leg[0], leg[1]),)),
        "village": Without(villages=(stop.kato,)),
        "both": Without(legs=((leg[0], leg[1]),), villages=(dice.choice(plan.routes[-1].stops).kato,)),
    }
    return kinds[dice.choice(list(kinds))]


def planned_week(seed: int) -> tuple[Request, Plan]:
    """A random week with its plan; in every third one existing routes are kept, and in every second some routes are under way."""
    wanted = scheduled_request(seed) if seed % 3 == 0 else random_request(seed)
    settings = wanted.roads.settings.model_copy(update={"on_schedule": seed % 3 == 0, "overnight": seed % 5 == 0})
    wanted = replace(wanted, roads=replace(wanted.roads, settings=settings))
    plan = coded(answer(wanted, 1))
    dice = random.Random(seed)
    kept = tuple(route for route in plan.routes if seed % 2 and dice.random() < 0.4)
    return replace(wanted, kept=kept), plan


@pytest.mark.parametrize("seed", range(70))
def test_random_weeks_planned_anew_have_no_fault_and_change_what_must_change(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under way stays; what has nothing to do with the cause stays, unless a village would be lost; nothing uses what fell away."""
    wanted, plan = planned_week(seed)
    if not plan.routes:
        return
    without = random_without(plan, seed)
    found = replanned(wanted, plan, without)
    assert judged(found.request, found.plan) == []
    assert set(wanted.kept) <= set(found.same)
    assert not any(drives(route, without) for route in found.plan.routes if route not in wanted.kept)
    opened = [route for route in plan.routes if route not in found.same and not drives(route, without)]
    if opened:
        monkeypatch.setattr(replan, "OPENED", 0)
        assert len(lost(plan, found.plan, without)) < len(lost(plan, replanned(wanted, plan, without).plan, without))
    again = replanned(replace(wanted, kept=wanted.kept), coded(found.plan), without)
    assert [each for each in again.moved if each.change != "added"] == []


@pytest.mark.parametrize("seed", range(30))
def test_a_week_in_which_nothing_fell_away_stays(seed: int) -> None:
    """Every route as it was, and no change told."""
    wanted, plan = planned_week(seed)
    found = replanned(wanted, plan, NOTHING)
    assert (found.plan.routes, found.moved, {*found.plan.unplanned}) == (plan.routes, (), {*plan.unplanned})


def two_vans() -> tuple[Request, Plan]:
    """Two vans of one office on two days each; each day's trip is full."""
    calls = [call(f"59363020{n}", 54.0 + 0.1 * (n % 2 or -1) * (1 + n // 2), 69.0, grams=200) for n in range(6)]
    wanted = request(calls, days(weekdays=("mon",), payload=3_000) + days(weekdays=("mon", "tue"), payload=3_000, number=2))
    return wanted, coded(answer(wanted, 1))


def change_of(found: Replanned) -> dict[str, str]:
    """What changed, by village."""
    return {each.kato: each.change for each in found.moved}


def test_a_route_whose_vehicle_fell_away_moves_whole() -> None:
    """To another vehicle of its office, in its own order; the other route is not touched."""
    wanted, plan = two_vans()
    first = next(route for route in plan.routes if route.vehicle == "UAZ-1")
    found = replanned(wanted, plan, parse(["vehicle:150400/UAZ-1"]))
    moved = next(route for route in found.plan.routes if not route.code)
    assert [stop.kato for stop in moved.stops] == [stop.kato for stop in first.stops]
    assert len(found.same) == len(plan.routes) - 1
    assert change_of(found) == {stop.kato: "moved" for stop in first.stops}


def test_a_village_left_out_leaves_the_rest_of_its_route_in_order() -> None:
    """Its own visit is removed, those behind it come earlier, those before it do not change; it is told, never forgotten."""
    calls = [call(f"59363020{n}", 54.1 + 0.1 * n, 69.0) for n in range(4)]
    wanted = request(calls, days(weekdays=("mon",)))
    plan = coded(answer(wanted, 1))
    order = [stop.kato for stop in plan.routes[0].stops]
    found = replanned(wanted, plan, Without(villages=(order[1],)))
    assert [stop.kato for stop in found.plan.routes[0].stops] == [order[0], *order[2:]]
    assert change_of(found).get(order[1]) == "removed"
    assert order[0] not in change_of(found)
    assert [(each.kato, each.reason) for each in found.plan.unplanned] == [(order[1], "closed")]
    assert found.plan.metres <= plan.metres + len(order)  # each leg is rounded to a metre


def test_a_closed_road_is_driven_round() -> None:
    """The villages at its ends are still served, by another way."""
    calls = [call(f"59363020{n}", 54.1 + 0.1 * n, 69.0) for n in range(3)]
    wanted = request(calls, days(weekdays=("mon",)))
    plan = coded(answer(wanted, 1))
    first, second = (stop.kato for stop in plan.routes[0].stops[:2])
    found = replanned(wanted, plan, parse([f"leg:{first}-{second}"]))
    assert found.plan.unplanned == ()
    assert not any(drives(route, parse([f"leg:{second}-{first}"])) for route in found.plan.routes)


def test_further_routes_are_opened_only_to_keep_a_village() -> None:
    """The only free van is the one of the other route, which takes the villages in; nobody is lost."""
    calls = [call("593630200", 54.1, 69.0), call("593630201", 53.9, 69.0)]
    fleet = days(weekdays=("mon",), payload=1_500) + days(weekdays=("mon",), payload=5_000, number=2)
    wanted = request([replace(each, days=("mon",)) for each in calls], fleet)
    plan = answer(replace(wanted, calls=wanted.calls[:1], fleet=replace(wanted.fleet, days=fleet[:1])), 1)
    other = answer(replace(wanted, calls=wanted.calls[1:], fleet=replace(wanted.fleet, days=fleet[1:])), 1)
    before = coded(replace(plan, routes=(*plan.routes, *other.routes), unplanned=()))
    assert judged(wanted, before) == []
    found = replanned(wanted, before, parse(["vehicle:150400/UAZ-1"]))
    assert found.plan.unplanned == ()
    assert [(route.vehicle, len(route.stops)) for route in found.plan.routes] == [("UAZ-2", 2)]


@pytest.mark.parametrize("word", ["van:1/2", "vehicle:150400", "vehicle:/UAZ", "leg:1", "leg:1-", "village:", "village", ""])
def test_what_is_no_cause_is_refused(word: str) -> None:
    with pytest.raises(UsageRefused, match="without"):
        parse([word])


def test_the_words_are_read_in_any_order_and_said_in_one() -> None:
    """A road is the same in both directions; a vehicle's name may hold a stroke."""
    assert parse(["leg:2-1", "leg:1-2", "village:3", "vehicle:150400/А 12/34"]).words == (
        "leg:1-2",
        "vehicle:150400/А 12/34",
        "village:3",
    )


def test_a_cause_that_is_not_of_this_week_is_named() -> None:
    """Else a slip of the pen would change nothing, in silence."""
    wanted, plan = two_vans()
    for word in ("vehicle:150400/GAZ", "village:593639999", "leg:150400-593639999"):
        with pytest.raises(NotFound):
            require_known(parse([word]), plan, wanted.calls, wanted.fleet)
    require_known(parse(["vehicle:150400/UAZ-1", "leg:150400-593630200"]), plan, wanted.calls, wanted.fleet)


@pytest.fixture
def driven(desk: Path, poshta: Poshta) -> Path:
    """A district whose week takes several routes of two vans, planned and printed."""
    change(desk, fill_desk)
    change(desk, lambda session: session.get_one(Vehicle, ("150400", "УАЗ 1")).__setattr__("day_minutes", 240))
    change(desk, lambda session: session.add(Vehicle(office="150400", vehicle="ГАЗ", payload_kg=300, day_minutes=240, days="")))
    poshta("routes", "plan", *WEEK)
    poshta("routes", "manifest", *WEEK)
    return desk


def exported(poshta: Poshta) -> dict[str, Any]:
    """The routes in force by code."""
    return {route["route"]: route for route in poshta("routes", "export", *WEEK).data["routes"]}


def test_the_command_changes_what_must_change_and_says_so(driven: Path, poshta: Poshta) -> None:
    """Routes not touched keep code, order, times and paper; those given up and made are named; kilometres before and after."""
    before = exported(poshta)
    code, route = next((code, route) for code, route in before.items() if route["vehicle"] == "УАЗ 1")
    trial = poshta("routes", "replan", *WEEK, "--without", "vehicle:150400/УАЗ 1", "--dry-run")
    assert (trial.data["changed"], trial.data["dry_run"], exported(poshta)) == (True, True, before)
    said = poshta("routes", "replan", *WEEK, "--without", "vehicle:150400/УАЗ 1")
    after = exported(poshta)
    assert (said.code, said.data["before"], said.data["plan"]) == (0, "26W41A", "26W41B")
    assert code in said.data["dropped"]
    assert {name: each for name, each in after.items() if name in before} == {name: before[name] for name in said.data["kept"]}
    assert sorted(said.data["new"]) == sorted(set(after) - set(before))
    assert {each["vehicle"] for each in after.values()} == {"ГАЗ"}
    assert {each["kato"] for each in said.data["stops"]} >= {stop["kato"] for stop in route["stops"]}
    assert said.data["metres_before"] == sum(each["metres"] for each in before.values())
    assert said.data["metres"] == sum(each["metres"] for each in after.values())
    again = poshta("routes", "replan", *WEEK, "--without", "vehicle:150400/УАЗ 1")
    assert (again.data["changed"], exported(poshta)) == (False, after)
    for kept in said.data["kept"]:
        assert poshta("routes", "handover", *WEEK, "--route", kept).code == 0
    assert poshta("routes", "manifest", *WEEK).code == 0
    assert poshta("routes", "handover", *WEEK).code == 0


def test_routes_under_way_are_left_alone(driven: Path, poshta: Poshta) -> None:
    """Even those of the vehicle that fell away."""
    before = exported(poshta)
    gone = next(code for code, route in before.items() if route["vehicle"] == "УАЗ 1")
    poshta("routes", "handover", *WEEK, "--route", gone)
    poshta("routes", "replan", *WEEK, "--without", "vehicle:150400/УАЗ 1")
    after = exported(poshta)
    assert after[gone] == before[gone]
    assert [code for code, route in after.items() if route["vehicle"] == "УАЗ 1"] == [gone]


def test_what_the_register_says_needs_no_words(driven: Path, poshta: Poshta) -> None:
    """A vehicle noted as out of service, or a packet built since: replan finds it, and plan then has nothing to add."""
    poshta("vehicles", "out", "150400", "УАЗ 1", "--from", "2026-09-01")
    before = exported(poshta)
    said = poshta("routes", "replan", *WEEK)
    assert said.data["changed"] is True
    assert {route["vehicle"] for route in exported(poshta).values()} == {"ГАЗ"}
    assert poshta("routes", "plan", *WEEK).data["changed"] is False
    kept = [code for code in exported(poshta) if code in before]
    change(driven, lambda session: add_packet(session, "593631100", "P999"))
    assert poshta("routes", "replan", *WEEK).data["changed"] is True
    assert sum(stop["packets_out"] for route in exported(poshta).values() for stop in route["stops"]) == 41
    assert [code for code in kept if code in exported(poshta)] or not kept


def test_a_village_is_left_out_with_its_reason(driven: Path, poshta: Poshta) -> None:
    """Exit 3; its sentence says that it was asked for, in three languages."""
    said = poshta("routes", "replan", *WEEK, "--without", "village:593631100")
    assert (said.code, [(each["kato"], each["reason"]) for each in said.data["unplanned"]]) == (3, [("593631100", "closed")])
    assert "on purpose" in said.data["unplanned"][0]["text"]
    assert poshta("routes", "replan", *WEEK, "--without", "village:593639999").code == 6
    assert poshta("routes", "replan", *WEEK, "--without", "road").code == 2
    assert poshta("routes", "replan", "--week", "2026-W42").code == 7


def test_a_week_that_nobody_could_drive_any_more_stays(driven: Path, poshta: Poshta) -> None:
    """Exit 13 with each village's reason; the plan in force is the one that was."""
    before = exported(poshta)
    words = ("--without", "vehicle:150400/УАЗ 1", "--without", "vehicle:150400/ГАЗ")
    said = poshta("routes", "replan", *WEEK, *words)
    assert (said.code, len(said.body["errors"])) == (13, 9)
    assert exported(poshta) == before


def test_a_plan_by_a_matrix_asks_for_the_matrix(driven: Path, poshta: Poshta) -> None:
    """Else every leg would change."""
    matrix = driven / "roads.csv"
    matrix.write_text("from,to,metres,seconds\n150400,593631100,30000,2400\n593631100,150400,30000,2400\n")
    poshta("routes", "plan", *WEEK, "--matrix", str(matrix))
    refused = poshta("routes", "replan", *WEEK, "--without", "village:593631101")
    assert (refused.code, "--matrix" in refused.body["errors"][0]["hint"]) == (7, True)
    assert poshta("routes", "replan", *WEEK, "--without", "village:593631101", "--matrix", str(matrix)).code == 3


def test_a_plan_that_was_made_meanwhile_is_not_overwritten(driven: Path, poshta: Poshta) -> None:
    """Nothing is saved; the routes are those of the other plan."""
    home = open_home(driven)
    with home.database.read() as session:
        begun = book.current_plan(session, "2026-W41")
    change(driven, lambda session: add_packet(session, "593631100", "P999"))
    poshta("routes", "plan", *WEEK)
    before = exported(poshta)
    with pytest.raises(NotAllowed, match="meanwhile"), home.database.write() as session:
        book.save(session, replace(begun, code="", routes=begun.routes[:1]), "0")
    home.close()
    assert exported(poshta) == before
