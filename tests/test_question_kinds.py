"""Every kind of question goes round: written in a file, printed, filled in by simulated pens, scanned, scored, amended, reviewed, returned.

The pens know the PDF and the JSON of `packets layout` alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from packets.samples.kinds import KINDS_FOLDER
from scanning.rehearsal.conditions import CONDITIONS, Condition
from scanning.rehearsal.habits import Habits
from scanning.rehearsal.play import play_post
from scanning.rehearsal.post import PostHabits
from tests.packets.week import open_desk
from tests.small_desk import AFTER, BEFORE, WEEK, here

SEED = 11
CAREFUL = Condition(
    "careful_pupil",
    Habits(
        {"ballpoint_black": 1.0}, {"hatched_twice": 1.0},
        blank=0.0, crossed=0.0, crossed_alone=0.0, rubbed=0.0, rubbed_alone=0.0, two_marks=0.0, gap=0.0, writes=0.0, name=0.0, doodle=0.0, stray=0.0,
        teacher=1.0,
    ),
)  # fmt: skip
ONLY_THESE = PostHabits(foreign=0, broken=0, backs=0, dropped=0, doubled=0, late_packets=0, covers=0, kinds={"jpeg": 1.0})
MEANT: Mapping[str, Sequence[str]] = {
    "1": ["A"],
    "2a": ["A"],
    "2b": ["C"],
    "2c": ["C"],
    "2d": ["A"],
    "3a": ["A"],
    "3b": ["B"],
    "3c": ["D"],
    "4": ["-3.5"],
    "5": ["-12"],
    "6": ["1"],
    "7": ["0"],
    "8": ["2"],
    "9": ["C"],
}
EARNED = {
    "1": "1",
    "2a": "1",
    "2b": "0",
    "2c": "1",
    "2d": "1",
    "3a": "0.5",
    "3b": "0.5",
    "3c": "0",
    "4": "2",
    "5": "0",
    "6": "1",
    "7": "0",
    "8": "2",
    "9": "0",
}


@pytest.fixture(scope="module")
def read_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with a week of all kinds, printed for two pupils (one in large print), filled in and scanned."""
    folder = tmp_path_factory.mktemp("kinds")
    open_desk(folder / "desk", weeks=()).close()
    home = folder / "desk"
    assert here(home, "assignments", "add", str(KINDS_FOLDER / "kinds-5-kk.yaml"), day=BEFORE).code == 0
    assert here(home, "packets", "build", "--week", WEEK, day=BEFORE).code in {0, 3}
    pages = [page for page in here(home, "packets", "layout", "--week", WEEK).data["pages"] if page["kind"] == "worksheet"]
    wanted = {page["page"]: MEANT for page in pages}
    patch = pytest.MonkeyPatch()
    patch.setitem(CONDITIONS, CAREFUL.name, CAREFUL)
    play_post(home, {"pages": pages}, folder / "scans", SEED, CAREFUL.name, answers=wanted, habits=ONLY_THESE)
    patch.undo()
    told = here(home, "scan", str(folder / "scans"))
    assert told.code in {0, 3}, told.err
    return home


def answers(home: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = here(home, "grades", "answers", "--week", WEEK).data["answers"]
    return found


def test_what_pupils_mark_is_read_and_scored_row_by_row(read_desk: Path) -> None:
    found = answers(read_desk)
    assert {each["pupil"] for each in found} == {"P1", "P3"}
    asked = [each for each in found if each["state"] == "doubt"]  # the desk's key is new each time, and so are the pens of the play
    assert len(asked) <= 2
    for each in (answer for answer in found if answer not in asked):
        place = (each["pupil"], each["item"], each["reason"])
        assert each["reading"] == list(MEANT[each["item"]]), place
        assert each["points"] == float(EARNED[each["item"]]), place
    assert len(found) == 2 * len(MEANT)


def test_returns_covers_and_lists_are_made_of_every_kind(read_desk: Path) -> None:
    assert here(read_desk, "returns", "--week", WEEK, day=AFTER).code in {0, 3}
    assert here(read_desk, "grades", "list", "--week", WEEK).code in {0, 3}
    again = here(read_desk, "assignments", "add", str(KINDS_FOLDER / "kinds-5-kk.yaml"))
    assert again.code == 0
    assert "unchanged" in str(again.data)


def test_a_person_amends_one_row_of_a_grid(read_desk: Path) -> None:
    row = next(each for each in answers(read_desk) if each["item"] == "2b")
    assert here(read_desk, "grades", "amend", row["page"], "2b", "B").code == 0
    after = next(each for each in answers(read_desk) if (each["page"], each["item"]) == (row["page"], "2b"))
    assert (after["reading"], after["points"], after["decided_by"]) == (["B"], 1.0, "person")
    wrong = here(read_desk, "grades", "amend", row["page"], "2b", "D")
    assert wrong.code == 4
    missing = here(read_desk, "grades", "amend", row["page"], "2", "A")
    assert missing.code == 6
    assert "2a" in str(missing.body["errors"])
    assert here(read_desk, "grades", "amend", row["page"], "2b", "C").code == 0


@pytest.mark.parametrize(("typed", "kept", "points"), [("−3,5", ["-3.5"], 2.0), ("3.5", ["3.5"], 0.0), ("", [], 0.0)])
def test_a_person_types_a_number_with_comma_or_point(read_desk: Path, typed: str, kept: list[str], points: float) -> None:
    row = next(each for each in answers(read_desk) if each["item"] == "4")
    assert here(read_desk, "grades", "amend", row["page"], "4", typed).code == 0
    after = next(each for each in answers(read_desk) if (each["page"], each["item"]) == (row["page"], "4"))
    assert (after["reading"], after["points"]) == (kept, points)
    assert here(read_desk, "grades", "amend", row["page"], "4", "3,55").code == 4
    assert here(read_desk, "grades", "amend", row["page"], "4", "-3.5").code == 0
