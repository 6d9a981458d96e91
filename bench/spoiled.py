"""Pages spoiled on the way, and pictures taken badly: what bench.identity and the tests of identity put before the reader.

All work on a flat page, (height, width) grey at `PER_MM` pixels a millimetre, or make a picture of it. Not those of scanning/rehearsal: the reader must not lean on
one simulator.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from packets.layout import CODES, PAGE_MM, CodePlace
from scanning.verdict import Grey

PER_MM = 12.0
Rng = np.random.Generator
Point = tuple[float, float]


def blotted(page: Grey, rng: Rng, share: float, codes: Sequence[CodePlace] = CODES) -> Grey:
    """Black blots, and as many white ones, over that share of each code."""
    page = page.copy()
    for code in codes:
        side = round(code.size_mm * PER_MM)
        left, top = (round((value - code.size_mm / 2) * PER_MM) for value in code.center_mm)
        covered = np.zeros((side, side), np.uint8)
        while np.count_nonzero(covered) < share * side * side:
            blot = np.zeros_like(covered)
            middle = tuple(int(value) for value in rng.integers(0, side, 2))
            axes = tuple(int(value) for value in rng.uniform(0.04, 0.14, 2) * side)
            cv2.ellipse(blot, middle, axes, float(rng.uniform(0, 180)), 0, 360, 255, -1)
            covered |= blot
            page[top : top + side, left : left + side][blot > 0] = 15 if rng.random() < 0.5 else 250
    return page


def scribbled(page: Grey, rng: Rng, lines: int, codes: Sequence[CodePlace] = CODES) -> Grey:
    """Strokes of a pen of 1.2 mm across each code."""
    page = page.copy()
    for code in codes:
        for _line in range(lines):
            ends = (np.array(code.center_mm) + rng.uniform(-0.6, 0.6, (2, 2)) * code.size_mm) * PER_MM
            start, end = (tuple(each) for each in ends.astype(int).tolist())
            cv2.line(page, start, end, 20, round(1.2 * PER_MM), cv2.LINE_AA)
    return page


def faded(page: Grey, rng: Rng, share: float, grain: float = 0.0) -> Grey:
    """Print that has lost that share of its black; `grain` lets it crumble in spots."""
    ink = (255.0 - page) * (1.0 - share)
    if grain:
        spots = cv2.resize(rng.normal(0, 1, (page.shape[0] // 4, page.shape[1] // 4)).astype(np.float32), page.shape[::-1])
        ink *= np.clip(1.0 - grain * (spots > 0.5), 0, 1)
    return np.asarray(255 - ink, np.uint8)


def torn(page: Grey, corners: Sequence[str], legs_mm: float, paper: int = 255) -> Grey:
    """Corners torn off along a slanted line that meets both edges `legs_mm` from them."""
    page = page.copy()
    height, width = page.shape
    leg = round(legs_mm * PER_MM)
    for corner in corners:
        x, y = (0 if "left" in corner else width - 1), (0 if "top" in corner else height - 1)
        inward = (1 if x == 0 else -1, 1 if y == 0 else -1)
        cv2.fillPoly(page, [np.array([[x, y], [x + inward[0] * leg, y], [x, y + inward[1] * leg]])], paper)
    return page


def covered(page: Grey, corners: Sequence[str], side_mm: float, grey: int = 120) -> Grey:
    """Corners under a thumb, a clip, another paper."""
    page = page.copy()
    side = round(side_mm * PER_MM)
    for corner in corners:
        rows = slice(0, side) if "top" in corner else slice(-side, None)
        columns = slice(0, side) if "left" in corner else slice(-side, None)
        page[rows, columns] = grey
    return page


def bent(page: Grey, curl_mm: float, fold_mm: float = 0.0) -> Grey:
    """A sheet that does not lie flat: a curl of that height, and a C5 fold that shifts the lower half."""
    height, width = page.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    u, v = x / width - 0.5, y / height - 0.5
    lift = (
        np.float32(curl_mm * PER_MM * 0.3) * np.cos(np.pi * v * 1.4) * (1 + 0.5 * u)
    )  # seen from 30 cm and more: a third of the height shows as a shift
    moved_x, moved_y = x + lift * u * 2, y + lift * v * 2
    if fold_mm:
        moved_y += np.float32(fold_mm * PER_MM) * np.exp(-np.abs(v) * height / (PER_MM * 25)) * np.sign(v)
    return np.asarray(
        cv2.remap(page, moved_x.astype(np.float32), moved_y.astype(np.float32), cv2.INTER_LINEAR, borderValue=(255,)), np.uint8
    )


def scanned(
    page: Grey, rng: Rng, dpi: int = 200, turn: float = 0.0, noise: float = 4.0, blur: float = 0.4, scale: float = 1.0, bits: int = 8
) -> Grey:
    """A flat scanner's picture, A4 at `dpi`, the page turned by degrees and blurred by pixels."""
    per_mm = dpi / 25.4
    size = (round(PAGE_MM[0] * per_mm), round(PAGE_MM[1] * per_mm))
    angle = np.deg2rad(turn)
    spin = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * scale
    middle = np.array(PAGE_MM) / 2
    matrix = np.eye(3)
    matrix[:2, :2] = spin * per_mm / PER_MM
    matrix[:2, 2] = (middle - spin @ middle) * per_mm
    return _taken(page, rng, matrix, size, noise, blur, 255, bits)


