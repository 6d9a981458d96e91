"""Routes under way stay exactly as they are, and the rest of the week is planned around them."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from records.errors import NotAllowed
from records.home import open_home
from records.schema import Office, Packet, Settlement, Vehicle
from routing import book
from routing.plan import Plan
from routing.reasons import sentence
from routing.remainder import taken_by, whole_call
from routing.request import Request, answer
from routing.stops import Call
from tests.conftest import Poshta
from tests.routing.test_commands import WEEK, change, states
from tests.routing.test_verify import judged
from tests.routing.weeks import add_packet, call, days, fill_desk, random_request, request


@pytest.fixture
def two_routes(desk: Path, poshta: Poshta) -> Path:
    """A desk whose days are so short that the district takes several routes; they are planned."""
    change(desk, fill_desk)
    change(desk, lambda session: session.get_one(Vehicle, ("150400", "УАЗ 1")).__setattr__("day_minutes", 240))
    poshta("routes", "plan", *WEEK)
    return desk


def routes(poshta: Poshta) -> dict[str, Any]:
    """The exported routes by code."""
    return {route["route"]: route for route in poshta("routes", "export", *WEEK).data["routes"]}


def test_one_route_under_way_does_not_hold_up_the_week(two_routes: Path, poshta: Poshta) -> None:
    """It keeps its code, stops and bytes; the others are planned anew on other days, and every packet leaves once."""
    before = routes(poshta)
    first, second = list(before)[:2]
    poshta("routes", "manifest", *WEEK)
    printed = (two_routes / f"routes/2026-W41/manifest-{first}.pdf").read_bytes()
    poshta("routes", "handover", *WEEK, "--route", first)
    change(two_routes, lambda session: add_packet(session, before[second]["stops"][0]["kato"], "P999"))
    assert poshta("routes", "handover", *WEEK, "--route", second).code == 7
    said = poshta("routes", "plan", *WEEK)
    assert (said.code, said.data["plan"], said.data["packets"]) == (0, "26W41B", 41)
    after = routes(poshta)
    assert after[first] == before[first]
    assert {code[:6] for code in after} == {"26W41A", "26W41B"}
    assert [code for code in after if code.startswith("26W41A")] == [first]
    assert len({(route["vehicle"], route["date"]) for route in after.values()}) == len(after)
    poshta("routes", "manifest", *WEEK)
    assert (two_routes / f"routes/2026-W41/manifest-{first}.pdf").read_bytes() == printed
    assert poshta("routes", "handover", *WEEK).data["packets"] == 41 - sum(stop["packets_out"] for stop in before[first]["stops"])
    assert states(two_routes) == {"handed_over"}


def test_planning_twice_around_a_route_under_way_changes_nothing(two_routes: Path, poshta: Poshta) -> None:
    """Neither straight after the hand-over, when nothing else has changed, nor after a new plan."""
    first = next(iter(routes(poshta)))
    poshta("routes", "handover", *WEEK, "--route", first)
    assert poshta("routes", "plan", *WEEK).data["changed"] is False
    change(two_routes, lambda session: add_packet(session, "593631100", "P999"))
    assert [poshta("routes", "plan", *WEEK).data["changed"] for _again in range(2)] == [True, False]


def test_what_comes_after_the_van_gets_a_call_of_its_own(two_routes: Path, poshta: Poshta) -> None:
    """A packet for a village whose bag has left: a second visit on another day carries it alone, in any route that is left."""
    poshta("routes", "handover", *WEEK)
    change(two_routes, lambda session: add_packet(session, "593631100", "P999"))
    assert poshta("routes", "plan", *WEEK).data["changed"] is True
    calls = [
        (route["date"], stop["packets_out"]) for route in routes(poshta).values() for stop in route["stops"] if stop["kato"] == "593631100"
    ]
    assert sorted(packets for _date, packets in calls) == [1, 5]
    assert calls[0][0] != calls[1][0]
    assert poshta("routes", "handover", *WEEK).data["packets"] == 1
    assert poshta("routes", "plan", *WEEK).data["changed"] is False


def test_a_packet_withdrawn_under_way_asks_for_no_new_plan(two_routes: Path, poshta: Poshta) -> None:
    """The manifest that left says what left."""
    poshta("routes", "handover", *WEEK)
    change(two_routes, lambda session: session.get_one(Packet, "K-593631100-P00000").__setattr__("state", "void"))
    assert poshta("routes", "plan", *WEEK).data["changed"] is False


def test_another_district_is_planned_while_one_is_on_the_road(two_routes: Path, poshta: Poshta) -> None:
    """A district whose packets are built later waits for nobody."""
    poshta("routes", "handover", *WEEK)
    before = routes(poshta)
    change(two_routes, lambda session: session.add(Office(index="150500", name="Сергеевка", kato="594030100", lat=53.88, lon=67.42)))
    change(two_routes, lambda session: session.add(Vehicle(office="150500", vehicle="ГАЗ 2", payload_kg=400, day_minutes=600, days="")))
    change(
        two_routes, lambda session: session.add(Settlement(kato="594031100", name_kk="А", name_ru="А", lat=53.9, lon=67.5, population=1))
    )
    change(two_routes, lambda session: add_packet(session, "594031100", "P900"))
    assert poshta("routes", "plan", *WEEK).code == 0
    after = routes(poshta)
    assert {code: route for code, route in after.items() if code in before} == before
    assert [route["office"] for code, route in after.items() if code not in before] == ["150500"]


def test_open_routes_whose_packets_are_all_withdrawn_leave_the_plan(two_routes: Path, poshta: Poshta) -> None:
    """What is under way stays alone, and then there is nothing to do."""
    first, *others = routes(poshta).values()
    poshta("routes", "handover", *WEEK, "--route", first["route"])
    gone = {stop["kato"] for route in others for stop in route["stops"]}

    def withdraw(session: Session) -> None:
        for packet in session.scalars(select(Packet).where(Packet.kato.in_(gone))):
            packet.state = "void"

    change(two_routes, withdraw)
    assert poshta("routes", "plan", *WEEK).data["changed"] is True
    assert list(routes(poshta)) == [first["route"]]
    assert poshta("routes", "plan", *WEEK).data["changed"] is False


def test_a_hand_over_during_the_search_is_not_overwritten(two_routes: Path, poshta: Poshta) -> None:
    """A plan that was begun before a route left is not saved."""
    first = next(iter(routes(poshta)))
    home = open_home(two_routes)
    with home.database.read() as session:
        begun = book.current_plan(session, "2026-W41")
    poshta("routes", "handover", *WEEK, "--route", first)
    drafted = replace(begun, code="", routes=tuple(replace(route, code="", depart="09:00") for route in begun.routes))
    with pytest.raises(NotAllowed, match=first), home.database.write() as session:
        book.save(session, drafted, "0")
    home.close()


def under_way(wanted: Request, plan: Plan, seed: int) -> Request:
    """The week after some of the plan's routes left and packets were built for some villages."""
    dice = random.Random(seed)
    coded = [replace(route, code=f"A-{place}") for place, route in enumerate(plan.routes)]
    kept = tuple(route for route in coded if dice.random() < 0.5)
    taken = taken_by(kept)
    calls = [_more(each, dice.choice((0, 0, 2))) for each in wanted.calls]
    return replace(wanted, calls=tuple(whole_call(each, taken[each.kato]) if each.kato in taken else each for each in calls), kept=kept)


