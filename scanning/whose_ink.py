"""Ink that makes an answer doubtful from outside its boxes, or by its colour: writing round an empty question, digits in the squares over a number's columns, a teacher's red.

scanning/judge asks for every question once its boxes are judged. Pure: from the page's measurements alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from scanning.verdict import Blank, Chosen, Doubt, DoubtReason

if TYPE_CHECKING:
    from packets.layout import Box, Item, Layout
    from scanning.marks import Mark
    from scanning.verdict import Judgement
    from scanning.yardstick import Thresholds, Yardstick


@dataclass(frozen=True, slots=True)
class WhoseInk:
    """What a page's ink tells beside the marks in its boxes: questions round which somebody wrote, numbers with a digit over an empty column, and red boxes by their place in the layout."""

    written: frozenset[str]
    digits: frozenset[str]
    red: frozenset[int]

    @classmethod
    def on_page(cls, measurements: Mapping[str, Any], yardstick: Yardstick, thresholds: Thresholds) -> WhoseInk:
        """From the `measurements` of a page; what an older reader did not measure says nothing."""
        areas, darkness = measurements.get("written", {}), measurements.get("written_dark", {})  # the latter not before 2026-11-22
        dark = min(thresholds.written_ink, thresholds.written_dark * yardstick.pen)  # what shines through from the back is far paler
        written = (item for item, area in areas.items() if area >= thresholds.written and darkness.get(item, 1.0) >= dark)
        squares = measurements.get("squares", {}).items()
        digits = (item for item, columns in squares if max(columns.values()) >= thresholds.square)
        red = (int(place) for place, share in measurements.get("red", {}).items() if share >= thresholds.red)
        return cls(frozenset(written), frozenset(digits), frozenset(red))

    def asked(self, item: Item, judgement: Judgement) -> Judgement:
        """A doubt where writing beside the boxes speaks against the judgement; else the judgement."""
        if isinstance(judgement, Blank) and item.item in self.written:
            return Doubt(DoubtReason.OUT_OF_PLACE)
        if isinstance(judgement, Chosen) and item.item in self.digits:
            return Doubt(DoubtReason.OUT_OF_PLACE, judgement.values)
        return judgement

    def red_answers(self, layout: Layout, marks: Sequence[Mark], judgements: Mapping[str, Judgement], thresholds: Thresholds) -> set[str]:
        """The items that a red mark answers, on a page of which other answers are not red: a teacher corrected it before it was scanned.

        A pale pencil beside a dark red pen is a mark too, and a tea ring over a box that nobody took is none. Strips are the teacher's own.
        """
        rules = {item.item: item.rule for item in layout.items}
        held = [
            place
            for place, (box, mark) in enumerate(zip(layout.boxes, marks, strict=True))
            if mark.dark >= _least(box, rules[box.item], judgements[box.item], thresholds)
        ]
        if self.red.issuperset(held):
            return set()
        red = {layout.boxes[place].item for place in held if place in self.red}
        return {item for item in red if isinstance(judgements[item], Chosen)}


def _least(box: Box, rule: str, judgement: Judgement, thresholds: Thresholds) -> float:
    """How dark a box must be to be the mark by which its question was read, or might have been; of a number any digit or sign. What is only asked about must be clear: it may be a stain."""
    if isinstance(judgement, Blank) or rule == "score":
        return inf
    values = judgement.values if isinstance(judgement, Chosen) else judgement.candidates
    if rule != "number" and box.value not in values:
        return inf
    return thresholds.faint_mark if isinstance(judgement, Chosen) else thresholds.clear
