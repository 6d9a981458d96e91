"""What tests of a watched folder ask of it."""

from __future__ import annotations

from pathlib import Path

from records import schema
from records.home import Home
from scanning.inbox import Inbox


def below(folder: Path) -> list[str]:
    """Every file of a folder and of those in it."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def whole(inbox: Inbox) -> list[str]:
    """The names of what looks alike at two looks."""
    inbox.look()
    return [file.name for file in inbox.look()]


def counted(home: Home) -> dict[str, int]:
    """How many scans, answers and originals the desk has."""
    with home.database.read() as session:
        return {table.__tablename__: session.query(table).count() for table in (schema.Scan, schema.Answer, schema.Original)}
