"""The journal: what was done, when, to what. Append-only; codes, never names or values of refused cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from records.calendar import now
from records.schema import Act


@dataclass(frozen=True, slots=True)
class Entry:
    """One act as it is shown."""

    id: int
    at: datetime
    action: str
    subject: str
    details: dict[str, Any]


def record(session: Session, action: str, subject: str, **details: Any) -> None:
    """Write an act within the transaction that does it, so that both appear or neither."""
    session.add(Act(at=now(), action=action, subject=subject, details=details))


def record_each(session: Session, action: str, details: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the same act on many subjects, in their order, within the transaction that does it."""
    rows = [{"at": now(), "action": action, "subject": subject, "details": dict(each)} for subject, each in details.items()]
    if rows:
        session.execute(insert(Act), rows)


def entries(session: Session, action: str = "", subject: str = "", limit: int = 100) -> list[Entry]:
    """The newest acts first, narrowed by the beginning of `action` and by `subject`."""
    wanted = select(Act).order_by(Act.id.desc()).limit(limit)
    if action:
        wanted = wanted.where(Act.action.startswith(action, autoescape=True))
    if subject:
        wanted = wanted.where(Act.subject == subject)
    return [Entry(act.id, act.at, act.action, act.subject, act.details) for act in session.scalars(wanted)]
