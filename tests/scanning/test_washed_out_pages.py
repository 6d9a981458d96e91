"""Photographs so blurred and noisy that hardly more than a sheet's squares shows: named by what is left of the codes, and asked about, not lost."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.spoiled import blotted, photographed, scanned, torn
from packets.layout import FORMAT, Layout
from packets.token import Word
from scanning import page as reader
from scanning import rescue
from scanning.align import Alignment
from scanning.codes import Sheet, Sighting, Stage, code_corners_mm
from scanning.constellation import constellations
from scanning.judge import judge_page
from scanning.page import read_page
from scanning.rescue import from_squares
from scanning.rows import Anchors
from scanning.sheets import sheets_in
from scanning.trace import Trace
from scanning.transform import Transform
from scanning.verdict import Chosen, Doubt, DoubtReason, Grey, PageState
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
    assert verdict.measurements["washed_out"], "so that nothing else is accepted when it is judged again"


def signs(
    stages: tuple[Stage, ...] = (Stage.MATCHED, Stage.MATCHED),
    off_mm: float = 0.0,
    points: int = 8,
    error: float = 0.1,
    likeness: float = 0.3,
) -> bool:
    """Whether a page of such signs is washed out; `off_mm`: how far from its place the second code was matched."""
    moved = ([0.0, 0.0], [off_mm, 0.0])
    places = [(code_corners_mm(corner) + np.array(moved[corner])) * 5 for corner in range(len(stages))]
    codes = [
        Sighting("", Word(FORMAT, corner, drawn.PAGE, 0), at, stage) for corner, (at, stage) in enumerate(zip(places, stages, strict=True))
    ]
    alignment = Alignment(Transform(np.diag([5.0, 5.0, 1.0])), points, error, 0.3)
    rows = np.array([likeness - 0.1, likeness, likeness + 0.2])
    return reader._is_washed_out(Sheet(tuple(codes)), alignment, Anchors(np.zeros((3, 2)), rows, np.ones(3)))


def test_a_page_is_washed_out_only_where_every_sign_says_so() -> None:
    assert signs()
    assert signs(points=7)
    assert signs(points=13)
    assert not signs((Stage.MATCHED,)), "one code"
    assert not signs((Stage.MATCHED, Stage.READ)), "a code that a decoder reads"
    assert not signs((Stage.TYPED, Stage.TYPED)), "codes that a person read"
    assert not signs(points=6)
    assert not signs(points=14), "finer points show too"
    assert not signs(error=0.7)
    assert not signs(off_mm=4.5), "a code that lies elsewhere"
    assert not signs(likeness=0.2), "another print"


def test_a_code_is_told_where_it_was_matched_and_not_where_it_was_looked_for() -> None:
    luck, per_mm = np.random.default_rng(1), 200 / 25.4
    picture = scanned(blotted(page(), luck, 0.2), luck)
    straight = Transform(np.diag([per_mm, per_mm, 1.0]))
    askew = Transform(np.array([[per_mm, 0, 1.6 * per_mm], [0, per_mm, -1.2 * per_mm], [0, 0, 1.0]]))
    told = rescue._matched(picture, askew, Crowd().payloads())
    assert len(told) == 2
    for corner, code in enumerate(told):
        off = code.middle - straight.pixels(code_corners_mm(corner)).mean(axis=0)
        assert float(np.abs(off).max()) / per_mm < 0.35


def test_nothing_is_accepted_on_such_a_page_though_its_rows_look_like_their_print() -> None:
    """Another page's questions may lie where this one's are: what seems to be the answer is only a possible one."""
    sheet = drawn.Sheet(LAYOUT, 2)
    sheet.fill("1", "C")
    sheet.fill("5", "A")
    (verdict,) = read_page(sheet.scan(), drawn.Book(LAYOUT))
    assert {item.item: item.judgement for item in judge_page(verdict.measurements, LAYOUT)}["1"] == Chosen(("C",))
    asked = {item.item: item.judgement for item in judge_page(verdict.measurements | {"washed_out": True}, LAYOUT)}
    assert asked["1"] == Doubt(DoubtReason.FAINT, ("C",))
    assert all(isinstance(judgement, Doubt) for judgement in asked.values())


def test_of_several_places_the_one_with_the_most_codes_names_the_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spots that lie like a sheet's squares by accident may have more points; what is told of points is the most."""
    one, both = (
        Sheet(tuple(Sighting("", Word(FORMAT, corner, drawn.PAGE, 0), np.zeros((4, 2))) for corner in range(count))) for count in (1, 2)
    )
    found = {9: None, 12: one, 6: both}
    places = iter([6, 12, 9, 4])
    monkeypatch.setattr(rescue, "align", lambda *_where: Alignment(Transform(np.eye(3)), next(places), 0.1, 0.3))
    monkeypatch.setattr(rescue, "_named", lambda _image, placed, _ask: found[placed.points])
    guesses = [Trace(np.zeros((8, 2)), np.zeros((8, 2)))] * 4
    assert from_squares(np.zeros((9, 9), np.uint8), guesses, Crowd().payloads) == (both, 12)


def test_two_washed_out_sheets_in_one_picture_are_both_told() -> None:
    picture = np.hstack([without_outline(4.5)] * 2)
    assert [named(each) for each in sheets_in(picture, Crowd())] == [{drawn.PAGE}, {drawn.PAGE}]


def test_noise_does_not_make_a_bare_sheet_that_page() -> None:
    (verdict,) = read_page(on_a_desk(Layout(LAYOUT.kind, (), (), "nothing")), Crowd())
    assert (verdict.state, verdict.reason, verdict.items) == (PageState.UNREADABLE, "does_not_fit", ())
