"""A pupil at the table: decides the deeds on each item, and says what they mean.

Nothing is drawn here; desk.py draws the deeds. All chance comes from the generator that is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scanning.rehearsal.habits import Habits, Shares
from scanning.rehearsal.hand import FILLS, UNCLEAR
from scanning.rehearsal.meaning import SLOPPY, Act, ItemTruth, Mark, item_truth
from scanning.rehearsal.pages import Place, PrintedSheet, comma_of

FAINT = 0.24  # darkness below which a person may well ask whether that is a mark
DOT = 0.45  # darkness that a dot needs to be seen as one
SLOPPY_RESIDUE = (0.2, 0.34)
MINUS = "-"


@dataclass(frozen=True, slots=True)
class Deed:
    """One mark to be drawn in one box."""

    place: Place
    mark: Mark


@dataclass(frozen=True, slots=True)
class ItemDeeds:
    """All deeds of one item and the rule it is judged by; `by_teacher`: not in the pupil's pen."""

    item: str
    rule: str
    deeds: tuple[Deed, ...]
    columns: int = 0
    by_teacher: bool = False
    comma: int = 0

    def truth(self) -> ItemTruth:
        """What they mean."""
        return item_truth(self.item, self.rule, [deed.mark for deed in self.deeds], self.columns, self.comma)


@dataclass(frozen=True, slots=True)
class Writer:
    """What the deeds depend on: habits, the pupil's own style, and what the pen allows."""

    habits: Habits
    style: str
    dark: float
    rubs_out: bool
    worn: bool


def one_of(rng: np.random.Generator, shares: Shares) -> str:
    """A name, drawn by its share."""
    names = sorted(shares)
    weights = np.array([shares[name] for name in names], float)
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]


def answer_sheet(
    rng: np.random.Generator, sheet: PrintedSheet, writer: Writer, wanted: Mapping[str, Sequence[str]], teacher_was_here: bool
) -> list[ItemDeeds]:
    """The deeds on every item of a page. `wanted`: for an item, the values that the pupil means; items not named are guessed."""
    found = []
    for item, places in sheet.items.items():
        rule = _rule(places, item in sheet.several)
        if rule == "score":
            found.append(_points(rng, item, places, wanted.get(item), teacher_was_here))
        elif rule == "number":
            found.append(_number(rng, item, places, writer, wanted.get(item)))
        else:
            values = _values(rng, places, rule, writer, wanted.get(item))
            found.append(ItemDeeds(item, rule, tuple(_group(rng, places, values, writer, rule))))
    return found


def _rule(places: Sequence[Place], several: bool) -> str:
    return {"digit": "number", "score": "score"}.get(places[0].kind, "several" if several else "one")


def _values(rng: np.random.Generator, places: Sequence[Place], rule: str, writer: Writer, wanted: Sequence[str] | None) -> list[str]:
    if rng.random() < writer.habits.blank:
        return []
    if wanted is not None:
        return list(wanted)
    letters = [place.value for place in places]
    count = 1 if rule == "one" else int(rng.integers(1, max(2, len(letters))))
    return [letters[index] for index in rng.choice(len(letters), count, replace=False)]


def _number(rng: np.random.Generator, item: str, places: Sequence[Place], writer: Writer, wanted: Sequence[str] | None) -> ItemDeeds:
    columns, comma = max(place.column or 1 for place in places), comma_of(places)
    minus = any(place.value == MINUS for place in places)
    text = _signed(rng, columns, comma, minus, writer, wanted) if comma or minus else _digits(rng, columns, writer, wanted)
    deeds: list[Deed] = []
    for column, digit in enumerate(text, start=1):
        own = [place for place in places if place.column == column]
        deeds += _group(rng, own, [digit] if digit.strip() else [], writer, "one", share=1 / columns)
    return ItemDeeds(item, "number", tuple(deeds), columns, comma=comma)


def _signed(rng: np.random.Generator, columns: int, comma: int, minus: bool, writer: Writer, wanted: Sequence[str] | None) -> str:
    """One letter a column of a number with a comma or a minus; where it cannot be told apart, what the columns have room for."""
    if rng.random() < writer.habits.blank:
        return " " * columns
    digits, decimals = (comma or columns + 1) - 1 - minus, columns - comma if comma else 0
    guess = f"{MINUS if minus and rng.random() < 0.5 else ''}{rng.integers(1, 10**digits)}.{rng.integers(1, 10 ** max(decimals, 1))}"
    whole, _point, parts = (wanted[0] if wanted else guess).partition(".")
    sign = (MINUS if whole.startswith(MINUS) else " ") if minus else ""
    shown = sign + whole.lstrip(MINUS)[-digits:].rjust(digits)
    return f"{shown},{parts[:decimals].ljust(decimals)}" if comma else shown


