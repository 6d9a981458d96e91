"""The simulated scanner and camera: things appear where `to_pixels` says, bent paper where its bend says."""

from __future__ import annotations

import numpy as np
import pytest

from scanning.rehearsal.camera import Camera, photograph, picture_size
from scanning.rehearsal.scanner import Matrix, Scanner, look_through, scan
from scanning.rehearsal.sheet import Field, Grey, Sheet

DPI = 100
PER_MM = DPI / 25.4
SPOT = (120.0, 90.0)
QUIET = Scanner(dpi=(DPI,), noise=(0, 0), black_border=0, turned=(0, 0, 0))


def spotted() -> Sheet:
    """White paper with a black disc of 3 mm."""
    sheet = Sheet(np.full((round(297 * PER_MM), round(210 * PER_MM)), 250, np.uint8), PER_MM)
    ys, xs = (np.indices(sheet.grey.shape) + 0.5) / PER_MM
    sheet.grey[np.hypot(xs - SPOT[0], ys - SPOT[1]) < 1.5] = 0
    return sheet


def middle(grey: Grey, around: tuple[float, float], reach: float = 40) -> tuple[float, float]:
    """The centre of the darkest things near `around`, in pixels."""
    ys, xs = np.indices(grey.shape)
    near = (np.hypot(xs - around[0], ys - around[1]) < reach) & (grey < 0.5 * np.median(grey))
    return (float(xs[near].mean() + 0.5), float(ys[near].mean() + 0.5))


def at(to_pixels: Matrix, point: tuple[float, float]) -> tuple[float, float]:
    x, y, scale = to_pixels @ np.array([*point, 1.0])
    return (float(x / scale), float(y / scale))


@pytest.mark.parametrize("seed", range(4))
def test_a_scan_shows_a_spot_where_its_matrix_says(seed: int) -> None:
    eye = Scanner(dpi=(DPI,), skew=(-4, 4), shift_mm=(-4, 4), scale=(0.95, 1.03), wide_bed=0.5, black_border=0, turned=(0, 0, 0))
    taken = scan(spotted(), np.random.default_rng(seed), eye, DPI, 245, None)
    expected = at(taken.to_pixels, SPOT)
    assert middle(taken.grey, expected) == pytest.approx(expected, abs=0.4)


@pytest.mark.parametrize("seed", range(4))
def test_a_photograph_shows_a_spot_where_its_matrix_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    eye = Camera(megapixels=(2, 3), motion=(0, 0), shadow=0, turned=(0, 0, 0), tilt=(0, 0.1))
    taken = photograph(spotted(), rng, eye, picture_size(rng, eye), 200, None)
    expected = at(taken.to_pixels, SPOT)
    assert middle(taken.grey, expected, 15) == pytest.approx(expected, abs=0.8)


def test_paper_that_is_not_bent_looks_the_same_by_either_way() -> None:
    matrix = np.array([[4.0, 0.1, 8.0], [-0.1, 4.1, 12.0], [1e-5, 2e-5, 1.0]])
    flat = look_through(spotted(), matrix, (830, 1180), 255, None)
    unbent = look_through(spotted(), matrix, (830, 1180), 255, np.zeros((297, 210, 2), np.float32))
    assert np.abs(flat.astype(int) - unbent).mean() < 0.05


def test_bent_paper_moves_what_stands_on_it_by_its_bend() -> None:
    bend: Field = np.zeros((297, 210, 2), np.float32)
    bend[..., 0], bend[..., 1] = 2.0, -3.0
    taken = scan(spotted(), np.random.default_rng(1), QUIET, DPI, 245, bend)
    expected = at(taken.to_pixels, (SPOT[0] + 2.0, SPOT[1] - 3.0))
    assert middle(taken.grey, expected) == pytest.approx(expected, abs=0.3)
