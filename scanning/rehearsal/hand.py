"""The shapes that a hand draws: fills, ticks, crosses, scribbles, writing, doodles. Lines in millimetres, nothing of paper or ink.

`center` and `radius` are those of the printed box; every shape is a list of lines, each (n, 2).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scanning.rehearsal.pens import Line

Rng = np.random.Generator
Point = tuple[float, float]


def hatched(rng: Rng, center: Point, radius: float, width: float) -> list[Line]:
    """Filled to and fro, as most children do."""
    return [_hatch(rng, center, radius * rng.uniform(0.85, 1.12), width * rng.uniform(0.7, 1.25), rng.uniform(0, np.pi))]


def hatched_twice(rng: Rng, center: Point, radius: float, width: float) -> list[Line]:
    """Filled carefully, in two directions."""
    angle = rng.uniform(0, np.pi)
    reach = radius * rng.uniform(0.9, 1.05)
    return [_hatch(rng, center, reach, width * 0.9, angle), _hatch(rng, center, reach, width * 0.9, angle + rng.uniform(0.6, 1.5))]


def spiral(rng: Rng, center: Point, radius: float, width: float) -> list[Line]:
    """Filled in circles from the middle."""
    reach = radius * rng.uniform(0.85, 1.08)
    turns = max(2.0, reach / (width * rng.uniform(0.75, 1.1)))
    angle = np.linspace(0, turns * 2 * np.pi, int(turns * 14)) * rng.choice([-1, 1]) + rng.uniform(0, 6.28)
    growth = np.sqrt(np.linspace(0.001, 1, len(angle)) ** 1.8) * reach
    return [_shaken(rng, np.stack([np.cos(angle) * growth, np.sin(angle) * growth], axis=1) + _near(rng, center, radius, 0.1), 0.06)]


def overshot(rng: Rng, center: Point, radius: float, width: float) -> list[Line]:
    """Filled in a hurry, well over the edge and off the middle."""
    middle = _near(rng, center, radius, 0.3)
    return [_hatch(rng, (middle[0], middle[1]), radius * rng.uniform(1.1, 1.4), width * rng.uniform(1.0, 1.8), rng.uniform(0, np.pi))]


def half(rng: Rng, center: Point, radius: float, width: float) -> list[Line]:
    """Only a part of the circle is filled."""
    angle, shift = rng.uniform(0, 2 * np.pi), radius * rng.uniform(0.3, 0.45)
    middle = (center[0] + np.cos(angle) * shift, center[1] + np.sin(angle) * shift)
    return [_hatch(rng, middle, radius * rng.uniform(0.5, 0.65), width, rng.uniform(0, np.pi))]


def scribble(rng: Rng, center: Point, radius: float, _width: float) -> list[Line]:
    """Loops over the circle without care."""
    count = int(rng.integers(14, 26))
    points = rng.normal(0, radius * 0.55, (count, 2)).clip(-radius * 1.25, radius * 1.25)
    return [_curved(points + _near(rng, center, radius, 0.15), 6)]


def tick(rng: Rng, center: Point, radius: float, _width: float) -> list[Line]:
    """A tick with its corner in the circle."""
    return [_tick(rng, _near(rng, center, radius, 0.25), radius * rng.uniform(0.9, 1.5))]


def big_tick(rng: Rng, center: Point, radius: float, _width: float) -> list[Line]:
    """A tick with a long tail upwards and to the right."""
    return [_tick(rng, _near(rng, center, radius, 0.3), radius * rng.uniform(1.6, 2.4))]


def cross(rng: Rng, center: Point, radius: float, _width: float) -> list[Line]:
    """A × that stays about within the circle: an answer."""
    return _cross(rng, _near(rng, center, radius, 0.2), radius * rng.uniform(0.7, 1.15))


def big_cross(rng: Rng, center: Point, radius: float, _width: float) -> list[Line]:
    """A × well beyond an empty circle: an answer all the same, if it is the only mark."""
    return _cross(rng, _near(rng, center, radius, 0.2), radius * rng.uniform(1.5, 2.1))


def dot(rng: Rng, center: Point, radius: float, width: float) -> list[Line]:
    """A dot of 1.0 to 1.5 mm somewhere in the circle."""
    middle = _near(rng, center, radius, 0.35)
    reach = max(0.3, rng.uniform(0.5, 0.75) - width / 2)
    angle = np.linspace(0, 4 * np.pi, 24)
    return [_shaken(rng, np.stack([np.cos(angle), np.sin(angle)], axis=1) * reach * np.linspace(0.2, 1, 24)[:, None] + middle, 0.03)]


def dash(rng: Rng, center: Point, radius: float, _width: float) -> list[Line]:
    """One line through the circle."""
    return [_straight(rng, _near(rng, center, radius, 0.2), radius * rng.uniform(0.8, 1.3), rng.uniform(-0.6, 0.6))]


def ring(rng: Rng, center: Point, radius: float, _width: float) -> list[Line]:
    """A ring drawn round the printed circle."""
    angle = np.linspace(0, 2 * np.pi * rng.uniform(0.95, 1.15), 30) + rng.uniform(0, 6.28)
    reach = radius * rng.uniform(1.25, 1.6, 2)
    return [_shaken(rng, np.stack([np.cos(angle) * reach[0], np.sin(angle) * reach[1]], axis=1) + _near(rng, center, radius, 0.15), 0.12)]


def crossing_out(rng: Rng, center: Point, radius: float, _width: float) -> list[Line]:
    """A × through a filled circle, clearly beyond its edge on all four sides, as the legend shows it."""
    return _cross(rng, _near(rng, center, radius, 0.15), radius * rng.uniform(2.15, 2.8), 0.08)


def sloppy_crossing_out(rng: Rng, center: Point, radius: float, _width: float) -> list[Line]:
    """A × that hardly gets beyond the edge, or a single bold stroke, or a scratching over everything."""
    way = rng.integers(0, 3)
    if way == 0:
        return _cross(rng, _near(rng, center, radius, 0.3), radius * rng.uniform(1.3, 1.8), 0.2)
    if way == 1:
        return [_straight(rng, _near(rng, center, radius, 0.2), radius * rng.uniform(1.6, 2.4), rng.uniform(-0.9, 0.9))]
    points = rng.normal(0, radius * 0.8, (int(rng.integers(16, 30)), 2)).clip(-radius * 1.7, radius * 1.7)
    return [_curved(points + np.array(center), 5)]


SHAPES: dict[str, Callable[[Rng, Point, float, float], list[Line]]] = {
    shape.__name__: shape
    for shape in (hatched, hatched_twice, spiral, overshot, half, scribble, tick, big_tick, cross, big_cross, dot, dash, ring)
}
FILLS = ("hatched", "hatched_twice", "spiral", "overshot")
FIGURES = {  # knots in a box 0.6 wide and 1 tall, y downwards
    "0": ((0.3, 0.0), (0.0, 0.2), (0.0, 0.8), (0.3, 1.0), (0.6, 0.8), (0.6, 0.2), (0.3, 0.0)),
    "1": ((0.05, 0.3), (0.35, 0.0), (0.35, 1.0)),
    "2": ((0.0, 0.25), (0.1, 0.0), (0.6, 0.0), (0.55, 0.45), (0.0, 1.0), (0.3, 0.95), (0.6, 1.0)),
    "3": ((0.0, 0.1), (0.6, 0.0), (0.55, 0.4), (0.2, 0.48), (0.65, 0.55), (0.6, 1.0), (0.0, 0.9)),
    "4": ((0.4, 0.0), (0.0, 0.6), (0.6, 0.6), (0.45, 0.6), (0.45, 0.3), (0.45, 1.0)),
    "5": ((0.6, 0.0), (0.1, 0.0), (0.05, 0.45), (0.6, 0.4), (0.6, 0.95), (0.0, 1.0)),
    "6": ((0.5, 0.0), (0.1, 0.3), (0.0, 0.8), (0.3, 1.0), (0.6, 0.8), (0.5, 0.5), (0.05, 0.65)),
    "7": ((0.0, 0.0), (0.6, 0.0), (0.2, 1.0)),
    "8": ((0.3, 0.45), (0.0, 0.2), (0.3, 0.0), (0.6, 0.2), (0.3, 0.45), (0.0, 0.8), (0.3, 1.0), (0.6, 0.8), (0.3, 0.45)),
    "9": ((0.55, 0.35), (0.3, 0.5), (0.0, 0.25), (0.3, 0.0), (0.6, 0.2), (0.5, 1.0)),
}
UNCLEAR = frozenset({"half", "big_cross", "dot", "dash", "ring"})  # a person would read them, and may well ask


def writing(rng: Rng, left: float, baseline: float, length: float, height: float) -> list[Line]:
    """Words in a child's running hand along a line: `height` of small letters, all in millimetres."""
    words, x = [], left
    while x < left + length - 3 * height:
        width = min(rng.uniform(4, 11) * height, left + length - x)
        words.append(_word(rng, x, baseline + rng.normal(0, 0.15 * height), width, height))
        x += width + rng.uniform(0.8, 1.6) * height
    return words


