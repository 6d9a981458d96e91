"""What the sheets say: answers with their points, what is asked and said of them, and marks that were closed.

records/grades and scanning/ keep them. What is decided is superseded, never changed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from records.schema_table import Code, Serial, Table


class Answer(Table):  # superseded, never updated: the current row of (page, item) has superseded_by NULL
    __tablename__ = "answer"
    __table_args__ = (
        Index(
            "uq_answer_current",
            "page",
            "item",
            unique=True,
            sqlite_where=text("superseded_by IS NULL"),  # to PostgreSQL its migration says it: here it would load a dialect at every start
        ),
    )
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    page: Mapped[str] = mapped_column(ForeignKey("page.id"), index=True)
    item: Mapped[str]
    reading: Mapped[list[Any]]
    candidates: Mapped[list[Any]]
    state: Mapped[str]  # read, blank, doubt, waiting
    reason: Mapped[str]
    points: Mapped[str | None]  # a decimal as text: exact
    max_points: Mapped[str]
    decided_by: Mapped[str]  # reader, person, teacher_mark
    scan: Mapped[int | None] = mapped_column(ForeignKey("scan.id"))
    made_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(default="")
    superseded_by: Mapped[int | None] = mapped_column(BigInteger)
    rules: Mapped[str | None] = mapped_column(Code)  # by which the reader took it; none: a person's word, or older than this column


class Audited(Table):  # an answer that was drawn for a person to confirm: each at most once in its life
    __tablename__ = "audited"
    page: Mapped[str] = mapped_column(ForeignKey("page.id"), primary_key=True)
    item: Mapped[str] = mapped_column(Code, primary_key=True)
    week: Mapped[str] = mapped_column(index=True)
    draw: Mapped[int]  # which draw, from 1
    answer: Mapped[int] = mapped_column(BigInteger)  # its row then: answers of a picture that was taken back are gone
    reading: Mapped[list[Any]]  # as the reader had accepted it
    drawn_at: Mapped[datetime]
    said: Mapped[list[Any] | None]  # by the person; null: waits
    wrong: Mapped[bool | None]  # whether that differs
    confirmed_at: Mapped[datetime | None]


class Comment(Table):  # words to a pupil on an answer or a page; superseded, never updated; gone when the pupil is forgotten
    __tablename__ = "comment"
    __table_args__ = (Index("uq_comment_current", "page", "item", unique=True, sqlite_where=text("superseded_by IS NULL")),)
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    page: Mapped[str] = mapped_column(ForeignKey("page.id"), index=True)
    item: Mapped[str] = mapped_column(Code)  # empty: the page as a whole
    words: Mapped[str]  # empty: taken back
    made_at: Mapped[datetime]
    superseded_by: Mapped[int | None] = mapped_column(BigInteger)
    told_in: Mapped[str | None] = mapped_column(ForeignKey("packet.code"), index=True)  # on whose cover it is printed


class Appeal(Table):  # somebody asks that an answer be looked at again; closed with what came of it, never deleted
    __tablename__ = "appeal"
    __table_args__ = (Index("uq_appeal_open", "page", "item", unique=True, sqlite_where=text("closed_at IS NULL")),)
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    page: Mapped[str] = mapped_column(ForeignKey("page.id"), index=True)
    item: Mapped[str]
    answer: Mapped[int | None] = mapped_column(BigInteger)  # its row when the appeal was opened; none: nothing was recorded
    opened_at: Mapped[datetime]
    why: Mapped[str]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")  # changed, upheld, dismissed
    words: Mapped[str] = mapped_column(default="")  # the reason of the outcome
    record: Mapped[int | None] = mapped_column(BigInteger)  # the answer's row that stood when it was closed


class ClosedMark(Table):  # a quarter's mark as it was closed: superseded, never updated; later changes of points are told beside it
    __tablename__ = "closed_mark"
    __table_args__ = (
        Index(
            "uq_closed_mark_current",
            "pupil",
            "subject",
            "year",
            "quarter",
            unique=True,
            sqlite_where=text("superseded_by IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    pupil: Mapped[str] = mapped_column(Code)
    subject: Mapped[str] = mapped_column(Code)
    year: Mapped[int]  # in which the school year begins
    quarter: Mapped[int]
    school: Mapped[str]
    grade: Mapped[int]
    language: Mapped[str]
    state: Mapped[str]  # marked, not_marked
    reason: Mapped[str]
    exact: Mapped[str | None]  # the percent before rounding, a fraction as text
    percent: Mapped[int | None]
    mark: Mapped[int | None]
    formula: Mapped[str]
    zeroed: Mapped[int]  # questions of work that never came back and counted as 0
    answers_until: Mapped[int] = mapped_column(BigInteger)  # the newest answer then
    closing: Mapped[int]  # which closing wrote it, from 1
    closed_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(default="")
    superseded_by: Mapped[int | None] = mapped_column(BigInteger)
