"""What the desk does with existing routes: they are scored, compared, drawn, and kept by a plan."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import delete
from sqlalchemy.orm import Session

from records.schema import Packet, Settlement
from tests.conftest import Poshta
from tests.routing.test_commands import WEEK, change
from tests.routing.test_schedule_import import written
from tests.routing.weeks import fill_desk

LIST = "route,office,order,kato,days\n3,150400,1,593631100,tue\n3,150400,2,593631103,tue\n3,150400,3,593631106,tue\n"


@pytest.fixture
def scheduled(desk: Path, poshta: Poshta, tmp_path: Path) -> Path:
    """Eight villages, of which an existing route calls at three on Tuesdays."""
    change(desk, fill_desk)
    assert poshta("routes", "import-schedule", written(tmp_path, LIST)).code == 0
    return desk


def test_a_comparison_begins_with_what_runs_today(scheduled: Path, poshta: Poshta) -> None:
    """The run's load and what it drives more; every village left over with its reason; nothing is saved."""
    said = poshta("routes", "compare", *WEEK)
    today, lone = said.data["ways"][:2]
    (run,) = said.data["runs"]
    assert (today["way"], lone["way"], lone["saved_metres"]) == ("existing", "there_and_back", None)
    assert today["stops"] == run["stops"] >= 3
    assert today["stops"] + len(today["unplanned"]) == 8
    assert {each["reason"] for each in today["unplanned"]} <= {"no_route"}
    assert (run["schedule"], run["day"], run["packets"]) == ("3", "tue", 5 * run["stops"])
    assert today["extra_metres"] == run["extra_metres"] <= 10_000 * (run["stops"] - 3)
    assert (lone["extra_metres"], lone["extra_minutes"]) == (None, None)
    assert poshta("routes", "export", *WEEK).code == 6
    for lang, words in (("en", "On the existing routes"), ("kk", "Қолданыстағы маршруттармен"), ("ru", "На существующих маршрутах")):
        assert words in poshta("routes", "compare", *WEEK, json=False, lang=lang).out


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf", "html"])
def test_a_comparison_is_drawn(suffix: str, scheduled: Path, poshta: Poshta) -> None:
    """In each format, with every way and in Kazakh letters; the same twice."""
    file = scheduled / f"ways.{suffix}"
    assert poshta("routes", "compare", *WEEK, "--out", str(file), lang="kk").data["files"] == [f"ways.{suffix}"]
    first = file.read_bytes()
    assert poshta("routes", "compare", *WEEK, "--out", str(file), lang="kk").code == 0
    assert file.read_bytes() == first
    if suffix == "png":
        with Image.open(file) as picture:
            assert picture.width > 1_000
    elif suffix == "pdf":
        assert first.startswith(b"%PDF")
    else:
        text = first.decode()
        ET.fromstring(text if suffix == "svg" else text[text.index("<svg") : text.index("</svg>") + 6])
        assert "Қолданыстағы маршруттармен" in text
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_a_picture_of_no_known_kind_is_refused_before_anything_is_planned(scheduled: Path, poshta: Poshta) -> None:
    """Exit 2, and no file."""
    assert poshta("routes", "compare", *WEEK, "--out", str(scheduled / "ways.docx")).code == 2
    assert not (scheduled / "ways.docx").exists()


def test_a_plan_keeps_the_existing_routes_and_plans_the_rest(scheduled: Path, poshta: Poshta) -> None:
    """By the flag or the setting; the route's name stands in the export; twice changes nothing; afresh plans all anew."""
    said = poshta("routes", "plan", *WEEK, "--on-schedule")
    assert (said.code, said.data["on_schedule"], said.data["packets"], said.data["unplanned"]) == (0, 1, 40, [])
    routes = poshta("routes", "export", *WEEK).data["routes"]
    assert {(route["kind"], route["schedule"], route["day"]) for route in routes if route["kind"] == "schedule"} == {
        ("schedule", "3", "tue")
    }
    assert all(route["day"] != "tue" for route in routes if route["kind"] == "planned")
    assert poshta("routes", "plan", *WEEK, "--on-schedule").data["changed"] is False
    (scheduled / "poshta.toml").write_text("[routes]\non_schedule = true\n")
    assert poshta("routes", "plan", *WEEK).data["changed"] is False
    assert poshta("routes", "plan", *WEEK, "--afresh").data["on_schedule"] == 0


def test_a_plan_on_schedule_without_one_says_so(desk: Path, poshta: Poshta) -> None:
    """It is planned afresh, and told."""
    change(desk, fill_desk)
    said = poshta("routes", "plan", *WEEK, "--on-schedule")
    assert [each["code"] for each in said.body["errors"]] == ["no_schedule"]
    assert said.data["packets"] == 40


def test_an_existing_route_can_be_handed_over(scheduled: Path, poshta: Poshta) -> None:
    """Its manifest is printed and its packets leave; what comes later for its villages is planned on another day."""
    poshta("routes", "plan", *WEEK, "--on-schedule")
    code = next(route["route"] for route in poshta("routes", "export", *WEEK).data["routes"] if route["kind"] == "schedule")
    assert poshta("routes", "manifest", *WEEK, "--route", code).code == 0
    assert poshta("routes", "handover", *WEEK, "--route", code).code == 0
    assert poshta("routes", "plan", *WEEK, "--on-schedule").data["changed"] is False


@pytest.mark.parametrize("packets", [True, False])
def test_a_village_with_exchanged_coordinates_does_not_take_its_route_out(packets: bool, scheduled: Path, poshta: Poshta) -> None:
    """Its route drives past without it, with packets or without any for it; only the village is told, as `no_road`."""
    change(scheduled, lambda session: exchange(session, "593631103", packets))
    (today, *_others) = poshta("routes", "compare", *WEEK).data["ways"]
    assert (today["way"], today["stops"] >= 2) == ("existing", True)
    lost = {each["kato"]: each["reason"] for each in today["unplanned"]}
    assert lost.get("593631103") == ("no_road" if packets else None)
    assert "no_road" not in {reason for kato, reason in lost.items() if kato != "593631103"}
    said = poshta("routes", "plan", *WEEK, "--on-schedule")
    assert said.data["on_schedule"] == 1
    assert [(each["kato"], each["reason"]) for each in said.data["unplanned"]] == ([("593631103", "no_road")] if packets else [])
    assert [each["value"] for each in said.body["errors"] if each["code"] == "coordinates_exchanged"] == ["593631103"]
    assert [each["value"] for each in said.body["errors"] if each["code"] == "schedule_unfit"] == []


def exchange(session: Session, kato: str, packets: bool) -> None:
    """Latitude for longitude in the register; without `packets`, none is for the village."""
    row = session.get_one(Settlement, kato)
    row.lat, row.lon = row.lon, row.lat
    if not packets:
        session.execute(delete(Packet).where(Packet.kato == kato))
