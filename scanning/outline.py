"""Where a sheet may lie when neither a code nor a fiducial is seen: along the paper's own outline, or filling the picture as a flat scanner takes it.

scanning/sheets asks last but one. These are guesses: scanning/rescue keeps one only if the sheet's printed points are found where it puts them.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from packets.layout import PAGE_MM
from scanning.identify import SHEET_RATIO
from scanning.trace import Trace
from scanning.transform import Points
from scanning.verdict import Grey

LOOK_SIDE = 700
LEAST_SHARE = 0.12  # of the picture that a sheet takes up
SKEWS = (0.0, -3.0, 3.0)  # degrees by which a sheet lies askew on the glass
CORNERS_MM = np.array([[0.0, 0.0], [PAGE_MM[0], 0.0], [PAGE_MM[0], PAGE_MM[1]], [0.0, PAGE_MM[1]]])


def guesses(image: Grey) -> Iterator[Trace]:
    """The places where a sheet may lie, each by its four corners and in every way that it may be turned."""
    for corners in _papers(image):
        for turn in range(4):
            yield Trace(CORNERS_MM, np.roll(corners, turn, axis=0))
    yield from _filled(image)


def _filled(image: Grey) -> Iterator[Trace]:
    """The whole picture as one sheet, upright or upside down, a little askew."""
    height, width = image.shape
    if not SHEET_RATIO[0] <= max(height, width) / min(height, width) <= SHEET_RATIO[1]:
        return
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64) - 0.5
    if width > height:
        corners = np.roll(corners, -1, axis=0)
    middle = corners.mean(axis=0)
    for skew in SKEWS:
        angle = np.deg2rad(skew)
        spin = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        for turn in (0, 2):
            yield Trace(CORNERS_MM, np.roll((corners - middle) @ spin + middle, turn, axis=0))


def _papers(image: Grey) -> Iterator[Points]:
    """The four corners of what is lighter than the table, the largest first, clockwise."""
    factor = min(1.0, LOOK_SIDE / max(image.shape))
    small = np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
    _level, light = cv2.threshold(cv2.medianBlur(small, 5), 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    light = cv2.morphologyEx(light, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    shapes, _tree = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for shape in sorted(shapes, key=cv2.contourArea, reverse=True)[:2]:
        if cv2.contourArea(shape) < LEAST_SHARE * small.size:
            return
        hull = cv2.convexHull(shape)
        four = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, closed=True), closed=True).reshape(-1, 2)
        if len(four) == 4:
            yield (_clockwise(four.astype(np.float64)) + 0.5) / factor - 0.5


def _clockwise(corners: Points) -> Points:
    """As seen on the screen, where y grows downwards."""
    ahead = np.roll(corners, -1, axis=0)
    turned = float((corners[:, 0] * ahead[:, 1] - ahead[:, 0] * corners[:, 1]).sum())
    return corners if turned > 0 else corners[::-1]
