"""Backups of a desk: made, verified, restored; and the plain copy of the database before its tables are changed.

records/backup_commands calls these, records/home the last. A backup holds the database as it stood at one moment and every other file of the home,
except what the desk can make again (the packets' PDFs: the same input gives the same bytes) and earlier backups. It is one encrypted file
(records/backup_vault). A database on a server is not in it: `pg_dump` copies that.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from records import journal
from records.backup_archive import MANIFEST, Manifest, packed, safe_path, unpacked, vanished
from records.backup_vault import opened_vault, write_vault
from records.calendar import now
from records.database import Database, sqlite_url
from records.errors import Busy, IntegrityFailed, NotAllowed, NotFound
from records.files import BEGUN, atomic, explained, scratch
from records.home import BACKUPS, DATABASE_FILE, Home, attach
from records.language import N_, _

REDRAWN = ("packets", "print")  # folders of PDFs that `packets build` and `packets print` make again, byte for byte
RESTORING = "restoring"
SUFFIX = ".tar"
MAKE, RESTORE = "backup.make", "backup.restore"
LOGS = ("-wal", "-shm", "-journal")  # SQLite's files beside a database
ODD = N_("it is a link, or has a name that not every system can have")
TAKEN = N_("its name is taken in a backup")
CLOSED = N_("this user may not look into the folder")
Tick = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup. `left_out` are the files and folders that are not in it, by path in the home, with the reason."""

    file: Path
    files: int
    bytes: int
    with_database: bool
    left_out: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Restored:
    """A desk that is back. `forgotten` are pupils whose names were in the backup and are gone again; `elsewhere`: the settings name another database."""

    manifest: Manifest
    forgotten: tuple[str, ...]
    elsewhere: bool


Forget = Callable[[Home], list[str]]


def make_backup(home: Home, target: Path | None, passphrase: str, tick: Tick) -> Made:
    """Write a backup to `target`, a new file or a folder (else the home's own folder of backups); it is there whole or not at all.

    Raises NotAllowed where a file of that name stands already or would become part of the next backup.
    """
    file = _place(home, target)
    database = _database_path(home)
    with ExitStack() as stack:
        sources = []
        if database:
            copy = stack.enter_context(scratch(home.path / BACKUPS))
            home.database.copy_to(copy)  # before the files are listed: those that it names are on the disk by now
            sources.append((database, copy))
        listed, left_out = desk_files(home, database)
        sources += [(path, home.path / path) for path in listed]
        pieces = packed(sources, now(), home.database.version() or "", database, tick)
        with atomic(file, mode=0o600) as written:
            write_vault(written, pieces, passphrase)
    with home.database.write() as session:
        journal.record(session, MAKE, now().date().isoformat(), files=len(sources))
    return Made(file, len(sources), file.stat().st_size, bool(database), left_out)


def verify_backup(file: Path, passphrase: str, tick: Tick) -> Manifest:
    """Read every byte of a backup and compare every digest; raises IntegrityFailed, InputRefused for a wrong passphrase."""
    with opened_vault(file, passphrase) as stream:
        return unpacked(stream, lambda _path: _counted(tick))


def restore_backup(file: Path, target: Path, passphrase: str, forget: Forget, tick: Tick) -> Restored:
    """Make the desk of a backup at `target`, which `require_place` lets pass: whole, or not at all.

    All is unpacked beside `target`, checked, brought to this program's version, rid of forgotten names by `forget`, and only then named `target`.
    """
    target = target.resolve()
    require_place(target)
    with _unpacking(target) as folder:
        with opened_vault(file, passphrase) as stream:
            manifest = unpacked(stream, lambda path: _kept(folder, path, tick))
        forgotten = _ready(folder, manifest, forget)
        settings = attach(folder)
        elsewhere = bool(manifest.database) and Path(settings.database.engine.url.database or "") != folder / manifest.database
        settings.close()
        _settle(folder, target)
    return Restored(manifest, tuple(forgotten), elsewhere)


def desk_files(home: Home, database: str) -> tuple[list[str], dict[str, str]]:
    """The files of the home that belong in a backup beside the database, and those that cannot be there with the reason; by path in the home.

    `database` is the database's own path in the backup. Raises Busy for what vanishes in the meantime.
    """
    kept: list[str] = []
    left_out: dict[str, str] = {}
    taken = {MANIFEST, *(f"{database}{ending}" for ending in ("", *LOGS) if database)}

    def closed(failure: OSError) -> None:
        left_out[_closed_folder(home, failure)] = CLOSED

    for folder, folders, names in os.walk(home.path, onerror=closed):
        here = Path(folder)
        if here == home.path:
            folders[:] = [name for name in folders if name not in {BACKUPS, *REDRAWN}]
        links = [name for name in folders if (here / name).is_symlink()]
        for name in [*names, *links]:
            path = here / name
            if name.startswith(BEGUN) or _is_database(home, path):
                continue
            relative = path.relative_to(home.path).as_posix()
            if reason := TAKEN if relative in taken else _oddness(path, relative):
                left_out[relative] = reason
            else:
                kept.append(relative)
    return sorted(kept), dict(sorted(left_out.items()))


