"""What happens to a filled sheet: crumpled and flattened, wetted and dried, photographed on glossy paper under a lamp. Stages after writing."""

from __future__ import annotations

from functools import partial

import cv2
import numpy as np
from scipy.spatial import cKDTree

from bench.other_hands.picture import Maps, Work, add_noise, shade, soft_field
from bench.other_hands.strokes import Floats, Rng


def crumpled(work: Work) -> None:
    """Crumpled into a ball and smoothed: facets that lean each their own way, a net of creases between them, toner cracked off."""
    rng, size = work.rng, work.page.shape[::-1]
    facets, away = _facets(rng, int(rng.integers(60, 260)))
    tones = rng.normal(1.0, rng.uniform(0.015, 0.045), int(facets.max()) + 1).astype(np.float32)
    tilts = rng.normal(0, 0.0008, (2, int(facets.max()) + 1)).astype(np.float32)
    y, x = 40 * np.sin(np.indices(facets.shape, dtype=np.float32) / 25)
    light = cv2.GaussianBlur(tones[facets] + tilts[0][facets] * x + tilts[1][facets] * y, (0, 0), 2.0)
    crease = 1 - rng.uniform(0.1, 0.35) * np.exp(-((away / 0.28) ** 2)) + rng.uniform(0.0, 0.06) * np.exp(-(((away - 0.7) / 0.4) ** 2))
    crease = 1 + (crease - 1) * soft_field(rng, (20, 14), (420, 594), 0.1, 1.0)
    work.page = shade(work.page, np.asarray(cv2.resize(np.asarray(light * crease, np.float32), size), np.float32))
    sharp = np.asarray(cv2.resize(away.astype(np.float32), size), np.float32)
    cracked = (sharp < 0.22) & (work.page < 130) & (cv2.resize(rng.random((400, 300)), size) < rng.uniform(0.2, 0.6))
    np.copyto(work.page, np.uint8(195), where=cracked)
    field = rng.normal(0, rng.uniform(0.1, 0.4), (2, 9, 7))
    work.bends.append(partial(_shifted, field=field))


def _facets(rng: Rng, count: int) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.int32]], Floats]:
    """The number of the facet at each half millimetre, and how far its edge is, in millimetres."""
    seeds = rng.uniform([0, 0], [210, 297], (count, 2))
    mesh = np.stack(np.meshgrid(np.arange(0, 210, 0.5), np.arange(0, 297, 0.5)), axis=-1)
    warp = np.stack([soft_field(rng, (20, 15), (420, 594), -1.0, 1.0) for _axis in (0, 1)], axis=-1)
    places = (mesh + warp).reshape(-1, 2).astype(np.float64)
    near, which = cKDTree(seeds).query(places, k=2)
    away = (near[:, 1] - near[:, 0]) / 2
    return np.asarray(which[:, 0].reshape(mesh.shape[:2]), np.int32), np.asarray(away.reshape(mesh.shape[:2]), np.float64)


def _shifted(points: Floats, field: Floats) -> Floats:
    """Displacement out of a coarse field over the page, soft between its places."""
    column, row = (np.clip(points[:, k] / (210.0, 297.0)[k], 0, 1) * (field.shape[2 - k] - 1.001) for k in (0, 1))
    left, top = column.astype(int), row.astype(int)
    u, v = column - left, row - top
    u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
    moved = [
        part[top, left] * (1 - u) * (1 - v)
        + part[top, left + 1] * u * (1 - v)
        + part[top + 1, left] * (1 - u) * v
        + part[top + 1, left + 1] * u * v
        for part in field
    ]
    return np.column_stack(moved)


def tide(work: Work) -> None:
    """Wetted from an edge and dried: cockled paper, a brown tide line or two, ink run out where it was wet."""
    rng, size = work.rng, work.page.shape[::-1]
    x, y = np.meshgrid(np.arange(210.0), np.arange(297.0))
    turn = rng.uniform(0, 2 * np.pi)
    along = (x - 105) * np.cos(turn) + (y - 148.5) * np.sin(turn)
    shore = (
        along + soft_field(rng, (9, 7), (210, 297), -22.0, 22.0) + soft_field(rng, (45, 32), (210, 297), -3.0, 3.0) - rng.uniform(-60, 70)
    )
    wet = 1 / (1 + np.exp(-shore / 1.0))
    light = 1 - rng.uniform(0.02, 0.09) * wet
    for back in (0.0, rng.uniform(8, 25))[: int(rng.integers(1, 3))]:
        light *= 1 - rng.uniform(0.08, 0.28) * np.exp(-(((shore - back) / rng.uniform(0.5, 1.2)) ** 2))
        light *= 1 - rng.uniform(0.0, 0.08) * np.exp(-np.maximum(shore - back, 0) / 6) * (shore > back)
    waves = np.sin(along / rng.uniform(3, 6) + soft_field(rng, (7, 5), (210, 297), -3.0, 3.0))
    light *= 1 + rng.uniform(0.01, 0.05) * waves * wet
    cover = np.asarray(cv2.resize(wet.astype(np.float32), size), np.float32)
    run = cv2.GaussianBlur(work.page, (0, 0), rng.uniform(0.08, 0.2) * work.per_mm)
    work.page = np.asarray(work.page * (1 - cover) + run * cover, np.uint8)
    work.page = shade(work.page, np.asarray(light, np.float32))
    work.bends.append(partial(_shifted, field=rng.normal(0, 0.25, (2, 13, 9))))


def glare(work: Work) -> None:
    """Glossy paper under a tube or a window: a bright band or patch lies over print and marks."""
    rng = work.rng
    x, y = np.meshgrid(np.arange(210.0), np.arange(297.0))
    light = np.zeros((297, 210))
    for _lamp in range(int(rng.integers(1, 3))):
        turn, (left, top) = rng.uniform(0, np.pi), rng.uniform([20, 30], [190, 267])
        u, v = (x - left) * np.cos(turn) + (y - top) * np.sin(turn), (y - top) * np.cos(turn) - (x - left) * np.sin(turn)
        wide, long = rng.uniform(5, 22), rng.uniform(40, 250)
        light += rng.uniform(0.3, 0.68) * np.exp(-((np.abs(u) / wide) ** 3)) * np.exp(-((v / long) ** 4))
    veil: Maps = np.asarray(cv2.resize(np.clip(light, 0, 0.72).astype(np.float32), work.page.shape[::-1]), np.float32)
    grey = work.page * np.float32(rng.uniform(0.8, 0.92))
    work.page = add_noise(np.asarray(grey + (255 - grey) * veil, np.uint8), 1.0, rng)
