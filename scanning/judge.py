"""What the marks mean: Chosen, Blank or Doubt for every question, from numbers alone (DESIGN section 4).

scanning/page calls `judge_page` with the measurements that it just took; `scan rejudge` may call it with stored ones. Pure: no picture, database, clock
or order of scanning. The page itself is the yardstick: how dark its own marks are, and how quiet its own empty boxes.

A wrong answer that nobody sees is the worst that can happen here; a doubt costs a teacher five seconds. So every answer must be clear and
everything beside it must be clearly nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import product
from math import prod
from typing import Any

from packets.layout import Item, Layout
from scanning.forest import Weight, weigh
from scanning.likeness import features, groups_of, usual_of
from scanning.marks import Mark
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, ItemVerdict, Judgement
from scanning.yardstick import THRESHOLDS, Thresholds, Yardstick, corners, is_hollow, is_smooth, looks_in, yardstick_of


class Kind(Enum):
    """What one box looks like."""

    CLEAN = "clean"
    MARK = "mark"
    CANCELLED = "cancelled"
    RUBBED = "rubbed"
    FAINT = "faint"
    STAINED = "stained"
    TORN = "torn"
    BLOTTED = "blotted"  # ink hides the paper
    CROSSED = "crossed"  # perhaps cancelled, perhaps not
    LOOSE = "loose"  # ink beside an empty box
    SMEARED = "smeared"  # as dark as a light mark, but without a pen's edges
    SHIFTED = "shifted"  # the printed outline looks into the circle: the box lies elsewhere
    LINE = "line"  # a line through the box, as a slip of the pen leaves it
    SPECK = "speck"  # a few dots on a page without noise


REASONS = {
    Kind.TORN: DoubtReason.TORN,
    Kind.BLOTTED: DoubtReason.STAINED,
    Kind.STAINED: DoubtReason.STAINED,
    Kind.CROSSED: DoubtReason.CROSSED_OUT,
    Kind.CANCELLED: DoubtReason.CROSSED_OUT,
    Kind.FAINT: DoubtReason.FAINT,
    Kind.RUBBED: DoubtReason.ERASED,
    Kind.LOOSE: DoubtReason.OUT_OF_PLACE,
    Kind.SMEARED: DoubtReason.ERASED,
    Kind.SHIFTED: DoubtReason.OUT_OF_PLACE,
    Kind.LINE: DoubtReason.OUT_OF_PLACE,
    Kind.SPECK: DoubtReason.FAINT,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A box that was looked at."""

    value: str
    kind: Kind
    mark: Mark
    weight: Weight | None = None  # of a box that is not clean, where the forest was asked


def judge_page(measurements: Mapping[str, Any], layout: Layout, thresholds: Thresholds = THRESHOLDS) -> tuple[ItemVerdict, ...]:
    """The verdict on every item of the layout, in its order, from the `measurements` of a PageVerdict."""
    marks = [Mark.from_list(each) for each in measurements["boxes"]]
    lost = {str(item) for item, likeness, *_shift in measurements["rows"] if likeness < thresholds.row_likeness}
    teachers = {item.item for item in layout.items if item.rule == "score"}
    yardstick = yardstick_of(marks, [box.item for box in layout.boxes], thresholds, teachers)
    weights = _weights(marks, layout, yardstick, thresholds)
    every = list(zip(layout.boxes, marks, weights, strict=True))
    verdicts = []
    for item in layout.items:
        own = [(box.column, box.value, mark, weight) for box, mark, weight in every if box.item == item.item]
        verdicts.append(judge_item(item, own, yardstick, item.item in lost, thresholds))
    return tuple(verdicts)


def _weights(marks: Sequence[Mark], layout: Layout, yardstick: Yardstick, thresholds: Thresholds) -> list[Weight | None]:
    """What the forest says of every box that is not clean; nothing of the teacher's, and of a page whose edges nobody measured."""
    if not yardstick.sharp:
        return [None] * len(marks)
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


