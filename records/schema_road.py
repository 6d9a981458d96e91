"""How it travels: plans and routes, sheets of drivers, what happened on the way, and the roads themselves.

routing/ plans, records/ (road_notes, road_events) keeps what is told of the way.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from records.schema_table import Code, Serial, Table


class Plan(Table):
    __tablename__ = "plan"
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    week: Mapped[str] = mapped_column(index=True)
    scope: Mapped[str]
    input_digest: Mapped[str]
    made_at: Mapped[datetime]
    current: Mapped[bool] = mapped_column(default=True)
    unplanned: Mapped[list[Any]]  # as routing.plan writes them


class Route(Table):
    __tablename__ = "route"
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    plan: Mapped[str] = mapped_column(ForeignKey("plan.code"), index=True)
    office: Mapped[str]
    day: Mapped[str]
    date: Mapped[date]
    vehicle: Mapped[str]
    definition: Mapped[dict[str, Any]]  # the route with its stops, as routing.plan writes it
    manifest: Mapped[str] = mapped_column(default="")  # PDF, relative to home
    handed_over_at: Mapped[datetime | None]


class Manifest(Table):  # a route's sheets of paper, and their supplements; from the hand-over on it never changes
    __tablename__ = "manifest"
    code: Mapped[str] = mapped_column(Code, primary_key=True)  # the route's; a supplement's ends in -S1
    route: Mapped[str] = mapped_column(ForeignKey("route.code"), index=True)
    week: Mapped[str] = mapped_column(index=True)
    supplement: Mapped[int] = mapped_column(default=0)  # 0: the route's own
    definition: Mapped[dict[str, Any]]  # all that is printed on it, as routing.manifest writes it
    issue: Mapped[int] = mapped_column(default=1)  # counts sheets that were made anew before the hand-over
    pdf: Mapped[str]  # relative to home
    pdf_digest: Mapped[str]
    closed_at: Mapped[datetime | None]


class ManifestPacket(Table):  # which packets travel by a manifest, and with which stop's bag: a packet stands on one open manifest
    __tablename__ = "manifest_packet"
    __table_args__ = (Index("uq_manifest_packet_open", "packet", unique=True, sqlite_where=text("NOT released")),)
    manifest: Mapped[str] = mapped_column(ForeignKey("manifest.code"), primary_key=True)
    packet: Mapped[str] = mapped_column(ForeignKey("packet.code"), primary_key=True)
    stop: Mapped[int]  # its order on the route
    released: Mapped[bool] = mapped_column(default=False)  # it came back undelivered, and may stand on another


class RoadNote(Table):  # what a manifest or a person says of one field of a route; superseded, never updated
    __tablename__ = "road_note"
    __table_args__ = (Index("uq_road_note_current", "route", "item", unique=True, sqlite_where=text("superseded_by IS NULL")),)
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    route: Mapped[str] = mapped_column(ForeignKey("route.code"), index=True)
    item: Mapped[str]  # s3.outcome, s3.back, odometer.start ...
    value: Mapped[str]  # empty where it is blank or in doubt
    candidates: Mapped[list[Any]]
    state: Mapped[str]  # read, blank, doubt
    reason: Mapped[str]
    decided_by: Mapped[str]  # reader, person
    page: Mapped[str | None] = mapped_column(ForeignKey("page.id"))
    scan: Mapped[int | None] = mapped_column(ForeignKey("scan.id"))
    made_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(default="")
    superseded_by: Mapped[int | None] = mapped_column(BigInteger)


class PostEvent(Table):  # what happened to a packet or to a bag (route and stop) on its way, with its evidence; withdrawn, never changed
    __tablename__ = "post_event"
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    digest: Mapped[str] = mapped_column(Code, index=True)  # of what is told: the same told twice is one event
    at: Mapped[datetime]
    kind: Mapped[str]  # records.events.Happening
    packet: Mapped[str | None] = mapped_column(index=True)
    route: Mapped[str | None] = mapped_column(index=True)
    stop: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")  # nobody, road_closed, refused; of a post's event its own name
    source: Mapped[str]  # desk, manifest, person, post
    evidence: Mapped[dict[str, Any]]  # page and scan, file and row, office
    noted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class PostalItem(Table):  # numbers that the post stuck on packets and bags: read or typed, never invented
    __tablename__ = "postal_item"
    number: Mapped[str] = mapped_column(Code, primary_key=True)  # S10
    packet: Mapped[str | None] = mapped_column(index=True)
    route: Mapped[str | None]
    stop: Mapped[int | None]
    noted_at: Mapped[datetime]


class ExistingStop(Table):  # what the post drives anyway, from its office through its stops in order
    __tablename__ = "existing_stop"
    office: Mapped[str] = mapped_column(Code, primary_key=True)
    route: Mapped[str] = mapped_column(Code, primary_key=True)
    order: Mapped[int] = mapped_column(primary_key=True)
    kato: Mapped[str] = mapped_column(Code)
    days: Mapped[str] = mapped_column(default="")  # on which the route calls here; empty: Monday to Saturday
    vehicle: Mapped[str] = mapped_column(default="")  # of the office; empty: any


class Closure(Table):  # a road between two places, or a village as a whole where `end` is empty, on which nobody drives
    __tablename__ = "closure"
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    start: Mapped[str] = mapped_column(Code)  # a KATO or an office's index
    end: Mapped[str] = mapped_column(Code, default="")
    since: Mapped[date]
    until: Mapped[date | None]  # the last closed day; none: until it is opened
    one_way: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(default="")
    noted_at: Mapped[datetime]


class RoadFactor(Table):  # how much longer than the great circle a district's roads are, by odometers of its own trips
    __tablename__ = "road_factor"
    district: Mapped[str] = mapped_column(Code, primary_key=True)
    metres_factor: Mapped[float]
    seconds_factor: Mapped[float]
    trips: Mapped[int]
    fitted_at: Mapped[datetime]
