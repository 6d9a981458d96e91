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
from statistics import median
from typing import Any

from packets.layout import Item, Layout
from scanning.marks import Mark
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, ItemVerdict, Judgement


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every number that a verdict hangs on. Darkness is 0 for paper, 1 for the page's own print; docs/reading.md argues each."""

    row_likeness: float = 0.4  # below it a row is out of place
    quiet: float = 0.08  # an empty box is never asked to be cleaner than this: darkest tenth
    quiet_share: float = 0.1  # or than this share of a light pen's darkness
    quiet_ink: float = 0.02  # the same for the mean
    floor_noise: float = 2.2  # the darkest tenth of an empty box, in the paper's noise
    quiet_rise: tuple[float, float, float] = (
        0.02,
        1.35,
        0.5,
    )  # of the darkest tenth above the page's cleanest boxes: fixed, times those, times the noise
    quiet_ink_rise: tuple[float, float, float] = (0.012, 0.1, 0.22)  # the same for the mean
    spot: float = 0.42  # share of the pen's darkness at which one small spot is a dot and not dust
    clear: float = 0.42  # darkness that is a mark on any page
    mark: float = 0.26  # darkness below which no mark is accepted on an ordinary page
    like_pen: float = 0.42  # share of the page's own darkness that a mark must have (MEASURED: rubbed out 0.25, faint 0.46)
    faint_marks: int = 5  # items with marks of one strength that make a faint writer's page
    faint_mark: float = 0.20  # darkness below which no mark is accepted at all
    faint_spread: float = 0.65  # share of their median that every one of those marks reaches
    rubbed: float = 0.42  # share of the accepted mark's darkness that a rubbed-out one may keep
    rubbed_most: float = 0.22  # and how dark it may be at most
    smooth: float = 0.8  # share of the sharpness of the page's marks below which a mark no darker than they are is what a rubber left
    smooth_near: float = 0.92  # the same where something on the page was rubbed out, or all its marks are weak
    rest: float = 0.97  # share of the pen's darkness that rubbing out can leave at most
    rest_most: float = 0.5  # and how dark that may be
    pale: float = 0.62  # of the pen's darkness that a filled circle must have where something on the page was rubbed out
    pale_cover: float = 0.45  # what counts as filled there
    even: float = 0.75  # mean over darkest tenth of a circle filled with care; no rubber leaves it so even
    even_least: float = 0.6  # and at this share of the pen's darkness
    sharp: float = 2.9  # what stands for the page's sharpness where it has hardly a mark
    sharp_marks: int = 3  # and how many marks are more than that
    arc: float = 0.6  # of the page's sharpness in the middle of a circle; a thin mark with less lies on its edge: the outline looks in
    arc_cover: float = 0.25
    thin: float = 0.11  # radii; a mark narrower than this
    long: float = 0.40  # and as long as this, with
    beyond: float = 0.012  # so much ink outside, is a line drawn through the circle
    dot_span: float = 0.20  # radii; a mark that stretches less is a dot
    filled_cover: float = 0.55
    filled_least: float = 0.40
    open_cover: float = 0.52  # a × in an empty circle covers less than this
    open_least: float = 0.28
    line: float = 0.07  # darkness of a line beyond the edge, above what the page's empty boxes show there
    line_share: float = 0.25  # and its share of the box's own darkness: strokes over strokes are darker than one
    lines: int = 3
    all_lines: float = 0.1  # of four lines beyond the edge, which no answer has: less will do
    spill: float = 0.25  # darkness outside the box that no answer leaves
    end: float = 0.05  # darkness of a line beyond the edge, above the same, that makes a filled circle look crossed out
    ring: float = 0.05  # and of a stroke round an empty circle, in two of its corners
    noiseless: float = 0.002  # paper this even is black and white: the least dot is ink
    loose: float = 0.09  # darkness outside an empty box that is a mark put beside it
    stain_share: float = 0.55  # of its own darkness that a weak mark may have outside
    rim_share: float = 0.22  # of the page's outlines that a box must show
    rim_seen: float = 0.4  # outlines fainter than this prove nothing
    dark_paper: float = 0.30  # share of the page's paper below which a place is stained
    dim: float = 0.5  # share of the pen's darkness that noise may reach before nothing on the page can be believed
    candidates: int = 9