def judge_item(
    item: Item,
    boxes: Sequence[tuple[int | None, str, Mark, Weight | None]],
    yardstick: Yardstick,
    lost: bool,
    thresholds: Thresholds = THRESHOLDS,
) -> ItemVerdict:
    """One question: `boxes` are (column, value, mark, weight); `lost` says that its row was not found on the paper."""
    if item.rule == "score":
        yardstick = replace(yardstick, pupil=False, pen=min(yardstick.pen, thresholds.clear))
    seen = [(column, Seen(value, kind_of(mark, yardstick, thresholds), mark, weight)) for column, value, mark, weight in boxes]
    return ItemVerdict(item.item, _judged(item, seen, yardstick, lost, thresholds))


def _judged(item: Item, seen: Sequence[tuple[int | None, Seen]], yardstick: Yardstick, lost: bool, thresholds: Thresholds) -> Judgement:
    if lost:
        return Doubt(DoubtReason.OUT_OF_PLACE, _candidates((one for _column, one in seen), thresholds))
    if yardstick.quiet > thresholds.dim * yardstick.pen:
        return Doubt(DoubtReason.FAINT, _candidates((one for _column, one in seen), thresholds))
    if item.rule == "number":
        said = _number(seen, thresholds)
    else:
        said = _choice([one for _column, one in seen], item.rule == "several", thresholds)
    if isinstance(said, Blank) and yardstick.quiet > min(thresholds.dim_blank, thresholds.dim_share * yardstick.pen):
        return Doubt(DoubtReason.FAINT)
    return said


def kind_of(mark: Mark, yardstick: Yardstick, thresholds: Thresholds = THRESHOLDS) -> Kind:
    """What one box looks like on a page with this yardstick."""
    if mark.paper < thresholds.dark_paper * yardstick.paper:
        return Kind.BLOTTED
    if mark.dark < yardstick.quiet and mark.ink < yardstick.quiet_ink:
        return _quiet_kind(mark, yardstick, thresholds)
    strength = mark.dark - yardstick.floor
    crisp = not yardstick.pupil and mark.sharp >= yardstick.sharp > 0  # a teacher does not rub out
    least = thresholds.faint_mark if crisp else yardstick.least
    if strength < max(least, thresholds.like_pen * yardstick.pen) or mark.span < thresholds.dot_span:
        return _weak_kind(mark, strength, yardstick, thresholds)
    return _strong_kind(mark, strength, yardstick, thresholds)


def _quiet_kind(mark: Mark, yardstick: Yardstick, thresholds: Thresholds) -> Kind:
    """Nothing inside: is the printed box there at all, and is there ink beside it?"""
    if yardstick.rim >= thresholds.rim_seen and mark.rim < thresholds.rim_share * yardstick.rim:
        return Kind.TORN
    if mark.spot - yardstick.floor > max(thresholds.spot * yardstick.pen, 2 * yardstick.quiet):
        return Kind.FAINT
    round_about = corners(mark.near, yardstick.line + thresholds.ring)
    if mark.outside > thresholds.loose or (sum(round_about) >= 2 and round_about != yardstick.stripe):
        return Kind.LOOSE
    return Kind.SPECK if yardstick.noise < thresholds.noiseless and mark.spot > yardstick.quiet else Kind.CLEAN


def _weak_kind(mark: Mark, strength: float, yardstick: Yardstick, thresholds: Thresholds) -> Kind:
    """Less than a mark. A rubber leaves neither edges nor white between them: what has both is a stroke, however faint."""
    if mark.outside > thresholds.stain_share * mark.ink and mark.ink > 0.03:
        return Kind.STAINED
    if looks_in(mark, yardstick, thresholds):
        return Kind.SHIFTED
    edges = mark.sharp >= yardstick.sharp > 0 and mark.dark >= 2 * yardstick.quiet  # noise has edges too
    stroke = edges and mark.cover >= thresholds.stroke_cover and is_hollow(mark, thresholds)
    rubbed = strength < min(thresholds.rubbed_most, thresholds.rubbed * yardstick.pen) and mark.span >= thresholds.dot_span
    return Kind.RUBBED if rubbed and not stroke else Kind.FAINT


