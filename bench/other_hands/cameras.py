"""Telephones: a sheet on a desk, seen aslant, in uneven light, out of a hand that is not quite still.

The device of the phone conditions: takes a finished sheet (Work), answers a Picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from bench.other_hands.picture import CORNERS, Maps, Picture, Warp, Work, add_noise, curve, jpeg, soft_field
from bench.other_hands.scanners import tear_off
from bench.other_hands.strokes import Floats, Rng
from scanning.verdict import Grey

LEVELS = np.arange(256, dtype=np.float64)
COARSE = 25  # pixels a cell where light is worked out


@dataclass(frozen=True, slots=True)
class Phone:
    """Ranges of one photo: `size` in pixels (tall), tilt of the sheet, lifted paper in millimetres, blur and motion in pixels."""

    size: tuple[int, int] = (3000, 4000)
    tilt: float = 0.06
    lift: tuple[float, float] = (0.0, 3.0)
    blur: tuple[float, float] = (0.8, 1.7)
    motion: tuple[float, float] = (0.0, 1.5)
    shadow: tuple[float, float] = (0.6, 0.9)
    noise: tuple[float, float] = (2.0, 6.0)
    fills: tuple[float, float] = (0.82, 0.96)
    folds: float = 0.0

    def __call__(self, work: Work) -> Picture:
        """Take the photo."""
        rng = work.rng
        size = self.size if rng.random() < 0.85 else self.size[::-1]
        _lift(work, rng.uniform(*self.lift), self.folds)
        warp = Warp(self._stand(rng, size), work.bends)
        desk = _desk(rng, size)
        tear_off(work, int(desk.mean()))
        seen, paper = warp.take(work.page, work.per_mm, size)
        grey = np.where(paper > 0, seen, desk)
        grey = self._light(grey, warp, work)
        return Picture(self._lens(grey, rng), warp.forward)

    def _stand(self, rng: Rng, size: tuple[int, int]) -> Floats:
        """Millimetres to pixels: the sheet fills most of the frame, upright or lying, each corner a little off."""
        quarter = int(rng.choice(4, p=[0.7, 0.1, 0.1, 0.1])) if size[0] < size[1] else int(rng.choice([1, 3]))
        across, down = (210.0, 297.0) if quarter % 2 == 0 else (297.0, 210.0)
        per = min(size[0] / across, size[1] / down) * rng.uniform(*self.fills)
        half = np.array([across, down]) / 2 * per
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
        corners = corners + rng.uniform(-self.tilt, self.tilt, (4, 2)) * half * 0.5
        keystone = rng.uniform(-self.tilt, self.tilt, 2)
        corners = corners * (1 + keystone[0] * corners[:, 1:2] / half[1]) * (1 + keystone[1] * corners[:, 0:1] / half[0])
        turn = np.deg2rad(rng.normal(0, 2.5))
        corners = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        corners = np.roll(corners, quarter, axis=0)
        room = np.array(size) / 2 - np.abs(corners).max(0) - 6
        corners = corners * min(1.0, float(((np.array(size) / 2 - 6) / np.abs(corners).max(0)).min()))
        corners = corners + np.array(size) / 2 + rng.uniform(-0.8, 0.8, 2) * np.maximum(room, 0)
        return np.asarray(cv2.getPerspectiveTransform(CORNERS.astype(np.float32), corners.astype(np.float32)), np.float64)

    def _light(self, grey: Grey, warp: Warp, work: Work) -> Grey:
        """A lamp at one side, the phone's own shadow, slopes of the paper."""
        rng, (wide, tall) = work.rng, grey.shape[::-1]
        small = (wide // COARSE, tall // COARSE)
        light = soft_field(rng, (2, 2), small, 0.62, 1.0) * soft_field(rng, (4, 4), small, 0.93, 1.05)
        if rng.random() < 0.6:
            light *= _shadow(rng, small, rng.uniform(*self.shadow))
        if work.bends:
            light *= _slopes(warp, small, rng)
        light = np.asarray(cv2.resize(light.astype(np.float32), (wide, tall), interpolation=cv2.INTER_LINEAR), np.float32)
        return np.asarray(cv2.multiply(grey, light, dtype=cv2.CV_8U), np.uint8)

    def _lens(self, grey: Grey, rng: Rng) -> Grey:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), rng.uniform(*self.blur)), np.uint8)
        shake = rng.uniform(*self.motion)
        if shake > 0.8:
            grey = _shaken(grey, shake, rng)
        grey = add_noise(grey, rng.uniform(*self.noise), rng)
        lift = rng.uniform(0.85, 1.15)
        grey = curve(grey, 255 * (LEVELS / 255) ** lift * rng.uniform(0.88, 1.04))
        if rng.random() < 0.5:  # phones sharpen
            grey = np.asarray(cv2.addWeighted(grey, 1.6, cv2.GaussianBlur(grey, (0, 0), 1.6), -0.6, 0), np.uint8)
        return jpeg(grey, int(rng.integers(78, 93)))


