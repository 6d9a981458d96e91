"""What happens to a sheet on its way: folds, stains, tears, holes, fingers, blots on the codes.

Stages of a condition, after writing. Whatever hides print or writing is noted in `work.hidden` (polygons in millimetres), so that nobody is asked
to read what cannot be seen.
"""

from __future__ import annotations

from functools import partial

import cv2
import numpy as np

from bench.other_hands.picture import Work, soft_field
from bench.other_hands.strokes import Floats, Rng

DL, C5 = (99.0, 198.0), (148.5,)


def folded(work: Work) -> None:
    """Folded for its envelope: a dark and a light edge along each fold, toner cracked off, the paper a little shorter there."""
    for fold in DL if work.rng.random() < 0.4 else C5:
        place = fold + work.rng.normal(0, 1.2)
        _crease(work, place, work.rng.normal(0, 0.006))
        depth, wide = work.rng.uniform(0.15, 0.7), work.rng.uniform(6, 25)
        work.bends.append(partial(_shortened, place=place, depth=depth, wide=wide))


def stained(work: Work) -> None:
    """Tea rings, water, greasy fingers: one to four of them, anywhere."""
    for _stain in range(int(work.rng.integers(1, 5))):
        (_tea, _water, _fingers)[int(work.rng.integers(3))](work)


def torn(work: Work) -> None:
    """A corner torn off, sometimes an edge; punched holes."""
    rng = work.rng
    if rng.random() < 0.85:
        corner, (dx, dy) = int(rng.integers(4)), rng.uniform(12, 48, 2)
        _tear(work, corner, dx, dy)
    if rng.random() < 0.3:
        _edge_tear(work)
    if rng.random() < 0.4:
        holes = (108.5, 188.5) if rng.random() < 0.6 else (28.5, 108.5, 188.5, 268.5)
        for y in holes:
            place = (round(12 * work.per_mm), round((y + rng.normal(0, 0.5)) * work.per_mm))
            cv2.circle(work.page, place, round(3 * work.per_mm), (int(rng.choice([30, 250])),), -1, cv2.LINE_AA)


def covered_corner(work: Work) -> None:
    """A thumb over a corner, or the corner torn."""
    if work.rng.random() < 0.5:
        _tear(work, int(work.rng.integers(4)), *work.rng.uniform(12, 40, 2))
        return
    x, y = ((0.0, 210.0)[int(work.rng.integers(2))], work.rng.uniform(10, 287))
    around = np.linspace(0, 6.28, 24)
    thumb = np.column_stack((x + np.cos(around) * work.rng.uniform(10, 20), y + np.sin(around) * work.rng.uniform(8, 12)))
    _paint(work, thumb, int(work.rng.integers(110, 170)))
    work.hidden.append(thumb)


def blotted_codes(work: Work) -> None:
    """Ink, marker or mud over one code or over both; fiducials get their share."""
    rng = work.rng
    targets = [(185.0, 25.0), (25.3, 271.7)]
    if rng.random() < 0.5:
        targets = [targets[int(rng.integers(2))]]
    for target in targets:
        for _blot in range(int(rng.integers(1, 5))):
            _blot_at(work, np.asarray(target) + rng.normal(0, 7, 2), rng.uniform(1.5, 5.5))
    if rng.random() < 0.4:
        corner = [(17.5, 17.5), (192.5, 279.5)][int(rng.integers(2))]
        _blot_at(work, np.asarray(corner) + rng.normal(0, 3, 2), rng.uniform(1.5, 5.0))


def _crease(work: Work, place: float, slope: float) -> None:
    wide = work.page.shape[1]
    columns = np.linspace(0, 210, wide)
    rows = (place + slope * (columns - 105) + np.interp(columns, np.linspace(0, 210, 9), work.rng.normal(0, 0.12, 9))) * work.per_mm
    reach = round(1.2 * work.per_mm)
    offsets = np.arange(-reach, reach + 1)
    where = np.clip(np.round(rows)[None, :].astype(int) + offsets[:, None], 0, len(work.page) - 1)
    away = offsets[:, None] / work.per_mm
    dark, light = work.rng.uniform(0.08, 0.35), work.rng.uniform(0.0, 0.06)
    tone = 1 - dark * np.exp(-((away / 0.22) ** 2)) + light * np.exp(-(((away - 0.6) / 0.3) ** 2))
    strip = np.take_along_axis(work.page, where, axis=0) * tone
    cracked = (np.abs(away) < 0.16) & (work.rng.random((1, wide)) < work.rng.uniform(0.1, 0.7))
    np.put_along_axis(work.page, where, np.clip(np.where(cracked, np.maximum(strip, 190), strip), 0, 255).astype(np.uint8), axis=0)


def _shortened(points: Floats, place: float, depth: float, wide: float) -> Floats:
    away = points[:, 1] - place
    return np.column_stack((np.zeros(len(points)), -depth * np.tanh(away / wide) * np.exp(-np.abs(away) / (4 * wide))))


def _window(work: Work, center: Floats, reach: float) -> tuple[slice, slice, Floats, Floats]:
    top, bottom = (int(np.clip((center[1] + side * reach) * work.per_mm, 0, work.page.shape[0])) for side in (-1, 1))
    left, right = (int(np.clip((center[0] + side * reach) * work.per_mm, 0, work.page.shape[1])) for side in (-1, 1))
    y, x = np.mgrid[top:bottom, left:right] / work.per_mm
    return slice(top, bottom), slice(left, right), x - center[0], y - center[1]