def _strong_kind(mark: Mark, strength: float, yardstick: Yardstick, thresholds: Thresholds) -> Kind:
    if mark.outside > thresholds.spill:
        return Kind.BLOTTED
    crossed = _crossed_kind(mark, strength, yardstick, thresholds)
    if crossed is not Kind.MARK:
        return crossed
    if looks_in(mark, yardstick, thresholds):
        return Kind.SHIFTED
    beyond = mark.outside >= thresholds.beyond and mark.sharp > 0
    if beyond and mark.span >= thresholds.long and mark.thin < thresholds.thin:
        return Kind.LINE
    pale = yardstick.rubs and yardstick.pupil and mark.cover >= thresholds.pale_cover and strength < thresholds.pale * yardstick.pen
    if pale or is_smooth(mark, strength, yardstick, thresholds):
        return Kind.SMEARED
    return Kind.FAINT if yardstick.weak and yardstick.rubs and yardstick.pupil else Kind.MARK


def _crossed_kind(mark: Mark, strength: float, yardstick: Yardstick, thresholds: Thresholds) -> Kind:
    """A mark, a cancelled one, or one of which nobody can tell."""
    filled = mark.cover >= thresholds.filled_cover and mark.least >= thresholds.filled_least
    hollow = is_hollow(mark, thresholds)
    needed = yardstick.line + max(thresholds.line, thresholds.line_share * strength)
    far = sum(each >= needed for each in mark.diagonals)
    near = sum(each >= needed for each in mark.near)
    ends = corners(mark.diagonals, yardstick.line + thresholds.end)
    every = all(each >= yardstick.line + thresholds.all_lines for each in mark.diagonals)
    through = sum(one >= needed and other >= thresholds.line_end * needed for one, other in zip(mark.near, mark.diagonals, strict=True))
    if filled and (far >= thresholds.lines or every or through >= thresholds.lines):
        return Kind.CANCELLED
    doubtful = (sum(ends) >= 2 and ends != yardstick.stripe) or near >= thresholds.lines
    return Kind.CROSSED if doubtful and not hollow else Kind.MARK


def _choice(seen: Sequence[Seen], several: bool, thresholds: Thresholds) -> Judgement:
    """The rules' word and the forest's: either alone must be sure, together they may be less so."""
    ruled = _by_rules(seen, several, thresholds)
    if all(one.weight is None for one in seen) or any(one.kind in (Kind.TORN, Kind.BLOTTED) for one in seen):
        return ruled
    return _weighed(ruled, seen, several, thresholds)


def _weighed(ruled: Judgement, seen: Sequence[Seen], several: bool, thresholds: Thresholds) -> Judgement:
    chosen = [one.value for one in seen if one.weight and one.weight.answer >= thresholds.likely]
    if not chosen:
        empty = all(one.kind is not Kind.LOOSE and one.weight.anything < thresholds.nothing for one in seen if one.weight)
        return Blank() if empty else _in_doubt(ruled, seen, thresholds)
    if len(chosen) > 1 and not several:
        return ruled if isinstance(ruled, Doubt) else Doubt(DoubtReason.TWO_MARKS, _candidates(seen, thresholds))
    if any(_disputed(one, one.value in chosen, several) for one in seen):
        return _in_doubt(ruled, seen, thresholds)
    reading, sure = Chosen(tuple(sorted(chosen))), confidence(seen, thresholds)
    agreed = ruled == reading and sure >= thresholds.agreed
    return reading if agreed or sure >= thresholds.sure else _in_doubt(ruled, seen, thresholds)


def _disputed(one: Seen, chosen: bool, several: bool) -> bool:
    """Whether the rules know better than the forest: an answer that it takes for one taken back, a slip of the pen, or an outline for a second answer."""
    if chosen:
        return one.kind is Kind.LINE or (several and one.kind is Kind.SHIFTED)
    return one.kind is Kind.MARK


def confidence(seen: Iterable[Seen], thresholds: Thresholds) -> float:
    """How likely all boxes mean what the likelier half of each weight says: the product over the boxes that were weighed."""
    answers = (one.weight.answer for one in seen if one.weight)
    return prod(answer if answer >= thresholds.likely else 1.0 - answer for answer in answers)


def _in_doubt(ruled: Judgement, seen: Sequence[Seen], thresholds: Thresholds) -> Doubt:
    """The rules' doubt, or one in the words of the box that is least sure."""
    if isinstance(ruled, Doubt):
        return ruled
    worst = min((one for one in seen if one.weight), key=lambda one: abs(one.weight.answer - 0.5) if one.weight else 1.0)
    crossed = sum(each >= thresholds.ring for each in worst.mark.diagonals) >= 2
    usual = DoubtReason.CROSSED_OUT if crossed else DoubtReason.ERASED
    return Doubt(REASONS.get(worst.kind, usual), _candidates(seen, thresholds))


