"""A sheet found by its solid squares alone: two columns of four, in the whole picture, whatever else is dark there."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packets.layout import CODES, FIDUCIALS, PAGE_MM
from scanning import align, sheets
from scanning.constellation import SQUARES_MM, constellations
from scanning.page import read_as, read_page
from scanning.transform import Points, Transform, fit_plane
from scanning.verdict import Blank, Chosen, Grey, PageState, PageVerdict
from tests.scanning import museum_made as made
from tests.scanning import sheets as drawn

ASKEW = ((260, 200), (1750, 500), (1800, 1900), (190, 2350))  # the right side twice as far away as the left
LYING = ((360, 300), (1650, 340), (1700, 2300), (290, 2250))
DESK_LIKE_PAPER = 214
TOP_CODE = CODES[0]
MIDDLE = np.array(PAGE_MM) / 2


def without(*places: tuple[tuple[float, float], float]) -> Any:
    """The filled-in page on which squares of paper lie over these middles and sides, millimetres."""
    paper = made.written().copy()
    for (x, y), side in places:
        paper[made.drawn_box(x - side / 2, y - side / 2, x + side / 2, y + side / 2)] = 255
    return paper


def fiducials() -> list[tuple[tuple[float, float], float]]:
    return [(each.center_mm, each.size_mm + 3) for each in FIDUCIALS if each.aruco is not None]


def one_code_covered() -> Grey:
    return made.photo(ASKEW, paper=without(*fiducials(), (TOP_CODE.center_mm, 26)))


def dog_eared() -> Grey:
    """The corner lies over two eyes of the top code: its third is left, which is easily taken for another."""
    paper = without(*fiducials())
    cv2.fillPoly(paper, [np.array([(166, 0), (210, 0), (210, 40)]) * drawn.PER_MM], 235)
    return made.photo(ASKEW, paper=paper)


def pale_desk() -> Grey:
    """No code can be decoded, no fiducial seen, and the paper has no outline."""
    return made.photo(LYING, desk=DESK_LIKE_PAPER, blur=4.0, noise=6.0)


HIDDEN = {"one code covered": one_code_covered, "dog-ear over two eyes": dog_eared, "desk as pale as the paper": pale_desk}


def wrong_in(verdict: PageVerdict) -> list[str]:
    """The items that are said to be what they are not; the one that was rubbed out can be seen to be, or not."""
    said = {item.item: item.judgement for item in verdict.items}
    wrong = [item for item, each in said.items() if isinstance(each, Chosen) and each.values != made.TRUTH.get(item)]
    return wrong + [item for item, each in said.items() if isinstance(each, Blank) and made.TRUTH.get(item, ()) != ()]


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (align, sheets):
        monkeypatch.setattr(module, "constellations", lambda _image: [])


@pytest.mark.parametrize("name", HIDDEN)
def test_a_sheet_of_which_the_codes_tell_too_little_is_found_by_its_squares(name: str) -> None:
    (verdict,) = read_page(HIDDEN[name](), made.Desk())
    assert (verdict.state, verdict.page_id) == (PageState.DOUBTFUL, drawn.PAGE)
    assert wrong_in(verdict) == []
    assert sum(isinstance(each.judgement, Chosen) for each in verdict.items) >= 8


@pytest.mark.usefixtures("blind")
@pytest.mark.parametrize("name", HIDDEN)
def test_without_the_squares_the_same_pictures_are_lost(name: str) -> None:
    (verdict,) = read_page(HIDDEN[name](), made.Desk())
    assert (verdict.state, verdict.reason) in {(PageState.UNREADABLE, "does_not_fit"), (PageState.FOREIGN, "no_code")}


def hollow() -> Grey:
    """Of both codes the middle is gone, and the eyes are left."""
    return made.photo(LYING, desk=DESK_LIKE_PAPER, blur=3.0, paper=without(*fiducials(), *((each.center_mm, 10) for each in CODES)))


@pytest.mark.usefixtures("blind")
def test_without_the_squares_a_sheet_whose_codes_are_gone_passes_for_strange_paper() -> None:
    (verdict,) = read_page(hollow(), made.Desk())
    assert (verdict.state, verdict.reason) == (PageState.FOREIGN, "no_code")


def test_the_squares_tell_where_a_sheet_lies_and_never_whose_it_is() -> None:
    desk = made.Desk()
    desk._pages.pop(drawn.PAGE)
    (verdict,) = read_page(hollow(), desk)
    assert (verdict.state, verdict.reason, verdict.page_id) == (PageState.UNREADABLE, "code_lost", None)


def dotted(at: Points, size: float, luck: np.random.Generator, others: int = 0) -> Grey:
    """A picture, (1100, 1000), of dark squares at these places, with as many other spots as are asked for."""
    picture = np.full((1100, 1000), 210, np.uint8)
    for x, y in [*at.tolist(), *luck.uniform(30, 970, (others, 2)).tolist()]:
        half = size / 2
        corners = np.array([(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)])
        cv2.fillPoly(picture, [np.round(corners * 16).astype(np.int32)], 40, cv2.LINE_AA, 4)
    return picture


def lying(turn: float, tilt: tuple[float, float], per_mm: float) -> Transform:
    """A sheet in the middle of such a picture, turned by degrees; `tilt`: how much of its size the far edges lose."""
    angle = np.deg2rad(turn)
    spin = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * per_mm
    plane = np.eye(3)
    plane[:2, :2], plane[2, :2] = spin, np.array(tilt) / PAGE_MM
    there, back = np.eye(3), np.eye(3)
    there[:2, 2], back[:2, 2] = -MIDDLE, (500, 550)
    return Transform(back @ plane @ there)


@settings(max_examples=25, deadline=None)
@given(
    turn=st.floats(-180, 180),
    tilt=st.tuples(st.floats(-0.15, 0.15), st.floats(-0.15, 0.15)),
    lost=st.sampled_from([None, *range(8)]),
    others=st.integers(0, 25),
    seed=st.integers(0, 99),
)
def test_the_pattern_is_found_however_it_lies_and_though_one_square_is_lost(
    turn: float, tilt: tuple[float, float], lost: int | None, others: int, seed: int
) -> None:
    true = lying(turn, tilt, 2.6)
    there = np.delete(SQUARES_MM, [] if lost is None else [lost], axis=0)
    found = constellations(dotted(true.pixels(there), 10.0, np.random.default_rng(seed), others if lost is None else 0))
    planes = [Transform(fit_plane(each.mm, each.pixels)) for each in found]
    off = [float(np.linalg.norm(plane.pixels(SQUARES_MM) - true.pixels(SQUARES_MM), axis=1).max()) for plane in planes]
    assert min(off, default=np.inf) < 6.0  # pixels: one millimetre is 2.6


@pytest.mark.parametrize("picture", [np.full((1100, 1000), 210, np.uint8), np.full((40, 30), 210, np.uint8)])
def test_blank_paper_has_no_pattern(picture: Grey) -> None:
    assert constellations(picture) == []


def test_seen_from_behind_the_pattern_is_not_taken_for_a_sheet_seen_from_before() -> None:
    squares = dotted(lying(10, (0.05, 0.0), 2.6).pixels(SQUARES_MM), 10.0, np.random.default_rng(1))
    seen = constellations(np.ascontiguousarray(squares[:, ::-1]))
    assert all(len(each.mm) < len(SQUARES_MM) for each in seen)


def test_a_second_sheet_beside_one_that_was_found_by_its_squares_is_told_too() -> None:
    """Neither shows a code that can be decoded or a fiducial; the squares of both are there."""
    second = made.page(made.SECOND).copy()
    for (x, y), side in fiducials():
        second[made.drawn_box(x - side / 2, y - side / 2, x + side / 2, y + side / 2)] = 255
    pictures = [made.photo(LYING, desk=DESK_LIKE_PAPER, blur=3.5, noise=6.0, paper=paper) for paper in (without(*fiducials()), second)]
    verdicts = read_page(np.ascontiguousarray(np.concatenate(pictures, axis=1)), made.Desk())
    assert len(verdicts) == 2
    assert {each.page_id for each in verdicts} <= {drawn.PAGE, made.SECOND, None}
    assert drawn.PAGE in {each.page_id for each in verdicts}


def test_eight_dark_spots_are_no_sheet_whatever_code_a_person_types() -> None:
    picture = dotted(lying(10, (0.05, 0.0), 2.6).pixels(SQUARES_MM), 10.0, np.random.default_rng(1))
    desk = made.Desk()
    page = desk.page(drawn.PAGE)
    assert page is not None
    verdict = read_as(picture, page, desk)
    assert (verdict.page_id, verdict.items) == (None, ())
    assert [each.page_id for each in read_page(picture, desk)] == [None]


@pytest.mark.parametrize(
    ("first", "second", "taken"),
    [((9, 0.1), (10, 0.5), False), ((9, 0.1), (10, 0.15), True), ((3, 9.9), (5, 5.0), False), ((10, 0.6), (9, 0.1), True),
     ((10, 0.2), (9, 0.15), False), ((5, 0.05), (13, 0.2), True), ((8, 0.1), (12, 0.7), True), ((8, 0.1), (12, 0.9), False),
     ((9, 0.1), (12, 0.7), False), ((5, 0.1), (11, 0.7), False)],
    ids=["far worse", "more points as good", "two bad ones", "far better with one less", "one less", "many more", "a rolled sheet's against one end's",
         "more than paper rolls", "not so many more", "too few for a whole sheet"],
)  # fmt: skip
def test_an_alignment_is_given_up_only_for_a_better_one(first: tuple[int, float], second: tuple[int, float], taken: bool) -> None:
    one, other = (align.Alignment(Transform(np.eye(3)), points, error, 0.3) for points, error in (first, second))
    assert (align._better(one, other) is other) is taken
