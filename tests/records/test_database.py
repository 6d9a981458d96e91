"""What was said to be done survives, half-done things do not, on SQLite and on PostgreSQL; and every refusal of a database is a sentence."""

import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from records import database as house
from records.database import MIGRATIONS, Database, known_versions, newest_version, sqlite_url
from records.errors import Busy, IntegrityFailed, NoRoom, NotAllowed, PartMissing, SchemaMismatch, SettingsInvalid
from records.journal import record
from records.schema import Act, Table
from tests.conftest import Poshta

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(database_url: str):  # type: ignore[no-untyped-def]
    made = Database(database_url, busy_seconds=0.3)
    made.upgrade()
    yield made
    made.close()


def acts(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Act)) or 0


def test_the_migrations_make_exactly_the_tables_of_the_schema(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Table.metadata) == []


def test_the_comparison_would_see_a_table_that_is_missing(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE act"))
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata)


def test_the_version_is_what_alembic_calls_it(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert newest_version() == scripts.get_current_head() == database.version()
    assert known_versions() == {script.revision for script in scripts.walk_revisions()}


def test_upgrading_again_changes_nothing(database: Database) -> None:
    with database.write() as session:
        record(session, "test", "one")
    assert database.upgrade() == newest_version()
    assert acts(database) == 1


def test_a_writing_session_appears_whole_or_not_at_all(database: Database) -> None:
    with pytest.raises(KeyError), database.write() as session:
        record(session, "test", "one")
        session.flush()
        raise KeyError
    assert acts(database) == 0
    with database.write() as session:
        record(session, "test", "one")
        record(session, "test", "two")
    assert acts(database) == 2


def test_a_reading_session_cannot_write_by_accident(database: Database) -> None:
    with pytest.raises(AssertionError, match="reading session"), database.read() as session:
        record(session, "test", "one")
    assert acts(database) == 0


def test_a_reading_session_sees_one_state(database: Database) -> None:
    with database.read() as session:
        count = select(func.count()).select_from(Act)
        before = session.scalar(count)
        with database.write() as other:
            record(other, "test", "one")
        assert session.scalar(count) == before
    assert acts(database) == 1


def test_a_second_writer_waits_and_then_says_that_it_is_busy(database: Database) -> None:
    with database.write() as session:
        record(session, "test", "one")
        began = time.monotonic()
        with pytest.raises(Busy), database.write():
            pytest.fail("two writers at once")
        assert time.monotonic() - began >= 0.25
    assert acts(database) == 1


def test_a_second_writer_gets_its_turn(database: Database) -> None:
    patient = Database(database.engine.url.render_as_string(hide_password=False), busy_seconds=10)

    def write() -> None:
        with patient.write() as session:
            record(session, "test", "two")

    with database.write() as session:
        record(session, "test", "one")
        waiting = threading.Thread(target=write)
        waiting.start()
        time.sleep(0.2)
        assert waiting.is_alive()
    waiting.join(10)
    patient.close()
    assert acts(database) == 2


HALF_WAY = '''
"""A migration that fails half-way."""
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = {before!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO act (at, action, subject, details) VALUES ('2026-10-05 12:00:00', 'half', '', '{{}}')")
    {then}
'''


def with_migration(folder: Path, then: str) -> Path:
    """A copy of the program's migrations with one more."""
    copy = folder / "migrations"
    (copy / "versions").mkdir(parents=True)
    for file in ("env.py", "script.py.mako"):
        (copy / file).write_bytes((MIGRATIONS / file).read_bytes())
    for each in (MIGRATIONS / "versions").glob("*.py"):
        (copy / "versions" / each.name).write_bytes(each.read_bytes())
    (copy / "versions" / "9999_half.py").write_text(HALF_WAY.format(before=newest_version(), then=then), encoding="utf-8")
    return copy


def half_there(database: Database) -> bool:
    with database.engine.connect() as connection:
        try:
            connection.execute(text("SELECT * FROM half"))
        except Exception:
            return acts(database) > 0
    return True


@pytest.mark.parametrize(("then", "fails"), [("raise RuntimeError('power')", True), ("pass", False)])
def test_a_migration_that_fails_half_way_leaves_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: str, fails: bool
) -> None:
    before = database.version()
    monkeypatch.setattr(house, "MIGRATIONS", with_migration(tmp_path, then))
    if fails:
        with pytest.raises(RuntimeError):
            database.upgrade()
        assert database.version() == before
        assert not half_there(database)
    else:
        assert database.upgrade() == "9999"
        assert half_there(database), "the planted migration does nothing"


def test_several_migrations_are_one_transaction(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "MIGRATIONS", with_migration(tmp_path, "raise RuntimeError('power')"))
    empty = Database(database_url)
    with pytest.raises(RuntimeError):
        empty.upgrade()
    assert empty.version() is None
    with empty.engine.connect() as connection:
        assert not empty.engine.dialect.has_table(connection, "act")
    empty.close()


