"""What a hand does in and round a circle: strokes as polylines in millimetres from the circle's centre, with pressure along them.

bench/other_hands/pupil chooses among these; bench/other_hands/tools lays them on paper. `r` is the circle's radius, `w` the width of the point.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line without lifting the pen: `points` (n, 2) in millimetres, `pressure` (n,) about 1."""

    points: Floats
    pressure: Floats

    def moved(self, by: tuple[float, float]) -> Stroke:
        """The same stroke elsewhere."""
        return Stroke(self.points + np.asarray(by), self.pressure)


def stroke(points: Floats, rng: Rng, shake: float = 0.08, heavy: float = 1.0) -> Stroke:
    """A line through `points` as a hand draws it: it trembles slowly, presses unevenly, and lifts towards its ends."""
    count = len(points)
    calm = max(2, count // 6)
    drift = np.column_stack([np.interp(np.arange(count), np.linspace(0, count - 1, calm), rng.normal(0, shake, calm)) for _axis in (0, 1)])
    swell = np.interp(np.arange(count), np.linspace(0, count - 1, calm), rng.normal(1.0, 0.16, calm))
    ends = np.minimum(1.0, 0.62 + np.minimum(np.arange(count), np.arange(count)[::-1]) / max(3.0, count * 0.12))
    return Stroke(points + drift, np.clip(heavy * swell * ends, 0.1, 1.8))


def straight(start: tuple[float, float], end: tuple[float, float], rng: Rng, shake: float = 0.1, heavy: float = 1.0) -> Stroke:
    """A quick straight line, a little bent."""
    way = np.linspace(0, 1, 14)[:, None]
    bend = rng.normal(0, 0.05) * np.hypot(end[0] - start[0], end[1] - start[1])
    across = np.array([-(end[1] - start[1]), end[0] - start[0]]) / max(0.1, float(np.hypot(end[0] - start[0], end[1] - start[1])))
    points = np.asarray(start) * (1 - way) + np.asarray(end) * way + across * bend * np.sin(np.pi * way)
    return stroke(points, rng, shake * 0.6, heavy)


def spiral(r: float, w: float, rng: Rng, reach: float = 0.95) -> list[Stroke]:
    """Round and round from the middle to the edge."""
    out = r * reach - w * 0.4
    turns = max(2.0, out / (w * rng.uniform(0.6, 0.85)))
    angle = np.linspace(0, 2 * np.pi * turns, int(18 * turns) + 8) * rng.choice([-1, 1]) + rng.uniform(0, 6.28)
    radius = np.linspace(0.02, 1.0, len(angle)) ** 0.9 * out * (1 + rng.normal(0, 0.03, len(angle)))
    closing = np.linspace(0, 2 * np.pi, 22) + angle[-1]
    rim = np.column_stack((np.cos(closing), np.sin(closing))) * out
    return [stroke(np.vstack((np.column_stack((np.cos(angle), np.sin(angle))) * radius[:, None], rim)), rng, 0.06)]


def zigzag(r: float, w: float, rng: Rng, gap: float = 0.75, over: float = 0.15, part: tuple[float, float] = (-1.0, 1.0)) -> list[Stroke]:
    """To and fro without lifting; `gap` between lines in widths of the point, `over` the edge in millimetres, `part` of the circle."""
    lean = rng.normal(0.9, 0.35)
    heights = np.arange(part[0] * r + w / 2, part[1] * r - w / 4, w * gap)
    if len(heights) < 2:
        heights = np.linspace(part[0] * r / 2, part[1] * r / 2, 3)
    heights = heights + rng.normal(0, w * gap * 0.22, len(heights))
    half = np.sqrt(np.maximum(r**2 - heights**2, (0.25 * r) ** 2)) - w * 0.4
    sides = np.where(np.arange(len(heights)) % 2 == 0, 1.0, -1.0) * (half + rng.normal(over * 0.5, 0.12 + over * 0.4, len(heights)))
    corners = np.column_stack((sides, heights))
    points = _along(corners)
    turn = np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]])
    return [stroke(points @ turn.T, rng, 0.05)]


