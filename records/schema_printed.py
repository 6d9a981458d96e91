"""What is sent: assignments, lessons on the air, packets, and every page that was printed.

packets/ keeps them; review sheets are scanning's, sheets of a route are printed by routing/.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from records.schema_table import Code, Serial, Table


class Assignment(Table):
    __tablename__ = "assignment"
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    week: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    grade: Mapped[int]
    language: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    definition: Mapped[dict[str, Any]]  # the whole assignment as packets.assignment writes it
    printed_digest: Mapped[str]  # of what a pupil sees: it may not change once printed
    key_digest: Mapped[str]  # of answers and points: a change re-scores
    scored_digest: Mapped[str] = mapped_column(default="")  # the key that recorded answers have been scored by
    former_points: Mapped[list[Any]] = mapped_column(default=list)  # of its questions, before each correction: paper out there shows them
    added_at: Mapped[datetime]


class DealtVariant(Table):  # which variant of an assignment a pupil got when it was first built: it stays, whoever comes or goes
    __tablename__ = "dealt_variant"
    assignment: Mapped[str] = mapped_column(ForeignKey("assignment.code"), primary_key=True)
    pupil: Mapped[str] = mapped_column(Code, primary_key=True)
    variant: Mapped[int]  # from 1


class Broadcast(Table):  # a lesson of a week's timetable of television, radio and platforms; replaced, never changed
    __tablename__ = "broadcast"
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    week: Mapped[str] = mapped_column(index=True)
    date: Mapped[date]
    time: Mapped[str]  # HH:MM
    medium: Mapped[str]  # tv, radio, web
    channel: Mapped[str]
    subject: Mapped[str]
    grade: Mapped[int]
    language: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    added_in: Mapped[int]  # edition of its week's timetable, from 1
    removed_in: Mapped[int | None]  # the edition that no longer has it


class Layout(Table):  # geometry and blank print of a page, shared by all its copies
    __tablename__ = "layout"
    digest: Mapped[str] = mapped_column(Code, primary_key=True)
    geometry: Mapped[dict[str, Any]]
    blank: Mapped[bytes] = mapped_column(LargeBinary)  # PNG, 8-bit grey, packets.layout.BLANK_DPI, without codes and personal words


class Packet(Table):
    __tablename__ = "packet"
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    week: Mapped[str] = mapped_column(index=True)
    pupil: Mapped[str] = mapped_column(index=True)
    kato: Mapped[str] = mapped_column(index=True)
    school: Mapped[str] = mapped_column(default="")
    state: Mapped[str]  # records.lifecycle
    issue: Mapped[int] = mapped_column(default=1)  # counts rebuilds whose pages differ
    input_digest: Mapped[str]
    pdf: Mapped[str]  # relative to home, with /
    pdf_digest: Mapped[str]
    sheets: Mapped[int]
    grams: Mapped[int]
    return_by: Mapped[date]
    feedback_from: Mapped[int] = mapped_column(BigInteger, default=0)  # this cover tells of answer ids above this ...
    feedback_until: Mapped[int] = mapped_column(BigInteger, default=0)  # ... up to this
    awaited: Mapped[list[Any]] = mapped_column(default=list)  # pages of earlier weeks that had not come back (packets.awaited)
    timetable: Mapped[int] = mapped_column(default=0)  # edition of the week's timetable that this cover shows; 0: none
    built_at: Mapped[datetime]


class Page(Table):
    __tablename__ = "page"
    id: Mapped[str] = mapped_column(String(14), primary_key=True)  # 56 bits as hexadecimal
    short_code: Mapped[str] = mapped_column(String(16), unique=True)
    kind: Mapped[str]  # worksheet, cover, manifest, review
    week: Mapped[str] = mapped_column(index=True)
    packet: Mapped[str | None] = mapped_column(ForeignKey("packet.code"), index=True)
    pupil: Mapped[str | None] = mapped_column(index=True)
    assignment: Mapped[str | None] = mapped_column(ForeignKey("assignment.code"), index=True)
    route: Mapped[str | None]
    number: Mapped[int]  # of this page, from 1 ...
    of: Mapped[int]  # ... within its packet
    pdf: Mapped[str]
    pdf_page: Mapped[int]  # from 1
    layout: Mapped[str] = mapped_column(ForeignKey("layout.digest"))
    key_id: Mapped[str]
    void: Mapped[bool] = mapped_column(default=False)
    void_reason: Mapped[str] = mapped_column(default="")


class ReviewItem(Table):  # which answer a row of boxes on a printed review sheet is about
    __tablename__ = "review_item"
    sheet: Mapped[str] = mapped_column(ForeignKey("page.id"), primary_key=True)
    item: Mapped[str] = mapped_column(Code, primary_key=True)  # on the sheet, from 1
    page: Mapped[str] = mapped_column(ForeignKey("page.id"), index=True)
    question: Mapped[str] = mapped_column(Code)
    answer: Mapped[int] = mapped_column(BigInteger)  # the record that the sheet shows
