"""What is laid over marks: correction fluid, which is an event at a question, and smudges of soft graphite, which are a stage after writing."""

from __future__ import annotations

import cv2
import numpy as np

from bench.other_hands.events import EVENTS
from bench.other_hands.picture import Work
from bench.other_hands.pupil import Deed, Hand
from bench.other_hands.sheets import Spot
from bench.other_hands.tools import Density, Patch


def whitened_other(hand: Hand, deed: Deed, first: Spot, second: Spot) -> None:
    """Fill a circle, paint it over with correction fluid, and fill another."""
    made, rng = hand.shape(second, str(hand.rng.choice(("careful", "zigzag", "spiral", "hurried")))), hand.rng
    patch = hand.lay(deed, second, "rubbed", "painted over", made)
    reach = float(np.hypot(*(np.vstack([each.points for each in made]).T)).max())
    _fluid(hand, min(reach + rng.uniform(0.2, 0.8), 4.2), patch)
    hand.answer(deed, first)


def _fluid(hand: Hand, radius: float, patch: Patch) -> None:
    """White with a ragged rim, brushed unevenly; a little of what lies below may show."""
    rng, side = hand.rng, patch.density.shape[0]
    lobes = radius * np.append(made := rng.uniform(0.85, 1.1, 9), made[0])
    around = np.linspace(0, 2 * np.pi, 60)
    reach = np.interp(around, np.linspace(0, 2 * np.pi, 10), lobes)
    shape = np.column_stack((np.cos(around) * reach * rng.uniform(1.0, 1.25), np.sin(around) * reach))
    layer: Density = np.zeros((side, side), np.float32)
    cv2.fillPoly(layer, [np.round(patch.place(shape)).astype(np.int32)], 1.0)
    rim = cv2.GaussianBlur(layer, (0, 0), 0.15 * patch.fine)
    brushed = cv2.resize(rng.uniform(0.9, 1.0, (14, 3)).astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
    small = (patch.side, patch.side)
    cover = cv2.resize(layer * brushed, small, interpolation=cv2.INTER_AREA)
    edge = cv2.resize(4 * rim * (1 - rim), small, interpolation=cv2.INTER_AREA)
    top, left = max(0, patch.top), max(0, patch.left)
    under = hand.page[top : patch.top + patch.side, left : patch.left + patch.side]
    cut = (slice(top - patch.top, top - patch.top + under.shape[0]), slice(left - patch.left, left - patch.left + under.shape[1]))
    white = rng.uniform(236, 254) * (1 - rng.uniform(0.02, 0.1) * edge[cut])
    np.copyto(under, np.clip(under * (1 - cover[cut]) + white * cover[cut], 0, 255).astype(np.uint8))


EVENTS["whitened_other"] = whitened_other


def smudged(work: Work) -> None:
    """The hand went over soft graphite: it is drawn out in broad swipes, and a fold prints some of it on the facing half."""
    assert work.printed is not None, "a page that somebody has written on"
    rng = work.rng
    dark = np.asarray(cv2.subtract(work.printed, work.page), np.float32)
    dark[dark < 6] = 0
    lost = np.zeros_like(dark)
    for _swipe in range(int(rng.integers(3, 9))):
        lost = np.maximum(lost, _swiped(dark, work))
    if rng.random() < 0.5:
        fold = round(148.5 * work.per_mm)
        faced = np.zeros_like(dark)
        many = min(fold, len(dark) - fold)
        faced[fold : fold + many], faced[fold - many : fold] = dark[fold - many : fold][::-1], dark[fold : fold + many][::-1]
        lost += cv2.GaussianBlur(faced, (0, 0), 0.2 * work.per_mm) * rng.uniform(0.04, 0.1)
    work.page = np.asarray(np.clip(work.page - lost * (work.page / 255.0), 0, 255), np.uint8)


def _swiped(dark: Density, work: Work) -> Density:
    """What one swipe leaves: darkness drawn out along it, within its band."""
    rng, per_mm = work.rng, work.per_mm
    turn, long = rng.normal(0.2, 0.5), rng.uniform(6, 22)
    side = round(long * per_mm) | 1
    line = np.zeros((side, side), np.float32)
    way = np.array([np.cos(turn), np.sin(turn)]) * side / 2
    cv2.line(line, tuple(np.round(side / 2 - way).astype(int).tolist()), tuple(np.round(side / 2 + way).astype(int).tolist()), 1.0, 1)
    band = np.zeros(dark.shape, np.float32)
    middle = rng.uniform([20, 40], [190, 270]) * per_mm
    cv2.ellipse(
        band, (tuple(map(float, middle)), (rng.uniform(60, 150) * per_mm, rng.uniform(20, 60) * per_mm), float(np.rad2deg(turn))), 1.0, -1
    )
    band = np.asarray(cv2.GaussianBlur(band[::4, ::4], (0, 0), 1.5 * per_mm), np.float32)
    soft = np.asarray(cv2.resize(band, dark.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
    drawn = cv2.filter2D(cv2.GaussianBlur(dark, (0, 0), 0.35 * per_mm), -1, line / line.sum())
    return np.asarray(drawn * soft * rng.uniform(0.35, 0.9), np.float32)
