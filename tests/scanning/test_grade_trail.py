"""The trail of an answer, appeals against it, and quarters that are closed: nothing that was once said is ever lost or written over."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from records.database import Database
from scanning.amend import amend
from tests.conftest import Poshta
from tests.scanning.graded_desk import GradedDesk, graded_desk

TODAY = "2026-11-22"
Q1 = "2026-27/1"
CALENDAR = '[[calendar.school_years]]\nfirst = 2026-09-01\nlast = 2027-05-25\nholidays = ["2026-10-26..2026-11-01", "2026-12-28..2027-01-06", "2027-03-20..2027-03-30"]\n'


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GradedDesk]:
    monkeypatch.setenv("POSHTA_TODAY", TODAY)
    made = graded_desk(tmp_path / "desk")
    (made.path / "poshta.toml").write_text(CALENDAR, encoding="utf-8")
    made.pupil("A")
    yield made
    made.home.close()


def standing_mark(poshta: Poshta) -> dict[str, object]:
    (row,) = poshta("grades", "book", "--quarter", Q1).data["marks"]
    return dict(row)


# ---- the trail


def test_every_record_of_an_answer_is_told_with_who_when_and_why(desk: GradedDesk, poshta: Poshta) -> None:
    page = desk.give("A", "2026-W40", "unit", ["w", "5"])
    assert poshta("grades", "amend", page, "1", "6", "--why", "mis-read").code == 0
    assert poshta("grades", "amend", page, "1", "8", "--why", "second look").code == 0
    said = poshta("grades", "history", page, "1")
    records = said.data["records"]
    assert [(each["state"], each["points"], each["decided_by"], each["why"]) for each in records] == [
        ("waiting", None, "reader", ""),
        ("read", 6, "person", "mis-read"),
        ("read", 8, "person", "second look"),
    ]
    assert [each["superseded_by"] for each in records] == [records[1]["record"], records[2]["record"], None]
    assert said.data["short_code"]
    assert len(poshta("grades", "history", said.data["short_code"], "2").data["records"]) == 1


def test_the_trail_of_a_question_that_does_not_exist_is_not_found(desk: GradedDesk, poshta: Poshta) -> None:
    page = desk.give("A", "2026-W40", "unit", ["5"])
    assert poshta("grades", "history", page, "2").code == 6
    assert poshta("grades", "history", "0" * 14, "1").code == 6


# ---- appeals


def test_an_appeal_is_listed_until_an_amendment_closes_it(desk: GradedDesk, poshta: Poshta) -> None:
    page = desk.give("A", "2026-W40", "unit", ["5"])
    assert poshta("grades", "appeal", page, "1", "--why", "parent asks").code == 0
    said = poshta("grades", "appeals")
    assert (said.code, [each["why"] for each in said.data["appeals"]]) == (3, ["parent asks"])
    done = poshta("grades", "amend", page, "1", "7", "--appeal", "--why", "the second line counts")
    assert (done.data["appeal"]["outcome"], done.data["appeal"]["words"]) == ("changed", "the second line counts")
    assert poshta("grades", "appeals").data["appeals"] == []
    assert [each["outcome"] for each in poshta("grades", "appeals", "--all").data["appeals"]] == ["changed"]
    assert [each["outcome"] for each in poshta("grades", "history", page, "1").data["appeals"]] == ["changed"]


def test_an_amendment_that_says_the_same_confirms_the_answer(desk: GradedDesk, poshta: Poshta) -> None:
    page = desk.give("A", "2026-W40", "unit", ["w"])
    poshta("grades", "amend", page, "1", "5")
    poshta("grades", "appeal", page, "1", "--why", "parent asks")
    done = poshta("grades", "amend", page, "1", "5", "--appeal", "--why", "looked at it again")
    assert (done.data["changed"], done.data["appeal"]["outcome"]) == (False, "upheld")


def test_an_appeal_is_dismissed_with_a_reason_and_the_answer_stays(desk: GradedDesk, poshta: Poshta) -> None:
    page = desk.give("A", "2026-W40", "unit", ["5"])
    poshta("grades", "appeal", page, "1", "--why", "parent asks")
    assert poshta("grades", "appeal", page, "1", "--dismiss").code == 2, "no reason"
    assert poshta("grades", "appeal", page, "1", "--dismiss", "--why", "right as it is").data["appeal"]["outcome"] == "dismissed"
    assert len(poshta("grades", "history", page, "1").data["records"]) == 1
    assert poshta("grades", "appeal", page, "1", "--dismiss", "--why", "again").code == 6


def test_one_appeal_against_an_answer_is_open_at_a_time_and_needs_a_reason(desk: GradedDesk, poshta: Poshta) -> None:
    page = desk.give("A", "2026-W40", "unit", ["5"])
    assert poshta("grades", "appeal", page, "1").code == 2
    assert poshta("grades", "appeal", page, "1", "--why", "a").code == 0
    assert poshta("grades", "appeal", page, "1", "--why", "b").code == 7
    assert len(poshta("grades", "appeals", "--all").data["appeals"]) == 1


def test_an_amendment_for_an_appeal_that_is_not_open_changes_nothing(desk: GradedDesk, poshta: Poshta) -> None:
    page = desk.give("A", "2026-W40", "unit", ["5"])
    assert poshta("grades", "amend", page, "1", "7", "--appeal", "--why", "x").code == 6
    assert [each["points"] for each in poshta("grades", "history", page, "1").data["records"]] == [5]


def test_appeals_and_their_closing_are_undone_in_their_order(desk: GradedDesk, poshta: Poshta) -> None:
    page = desk.give("A", "2026-W40", "unit", ["5"])
    poshta("grades", "appeal", page, "1", "--why", "parent asks")
    poshta("grades", "amend", page, "1", "7", "--appeal", "--why", "yes")
    assert poshta("undo").code == 0
    assert [each["why"] for each in poshta("grades", "appeals").data["appeals"]] == ["parent asks"]
    assert poshta("undo").code == 0
    assert poshta("grades", "history", page, "1").data["records"][-1]["points"] == 5
    assert poshta("undo").code == 0
    assert poshta("grades", "appeals", "--all").data["appeals"] == []


# ---- closed quarters


def test_a_closed_mark_stands_and_what_changes_afterwards_is_told_beside_it(desk: GradedDesk, poshta: Poshta) -> None:
    page = desk.give("A", "2026-W40", "unit", ["6"])
    assert poshta("grades", "close", "--quarter", Q1).data["closed"] == 1
    told = poshta("grades", "amend", page, "1", "9", "--why", "appeal by letter")
    assert told.data["closed_mark"]["closed"]["changed"] is True
    row = standing_mark(poshta)
    closed = row["closed"]
    assert isinstance(closed, dict)
    assert (row["mark"], row["percent"], closed["changed"], closed["now"]["mark"]) == (3, 60, True, 5)
    said = poshta("grades", "close", "--quarter", Q1)
    (changed,) = said.data["changed"]
    (amendment,) = changed["amendments"]
    assert (said.code, said.data["closed"], amendment["before"], amendment["points"], amendment["why"]) == (3, 0, 6, 9, "appeal by letter")


def test_a_change_is_taken_in_with_a_reason_and_what_was_closed_is_kept(desk: GradedDesk, poshta: Poshta) -> None:
    page = desk.give("A", "2026-W40", "unit", ["6"])
    poshta("grades", "close", "--quarter", Q1)
    poshta("grades", "amend", page, "1", "9")
    assert poshta("grades", "close", "--quarter", Q1, "--again").code == 2
    said = poshta("grades", "close", "--quarter", Q1, "--again", "--why", "protocol 4")
    assert (said.code, said.data["closed"], said.data["changed"]) == (0, 1, [])
    row = standing_mark(poshta)
    closed = row["closed"]
    assert isinstance(closed, dict)
    assert (row["mark"], closed["why"], closed["changed"]) == (5, "protocol 4", False)
    assert poshta("undo").code == 0
    row = standing_mark(poshta)
    closed = row["closed"]
    assert isinstance(closed, dict)
    assert (row["mark"], closed["changed"], closed["now"]["mark"]) == (3, True, 5)


def test_closing_twice_changes_nothing(desk: GradedDesk, poshta: Poshta) -> None:
    desk.give("A", "2026-W40", "unit", ["6"])
    poshta("grades", "close", "--quarter", Q1)
    said = poshta("grades", "close", "--quarter", Q1)
    assert (said.code, said.data["closed"], said.data["stood"]) == (0, 0, 1)
    assert len([each for each in poshta("journal").data["acts"] if each["action"] == "grades.close"]) == 1


def test_an_open_mark_waits_and_is_closed_when_its_work_is_decided(desk: GradedDesk, poshta: Poshta) -> None:
    page = desk.give("A", "2026-W40", "unit", ["6", "?"])
    said = poshta("grades", "close", "--quarter", Q1)
    assert (said.code, said.data["closed"], len(said.data["open"])) == (3, 0, 1)
    poshta("grades", "amend", page, "2", "9")
    said = poshta("grades", "close", "--quarter", Q1)
    assert (said.code, said.data["closed"]) == (0, 1)


def test_a_mark_closed_with_missing_work_as_zero_changes_only_when_the_work_comes(desk: GradedDesk, poshta: Poshta) -> None:
    desk.give("A", "2026-W40", "unit", ["8", "-"])
    assert poshta("grades", "close", "--quarter", Q1, "--missing-as-zero", "14").data["closed"] == 1
    row = standing_mark(poshta)
    closed = row["closed"]
    assert isinstance(closed, dict)
    assert (row["percent"], closed["changed"]) == (40, False)
    (page,) = {each["page"] for each in row["undecided"]}  # type: ignore[attr-defined]
    poshta("grades", "amend", page, "2", "9")
    row = standing_mark(poshta)
    closed = row["closed"]
    assert isinstance(closed, dict)
    assert (row["percent"], closed["changed"], closed["now"]["percent"]) == (40, True, 85)


def test_a_closed_mark_does_not_follow_another_formula_or_scale_in_silence(desk: GradedDesk, poshta: Poshta) -> None:
    """with_formative: (6 + 10)/20 is 80 %; by `distance` it would be 50·10/10 + 50·6/10 = 80 too, so the scale is changed as well."""
    desk.give("A", "2026-W39", "formative", ["10"])
    desk.give("A", "2026-W40", "unit", ["6"])
    poshta("grades", "close", "--quarter", Q1)
    extra = '[marks]\nformula = "units_and_term"\n'
    (desk.path / "poshta.toml").write_text(CALENDAR + extra, encoding="utf-8")
    row = standing_mark(poshta)
    assert (row["formula"], row["percent"], row["mark"]) == ("with_formative", 80, 4)


def test_a_quarter_that_is_not_over_or_only_assumed_is_not_closed(desk: GradedDesk, poshta: Poshta) -> None:
    desk.give("A", "2026-W40", "unit", ["6"])
    assert poshta("grades", "close", "--quarter", "2026-27/2").code == 7
    (desk.path / "poshta.toml").write_text("", encoding="utf-8")
    assert poshta("grades", "close", "--quarter", Q1).code == 7
    assert standing_mark(poshta)["closed"] is None


def test_the_annual_mark_takes_the_closed_one(desk: GradedDesk, poshta: Poshta) -> None:
    page = desk.give("A", "2026-W40", "unit", ["6"])
    poshta("grades", "close", "--quarter", Q1)
    poshta("grades", "amend", page, "1", "9")
    (row,) = poshta("grades", "book", "--year", "2026-27").data["marks"]
    assert row["quarters"][0]["mark"] == 3


def test_a_scan_tells_which_closed_marks_have_new_answers(
    desk: GradedDesk, poshta: Poshta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said by whoever scans, since nobody looks at a closed quarter again; nothing is said where the quarter is open, or the mark is another pupil's."""
    page = desk.give("A", "2026-W40", "unit", ["5"])
    picture = tmp_path / "white.png"
    picture.write_bytes(cv2.imencode(".png", np.full((400, 300), 255, np.uint8))[1].tobytes())

    def correct(database: Database) -> None:
        with database.write() as session:
            amend(session, page, "1", next(values))

    values = iter(("6", "7", "8"))
    monkeypatch.setattr("scanning.commands.rescore", correct)
    assert poshta("scan", str(picture)).data["closed_marks"] == []
    assert poshta("grades", "close", "--quarter", Q1).data["closed"] == 1
    assert f"1 closed mark of {Q1} has new answers" in poshta("scan", str(picture), json=False).out
    monkeypatch.setattr("scanning.commands.rescore", lambda _database: None)
    assert "closed mark" not in poshta("scan", str(picture), json=False).out


