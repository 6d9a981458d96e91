"""Dirt on a scanner's glass: what runs along the whole picture is wiped off before marks are measured, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanning import page as reader
from scanning.glass import Along, lines_along, wiped
from scanning.page import read_page
from scanning.verdict import Blank, Chosen, Doubt, Grey, ItemVerdict
from tests.scanning import sheets as drawn

LAYOUT = drawn.choice_layout()
DPI = 200
PER_MM = DPI / 25.4


@pytest.fixture(scope="module")
def sheet() -> drawn.Sheet:
    """Answers of many kinds, half of the questions left empty."""
    made = drawn.Sheet(LAYOUT, 5)
    made.fill("1", "B")
    made.scribble("2", "C")
    made.tick("3", "A")
    made.cross("4", "B")
    made.cross_out("6", "A")
    made.fill("6", "C")
    made.cross_out("8", "B")
    made.fill("10", "B", level=0.55)
    return made


TRUTH = {
    "1": Chosen(("B",)),
    "2": Chosen(("C",)),
    "3": Chosen(("A",)),
    "4": Chosen(("B",)),
    "6": Chosen(("C",)),
    "10": Chosen(("B",)),
    "5": Blank(),
    "7": Blank(),
    "9": Blank(),
}


def answers(image: Grey) -> dict[str, ItemVerdict]:
    (verdict,) = read_page(image, drawn.Book(LAYOUT))
    return {item.item: item for item in verdict.items}


def unlike(found: dict[str, ItemVerdict]) -> list[str]:
    return [item for item, meant in TRUTH.items() if found[item].judgement != meant]


def striped(image: Grey, columns: list[float], wide: int = 2, tone: float = 0.3) -> Grey:
    """The picture with a line, `wide` pixels, at each of some columns (or rows, if they are below 0)."""
    made = image.copy()
    for column in columns:
        low = round(abs(column))
        part = made[:, low : low + wide] if column >= 0 else made[low : low + wide]
        part[:] = np.clip(part * tone, 0, 255).astype(np.uint8)
    return made


def middles(sheet: drawn.Sheet, off: float) -> list[float]:
    """The columns of the picture in which the circles of every choice lie, `off` millimetres beside their middles."""
    return sorted({round((sheet.box("5", value).center_mm[0] + off) * PER_MM, 1) for value in "ABC"})


@pytest.mark.parametrize("picture", [{}, {"turn": 0.4}, {"noise": 4.0}], ids=str)
@pytest.mark.parametrize("tone", [0.0, 0.3, 0.8])
@pytest.mark.parametrize("off", [0.0, 1.2, -2.0])
def test_lines_of_dirt_through_the_circles_are_no_marks(off: float, tone: float, picture: dict[str, Any], sheet: drawn.Sheet) -> None:
    image = drawn.scan(sheet.page, dpi=DPI, seed=3, **picture)
    assert unlike(answers(image)) == []
    found = answers(striped(image, middles(sheet, off), tone=tone))
    assert unlike(found) == []
    assert isinstance(found["8"].judgement, Doubt), "what was crossed out stays so"


def test_without_wiping_them_off_they_are_asked_about(sheet: drawn.Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    image = striped(drawn.scan(sheet.page, dpi=DPI, seed=3), middles(sheet, 1.2))
    monkeypatch.setattr(reader, "wiped", lambda picture, _corners: (picture, 0))
    assert len(unlike(answers(image))) >= 2


def test_it_is_told_how_many_there_were(sheet: drawn.Sheet) -> None:
    image = drawn.scan(sheet.page, dpi=DPI, seed=3)
    (clean,), (dirty,) = (read_page(each, drawn.Book(LAYOUT)) for each in (image, striped(image, [300, 700])))
    assert "stripes" not in clean.measurements
    assert dirty.measurements["stripes"] == 2


def test_the_same_turned_by_a_quarter(sheet: drawn.Sheet) -> None:
    image = striped(drawn.scan(sheet.page, dpi=DPI, seed=3), middles(sheet, 0.4))
    assert unlike(answers(np.ascontiguousarray(np.rot90(image)))) == []


@given(
    places=st.lists(st.integers(1, 22).map(lambda each: 25 * each), min_size=1, max_size=3, unique=True),
    wide=st.integers(1, 2),
    tone=st.floats(0.0, 0.9),
    level=st.booleans(),
    seed=st.integers(0, 99),
)
def test_nothing_becomes_darker_and_nothing_else_changes(places: list[int], wide: int, tone: float, level: bool, seed: int) -> None:
    """Paper with print and noise on it: what is wiped off is the line with a pixel or two to its sides."""
    luck = np.random.default_rng(seed)
    plain = np.clip(236 + luck.normal(0, 3, (840, 600)), 0, 255).astype(np.uint8)
    for _word in range(60):
        x, y = int(luck.integers(0, 560)), int(luck.integers(0, 800))
        cv2.rectangle(plain, (x, y), (x + int(luck.integers(2, 40)), y + int(luck.integers(1, 12))), int(luck.integers(0, 80)), -1)
    dirty = striped(plain, [-place if level else place for place in places], wide, tone)
    clean, count = wiped(dirty)
    found = [line for axis in (0, 1) for line in lines_along(dirty, axis) if line.step < 0]
    assert count in (0, len(found))
    assert np.all(clean >= dirty)
    untouched = np.ones(600 if not level else 840, np.bool_)
    for place in places:
        untouched[place - 3 : place + wide + 3] = False
    changed = (clean != dirty).any(axis=1 if level else 0)
    assert not (changed & untouched).any()
    if count:
        assert np.median(clean[dirty < plain]) > 200


def part(image: Grey) -> Grey:
    made = image.copy()
    made[: int(0.8 * len(made))] = striped(image, [600])[: int(0.8 * len(made))]
    return made


def slanting(image: Grey) -> Grey:
    made = image.copy()
    cv2.line(made, (600, 0), (640, len(made)), 60, 2)
    return made


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image,
        part,
        slanting,
        lambda image: striped(image, [600], wide=9),
        lambda image: striped(image, [600], tone=1.08),
        lambda image: striped(image, [600], tone=0.97),
        lambda image: striped(image, [200, 600, 900, -300]),
        lambda image: striped(image, [100, 300, 500, 700, 900, 1100]),
    ],
    ids=["none", "four fifths of the sheet", "slanting", "wide", "light", "hardly there", "both ways", "six of them"],
)
def test_what_is_not_a_few_thin_dark_lines_along_all_of_the_picture_stays(change: Callable[[Grey], Grey], sheet: drawn.Sheet) -> None:
    image = change(drawn.scan(sheet.page, dpi=DPI, seed=3, paper=225.0))
    clean, count = wiped(image)
    assert count == 0
    assert clean is image


def test_a_line_is_where_it_was_drawn() -> None:
    plain = np.full((840, 600), 240, np.uint8)
    assert list(lines_along(striped(plain, [300, -400]), 0)) == [Along(0, 300, 301, -168.0)]
    assert list(lines_along(striped(plain, [300, -400]), 1)) == [Along(1, 400, 401, -168.0)]
    for columns in ([300.0], [-400.0], [100.0, 300.0], [-400.0, -700.0]):
        assert np.array_equal(wiped(striped(plain, columns))[0], plain)


def test_the_edges_of_the_sheet_are_none_of_its_lines() -> None:
    """Each would make a line of dirt one of two that cross, and those stay."""
    plain = np.full((840, 600), 240, np.uint8)
    edged = striped(plain, [-20, -820, 15, 300])
    corners = np.array([[30.0, 40.0], [580.0, 42.0], [30.0, 790.0], [580.0, 792.0]])
    clean, count = wiped(edged, corners)
    assert count == 1
    assert np.array_equal(clean, striped(plain, [-20, -820, 15]))
    assert wiped(edged)[1] == 0


@pytest.mark.parametrize("shape", [(16, 16), (16, 900), (900, 16)])
def test_a_picture_too_small_to_tell_stays(shape: tuple[int, int]) -> None:
    image = np.full(shape, 240, np.uint8)
    clean, count = wiped(image)
    assert (count, clean is image) == (0, True)
