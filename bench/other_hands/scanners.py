"""Flatbeds and feeders: how a sheet lies, what the sensor and its settings make of it.

The device of a condition: takes a finished sheet (Work), answers a Picture. `Scan` holds a condition's settings.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from bench.other_hands.picture import PAGE, Picture, Warp, Work, add_noise, curve, jpeg, soft_field
from bench.other_hands.strokes import Floats
from scanning.verdict import Grey

LEVELS = np.arange(256, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Scan:
    """Ranges from which one scan is drawn: turn in degrees, shift in millimetres, blur in millimetres, noise in grey levels."""

    dpi: float = 200.0
    turn: float = 0.4
    shift: float = 1.5
    blur: tuple[float, float] = (0.04, 0.07)
    noise: tuple[float, float] = (1.0, 3.0)
    gamma: tuple[float, float] = (0.95, 1.1)
    quality: tuple[int, int] | None = (82, 93)
    dust: int = 8
    streaks: float = 0.0
    quarters: tuple[int, ...] = (0,)
    one_bit: bool = False
    window: tuple[float, float] = field(default=PAGE)

    def __call__(self, work: Work) -> Picture:
        """Scan the sheet."""
        rng = work.rng
        size = (round(self.window[0] * self.dpi / 25.4), round(self.window[1] * self.dpi / 25.4))
        bed = int(rng.choice([255, 246, 238, 40])) if rng.random() < 0.9 else 0
        warp = Warp(self._lay(work), work.bends)
        self._soften(work)
        tear_off(work, bed)
        grey, _paper = warp.take(work.page, work.per_mm, size, bed)
        grey = self._sense(grey, work)
        quarter = int(rng.choice(self.quarters))
        turned = np.ascontiguousarray(np.rot90(grey, quarter))
        return Picture(turned, lambda points: _quarter(warp.forward(points), quarter, size), self.one_bit)

    def _lay(self, work: Work) -> Floats:
        """Millimetres to pixels: a turn about the middle, a shift, feeder stretch."""
        rng, per = work.rng, self.dpi / 25.4
        turn = np.deg2rad(rng.uniform(-self.turn, self.turn))
        stretch = np.diag([work.scale, work.scale * (1 + rng.normal(0, 0.002)), 1.0])
        rotate = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1.0]])
        middle, shift = np.array(self.window) / 2, rng.uniform(-self.shift, self.shift, 2)
        there, back = np.eye(3), np.eye(3)
        there[:2, 2], back[:2, 2] = middle + shift, [-105.0, -148.5]
        return np.asarray(np.diag([per, per, 1.0]) @ there @ rotate @ stretch @ back)

    def _soften(self, work: Work) -> None:
        """The lens, and on coarse scans the sensor's own cell, before pixels are taken."""
        sigma = work.rng.uniform(*self.blur) * work.per_mm
        cell = work.per_mm / (self.dpi / 25.4)
        sigma = float(np.hypot(sigma, 0.3 * cell if cell > 1.1 else 0.0))
        work.page = np.asarray(cv2.GaussianBlur(work.page, (0, 0), sigma), np.uint8)

    def _sense(self, grey: Grey, work: Work) -> Grey:
        rng = work.rng
        _dust(grey, int(rng.poisson(self.dust)), work)
        if rng.random() < self.streaks:
            _streak(grey, work)
        grey = curve(add_noise(grey, rng.uniform(*self.noise), rng), 255 * (LEVELS / 255) ** rng.uniform(*self.gamma))
        if self.one_bit:
            limit = _threshold(grey) + rng.uniform(-22, 12)
            return np.where(grey > limit, np.uint8(255), np.uint8(0))
        return jpeg(grey, int(rng.integers(*self.quality))) if self.quality else grey


@dataclass(frozen=True, slots=True)
class TwoInOne:
    """Two sheets side by side on a large bed."""

    scan: Scan = field(default_factory=lambda: Scan(turn=1.5, shift=2.0, quality=(80, 92)))

    def __call__(self, works: list[Work]) -> tuple[Grey, list[Picture]]:
        """One picture, and for each sheet its own view of it."""
        pictures = [self.scan(work) for work in works]
        gap = np.full((pictures[0].grey.shape[0], int(works[0].rng.integers(8, 160))), 245, np.uint8)
        whole = np.hstack([pictures[0].grey, gap, pictures[1].grey])
        right = pictures[0].grey.shape[1] + gap.shape[1]
        moved = pictures[1].places
        return whole, [Picture(whole, pictures[0].places), Picture(whole, lambda points: moved(points) + np.array([right, 0.0]))]


def tear_off(work: Work, bed: int) -> None:
    """Paint what is torn away in the colour of the bed, with a thin shadow along the tear."""
    for shape in work.gone:
        pixels = [np.round(shape * work.per_mm).astype(np.int32)]
        cv2.polylines(work.page, pixels, True, 175, max(1, round(0.35 * work.per_mm)), cv2.LINE_AA)
        cv2.fillPoly(work.page, pixels, bed)


def _quarter(places: Floats, quarter: int, size: tuple[int, int]) -> Floats:
    """Places after np.rot90 by `quarter`; `size` (width, height) is that before."""
    wide, tall = size
    for _turn in range(quarter % 4):
        places = np.column_stack((places[:, 1], wide - places[:, 0]))
        wide, tall = tall, wide
    return places


def _dust(grey: Grey, count: int, work: Work) -> None:
    rng, per = work.rng, grey.shape[1] / PAGE[0]
    for _speck in range(count):
        x, y = int(rng.integers(grey.shape[1])), int(rng.integers(grey.shape[0]))
        tone = int(rng.integers(60, 190))
        if rng.random() < 0.2:
            ends = rng.normal(0, 1.2 * per, (2, 2)).cumsum(0) + np.array([x, y])
            cv2.polylines(grey, [np.round(np.vstack(([x, y], ends))).astype(np.int32)], False, tone, 1, cv2.LINE_AA)
        else:
            cv2.circle(grey, (x, y), round(min(0.3, rng.gamma(1.5, 0.06)) * per), tone, -1, cv2.LINE_AA)


def _streak(grey: Grey, work: Work) -> None:
    """Dirt on a feeder's glass: a thin line down the whole sheet."""
    for _line in range(int(work.rng.integers(1, 4))):
        x, wide = int(work.rng.integers(10, grey.shape[1] - 10)), int(work.rng.integers(1, 3))
        share = work.rng.uniform(0.5, 0.92)
        np.copyto(grey[:, x : x + wide], (grey[:, x : x + wide] * share).astype(np.uint8))


def _threshold(grey: Grey) -> float:
    """Where a scanner parts black from white: near the paper, as such machines do, so that pencil has a chance."""
    paper = float(np.percentile(grey[::9, ::9], 70))
    return paper * 0.68


def uneven_lamp(work: Work) -> None:
    """An old lamp: the sheet is darker at one side."""
    light = soft_field(work.rng, (2, 3), work.page.shape[::-1], 0.84, 1.0)
    work.page = np.asarray(cv2.multiply(work.page, light, dtype=cv2.CV_8U), np.uint8)
