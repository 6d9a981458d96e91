"""Desks that several tests of a batch open alike: on SQLite or PostgreSQL, on a set day, with a reader that reads notes instead of marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from records import schema
from records.home import Home
from scanning.batch import scan_files
from scanning.filing import PageRow
from tests.scanning.paper import fake_reader, open_desk

TODAY = "2026-10-20"
EITHER = pytest.mark.parametrize("home", ["sqlite", "postgres"], indirect=True)


@contextmanager
def either_desk(
    request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], Home] = open_desk
) -> Iterator[Home]:
    """The desk that `make` makes, on the database that the test was marked `EITHER` for; SQLite without a mark."""
    monkeypatch.setenv("POSHTA_TODAY", TODAY)
    if getattr(request, "param", "") == "postgres":
        monkeypatch.setenv("POSHTA_DATABASE", request.getfixturevalue("postgres_url"))
    desk = make(folder)
    yield desk
    desk.close()


@contextmanager
def desk_that_reads_notes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A desk whose command `scan` reads by the fake reader."""
    monkeypatch.setenv("POSHTA_TODAY", TODAY)
    monkeypatch.setattr("scanning.batch.page_reader", lambda *_thresholds: fake_reader)
    desk = open_desk(folder)
    yield desk
    desk.close()


def scan(home: Home, *paths: Path, workers: int = 1) -> list[PageRow]:
    """One batch by the fake reader."""
    return scan_files(home, list(paths), workers, fake_reader)


def all_filed(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    """All that a scan writes, without moments and milliseconds."""
    tables = [schema.Table.metadata.tables[name] for name in ("scan", "answer", "act", "original", "packet")]
    skipped = {"scanned_at", "made_at", "at", "first_seen", "ms", "built_at"}
    with home.database.read() as session:
        found = {
            table.name: [
                tuple(str(value) for name, value in row._mapping.items() if name not in skipped)
                for row in session.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in tables
        }
    found["act"] = [act[1:] for act in found["act"] if act[1] != "desk.key"]
    return found


def made(folder: Path) -> Path:
    """The folder, made."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder
