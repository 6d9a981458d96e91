"""A telephone's camera over a table: perspective, uneven light, a shadow, blur, a background that is not paper.

Answers the same `Taken` as the scanner does.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scanning.rehearsal.scanner import QUARTERS, Matrix, Rng, Taken, add_noise, look_through
from scanning.rehearsal.sheet import Field, Grey, Sheet, grain_window, smooth_noise

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Camera:
    """Ranges for each photograph; `tilt` moves each corner by that share of the page's width, `cut` lets the page leave the picture."""

    megapixels: Range = (5.0, 12.0)
    fills: Range = (0.78, 0.95)  # of the picture's height
    turn: Range = (-6.0, 6.0)
    tilt: Range = (0.0, 0.06)
    light: Range = (0.05, 0.3)
    vignette: Range = (0.0, 0.2)
    shadow: float = 0.3
    shadow_shade: Range = (0.1, 0.4)
    focus: Range = (0.4, 1.2)  # pixels
    motion: Range = (0.0, 2.0)
    noise: Range = (2.0, 7.0)
    paper: Range = (0.72, 0.95)  # how white paper comes out
    jpeg: tuple[int, int] = (60, 92)
    turned: tuple[float, float, float] = (0.1, 0.1, 0.1)
    cut: float = 0.0
    colour: float = 0.5

    def bed(self, rng: Rng) -> int:
        """The grey of the table."""
        return int(rng.choice([rng.integers(30, 90), rng.integers(90, 170), rng.integers(200, 235)]))


def picture_size(rng: Rng, camera: Camera) -> tuple[int, int]:
    """Width and height of the picture, upright 3:4."""
    height = round(float(np.sqrt(rng.uniform(*camera.megapixels) * 1e6 * 4 / 3)))
    return (round(height * 3 / 4), height)


def photograph(sheet: Sheet, rng: Rng, camera: Camera, size: tuple[int, int], bed: int, bend: Field | None) -> Taken:
    """Take a picture of `size` (width, height) of the sheet on a table of grey `bed`."""
    to_pixels = _aim(sheet, rng, camera, size)
    table = _table(rng, size, bed)
    picture = look_through(sheet, to_pixels, size, 0, bend)
    white = np.full((round(sheet.size[1]), round(sheet.size[0])), 255, np.uint8)
    inside = look_through(Sheet(white, 1.0), to_pixels, size, 0, None)
    grey = np.where(inside > 127, picture, table).astype(np.uint8)
    _light(grey, rng, camera)
    _blur(grey, rng, camera)
    add_noise(grey, rng, float(rng.uniform(*camera.noise)), 0.8)
    turned = int(rng.choice([0, 90, 180, 270], p=[1 - sum(camera.turned), *camera.turned]))
    if (quarters := QUARTERS[turned]) is not None:
        grey = np.asarray(cv2.rotate(grey, quarters), np.uint8)
    tint = tuple(float(v) for v in rng.uniform((0.97, 0.9, 0.75), (1.03, 1.02, 1.05))) if rng.random() < camera.colour else None
    return Taken(grey, to_pixels, size, turned, 72, int(rng.integers(*camera.jpeg)), tint=tint)  # type: ignore[arg-type]


def _aim(sheet: Sheet, rng: Rng, camera: Camera, size: tuple[int, int]) -> Matrix:
    """Where the page's corners come to lie in the picture."""
    width, height = sheet.size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]])
    scale = rng.uniform(*camera.fills) * min(size[0] / width, size[1] / height)
    angle = np.radians(rng.uniform(*camera.turn))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    tilt = rng.uniform(-1, 1, (4, 2)) * rng.uniform(*camera.tilt) * width
    placed = ((corners - (width / 2, height / 2)) @ turn.T + tilt) * scale
    if rng.random() >= camera.cut:
        placed *= min(1.0, *(0.985 * np.array(size) / 2 / np.abs(placed).max(axis=0)))
    room = np.maximum(np.array(size) / 2 - np.abs(placed).max(axis=0), 2)
    placed += np.array(size) / 2 + rng.uniform(-0.6, 0.6, 2) * room
    matrix: Matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), placed.astype(np.float32)).astype(np.float64)
    return matrix


def _table(rng: Rng, size: tuple[int, int], bed: int) -> Grey:
    """Wood, cloth or plain board: streaks of the table's grey."""
    small = (size[1] // 8, size[0] // 8)
    cells = float(rng.uniform(3, 60))
    streaks = cv2.resize(smooth_noise(rng, (small[0], max(4, small[1] // 12)), cells), small[::-1], interpolation=cv2.INTER_LINEAR)
    rough = bed + rng.uniform(3, 18) * streaks + rng.uniform(1, 6) * grain_window(rng, small, 1.0)
    return np.asarray(cv2.resize(np.clip(rough, 0, 255).astype(np.uint8), size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _light(grey: Grey, rng: Rng, camera: Camera) -> None:
    """A window at one side, a darker rim, perhaps the shadow of a hand or of the telephone."""
    rows, columns = 96, 72
    ys, xs = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    field = 1.0 - rng.uniform(*camera.light) * (0.5 + 0.5 * (xs * np.cos(angle) + ys * np.sin(angle))).clip(0, 1)
    field -= rng.uniform(*camera.vignette) * ((xs**2 + ys**2) / 2) ** 1.5
    if rng.random() < camera.shadow:
        field *= 1.0 - rng.uniform(*camera.shadow_shade) * _shadow(rng, (rows * 4, columns * 4), (rows, columns))
    field *= rng.uniform(*camera.paper)
    full = cv2.resize(np.clip(field * 250, 0, 255).astype(np.uint8), grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    cv2.multiply(grey, full, grey, scale=1 / 250.0)


def _shadow(rng: Rng, fine: tuple[int, int], coarse: tuple[int, int]) -> npt.NDArray[np.float32]:
    """A polygon reaching in from one side, soft by a little or by much."""
    height, width = fine
    start = np.array([rng.uniform(0, width), rng.choice([0, height])])
    middle = np.array([rng.uniform(0.2, 0.8) * width, rng.uniform(0.2, 0.8) * height])
    side = np.array([rng.uniform(0.1, 0.5) * width, rng.uniform(-0.1, 0.1) * height])
    mask = np.zeros(fine, np.float32)
    cv2.fillPoly(mask, [np.array([start - side, start + side, middle + side * 0.6, middle - side * 0.7]).astype(np.int32)], 1.0)
    soft = cv2.GaussianBlur(mask, (0, 0), float(rng.uniform(1.5, 20)))
    return np.asarray(cv2.resize(soft, coarse[::-1], interpolation=cv2.INTER_AREA), np.float32)


def _blur(grey: Grey, rng: Rng, camera: Camera) -> None:
    focus, motion = float(rng.uniform(*camera.focus)), float(rng.uniform(*camera.motion))
    if motion > 1.2:
        size = 2 * int(np.ceil(motion)) + 1
        kernel = np.zeros((size, size), np.uint8)
        angle, middle = rng.uniform(0, np.pi), size // 2
        reach = np.array([np.cos(angle), np.sin(angle)]) * motion
        ends = [tuple(round(16 * float(value)) for value in middle + sign * reach) for sign in (-1, 1)]
        cv2.line(kernel, ends[0], ends[1], 255, 1, cv2.LINE_AA, 4)
        cv2.filter2D(grey, -1, (kernel / kernel.sum()).astype(np.float32), grey)
    cv2.GaussianBlur(grey, (0, 0), focus, grey)
