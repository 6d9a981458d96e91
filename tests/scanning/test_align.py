"""Alignment alone: a known homography is found again from what is left of the marks, and nothing is found where there are none."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packets.layout import CODES, FIDUCIALS, PAGE_MM
from scanning.align import Alignment, align
from scanning.codes import code_corners_mm
from scanning.transform import Matrix, Points, Transform
from scanning.verdict import Grey
from tests.scanning import sheets as drawn

LAYOUT = drawn.choice_layout()
CENTERS = np.array([box.center_mm for box in LAYOUT.boxes])
CORNERS = [each.center_mm for each in (*CODES, *(one for one in FIDUCIALS if one.aruco is not None))]
LOST = [pair for pair in combinations(range(4), 2) if pair != (0, 1)]  # without a code nobody knows whose sheet it is
PER_MM = 200 / 25.4
WITHIN_MM = 0.05


def _seen_from(turn: float, tilt: tuple[float, float], shift: tuple[float, float]) -> Matrix:
    """Millimetres of the sheet to pixels at about 200 dpi; `tilt` is the share by which the far edges are smaller."""
    angle = np.deg2rad(turn)
    there = np.array([[1, 0, -PAGE_MM[0] / 2], [0, 1, -PAGE_MM[1] / 2], [0, 0, 1.0]])
    spin = np.array(
        [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [tilt[0] / PAGE_MM[0], tilt[1] / PAGE_MM[1], 1]]
    )
    back = np.array([[PER_MM, 0, PER_MM * PAGE_MM[0] / 2 + shift[0]], [0, PER_MM, PER_MM * PAGE_MM[1] / 2 + shift[1]], [0, 0, 1.0]])
    whole: Matrix = back @ spin @ there
    return whole


def _picture(matrix: Matrix, lost: tuple[int, ...] = ()) -> Grey:
    page = drawn.printed(LAYOUT).copy()
    for corner in lost:
        x, y = (round(value * drawn.PER_MM) for value in CORNERS[corner])
        half = 16 * drawn.PER_MM
        page[max(0, y - half) : y + half, max(0, x - half) : x + half] = 255
    from_drawing = np.array([[1 / drawn.PER_MM, 0, 0.5 / drawn.PER_MM], [0, 1 / drawn.PER_MM, 0.5 / drawn.PER_MM], [0, 0, 1.0]])
    size = (round(PAGE_MM[0] * PER_MM), round(PAGE_MM[1] * PER_MM))
    soft = cv2.GaussianBlur(page, (0, 0), 0.6)
    return np.asarray(cv2.warpPerspective(soft, matrix @ from_drawing, size, borderValue=(255,)), np.uint8)


def _known(matrix: Matrix, lost: tuple[int, ...] = ()) -> tuple[Points, Points]:
    """What the codes that are left tell: their corners, in millimetres and in pixels."""
    mm = np.concatenate([code_corners_mm(code.corner) for place, code in enumerate(CODES) if place not in lost])
    return mm, Transform(matrix).pixels(mm)


def _miss_mm(found: Alignment, matrix: Matrix) -> float:
    apart = found.transform.pixels(CENTERS) - Transform(matrix).pixels(CENTERS)
    return float(np.linalg.norm(apart, axis=1).max() / PER_MM)


@pytest.mark.parametrize("lost", LOST)
def test_any_two_corners_may_be_lost(lost: tuple[int, int]) -> None:
    matrix = _seen_from(1.5, (0.01, -0.015), (6, -9))
    found = align(_picture(matrix, lost), LAYOUT, *_known(matrix, lost))
    assert _miss_mm(found, matrix) < WITHIN_MM
    assert found.error_mm < WITHIN_MM


@settings(max_examples=15)
@given(
    turn=st.floats(-4, 4),
    tilt=st.tuples(st.floats(-0.02, 0.02), st.floats(-0.02, 0.02)),
    shift=st.tuples(st.floats(-10, 10), st.floats(-10, 10)),
    lost=st.sampled_from([(), *LOST]),
)
def test_a_known_homography_is_recovered(turn: float, tilt: tuple[float, float], shift: tuple[float, float], lost: tuple[int, ...]) -> None:
    matrix = _seen_from(turn, tilt, shift)
    found = align(_picture(matrix, lost), LAYOUT, *_known(matrix, lost))
    assert _miss_mm(found, matrix) < WITHIN_MM


def test_codes_read_half_a_millimetre_aside_are_put_right_by_the_marks() -> None:
    matrix = _seen_from(-1.0, (0.0, 0.01), (3, 3))
    mm, pixels = _known(matrix)
    aside = pixels + np.random.default_rng(4).normal(0, 0.25 * PER_MM, pixels.shape)
    assert _miss_mm(align(_picture(matrix), LAYOUT, mm, aside), matrix) < WITHIN_MM


@pytest.mark.parametrize("seed", [3, 8, 12, 13, 15, 22])  # led astray by a camera's freedom
def test_one_code_read_a_little_aside_is_enough_for_a_sheet_on_a_scanner(seed: int) -> None:
    """The far edge is 180 mm away: what a camera might have tilted leads astray there, what a scanner leaves does not."""
    matrix = _seen_from(1.2, (0.0, 0.0), (3, 3))
    mm, pixels = _known(matrix, (1,))
    aside = pixels + np.random.default_rng(seed).normal(0, 0.12 * PER_MM, pixels.shape)
    found = align(_picture(matrix), LAYOUT, mm, aside)
    assert not found.lost
    assert _miss_mm(found, matrix) < WITHIN_MM


def test_where_no_marks_are_the_alignment_says_that_it_has_none() -> None:
    matrix = _seen_from(0, (0, 0), (0, 0))
    white = np.full((2339, 1654), 240, np.uint8)
    found = align(white, LAYOUT, *_known(matrix))
    assert found.points < 4
    assert found.error_mm > 1


def test_a_layout_on_which_nothing_is_printed_to_hold_on_to_has_no_alignment() -> None:
    matrix = _seen_from(0, (0, 0), (0, 0))
    bare = replace(LAYOUT, codes=(), fiducials=())
    assert align(_picture(matrix), bare, *_known(matrix)).points == 0
