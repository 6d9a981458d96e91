"""What tells a fill whose strokes leave the circle from one that was struck out: one row of numbers, for the third and fourth forest (scanning/forest). Pure.

scanning/weights asks for it, of boxes that the rules call perhaps crossed out, and of fills that leave their rim. Nothing is decided here. The other marks of the question are left out
on purpose: that nothing else is marked does not make a struck-out fill an answer. The order of OVERSHOT is part of the forest's file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, pi, sin
from operator import attrgetter
from statistics import mean, median

from scanning.likeness import Group
from scanning.marks import Mark
from scanning.thresholds import THRESHOLDS, Thresholds
from scanning.yardstick import Yardstick, is_fill

OVERSHOT = (
    "strength", "of_pen", "ink", "spot", "cover", "least", "span", "thin", "sharp", "sharp_of_page", "even", "outside", "outside_of_strength", "beside",
    "beside_more", "far_1", "far_2", "far_3", "far_4", "near_1", "near_2", "near_3", "near_4", "axes_1", "axes_2", "axes_3", "axes_4", "near_1_of_strength",
    "near_2_of_strength", "near_3_of_strength", "axes_1_of_strength", "far_of_near", "through", "through_of_strength", "edge_of_page", "ways", "gaps",
    "one_sided", "line_near", "line_far", "line_axes", "second_line", "line_of_strength", "rim_of_page", "noise", "weak", "fills", "fills_out", "fills_beside",
    "fills_near", "darker_than_fills", "cover_of_fills",
)  # fmt: skip
_darkness = attrgetter("dark", *Mark.__slots__)  # equally dark boxes by all their numbers, so that their places say nothing
ROUND = tuple((cos(k * pi / 4), sin(k * pi / 4)) for k in range(8))  # right, lower right, down and so on


@dataclass(frozen=True, slots=True)
class Fills:
    """How the fills of a page usually leave their circles: of each, the darkest of its question, (group, ink beside, darkest way out, strength, cover)."""

    each: tuple[tuple[Group, float, float, float, float], ...]

    def but(self, group: Group) -> tuple[tuple[Group, float, float, float, float], ...]:
        """Those of the other questions."""
        return tuple(one for one in self.each if one[0] != group)


def fills_of(
    marks: Sequence[Mark], groups: Mapping[Group, Sequence[int]], yardstick: Yardstick, thresholds: Thresholds = THRESHOLDS
) -> Fills:
    """The fills of a page, one of each question at the most."""
    found = []
    for group, places in groups.items():
        mark = max((marks[place] for place in places), key=_darkness)
        if is_fill(mark, yardstick, thresholds):
            out = max(*_above(mark.near, yardstick), *mark.axes)
            found.append((group, mark.beside - yardstick.beside, out, mark.dark - yardstick.floor, mark.cover))
    return Fills(tuple(found))


def overshot(mark: Mark, group: Group, yardstick: Yardstick, fills: Fills) -> list[float]:
    """One row in the order of OVERSHOT."""
    strength = max(mark.dark - yardstick.floor, 0.05)
    far, near, axes = _above(mark.diagonals, yardstick), _above(mark.near, yardstick), list(mark.axes)
    beside = mark.beside - yardstick.beside
    return [
        strength, strength / max(yardstick.pen, 0.05), mark.ink, mark.spot, mark.cover, mark.least, mark.span, mark.thin, mark.sharp,
        mark.sharp / max(yardstick.sharp, 0.5), mark.ink / max(mark.dark, 0.03), mark.outside, mark.outside / strength, beside,
        *_page(mark, beside, group, fills)[:1], *_falling(far), *_falling(near), *_falling(axes), *(each / strength for each in _falling(near)[:3]),
        max(axes) / strength, max(far) / max(*near, 0.02), mark.through, mark.through / strength, mark.edge / max(yardstick.edge, 0.1),
        *_ways(far, near, axes, strength), mark.rim / max(yardstick.rim, 0.1), mark.noise, float(yardstick.weak), *_page(mark, beside, group, fills)[1:],
    ]  # fmt: skip


def _ways(far: list[float], near: list[float], axes: list[float], strength: float) -> list[float]:
    """How many of eight directions show ink, how often it begins and ends round about, how much it lies on one side, and the lines that leave on both."""
    (upper_right, lower_right, lower_left, upper_left), (right, down, left, up) = near, axes
    round_about = [max(each, 0.0) for each in (right, lower_right, down, lower_left, left, upper_left, up, upper_right)]
    inked = [each >= 0.2 * strength for each in round_about]
    gaps = sum(one != other for one, other in pairwise([*inked, inked[0]])) / 2
    x, y = (sum(each * way[axis] for each, way in zip(round_about, ROUND, strict=True)) for axis in (0, 1))
    lines = sorted((min(upper_right, lower_left), min(lower_right, upper_left), min(right, left), min(down, up)), reverse=True)
    return [
        float(sum(inked)), gaps, hypot(x, y) / max(sum(round_about), 0.02), max(min(near[0], near[2]), min(near[1], near[3])),
        max(min(far[0], far[2]), min(far[1], far[3])), max(min(right, left), min(down, up)), lines[1], lines[0] / strength,
    ]  # fmt: skip


def _page(mark: Mark, beside: float, group: Group, fills: Fills) -> list[float]:
    """The box beside the page's other fills: how much more ink lies beside it; how many they are and how they leave their circles."""
    others = fills.but(group)
    if not others:
        return [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    usual = median(one[1] for one in others)
    return [
        beside - usual, float(len(others)), mean(one[2] >= 0.2 * one[3] for one in others), usual, median(one[2] for one in others),
        mark.dark - median(one[3] for one in others), mark.cover - median(one[4] for one in others),
    ]  # fmt: skip


def _above(lines: Sequence[float], yardstick: Yardstick) -> list[float]:
    return [each - yardstick.line for each in lines]


def _falling(values: Sequence[float]) -> list[float]:
    return sorted(values, reverse=True)
