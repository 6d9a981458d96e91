"""Marks that a pencil made and a machine took: a scan without greys, light that was cut off, a copy of pale pencil. What seems empty there is asked about.

scanning/judge asks once a worksheet. Pure: from the page's measurements alone. Strips are the teacher's own, and are left as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scanning.verdict import Blank, Chosen, Doubt, DoubtReason

if TYPE_CHECKING:
    from packets.layout import Layout
    from scanning.marks import Mark
    from scanning.verdict import Judgement
    from scanning.yardstick import Thresholds


def perhaps_lost(
    measurements: Mapping[str, Any],
    layout: Layout,
    marks: Sequence[Mark],
    judgements: Mapping[str, Judgement],
    noise: float,
    thresholds: Thresholds,
) -> dict[str, Doubt]:
    """The pupil's items that may have held more than is seen, each with its doubt; `noise`: unevenness of the page's paper."""
    pupils = {item.item: item.rule for item in layout.items if item.rule != "score"}
    even = noise < thresholds.noiseless  # black and white, also where it was turned or drawn anew with grey edges, or cleaned to white
    washed = even and measurements.get("black", 0.0) >= thresholds.washed
    unseen = (even or measurements.get("two_tone", False)) and not any(isinstance(judgements[item], Chosen) for item in pupils)
    if not (washed or unseen):
        own = {item: judgements[item] for item in pupils}
        numbers = {item for item, rule in pupils.items() if rule == "number"}
        return dict.fromkeys(_faded(layout, marks, own, numbers, thresholds), Doubt(DoubtReason.FAINT))
    doubts = {}
    for item, rule in pupils.items():
        judgement = judgements[item]
        if isinstance(judgement, Blank):
            doubts[item] = Doubt(DoubtReason.FAINT)
        elif isinstance(judgement, Chosen) and rule in ("several", "number"):
            doubts[item] = Doubt(DoubtReason.FAINT, judgement.values)
    return doubts


def _faded(
    layout: Layout, marks: Sequence[Mark], judgements: Mapping[str, Judgement], numbers: Collection[str], thresholds: Thresholds
) -> list[str]:
    """The seemingly empty questions with a trace in a box, on a page whose own answers are pale: a copier takes some of them nearly whole.

    `numbers` do not tell how pale the answers are: one of a single digit has that digit's empty circles in its other columns.
    """
    answers, traces = [], {item: 0.0 for item, judgement in judgements.items() if isinstance(judgement, Blank)}
    for box, mark in zip(layout.boxes, marks, strict=True):
        judgement = judgements.get(box.item)
        if isinstance(judgement, Chosen) and box.item not in numbers and box.value in judgement.values:
            answers.append(mark.dark)
        elif box.item in traces:
            traces[box.item] = max(traces[box.item], mark.dark)
    pale = sorted(answers)[len(answers) // 4] if len(answers) >= thresholds.faded_answers else 1.0
    least = max(thresholds.trace, thresholds.trace_share * pale)
    return [item for item, trace in traces.items() if pale < thresholds.faded and trace >= least]
