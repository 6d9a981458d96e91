"""A glance at a whole picture, beside reading it: lines along the glass, and how hard a JPEG was pressed.

A worker calls `look` once a picture; it costs about a millisecond. Deterministic; sheets, marks and codes are not looked for.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from scanning.alarms_numbers import Look, Stripe
from scanning.glass import Along, lines_along, spread
from scanning.verdict import Grey

BLACK, WHITE = 60, 195  # grey values between which a picture of two tones shows next to nothing, even if it was pressed as a JPEG
PRINT = 0.002  # share of the picture that is black at the least where anything is printed: a back with dust and punched holes has less
WIDEST = 1 / 26  # of the picture's width, 8 mm of A4: no print of ours is wider
BETWEEN = 0.1  # share of the black below which that is nothing: edges of letters in a grey scan, or in one of a hard copy, are a quarter of it or more
STRIPES = 4  # a picture
SQUARE = 8  # pixels of JPEG's squares
WIDE, HIGH = 192, 512  # pixels of the middle of the picture whose squares are looked at
UNEVEN, FEWEST_SQUARES, MOST_SQUARES = 24, 20, 200
CHANGING, FEWEST_VALUES = 4.0, 60
LOWEST_SHARE = 15  # percentile of the values that are not nothing: the size of one step
MIDDLING = 50  # the quality at which JPEG's steps are those of the standard's table
STEPS = np.array(  # ITU T.81, table K.1
    [
        (16, 11, 10, 16, 24, 40, 51, 61), (12, 12, 14, 19, 26, 58, 60, 55), (14, 13, 16, 24, 40, 57, 69, 56), (14, 17, 22, 29, 51, 87, 80, 62),
        (18, 22, 37, 56, 68, 109, 103, 77), (24, 35, 55, 64, 81, 104, 113, 92), (49, 64, 78, 87, 103, 121, 120, 101), (72, 92, 95, 98, 112, 100, 103, 99),
    ],
    np.float32,
)  # fmt: skip
FINEST = 30  # of these steps, those no larger are looked at


def look(image: Grey, dpi: float | None = None) -> Look:
    """What the picture, (height, width) grey, shows besides its sheets; `dpi` is passed on."""
    height, width = image.shape
    if min(height, width) < HIGH:
        return Look((width, height), dpi)
    found = sorted((_stripe(each) for axis in (0, 1) for each in lines_along(image, axis)), key=lambda each: -abs(each.step))
    return Look((width, height), dpi, tuple(found[:STRIPES]), quality_of(image), is_two_tone(image))


def is_two_tone(image: Grey) -> bool:
    """Whether the picture is black and white without greys: what its scanner took for white, a pale pencil too, is gone."""
    lines = spread(image, 0)
    dark = lines < BLACK
    between = np.count_nonzero(lines < WHITE) - np.count_nonzero(dark)
    if between >= BETWEEN * np.count_nonzero(dark):
        return False
    black = int(_narrow(dark).sum())
    return bool(black >= PRINT * lines.size and between < BETWEEN * black)


def _narrow(black: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """What of the black, rows of a picture, is print and not the scanner's lid beside a sheet: that is wide, or ends with the picture."""
    wide = round(black.shape[1] * WIDEST)
    padded = np.pad(black.astype(np.uint8), ((0, 0), (wide, wide)), constant_values=1)
    lid = np.asarray(cv2.morphologyEx(padded, cv2.MORPH_OPEN, np.ones((1, wide), np.uint8)), np.bool_)
    return black & ~lid[:, wide:-wide]


def _stripe(line: Along) -> Stripe:
    return Stripe(line.axis, round((line.first + line.last) / 2, 1), line.step)


def quality_of(image: Grey) -> int | None:
    """The quality, 1 to 100, that a JPEG was saved with, by the steps of its cosines; None where the picture shows none (too white, turned, or no JPEG).

    A picture that was no JPEG has no steps and comes out near 80 or above, as a good one does.
    """
    values = _cosines(image)
    if values is None:
        return None
    step = float(np.percentile(values, LOWEST_SHARE))
    found = MIDDLING / step if step > 1 else 100 - MIDDLING * step
    return round(min(100.0, max(1.0, found)))


def _cosines(image: Grey) -> npt.NDArray[np.float32] | None:
    """Cosines of JPEG's squares that are not nothing, over the standard's steps; of squares that were not cut off at black or white."""
    height, width = image.shape
    top, left = (height - HIGH) // 2 // SQUARE * SQUARE, max(0, (width - WIDE) // 2 // SQUARE * SQUARE)
    part = image[top : top + HIGH, left : left + WIDE]
    squares = part.reshape(HIGH // SQUARE, SQUARE, -1, SQUARE).transpose(0, 2, 1, 3).reshape(-1, SQUARE * SQUARE)
    low, high = squares.min(axis=1), squares.max(axis=1)
    telling = squares[(low > 0) & (high < 255) & (high - low > UNEVEN)][:MOST_SQUARES]
    if len(telling) < FEWEST_SQUARES:
        return None
    waves, steps = _waves()
    found = np.abs(telling.astype(np.float32) @ waves)
    values = np.asarray((found / steps)[found > CHANGING], np.float32)
    return values if len(values) >= FEWEST_VALUES else None


@lru_cache(maxsize=1)
def _waves() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """The cosines of a square that change slowly, (64, n), and the standard's step of each, (n,)."""
    number = np.arange(SQUARE)
    line = np.sqrt(2 / SQUARE) * np.cos((2 * number[None] + 1) * number[:, None] * np.pi / (2 * SQUARE))
    line[0] /= np.sqrt(2)
    chosen = np.flatnonzero((STEPS <= FINEST).ravel() & (np.arange(SQUARE * SQUARE) > 0))
    every = np.einsum("ui,vj->uvij", line, line).reshape(SQUARE * SQUARE, -1)
    return every[chosen].T.astype(np.float32), STEPS.ravel()[chosen]
