"""Marks that a pencil made and a machine took: a scan without greys, light that was cut off, a copy of pale pencil. What such a page hardly shows is asked about.

scanning/judge asks once a worksheet. Pure: from the page's measurements alone. Strips are the teacher's own, and are left as they are, but for dots in an empty one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from scanning.verdict import Blank, Chosen, Doubt, DoubtReason
from scanning.yardstick import is_dim

if TYPE_CHECKING:
    from packets.layout import Layout
    from scanning.marks import Mark
    from scanning.thresholds import Thresholds
    from scanning.verdict import Judgement
    from scanning.yardstick import Yardstick

MANY = ("several", "number")  # rules by which a question that shows an answer may have held another
Circles = tuple[str, ...]
WEAK = (DoubtReason.FAINT, DoubtReason.ERASED)  # of pencil; two marks, or a torn corner, tell nothing of it


@dataclass(frozen=True, slots=True)
class _Boxes:
    """The boxes of a question, or of one digit column of a number: darkness of those that are taken (of a number's column its darkest, if that is a mark), and of the darkest other; beside an answer, of those that count as empty."""

    item: str
    rule: str
    taken: tuple[float, ...]
    other: float


@dataclass(frozen=True, slots=True)
class _Pencil:
    """What a page shows of its pencil. usual: darkness of its answers, the median · trace: darkness of what may be left of an answer."""

    usual: float
    trace: float


def perhaps_lost(
    measurements: Mapping[str, Any],
    layout: Layout,
    marks: Sequence[Mark],
    judgements: Mapping[str, Judgement],
    yardstick: Yardstick,
    thresholds: Thresholds,
) -> dict[str, Doubt]:
    """The items that may have held more than is seen, each with its doubt."""
    two_tone = bool(measurements.get("two_tone", False))
    dotted = _dotted(layout, marks, judgements, yardstick, thresholds) if two_tone else {}
    faded = bool(measurements.get("black", 0.0) >= thresholds.washed)
    pupils = _pupils(layout, marks, judgements, yardstick, thresholds, two_tone=two_tone, faded=faded)
    return _asked(judgements, pupils | dotted)


def _pupils(
    layout: Layout,
    marks: Sequence[Mark],
    judgements: Mapping[str, Judgement],
    yardstick: Yardstick,
    thresholds: Thresholds,
    *,
    two_tone: bool,
    faded: bool,
) -> dict[str, Circles]:
    """The pupil's items that the page's pencil speaks against, each with the circles that stand out in it. `two_tone`: it has no greys; `faded`: its print is pale."""
    rules = {item.item: item.rule for item in layout.items if item.rule != "score"}
    own = {item: judgements[item] for item in rules}
    even = yardstick.noise < thresholds.noiseless  # also black and white that was turned or drawn anew, or grey paper cleaned to white
    if even and faded:
        return {item: () for item, judgement in own.items() if isinstance(judgement, Blank) or rules[item] in MANY}
    answered = sum(isinstance(judgement, Chosen) for judgement in own.values())
    weak = sum(isinstance(judgement, Doubt) and judgement.reason in WEAK for judgement in own.values())
    if not answered and (two_tone or even or weak >= thresholds.pale_doubts):
        return dict.fromkeys(own, ())
    half = answered >= thresholds.kept * len(own)
    if not half and is_dim(yardstick, thresholds):
        return {item: () for item, judgement in own.items() if isinstance(judgement, Blank)}
    boxes = _boxes(layout, marks, own, rules, yardstick.quiet, thresholds)
    pencil = _faded_pencil(boxes, two_tone, yardstick, thresholds)
    if not half and (two_tone or even) and (weak or (two_tone and _is_broken(boxes, thresholds)) or _has_crumbs(boxes, thresholds)):
        return dict.fromkeys(own, ())
    apart: dict[str, Circles] = {}
    if pencil is not None and not two_tone:
        apart = _standing_out(layout, own, [yardstick.grain.inside(mark, thresholds.crumb) for mark in marks], thresholds)
    if pencil is None and weak > answered:
        pencil = _Pencil(inf, max(thresholds.trace, yardstick.floor + yardstick.noise))
    looked_at = ((each, pencil or _pale_answers(each, yardstick, thresholds)) for each in boxes)
    return {each.item: () for each, seen in looked_at if seen and _perhaps_more(each, seen, thresholds)} | apart


def _answers(boxes: Sequence[_Boxes]) -> list[float]:
    """The darkness of every box that is taken for marked, from pale to dark."""
    return sorted(dark for each in boxes for dark in each.taken)


def _is_broken(boxes: Sequence[_Boxes], thresholds: Thresholds) -> bool:
    """Whether the paler quarter of the answers of a page without greys is less than black: its pencil was broken up."""
    answers = _answers(boxes)
    return bool(answers) and answers[len(answers) // 4] < thresholds.broken


def _has_crumbs(boxes: Sequence[_Boxes], thresholds: Thresholds) -> bool:
    """Whether a question or column that seems empty holds a dot or two: more than most of them show, whose outlines look in."""
    others = sorted(each.other for each in boxes if not each.taken)
    return bool(others) and others[-1] >= others[len(others) // 2] + thresholds.crumb


def _dotted(
    layout: Layout, marks: Sequence[Mark], judgements: Mapping[str, Judgement], yardstick: Yardstick, thresholds: Thresholds
) -> dict[str, Circles]:
    """The questions without an answer of a page without greys in which circles hold more dots than the others, and these."""
    apart = [yardstick.grain.anywhere(mark, thresholds.apart_more, two_tone=True) for mark in marks]
    return _standing_out(layout, judgements, apart, thresholds)


def _standing_out(
    layout: Layout, judgements: Mapping[str, Judgement], apart: Sequence[float], thresholds: Thresholds
) -> dict[str, Circles]:
    """The questions without an answer of which a circle is that many spreads `apart` from the page's empty ones, and such circles, the furthest first; none of a number, which one circle is not."""
    numbers = {item.item for item in layout.items if item.rule == "number"}
    found: dict[str, list[tuple[float, str]]] = {}
    for box, spreads in zip(layout.boxes, apart, strict=True):
        if spreads >= thresholds.apart and isinstance(judgements.get(box.item), Blank):
            found.setdefault(box.item, []).append((-spreads, box.value))
    most = thresholds.candidates
    return {item: () if item in numbers else tuple(value for _spreads, value in sorted(own))[:most] for item, own in found.items()}


def _asked(judgements: Mapping[str, Judgement], items: Mapping[str, Circles]) -> dict[str, Doubt]:
    """A doubt for each of `items` that is none yet; what was read stays its candidate, else the circles that stand out in it."""
    said = {item: judgements[item] for item in items}
    return {
        item: Doubt(DoubtReason.FAINT, judgement.values if isinstance(judgement, Chosen) else items[item])
        for item, judgement in said.items()
        if not isinstance(judgement, Doubt)
    }


def _boxes(
    layout: Layout,
    marks: Sequence[Mark],
    judgements: Mapping[str, Judgement],
    rules: Mapping[str, str],
    quiet: float,
    thresholds: Thresholds,
) -> list[_Boxes]:
    """The boxes by question and column. A number's values name no column: of each of its columns the darkest box is taken, if it is a mark."""
    columns: dict[tuple[str, int | None], list[tuple[str, float]]] = {}
    for box, mark in zip(layout.boxes, marks, strict=True):
        if box.item in judgements:
            columns.setdefault((box.item, box.column), []).append((box.value, mark.dark))
    found = []
    for (item, _column), boxes in columns.items():
        judgement, most = judgements[item], max(dark for _value, dark in boxes)
        values = judgement.values if isinstance(judgement, Chosen) else ()
        if values and rules[item] == "number":
            taken: tuple[float, ...] = (most,) if most >= thresholds.faint_mark else ()
            other = 0.0 if taken else most
        else:
            taken = tuple(dark for value, dark in boxes if value in values)
            # what is darker than an empty box beside an answer was seen, and judged
            unseen = quiet if values else inf
            other = max((dark for value, dark in boxes if value not in values and dark < unseen), default=0.0)
        found.append(_Boxes(item, rules[item], taken, other))
    return found


def _faded_pencil(boxes: Sequence[_Boxes], two_tone: bool, yardstick: Yardstick, thresholds: Thresholds) -> _Pencil | None:
    """The pencil of a page whose paler answers show that others may have gone whole; None of any other page."""
    answers = _answers(boxes)
    if len(answers) < thresholds.faded_answers:
        return None
    pale, usual = answers[len(answers) // 4], answers[len(answers) // 2]
    if two_tone:
        return _Pencil(usual, thresholds.crumb) if _is_broken(boxes, thresholds) else None
    empty = yardstick.floor + yardstick.noise  # what an untouched circle of this page may show
    return _Pencil(usual, max(thresholds.trace, thresholds.trace_share * pale, empty)) if pale < thresholds.faded else None


def _pale_answers(boxes: _Boxes, yardstick: Yardstick, thresholds: Thresholds) -> _Pencil | None:
    """The pencil of a question whose own answers are pale, on a page whose others are not: traces beside them tell; nothing is said of what stands out."""
    if not boxes.taken or min(boxes.taken) >= thresholds.faded:
        return None
    return _Pencil(inf, max(thresholds.trace, thresholds.trace_share * min(boxes.taken), yardstick.floor + yardstick.noise))


def _perhaps_more(boxes: _Boxes, pencil: _Pencil, thresholds: Thresholds) -> bool:
    """Whether something is left in a box that seems empty where a mark there would count; or what is taken is far darker than the page's pencil, as strokes over strokes are, of which alone is left."""
    if boxes.taken and boxes.rule != "several":
        return max(boxes.taken) >= thresholds.stands_out * pencil.usual
    if boxes.taken:
        return boxes.other >= max(pencil.trace, thresholds.trace)
    return boxes.other >= pencil.trace