def rim(r: float, rng: Rng, rounds: float = 1.1, reach: float = 0.92) -> list[Stroke]:
    """Along the circle's own edge."""
    angle = np.linspace(0, 2 * np.pi * rounds, int(26 * rounds) + 4) + rng.uniform(0, 6.28)
    squash = 1 + rng.normal(0, 0.05, 2)
    return [stroke(np.column_stack((np.cos(angle) * squash[0], np.sin(angle) * squash[1])) * r * reach, rng, 0.08)]


def careful(r: float, w: float, rng: Rng) -> list[Stroke]:
    """The edge first, then the inside in one direction, perhaps once more across."""
    made = rim(r, rng) + zigzag(r * 0.96, w, rng, rng.uniform(0.55, 0.75), 0.0)
    return made + (zigzag(r * 0.9, w, rng, 0.9, 0.0) if rng.random() < 0.5 else [])


def hurried(r: float, w: float, rng: Rng) -> list[Stroke]:
    """A quick hatch: white between the lines, ends beyond the edge."""
    return zigzag(r, w, rng, rng.uniform(1.3, 2.3), rng.uniform(0.2, 0.8))


def half(r: float, w: float, rng: Rng) -> list[Stroke]:
    """About half of the circle."""
    return zigzag(r, w, rng, rng.uniform(0.6, 0.9), 0.1, (-1.0, rng.uniform(-0.05, 0.3)))


def blob(r: float, w: float, rng: Rng) -> list[Stroke]:
    """A dot that was scribbled larger."""
    return spiral(r * rng.uniform(0.42, 0.62), w * 0.9, rng)


def tick(r: float, rng: Rng) -> list[Stroke]:
    """A tick: down, then up to the right, often out of the circle."""
    size = rng.uniform(0.8, 1.5)
    dx, dy = rng.normal(0, 0.12 * r, 2)
    low = (-0.15 * r * size + dx, 0.6 * r * size + dy)
    start, end = (
        (-0.75 * r * size + dx, rng.uniform(-0.3, 0.1) * r + dy),
        (rng.uniform(0.8, 1.2) * r * size + dx, -rng.uniform(0.8, 1.2) * r * size + dy),
    )
    return [stroke(_along(np.array([start, low, end]), 0.12), rng, 0.07, 1.1)]


def cross(r: float, rng: Rng, reach: tuple[float, float] = (0.75, 1.35)) -> list[Stroke]:
    """Two lines across each other; each end reaches `reach` radii from the middle along its diagonal."""
    ends = [rng.uniform(*reach) * r for _end in range(4)]
    skew, (dx, dy) = rng.normal(0, 0.12, 2), rng.normal(0, 0.08 * r, 2)
    lines = []
    for turn, out, back in ((np.pi / 4 + skew[0], ends[0], ends[1]), (-np.pi / 4 + skew[1], ends[2], ends[3])):
        x, y = np.cos(turn), np.sin(turn)
        lines.append(straight((dx - x * back, dy - y * back), (dx + x * out, dy + y * out), rng, 0.1, 1.1))
    return lines


def slash(r: float, rng: Rng) -> list[Stroke]:
    """One line through the circle, gone over once more."""
    turn, reach = rng.uniform(0.5, 1.1), rng.uniform(0.8, 1.2) * r
    x, y = np.cos(turn) * reach, -np.sin(turn) * reach
    return [straight((-x, -y), (x, y), rng, 0.08, 1.1), straight((x * 0.9, y * 0.9), (-x * 0.9, -y * 0.9), rng, 0.08)]


def scratch(r: float, w: float, rng: Rng) -> list[Stroke]:
    """A furious scribble that means «not this one»: wide, across the whole circle and far beyond it."""
    wild = zigzag(r * rng.uniform(1.35, 1.7), w, rng, rng.uniform(1.3, 2.0), 0.8)
    return wild + zigzag(r * rng.uniform(1.3, 1.6), w, rng, rng.uniform(1.8, 2.8), 0.8)


def ring(rx: float, ry: float, rng: Rng) -> list[Stroke]:
    """A loop round something."""
    angle = np.linspace(0, 2 * np.pi * rng.uniform(0.98, 1.25), 34) + rng.uniform(0, 6.28)
    grow = np.linspace(0.94, 1.08, len(angle))
    return [stroke(np.column_stack((np.cos(angle) * rx * grow, np.sin(angle) * ry * grow)), rng, 0.12)]


