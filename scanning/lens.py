"""A lens that bends straight lines: how much, from the corners of a sheet's two codes alone.

scanning/align asks where a sheet's printed points cannot be found through any plane: photographs of a very wide lens. Fitzgibbon's division model (2001): a
point at the distance r from the picture's middle would lie at r / (1 + bent r r) without the lens. Pixels as in scanning/transform.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scanning.transform import Points, Transform, fit_plane, lattice_mm

BENT = np.linspace(-0.4, 0.4, 81)  # a unit of distance is half the picture's diagonal
HELPS = 0.5  # share of the plane's residuals that may be left over


def through_lens(mm: Points, pixels: Points, shape: tuple[int, ...]) -> Transform | None:
    """The transform of the sheet of which the points `mm`, (n > 4, 2), lie at `pixels`, (n, 2), in a picture of `shape`; None where a plane says nearly as much."""
    height, width = shape[:2]
    middle, unit = np.array([width - 1, height - 1]) / 2, float(np.hypot(width, height)) / 2
    left_over = [_left_over(mm, pixels, middle, unit, float(bent)) for bent in BENT]
    best = int(np.argmin(left_over))
    if left_over[best] > HELPS * left_over[len(BENT) // 2]:
        return None
    bent = float(BENT[best])
    flat = fit_plane(mm, _straight(pixels, middle, unit, bent))
    nodes = lattice_mm()
    lies = Transform(flat).pixels(nodes.reshape(-1, 2))
    lift = (_through(lies, middle, unit, bent) - lies).reshape(nodes.shape).astype(np.float32)
    return Transform(flat, lift)


def _left_over(mm: Points, pixels: Points, middle: npt.NDArray[np.float64], unit: float, bent: float) -> float:
    """How far a plane behind this lens misses the points, as a root mean square in pixels."""
    lies = Transform(fit_plane(mm, _straight(pixels, middle, unit, bent))).pixels(mm)
    return float(np.sqrt(((_through(lies, middle, unit, bent) - pixels) ** 2).mean()))


def _straight(pixels: Points, middle: npt.NDArray[np.float64], unit: float, bent: float) -> Points:
    """Where the points would lie without the lens."""
    away = (pixels - middle) / unit
    straight: Points = middle + unit * away / (1 + bent * (away**2).sum(axis=1, keepdims=True))
    return straight


def _through(pixels: Points, middle: npt.NDArray[np.float64], unit: float, bent: float) -> Points:
    """Where the lens puts points: the inverse of `_straight`."""
    away = (pixels - middle) / unit
    far = (away**2).sum(axis=1, keepdims=True)
    through: Points = middle + unit * away * 2 / (1 + np.sqrt(np.maximum(1 - 4 * bent * far, 0.0)))
    return through
