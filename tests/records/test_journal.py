"""The journal tells what was done, in the order it was done, within the transaction that did it."""

from pathlib import Path

import pytest

from records.database import Database, sqlite_url
from records.home import open_home
from records.journal import entries, record, record_each
from tests.conftest import Poshta


@pytest.fixture
def database(tmp_path: Path):  # type: ignore[no-untyped-def]
    made = Database(sqlite_url(tmp_path / "desk.sqlite3"))
    made.upgrade()
    yield made
    made.close()


def test_an_act_that_was_rolled_back_was_never_done(database: Database) -> None:
    with pytest.raises(KeyError), database.write() as session:
        record(session, "packets.build", "P1")
        raise KeyError
    with database.read() as session:
        assert entries(session) == []


def test_acts_are_told_newest_first_and_narrowed(database: Database) -> None:
    with database.write() as session:
        for action, subject in [
            ("packets.build", "P1"),
            ("packets.print", "P1"),
            ("scan.page", "P1"),
            ("packetsXbuild", "P2"),
            ("scan.page", "P2"),
        ]:
            record(session, action, subject, pages=3)
    with database.read() as session:
        assert [entry.subject for entry in entries(session, "scan.page")] == ["P2", "P1"]
        assert [entry.action for entry in entries(session, "packets.")] == ["packets.print", "packets.build"]
        assert {entry.action for entry in entries(session, subject="P1")} == {"packets.build", "packets.print", "scan.page"}
        assert len(entries(session, limit=2)) == 2
        assert entries(session, "packets_") == entries(session, "%") == []
        assert entries(session)[0].details == {"pages": 3}


def test_the_command_tells_the_same(desk: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-05")
    home = open_home(desk)
    with home.database.write() as session:
        record(session, "packets.build", "2026-W41", packets=7)
    home.close()
    told = poshta("journal", "--action", "packets").data["acts"]
    assert [(act["action"], act["subject"], act["details"]) for act in told] == [("packets.build", "2026-W41", {"packets": 7})]
    assert told[0]["at"].startswith("2026-10-05T")
    table = poshta("journal", json=False).out
    assert "packets.build" in table
    assert "packets=7" in table
    assert poshta("journal", "--subject", "nobody", json=False).out.strip() == "The journal holds no such act."


def test_the_same_act_on_many_is_told_of_each_in_order(database: Database) -> None:
    with database.write() as session:
        record_each(session, "packets.build", {"P2": {"issue": 1}, "P1": {"issue": 3}})
        record_each(session, "packets.build", {})
    with database.read() as session:
        told = [(act.subject, act.details) for act in reversed(entries(session))]
    assert told == [("P2", {"issue": 1}), ("P1", {"issue": 3})]