THRESHOLDS = Thresholds()


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
class Yardstick:
    """What this page's own boxes say.

    pen: darkness of its marks · least: darkness that a mark here must have · floor: darkest tenth of its empty boxes · quiet, quiet_ink: how dark an
    empty box may be · line: darkness that may stand along the diagonals of its empty boxes · rim: its outlines · paper: its paper · sharp: the
    edges of its marks · noise: unevenness of its white paper · weak: none of its marks is clear · rubs: something on it was rubbed out
    """

    pen: float
    least: float
    floor: float
    quiet: float
    quiet_ink: float
    line: float
    rim: float
    paper: float
    sharp: float = 0.0
    noise: float = 1.0
    weak: bool = False
    rubs: bool = False
    pupil: bool = True  # or the teacher, whose pen leaves other edges


@dataclass(frozen=True, slots=True)
class Seen:
    """A box that was looked at."""

    value: str
    kind: Kind
    mark: Mark


def judge_page(measurements: Mapping[str, Any], layout: Layout, thresholds: Thresholds = THRESHOLDS) -> tuple[ItemVerdict, ...]:
    """The verdict on every item of the layout, in its order, from the `measurements` of a PageVerdict."""
    marks = [Mark.from_list(each) for each in measurements["boxes"]]
    lost = {str(item) for item, likeness, *_shift in measurements["rows"] if likeness < thresholds.row_likeness}
    yardstick = yardstick_of(marks, [box.item for box in layout.boxes], thresholds)
    every = list(zip(layout.boxes, marks, strict=True))
    verdicts = []
    for item in layout.items:
        own = [(box.column, box.value, mark) for box, mark in every if box.item == item.item]
        verdicts.append(ItemVerdict(item.item, judge_item(item, own, yardstick, item.item in lost, thresholds)))
    return tuple(verdicts)


def yardstick_of(marks: Sequence[Mark], items: Sequence[str] = (), thresholds: Thresholds = THRESHOLDS) -> Yardstick:
    """The page's own measure of its pen, its paper and its print; `items` names the question of each mark."""
    if not marks:
        return Yardstick(1.0, 1.0, 0.0, thresholds.quiet, thresholds.quiet_ink, 0.0, 0.0, 1.0)
    noise = _cleanest([mark.noise for mark in marks])
    floor = _cleanest([mark.dark for mark in marks])
    floor = min(floor, thresholds.floor_noise * noise)  # what noise does not explain is a stripe or a stain
    risen = _risen(thresholds.quiet_rise, floor, noise)
    quiet = max(thresholds.quiet, risen)
    quiet_ink = max(thresholds.quiet_ink, _cleanest([mark.ink for mark in marks]) + _risen(thresholds.quiet_ink_rise, floor, noise))
    calm = [mark for mark in marks if mark.dark < quiet and mark.ink < quiet_ink]
    owners = items or [str(index) for index in range(len(marks))]
    sound = [
        (owner, mark.dark - floor, mark.sharp)
        for owner, mark in zip(owners, marks, strict=True)
        if mark.dark >= quiet and mark.span >= thresholds.dot_span and mark.outside <= thresholds.spill
    ]
    pen, least = _pen([(owner, strength) for owner, strength, _sharp in sound], thresholds)
    plain = Yardstick(
        pen,
        least,
        floor,
        max(min(thresholds.quiet, thresholds.quiet_share * pen), risen),
        quiet_ink,
        _line([each for mark in calm for each in (*mark.diagonals, *mark.near)]),
        median(mark.rim for mark in calm) if calm else 0.0,
        median(mark.paper for mark in marks),
        _edges([sharp for _owner, strength, sharp in sound if strength >= pen], thresholds),
        noise,
        all(strength < thresholds.clear for _owner, strength, _sharp in sound),
    )
    return replace(plain, rubs=any(_is_rest(mark, plain, thresholds) for mark in marks))


