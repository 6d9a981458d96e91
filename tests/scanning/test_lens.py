"""Photographs of a very wide lens: lines bend, and the sheet is read all the same."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packets.layout import CODES
from scanning import align, lens
from scanning.page import read_page
from scanning.transform import Points, Transform
from scanning.verdict import Chosen, Grey, PageVerdict
from tests.scanning import sheets as drawn

LAYOUT = drawn.choice_layout()
ANSWERS = {"1": "A", "2": "C", "3": "E", "5": "B", "6": "D", "7": "A", "9": "B", "10": "E", "11": "C"}
SHAPE, MIDDLE = (3200, 2400), np.array([1199.5, 1599.5])
UNIT = float(np.hypot(*SHAPE)) / 2


def corners() -> Points:
    """The corners of both codes on the sheet, millimetres."""
    steps = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) / 2
    return np.concatenate([np.array(code.center_mm) + steps * code.size_mm for code in LAYOUT.codes])


def photograph(bent: float) -> Grey:
    """The filled sheet on a table, in the middle of a picture through a lens that bends by so much."""
    sheet = drawn.Sheet(LAYOUT, 7)
    for item, value in ANSWERS.items():
        sheet.fill(item, value)
    page = sheet.scan(dpi=200)
    flat = np.full(SHAPE, 120, np.uint8)
    top, left = (SHAPE[0] - page.shape[0]) // 2, (SHAPE[1] - page.shape[1]) // 2
    flat[top : top + page.shape[0], left : left + page.shape[1]] = page
    x, y = np.meshgrid(np.arange(SHAPE[1], dtype=np.float64), np.arange(SHAPE[0], dtype=np.float64))
    from_ = lens._straight(np.stack([x.ravel(), y.ravel()], axis=1), MIDDLE, UNIT, bent).astype(np.float32)
    return np.asarray(
        cv2.remap(flat, from_[:, 0].reshape(SHAPE), from_[:, 1].reshape(SHAPE), cv2.INTER_LINEAR, borderValue=(120,)), np.uint8
    )


def read(image: Grey) -> PageVerdict:
    (page,) = read_page(image, drawn.Book(LAYOUT))
    return page


@pytest.mark.parametrize("bent", [-0.3, -0.2, -0.1])
def test_a_sheet_before_a_very_wide_lens_is_read(bent: float) -> None:
    said = {item.item: item.judgement for item in read(photograph(bent)).items}
    assert {item: said.get(item) for item in ANSWERS} == {item: Chosen((value,)) for item, value in ANSWERS.items()}


def test_without_it_the_same_photograph_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(align, "through_lens", lambda *_seen: None)
    assert read(photograph(-0.3)).reason in ("does_not_fit", "out_of_place")


@given(st.lists(st.tuples(st.floats(0, 2399), st.floats(0, 3199)), min_size=1, max_size=20), st.floats(-0.3, 0.2))
def test_what_the_lens_does_is_undone_by_its_inverse(points: list[tuple[float, float]], bent: float) -> None:
    at = np.array(points)
    there = lens._straight(lens._through(at, MIDDLE, UNIT, bent), MIDDLE, UNIT, bent)
    assert np.allclose(there, at, atol=1e-6)


def test_a_sheet_that_a_plane_explains_has_no_lens() -> None:
    pixels = Transform(np.array([[8.0, 0.3, 200.0], [-0.2, 8.1, 300.0], [1e-5, 2e-5, 1.0]])).pixels(corners())
    assert lens.through_lens(corners(), pixels + np.random.default_rng(3).normal(0, 0.3, pixels.shape), SHAPE) is None


def test_the_codes_alone_say_where_the_middle_of_the_sheet_lies() -> None:
    assert len(CODES) == 2
    plane = Transform(np.array([[9.0, 0.0, 255.0], [0.0, 9.0, 263.0], [0.0, 0.0, 1.0]]))
    found = lens.through_lens(corners(), lens._through(plane.pixels(corners()), MIDDLE, UNIT, -0.25), SHAPE)
    assert found is not None
    some = np.array([[105.0, 148.0], [30.0, 60.0], [180.0, 240.0]])
    assert np.abs(found.pixels(some) - lens._through(plane.pixels(some), MIDDLE, UNIT, -0.25)).max() < 9.0  # a millimetre
