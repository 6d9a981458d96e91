"""An office scanner: a sheet on the glass or in the feeder becomes a grey picture.

The sheet is a little turned, shifted and stretched, its light bent by lamp and gamma, with noise, stripes, borders; then perhaps turned by
quarters. `Taken.to_pixels` maps millimetres of the sheet to pixels of the picture before quarter turns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from scanning.rehearsal.sheet import MM_PER_INCH, TILE, Field, Grey, Sheet, grain, smooth_noise

Rng = np.random.Generator
Range = tuple[float, float]
Matrix = npt.NDArray[np.float64]
CELL = 8  # pixels between places that are worked out
PAPER = 250  # grey of bare paper before the scanner
THRESHOLD = 140  # of black and white
QUARTERS = {0: None, 90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, slots=True)
class Scanner:
    """Ranges for each scan. `levels` are contrast about middle grey, then brightness (as shares); `turned`: chances of 90, 180, 270 degrees."""

    dpi: tuple[int, ...] = (200,)
    skew: Range = (-0.5, 0.5)
    shift_mm: Range = (-1.0, 1.0)
    scale: Range = (0.999, 1.001)
    stretch: Range = (-0.001, 0.001)
    contrast: Range = (0.95, 1.1)
    brightness: Range = (-0.03, 0.03)
    gamma: Range = (0.9, 1.1)
    noise: Range = (1.0, 4.0)
    blur: Range = (0.3, 0.7)  # in pixels
    lamp: Range = (0.0, 0.03)
    stripe: float = 0.0
    black_border: float = 0.1
    wide_bed: float = 0.1  # the picture is larger than the sheet
    jpeg: tuple[int, int] = (70, 92)
    turned: tuple[float, float, float] = (0.03, 0.12, 0.03)
    binary: float = 0.0  # chance of a 1-bit picture
    dither: float = 0.0  # of those, by error diffusion

    def bed(self, rng: Rng) -> int:
        """The grey behind the paper."""
        return int(rng.integers(5, 40)) if rng.random() < self.black_border else int(rng.integers(235, 255))


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture of a sheet. `to_pixels`: (3, 3), homogeneous millimetres to pixels of the picture as it was before `turned` degrees clockwise."""

    grey: Grey
    to_pixels: Matrix
    size: tuple[int, int]  # (width, height) before turning
    turned: int
    dpi: int
    quality: int
    bits: int = 8
    dither: bool = False
    tint: tuple[float, float, float] | None = None
    tone: npt.NDArray[np.uint8] | None = None

    def contrast(self, dark: float) -> float:
        """What is left of a mark's darkness (0 to 1) after the scanner's tone curve, and in black and white."""
        if self.tone is None:
            return dark
        paper, mark = float(self.tone[PAPER]), float(self.tone[round(PAPER * (1 - dark))])
        if self.bits == 1 and not self.dither:
            return float(np.clip((THRESHOLD + 25 - mark) / 50, 0, 1))
        return 1 - mark / max(paper, 1.0)


def scan(sheet: Sheet, rng: Rng, scanner: Scanner, dpi: int, bed: int, bend: Field | None) -> Taken:
    """Put the sheet through the scanner. `bend`: displacements in millimetres on a grid of 1 mm, or None."""
    per_mm = dpi / MM_PER_INCH
    margin = rng.uniform(2, 12, 2) if rng.random() < scanner.wide_bed else np.zeros(2)
    size = (round((sheet.size[0] + 2 * margin[0]) * per_mm), round((sheet.size[1] + 2 * margin[1]) * per_mm))
    to_pixels = _placing(sheet, rng, scanner, per_mm, margin)
    grey = look_through(sheet, to_pixels, size, bed, bend)
    blur = float(rng.uniform(*scanner.blur))
    if blur > 0.25:
        cv2.GaussianBlur(grey, (0, 0), blur, grey)
    tone = _light(grey, rng, scanner)
    if rng.random() < scanner.stripe:
        _stripe(grey, rng)
    add_noise(grey, rng, float(rng.uniform(*scanner.noise)))
    binary = rng.random() < scanner.binary
    turned = int(rng.choice([0, 90, 180, 270], p=[1 - sum(scanner.turned), *scanner.turned]))
    if (quarters := QUARTERS[turned]) is not None:
        grey = _grey(cv2.rotate(grey, quarters))
    quality = int(rng.integers(*scanner.jpeg))
    return Taken(grey, to_pixels, size, turned, dpi, quality, 1 if binary else 8, binary and rng.random() < scanner.dither, tone=tone)


def side_by_side(left: Taken, right: Taken) -> Taken:
    """Two sheets in one picture, a white strip between them; millimetres are those of the left one."""
    gap = round(left.dpi * 0.3)
    height = max(left.grey.shape[0], right.grey.shape[0])
    whole: Grey = np.full((height, left.grey.shape[1] + gap + right.grey.shape[1]), PAPER, np.uint8)
    whole[: left.grey.shape[0], : left.grey.shape[1]] = left.grey
    whole[: right.grey.shape[0], left.grey.shape[1] + gap :] = right.grey
    return replace(left, grey=whole)