def _edges(sharp: Sequence[float], thresholds: Thresholds) -> float:
    """How sharp the edges of this page's marks are; hardly a mark tells nothing of itself."""
    if not any(sharp):
        return 0.0
    return median(sharp) if len(sharp) > thresholds.sharp_marks else max(median(sharp), thresholds.sharp)


def _is_rest(mark: Mark, yardstick: Yardstick, thresholds: Thresholds) -> bool:
    """Whether this is what a rubber left, by its weakness and by its edges."""
    if (mark.dark < yardstick.quiet and mark.ink < yardstick.quiet_ink) or mark.span < thresholds.dot_span:
        return False
    strength = mark.dark - yardstick.floor
    weak = strength < thresholds.rubbed * yardstick.pen and mark.sharp <= yardstick.sharp
    return mark.outside <= thresholds.spill and (weak or _smooth(mark, strength, yardstick, thresholds))


def _smooth(mark: Mark, strength: float, yardstick: Yardstick, thresholds: Thresholds) -> bool:
    """Without the edges that this page's pen leaves, and no darker than it: smeared. On a page of weak marks all are alike dark."""
    share = thresholds.smooth_near if yardstick.weak or yardstick.rubs else thresholds.smooth
    even = mark.ink >= thresholds.even * mark.dark and strength >= thresholds.even_least * yardstick.pen and not yardstick.weak
    most = thresholds.rest_most if yardstick.weak else min(thresholds.rest * yardstick.pen, thresholds.rest_most)
    return yardstick.pupil and strength < most and mark.sharp < share * yardstick.sharp and not even


def judge_item(
    item: Item, boxes: Sequence[tuple[int | None, str, Mark]], yardstick: Yardstick, lost: bool, thresholds: Thresholds = THRESHOLDS
) -> Judgement:
    """One question: `boxes` are (column, value, mark); `lost` says that its row was not found on the paper."""
    if item.rule == "score":
        yardstick = replace(yardstick, pupil=False, pen=min(yardstick.pen, thresholds.clear))
    seen = [(column, Seen(value, kind_of(mark, yardstick, thresholds), mark)) for column, value, mark in boxes]
    if lost:
        return Doubt(DoubtReason.OUT_OF_PLACE, _candidates((one for _column, one in seen), thresholds))
    if yardstick.quiet > thresholds.dim * yardstick.pen:
        return Doubt(DoubtReason.FAINT, _candidates((one for _column, one in seen), thresholds))
    if item.rule == "number":
        return _number(seen, thresholds)
    return _choice([one for _column, one in seen], item.rule == "several", thresholds)


def kind_of(mark: Mark, yardstick: Yardstick, thresholds: Thresholds = THRESHOLDS) -> Kind:
    """What one box looks like on a page with this yardstick."""
    if mark.paper < thresholds.dark_paper * yardstick.paper:
        return Kind.BLOTTED
    if mark.dark < yardstick.quiet and mark.ink < yardstick.quiet_ink:
        return _quiet_kind(mark, yardstick, thresholds)
    strength = mark.dark - yardstick.floor
    if strength < max(yardstick.least, thresholds.like_pen * yardstick.pen) or mark.span < thresholds.dot_span:
        return _weak_kind(mark, strength, yardstick, thresholds)
    return _strong_kind(mark, strength, yardstick, thresholds)


def _quiet_kind(mark: Mark, yardstick: Yardstick, thresholds: Thresholds) -> Kind:
    """Nothing inside: is the printed box there at all, and is there ink beside it?"""
    if yardstick.rim >= thresholds.rim_seen and mark.rim < thresholds.rim_share * yardstick.rim:
        return Kind.TORN
    if mark.spot - yardstick.floor > max(thresholds.spot * yardstick.pen, 2 * yardstick.quiet):
        return Kind.FAINT
    ringed = sum(each >= yardstick.line + thresholds.ring for each in mark.near) >= 2
    if mark.outside > thresholds.loose or ringed:
        return Kind.LOOSE
    return Kind.SPECK if yardstick.noise < thresholds.noiseless and mark.spot > yardstick.quiet else Kind.CLEAN


