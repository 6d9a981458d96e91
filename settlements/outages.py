"""Vehicles out of service: noted with their days, told to be back, undone. Rows are dated; what has been is not rewritten.

settlements/outage_commands says it at the desk; routing/fleet keeps such vehicles off its plans.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from records import journal
from records.calendar import now
from records.errors import NotFound, UsageRefused
from records.journal import Entry
from records.language import N_, _
from records.schema import Vehicle, VehicleOutage
from records.undo import Undoer, in_the_way
from settlements.spoken_reason import require_short_reason


@dataclass(frozen=True, slots=True)
class Outage:
    """Days on which a vehicle does not drive; `until` None: until it is told to be back."""

    number: int
    office: str
    vehicle: str
    since: date
    until: date | None
    why: str

    def on(self, day: date) -> bool:
        """Whether it holds on that day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def as_json(self) -> dict[str, Any]:
        """As commands answer it."""
        days = {"from": self.since.isoformat(), "until": self.until.isoformat() if self.until else None}
        return {"number": self.number, "office": self.office, "vehicle": self.vehicle, **days, "why": self.why}


def outages(session: Session, first: date | None = None, last: date | None = None) -> list[Outage]:
    """Those that touch the days from `first` to `last`, by office, vehicle and day."""
    wanted = select(VehicleOutage).where(or_(VehicleOutage.until.is_(None), VehicleOutage.until >= VehicleOutage.since))
    wanted = wanted.order_by(VehicleOutage.office, VehicleOutage.vehicle, VehicleOutage.since, VehicleOutage.id)
    if first is not None:
        wanted = wanted.where(or_(VehicleOutage.until.is_(None), VehicleOutage.until >= first))
    if last is not None:
        wanted = wanted.where(VehicleOutage.since <= last)
    return [_outage(row) for row in session.scalars(wanted)]


def take_out(session: Session, office: str, vehicle: str, since: date, until: date | None, why: str) -> tuple[Outage, bool]:
    """Note that the vehicle does not drive; answers whether that changed anything: the same twice does not."""
    _require_vehicle(session, office, vehicle)
    _require_sense(since, until, why)
    same = (VehicleOutage.office == office, VehicleOutage.vehicle == vehicle, VehicleOutage.since == since)
    for row in session.scalars(select(VehicleOutage).where(*same)):
        if row.until == until:
            return _outage(row), False
    row = VehicleOutage(office=office, vehicle=vehicle, since=since, until=until, why=why, noted_at=now())
    session.add(row)
    session.flush()
    details = {"office": office, "vehicle": vehicle, "since": since.isoformat(), "until": until.isoformat() if until else ""}
    journal.record(session, "vehicles.out", str(row.id), **details)
    return _outage(row), True


def put_back(session: Session, office: str, vehicle: str, day: date) -> list[Outage]:
    """Let the vehicle drive again from `day` on; answers the outages as they were. Those that begin later never happen."""
    _require_vehicle(session, office, vehicle)
    of_it = (VehicleOutage.office == office, VehicleOutage.vehicle == vehicle)
    rows = [row for row in session.scalars(select(VehicleOutage).where(*of_it).order_by(VehicleOutage.id)) if _reaches(row, day)]
    before = [_outage(row) for row in rows]
    for row in rows:
        row.until = day - timedelta(days=1)  # before its first day where it never began
    if rows:
        ended = [{"number": each.number, "until": each.until.isoformat() if each.until else ""} for each in before]
        journal.record(session, "vehicles.back", f"{office}/{vehicle}", day=day.isoformat(), ended=ended)
    return before


def _reaches(row: VehicleOutage, day: date) -> bool:
    return row.until is None or row.until >= max(day, row.since)


def _outage(row: VehicleOutage) -> Outage:
    return Outage(row.id, row.office, row.vehicle, row.since, row.until, row.why)


def _require_vehicle(session: Session, office: str, vehicle: str) -> None:
    if session.get(Vehicle, (office, vehicle)) is not None:
        return
    known = ", ".join(session.scalars(select(Vehicle.vehicle).where(Vehicle.office == office).order_by(Vehicle.vehicle)))
    hint = _("Its vehicles are: {names}.").format(names=known) if known else _("`poshta vehicles list` shows every office's vehicles.")
    raise NotFound(_("The office {office} has no vehicle {vehicle}.").format(office=office, vehicle=vehicle), hint)


def _require_sense(since: date, until: date | None, why: str) -> None:
    if until is not None and until < since:
        raise UsageRefused(
            _("The vehicle would be back on {until}, before it is out of service on {since}.").format(until=until, since=since),
            _("--until is the last day on which it does not drive."),
        )
    require_short_reason(why)


def undo_out(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let the outage never have been noted."""
    row = session.get(VehicleOutage, int(entry.subject))
    if row is None:
        raise in_the_way(_("the vehicle {vehicle} is back already").format(vehicle=entry.details["vehicle"]))
    session.delete(row)
    return {"office": row.office, "vehicle": row.vehicle}


def undo_back(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let the vehicle be out of service as it was."""
    for each in entry.details["ended"]:
        session.get_one(VehicleOutage, each["number"]).until = date.fromisoformat(each["until"]) if each["until"] else None
    return {"outages": len(entry.details["ended"])}


UNDOERS = {
    "vehicles.out": Undoer(N_("the vehicle {vehicle} of {office} was noted as out of service from {since}"), undo_out),
    "vehicles.back": Undoer(N_("the vehicle {subject} was noted as back on {day}"), undo_back),
}
