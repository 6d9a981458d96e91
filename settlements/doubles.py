"""Rows of one list that name the same thing twice: an equal row is told and taken once, a different one is refused. Pure.

Called by settlements/enrol after pupils without a code have got theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from records.errors import Complaint
from records.language import _
from settlements.rows import Place, TakenRow, complain

KEYS: Mapping[str, tuple[str, ...]] = {
    "settlements": ("kato",),
    "offices": ("index",),
    "vehicles": ("office", "vehicle"),
    "schools": ("school",),
    "teachers": ("teacher", "school", "subject", "grade", "language"),
    "pupils": ("code",),
    "schedule": ("office", "route", "order"),
    "loans": ("device", "lent_on"),
}


def settle_doubles(kind: str, rows: Sequence[TakenRow], complaints: list[Complaint]) -> tuple[list[TakenRow], int]:
    """The rows that stand for themselves, and how many repeated an earlier one word for word; `complaints` grows."""
    first: dict[tuple[Any, ...], TakenRow] = {}
    kept: list[TakenRow] = []
    doubled = 0
    for row in _one_name_each(rows, complaints) if kind == "teachers" else rows:
        earlier = first.setdefault(tuple(row.values[name] for name in KEYS[kind]), row)
        if earlier is row:
            kept.append(row)
            continue
        complaint = _complaint(kind, row, earlier)
        complaints.append(complaint)
        doubled += not complaint.refused
    return kept, doubled


def _complaint(kind: str, row: TakenRow, earlier: TakenRow) -> Complaint:
    column = KEYS[kind][-1] if kind in ("vehicles", "schedule") else KEYS[kind][0]
    value = str(row.values[column])
    there = _where(earlier.place, row.place)
    differing = [name for name in row.values if _plain(row.values[name]) != _plain(earlier.values.get(name, row.values[name]))]
    if not differing:
        text = _("{place} says exactly the same; it was taken once.").format(place=there)
        return complain(row.place, "doubled_row", text, _("Delete one of the two rows."), column, value, refused=False)
    if kind == "pupils" and {"last_name", "first_name"} & set(differing):
        text = _("The code {code} stands in {place} for another pupil.").format(code=value, place=there)
        return complain(row.place, "doubled_code", text, _("Give each pupil a code of its own, or leave it empty."), column, value)
    text = _("{place} has already named «{value}», with another value of: {columns}. The first is kept.")
    sentence = text.format(place=there, value=value, columns=", ".join(differing))
    return complain(row.place, "doubled_code", sentence, _("Keep the row that is right and delete the other."), column, value)


def _one_name_each(rows: Sequence[TakenRow], complaints: list[Complaint]) -> list[TakenRow]:
    """The lessons of teachers whose code stands for one name throughout the list."""
    named: dict[str, TakenRow] = {}
    kept = []
    for row in rows:
        earlier = named.setdefault(row.values["teacher"], row)
        if earlier.values.get("name") == row.values.get("name"):
            kept.append(row)
            continue
        text = _("The code {code} stands in {place} for another teacher.").format(
            code=row.values["teacher"], place=_where(earlier.place, row.place)
        )
        complaints.append(
            complain(row.place, "doubled_code", text, _("Give each teacher one code and one name."), "teacher", row.values["teacher"])
        )
    return kept


def _plain(value: Any) -> Any:
    """A value for comparing: ё and е, capitals and small letters are one."""
    return value.casefold().replace("ё", "е") if isinstance(value, str) else value


def _where(place: Place, seen_from: Place) -> str:
    """The earlier row, with its sheet where that is another one."""
    if place.sheet == seen_from.sheet:
        return _("Row {row}").format(row=place.row)
    return _("Row {row} of sheet «{sheet}»").format(row=place.row, sheet=place.sheet)
