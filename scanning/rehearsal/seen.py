"""Which marks a picture still shows: what scanner or copier has lost, no eye can read and no reader be blamed for.

Called by play.py with the finished picture. A mark is lost only where its circle is as clean as the empty ones of the same item.
"""

from __future__ import annotations

from statistics import median
from typing import Any

import cv2
import numpy as np

from scanning.rehearsal.meaning import ItemTruth, Mark, Must, item_truth, told_marks
from scanning.rehearsal.pages import Place, PrintedSheet, comma_of
from scanning.rehearsal.scanner import THRESHOLD, Taken

ROUND_ABOUT = frozenset({"ring"})  # drawn beside the circle, not into it
INSIDE = 0.75  # radii
DARKEST = 99.0  # percentile of the darkness inside a circle that tells whether there is anything
TRACE = 0.03  # darkness above that of the empty circles which the least trace has


def what_is_seen(truth: ItemTruth, page: PrintedSheet, taken: Taken) -> ItemTruth:
    """The item's truth, with the readings added that are honest because marks are not in the picture any more."""
    if truth.must is Must.BLANK or not truth.marks:
        return truth
    places = page.items[truth.item]
    upright = np.rot90(taken.grey, taken.turned // 90)
    marks = told_marks(truth)
    marked = {(mark.value, mark.column) for mark in marks}
    empty = [_darkness(upright, taken, place) for place in places if (place.value, place.column) not in marked]
    if not empty:
        return truth
    shown = {(place.value, place.column): _darkness(upright, taken, place) >= median(empty) + TRACE for place in places}
    kept = [mark for mark in marks if mark.style in ROUND_ABOUT or shown.get((mark.value, mark.column), True)]
    return truth if len(kept) == len(marks) else truth.without(_truth_of(truth.item, places, page, kept))


def _truth_of(item: str, places: tuple[Place, ...], page: PrintedSheet, kept: list[Mark]) -> ItemTruth:
    columns = max(place.column or 0 for place in places)
    rule = "number" if columns else "several" if item in page.several else "one"
    return item_truth(item, rule, kept, columns, comma_of(places))


def _darkness(upright: Any, taken: Taken, place: Place) -> float:
    """The darkest spot inside a circle, 0 to 1, of the picture before quarter turns."""
    corners = np.array([[place.center[0] + dx, place.center[1] + dy, 1.0] for dx in (-1.2, 1.2) for dy in (-1.2, 1.2)])
    x, y, scale = taken.to_pixels @ np.array([*place.center, 1.0])
    middle = np.array([x, y]) / scale
    spread = corners @ taken.to_pixels.T
    per_mm = float(np.ptp(spread[:, 0] / spread[:, 2])) / 2.4
    reach = place.radius * INSIDE * per_mm
    x0, y0, x1, y1 = (round(value) for value in (*(middle - reach), *(middle + reach + 1)))
    patch = upright[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)]
    if patch.size == 0:
        return 1.0
    rows, columns = np.mgrid[max(0, y0) : max(0, y0) + patch.shape[0], max(0, x0) : max(0, x0) + patch.shape[1]]
    inside = np.hypot(columns - middle[0], rows - middle[1]) < reach
    if taken.bits == 1 and not taken.dither:
        patch = np.where(patch < THRESHOLD, 0, 255).astype(np.uint8)
    soft = np.asarray(cv2.blur(np.ascontiguousarray(patch), (3, 3)), np.float32)
    return float(np.percentile(1.0 - soft[inside] / 255.0, DARKEST)) if inside.any() else 1.0
