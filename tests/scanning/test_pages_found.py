"""A sheet is named however it lies and whatever became of its codes, by the stage that should name it; and nobody's sheet is ever named as another's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from bench.spoiled import Rng, bent, blotted, covered, faded, photographed, scanned, scribbled, torn
from packets.layout import Layout
from packets.token import write_token
from scanning import modules
from scanning.codes import Sheet, Stage
from scanning.page import read_page
from scanning.payloads import Payloads, Printed
from scanning.sheets import Nameless, sheets_in
from scanning.verdict import Grey, PageState, PrintedPage
from tests.scanning import sheets as drawn

LAYOUT = drawn.choice_layout()
OTHER = "0badbadbadbad0"
READ, RECTIFIED, MATCHED = Stage.READ, Stage.RECTIFIED, Stage.MATCHED
CODES, FIDUCIALS = ("top right", "bottom left"), ("top left", "bottom right")


class Crowd(drawn.Book):
    """The page among two thousand that never were; without it where `stranger`."""

    def __init__(self, stranger: bool = False, wrong: int = 2000) -> None:
        super().__init__(LAYOUT)
        luck = np.random.default_rng(5)
        own = [] if stranger else [Printed(drawn.PAGE, drawn.KEY.id)]
        invented = [Printed(f"{number:014x}", drawn.KEY.id) for number in luck.integers(0, 1 << 56, wrong).tolist()]
        self._crowd = Payloads([*invented[: wrong // 2], *own, *invented[wrong // 2 :]], self.keys)

    def payloads(self) -> Payloads:
        return self._crowd


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    return Crowd()


def page(identity: str = drawn.PAGE) -> Grey:
    return drawn.printed(LAYOUT, page=identity)


Spoil = Callable[[Grey, Rng], Grey]
CONDITIONS: dict[str, tuple[Spoil, set[Stage]]] = {
    "100 dpi": (lambda p, r: scanned(p, r, 100, 2.0), {READ}),
    "600 dpi": (lambda p, r: scanned(p, r, 600, -1.0), {READ}),
    "black and white": (lambda p, r: scanned(p, r, 200, bits=1), {READ}),
    "upside down": (lambda p, r: scanned(p, r, 200, 180.0), {READ}),
    "askew by 4 degrees": (lambda p, r: scanned(p, r, 200, 4.0), {READ}),
    "one code torn off": (lambda p, r: scanned(torn(p, CODES[:1], 75), r), {READ}),
    "a code and a fiducial of one side covered": (lambda p, r: scanned(covered(p, ("top right", "bottom right"), 42), r), {READ}),
    "the other code and the other fiducial": (lambda p, r: scanned(covered(p, ("top left", "bottom left"), 42), r), {READ}),
    "both fiducials torn off": (lambda p, r: scanned(torn(p, FIDUCIALS, 40), r), {READ}),
    "faded by 85 %": (lambda p, r: scanned(faded(p, r, 0.85, 0.4), r), {READ, RECTIFIED}),
    "blots on a fifth of both codes": (lambda p, r: scanned(blotted(p, r, 0.2), r, turn=1.5), {MATCHED}),
    "blots on two fifths, upside down": (lambda p, r: scanned(blotted(p, r, 0.4), r, turn=179.0), {MATCHED}),
    "eight strokes of a pen over each code": (lambda p, r: scanned(scribbled(p, r, 8), r), {MATCHED}),
    "one code torn off, the other blotted": (lambda p, r: scanned(torn(blotted(p, r, 0.2), CODES[:1], 75), r), {MATCHED}),
    "blots, no fiducial": (lambda p, r: scanned(covered(blotted(p, r, 0.2), FIDUCIALS, 30, 255), r), {MATCHED}),
    "photo turned by 30 degrees": (lambda p, r: photographed(p, r, 8.0, 30.0), {READ}),
    "photo turned by 60 degrees": (lambda p, r: photographed(p, r, 8.0, 60.0), {READ}),
    "photo from 50 degrees aside": (lambda p, r: photographed(p, r, 50.0), {READ, RECTIFIED}),
    "photo of a sheet curled by 4 mm and folded": (lambda p, r: photographed(bent(p, 4.0, 0.8), r, 12.0), {READ}),
    "photo from 35 degrees aside, blots": (lambda p, r: photographed(blotted(p, r, 0.2), r, 35.0), {MATCHED, RECTIFIED}),
}


def named(shown: Sheet | Nameless) -> set[str]:
    return {code.word.page_id for code in shown.codes if code.word is not None} if isinstance(shown, Sheet) else set()


@pytest.mark.parametrize("name", CONDITIONS)
def test_the_one_sheet_of_a_picture_is_named_once_and_by_the_stage_that_should(name: str, crowd: Crowd) -> None:
    spoil, stages = CONDITIONS[name]
    (shown,) = sheets_in(spoil(page(), np.random.default_rng(1)), crowd)
    assert named(shown) == {drawn.PAGE}
    assert isinstance(shown, Sheet)
    assert shown.codes[0].stage in stages


@pytest.mark.parametrize("seed", range(4))
def test_a_sheet_that_this_desk_never_printed_is_named_by_nobody(seed: int) -> None:
    strangers = Crowd(stranger=True)
    luck = np.random.default_rng(seed)
    for spoilt in (blotted(page(), luck, 0.2), scribbled(page(), luck, 9), covered(page(), CODES, 42)):
        assert sheets_in(scanned(spoilt, luck), strangers) == [(PageState.UNREADABLE, "code_lost")]


def test_a_matcher_that_believes_anything_fails_the_test_above(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: without its bounds the matcher names strangers."""
    for bound in ("CERTAIN", "GAP", "SUPPORT"):
        monkeypatch.setattr(modules, bound, -100.0)
    luck = np.random.default_rng(0)
    (shown,) = sheets_in(scanned(blotted(page(), luck, 0.2), luck), Crowd(stranger=True, wrong=1))
    assert named(shown)


