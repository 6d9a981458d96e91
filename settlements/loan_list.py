"""A list of lent devices against the loans that stand: what each of its rows means, and what cannot be. One device is with one pupil at a time.

Called by settlements/enrol, which then compares and writes as for every list. Nothing is struck out: a list adds loans, and days on which devices came back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.calendar import today
from records.errors import Complaint
from records.language import _
from records.schema import Forgotten, Loan, Pupil
from settlements.rows import TakenRow, complain


@dataclass(frozen=True, slots=True)
class Spell:
    """A device with a pupil from a day on; `until` is None while it is there."""

    pupil: str
    kind: str
    since: date
    until: date | None

    def meets(self, other: Spell) -> bool:
        """Whether the device would be with both at once, or both begin on one day."""
        apart = (self.until is not None and self.until <= other.since) or (other.until is not None and other.until <= self.since)
        return not apart or self.since == other.since


def settle_loans(session: Session, rows: Sequence[TakenRow], complaints: list[Complaint]) -> list[TakenRow]:
    """The rows as the loans that they mean, whole; those that cannot be are refused, and `complaints` grows.

    First the rows of loans that stand: one of them may say that a device came back, and another to whom it went then.
    """
    held = _held(session, {row.values["device"] for row in rows})
    pupils, forgotten = _pupils(session, {row.values["pupil"] for row in rows})
    known = [row for row in rows if _is_known(row, pupils, forgotten, complaints)]
    settled: dict[int, TakenRow] = {}
    fresh = []
    for number, row in enumerate(known):
        standing = _standing(held[row.values["device"]], row)
        if standing is None:
            fresh.append((row.values.get("lent_on") or today(), number, row))
        else:
            spell = _continued(standing, row, complaints)
            if spell is not None:
                held[row.values["device"]].remove(standing)
                held[row.values["device"]].append(spell)
                settled[number] = _as_row(row, spell)
    for day, number, row in sorted(fresh, key=lambda each: each[:2]):
        spell = _begun(held[row.values["device"]], row, day, pupils, complaints)
        if spell is not None:
            settled[number] = _as_row(row, spell)
    return [settled[number] for number in sorted(settled)]


def _held(session: Session, devices: set[str]) -> defaultdict[str, list[Spell]]:
    held: defaultdict[str, list[Spell]] = defaultdict(list)
    for loan in session.scalars(select(Loan).order_by(Loan.device, Loan.lent_on)):
        if loan.device in devices:
            held[loan.device].append(Spell(loan.pupil, loan.kind, loan.lent_on, loan.returned_on))
    return held


def _pupils(session: Session, codes: set[str]) -> tuple[dict[str, date | None], set[str]]:
    """The pupils of the roster with the day on which each left, and the codes of those who were forgotten."""
    known = {code: left for code, left in session.execute(select(Pupil.code, Pupil.left_on)) if code in codes}
    return known, codes & set(session.scalars(select(Forgotten.pupil)))


def _is_known(row: TakenRow, pupils: dict[str, date | None], forgotten: set[str], complaints: list[Complaint]) -> bool:
    code = row.values["pupil"]
    if code in pupils and code not in forgotten:
        return True
    if code in forgotten:
        text = _("The pupil {code} was forgotten; nothing is noted of that code.").format(code=code)
        hint = _("Leave the row out, or write the child's new code.")
    else:
        text = _("There is no pupil with the code {code}.").format(code=code)
        hint = _("`poshta pupils list` has the codes; with --names the names beside them.")
    complaints.append(complain(row.place, "pupil_unknown", text, hint, "pupil", code))
    return False


def _standing(held: Sequence[Spell], row: TakenRow) -> Spell | None:
    """The loan that stands and that the row is about: the one that began on its day, else the open one, else the last of that pupil that came back on its day."""
    values = row.values
    mine = [spell for spell in held if spell.pupil == values["pupil"]]
    exact = [spell for spell in mine if spell.since == values.get("lent_on")]
    still = [spell for spell in mine if spell.until is None]
    ended = [spell for spell in mine if not values.get("lent_on") and values.get("returned_on") in (spell.until, None) and spell.until]
    back = values.get("returned_on")
    later = [spell for spell in still if not back or back >= spell.since]
    return next(iter([*exact, *later, *(ended if back else [])]), None)


def _continued(standing: Spell, row: TakenRow, complaints: list[Complaint]) -> Spell | None:
    """The loan as the row leaves it. A device that came back stays so: a list may be older than what is known."""
    said, back = row.values.get("lent_on"), row.values.get("returned_on")
    device = row.values["device"]
    if standing.until is not None and back != standing.until:
        text = _("The device {device} came back on {day}; that stays.").format(device=device, day=standing.until)
        hint = _("If the pupil has it again, write the day on which it was lent again.")
        complaints.append(complain(row.place, "came_back", text, hint, "returned_on", str(back or ""), refused=back is not None))
        return standing if back is None else None
    if said is not None and said != standing.since:
        text = _("The device {device} is with the pupil {pupil} since {day}; that day stays.").format(
            device=device, pupil=standing.pupil, day=standing.since
        )
        complaints.append(complain(row.place, "lent_before", text, _("Correct the day in the list."), "lent_on", str(said), refused=False))
    if back is not None and back < standing.since:
        complaints.append(_ends_before(row))
        return None
    return replace(standing, kind=row.values["kind"], until=back)


def _begun(held: list[Spell], row: TakenRow, day: date, pupils: dict[str, date | None], complaints: list[Complaint]) -> Spell | None:
    """A loan that the row begins, added to those of its device; None where it cannot be."""
    values = row.values
    spell = Spell(values["pupil"], values["kind"], day, values.get("returned_on"))
    same = next((each for each in held if each.since == day and each.pupil == spell.pupil), None)
    if same is not None:  # another row of the list has just begun it
        return spell
    if spell.until is not None and (spell.until < day or not values.get("lent_on")):
        complaints.append(_ends_before(row))
        return None
    left = pupils[spell.pupil]
    if left is not None and day > left:
        text = _("The pupil {code} left on {day}.").format(code=spell.pupil, day=left)
        hint = _("If the child is here again: `poshta pupils come-back {code}`.").format(code=spell.pupil)
        complaints.append(complain(row.place, "left", text, hint, "pupil", spell.pupil))
        return None
    other = next((each for each in held if each.meets(spell)), None)
    if other is not None:
        complaints.append(_with_another(row, other))
        return None
    held.append(spell)
    return spell


def _with_another(row: TakenRow, other: Spell) -> Complaint:
    device = row.values["device"]
    text = _("The device {device} is with the pupil {pupil} since {day}.").format(device=device, pupil=other.pupil, day=other.since)
    hint = _("When it is back: `poshta loans return {device}`, or a row of the list with the day in returned_on.").format(device=device)
    if other.until is not None:
        text = _("The device {device} was with the pupil {pupil} from {day} until {until}.").format(
            device=device, pupil=other.pupil, day=other.since, until=other.until
        )
        hint = _("Correct lent_on or returned_on: one device is with one pupil at a time.")
    return complain(row.place, "lent_to_another", text, hint, "device", device)


def _ends_before(row: TakenRow) -> Complaint:
    text = _("The device came back before it was lent, or nobody says when it was lent.")
    hint = _("Fill or correct lent_on: one device is with one pupil from a day on.")
    return complain(row.place, "ends_before", text, hint, "returned_on", str(row.values.get("returned_on")))


def _as_row(row: TakenRow, spell: Spell) -> TakenRow:
    values: dict[str, Any] = {"device": row.values["device"], "pupil": spell.pupil, "kind": spell.kind, "lent_on": spell.since}
    return TakenRow(row.place, values | {"returned_on": spell.until})
