"""Machines that think they know better: each takes a picture as another device does and makes something else of it.

`Then` is the device of a condition; the changes below take (picture, rng) and answer a picture, with places of the paper kept right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from bench.other_hands.picture import CORNERS, Picture, Work, add_noise, curve, jpeg, shade
from bench.other_hands.strokes import Floats, Rng
from scanning.verdict import Grey

LEVELS = np.arange(256, dtype=np.float64)
Change = Callable[[Picture, Rng], Picture]


@dataclass(frozen=True, slots=True)
class Then:
    """A device, and what is done to its picture, in turn."""

    device: Callable[[Work], Picture]
    changes: tuple[Change, ...]

    def __call__(self, work: Work) -> Picture:
        """Take the picture and change it."""
        picture = self.device(work)
        for change in self.changes:
            picture = change(picture, work.rng)
        return picture


def flattened(picture: Picture, rng: Rng) -> Picture:
    """An app finds the sheet's corners, not quite, and cuts it out straight."""
    per = rng.choice([1240, 1654, 2100, 2480]) / 210
    corners = picture.places(CORNERS)
    corners = corners + rng.normal(0, 0.004, (4, 2)) * np.ptp(corners, axis=0)
    matrix = np.asarray(cv2.getPerspectiveTransform(corners.astype(np.float32), (CORNERS * per).astype(np.float32)), np.float64)
    size = (round(210 * per), round(297 * per))
    flat = cv2.warpPerspective(picture.grey, matrix, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    return Picture(np.asarray(flat, np.uint8), lambda points: _through(matrix, picture.places(points)), picture.one_bit)


def magic(picture: Picture, rng: Rng) -> Picture:
    """The app's filter: divided by its own background, contrast driven up, sharpened."""
    flat = _divided(picture.grey, rng.uniform(0.03, 0.09))
    low, high = rng.uniform(10, 80), rng.uniform(205, 240)
    grey = curve(flat, 255 * np.clip((LEVELS - low) / (high - low), 0, 1) ** rng.uniform(0.9, 1.3))
    soft = cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.8, 2.0))
    sharp = np.asarray(cv2.addWeighted(grey, 1 + (more := rng.uniform(0.3, 1.2)), soft, -more, 0), np.uint8)
    return Picture(jpeg(sharp, int(rng.integers(60, 90))), picture.places)


def black_and_white(picture: Picture, rng: Rng) -> Picture:
    """The app's other filter: each place against its neighbourhood, and then only black and white."""
    soft = cv2.GaussianBlur(picture.grey, (0, 0), rng.uniform(0.5, 1.2))
    side = round(picture.grey.shape[1] * rng.uniform(0.03, 0.08)) | 1
    one = cv2.adaptiveThreshold(soft, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, side, rng.uniform(9, 20))
    if rng.random() < 0.5:
        one = cv2.medianBlur(one, 3)
    return Picture(np.asarray(one, np.uint8), picture.places, one_bit=True)