def test_blotted_codes_of_two_pages_on_one_sheet_name_neither() -> None:
    """Half of one page glued to half of another, both printed here, no code readable: what one code says the other must not deny."""
    height = page().shape[0]
    glued = np.vstack([page()[: height // 2], page(OTHER)[height // 2 :]])
    book = drawn.Book(LAYOUT, pages={each: PrintedPage(each, LAYOUT.kind, LAYOUT.digest, drawn.KEY.id) for each in (drawn.PAGE, OTHER)})
    luck = np.random.default_rng(2)
    assert sheets_in(scanned(blotted(glued, luck, 0.2), luck), book) == [(PageState.UNREADABLE, "code_lost")]


def test_a_page_named_by_what_is_left_of_its_codes_is_read_with_its_answers(crowd: Crowd) -> None:
    sheet = drawn.Sheet(LAYOUT, 2)
    sheet.fill("1", "C")
    sheet.fill("5", "A")
    luck = np.random.default_rng(3)
    image = scanned(blotted(sheet.page.astype(np.uint8), luck, 0.2), luck, turn=1.0)
    (verdict,) = read_page(image, crowd)
    assert (verdict.page_id, verdict.state) == (drawn.PAGE, PageState.READ)
    assert {item.item: getattr(item.judgement, "values", ()) for item in verdict.items}["1"] == ("C",)


def test_a_page_whose_rows_do_not_look_like_the_print_of_its_codes_is_not_read() -> None:
    """The seal is not enough: what stands between the codes must be that page."""
    bare = drawn.printed(Layout(LAYOUT.kind, (), (), "nothing"))
    luck = np.random.default_rng(4)
    (verdict,) = read_page(scanned(blotted(bare, luck, 0.2), luck), drawn.Book(LAYOUT))
    assert (verdict.state, verdict.reason, verdict.items) == (PageState.UNREADABLE, "does_not_fit", ())


def test_a_sheet_without_a_name_beside_one_that_was_read_is_told_too() -> None:
    luck = np.random.default_rng(6)
    left, right = scanned(page(), luck), scanned(covered(page(OTHER), CODES, 42), luck)
    shown = sheets_in(np.hstack([left, right]), Crowd())
    assert named(shown[0]) == {drawn.PAGE}
    assert list(shown[1:]) == [(PageState.UNREADABLE, "code_lost")]


def test_a_sheet_of_which_a_strip_looks_out_under_another_is_told() -> None:
    """Its codes are covered; one ArUco fiducial is all that the strip of 60 mm shows of it."""
    under, above = covered(page(OTHER), CODES, 42), page()
    (high, wide), per_mm = above.shape, round(above.shape[0] / 297)
    margin, aside = 68 * per_mm, 60 * per_mm
    desk = np.full((high + 2 * margin, wide + 2 * margin), 90, np.uint8)
    desk[margin - aside : margin - aside + high, margin - aside : margin - aside + wide] = under
    desk[margin : margin + high, margin : margin + wide] = above
    shown = sheets_in(np.asarray(cv2.resize(desk, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8), drawn.Book(LAYOUT))
    assert named(shown[0]) == {drawn.PAGE}
    assert list(shown[1:]) == [(PageState.UNREADABLE, "code_lost")]


def test_of_two_sheets_side_by_side_one_may_be_read_and_one_matched() -> None:
    book = drawn.Book(LAYOUT, pages={each: PrintedPage(each, LAYOUT.kind, LAYOUT.digest, drawn.KEY.id) for each in (drawn.PAGE, OTHER)})
    luck = np.random.default_rng(7)
    shown = sheets_in(np.hstack([scanned(page(), luck), scanned(blotted(page(OTHER), luck, 0.2), luck)]), book)
    assert [named(each) for each in shown] == [{drawn.PAGE}, {OTHER}]


@pytest.mark.parametrize("same_way", [True, False])
def test_a_sheet_and_its_copy_on_one_glass_are_both_read(same_way: bool) -> None:
    """Their codes say the same: one was taken for the other, and both were lost."""
    book = drawn.Book(LAYOUT)
    sheet = scanned(page(), np.random.default_rng(9))
    beside = sheet if same_way else np.ascontiguousarray(sheet[::-1, ::-1])
    assert [named(each) for each in sheets_in(np.hstack([sheet, beside]), book)] == [{drawn.PAGE}, {drawn.PAGE}]


def test_overlapping_sheets_are_each_named_once_or_not_at_all() -> None:
    luck = np.random.default_rng(8)
    below, above = scanned(page(), luck, 150), scanned(page(OTHER), luck, 150, turn=2.0)
    glass = np.full((2400, 2400), 255, np.uint8)
    glass[100 : 100 + below.shape[0], 60 : 60 + below.shape[1]] = below
    glass[500 : 500 + above.shape[0], 700 : 700 + above.shape[1]] = above
    found = [named(each) for each in sheets_in(glass, drawn.Book(LAYOUT))]
    assert all(len(each) <= 1 for each in found)
    assert {OTHER} in found


@pytest.mark.parametrize("codes", [True, False])
def test_a_mirrored_sheet_is_named_as_mirrored_with_or_without_its_codes(codes: bool) -> None:
    luck = np.random.default_rng(9)
    image = scanned(page() if codes else covered(page(), CODES, 42), luck)
    (verdict,) = read_page(np.ascontiguousarray(image[:, ::-1]), drawn.Book(LAYOUT))
    assert (verdict.state, verdict.reason, verdict.items) == (PageState.UNREADABLE, "mirrored", ())


def test_a_sheet_of_a_newer_format_is_named_and_never_read_by_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    def of_a_newer_program(key: object, identity: str, corner: int) -> str:
        return write_token(drawn.KEY, identity, corner, 2)

    monkeypatch.setattr(drawn, "write_token", of_a_newer_program)
    drawn.printed.cache_clear()
    luck = np.random.default_rng(10)
    (verdict,) = read_page(scanned(page(), luck), drawn.Book(LAYOUT))
    drawn.printed.cache_clear()
    assert (verdict.state, verdict.reason, verdict.page_id) == (PageState.UNREADABLE, "newer_format", None)


def test_a_stored_layout_of_a_newer_format_is_not_read_either() -> None:
    newer = replace(LAYOUT, format=2)
    book = drawn.Book(newer, pages={drawn.PAGE: PrintedPage(drawn.PAGE, newer.kind, newer.digest, drawn.KEY.id)})
    (verdict,) = read_page(scanned(page(), np.random.default_rng(11)), book)
    assert (verdict.state, verdict.reason, verdict.items) == (PageState.UNREADABLE, "newer_format", ())
