"""A desk on disk: settings, database, keys and folders under one roof. Every command works on one home."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from records.calendar import now
from records.database import Database, newest_version, sqlite_url
from records.errors import NotFound
from records.files import explained, scratch, sync_folder
from records.journal import record
from records.keys import Key, load_keys, make_key
from records.language import _
from records.settings import LoadedSettings, Settings, load_settings

DATABASE_FILE = "poshta.sqlite3"
BACKUPS = "backups"  # the folder
COPY = "before"  # how the names of plain copies in it begin


@dataclass(frozen=True, slots=True)
class Home:
    """One desk. Paths that are stored or reported are relative to `path`, with forward slashes."""

    path: Path
    loaded: LoadedSettings
    database: Database

    @property
    def settings(self) -> Settings:
        """The values in force."""
        return self.loaded.values

    @property
    def keys_folder(self) -> Path:
        """Where the secrets are."""
        return self.path / "keys"

    @property
    def originals(self) -> Path:
        """Where scanned files are kept under their digests."""
        return self.path / "originals"

    def keys(self) -> tuple[Key, ...]:
        """All keys, the newest first; empty where the folder is gone."""
        return load_keys(self.keys_folder)

    def relative(self, path: Path) -> str:
        """`path` as it is stored and reported."""
        return path.resolve().relative_to(self.path.resolve()).as_posix()

    def named(self, path: Path) -> str:
        """`path` as answers name a file that a person chose: relative where it stands in the home, else in full."""
        whole = path.resolve()
        return self.relative(whole) if whole.is_relative_to(self.path.resolve()) else whole.as_posix()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def attach(path: Path, flags: Mapping[str, Any] | None = None) -> Home:
    """The home at `path` with its settings, whether or not it holds a database yet."""
    loaded = load_settings(path, flags)
    url = loaded.values.database or f"sqlite:///{DATABASE_FILE}"
    plain = url.removeprefix("sqlite:///")
    return Home(path, loaded, Database(sqlite_url((path / plain).resolve()) if plain != url else url))


def open_home(path: Path, flags: Mapping[str, Any] | None = None) -> Home:
    """The home at `path`, ready for work; raises NotFound where none was made, SchemaMismatch where it is of another version."""
    home = attach(path, flags)
    try:
        require_desk(home)
        home.database.require_current()
    except BaseException:
        home.close()
        raise
    return home


def require_desk(home: Home) -> None:
    """Raise NotFound where no desk was made yet."""
    if home.database.is_sqlite and not Path(home.database.engine.url.database or "").is_file():
        raise NotFound(
            _("There is no desk in {folder}.").format(folder=home.path.resolve()),
            _("Run `poshta init` there first, or name another folder with --home."),
        )


def make_home(path: Path, flags: Mapping[str, Any] | None = None, upgraded: Callable[[str, str], None] | None = None) -> tuple[Home, bool]:
    """Make the desk at `path`, or bring an older one up to date; answers it and whether a key was made. Safe to run twice.

    An older database is copied first; `upgraded` is told its version and where the copy stands in the home (nothing where a server has it).
    Raises NoRoom, with nothing changed, where the copy finds no room.
    """
    with explained(path):
        path.mkdir(parents=True, exist_ok=True)
    home = attach(path, flags)
    copies: dict[str, str] = {}
    try:
        home.database.upgrade(lambda found: copies.update({found: _copy_before(home)}))
        for found, copy in copies.items():
            if upgraded is not None:
                upgraded(found, copy)
        return home, _see_to_key(home)
    except BaseException:
        home.close()
        raise


def plain_copies(home: Home) -> list[str]:
    """The copies of the database that were made before its tables were changed: they hold the names of that day. Relative to the home."""
    return sorted(home.relative(file) for file in (home.path / BACKUPS).glob(f"{COPY}-*.sqlite3"))


def _copy_before(home: Home) -> str:
    """Copy the database before its tables change; answers the copy's path in the home, nothing for a server's database."""
    if not home.database.is_sqlite:
        return ""
    folder = home.path / BACKUPS
    target = folder / f"{COPY}-{newest_version()}-{now():%Y-%m-%d-%H%M%S}.sqlite3"
    with explained(target), scratch(folder) as copy:
        copy.chmod(0o600)
        home.database.copy_to(copy)
        copy.replace(target)
        sync_folder(folder)
    return home.relative(target)


def _see_to_key(home: Home) -> bool:
    """Make a key where there is none; the write lock lets only one of two programs do so."""
    with home.database.write() as session:
        if home.keys():
            return False
        record(session, "desk.key", make_key(home.keys_folder, now()).id)
    return True