def require_place(target: Path) -> None:
    """Raise NotAllowed unless a new folder can take the place of `target`, a whole path: not where a disk begins, nor where this program stands."""
    if not target.name or os.path.ismount(target):
        raise NotAllowed(
            _("{folder} is where a disk begins: a desk needs a folder of its own.").format(folder=target),
            _("Name a folder on it with --home, a new one."),
        )
    require_empty(target)
    if Path.cwd().is_relative_to(target):
        raise NotAllowed(
            _("{folder} is the folder in which this command runs: it cannot be replaced by the desk's.").format(folder=target),
            _("Go to another folder and name this one with --home."),
        )


def require_empty(target: Path) -> None:
    """Raise NotAllowed where anything stands at `target` but an empty folder."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise NotAllowed(
            _("{folder} is not empty: a desk is restored only into a new or an empty folder.").format(folder=target),
            _("Name another folder with --home. The desk that stands there stays as it is."),
        )


def _place(home: Home, target: Path | None) -> Path:
    name = f"poshta-{now():%Y-%m-%d-%H%M%S}{SUFFIX}"
    if target is None:
        target = home.path / BACKUPS
    file = target if target.suffix.lower() == SUFFIX and not target.is_dir() else target / name
    whole, inside = file.resolve(), home.path.resolve()
    if file.exists():
        raise NotAllowed(_("{file} is there already.").format(file=file), _("Choose another name: an earlier backup is never overwritten."))
    if whole.is_relative_to(inside) and not whole.is_relative_to(inside / BACKUPS):
        raise NotAllowed(
            _("{file} would become part of the next backup.").format(file=file),
            _("Choose a place outside the desk's folder, or its folder backups/."),
        )
    return file


def _database_path(home: Home) -> str:
    """Where the database stands in the home, or would if it did not stand elsewhere; nothing where it is on a server."""
    if not home.database.is_sqlite:
        return ""
    file = Path(home.database.engine.url.database or "").resolve()
    return home.relative(file) if file.is_relative_to(home.path.resolve()) else DATABASE_FILE


def _is_database(home: Home, path: Path) -> bool:
    """Whether this file is the database, or its log or index of the log."""
    if not home.database.is_sqlite:
        return False
    file = Path(home.database.engine.url.database or "").resolve()
    return path.name in {f"{file.name}{ending}" for ending in ("", *LOGS)} and path.parent.resolve() == file.parent


def _oddness(path: Path, relative: str) -> str:
    """Why a backup cannot hold this file; nothing where it can."""
    with explained(path):
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            raise vanished(relative) from None
    try:
        return "" if stat.S_ISREG(mode) and safe_path(relative) else ODD
    except IntegrityFailed:
        return ODD


def _closed_folder(home: Home, failure: OSError) -> str:
    """The folder that could not be listed; raises what is worse than a folder of somebody else's."""
    folder = Path(str(failure.filename))
    relative = folder.relative_to(home.path).as_posix()
    with explained(folder):
        if isinstance(failure, FileNotFoundError):
            raise vanished(relative)
        if folder == home.path or not isinstance(failure, PermissionError):
            raise failure
    return relative


class _Nowhere:
    """Takes bytes and keeps none."""

    def write(self, content: bytes) -> int:
        return len(content)


@contextmanager
def _counted(tick: Tick) -> Iterator[IO[bytes]]:
    yield _Nowhere()  # type: ignore[misc]
    tick()


@contextmanager
def _kept(folder: Path, path: str, tick: Tick) -> Iterator[IO[bytes]]:
    """A new file below `folder`, for its owner alone, and on the disk when the block ends."""
    file = folder / path
    with explained(file):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb") as opened:
            yield opened
            opened.flush()
            os.fsync(opened.fileno())
    tick()


@contextmanager
def _unpacking(target: Path) -> Iterator[Path]:
    """An empty folder beside `target` that one program works in at a time; gone when the block ends, if it was not renamed."""
    folder = target.with_name(f".{target.name}.{RESTORING}")
    with explained(folder), ExitStack() as stack:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        stack.enter_context(_alone(folder))
        for left in list(folder.iterdir()):  # by a restore that was killed
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a folder against a second restore; not on Windows, where an open file in it has the same effect."""
    if os.name == "nt":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Busy(_("Another program is restoring a desk into the same folder."), _("Wait until it has finished.")) from None
    finally:
        os.close(handle)


def _ready(folder: Path, manifest: Manifest, forget: Forget) -> list[str]:
    """Check the database, bring it to this program's version, forget again."""
    if not manifest.database:
        return []
    if not (folder / manifest.database).is_file() or not _sound(folder / manifest.database):
        raise IntegrityFailed(_("The database in the backup is damaged."), _("Use an earlier backup."))
    home = Home(folder, attach(folder).loaded, Database(sqlite_url(folder / manifest.database)))
    try:
        home.database.upgrade()
        forgotten = forget(home)
        with home.database.write() as session:
            journal.record(session, RESTORE, manifest.made_at.date().isoformat(), forgotten=len(forgotten))
        home.database.empty_log()
    finally:
        home.close()
    return forgotten


def _sound(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(file)) as database:
            return bool(database.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False


def _settle(folder: Path, target: Path) -> None:
    """Give the finished folder its name."""
    with explained(target):
        require_empty(target)
        if os.name == "nt" and target.exists():
            target.rmdir()
        folder.rename(target)
        if os.name != "nt":
            handle = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def require_file(file: Path) -> Path:
    """`file`, if it is there; raises NotFound."""
    if not file.is_file():
        raise NotFound(_("There is no file {file}.").format(file=file), _("Check the name and the folder."))
    return file