def test_a_newer_database_is_left_alone(database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for act in (database.upgrade, database.require_current):
        with pytest.raises(SchemaMismatch, match="newer"):
            act()
    assert database.version() == "9999"


def test_an_empty_database_asks_for_init(database_url: str) -> None:
    empty = Database(database_url)
    assert empty.version() is None
    with pytest.raises(SchemaMismatch) as failure:
        empty.require_current()
    assert "poshta init" in failure.value.hint
    empty.close()


def test_references_are_held(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), database.write() as session:
        session.execute(
            text(
                "INSERT INTO route (code, plan, office, day, date, vehicle, definition, manifest) VALUES ('r', 'none', '', '', '2026-10-05', '', '{}', '')"
            )
        )


# SQLite alone


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "desk.sqlite3"
    made = Database(sqlite_url(path))
    made.upgrade()
    made.close()
    return path


def test_sqlite_keeps_a_write_ahead_log_and_waits_for_the_disk(file: Path) -> None:
    database = Database(sqlite_url(file))
    with database.read() as session:
        found = [session.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert found == ["wal", 2, 1]
    database.close()


def test_a_full_disk_is_told_and_nothing_is_half_written(file: Path) -> None:
    database = Database(sqlite_url(file))
    with pytest.raises(NoRoom), database.write() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
        for number in range(2000):
            record(session, "test", f"{number}" * 50)
        session.flush()
        pytest.fail("the planted fault does not bite")
    database.close()
    again = Database(sqlite_url(file))
    assert acts(again) == 0
    again.close()


def test_a_damaged_file_is_told(file: Path) -> None:
    size = file.stat().st_size
    with file.open("r+b") as broken:
        broken.write(b"this is no database at all")
    assert file.stat().st_size == size
    with pytest.raises(IntegrityFailed):
        Database(sqlite_url(file)).version()


def test_a_place_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        Database(sqlite_url(tmp_path / "nowhere" / "desk.sqlite3")).version()


WRITER = """
import sys, time
sys.path.insert(0, {root!r})
from pathlib import Path
from records.database import Database, sqlite_url
from records.journal import record
database = Database(sqlite_url(Path(sys.argv[1])))
with database.write() as session:
    record(session, "test", "done")
print("done", flush=True)
with database.write() as session:
    record(session, "test", "half")
    session.flush()
    print("half", flush=True)
    time.sleep(60)
"""


def test_a_killed_process_keeps_what_it_said_was_done_and_nothing_else(file: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER.format(root=str(ROOT)), str(file)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _each in range(2)] == ["done\n", "half\n"]
        process.kill()
        process.wait()
    database = Database(sqlite_url(file))
    with database.read() as session:
        assert list(session.scalars(select(Act.subject))) == ["done"]
    database.close()


@pytest.mark.parametrize("busy", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_BUSY | 2 << 8])
def test_each_way_of_being_busy_is_busy(file: Path, busy: int) -> None:
    from sqlalchemy.exc import OperationalError

    cause = sqlite3.OperationalError("x")
    cause.sqlite_errorcode = busy
    with pytest.raises(Busy), house.explained_database():
        raise OperationalError("", {}, cause)


# through the front door


def test_exit_codes_of_a_desk_that_is_missing_newer_busy_and_damaged(
    desk: Path, tmp_path: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "BUSY_SECONDS", 0.1)
    path = desk / "poshta.sqlite3"
    assert poshta("journal", home=tmp_path / "elsewhere").code == 6
    assert not (tmp_path / "elsewhere").exists()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert poshta("journal").code == poshta("init").code == 9
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM alembic_version")
    connection.close()
    assert poshta("journal").code == 9
    path.write_bytes(b"nonsense" * 1000)
    for leftover in desk.glob("poshta.sqlite3-*"):
        leftover.unlink()
    assert poshta("journal").code == 10


# PostgreSQL alone


def test_an_unreachable_server_is_told_without_its_password(poshta: Poshta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("psycopg")
    monkeypatch.setenv("POSHTA_DATABASE", f"postgresql://desk:geheim@/poshta?host={tmp_path}")
    answer = poshta("init")
    assert answer.code == 8
    assert "geheim" not in answer.out + answer.err


@pytest.mark.parametrize("url", ["nonsense", "mysterious://x/y", "postgresql://h:port/x"])
def test_an_address_that_is_none_is_a_matter_of_settings(url: str) -> None:
    with pytest.raises(SettingsInvalid):
        Database(url)


def test_a_missing_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(PartMissing, match="psycopg") as failure:
        Database("postgresql://server/poshta")
    assert "requirements-postgres.lock" in failure.value.hint


def test_a_desk_on_postgresql_lives_like_another(postgres_url: str, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_DATABASE", postgres_url)
    assert poshta("journal").code == 9
    assert poshta("init").code == 0
    assert poshta("init").data["key_made"] is False
    assert [act["action"] for act in poshta("journal").data["acts"]] == ["desk.key"]
    assert poshta("doctor").code == 0


def test_other_refusals_of_a_server_are_not_dressed_up(postgres_url: str) -> None:
    database = Database(postgres_url)
    with pytest.raises(ProgrammingError), database.read() as session:
        session.execute(text("SELECT nonsense"))
    database.close()
