"""How children (and teachers) treat a sheet: named sets of shares and probabilities, all of them per item or per page.

No count of real sheets stands behind these figures: they are guesses, set on the harsh side. docs/rehearsal.md says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Shares = Mapping[str, float]

PLAIN_PENS: Shares = {
    "pencil_hb": 5, "pencil_2b": 3, "ballpoint_blue": 5, "ballpoint_black": 2, "ballpoint_violet": 1, "gel": 1,
    "pencil_faint": 0.7, "ballpoint_worn": 0.2, "felt_tip": 0.2,
}  # fmt: skip
PLAIN_STYLES: Shares = {
    "hatched": 6,
    "hatched_twice": 3,
    "spiral": 3,
    "overshot": 1,
    "scribble": 1,
    "tick": 1.5,
    "big_tick": 0.3,
    "cross": 1.5,
}
WILD_PENS: Shares = {
    "pencil_hb": 3, "pencil_2b": 2, "pencil_faint": 3, "pencil_colour": 2, "ballpoint_blue": 3, "ballpoint_black": 1, "ballpoint_violet": 2,
    "ballpoint_red": 1, "ballpoint_worn": 2, "gel": 1, "felt_tip": 2,
}  # fmt: skip
WILD_STYLES: Shares = {
    "hatched": 3, "hatched_twice": 2, "spiral": 2, "overshot": 2, "half": 1, "scribble": 2, "tick": 2, "big_tick": 2, "cross": 2, "big_cross": 0.7,
    "dot": 0.7, "dash": 0.7, "ring": 0.3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares of pens and styles, and how often things happen. `sloppy`: of crossings-out and rubbings, those that nobody would teach."""

    pens: Shares
    styles: Shares
    own_style: float = 0.85  # a pupil keeps to one style
    blank: float = 0.05
    crossed: float = 0.04  # another answer was crossed out first
    crossed_alone: float = 0.006
    rubbed: float = 0.05  # by those who write in pencil
    rubbed_alone: float = 0.008
    two_marks: float = 0.008
    gap: float = 0.01  # of numbers: an empty column after a digit
    sloppy: float = 0.0
    residue: tuple[float, float] = (0.02, 0.14)
    pressure: tuple[float, float] = (0.9, 1.12)
    writes: float = 0.8  # of open answers
    in_figures: float = 0.6  # of numbers: also written above their columns
    teacher: float = 0.6  # of pages with score strips: the teacher has given points
    name: float = 0.5
    doodle: float = 0.08
    stray: float = 0.03
    red_ticks: float = 0.15  # of pages the teacher has seen: ticks beside the answers


TIDY = Habits(PLAIN_PENS, PLAIN_STYLES, crossed=0.02, rubbed=0.02, doodle=0.02, stray=0.0, red_ticks=0.0)
ORDINARY = Habits(PLAIN_PENS, PLAIN_STYLES)
UNRULY = Habits(
    WILD_PENS, WILD_STYLES, own_style=0.6, blank=0.08, crossed=0.08, crossed_alone=0.015, rubbed=0.1, rubbed_alone=0.02, two_marks=0.02, gap=0.02,
    sloppy=0.25, residue=(0.03, 0.24), pressure=(0.7, 1.25), doodle=0.3, stray=0.3, red_ticks=0.4,
)  # fmt: skip
HABITS = {"tidy": TIDY, "ordinary": ORDINARY, "unruly": UNRULY}
