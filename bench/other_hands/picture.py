"""A sheet on its way into a picture: the page being worked on, and the warp that says where each millimetre of it is seen at last.

Used by all stages (printers, wear, scanners, cameras). Places on paper are millimetres from the top left; places in pictures are pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from bench.other_hands.strokes import Floats, Rng
from scanning.verdict import Grey

PAGE = (210.0, 297.0)
CORNERS = np.array([[0.0, 0.0], [210.0, 0.0], [210.0, 297.0], [0.0, 297.0]])
Bend = Callable[[Floats], Floats]  # (n, 2) millimetres to their displacement in millimetres
Maps = npt.NDArray[np.float32]


@dataclass(slots=True)
class Work:
    """One sheet: its picture so far, pixels a millimetre, what hides parts of it (polygons in millimetres), how the paper bends."""

    page: Grey
    per_mm: float
    rng: Rng
    back: Grey | None = None
    hidden: list[Floats] = field(default_factory=list)
    gone: list[Floats] = field(default_factory=list)
    bends: list[Bend] = field(default_factory=list)
    scale: float = 1.0
    printed: Grey | None = None  # the sheet before anybody wrote on it


@dataclass(slots=True)
class Picture:
    """What the scanner or camera hands over; `places` takes (n, 2) millimetres of paper to pixels."""

    grey: Grey
    places: Callable[[Floats], Floats]
    one_bit: bool = False


@dataclass(slots=True)
class Warp:
    """Paper bends, then a homography takes millimetres to pixels."""

    matrix: Floats
    bends: list[Bend]

    def forward(self, points: Floats) -> Floats:
        """Pixels of points on the paper."""
        seen = points + sum((bend(points) for bend in self.bends), np.zeros_like(points))
        return _through(self.matrix, seen)

    def backward(self, pixels: Floats) -> Floats:
        """Points on the paper that are seen at pixels."""
        seen = _through(np.asarray(np.linalg.inv(self.matrix), np.float64), pixels)
        points = seen
        for _turn in range(3 if self.bends else 0):
            points = seen - sum((bend(points) for bend in self.bends), np.zeros_like(points))
        return points

    def take(self, page: Grey, per_mm: float, size: tuple[int, int], bed: int = 255) -> tuple[Grey, Grey]:
        """The page as seen in a picture of `size` (width, height), and where paper is (255) or bed (0)."""
        if not self.bends and abs(self.matrix[2, :2]).max() < 1e-12:
            matrix = (self.matrix @ np.diag([1 / per_mm, 1 / per_mm, 1.0]))[:2]
            matrix[:, 2] += matrix[:, :2] @ [0.5, 0.5] - 0.5  # pixel centres
            seen = cv2.warpAffine(page, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(bed,))
            return np.asarray(seen, np.uint8), self.paper(size)
        step = 20
        across, down = size[0] // step + 2, size[1] // step + 2
        grid = np.stack(np.meshgrid(np.arange(across) * step + step / 2 - 0.5, np.arange(down) * step + step / 2 - 0.5), axis=-1)
        coarse = (self.backward(grid.reshape(-1, 2) + 0.5) * per_mm - 0.5).reshape(down, across, 2).astype(np.float32)
        fine = cv2.resize(coarse, (across * step, down * step), interpolation=cv2.INTER_LINEAR)[: size[1], : size[0]]
        seen = cv2.remap(page, fine[..., 0], fine[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(bed,))
        return np.asarray(seen, np.uint8), self.paper(size)

    def paper(self, size: tuple[int, int]) -> Grey:
        """Where paper is in a picture of `size`: 255."""
        edge = np.concatenate([np.linspace(CORNERS[k], CORNERS[(k + 1) % 4], 30, endpoint=False) for k in range(4)])
        mask = np.zeros((size[1], size[0]), np.uint8)
        cv2.fillPoly(mask, [np.round(self.forward(edge)).astype(np.int32)], 255)
        return mask


def _through(matrix: Floats, points: Floats) -> Floats:
    seen = np.column_stack((points, np.ones(len(points)))) @ matrix.T
    moved: Floats = seen[:, :2] / seen[:, 2:]
    return moved


@lru_cache(maxsize=2)
def grain(seed: int = 3) -> npt.NDArray[np.float32]:
    """A tile of noise of standard deviation 1, a little smeared as a sensor's is: (1500, 1500)."""
    noise = np.random.default_rng(seed).normal(0, 1, (1500, 1500)).astype(np.float32)
    smeared = cv2.GaussianBlur(noise, (0, 0), 0.5)
    return np.asarray(smeared / smeared.std(), np.float32)


def add_noise(grey: Grey, sigma: float, rng: Rng) -> Grey:
    """The picture with noise of `sigma` grey levels."""
    tile = np.round(grain() * sigma).astype(np.int8)
    tall, wide = grey.shape
    y, x = (int(place) for place in rng.integers(0, 1500, 2))
    rows = np.take(np.roll(tile, (y, x), (0, 1)), np.arange(tall) % 1500, axis=0)
    whole = np.tile(rows, (1, wide // 1500 + 1))[:, :wide]
    return np.asarray(cv2.add(grey, whole, dtype=cv2.CV_8U), np.uint8)


def soft_field(rng: Rng, cells: tuple[int, int], size: tuple[int, int], low: float, high: float) -> Maps:
    """A slowly changing field between `low` and `high`, (height, width) of `size` (width, height)."""
    seed = rng.uniform(low, high, cells).astype(np.float32)
    return np.asarray(np.clip(cv2.resize(seed, size, interpolation=cv2.INTER_CUBIC), low, high), np.float32)


def shade(grey: Grey, light: Maps) -> Grey:
    """The picture under uneven light: `light` (height, width), coarse ones are stretched."""
    if light.shape != grey.shape:
        light = np.asarray(cv2.resize(light, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
    return np.asarray(cv2.multiply(grey, light, dtype=cv2.CV_8U), np.uint8)


def jpeg(grey: Grey, quality: int) -> Grey:
    """Packed as JPEG and unpacked again."""
    packed = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)


def curve(grey: Grey, to: Floats) -> Grey:
    """The picture through a tone curve of 256 values."""
    return np.asarray(cv2.LUT(grey, np.clip(np.round(to), 0, 255).astype(np.uint8)), np.uint8)