def _more(each: Call, packets: int) -> Call:
    return replace(
        each,
        packets_out=each.packets_out + packets,
        packets_back=each.packets_back + packets,
        grams_out=each.grams_out + 200 * packets,
        grams_back=each.grams_back + 200 * packets,
    )


@pytest.mark.parametrize("seed", range(80))
def test_random_weeks_under_way_have_no_fault(seed: int) -> None:
    """Whatever has left, the judge of the whole week finds nothing wrong, and what left stands in the plan unchanged."""
    wanted = random_request(seed)
    later = under_way(wanted, answer(wanted, 1), seed)
    plan = answer(later, 1)
    assert judged(later, plan) == []
    assert set(later.kept) <= set(plan.routes)


def test_the_judge_counts_what_is_under_way() -> None:
    """A route under way that is changed, left out or driven twice is a fault, and so is a packet planned again."""
    calls = [call("593630200", 54.1, 69.1), call("593630201", 54.2, 69.2)]
    wanted = request(calls, days(weekdays=("mon", "tue"), payload=1_500))
    (kept,) = [replace(route, code="A-1") for route in answer(wanted, 1).routes if route.day == "mon"]
    later = replace(wanted, kept=(kept,))
    plan = answer(later, 1)
    assert judged(later, plan) == []
    other = next(route for route in plan.routes if route != kept)
    broken = {
        "kept_changed": replace(plan, routes=(replace(kept, depart="07:00"), other)),
        "vehicle_twice": replace(plan, routes=(kept, replace(other, day="mon", date=kept.date))),
        "visit_twice": replace(plan, routes=(kept, replace(other, stops=(*other.stops, *kept.stops)))),
        "packets_lost": replace(plan, routes=(kept, replace(other, stops=(replace(other.stops[0], packets_out=6),)))),
    }
    for kind, spoilt in broken.items():
        assert kind in {fault.kind for fault in judged(later, spoilt)}


@pytest.mark.parametrize(
    ("weekdays", "mail_days", "said"),
    [
        (("mon", "tue"), ("mon",), "Visits wanted a week: 2; mail days on which a vehicle can come: 1. This concerns visit 2 of 2."),
        (
            ("mon",),
            ("mon", "tue"),
            "Every vehicle that can come is busy on all its days. One more day of a vehicle of the office 150400 would do.",
        ),
    ],
)
def test_what_cannot_follow_is_told_with_a_true_reason(weekdays: tuple[str, ...], mail_days: tuple[str, ...], said: str) -> None:
    """The only mail day, or the only vehicle-day, has been used up by the route that left."""
    wanted = request([call("593630200", 54.1, 69.1, days=mail_days)], days(weekdays=weekdays))
    kept = tuple(replace(route, code="A-1") for route in answer(wanted, 1).routes)
    late = whole_call(_more(wanted.calls[0], 2), taken_by(kept)["593630200"])
    plan = answer(replace(wanted, calls=(late,), kept=kept), 1)
    (left,) = plan.unplanned
    assert sentence(left).startswith(said)
    assert plan.routes == kept
