"""The square of paper round every box, sampled straight through the transform, and the light that falls on it.

scanning/marks asks; what stands in a patch is measured there. A patch has SIDE cells a side and reaches SPAN radii from the box's middle.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from scanning.transform import Points, Transform, remap_grid
from scanning.verdict import Grey

SIDE = 63  # cells of a box's patch, odd, so that one lies in the middle
SPAN = 2.35  # radii from the middle to the patch's edge
BARE = 1.2  # radii from which on there is nothing of the box
EVERY = 8  # of the cells of white paper that the paper is fitted to
Values = npt.NDArray[np.floating[Any]]


def sampled(image: Grey, centers: Points, radii: npt.NDArray[np.float64], transform: Transform, shifts: Points) -> Values:
    """The picture round every box, (n, SIDE, SIDE) grey values. `centers`, `shifts`: (n, 2), and `radii`: (n,), millimetres."""
    middles = transform.pixels(centers)
    turns = transform.jacobians(centers)
    middles = (middles + np.einsum("nij,nj->ni", turns, shifts)).astype(np.float32)[:, :, None]
    scaled = (turns * radii[:, None, None]).astype(np.float32)[..., None]
    steps = axes()[0][0]
    columns, lines = scaled[:, :, 0] * steps, scaled[:, :, 1] * steps + middles  # x and y of each, (n, 2, SIDE)
    across, down = ((columns[:, axis, None] + lines[:, axis, :, None]).reshape(-1, SIDE * SIDE) for axis in (0, 1))
    return remap_grid(image, across, down).reshape(-1, SIDE, SIDE)


def light(patches: Values, white: npt.NDArray[np.bool_]) -> Values:
    """A gently bent surface through the light part of the unprinted paper round each box, (n, SIDE, SIDE) grey values: shadows end softly."""
    some, basis, products = _fitted_to()
    values = patches.reshape(len(patches), -1).take(some, axis=1)
    clear = white.reshape(len(white), -1).take(some, axis=1)
    surface = np.zeros((len(patches), basis.shape[1]), np.float32)
    surface[:, 0] = _upper(values, clear)
    for width in (0.16, 0.09, 0.06):
        fit = surface @ basis.T
        weight = (clear & (np.abs(values - fit) < width * 255.0 + 2.0)).astype(np.float32)
        surface = _fitted(values, weight, basis, products, surface)
    return (surface @ _bends()).reshape(patches.shape)


def _upper(values: Values, clear: npt.NDArray[np.bool_]) -> Values:
    """The 70th percentile of the clear points of each box."""
    filled = np.sort(np.where(clear, values, -1.0), axis=1)
    count = clear.sum(axis=1)
    index = np.clip(values.shape[1] - count + (0.7 * count).astype(np.intp), 0, values.shape[1] - 1)
    level: Values = np.where(count > 0, np.take_along_axis(filled, index[:, None], axis=1)[:, 0], 255.0).astype(np.float32)
    return level


def _fitted(values: Values, weight: Values, basis: Values, products: Values, before: Values) -> Values:
    """Weighted least squares for every box at once; bending costs a little, so that few points do not bend it."""
    size = basis.shape[1]
    gram = (weight @ products).reshape(-1, size, size) + np.diag([1e-3, 0.8, 0.8, 3.0, 3.0, 3.0]).astype(np.float32)
    right = (weight * values) @ basis
    solved = np.linalg.solve(gram, right[:, :, None])[:, :, 0]
    surface: Values = np.where(weight.sum(axis=1, keepdims=True) > 25, solved, before).astype(np.float32)
    return surface


@lru_cache(maxsize=1)
def _fitted_to() -> tuple[npt.NDArray[np.intp], Values, Values]:
    """The cells that the paper is fitted to, `_bends` there, (cells, 6), and their products with each other, (cells, 36)."""
    some = np.flatnonzero(np.hypot(*axes()) > BARE)[::EVERY]
    basis = _bends()[:, some].T
    return some, basis, (basis[:, :, None] * basis[:, None, :]).reshape(len(basis), -1)


@lru_cache(maxsize=1)
def axes() -> tuple[Values, Values]:
    """Where the cells of a patch lie from its middle, across and down, two of (SIDE, SIDE), radii."""
    steps = (np.arange(SIDE, dtype=np.float32) - SIDE // 2) * np.float32(SPAN / (SIDE // 2))
    x, y = np.meshgrid(steps, steps)
    return x, y


@lru_cache(maxsize=1)
def _bends() -> Values:
    """Constant, slopes and curvatures over a patch, (6, SIDE * SIDE)."""
    x, y = (axis.ravel() / np.float32(SPAN) for axis in axes())
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y]).astype(np.float32)
