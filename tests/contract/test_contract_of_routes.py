"""What docs/contract.md promises of plans, comparisons and exports, on a finished week. Where new rows go: tests/contract/shapes.py."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.shapes import CLOCK, DAY, KATO, Maybe, Some, assert_documented, assert_files_are_there, assert_refused
from tests.small_desk import NEXT_WEEK, WEEK, SmallDesk, here

STOP = {
    "order": int,
    "kato": KATO,
    "lat": float,
    "lon": float,
    "arrive": CLOCK,
    "service_minutes": int,
    "packets_out": int,
    "packets_back": int,
    "grams_out": int,
    "grams_back": int,
    "leg_metres": int,
    "leg_minutes": int,
    "source": {"matrix", "osrm", "estimate"},
    "date": DAY,
    "break_minutes": int,
    "via": [KATO],
}
ROUTE = {
    "route": str,
    "office": str,
    "day": {"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
    "date": DAY,
    "vehicle": str,
    "depart": CLOCK,
    "metres": int,
    "minutes": int,
    "max_load_grams": int,
    "start": {"lat": float, "lon": float},
    "return_metres": int,
    "return_minutes": int,
    "kind": {"planned", "schedule", "overnight"},
    "schedule": str,
    "night_after": int,
    "back_date": DAY,
    "return_break": int,
    "return_via": [KATO],
    "stops": Some(STOP),
}
REASON = {"no_road", "too_far", "over_capacity", "closed", "no_vehicle", "no_mail_day", "no_route", "may_wait"}
UNPLANNED = [{"kato": KATO, "reason": REASON, "text": str}]
READS: dict[str, dict[str, Any]] = {
    f"routes export --week {WEEK}": {"routes": Some(ROUTE), "unplanned": UNPLANNED},
    f"routes compare --week {WEEK}": {
        "week": {WEEK},
        "ways": Some(
            {
                "way": {"existing", "there_and_back", "district", "oblast", "country"},
                **dict.fromkeys(("metres", "routes", "stops", "packets"), int),
                "unplanned": UNPLANNED,
                **dict.fromkeys(("saved_metres", "extra_metres", "extra_minutes"), Maybe(int)),
            }
        ),
        "runs": [
            {
                **dict.fromkeys(("schedule", "office", "day", "vehicle"), str),
                **dict.fromkeys(("stops", "packets", "load_grams", "free_grams", "metres", "extra_metres", "extra_minutes"), int),
            }
        ],
    },
    f"routes plan --week {WEEK}": {
        "plan": str,
        "week": {WEEK},
        "scope": {"district", "oblast", "country"},
        "changed": bool,
        **dict.fromkeys(("routes", "stops", "packets", "metres", "on_schedule", "overnight"), int),
        "unplanned": UNPLANNED,
    },
}
WRITES = (
    ("routes", "manifest", "--week", WEEK),
    ("routes", "export", "--week", WEEK, "--to", "HOME/plan.geojson"),
)
REFUSALS = {
    f"routes plan --week {NEXT_WEEK}": 7,
    f"routes compare --week {NEXT_WEEK}": 7,
    f"routes export --week {NEXT_WEEK}": 7,
    f"routes manifest --week {WEEK} --route NOWHERE": 6,
}


@pytest.mark.parametrize("line", READS)
def test_what_a_command_answers_has_the_documented_fields(own_desk: SmallDesk, line: str) -> None:
    assert_documented(own_desk, line, READS[line])


@pytest.mark.parametrize("words", WRITES, ids=[" ".join(words[:2]) for words in WRITES])
def test_files_are_named_from_the_home_and_are_there(own_desk: SmallDesk, words: tuple[str, ...]) -> None:
    assert_files_are_there(own_desk, words)


@pytest.mark.parametrize(("line", "code"), REFUSALS.items())
def test_each_refusal_has_its_exit_code_and_says_what_to_do(own_desk: SmallDesk, line: str, code: int) -> None:
    assert_refused(own_desk, line, code)


def test_routes_add_up(small_desk: SmallDesk) -> None:
    def minute(clock: str) -> int:
        return int(clock[:2]) * 60 + int(clock[3:])

    weights = {packet["packet"]: packet for packet in here(small_desk.home, "packets", "list", "--week", WEEK).data["packets"]}
    routes = here(small_desk.home, "routes", "export", "--week", WEEK).data["routes"]
    for route in routes:
        stops = route["stops"]
        assert [stop["order"] for stop in stops] == list(range(1, len(stops) + 1))
        assert route["metres"] == sum(stop["leg_metres"] for stop in stops) + route["return_metres"]
        driven = sum(stop["leg_minutes"] + stop["service_minutes"] for stop in stops) + route["return_minutes"]
        assert abs(route["minutes"] - driven) <= len(stops) + 1
        assert minute(route["depart"]) < minute(stops[0]["arrive"])
        for stop in stops:
            there = [packet for packet in weights.values() if packet["kato"] == stop["kato"]]
            assert (stop["packets_out"], stop["grams_out"]) == (len(there), sum(packet["grams"] for packet in there))
        assert route["max_load_grams"] >= sum(stop["grams_out"] for stop in stops)
