"""Judging again from what was measured: nothing is written before it is asked for, persons are not overruled, and the outcome is that of a scan by the same thresholds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from records import schema
from records.grades import PERSON, TEACHER_MARK
from records.home import Home
from records.journal import entries
from scanning.amend import amend
from scanning.rules import digest_of
from scanning.thresholds import THRESHOLDS
from tests.scanning.desks import EITHER, either_desk
from tests.scanning.measured_desk import MARKS, everything, held, measured_desk, states
from tests.scanning.paper import WORK, Sheet, page
from tests.scanning.rejudged import STRICT, TICKED, kinds, look, scan, write


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    with either_desk(request, tmp_path / "desk", monkeypatch, measured_desk) as desk:
        yield desk


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
