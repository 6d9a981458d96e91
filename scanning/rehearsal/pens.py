"""What children write with, and the trace that it leaves on paper.

A stroke is a line in millimetres; a pen gives it width, darkness, grain, gaps and bleeding. Darkness is the share of light that the ink
takes in a grey picture: 0 paper, 1 black. Blue and violet inks are lighter than black ones there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scanning.rehearsal.sheet import Patch, Sheet, grain_window, patch_around, press

Line = npt.NDArray[np.float64]  # (n, 2), millimetres
Range = tuple[float, float]
_SHIFT = 4  # cv2 draws in sixteenths of a pixel


@dataclass(frozen=True, slots=True)
class Pen:
    """A kind of pen. Ranges are sampled once for each pupil; `builds_up`: strokes over strokes get darker."""

    name: str
    width_mm: Range
    dark: Range
    grain: Range = (0.0, 0.0)
    gaps: Range = (0.0, 0.0)
    bleed_mm: Range = (0.0, 0.0)
    builds_up: bool = False
    rubs_out: bool = False


PENS = {
    pen.name: pen
    for pen in (
        Pen("pencil_hb", (0.4, 0.8), (0.32, 0.56), grain=(0.25, 0.5), builds_up=True, rubs_out=True),
        Pen("pencil_2b", (0.5, 1.0), (0.5, 0.74), grain=(0.2, 0.4), builds_up=True, rubs_out=True),
        Pen("pencil_faint", (0.4, 0.7), (0.17, 0.30), grain=(0.25, 0.45), builds_up=True, rubs_out=True),
        Pen("pencil_colour", (0.6, 1.1), (0.30, 0.55), grain=(0.3, 0.6), builds_up=True),
        Pen("ballpoint_blue", (0.3, 0.5), (0.55, 0.75), grain=(0.05, 0.15), gaps=(0.0, 0.05)),
        Pen("ballpoint_black", (0.3, 0.5), (0.72, 0.9), grain=(0.05, 0.12), gaps=(0.0, 0.05)),
        Pen("ballpoint_violet", (0.3, 0.5), (0.5, 0.7), grain=(0.05, 0.15), gaps=(0.0, 0.06)),
        Pen("ballpoint_red", (0.3, 0.5), (0.38, 0.58), grain=(0.05, 0.15), gaps=(0.0, 0.05)),
        Pen("ballpoint_worn", (0.3, 0.45), (0.5, 0.75), grain=(0.15, 0.3), gaps=(0.25, 0.5)),
        Pen("gel", (0.4, 0.7), (0.75, 0.95), bleed_mm=(0.02, 0.05)),
        Pen("felt_tip", (0.9, 1.7), (0.6, 0.92), grain=(0.02, 0.08), bleed_mm=(0.06, 0.16), builds_up=True),
    )
}
RUBBED_WIDER_MM = (0.25, 0.7)


@dataclass(frozen=True, slots=True)
class Held:
    """One pen in one hand: every range settled."""

    name: str
    width_mm: float
    dark: float
    grain: float
    gaps: float
    bleed_mm: float
    builds_up: bool
    rubs_out: bool


def take(rng: np.random.Generator, pen: Pen) -> Held:
    """A pen of that kind, as one pupil holds it."""
    width, dark, rough, gaps, bleed = (
        float(rng.uniform(*limits)) for limits in (pen.width_mm, pen.dark, pen.grain, pen.gaps, pen.bleed_mm)
    )
    return Held(pen.name, width, dark, rough, gaps, bleed, pen.builds_up, pen.rubs_out)


def draw(sheet: Sheet, rng: np.random.Generator, pen: Held, lines: Sequence[Line], pressure: float = 1.0) -> None:
    """Draw `lines` on the sheet; `pressure` scales the darkness."""
    patch = patch_around(sheet, np.concatenate(lines), pen.width_mm + 3 * pen.bleed_mm + 0.2)
    if patch is None:
        return
    trace(patch, rng, pen, lines, pressure)
    press(sheet, patch)


def rub_out(sheet: Sheet, rng: np.random.Generator, pen: Held, lines: Sequence[Line], residue: float) -> None:
    """Draw `lines` as a rubber leaves them: smeared along one way, the darkness about `residue`."""
    patch = patch_around(sheet, np.concatenate(lines), 3.0)
    if patch is None:
        return
    trace(patch, rng, pen, lines, 1.0)
    fine = patch.per_mm * patch.finer
    mean = float(patch.ink[patch.ink > 0.1].mean()) if (patch.ink > 0.1).any() else 1.0
    ghost = patch.ink * (residue / max(mean, 0.05))
    smear = _smeared(rng, ghost, float(rng.uniform(*RUBBED_WIDER_MM)) * fine)
    uneven = 1.0 + 0.35 * grain_window(rng, ghost.shape, 12.0)
    share = float(rng.uniform(0.4, 0.8))
    patch.ink = np.clip((share * ghost + (1 - share) * smear) * uneven, 0, 0.9).astype(np.float32)
    press(sheet, patch)


def trace(patch: Patch, rng: np.random.Generator, pen: Held, lines: Sequence[Line], pressure: float) -> None:
    """Put the trace of `lines` into an empty patch."""
    fine = patch.per_mm * patch.finer
    layer = np.zeros(patch.ink.shape, np.uint8)
    for line in lines:
        one = layer if not pen.builds_up else np.zeros_like(layer)
        _stroke(one, rng, pen, patch.pixels(line), pen.width_mm * fine, pen.dark * pressure)
        if pen.builds_up:
            layer = 255 - np.asarray(cv2.multiply(255 - layer, 255 - one, scale=1 / 255.0), np.uint8)
    ink = layer.astype(np.float32) / 255.0
    if pen.bleed_mm:
        ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), max(0.3, pen.bleed_mm * fine)), np.float32)
    if pen.grain:
        ink *= np.clip(1.0 + pen.grain * grain_window(rng, ink.shape, 1.6), 0.0, 1.25)
    patch.ink = np.minimum(ink, 0.98)


def _stroke(layer: npt.NDArray[np.uint8], rng: np.random.Generator, pen: Held, points: Line, width: float, dark: float) -> None:
    """One line in pieces of changing pressure; a worn pen leaves pieces out."""
    small = float(np.ptp(points, axis=0).max()) < 3 * width
    dense = _dense(points, max(2.0, width * (0.4 if small else 1.5 if pen.gaps else 3.0)))
    count = len(dense) - 1
    pressures = 1.0 + 0.28 * cv2.GaussianBlur(rng.standard_normal((1, count)), (0, 0), 2.0)[0]
    levels = (np.clip(dark * pressures * _skips(rng, count, pen.gaps), 0, 1) * 255).astype(int).tolist()
    fixed = np.round(dense * (1 << _SHIFT)).astype(int).tolist()
    thickness = max(1, round(width))
    for start, end, level in zip(fixed[:-1], fixed[1:], levels, strict=True):
        cv2.line(layer, start, end, level, thickness, cv2.LINE_AA, _SHIFT)


def _dense(points: Line, step: float) -> Line:
    """The same line in pieces of about `step`."""
    lengths = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    stops = np.linspace(0, along[-1], max(2, int(along[-1] / step) + 1))
    return np.stack([np.interp(stops, along, points[:, axis]) for axis in (0, 1)], axis=1)


def _skips(rng: np.random.Generator, count: int, gaps: float) -> npt.NDArray[np.float64]:
    """For each piece its share of ink: runs of nearly nothing take up about `gaps` of the line."""
    if gaps <= 0:
        return np.ones(count)
    lumps = cv2.GaussianBlur(rng.standard_normal((1, count)), (0, 0), 1.2)[0]
    return np.where(lumps < np.quantile(lumps, gaps), 0.08, 1.0)


def _smeared(rng: np.random.Generator, ink: npt.NDArray[np.float32], length: float) -> npt.NDArray[np.float32]:
    """The ink dragged along a random direction."""
    size = max(3, int(length) * 2 + 1)
    kernel = np.zeros((size, size), np.float32)
    angle = rng.uniform(0, np.pi)
    middle, reach = size // 2, np.array([np.cos(angle), np.sin(angle)]) * (size // 2)
    start, end = middle - reach, middle + reach
    cv2.line(kernel, [round(float(v)) for v in start], [round(float(v)) for v in end], 1.0, 1)
    return np.asarray(cv2.GaussianBlur(cv2.filter2D(ink, -1, kernel / kernel.sum()), (0, 0), size / 5), np.float32)
