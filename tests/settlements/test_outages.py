"""Vehicles out of service: noted, planned without, back again, undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from records.schema import Vehicle
from tests.conftest import Poshta
from tests.routing.test_commands import WEEK, change
from tests.routing.weeks import fill_desk

VAN = ("150400", "УАЗ 1")


@pytest.fixture
def district(desk: Path) -> Path:
    """A district with two vehicles, of which one is small."""
    change(desk, fill_desk)
    change(desk, lambda session: session.add(Vehicle(office="150400", vehicle="ГАЗ", payload_kg=300, day_minutes=600, days="sat")))
    return desk


def driven(poshta: Poshta) -> set[tuple[str, str]]:
    """Which vehicles drive when."""
    return {(route["vehicle"], route["day"]) for route in poshta("routes", "export", *WEEK).data["routes"]}


def test_a_vehicle_out_of_service_is_not_planned(district: Path, poshta: Poshta) -> None:
    """On its days out; the plan says so once, and another one comes in; twice the same changes nothing."""
    said = poshta("vehicles", "out", *VAN, "--from", "2026-09-28", "--to", "2026-10-04", "--why", "engine")
    assert (said.code, said.data["changed"], said.data["until"]) == (0, True, "2026-10-04")
    assert poshta("vehicles", "out", *VAN, "--from", "2026-09-28", "--until", "2026-10-04").data["changed"] is False
    planned = poshta("routes", "plan", *WEEK)
    assert [(each["code"], each["value"]) for each in planned.body["errors"]] == [("vehicle_out", "150400/УАЗ 1")]
    assert driven(poshta) == {("ГАЗ", "sat")}


def test_a_vehicle_that_is_back_drives_again(district: Path, poshta: Poshta) -> None:
    """From the day that was told; undo lets it be out as it was, and then never have been out."""
    poshta("vehicles", "out", *VAN, "--from", "2026-09-01")
    (row,) = (each for each in poshta("vehicles", "list").data["vehicles"] if each["vehicle"] == "УАЗ 1")
    assert [(each["from"], each["until"]) for each in row["out"]] == [("2026-09-01", None)]
    back = poshta("vehicles", "back", *VAN, "--from", "2026-09-30")
    assert (back.data["changed"], back.data["ended"][0]["until"]) == (True, None)
    poshta("routes", "plan", *WEEK)
    assert driven(poshta) == {("УАЗ 1", "wed")}
    assert poshta("vehicles", "back", *VAN, "--from", "2026-09-30").data["changed"] is False


def test_an_outage_and_its_end_can_be_undone(district: Path, poshta: Poshta) -> None:
    poshta("vehicles", "out", *VAN, "--from", "2030-01-01", "--why", "engine")
    before = poshta("vehicles", "list").data
    poshta("vehicles", "back", *VAN, "--from", "2029-01-01")
    assert poshta("vehicles", "list").data != before
    assert poshta("undo").code == 0
    assert poshta("vehicles", "list").data == before
    assert poshta("undo").code == 0
    assert all(not each["out"] for each in poshta("vehicles", "list").data["vehicles"])


def test_what_makes_no_sense_is_refused(district: Path, poshta: Poshta) -> None:
    """An unknown vehicle with those that there are, days the wrong way round, an IIN as a reason: nothing is noted."""
    unknown = poshta("vehicles", "out", "150400", "ЗИЛ")
    assert (unknown.code, "УАЗ 1" in unknown.body["errors"][0]["hint"]) == (6, True)
    assert poshta("vehicles", "out", *VAN, "--from", "2026-10-04", "--to", "2026-10-01").code == 2
    assert poshta("vehicles", "out", *VAN, "--why", "100101500012").code == 2
    assert poshta("vehicles", "back", "150400", "ЗИЛ").code == 6
    assert all(not each["out"] for each in poshta("vehicles", "list").data["vehicles"])
    assert poshta("journal", "--action", "vehicles").data["acts"] == []


@pytest.mark.parametrize(("lang", "words"), [("en", "out of service"), ("kk", "жүрмейді"), ("ru", "не на ходу")])
def test_it_is_said_in_three_languages(lang: str, words: str, district: Path, poshta: Poshta) -> None:
    assert words in poshta("vehicles", "out", *VAN, "--from", "2026-09-28", json=False, lang=lang).out


@pytest.mark.parametrize(("lang", "words"), [("en", "Monday – Saturday"), ("kk", "дүйсенбі – сенбі"), ("ru", "понедельник – суббота")])
def test_the_list_names_days_in_words(lang: str, words: str, desk: Path, poshta: Poshta) -> None:
    """To a person; a program gets the codes."""
    change(desk, fill_desk)
    change(desk, lambda session: setattr(session.get_one(Vehicle, ("150400", "УАЗ 1")), "days", "mon,tue,wed,thu,fri,sat"))
    told = poshta("vehicles", "list", lang=lang, json=False).out
    assert words in " ".join(told.split())
    assert "mon," not in told
    assert poshta("vehicles", "list").data["vehicles"][0]["days"] == ["mon", "tue", "wed", "thu", "fri", "sat"]
