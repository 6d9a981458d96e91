"""What came back and what was earned, summed by region or district: every packet and every total counts once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

import scanning.by_area
from records.home import open_home
from scanning.by_area import earned_by_area
from scanning.gradebook import totals
from tests.small_desk import WEEK, SmallDesk, here

PAGES = ("expected", "read", "doubtful", "outstanding", "late", "waiting", "doubts")


@pytest.mark.parametrize("by", ["region", "district", "sub_district"])
def test_the_areas_of_the_status_add_up_to_its_packets(small_desk: SmallDesk, by: str) -> None:
    told = here(small_desk.home, "scan", "status", "--week", WEEK, "--by", by).data
    packets, areas = told["packets"], told["areas"]
    assert packets
    assert sum(area["packets"] for area in areas) == len(packets)
    assert sum(area["missing"] for area in areas) == sum(len(packet["missing"]) for packet in packets)
    for name in PAGES:
        assert sum(area[name] for area in areas) == sum(packet[name] for packet in packets), name
    kept = {"region": 2, "district": 4, "sub_district": 6}[by]
    assert {area["kato"][:kept] for area in areas} == {packet["kato"][:kept] for packet in packets}


def test_the_areas_of_the_grades_add_up_to_the_totals(small_desk: SmallDesk) -> None:
    told = here(small_desk.home, "grades", "list", "--week", WEEK, "--by", "district").data
    grades, (area,) = told["grades"], told["areas"]
    assert (area["works"], area["pupils"]) == (len(grades), len({total["pupil"] for total in grades}))
    assert sum(area["marks"].values()) == sum(total["mark"] is not None for total in grades)
    assert area["missing"] == sum(total["missing"] for total in grades)
    points, most = (sum(total[name] for total in grades) for name in ("points", "max_points"))
    assert abs(area["percent"] - 100 * points / most) <= 0.5


def test_tables_are_by_area_and_a_wrong_word_is_refused(small_desk: SmallDesk) -> None:
    assert "Packets" in here(small_desk.home, "scan", "status", "--week", WEEK, "--by", "region", json=False).out
    assert "Pupils" in here(small_desk.home, "grades", "list", "--week", WEEK, "--by", "region", json=False).out
    assert here(small_desk.home, "scan", "status", "--week", WEEK, "--by", "street").code == 2
    assert here(small_desk.home, "grades", "list", "--week", WEEK, "--by", "street").code == 2
    assert "areas" not in here(small_desk.home, "grades", "list", "--week", WEEK).data


@pytest.mark.parametrize("few", [1, 500])
def test_only_the_packets_that_were_asked_for_are_read(small_desk: SmallDesk, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    asked: list[str] = []

    def told(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    monkeypatch.setattr(scanning.by_area, "FEW", few)
    home = open_home(small_desk.home)
    try:
        with home.database.read() as session:
            found = totals(session, WEEK)
            event.listen(home.database.engine, "before_cursor_execute", told)
            (area,) = earned_by_area(session, found, "district")
    finally:
        home.close()
    of_packets = [statement for statement in asked if "FROM packet" in statement]
    assert len(of_packets) == (1 if few > 1 else len({each.packet for each in found}))
    assert all("WHERE packet.code IN" in statement for statement in of_packets)
    assert (area.works, area.kato != "") == (len(found), True)
