"""A whole week on a PostgreSQL server: the same commands, the same answers as on the desk's own file. Runs where .ci/run has started a server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.small_desk import AFTER, BEFORE, WEEK, SmallDesk, here, load, outside, post


def test_a_week_goes_round_on_postgresql(small_desk: SmallDesk, postgres_url: str, tmp_path: Path) -> None:
    home, scans, server = tmp_path / "desk", tmp_path / "scans", {"POSHTA_DATABASE": postgres_url}

    def run(*words: str, day: str = AFTER, codes: tuple[int, ...] = (0,)) -> dict[str, Any]:
        told = here(home, *words, day=day, **server)
        assert told.code in codes, told.out
        return told.data

    load(home, small_desk.inputs, **server)
    assert not (home / "poshta.sqlite3").exists()
    assert run("packets", "build", "--week", WEEK, day=BEFORE)["built"] == 4
    assert run("packets", "build", "--week", WEEK, day=BEFORE)["unchanged"] == 4
    run("packets", "labels", "--week", WEEK, day=BEFORE)
    plan = run("routes", "plan", "--week", WEEK, day=BEFORE)
    assert (plan["packets"], plan["unplanned"]) == (4, [])
    run("routes", "manifest", "--week", WEEK, day=BEFORE)
    assert run("routes", "handover", "--week", WEEK, day=BEFORE)["packets"] == 4
    there = here(small_desk.home, "routes", "export", "--week", WEEK).data
    assert run("routes", "export", "--week", WEEK) == there
    for words in (("settlements", "list"), ("pupils", "list"), ("assignments", "list")):
        assert run(*words) == here(small_desk.home, *words).data

    played = post(home, scans, **server)
    read = run("scan", str(scans), codes=(3,))
    assert sum(read["counts"].values()) == len(read["pages"])
    again = run("scan", str(scans), codes=(0, 3))
    assert again["counts"]["duplicate"] + again["counts"]["refused"] == len(again["pages"])
    packets = {packet["packet"]: packet for packet in run("scan", "status", "--week", WEEK, codes=(0, 3))["packets"]}
    assert {code for code in packets if packets[code]["read"] + packets[code]["doubtful"]} <= set(played)
    answers = run("grades", "answers", "--week", WEEK)["answers"]
    assert {answer["packet"] for answer in answers} <= set(played)
    one = answers[0]
    assert run("grades", "amend", one["page"], one["item"], "")["state"] == "blank"
    assert run("grades", "list", "--week", WEEK)["grades"]
    run("grades", "export", str(home / "answers.xlsx"), "--week", WEEK)
    for name in run("returns", "--week", WEEK)["files"]:
        assert (home / name).stat().st_size > 0
    _on_the_road(run, home)
    assert run("settlements", "check")["problems"] == {}
    assert run("journal", "--limit", "5")["acts"][0]["action"]
    assert run("doctor")["checks"]


def test_two_processes_that_build_one_week_at_once_make_each_packet_once(small_desk: SmallDesk, postgres_url: str, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    home, server = tmp_path / "desk", {"POSHTA_DATABASE": postgres_url}
    load(home, small_desk.inputs, **server)
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda _number: outside(home, "packets", "build", "--week", WEEK, day=BEFORE, **server), range(2)))
    assert {each.code for each in told} <= {0, 8}, [each.out for each in told]
    assert 0 in {each.code for each in told}
    assert here(home, "packets", "build", "--week", WEEK, day=BEFORE, **server).data["unchanged"] == 4
    pages = here(home, "packets", "layout", "--week", WEEK, **server).data["pages"]
    there = [page for page in here(small_desk.home, "packets", "layout", "--week", WEEK).data["pages"] if page["packet"]]
    assert len({page["page"] for page in pages}) == len(pages) == len(there)


def _on_the_road(run: Callable[..., dict[str, Any]], home: Path) -> None:
    """Notes, events, overdue, reprint and figures ask the server questions of their own."""
    bag = next(bag for bag in run("routes", "track", "--week", WEEK)["bags"] if bag["packets"])
    run("routes", "note", bag["route"], str(bag["stop"]), "delivered", "--back", "1")
    run("routes", "note", bag["route"], str(bag["stop"]), "nobody", "--back", "0")
    table = home / "events.csv"
    packet = run("packets", "list", "--week", WEEK)["packets"][0]["packet"]
    table.write_text(f"item,event,time,packet\nRA473124829KZ,ISSPAY,2026-10-01 12:00,{packet}\n", encoding="utf-8")
    assert run("routes", "events", "import", str(table))["added"] == 1
    assert run("routes", "events", "import", str(table))["known"] == 1
    counts = run("routes", "track", "--week", WEEK)["counts"]
    assert sum(counts.values()) == 4
    late = "2026-12-30"
    assert run("overdue", day=late, codes=(3,))["overdue"]
    for lost in run("overdue", day=late, codes=(3,))["lost"]:
        assert run("packets", "reprint", lost, day=late)["pages"] > 0
    assert run("routes", "figures", "--week", WEEK)["total"]["routes"] >= 1