def _lift(work: Work, height: float, folds: float) -> None:
    """Paper that does not lie flat: waves and lifted corners bend it, and folds stand up; what is nearer is seen further out."""
    rng, above, eye = work.rng, 380.0, np.array([105.0, 148.5]) + work.rng.normal(0, 25, 2)
    wave, lean = rng.uniform(0.6, 1.4), rng.uniform(0, 3.14)
    phase, tent = rng.uniform(0, 6.28), rng.random() < folds
    lines = np.array((99.0, 198.0) if rng.random() < 0.4 else (148.5,)) + rng.normal(0, 1.0)
    ridge, wide = rng.uniform(-3.0, 5.0), rng.uniform(25, 50)

    def bend(points: Floats) -> Floats:
        along = (points[:, 0] - 105) * np.cos(lean) + (points[:, 1] - 148.5) * np.sin(lean)
        up = height * (0.5 + 0.5 * np.sin(along / 148.5 * 3.14 * wave + phase))
        if tent:
            away = np.abs(points[:, 1][:, None] - lines[None, :]).min(1)
            up = up + ridge * np.maximum(0.0, 1 - away / wide)
        scaled: Floats = (points - eye) * (up / (above - up))[:, None]
        return scaled

    if height > 0.3 or tent:
        work.bends.append(bend)


def _slopes(warp: Warp, small: tuple[int, int], rng: Rng) -> Maps:
    """Bent paper is lighter where it leans to the lamp: the change of the bends stands for the slope."""
    grid: Floats = np.stack(np.meshgrid(np.arange(small[0]), np.arange(small[1])), axis=-1).reshape(-1, 2).astype(np.float64) * COARSE
    paper = warp.backward(grid)
    step = np.array([[0.0, 3.0], [3.0, 0.0]])[int(rng.integers(2))]
    change = sum((bend(paper + step) - bend(paper) for bend in warp.bends), np.zeros_like(paper)).sum(1)
    return np.asarray(np.clip(1 + rng.uniform(-6, 6) * change / 3.0, 0.75, 1.15).reshape(small[::-1]), np.float32)


def _shadow(rng: Rng, small: tuple[int, int], depth: float) -> Maps:
    """The shadow of a head, a hand or the phone: a soft-edged shape from one side."""
    shape = np.zeros(small[::-1], np.float32)
    turn = rng.uniform(0, 6.28)
    middle = np.array(small) / 2 + np.array([np.cos(turn), np.sin(turn)]) * np.array(small) * rng.uniform(0.1, 0.5)
    spread = np.array(small) * rng.uniform(0.25, 0.6, 2)
    cv2.ellipse(shape, (tuple(map(float, middle)), tuple(map(float, spread * 2)), float(rng.uniform(0, 180))), 1.0, -1)
    soft = cv2.GaussianBlur(shape, (0, 0), rng.uniform(0.8, 10.0))
    return np.asarray(1 - (1 - depth) * soft, np.float32)


def _shaken(grey: Grey, far: float, rng: Rng) -> Grey:
    side = int(np.ceil(far)) * 2 + 3
    line, turn = np.zeros((side, side), np.float32), rng.uniform(0, 3.14)
    middle, dx, dy = side // 2, np.cos(turn) * far / 2 * 16, np.sin(turn) * far / 2 * 16
    ends = [(round(middle * 16 + k * dx), round(middle * 16 + k * dy)) for k in (-1, 1)]
    cv2.line(line, ends[0], ends[1], 1.0, 1, cv2.LINE_AA, 4)
    return np.asarray(cv2.filter2D(grey, -1, line / line.sum()), np.uint8)


def _desk(rng: Rng, size: tuple[int, int]) -> Grey:
    """Wood, oilcloth or a plain table, made small and stretched."""
    tone, kind, small = rng.uniform(40, 190), int(rng.integers(3)), (size[0] // 4, size[1] // 4)
    if kind == 0:  # wood: long grain
        pattern = soft_field(rng, (60, 5), small, -1.0, 1.0) * 16 + soft_field(rng, (240, 3), small, -1.0, 1.0) * 9
    elif kind == 1:  # checks
        y, x = np.mgrid[0 : small[1], 0 : small[0]]
        pitch = rng.uniform(15, 50)
        pattern = np.asarray(((x // pitch + y // pitch) % 2) * rng.uniform(10, 60), np.float32)
    else:
        pattern = soft_field(rng, (6, 5), small, -12.0, 12.0)
    return np.asarray(cv2.resize(np.clip(tone + pattern, 0, 255).astype(np.uint8), size), np.uint8)