def _tea(work: Work) -> None:
    rng = work.rng
    center, radius = rng.uniform([15, 15], [195, 282]), rng.uniform(12, 38)
    rows, columns, x, y = _window(work, center, radius * 1.35)
    if not x.size:
        return
    turn = np.arctan2(y, x)
    ragged = np.interp(turn, np.linspace(-3.1416, 3.1416, 15), np.append(lobes := rng.normal(1, 0.05, 14), lobes[0]))
    away = np.hypot(x, y) / (radius * ragged)
    full, rim = rng.uniform(0.0, 0.16), rng.uniform(0.08, 0.3)
    dark = full / (1 + np.exp((away - 1) * 60)) + rim * np.exp(-(((away - 0.97) / 0.035) ** 2))
    np.copyto(work.page[rows, columns], (work.page[rows, columns] * (1 - dark)).astype(np.uint8))


def _water(work: Work) -> None:
    """A dried puddle: waves in the paper, a faint edge, ink run out a little."""
    rng = work.rng
    center, radius = rng.uniform([15, 15], [195, 282]), rng.uniform(15, 45)
    rows, columns, x, y = _window(work, center, radius * 1.3)
    if not x.size:
        return
    patch = work.page[rows, columns]
    away = np.hypot(x, y) / radius
    waves = soft_field(rng, (7, 7), patch.shape[::-1], 0.93, 1.03)
    inside = 1 / (1 + np.exp((away - 1) * 25))
    run = cv2.GaussianBlur(patch, (0, 0), rng.uniform(0.1, 0.25) * work.per_mm)
    mixed = (patch * (1 - inside) + run * inside) * (1 + (waves - 1) * inside) * (1 - 0.1 * np.exp(-(((away - 1) / 0.03) ** 2)))
    np.copyto(patch, np.clip(mixed, 0, 255).astype(np.uint8))


def _fingers(work: Work) -> None:
    """Grey finger marks with ridges."""
    rng = work.rng
    start = rng.uniform([20, 20], [190, 277])
    for _finger in range(int(rng.integers(1, 5))):
        center = start + rng.normal(0, 16, 2)
        rows, columns, x, y = _window(work, center, 11.0)
        if not x.size:
            continue
        turn = rng.uniform(0, 3.14)
        u, v = x * np.cos(turn) + y * np.sin(turn), -x * np.sin(turn) + y * np.cos(turn)
        inside = np.exp(-(((u / 8) ** 2 + (v / 5.5) ** 2) ** 2))
        ridges = 0.6 + 0.4 * np.sin(2 * np.pi * (np.hypot(u - 3, v) / 0.5))
        patch = work.page[rows, columns]
        np.copyto(patch, (patch * (1 - rng.uniform(0.08, 0.3) * inside * ridges)).astype(np.uint8))


def _blot_at(work: Work, center: Floats, radius: float) -> None:
    around = np.linspace(0, 6.28, 28)
    lobes = radius * np.interp(around, np.linspace(0, 6.28, 9), np.append(made := work.rng.uniform(0.6, 1.25, 8), made[0]))
    blot = np.column_stack((center[0] + np.cos(around) * lobes, center[1] + np.sin(around) * lobes))
    _paint(work, blot, int(work.rng.integers(15, 80)))
    work.hidden.append(blot)


def _tear(work: Work, corner: int, dx: float, dy: float) -> None:
    """Tear off a corner (0 top left, clockwise), `dx` along the top or bottom, `dy` along the side."""
    way = np.linspace(0, 1, 20)[:, None]
    line = np.array([dx, 0.0]) * (1 - way) + np.array([0.0, dy]) * way + _ragged(work.rng, 20)
    shape = np.vstack(([[-3.0, -3.0], [dx, -3.0]], line, [[-3.0, dy]]))
    if corner in {1, 2}:
        shape[:, 0] = 210 - shape[:, 0]
    if corner in {2, 3}:
        shape[:, 1] = 297 - shape[:, 1]
    work.gone.append(shape)
    work.hidden.append(shape)


def _edge_tear(work: Work) -> None:
    """A rip from the side inwards: a ragged line, no paper lost but a sliver."""
    rng, y, deep = work.rng, work.rng.uniform(30, 270), work.rng.uniform(8, 35)
    side = float(rng.integers(2))
    xs = np.linspace(0, deep, 18)
    top, bottom = y + _ragged(rng, 18)[:, 0], y + rng.uniform(0.3, 2.0) * (1 - xs / deep) + _ragged(rng, 18)[:, 1] * 0.2
    shape = np.vstack((np.column_stack((xs, top)), np.column_stack((xs, np.maximum(bottom, top + 0.1)))[::-1]))
    shape[:, 0] = 210 * side + (1 - 2 * side) * shape[:, 0]
    work.gone.append(shape)
    work.hidden.append(shape)


def _ragged(rng: Rng, count: int) -> Floats:
    return np.column_stack([np.cumsum(rng.normal(0, 0.5, count)) - 0.2 for _axis in (0, 1)])


def _paint(work: Work, shape: Floats, tone: int) -> None:
    cv2.fillPoly(work.page, [np.round(shape * work.per_mm).astype(np.int32)], tone, cv2.LINE_AA)
