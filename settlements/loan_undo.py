"""What can be undone of the list of lent devices. settlements/undo hands it on, with the rest of the room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from records.errors import PoshtaError
from records.journal import Entry
from records.language import N_, _
from records.schema import Loan
from records.undo import Undoer, in_the_way


def not_lent(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let the device not have been lent; a loan of the same day that it took the place of is there again."""
    loan = _loan(session, entry, entry.details["on"])
    if loan.pupil != entry.details["pupil"] or loan.returned_on is not None:
        raise _not_as_left(entry)
    replaced = entry.details.get("replaced")
    if replaced:
        loan.pupil, loan.kind, loan.returned_on = replaced["pupil"], replaced["kind"], loan.lent_on
    else:
        session.delete(loan)
    return {"pupil": entry.details["pupil"]}


def not_returned(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let the device still be with the pupil."""
    loan = _loan(session, entry, entry.details["lent_on"])
    if loan.returned_on != date.fromisoformat(entry.details["on"]):
        raise _not_as_left(entry)
    loan.returned_on = None
    return {"pupil": loan.pupil}


def _loan(session: Session, entry: Entry, day: str) -> Loan:
    loan = session.get(Loan, (entry.subject, date.fromisoformat(day)))
    if loan is None:
        raise _not_as_left(entry)
    return loan


def _not_as_left(entry: Entry) -> PoshtaError:
    return in_the_way(_("the device {device} is not as the act left it").format(device=entry.subject))


UNDOERS = {
    "loans.lend": Undoer(N_("the device {subject} was lent to the pupil {pupil}"), not_lent),
    "loans.return": Undoer(N_("the device {subject} came back from the pupil {pupil}"), not_returned),
}
