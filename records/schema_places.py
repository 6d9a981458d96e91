"""The country: villages, the classifier of their codes, boundaries, post offices with their vehicles, and schools.

settlements/ keeps them, routing/ drives by them; who lives there stands in records/schema_people.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from records.schema_table import Code, Serial, Table


class Settlement(Table):  # references to offices, schools and KATO may dangle: `settlements check` tells
    __tablename__ = "settlement"
    kato: Mapped[str] = mapped_column(Code, primary_key=True)
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    population: Mapped[int | None]
    office: Mapped[str] = mapped_column(default="")  # postal index; empty: the nearest office of the district
    mail_days: Mapped[str] = mapped_column(default="")  # mon,thu; empty: Monday to Saturday
    visits: Mapped[int] = mapped_column(default=1)  # a week
    priority: Mapped[int] = mapped_column(default=1)  # 1: served each week; 2 and more: its packets may wait


class KatoEdition(Table):  # editions of the classifier stand side by side; dates say which is in force
    __tablename__ = "kato_edition"
    edition: Mapped[str] = mapped_column(Code, primary_key=True)  # NK RK 11-2025
    since: Mapped[date]
    digest: Mapped[str]  # of its units
    loaded_at: Mapped[datetime]


class KatoUnit(Table):
    __tablename__ = "kato_unit"
    edition: Mapped[str] = mapped_column(ForeignKey("kato_edition.edition"), primary_key=True)
    kato: Mapped[str] = mapped_column(Code, primary_key=True)
    type_code: Mapped[str]
    name_kk: Mapped[str]
    name_ru: Mapped[str]


class KatoMove(Table):  # a code names another place since a day, or none
    __tablename__ = "kato_move"
    old: Mapped[str] = mapped_column(Code, primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    new: Mapped[str]
    source: Mapped[str]


class DistrictShape(Table):  # boundaries, for `settlements check` and its map
    __tablename__ = "district_shape"
    kato: Mapped[str] = mapped_column(Code, primary_key=True)
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    geometry: Mapped[dict[str, Any]]  # GeoJSON Polygon or MultiPolygon, longitude first


class Office(Table):
    __tablename__ = "office"
    index: Mapped[str] = mapped_column(Code, primary_key=True)
    new_index: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    type_po: Mapped[str] = mapped_column(default="")
    kato: Mapped[str] = mapped_column(default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    schedule: Mapped[str] = mapped_column(default="")


class Vehicle(Table):
    __tablename__ = "vehicle"
    office: Mapped[str] = mapped_column(Code, primary_key=True)
    vehicle: Mapped[str] = mapped_column(Code, primary_key=True)
    payload_kg: Mapped[float]
    day_minutes: Mapped[int | None]
    days: Mapped[str] = mapped_column(default="")
    speed: Mapped[float] = mapped_column(default=1.0)  # of the roads' own: 0.8 takes a quarter longer


class VehicleOutage(Table):  # a vehicle out of service; `until` included, none: until it is told to be back
    __tablename__ = "vehicle_outage"
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    office: Mapped[str] = mapped_column(Code)
    vehicle: Mapped[str] = mapped_column(Code)
    since: Mapped[date]
    until: Mapped[date | None]
    why: Mapped[str] = mapped_column(default="")
    noted_at: Mapped[datetime]


class School(Table):
    __tablename__ = "school"
    school: Mapped[str] = mapped_column(Code, primary_key=True)
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    kato: Mapped[str] = mapped_column(default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    phone: Mapped[str] = mapped_column(default="")
