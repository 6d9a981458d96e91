"""Planning keeps off holidays, and tells mail days and study weeks that fall on one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from records.schema import Settlement
from routing.plan import Plan
from routing.request import answer, judged
from tests.conftest import Poshta
from tests.routing.test_commands import change
from tests.routing.weeks import call, days, fill_desk, request
from tests.small_desk import SmallDesk, here

WEEK = ("--week", "2026-W41")
HOLIDAY = '[calendar]\ndays_off = ["2026-09-28", "2026-10-01"]\n'


@pytest.fixture
def festive(desk: Path) -> Path:
    """A district whose delivery week has two days off, Monday and Thursday."""
    change(desk, fill_desk)
    (desk / "poshta.toml").write_text(HOLIDAY)
    return desk


def test_nothing_is_planned_on_a_holiday(festive: Path, poshta: Poshta) -> None:
    """The first day that is none is taken, and each holiday is told once."""
    said = poshta("routes", "plan", *WEEK)
    assert {route["day"] for route in poshta("routes", "export", *WEEK).data["routes"]} == {"tue"}
    assert [(each["code"], each["value"]) for each in said.body["errors"]] == [("holiday", "2026-09-28"), ("holiday", "2026-10-01")]
    assert said.code == 0
    (festive / "poshta.toml").write_text(HOLIDAY + 'working_days = ["2026-09-28"]\n')
    assert poshta("routes", "plan", *WEEK).data["changed"] is True
    assert {route["day"] for route in poshta("routes", "export", *WEEK).data["routes"]} == {"mon"}


def test_mail_days_on_a_holiday_are_told(festive: Path, poshta: Poshta) -> None:
    """A village with another mail day waits for it; one without is left out with its reason."""
    change(festive, lambda session: session.get_one(Settlement, "593631100").__setattr__("mail_days", "mon,fri"))
    change(festive, lambda session: session.get_one(Settlement, "593631101").__setattr__("mail_days", "thu"))
    said = poshta("routes", "plan", *WEEK)
    told = {each["value"]: each["text"] for each in said.body["errors"] if each["code"] == "mail_day_on_holiday"}
    assert {day: [kato for kato in ("593631100", "593631101") if kato in text] for day, text in told.items()} == {
        "2026-09-28": ["593631100"],
        "2026-10-01": ["593631101"],
    }
    assert [(each["kato"], each["reason"]) for each in said.data["unplanned"]] == [("593631101", "no_mail_day")]
    stops = {stop["kato"]: stop["date"] for route in poshta("routes", "export", *WEEK).data["routes"] for stop in route["stops"]}
    assert stops["593631100"] == "2026-10-02"


def test_a_study_week_in_the_school_holidays_is_told(desk: Path, poshta: Poshta) -> None:
    """By the desk's own school year, or the program's; a whole week, a part of one, and grade 1 alone."""
    change(desk, fill_desk)
    year = '[[calendar.school_years]]\nfirst = "2026-09-01"\nlast = "2027-05-25"\nholidays = ["2026-10-07..2026-10-11"]\n'
    (desk / "poshta.toml").write_text(year)
    (said,) = poshta("routes", "plan", *WEEK).body["errors"]
    assert (said["code"], said["text"]) == ("school_holiday", "4 of the 6 days of the study week 2026-W41 are school holidays.")
    (desk / "poshta.toml").write_text(year.replace("2026-10-07..2026-10-11", "2026-10-26") + 'first_grade = ["2026-10-05..2026-10-09"]\n')
    assert "grade 1" in poshta("routes", "plan", *WEEK).body["errors"][0]["text"]


def test_the_calendar_of_a_week_is_shown_with_its_sources(desk: Path, poshta: Poshta) -> None:
    """Holidays of the delivery week, the quarter of the study week; a year that nobody knows is said to be unknown."""
    data = poshta("routes", "calendar", "--week", "2026-W14").data
    assert [(day["day"], day["holiday"]) for day in data["delivery"] if day["holiday"]] == [("mon", "Nauryz")]
    assert (data["school"]["year"], data["school"]["quarter"], data["school"]["free_days"]) == ("2025-2026", 4, 0)
    assert all(day["source"] for day in data["delivery"] if day["holiday"])
    assert "No calendar" in poshta("routes", "calendar", "--week", "2031-W14", json=False).out
    assert "Наурыз" in poshta("routes", "calendar", "--week", "2026-W14", json=False, lang="ru").out


def test_the_judge_keeps_off_holidays() -> None:
    """A route on a day off is a fault, whatever the fleet says."""
    wanted = request([call("593630200", 54.1, 69.1)], days(weekdays=("mon", "tue")))
    plan = answer(wanted, 1)
    off = replace(wanted, fleet=replace(wanted.fleet, days_off={"2026-09-28": "a day off"}))
    assert plan.routes[0].day == "mon"
    assert "holiday" in {fault.kind for fault in judged(off, Plan(plan.week, plan.scope, plan.routes, ()))}
    assert judged(wanted, plan) == []


def test_building_packets_for_a_week_in_the_school_holidays_is_told_too(own_desk: SmallDesk) -> None:
    """When something can still be done about it; the packets are built all the same."""
    (own_desk.home / "poshta.toml").write_text(
        '[[calendar.school_years]]\nfirst = "2026-09-01"\nlast = "2027-05-25"\nholidays = ["2026-10-05..2026-10-18"]\n'
    )
    said = here(own_desk.home, "packets", "build", "--week", "2026-W41")
    assert [each["code"] for each in said.body["errors"]] == ["school_holiday"]
    assert said.code == 0
