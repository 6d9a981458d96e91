"""The register of places: villages, post offices, vehicles, hub schools. Frozen records out of an open session.

Called by packets, routing and scanning. Writing is the work of settlements/intake.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from records.calendar import WEEKDAYS
from records.schema import Office, School, Settlement, Vehicle
from settlements.codes import district_of, scope_prefix
from settlements.distance import pairwise

WORKING_DAYS = WEEKDAYS[:6]
NO_DAYS = "none"  # stored where a list says that the post does not come at all


@dataclass(frozen=True, slots=True)
class Village:
    """A place where pupils live. `office` is the postal index its list names, or empty; `mail_days` are mon ... sun; `visits` a week.

    `priority` 1: served each week; from 2 on its packets may wait.
    """

    kato: str
    name_kk: str
    name_ru: str
    lat: float | None
    lon: float | None
    population: int | None = None
    office: str = ""
    mail_days: tuple[str, ...] = WORKING_DAYS
    visits: int = 1
    priority: int = 1

    def name(self, language: str) -> str:
        """The village's name for a page in `language`: the Russian one for ru, else the Kazakh; the other where one is empty."""
        first, second = (self.name_ru, self.name_kk) if language == "ru" else (self.name_kk, self.name_ru)
        return first or second


@dataclass(frozen=True, slots=True)
class PostOffice:
    """A post office, known by its index of six digits or seven signs."""

    index: str
    name: str
    kato: str
    lat: float | None
    lon: float | None
    new_index: str = ""
    type_po: str = ""
    schedule: str = ""


@dataclass(frozen=True, slots=True)
class Van:
    """A vehicle of a post office. `day_minutes` None: as the settings say. `days` are the days on which it drives; `speed` is a factor of the roads' own."""

    office: str
    vehicle: str
    payload_kg: float
    day_minutes: int | None
    days: tuple[str, ...] = WORKING_DAYS
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class HubSchool:
    """The school to which the villages' pupils belong."""

    school: str
    name_kk: str
    name_ru: str
    kato: str
    lat: float | None
    lon: float | None
    phone: str = ""

    def name(self, language: str) -> str:
        """The school's name for a page in `language`."""
        first, second = (self.name_ru, self.name_kk) if language == "ru" else (self.name_kk, self.name_ru)
        return first or second


def days_of(stored: str) -> tuple[str, ...]:
    """The days that a stored list stands for, Monday first: empty means Monday to Saturday."""
    if not stored:
        return WORKING_DAYS
    named = set(stored.split(","))
    return tuple(day for day in WEEKDAYS if day in named)


def villages(session: Session, district: str = "") -> list[Village]:
    """The villages by code; `district` narrows them to any KATO code: a region, a district, a sub-district or one village."""
    wanted = select(Settlement).order_by(Settlement.kato)
    if district:
        wanted = wanted.where(Settlement.kato.startswith(scope_prefix(district), autoescape=True))
    return [_village(row) for row in session.scalars(wanted)]


def offices(session: Session) -> list[PostOffice]:
    """The post offices by index; one without coordinates stands where the village of its code does."""
    rows = session.scalars(select(Office).order_by(Office.index))
    return [PostOffice(row.index, row.name, row.kato, *_placed(session, row), row.new_index, row.type_po, row.schedule) for row in rows]


def vans(session: Session) -> list[Van]:
    """The vehicles by office and name."""
    rows = session.scalars(select(Vehicle).order_by(Vehicle.office, Vehicle.vehicle))
    return [Van(row.office, row.vehicle, row.payload_kg, row.day_minutes, days_of(row.days), row.speed) for row in rows]


def schools(session: Session) -> dict[str, HubSchool]:
    """The hub schools by code; one without coordinates stands where the village of its code does."""
    rows = session.scalars(select(School).order_by(School.school))
    return {row.school: HubSchool(row.school, row.name_kk, row.name_ru, row.kato, *_placed(session, row), row.phone) for row in rows}


def office_of(village: Village, offices: Iterable[PostOffice]) -> str:
    """The index of the post office that serves the village: its own, else the nearest of its district, else empty."""
    if village.office:
        return village.office
    near = [office for office in offices if office.kato and district_of(office.kato) == district_of(village.kato)]
    if len(near) == 1:
        return near[0].index
    placed = [(office.index, office.lat, office.lon) for office in near if office.lat is not None and office.lon is not None]
    if not placed or village.lat is None or village.lon is None:
        return ""
    distances = pairwise(np.array([[village.lat, village.lon]]), np.array([[lat, lon] for _index, lat, lon in placed]))
    return placed[int(distances.argmin())][0]


def _village(row: Settlement) -> Village:
    days = days_of(row.mail_days)
    return Village(row.kato, row.name_kk, row.name_ru, row.lat, row.lon, row.population, row.office, days, row.visits, row.priority)


def _placed(session: Session, row: Office | School) -> tuple[float | None, float | None]:
    if row.lat is not None and row.lon is not None:
        return row.lat, row.lon
    village = session.get(Settlement, row.kato)
    return (village.lat, village.lon) if village else (None, None)
