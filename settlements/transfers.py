"""A pupil in the course of the year: moves, leaves, comes back, changes school, language, grade, print or channels.

Called by settlements/roster_commands within a write transaction. Packets that exist are never touched: paper stays what it is, and the next
build uses what holds then. Every act is journalled by code; an act that changes nothing leaves no trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from records import journal
from records.calendar import today
from records.errors import NotAllowed, NotFound, UsageRefused
from records.language import _
from records.lifecycle import PacketState
from records.schema import Forgotten, Packet, Pupil, School, Settlement
from settlements.roster import unknown_pupil


def move(session: Session, code: str, kato: str) -> bool:
    """Record that a pupil lives in another village now; answers whether that changed anything. Raises NotFound, NotAllowed."""
    pupil = present(session, code)
    if session.get(Settlement, kato) is None:
        raise NotFound(
            _("There is no village {kato} in the register.").format(kato=kato), _("Import the village first, or correct the code.")
        )
    if pupil.kato == kato:
        return False
    journal.record(session, "pupils.move", code, before=pupil.kato, after=kato)
    session.execute(update(Pupil).where(Pupil.code == code).values(kato=kato))
    return True


def leave(session: Session, code: str, on: date, correct: bool = False) -> tuple[bool, date]:
    """Record that a pupil left on a day; answers whether that changed anything, and the day that holds.

    Someone who has left already keeps that day, unless `correct` says that `on` is the right one. Raises NotFound, NotAllowed.
    """
    pupil = remembered(session, code)
    if pupil.left_on is not None and (not correct or pupil.left_on == on):
        return False, pupil.left_on
    journal.record(session, "pupils.leave", code, before=pupil.left_on.isoformat() if pupil.left_on else None, after=on.isoformat())
    session.execute(update(Pupil).where(Pupil.code == code).values(left_on=on))
    return True, on


def come_back(session: Session, code: str) -> bool:
    """Record that a pupil who left is here again, under the old code; answers whether that changed anything. Raises NotFound, NotAllowed."""
    pupil = remembered(session, code)
    if pupil.left_on is None:
        return False
    journal.record(session, "pupils.come_back", code, before=pupil.left_on.isoformat())
    session.execute(update(Pupil).where(Pupil.code == code).values(left_on=None))
    return True


def change(session: Session, code: str, wanted: Mapping[str, str | int]) -> dict[str, tuple[str | int, str | int]]:
    """Record other values of school, language, grade, print or channels; answers before and after of those that differ.

    Raises NotFound for a pupil or school that is not known, NotAllowed for a pupil who left.
    """
    pupil = present(session, code)
    school = str(wanted.get("school", ""))
    if school and session.get(School, school) is None:
        raise NotFound(
            _("There is no school {school} in the register.").format(school=school), _("Import the school first, or correct the code.")
        )
    changed = {name: (getattr(pupil, name), value) for name, value in wanted.items() if getattr(pupil, name) != value}
    if changed:
        before = {name: pair[0] for name, pair in changed.items()}
        after = {name: pair[1] for name, pair in changed.items()}
        journal.record(session, "pupils.change", code, before=before, after=after)
        session.execute(update(Pupil).where(Pupil.code == code).values(after))
    return changed


def built_packets(session: Session, code: str) -> list[str]:
    """The pupil's packets that are built and still at the desk, by code."""
    wanted = select(Packet.code).where(Packet.pupil == code, Packet.state == PacketState.BUILT.value)
    return list(session.scalars(wanted.order_by(Packet.code)))


def present(session: Session, code: str) -> Pupil:
    """The row of a pupil who is here. Raises NotFound for an unknown code, NotAllowed for one who was forgotten or left."""
    pupil = remembered(session, code)
    if pupil.left_on is not None:
        raise NotAllowed(
            _("The pupil {code} left on {day}.").format(code=code, day=pupil.left_on),
            _("If the child is here again: `poshta pupils come-back {code}`.").format(code=code),
        )
    return pupil


def remembered(session: Session, code: str) -> Pupil:
    """The row of a pupil, here or gone. Raises NotFound for an unknown code, NotAllowed for one whose names were forgotten."""
    pupil, forgotten = session.get(Pupil, code), session.get(Forgotten, code)
    if forgotten is not None:
        raise NotAllowed(
            _("The pupil {code} was forgotten on {day}; the code is not used again.").format(code=code, day=forgotten.forgotten_on),
            _("If the child is here again, import the pupil without a code: a new one is given."),
        )
    if pupil is None:
        raise unknown_pupil(code)
    return pupil


def day_of(said: datetime | None) -> date:
    """The day that an act is dated: the one that was said, else today. Raises UsageRefused for a day that lies ahead."""
    day = said.date() if said else today()
    if day > today():
        raise UsageRefused(_("The day {day} lies ahead.").format(day=day), _("Note it on that day; without --on it is today."))
    return day
