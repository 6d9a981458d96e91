"""The cells of a box's patch that lie in each area: inside, along the outline, beside it, and along the lines that leave it.

scanning/marks measures in them. Lengths are in the box's own radii; cells are counted row by row, as `patches.axes` lays them.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from scanning.patches import BARE, SIDE, SPAN, Values, axes

MIDDLE, INNER, RIM, RING = 0.70, 0.78, (0.86, 1.14), (0.78, 1.22)
BLED = 2  # rows at a patch's upper and lower end into which blurring brings the patch beside it
OUTSIDE = (1.22, 1.75)
FAR_DIAGONAL, NEAR_DIAGONAL, AXES = (1.7, 2.2), (1.3, 1.65), (1.5, 1.95)
DIAGONAL_HALF_WIDTH, DIAGONAL_STEPS = 0.42, 5
ASLANT, UPRIGHT = ((1, -1), (1, 1), (-1, 1), (-1, -1)), ((1, 0), (0, 1), (-1, 0), (0, -1))  # right and down, clockwise
RINGS = 8
Reach = tuple[float, float]
Ways = tuple[tuple[int, int], ...]
Cells = npt.NDArray[np.intp]


@lru_cache(maxsize=1)
def areas_of_a_patch() -> dict[str, Cells]:
    """The cells of a patch that lie in each area, counted row by row; those of "middle" within `middle_part`."""
    x, y = axes()
    far = np.hypot(x, y)
    eighth = ((np.arctan2(y, x) + 1.125 * np.pi) / (np.pi / 4)).astype(int) % 8  # a cross lies in four of them, the other four stay light
    around = (far > 0.15) & (far < INNER)
    areas = {
        "inner": far < INNER,
        "middle": far[middle_part(), middle_part()] < MIDDLE,
        "rim": (far > RIM[0]) & (far < RIM[1]),
        "outside": (far > OUTSIDE[0]) & (far < OUTSIDE[1]),
        "ring": (far > RING[0]) & (far < RING[1]),
        "paper": far > BARE,
        "reach": (far > BARE) & (np.abs(np.arange(SIDE) - SIDE // 2) <= SIDE // 2 - BLED)[:, None],
        "outer": far > BARE,
    }
    areas |= {f"eighth {k}": around & (eighth == k) for k in range(8)}
    return {name: np.flatnonzero(area) for name, area in areas.items()}


@lru_cache(maxsize=1)
def rings_inside() -> tuple[Cells, Values]:
    """The ring of each cell inside a box, (cells,), and its share in the mean of that ring, (cells, RINGS)."""
    x, y = (axis.ravel()[areas_of_a_patch()["inner"]] for axis in axes())
    ring = np.minimum((np.hypot(x, y) / INNER * RINGS).astype(np.intp), RINGS - 1)
    members = (ring[:, None] == np.arange(RINGS)).astype(np.float32)
    return ring, members / members.sum(axis=0)


@lru_cache(maxsize=3)
def cells_of_lines(reach: Reach, ways: Ways) -> tuple[Cells, Cells]:
    """Cells of each step of each way, one after the other, and where each step begins."""
    x, y = (axis.ravel() for axis in axes())
    edges = np.linspace(*reach, DIAGONAL_STEPS + 1).tolist()
    every = []
    for right, down in ways:
        along, across = (right * x + down * y) / np.hypot(right, down), (x * down - y * right) / np.hypot(right, down)
        near = np.abs(across) < DIAGONAL_HALF_WIDTH
        every += [np.flatnonzero(near & (along >= low) & (along < high)) for low, high in pairwise(edges)]
    return np.concatenate(every), np.cumsum([0, *map(len, every[:-1])])


def reached(radii: float) -> tuple[int, int]:
    """The cells of a line through the patch's middle that lie within so many radii of it: the first, and the one behind the last."""
    half = int(radii / SPAN * (SIDE // 2))
    return SIDE // 2 - half, SIDE // 2 + half + 1


def middle_part() -> slice:
    """The cells of a line through the patch's middle that Sobel's operator looks at to tell the slopes within MIDDLE."""
    first, behind = reached(MIDDLE)
    return slice(first - 1, behind + 1)
