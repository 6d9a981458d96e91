"""Columns of lists with headings of their own: named once with --columns, remembered by those headings, used for every list that has them.

Called by settlements/import_commands. Only the headings that were named are kept, folded; nothing of any row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from records import journal
from records.calendar import today
from records.errors import NotFound
from records.language import _
from records.schema import ListColumns
from settlements.codes import holds_iin
from settlements.headings import plain

SHOWN_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Named:
    """Columns as somebody named them: our name -> the heading, folded. `number` names them at the desk."""

    kind: str
    number: str
    columns: Mapping[str, str]
    remembered_on: date


def remembered(session: Session, kind: str) -> list[Named]:
    """What was named for that list, the widest first, then the newest."""
    rows = session.scalars(select(ListColumns).where(ListColumns.kind == kind))
    named = [Named(row.kind, row.digest[:SHOWN_DIGITS], dict(row.columns), row.remembered_on) for row in rows]
    return sorted(named, key=lambda each: (-len(each.columns), -each.remembered_on.toordinal(), each.number))


def remember(session: Session, kind: str, mapping: Mapping[str, str]) -> bool:
    """Keep a mapping for lists with the same headings; answers whether that changed anything. A heading with an IIN is not kept.

    No act of its own: it comes with an import, which can then still be undone as the last act.
    """
    columns = {ours: plain(theirs) for ours, theirs in sorted(mapping.items())}
    if not columns or any(holds_iin(theirs) for theirs in mapping.values()):
        return False
    digest = hashlib.sha256("\0".join(sorted(columns.values())).encode()).hexdigest()
    row = session.get(ListColumns, (kind, digest))
    if row is not None and row.columns == columns:
        return False
    session.merge(ListColumns(kind=kind, digest=digest, columns=columns, remembered_on=today()))
    return True


def command(kind: str) -> str:
    """The words that show which columns of such a list were named."""
    return "routes schedule-columns" if kind == "schedule" else f"{kind} columns"


def forget(session: Session, kind: str, number: str) -> None:
    """Let go of one mapping; raises NotFound where there is none of that number."""
    gone = [each for each in remembered(session, kind) if each.number == number]
    if not gone:
        raise NotFound(
            _("Nothing is remembered under {number} for this list.").format(number=number),
            _("`poshta {command}` shows what is.").format(command=command(kind)),
        )
    session.execute(delete(ListColumns).where(ListColumns.kind == kind, ListColumns.digest.startswith(number, autoescape=True)))
    journal.record(session, f"{kind}.columns_forget", number)
