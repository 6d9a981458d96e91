"""A pupil with one tool, one habit and a few slips fills a sheet; a teacher fills the score strips. Every mark is remembered with what it meant.

bench/other_hands/field calls `fill`; bench/other_hands/truth looks at the final picture and decides which meanings can still be seen there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bench.other_hands import strokes as s
from bench.other_hands import tools as t
from bench.other_hands.habits import Habits
from bench.other_hands.sheets import Sheet, Spot
from bench.other_hands.strokes import Floats, Rng, Stroke
from bench.other_hands.tools import Patch, Tool
from scanning.verdict import Grey

PLAIN = ("careful", "spiral", "zigzag", "hurried", "half", "blob", "tick", "cross", "slash")
SHARES = {  # of a pupil's favourite way to mark
    "careful": 0.2, "spiral": 0.2, "zigzag": 0.24, "hurried": 0.13, "half": 0.02, "blob": 0.02, "tick": 0.1, "cross": 0.07, "slash": 0.02,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: `role` answer, rubbed, cancelled, scratched, touch or elsewhere.

    Where its darkness can be looked for, (n, 2) millimetres on the page: `points` within the circle, `arms` well beyond its edge.
    """

    spot: Spot
    role: str
    kind: str
    points: Floats
    arms: Floats


@dataclass(slots=True)
class Deed:
    """What was done to one group of boxes (an item, or one digit column) and what it meant; not `sure`: no teacher could be."""

    item: str
    column: int | None
    meant: tuple[str, ...] = ()
    sure: bool = True
    kind: str = "blank"
    several: bool = False
    marks: list[Mark] = field(default_factory=list)


class Hand:
    """One person with one tool at one sheet."""

    def __init__(self, page: Grey, per_mm: float, habits: Habits, tool: Tool, eyes: str, rng: Rng) -> None:
        self.page, self.per_mm, self.habits, self.tool, self.rng = page, per_mm, habits, tool, rng
        self.remission = tool.grey(eyes)
        self.width = rng.uniform(*tool.width)
        self.force = rng.uniform(*habits.force) * (1.0 if tool.rubs else rng.uniform(0.9, 1.2))
        self.favourite = str(rng.choice(PLAIN, p=[SHARES[kind] / sum(SHARES.values()) for kind in PLAIN]))
        self.loose = rng.uniform(0.03, 0.11)
        self.bias = rng.normal(0, 0.06, 2)

    def answer(self, deed: Deed, spot: Spot, kind: str = "") -> None:
        """Mark a box as the answer."""
        kind = kind or (self.favourite if self.rng.random() < 0.88 else str(self.rng.choice(PLAIN)))
        self.lay(deed, spot, "answer", kind, self.shape(spot, kind))

    def shape(self, spot: Spot, kind: str) -> list[Stroke]:
        """The strokes of a way to mark, a little off the middle."""
        r, rng = spot.size / 2, self.rng
        made = self.habits.shape(kind, r, self.width, rng)
        off = rng.normal(0, self.loose * r, 2) + self.bias
        return [each.moved((float(off[0]), float(off[1]))) for each in made]

    def lay(self, deed: Deed, spot: Spot, role: str, kind: str, made: Sequence[Stroke], force: float = 1.0) -> Patch:
        """Draw strokes round a box and remember them; `rub` and `over` may follow before `done`."""
        patch = self.patch(spot.center, made)
        patch.draw(made, self.tool, self.width, self.force * force * self.rng.uniform(0.88, 1.12), self.rng)
        patch.press_into(self.page, self.remission)
        deed.marks.append(Mark(spot, role, kind, *_looked_for(made, spot)))
        return patch

    def rubbed(self, deed: Deed, spot: Spot, kind: str) -> None:
        """Mark a box and rub it out again, as well or badly as this pupil's rubber does."""
        made, rng = self.shape(spot, kind), self.rng
        patch = self.patch(spot.center, made, room=2.5)
        patch.draw(made, self.tool, self.width, self.force, rng)
        patch.rub(rng.uniform(0, 3.14), rng.uniform(*self.habits.rub_leaves), rng.uniform(*self.habits.rub_smears), rng)
        patch.press_into(self.page, self.remission)
        deed.marks.append(Mark(spot, "rubbed", kind, *_looked_for(made, spot)))

    def crossed(self, deed: Deed, spot: Spot, reach: tuple[float, float] = (1.45, 2.3)) -> None:
        """Fill a box and cross it out beyond its edge, as the legend teaches."""
        kind = str(self.rng.choice(("careful", "zigzag", "spiral", "hurried")))
        made = [*self.shape(spot, kind), *s.cross(spot.size / 2, self.rng, reach)]
        self.lay(deed, spot, "cancelled", f"{kind} crossed out", made, 1.05)

    def loose_strokes(self, center: tuple[float, float], made: Sequence[Stroke], force: float = 1.0) -> None:
        """Draw something that belongs to no box."""
        patch = self.patch(center, made)
        patch.draw(made, self.tool, self.width, self.force * force, self.rng)
        patch.press_into(self.page, self.remission)

    def patch(self, center: tuple[float, float], made: Sequence[Stroke], room: float = 1.0) -> Patch:
        """A patch that holds the strokes."""
        return Patch(center, max(float(np.abs(each.points).max()) for each in made) + self.width + room, self.per_mm)


