"""The page itself as the yardstick of its boxes: how dark its own marks are and how sharp, and how quiet its empty boxes. Pure.

scanning/judge asks for it once a page; nothing is decided here but what the page as a whole tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING

from scanning.grain import Grain
from scanning.thresholds import THRESHOLDS, Thresholds

if TYPE_CHECKING:
    from scanning.marks import Mark


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
    stripe: tuple[bool, ...] = ()  # the corners in which many empty boxes show one and the same ink: a scanner's stripe beside a column
    beside: float = 0.0  # share of the paper round its boxes that counts as inked where nothing is
    dot: float = 0.0  # radii; what stretches less is a dot here
    edge: float = 0.0  # ink along the outlines of its empty boxes
    over: float = 0.0  # darkness outside the fills of a hand that runs over their rims, all over the page; 0 of any other
    grain: Grain = field(default_factory=Grain)  # what its empty boxes show
    shown: float = THRESHOLDS.shown  # of the print beside a box: less is not this paper
    pupil: bool = True  # or the teacher, whose pen leaves other edges


def yardstick_of(
    marks: Sequence[Mark], items: Sequence[str] = (), thresholds: Thresholds = THRESHOLDS, others: Collection[str] = ()
) -> Yardstick:
    """The page's own measure of its pen, its paper and its print; `items` names the question of each mark, `others` those that another hand fills in."""
    if not marks:
        return Yardstick(1.0, 1.0, 0.0, thresholds.quiet, thresholds.quiet_ink, 0.0, 0.0, 1.0)
    owners = items or [str(index) for index in range(len(marks))]
    shown = _shown([mark.shown for mark in marks], thresholds)
    there = [(mark, owner) for mark, owner in zip(marks, owners, strict=True) if mark.shown >= shown]
    if 0 < len(there) < len(marks):  # what is not in the picture says nothing of it
        return yardstick_of([mark for mark, _owner in there], [owner for _mark, owner in there], thresholds, others)
    noise = _cleanest([mark.noise for mark in marks])
    floor = _cleanest([mark.dark for mark in marks])
    floor = min(floor, thresholds.floor_noise * noise)  # what noise does not explain is a stripe or a stain
    risen = _risen(thresholds.quiet_rise, floor, noise)
    quiet = max(thresholds.quiet, risen)
    quiet_ink = max(thresholds.quiet_ink, _cleanest([mark.ink for mark in marks]) + _risen(thresholds.quiet_ink_rise, floor, noise))
    empty = [(owner, mark) for owner, mark in zip(owners, marks, strict=True) if mark.dark < quiet and mark.ink < quiet_ink]
    calm = [mark for _owner, mark in empty]
    found = [
        (owner, mark.dark - floor, mark.sharp, runs_through(mark, floor, thresholds))
        for owner, mark in zip(owners, marks, strict=True)
        if owner not in others and mark.dark >= quiet and mark.span >= thresholds.dot_span and mark.outside <= thresholds.spill
    ]
    sound = [(owner, strength, sharp) for owner, strength, sharp, dirt in found if not dirt]
    sound = sound or [
        (owner, strength, sharp) for owner, strength, sharp, _dirt in found
    ]  # a hand that draws long strokes tells of its pen by them
    pen, least = _pen([(owner, strength) for owner, strength, _sharp in sound], thresholds)
    plain = Yardstick(
        pen,
        least,
        floor,
        max(min(thresholds.quiet, thresholds.quiet_share * pen), risen),
        max(quiet_ink, min(thresholds.quiet_tint[0], thresholds.quiet_tint[1] * pen)),
        _line([each for mark in calm for each in (*mark.diagonals, *mark.near)]),
        median(mark.rim for mark in calm) if calm else 0.0,
        median(mark.paper for mark in marks),
        _edges([sharp for _owner, strength, sharp in sound if strength >= pen], thresholds),
        noise,
        all(strength < thresholds.clear for _owner, strength, _sharp in sound),
    )
    rubs = any(_is_rest(mark, plain, thresholds) for owner, mark in zip(owners, marks, strict=True) if owner not in others)
    beside = median(mark.beside for mark in marks)
    return replace(
        plain,
        rubs=rubs,
        shown=shown,
        beside=beside,
        grain=Grain.of(_palest(empty)),
        edge=median(mark.edge for mark in calm) if calm else 0.0,
        dot=_dot(marks, plain, thresholds),
        over=_over([each for each in zip(owners, marks, strict=True) if each[0] not in others], plain, thresholds),
        stripe=_stripe([corners(mark.near, plain.line + thresholds.ring) for mark in calm], thresholds),
    )


