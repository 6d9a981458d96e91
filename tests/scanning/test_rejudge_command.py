"""The command that judges again: what cannot be judged is named with its reason, a week or a packet narrows it, and a person is told what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from records import schema
from records.home import Home
from scanning.marks import LATER
from scanning.rules import digest_of
from tests.conftest import Poshta
from tests.scanning.desks import either_desk
from tests.scanning.measured_desk import everything, held, measured_desk, measuring_reader
from tests.scanning.paper import WEEK, WORK, Sheet, packet, page, save
from tests.scanning.rejudged import STRICT, TICKED, TOML, scan


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    with either_desk(request, tmp_path / "desk", monkeypatch, measured_desk) as desk:
        yield desk


def _spoil(home: Home, what: str) -> None:
    with home.database.write() as session:
        row = session.scalars(select(schema.Scan)).one()
        taken = dict(row.measurements)
        boxes = taken["boxes"]
        row.measurements = {
            "measurements_lost": {},
            "measurements_older": taken | {"boxes": [numbers[:-5] for numbers in boxes]},
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


def test_a_page_measured_before_the_last_numbers_were_taken_is_judged_as_it_was(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    """The later numbers only add reasons to ask; without them nothing is lost."""
    scan(home, tmp_path / "a", Sheet(page("P1", 2), TICKED))
    with home.database.write() as session:
        row = session.scalars(select(schema.Scan)).one()
        row.measurements = row.measurements | {"boxes": [numbers[:-LATER] for numbers in row.measurements["boxes"]]}
    said = poshta("scan", "rejudge", "--week", WEEK)
    assert (said.data["left"], said.data["pages"], said.data["changes"]) == ([], 1, [])


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