def _looked_for(made: Sequence[Stroke], spot: Spot) -> tuple[Floats, Floats]:
    """Up to 48 places within the circle, clear of its printed outline, where the strokes should be dark; and those beyond its edge."""
    points = np.vstack([each.points for each in made])
    away, r = np.hypot(points[:, 0], points[:, 1]), spot.size / 2
    inside = points[away < r - 0.35] if (away < r - 0.35).sum() >= 4 else points
    step = max(1, len(inside) // 48)
    return inside[::step] + np.asarray(spot.center), points[away > 1.25 * r] + np.asarray(spot.center)


def hand_of_pupil(page: Grey, per_mm: float, habits: Habits, eyes: str, rng: Rng) -> Hand:
    """A pupil's hand with a tool out of the habits' pencil case."""
    tools, shares = zip(*habits.tools, strict=True)
    tool = tools[int(rng.choice(len(tools), p=np.array(shares) / sum(shares)))]
    return Hand(page, per_mm, habits, tool, eyes, rng)


def hand_of_teacher(page: Grey, per_mm: float, habits: Habits, eyes: str, rng: Rng) -> Hand:
    """A teacher's hand: a pen, mostly red, pressed firmly."""
    tools = (t.RED_BALL, t.RED_GEL, t.BALL_BLUE, t.GEL_BLACK)
    hand = Hand(page, per_mm, habits, tools[int(rng.choice(4, p=[0.4, 0.25, 0.25, 0.1]))], eyes, rng)
    hand.favourite = str(rng.choice(("zigzag", "spiral", "tick", "cross", "careful"), p=[0.3, 0.2, 0.2, 0.15, 0.15]))
    hand.force = rng.uniform(0.85, 1.2)
    return hand


def fill(page: Grey, per_mm: float, sheet: Sheet, habits: Habits, eyes: str, rng: Rng) -> list[Deed]:
    """Fill every item of the sheet on its rendered page (changed in place); answers what was done, group by group."""
    from bench.other_hands import events

    pupil, teacher = hand_of_pupil(page, per_mm, habits, eyes, rng), hand_of_teacher(page, per_mm, habits, eyes, rng)
    deeds = []
    for item, rule in sheet.rules.items():
        spots = sheet.spots_of(item)
        if rule == "score":
            events.write_lines(pupil, spots)
            deeds.append(events.score(teacher, item, spots))
        elif rule == "number":
            deeds.extend(events.number(pupil, item, spots))
        elif rule == "several":
            deeds.append(events.several(pupil, item, spots))
        else:
            deeds.append(events.one(pupil, item, None, spots))
    events.accidents(pupil, sheet)
    return deeds
