"""What of this room can be undone: the last import, and what was said of one pupil in the course of the year. cli.py hands it to records/undo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from records.journal import Entry
from records.language import N_, _
from records.schema import Forgotten, Pupil
from records.undo import Undoer, in_the_way
from settlements import loan_undo, outages
from settlements.last_import import take_back_import


def move_back(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let the pupil live where the move began; raises NotAllowed where that is no longer what stands."""
    pupil = _pupil(session, entry)
    if pupil.kato != entry.details["after"]:
        raise _not_as_left(entry)
    pupil.kato = entry.details["before"]
    return {"before": entry.details["after"], "after": entry.details["before"]}


def stay(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let the pupil not have left, or on the day that was told before."""
    pupil = _pupil(session, entry)
    if pupil.left_on != date.fromisoformat(entry.details["after"]):
        raise _not_as_left(entry)
    pupil.left_on = date.fromisoformat(entry.details["before"]) if entry.details["before"] else None
    return {"before": entry.details["after"], "after": entry.details["before"]}


def be_gone(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let the pupil have left on the day that was told before the return."""
    pupil = _pupil(session, entry)
    if pupil.left_on is not None:
        raise _not_as_left(entry)
    pupil.left_on = date.fromisoformat(entry.details["before"])
    return {"after": entry.details["before"]}


def change_back(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let school, language, grade, print and channels be what they were."""
    pupil = _pupil(session, entry)
    before, after = entry.details["before"], entry.details["after"]
    if any(getattr(pupil, name) != value for name, value in after.items()):
        raise _not_as_left(entry)
    for name, value in before.items():
        setattr(pupil, name, value)
    return {"before": after, "after": before}


def _pupil(session: Session, entry: Entry) -> Pupil:
    pupil = session.get(Pupil, entry.subject)
    if pupil is None or session.get(Forgotten, entry.subject) is not None:
        raise in_the_way(_("the pupil {code} was forgotten").format(code=entry.subject))
    return pupil


def _not_as_left(entry: Entry) -> Exception:
    return in_the_way(_("the pupil {code} is not as the act left it").format(code=entry.subject))


_LISTS = {
    "settlements.import": N_("the import of a list of settlements"),
    "offices.import": N_("the import of a list of post offices"),
    "vehicles.import": N_("the import of a list of vehicles"),
    "schools.import": N_("the import of a list of schools"),
    "teachers.import": N_("the import of a list of teachers"),
    "pupils.import": N_("the import of a list of pupils"),
    "schedule.import": N_("the import of the post's existing routes"),
    "loans.import": N_("the import of a list of lent devices"),
}
UNDOERS = {
    **{action: Undoer(says, take_back_import) for action, says in _LISTS.items()},
    "pupils.move": Undoer(N_("the move of the pupil {subject} from {before} to {after}"), move_back),
    "pupils.leave": Undoer(N_("the pupil {subject} left on {after}"), stay),
    "pupils.come_back": Undoer(N_("the pupil {subject} came back"), be_gone),
    "pupils.change": Undoer(N_("a change of the pupil {subject}"), change_back),
    **loan_undo.UNDOERS,
    **outages.UNDOERS,
}
