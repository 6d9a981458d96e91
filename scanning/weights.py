"""What is learned about a page's boxes, gathered for the judge: the forests' weights, and what the network says of a patch. Pure.

scanning/judge asks once a page; which weight is enough for what is decided there and in scanning/seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from packets.layout import Layout
from scanning.forest import Weight, overshot_of, struck_of, weigh
from scanning.kinds import Kind, kind_of
from scanning.likeness import features, groups_of, usual_of
from scanning.marks import IN_FULL, Mark
from scanning.overshoot import fills_of, overshot
from scanning.thresholds import Thresholds
from scanning.yardstick import Yardstick, is_fill, leaves

OVER = (Kind.CROSSED, Kind.STRUCK, Kind.RINGED)  # perhaps a fill whose strokes leave the circle


def weights_of(
    measurements: Mapping[str, Any], marks: Sequence[Mark], layout: Layout, yardstick: Yardstick, thresholds: Thresholds
) -> list[Weight | None]:
    """What is said of every box that is not clean, in the layout's order; nothing of the teacher's, and of a page whose edges nobody measured."""
    if not yardstick.sharp:
        return [None] * len(marks)
    weights = _weighed(marks, layout, yardstick, thresholds)
    if all(len(each) == IN_FULL for each in measurements["boxes"]):
        weights = _with_strikes(weights, marks, layout, yardstick, thresholds)
    # a teacher's tick over a fill strikes nothing out; green is oftener a pupil's own
    red = {*measurements.get("red", {}), *measurements.get("red_round", {})}
    left = {place: each for place, each in measurements.get("left", {}).items() if place not in red}
    return _with_looks(weights, left, thresholds)


def _weighed(marks: Sequence[Mark], layout: Layout, yardstick: Yardstick, thresholds: Thresholds) -> list[Weight | None]:
    """What the forest says of every box that is not clean; nothing of the teacher's."""
    teachers = {item.item for item in layout.items if item.rule == "score"}
    several = {item.item for item in layout.items if item.rule == "several"}
    groups = groups_of([(box.item, box.column) for box in layout.boxes], teachers)
    usual = usual_of(marks, groups, yardstick)
    asked = {
        place: features(place, group, marks, yardstick, usual, item in several)
        for (item, _column), group in groups.items()
        for place in group
        if kind_of(marks[place], yardstick, thresholds) is not Kind.CLEAN
    }
    said = dict(zip(asked, weigh(list(asked.values())), strict=True))
    return [said.get(place) for place in range(len(marks))]


def _with_strikes(
    weights: Sequence[Weight | None], marks: Sequence[Mark], layout: Layout, yardstick: Yardstick, thresholds: Thresholds
) -> list[Weight | None]:
    """The same weights; of fills that are likely answers with what their own forests say: of what is perhaps struck out that it is none, of plain ones that they are."""
    groups = groups_of([(box.item, box.column) for box in layout.boxes], {item.item for item in layout.items if item.rule == "score"})
    fills = fills_of(marks, groups, yardstick, thresholds)
    over, plain = dict[int, list[float]](), dict[int, list[float]]()
    for group, places in groups.items():
        for place in places:
            mark, weight = marks[place], weights[place]
            kind = kind_of(mark, yardstick, thresholds) if weight and weight.answer >= thresholds.likely else Kind.CLEAN
            if kind in OVER:
                over[place] = overshot(mark, group, yardstick, fills)
            elif kind is Kind.MARK and leaves(mark, yardstick, thresholds) and is_fill(mark, yardstick, thresholds):
                plain[place] = overshot(mark, group, yardstick, fills)
    told = list(weights)
    for place, sure in zip(over, overshot_of(list(over.values())), strict=True):
        told[place] = replace(weights[place] or Weight(0.0, 0.0), overshot=sure)
    for place, sure in zip(plain, struck_of(list(plain.values())), strict=True):
        told[place] = replace(weights[place] or Weight(0.0, 0.0), struck=sure)
    return told


def _with_looks(weights: Sequence[Weight | None], left: Mapping[str, float], thresholds: Thresholds) -> list[Weight | None]:
    """The same weights, with what the network says of each patch; nothing of a page of whose likely answers it calls many struck out: it does not know this paper. Raises ValueError where what is kept of it are no probabilities."""
    if not all(0.0 <= each <= 1.0 for each in left.values()):
        raise ValueError("left: no probability")
    answers = [str(place) for place, weight in enumerate(weights) if weight and weight.answer >= thresholds.sure]
    struck = sum(left.get(place, 1.0) < thresholds.left_least for place in answers)
    if struck >= thresholds.left_strange and struck > thresholds.left_strange_share * len(answers):
        return list(weights)
    return [weight and replace(weight, left=left.get(str(place))) for place, weight in enumerate(weights)]
