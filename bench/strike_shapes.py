"""The ways in which children strike a fill out, and in which fills leave their circle: lines in radii, round the middle of the circle.

bench/strikes draws them with the pens of both simulators. The strike `wave` is withheld: never learned from.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

Rng = np.random.Generator
Line = npt.NDArray[np.float64]
Shape = Callable[[Rng], list[Line]]


def straight(rng: Rng, turn: float, back: float, out: float, aside: float = 0.0) -> Line:
    """A line from `back` to `out` radii in the direction `turn`, `aside` from the middle, a little bent."""
    way, (x, y) = np.linspace(-back, out, 14), (np.cos(turn), np.sin(turn))
    across = aside + rng.normal(0, 0.05) * np.sin(np.linspace(0, np.pi, 14)) * (back + out)
    return np.stack([way * x - across * y, way * y + across * x], axis=1)


def one_line(rng: Rng) -> list[Line]:
    """One line, in any direction or level, 1.2 to 3 radii to each side, not always through the very middle."""
    turn = rng.uniform(0, np.pi) if rng.random() < 0.6 else rng.normal(0, 0.12)
    reach = rng.uniform(1.2, 3.0)
    ends = reach * rng.uniform(0.8, 1.2, 2)
    return [straight(rng, turn, ends[0], ends[1], rng.normal(0, 0.15))]


def thick_line(rng: Rng) -> list[Line]:
    """One line, gone over to and fro."""
    turn, ends = rng.uniform(0, np.pi), rng.uniform(1.3, 2.6, 2)
    return [
        straight(rng, turn + rng.normal(0, 0.05), *ends * rng.uniform(0.9, 1.1), rng.normal(0, 0.08))
        for _time in range(int(rng.integers(2, 4)))
    ]


def two_lines(rng: Rng) -> list[Line]:
    """Two lines side by side."""
    turn, apart = rng.uniform(0, np.pi) if rng.random() < 0.6 else rng.normal(0, 0.12), rng.uniform(0.3, 0.9)
    ends = rng.uniform(1.2, 2.8, (2, 2))
    return [straight(rng, turn + rng.normal(0, 0.06), ends[k, 0], ends[k, 1], side * apart / 2) for k, side in enumerate((-1, 1))]


def upright_cross(rng: Rng) -> list[Line]:
    """A + over the circle."""
    return _crossed(rng, rng.normal(0, 0.1), (1.25, 2.6))


def short_cross(rng: Rng) -> list[Line]:
    """A × that hardly gets beyond the edge."""
    return _crossed(rng, np.pi / 4 + rng.normal(0, 0.15), (1.2, 1.7))


def long_cross(rng: Rng) -> list[Line]:
    """A × as the legend shows it."""
    return _crossed(rng, np.pi / 4 + rng.normal(0, 0.15), (1.6, 2.8))


def askew_cross(rng: Rng) -> list[Line]:
    """A cross in any direction, off the middle, its arms as they come."""
    return [each + rng.normal(0, 0.25, 2) for each in _crossed(rng, rng.uniform(0, np.pi), (1.1, 2.4))]


def _crossed(rng: Rng, turn: float, reach: tuple[float, float]) -> list[Line]:
    lean, length = rng.normal(0, 0.12), rng.uniform(*reach)
    ends = length * rng.uniform(0.85, 1.15, 4)
    return [
        straight(rng, turn, ends[0], ends[1], rng.normal(0, 0.1)),
        straight(rng, turn + np.pi / 2 + lean, ends[2], ends[3], rng.normal(0, 0.1)),
    ]


def zigzag(rng: Rng) -> list[Line]:
    """A few strokes to and fro across the circle, wider than it."""
    count, reach, turn = int(rng.integers(3, 8)), rng.uniform(1.2, 2.2), rng.uniform(0, np.pi)
    down = np.linspace(-1, 1, count) * rng.uniform(0.6, 1.4)
    corners = np.stack([np.where(np.arange(count) % 2, 1, -1) * reach * rng.uniform(0.8, 1.1, count), down], axis=1)
    return [_turned(_along(corners), turn)]


def scribble(rng: Rng) -> list[Line]:
    """A wild scribble over everything."""
    reach = rng.uniform(0.7, 1.1)
    return [_smooth(rng.normal(0, reach, (int(rng.integers(12, 28)), 2)).clip(-2.1 * reach, 2.1 * reach))]


def loops(rng: Rng) -> list[Line]:
    """Loops one after the other across the circle, as over a word."""
    way, turn = np.linspace(0, rng.integers(2, 5) * 2 * np.pi, 60), rng.normal(0, 0.4)
    reach, high = rng.uniform(1.2, 2.2), rng.uniform(0.5, 1.2)
    return [_turned(np.stack([np.linspace(-reach, reach, 60) + 0.4 * np.sin(way), high * np.cos(way)], axis=1), turn)]


def ring(rng: Rng) -> list[Line]:
    """A ring round the filled circle."""
    angle = np.linspace(0, 2 * np.pi * rng.uniform(0.9, 1.3), 40) + rng.uniform(0, 6.28)
    return [np.stack([np.cos(angle), np.sin(angle)], axis=1) * rng.uniform(1.25, 1.9, 2) + rng.normal(0, 0.12, 2)]


def wave(rng: Rng) -> list[Line]:
    """A waving line through the circle. Withheld: never learned from."""
    reach, high, turn = rng.uniform(1.3, 2.8), rng.uniform(0.15, 0.6), rng.uniform(0, np.pi)
    way = np.linspace(-reach, reach, 40)
    return [_turned(np.stack([way, high * np.sin(way * rng.uniform(2.0, 5.0) + rng.uniform(0, 6.28))], axis=1), turn)]


def long_hatch(rng: Rng) -> list[Line]:
    """Filled to and fro in one direction, the strokes beyond the rim at both ends."""
    return [_hatched(rng, rng.uniform(1.1, 1.7), rng.uniform(0.8, 1.15), rng.uniform(0.2, 0.45), rng.uniform(0.05, 0.35))]


def moved_hatch(rng: Rng) -> list[Line]:
    """Filled off the middle, so that the strokes leave on one side."""
    return [
        each + rng.uniform(-0.4, 0.4, 2)
        for each in [_hatched(rng, rng.uniform(1.0, 1.4), rng.uniform(0.9, 1.2), rng.uniform(0.2, 0.5), 0.15)]
    ]


def ragged_hatch(rng: Rng) -> list[Line]:
    """Filled well, but one or two strokes slip out far."""
    line = _hatched(rng, 1.0, 0.95, rng.uniform(0.18, 0.35), 0.06)
    for place in rng.choice(np.arange(12, len(line) - 12), int(rng.integers(1, 3))):
        line[place - 3 : place + 4] *= 1 + (rng.uniform(0.2, 0.8) * np.hanning(7))[:, None]
    return [line]


def tailed_spiral(rng: Rng) -> list[Line]:
    """Filled round and round; the end leaves the circle."""
    turns = rng.uniform(2.5, 5)
    angle = np.linspace(0, turns * 2 * np.pi, int(turns * 16)) * rng.choice([-1, 1]) + rng.uniform(0, 6.28)
    round_ = np.stack([np.cos(angle), np.sin(angle)], axis=1) * np.sqrt(np.linspace(0.01, 1, len(angle)))[:, None] * rng.uniform(0.85, 1.1)
    way = round_[-1] - round_[-2]
    way = way / max(float(np.hypot(*way)), 1e-6) + 0.4 * round_[-1]
    tail = round_[-1] + way * np.linspace(0, rng.uniform(0.2, 1.1), 8)[:, None]
    return [np.vstack([round_, tail])]


def wild_fill(rng: Rng) -> list[Line]:
    """Filled in loops without care, somewhat over the rim."""
    reach = rng.uniform(0.5, 0.68)
    return [_smooth(rng.normal(0, reach, (int(rng.integers(16, 30)), 2)).clip(-2.2 * reach, 2.2 * reach) + rng.uniform(-0.15, 0.15, 2))]


def _hatched(rng: Rng, along: float, across: float, pitch: float, uneven: float) -> Line:
    count = max(5, int(2 * across / pitch))
    height = np.linspace(-across, across, count) + rng.normal(0, 0.1 * pitch, count)
    half = along * np.sqrt(np.maximum(1.02 - (height / across) ** 2, 0.06)) * (1 + rng.normal(0, uneven, count)).clip(0.6, 1.6)
    return _turned(_along(np.stack([half * np.where(np.arange(count) % 2, 1, -1), height], axis=1)), rng.uniform(0, np.pi))


def _along(corners: Line) -> Line:
    way = np.arange(0, len(corners) - 1 + 1e-9, 0.125)
    return np.stack([np.interp(way, np.arange(len(corners)), corners[:, axis]) for axis in (0, 1)], axis=1)


def _smooth(points: Line) -> Line:
    return np.stack([cv2.GaussianBlur(axis[None], (0, 0), 3.0)[0] for axis in _along(points).T], axis=1) * 1.12


def _turned(line: Line, turn: float) -> Line:
    return line @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])


STRIKES: dict[str, Shape] = {
    each.__name__: each for each in (one_line, thick_line, two_lines, upright_cross, short_cross, long_cross, askew_cross, zigzag, scribble, loops, ring)
}  # fmt: skip
WITHHELD_STRIKES: dict[str, Shape] = {"wave": wave}
OVERSHOOTS: dict[str, Shape] = {each.__name__: each for each in (long_hatch, moved_hatch, ragged_hatch, tailed_spiral, wild_fill)}
WEIGHTS = {"one_line": 3.0, "upright_cross": 1.5}  # of the strikes; others 1
