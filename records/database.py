"""The desk's database: SQLite in the home by default, PostgreSQL by URL; migrations on board.

SQLite runs in WAL with synchronous FULL: what was reported as done survives a power cut. `read` and `write` are the only ways in.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from records.errors import Busy, IntegrityFailed, NoRoom, PoshtaError, SchemaMismatch
from records.language import _

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 10.0
POSTGRES_BUSY = {"55P03", "40001", "40P01"}  # lock_not_available, serialization_failure, deadlock_detected
POSTGRES_FULL = {"53100"}  # disk_full


class Database:
    """One database, opened lazily. `url` is an SQLAlchemy URL."""

    def __init__(self, url: str, busy_seconds: float = BUSY_SECONDS) -> None:
        self.url = _with_driver(url)
        self.engine = _engine(self.url, busy_seconds)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the database and writes nothing."""
        with explained_database(), Session(self.engine) as session:
            try:
                yield session
            finally:
                session.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes appear all or not at all; SQLite takes the write lock at its beginning."""
        with explained_database(), Session(self.engine) as session:
            if self.is_sqlite:
                session.connection(execution_options={"poshta_begin": "IMMEDIATE"})
            yield session
            session.commit()

    def version(self) -> str | None:
        """The migration that the database stands at; None where it has no tables."""
        with explained_database(), self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def upgrade(self) -> str:
        """Bring the tables to this program's version, each migration and its record in one transaction; answers the version."""
        self._refuse_newer(self.version())
        config = _config()
        with explained_database(), self.engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        return newest_version()

    def require_current(self) -> None:
        """Raise SchemaMismatch unless the tables are of this program's version."""
        found = self.version()
        if found == newest_version():
            return
        self._refuse_newer(found)
        raise SchemaMismatch(
            _("The database stands at version {found}; this program needs {needed}.").format(found=found or "-", needed=newest_version()),
            _("Run `poshta init` in this home: it brings the database up to date and keeps what is in it."),
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
    """Every migration that this program carries."""
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def newest_version() -> str:
    """The migration that this program's tables correspond to."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None, "the program carries no migrations"
    return head


@contextmanager
def explained_database() -> Iterator[None]:
    """Turn the database's refusals into sentences: busy, disk full, damaged."""
    try:
        yield
    except DBAPIError as failure:
        explained = _explain(failure)
        if explained is None:
            raise
        raise explained from failure


def _explain(failure: DBAPIError) -> PoshtaError | None:
    cause: Any = failure.orig
    sqlite = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    postgres = getattr(cause, "sqlstate", None)
    if sqlite in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or postgres in POSTGRES_BUSY:
        return Busy(_("Another program is using the database."), _("Wait until it has finished, then run the same command again."))
    if sqlite == sqlite3.SQLITE_FULL or postgres in POSTGRES_FULL:
        return NoRoom(_("There is no room on the disk for the database."), _("Nothing was half-written. Free some space and run the same command again."))
    if sqlite in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return IntegrityFailed(_("The database file is damaged."), _("Keep the file as it is and restore the last backup beside it."))
    if sqlite in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR) or (postgres or "").startswith("08"):
        return Busy(_("The database cannot be opened or written."), _("Check that the disk or the server is there and may be written to."))
    return None


def _with_driver(url: str) -> str:
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url[len(plain) :]
    return url


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _engine(url: str, busy_seconds: float) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": busy_seconds})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not commit before DDL: SQLAlchemy's BEGIN below rules
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    kind = connection.get_execution_options().get("poshta_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {kind}")