def dot(rng: Rng, size: float = 0.25) -> list[Stroke]:
    """The point was rested on the paper."""
    return [stroke(rng.normal(0, size / 2, (4, 2)), rng, 0.02, rng.uniform(0.6, 1.1))]


def slip(length: float, rng: Rng) -> list[Stroke]:
    """The pen slid off: a light, quick, slightly curved line."""
    turn = rng.uniform(0, 6.28)
    return [straight((0.0, 0.0), (np.cos(turn) * length, np.sin(turn) * length), rng, 0.1, rng.uniform(0.35, 0.8))]


def handwriting(width: float, rng: Rng, height: float = 2.2) -> list[Stroke]:
    """Words on a ruled line, from the left end of its baseline: loops and sticks without meaning."""
    words, x = [], 0.0
    while x < width:
        long = rng.uniform(5, 16)
        count = int(long * 9)
        phase = np.linspace(0, long * rng.uniform(2.0, 2.8), count)
        tall = np.interp(np.arange(count), np.linspace(0, count - 1, 8), rng.uniform(0.5, 1.0, 8)) * height / 2
        points = np.column_stack((x + np.linspace(0, long, count) + 0.35 * np.sin(phase * 1.0), -tall * (1 + np.sin(phase * 1.3 + 1))))
        words.append(stroke(points, rng, 0.1))
        x += long + rng.uniform(2, 4)
    return words


def shape(kind: str, r: float, w: float, rng: Rng) -> list[Stroke]:
    """The strokes of a way to mark, by its name."""
    match kind:
        case "careful":
            made = careful(r, w, rng)
        case "spiral":
            made = spiral(r, w, rng, rng.uniform(0.85, 1.08))
        case "zigzag":
            made = zigzag(r, w, rng, rng.uniform(0.6, 1.1), rng.uniform(0.0, 0.35))
        case "hurried":
            made = hurried(r, w, rng)
        case "half":
            made = half(r, w, rng)
        case "blob":
            made = blob(r, w, rng)
        case "tick":
            made = tick(r, rng)
        case "cross":
            made = cross(r, rng)
        case _:
            made = slash(r, rng)
    return made


DIGIT_LINES = {
    "0": [(0.5, 0), (0, 0.5), (0.5, 1), (1, 0.5), (0.5, 0)], "1": [(0.1, 0.3), (0.6, 0), (0.6, 1)], "2": [(0, 0.2), (0.5, 0), (1, 0.3), (0, 1), (1, 1)],
    "3": [(0, 0.1), (0.9, 0.1), (0.4, 0.45), (0.9, 0.75), (0, 1)], "4": [(0.2, 0), (0, 0.6), (1, 0.6), (0.8, 0.3), (0.8, 1)],
    "5": [(1, 0), (0.2, 0), (0.1, 0.45), (0.9, 0.6), (0.5, 1), (0, 0.9)], "6": [(0.8, 0), (0.1, 0.6), (0.5, 1), (0.9, 0.7), (0.2, 0.6)],
    "7": [(0, 0), (1, 0), (0.4, 1)], "8": [(0.5, 0.5), (0.1, 0.2), (0.5, 0), (0.9, 0.2), (0.1, 0.8), (0.5, 1), (0.9, 0.8), (0.5, 0.5)],
    "9": [(0.9, 0.4), (0.4, 0.5), (0.2, 0.2), (0.6, 0), (0.9, 0.3), (0.7, 1)],
}  # fmt: skip


def digit(value: str, rng: Rng, height: float = 4.2) -> list[Stroke]:
    """A digit written by hand, centred."""
    shape: Floats = np.array(DIGIT_LINES[value], np.float64) - 0.5
    corners: Floats = shape * np.array([height * 0.6, height]) + rng.normal(0, 0.12, shape.shape)
    return [stroke(_along(corners), rng, 0.06)]


def _along(corners: Floats, step: float = 0.2) -> Floats:
    """The way through corners, straight from one to the next, with points every `step` of a side."""
    way = np.arange(0, len(corners) - 1 + 1e-9, step)
    return np.column_stack([np.interp(way, np.arange(len(corners)), corners[:, axis]) for axis in (0, 1)])
