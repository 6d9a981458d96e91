"""The last act is taken back where nothing stands in the way, and refused with the reason where something does."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Poshta
from tests.small_desk import AFTER, BEFORE, NEXT_WEEK, WEEK, SmallDesk, Told, here


def state(home: Path) -> dict[str, Any]:
    """All rows but the journal's."""
    with closing(sqlite3.connect(home / "poshta.sqlite3")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if name != "act"]
        return {name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in tables}


def said(told: Told, code: int) -> dict[str, Any]:
    assert told.code == code, (told.out, told.err)
    return told.data


def test_a_move_is_undone_and_the_journal_tells_it(own_desk: SmallDesk) -> None:
    home = own_desk.home
    pupil = here(home, "pupils", "list").data["pupils"][0]
    other = next(v["kato"] for v in here(home, "settlements", "list").data["settlements"] if v["kato"] != pupil["kato"])
    before = state(home)
    said(here(home, "pupils", "move", pupil["code"], other), 0)
    assert state(home) != before
    data = said(here(home, "undo"), 0)
    assert (data["action"], data["subject"]) == ("pupils.move", pupil["code"])
    assert state(home) == before
    newest = here(home, "journal", "--limit", "1").data["acts"][0]
    assert (newest["action"], newest["details"]["undone"]) == ("undo", "pupils.move")


def test_a_trial_tells_what_would_be_undone_and_changes_nothing(own_desk: SmallDesk) -> None:
    home = own_desk.home
    pupil = here(home, "pupils", "list").data["pupils"][0]
    other = next(v["kato"] for v in here(home, "settlements", "list").data["settlements"] if v["kato"] != pupil["kato"])
    here(home, "pupils", "move", pupil["code"], other)
    before, acts = state(home), here(home, "journal").data
    assert other in here(home, "undo", "--dry-run", json=False).out
    assert state(home) == before
    assert here(home, "journal").data == acts
    said(here(home, "undo"), 0)


def test_only_the_act_that_was_meant_is_undone(own_desk: SmallDesk) -> None:
    home = own_desk.home
    pupil = here(home, "pupils", "list").data["pupils"][0]
    other = next(v["kato"] for v in here(home, "settlements", "list").data["settlements"] if v["kato"] != pupil["kato"])
    here(home, "pupils", "move", pupil["code"], other)
    number = str(here(home, "journal", "--limit", "1").data["acts"][0]["id"])
    said(here(home, "undo", "--act", "1"), 7)
    said(here(home, "undo", "--act", number), 0)
    before = state(home)
    said(here(home, "undo", "--act", number), 7)
    assert state(home) == before


def test_two_moves_are_undone_one_after_the_other(own_desk: SmallDesk) -> None:
    home = own_desk.home
    pupil = here(home, "pupils", "list").data["pupils"][0]
    other = next(v["kato"] for v in here(home, "settlements", "list").data["settlements"] if v["kato"] != pupil["kato"])
    before = state(home)
    here(home, "pupils", "move", pupil["code"], other)
    here(home, "pupils", "move", pupil["code"], pupil["kato"])
    said(here(home, "undo"), 0)
    said(here(home, "undo"), 0)
    assert state(home) == before


@pytest.mark.parametrize("words", [("leave",), ("change", "--print", "large"), ("leave", "come-back")])
def test_what_was_said_of_a_pupil_is_undone(own_desk: SmallDesk, words: tuple[str, ...]) -> None:
    home = own_desk.home
    pupil = here(home, "pupils", "list").data["pupils"][0]["code"]
    if words == ("leave", "come-back"):
        said(here(home, "pupils", "leave", pupil), 0)
        words = ("come-back",)
    before = state(home)
    said(here(home, "pupils", words[0], pupil, *words[1:]), 0)
    assert state(home) != before
    said(here(home, "undo"), 0)
    assert state(home) == before


def test_an_amended_answer_is_again_what_was_read(own_desk: SmallDesk) -> None:
    home = own_desk.home
    answers = here(home, "grades", "answers", "--week", WEEK).data["answers"]
    one = next(each for each in answers if each["state"] == "read" and each["decided_by"] == "reader" and each["reading"][0] in "ABCD")
    other = "B" if one["reading"] == ["A"] else "A"
    said(here(home, "grades", "amend", one["page"], one["item"], other), 0)
    assert here(home, "grades", "answers", "--week", WEEK).data["answers"] != answers
    said(here(home, "undo"), 0)
    assert here(home, "grades", "answers", "--week", WEEK).data["answers"] == answers


