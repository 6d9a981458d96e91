"""What kind of pupils a condition has: their pencil case, how hard they press, how often they change their mind, how well they rub out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bench.other_hands import strokes as s
from bench.other_hands import tools as t
from bench.other_hands.tools import Tool

CASE = (
    (t.PENCIL_HB, 0.27), (t.PENCIL_2H, 0.07), (t.PENCIL_4B, 0.06), (t.PENCIL_BLUNT, 0.06), (t.BALL_BLUE, 0.27), (t.BALL_BLACK, 0.06), (t.BALL_DRY, 0.02),
    (t.GEL_BLUE, 0.07), (t.GEL_BLACK, 0.06), (t.GEL_VIOLET, 0.02), (t.FELT_BLUE, 0.025), (t.FELT_GREEN, 0.015),
)  # fmt: skip
EVENTS = {  # shares of groups of boxes; what is left is a plain answer
    "blank": 0.05, "rubbed_other": 0.035, "rubbed_alone": 0.004, "crossed_other": 0.03, "crossed_alone": 0.003, "scratched_other": 0.005,
    "two_marks": 0.005, "dot_beside": 0.01, "dot_alone": 0.002, "off_target": 0.003, "label_circled": 0.0015, "ringed": 0.0015, "underlined": 0.001,
    "slip_through": 0.002, "touch_beside": 0.003,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares and ranges from which a page's pupil is drawn. `rub_leaves` and `rub_smears` are shares of the
    density laid down, which shows more than that: a twentieth leaves a fifth of the darkness."""

    tools: tuple[tuple[Tool, float], ...] = CASE
    force: tuple[float, float] = (0.6, 1.15)
    events: tuple[tuple[str, float], ...] = tuple(EVENTS.items())
    rub_leaves: tuple[float, float] = (0.005, 0.07)
    rub_smears: tuple[float, float] = (0.01, 0.06)
    dirt: float = 1.0
    unfilled: float = 0.0  # share of numbers that are written into the squares and not filled in
    shape: Callable[[str, float, float, s.Rng], list[s.Stroke]] = s.shape  # a kind of mark, radius, width of the point

    def but(self, **events: float) -> Habits:
        """The same with other shares of some events."""
        return replace(self, events=tuple({**dict(self.events), **events}.items()))


USUAL = Habits()
FAINT = replace(
    USUAL,
    tools=((t.PENCIL_2H, 0.5), (t.PENCIL_HB, 0.25), (t.BALL_DRY, 0.15), (t.PENCIL_BLUNT, 0.1)),
    force=(0.3, 0.65),
    rub_leaves=(0.01, 0.1),
)
RUBBERS = replace(
    USUAL.but(rubbed_other=0.3, rubbed_alone=0.04),
    tools=((t.PENCIL_HB, 0.45), (t.PENCIL_4B, 0.25), (t.PENCIL_2H, 0.15), (t.PENCIL_BLUNT, 0.15)),
    rub_leaves=(0.01, 0.16), rub_smears=(0.02, 0.14),
)  # fmt: skip
CROSSERS = USUAL.but(crossed_other=0.3, crossed_alone=0.03, scratched_other=0.04)
OFF_TARGET = USUAL.but(
    off_target=0.06, label_circled=0.04, ringed=0.05, underlined=0.03, slip_through=0.05, dot_alone=0.03, touch_beside=0.05
)
ELSEWHERE = replace(USUAL.but(struck_other=0.06, struck_alone=0.05, retraced=0.05, ticked_behind=0.06), unfilled=0.4)
WITHHELD = replace(USUAL, tools=((t.CRAYON, 0.35), (t.FOUNTAIN, 0.35), (t.WORN_FELT, 0.3)))
