"""What tests of a watched folder ask of it."""

from __future__ import annotations

from pathlib import Path

from scanning.inbox import Inbox


def below(folder: Path) -> list[str]:
    """Every file of a folder and of those in it."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def whole(inbox: Inbox) -> list[str]:
    """The names of what looks alike at two looks."""
    inbox.look()
    return [file.name for file in inbox.look()]