def _by_rules(seen: Sequence[Seen], several: bool, thresholds: Thresholds) -> Judgement:
    chosen = [one for one in seen if one.kind is Kind.MARK]
    if len(chosen) > 1 and not several:
        return Doubt(DoubtReason.TWO_MARKS, _candidates(seen, thresholds))
    weakest = min((one.mark.dark for one in chosen), default=0.0)
    troubling = [one for one in seen if one.kind not in (Kind.CLEAN, Kind.MARK) and not _explained(one, weakest, several, thresholds)]
    if troubling:
        worst = max(troubling, key=lambda one: (list(REASONS).index(one.kind) * -1, one.mark.ink))
        return Doubt(REASONS[worst.kind], _candidates(seen, thresholds))
    return Chosen(tuple(sorted(one.value for one in chosen))) if chosen else Blank()


def _explained(one: Seen, chosen: float, several: bool, thresholds: Thresholds) -> bool:
    """Whether a mark of darkness `chosen` elsewhere in the item says what this box means: nothing any more.

    Where several may be marked, a thin weak line is as likely a second mark as the rest of a rubbed-out one.
    """
    if one.kind is Kind.CANCELLED:
        return chosen > 0
    most = min(thresholds.rubbed * chosen, thresholds.rubbed_most)
    if one.kind is Kind.SHIFTED:
        share = thresholds.rubbed if one.mark.span >= thresholds.dot_span else thresholds.speck
        return not several and one.mark.dark < share * chosen and one.mark.outside < thresholds.arc_outside
    if one.kind is Kind.FAINT:
        return not several and one.mark.span < thresholds.dot_span and one.mark.spot < most
    weak = one.mark.dark < most
    thin = several and one.mark.cover < thresholds.filled_cover
    return one.kind in (Kind.RUBBED, Kind.STAINED, Kind.SPECK) and weak and not thin


def _number(seen: Sequence[tuple[int | None, Seen]], thresholds: Thresholds) -> Judgement:
    columns = sorted({column or 0 for column, _one in seen})
    digits = [_choice([one for column, one in seen if (column or 0) == which], False, thresholds) for which in columns]
    texts = _texts(digits, thresholds)
    doubts = [digit for digit in digits if isinstance(digit, Doubt)]
    if doubts:
        return Doubt(doubts[0].reason, texts)
    if all(isinstance(digit, Blank) for digit in digits):
        return Blank()
    first = next(index for index, digit in enumerate(digits) if isinstance(digit, Chosen))
    if any(isinstance(digit, Blank) for digit in digits[first:]):
        return Doubt(DoubtReason.GAP, texts)
    return Chosen(texts[:1])


def _texts(digits: Sequence[Judgement], thresholds: Thresholds) -> tuple[str, ...]:
    """The numbers that the columns allow, without leading zeros; at most as many as a person would read."""
    options = []
    for digit in digits:
        match digit:
            case Chosen(values):
                options.append(values)
            case Doubt(_reason, candidates):
                options.append(candidates or ("",))
            case Blank():
                options.append(("",))
    texts = ("".join(choice) for choice in product(*options))
    plain = dict.fromkeys(text.lstrip("0") or "0" for text in texts if text)
    return tuple(plain)[: thresholds.candidates]


def _candidates(seen: Iterable[Seen], thresholds: Thresholds) -> tuple[str, ...]:
    """Values that may have been meant, the likeliest first."""
    order = {
        Kind.MARK: 0,
        Kind.CROSSED: 1,
        Kind.FAINT: 2,
        Kind.SMEARED: 2,
        Kind.LINE: 2,
        Kind.SHIFTED: 6,
        Kind.BLOTTED: 3,
        Kind.STAINED: 3,
        Kind.CANCELLED: 4,
        Kind.RUBBED: 5,
        Kind.LOOSE: 6,
        Kind.SPECK: 6,
    }
    likely = sorted((one for one in seen if one.kind in order), key=lambda one: (order[one.kind], -one.mark.ink, one.value))
    return tuple(one.value for one in likely)[: thresholds.candidates]
