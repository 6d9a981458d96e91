"""Ink that makes an answer doubtful from outside its boxes: writing round an empty question, digits in the squares over a number's columns.

scanning/judge asks for every question once its boxes are judged. Pure: from the page's measurements alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scanning.verdict import Blank, Chosen, Doubt, DoubtReason

if TYPE_CHECKING:
    from packets.layout import Item
    from scanning.thresholds import Thresholds
    from scanning.verdict import Judgement
    from scanning.yardstick import Yardstick


@dataclass(frozen=True, slots=True)
class InkBeside:
    """What a page's ink tells beside the marks in its boxes: questions round which somebody wrote, and numbers with a digit over an empty column."""

    written: frozenset[str]
    digits: frozenset[str]

    @classmethod
    def on_page(cls, measurements: Mapping[str, Any], yardstick: Yardstick, thresholds: Thresholds) -> InkBeside:
        """From the `measurements` of a page; what an older reader did not measure says nothing."""
        areas, darkness = measurements.get("written", {}), measurements.get("written_dark", {})  # the latter not before 2026-11-22
        dark = min(thresholds.written_ink, thresholds.written_dark * yardstick.pen)  # what shines through from the back is far paler
        written = (item for item, area in areas.items() if area >= thresholds.written and darkness.get(item, 1.0) >= dark)
        squares = measurements.get("squares", {}).items()
        digits = (item for item, columns in squares if max(columns.values()) >= thresholds.square)
        return cls(frozenset(written), frozenset(digits))

    def asked(self, item: Item, judgement: Judgement) -> Judgement:
        """A doubt where writing beside the boxes speaks against the judgement; else the judgement."""
        if isinstance(judgement, Blank) and item.item in self.written:
            return Doubt(DoubtReason.OUT_OF_PLACE)
        if isinstance(judgement, Chosen) and item.item in self.digits:
            return Doubt(DoubtReason.OUT_OF_PLACE, judgement.values)
        return judgement
