"""The judge of bench/other_hands is judged: planted readers and planted errors must be counted, and pictures must show what their truth says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest

from bench.other_hands.conditions import CONDITIONS
from bench.other_hands.field import Shown, take
from bench.other_hands.judge import judge_pictures, verdict_on
from bench.other_hands.picture import Picture
from bench.other_hands.pupil import Deed, Hand, Mark
from bench.other_hands.sheets import PrintRoom, Spot
from bench.other_hands.truth import Truth, _number, truths
from bench.printed_week import MemoryBook
from packets.layout import FIDUCIALS
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, Grey, ItemVerdict, Judgement, PageState, PageVerdict

NAME, SEED, NUMBERS = "low_100", 5, range(3)
Answerer = Callable[[Truth], Judgement]


@pytest.fixture(scope="module")
def room() -> PrintRoom:
    return PrintRoom()


@pytest.fixture(scope="module")
def shown(room: PrintRoom) -> list[list[Shown]]:
    return [take(NAME, SEED, number, room)[1] for number in NUMBERS]


class Planted:
    """A reader that looks at nothing and says of each item what it is told to."""

    def __init__(self, shown: Sequence[Sequence[Shown]], answer: Answerer, page_id: str | None = None) -> None:
        self._left, self._answer, self._page_id = list(shown), answer, page_id

    def __call__(self, _grey: Grey, _book: MemoryBook) -> list[PageVerdict]:
        return [
            PageVerdict(
                PageState.READ,
                page_id=self._page_id or each.sheet.page_id,
                items=tuple(ItemVerdict(truth.item, self._answer(truth)) for truth in each.truths),
            )
            for each in self._left.pop(0)
        ]


def honest(truth: Truth) -> Judgement:
    """The truth, or a doubt where nothing is certain."""
    if not truth.accepted:
        return Doubt(DoubtReason.TWO_MARKS)
    values = next(iter(truth.accepted))
    return Chosen(values) if values else Blank()


def all_truths(shown: Sequence[Sequence[Shown]]) -> list[Truth]:
    return [truth for sheets in shown for each in sheets for truth in each.truths]


def test_a_reader_that_says_the_truth_is_never_blamed(room: PrintRoom, shown: list[list[Shown]]) -> None:
    tally = judge_pictures(NAME, SEED, NUMBERS, room, Planted(shown, honest))
    assert (tally.silent, tally.needless, tally.lost, tally.wrong) == (0, 0, 0, 0)
    assert tally.right + tally.due == tally.answers == len(all_truths(shown)) > 10


def test_a_reader_that_always_says_a_is_caught_at_every_other_answer(room: PrintRoom, shown: list[list[Shown]]) -> None:
    tally = judge_pictures(NAME, SEED, NUMBERS, room, Planted(shown, lambda _truth: Chosen(("A",))))
    others = sum(("A",) not in truth.accepted for truth in all_truths(shown))
    assert tally.silent == others > 5
    assert sum(finding.what == "silent error" for finding in tally.findings) == others


def test_one_planted_silent_error_is_counted_and_named(room: PrintRoom, shown: list[list[Shown]]) -> None:
    victim = next(truth for truth in all_truths(shown) if truth.clear)
    reader = Planted(shown, lambda truth: Chosen(("Z",)) if truth is victim else honest(truth))
    tally = judge_pictures(NAME, SEED, NUMBERS, room, reader)
    assert tally.silent == 1
    assert [(finding.item, finding.said) for finding in tally.findings] == [(victim.item, "Z")]
    assert tally.bound == pytest.approx(4.744 / tally.answers * 1000, rel=0.01), "the 95 % Poisson bound of one"


def test_a_reader_that_doubts_everything_is_needless_where_all_is_clear(room: PrintRoom, shown: list[list[Shown]]) -> None:
    tally = judge_pictures(NAME, SEED, NUMBERS, room, Planted(shown, lambda _truth: Doubt(DoubtReason.FAINT)))
    assert tally.needless == sum(truth.clear for truth in all_truths(shown)) > 10
    assert tally.silent == 0


def test_silence_loses_pages_and_another_pages_name_is_wrong(room: PrintRoom, shown: list[list[Shown]]) -> None:
    assert judge_pictures(NAME, SEED, NUMBERS, room, lambda _grey, _book: []).lost == len(NUMBERS)
    tally = judge_pictures(NAME, SEED, NUMBERS, room, Planted(shown, honest, "0" * 14))
    assert (tally.lost, tally.wrong) == (len(NUMBERS), len(NUMBERS))


def test_a_due_item_takes_a_doubt_or_what_was_meant_and_nothing_else() -> None:
    due = Truth("1", False, frozenset({("B",)}), ("B",), "beside the circle")
    said = (Doubt(DoubtReason.FAINT), Chosen(("B",)), Blank(), Chosen(("A",)), None)
    assert [verdict_on(due, each) for each in said] == ["due", "right", "silent", "silent", "due"]


def test_digit_columns_make_one_text_and_a_gap_is_due() -> None:
    def column(digit: str) -> Truth:
        values = (digit,) if digit else ()
        return Truth("7", True, frozenset({values}), values, "spiral" if digit else "blank")

    def number(*digits: str) -> Truth:
        return _number("7", [column(digit) for digit in digits])

    assert number("", "8", "4").accepted == {("84",)}
    assert number("0", "0").accepted == {("0",)}
    assert number("", "").accepted == {()}
    assert not number("8", "", "4").clear
    assert not number("8", "", "4").accepted


def test_the_same_seed_draws_the_same_picture(room: PrintRoom) -> None:
    first, again, other = (take("office_200", SEED, number, room)[0] for number in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first[:900, :900], other[:900, :900])


def test_a_mark_that_nobody_can_see_any_more_is_due(room: PrintRoom) -> None:
    sheet = room.sheet("a sheet for the eye", np.random.default_rng(2))
    spot = sheet.spots[0]
    points = np.asarray(spot.center) + np.array([[0.0, 0.0], [0.5, 0.5], [-0.5, 0.5], [0.5, -0.5]])
    deeds = [Deed(item, None) for item in sheet.rules if item != spot.item]
    deeds.append(Deed(spot.item, None, (spot.value,), kind="spiral", marks=[Mark(spot, "answer", "spiral", points, points[:0])]))
    seen = {}
    for tone in (60, 225, 240):  # on white paper of 240: plain, pale, gone
        page = np.full((2970, 2100), 240, np.uint8)
        cv2.circle(page, (round(spot.center[0] * 10), round(spot.center[1] * 10)), 20, (tone,), -1)
        seen[tone] = next(truth for truth in truths(sheet, deeds, Picture(page, lambda mm: mm * 10), []) if truth.item == spot.item)
    assert seen[60].clear
    assert not seen[225].clear
    assert not seen[240].clear
    if sheet.rules[spot.item] != "number":
        assert () not in seen[225].accepted
        assert () in seen[240].accepted


@pytest.mark.parametrize("name", ["any_way_up", "photocopy", "two_in_one", "phone_bad"])
def test_the_truth_looks_where_the_picture_shows_the_sheet(room: PrintRoom, name: str) -> None:
    grey, shown = take(name, 3, 2, room)
    for each in shown:
        dark = []
        for fiducial in FIDUCIALS[2:]:
            (x, y), ring = (
                each.picture.places(np.array([fiducial.center_mm]))[0],
                np.array([[4.0, 4.0], [-4.0, 4.0], [4.0, -4.0], [-4.0, -4.0]]),
            )
            around = each.picture.places(ring + fiducial.center_mm).astype(int)
            if 0 <= x < grey.shape[1] and 0 <= y < grey.shape[0] and (around >= 0).all() and (around < grey.shape[::-1]).all():
                dark.append(float(grey[int(y), int(x)]) < 0.6 * float(np.median(grey[around[:, 1], around[:, 0]])))
        assert sum(dark) >= max(3, len(dark) - 2)


def test_a_stroke_darkens_the_page_where_it_was_drawn() -> None:
    habits, page = CONDITIONS["clean_200"].habits, np.full((400, 400), 240, np.uint8)
    hand = Hand(page, 8.0, replace(habits, force=(1.0, 1.0)), habits.tools[0][0], "luma", np.random.default_rng(4))
    deed, spot = Deed("1", None), Spot("1", "A", "choice", None, (25.0, 25.0), 4.6)
    hand.answer(deed, spot, "careful")
    y, x = np.mgrid[0:400, 0:400] / 8.0 - 25.0
    assert float(page[np.hypot(x, y) < 1.8].mean()) < 170
    assert (page[np.hypot(x, y) > 5.5] == 240).all()
