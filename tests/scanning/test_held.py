"""What the records hold of the frames that are filed now: theirs, and nothing of the rest of a long file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect

from records import schema
from records.calendar import now
from records.database import Database, sqlite_url
from scanning.held import Held, Source
from scanning.verdict import PageState

DIGEST = "d" * 64
FRAMES = 40


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty desk's."""
    made = Database(sqlite_url(tmp_path / "desk.sqlite3"))
    made.upgrade()
    yield made
    made.close()


@pytest.fixture
def long_file(database: Database) -> Source:
    """A file of many frames, all of them filed."""
    with database.write() as session:
        session.add(schema.Original(digest=DIGEST, path="originals/dd/d.pdf", bytes=9, frames=FRAMES, first_seen=now()))
        session.add_all(_row(frame) for frame in range(1, FRAMES + 1))
    return Source("d.pdf", DIGEST, "originals/dd/d.pdf", 9, FRAMES)


def test_a_frame_is_held_without_the_other_frames_of_its_file_and_without_measurements(database: Database, long_file: Source) -> None:
    with database.write() as session:
        held = Held(session, [(long_file, 3), (long_file, 7)], ())
        assert [row.frame for frame in (3, 7) for row in held.scans(DIGEST, frame)] == [3, 7]
        scans = [row for row in session.identity_map.values() if isinstance(row, schema.Scan)]
        assert len(scans) == 2
        assert all("measurements" in inspect(row).unloaded for row in scans)


def _row(frame: int) -> schema.Scan:
    return schema.Scan(
        original=DIGEST, frame=frame, part=1, state=PageState.EMPTY.value, reason="", page=None, late=False, scanned_at=now(), ms=1, error_mm=None, measurements={"boxes": [[0.5] * 28]}
    )  # fmt: skip
