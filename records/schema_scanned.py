"""What came back, as pictures: originals, the sheets seen in them with all that was measured, and by which rules.

scanning/ keeps them; what the sheets say stands in records/schema_scored.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from records.schema_table import Code, Serial, Table


class Original(Table):
    __tablename__ = "original"
    digest: Mapped[str] = mapped_column(Code, primary_key=True)
    path: Mapped[str]  # relative to home
    bytes: Mapped[int] = mapped_column(BigInteger)
    frames: Mapped[int]
    first_seen: Mapped[datetime]


class Scan(Table):  # one sheet seen in one picture, with everything measured on it
    __tablename__ = "scan"
    __table_args__ = (Index("uq_scan_place", "original", "frame", "part", unique=True),)
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    original: Mapped[str] = mapped_column(ForeignKey("original.digest"))
    frame: Mapped[int]
    part: Mapped[int]
    state: Mapped[str]
    reason: Mapped[str]
    page: Mapped[str | None] = mapped_column(ForeignKey("page.id"), index=True)
    late: Mapped[bool]
    scanned_at: Mapped[datetime]
    ms: Mapped[int]
    error_mm: Mapped[float | None]
    measurements: Mapped[dict[str, Any]]  # transform, per-box ink, versions: enough to judge again without the paper


class FormSheet(Table):  # one sheet of a form that is not ours, as it was read: by picture, for no code of ours says whose it is
    __tablename__ = "form_sheet"
    __table_args__ = (Index("uq_form_sheet_place", "original", "frame", unique=True),)
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    original: Mapped[str] = mapped_column(ForeignKey("original.digest"))
    frame: Mapped[int]
    form: Mapped[str] = mapped_column(Code, index=True)  # its code
    form_digest: Mapped[str] = mapped_column(Code)  # of the boxes and the blank that it was read by
    form_page: Mapped[int]
    state: Mapped[str]
    reason: Mapped[str]
    answers: Mapped[list[Any]]  # as scanning.form_results writes them: item, reading, candidates, state, reason; points follow the key
    error_mm: Mapped[float | None]
    scanned_at: Mapped[datetime]
    ms: Mapped[int]
    measurements: Mapped[dict[str, Any]]
    rules: Mapped[str | None] = mapped_column(Code)  # by which it was judged; none: before this column


class Rules(Table):  # the reader's thresholds, each set once: by which rules an answer was taken
    __tablename__ = "rules"
    digest: Mapped[str] = mapped_column(Code, primary_key=True)
    thresholds: Mapped[dict[str, Any]]  # all of them, by name
    since: Mapped[datetime]


class Batch(Table):  # one run of `scan`: what its pages together told of printer and scanner
    __tablename__ = "batch"
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    ended_at: Mapped[datetime]
    pages: Mapped[int]
    rules: Mapped[str] = mapped_column(Code)
    numbers: Mapped[dict[str, Any]]  # medians, for the batches to come
    alarms: Mapped[list[Any]]  # as scanning.alarms writes them: codes and numbers, pages by original, frame and part
