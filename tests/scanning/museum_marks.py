"""The museum's marks: every kind that DESIGN section 4 names, and those that pupils make instead; each in a question of its own.

Marks that belong to one mood (plain, minds changed, rubbed out, odd) share a sheet, on which questions 1 to 3 are plainly answered: the page is the yardstick.
tests/scanning/test_museum_marks.py has each sheet scanned and read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from scanning.verdict import Blank, Chosen, DoubtReason
from tests.scanning.sheets import Sheet

Draw = Callable[[Sheet, str], object]
ANY = frozenset(DoubtReason)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn in question `item` of the sheet `sheet`; `must` is the judgement, or the reasons of which a doubt must have one.

    `or_doubt`: a person may be asked all the same, for the mark is not as the legend asks.
    """

    sheet: str
    item: str
    draw: Draw
    must: Chosen | Blank | frozenset[DoubtReason]
    or_doubt: bool = False


def chose(*values: str) -> Chosen:
    return Chosen(values)


def doubt(*reasons: DoubtReason) -> frozenset[DoubtReason]:
    return frozenset(reasons) or ANY


def nothing(sheet: Sheet, item: str) -> None:
    """The question is left empty."""


def then(*steps: Draw) -> Draw:
    """One after the other."""

    def draw(sheet: Sheet, item: str) -> None:
        for step in steps:
            step(sheet, item)

    return draw


def fills(*values: str) -> Draw:
    return then(*(partial(Sheet.fill, value=value) for value in values))


def number(*digits: str) -> Draw:
    return then(*(partial(Sheet.fill, value=digit, column=column) for column, digit in enumerate(digits, start=1) if digit))


def after(first: Callable[[Sheet, str, str], object], one: str, *others: str) -> Draw:
    """`first` befalls `one`, then the others are filled."""
    return then(lambda sheet, item: first(sheet, item, one), fills(*others))


def ring(sheet: Sheet, item: str, value: str, wide: float = 1.45, aside: float = 0.0) -> None:
    """A line round the circle (or round what is printed beside it), of `wide` radii."""
    turns = np.linspace(0, 2.05 * np.pi, 40)
    points = np.stack([aside + wide * np.cos(turns), wide * np.sin(turns)], 1)
    sheet.strokes(sheet.box(item, value), np.stack([points[:-1], points[1:]], 1), 0.5)


def stroke(sheet: Sheet, item: str, value: str, *lines: tuple[tuple[float, float], tuple[float, float]]) -> None:
    """Lines in radii from the circle's middle."""
    sheet.strokes(sheet.box(item, value), lines, 0.5)


def half(sheet: Sheet, item: str, value: str) -> None:
    """The left half of the circle is filled."""
    lines = [((-float(np.sqrt(max(0.0, 0.8 - y * y))), float(y)), (0.05, float(y))) for y in np.linspace(-0.8, 0.8, 11)]
    sheet.strokes(sheet.box(item, value), lines, 0.55)


def worn(sheet: Sheet, item: str) -> None:
    """Something was rubbed out, and the same circle filled again."""
    sheet.rub_out(item, "B")
    sheet.fill(item, "B")


def two_pens(sheet: Sheet, item: str) -> None:
    """The teacher gave two points in pencil, and three in ink another day."""
    sheet.fill(item, "2", level=0.45)
    sheet.fill(item, "3", level=0.95)


OUT, TWO, GAP, ERASED, CROSSED = (
    DoubtReason.OUT_OF_PLACE, DoubtReason.TWO_MARKS, DoubtReason.GAP, DoubtReason.ERASED, DoubtReason.CROSSED_OUT,
)  # fmt: skip

