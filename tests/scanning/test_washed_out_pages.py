"""Photographs so blurred and noisy that hardly more than a sheet's squares shows: named by what is left of the codes, and asked about, not lost."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.spoiled import blotted, photographed, scanned, torn
from packets.layout import FORMAT, PAGE_MM, Layout
from packets.token import Word
from scanning import page as reader
from scanning import rescue, sheets
from scanning.codes import Sheet, Sighting, Stage, code_corners_mm
from scanning.constellation import constellations
from scanning.page import read_page
from scanning.rescue import from_squares
from scanning.sheets import sheets_in
from scanning.verdict import Doubt, Grey, PageState
from tests.scanning import sheets as drawn
from tests.scanning.test_pages_found import CODES, LAYOUT, Crowd, named, page


def dim(picture: Grey, blur: float, noise: float, light: float) -> Grey:
    """The picture without its edges, dark and noisy. `blur` in pixels, `noise` in grey values."""
    soft = cv2.GaussianBlur(picture, (0, 0), blur) * light
    return np.clip(soft + np.random.default_rng(1).normal(0, noise, picture.shape), 0, 255).astype(np.uint8)


def without_outline(blur: float) -> Grey:
    """The sheet, askew, on a desk as white as itself."""
    sheet = cv2.copyMakeBorder(scanned(page(), np.random.default_rng(1), 200, 6.0), 300, 300, 200, 200, cv2.BORDER_REPLICATE)
    return dim(np.asarray(sheet, np.uint8), blur, 16.0, 0.6)


def on_a_desk(layout: Layout = LAYOUT) -> Grey:
    return dim(photographed(drawn.printed(layout), np.random.default_rng(1), 12.0, 10.0), 5.0, 24.0, 0.5)


@pytest.mark.parametrize("blur", [4.5, 6.0])
def test_where_only_squares_show_the_codes_there_name_the_sheet(blur: float) -> None:
    picture = without_outline(blur)
    (shown,) = sheets_in(picture, Crowd())
    assert named(shown) == {drawn.PAGE}
    assert isinstance(shown, Sheet)
    assert {code.stage for code in shown.codes} == {Stage.MATCHED}


def test_where_only_squares_show_a_stranger_is_neither_named_nor_told_of() -> None:
    assert sheets_in(without_outline(6.0), Crowd(stranger=True)) == [(PageState.FOREIGN, "no_code")]


def test_squares_alone_tell_of_a_sheet_only_with_points_that_are_not_squares() -> None:
    """Negative control: the same picture tells of a nameless sheet once squares are enough."""
    picture, strangers = without_outline(6.0), Crowd(stranger=True)
    assert from_squares(picture, constellations(picture), strangers.payloads) == (None, 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rescue, "BESIDE_SQUARES", rescue.FEWEST_POINTS)
        assert from_squares(picture, constellations(picture), strangers.payloads)[1] >= rescue.FEWEST_POINTS


def test_of_a_torn_off_code_nothing_is_told() -> None:
    luck = np.random.default_rng(1)
    (shown,) = sheets_in(scanned(torn(blotted(page(), luck, 0.2), CODES[:1], 75), luck), Crowd())
    assert isinstance(shown, Sheet)
    assert [code.word.corner for code in shown.codes if code.word] == [1]


def test_a_page_whose_rows_hardly_show_for_noise_is_asked_about() -> None:
    (verdict,) = read_page(on_a_desk(), Crowd())
    assert (verdict.state, verdict.page_id) == (PageState.DOUBTFUL, drawn.PAGE)
    assert all(isinstance(item.judgement, Doubt) for item in verdict.items)


@pytest.mark.parametrize(
    ("limit", "value"), [("HARDLY", 0.6), ("MORE_POINTS", 12), ("ALL_POINTS", 6), ("SURE_MM", 0.01), ("CODES_MM", 0.0)]
)
def test_each_of_the_signs_is_asked_for(limit: str, value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, limit, value)
    (verdict,) = read_page(on_a_desk(), Crowd())
    assert (verdict.state, verdict.reason) == (PageState.UNREADABLE, "does_not_fit")


def test_noise_does_not_make_a_bare_sheet_that_page() -> None:
    (verdict,) = read_page(on_a_desk(Layout(LAYOUT.kind, (), (), "nothing")), Crowd())
    assert (verdict.state, verdict.reason, verdict.items) == (PageState.UNREADABLE, "does_not_fit", ())


@pytest.mark.parametrize(("beside_mm", "room"), [((60, 0), False), ((80, 0), True), ((0, 60), False), ((0, 80), True), ((60, 60), False)])
@pytest.mark.parametrize("turn", [0.0, 90.0, 180.0])
def test_another_sheet_is_looked_for_only_where_a_third_of_one_has_room(beside_mm: tuple[float, float], room: bool, turn: float) -> None:
    """The picture holds the sheet in its middle and so much more to either side; it has room enough by area alone."""
    wide, high = (side + 2 * more for side, more in zip(PAGE_MM, beside_mm, strict=True))
    angle = np.deg2rad(turn)
    spin = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    size = np.abs(spin @ (wide, high))
    codes = []
    for corner in (0, 1):
        pixels = (code_corners_mm(corner) - np.array(PAGE_MM) / 2) @ spin.T + size / 2
        codes.append(Sighting("", Word(FORMAT, corner, drawn.PAGE, 0), pixels * 4, Stage.READ))
    picture = np.zeros(tuple(np.round(size[::-1] * 4).astype(int)), np.uint8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheets, "FILLING", 1.0)
        assert sheets._has_room(picture, [Sheet(tuple(codes))]) is room
        assert sheets._has_room(picture, [Sheet(tuple(codes[:1]))])
