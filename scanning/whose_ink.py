"""Ink that makes an answer doubtful from outside its boxes, or by its colour: writing round an empty question, digits in the squares over a number's columns, a teacher's red.

scanning/judge asks for every question once its boxes are judged. Pure: from the page's measurements alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scanning.verdict import Blank, Chosen, Doubt, DoubtReason

if TYPE_CHECKING:
    from packets.layout import Item, Layout
    from scanning.marks import Mark
    from scanning.verdict import Judgement
    from scanning.yardstick import Thresholds, Yardstick


@dataclass(frozen=True, slots=True)
class WhoseInk:
    """What a page's ink tells beside the marks in its boxes: questions round which somebody wrote, numbers with a digit over an empty column, and item and value of marks in another pen."""

    written: frozenset[str]
    digits: frozenset[str]
    red: frozenset[tuple[str, str]]

    @classmethod
    def on_page(
        cls, measurements: Mapping[str, Any], layout: Layout, marks: Sequence[Mark], yardstick: Yardstick, thresholds: Thresholds
    ) -> WhoseInk:
        """From the `measurements` of a page; what an older reader did not measure says nothing."""
        areas, darkness = measurements.get("written", {}), measurements.get("written_dark", {})  # the latter not before 2026-11-22
        dark = min(thresholds.written_ink, thresholds.written_dark * yardstick.pen)  # what shines through from the back is far paler
        written = (item for item, area in areas.items() if area >= thresholds.written and darkness.get(item, 1.0) >= dark)
        squares = measurements.get("squares", {}).items()
        digits = (item for item, columns in squares if max(columns.values()) >= thresholds.square)
        return cls(frozenset(written), frozenset(digits), frozenset(_red_marks(measurements, layout, marks, thresholds)))

    def asked(self, item: Item, judgement: Judgement) -> Judgement:
        """A doubt where this ink speaks against the judgement; else the judgement."""
        if isinstance(judgement, Blank) and item.item in self.written:
            return Doubt(DoubtReason.OUT_OF_PLACE)
        if not isinstance(judgement, Chosen):
            return judgement
        if item.item in self.digits:
            return Doubt(DoubtReason.OUT_OF_PLACE, judgement.values)
        red = {value for owner, value in self.red if owner == item.item}
        taken = red if item.rule == "number" else red.intersection(judgement.values)  # any digit or sign of a number
        return Doubt(DoubtReason.OTHER_PEN, judgement.values) if taken else judgement


def _red_marks(measurements: Mapping[str, Any], layout: Layout, marks: Sequence[Mark], thresholds: Thresholds) -> set[tuple[str, str]]:
    """Item and value of every red mark on a page of which other marks are not red: a teacher corrected it before it was scanned. Strips are the teacher's own.

    A mark here is whatever is dark enough for the palest answer that is ever taken: a pale pencil beside a dark red pen is a mark too.
    """
    red = {int(place) for place, share in measurements.get("red", {}).items() if share >= thresholds.red}
    strips = {item.item for item in layout.items if item.rule == "score"}
    inked = [place for place, mark in enumerate(marks) if mark.dark >= thresholds.faint_mark and layout.boxes[place].item not in strips]
    if red.issuperset(inked):
        return set()
    return {(layout.boxes[place].item, layout.boxes[place].value) for place in inked if place in red}