def photographed(
    page: Grey, rng: Rng, aside: float = 0.0, turn: float = 0.0, long_side: int = 3000, fills: float = 0.85, noise: float = 5.0, blur: float = 0.8,
    bed: int = 90, shadow: float = 0.3,
) -> Grey:  # fmt: skip
    """A telephone's picture from `aside` degrees off the upright (in a direction by chance), turned by `turn` degrees, over a table of grey `bed`."""
    size = (round(long_side * 0.75), long_side)
    matrix = _aimed(rng, np.deg2rad(aside), np.deg2rad(turn), size, fills)
    picture = _taken(page, rng, matrix, size, noise, blur, bed).astype(np.float32)
    light = 1 - shadow * np.add.outer(np.linspace(0, 1, size[1]), np.linspace(0, 1, size[0])) / 2
    picture *= light
    if shadow:
        edge = int(rng.integers(size[0] // 4, size[0]))
        picture[:, edge:] *= 1 - shadow
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def _aimed(rng: Rng, aside: float, turn: float, size: tuple[int, int], fills: float) -> npt.NDArray[np.float64]:
    """Page pixels to picture pixels of a pinhole camera 1.6 page lengths away, moved so that the page fills `fills` of the picture."""
    away = 1.6 * PAGE_MM[1]
    where = rng.uniform(0, 2 * np.pi)
    axis = np.array([np.cos(where), np.sin(where), 0.0])
    tilt, _jacobian = cv2.Rodrigues(axis * aside)
    roll, _jacobian = cv2.Rodrigues(np.array([0.0, 0.0, turn]))
    corners = np.array([[0, 0], [PAGE_MM[0], 0], [PAGE_MM[0], PAGE_MM[1]], [0, PAGE_MM[1]]], np.float64)
    flat = np.column_stack([corners - np.array(PAGE_MM) / 2, np.zeros(4)]) @ tilt.T @ roll.T
    seen = flat[:, :2] / (flat[:, 2:] + away)
    low, high = seen.min(axis=0), seen.max(axis=0)
    factor = fills * min(np.array(size) / (high - low))
    placed = (seen - (low + high) / 2) * factor + np.array(size) / 2
    return np.asarray(cv2.getPerspectiveTransform((corners * PER_MM).astype(np.float32), placed.astype(np.float32)), np.float64)


def _taken(page: Grey, rng: Rng, matrix: Any, size: tuple[int, int], noise: float, blur: float, outside: int, bits: int = 8) -> Grey:
    shrink = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    soft = cv2.GaussianBlur(page, (0, 0), max(0.3, 0.35 / max(shrink, 0.05)))
    picture = cv2.warpPerspective(soft, matrix, size, flags=cv2.INTER_LINEAR, borderValue=(outside,))
    picture = cv2.GaussianBlur(picture, (0, 0), max(blur, 0.2))
    noisy = np.clip(picture * 0.94 + rng.normal(0, noise, picture.shape), 0, 255).astype(np.uint8)
    if bits == 1:
        return np.asarray(np.where(noisy < 128, 0, 255), np.uint8)
    packed = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