def digit(rng: Rng, center: Point, height: float, value: str) -> list[Line]:
    """A handwritten digit, `height` millimetres tall."""
    shape = np.array(FIGURES[value], float) - (0.3, 0.5)
    line = shape if value in "147" else _curved(np.concatenate([shape[:1], shape, shape[-1:]]), 5)
    slant = np.array([[1.0, 0.0], [-rng.uniform(0.0, 0.3), 1.0]])
    return [_shaken(rng, line @ slant * height * rng.uniform(0.85, 1.1, 2) + _near(rng, center, height, 0.12), 0.03 * height)]


def doodle(rng: Rng, center: Point, size: float) -> list[Line]:
    """A flower, a star, a spring or a face in the margin; `size` is its radius."""
    angle = np.linspace(0, 2 * np.pi, 60)
    kind = rng.integers(0, 4)
    if kind == 0:
        reach = 0.6 + 0.4 * np.cos(angle * rng.integers(4, 8))
    elif kind == 1:
        angle = np.arange(6) * 2 * np.pi * 2 / 5 + rng.uniform(0, 6)
        reach = np.ones(6)
    elif kind == 2:
        spring = np.linspace(-1, 1, 80)
        return [_placed(rng, np.stack([spring + 0.3 * np.cos(spring * 30), 0.5 * np.sin(spring * 30)], axis=1), center, size)]
    else:
        reach = np.ones(60)
    lines = [_placed(rng, np.stack([np.cos(angle) * reach, np.sin(angle) * reach], axis=1), center, size)]
    if kind == 3:
        lines += [_placed(rng, np.array([[x, -0.3], [x + 0.05, -0.2]]), center, size) for x in (-0.35, 0.35)]
        smile = np.linspace(0.4, np.pi - 0.4, 12)
        lines.append(_placed(rng, np.stack([np.cos(smile) * 0.6, np.sin(smile) * 0.6], axis=1), center, size))
    return lines


