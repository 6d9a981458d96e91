"""Pencils, ballpoints, gel pens and felts, and how they and erasers leave their trace on a page: darkness is laid into small patches of the print.

A pen's `remission` is what it leaves of red, green and blue light where it is pressed fully; the scanner's own eyes (`weights`) make grey of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from bench.other_hands.strokes import Rng, Stroke
from scanning.verdict import Grey

Density = npt.NDArray[np.float32]
SUPER = 3  # a patch is drawn so much finer than the page
EYES = {"luma": (0.30, 0.59, 0.11), "green": (0.05, 0.9, 0.05), "red": (0.72, 0.2, 0.08), "grey": (0.34, 0.33, 0.33)}
CHANNELS = {"blue light": (0.0, 0.0, 1.0), "green light": (0.0, 1.0, 0.0), "red light": (1.0, 0.0, 0.0)}  # as OpenCV orders them
EYES |= CHANNELS


@dataclass(frozen=True, slots=True)
class Tool:
    """`width` in millimetres; `grain` 0 (liquid) to 1 (skips every valley of the paper); `fade` how much lighter at light pressure."""

    name: str
    width: tuple[float, float]
    remission: tuple[float, float, float]
    grain: float
    fade: float
    rubs: bool = False
    bleeds: float = 0.0

    def grey(self, eyes: str) -> float:
        """The share of light that a scanner with these eyes gets back from full ink."""
        return float(np.dot(self.remission, EYES[eyes]))

    def led(self, strokes: Sequence[Stroke], width: float, rng: Rng) -> Sequence[Stroke]:  # noqa: ARG002 - for tools that skip
        """The strokes that this tool makes of a hand's."""
        return strokes

    def settle(self, patch: Patch, strokes: Sequence[Stroke], width: float, rng: Rng) -> None:
        """What becomes of a patch when this tool has drawn on it."""


PENCIL_HB = Tool("pencil HB", (0.5, 0.85), (0.36, 0.36, 0.37), 0.55, 0.7, rubs=True)
PENCIL_2H = Tool("pencil 2H", (0.4, 0.6), (0.58, 0.58, 0.59), 0.6, 0.75, rubs=True)
PENCIL_4B = Tool("pencil 4B", (0.7, 1.2), (0.2, 0.2, 0.2), 0.45, 0.6, rubs=True)
PENCIL_BLUNT = Tool("blunt pencil", (0.9, 1.4), (0.42, 0.42, 0.42), 0.7, 0.7, rubs=True)
BALL_BLUE = Tool("blue ballpoint", (0.45, 0.6), (0.2, 0.24, 0.55), 0.2, 0.45)
BALL_BLACK = Tool("black ballpoint", (0.45, 0.6), (0.16, 0.16, 0.18), 0.2, 0.45)
BALL_DRY = Tool("dry ballpoint", (0.4, 0.5), (0.3, 0.34, 0.6), 0.6, 0.6)
GEL_BLUE = Tool("blue gel pen", (0.5, 0.65), (0.1, 0.13, 0.45), 0.05, 0.15)
GEL_BLACK = Tool("black gel pen", (0.5, 0.65), (0.08, 0.08, 0.08), 0.05, 0.15)
GEL_VIOLET = Tool("violet gel pen", (0.5, 0.6), (0.35, 0.2, 0.55), 0.08, 0.2)
FELT_BLUE = Tool("blue felt", (1.0, 1.5), (0.1, 0.2, 0.6), 0.1, 0.1, bleeds=0.12)
FELT_GREEN = Tool("green felt", (1.0, 1.4), (0.15, 0.45, 0.3), 0.1, 0.1, bleeds=0.12)
RED_BALL = Tool("red ballpoint", (0.45, 0.6), (0.8, 0.22, 0.25), 0.2, 0.4)
RED_GEL = Tool("red gel pen", (0.5, 0.7), (0.82, 0.15, 0.2), 0.05, 0.15)
CRAYON = Tool("wax crayon", (1.5, 2.2), (0.3, 0.3, 0.55), 0.95, 0.5)
FOUNTAIN = Tool("fountain pen", (0.6, 1.1), (0.22, 0.24, 0.5), 0.15, 0.3, bleeds=0.2)
WORN_FELT = Tool("worn felt", (0.9, 1.6), (0.45, 0.45, 0.5), 0.9, 0.4, bleeds=0.05)


