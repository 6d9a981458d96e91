"""What an honest person reads from the marks that a hand made. Pure; the rules are DESIGN section 4, written down a second time.

pupil.py makes the marks, truth.py keeps what is said here, and the reader is judged by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

SLOPPY = "sloppy_crossing_out"
MINUS = "-"
VISIBLE_RESIDUE = 0.12  # darkness that rubbing out leaves behind: weaker is paper to some eyes, pencil to others


class Act(StrEnum):
    """What was done to one box."""

    ANSWER = "answer"
    CROSSED_OUT = "crossed_out"
    RUBBED_OUT = "rubbed_out"


class Must(StrEnum):
    """What a reader has to say of an item."""

    READ = "read"
    BLANK = "blank"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Mark:
    """One deed of the hand. `clear`: nobody would argue about it; `residue`: darkness left by rubbing out, 0 to 1."""

    value: str
    act: Act
    style: str
    clear: bool = True
    residue: float = 0.0
    column: int | None = None


@dataclass(frozen=True, slots=True)
class ItemTruth:
    """What stands in one item. `reading` is empty unless `must` is read; `doubt_ok`: a person may well be asked.

    `marks` tells what was done, as words for a table of mistakes, `columns` the digit column of each (0: none); `dark` is the darkness of the pen (of what
    is left, where all was rubbed out). `also`: readings that are honest too, because the picture has lost a mark; an empty one is blank.
    """

    item: str
    reading: tuple[str, ...]
    must: Must
    doubt_ok: bool = False
    marks: tuple[str, ...] = ()
    dark: float = 1.0
    columns: tuple[int, ...] = ()
    also: tuple[tuple[str, ...], ...] = ()

    def doubtful(self) -> ItemTruth:
        """The same item where nobody can know any more."""
        return replace(self, reading=(), must=Must.DOUBT, doubt_ok=True)

    def washed_out(self) -> ItemTruth:
        """The same item where the picture has lost every mark, or all but specks: who reads it all the same is right."""
        return replace(self, reading=(), must=Must.BLANK, doubt_ok=True, also=(self.reading,) if self.reading else ())

    def without(self, other: ItemTruth) -> ItemTruth:
        """The same item where the picture may as well show `other`, made from the marks that it has kept."""
        known = other.must is not Must.DOUBT
        return replace(self, doubt_ok=True, also=(*self.also, other.reading) if known else self.also)

    def excused(self) -> ItemTruth:
        """The same item where asking a person is no fault."""
        return replace(self, doubt_ok=True)


def item_truth(item: str, rule: str, marks: Sequence[Mark], columns: int = 0, comma: int = 0) -> ItemTruth:
    """The truth of one item. `rule`: one, several, number or score; `columns` of a number counts its digit columns, `comma` is the one that is a comma."""
    told = tuple(f"{mark.act.value}:{mark.style}:{mark.value}" for mark in marks)
    where = tuple(mark.column or 0 for mark in marks)
    truth = _number(item, marks, columns, comma) if rule == "number" else _group(item, marks, several=rule == "several")
    return replace(truth, marks=told, columns=where)


def told_marks(truth: ItemTruth) -> tuple[Mark, ...]:
    """The marks again, from the words of `truth`; what a rubber left counts as seen."""
    words = (told.split(":") for told in truth.marks)
    columns = truth.columns or (0,) * len(truth.marks)
    return tuple(
        Mark(value, Act(act), style, True, 1.0, column or None) for (act, style, value), column in zip(words, columns, strict=True)
    )


def _group(item: str, marks: Sequence[Mark], several: bool) -> ItemTruth:
    answers = [mark for mark in marks if mark.act is Act.ANSWER]
    undone = [mark for mark in marks if mark.act is not Act.ANSWER]
    clear = all(mark.clear for mark in marks)
    if not answers:
        return _without_answer(item, undone)
    if len(answers) > 1 and not several:
        return ItemTruth(item, (), Must.DOUBT, True)
    return ItemTruth(item, tuple(sorted(mark.value for mark in answers)), Must.READ, not clear)


def _without_answer(item: str, undone: Sequence[Mark]) -> ItemTruth:
    if [mark.style for mark in undone] == [SLOPPY]:  # alone, it may as well be a careless answer
        return ItemTruth(item, (undone[0].value,), Must.READ, True)
    if any(mark.act is Act.CROSSED_OUT or mark.residue >= VISIBLE_RESIDUE for mark in undone):
        return ItemTruth(item, (), Must.DOUBT, True)
    return ItemTruth(item, (), Must.BLANK, bool(undone))


def _number(item: str, marks: Sequence[Mark], columns: int, comma: int) -> ItemTruth:
    by_column = {number: list(found) for number, found in groupby(sorted(marks, key=_column), key=_column)}
    parts = {number: _group(item, by_column.get(number, []), several=False) for number in range(1, columns + 1) if number != comma}
    signs = [part for number, part in parts.items() if any(mark.value == MINUS for mark in by_column.get(number, []))]
    whole = [part for number, part in parts.items() if part not in signs and (not comma or number < comma)]
    behind = [part for number, part in parts.items() if comma and number > comma]
    excused = any(part.doubt_ok for part in parts.values())
    negative = any(part.must is Must.READ for part in signs)
    if any(part.must is Must.DOUBT for part in parts.values()) or _has_gap(whole) or _has_gap(behind, first=False):
        return ItemTruth(item, (), Must.DOUBT, True)
    text = _text(whole)
    if not text:
        return ItemTruth(item, (), Must.DOUBT if negative or _text(behind) else Must.BLANK, excused or negative or bool(_text(behind)))
    number = f"{text.lstrip('0') or '0'}.{_text(behind)}".rstrip("0").rstrip(".") if comma else text.lstrip("0") or "0"
    return ItemTruth(item, (f"{MINUS}{number}" if negative and number != "0" else number,), Must.READ, excused)


def _text(parts: Iterable[ItemTruth]) -> str:
    return "".join(part.reading[0] for part in parts if part.must is Must.READ)


def _has_gap(parts: Iterable[ItemTruth], first: bool = True) -> bool:
    """Whether an empty column follows a digit; behind the comma (not `first`), whether a digit follows an empty column."""
    seen = False
    for part in parts:
        if (part.must is Must.READ) is first:
            seen = True
        elif seen:
            return True
    return False


def _column(mark: Mark) -> int:
    return mark.column or 0
