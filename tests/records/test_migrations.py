"""A desk of the version that was given out first comes through the upgrade with everything in it, after a copy; or stays exactly as it was."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from records import database as house
from records.database import MIGRATIONS, Database, newest_version, sqlite_url
from records.errors import NoRoom
from records.schema import Table
from tests.conftest import Poshta

FIRST = MIGRATIONS / "versions" / "0001_the_first_tables.py"
AS_GIVEN_OUT = "0ca4491af649f16486692076be8a9031e18552745bfeb35eb94b5e5818963608"
ROWS = (
    "INSERT INTO assignment VALUES ('a', '2026-W41', 'math', 5, 'kk', 'formative', 't', '{}', 'd', 'k', '', '2026-10-01 08:00:00.000000')",
    "INSERT INTO layout VALUES ('l', '{}', x'00')",
    (
        "INSERT INTO packet (code, week, pupil, kato, school, state, issue, input_digest, pdf, pdf_digest, sheets, grams, return_by, "
        "feedback_from, feedback_until, built_at) VALUES ('p', '2026-W41', 'c', '1', '', 'built', 1, '', '', '', 1, 5, '2026-10-20', 0, 0, "
        "'2026-10-01 08:00:00.000000')"
    ),
    (
        "INSERT INTO page (id, short_code, kind, week, packet, pupil, assignment, number, of, pdf, pdf_page, layout, key_id, void, void_reason) "
        "VALUES ('0', 's', 'worksheet', '2026-W41', 'p', 'c', 'a', 1, 1, '', 1, 'l', 'k', FALSE, '')"
    ),
)


def tables_of_0001(url: str) -> None:
    """Tables and some rows as the first program made them."""
    made = Database(url)
    config = house._config()
    with made.engine.connect() as opened:
        connection = opened.execution_options(poshta_begin="IMMEDIATE")
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
            for row in ROWS:
                connection.exec_driver_sql(row if made.is_sqlite else row.replace("x'00'", r"'\x00'"))
    made.close()


@pytest.fixture
def old_desk(tmp_path: Path) -> Path:
    home = tmp_path / "desk"
    home.mkdir()
    tables_of_0001(sqlite_url(home / "poshta.sqlite3"))
    return home


def rows(file: Path, wanted: str) -> list[Any]:
    with closing(sqlite3.connect(file)) as database:
        return database.execute(wanted).fetchall()


def test_the_migration_that_was_given_out_is_never_changed() -> None:
    assert hashlib.sha256(FIRST.read_bytes().replace(b"\r\n", b"\n")).hexdigest() == AS_GIVEN_OUT


def test_an_upgrade_from_the_first_tables_makes_the_tables_of_the_schema_and_keeps_rows(database_url: str) -> None:
    tables_of_0001(database_url)
    made = Database(database_url)
    assert made.upgrade() == newest_version()
    with made.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Table.metadata) == []
        assert connection.exec_driver_sql("SELECT code FROM packet").all() == [("p",)]
        assert connection.exec_driver_sql("SELECT packet, assignment FROM page").all() == [("p", "a")]
    made.close()


def test_rows_of_the_first_tables_get_empty_lists_and_still_hold_each_other(old_desk: Path, poshta: Poshta) -> None:
    assert poshta("init").code == 0
    assert rows(old_desk / "poshta.sqlite3", "SELECT former_points FROM assignment") == [("[]",)]
    assert rows(old_desk / "poshta.sqlite3", "SELECT awaited FROM packet") == [("[]",)]
    assert rows(old_desk / "poshta.sqlite3", "PRAGMA foreign_key_list(page)")[0][2] in {"packet", "layout", "assignment"}
    with closing(sqlite3.connect(old_desk / "poshta.sqlite3")) as database, pytest.raises(sqlite3.IntegrityError):
        database.execute("PRAGMA foreign_keys=ON")
        database.execute("DELETE FROM packet")


def test_an_upgrade_is_told_and_leaves_a_copy_of_the_database_as_it_was(old_desk: Path, poshta: Poshta) -> None:
    said = poshta("init")
    (copy,) = said.data["files"]
    assert copy.startswith(f"backups/before-{newest_version()}-")
    assert rows(old_desk / copy, "SELECT version_num FROM alembic_version") == [("0001",)]
    assert rows(old_desk / copy, "SELECT code FROM packet") == [("p",)]
    if os.name != "nt":
        assert (old_desk / copy).stat().st_mode & 0o777 == 0o600


def test_the_person_reads_where_the_copy_stands_and_a_second_init_makes_none(old_desk: Path, poshta: Poshta) -> None:
    assert "backups/before-" in poshta("init", json=False).out
    assert poshta("init").data["files"] == []
    assert len(list((old_desk / "backups").iterdir())) == 1


def test_without_room_for_the_copy_nothing_is_changed(old_desk: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> None:
        raise NoRoom("full")

    monkeypatch.setattr(Database, "copy_to", full)
    assert poshta("init").code == 11
    monkeypatch.undo()
    assert rows(old_desk / "poshta.sqlite3", "SELECT version_num FROM alembic_version") == [("0001",)]
    assert list((old_desk / "backups").iterdir()) == []
    assert not (old_desk / "keys").exists()
    assert poshta("init").code == 0


def test_a_row_without_its_parent_stops_the_upgrade_with_nothing_changed(old_desk: Path, poshta: Poshta) -> None:
    with closing(sqlite3.connect(old_desk / "poshta.sqlite3")) as database:
        database.execute("DELETE FROM packet")
        database.commit()
    assert poshta("init").code == 10
    assert rows(old_desk / "poshta.sqlite3", "SELECT version_num FROM alembic_version") == [("0001",)]
