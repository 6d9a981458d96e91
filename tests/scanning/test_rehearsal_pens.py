"""Pens and hands: traces lie where they were drawn, as dark and as wide as the pen."""

from __future__ import annotations

import numpy as np
import pytest

from scanning.rehearsal import hand
from scanning.rehearsal.desk import _of_a_grid, touched_items
from scanning.rehearsal.habits import HABITS
from scanning.rehearsal.pages import Place, PrintedSheet
from scanning.rehearsal.pens import PENS, draw, rub_out, take
from scanning.rehearsal.sheet import Sheet

CENTER = (20.0, 20.0)
RADIUS = 2.3


def blank(dpi: float = 200.0) -> Sheet:
    side = round(40 * dpi / 25.4)
    return Sheet(np.full((side, side), 250, np.uint8), dpi / 25.4)


def darkness(sheet: Sheet, inner: float, outer: float) -> float:
    """Mean share of light taken in a ring of millimetres round the centre."""
    ys, xs = (np.indices(sheet.grey.shape) + 0.5) / sheet.per_mm
    far = np.hypot(xs - CENTER[0], ys - CENTER[1])
    return float(1 - sheet.grey[(far >= inner) & (far < outer)].mean() / 250)


def test_nobody_writes_sentences_between_the_rows_of_a_grid() -> None:
    """Every second blank row of a grid had been written over, and the reader's doubts there were called needless."""
    row = (Place("1a", "A", "choice", (60.0, 100.0), (4.0, 4.0)),)
    assert [_of_a_grid(row, baseline, 30.0, 120.0) for baseline in (95.0, 105.0, 91.5, 108.5)] == [True, True, False, False]
    assert not _of_a_grid(row, 105.0, 80.0, 60.0), "lines of an answer beside a row of circles"


@pytest.mark.parametrize("style", sorted(hand.SHAPES))
@pytest.mark.parametrize("pen", sorted(PENS))
def test_every_shape_in_every_pen_leaves_a_trace_near_its_box_and_none_far_off(style: str, pen: str) -> None:
    rng = np.random.default_rng(4)
    sheet, held = blank(), take(rng, PENS[pen])
    draw(sheet, rng, held, hand.SHAPES[style](rng, CENTER, RADIUS, held.width_mm))
    assert darkness(sheet, 0, 4.5) > 0.002
    assert darkness(sheet, 10.5, 18) == 0


@pytest.mark.parametrize("dpi", [100, 200, 300, 600])
def test_a_fill_is_as_dark_at_every_resolution(dpi: int) -> None:
    rng = np.random.default_rng(9)
    held = take(rng, PENS["gel"])
    sheet = blank(dpi)
    draw(sheet, rng, held, hand.hatched_twice(rng, CENTER, RADIUS, held.width_mm))
    assert 0.55 < darkness(sheet, 0, 1.8) < 0.98


def test_pencils_are_ordered_by_their_names() -> None:
    def fill(pen: str) -> float:
        found = []
        for seed in range(12):
            rng = np.random.default_rng(seed)
            sheet, held = blank(), take(rng, PENS[pen])
            draw(sheet, rng, held, hand.hatched_twice(rng, CENTER, RADIUS, held.width_mm))
            found.append(darkness(sheet, 0, 1.8))
        return float(np.mean(found))

    assert fill("pencil_faint") < fill("pencil_hb") < fill("pencil_2b") < fill("gel")


def test_rubbing_out_leaves_less_than_the_mark_and_spreads_it() -> None:
    rng = np.random.default_rng(2)
    held = take(rng, PENS["pencil_2b"])
    lines = hand.hatched(rng, CENTER, RADIUS, held.width_mm)
    drawn, rubbed = blank(), blank()
    draw(drawn, rng, held, lines)
    rub_out(rubbed, rng, held, lines, 0.1)
    assert 0.005 < darkness(rubbed, 0, 1.8) < 0.5 * darkness(drawn, 0, 1.8)


def test_a_taught_crossing_out_reaches_beyond_the_edge_on_all_four_diagonals() -> None:
    for seed in range(50):
        rng = np.random.default_rng(seed)
        ends = np.concatenate([line[[0, -1]] for line in hand.crossing_out(rng, CENTER, RADIUS, 0.4)]) - CENTER
        assert (np.hypot(*ends.T) > 1.6 * RADIUS).all()
        assert len({(x > 0, y > 0) for x, y in ends}) == 4


def test_a_tail_that_enters_the_next_box_is_noticed_and_the_own_mark_is_not() -> None:
    places = (Place("1", "A", "choice", (20, 20), (4.6, 4.6)), Place("2", "A", "choice", (20, 29), (4.6, 4.6)))
    page = PrintedSheet("0", "worksheet", "", "", 1, (210, 297), places)
    within, across = np.array([[19.0, 20.0], [21.0, 20.0]]), np.array([[20.0, 20.0], [20.0, 28.0]])
    assert touched_items(page, [(within, "1/None/A")]) == set()
    assert touched_items(page, [(across, "1/None/A")]) == {"2"}


@pytest.mark.parametrize("name", sorted(HABITS))
def test_habits_name_known_pens_and_styles(name: str) -> None:
    assert set(HABITS[name].pens) <= set(PENS)
    assert set(HABITS[name].styles) <= set(hand.SHAPES)
