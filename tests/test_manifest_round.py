"""A driver's sheet goes round: planned, printed, handed over, filled in by simulated pens, scanned, and its events told by `routes track`.

The pens know the PDF and the JSON of `packets layout` alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import cv2
import pytest
from sqlalchemy import update

from records.home import open_home
from records.keys import keep_key
from records.schema import Manifest, PostEvent, Route
from scanning.rehearsal.conditions import CONDITIONS, Condition
from scanning.rehearsal.habits import Habits
from scanning.rehearsal.play import play_post
from scanning.rehearsal.post import PostHabits
from scanning.rehearsal.sheet import render
from scanning.stage import demo_key
from tests.routing.weeks import add_packet, fill_desk
from tests.small_desk import WEEK, here

SEED = 5
MONDAY, TUESDAY = "2026-09-28", "2026-09-29"
GOOD = {
    "s1.outcome": ["delivered"],
    "s1.back": ["4"],
    "s2.outcome": ["nobody"],
    "s2.back": ["0"],
    "s3.outcome": ["delivered"],
    "s3.back": ["5"],
    "packets.back": ["9"],
    "odometer.start": ["120450"],
    "odometer.end": ["120612"],
}
CAREFUL = "careful_driver"
CAREFUL_HABITS = Habits(
    {"ballpoint_black": 1.0}, {"hatched_twice": 1.0},
    blank=0.0, crossed=0.0, crossed_alone=0.0, rubbed=0.0, rubbed_alone=0.0, two_marks=0.0, gap=0.0, writes=0.0, name=0.0, doodle=0.0, stray=0.0,
)  # fmt: skip
ONLY_THESE = PostHabits(foreign=0, broken=0, backs=0, kinds={"jpeg": 1.0})
Wanted = Mapping[str, Sequence[str]]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk whose one route of three stops was handed over on Monday."""
    home = tmp_path_factory.mktemp("sent") / "desk"
    keep_key(home / "keys", demo_key(SEED, date.fromisoformat(MONDAY)))
    here(home, "init", day=MONDAY)
    opened = open_home(home)
    with opened.database.write() as session:
        fill_desk(session, villages=3)
    opened.close()
    for word in ("plan", "manifest"):
        assert here(home, "routes", word, "--week", WEEK, day=MONDAY).code == 0
    shutil.copytree(home, home.with_name("open"))
    assert here(home, "routes", "handover", "--week", WEEK, day=MONDAY).code == 0
    return home


