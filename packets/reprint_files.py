"""Where pages printed again lie, and their removal once they are void: nobody is to find a page to print that would not be taken.

packets/reprint writes the files; packets/void_command removes them with a withdrawal, packets/bundle with a new issue. A packet that is drawn again keeps them: its pages are the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from packets.press_room import FOLDER
from records.files import remove
from records.home import Home
from records.named_files import let_go, noted_below

REPRINT = "reprint"
PART = "+p"  # before the numbers of the pages, where they are not the whole packet; no code holds a +: `pupils forget` finds the file


def reprint_file(week: str, packet: str, pages: Iterable[int] = ()) -> str:
    """The file, relative to the home, of these pages of a packet; of the whole packet where none are named."""
    part = ",".join(map(str, pages))
    return f"{_folder(week)}/{packet}{PART if part else ''}{part}.pdf"


def remove_reprints(session: Session, home: Home, week: str, packets: Collection[str]) -> list[str]:
    """Remove what was printed again of these packets, and the notes that it carries a name; answers what was there, by name.

    Raises Busy where another program holds such a file open, NotAllowed where this user may not remove it.
    """
    mine = reprints_of(session, home, week, packets)
    removed = [file for file in mine if remove(home.path / file)]
    let_go(session, mine)
    return removed


def reprints_of(session: Session, home: Home, week: str, packets: Collection[str]) -> list[str]:
    """The files of these packets' pages printed again that lie there or are noted to carry a name, in their order, relative to the home."""
    if not packets:
        return []
    there = {home.relative(path) for path in (home.path / _folder(week)).glob("*.pdf")}
    return sorted(file for file in there | noted_below(session, _folder(week)) if _packet_of(file) in set(packets))


def is_reprint(file: str) -> bool:
    """Whether a file, relative to the home, is of pages printed again."""
    return file.split("/")[-2:-1] == [REPRINT]


def _folder(week: str) -> str:
    return f"{FOLDER}/{week}/{REPRINT}"


def _packet_of(file: str) -> str:
    return file.rpartition("/")[2].removesuffix(".pdf").partition(PART)[0]
