"""From millimetres on the sheet to pixels of the picture: a plane seen from anywhere, and a bent sheet where that is not enough.

scanning/align fits a Transform to the points that it found, scanning/rows and scanning/marks sample through it. Pure arithmetic on
points: no picture is looked at here. Pixel coordinates have their origin in the centre of the first pixel, x to the right, y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from packets.layout import PAGE_MM

Points = npt.NDArray[np.float64]  # (n, 2): x, y
Matrix = npt.NDArray[np.float64]
HALF_MM = 150.0  # what one unit of the normalised sheet measures
LATTICE_MM = 10.0
ONE_SHEET_MM = 5.0  # `off_plane_mm` of points on one sheet of paper, curled and creased
POINT_NOISE_MM = 0.1  # how well a point is located
PERSPECTIVE_PRIOR = 0.15  # how strong a tilt is ordinary, per half sheet
SHEAR_PRIOR = 0.05  # how far a picture's two scales and its right angles may part
BEND_SMOOTHING = 1e-4
ROW_OF_POINTS = 4096
_MIDDLE = np.array(PAGE_MM) / 2
_NORMALISED = np.array([[1 / HALF_MM, 0, -PAGE_MM[0] / 2 / HALF_MM], [0, 1 / HALF_MM, -PAGE_MM[1] / 2 / HALF_MM], [0, 0, 1]])
_BESIDE = np.array([[0.5, 0.0], [-0.5, 0.0], [0.0, 0.5], [0.0, -0.5]])


@dataclass(frozen=True, slots=True)
class Transform:
    """A homography, and where the sheet is bent, pixel shifts on a lattice of 10 mm, (rows, columns, 2)."""

    homography: Matrix
    bend: npt.NDArray[np.float32] | None = field(default=None)

    def pixels(self, mm: Points) -> Points:
        """Where points of the sheet, (n, 2) millimetres, lie in the picture, (n, 2) pixels."""
        flat: Points = np.empty(mm.shape[::-1], np.float64).T  # all x behind each other, as pictures are asked for them
        below = _weighted(mm, self.homography[2])
        for axis in (0, 1):
            np.divide(_weighted(mm, self.homography[axis]), below, out=flat[:, axis])
        if self.bend is not None and len(mm):
            flat += _between(self.bend, mm)
        return flat

    def jacobians(self, mm: Points) -> Matrix:
        """Pixels per millimetre at each point, (n, 2, 2): [dx/dx dx/dy; dy/dx dy/dy]."""
        beside = self.pixels((mm + _BESIDE[:, None]).reshape(-1, 2)).reshape(4, -1, 2)
        return np.stack([beside[0] - beside[1], beside[2] - beside[3]], axis=2)

    def shows(self, image: npt.NDArray[Any], mm: Points, reach: Points) -> npt.NDArray[np.bool_]:
        """Whether the picture goes on to `reach` millimetres, (n, 2), to all four sides of each point, (n, 2) millimetres."""
        height, width = image.shape[:2]
        inside = np.ones(len(mm), np.bool_)
        for side in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            at = self.pixels(mm + reach * side)
            inside &= (at >= -0.5).all(axis=1) & (at <= (width - 0.5, height - 0.5)).all(axis=1)
        return inside

    def scaled(self, factor: float) -> Transform:
        """The transform into the same picture enlarged by `factor`."""
        return self.after(np.array([[factor, 0, (factor - 1) / 2], [0, factor, (factor - 1) / 2], [0, 0, 1.0]]), factor)

    def after(self, matrix: Matrix, factor: float = 1.0) -> Transform:
        """This transform followed by the affine `matrix`, which enlarges by `factor`."""
        return Transform(matrix @ self.homography, None if self.bend is None else (self.bend * np.float32(factor)))

    @property
    def scale(self) -> float:
        """Pixels per millimetre in the middle of the sheet."""
        jacobian = self.jacobians(np.array([[PAGE_MM[0] / 2, PAGE_MM[1] / 2]]))[0]
        return float(np.sqrt(abs(np.linalg.det(jacobian))))


def fit_plane(mm: Points, pixels: Points, give: float = 1.0) -> Matrix:
    """The homography, (3, 3), that takes `mm` (n >= 3, 2) nearest to `pixels` (n, 2).

    Linear least squares with a prior on tilt and shear, so that few points near each other do not swing the far end of the sheet. `give`: how much
    of the ordinary tilt and shear to allow for; a scanner gives next to none.
    """
    at, lies = (np.asarray(each, np.float64).tobytes() for each in (mm, pixels))
    return _plane(at, lies, give)


@lru_cache(maxsize=8)  # identity and alignment ask for the plane of the same codes in turn
def _plane(mm: bytes, pixels: bytes, give: float) -> Matrix:
    at, lies = (np.frombuffer(each).reshape(-1, 2) for each in (mm, pixels))
    middle, spread = lies.mean(axis=0), _spread(at, lies)
    solved = np.linalg.lstsq(*_equations((at - _MIDDLE) / HALF_MM, (lies - middle) / spread, give), rcond=None)[0]
    out = np.array([[spread, 0, middle[0]], [0, spread, middle[1]], [0, 0, 1]])
    whole: Matrix = out @ np.append(solved, 1.0).reshape(3, 3) @ _NORMALISED
    upright: Matrix = whole / whole[2, 2]
    upright.flags.writeable = False
    return upright


def _equations(at: Points, lies: Points, give: float) -> tuple[Matrix, Matrix]:
    """What the eight numbers of a homography should fulfil, both planes normalised: two rows a point, then the prior, (2 n + 4, 8) and (2 n + 4,)."""
    count = len(at)
    rows, right = np.zeros((2 * count + 4, 8)), np.zeros(2 * count + 4)
    for axis in (0, 1):
        those, seen = rows[axis * count : (axis + 1) * count], lies[:, axis]
        those[:, 3 * axis : 3 * axis + 2], those[:, 3 * axis + 2] = at, 1.0
        those[:, 6:] = -seen[:, None] * at
        right[axis * count : (axis + 1) * count] = seen
    rows *= HALF_MM / POINT_NOISE_MM
    right *= HALF_MM / POINT_NOISE_MM
    tilt, shear = 1 / (PERSPECTIVE_PRIOR * give), 1 / (SHEAR_PRIOR * give)
    rows[-4, 6] = rows[-3, 7] = tilt
    rows[-2, 0], rows[-2, 4] = shear, -shear
    rows[-1, 1] = rows[-1, 3] = shear
    return rows, right


def fit_bend(flat: Matrix, mm: Points, pixels: Points) -> npt.NDArray[np.float32]:
    """The thin-plate spline of what the plane leaves over, as pixel shifts on the lattice (Bookstein 1989, smoothed)."""
    over = pixels - Transform(flat).pixels(mm)
    at = mm / HALF_MM
    size = len(at)
    system = np.zeros((size + 3, size + 3))
    system[:size, :size] = _kernel(at, at) + BEND_SMOOTHING * np.eye(size)
    system[:size, size], system[:size, size + 1 :] = 1.0, at
    system[size:, :size] = system[:size, size:].T
    weights = np.linalg.lstsq(system, np.concatenate([over, np.zeros((3, 2))]), rcond=None)[0]
    grid = lattice_mm()
    nodes: Points = grid.reshape(-1, 2) / HALF_MM
    lift = _kernel(nodes, at) @ weights[:size] + weights[size] + nodes @ weights[size + 1 :]
    lattice: npt.NDArray[np.float32] = lift.reshape(grid.shape).astype(np.float32)
    return lattice


def lattice_mm() -> npt.NDArray[np.float64]:
    """The nodes of a bend's lattice, (rows, columns, 2) millimetres."""
    columns, rows = int(PAGE_MM[0] / LATTICE_MM) + 2, int(PAGE_MM[1] / LATTICE_MM) + 2
    return np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=2).astype(np.float64) * LATTICE_MM


