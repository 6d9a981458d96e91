"""A box as the judge looks at it: its kind on its page, what the forests say, and what else of it may forbid a reading. Pure.

scanning/judge asks for every box, and puts those of a question together. What is learned may change what the rules call a box here; what a question says is decided there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod

from scanning.forest import Weight
from scanning.kinds import Kind, is_pale_print, kind_of
from scanning.marks import Mark
from scanning.thresholds import Thresholds
from scanning.verdict import Doubt, Judgement
from scanning.weights import OVER
from scanning.yardstick import Yardstick, corners, is_fill, is_hollow, is_slip


@dataclass(frozen=True, slots=True)
class Seen:
    """A box that was looked at."""

    value: str
    kind: Kind
    mark: Mark
    weight: Weight | None = None  # of a box that is not clean, where the forest was asked
    inked: bool = False  # a pupil's ink lies beside it
    pale: bool = False  # far paler than the page's marks, where several may be marked
    dot: bool = False  # what it holds stretches less than a mark does here
    filled: bool = False
    crossed: bool = False  # a cross in an empty circle that reaches beyond its rim
    half_there: bool = False  # without a pen's edges, as a rubber leaves it, but half as dark as the page's pen
    stroke: bool = False  # white between its lines, crisper than this page's marks and half as dark
    slip: bool = False  # a thin line that reaches out
    pale_print: bool = False  # called torn only for print that is hardly there
    armed: bool = False  # a filled circle with ink just beyond its edge in two corners, as short crosses over it leave
    weak: bool = False  # paler than a mark of this page is
    lines: bool = False  # white between its lines, which have the edges of this page's pen: no rubber leaves that


def seen_as(value: str, mark: Mark, weight: Weight | None, yardstick: Yardstick, several: bool, thresholds: Thresholds) -> Seen:
    """What one box looks like on its page."""
    kind = _kind(mark, weight, yardstick, thresholds)
    inked = yardstick.pupil and mark.beside > yardstick.beside + thresholds.beside
    dot = mark.span < max(yardstick.dot, thresholds.dot_span)
    hollow = is_hollow(mark, thresholds)
    lines = hollow and mark.sharp >= yardstick.sharp > 0
    left = kind is Kind.MARK and mark.dark - yardstick.floor < thresholds.pale_several * yardstick.pen
    pale = several and left and not (lines and weight and weight.answer >= thresholds.sure)
    stroke = hollow and mark.sharp >= thresholds.crisp * yardstick.sharp > 0 and mark.dark >= thresholds.half_there * yardstick.pen
    crossed = hollow and sum(corners(mark.near, yardstick.line + thresholds.line)) >= thresholds.lines
    filled = is_fill(mark, yardstick, thresholds)
    strokes_of_its_own = weight is not None and weight.left is not None and weight.left >= thresholds.left_alone
    armed = filled and sum(corners(mark.near, yardstick.line + thresholds.arms)) >= 2 and not strokes_of_its_own
    half_there = kind is Kind.SMEARED and mark.dark >= thresholds.half_there * yardstick.pen
    slip = is_slip(mark, thresholds)
    weak = mark.dark - yardstick.floor < thresholds.like_pen * yardstick.pen
    pale_print = kind is Kind.TORN and is_pale_print(mark, yardstick, thresholds)
    return Seen(
        value, Kind.FAINT if pale else kind, mark, weight, inked=inked, pale=pale, dot=dot, filled=filled, crossed=crossed, half_there=half_there,
        stroke=stroke, slip=slip, pale_print=pale_print, armed=armed, weak=weak, lines=lines,
    )  # fmt: skip


def _kind(mark: Mark, weight: Weight | None, yardstick: Yardstick, thresholds: Thresholds) -> Kind:
    """The rules' kind; of what is perhaps a fill struck out, what the strikes' forests and the network make of it."""
    kind = kind_of(mark, yardstick, thresholds)
    if weight is None:
        return kind
    if (kind in OVER and runs_over_only(weight, thresholds)) or (kind is Kind.STRIPE and is_under_a_stripe(weight, thresholds)):
        return Kind.MARK
    if kind is Kind.MARK and (weight.struck >= thresholds.struck_out or is_struck(weight, thresholds)):
        return Kind.STRUCK
    return Kind.CROSSED if kind is Kind.CANCELLED and weight.left is not None and weight.left >= thresholds.left_after_all else kind


def runs_over_only(weight: Weight, thresholds: Thresholds) -> bool:
    """Whether strokes beyond a circle are those that filled it: the network is sure of what may be an answer, or the forest and it together."""
    if weight.left is None:
        return weight.overshot >= thresholds.overshot
    alone = weight.left >= thresholds.left_alone and weight.answer >= thresholds.likely
    return alone or (weight.left >= thresholds.likely and _both(weight.overshot, weight.left) >= thresholds.left_both)


def is_under_a_stripe(weight: Weight, thresholds: Thresholds) -> bool:
    """Whether dirt on the glass runs through an answer: both are as good as sure of one."""
    return weight.left is not None and weight.left >= thresholds.left_alone and weight.answer >= thresholds.certain


def is_struck(weight: Weight, thresholds: Thresholds) -> bool:
    """Whether the network says that a mark was struck out."""
    return weight.left is not None and weight.left < thresholds.left_least


def _both(one: float, other: float) -> float:
    """Two independent probabilities of the same put together: their odds multiplied."""
    yes, no = one * other, (1.0 - one) * (1.0 - other)
    return yes / max(yes + no, 1e-12)


def sureness(judgement: Judgement, seen: Sequence[tuple[int | None, Seen]], thresholds: Thresholds) -> float | None:
    """How likely the reading is what was meant; of a doubt, its first candidate: of every column the likeliest box alone."""
    columns: dict[int | None, list[float]] = {}
    for column, one in seen:
        if one.weight:
            columns.setdefault(column, []).append(one.weight.answer)
    if not columns:
        return None
    if not isinstance(judgement, Doubt) or not judgement.candidates:
        return round(confidence((one for _column, one in seen), thresholds), 4)
    return round(prod(max(answers) * prod(1.0 - each for each in sorted(answers)[:-1]) for answers in columns.values()), 4)


def confidence(seen: Iterable[Seen], thresholds: Thresholds) -> float:
    """How likely all boxes mean what the likelier half of each weight says: the product over the boxes that were weighed."""
    answers = (one.weight.answer for one in seen if one.weight)
    return prod(answer if answer >= thresholds.likely else 1.0 - answer for answer in answers)


def candidates(seen: Iterable[Seen], thresholds: Thresholds) -> tuple[str, ...]:
    """Values that may have been meant, the likeliest first."""
    order = {
        Kind.MARK: 0,
        Kind.CROSSED: 1,
        Kind.STRUCK: 1,
        Kind.RINGED: 1,
        Kind.FAINT: 2,
        Kind.SMEARED: 2,
        Kind.LINE: 2,
        Kind.STRIPE: 2,
        Kind.SHIFTED: 6,
        Kind.BLOTTED: 3,
        Kind.FLOODED: 3,
        Kind.STAINED: 3,
        Kind.CANCELLED: 4,
        Kind.RUBBED: 5,
        Kind.LOOSE: 6,
        Kind.SPECK: 6,
    }
    likely = sorted(
        (one for one in seen if one.kind in order),
        key=lambda one: (-round(one.weight.answer, 2) if one.weight else 0.0, order[one.kind], -one.mark.ink, one.value),
    )
    return tuple(one.value for one in likely)[: thresholds.candidates]
