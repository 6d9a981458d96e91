"""Vehicles x service days: every trip that could be driven in the delivery week, and the vehicles that cannot be counted on.

routing/draft asks for it. A vehicle-day makes one route at most.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from records.calendar import StudyWeek
from records.errors import Complaint
from records.holidays import holidays
from records.language import _
from records.settings import Settings
from routing.plan import minutes_of
from settlements.outages import Outage, outages
from settlements.register import Van, offices, vans

MIDNIGHT = 24 * 60


@dataclass(frozen=True, slots=True)
class Depot:
    """A post office that vehicles start from. `kato` may be empty."""

    index: str
    name: str
    kato: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class VehicleDay:
    """One vehicle on one day. `number` counts the office's vehicles from 1; `minutes` is the longest trip, which ends before midnight.

    `speed` is a factor of the roads' own; after `break_after` minutes of work the driver rests `break_minutes` (routing/hours).
    """

    office: str
    vehicle: str
    number: int
    day: str
    date: str
    payload_grams: int
    minutes: int
    depart: int
    speed: float = 1.0
    break_after: int = 0
    break_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Fleet:
    """What can drive. `complaints` name the vehicles that were left out."""

    depots: dict[str, Depot]
    days: tuple[VehicleDay, ...]
    complaints: tuple[Complaint, ...] = ()
    days_off: Mapping[str, str] = field(default_factory=dict)  # dates on which nothing drives, and their names


def week_fleet(session: Session, week: StudyWeek, settings: Settings) -> Fleet:
    """Every vehicle-day of the delivery week, which lies `lead_weeks` before the study week; holidays and vehicles out of service left out."""
    depots = _depots(session)
    delivery = week.plus(-settings.lead_weeks)
    off = {day.isoformat(): each.name for day, each in holidays(delivery.monday, delivery.day("sun"), settings.calendar).items()}
    days: list[VehicleDay] = []
    complaints: list[Complaint] = []
    numbers: Counter[str] = Counter()
    out = outages(session, delivery.monday, delivery.day("sun"))
    for van in vans(session):
        numbers[van.office] += 1
        complaint = _left_out(van, depots)
        if complaint is not None:
            complaints.append(complaint)
            continue
        days += _vehicle_days(van, numbers[van.office], delivery, settings)
    days, away = _in_service(days, out)
    complaints += away
    complaints += [_holiday(day, name) for day, name in off.items() if any(each.date == day for each in days)]
    driven = tuple(each for each in days if each.date not in off)
    used = {each.office for each in driven}
    starts = {index: depot for index, depot in depots.items() if index in used}
    complaints += [_unplaced(depot) for depot in starts.values() if depot.lat is None or depot.lon is None]
    return Fleet(starts, driven, tuple(complaints), off)


def _in_service(days: Sequence[VehicleDay], out: Sequence[Outage]) -> tuple[list[VehicleDay], list[Complaint]]:
    """The vehicle-days on which the vehicle is not out of service, and what is said of the others."""
    gone = {each: outage for each in days for outage in out if _is_out(outage, each)}
    dates: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in gone:
        dates[each.office, each.vehicle].append(each.date)
    return [each for each in days if each not in gone], [_out(*name, on) for name, on in dates.items()]


def _is_out(outage: Outage, each: VehicleDay) -> bool:
    return (outage.office, outage.vehicle) == (each.office, each.vehicle) and outage.on(date.fromisoformat(each.date))


def _out(office: str, vehicle: str, dates: Sequence[str]) -> Complaint:
    text = _("The vehicle {vehicle} of the office {office} is out of service on: {days}.").format(
        vehicle=vehicle, office=office, days=", ".join(dates)
    )
    hint = _("`poshta vehicles back` says when it drives again.")
    return Complaint("vehicle_out", text, hint, value=f"{office}/{vehicle}", refused=False)


def _holiday(day: str, name: str) -> Complaint:
    text = _("{day} is a holiday ({name}): no vehicle is planned on it.").format(day=day, name=name)
    hint = _("Where the post drives all the same, name the day in poshta.toml: [calendar] working_days.")
    return Complaint("holiday", text, hint, value=day, refused=False)


def _depots(session: Session) -> dict[str, Depot]:
    """All offices by index."""
    return {each.index: Depot(each.index, each.name, each.kato, each.lat, each.lon) for each in offices(session)}


def _left_out(van: Van, depots: dict[str, Depot]) -> Complaint | None:
    if van.office not in depots:
        text = _("The vehicle {vehicle} belongs to the office {office}, which is not in the register: it is left out of the plan.")
        hint = _("Import the office with `poshta offices import`.")
    elif van.payload_kg <= 0:
        text = _("The vehicle {vehicle} of the office {office} has no payload: it is left out of the plan.")
        hint = _("Correct payload_kg and import the vehicles again.")
    else:
        return None
    return Complaint("vehicle_left_out", text.format(vehicle=van.vehicle, office=van.office), hint, value=van.vehicle, refused=False)


def _unplaced(depot: Depot) -> Complaint:
    text = _("The office {office} has no coordinates: its vehicles drive only where a matrix tells the way.").format(office=depot.index)
    hint = _("Add latitude and longitude to the list of offices, or its settlement's kato.")
    return Complaint("office_unplaced", text, hint, value=depot.index, refused=False)


def _vehicle_days(van: Van, number: int, delivery: StudyWeek, settings: Settings) -> list[VehicleDay]:
    depart = minutes_of(settings.routes.depart)
    longest = min(van.day_minutes or settings.routes.vehicle_day_minutes, MIDNIGHT - 1 - depart)
    load, pause = round(van.payload_kg * 1000), (settings.routes.break_after_minutes, settings.routes.break_minutes)
    return [
        VehicleDay(van.office, van.vehicle, number, day, delivery.day(day).isoformat(), load, longest, depart, van.speed, *pause)
        for day in van.days
    ]