def residuals_mm(transform: Transform, mm: Points, pixels: Points) -> npt.NDArray[np.float64]:
    """How far each point lies from where the transform puts it, (n,) millimetres."""
    off: npt.NDArray[np.float64] = np.linalg.norm(transform.pixels(mm) - pixels, axis=1) / max(transform.scale, 1e-6)
    return off


def off_plane_mm(mm: Points, pixels: Points) -> float:
    """How far the worst of the points, (n, 2) each, lies from where the one plane that fits them best has it: what is not on one sheet lies far off."""
    return float(residuals_mm(Transform(fit_plane(mm, pixels)), mm, pixels).max())


def remap(image: npt.NDArray[Any], pixels: Points | npt.NDArray[np.float32], outside: float = 255.0) -> npt.NDArray[np.float32]:
    """The picture's values between pixels, bilinear, at (n, 2) points; `outside` where there is no picture."""
    count = len(pixels)
    if not count:
        return np.zeros(0, np.float32)
    width = min(count, ROW_OF_POINTS)
    spots = np.full((2, -(-count // width) * width), -9.0, np.float32)
    spots[:, :count] = pixels.T
    across, down = spots.reshape(2, -1, width)
    return remap_grid(image, across, down, outside).reshape(-1)[:count]


def remap_grid(
    image: npt.NDArray[Any], across: npt.NDArray[np.float32], down: npt.NDArray[np.float32], outside: float = 255.0
) -> npt.NDArray[np.float32]:
    """The same at a grid of points, given as x and y, (rows, columns) each; fewer than 32,000 columns."""
    found = cv2.remap(image, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(outside,))
    values: npt.NDArray[np.float32] = found.astype(np.float32, copy=False)
    return values


def upright(
    image: npt.NDArray[Any], transform: Transform, center_mm: tuple[float, float], step_mm: float, side: int
) -> npt.NDArray[np.float32]:
    """A square part of the sheet as if seen from straight above: (side, side) values, `step_mm` apart, round `center_mm`."""
    steps = (np.arange(side) + 0.5 - side / 2) * step_mm
    x, y = np.meshgrid(center_mm[0] + steps, center_mm[1] + steps)
    pixels = transform.pixels(np.stack([x.ravel(), y.ravel()], axis=1)).astype(np.float32)
    return remap_grid(image, pixels[:, 0].reshape(side, side), pixels[:, 1].reshape(side, side))


def _weighted(mm: Points, weights: Matrix) -> npt.NDArray[np.float64]:
    """Of each point a x + b y + c."""
    total: npt.NDArray[np.float64] = mm[:, 0] * weights[0]
    total += mm[:, 1] * weights[1]
    total += weights[2]
    return total


def _between(bend: npt.NDArray[np.float32], mm: Points) -> Points:
    """The lattice's shifts at points of the sheet, bilinear."""
    limits = np.array(bend.shape[1::-1]) - 1.0
    at = np.clip(mm / LATTICE_MM, 0.0, limits)
    shifts = [remap(np.ascontiguousarray(bend[:, :, axis]), at) for axis in (0, 1)]
    return np.stack(shifts, axis=1).astype(np.float64)


def _kernel(here: Points, there: Points) -> Matrix:
    squared = ((here[:, None, :] - there[None, :, :]) ** 2).sum(axis=2)
    bent: Matrix = 0.5 * squared * np.log(np.maximum(squared, 1e-12))
    return bent


def _spread(mm: Points, pixels: Points) -> float:
    """Pixels per half sheet."""
    wide = np.sqrt(((pixels - pixels.mean(axis=0)) ** 2).sum())
    true = np.sqrt(((mm - mm.mean(axis=0)) ** 2).sum())
    return float(max(wide / max(true, 1e-6), 1e-3) * HALF_MM)
