"""Traces of our own sheet in a picture whose codes cannot be read: its ArUco fiducials.

scanning/page asks, to tell a sheet of ours from paper that is not ours at all; scanning/rescue begins with what is found here, and scanning/align takes it where a
single code carries too little.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from packets.layout import ARUCO_BOTTOM_RIGHT, ARUCO_TOP_LEFT, FIDUCIALS
from scanning.transform import Points, similarity
from scanning.verdict import Grey

LOOK_SIDE = 2340
LARGEST_SIDE = 4200
OURS = (ARUCO_TOP_LEFT, ARUCO_BOTTOM_RIGHT)
PARTING = 0.4  # of the distance between both: how far off the second may lie, seen from the 7 mm of the first


@dataclass(frozen=True, slots=True)
class Trace:
    """What one sheet shows of its ArUco fiducials: their corners, (4 or 8, 2), in millimetres and in pixels; `mirrored` where seen from behind."""

    mm: Points
    pixels: Points
    mirrored: bool = False


def traces(image: Grey, closely: bool = False) -> list[Trace]:
    """The sheets of ours that show a fiducial; `closely` looks at large pictures in full, and for mirrored ones."""
    small, factor = _small(image, LARGEST_SIDE if closely else LOOK_SIDE)
    if min(small.shape) < 32:
        return []
    found = _paired(_markers(small, factor))
    if found or not closely:
        return found
    return [Trace(each.mm, each.pixels, mirrored=True) for each in _paired(_markers(np.ascontiguousarray(small[:, ::-1]), factor))]


def _small(image: Grey, side: int) -> tuple[Grey, float]:
    factor = side / max(image.shape)
    if factor >= 1:
        return image, 1.0
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8), size[0] / image.shape[1]


def _markers(small: Grey, factor: float) -> list[tuple[int, Points]]:
    """Our markers by their ids, with their corners, (4, 2) pixels of the picture as it came, clockwise from their own top left."""
    corners, ids, _rejected = _detector().detectMarkers(np.ascontiguousarray(small))
    numbers = [] if not corners else [int(each) for each in np.ravel(ids)]
    seen = zip(numbers, corners, strict=True)
    return [(number, (each.reshape(4, 2).astype(np.float64) + 0.5) / factor - 0.5) for number, each in seen if number in OURS]


def _paired(markers: list[tuple[int, Points]]) -> list[Trace]:
    """Markers that lie where one sheet has its two are one sheet."""
    first = [corners for number, corners in markers if number == ARUCO_TOP_LEFT]
    second = [corners for number, corners in markers if number == ARUCO_BOTTOM_RIGHT]
    found = []
    for one in first:
        partner = min(second, key=lambda other, one=one: _parting(one, other), default=None)  # type: ignore[misc]
        if partner is not None and _parting(one, partner) < PARTING:
            second = [each for each in second if each is not partner]
            found.append(Trace(np.concatenate([_mm(ARUCO_TOP_LEFT), _mm(ARUCO_BOTTOM_RIGHT)]), np.concatenate([one, partner])))
        else:
            found.append(Trace(_mm(ARUCO_TOP_LEFT), one))
    return found + [Trace(_mm(ARUCO_BOTTOM_RIGHT), each) for each in second]


def _parting(first: Points, second: Points) -> float:
    """How far the second marker lies from where the first puts it, as a share of the distance between them; the mean of both views."""
    one, other = _mm(ARUCO_TOP_LEFT), _mm(ARUCO_BOTTOM_RIGHT)
    return (_off(one, first, other, second) + _off(other, second, one, first)) / 2


def _off(mm: Points, pixels: Points, there: Points, seen: Points) -> float:
    into = similarity(mm, pixels)
    expected = there.mean(axis=0) @ into[:, :2].T + into[:, 2]
    reach = float(np.linalg.norm(expected - pixels.mean(axis=0)))
    return float(np.linalg.norm(expected - seen.mean(axis=0))) / max(reach, 1e-6)


def _mm(number: int) -> Points:
    place = next(each for each in FIDUCIALS if each.aruco == number)
    half = place.size_mm / 2
    corners: Points = np.array(place.center_mm) + half * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    return corners


@lru_cache(maxsize=1)
def _detector() -> cv2.aruco.ArucoDetector:
    return cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_ARUCO_MIP_36h12))
