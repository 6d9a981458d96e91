"""What to do about one pupil's packet: build it, build it anew, draw its lost file again, leave it, or make none, and why.

packets/planning asks, with what the database knows of the packet; the only look here is whether its file is there and whole. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from packets.archive import Standing
from packets.lesson_book import WeekBook
from packets.orders import Order, Reason, as_printed
from records.files import file_digest
from records.lifecycle import PacketState

FormerPoints = Mapping[str, Sequence[Sequence[str]]]  # of assignments by code, before each correction


class Outcome(StrEnum):
    """What became of one order."""

    BUILT = "built"
    REBUILT = "rebuilt"
    REDRAWN = "redrawn"  # its file was lost
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do about an order; `order` is the one that the paper shows, `told` the range of records that its cover tells of."""

    order: Order
    outcome: Outcome
    issue: int
    told: tuple[int, int]
    former_points: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows of a pupil's packet: how it stands, whether answers of it were typed, and what a cover built now would tell of.

    `gone`: of a packet of which answers were typed it is known that it has left the desk, though nobody told.
    """

    before: Standing | None
    gone: bool
    fresh: tuple[int, int]


def verdict(home: Path, order: Order, known: Known, former: FormerPoints, book: WeekBook, named: bool) -> Verdict | Reason:
    """What to do about an order; `named`: its pupil was asked for by code, which renews a withdrawn packet."""
    before, fresh = known.before, known.fresh
    if before is None:
        return Verdict(order, Outcome.BUILT, 1, fresh)
    if before.state is PacketState.VOID:
        return Verdict(order, Outcome.REBUILT, before.issue + 1, fresh) if named else Reason.WITHDRAWN
    if known.gone or before.state is not PacketState.BUILT:
        return _gone(home, replace(order, lessons=book.of(order.learner, before.timetable)), before, former)
    if order.digest(before.told) == before.input_digest and fresh[0] >= before.told[0]:
        return Verdict(order, _unless_lost(home, before), before.issue, before.told)
    return Verdict(order, Outcome.REBUILT, before.issue + 1, fresh)


def _gone(home: Path, order: Order, before: Standing, former: FormerPoints) -> Verdict | Reason:
    """About a packet that has left the desk: its file may be drawn again as it was, and nothing else."""
    shown = as_printed(order, before.told, before.input_digest, former)
    if shown is None:
        return Reason.CHANGED_AFTER_HANDOVER
    return Verdict(shown, _unless_lost(home, before), before.issue, before.told, former_points=shown != order)


def _unless_lost(home: Path, before: Standing) -> Outcome:
    intact = (home / before.pdf).exists() and file_digest(home / before.pdf) == before.pdf_digest
    return Outcome.UNCHANGED if intact else Outcome.REDRAWN
