"""A sheet that arches between its printed points is read where its rows really lie, and a flat one is left as it is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanning import arch, rows
from scanning.page import read_page
from scanning.transform import Transform
from scanning.verdict import Chosen, Doubt, Grey, PageVerdict
from tests.scanning import sheets as drawn

LAYOUT = drawn.choice_layout()
ANSWERS = {"1": "A", "2": "C", "3": "E", "5": "B", "6": "D", "7": "A", "9": "B", "10": "E", "11": "C"}
PER_MM = 200 / 25.4


def filled() -> drawn.Sheet:
    sheet = drawn.Sheet(LAYOUT, 7)
    for item, value in ANSWERS.items():
        sheet.fill(item, value)
    return sheet


def arched(image: Grey, high_mm: float, tilt: float = 0.0) -> Grey:
    """The page with its middle `high_mm` above where its left and right edges put it, and sideways as much as `tilt` of that; what is printed at the edges stays."""
    height, width = image.shape
    across, down = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    lift = high_mm * PER_MM * np.sin(np.pi * across / width) ** 2 * np.sin(np.pi * down / height)
    return np.asarray(cv2.remap(image, across - np.float32(tilt) * lift, down + lift, cv2.INTER_LINEAR, borderValue=(255,)), np.uint8)


def read(image: Grey) -> PageVerdict:
    (page,) = read_page(image, drawn.Book(LAYOUT))
    return page


@pytest.mark.parametrize(("high", "tilt"), [(2.0, 0.0), (-2.4, 0.3), (3.4, -0.2)])
def test_a_sheet_that_arches_between_its_points_is_read_as_a_flat_one(high: float, tilt: float) -> None:
    page = read(arched(filled().scan(), high, tilt))
    said = {item.item: item.judgement for item in page.items}
    assert {item: said[item] for item in ANSWERS} == {item: Chosen((value,)) for item, value in ANSWERS.items()}
    assert min(row[1] for row in page.measurements["rows"]) > arch.CLEAR


def test_without_it_the_same_sheet_is_doubted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test above proves is not there by itself."""
    monkeypatch.setattr(arch, "CLEAR", -1.0)
    page = read(arched(filled().scan(), 2.4))
    assert not page.items or any(isinstance(item.judgement, Doubt) for item in page.items)


def test_a_flat_sheet_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arch, "straightened", lambda *_seen: pytest.fail("a flat sheet was looked into"))
    assert read(filled().scan()).items


def test_a_row_without_any_print_of_its_own_stays_out_of_place() -> None:
    """A sheet that is not this layout's is not bent until it looks like one."""
    image = filled().scan().copy()
    top, bottom = (round(y * PER_MM) for y in (96.0, 184.0))
    image[top:bottom, round(20 * PER_MM) : round(190 * PER_MM)] = 235
    page = read(image)
    assert not page.items or {item.item for item in page.items if isinstance(item.judgement, Doubt)} >= {"5", "7", "9"}


def test_pieces_are_narrow_parts_of_their_rows() -> None:
    plan = rows.plan(LAYOUT, drawn.Book(LAYOUT).blank(LAYOUT.digest))
    pieces = arch.pieces_of(plan)
    assert len(pieces.rows) > 2 * len(plan.rows)
    of_rows = {(plan.rows[owner].item, *at) for owner, at in zip(plan.owner.tolist(), plan.mm.tolist(), strict=True)}
    for number, row in enumerate(pieces.rows):
        own = pieces.mm[pieces.owner == number]
        assert len(own) >= arch.ENOUGH
        assert np.ptp(own[:, 0]) <= arch.PIECE_MM
        assert {(row.item, *at) for at in own.tolist()} <= of_rows
        assert np.allclose(own.mean(axis=0), row.middle_mm)


def test_a_plan_without_print_has_no_pieces() -> None:
    blank = np.full_like(drawn.Book(LAYOUT).blank(LAYOUT.digest), 255)
    plan = rows.plan(LAYOUT, blank)
    assert arch.pieces_of(plan).rows == ()
    transform, lit = Transform(np.diag([PER_MM, PER_MM, 1.0])), np.full((100, 100), 255, np.float32)
    anchors = rows.anchor(blank, lit, 4.0, transform, plan)
    assert arch.straightened(blank, lit, 4.0, transform, LAYOUT, plan, anchors) == (transform, anchors)