def _digits(rng: np.random.Generator, columns: int, writer: Writer, wanted: Sequence[str] | None) -> str:
    """One letter a column, a space where it stays empty: to the right as it should be, or with an empty column behind."""
    if rng.random() < writer.habits.blank:
        return " " * columns
    length = int(rng.integers(1, columns + 1))
    number = wanted[0] if wanted else str(rng.integers(0 if length == 1 else 10 ** (length - 1), 10**length))
    number = number[-columns:]
    if rng.random() < writer.habits.gap and len(number) < columns:
        return number.ljust(columns)
    if rng.random() < 0.05:
        return number.rjust(columns, "0")
    return number.rjust(columns)


def _points(
    rng: np.random.Generator, item: str, places: Sequence[Place], wanted: Sequence[str] | None, teacher_was_here: bool
) -> ItemDeeds:
    if not teacher_was_here:
        return ItemDeeds(item, "score", (), by_teacher=True)
    value = wanted[0] if wanted else str(rng.choice([place.value for place in places]))
    place = next(place for place in places if place.value == value)
    style = str(rng.choice([*FILLS, "cross", "tick"]))
    return ItemDeeds(item, "score", (Deed(place, Mark(value, Act.ANSWER, style)),), by_teacher=True)


def _group(
    rng: np.random.Generator, places: Sequence[Place], values: Sequence[str], writer: Writer, rule: str, share: float = 1.0
) -> list[Deed]:
    """The deeds among the boxes of one question or one digit column; `share` scales how often minds are changed."""
    by_value = {place.value: place for place in places}
    deeds = [_answered(rng, by_value[value], writer) for value in values if value in by_value]
    free = [place for place in places if place.value not in values]
    if not free:
        return deeds
    other = free[int(rng.integers(len(free)))]
    habits, chance = writer.habits, rng.random() / share
    if not deeds:
        return _undone_alone(rng, other, writer, chance)
    steps = np.cumsum([habits.two_marks if rule == "one" else 0.0, habits.crossed, habits.rubbed if writer.rubs_out else 0.0])
    if chance < steps[0]:
        return [*deeds, _answered(rng, other, writer)]
    if chance < steps[1]:
        return [_crossed_out(rng, other, writer, taught=rule == "several"), *deeds]
    if chance < steps[2]:
        return [_rubbed_out(rng, other, writer), *deeds]
    return deeds


def _undone_alone(rng: np.random.Generator, place: Place, writer: Writer, chance: float) -> list[Deed]:
    """An item left empty, sometimes only after an answer was taken back (scaled up, since few items are empty)."""
    habits = writer.habits
    alone = habits.crossed_alone / max(habits.blank, 0.01)
    if chance < alone:
        return [_crossed_out(rng, place, writer)]
    if writer.rubs_out and chance < alone + habits.rubbed_alone / max(habits.blank, 0.01):
        return [_rubbed_out(rng, place, writer)]
    return []


def _answered(rng: np.random.Generator, place: Place, writer: Writer) -> Deed:
    style = writer.style if rng.random() < writer.habits.own_style else one_of(rng, writer.habits.styles)
    if style == "dot" and (writer.dark < DOT or writer.worn):
        style = "hatched"  # a dot of a pale pen is nothing to anybody
    thin = style not in FILLS and style != "scribble"
    clear = style not in UNCLEAR and writer.dark >= FAINT and not (writer.worn and thin)
    return Deed(place, Mark(place.value, Act.ANSWER, style, clear, column=place.column))


def _crossed_out(rng: np.random.Generator, place: Place, writer: Writer, taught: bool = False) -> Deed:
    """`taught`: as the legend shows it; where several answers may stand, nobody could tell a sloppy one from an answer."""
    sloppy = rng.random() < writer.habits.sloppy and not taught
    style = SLOPPY if sloppy else "crossing_out"
    return Deed(
        place, Mark(place.value, Act.CROSSED_OUT, style, not sloppy and not writer.worn and writer.dark >= FAINT, column=place.column)
    )


def _rubbed_out(rng: np.random.Generator, place: Place, writer: Writer) -> Deed:
    sloppy = rng.random() < writer.habits.sloppy
    residue = float(rng.uniform(*(SLOPPY_RESIDUE if sloppy else writer.habits.residue)))
    residue = min(residue, 0.75 * writer.dark)
    clear = residue < 0.45 * writer.dark and residue < SLOPPY_RESIDUE[0]
    return Deed(place, Mark(place.value, Act.RUBBED_OUT, "rubbed", clear, residue, place.column))
