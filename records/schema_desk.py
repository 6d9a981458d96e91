"""The desk's own memory: the journal, the last import of each list, and headings that somebody named.

records/journal and settlements/ keep them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from records.schema_table import Code, Serial, Table


class Act(Table):  # the journal: append-only; codes, never names
    __tablename__ = "act"
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    action: Mapped[str]  # packets.build, scan.page, grades.amend ...
    subject: Mapped[str] = mapped_column(index=True)  # a code: packet, page, route, file digest
    details: Mapped[dict[str, Any]]


class LastImport(Table):  # what the last import changed, to take it back; earlier names stand in `person` under a role of their own
    __tablename__ = "last_import"
    list_table: Mapped[str] = mapped_column(Code, primary_key=True)
    act: Mapped[int] = mapped_column(BigInteger)
    added: Mapped[list[Any]]  # keys
    changed: Mapped[list[Any]]  # [key, the fields as they were]
    removed: Mapped[list[Any]]  # keys


class ListColumns(Table):  # which heading means which column, as somebody named it once for lists with those headings
    __tablename__ = "list_columns"
    kind: Mapped[str] = mapped_column(Code, primary_key=True)  # settlements, offices ...
    digest: Mapped[str] = mapped_column(Code, primary_key=True)  # of the headings
    columns: Mapped[dict[str, Any]]  # our name -> the heading, as it is compared
    remembered_on: Mapped[date]
