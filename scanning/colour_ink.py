"""A teacher's red or green on a page that was corrected before it was scanned: which answers it makes doubtful. scanning/tint measures it, scanning/judge asks once a page.

Pure: from the page's measurements alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
HUES = ("red", "green")


def red_or_green(measurements: Mapping[str, Any]) -> set[str]:
    """The boxes in or round which red or green ink lies, whoever's, by their place in the layout as text."""
    return {place for hue in HUES for name in (hue, f"{hue}_round") for place in measurements.get(name, {})}


def asked_for_ink(
    measurements: Mapping[str, Any], layout: Layout, marks: Sequence[Mark], judgements: Mapping[str, Judgement], thresholds: Thresholds
) -> dict[str, tuple[str, ...]]:
    """The items of which red or green says something, on a page that is not written in that colour throughout, each with what its answer may be."""
    red, green = (ColourInk.on_page(measurements, hue, thresholds) for hue in HUES)
    # some red on a green page is the teacher's; red is a pupil's own only where everything is red
    rarer = red.inside if len(red.inside) < len(green.inside) else ()
    return green.asked(layout, marks, judgements, thresholds, rarer) | red.asked(layout, marks, judgements, thresholds)


@dataclass(frozen=True, slots=True)
class ColourInk:
    """How red, or how green, the ink is in boxes, and at the corners of boxes, by their place in the layout; of other ink nothing is told. From `least` on it is that colour."""

    inside: Mapping[int, float]
    corners: Mapping[int, float]
    least: float

    @classmethod
    def on_page(cls, measurements: Mapping[str, Any], hue: str, thresholds: Thresholds) -> ColourInk:
        """From the `measurements` of a page; what an older reader did not measure says nothing."""
        inside, corners = ({int(place): share for place, share in measurements.get(name, {}).items()} for name in (hue, f"{hue}_round"))
        return cls(inside, corners, thresholds.red if hue == "red" else thresholds.green)

    def asked(
        self,
        layout: Layout,
        marks: Sequence[Mark],
        judgements: Mapping[str, Judgement],
        thresholds: Thresholds,
        rarer: Collection[int] = (),
    ) -> dict[str, tuple[str, ...]]:
        """The items of which the colour says something, each with what its answer may be. `rarer`: boxes of the other colour, which are asked about for it and say nothing of this one.

        A coloured mark answers the item; or coloured lines leave the corners of a mark that was not taken for an answer, as a cross over it does.
        """
        if not self.inside and not self.corners:
            return {}
        rules = {item.item: item.rule for item in layout.items}
        held, left = [], []
        for place, (box, mark) in enumerate(zip(layout.boxes, marks, strict=True)):
            rule, judgement = rules[box.item], judgements[box.item]
            if mark.dark >= _least(box, rule, judgement, thresholds):
                held.append(place)
            if rule not in NOT_CHOICES and mark.dark >= thresholds.clear and box.value not in _values(judgement):
                left.append(place)
        strips = [place for place, box in enumerate(layout.boxes) if rules[box.item] == "score" and marks[place].dark >= thresholds.clear]
        if self._throughout([place for place in held if place not in rarer], thresholds) and not self._coloured(self.inside, strips):
            return {}
        crossed = [layout.boxes[place] for place in self._coloured(self.corners, left)]
        coloured = {layout.boxes[place].item for place in self._coloured(self.inside, held)} | {box.item for box in crossed}
        return {
            item: (*_values(judgements[item]), *(box.value for box in crossed if box.item == item))
            for item in coloured
            if not isinstance(judgements[item], Doubt)
        }

    def _throughout(self, held: Sequence[int], thresholds: Thresholds) -> bool:
        """Whether all these marks are of the colour, and most of them alike: a pupil who writes in it. Those over pencil are less so, and so are some thin ones."""
        shares = sorted(self.inside.get(place, 0.0) for place in held)
        return not shares or (shares[0] > 0.0 and shares[len(shares) // 4] >= thresholds.alike_red * shares[-1])

    def _coloured(self, shares: Mapping[int, float], places: Sequence[int]) -> list[int]:
        return [place for place in places if shares.get(place, 0.0) >= self.least]


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
