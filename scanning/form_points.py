"""Points of a print that look like no other, and the first homography that they agree on, in any turn. Pure.

scanning/form_register seeks them on every blank and in every picture (SIFT; Lowe 2004, with the ratio test: circles that look like each other fall out, words and
numbers stay). The guess is made better by scanning/form_windows.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from scanning.transform import Matrix, Points
from scanning.verdict import Grey

FEATURES = 3500
RATIO = 0.82
FEWEST_MATCHES = 8
NEAR_PIXELS = 4.0
Values = npt.NDArray[np.floating[Any]]


def features(look: Grey) -> tuple[Points, Values]:
    """Its points, (n, 2) pixels, and what they look like, (n, 128) unit vectors."""
    if min(look.shape) < 64:
        return np.zeros((0, 2)), np.zeros((0, 128), np.float32)
    places, looks = _finder().detectAndCompute(np.ascontiguousarray(look), None)
    if looks is None:
        return np.zeros((0, 2)), np.zeros((0, 128), np.float32)
    root = np.sqrt(looks / np.maximum(looks.sum(axis=1, keepdims=True), 1e-6)).astype(np.float32)
    return np.array([place.pt for place in places], np.float64).reshape(-1, 2), root


@lru_cache(maxsize=1)
def _finder() -> Any:
    vision: Any = cv2  # its types do not know this one
    return vision.SIFT_create(nfeatures=FEATURES, contrastThreshold=0.03, edgeThreshold=12)


def first_plane(ours: Points, our_looks: Values, theirs: Points, their_looks: Values, coarse: float) -> Matrix | None:
    """The homography from `ours`, (n, 2) millimetres, to `theirs`, (m, 2) pixels, that most of the points which look alike agree on.

    The looks are unit vectors, (n, 128) and (m, 128); `coarse` pixels of the picture went into one of those in which points were sought.
    """
    if len(theirs) < FEWEST_MATCHES or len(ours) < FEWEST_MATCHES:
        return None
    nearness = our_looks @ their_looks.T
    best = nearness.argmax(axis=1)
    rows = np.arange(len(best))
    first = nearness[rows, best]
    near = _beside(theirs, best, 6.0 * coarse)
    nearness[near[0], near[1]] = -1.0
    second = nearness.max(axis=1)
    far = np.sqrt(np.maximum(2 - 2 * np.stack([first, second]), 1e-9))
    alike = np.flatnonzero(far[0] < RATIO * far[1])
    if len(alike) < FEWEST_MATCHES:
        return None
    return _agreed(ours[alike], theirs[best[alike]], NEAR_PIXELS * coarse)


def _beside(points: Points, chosen: npt.NDArray[np.intp], reach: float) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """For each chosen point all points at its own place: one corner is found several times, at several sizes."""
    order = np.argsort(points[:, 0])
    xs = points[order, 0]
    rows, columns = [], []
    for row, one in enumerate(chosen.tolist()):
        x, y = points[one]
        low, high = np.searchsorted(xs, [x - reach, x + reach])
        some = order[low:high]
        some = some[np.abs(points[some, 1] - y) <= reach]
        rows.append(np.full(len(some), row))
        columns.append(some)
    return np.concatenate(rows), np.concatenate(columns)


def _agreed(mm: Points, pixels: Points, near: float) -> Matrix | None:
    found, inside = cv2.findHomography(
        mm.astype(np.float32), pixels.astype(np.float32), cv2.USAC_MAGSAC, near, maxIters=4000, confidence=0.9999
    )
    if found is None or inside is None or int(inside.sum()) < FEWEST_MATCHES:
        return None
    return np.asarray(found, np.float64) if _plausible(np.asarray(found, np.float64), mm) else None


def _plausible(plane: Matrix, mm: Points) -> bool:
    """Whether a sheet of paper can be seen so: from the front, not folded over, with sides that are alike in scale."""
    low, high = mm.min(axis=0), mm.max(axis=0)
    corners = np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]])
    lies = applied(plane, corners)
    sides = np.roll(lies, -1, axis=0) - lies
    turns = sides[:, 0] * np.roll(sides, -1, axis=0)[:, 1] - sides[:, 1] * np.roll(sides, -1, axis=0)[:, 0]
    true = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    scales = np.linalg.norm(sides, axis=1) / np.maximum(true, 1.0)
    return bool((turns > 0).all() and scales.min() > 1.0 and scales.max() < 2.5 * scales.min())


def applied(plane: Matrix, places: Points) -> Points:
    """Where a homography takes places, (n, 2)."""
    lifted = np.column_stack([places, np.ones(len(places))]) @ plane.T
    moved: Points = lifted[:, :2] / lifted[:, 2:]
    return moved