def stray(rng: Rng, start: Point, length: float) -> list[Line]:
    """A line that nobody meant: the pen slipped."""
    angle = rng.uniform(0, 2 * np.pi)
    steps = np.linspace(0, length, 8)
    bend = rng.normal(0, 0.4) * (steps / length) ** 2
    return [np.stack([start[0] + steps * np.cos(angle + bend), start[1] + steps * np.sin(angle + bend)], axis=1)]


def _hatch(rng: Rng, center: Point, reach: float, pitch: float, angle: float) -> Line:
    """To and fro across a disc, with a pitch that children do not keep."""
    count = max(3, int(2 * reach / pitch) + 1)
    across = np.linspace(-reach, reach, count) + rng.normal(0, pitch * 0.12, count)
    half_length = np.sqrt(np.maximum(reach**2 - across**2, (0.15 * reach) ** 2)) * rng.uniform(0.88, 1.06, count)
    along = half_length * np.where(np.arange(count) % 2 == 0, 1.0, -1.0)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    zigzag: Line = np.stack([along, across], axis=1) @ turn + np.array(center) + rng.normal(0, 0.05 * reach, 2)
    return zigzag


def _tick(rng: Rng, corner: Line, size: float) -> Line:
    bottom = corner + np.array([0.0, size * 0.35])
    start = bottom + np.array([-size * rng.uniform(0.4, 0.7), -size * rng.uniform(0.4, 0.8)])
    end = bottom + np.array([size * rng.uniform(0.7, 1.2), -size * rng.uniform(1.2, 1.7)])
    return _shaken(rng, np.concatenate([_between(start, bottom, 5), _between(bottom, end, 8)[1:]]), 0.05)