@pytest.fixture
def desk(sent: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(sent, tmp_path / "desk")
    return tmp_path / "desk"


@pytest.fixture(scope="module")
def scans(sent: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures of the sheet as it was filled in well, and otherwise, by a driver who forgets nothing and changes no mind."""
    folder = tmp_path_factory.mktemp("scans")
    patch = pytest.MonkeyPatch()
    patch.setitem(CONDITIONS, CAREFUL, Condition(CAREFUL, CAREFUL_HABITS))
    others: dict[str, Wanted] = {
        "good": GOOD,
        "again": GOOD | {"s1.back": ["3"], "packets.back": ["9"]},
        "wrong": GOOD | {"s1.back": ["9"], "odometer.end": ["120012"], "s2.outcome": [], "packets.back": ["14"]},
    }
    for name, wanted in others.items():
        (folder / name).mkdir()
        shutil.copyfile(filled_in(sent, wanted, folder / f"{name}-post"), folder / name / "sheet.jpg")
    (folder / "empty").mkdir()
    cv2.imwrite(str(folder / "empty" / "sheet.png"), render(next(sent.glob("routes/*/manifest-*.pdf")), 1, 200).grey)
    patch.undo()
    return folder


def filled_in(home: Path, wanted: Wanted, out: Path) -> Path:
    """The picture of the route's sheet with these values."""
    pages = [page for page in here(home, "packets", "layout", "--week", WEEK).data["pages"] if page["kind"] == "manifest"]
    (page,) = pages
    (file,) = play_post(home, {"pages": pages}, out, SEED, CAREFUL, answers={page["page"]: wanted}, habits=ONLY_THESE).files
    return file


def track(home: Path, *words: str, day: str = TUESDAY) -> Any:
    return here(home, "routes", "track", "--week", WEEK, *words, day=day).data


def scan(home: Path, file: Path, code: int = 0) -> Any:
    """The one row of a scan."""
    said = here(home, "scan", str(file), day=TUESDAY)
    assert said.code == code, said.out
    (row,) = said.data["pages"]
    return row


def test_the_sheet_comes_back_and_every_packet_is_where_the_driver_says(desk: Path, scans: Path) -> None:
    row = scan(desk, scans / "good")
    assert (row["state"], row["doubts"]) == ("read", [])
    found = track(desk)
    assert (found["counts"]["delivered"], found["counts"]["not_delivered"], found["doubts"]) == (10, 5, [])
    assert [(bag["state"], bag["reason"], bag["back"]) for bag in found["bags"]] == [
        ("delivered", "", 4),
        ("not_delivered", "nobody", 0),
        ("delivered", "", 5),
    ]
    one = next(each for each in found["packets"] if each["state"] == "delivered")
    assert (one["event"]["source"], one["event"]["evidence"]["page"]) == ("manifest", row["page"])
    assert one["since"].startswith(MONDAY)


def test_scanning_it_twice_or_in_another_file_changes_nothing(desk: Path, scans: Path, tmp_path: Path) -> None:
    scan(desk, scans / "good")
    before = track(desk)
    assert scan(desk, scans / "good")["reason"] == "same_file"
    other = tmp_path / "other.jpg"
    other.write_bytes((scans / "good" / "sheet.jpg").read_bytes() + b"\0")
    assert scan(desk, other)["state"] == "duplicate"
    assert track(desk) == before


def test_a_second_copy_that_says_otherwise_is_a_doubt_and_moves_nothing(desk: Path, scans: Path) -> None:
    scan(desk, scans / "good")
    before = track(desk)
    row = scan(desk, scans / "again", code=3)
    assert (row["state"], row["doubts"]) == ("duplicate", [{"item": "s1.back", "reason": "disagreement"}])
    after = track(desk)
    assert (after["packets"], after["bags"]) == (before["packets"], before["bags"])
    (doubt,) = after["doubts"]
    route = doubt["route"]
    assert doubt["candidates"] == ["4", "3"]
    assert here(desk, "routes", "note", route, "1", "--back", "4").code == 0
    assert (track(desk)["doubts"], track(desk)["bags"][0]["back"]) == ([], 4)


def test_a_persons_word_stands_whatever_is_scanned_afterwards(desk: Path, scans: Path) -> None:
    (route,) = {bag["route"] for bag in track(desk)["bags"]}
    here(desk, "routes", "note", route, "1", "refused", "--back", "0", day=TUESDAY)
    row = scan(desk, scans / "good", code=3)
    assert row["doubts"] == [{"item": "packets.back", "reason": "does_not_add_up"}]
    bag = track(desk)["bags"][0]
    assert (bag["state"], bag["reason"], bag["back"], bag["event"]["source"]) == ("not_delivered", "refused", 0, "person")


def test_what_cannot_be_true_waits_for_a_person(desk: Path, scans: Path) -> None:
    row = scan(desk, scans / "wrong", code=3)
    doubts = {each["item"]: each["reason"] for each in row["doubts"]}
    expected = {"s1.back": "more_than_expected", "s2.outcome": "outcome_missing"}
    assert doubts == expected | {"odometer.start": "ends_before_start", "odometer.end": "ends_before_start"}
    found = track(desk)
    assert [bag["state"] for bag in found["bags"]] == ["delivered", "handed_over", "delivered"]
    assert {(each["item"], each["reason"]) for each in found["doubts"]} == set(doubts.items())
    route = found["bags"][0]["route"]
    said = here(desk, "routes", "note", route, "--end", "120612", day=TUESDAY)
    assert {each["item"] for each in said.data["doubts"]} == {"s1.back", "s2.outcome"}


def test_a_sheet_that_nobody_filled_in_says_nothing(desk: Path, scans: Path) -> None:
    row = scan(desk, scans / "empty", code=3)
    assert row["doubts"] == [{"item": "sheet", "reason": "not_filled"}]
    assert track(desk)["counts"]["handed_over"] == 15
    assert scan(desk, scans / "good")["doubts"] == []
    assert track(desk)["counts"]["delivered"] == 10


def test_a_sheet_that_came_back_shows_that_its_route_was_driven(sent: Path, scans: Path, tmp_path: Path) -> None:
    """Nobody noted the hand-over."""
    home = tmp_path / "desk"
    shutil.copytree(sent.with_name("open"), home)
    assert track(home)["counts"]["printed"] == 15
    scan(home, scans / "good")
    assert track(home)["counts"]["delivered"] == 10
    assert here(home, "routes", "handover", "--week", WEEK, day=TUESDAY).data["packets"] == 0


def test_a_sheet_of_a_plan_that_was_replaced_is_told_and_moves_nothing_until_a_person_says_so(
    sent: Path, scans: Path, tmp_path: Path
) -> None:
    home = tmp_path / "desk"
    shutil.copytree(sent.with_name("open"), home)
    (route,) = {bag["route"] for bag in track(home)["bags"]}
    opened = open_home(home)
    with opened.database.write() as session:
        add_packet(session, "593631100", "P999")
    opened.close()
    assert here(home, "routes", "plan", "--week", WEEK, day=MONDAY).data["changed"]
    row = scan(home, scans / "good", code=3)
    assert {each["reason"] for each in row["doubts"]} == {"replaced_plan"}
    assert (track(home)["counts"]["printed"], {each["route"] for each in track(home)["doubts"]}) == (16, {route})
    here(home, "routes", "note", route, "1", "delivered", day=TUESDAY)
    assert track(home)["counts"]["delivered"] == 5


def put_off(desk: Path, manifest: str, minutes: int) -> None:
    """Let the supplement have been handed over so much later than its route."""
    opened = open_home(desk)
    with opened.database.write() as session:
        row = session.get_one(Manifest, manifest)
        left = session.get_one(Route, row.route).handed_over_at
        assert left is not None
        row.closed_at = left + timedelta(minutes=minutes)
        session.execute(update(PostEvent).where(PostEvent.route == manifest).values(at=row.closed_at))
    opened.close()


@pytest.mark.parametrize("later", [0, 95])
def test_a_supplement_is_noted_under_its_own_stop(later: int, desk: Path) -> None:
    """Also where it was handed over some minutes after its route, when the plan had the van at the stop already."""
    (route,) = {bag["route"] for bag in track(desk)["bags"]}
    opened = open_home(desk)
    with opened.database.write() as session:
        add_packet(session, "593631100", "P999")
    opened.close()
    added = here(desk, "routes", "supplement", "--week", WEEK, "--route", route, day=MONDAY).data["route"]
    here(desk, "routes", "handover", "--week", WEEK, day=MONDAY)
    put_off(desk, added, later)
    (bag,) = [bag for bag in track(desk)["bags"] if bag["route"] == added]
    assert here(desk, "routes", "note", added, str(bag["stop"]), "delivered", day=TUESDAY).code == 0
    found = track(desk)
    assert (found["counts"]["delivered"], found["counts"]["handed_over"]) == (1, 15)
    assert [note["item"] for note in found["notes"]] == [f"x1.s{bag['stop']}.outcome"]
    said = here(desk, "routes", "note", added, "9", "delivered", day=TUESDAY)
    assert (said.code, str(bag["stop"]) in said.body["errors"][0]["hint"]) == (6, True)
