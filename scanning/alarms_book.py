"""What batches told, kept: `poshta scan` writes a batch with its alarms, `poshta scan status` asks for the latest.

Sheets are kept by the digest of their original: the names that people give their files are not this desk's to keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from records import schema
from records.calendar import now
from records.database import Database
from scanning.alarms import LIMITS, Alarm, alarms, medians
from scanning.alarms_numbers import PageNumbers, Place

EARLIER = 8  # batches that a new one is compared with


@dataclass(frozen=True, slots=True)
class LatestBatch:
    """When the last batch ended that was large enough to tell something, and what it told."""

    ended_at: datetime
    pages: int
    alarms: tuple[Alarm, ...]


def raise_alarms(database: Database, pages: Sequence[PageNumbers], rules: str) -> list[Alarm]:
    """Look at the sheets that one run has filed, in their order, and keep what they tell; nothing is kept of a run that filed none."""
    if not pages:
        return []
    with database.read() as session:
        batch = schema.Batch
        earlier = list(session.scalars(select(batch.numbers).where(batch.pages >= LIMITS.fewest).order_by(batch.id.desc()).limit(EARLIER)))
    found = alarms(pages, earlier)
    with database.write() as session:
        stored = [_stored(each) for each in found]
        session.add(schema.Batch(ended_at=now(), pages=len(pages), rules=rules, numbers=medians(pages), alarms=stored))
    return found


def latest(session: Session) -> LatestBatch | None:
    """The last batch with alarms or of enough sheets to have had some; files are named as the desk keeps them."""
    for row in session.scalars(select(schema.Batch).order_by(schema.Batch.id.desc()).execution_options(yield_per=20)):
        if row.alarms or row.pages >= LIMITS.fewest:
            names = _names(session, {place[0] for alarm in row.alarms for place in alarm["pages"]})
            told = tuple(_told(alarm, names) for alarm in row.alarms)
            return LatestBatch(row.ended_at, row.pages, told)
    return None


def _stored(alarm: Alarm) -> dict[str, object]:
    return {"code": alarm.code, "numbers": dict(alarm.numbers), "pages": [[each.original, each.frame, each.part] for each in alarm.places]}


def _told(stored: dict[str, object], names: dict[str, str]) -> Alarm:
    pages, numbers = stored["pages"], stored["numbers"]
    assert isinstance(pages, list)
    assert isinstance(numbers, dict)
    places = tuple(Place(original, names.get(original, original[:12]), frame, part) for original, frame, part in pages)
    return Alarm(str(stored["code"]), numbers, places)


def _names(session: Session, digests: Iterable[str]) -> dict[str, str]:
    wanted = sorted(digests)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        rows = select(schema.Original.digest, schema.Original.path).where(schema.Original.digest.in_(wanted[start : start + 500]))
        found.update((digest, path) for digest, path in session.execute(rows))
    return found