def _shown(print_: Iterable[float], thresholds: Thresholds) -> float:
    """What a box must show of the print beside it: less on a page that shows little everywhere, never so little that another paper might."""
    there = [each for each in print_ if each >= thresholds.print_least]
    return min(thresholds.shown, max(thresholds.print_least, thresholds.shown_share * median(there))) if there else thresholds.shown


def _palest(calm: Iterable[tuple[str, Mark]]) -> list[Mark]:
    """The calm boxes of all questions without the darkest of each question: where a page's answers are too pale to be seen, they are what is darkest, and do not tell what is empty."""
    questions: dict[str, list[Mark]] = {}
    for owner, mark in calm:
        questions.setdefault(owner, []).append(mark)
    return [mark for own in questions.values() for mark in sorted(own, key=lambda mark: mark.dark)[: max(1, len(own) - 1)]]


def _dot(marks: Sequence[Mark], plain: Yardstick, thresholds: Thresholds) -> float:
    """How far a mark must stretch to be no dot: less than any circle that is filled on purpose, but hands that make all their marks small are left theirs."""
    spans = [mark.span for mark in marks if mark.dark - plain.floor >= thresholds.like_pen * plain.pen and mark.span >= thresholds.dot_span]
    return max(thresholds.dot_span, thresholds.dot_share * median(spans)) if len(spans) >= thresholds.dot_marks else thresholds.dot_span


def corners(lines: Sequence[float], least: float) -> tuple[bool, ...]:
    """In which of the four diagonal directions there is ink: up right, down right, down left, up left."""
    return tuple(each >= least for each in lines)


def _stripe(seen: Sequence[tuple[bool, ...]], thresholds: Thresholds) -> tuple[bool, ...]:
    """Two corners of one side that many empty boxes share; rings drawn by a hand differ from each other."""
    sides = [each for each in seen if sum(each) == 2 and each[0] != each[2]]
    commonest = max(set(sides), key=lambda side: (sides.count(side), side), default=())
    return commonest if sides.count(commonest) >= thresholds.striped else ()


def _edges(sharp: Sequence[float], thresholds: Thresholds) -> float:
    """How sharp the edges of this page's marks are; hardly a mark tells nothing of itself."""
    if not any(sharp):
        return 0.0
    return median(sharp) if len(sharp) > thresholds.sharp_marks else max(median(sharp), thresholds.sharp)


def _is_rest(mark: Mark, yardstick: Yardstick, thresholds: Thresholds) -> bool:
    """Whether this is what a rubber left, by its weakness and by its edges."""
    if (mark.dark < yardstick.quiet and mark.ink < yardstick.quiet_ink) or mark.span < thresholds.dot_span:
        return False
    if looks_in(mark, yardstick, thresholds) or mark.cover < thresholds.rest_cover or mark.outside > thresholds.spill:
        return False
    strength = mark.dark - yardstick.floor
    weak = strength < thresholds.rubbed * yardstick.pen and mark.sharp <= yardstick.sharp
    smooth = is_smooth(mark, strength, yardstick, thresholds)
    if yardstick.weak:  # marks of one hand differ that much; what a rubber left is far smoother, or paler too
        smooth = smooth and (mark.sharp < thresholds.smooth * yardstick.sharp or strength < thresholds.paler * yardstick.pen)
    return weak or smooth


def looks_in(mark: Mark, yardstick: Yardstick, thresholds: Thresholds) -> bool:
    """Whether what is dark lies on the circle's edge only: its printed outline, moved or blurred."""
    return mark.cover < thresholds.arc_cover and mark.sharp < thresholds.arc * yardstick.sharp


def is_smooth(mark: Mark, strength: float, yardstick: Yardstick, thresholds: Thresholds) -> bool:
    """Without the edges that this page's pen leaves, and no darker than it: smeared. On a page of weak marks all are alike dark."""
    strokes = is_hollow(mark, thresholds) and strength >= thresholds.pale * yardstick.pen  # white between them: nothing was smeared
    near = yardstick.weak or (yardstick.rubs and not strokes)
    paler = mark.cover >= thresholds.pale_cover and strength < thresholds.pale_smooth * yardstick.pen
    share = thresholds.smooth_near if near or paler else thresholds.smooth
    even = mark.ink >= thresholds.even * mark.dark and strength >= thresholds.even_least * yardstick.pen and not yardstick.weak
    darkest = 1.0 if mark.sharp < thresholds.smeared * yardstick.sharp else thresholds.rest_most  # a soft pencil's smear is dark too
    most = thresholds.rest_most if yardstick.weak else min(thresholds.rest * yardstick.pen, darkest)
    return yardstick.pupil and strength < most and mark.sharp < share * yardstick.sharp and not even


