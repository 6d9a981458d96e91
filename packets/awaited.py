"""Pages of earlier weeks that had not reached the desk when a cover was built: what the pupil may still have at home, or the post has lost.

packets/planning asks for them and keeps them with the packet, so that a cover drawn again says the same; packets/cover tells them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from packets.shelf import Remembered
from records.calendar import StudyWeek
from records.lifecycle import PacketState
from records.schema import Answer, Layout, Packet, Page, Plan, Route, Scan
from settlements.roster import FEW

WEEKS_TOLD = 8  # about a school term: older sheets do not come any more


@dataclass(frozen=True, slots=True)
class Awaited:
    """The pages of one worksheet of an earlier week that are not back, by their numbers in that week's packet."""

    week: str
    assignment: str
    pages: tuple[int, ...]
    subject: str
    title: str

    def as_json(self) -> list[Any]:
        """As the packet keeps it."""
        return [self.week, self.assignment, list(self.pages)]


def not_back(session: Session, pupils: Collection[str], week: str, today: date, with_boxes: dict[str, bool]) -> dict[str, list[list[Any]]]:
    """For each pupil the pages with boxes of the study weeks before `week` that are over by `today`, and of which nothing was ever scanned or typed.

    Not those that never left: of a week whose routes were handed over, packets that are still at the desk. A desk that notes no hand-over sent them all.
    `with_boxes` remembers from call to call which layouts, by digest, have any.
    """
    first = str(StudyWeek.parse(week).plus(-WEEKS_TOLD))
    noted = select(Plan.week).join(Route, Route.plan == Plan.code).where(Route.handed_over_at.is_not(None))
    at_desk = exists().where(Packet.code == Page.packet, Packet.state == PacketState.BUILT.value, Packet.week.in_(noted))
    seen = exists().where(Answer.page == Page.id) | exists().where(Scan.page == Page.id)
    wanted = (
        select(Page.pupil, Page.week, Page.assignment, Page.number, Page.layout)
        .where(Page.kind == "worksheet", Page.void.is_(False), Page.week >= first, Page.week < week, ~seen, ~at_desk)
        .order_by(Page.pupil, Page.week, Page.assignment, Page.number)
    )
    if len(pupils) <= FEW:
        wanted = wanted.where(Page.pupil.in_(pupils))
    rows = [row for row in session.execute(wanted) if StudyWeek.parse(row.week).monday + timedelta(weeks=1) <= today]
    _look_for_boxes(session, {row.layout for row in rows}, with_boxes)
    pages: dict[str, dict[tuple[str, str], list[int]]] = {}
    for pupil, of_week, assignment, number, layout in rows:
        if with_boxes[layout] and pupil and assignment:
            pages.setdefault(pupil, {}).setdefault((of_week, assignment), []).append(number)
    return {pupil: [[*place, numbers] for place, numbers in each.items()] for pupil, each in pages.items()}


def awaited(session: Session, kept: Mapping[str, Iterable[Iterable[Any]]], works: Remembered) -> dict[str, tuple[Awaited, ...]]:
    """What packets keep, with the worksheets' subjects and titles; keys are the caller's own."""
    shelf = works.of(session, {code for each in kept.values() for _week, code, _pages in each})
    return {
        name: tuple(
            Awaited(week, code, tuple(pages), shelf[code].subject, shelf[code].title) for week, code, pages in each if code in shelf
        )
        for name, each in kept.items()
    }


def _look_for_boxes(session: Session, layouts: Collection[str], known: dict[str, bool]) -> None:
    unknown = set(layouts) - known.keys()
    rows = session.execute(select(Layout.digest, Layout.geometry).where(Layout.digest.in_(unknown))) if unknown else ()
    known |= {digest: bool(geometry["boxes"]) for digest, geometry in rows}
