"""What machines took: which seemingly empty questions of a page are asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from packets.layout import Box, BoxKind, Item, Layout, PageKind
from scanning.lost_marks import perhaps_lost
from scanning.marks import Mark
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, Judgement
from scanning.yardstick import THRESHOLDS

NONE4 = (0.0,) * 4
EMPTY = Mark(0.0, 0.01, 0.02, 0.0, 0.0, 0.0, 0.0, NONE4, NONE4, 0.9, 0.01, 0.95)
TRACE = replace(EMPTY, dark=0.04)
LAYOUT = Layout(
    PageKind.WORKSHEET,
    (
        *(Box(item, value, value, BoxKind.CHOICE, (20.0, 30.0)) for item in "123" for value in "AB"),
        *(Box("4", value, value, BoxKind.DIGIT, (20.0, 60.0), column=column) for column in (1, 2, 3) for value in "78"),
        Box("5", "0", "0", BoxKind.SCORE, (20.0, 90.0)),
    ),
    (Item("1", "one", "1"), Item("2", "one", "1"), Item("3", "one", "1"), Item("4", "number", "1"), Item("5", "score", "1")),
    "synthetic",
)


def lost(pen: Mark, noise: float = 0.01, empty: Mark = TRACE) -> set[str]:
    """The items that are asked about: 1, 2 and the number 8 are marked with `pen`, a box of 3 and the strip are `empty`."""
    marked = {("1", "A", None), ("2", "B", None), ("4", "8", 3)}
    seen = {("3", "A", None), ("5", "0", None)}
    places = [(box.item, box.value, box.column) for box in LAYOUT.boxes]
    marks = [pen if place in marked else empty if place in seen else EMPTY for place in places]
    said: dict[str, Judgement] = {"1": Chosen(("A",)), "2": Chosen(("B",)), "3": Blank(), "4": Chosen(("8",)), "5": Blank()}
    found = perhaps_lost({"black": 0.3}, LAYOUT, marks, said, noise, replace(THRESHOLDS, faded_answers=2))
    assert set(found.values()) <= {Doubt(DoubtReason.FAINT)}
    return set(found)


@pytest.mark.parametrize(("dark", "asked"), [(0.25, {"3"}), (0.8, set())])
def test_a_trace_is_asked_about_beside_pale_answers_only_and_never_in_a_strip(dark: float, asked: set[str]) -> None:
    """The empty 8 of the number's other columns makes no page pale."""
    assert lost(replace(EMPTY, dark=dark)) == asked
    assert lost(replace(EMPTY, dark=dark), empty=EMPTY) == set()