def _placing(sheet: Sheet, rng: Rng, scanner: Scanner, per_mm: float, margin: npt.NDArray[np.float64]) -> Matrix:
    """Turn about the sheet's middle, scale, stretch along the feed, shift."""
    middle = np.array(sheet.size) / 2
    angle = np.radians(rng.uniform(*scanner.skew))
    scale = rng.uniform(*scanner.scale) * np.array([1.0, 1.0 + rng.uniform(*scanner.stretch)])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.diag(scale)
    place = middle + margin + rng.uniform(*scanner.shift_mm, 2) - turn @ middle
    matrix = np.eye(3)
    matrix[:2, :2], matrix[:2, 2] = turn * per_mm, place * per_mm
    return matrix


def look_through(sheet: Sheet, to_pixels: Matrix, size: tuple[int, int], bed: int, bend: Field | None) -> Grey:
    """The sheet as it appears in a picture of `size` (width, height); where there is no sheet, `bed`."""
    if bend is not None:
        columns, rows = _sources(sheet, to_pixels, size, bend)
        return _grey(cv2.remap(sheet.grey, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=bed))
    own = np.diag([sheet.per_mm, sheet.per_mm, 1.0])
    half = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1.0]])  # cv2 counts from the middle of the first pixel
    forward = half @ to_pixels @ np.linalg.inv(own) @ np.linalg.inv(half)
    if abs(forward[2, :2]).max() > 1e-12:
        return _grey(
            cv2.warpPerspective(sheet.grey, forward, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=bed)
        )
    return _grey(cv2.warpAffine(sheet.grey, forward[:2], size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=bed))


def _sources(sheet: Sheet, to_pixels: Matrix, size: tuple[int, int], bend: Field) -> tuple[Field, Field]:
    """For every pixel of the picture where it comes from on the bent sheet; worked out every 8 pixels and drawn out between."""
    cells = (size[0] // CELL + 3, size[1] // CELL + 3)
    xs, ys = ((np.arange(count) - 0.5) * CELL for count in cells)  # middles of cells, one cell beyond each edge
    grid = np.stack(np.broadcast_arrays(xs[None, :], ys[:, None], 1.0), axis=-1) @ np.linalg.inv(to_pixels).T
    place = (grid[..., :2] / grid[..., 2:]).astype(np.float32)
    moved = cv2.remap(bend, place[..., 0] - 0.5, place[..., 1] - 0.5, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    source = (place - moved) * np.float32(sheet.per_mm) - np.float32(0.5)
    full = (cells[0] * CELL, cells[1] * CELL)
    columns, rows = (
        cv2.resize(np.ascontiguousarray(source[..., axis]), full, interpolation=cv2.INTER_LINEAR)[
            CELL : CELL + size[1], CELL : CELL + size[0]
        ]
        for axis in (0, 1)
    )
    return np.asarray(columns, np.float32), np.asarray(rows, np.float32)


def _light(grey: Grey, rng: Rng, scanner: Scanner) -> Grey:
    """Contrast, brightness and gamma in one table, which is answered, and a lamp that is not even."""
    level = np.arange(256) / 255.0
    level = np.clip((level - 0.5) * rng.uniform(*scanner.contrast) + 0.5 + rng.uniform(*scanner.brightness), 0, 1)
    table = np.clip(level ** rng.uniform(*scanner.gamma) * 255, 0, 255).astype(np.uint8)
    cv2.LUT(grey, table, grey)
    lamp = float(rng.uniform(*scanner.lamp))
    if lamp > 0.005:
        field = 1.0 - lamp * (0.5 + 0.5 * smooth_noise(rng, (20, 20), 8.0))
        full = cv2.resize(np.clip(field * 200, 0, 255).astype(np.uint8), grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
        cv2.multiply(grey, full, grey, scale=1 / 200.0)
    return table


def _stripe(grey: Grey, rng: Rng) -> None:
    """Dirt on the glass of a feeder: a line along the whole picture."""
    x, wide = int(rng.integers(0, grey.shape[1])), int(rng.integers(1, 4))
    share = float(rng.uniform(0.2, 0.7))
    window = grey[:, x : x + wide]
    window[:] = (window * (1 - share) + int(rng.choice([30, 90, 255])) * share).astype(np.uint8)


def add_noise(grey: Grey, rng: Rng, sigma: float, blur: float = 0.6) -> None:
    """Sensor noise of deviation `sigma` grey levels, a little smooth as sharpened pictures have it."""
    height, width = grey.shape
    y, x = (int(value) for value in rng.integers(0, TILE, 2))
    window = _noise_bytes(blur, height // TILE + 2, width // TILE + 2)[y : y + height, x : x + width]
    cv2.addWeighted(grey, 1.0, window, sigma / 32.0, -128.0 * sigma / 32.0, grey)


@lru_cache(maxsize=4)
def _noise_bytes(blur: float, down: int, across: int) -> Grey:
    """The tile of `grain` as bytes, mean 128 and deviation 32, so many times below and beside itself."""
    tile = np.clip(128 + 32 * grain(blur, 11), 0, 255).astype(np.uint8)
    return _grey(np.tile(tile, (down, across)))


def _grey(picture: npt.NDArray[np.generic] | object) -> Grey:
    return np.asarray(picture, dtype=np.uint8)
