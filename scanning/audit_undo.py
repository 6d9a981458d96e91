"""A draw for the audit, and a person's word on a drawn answer, taken back. scanning/undo hands both to records/undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from records.journal import Entry
from records.language import _
from records.schema import Audited
from records.undo import in_the_way

Restore = Callable[[Session, Entry], Mapping[str, Any]]


def forget_draw(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let go of what was drawn; raises NotAllowed where a person has confirmed some of it."""
    drawn = Audited.draw == entry.details["draw"]
    if session.scalar(select(Audited.page).where(drawn, Audited.confirmed_at.is_not(None)).limit(1)):
        raise in_the_way(_("some of the answers that were drawn have been confirmed"))
    session.execute(delete(Audited).where(drawn))
    return {"answers": entry.details["answers"]}


def forget_word(restore: Restore) -> Restore:
    """The taker-back of a person's word; `restore` records again what an amendment superseded."""

    def take_back(session: Session, entry: Entry) -> Mapping[str, Any]:
        told, before = entry.details, entry.details["before"]
        row = session.get(Audited, (entry.subject, told["item"]))
        if row is None:
            raise in_the_way(_("the answer is not among those that were drawn"))
        if told["record"]:
            restore(session, entry)
        row.said, row.wrong = before["said"], before["wrong"]
        row.confirmed_at = datetime.fromisoformat(before["at"]) if before["at"] else None
        return {"item": told["item"]}

    return take_back
