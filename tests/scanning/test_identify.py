"""Which codes belong to one sheet: geometry alone, and what two codes that disagree may never become."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packets.token import read_token, write_token
from scanning.codes import Sighting, code_corners_mm, sheets_of
from scanning.identify import sightings
from scanning.page import read_page
from scanning.transform import Points
from scanning.verdict import PageState
from tests.scanning import sheets as drawn

LAYOUT = drawn.choice_layout()
OTHER = "0badbadbadbad0"
PER_MM = 200 / 25.4
turns = st.floats(-180, 180)
scales = st.floats(0.5, 3.0)


def _placed(mm: Points, turn: float, scale: float, at: tuple[float, float], mirrored: bool = False) -> Points:
    angle = np.deg2rad(turn)
    spin = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    seen: Points = (mm * ([-1, 1] if mirrored else [1, 1])) @ spin.T * scale * PER_MM + np.array(at)
    return seen


def _code(page: str, corner: int, turn: float = 0, scale: float = 1, at: tuple[float, float] = (0, 0), mirrored: bool = False) -> Sighting:
    text = write_token(drawn.KEY, page, corner)
    corners = _placed(code_corners_mm(corner), turn, scale, at, mirrored)
    return Sighting(text, read_token(text), corners[[0, 3, 2, 1]] if mirrored else corners)


@given(turn=turns, scale=scales, order=st.permutations([0, 1]))
def test_two_codes_where_one_sheet_has_them_are_one_sheet_however_it_lies(turn: float, scale: float, order: list[int]) -> None:
    codes = [_code(drawn.PAGE, corner, turn, scale) for corner in order]
    (sheet,) = sheets_of(codes)
    assert (len(sheet.codes), sheet.agree, sheet.mirrored) == (2, True, False)


@given(turn=turns, scale=scales)
def test_two_codes_of_different_pages_on_one_sheet_never_agree(turn: float, scale: float) -> None:
    (sheet,) = sheets_of([_code(drawn.PAGE, 0, turn, scale), _code(OTHER, 1, turn, scale)])
    assert (len(sheet.codes), sheet.agree) == (2, False)


@given(turn=turns, scale=scales)
def test_two_sheets_side_by_side_keep_their_own_codes(turn: float, scale: float) -> None:
    beside = _placed(np.array([[240.0, 0.0]]), turn, scale, (0, 0))[0]
    codes = [_code(page, corner, turn, scale, at) for page, at in ((drawn.PAGE, (0, 0)), (OTHER, tuple(beside))) for corner in (0, 1)]
    for found in (codes, codes[::-1], codes[::2] + codes[1::2]):
        sheets = sheets_of(found)
        assert sorted({code.word.page_id for code in sheet.codes if code.word} == {page} for sheet in sheets for page in (drawn.PAGE, OTHER)) == [
            False, False, True, True,
        ]  # fmt: skip
        assert all(sheet.agree and len(sheet.codes) == 2 for sheet in sheets)


def test_a_sheet_seen_from_behind_is_told() -> None:
    (sheet,) = sheets_of([_code(drawn.PAGE, corner, mirrored=True) for corner in (0, 1)])
    assert sheet.mirrored


def test_twice_the_same_corner_is_two_sheets_and_foreign_codes_are_none() -> None:
    assert len(sheets_of([_code(drawn.PAGE, 0), _code(drawn.PAGE, 0, at=(300, 300))])) == 2
    assert sheets_of([Sighting("https://example.org", None, code_corners_mm(0))]) == []


@pytest.mark.parametrize("turned", [0, 1, 2, 3])
def test_codes_are_found_where_they_lie_to_a_tenth_of_a_millimetre(turned: int) -> None:
    image = drawn.scan(drawn.printed(LAYOUT).astype(np.float32))
    (sheet,) = sheets_of(sightings(np.ascontiguousarray(np.rot90(image, turned))))
    assert {code.word.page_id for code in sheet.codes if code.word} == {drawn.PAGE}
    if turned == 0:
        for code in sheet.codes:
            assert code.word is not None
            miss = code.middle - (code_corners_mm(code.word.corner).mean(axis=0) * PER_MM - 0.5)
            assert np.linalg.norm(miss) < 0.25 * PER_MM


@pytest.mark.parametrize("which", [0, 1])
def test_a_picture_whose_codes_disagree_names_no_page(which: int) -> None:
    """Half of one page glued to half of another: neither is answered, whichever the desk knows."""
    pages = [drawn.scan(drawn.printed(LAYOUT, page=page).astype(np.float32)) for page in (drawn.PAGE, OTHER)]
    image = np.vstack([pages[which][:1170], pages[1 - which][1170:]])
    (verdict,) = read_page(image, drawn.Book(LAYOUT))
    assert (verdict.state, verdict.reason, verdict.page_id, verdict.items) == (PageState.UNREADABLE, "codes_disagree", None, ())
