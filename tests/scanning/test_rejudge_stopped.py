"""Judging again that is stopped, in the way of others or taken back: each page whole or not at all, and one run at a time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from records.database import Database
from records.errors import Busy, NoRoom
from records.home import Home
from records.undo import take_back
from scanning.amend import amend
from scanning.undo import UNDOERS
from tests.conftest import Poshta
from tests.scanning.desks import EITHER, either_desk
from tests.scanning.measured_desk import everything, held, measured_desk, states
from tests.scanning.paper import Sheet, packet, page
from tests.scanning.rejudged import TICKED, TOML, scan, write


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    with either_desk(request, tmp_path / "desk", monkeypatch, measured_desk) as desk:
        yield desk


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
