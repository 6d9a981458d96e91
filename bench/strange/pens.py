"""Pens that skip, blot, feather and dry up, soft graphite, crayons and chisel tips: tools and habits of the pen conditions.

A tool changes the strokes it is led along (`led`) or what has been laid on the paper (`settle`); a habit's `shape` is how it marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from bench.other_hands import strokes as s
from bench.other_hands import tools as t
from bench.other_hands.habits import USUAL, Habits
from bench.other_hands.strokes import Floats, Rng, Stroke
from bench.other_hands.tools import Density, Patch, Tool


@dataclass(frozen=True, slots=True)
class Skipping(Tool):
    """A ballpoint whose ball sticks: gaps in the line, and blots where it starts and turns."""

    gap: float = 0.7
    blots: float = 0.7

    def led(self, strokes: Sequence[Stroke], width: float, rng: Rng) -> Sequence[Stroke]:  # noqa: ARG002
        """Leave short gaps out of the strokes, seldom two close together."""
        pieces = []
        for each in strokes:
            start = 0
            while start < len(each.points) - 2:
                end = start + int(rng.integers(8, 40))
                pieces.append(Stroke(each.points[start : end + 1], each.pressure[start : end + 1]))
                start = end + (int(rng.integers(1, 4)) if rng.random() < self.gap else 0)
        return pieces

    def settle(self, patch: Patch, strokes: Sequence[Stroke], width: float, rng: Rng) -> None:
        """Drop blots at some starts."""
        for each in strokes:
            if rng.random() < self.blots:
                _blot(patch, each.points[int(rng.integers(min(6, len(each.points))))], width * rng.uniform(0.4, 1.1), rng)


@dataclass(frozen=True, slots=True)
class Feathering(Tool):
    """Thin ink on bad paper: it creeps along the fibres, and its edge frays."""

    creeps: float = 0.3

    def settle(self, patch: Patch, strokes: Sequence[Stroke], width: float, rng: Rng) -> None:  # noqa: ARG002
        """Shift the ink by a fine field of random ways, the further the wetter the paper, and let it run."""
        side, far = patch.density.shape[0], self.creeps * rng.uniform(0.5, 1.3) * patch.fine
        cells = max(4, int(2 * patch.reach / 0.22))
        x, y = np.meshgrid(np.arange(side, dtype=np.float32), np.arange(side, dtype=np.float32))
        ways = [
            cv2.resize(rng.normal(0, 0.6, (cells, cells)).astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
            for _axis in (0, 1)
        ]
        wet = cv2.GaussianBlur(patch.density, (0, 0), 0.12 * patch.fine)
        frayed = cv2.remap(wet, x + ways[0] * np.float32(far), y + ways[1] * np.float32(far), cv2.INTER_LINEAR)
        patch.density = np.asarray(np.maximum(0.85 * frayed, 0.7 * wet), np.float32)


@dataclass(frozen=True, slots=True)
class Streaking(Tool):
    """A felt tip nearly dry: single hairs of a tip `tip` times as broad leave their lines, and give less the longer the stroke is."""

    hairs: int = 5
    tip: float = 4.0

    def led(self, strokes: Sequence[Stroke], width: float, rng: Rng) -> Sequence[Stroke]:
        """Part each stroke into its hairs, side by side."""
        places = (np.linspace(-0.5, 0.5, self.hairs) + rng.normal(0, 0.05, self.hairs)) * width * self.tip
        gives = rng.uniform(0.1, 1.0, self.hairs)
        turn = rng.uniform(0, 3.14)
        across = np.array([np.cos(turn), np.sin(turn)])
        return [
            Stroke(each.points + across * place, each.pressure * give * np.linspace(1.0, rng.uniform(0.5, 0.9), len(each.points)))
            for each in strokes
            for place, give in zip(places, gives, strict=True)
        ]


def _blot(patch: Patch, place: Floats, radius: float, rng: Rng) -> None:
    layer: Density = np.zeros(patch.density.shape, np.float32)
    (x, y), size = patch.place(place[None, :])[0], radius * patch.fine
    cv2.ellipse(layer, ((float(x), float(y)), (2 * size, 2 * size * rng.uniform(0.6, 1.0)), float(rng.uniform(0, 180))), 1.0, -1)
    patch.density = np.asarray(patch.density + 1.2 * cv2.GaussianBlur(layer, (0, 0), 0.05 * patch.fine), np.float32)


def one_way(kind: str, r: float, w: float, rng: Rng) -> list[Stroke]:
    """Coloured in as at kindergarten: separate strokes in one direction, over the rim; few do anything else."""
    if kind in {"tick", "cross", "slash"} and rng.random() < 0.4:
        return s.shape(kind, r, w, rng)
    lean, over = rng.normal(0.8, 0.25), rng.uniform(0.2, 0.9)
    turn = np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]])
    made = []
    for height in np.arange(-0.9 * r, 0.95 * r, w * rng.uniform(0.7, 1.4)):
        half = float(np.sqrt(max(r**2 - height**2, 0.1 * r**2)))
        ends = [-half - rng.normal(over * 0.6, 0.25), half + rng.normal(over, 0.35)]
        line = s.straight((ends[0], float(height)), (ends[1], float(height + rng.normal(0, 0.15))), rng, 0.08)
        made.append(Stroke(line.points @ turn.T, line.pressure))
    return made


def broad(kind: str, r: float, w: float, rng: Rng) -> list[Stroke]:
    """As any hand marks, with a tip four times as broad as one of its hairs."""
    return s.shape(kind, r, 4 * w, rng)


def swiped(kind: str, r: float, w: float, rng: Rng) -> list[Stroke]:
    """What a broad chisel tip does: a swipe or two over the circle, or round in it."""
    if kind in {"careful", "spiral"}:
        return s.spiral(r, w, rng)
    places = (0.0,) if w > 1.25 * r or rng.random() < 0.3 else (-0.45 * r, 0.45 * r)
    lean, over = rng.normal(0, 0.2), rng.uniform(-0.3, 0.6)
    return [s.straight((-r - over, y - lean), (r + over, y + lean), rng, 0.1) for y in places]


def blunt(kind: str, r: float, w: float, rng: Rng) -> list[Stroke]:
    """As any hand marks, but nobody draws a cross with so broad a tip: it would look like a circle crossed out."""
    return s.shape("zigzag" if kind == "cross" else kind, r, w, rng)


def _broad(*tools: Tool, force: tuple[float, float] = (0.75, 1.2)) -> Habits:
    """A case of broad tips, whose dots and slips would look like marks: there are none, so that the truth stays plain."""
    case = _case(*tools, force=force)
    return replace(case.but(dot_beside=0.0, dot_alone=0.0, slip_through=0.0, touch_beside=0.0), shape=blunt)


def _case(*tools: Tool, force: tuple[float, float] = (0.75, 1.2)) -> Habits:
    return replace(USUAL, tools=tuple((tool, 1.0) for tool in tools), force=force)


MECHANICAL = _case(
    Tool("mechanical pencil 0.3", (0.28, 0.36), (0.4, 0.4, 0.41), 0.3, 0.5, rubs=True),
    Tool("mechanical pencil 0.5", (0.42, 0.52), (0.4, 0.4, 0.41), 0.35, 0.5, rubs=True),
    Tool("mechanical pencil 0.5 H", (0.42, 0.5), (0.52, 0.52, 0.53), 0.35, 0.55, rubs=True),
)
CARPENTER = _broad(Tool("carpenter's pencil", (1.6, 2.6), (0.38, 0.38, 0.39), 0.75, 0.7, rubs=True))
COLOURED = _case(
    Tool("blue pencil", (0.8, 1.3), (0.3, 0.45, 0.75), 0.7, 0.6, rubs=True),
    Tool("green pencil", (0.8, 1.3), (0.35, 0.65, 0.4), 0.7, 0.6, rubs=True),
    Tool("brown pencil", (0.8, 1.3), (0.55, 0.38, 0.3), 0.7, 0.6, rubs=True),
    Tool("violet pencil", (0.8, 1.3), (0.5, 0.35, 0.65), 0.7, 0.6, rubs=True),
    Tool("orange pencil", (0.8, 1.3), (0.9, 0.55, 0.25), 0.7, 0.6, rubs=True),
)
SOFT_8B = _broad(Tool("pencil 8B", (1.0, 1.9), (0.14, 0.14, 0.14), 0.6, 0.5, rubs=True), force=(0.7, 1.1))
PASTEL = _broad(
    Tool("dark wax pastel", (2.0, 3.2), (0.3, 0.25, 0.3), 0.98, 0.5),
    Tool("blue wax pastel", (2.0, 3.2), (0.25, 0.4, 0.7), 0.98, 0.5),
    Tool("red-brown wax pastel", (2.0, 3.0), (0.65, 0.35, 0.28), 0.98, 0.5),
)
BLOBBING = _case(
    Skipping("blobbing blue ballpoint", (0.45, 0.65), (0.2, 0.24, 0.55), 0.35, 0.45),
    Skipping("blobbing black ballpoint", (0.45, 0.65), (0.16, 0.16, 0.18), 0.35, 0.45, gap=0.9, blots=0.4),
)
FEATHERING = _case(
    Feathering("thin blue ink", (0.6, 0.9), (0.2, 0.28, 0.6), 0.1, 0.3),
    Feathering("thin violet ink", (0.6, 0.9), (0.35, 0.22, 0.55), 0.1, 0.3, creeps=0.45),
)
DRY_FELT = replace(
    _case(
        Streaking("black felt, nearly dry", (0.25, 0.5), (0.3, 0.3, 0.32), 0.75, 0.6),
        Streaking("green felt, nearly dry", (0.25, 0.45), (0.3, 0.5, 0.4), 0.7, 0.6, hairs=4),
    ),
    shape=broad,
)
HIGHLIGHTER = replace(
    USUAL.but(crossed_other=0.005, crossed_alone=0.0, scratched_other=0.0, dot_beside=0.0, dot_alone=0.0, slip_through=0.0, touch_beside=0.0),
    tools=(
        (Tool("orange highlighter", (2.0, 3.4), (0.98, 0.68, 0.3), 0.1, 0.15), 1.0),
        (Tool("green highlighter", (2.0, 3.4), (0.55, 0.9, 0.4), 0.1, 0.15), 1.0),
        (Tool("pink highlighter", (2.0, 3.4), (0.98, 0.5, 0.7), 0.1, 0.15), 1.0),
        (Tool("blue highlighter", (2.0, 3.4), (0.45, 0.75, 0.92), 0.1, 0.15), 1.0),
    ),
    force=(0.8, 1.2), shape=swiped,
)  # fmt: skip
FLUID = replace(
    USUAL.but(whitened_other=0.22, rubbed_other=0.0, rubbed_alone=0.0, crossed_other=0.01),
    tools=((t.BALL_BLUE, 0.5), (t.BALL_BLACK, 0.2), (t.GEL_BLUE, 0.3)),
)
COLOURING = replace(
    USUAL, shape=one_way, tools=((t.PENCIL_HB, 0.4), (t.PENCIL_BLUNT, 0.3), (t.PENCIL_2H, 0.15), (t.PENCIL_4B, 0.15)), force=(0.7, 1.1)
)
ERASABLE = replace(
    USUAL.but(rubbed_other=0.25, rubbed_alone=0.01),
    tools=((Tool("erasable blue gel", (0.5, 0.7), (0.14, 0.2, 0.55), 0.05, 0.15, rubs=True), 0.6),
           (Tool("erasable black gel", (0.5, 0.7), (0.2, 0.2, 0.22), 0.05, 0.15, rubs=True), 0.4)),
    rub_leaves=(0.02, 0.06), rub_smears=(0.0, 0.01),
)  # fmt: skip
