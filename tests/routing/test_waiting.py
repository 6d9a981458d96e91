"""Villages whose packets may wait: called at where it costs little, else told, and served the week after with both weeks' packets."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from records.home import open_home
from records.schema import Packet, Settlement
from routing.plan import Plan, Unplanned
from routing.reasons import sentence
from routing.request import Request, answer, judged
from routing.waiting import worth
from tests.conftest import Poshta
from tests.routing.test_commands import WEEK, change
from tests.routing.weeks import call, days, depot, fill_desk, random_request, request, scheduled_request

NEXT = ("--week", "2026-W42")


def test_a_village_that_may_wait_is_served_on_the_way_and_not_for_itself() -> None:
    """On the way to another it costs nothing; alone it would cost more than it is worth."""
    near, far = replace(call("593630200", 54.3, 69.0), worth=20_000), call("593630201", 54.6, 69.0)
    together = answer(request([near, far], days()), 1)
    assert (len(together.stops), together.unplanned) == (2, ())
    alone = answer(request([near], days()), 1)
    assert [(each.kato, each.reason) for each in alone.unplanned] == [("593630200", "may_wait")]
    assert int(dict(alone.unplanned[0].details)["more"]) > 20_000
    paid = answer(request([replace(near, worth=200_000)], days()), 1)
    assert (len(paid.stops), paid.unplanned) == (1, ())


def test_who_must_be_served_goes_first() -> None:
    """A full van leaves the village that may wait, however many packets it has, and says that there was no room."""
    must, waits = call("593630200", 54.1, 69.0, packets=5), replace(call("593630201", 54.1, 69.01, packets=9), worth=500_000)
    plan = answer(request([must, waits], days(weekdays=("mon",), payload=2_000)), 1)
    assert [stop.kato for stop in plan.stops] == ["593630200"]
    assert "no vehicle has room" in sentence(plan.unplanned[0])


def test_what_a_call_is_worth_falls_with_its_priority() -> None:
    """The whole setting at 2, half at 3; at 1 there is no question."""
    assert [worth(priority, 20_000) for priority in (1, 2, 3, 5)] == [None, 20_000, 10_000, 5_000]


def waiting_week(seed: int) -> Request:
    """A random week, with existing routes in every third, in which about half of the villages may wait."""
    wanted = scheduled_request(seed) if seed % 3 == 0 else random_request(seed)
    dice = random.Random(seed)
    calls = [replace(each, visits=1, worth=dice.choice((0, 20_000, 90_000))) if dice.random() < 0.5 else each for each in wanted.calls]
    settings = wanted.roads.settings.model_copy(update={"on_schedule": seed % 3 == 0})
    return replace(wanted, calls=tuple(calls), roads=replace(wanted.roads, settings=settings))


@pytest.mark.parametrize("seed", range(90))
def test_random_weeks_with_villages_that_may_wait_have_no_fault(seed: int) -> None:
    """By the judge, who counts what each of their calls costs."""
    wanted = waiting_week(seed)
    assert judged(wanted, answer(wanted, 1)) == []


@pytest.mark.parametrize("seed", range(0, 60, 2))
def test_waiting_costs_nobody_else_and_saves_what_it_should(seed: int) -> None:
    """Those who must be served are, as if no village could wait; a village that must no longer wait is served or has another reason."""
    wanted = waiting_week(seed + 1) if (seed + 1) % 3 else waiting_week(seed + 2)
    plan = answer(wanted, 1)
    everybody = answer(replace(wanted, calls=tuple(replace(each, worth=None) for each in wanted.calls)), 1)
    must = {each.kato for each in wanted.calls if each.worth is None}
    served = sum(stop.packets_out for stop in plan.stops if stop.kato in must)
    assert served >= sum(stop.packets_out for stop in everybody.stops if stop.kato in must)
    assert not [each for each in everybody.unplanned if each.reason == "may_wait"]


def test_the_judge_lets_nobody_wait_who_must_not_and_pays_no_more_than_a_call_is_worth() -> None:
    wanted = request([replace(call("593630200", 54.3, 69.0), worth=200_000), call("593630201", 54.1, 69.0)], days(weekdays=("mon",)))
    plan = answer(wanted, 1)
    stingy = replace(wanted, calls=(replace(wanted.calls[0], worth=10_000), wanted.calls[1]))
    assert [fault.kind for fault in judged(stingy, plan)] == ["not_worth"]
    told = Plan(plan.week, plan.scope, (), (Unplanned("593630200", "may_wait"), Unplanned("593630201", "may_wait")))
    assert [(fault.kind, fault.where) for fault in judged(wanted, told)] == [("must_not_wait", "593630201")]


def test_a_country_lets_villages_wait_too() -> None:
    """Across borders, and with the same judge."""
    depots = (depot(), depot("150500", 54.6, 70.0, "393640100"))
    dice = random.Random(5)
    calls = [
        replace(call(f"59363{n:04d}", 54 + dice.uniform(-0.5, 1), 69 + dice.uniform(-0.5, 1.5)), worth=dice.choice((None, 15_000)))
        for n in range(2000, 2100)
    ]
    wanted = request(calls, days() + days("150500"), depots)
    plan = answer(wanted, 1)
    assert judged(wanted, plan) == []
    assert {each.reason for each in plan.unplanned} == {"may_wait"}


def at(desk: Path, kato: str, **values: object) -> None:
    """Change a village of the register."""

    def act(session: Session) -> None:
        for name, value in values.items():
            setattr(session.get_one(Settlement, kato), name, value)

    change(desk, act)


def built(session: Session, kato: str, week: str, pupil: str) -> None:
    """A built packet of another week."""
    session.add(
        Packet(
            code=f"{week}-{pupil}",
            week=week,
            pupil=pupil,
            kato=kato,
            state="built",
            input_digest="",
            pdf="",
            pdf_digest="",
            sheets=20,
            grams=150,
            return_by=date(2026, 10, 26),
            built_at=datetime(2026, 9, 27, 9, 0),
        )
    )


@pytest.fixture
def remote(desk: Path) -> Path:
    """A district in which one village lies far off, and may wait."""
    change(desk, fill_desk)
    at(desk, "593631100", lat=54.9, lon=70.9, priority=2)
    return desk


def states(desk: Path, kato: str) -> list[tuple[str, str]]:
    """Week and state of the village's packets."""
    home = open_home(desk)
    with home.database.read() as session:
        found = [(each.week, each.state) for each in session.scalars(select(Packet).where(Packet.kato == kato).order_by(Packet.code))]
    home.close()
    return found


