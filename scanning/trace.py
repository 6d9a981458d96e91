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
from scanning.transform import ONE_SHEET_MM, Points, off_plane_mm
from scanning.verdict import Grey

LOOK_SIDE = 2340
LARGEST_SIDE = 4200
OURS = (ARUCO_TOP_LEFT, ARUCO_BOTTOM_RIGHT)


@dataclass(frozen=True, slots=True)
class Trace:
    """What one sheet shows of its ArUco fiducials: their corners, (4 or 8, 2), in millimetres and in pixels; `mirrored` where seen from behind."""

    mm: Points
    pixels: Points
    mirrored: bool = False


def traces(image: Grey, closely: bool = False, behind: bool = True) -> list[Trace]:
    """The sheets of ours that show a fiducial; `closely` looks at large pictures in full, and, with `behind`, for mirrored ones."""
    small, factor = _small(image, LARGEST_SIDE if closely else LOOK_SIDE)
    if min(small.shape) < 32:
        return []
    found = _paired(_markers(small, factor, closely))
    if found or not closely or not behind:
        return found
    return [Trace(each.mm, each.pixels, mirrored=True) for each in _paired(_markers(np.ascontiguousarray(small[:, ::-1]), factor, closely))]


def _small(image: Grey, side: int) -> tuple[Grey, float]:
    factor = side / max(image.shape)
    if factor >= 1:
        return image, 1.0
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8), size[0] / image.shape[1]


def _markers(small: Grey, factor: float, closely: bool) -> list[tuple[int, Points]]:
    """Our markers by their ids, with their corners, (4, 2) pixels of the picture as it came, clockwise from their own top left."""
    corners, ids, _rejected = _detector(closely).detectMarkers(np.ascontiguousarray(small))
    numbers = [] if not corners else [int(each) for each in np.ravel(ids)]
    seen = zip(numbers, corners, strict=True)
    return [(number, (each.reshape(4, 2).astype(np.float64) + 0.5) / factor - 0.5) for number, each in seen if number in OURS]


def _paired(markers: list[tuple[int, Points]]) -> list[Trace]:
    """Markers that lie where one sheet has its two are one sheet."""
    first = [corners for number, corners in markers if number == ARUCO_TOP_LEFT]
    second = [corners for number, corners in markers if number == ARUCO_BOTTOM_RIGHT]
    both, found = np.concatenate([_mm(ARUCO_TOP_LEFT), _mm(ARUCO_BOTTOM_RIGHT)]), []
    for one in first:
        pairs = [(off_plane_mm(both, np.concatenate([one, other])), place) for place, other in enumerate(second)]
        off, place = min(pairs, default=(np.inf, -1))
        if off < ONE_SHEET_MM:
            found.append(Trace(both, np.concatenate([one, second.pop(place)])))
        else:
            found.append(Trace(_mm(ARUCO_TOP_LEFT), one))
    return found + [Trace(_mm(ARUCO_BOTTOM_RIGHT), each) for each in second]


def _mm(number: int) -> Points:
    place = next(each for each in FIDUCIALS if each.aruco == number)
    half = place.size_mm / 2
    corners: Points = np.array(place.center_mm) + half * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    return corners


@lru_cache(maxsize=2)
def _detector(closely: bool) -> cv2.aruco.ArucoDetector:
    """With one width of neighbourhood, which finds as many as OpenCV's three in half the time; `closely` with four, and for paler print."""
    how = cv2.aruco.DetectorParameters()
    how.adaptiveThreshWinSizeMin, how.adaptiveThreshWinSizeMax, how.adaptiveThreshWinSizeStep = (13, 43, 10) if closely else (23, 23, 10)
    how.adaptiveThreshConstant = 4 if closely else 7
    return cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_ARUCO_MIP_36h12), how)
