"""What the forest learns from: no withheld condition, and rests that nothing but themselves gives away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench import learn_marks
from bench.learn_marks import ANSWER, LEFT, NOTHING, OTHERS, PLAYS, REHEARSED, UNDONE
from bench.other_hands.conditions import CONDITIONS as OTHER_CONDITIONS
from bench.other_hands.conditions import WITHHELD
from packets.layout import Box, BoxKind, Item, Layout, PageKind
from scanning.rehearsal.conditions import CONDITIONS
from tests.scanning.museum_boxes import CLEAN, FILLED, TICK

LAYOUT = Layout(
    PageKind.WORKSHEET,
    tuple(Box(item, value, value, BoxKind.CHOICE, (20.0, 30.0)) for item in "1234" for value in "ABC"),
    (*(Item(item, "one", "1") for item in "123"), Item("4", "several", "1")),
    "synthetic",
)
MARKS = [replace(FILLED if place % 3 == 0 else CLEAN, paper=0.9 + place / 1000) for place in range(12)]
MARKS[1] = replace(TICK, dark=0.2)
LABELS = [ANSWER if place % 3 == 0 else NOTHING for place in range(12)]
LABELS[1] = UNDONE


def test_no_withheld_condition_is_learned_from() -> None:
    assert set(OTHERS) <= set(OTHER_CONDITIONS) - WITHHELD
    assert set(REHEARSED) <= set(CONDITIONS)
    assert {name for play, name, _pages, _seed in PLAYS if play == "other_hands"} == set(OTHERS)


@pytest.mark.parametrize("seed", range(8))
def test_a_rest_is_a_paler_answer_among_circles_of_its_own_page(seed: int) -> None:
    made = list(learn_marks._rests(MARKS, LAYOUT, LABELS, np.random.default_rng(seed)))
    assert len(made) == learn_marks.RESTS
    for place, changed in made:
        assert LABELS[place] == ANSWER
        assert place < 9, "where several may be marked a paler mark is as likely a second answer"
        left = changed[place].dark / MARKS[place].dark
        assert LEFT[0] <= left <= LEFT[1]
        assert changed[place] == replace(changed[place], cover=MARKS[place].cover, least=MARKS[place].least, span=MARKS[place].span)
        group = range(place // 3 * 3, place // 3 * 3 + 3)
        empty = [mark for mark, label in zip(MARKS, LABELS, strict=True) if label == NOTHING]
        assert all(changed[other] in empty for other in group if other != place)
        assert all(changed[other] == MARKS[other] for other in range(12) if other not in group)
