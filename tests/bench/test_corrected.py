"""Pages that a teacher corrected: three eyes that see one sheet, and what the table counts."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import cv2
import numpy as np
import pytest

from bench import corrected
from bench.other_hands.sheets import PrintRoom
from bench.other_hands.tools import RED_GEL


@pytest.fixture(scope="module")
def room() -> PrintRoom:
    return PrintRoom()


def coloured(jpeg: bytes) -> float:
    """The share of pixels that red and green eyes see far apart."""
    _blue, green, red = np.moveaxis(np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.int16), 2, 0)
    return float((np.abs(red - green) > 60).mean())


def test_three_eyes_see_the_same_sheet_but_for_the_ink(room: PrintRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 0.0005 < coloured(corrected.corrected(1, 0, RED_GEL, room).jpeg) < 0.01
    turns = iter(range(1000))
    monkeypatch.setattr(corrected, "_luck", lambda seed, number, purpose: np.random.default_rng([seed, number, purpose, next(turns)]))
    assert coloured(corrected.corrected(1, 0, RED_GEL, room).jpeg) > 0.03, "eyes that see different sheets are told apart"


def test_a_page_is_the_same_again(room: PrintRoom) -> None:
    one, other = (corrected.corrected(1, 3, RED_GEL, room) for _turn in range(2))
    assert (one.jpeg, one.done) == (other.jpeg, other.done)
    assert set(one.done.values()) <= set(corrected.WAYS)
    assert set(one.done) < {truth.item for truth in one.truths}, "some questions are not corrected"


def test_in_colour_a_teacher_s_answers_are_asked_about_and_in_grey_some_are_read(room: PrintRoom) -> None:
    counts = Counter(chain.from_iterable(corrected.outcomes(1, number, RED_GEL, room) for number in range(6)))
    came_out = {eye: Counter() for eye in ("colour", "grey")}  # type: dict[str, Counter[str]]
    for (_pen, done, eye, out), count in counts.items():
        came_out[eye][out] += count if done != "nothing" else 0
    assert came_out["colour"]["silent"] == 0
    assert came_out["grey"]["silent"] > 0, "a table that cannot tell silent ones counts nothing"
    assert came_out["colour"].total() == came_out["grey"].total() > 20


def test_the_table_has_a_row_for_what_was_corrected_and_for_the_rest() -> None:
    counts = Counter(
        {("red", "ticked beside", "colour", "right"): 3, ("red", "another filled", "colour", "asked"): 2, ("red", "ticked beside", "grey", "right"): 3,
         ("red", "another filled", "grey", "silent"): 2, ("red", "nothing", "colour", "right"): 7, ("red", "nothing", "grey", "right"): 7}
    )  # fmt: skip
    rows = list(corrected.table(counts, kinds=False))[2:]
    assert rows == ["| red | corrected | 5 | 3 | 2 | 0 | 3 | 0 | 2 |", "| red | nothing | 7 | 7 | 0 | 0 | 7 | 0 | 0 |"]
    assert len(list(corrected.table(counts, kinds=True))) == 2 + 3
