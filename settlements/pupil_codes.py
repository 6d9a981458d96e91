"""Who is already on the roster, and a code for whoever comes without one.

A pupil without a code is found again by last name, first name, grade, village and school, so that the same list twice adds nobody. Called by
settlements/enrol within its write transaction.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.errors import Complaint
from records.language import _
from records.schema import Person, Pupil
from settlements.forgetting import Forgetful
from settlements.letters import folded
from settlements.remembered import Asked, SheetRow
from settlements.roster import PUPIL
from settlements.rows import TakenRow, complain

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 signs: no 0 O 1 I L
CODE_LENGTH = 6

Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """A pupil as the roster or (`listed`) this list knows it; `names` is empty where they were forgotten."""

    code: str
    names: Name
    grade: int
    kato: str
    school: str
    left_on: date | None = None
    listed: bool = False

    def is_same_as(self, values: dict[str, Any]) -> bool:
        """Whether the row names this grade, village and school (the last only where the list has that column)."""
        school = values.get("school", self.school)
        return (self.grade, self.kato, self.school) == (values["grade"], values["kato"], school)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Rows that may be taken, how many codes were made for them, and the seals of forgotten names that come back on purpose."""

    rows: list[TakenRow]
    given: int
    returning: list[str]


@dataclass(slots=True)
class Roll:
    """The pupils by code and by names, growing while rows are taken; those who left stand apart."""

    by_code: dict[str, Known] = field(default_factory=dict)
    by_names: dict[Name, list[Known]] = field(default_factory=lambda: defaultdict(list))
    gone_by_names: dict[Name, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_likeness: dict[tuple[Name, int, str], list[Known]] = field(default_factory=lambda: defaultdict(list))

    def add(self, known: Known) -> None:
        """Put a pupil on the roll."""
        self.by_code[known.code] = known
        if any(known.names):
            named = self.by_names if known.left_on is None else self.gone_by_names
            named[known.names].append(known)
        if any(known.names) and known.left_on is None:
            self.by_likeness[_likeness(known.names), known.grade, known.kato].append(known)

    def alike(self, known: Known) -> list[Known]:
        """Pupils of the same village and grade whose names differ only in Kazakh letters typed as Russian ones, or in their order."""
        found = self.by_likeness.get((_likeness(known.names), known.grade, known.kato), ())
        return [other for other in found if other.names != known.names]


def resolve_pupils(
    session: Session, rows: Sequence[TakenRow], complaints: list[Complaint], past: Forgetful, remembered: Collection[SheetRow] = ()
) -> Resolved:
    """The rows with a code each; refused rows and doubts go to `complaints`. Names of `past` come back only in the rows `remembered`.

    Raises UsageRefused where a row of `remembered` brings nobody back.
    """
    roll = _roll(session)
    asked = Asked.of(remembered, rows)
    rows = [row for row in rows if _may_come(roll, row, past, asked, complaints)]
    asked.require_all()
    coded = [row for row in rows if row.values.get("code")]
    kept = [row for row in coded if _code_is_its_own(roll, row, complaints)]
    settled = {id(row): row for row in kept}
    given = 0
    for row in rows:
        if not row.values.get("code"):
            found, is_new = _found(roll, row, complaints)
            given += is_new
            if found:
                settled[id(row)] = replace(row, values={**row.values, "code": found})
    return Resolved([settled[id(row)] for row in rows if id(row) in settled], given, asked.seals)


def _may_come(roll: Roll, row: TakenRow, past: Forgetful, asked: Asked, complaints: list[Complaint]) -> bool:
    """Whether the row names somebody of the roster, or a new pupil who was not forgotten; a row that was `asked` for leaves its seals there."""
    code = row.values.get("code")
    if code in past.codes and code not in roll.by_code:
        text = _("The code {code} belonged to a pupil who was forgotten.").format(code=code)
        hint = _("Leave the code empty to be given a new one; a code is never handed on.")
        complaints.append(complain(row.place, "code_taken", text, hint, "code", code))
        return False
    if code in roll.by_code or any(known.is_same_as(row.values) for known in roll.by_names.get(_row_name(row), ())):
        return True
    seals = past.seals_of(row.values)
    if not seals or asked.takes(row.place, seals):
        return True
    text = _("A pupil of this name and village was forgotten and is not taken up again.")
    hint = _("Delete the row; if the child is to be on the roster again, import the list with --remember {row}.").format(
        row=asked.words_for(row.place)
    )
    complaints.append(complain(row.place, "forgotten", text, hint, "last_name"))
    return False


def new_code(taken: set[str] | dict[str, Known]) -> str:
    """A random code that is not yet taken; it means nothing."""
    while True:
        code = "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))
        if code not in taken and not looks_like_number(code):
            return code


def looks_like_number(code: str) -> bool:
    """Whether a spreadsheet would turn the code into a number, as it does with 345678 and 2E4567."""
    return code.replace("E", "", 1).isdigit()


def _roll(session: Session) -> Roll:
    roll = Roll()
    for known in _known(session):
        roll.add(known)
    return roll


def _known(session: Session) -> Iterator[Known]:
    wanted = select(Pupil.code, Person.last_name, Person.first_name, Pupil.grade, Pupil.kato, Pupil.school, Pupil.left_on)
    people = wanted.outerjoin(Person, (Person.code == Pupil.code) & (Person.role == PUPIL))
    for code, last, first, grade, kato, school, left_on in session.execute(people):
        yield Known(code, _name(last or "", first or ""), grade, kato, school, left_on)


def _name(last_name: str, first_name: str) -> Name:
    return last_name.casefold().replace("ё", "е"), first_name.casefold().replace("ё", "е")


@lru_cache(maxsize=1 << 16)
def _folded(name: str) -> str:
    return folded(name)


def _likeness(names: Name) -> Name:
    first, second = sorted(map(_folded, names))
    return first, second


def _row_name(row: TakenRow) -> Name:
    return _name(row.values["last_name"], row.values["first_name"])


def _code_is_its_own(roll: Roll, row: TakenRow, complaints: list[Complaint]) -> bool:
    """Whether the row's code may stand for this pupil; tells a second code for what seems to be the same pupil."""
    code, names = row.values["code"], _row_name(row)
    known = roll.by_code.get(code)
    if known is not None and known.left_on is not None:
        complaints.append(_left(row, known))
        return False
    if known is not None and not known.listed and _is_somebody_else(known, row):
        text = _("The code {code} belongs to another pupil of the roster.").format(code=code)
        hint = _("Leave the code empty to be given a new one; a code is never handed on.")
        complaints.append(complain(row.place, "code_taken", text, hint, "code", code))
        return False
    if known is not None and not known.listed:
        _tell_changed(row, known, complaints)
    if known is None:
        _tell_second_code(roll, row, names, complaints)
        _tell_alike(roll, row, _as_known(row, code, names), complaints)
        roll.add(_as_known(row, code, names))
    return True


def _is_somebody_else(known: Known, row: TakenRow) -> bool:
    """Whether both names differ, or one with village, school and grade: one alone may be a corrected letter; a year later the grade is the next."""
    changed = _changed_names(known, row)
    near = abs(known.grade - row.values["grade"]) <= 1
    return changed == 2 or (changed == 1 and not near and not _is_at_home(known, row))


def _changed_names(known: Known, row: TakenRow) -> int:
    """How many of the two names differ; none where the pupil's are not known."""
    return sum(ours != theirs for ours, theirs in zip(known.names, _row_name(row), strict=True)) if any(known.names) else 0


def _is_at_home(known: Known, row: TakenRow) -> bool:
    """Whether the row names the pupil's village or school."""
    return known.kato == row.values["kato"] or (known.school != "" and known.school == row.values.get("school"))


def _tell_changed(row: TakenRow, known: Known, complaints: list[Complaint]) -> None:
    """A doubt where one name changed together with village and school: two schools may use one code."""
    if _changed_names(known, row) and not _is_at_home(known, row):
        text = _("The code {code} may belong to another child: one name, the village and the school differ from the roster's.")
        hint = _("If it is another child, `poshta undo` takes the list back; leave the code empty there to be given a new one.")
        complaints.append(complain(row.place, "changed_pupil", text.format(code=known.code), hint, "code", known.code, refused=False))


def _tell_second_code(roll: Roll, row: TakenRow, names: Name, complaints: list[Complaint]) -> None:
    twin = next((other for other in roll.by_names.get(names, ()) if other.is_same_as(row.values)), None)
    if twin is not None:
        text = _("A pupil of the same name, grade, village and school has the code {other}.").format(other=twin.code)
        hint = _("If it is one child, keep one code and remove the other row; if there are two, nothing need be done.")
        complaints.append(complain(row.place, "doubled_pupil", text, hint, "code", row.values["code"], refused=False))


def _found(roll: Roll, row: TakenRow, complaints: list[Complaint]) -> tuple[str, bool]:
    """The code of the pupil in the row, and whether it was made now; no code where two pupils fit."""
    names = _row_name(row)
    namesakes = roll.by_names.get(names, [])
    fitting = [known.code for known in namesakes if known.is_same_as(row.values)]
    if len(fitting) > 1:
        text = _("Several pupils fit this row: {codes}.").format(codes=", ".join(sorted(fitting)))
        complaints.append(complain(row.place, "ambiguous_pupil", text, _("Write the right code into the row."), "code"))
        return "", False
    if fitting:
        return fitting[0], False
    gone = roll.gone_by_names.get(names, [])
    left = next((known for known in gone if known.is_same_as(row.values)), None)
    if left is not None:
        complaints.append(_left(row, left))
        return "", False
    near = [known.code for known in (*namesakes, *gone) if known.kato == row.values["kato"]]
    code = new_code(roll.by_code)
    if near:
        text = _("A pupil of the same name and village has the code {other}; this one was given {code}.").format(
            other=", ".join(near), code=code
        )
        hint = _("If it is the same child, write the old code into the row and forget the new one.")
        complaints.append(complain(row.place, "namesake", text, hint, "code", code, refused=False))
    _tell_alike(roll, row, _as_known(row, code, names), complaints)
    roll.add(_as_known(row, code, names))
    return code, True


def _tell_alike(roll: Roll, row: TakenRow, newcomer: Known, complaints: list[Complaint]) -> None:
    """A doubt where a new pupil may be one of the roster in another spelling; nothing is merged."""
    for other in roll.alike(newcomer):
        text = _("A pupil of the same village and grade is called almost the same: {other}; this one has the code {code}.").format(
            other=other.code, code=newcomer.code
        )
        hint = _(
            "If it is one child, write the code {other} into the row and forget {code}; if there are two, nothing need be done."
        ).format(other=other.code, code=newcomer.code)
        complaints.append(complain(row.place, "similar_name", text, hint, "last_name", row.values["last_name"], refused=False))


def _left(row: TakenRow, known: Known) -> Complaint:
    """The refusal of somebody who left: an old list brings nobody back, and nobody gets a second code by it."""
    text = _("The pupil {code} left on {day}.").format(code=known.code, day=known.left_on)
    hint = _("Leave the code empty if the child is back: a new one is given.")
    if any(known.names):
        told = _("If the child is back: `poshta pupils come-back {code}`, then import again. A namesake needs a code in the row.")
        hint = told.format(code=known.code)
    return complain(row.place, "left", text, hint, "code", known.code)


def _as_known(row: TakenRow, code: str, names: Name) -> Known:
    return Known(code, names, row.values["grade"], row.values["kato"], row.values.get("school", ""), listed=True)
