"""Files in `done` and `refused` that somebody went on writing to while no watch was there to see it. scanning/watch_command asks when it starts.

What was read is known by the sizes of the originals that the desk keeps; what was refused by the time of the reason beside it, which bears the file's own
(scanning/inbox). Files that changed more than a day ago are left alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.schema import Original
from scanning.inbox import BY_OTHERS, DONE, REASON, REFUSED, Sight, reason_beside
from settlements.roster import FEW

DAY_SECONDS = 86_400.0


def changed_while_away(session: Session, folder: Path) -> list[Path]:
    """The files that are not what they were when they were moved, by name."""
    return sorted([*_unknown(session, dict(_recent(folder / DONE))), *_written_since(dict(_recent(folder / REFUSED)))])


def _unknown(session: Session, done: dict[Path, Sight]) -> list[Path]:
    """Those of a size that no original has: a file that was read is kept as it was then."""
    sizes = sorted({sight.size for sight in done.values()})
    known: set[int] = set()
    for start in range(0, len(sizes), FEW):
        known.update(session.scalars(select(Original.bytes).where(Original.bytes.in_(sizes[start : start + FEW]))))
    return [file for file, sight in done.items() if sight.size not in known]


def _written_since(refused: dict[Path, Sight]) -> list[Path]:
    reasons = {file: Sight.of(reason_beside(file)) for file in refused}
    return [file for file, reason in reasons.items() if reason is not None and refused[file].changed > reason.changed]


def _recent(folder: Path) -> Iterator[tuple[Path, Sight]]:
    """The files below a folder that changed within the last day, and how they look; nothing where it is not there or does not answer."""
    since = (time.time() - DAY_SECONDS) * 1e9
    for place, _folders, names in os.walk(folder):
        for name in names:
            file = Path(place) / name
            if name.endswith(REASON) or name.startswith(".") or name.lower() in BY_OTHERS:
                continue
            sight = Sight.of(file)
            if sight is not None and sight.changed >= since:
                yield file, sight