@lru_cache(maxsize=4)
def tooth(seed: int = 5) -> Density:
    """Paper's valleys: (512, 512) of 0 to 1 at 0.045 mm a cell, the same paper each time."""
    noise = np.random.default_rng(seed).random((512, 512)).astype(np.float32)
    fine, coarse = cv2.GaussianBlur(noise, (0, 0), 1.4), cv2.GaussianBlur(noise, (0, 0), 4.0)
    mixed = 0.75 * (fine - fine.mean()) / fine.std() + 0.45 * (coarse - coarse.mean()) / coarse.std()
    return np.asarray(np.clip(0.5 + mixed / 4.5, 0, 1), np.float32)


class Patch:
    """A small square of the page at `SUPER` times its resolution, where density adds up before it darkens the print."""

    def __init__(self, center: tuple[float, float], reach: float, per_mm: float) -> None:
        self.center, self.reach, self.per_mm = center, reach, per_mm
        self.left, self.top = (int(np.floor((place - reach) * per_mm)) for place in center)
        self.side = int(np.ceil(2 * reach * per_mm)) + 1
        self.fine = per_mm * SUPER
        self.density: Density = np.zeros((self.side * SUPER,) * 2, np.float32)

    def place(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Millimetres from the centre as fine pixels of the patch."""
        return (points + self.center) * self.fine - [self.left * SUPER, self.top * SUPER]

    def draw(self, strokes: Sequence[Stroke], tool: Tool, width: float, pressure: float, rng: Rng) -> None:
        """Lay strokes down: each adds its density, so that going over twice is darker."""
        for each in tool.led(strokes, width, rng):
            force = np.clip(each.pressure * pressure, 0.08, 1.7)
            layer = np.zeros(self.density.shape, np.uint8)
            pixels = np.round(self.place(each.points) * 16).astype(np.int32)
            for start in range(0, len(pixels) - 1, 3):
                thick = max(1, round(width * self.fine * (0.8 + 0.2 * float(force[start]))))
                shade = int(np.clip(150 * force[start] ** tool.fade, 12, 255))
                cv2.polylines(layer, [pixels[start : start + 4]], False, shade, thick, cv2.LINE_AA, 4)
            self.density += layer * (self._grain(tool, float(force.mean()), rng) / np.float32(150))
        if tool.bleeds:
            self.density = np.asarray(cv2.GaussianBlur(self.density, (0, 0), tool.bleeds * self.fine), np.float32)
        tool.settle(self, strokes, width, rng)

    def rub(self, angle: float, left: float, smear: float, rng: Rng) -> None:
        """Rub over the circle: `left` of the density stays, unevenly; `smear` of what goes is drawn out along the rubbing."""
        long = max(3, round(2.2 * self.fine) | 1)
        line = np.zeros((long, long), np.float32)
        dx, dy = np.cos(angle) * long / 2, np.sin(angle) * long / 2
        cv2.line(line, (round(long / 2 - dx), round(long / 2 - dy)), (round(long / 2 + dx), round(long / 2 + dy)), 1.0, 2)
        drawn = cv2.filter2D(self.density, -1, line / line.sum(), borderType=cv2.BORDER_CONSTANT)
        uneven = cv2.resize(rng.uniform(0.4, 1.6, (5, 5)).astype(np.float32), self.density.shape, interpolation=cv2.INTER_CUBIC)
        self.density = np.minimum(self.density, 1.4) * left * np.maximum(uneven, 0.1) + drawn * smear * (1 - left)

    def press_into(self, page: Grey, remission: float) -> None:
        """Darken the page: light falls off with density, as in ink and graphite."""
        coarse = cv2.resize(self.density, (self.side, self.side), interpolation=cv2.INTER_AREA)
        top, left = max(0, self.top), max(0, self.left)
        under = page[top : self.top + self.side, left : self.left + self.side]
        if not under.size:
            return
        own = coarse[top - self.top :, left - self.left :][: under.shape[0], : under.shape[1]]
        light = 1.0 - (1.0 - remission) * (1.0 - np.exp(-1.9 * own))
        np.copyto(under, (under * light).astype(np.uint8))

    def _grain(self, tool: Tool, force: float, rng: Rng) -> Density:
        paper = tooth()
        zoom = self.density.shape[0] / self.fine / 0.045
        x, y = (int(place) for place in rng.integers(0, max(1, int(512 - min(zoom, 500))), 2))
        cut = paper[y : y + int(min(zoom, 500)), x : x + int(min(zoom, 500))]
        valleys = cv2.resize(cut, self.density.shape, interpolation=cv2.INTER_LINEAR)
        depth = np.clip((valleys - 0.5) * 3.2 + 0.35 + 0.65 * min(force, 1.3), 0.0, 1.25)
        return np.asarray(1.0 - tool.grain * (1.0 - depth), np.float32)
