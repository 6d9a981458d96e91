"""The print of a blank at one fineness, cut into small windows: which of them can be held on to, and what is printed beside the boxes. Pure.

scanning/form_register makes a `Look` of every page of a form, scanning/form_windows seeks its windows in a picture. A form full of equal circles can be
laid upon itself a row too low, so it is known of each window whether it looks like no other place nearby.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from packets.layout import Layout
from scanning.form import PER_MM, FormPage
from scanning.verdict import Grey

WINDOW_MM = 10.0
COARSE_REACH_MM, FINE_REACH_MM = 4.0, 1.0
PRINT = 0.08  # darkness that is print
LEAST_PRINT = 0.005  # mean darkness of a window that is sought
ALONE = 0.72  # likeness that a second place near a window may have before the window is one of many
UNLIKE = 0.75  # likeness below which a window is told from that place on another print
BESIDE = 2
HOLD_PER_MM = 3.0  # at which windows are compared with their own surroundings
LIGHT_MM = 6.0
Values = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """The windows of a print at one fineness: upper left corners in cells, (n, 2), and the print's darkness.

    free: 1 where no pupil writes, 2 where no box stands · alone: windows that look like no other place near · words: those with print beside the boxes
    """

    per_mm: float
    ink: Values
    free: npt.NDArray[np.uint8]
    side: int
    corners: npt.NDArray[np.intp]
    alone: npt.NDArray[np.bool_]
    words: npt.NDArray[np.bool_]
    small: Values  # the print's darkness at HOLD_PER_MM


def look_of(page: FormPage, per_mm: float, step_mm: float) -> Look:
    """The windows of a page with print that can be held in both directions, a step apart, at `per_mm` cells a millimetre."""
    ink = darkness(shrunk(page.blank, per_mm / PER_MM), per_mm)
    free = _free(page.layout, ink.shape, per_mm)
    side, step = round(WINDOW_MM * per_mm), round(step_mm * per_mm)
    small = np.asarray(cv2.resize(ink, None, fx=HOLD_PER_MM / per_mm, fy=HOLD_PER_MM / per_mm, interpolation=cv2.INTER_AREA), np.float32)
    corners, alone, words = [], [], []
    for y in range(0, ink.shape[0] - side + 1, step):
        for x in range(0, ink.shape[1] - side + 1, step):
            window = ink[y : y + side, x : x + side]
            if window.mean() < LEAST_PRINT or (window > PRINT).mean() < LEAST_PRINT:
                continue
            held, single = _holds(small, x / per_mm, y / per_mm)
            if held:
                corners.append((x, y))
                alone.append(single)
                words.append(_has_words(window, free[y : y + side, x : x + side]))
    return Look(per_mm, ink, free, side, np.array(corners, np.intp).reshape(-1, 2), np.array(alone, bool), np.array(words, bool), small)


def unlike(look: Look, other: Look) -> npt.NDArray[np.bool_]:
    """Which windows of a print look otherwise at that place, or near it, of another."""
    reach, side = round(FINE_REACH_MM * HOLD_PER_MM), round(WINDOW_MM * HOLD_PER_MM)
    found = np.zeros(len(look.corners), bool)
    padded = np.pad(other.small, reach)
    for index, (x, y) in enumerate(np.rint(look.corners * (HOLD_PER_MM / look.per_mm)).astype(int).tolist()):
        model = np.ascontiguousarray(look.small[y : y + side, x : x + side])
        area = np.ascontiguousarray(padded[y : y + side + 2 * reach, x : x + side + 2 * reach])
        if area.shape[0] < model.shape[0] or area.shape[1] < model.shape[1]:
            found[index] = True
        else:
            found[index] = not float(cv2.matchTemplate(area, model, cv2.TM_CCOEFF_NORMED).max()) >= UNLIKE
    return found


def _has_words(window: Values, free: npt.NDArray[np.uint8]) -> bool:
    """Whether a window of the print shows enough beside the boxes to be known by that."""
    beside = free == BESIDE
    return bool(
        beside.mean() > 0.2 and (window * beside).mean() > 0.5 * LEAST_PRINT and ((window > PRINT) & beside).mean() > 0.5 * LEAST_PRINT
    )


def _holds(ink: Values, left: float, top: float) -> tuple[bool, bool]:
    """Whether a window of the print, from (left, top) millimetres, is held in both directions, and whether it looks like no other place near it."""
    per_mm = HOLD_PER_MM
    x, y, side, reach, own = (round(each * per_mm) for each in (left, top, WINDOW_MM, COARSE_REACH_MM, 1.2))
    y0, y1, x0, x1 = y - reach, y + side + reach, x - reach, x + side + reach
    area = np.zeros((side + 2 * reach, side + 2 * reach), np.float32)
    cut = ink[max(0, y0) : y1, max(0, x0) : x1]
    area[max(0, -y0) : max(0, -y0) + cut.shape[0], max(0, -x0) : max(0, -x0) + cut.shape[1]] = cut
    alike = cv2.matchTemplate(area, area[reach : reach + side, reach : reach + side].copy(), cv2.TM_CCOEFF_NORMED)
    far = np.hypot(*np.mgrid[-reach : reach + 1, -reach : reach + 1])
    ring = alike[(far >= own) & (far < own + 1.5)].max()
    return bool(ring < 0.9), bool(alike[far >= own].max() < ALONE)


def _free(layout: Layout, shape: tuple[int, ...], per_mm: float) -> npt.NDArray[np.uint8]:
    """Where no pupil is asked to write, 1, and where no box stands either, BESIDE; 0 inside the boxes."""
    free = np.full(shape, BESIDE, np.uint8)
    for share, kind in ((0.66, 1), (0.42, 0)):
        for box in layout.boxes:
            (x, y), half = box.center_mm, share * min(box.size_mm)
            square = box.shape == "square" and kind == 1
            middle = (round(x * per_mm - 0.5), round(y * per_mm - 0.5))
            if square:
                reach = round(half * per_mm)
                cv2.rectangle(free, (middle[0] - reach, middle[1] - reach), (middle[0] + reach, middle[1] + reach), kind, -1)
            else:
                cv2.circle(free, middle, round(half * per_mm), kind, -1)
    return free


def darkness(grey: Grey, per_mm: float) -> Values:
    """How much darker each place is than the paper round it: 0 to 1."""
    side = round(LIGHT_MM * per_mm) | 1
    light = cv2.blur(cv2.dilate(grey, np.ones((3, 3), np.uint8)), (side, side))
    ink: Values = np.clip(1.0 - grey.astype(np.float32) / np.maximum(light.astype(np.float32), 8.0), -0.2, 1.0)
    return ink


def shrunk(image: Grey, factor: float) -> Grey:
    """The picture at `factor` of its size, as it is where that is no less."""
    if factor >= 1.0:
        return image
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
