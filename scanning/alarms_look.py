"""A glance at a whole picture, beside reading it: lines along the glass, and the squares of a JPEG that was pressed too hard.

A worker calls `look` once a picture; it costs about a millisecond. Deterministic; sheets, marks and codes are not looked for.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from scanning.alarms_numbers import Look, Stripe
from scanning.verdict import Grey

LINES = 40  # rows (or columns) that are looked at, spread over the picture
BESIDE = 1 / 280  # of the picture's width: how far aside a stripe is compared, 0.75 mm of A4
DARKER, LIGHTER = 12, 4  # grey values; white paper leaves little room above it
MOST_OF_LINES = 0.6  # of the lines that show a stripe: print, folds and pens never do
STRIPES = 4  # a picture
BLOCK = 8
WINDOW = 512  # pixels of the middle of the picture that are searched for JPEG's squares


def look(image: Grey, dpi: float | None = None) -> Look:
    """What the picture, (height, width) grey, shows besides its sheets; `dpi` is passed on."""
    height, width = image.shape
    if min(height, width) < 4 * BLOCK:
        return Look((width, height), dpi)
    found = sorted((*_stripes(image, 0), *_stripes(image, 1)), key=lambda each: -abs(each.step))
    return Look((width, height), dpi, tuple(found[:STRIPES]), _blocks(image))


def _stripes(image: Grey, axis: int) -> list[Stripe]:
    """Lines along the whole picture: upright ones for `axis` 0, level ones for 1."""
    lines = _spread(image, axis)
    beside = max(2, round(lines.shape[1] * BESIDE))
    left, middle, right = lines[:, : -2 * beside], lines[:, beside:-beside], lines[:, 2 * beside :]
    dark = np.asarray(cv2.subtract(cv2.min(left, right), middle), np.uint8)
    light = np.asarray(cv2.subtract(middle, cv2.max(left, right)), np.uint8)
    found = []
    for steps, least, sign in ((dark, DARKER, -1), (light, LIGHTER, 1)):
        share = (steps >= least).mean(axis=0)
        found += [_stripe(steps, first, last, beside, axis, sign) for first, last in _runs(share >= MOST_OF_LINES)]
    return found


def _spread(image: Grey, axis: int) -> Grey:
    """Some rows of the picture, or some columns laid as rows, (LINES, length)."""
    count = image.shape[axis]
    chosen = np.linspace(0.04 * count, 0.96 * count - 1, min(LINES, count)).astype(np.intp)
    return np.ascontiguousarray(image[chosen] if axis == 0 else image[:, chosen].T)


def _runs(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last index of every run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(first), int(last) - 1) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def _stripe(steps: Grey, first: int, last: int, beside: int, axis: int, sign: int) -> Stripe:
    step = float(np.median(steps[:, first : last + 1].max(axis=1)))
    return Stripe(axis, round((first + last) / 2 + beside, 1), sign * step)


def _blocks(image: Grey) -> float:
    """How much larger grey values step at every eighth column than elsewhere: 1 where no JPEG was, or a mild one. Unprinted paper decides."""
    height, width = image.shape
    top, left = max(0, (height - WINDOW) // 2), max(0, (width - WINDOW) // 2)
    part = image[top : top + WINDOW : 3, left : left + WINDOW]
    steps = cv2.absdiff(part[:, 1:], part[:, :-1])
    mean = cv2.threshold(steps, 24, 0, cv2.THRESH_TOZERO_INV)[1].mean(axis=0)  # edges of print are none of JPEG's
    usable = mean[: len(mean) // BLOCK * BLOCK].reshape(-1, BLOCK).mean(axis=0)
    at = int(usable.argmax())
    rest = np.delete(usable, at)
    return round(float((usable[at] + 0.02) / (rest.mean() + 0.02)), 3)
