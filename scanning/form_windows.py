"""Windows of a print sought in a picture near where a first guess puts them: a better plane, and how far each window lies from it. Pure.

scanning/form_register seeks them twice, wide and fine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from packets.layout import Layout
from scanning.form_look import BESIDE, Look, Values, darkness, shrunk
from scanning.form_points import FEWEST_MATCHES, applied
from scanning.transform import Matrix, Points
from scanning.verdict import Grey

MOST_COARSE = 100  # windows that are sought widely, spread over the page
FITS = 0.5  # likeness of a window that is there


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """Windows that were sought: a better plane, their middles and what they leave over against it, (n, 2) millimetres, and what was found of each, (n,)."""

    plane: Matrix
    at: Points
    shift: Points
    likeness: npt.NDArray[np.float64]
    gain: npt.NDArray[np.float64]
    spread: npt.NDArray[np.float64]
    words: npt.NDArray[np.float64]  # likeness of the print beside the boxes; NaN where there is none, or none is shown


def lay(image: Grey, look: Look, plane: Matrix, reach_mm: float, layout: Layout, only_alone: bool) -> Laid | None:
    """The windows sought within `reach_mm` of where `plane` puts them; None where too few are found."""
    reach = round(reach_mm * look.per_mm)
    picture = _warped(image, plane, look.per_mm, reach, layout.size_mm)
    chosen = np.flatnonzero(look.alone) if only_alone and look.alone.sum() >= FEWEST_MATCHES else np.arange(len(look.corners))
    chosen = chosen[:: max(1, -(-len(chosen) // MOST_COARSE))] if only_alone else chosen
    if len(chosen) < FEWEST_MATCHES:
        return None
    found = np.array([_sought(picture, look, one, reach) for one in chosen.tolist()], np.float64)
    likeness = found[:, 2]
    at: Points = ((look.corners[chosen] + look.side / 2) / look.per_mm).astype(np.float64)
    good = likeness >= FITS
    if good.sum() < FEWEST_MATCHES:
        return None
    off: Points = (found[:, :2] / look.per_mm).astype(np.float64)
    pixels = applied(plane, at + off)
    better = _robust(at[good], pixels[good])
    if better is None:
        return None
    back: Matrix = np.linalg.inv(better).astype(np.float64)
    return Laid(better, at, applied(back, pixels) - at, likeness, found[:, 3], found[:, 4], found[:, 5])


def _robust(at: Points, pixels: Points) -> Matrix | None:
    """The homography of windows that were found, without those that lie far from it."""
    plane: Any
    again: Any
    plane, _inside = cv2.findHomography(at, pixels, cv2.RANSAC, max(3.0, 0.8 * _scale(at, pixels)))
    if plane is None:
        return None
    off = np.linalg.norm(applied(np.linalg.inv(plane).astype(np.float64), pixels) - at, axis=1)
    near = off < max(0.8, 3 * float(np.median(off)))
    if near.sum() < FEWEST_MATCHES:
        return None
    again, _inside = cv2.findHomography(at[near], pixels[near], 0)
    return None if again is None else np.asarray(again, np.float64)


def _scale(at: Points, pixels: Points) -> float:
    """Pixels a millimetre."""
    return float(np.linalg.norm(pixels - pixels.mean(axis=0))) / max(float(np.linalg.norm(at - at.mean(axis=0))), 1e-6)


def _warped(image: Grey, plane: Matrix, per_mm: float, margin: int, size_mm: tuple[float, float]) -> Values:
    """The picture laid flat over the page, with a margin of cells round it; darkness against the paper near it."""
    size = (round(size_mm[0] * per_mm) + 2 * margin, round(size_mm[1] * per_mm) + 2 * margin)
    middle = applied(plane, np.array([[size_mm[0] / 2, size_mm[1] / 2], [size_mm[0] / 2 + 1, size_mm[1] / 2]]))
    factor = min(1.0, 1.25 * per_mm / max(float(np.linalg.norm(middle[1] - middle[0])), 1e-6))
    small = shrunk(image, factor) if factor < 0.8 else image
    exact = np.diag([small.shape[1] / image.shape[1], small.shape[0] / image.shape[0], 1.0])
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1.0]])
    into = np.array([[1 / per_mm, 0, (0.5 - margin) / per_mm], [0, 1 / per_mm, (0.5 - margin) / per_mm], [0, 0, 1.0]])
    whole = np.linalg.inv(half) @ exact @ half @ plane @ into
    flat = cv2.warpPerspective(small, whole, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
    return darkness(np.asarray(flat, np.uint8), per_mm)


def _sought(picture: Values, look: Look, window: int, reach: int) -> tuple[float, float, float, float, float, float]:
    """Of one window: how far it lies off in cells, right and down, its likeness outside the boxes, its contrast against the print's, its own, its words'."""
    (x, y), side = look.corners[window].tolist(), look.side
    model = np.ascontiguousarray(look.ink[y : y + side, x : x + side])
    area = np.ascontiguousarray(picture[y : y + side + 2 * reach, x : x + side + 2 * reach])
    alike = cv2.matchTemplate(area, model, cv2.TM_CCOEFF_NORMED)
    _low, _best, _where, (column, row) = cv2.minMaxLoc(alike)
    seen = area[row : row + side, column : column + side]
    free = look.free[y : y + side, x : x + side]
    likeness, gain, spread = _alike(model[free > 0], seen[free > 0])
    words = _alike(model[free == BESIDE], seen[free == BESIDE])[0] if look.words[window] else np.nan
    return column + peak(alike[row], column) - reach, row + peak(alike[:, column], row) - reach, likeness, gain, spread, words


def _alike(model: Values, seen: Values) -> tuple[float, float, float]:
    """The correlation of two patches, the second's contrast along the first, and its contrast at all."""
    ours, theirs = model - model.mean(), seen - seen.mean()
    product, power, own = float(ours @ theirs), float(ours @ ours), float(theirs @ theirs)
    return product / max((power * own) ** 0.5, 1e-6), product / max(power, 1e-6), (own / max(power, 1e-6)) ** 0.5


def peak(line: npt.NDArray[Any], at: int) -> float:
    """Where between cells a parabola through three scores is highest."""
    if at in (0, len(line) - 1):
        return 0.0
    left, middle, right = (float(each) for each in line[at - 1 : at + 2])
    below = left - 2 * middle + right
    return 0.0 if abs(below) < 1e-9 else float(np.clip(0.5 * (left - right) / below, -0.5, 0.5))
