"""Devices lent to pupils: a dated list. One device is with one pupil at a time; nothing is ever struck out but a loan that lasted no day.

Called by settlements/loan_commands and settlements/check. A device is known by its inventory number; the pupil by code, never by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from records import journal
from records.errors import Complaint, NotAllowed, NotFound
from records.language import N_, _
from records.schema import Loan, Pupil
from settlements.codes import scope_prefix
from settlements.transfers import present

DEVICES = {
    "computer": N_("computer"),
    "tablet": N_("tablet"),
    "phone": N_("telephone"),
    "tv": N_("television set"),
    "radio": N_("radio set"),
    "modem": N_("modem"),
    "other": N_("other device"),
}


@dataclass(frozen=True, slots=True)
class Lent:
    """A device with a pupil from a day on, until `returned_on`. `kato` is where the pupil lives, `left_on` the day on which the pupil left."""

    device: str
    kind: str
    pupil: str
    kato: str
    lent_on: date
    returned_on: date | None
    left_on: date | None

    def as_json(self) -> dict[str, object]:
        """The loan as `loans list` answers it."""
        return {
            "device": self.device,
            "kind": self.kind,
            "pupil": self.pupil,
            "kato": self.kato,
            "lent_on": self.lent_on.isoformat(),
            "returned_on": self.returned_on.isoformat() if self.returned_on else None,
            "left_on": self.left_on.isoformat() if self.left_on else None,
        }


def loans(session: Session, within: str = "") -> list[Lent]:
    """Every loan, by device and day; `within` narrows them to pupils below a KATO code."""
    wanted = select(Loan.device, Loan.kind, Loan.pupil, Pupil.kato, Loan.lent_on, Loan.returned_on, Pupil.left_on)
    wanted = wanted.outerjoin(Pupil, Pupil.code == Loan.pupil).order_by(Loan.device, Loan.lent_on)
    if within:
        wanted = wanted.where(Pupil.kato.startswith(scope_prefix(within), autoescape=True))
    return [
        Lent(device, kind, pupil, kato or "", lent, back, left) for device, kind, pupil, kato, lent, back, left in session.execute(wanted)
    ]


def open_loans(session: Session, within: str = "", pupil: str = "") -> list[Lent]:
    """The loans whose device has not come back."""
    return [loan for loan in loans(session, within) if loan.returned_on is None and pupil in ("", loan.pupil)]


def lend(session: Session, device: str, pupil: str, kind: str, on: date) -> bool:
    """Record that a device is with a pupil since a day; answers whether that changed anything.

    The same device, pupil and kind again change nothing, whatever the day. Raises NotFound for a pupil who is not known, NotAllowed for one who
    left, and where the device is with somebody else or was so on that day.
    """
    present(session, pupil)
    earlier = list(session.scalars(select(Loan).where(Loan.device == device).order_by(Loan.lent_on)))
    for loan in earlier:
        if loan.returned_on is None:
            return _lent_already(session, loan, pupil, kind)
        if loan.returned_on > on:
            text = _("The device {device} was with the pupil {pupil} until {day}.")
            raise NotAllowed(
                text.format(device=device, pupil=loan.pupil, day=loan.returned_on), _("Name a day on which it was free with --on.")
            )
    replaced = [
        {"pupil": loan.pupil, "kind": loan.kind} for loan in earlier if loan.lent_on == on
    ]  # it came back on the day: it lasted none
    session.execute(delete(Loan).where(Loan.device == device, Loan.lent_on == on))
    session.add(Loan(device=device, lent_on=on, pupil=pupil, kind=kind))
    journal.record(session, "loans.lend", device, pupil=pupil, kind=kind, on=on.isoformat(), replaced=replaced[0] if replaced else None)
    return True


def take_back(session: Session, device: str, on: date) -> tuple[bool, date]:
    """Record that a device came back on a day; answers whether that changed anything, and the day that holds. Raises NotFound, NotAllowed."""
    last = session.scalars(select(Loan).where(Loan.device == device).order_by(Loan.lent_on.desc()).limit(1)).first()
    if last is None:
        raise NotFound(_("The device {device} was never lent.").format(device=device), _("`poshta loans list` shows what was."))
    if last.returned_on is not None:
        return False, last.returned_on
    if on < last.lent_on:
        raise NotAllowed(
            _("The device {device} was lent on {day} only.").format(device=device, day=last.lent_on),
            _("It cannot have come back before: correct the day."),
        )
    session.execute(update(Loan).where(Loan.device == device, Loan.lent_on == last.lent_on).values(returned_on=on))
    journal.record(session, "loans.return", device, pupil=last.pupil, lent_on=last.lent_on.isoformat(), on=on.isoformat())
    return True, on


def check_loans(session: Session) -> Iterator[Complaint]:
    """Devices that are still with somebody who left, or whom no list knows."""
    for loan in open_loans(session):
        if loan.left_on is not None or not loan.kato:
            yield with_left_pupil(loan.device, loan.pupil)


def with_left_pupil(device: str, pupil: str) -> Complaint:
    """That a device is with somebody who is gone."""
    text = _("The device {device} is lent to the pupil {pupil}, who left.").format(device=device, pupil=pupil)
    hint = _("When it is back: `poshta loans return {device}`.").format(device=device)
    return Complaint("device_with_left_pupil", text, hint, value=device, refused=False)


def _lent_already(session: Session, loan: Loan, pupil: str, kind: str) -> bool:
    if loan.pupil != pupil:
        text = _("The device {device} is with the pupil {pupil} since {day}.").format(
            device=loan.device, pupil=loan.pupil, day=loan.lent_on
        )
        raise NotAllowed(text, _("When it is back: `poshta loans return {device}`.").format(device=loan.device))
    if loan.kind == kind:
        return False
    journal.record(session, "loans.kind", loan.device, before=loan.kind, after=kind)
    session.execute(update(Loan).where(Loan.device == loan.device).values(kind=kind))
    return True
