"""Boxes as they were measured in pictures, and one question of a page made of them, for the museum of the judge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest.mock import patch

from scanning.judge import judge_page
from scanning.marks import Mark
from scanning.verdict import Doubt, DoubtReason, Judgement
from tests.scanning.test_judge import CLEAN as OLD_CLEAN
from tests.scanning.test_judge import NONE4, layout

CLEAN = replace(OLD_CLEAN, sharp=2.0)
FILLED = Mark(0.45, 0.62, 0.66, 0.8, 0.7, 0.39, 0.003, NONE4, NONE4, 0.7, 0.01, 0.95, thin=0.36, sharp=3.3)
TICK = Mark(0.14, 0.6, 0.65, 0.25, 0.0, 0.4, 0.02, (0.4, 0.01, 0.01, 0.01), (0.45, 0.01, 0.01, 0.01), 0.8, 0.01, 0.95, thin=0.2, sharp=3.9)
PRESSED = replace(FILLED, ink=0.78, dark=0.9, spot=0.92)


def verdict(
    marks: dict[str, Mark], rule: str = "one", pen: Mark = FILLED, clean: Mark = CLEAN, elsewhere: Mark | None = None, **more: Any
) -> Judgement:
    """What is said of item `x` on a page whose other items are all marked with `pen`; `elsewhere` lies in one empty box of another item, `more` was measured of the page."""
    sheet = layout(rule)
    taken = []
    for box in sheet.boxes:
        if box.item == "x":
            taken.append(marks.get(box.value, clean))
        elif elsewhere is not None and (box.item, box.value) == ("0", "D"):
            taken.append(elsewhere)
        else:
            taken.append(pen if box.value == "A" else clean)
    page: dict[str, Any] = {"boxes": [mark.as_list() for mark in taken], "rows": [["x", 0.8, 0.0, 0.0]]}
    return judge_page(page | more, sheet)[0].judgement


def is_doubt(found: Judgement, reason: DoubtReason) -> bool:
    return isinstance(found, Doubt) and found.reason is reason


def ruled(marks: dict[str, Mark], rule: str = "one", **more: Any) -> Judgement:
    """The same by the rules alone, the forest not asked: what a rule reaches, and what it leaves to an answer."""
    with patch("scanning.judge.weights_of", lambda _told, marks, *_others: [None] * len(marks)):
        return verdict(marks, rule, **more)
