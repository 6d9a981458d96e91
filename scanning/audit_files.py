"""The files by which people confirm drawn answers: a picture of each, and a page for each week, below `audits` in the desk's folder.

scanning/audit_command writes them; what no longer waits for anybody is cleared away there, and where a draw is taken back (scanning/undo).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path

from records.files import explained, remove, write_bytes, write_text
from records.home import Home
from records.terminal import Ticker
from scanning.audit import Drawn, waiting
from scanning.audit_sheet import page_of
from scanning.intake import Limits

FOLDER, PAGE = "audits", "index.html"
CROP = re.compile(r"[0-9a-f]{14}-\w+\.png")


def cut_out(home: Home, left: Sequence[Drawn], tick: Ticker) -> list[str]:
    """The picture of each answer, relative to the home; nothing where its original is gone. What was cut out before stays."""
    from scanning.audit_pictures import Scissors  # with the libraries that see

    scissors = Scissors(home.path, Limits.of(home.settings.scan))
    found = []
    for each in left:
        path = _crop_path(home, each)
        if not path.is_file():
            with home.database.read() as session:
                content = scissors.cut(session, each.scan, each.page, each.item)
            if content:
                write_bytes(path, content, 0o600)
        found.append(home.relative(path) if path.is_file() else "")
        tick()
    return found


def write_pages(home: Home, left: Sequence[Drawn], crops: Sequence[str]) -> list[str]:
    """A page for each week of which something waits, beside its pictures; relative to the home."""
    pages = []
    seen = [(each, Path(crop).name) for each, crop in zip(left, crops, strict=True) if crop]
    for week, group in groupby(seen, key=lambda pair: pair[0].week):
        path = home.path / FOLDER / week / PAGE
        write_text(path, page_of(week, list(group)))
        pages.append(home.relative(path))
    return pages


def clear_away(home: Home) -> list[str]:
    """Delete the pictures of answers that wait for nobody (confirmed, withdrawn, their draw taken back), and the pages of weeks without any; answers what went."""
    with home.database.read() as session:
        left = waiting(session)
    keep = {_crop_path(home, each) for each in left}
    keep |= {home.path / FOLDER / each.week / PAGE for each in left}
    gone = [file for file in sorted((home.path / FOLDER).glob("*/*")) if _ours(file) and file not in keep]
    for file in gone:
        remove(file)
        with suppress(OSError):  # something else lies there
            file.parent.rmdir()
    return [file.relative_to(home.path).as_posix() for file in gone]


def _ours(file: Path) -> bool:
    """Whether this program wrote the file: what a person laid there is left alone."""
    with explained(file):
        return file.is_file() and (file.name == PAGE or CROP.fullmatch(file.name) is not None)


def _crop_path(home: Home, each: Drawn) -> Path:
    return home.path / FOLDER / each.week / f"{each.page}-{each.item}.png"
