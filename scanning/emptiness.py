"""Is this picture blank paper? The backs of sheets are never missing and never a complaint.

scanning/page asks only when no code of ours was read. Blank paper may be grey, shaded, speckled, creased, punched, and may let the other
side shine through; it holds no ink.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from scanning.verdict import Grey

LOOK_SIDE = 900  # long side of the picture that is looked at: about 77 dpi for A4
EDGE = 0.05  # of each side: shadows of the lid, holes, torn edges
HOLES = 6  # spots that may reach in from the edge, no deeper than it is wide
FRAME = 0.5  # of the light of the brightest rows: what lies darker at a side of the picture is the open lid
INK = 0.22  # darker than the paper by this share is ink; what shines through stays below
SHARE = 0.0004  # of the inside that may be ink: specks
BLOTS = 6  # separate spots of ink, larger than a speck
SPECK = 4  # pixels
DARK_PICTURE = 40


def is_empty(image: Grey) -> bool:
    """Whether the picture shows blank paper only."""
    small = _without_lid(_small(image))
    if min(small.shape) < 16:
        return False
    soft = np.asarray(cv2.GaussianBlur(small, (3, 3), 0), np.uint8)
    paper = _paper(soft)
    if float(np.median(paper)) < DARK_PICTURE:
        return False
    ink = (soft < paper * (1.0 - INK)).astype(np.uint8)
    down, across = (max(1, int(EDGE * length)) for length in small.shape)
    inside = ink[down:-down, across:-across]
    _count, _labels, stats, _middles = cv2.connectedComponentsWithStats(inside, connectivity=8)
    spots = stats[1:]
    holes = _from_the_edge(spots, inside.shape, down, across)
    areas = spots[~holes if holes.sum() <= HOLES else slice(None), cv2.CC_STAT_AREA]
    return bool((areas > SPECK).sum() <= BLOTS and areas[areas > SPECK].sum() <= SHARE * inside.size)


def _from_the_edge(spots: Any, shape: tuple[int, ...], down: int, across: int) -> Any:
    """Which spots of ink reach in from the edge of the inside, and end soon: the holes of a binder, the end of a tear."""
    left, top = spots[:, cv2.CC_STAT_LEFT], spots[:, cv2.CC_STAT_TOP]
    right, bottom = left + spots[:, cv2.CC_STAT_WIDTH], top + spots[:, cv2.CC_STAT_HEIGHT]
    small = (spots[:, cv2.CC_STAT_WIDTH] < 2 * across) & (spots[:, cv2.CC_STAT_HEIGHT] < 2 * across)
    at_side = ((left == 0) & (right <= across)) | ((right == shape[1]) & (left >= shape[1] - across))
    at_end = ((top == 0) & (bottom <= down)) | ((bottom == shape[0]) & (top >= shape[0] - down))
    return small & (at_side | at_end)


def _without_lid(image: Grey) -> Grey:
    """The picture without dark rows and columns at its sides."""
    for axis in (0, 1):
        light = np.median(image, axis=1 - axis)
        bright = np.flatnonzero(light > FRAME * light.max())
        if bright.size:
            image = image[bright[0] : bright[-1] + 1] if axis == 0 else image[:, bright[0] : bright[-1] + 1]
    return image


def _paper(soft: Grey) -> Grey:
    """The paper's own grey round each point: a wide median, taken at a third of the size, for it changes slowly."""
    light = cv2.dilate(soft, np.ones((5, 5), np.uint8))
    third = cv2.resize(light, None, fx=1 / 3, fy=1 / 3, interpolation=cv2.INTER_AREA)
    side = (min(soft.shape) // 36) | 1
    wide = cv2.medianBlur(third, min(max(side, 3), 33))
    return np.asarray(cv2.resize(wide, soft.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def _small(image: Grey) -> Grey:
    factor = LOOK_SIDE / max(image.shape)
    if factor >= 1:
        return image
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