def by_messenger(picture: Picture, rng: Rng) -> Picture:
    """Sent on once or twice: the long side 1280 or 1600 pixels, packed hard each time."""
    share = min(1.0, float(rng.choice([1280, 1600])) / max(picture.grey.shape))
    small = np.asarray(cv2.resize(picture.grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)
    for _time in range(int(rng.integers(1, 3))):
        small = jpeg(small, int(rng.integers(40, 61)))
    return Picture(small, lambda points: picture.places(points) * share, picture.one_bit)


def text_mode(picture: Picture, rng: Rng) -> Picture:
    """An office machine set to text: a steep curve, edges with halos."""
    middle, steep, radius = rng.uniform(120, 185), rng.uniform(14, 30), rng.uniform(0.8, 2.2)
    soft, more = cv2.GaussianBlur(picture.grey, (0, 0), radius), rng.uniform(1.0, 2.5)
    sharp = np.asarray(cv2.addWeighted(picture.grey, 1 + more, soft, -more, 0), np.uint8)
    grey = curve(sharp, 255 / (1 + np.exp(-(LEVELS - middle) / steep)))
    return Picture(jpeg(grey, int(rng.integers(55, 85))), picture.places)


def dithered(picture: Picture, rng: Rng) -> Picture:
    """Black and white dots whose errors are carried on (Floyd and Steinberg): grey is kept on average."""
    stretched = curve(picture.grey, 255 * np.clip((LEVELS - rng.uniform(0, 25)) / rng.uniform(195, 235), 0, 1) ** rng.uniform(0.8, 1.2))
    return Picture(np.asarray(Image.fromarray(stretched).convert("1"), np.uint8) * np.uint8(255), picture.places)


def faxed(picture: Picture, rng: Rng) -> Picture:
    """Fine fax: 204 by 196 dots an inch, black and white, with lines lost or sent twice."""
    tall, wide = picture.grey.shape
    size = (1728, round(1728 / wide * tall * 196 / 204))
    small = cv2.resize(picture.grey, size, interpolation=cv2.INTER_AREA)
    limit = float(np.percentile(small[::9, ::9], 70)) * rng.uniform(0.6, 0.78)
    one = np.where(add_noise(np.asarray(small, np.uint8), 5.0, rng) > limit, np.uint8(255), np.uint8(0))
    for row in rng.integers(2, size[1], int(rng.integers(0, 25))):
        one[row] = one[row - 1]
    for row in rng.integers(2, size[1] - 2, int(rng.poisson(1.5))):
        left, long = int(rng.integers(size[0])), int(rng.integers(20, 500))
        one[row, left : left + long] ^= np.uint8(255)
    share = np.array([size[0] / wide, size[1] / tall])
    return Picture(one, lambda points: picture.places(points) * share, one_bit=True)


def clipped(picture: Picture, rng: Rng) -> Picture:
    """Background removal: all that is nearly as bright as the paper becomes white, and the rest stays or is stretched."""
    paper = float(np.percentile(picture.grey[::9, ::9], 70))
    limit = paper * rng.uniform(0.72, 0.88)
    kept = LEVELS if rng.random() < 0.5 else 255 * LEVELS / limit
    grey = curve(picture.grey, np.where(limit <= LEVELS, 255.0, np.minimum(kept, 250)))
    return Picture(jpeg(grey, int(rng.integers(70, 90))), picture.places)


def jittered(picture: Picture, rng: Rng) -> Picture:
    """A worn feeder: rows stretched and squeezed, hops, and bands of light and dark across."""
    tall, rows = len(picture.grey), np.arange(len(picture.grey), dtype=np.float64)
    per_mm = tall / 297
    speed = np.interp(rows, np.linspace(0, tall, 60), rng.normal(1.0, 0.02, 60)) + 0.05 * np.sin(
        rows / per_mm * 2 * np.pi / rng.uniform(2, 9)
    )
    for hop in rng.uniform(0, tall, int(rng.integers(0, 4))):
        speed[int(hop) : int(hop + per_mm)] += rng.uniform(-0.5, 0.5)
    source = np.cumsum(np.maximum(speed, 0.2))
    source = source * (tall - 1) / source[-1]
    columns, lines = np.meshgrid(np.arange(picture.grey.shape[1], dtype=np.float32), source.astype(np.float32))
    grey = cv2.remap(picture.grey, columns, lines, cv2.INTER_LINEAR)
    bands = 1 - rng.uniform(0.02, 0.1) * (0.5 + 0.5 * np.sin(rows / per_mm * 2 * np.pi / rng.uniform(1.0, 6.0)))
    bands *= 1 - rng.uniform(0.0, 0.12) * np.interp(rows, np.linspace(0, tall, 70), rng.random(70) ** 4)
    grey = shade(np.asarray(grey, np.uint8), np.asarray(np.repeat(bands[:, None], grey.shape[1], 1), np.float32))

    def places(points: Floats) -> Floats:
        seen = picture.places(points)
        return np.column_stack((seen[:, 0], np.interp(seen[:, 1] - 0.5, source, rows) + 0.5))

    return Picture(jpeg(grey, int(rng.integers(70, 90))), places)


def doubled(picture: Picture, rng: Rng) -> Picture:
    """The carriage shook: everything twice, a hair apart, and a moire of waves over it."""
    dx, dy = rng.normal(0, 0.16, 2) * picture.grey.shape[1] / 210
    moved = cv2.warpAffine(picture.grey, np.array([[1.0, 0, dx], [0, 1.0, dy]]), picture.grey.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    share = rng.uniform(0.3, 0.5)
    grey = np.asarray(cv2.addWeighted(picture.grey, 1 - share, moved, share, 0), np.uint8)
    y, x = np.indices(grey.shape, dtype=np.float32)
    waves = np.ones(grey.shape, np.float32)
    for _grating in range(2):
        turn, pitch = rng.uniform(0, np.pi), rng.uniform(3.5, 14)
        waves -= np.float32(rng.uniform(0.015, 0.05)) * (1 + np.sin((x * np.cos(turn) + y * np.sin(turn)) * (2 * np.pi / pitch))).astype(
            np.float32
        )
    return Picture(jpeg(shade(grey, waves), int(rng.integers(65, 88))), picture.places)


def _divided(grey: Grey, share: float) -> Grey:
    """The picture over its own background: the brightest nearby, softened."""
    small = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    side = round(small.shape[1] * share) | 1
    ground = cv2.GaussianBlur(cv2.dilate(cv2.medianBlur(small, 5), np.ones((side, side), np.uint8)), (0, 0), side / 2)
    full = cv2.resize(ground, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, full, scale=250), np.uint8)


def _through(matrix: Floats, points: Floats) -> Floats:
    seen = np.column_stack((points, np.ones(len(points)))) @ matrix.T
    moved: Floats = seen[:, :2] / seen[:, 2:]
    return moved