def test_packets_that_waited_travel_with_the_next_week(remote: Path, poshta: Poshta) -> None:
    """Exit 0, for nobody has to do anything; a week later the village must be served, and the hand-over moves both weeks' packets."""
    said = poshta("routes", "plan", *WEEK)
    assert (said.code, [(each["kato"], each["reason"]) for each in said.data["unplanned"]]) == (0, [("593631100", "may_wait")])
    again = poshta("routes", "replan", *WEEK)
    assert (again.code, again.data["changed"], len(again.data["unplanned"])) == (0, False, 1)
    assert poshta("routes", "handover", *WEEK).data["packets"] == 35
    change(remote, lambda session: built(session, "593631100", "2026-W42", "P900"))
    change(remote, lambda session: built(session, "593631103", "2026-W42", "P901"))
    later = poshta("routes", "plan", *NEXT)
    assert (later.code, later.data["unplanned"], later.data["packets"]) == (0, [], 7)
    assert poshta("routes", "plan", *NEXT).data["changed"] is False
    assert poshta("routes", "manifest", *NEXT).code == 0
    assert poshta("routes", "handover", *NEXT).data["packets"] == 7
    assert states(remote, "593631100") == [("2026-W42", "handed_over"), *[("2026-W41", "handed_over")] * 5]
    assert poshta("routes", "plan", *NEXT).data["changed"] is False


def test_a_village_without_new_packets_gets_those_that_waited(remote: Path, poshta: Poshta) -> None:
    """The week after is enough of a reason to go there."""
    poshta("routes", "plan", *WEEK)
    change(remote, lambda session: built(session, "593631103", "2026-W42", "P901"))
    assert poshta("routes", "plan", *NEXT).data["packets"] == 6


def test_comparisons_bring_every_packet(remote: Path, poshta: Poshta) -> None:
    """Ways are compared as if nobody could wait, so that kilometres can be compared."""
    ways = poshta("routes", "compare", *WEEK).data["ways"]
    assert {each["packets"] for each in ways} == {40}


def test_a_priority_that_is_taken_back_serves_the_village(remote: Path, poshta: Poshta) -> None:
    """Removing the stated reason makes it served."""
    poshta("routes", "plan", *WEEK)
    at(remote, "593631100", priority=1)
    assert poshta("routes", "plan", *WEEK).data["unplanned"] == []