def _cross(rng: Rng, middle: Line, arm: float, uneven: float = 0.12) -> list[Line]:
    turn = np.pi / 4 + rng.normal(0, 0.1)
    return [
        _straight(rng, middle + rng.normal(0, 0.04 * arm, 2), arm * (1 + rng.uniform(-uneven, uneven)), turn + quarter)
        for quarter in (0.0, np.pi / 2)
    ]


def _straight(rng: Rng, middle: Line, arm: float, angle: float) -> Line:
    way = np.array([np.cos(angle), np.sin(angle)]) * arm
    return _shaken(rng, _between(middle - way, middle + way, 8), 0.04)


def _between(start: Line, end: Line, count: int) -> Line:
    steps = np.linspace(0, 1, count)[:, None]
    return start * (1 - steps) + end * steps


def _near(rng: Rng, center: Point, radius: float, share: float) -> Line:
    """A point off the centre by up to `share` of the radius in each direction."""
    return np.array(center) + rng.uniform(-share, share, 2) * radius


def _shaken(rng: Rng, line: Line, by: float) -> Line:
    """The line as a hand draws it: off by about `by` millimetres, smoothly."""
    wobble = rng.normal(0, by, line.shape)
    wobble[1:-1] = (wobble[:-2] + wobble[1:-1] + wobble[2:]) / 2
    return line + wobble


def _curved(points: Line, between: int) -> Line:
    """A smooth line near the points (a quadratic B-spline)."""
    steps = np.linspace(0, 1, between, endpoint=False)[None, :, None]
    middles = ((points[:-1] + points[1:]) / 2)[:, None, :]
    pieces: Line = (1 - steps) ** 2 * middles[:-1] + 2 * steps * (1 - steps) * points[1:-1, None, :] + steps**2 * middles[1:]
    return pieces.reshape(-1, 2)


def _word(rng: Rng, x: float, baseline: float, width: float, height: float) -> Line:
    """Arches, loops and now and then a letter with a tall or a hanging part."""
    letters = max(1, int(width / (0.9 * height)))
    top = rng.choice([1.0, 1.9, -0.9], letters, p=[0.75, 0.15, 0.1]) * rng.uniform(0.8, 1.1, letters)
    left = np.arange(letters) + rng.uniform(-0.1, 0.1, letters)
    along = left[:, None] + np.stack(
        [np.full(letters, 0.35), rng.uniform(0.1, 0.3, letters), np.full(letters, 0.45), np.full(letters, 0.8)], 1
    )
    above = np.stack([top, top * 0.9, np.full(letters, 0.05), rng.uniform(-0.1, 0.5, letters)], 1)
    points = np.concatenate([[[0.0, 0.0]], np.stack([along.ravel(), above.ravel()], axis=1)])
    shape = _curved(points, 4)
    slant = rng.uniform(0.1, 0.35)
    across = x + (shape[:, 0] / letters) * width + shape[:, 1] * slant * height
    return np.stack([across, baseline - shape[:, 1] * height], axis=1)


def _placed(rng: Rng, shape: Line, center: Point, size: float) -> Line:
    return _shaken(rng, shape * size + np.array(center), 0.06)
