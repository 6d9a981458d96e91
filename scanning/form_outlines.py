"""Circles and squares that are printed on a blank: where each lies, and how large it is. Pure; OpenCV finds white places within a closed line.

scanning/form_draft asks. What is found may be a letter O or a cell to write in: scanning/form_blocks keeps what stands in rows and columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from scanning.form import PER_MM
from scanning.form_look import darkness
from scanning.verdict import Grey

CIRCLE, SQUARE = "circle", "square"
INKS = (0.3, 0.12, 0.06)  # darkness that is a line: black print first, then pale print and blurred scans
LEAST_MM, MOST_MM = 2.4, 14.0
ROUND = (0.73, 0.84)  # share of its upright frame that a circle fills, pi / 4 and what pixels make of it
SQUARE_FILLS = 0.9
OVAL, EVEN = 1.75, 1.15  # longer side over shorter: of a circle, of a square
WHOLE = 0.55  # of the hull that must be white: a letter inside may touch the line
HEAVY = 0.26  # of the white place, that both sides of its line may take: the letter O, the eye of a QR code and a bar's frame take more
LINE_MM = 0.25  # where the line's own width cannot be told
SAME_PLACE_MM = 0.8


@dataclass(frozen=True, slots=True)
class Outline:
    """A printed circle or square: its middle and the middle line of its outline, millimetres. `shared`: its lines are those of other squares too."""

    center_mm: tuple[float, float]
    size_mm: tuple[float, float]
    shape: str
    shared: bool = False

    @property
    def side(self) -> float:
        """The mean of both sides, millimetres."""
        return (self.size_mm[0] + self.size_mm[1]) / 2


def outlines_of(blank: Grey) -> list[Outline]:
    """The circles and squares of a blank at PER_MM, from the top, each once; nothing within another."""
    ink = darkness(blank, PER_MM)
    found: list[Outline] = []
    for least in INKS:
        fresh = [each for each in _closed(np.asarray(ink > least, np.uint8)) if not any(_same(each, known) for known in found)]
        found += fresh
    return sorted(_outermost(found), key=lambda each: (each.center_mm[1], each.center_mm[0]))


def _closed(dark: npt.NDArray[np.uint8]) -> Iterator[Outline]:
    """The white places within closed lines that are round or square."""
    contours, tree = cv2.findContours(dark, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return
    parents = [int(each[3]) for each in tree[0]]
    shapes = {place: shape for place, parent in enumerate(parents) if parent >= 0 and (shape := _shape(contours[place]))}
    of_line = Counter(parents[place] for place in shapes)
    for place, shape in shapes.items():
        parent = parents[place]
        shared = shape == SQUARE and of_line[parent] > 1
        if not shared and _is_heavy(cv2.boundingRect(contours[place]), cv2.boundingRect(contours[parent])):
            continue
        yield _outline(cv2.boundingRect(contours[place]), cv2.boundingRect(contours[parent]), shape, shared)


def _shape(hole: Any) -> str:
    """What a white place is, or nothing."""
    _x, _y, width, height = (each / PER_MM for each in cv2.boundingRect(hole))
    if not (min(width, height) >= LEAST_MM - 2 * LINE_MM and max(width, height) <= MOST_MM):
        return ""
    hull = float(cv2.contourArea(cv2.convexHull(hole))) / PER_MM**2
    fills, uneven = hull / (width * height), max(width, height) / min(width, height)
    if float(cv2.contourArea(hole)) / PER_MM**2 < WHOLE * hull:
        return ""
    if fills >= SQUARE_FILLS and uneven <= EVEN:
        return SQUARE
    return CIRCLE if ROUND[0] <= fills <= ROUND[1] and uneven <= OVAL else ""


def _is_heavy(hole: Sequence[int], line: Sequence[int]) -> bool:
    """Whether the line round a white place is no thin outline; a line that reaches far beyond it is not of that place alone."""
    broad, high = line[2] - hole[2], line[3] - hole[3]
    around = broad <= hole[2] and high <= hole[3]
    return around and broad > HEAVY * hole[2] and high > HEAVY * hole[3]


def _outline(hole: Sequence[int], line: Sequence[int], shape: str, shared: bool) -> Outline:
    """The outline round a white place: half way between that and the outer edge of its line, where the line is its own."""
    x, y, width, height = (each / PER_MM for each in hole)
    broad, high = line[2] / PER_MM - width, line[3] / PER_MM - height
    own = 0 < broad <= 4 * LINE_MM and 0 < high <= 4 * LINE_MM
    size = (width + (broad / 2 if own else LINE_MM), height + (high / 2 if own else LINE_MM))
    return Outline((round(x + width / 2, 2), round(y + height / 2, 2)), (round(size[0], 2), round(size[1], 2)), shape, shared)


def _same(one: Outline, other: Outline) -> bool:
    apart = max(abs(one.center_mm[axis] - other.center_mm[axis]) for axis in (0, 1))
    return apart <= SAME_PLACE_MM and abs(one.side - other.side) <= 2 * SAME_PLACE_MM


def _outermost(found: Sequence[Outline]) -> list[Outline]:
    """Those that lie in no other: the 0 of a digit's circle is none."""
    kept: list[Outline] = []
    for each in sorted(found, key=lambda one: -one.side):
        if not any(_within(each, other) for other in kept):
            kept.append(each)
    return kept


def _within(inner: Outline, outer: Outline) -> bool:
    return all(abs(inner.center_mm[axis] - outer.center_mm[axis]) <= outer.size_mm[axis] / 2 for axis in (0, 1))
