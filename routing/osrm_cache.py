"""What a road server has answered, kept in the home: by server, vehicle and coordinates, so that no leg is asked for twice.

routing/served reads and fills it. A SQLite file of its own, `roads/osrm.sqlite3`: it holds nothing of pupils, can be deleted at any time, and is
then filled again. Each block is kept as soon as it is answered: a killed command goes on where it stopped. A damaged file is begun anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from records.errors import Busy, NoRoom, NotAllowed, PoshtaError
from records.files import explained
from records.language import _
from routing.osrm import Point

FILE = Path("roads") / "osrm.sqlite3"
BUSY_SECONDS = 30.0
TABLES = """
CREATE TABLE IF NOT EXISTS server (id INTEGER PRIMARY KEY, url TEXT NOT NULL, profile TEXT NOT NULL, UNIQUE (url, profile));
CREATE TABLE IF NOT EXISTS place (id INTEGER PRIMARY KEY, lat INTEGER NOT NULL, lon INTEGER NOT NULL, UNIQUE (lat, lon));
CREATE TABLE IF NOT EXISTS leg (server INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, verdict INTEGER NOT NULL,
  metres INTEGER NOT NULL, seconds INTEGER NOT NULL, PRIMARY KEY (server, start, "end")) WITHOUT ROWID;
"""
Whole = npt.NDArray[np.int64]


class Cache:
    """The legs of one server and vehicle. Places are coordinates to a millionth of a degree."""

    def __init__(self, connection: sqlite3.Connection, url: str, profile: str) -> None:
        self._db = connection
        self._db.execute("INSERT OR IGNORE INTO server (url, profile) VALUES (?, ?)", (url, profile))
        self._db.commit()
        ((self._server,),) = self._db.execute("SELECT id FROM server WHERE url = ? AND profile = ?", (url, profile))

    def known(self, points: Sequence[Point]) -> Whole:
        """What is known of the legs between `points`: int64 (legs, 5): places of start and end in the list, verdict, metres, seconds."""
        ids = self._ids(points)
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (id INTEGER, spot INTEGER)")
        self._db.execute("DELETE FROM wanted")
        self._db.executemany("INSERT INTO wanted VALUES (?, ?)", [(each, spot) for spot, each in enumerate(ids)])
        rows = self._db.execute(
            'SELECT a.spot, b.spot, verdict, metres, seconds FROM wanted a JOIN leg ON leg.server = ? AND leg.start = a.id JOIN wanted b ON b.id = leg."end"',
            (self._server,),
        ).fetchall()
        self._db.commit()
        return np.array(sorted(rows), dtype=np.int64).reshape(-1, 5)

    def keep(self, sources: Sequence[Point], destinations: Sequence[Point], legs: Whole) -> None:
        """Keep answered legs: int64 (legs, 5) as `known` answers them, with places in the two lists."""
        starts, ends = self._ids(sources), self._ids(destinations)
        rows = [(self._server, starts[a], ends[b], verdict, metres, seconds) for a, b, verdict, metres, seconds in legs.tolist()]
        self._db.executemany("INSERT OR REPLACE INTO leg VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._db.commit()

    def _ids(self, points: Sequence[Point]) -> list[int]:
        keys = [(round(lat * 1e6), round(lon * 1e6)) for lat, lon in points]
        self._db.executemany("INSERT OR IGNORE INTO place (lat, lon) VALUES (?, ?)", sorted(set(keys)))
        return [self._db.execute("SELECT id FROM place WHERE lat = ? AND lon = ?", key).fetchone()[0] for key in keys]


@contextmanager
def cache(home: Path, url: str, profile: str) -> Iterator[Cache]:
    """The home's cache; a file that is no database, or is damaged, is put aside and begun anew."""
    path = home / FILE
    try:
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = _opened_or_new(path)
        with closing(connection):
            yield Cache(connection, url, profile)
    except sqlite3.OperationalError as failure:
        raise _refused(path, failure) from failure


def _opened_or_new(path: Path) -> sqlite3.Connection:
    try:
        return _opened(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        for ending in ("", "-journal"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        return _opened(path)


def _refused(path: Path, failure: sqlite3.OperationalError) -> PoshtaError:
    """A full disk, a lock or a folder that may not be written to, in words."""
    if "full" in str(failure):
        return NoRoom(_("There is no room on the disk to write {file}.").format(file=path))
    if "locked" in str(failure) or "busy" in str(failure):
        return Busy(_("Another program has {file} open.").format(file=path), _("Close it there and run the same command again."))
    return NotAllowed(_("This user may not read or write {file}.").format(file=path), _("Check who owns the file and its folder."))


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
    try:
        connection.execute("PRAGMA synchronous = OFF")  # a killed process loses nothing; what a power cut damages is asked for again
        connection.executescript(TABLES)
        if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("damaged")
    except BaseException:
        connection.close()
        raise
    return connection