def _weak_kind(mark: Mark, strength: float, yardstick: Yardstick, thresholds: Thresholds) -> Kind:
    if mark.outside > thresholds.stain_share * mark.ink and mark.ink > 0.03:
        return Kind.STAINED
    rubbed = strength < min(thresholds.rubbed_most, thresholds.rubbed * yardstick.pen) and mark.span >= thresholds.dot_span
    return Kind.RUBBED if rubbed else Kind.FAINT


def _strong_kind(mark: Mark, strength: float, yardstick: Yardstick, thresholds: Thresholds) -> Kind:
    if mark.outside > thresholds.spill:
        return Kind.BLOTTED
    crossed = _crossed_kind(mark, strength, yardstick, thresholds)
    if crossed is not Kind.MARK:
        return crossed
    if mark.cover < thresholds.arc_cover and mark.sharp < thresholds.arc * yardstick.sharp:
        return Kind.SHIFTED
    beyond = mark.outside >= thresholds.beyond and mark.sharp > 0
    if beyond and mark.span >= thresholds.long and mark.thin < thresholds.thin:
        return Kind.LINE
    pale = yardstick.rubs and yardstick.pupil and mark.cover >= thresholds.pale_cover and strength < thresholds.pale * yardstick.pen
    if pale or _smooth(mark, strength, yardstick, thresholds):
        return Kind.SMEARED
    return Kind.FAINT if yardstick.weak and yardstick.rubs and yardstick.pupil else Kind.MARK


def _crossed_kind(mark: Mark, strength: float, yardstick: Yardstick, thresholds: Thresholds) -> Kind:
    """A mark, a cancelled one, or one of which nobody can tell."""
    filled = mark.cover >= thresholds.filled_cover and mark.least >= thresholds.filled_least
    hollow = mark.cover < thresholds.open_cover and mark.least < thresholds.open_least
    needed = yardstick.line + max(thresholds.line, thresholds.line_share * strength)
    far = sum(each >= needed for each in mark.diagonals)
    near = sum(each >= needed for each in mark.near)
    ends = sum(each >= yardstick.line + thresholds.end for each in mark.diagonals)
    every = all(each >= yardstick.line + thresholds.all_lines for each in mark.diagonals)
    if filled and (far >= thresholds.lines or every):
        return Kind.CANCELLED
    doubtful = ends >= 2 or near >= thresholds.lines
    return Kind.CROSSED if doubtful and not hollow else Kind.MARK


def _choice(seen: Sequence[Seen], several: bool, thresholds: Thresholds) -> Judgement:
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
    weak = one.mark.dark < min(thresholds.rubbed * chosen, thresholds.rubbed_most)
    thin = several and one.mark.cover < thresholds.filled_cover
    return one.kind in (Kind.RUBBED, Kind.STAINED, Kind.SPECK) and weak and not (thin and one.kind is not Kind.SPECK)


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


def _cleanest(values: Sequence[float]) -> float:
    """The lower quartile: most boxes of a page are empty, and a stripe or stain may still lie on half of those."""
    return sorted(values)[len(values) // 4]


def _risen(rise: tuple[float, float, float], floor: float, noise: float) -> float:
    fixed, by_floor, by_noise = rise
    return fixed + by_floor * floor + by_noise * noise


def _line(values: Sequence[float]) -> float:
    """How dark the paper along a diagonal may look where no line is."""
    if not values:
        return 0.0
    middle = median(values)
    return middle + 4 * 1.48 * median(abs(each - middle) for each in values)


def _pen(sound: Sequence[tuple[str, float]], thresholds: Thresholds) -> tuple[float, float]:
    """How dark this page's marks are, and how dark one must be: less only where marks of one strength stand in many items and none is clear."""
    clear = [strength for _owner, strength in sound if strength >= thresholds.clear]
    if clear:
        return min(1.0, median(clear)), thresholds.mark
    faint = [strength for _owner, strength in sound if strength >= thresholds.faint_mark]
    if not faint:
        return thresholds.clear, thresholds.mark
    middle = median(faint)
    steady = len({owner for owner, strength in sound if strength >= thresholds.faint_spread * middle})
    wavering = any(strength < thresholds.faint_spread * middle for _owner, strength in sound)
    return middle, thresholds.faint_mark if steady >= thresholds.faint_marks and not wavering else thresholds.mark
