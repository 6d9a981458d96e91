"""The printed page as a picture that can be drawn on: rendered once from its PDF, then darkened in place.

All drawing is in millimetres from the page's top left. Marks are drawn on a finer grid of their own and then averaged down, so that a
pen line of 0.3 mm looks right at 100 dpi.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Field = npt.NDArray[np.float32]
MM_PER_INCH = 25.4
FINE_PER_MM = 20.0  # the grid of marks is at least this fine
TILE = 1024


@dataclass(slots=True)
class Sheet:
    """A page under way. `grey`: (height, width), 0 black to 255 white; `per_mm`: pixels a millimetre."""

    grey: Grey
    per_mm: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in millimetres."""
        return (self.grey.shape[1] / self.per_mm, self.grey.shape[0] / self.per_mm)


def render(pdf: Path, page: int, dpi: float) -> Sheet:
    """The page (from 1) of `pdf` as it leaves a good printer."""
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(pdf)
    try:
        bitmap = document[page - 1].render(scale=dpi / 72, grayscale=True)
        return Sheet(np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width), dpi / MM_PER_INCH)
    finally:
        document.close()


@dataclass(slots=True)
class Patch:
    """A small rectangle of a sheet on a finer grid: `ink` is darkness 0 to 1, `origin` in pixels of the sheet, `finer` times finer."""

    ink: Field
    origin: tuple[int, int]
    finer: int
    per_mm: float

    def pixels(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Points in millimetres as positions on the patch's grid."""
        scaled: npt.NDArray[np.float64] = (points * self.per_mm - np.array(self.origin)) * self.finer - 0.5
        return scaled


def patch_around(sheet: Sheet, points: npt.NDArray[np.float64], margin_mm: float) -> Patch | None:
    """An empty patch that holds `points` (n, 2) and a margin; None where nothing of it lies on the sheet."""
    finer = max(1, round(FINE_PER_MM / sheet.per_mm))
    low = np.floor((points.min(axis=0) - margin_mm) * sheet.per_mm).astype(int)
    high = np.ceil((points.max(axis=0) + margin_mm) * sheet.per_mm).astype(int)
    low = np.maximum(low, 0)
    high = np.minimum(high, (sheet.grey.shape[1], sheet.grey.shape[0]))
    if (high <= low).any():
        return None
    width, height = (high - low) * finer
    return Patch(np.zeros((height, width), np.float32), (int(low[0]), int(low[1])), finer, sheet.per_mm)


def press(sheet: Sheet, patch: Patch) -> None:
    """Darken the sheet by the patch's ink."""
    height, width = patch.ink.shape[0] // patch.finer, patch.ink.shape[1] // patch.finer
    ink = cv2.resize(patch.ink, (width, height), interpolation=cv2.INTER_AREA) if patch.finer > 1 else patch.ink
    x, y = patch.origin
    window = sheet.grey[y : y + height, x : x + width]
    window[:] = np.clip(window * (1.0 - ink), 0, 255).astype(np.uint8)


def shade(sheet: Sheet, coarse: Field) -> None:
    """Multiply the sheet by a coarse field of light (1: unchanged), stretched over it."""
    full = cv2.resize(np.clip(coarse * 200.0, 0, 255).astype(np.uint8), sheet.grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    cv2.multiply(sheet.grey, full, sheet.grey, scale=1 / 200.0)


@lru_cache(maxsize=8)
def grain(blur: float, seed: int = 7) -> Field:
    """A tile (1024, 1024) of noise with mean 0 and deviation 1, smooth over `blur` pixels; always the same."""
    noise = np.random.default_rng(seed).standard_normal((TILE, TILE), dtype=np.float32)
    if blur > 0:
        edge = int(blur * 4) + 1
        noise = np.asarray(cv2.GaussianBlur(np.pad(noise, edge, mode="wrap"), (0, 0), blur)[edge:-edge, edge:-edge], np.float32)
    tile: Field = ((noise - noise.mean()) / noise.std()).astype(np.float32)
    return tile


def grain_window(rng: np.random.Generator, shape: tuple[int, int], blur: float) -> Field:
    """A piece of `grain` of that shape, from a random place; repeats itself where it is larger than the tile."""
    tile = grain(blur)
    y, x = (int(value) for value in rng.integers(0, TILE, 2))
    rows, columns = (np.arange(shape[0]) + y) % TILE, (np.arange(shape[1]) + x) % TILE
    window: Field = tile[rows[:, None], columns[None, :]]
    return window


def smooth_noise(rng: np.random.Generator, shape: tuple[int, int], cells: float) -> Field:
    """Soft noise of that shape, about -1 to 1, with lumps of `cells` samples."""
    small = (max(2, int(shape[0] / cells) + 2), max(2, int(shape[1] / cells) + 2))
    coarse = rng.uniform(-1, 1, small).astype(np.float32)
    return np.asarray(cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)
