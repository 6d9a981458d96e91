"""Where several may be marked: circles that are filled beside circles that are crossed out empty. Nobody but the pupil knows whether those are answers."""

from __future__ import annotations

import pytest

from scanning.page import read_page
from scanning.verdict import Chosen, Doubt, DoubtReason, Judgement
from tests.scanning import sheets as drawn

LAYOUT = drawn.choice_layout()


def said(filled: str, crossed: str, reach: float, seed: int = 5) -> Judgement:
    """What is read of a question of several; the page's other questions are filled, and one is crossed as widely."""
    sheet = drawn.Sheet(LAYOUT, seed)
    for item in "1356":
        sheet.fill(item, "B")
    sheet.cross("8", "A", reach=reach)
    for value in filled:
        sheet.fill("4", value)
    for value in crossed:
        sheet.cross("4", value, reach=reach)
    (page,) = read_page(sheet.scan(), drawn.Book(LAYOUT))
    return next(item.judgement for item in page.items if item.item == "4")


@pytest.mark.parametrize("crossed", ["C", "CE", "BCDE"])
def test_wide_crosses_in_empty_circles_beside_a_filled_one_are_asked_about(crossed: str) -> None:
    found = said("A", crossed, 1.6)
    assert isinstance(found, Doubt)
    assert found.reason is DoubtReason.CROSSED_OUT
    assert set(found.candidates) == {"A", *crossed}


def test_crosses_alone_are_answers_however_wide() -> None:
    assert said("", "AC", 1.6) == Chosen(("A", "C"))


def test_crosses_within_their_circles_are_answers_beside_filled_ones() -> None:
    assert said("A", "C", 0.75) == Chosen(("A", "C"))


@pytest.mark.parametrize("reach", [0.0, 0.85, 0.95, 1.05, 1.2])
def test_a_short_cross_over_one_of_two_filled_circles_is_asked_about_or_strikes_it_out(reach: float) -> None:
    """Arms of 1.2 to 1.7 radii: both had been read."""
    sheet = drawn.Sheet(LAYOUT, 5)
    for item in "1356":
        sheet.fill(item, "B")
    for value in "AC":
        sheet.fill("4", value)
    if reach:
        sheet.cross("4", "C", reach=reach)
    (page,) = read_page(sheet.scan(), drawn.Book(LAYOUT))
    found = next(item.judgement for item in page.items if item.item == "4")
    assert found == Chosen(("A", "C")) if not reach else isinstance(found, Doubt) or found == Chosen(("A",))
