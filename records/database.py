"""The desk's database: SQLite in the home by default, PostgreSQL by URL; migrations on board.

SQLite runs in WAL with synchronous FULL: what was reported as done survives a power cut. `read` and `write` are the only ways in. One
desk has one writer at a time on either: SQLite locks its file, on PostgreSQL an advisory lock of the same effect is taken. Alembic is
imported only to change tables.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session

from records.errors import Busy, IntegrityFailed, NoRoom, NotAllowed, PartMissing, PoshtaError, SchemaMismatch, SettingsInvalid
from records.files import explained
from records.language import _

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 10.0
WRITER = 0x506F_7368_7461  # the advisory lock of a PostgreSQL desk's one writer
SHARED_MEMORY_FULL = 4874  # SQLITE_IOERR_SHMSIZE: no room for the index of the WAL
POSTGRES_BUSY = {"55P03", "40001", "40P01"}  # lock_not_available, serialization_failure, deadlock_detected
POSTGRES_FULL = {"53100"}  # disk_full


class Database:
    """One database, opened lazily. `url` is an SQLAlchemy URL."""

    def __init__(self, url: str, busy_seconds: float = BUSY_SECONDS) -> None:
        self.engine = _engine(_with_driver(url), busy_seconds)
        self.busy_seconds = busy_seconds

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the database and writes nothing."""
        with explained_database(), Session(self.engine) as session:
            if not self.is_sqlite:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session
            touched = [*session.new, *session.dirty, *session.deleted]
            assert not touched, f"a reading session was written to: {touched}"
            session.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes appear all or not at all; it is the only writer from its beginning."""
        with explained_database(), Session(self.engine) as session:
            self._become_writer(session.connection(execution_options={"poshta_begin": "IMMEDIATE"}))
            yield session
            session.commit()

    def _become_writer(self, connection: Connection) -> None:
        """SQLite's BEGIN IMMEDIATE has done it already."""
        if not self.is_sqlite:
            connection.execute(text(f"SET LOCAL lock_timeout = {int(self.busy_seconds * 1000)}"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:writer)"), {"writer": WRITER})

    def empty_log(self) -> None:
        """Take what SQLite's log of writes still holds into the file, so that no copy of a deleted row stays beside it; unless others read now."""
        if self.is_sqlite:
            with explained_database():
                connection = self.engine.raw_connection()
                try:
                    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
                finally:
                    connection.close()

    def version(self) -> str | None:
        """The migration that the database stands at; None where it has no tables."""
        with explained_database(), self.engine.connect() as connection:
            return _version(connection)

    def copy_to(self, path: Path) -> None:
        """Write an SQLite database, as it stands at this moment, to the empty file `path`, on the disk; others may go on reading and writing meanwhile."""
        assert self.is_sqlite, "a server is copied by its own tools"
        with (
            explained_database(),
            closing(sqlite3.connect(self.engine.url.database or "")) as source,
            closing(sqlite3.connect(path)) as copy,
        ):
            source.backup(copy)
        with explained(path), path.open("rb+") as file:
            os.fsync(file.fileno())

    def upgrade(self, before: Callable[[str], None] | None = None) -> str:
        """Bring the tables to this program's version, all migrations and their records in one transaction; answers the version.

        Where tables of an older version stand, `before` is called with it first, while nobody else can write; what it raises stops the upgrade.
        """
        from alembic import command

        config = _config()
        with explained_database(), self._rebuilding() as opened:
            connection = opened.execution_options(poshta_begin="IMMEDIATE")
            with connection.begin():
                self._become_writer(connection)
                found = _version(connection)
                self._refuse_newer(found)
                if before is not None and found not in {None, newest_version()}:
                    before(str(found))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                if self.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise IntegrityFailed(
                        _("Something in the database refers to what is not there, so its tables were left as they were."),
                        _("Run `poshta doctor`, and restore the last backup beside this desk."),
                    )
        return newest_version()

    @contextmanager
    def _rebuilding(self) -> Iterator[Connection]:
        """A connection on which tables may be made anew: SQLite would otherwise see a row's parent vanish with the old table."""
        with self.engine.connect() as connection:
            if not self.is_sqlite:
                yield connection
                return
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.execute("PRAGMA foreign_keys=OFF")  # no effect within a transaction, so before it
            try:
                yield connection
            finally:
                driver.execute("PRAGMA foreign_keys=ON")

    def require_current(self) -> None:
        """Raise SchemaMismatch unless the tables are of this program's version."""
        found = self.version()
        if found == newest_version():
            return
        self._refuse_newer(found)
        hint = _("Run `poshta init` in this home: it brings the database up to date and keeps what is in it.")
        if found is None:
            raise SchemaMismatch(_("The database holds no tables of this program yet."), hint)
        raise SchemaMismatch(
            _("The database stands at version {found}; this program needs {needed}.").format(found=found, needed=newest_version()), hint
        )

    def _refuse_newer(self, found: str | None) -> None:
        if found is not None and found not in known_versions():
            raise SchemaMismatch(
                _("The database was made by a newer program (version {found}).").format(found=found),
                _("Use that newer program, or restore a backup made before it. Nothing was changed."),
            )

    def close(self) -> None:
        """Let go of the file or the server."""
        self.engine.dispose()


def sqlite_url(path: Path) -> str:
    """The URL of an SQLite file."""
    return f"sqlite:///{path}"


def known_versions() -> set[str]:
    """Every migration that this program carries: the numbers at the beginning of the files' names."""
    return {file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9][0-9][0-9][0-9]_*.py")}


def newest_version() -> str:
    """The migration that this program's tables correspond to."""
    return max(known_versions())


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


@contextmanager
def explained_database() -> Iterator[None]:
    """Turn the database's refusals into sentences: busy, disk full, damaged."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as failure:
        refusal = _explain(failure.orig if isinstance(failure, DBAPIError) else failure)
        if refusal is None:
            raise
        raise refusal from failure


def _explain(cause: Any) -> PoshtaError | None:
    whole = getattr(cause, "sqlite_errorcode", 0)
    sqlite = whole & 0xFF
    postgres = getattr(cause, "sqlstate", None)
    unreachable = type(cause).__module__.startswith("psycopg") and isinstance(cause, Exception) and postgres is None
    if sqlite in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or postgres in POSTGRES_BUSY:
        return Busy(_("Another program is using the database."), _("Wait until it has finished, then run the same command again."))
    if sqlite == sqlite3.SQLITE_FULL or whole == SHARED_MEMORY_FULL or postgres in POSTGRES_FULL:
        return NoRoom(
            _("There is no room on the disk for the database."),
            _("Nothing was half-written. Free some space and run the same command again."),
        )
    if sqlite in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return IntegrityFailed(_("The database file is damaged."), _("Keep the file as it is and restore the last backup beside it."))
    if sqlite in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return NotAllowed(_("This user may not read or write the database."), _("Check who owns the file and its folder."))
    if sqlite == sqlite3.SQLITE_IOERR or unreachable or (postgres or "").startswith(("08", "28", "3D", "57P")):
        return Busy(
            _("The database cannot be reached."),
            _("Check that the disk or the server is there, and the address and password of the server."),
        )
    return None


def _with_driver(url: str) -> URL:
    try:
        given = make_url(url)
    except (ArgumentError, ValueError):
        raise SettingsInvalid(
            _("The setting «database» is not an address of a database."), _("Write it as postgresql://user@server/name, or leave it empty.")
        ) from None
    if given.drivername in ("postgresql", "postgres"):
        return given.set(drivername="postgresql+psycopg")
    return given


def _config() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _engine(url: URL, busy_seconds: float) -> Engine:
    if url.get_backend_name() != "sqlite":
        return _server_engine(url, busy_seconds)
    engine = create_engine(url, connect_args={"timeout": busy_seconds})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _server_engine(url: URL, busy_seconds: float) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": max(2, int(busy_seconds))})
    except NoSuchModuleError:
        hint = _("SQLite and PostgreSQL can be used.")
        raise SettingsInvalid(
            _("«{kind}» is not a kind of database that this program can use.").format(kind=url.drivername), hint
        ) from None
    except ModuleNotFoundError as missing:
        raise PartMissing(
            _("The library {name} for this database is not installed.").format(name=missing.name),
            _("Install it: .venv/bin/python -m pip install --require-hashes -r requirements-postgres.lock"),
        ) from None


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not commit before DDL: SQLAlchemy's BEGIN below rules
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    kind = connection.get_execution_options().get("poshta_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {kind}")
