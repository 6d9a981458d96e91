"""The shapes that docs/contract.md promises of track, note, overdue, reprint and figures, on a finished week; nothing more and nothing less."""

from __future__ import annotations

import re
from typing import Any

from records.events import Outcome, TrackState
from tests.small_desk import AFTER, WEEK, SmallDesk, here

MOMENT, DAY = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d"), re.compile(r"20\d\d-\d\d-\d\d")
PACKET = {"packet", "pupil", "kato", "week", "state", "since", "due", "over", "route", "stop", "pages", "read", "numbers", "event"}
BAG = {"route", "stop", "kato", "week", "office", "date", "packets", "state", "since", "reason", "back", "expected", "event"}
NOTE = {"route", "page", "item", "reading", "candidates", "state", "reason", "decided_by"}
FIGURES = {
    *("packets", "delivered", "not_delivered", "untold", "returned", "scanned", "lost", "return_rate", "loss", "turnaround_days"),
    *("routes", "stops", "planned_km", "driven_km", "cost", "unpriced"),
}
OVERDUE = {
    *("packet", "pupil", "week", "step", "state", "due", "over", "pages", "read", "kato", "village", "school", "school_name", "phone"),
    *("left_on", "event"),
}


def data(desk: SmallDesk, *words: str, day: str = AFTER) -> Any:
    return here(desk.home, *words, day=day).data


def test_track_is_the_contract(own_desk: SmallDesk) -> None:
    route = data(own_desk, "routes", "track", "--week", WEEK)["bags"][0]["route"]
    said = data(own_desk, "routes", "note", route, "1", "delivered", "--back", "1")
    assert set(said) == {"route", "changed", "doubts"}
    assert all(set(each) == {"item", "before", "value", "state", "reason"} for each in said["changed"])
    found = data(own_desk, "routes", "track", "--week", WEEK)
    assert set(found) == {"week", "packets", "bags", "counts", "doubts", "notes"}
    assert set(found["counts"]) == set(TrackState)
    assert sum(found["counts"].values()) == len(found["packets"]) > 0
    assert all(set(each) == PACKET for each in found["packets"])
    assert all(MOMENT.fullmatch(each["since"]) and DAY.fullmatch(each["due"]) for each in found["packets"])
    assert all(set(each) == BAG for each in found["bags"])
    assert all(set(each) == NOTE for each in found["notes"])
    assert {each["reading"][0] for each in found["notes"] if each["item"].endswith(".outcome")} <= set(Outcome)
    one = data(own_desk, "routes", "track", "--packet", found["packets"][0]["packet"])["packets"]
    assert [set(each) for each in one] == [PACKET | {"history"}]
    assert all({"at", "event", "source"} <= set(event) for event in one[0]["history"])


def test_what_was_scanned_is_scanned_and_complete(small_desk: SmallDesk) -> None:
    states = {each["packet"]: each for each in data(small_desk, "routes", "track", "--week", WEEK)["packets"]}
    shown = data(small_desk, "scan", "status", "--week", WEEK)["packets"]
    for each in shown:
        row = states[each["packet"]]
        assert (row["pages"], row["read"]) == (each["expected"], each["read"] + each["doubtful"])
        assert (row["state"] == "scanned") == (row["read"] == row["pages"])


def test_overdue_and_reprint_are_the_contract(own_desk: SmallDesk) -> None:
    found = data(own_desk, "overdue", day="2026-12-30")
    assert set(found) == {"week", "overdue", "counts", "lost", "files"}
    assert all(set(each) == OVERDUE for each in found["overdue"])
    assert found["lost"]
    printed = data(own_desk, "packets", "reprint", found["lost"][0], day="2026-12-30")
    assert set(printed) == {"packets", "pages", "files"}
    assert [set(each) for each in printed["packets"]] == [{"packet", "pages", "slip", "file"}]
    assert printed["files"] == [each["file"] for each in printed["packets"]]


def test_figures_are_the_contract(small_desk: SmallDesk) -> None:
    found = data(small_desk, "routes", "figures", "--week", WEEK)
    assert set(found) == {"week", "from", "to", "routes", "offices", "total", "tariffs", "files"}
    assert set(found["total"]) == FIGURES
    assert all(set(each) == FIGURES | {"route", "office", "date", "week"} for each in found["routes"])
    assert all(set(each) == FIGURES | {"office"} for each in found["offices"])
