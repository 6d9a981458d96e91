"""Pictures made easier for a decoder: lighting evened out, noise taken away, edges drawn out, twice the size.

scanning/identify, patience and rescue use these on pictures that are only decoded: nothing is measured on them.
"""

from __future__ import annotations

import cv2
import numpy as np

from scanning.verdict import Grey


def flattened(image: Grey) -> Grey:
    """The picture with its lighting evened out and its contrast stretched."""
    side = max(15, min(image.shape) // 12 | 1)
    paper = cv2.blur(cv2.dilate(image, np.ones((9, 9), np.uint8)), (side, side)).astype(np.float32)
    even = np.clip(image / np.maximum(paper, 1) * 255, 0, 255).astype(np.uint8)
    return np.asarray(cv2.createCLAHE(2.0, (8, 8)).apply(even), np.uint8)


def softened(image: Grey) -> Grey:
    """The picture without its finest noise."""
    return np.asarray(cv2.GaussianBlur(image, (5, 5), 1.2), np.uint8)


def edged(image: Grey, noise: float) -> Grey:
    """The picture without detail finer than `noise` pixels, and with what is coarser drawn out: for dim and blurred photographs."""
    fine, coarse = (cv2.GaussianBlur(image, (0, 0), wide) for wide in (noise, noise * 3.3))
    return np.asarray(cv2.addWeighted(fine, 3.0, coarse, -2.0, 0), np.uint8)


def doubled(image: Grey) -> Grey:
    """The picture at twice its size."""
    return np.asarray(cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)
