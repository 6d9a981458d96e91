"""The museum of marks before the reader, on a scan and on a photograph: an answer where there is one, else a doubt, and nothing else in silence."""

from __future__ import annotations

from functools import lru_cache

import pytest

from scanning.page import read_page
from scanning.verdict import Blank, Chosen, Doubt, Judgement
from tests.scanning.museum_made import LAYOUT, Desk, photo
from tests.scanning.museum_marks import MARKS, Mark
from tests.scanning.sheets import Sheet

SHEETS = tuple(dict.fromkeys(mark.sheet for mark in MARKS.values()))


@lru_cache(maxsize=16)
def judged(name: str, by: str) -> dict[str, Judgement]:
    """What is said of the sheet with that mood's marks."""
    sheet = Sheet(LAYOUT, SHEETS.index(name) + 20, hand=0.15)
    for item, value in (("1", "B"), ("2", "D"), ("3", "A")):
        sheet.fill(item, value)
    for mark in MARKS.values():
        if mark.sheet == name:
            mark.draw(sheet, mark.item)
    (verdict,) = read_page(photo(paper=sheet.page) if by == "photograph" else sheet.scan(), Desk())
    return {each.item: each.judgement for each in verdict.items}


def fits(said: Judgement, mark: Mark) -> bool:
    if isinstance(said, Doubt):
        return mark.or_doubt or (isinstance(mark.must, frozenset) and said.reason in mark.must)
    return said == mark.must


@pytest.mark.parametrize("name", MARKS)
def test_a_mark_on_a_scan_means_what_it_must(name: str) -> None:
    said = judged(MARKS[name].sheet, "scan")[MARKS[name].item]
    assert fits(said, MARKS[name]), said


@pytest.mark.parametrize("name", MARKS)
def test_on_a_photograph_it_means_the_same_or_is_a_doubt(name: str) -> None:
    said = judged(MARKS[name].sheet, "photograph")[MARKS[name].item]
    assert isinstance(said, Doubt) or said == MARKS[name].must, said


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_plain_answers_beside_are_read(sheet: str) -> None:
    said = judged(sheet, "scan")
    assert [said[item] for item in ("1", "2", "3")] == [Chosen(("B",)), Chosen(("D",)), Chosen(("A",))]


def test_each_question_of_a_sheet_carries_one_exhibit_and_the_comparison_bites() -> None:
    places = [(mark.sheet, mark.item) for mark in MARKS.values()]
    assert len(set(places)) == len(places)
    assert not fits(Blank(), MARKS["filled"])
    assert not fits(Chosen(("A",)), MARKS["filled"])
    assert not fits(Chosen(("A",)), MARKS["two filled"])
