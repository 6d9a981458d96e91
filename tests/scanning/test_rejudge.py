"""Judging again from what was measured: nothing is written before it is asked for, persons are not overruled, and the outcome is that of a scan by the same thresholds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from records import schema
from records.database import Database
from records.errors import Busy, NoRoom
from records.grades import PERSON, TEACHER_MARK
from records.home import Home
from records.journal import entries
from records.undo import take_back
from scanning.amend import amend
from scanning.batch import scan_files
from scanning.rejudge import PageOutcome, apply, survey
from scanning.rules import digest_of
from scanning.undo import UNDOERS
from scanning.yardstick import THRESHOLDS, Thresholds
from tests.conftest import Poshta
from tests.scanning.desks import EITHER, either_desk
from tests.scanning.measured_desk import MARKS, everything, held, measured_desk, measuring_reader, states
from tests.scanning.paper import WEEK, WORK, Sheet, packet, page, save

STRICT = replace(THRESHOLDS, mark=0.72, clear=0.72, like_pen=0.99, sure=1.0)  # a tick of 0.7 is no mark any more, whatever the forest says
TOML = "[scan.thresholds]\nmark = 0.72\nclear = 0.72\nlike_pen = 0.99\nsure = 1.0\n"
TICKED = {"1": "A:tick", "2": "A:filled C:filled"}


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    with either_desk(request, tmp_path / "desk", monkeypatch, measured_desk) as desk:
        yield desk


def scan(home: Home, folder: Path, *sheets: Sheet, thresholds: Thresholds = THRESHOLDS) -> None:
    files = [save(folder / f"{number}.png", sheet, note=str(number)) for number, sheet in enumerate(sheets)]
    scan_files(home, files, 1, partial(measuring_reader, thresholds=thresholds))


def look(home: Home, thresholds: Thresholds = STRICT) -> list[PageOutcome]:
    return list(survey(home.database, thresholds, digest_of(thresholds)))


def write(home: Home, thresholds: Thresholds = STRICT) -> list[PageOutcome]:
    return [apply(home.database, each, thresholds) if not each.same else each for each in look(home, thresholds)]


def kinds(outcomes: list[PageOutcome]) -> list[tuple[str, str]]:
    return [(change.before.item, change.kind) for outcome in outcomes for change in outcome.changes]


@EITHER
def test_what_would_change_is_told_without_writing_and_then_written_once(home: Home, tmp_path: Path) -> None:
    scan(home, tmp_path / "a", Sheet(page("P1", 2), TICKED), Sheet(page("P1", 3), {"3": "2.8:filled 3.4:filled", "4": ""}))
    before = everything(home)
    told = look(home)
    assert kinds(told) == [("1", "read_to_doubt")]
    assert everything(home) == before
    assert kinds(write(home)) == kinds(told)
    one = held(home)[page("P1", 2), "1"]
    assert (one.state, one.reason, one.candidates, one.points, one.rules) == ("doubt", "faint", ("A",), None, digest_of(STRICT))
    assert held(home)[page("P1", 2), "2"].rules == digest_of(THRESHOLDS)
    assert states(home)[0] == ("doubtful", page("P1", 2), "faint")
    after = everything(home)
    assert [each.same for each in write(home)] == [True, True]
    assert everything(home) == after


def test_thresholds_under_which_everything_was_read_change_nothing(home: Home, tmp_path: Path) -> None:
    scan(home, tmp_path / "a", Sheet(page("P1", 2), TICKED), Sheet(page("P1", 2), {"1": "B:filled", "2": ""}))
    assert all(each.same for each in look(home, THRESHOLDS))


def test_the_journal_tells_by_what_and_what_stood_before(home: Home, tmp_path: Path) -> None:
    scan(home, tmp_path / "a", Sheet(page("P1", 2), TICKED))
    first = held(home)[page("P1", 2), "1"]
    write(home)
    with home.database.read() as session:
        (act,) = entries(session, "scan.rejudge")
        rules = {row.digest: row.thresholds["mark"] for row in session.scalars(select(schema.Rules))}
        was = session.get_one(schema.Answer, act.details["answers"][0]["superseded"])
        assert (was.state, was.reading, was.superseded_by) == ("read", ["A"], act.details["answers"][0]["record"])
    assert (act.subject, act.details["by"], act.details["rules"]) == (page("P1", 2), "reader", digest_of(STRICT))
    assert rules == {digest_of(THRESHOLDS): THRESHOLDS.mark, digest_of(STRICT): 0.72}
    assert first.says_the_same(first)


@pytest.mark.parametrize("value", ["A", "B", ""])
def test_what_a_person_decided_stays_whatever_the_thresholds(home: Home, tmp_path: Path, value: str) -> None:
    scan(home, tmp_path / "a", Sheet(page("P1", 2), TICKED))
    with home.database.write() as session:
        amend(session, page("P1", 2), "1", "B")
        amend(session, page("P1", 2), "1", value)
    before = held(home)
    (outcome,) = look(home)
    assert (outcome.changes, outcome.by_hand) == ((), (PERSON,))
    write(home)
    assert held(home) == before


def test_a_teacher_s_mark_stays(home: Home, tmp_path: Path) -> None:
    scan(home, tmp_path / "a", Sheet(page("P1", 3), {"3": "2.8:filled 3.4:filled", "4": "2:tick"}))
    assert held(home)[page("P1", 3), "4"].decided_by == TEACHER_MARK
    (outcome,) = look(home, replace(STRICT, faint_mark=0.72))
    assert outcome.by_hand == (TEACHER_MARK,)
    assert "4" not in [change.before.item for change in outcome.changes]


@pytest.mark.parametrize("seed", range(12))
def test_judged_again_is_as_if_scanned_by_these_thresholds_copies_included(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-20")
    luck = random.Random(seed)
    sheets = [Sheet(page("P1", 2), {"1": _marks(luck), "2": _marks(luck)}) for _copy in range(luck.choice((1, 2, 3)))]
    sheets.append(Sheet(page("P2", 2), {"1": _marks(luck), "2": _marks(luck)}))
    old, new = (replace(THRESHOLDS, **dict(luck.sample(_CHOICES, 3))) for _side in range(2))
    one, other = measured_desk(tmp_path / "one"), measured_desk(tmp_path / "other")
    scan(one, tmp_path / "a", *sheets, thresholds=old)
    write(one, new)
    scan(other, tmp_path / "b", *sheets, thresholds=new)
    assert held(one).keys() == held(other).keys()
    for place, answer in held(other).items():
        if held(one)[place].decided_by != TEACHER_MARK:
            assert held(one)[place].says_the_same(answer), place
    assert states(one) == states(other)
    assert _packets(one) == _packets(other)
    one.close()
    other.close()


_CHOICES: list[tuple[str, Any]] = [
    ("mark", 0.15),
    ("like_pen", 0.2),
    ("clear", 0.72),
    ("rubbed_most", 0.1),
    ("spot", 0.1),
    ("like_pen", 0.95),
    ("dot_span", 0.05),
]


def _marks(luck: random.Random) -> str:
    chosen = luck.sample("ABCD", luck.choice((0, 1, 1, 1, 2)))
    return " ".join(f"{each}:{luck.choice(list(MARKS))}" for each in chosen)


def _packets(home: Home) -> dict[str, str]:
    with home.database.read() as session:
        return {row.code: row.state for row in session.scalars(select(schema.Packet))}


def test_points_follow_and_a_key_corrected_meanwhile_is_not_written_by_looking(home: Home, tmp_path: Path) -> None:
    scan(home, tmp_path / "a", Sheet(page("P1", 2), TICKED))
    first: Any = WORK.parts[0]
    corrected = replace(WORK, parts=(replace(first, points=first.points * 3), *WORK.parts[1:]))
    with home.database.write() as session:
        row = session.get_one(schema.Assignment, WORK.code)
        row.definition, row.key_digest = corrected.as_json(), corrected.key_digest
    before = everything(home)
    (outcome,) = look(home)
    assert [(change.before.points, change.after.points, change.after.max_points) for change in outcome.changes] == [
        (Decimal(3), None, Decimal(3))
    ]
    assert everything(home) == before
    assert look(home, THRESHOLDS)[0].same  # other points are no other answer


def _spoil(home: Home, what: str) -> None:
    with home.database.write() as session:
        row = session.scalars(select(schema.Scan)).one()
        taken = dict(row.measurements)
        boxes = taken["boxes"]
        row.measurements = {
            "measurements_lost": {},
            "measurements_older": taken | {"boxes": [numbers[:-1] for numbers in boxes]},
            "older_format": taken | {"format": 0},
            "measurements_damaged": taken | {"boxes": boxes[:-1]},
            "no_numbers": taken | {"boxes": [[*numbers[:-1], "x"] for numbers in boxes]},
        }.get(what, taken)
        _spoil_desk(session, what)


def _spoil_desk(session: Session, what: str) -> None:
    sheet = session.get_one(schema.Page, page("P1", 2))
    match what:
        case "layout_gone":
            session.get_one(schema.Layout, sheet.layout).geometry = {}
        case "question_gone":
            session.get_one(schema.Assignment, WORK.code).definition = replace(WORK, parts=WORK.parts[:1]).as_json()
        case "answers_gone":
            session.execute(text("DELETE FROM answer"))
        case "withdrawn":
            sheet.void = True
        case "packet_withdrawn":
            session.get_one(schema.Packet, packet("P1")).state = "void"


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        *(
            (each, each)
            for each in ("measurements_lost", "measurements_older", "measurements_damaged", "layout_gone", "question_gone", "answers_gone")
        ),
        ("older_format", "measurements_older"),
        ("no_numbers", "measurements_damaged"),
        ("withdrawn", "withdrawn"),
        ("packet_withdrawn", "withdrawn"),
    ],
)
def test_a_page_that_cannot_be_judged_again_is_named_with_the_reason(
    home: Home, tmp_path: Path, poshta: Poshta, what: str, reason: str
) -> None:
    scan(home, tmp_path / "a", Sheet(page("P1", 2), TICKED))
    _spoil(home, what)
    before = held(home)
    said = poshta("scan", "rejudge", "--apply", "--week", WEEK)
    assert [(each["page"], each["reason"]) for each in said.data["left"]] == [(page("P1", 2), reason)]
    assert (said.data["pages"], said.data["changes"], said.code) == (0, [], 0 if reason == "withdrawn" else 3)
    assert said.body["errors"][0]["code"] == reason
    assert said.body["errors"][0]["file"].startswith("originals/")
    assert held(home) == before


def test_undo_takes_back_every_page_of_it_and_judging_again_brings_it_back(home: Home, tmp_path: Path) -> None:
    scan(home, tmp_path / "a", Sheet(page("P1", 2), TICKED), Sheet(page("P2", 2), TICKED))
    before, was = held(home), states(home)
    write(home)
    after = held(home)
    assert after != before
    assert take_back(home, UNDOERS).data["subject"] == page("P2", 2)
    assert all(each.says_the_same(before[place]) and each.rules == before[place].rules for place, each in held(home).items())
    assert states(home) == was
    write(home)
    assert all(each.says_the_same(after[place]) for place, each in held(home).items())
    take_back(home, UNDOERS)
    assert states(home) == was


def test_undo_takes_back_one_run_and_then_the_one_before_it(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    scan(home, tmp_path / "a", Sheet(page("P1", 2), TICKED), Sheet(page("P2", 2), TICKED))
    (home.path / "poshta.toml").write_text(TOML)
    first, second = held(home)[page("P1", 2), "1"], held(home)[page("P2", 2), "1"]
    for pupil in ("P1", "P2"):
        assert poshta("scan", "rejudge", "--packet", packet(pupil), "--apply").data["counts"]["read_to_doubt"] == 1
    assert poshta("undo").data["subject"] == page("P2", 2)
    assert held(home)[page("P1", 2), "1"].state == "doubt"
    assert held(home)[page("P2", 2), "1"].says_the_same(second)
    assert poshta("undo").data["subject"] == page("P1", 2)
    assert held(home)[page("P1", 2), "1"].says_the_same(first)


def test_undo_refuses_where_an_answer_has_been_decided_since(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    scan(home, tmp_path / "a", Sheet(page("P1", 2), TICKED), Sheet(page("P2", 2), TICKED))
    write(home)
    with home.database.write() as session:
        amend(session, page("P1", 2), "1", "B")
        session.execute(text("DELETE FROM act WHERE action = 'grades.amend'"))  # as if the journal did not know
    before = everything(home)
    said = poshta("undo")
    assert (said.code, "newer answer" in said.body["errors"][0]["text"]) == (7, True)
    assert everything(home) == before


@EITHER
@pytest.mark.parametrize("failure", [Busy("busy"), NoRoom("full")])
def test_a_page_is_written_whole_or_not_at_all_and_the_next_run_goes_on(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    scan(home, tmp_path / "a", Sheet(page("P1", 2), TICKED), Sheet(page("P2", 2), TICKED))
    calm = held(home)

    def stop(*_given: object, **_more: object) -> None:
        raise failure

    with monkeypatch.context() as broken:
        broken.setattr("scanning.rejudge.record", stop)  # the last thing that is written of a page
        with pytest.raises(type(failure)):
            write(home)
    assert held(home) == calm
    assert states(home)[0][0] == "read"
    write(home)
    assert [each.state for (_page, item), each in held(home).items() if item == "1"] == ["doubt", "doubt"]


def test_while_another_program_writes_the_command_says_so_and_changes_nothing(
    home: Home, tmp_path: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan(home, tmp_path / "a", Sheet(page("P1", 2), TICKED))
    (home.path / "poshta.toml").write_text(TOML)
    before = everything(home)
    monkeypatch.setattr("records.home.Database", partial(Database, busy_seconds=0.1))
    with home.database.write():
        assert poshta("scan", "rejudge").code == 3
        assert poshta("scan", "rejudge", "--apply").code == 8
    assert everything(home) == before
    assert poshta("scan", "rejudge", "--apply", "--why", "new thresholds").code == 3
    assert held(home)[page("P1", 2), "1"].why == "new thresholds"
    assert poshta("scan", "rejudge", "--apply").code == 0


def test_with_a_full_disk_nothing_is_half_written(home: Home, tmp_path: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    scan(home, tmp_path / "a", Sheet(page("P1", 2), TICKED), Sheet(page("P2", 2), TICKED))
    (home.path / "poshta.toml").write_text(TOML)
    before = everything(home)
    pages = Database._become_writer

    def full(self: Database, connection: Any) -> None:
        pages(self, connection)
        most = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")
        connection.exec_driver_sql("CREATE TABLE filler (bytes BLOB)")

    with monkeypatch.context() as small:
        small.setattr(Database, "_become_writer", full)
        said = poshta("scan", "rejudge", "--apply")
    assert said.code == 11
    assert everything(home) == before
    assert poshta("scan", "rejudge", "--apply").code == 3


def test_a_trial_with_apply_is_refused_and_says_what_to_write(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    scan(home, tmp_path / "a", Sheet(page("P1", 2), TICKED))
    before = everything(home)
    said = poshta("scan", "rejudge", "--set", "mark=0.4", "--apply")
    assert (said.code, "mark = 0.4" in said.body["errors"][0]["hint"]) == (2, True)
    assert poshta("scan", "rejudge", "--why", "so").code == 2
    assert everything(home) == before


@pytest.mark.parametrize(("words", "code"), [(("--packet", "nobody"), 6), (("--week", "41"), 2), (("--week", "2026-W50"), 0)])
def test_what_is_not_there_is_said(home: Home, poshta: Poshta, words: tuple[str, ...], code: int) -> None:
    assert poshta("scan", "rejudge", *words).code == code


def test_a_week_or_a_packet_narrows_what_is_judged(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    scan(home, tmp_path / "a", Sheet(page("P1", 2), TICKED), Sheet(page("P2", 2), TICKED))
    (home.path / "poshta.toml").write_text(TOML)
    assert [each["packet"] for each in poshta("scan", "rejudge", "--packet", packet("P2")).data["changes"]] == [packet("P2")]
    assert poshta("scan", "rejudge", "--week", "2026-W40").data["changes"] == []
    both = poshta("scan", "rejudge", "--week", WEEK).data
    assert [(each["pupil"], each["before"], each["after"], each["max_points"]) for each in both["points"]] == [
        ("P1", 3, 2, 3),
        ("P2", 3, 2, 3),
    ]
    assert both["counts"]["read_to_doubt"] == 2
    assert poshta("scan", "rejudge", "--apply").data["points"] == both["points"]


def test_a_batch_scanned_later_is_judged_by_the_desk_s_thresholds(
    home: Home, tmp_path: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanning.batch.page_reader", lambda thresholds: partial(measuring_reader, thresholds=thresholds))
    (home.path / "poshta.toml").write_text(TOML)
    said = poshta("scan", str(save(tmp_path / "a.png", Sheet(page("P1", 2), TICKED))))
    assert said.data["pages"][0]["doubts"] == [{"item": "1", "reason": "faint"}]
    assert {each.rules for each in held(home).values()} == {digest_of(STRICT)}
    (home.path / "poshta.toml").write_text("")
    assert poshta("scan", "rejudge", "--apply").data["counts"]["doubt_to_read"] == 1


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_a_person_reads_what_changes_and_what_to_do_next(home: Home, tmp_path: Path, poshta: Poshta, lang: str) -> None:
    scan(home, tmp_path / "a", Sheet(page("P1", 2), TICKED))
    (home.path / "poshta.toml").write_text(TOML)
    told = poshta("scan", "rejudge", "--week", WEEK, json=False, lang=lang).out
    assert f"poshta scan rejudge --week {WEEK} --apply" in told
    assert "0.72" in told
    assert "1 → –" in told
