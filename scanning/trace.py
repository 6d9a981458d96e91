"""Traces of our own sheet in a picture whose codes cannot be read: its ArUco fiducials.

scanning/page asks, to tell a sheet of ours that a person can name by its short code from paper that is not ours at all.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from packets.layout import ARUCO_BOTTOM_RIGHT, ARUCO_TOP_LEFT
from scanning.verdict import Grey

LOOK_SIDE = 2340
OURS = (ARUCO_TOP_LEFT, ARUCO_BOTTOM_RIGHT)


def fiducials_seen(image: Grey) -> bool:
    """Whether at least one of our two ArUco fiducials stands in the picture."""
    factor = LOOK_SIDE / max(image.shape)
    small = image if factor >= 1 else cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    if min(small.shape) < 32:
        return False
    _corners, ids, _rejected = _detector().detectMarkers(np.ascontiguousarray(small))
    return ids is not None and any(int(each) in OURS for each in np.ravel(ids))


@lru_cache(maxsize=1)
def _detector() -> cv2.aruco.ArucoDetector:
    return cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_ARUCO_MIP_36h12))
