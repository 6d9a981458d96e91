"""What is learned about a page's boxes, gathered for the judge: the forests' weights, and what the network says of a patch. Pure.

scanning/judge asks once a page; which weight is enough for what is decided there and in scanning/seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import exp, log
from typing import Any

from packets.layout import Layout
from scanning.forest import Weight, overshot_of, struck_of, weigh
from scanning.kinds import Kind, kind_of
from scanning.likeness import features, groups_of, usual_of
from scanning.marks import IN_FULL, Mark
from scanning.overshoot import fills_of, overshot
from scanning.thresholds import Thresholds
from scanning.yardstick import Yardstick, is_fill, leaves

# what the forest's log odds, the network's, and neither count for: fitted to 49,005 boxes of ordinary pages of both simulators that neither had learned from
OPINIONS = (0.7, 0.7, 0.27)
SUREST = 0.0001  # how near to 0 or 1 either opinion counts
EVEN, JUST_LESS = 0.5, 0.4999  # as likely an answer as none
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
    left, meant = ({place: each for place, each in measurements.get(name, {}).items() if place not in red} for name in ("left", "meant"))
    return _with_meanings(_with_looks(weights, left, thresholds), meant, thresholds)


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
    """The same weights, with what the strikes' network says of each patch. Raises ValueError where what is kept of it are no probabilities."""
    known = _of_known_paper(weights, left, "left", thresholds)
    return [weight and replace(weight, left=known.get(str(place))) for place, weight in enumerate(weights)]


def _with_meanings(weights: Sequence[Weight | None], meant: Mapping[str, float], thresholds: Thresholds) -> list[Weight | None]:
    """The same weights, the forest's opinion and that of the network which saw the patch in one. Raises ValueError where what is kept of it are no probabilities."""
    known = _of_known_paper(weights, meant, "meant", thresholds)
    return [weight and _with_meaning(weight, known.get(str(place))) for place, weight in enumerate(weights)]


def _of_known_paper(weights: Sequence[Weight | None], said: Mapping[str, float], name: str, thresholds: Thresholds) -> Mapping[str, float]:
    """What a network says of patches; nothing of a page of whose likely answers it calls many none: it does not know this paper. Raises ValueError."""
    if not all(0.0 <= each <= 1.0 for each in said.values()):
        raise ValueError(f"{name}: no probability")
    answers = [str(place) for place, weight in enumerate(weights) if weight and weight.answer >= thresholds.sure]
    none = sum(said.get(place, 1.0) < thresholds.left_least for place in answers)
    strange = none >= thresholds.left_strange and none > thresholds.left_strange_share * len(answers)
    return {} if strange else said


def _with_meaning(weight: Weight, meant: float | None) -> Weight:
    """Two opinions in one: the forest knows the page and not the strokes, the network the strokes and not the page.

    The network never changes the forest's mind: where they differ the box becomes one of which nobody is sure. Nor does it make the forest surer of what is none: that would make another box the only answer.
    """
    if meant is None:
        return weight
    by_numbers, by_look, even = OPINIONS
    odds = by_numbers * _log_odds(weight.answer) + by_look * _log_odds(meant) + even
    both = 1.0 / (1.0 + exp(-odds))
    answer = max(both, EVEN) if weight.answer >= EVEN else max(weight.answer, min(both, JUST_LESS))
    return replace(weight, answer=answer, meant=meant)


def _log_odds(probability: float) -> float:
    sure = min(max(probability, SUREST), 1.0 - SUREST)
    return log(sure / (1.0 - sure))