def is_stripe(mark: Mark, yardstick: Yardstick, thresholds: Thresholds) -> bool:
    """Whether a straight line that runs on beyond its ends is all that lies in the box: dirt on the scanner's glass, or a slip.

    What stretches across the line too, or fills the circle, is more, if it is dark enough when the line is taken off.
    """
    inked = mark.dark >= yardstick.quiet or mark.ink >= yardstick.quiet_ink
    if not inked or not has_line(mark, yardstick.floor, thresholds):
        return False
    without = (
        1.0 - (1.0 - mark.dark) / max(0.05, 1.0 - mark.through) - yardstick.floor
    )  # the line takes its share of the light that the mark leaves
    broad = mark.cover >= thresholds.filled_cover or mark.thin >= thresholds.broad
    return not broad or without < max(yardstick.least, thresholds.like_pen * yardstick.pen)


def runs_through(mark: Mark, floor: float, thresholds: Thresholds) -> bool:
    """The same of a box that is known to hold ink; `floor`: the darkest tenth of this page's empty boxes."""
    return mark.cover < thresholds.filled_cover and has_line(mark, floor, thresholds)


def has_line(mark: Mark, floor: float, thresholds: Thresholds) -> bool:
    """Whether a line runs through the box, whatever else is there."""
    return mark.through >= max(thresholds.through, thresholds.through_share * (mark.dark - floor))


def is_slip(mark: Mark, thresholds: Thresholds) -> bool:
    """Whether one thin line, and nothing else, reaches out of the box: a tick has two arms. That it leaves on both sides may be hidden by print."""
    told = mark.sharp > 0  # an older reader did not take how thin a mark is
    return told and mark.thin < thresholds.slip_thin and mark.outside >= thresholds.slip_outside and is_hollow(mark, thresholds)


def reaches_out(mark: Mark, thresholds: Thresholds) -> bool:
    """Whether a box holds one narrow stroke that goes beyond its rim: a tick's, if it leaves to the upper right alone, or one that came past."""
    narrow = mark.sharp > 0 and mark.thin < thresholds.passing  # an older reader did not take how thin a mark is
    return narrow and mark.outside >= thresholds.beyond and is_hollow(mark, thresholds)


def leaves(mark: Mark, yardstick: Yardstick, thresholds: Thresholds) -> bool:
    """Whether ink goes beyond the rim in one of eight directions at least, as it does where a fill is struck out."""
    return max(max(mark.near) - yardstick.line, *mark.axes) >= thresholds.leaves


def is_hollow(mark: Mark, thresholds: Thresholds) -> bool:
    """Strokes with white between them, as ticks and crosses in an empty circle are."""
    return mark.cover < thresholds.open_cover and mark.least < thresholds.open_least


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


def is_dim(yardstick: Yardstick, thresholds: Thresholds) -> bool:
    """Whether noise on this page may be as dark as a faint mark."""
    return yardstick.quiet > min(thresholds.dim_blank, thresholds.dim_share * yardstick.pen)


def is_fill(mark: Mark, yardstick: Yardstick, thresholds: Thresholds) -> bool:
    """Whether a box is filled from rim to rim, as dark as the page's pen fills."""
    filled = mark.cover >= thresholds.filled_cover and mark.least >= thresholds.filled_least
    return filled and mark.dark - yardstick.floor >= thresholds.rubbed * yardstick.pen


def runs_over(mark: Mark, yardstick: Yardstick, thresholds: Thresholds) -> bool:
    """Whether a box is filled beyond its rim; lines that go far from it, as those of a cross do, are something else."""
    strength = mark.dark - yardstick.floor
    far = sum(each >= yardstick.line + max(thresholds.line, thresholds.line_share * strength) for each in mark.diagonals)
    line = far > 1 or max(mark.axes) >= thresholds.over_line * strength
    return is_fill(mark, yardstick, thresholds) and mark.outside >= thresholds.over and not line


def _over(marks: Sequence[tuple[str, Mark]], yardstick: Yardstick, thresholds: Thresholds) -> float:
    """How far the fills of this page usually run over their rims, where many do; only those count that stand alone in their questions, as corrections do not."""
    fills = [(owner, mark) for owner, mark in marks if is_fill(mark, yardstick, thresholds)]
    questions = Counter(owner for owner, _mark in fills)
    alone = [mark for owner, mark in fills if questions[owner] == 1]
    over = [mark.outside for mark in alone if runs_over(mark, yardstick, thresholds)]
    many = len(over) >= max(thresholds.over_marks, thresholds.over_share * len(alone))
    return median(over) if many else 0.0


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
