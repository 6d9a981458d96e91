"""A teacher's red on a page that was corrected before it was scanned: which answers it makes doubtful. scanning/tint measures it, scanning/judge asks once a page.

Pure: from the page's measurements alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from scanning.verdict import Blank, Chosen, Doubt

if TYPE_CHECKING:
    from packets.layout import Box, Layout
    from scanning.marks import Mark
    from scanning.thresholds import Thresholds
    from scanning.verdict import Judgement

NOT_CHOICES = ("number", "score")


@dataclass(frozen=True, slots=True)
class RedInk:
    """How red the ink is in boxes, and at the corners of boxes, by their place in the layout; of other ink nothing is told."""

    inside: Mapping[int, float]
    corners: Mapping[int, float]

    @classmethod
    def on_page(cls, measurements: Mapping[str, Any]) -> RedInk:
        """From the `measurements` of a page; what an older reader did not measure says nothing."""
        inside, corners = ({int(place): share for place, share in measurements.get(name, {}).items()} for name in ("red", "red_round"))
        return cls(inside, corners)

    def asked(
        self, layout: Layout, marks: Sequence[Mark], judgements: Mapping[str, Judgement], thresholds: Thresholds
    ) -> dict[str, tuple[str, ...]]:
        """The items of which red says something on a page that is not red throughout, each with what its answer may be.

        A red mark answers the item; or red lines leave the corners of a mark that was not taken for an answer, as a cross over it does.
        """
        rules = {item.item: item.rule for item in layout.items}
        held, left = [], []
        for place, (box, mark) in enumerate(zip(layout.boxes, marks, strict=True)):
            rule, judgement = rules[box.item], judgements[box.item]
            if mark.dark >= _least(box, rule, judgement, thresholds):
                held.append(place)
            if rule not in NOT_CHOICES and mark.dark >= thresholds.clear and box.value not in _values(judgement):
                left.append(place)
        strips = [place for place, box in enumerate(layout.boxes) if rules[box.item] == "score" and marks[place].dark >= thresholds.clear]
        if self._throughout(held, thresholds) and not self._red(self.inside, strips, thresholds):
            return {}
        crossed = [layout.boxes[place] for place in self._red(self.corners, left, thresholds)]
        red = {layout.boxes[place].item for place in self._red(self.inside, held, thresholds)} | {box.item for box in crossed}
        return {
            item: (*_values(judgements[item]), *(box.value for box in crossed if box.item == item))
            for item in red
            if not isinstance(judgements[item], Doubt)
        }

    def _throughout(self, held: Sequence[int], thresholds: Thresholds) -> bool:
        """Whether all these marks are red, and most of them alike: a pupil who writes in red. Those over pencil are less red, and so are some thin ones."""
        shares = sorted(self.inside.get(place, 0.0) for place in held)
        return not shares or (shares[0] > 0.0 and shares[len(shares) // 4] >= thresholds.alike_red * shares[-1])

    @staticmethod
    def _red(shares: Mapping[int, float], places: Sequence[int], thresholds: Thresholds) -> list[int]:
        return [place for place in places if shares.get(place, 0.0) >= thresholds.red]


def _values(judgement: Judgement) -> tuple[str, ...]:
    return judgement.values if isinstance(judgement, Chosen) else ()


def _least(box: Box, rule: str, judgement: Judgement, thresholds: Thresholds) -> float:
    """How dark a box must be to be a mark of whoever answered: the one by which its question was read, a pale pencil's too, or might have been; of a number any digit or sign.

    What is only asked about, or was not taken, must be clear: it may be a stain; and a tea ring over a question that nobody answered is no mark. Strips are the teacher's own.
    """
    if isinstance(judgement, Blank) or rule == "score":
        return inf
    values = judgement.values if isinstance(judgement, Chosen) else judgement.candidates
    if rule != "number" and box.value not in values:
        return thresholds.clear if isinstance(judgement, Chosen) else inf  # what its pupil took back, or a teacher crossed out
    return thresholds.faint_mark if isinstance(judgement, Chosen) else thresholds.clear
