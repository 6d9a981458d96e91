"""What came back, and what was earned, rolled up by region, district or sub-district of KATO.

`poshta scan status --by` and `grades list --by` call this. A packet counts where it was sent, wherever its pupil lives now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.language import _, current_language
from records.schema import Packet
from records.terminal import Sheet
from scanning.gradebook import Total, percent_of
from scanning.status import PacketStatus
from settlements.areas import Areas, areas, rolled_up
from settlements.roster import FEW

MARKS = (2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back to an area: packets, and pages by what became of them; `waiting` and `doubts` count answers."""

    kato: str
    name: str
    packets: int
    expected: int
    read: int
    doubtful: int
    outstanding: int
    missing: int
    late: int
    waiting: int
    doubts: int

    def as_json(self) -> dict[str, object]:
        """The area as `scan status --by` answers it."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Earned:
    """What an area's pupils earned: `works` are pupils' assignments of which a page was read, `marks` how many of 2, 3, 4 and 5."""

    kato: str
    name: str
    pupils: int
    works: int
    percent: int
    marks: tuple[int, ...]
    waiting: int
    doubts: int
    missing: int

    def as_json(self) -> dict[str, object]:
        """The area as `grades list --by` answers it."""
        plain = {name: getattr(self, name) for name in self.__slots__ if name != "marks"}
        return {**plain, "marks": {str(mark): count for mark, count in zip(MARKS, self.marks, strict=True)}}


def returned_by_area(session: Session, found: Iterable[PacketStatus], by: str) -> list[Returned]:
    """The statuses of packets, summed by area; raises UsageRefused where `by` is no level."""
    parts = areas(session, by)
    return [_returned(parts, area, group) for area, group in rolled_up(found, lambda each: each.kato, parts).items()]


def earned_by_area(session: Session, found: Sequence[Total], by: str) -> list[Earned]:
    """The totals of pupils, summed by area; raises UsageRefused where `by` is no level."""
    parts = areas(session, by)
    sent = _sent_to(session, sorted({each.packet for each in found}))
    return [_earned(parts, area, group) for area, group in rolled_up(found, lambda each: sent.get(each.packet, ""), parts).items()]


def returned_sheet(week: str, rows: Sequence[Returned]) -> Sheet:
    """The table of `scan status --by`."""
    headings = (_("KATO"), _("Name"), _("Packets"), _("Pages"), _("Read"), _("Doubtful"), _("Outstanding"), _("Missing"), _("Late"))
    table = [
        (row.kato, row.name, row.packets, row.expected, row.read, row.doubtful, row.outstanding, row.missing, row.late) for row in rows
    ]
    return Sheet(_("Returns of {week}").format(week=week), headings, table)


def earned_sheet(week: str, rows: Sequence[Earned]) -> Sheet:
    """The table of `grades list --by`."""
    headings = (_("KATO"), _("Name"), _("Pupils"), _("Assignments"), "%", *map(str, MARKS), _("Waiting"), _("In doubt"), _("Not returned"))
    table = [(row.kato, row.name, row.pupils, row.works, row.percent, *row.marks, row.waiting, row.doubts, row.missing) for row in rows]
    return Sheet(_("Grades of {week}").format(week=week), headings, table)


def _sent_to(session: Session, packets: Sequence[str]) -> dict[str, str]:
    """The village to which each of these packets was sent; a database takes only so many codes at once."""
    sent: dict[str, str] = {}
    for start in range(0, len(packets), FEW):
        wanted = select(Packet.code, Packet.kato).where(Packet.code.in_(packets[start : start + FEW]))
        sent.update((code, kato) for code, kato in session.execute(wanted))
    return sent


def _returned(parts: Areas, area: str, group: Sequence[PacketStatus]) -> Returned:
    return Returned(
        area,
        parts.name(area, current_language()),
        len(group),
        sum(each.expected for each in group),
        sum(each.read for each in group),
        sum(each.doubtful for each in group),
        sum(len(each.absent) - len(each.missing) for each in group),
        sum(len(each.missing) for each in group),
        sum(each.late for each in group),
        sum(each.waiting for each in group),
        sum(each.doubts for each in group),
    )


def _earned(parts: Areas, area: str, group: Sequence[Total]) -> Earned:
    points = sum((each.points for each in group), Decimal(0))
    most = sum((each.max_points for each in group), Decimal(0))
    return Earned(
        area,
        parts.name(area, current_language()),
        len({each.pupil for each in group}),
        len(group),
        percent_of(points, most),
        tuple(sum(each.mark == mark for each in group) for mark in MARKS),
        sum(each.waiting for each in group),
        sum(each.doubts for each in group),
        sum(each.missing for each in group),
    )