def test_undo_and_a_watch_tell_programs_whose_closed_marks_have_new_answers(
    desk: GradedDesk, poshta: Poshta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk.give("A", "2026-W40", "unit", ["5"])
    poshta("grades", "close", "--quarter", Q1)
    assert poshta("grades", "amend", page, "1", "6").data["changed"]
    said = poshta("undo")
    one = {"quarter": Q1, "count": 1, "marks": [{"pupil": "A", "subject": "math"}]}
    assert (said.data["action"], said.data["closed_marks"]) == ("grades.amend", [one])
    assert poshta("undo", "--dry-run").data["closed_marks"] == []

    def correct(database: Database) -> None:
        with database.write() as session:
            amend(session, page, "1", "7")

    monkeypatch.setattr("scanning.watch_command.rescore", correct)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "white.png").write_bytes(cv2.imencode(".png", np.full((400, 300), 255, np.uint8))[1].tobytes())
    assert poshta("scan", "watch", str(inbox), "--once").data["closed_marks"] == [one]
    assert poshta("scan", "watch", str(inbox), "--once").data["closed_marks"] == []


def test_judging_again_tells_whose_closed_marks_have_new_answers(desk: GradedDesk, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    page = desk.give("A", "2026-W40", "unit", ["5"])
    poshta("grades", "close", "--quarter", Q1)

    def correct(database: Database) -> None:
        with database.write() as session:
            amend(session, page, "1", "7")

    monkeypatch.setattr("scanning.rescore.rescore", correct)
    assert poshta("scan", "rejudge").data["closed_marks"] == [], "nothing is written"
    assert [each["quarter"] for each in poshta("scan", "rejudge", "--apply").data["closed_marks"]] == [Q1]