def test_an_assignment_that_nobody_printed_leaves_the_shelf(own_desk: SmallDesk, tmp_path: Path) -> None:
    home = own_desk.home
    before = state(home)
    file = tmp_path / "new.yaml"
    text = "assignment: x-5\nsubject: math\ngrade: 5\nlanguage: kk\ntitle: Т\nkind: practice\nweek: {week}\nparts:\n"
    file.write_text(
        text.format(week=NEXT_WEEK) + '  - question: "1 + 1 = ?"\n    number: 2\n    digits: 1\n    points: 1\n', encoding="utf-8"
    )
    said(here(home, "assignments", "add", str(file)), 0)
    assert state(home) != before
    said(here(home, "undo"), 0)
    assert state(home) == before


def test_a_withdrawn_packet_is_valid_again_in_the_state_it_had(own_desk: SmallDesk) -> None:
    home = own_desk.home
    waiting = next(
        each["packet"] for each in here(home, "packets", "list", "--week", WEEK).data["packets"] if each["state"] == "handed_over"
    )
    before = state(home)
    (drawn,) = (home / "packets").rglob(f"{waiting}.pdf")
    pages = drawn.read_bytes()
    said(here(home, "packets", "void", waiting), 0)
    assert state(home) != before
    told = here(home, "undo", json=False)
    assert (told.code, f"poshta packets build --week {waiting[:8]}" in " ".join(told.out.split())) == (0, True)
    assert state(home) == before
    assert here(home, "packets", "build", "--week", waiting[:8]).code in {0, 3}
    assert drawn.read_bytes() == pages


@pytest.mark.parametrize("action", ["packets.redraw", "routes.manifest"])
def test_what_changed_nothing_for_a_person_does_not_stand_in_the_way(action: str, own_desk: SmallDesk) -> None:
    home = own_desk.home
    before = state(home)
    pupil = here(home, "pupils", "list").data["pupils"][0]["code"]
    said(here(home, "pupils", "leave", pupil), 0)
    journalled(home, action)
    assert said(here(home, "undo"), 0)["action"] == "pupils.leave"
    assert state(home) == before


@pytest.mark.parametrize(
    ("action", "hint"),
    [
        ("grades.rescore", "scored again"),
        ("loans.kind", "poshta loans lend"),
        ("pupils.remember", "poshta pupils forget"),
        ("settlements.columns_forget", "--columns"),
    ],
)
def test_what_stands_in_the_way_says_what_to_do_instead(action: str, hint: str, own_desk: SmallDesk) -> None:
    journalled(own_desk.home, action)
    told = here(own_desk.home, "undo")
    said(told, 7)
    assert hint in told.body["errors"][0]["hint"]


def journalled(home: Path, action: str) -> None:
    """Add an act to the journal as if its command had run."""
    with closing(sqlite3.connect(home / "poshta.sqlite3")) as database:
        database.execute(
            "INSERT INTO act (at, action, subject, details) SELECT at, ?, 'S', '{}' FROM act ORDER BY id DESC LIMIT 1", (action,)
        )
        database.commit()


@pytest.fixture
def planned(own_desk: SmallDesk) -> Path:
    """A desk whose next week is planned and printed, and not handed over."""
    for words in (("packets", "build"), ("routes", "plan"), ("routes", "manifest")):
        assert here(own_desk.home, *words, "--week", NEXT_WEEK, day=AFTER).code in {0, 3}
    return own_desk.home


def test_a_hand_over_is_undone_on_its_day_only(planned: Path) -> None:
    before = state(planned)
    assert here(planned, "routes", "handover", "--week", NEXT_WEEK, day=AFTER).code in {0, 3}
    over = state(planned)
    told = here(planned, "undo", day="2026-10-15")
    assert told.code == 7
    assert state(planned) == over
    while state(planned) != before:
        said(here(planned, "undo", day=AFTER), 0)
    assert {each["state"] for each in here(planned, "packets", "list", "--week", NEXT_WEEK).data["packets"]} == {"built"}


def test_a_hand_over_of_which_a_page_came_back_stays(own_desk: SmallDesk) -> None:
    with closing(sqlite3.connect(own_desk.home / "poshta.sqlite3")) as database:
        last = database.execute("SELECT max(id) FROM act WHERE action = 'routes.handover'").fetchone()[0]
        database.execute("DELETE FROM act WHERE id > ?", (last,))  # as if the scans had not been journalled
        database.commit()
    before = state(own_desk.home)
    said(here(own_desk.home, "undo", day=BEFORE), 7)
    assert state(own_desk.home) == before


def test_what_cannot_be_undone_says_what_to_do_instead(own_desk: SmallDesk) -> None:
    here(own_desk.home, "packets", "build", "--week", NEXT_WEEK)
    told = here(own_desk.home, "undo")
    said(told, 7)
    assert "packets void" in told.body["errors"][0]["hint"]


def test_a_new_desk_has_nothing_to_undo_and_a_backup_is_passed_over(desk: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    assert poshta("undo").code == 7
    monkeypatch.setenv("POSHTA_PASSPHRASE", "four unlikely words here")
    assert poshta("backup", "make").code == 0
    assert "desk.key" in poshta("undo").body["errors"][0]["text"]
