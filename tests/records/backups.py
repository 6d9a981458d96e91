"""What the tests of backups share: a passphrase, a restore that forgets nobody and shows no progress, and what stands in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PASSPHRASE = "four unlikely words here"


def nobody(_home: Any) -> list[str]:
    return []


def tick(_steps: int = 1) -> None:
    pass


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