MARKS: dict[str, Mark] = {
    # as the legend shows it, and other plain ways
    "filled": Mark("plain", "5", fills("C"), chose("C")),
    "scribbled": Mark("plain", "6", lambda s, i: s.scribble(i, "B"), chose("B")),
    "ticked": Mark("plain", "7", lambda s, i: s.tick(i, "E"), chose("E")),
    "crossed, within the circle": Mark("plain", "9", lambda s, i: s.cross(i, "A"), chose("A")),
    "crossed beyond the circle, nothing under it": Mark("plain", "10", lambda s, i: s.cross(i, "D", 1.7), chose("D")),
    "left empty": Mark("plain", "11", nothing, Blank()),
    "several filled": Mark("plain", "4", fills("A", "C"), chose("A", "C")),
    "several, one filled and one ticked": Mark("plain", "8", then(lambda s, i: s.fill(i, "B"), lambda s, i: s.tick(i, "D")), chose("B", "D")),
    "a number": Mark("plain", "12", number("0", "8", "4"), chose("84")),
    "no points": Mark("plain", "13", fills("0"), chose("0")),
    # a mind was changed, as the legend shows it
    "crossed out, another filled": Mark("changed", "5", after(Sheet.cross_out, "A", "D"), chose("D")),
    "crossed out, nothing else": Mark("changed", "6", after(Sheet.cross_out, "B"), doubt(CROSSED)),
    "two filled": Mark("changed", "7", fills("A", "C"), doubt(TWO)),
    "one filled, one ticked": Mark("changed", "9", then(lambda s, i: s.fill(i, "B"), lambda s, i: s.tick(i, "E")), doubt(TWO)),
    "two crossed out, a third filled": Mark("changed", "10", then(lambda s, i: s.cross_out(i, "A"), lambda s, i: s.cross_out(i, "B"), lambda s, i: s.fill(i, "C")), chose("C")),
    "all filled": Mark("changed", "11", fills("A", "B", "C", "D", "E"), doubt(TWO)),
    "several, one crossed out": Mark("changed", "4", after(Sheet.cross_out, "A", "C"), chose("C")),
    "several, all filled": Mark("changed", "8", fills("A", "B", "C", "D", "E"), chose("A", "B", "C", "D", "E")),
    "two digits in a column": Mark("changed", "12", then(number("", "8", "4"), lambda s, i: s.fill(i, "6", 3)), doubt(TWO)),
    "points crossed out, others filled": Mark("changed", "13", after(Sheet.cross_out, "1", "2"), chose("2")),
    # rubbed out
    "rubbed out, another filled": Mark("rubbed", "5", after(Sheet.rub_out, "A", "C"), chose("C")),
    "rubbed out, nothing else": Mark("rubbed", "6", after(Sheet.rub_out, "B"), doubt(ERASED)),
    "two rubbed out": Mark("rubbed", "7", then(lambda s, i: s.rub_out(i, "A"), lambda s, i: s.rub_out(i, "C")), doubt(ERASED)),
    "rubbed out and filled again": Mark("rubbed", "9", worn, chose("B"), or_doubt=True),
    "filled beside rubbing elsewhere": Mark("rubbed", "10", fills("E"), chose("E")),
    "empty beside rubbing elsewhere": Mark("rubbed", "11", nothing, Blank()),
    "several, one rubbed out": Mark("rubbed", "4", after(Sheet.rub_out, "A", "C"), chose("C")),
    "several, one rubbed out, nothing else": Mark("rubbed", "8", after(Sheet.rub_out, "D"), doubt(ERASED)),
    "points rubbed out, others filled": Mark("rubbed", "13", after(Sheet.rub_out, "1", "3"), chose("3")),
    # neither mark nor nothing
    "a dot": Mark("odd", "5", lambda s, i: s.dot(i, "C"), doubt()),
    "a ring round the circle": Mark("odd", "6", lambda s, i: ring(s, i, "B"), doubt()),
    "a line through the circle and beyond": Mark("odd", "7", lambda s, i: stroke(s, i, "C", ((-2.2, -0.3), (2.2, 0.3))), doubt()),
    "a mark beside the circle": Mark("odd", "9", lambda s, i: stroke(s, i, "D", ((1.3, -0.7), (2.0, 0.7)), ((2.0, -0.7), (1.3, 0.7))), doubt(OUT)),
    "a line under the circle": Mark("odd", "10", lambda s, i: stroke(s, i, "B", ((-1.2, 1.6), (1.2, 1.5))), doubt(OUT)),
    "a line through the whole row": Mark("odd", "11", lambda s, i: stroke(s, i, "A", ((-1.5, 0.1), (22.5, -0.1))), doubt()),
    "several, one filled and a dot": Mark("odd", "4", then(lambda s, i: s.fill(i, "A"), lambda s, i: s.dot(i, "D")), doubt()),
    "several, a ring": Mark("odd", "8", lambda s, i: ring(s, i, "C"), doubt()),
    "an empty column within a number": Mark("odd", "12", number("8", "", "4"), doubt(GAP)),
    "points twice": Mark("odd", "13", fills("1", "3"), doubt(TWO)),
    # careless
    "half filled": Mark("careless", "5", lambda s, i: half(s, i, "B"), chose("B"), or_doubt=True),
    "a tick whose tail ends in the next circle": Mark("careless", "6", lambda s, i: stroke(s, i, "B", ((-0.6, 0.0), (-0.1, 0.6)), ((-0.1, 0.6), (4.6, -0.6))), chose("B"), or_doubt=True),
    "a ring round the letter, the circle left empty": Mark("careless", "7", lambda s, i: ring(s, i, "C", 1.3, -1.85), doubt()),
    "one pale fill among dark ones": Mark("careless", "9", lambda s, i: s.fill(i, "D", level=0.2), doubt()),
    "filled far beyond the edge": Mark("careless", "10", lambda s, i: s.strokes(s.box(i, "C"), [((-1.3, y), (1.3, y)) for y in np.linspace(-1.2, 1.2, 13)], 0.6), chose("C"), or_doubt=True),
    "a ring and the circle filled": Mark("careless", "11", then(lambda s, i: s.fill(i, "E"), lambda s, i: ring(s, i, "E", 1.5)), chose("E"), or_doubt=True),
    "several, one of them pale": Mark("careless", "4", then(lambda s, i: s.fill(i, "A"), lambda s, i: s.fill(i, "C", level=0.35)), chose("A", "C"), or_doubt=True),
    "points by two pens": Mark("careless", "13", two_pens, doubt(TWO)),
}  # fmt: skip
