"""Changes of a picture by bad light and few levels: an open lid, a dark curve, few greys, a telephone at night. Made for machines.Then."""

from __future__ import annotations

import cv2
import numpy as np

from bench.other_hands.picture import CORNERS, Picture, add_noise, curve, jpeg, shade, soft_field
from bench.other_hands.strokes import Rng

LEVELS = np.arange(256, dtype=np.float64)


def lid_open(picture: Picture, rng: Rng) -> Picture:
    """The lid stood open over a bent sheet: black round the paper, darker and softer towards the side that rose."""
    tall, wide = picture.grey.shape
    x, y = np.meshgrid(np.linspace(0, 1, wide, dtype=np.float32), np.linspace(0, 1, tall, dtype=np.float32))
    rise = (x, 1 - x, y, 1 - y)[int(rng.integers(4))] ** np.float32(rng.uniform(2, 5))
    soft = cv2.GaussianBlur(picture.grey, (0, 0), rng.uniform(0.1, 0.22) * wide / 210)
    grey = picture.grey * (1 - rise) + soft * rise
    grey *= 1 - np.float32(rng.uniform(0.2, 0.55)) * rise
    inside = np.zeros((tall, wide), np.uint8)
    cv2.fillPoly(inside, [np.round(picture.places(CORNERS)).astype(np.int32)], 255)
    edge = cv2.GaussianBlur(inside, (0, 0), 0.25 * wide / 210).astype(np.float32) / 255
    room = soft_field(rng, (3, 3), (wide, tall), rng.uniform(5, 20), rng.uniform(25, 70))
    mixed = np.asarray(np.clip(grey * edge + room * (1 - edge), 0, 255), np.uint8)
    return Picture(jpeg(add_noise(mixed, 3.0, rng), int(rng.integers(70, 90))), picture.places)


def too_dark(picture: Picture, rng: Rng) -> Picture:
    """Gamma applied twice, or in the wrong way: everything but white is far too dark."""
    return Picture(curve(picture.grey, 255 * (LEVELS / 255) ** rng.uniform(1.8, 2.7) * rng.uniform(0.75, 1.0)), picture.places)


def few_greys(picture: Picture, rng: Rng) -> Picture:
    """Stored with two bits a place: four greys."""
    paper = float(np.percentile(picture.grey[::9, ::9], 70))
    limits = paper * np.array([0.3, 0.55, 0.8]) * rng.uniform(0.92, 1.1, 3)
    tones = np.array([0.0, 85.0, 170.0, 255.0])
    return Picture(curve(picture.grey, tones[np.searchsorted(limits, LEVELS)]), picture.places)


def at_night(picture: Picture, rng: Rng) -> Picture:
    """Under a yellow bulb: dark and noisy, then so much noise reduction that all turns to watercolour."""
    tall, wide = picture.grey.shape
    lamp = soft_field(rng, (3, 3), (wide // 20, tall // 20), 0.35, 0.85)
    dim = add_noise(shade(picture.grey, lamp), rng.uniform(8, 16), rng)
    smooth = cv2.medianBlur(dim, 5)
    for _pass in range(2):
        smooth = cv2.bilateralFilter(smooth, 7, rng.uniform(25, 45), rng.uniform(2, 4))
    bright = curve(np.asarray(smooth, np.uint8), 255 * (LEVELS / 255) ** rng.uniform(0.7, 1.0) * rng.uniform(1.0, 1.2))
    sharp = cv2.addWeighted(bright, 1.5, cv2.GaussianBlur(bright, (0, 0), 2.0), -0.5, 0)
    return Picture(jpeg(np.asarray(sharp, np.uint8), int(rng.integers(60, 85))), picture.places)
