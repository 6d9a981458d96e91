"""Whose work is not back, and what is to be done about it: called for, told to the district, visited for. The ladder stands in the settings.

`poshta overdue` asks. A packet that came back undelivered, or that the post has lost, is on the call list at once: the village waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.whereabouts import Tracked, Wanted, tracked
from records.events import Patience, TrackState, Where
from records.language import current_language
from records.schema import Pupil
from settlements.register import schools, villages
from settlements.roster import PersonName, names


class Step(StrEnum):
    """The steps of the ladder, the lowest first."""

    CALL = "call"
    DISTRICT = "district"
    VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Overdue:
    """One packet on the list, with whom to call. `name` is there only on request."""

    packet: Tracked
    step: Step
    village: str
    school: str
    phone: str
    left_on: date | None
    name: PersonName | None = None

    def as_json(self) -> dict[str, Any]:
        """The packet as `poshta overdue` answers it."""
        where = self.packet.where
        told: dict[str, Any] = {
            "packet": self.packet.packet,
            "pupil": self.packet.pupil,
            "week": self.packet.week,
            "step": self.step.value,
            "state": where.state.value,
            "due": where.due.isoformat(),
            "over": where.over,
            "pages": self.packet.paper.pages,
            "read": self.packet.paper.read,
            "kato": self.packet.kato,
            "village": self.village,
            "school": self.packet.school,
            "school_name": self.school,
            "phone": self.phone,
            "left_on": self.left_on.isoformat() if self.left_on else None,
            "event": where.event.as_json() if where.event else None,
        }
        if self.name is not None:
            told |= {"name": self.name.full, "parent": self.name.parent}
        return told


def step_of(where: Where, patience: Patience) -> Step | None:
    """The step that a packet stands on; None where nothing is to be done. Pure."""
    if where.state in (TrackState.OVERDUE, TrackState.LOST):
        for step, days in ((Step.VISIT, patience.visit_days), (Step.DISTRICT, patience.district_days), (Step.CALL, patience.call_days)):
            if where.over >= days:
                return step
    if where.state is TrackState.RETURNED:  # a van counted it back, and nobody has scanned it: it lies at an office
        return Step.CALL if where.over >= patience.call_days else None
    return Step.CALL if where.state in (TrackState.NOT_DELIVERED, TrackState.LOST) else None


def overdue(session: Session, wanted: Wanted, patience: Patience, with_names: bool = False) -> list[Overdue]:
    """Every packet on the ladder, the gravest step first, then by school and village."""
    found = [
        (each, step)
        for each in tracked(session, replace(wanted, awaited=True), patience)
        if (step := step_of(each.where, patience)) is not None
    ]
    language = current_language()
    places = {village.kato: village.name(language) for village in villages(session)}
    known = schools(session)
    codes = {each.pupil for each, _step in found}
    people = names(session, codes=codes) if with_names else {}
    left = _left(session, codes)
    rows = [
        Overdue(
            packet=each,
            step=step,
            village=places.get(each.kato, ""),
            school=known[each.school].name(language) if each.school in known else "",
            phone=known[each.school].phone if each.school in known else "",
            left_on=left.get(each.pupil),
            name=people.get(each.pupil) if with_names else None,
        )
        for each, step in found
    ]
    order = list(reversed(Step))
    return sorted(rows, key=lambda row: (order.index(row.step), row.packet.school, row.packet.kato, row.packet.packet))


def lost(rows: Sequence[Overdue]) -> list[Overdue]:
    """Those that are offered for reprint."""
    return [row for row in rows if row.packet.where.state is TrackState.LOST]


def _left(session: Session, codes: set[str]) -> dict[str, date]:
    """When pupils left who are no longer here."""
    rows = session.execute(select(Pupil.code, Pupil.left_on).where(Pupil.left_on.is_not(None)))
    return {code: day for code, day in rows if code in codes and day is not None}
