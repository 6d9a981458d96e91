"""The page itself as the yardstick of its boxes: how dark its own marks are and how sharp, and how quiet its empty boxes. Pure.

scanning/judge asks for it once a page; nothing is decided here but what the page as a whole tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # so that thresholds can be looked at without the libraries that see
    from scanning.marks import Mark


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every number that a verdict hangs on. Darkness is 0 for paper, 1 for the page's own print; docs/reading.md argues each."""

    row_likeness: float = 0.4  # below it a row is out of place
    row_gain: float = 0.25  # darkness of a row's print, against the blank's, below which pencil may not show either
    row_share: float = 0.37  # and its share of the page's darkest row
    quiet: float = 0.08  # an empty box is never asked to be cleaner than this: darkest tenth
    quiet_share: float = 0.1  # or than this share of a light pen's darkness
    quiet_ink: float = 0.02  # the same for the mean
    quiet_tint: tuple[float, float] = (0.035, 0.05)  # or than an even tint that no eye sees, and than this share of the pen's darkness
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
    smeared: float = 0.65  # share of the page's sharpness below which it may be of any darkness
    pale: float = 0.62  # of the pen's darkness that a filled circle must have where something on the page was rubbed out
    pale_smooth: float = 0.65  # and below this one that lacks sharpness too is no mark on any page
    pale_cover: float = 0.45  # what counts as filled there
    even: float = 0.75  # mean over darkest tenth of a circle filled with care; no rubber leaves it so even
    even_least: float = 0.6  # and at this share of the pen's darkness
    sharp: float = 2.9  # what stands for the page's sharpness where it has hardly a mark
    sharp_marks: int = 3  # and how many marks are more than that
    arc: float = 0.6  # of the page's sharpness in the middle of a circle; a thin mark with less lies on its edge: the outline looks in
    arc_cover: float = 0.25
    rest_cover: float = 0.12  # a rubber smears: what covers less of a circle is no proof of one on the page
    speck: float = 0.2  # of a clear mark's darkness: what is short at the circle's edge, and no darker than this, is no dot of the same pen
    arc_outside: float = 0.05  # such an edge with no more ink than this outside is nothing beside a clear mark
    paler: float = 0.8  # of the pen's darkness: below it, on a weak page, a mark hardly smoother than the others was rubbed out
    thin: float = 0.11  # radii; a mark narrower than this
    long: float = 0.40  # and as long as this, with
    passing: float = 0.13  # radii across its own length of a line that leaves on two sides, however short it is inside: a tick is broader
    slip_thin: float = 0.09  # radii across its own length of a line that, with
    slip_outside: float = (
        0.02  # this much ink outside, passed through in haste: of 60,000 plain answers six are as thin and reach out as far
    )
    arms: float = 0.1  # darkness of ink just beyond a filled circle, in two corners: a short cross over it, where a clean fill stands beside it and several may be marked
    half_there: float = 0.5  # of the pen's darkness, from which what looks rubbed out is asked about beside an answer
    through: float = 0.06  # darkness of a straight line beyond both ends of a box at which it runs through, seen a little blurred
    struck: float = 0.4  # share of a filled circle's darkness that a line through it and on has: dirt on the glass is paler than pens
    goes_on: float = 0.8  # share of a line's darkness that it keeps to the edge of what is looked at, if it is dirt on the glass
    upright: float = 0.05  # darkness of a line up and down, or to both sides, of a fill that is struck out upright
    upright_share: float = 0.12  # and its share of the fill's darkness: of 3,663 plain fills 5 in 1,000 have 0.065 by chance, 8 have 0.12
    scrawl: float = 0.1  # darkness outside, and share of the paper round it that is inked, of a stroke that is part of writing
    edge: float = 1.7  # of what the page's empty boxes show along their outline: one that was drawn over
    pale_several: float = (
        0.6  # of the pen's darkness: where several may be marked, what is paler is perhaps the rest of one that was taken back
    )
    through_share: float = 0.2  # and its share of the darkness inside
    slim: float = 0.08  # radii across its own length below which it is the line alone
    broad: float = 0.15  # radii across its own length from which what such a line passes through is more than the line
    beyond: float = 0.012  # so much ink outside, is a line drawn through the circle
    dot_span: float = 0.20  # radii; a mark that stretches less is a dot
    dot_share: float = 0.59  # and so is one that stretches less than this share of what the page's marks usually do
    dot_marks: int = 3  # of which there are as many
    filled_cover: float = 0.55
    filled_least: float = 0.40
    open_cover: float = 0.52  # a × in an empty circle covers less than this
    open_least: float = 0.28
    line: float = 0.07  # darkness of a line beyond the edge, above what the page's empty boxes show there
    line_share: float = 0.25  # and its share of the box's own darkness: strokes over strokes are darker than one
    lines: int = 3
    line_end: float = 0.6  # share of that darkness that a line may have lost at its end, where it is as dark as that near the edge
    all_lines: float = 0.1  # of four lines beyond the edge, which no answer has: less will do
    burst: float = 0.15  # share of the box's own darkness that ink just beyond its edge has, in four directions, or in three with one far line: crossed out askew
    spill: float = 0.25  # darkness outside the box that no answer leaves, but for a hand that runs over
    over: float = 0.1  # darkness outside a fill that runs over its rim
    over_marks: int = 3  # so many of which, and
    over_share: float = 0.7  # such a share of the fills that stand alone, make a hand that runs over everywhere, as small children's do
    over_line: float = 0.7  # share of a fill's darkness that a line through it has, further out than fills run over
    over_most: float = 1.5  # times what is usual for that hand: from there on it is a blot, or a scribble
    end: float = 0.05  # darkness of a line beyond the edge, above the same, that makes a filled circle look crossed out
    striped: int = 4  # empty boxes with the same ink at the same side: a stripe
    unweighed_cover: float = (
        0.12  # what covers less is no mark on a page of whose edges nothing is known, so that the forest cannot be asked
    )
    stroke_cover: float = 0.18  # a tick or a cross covers more than this; an outline that looks in, and noise, less
    hair: float = 0.8  # share of the pen's darkness below which what covers less is a hair or a slip
    ring: float = 0.05  # and of a stroke round an empty circle, in two of its corners
    ring_gap: float = 0.5  # share of the darkness of a line far from the circle that one has near it, if it comes from there
    noiseless: float = 0.002  # paper this even is black and white: the least dot is ink
    washed: float = 0.5  # grey of the print over paper from which white paper as even as that tells of light that was cut off: a pencil is gone before print is as pale
    faded: float = 0.45  # darkness of the paler quarter of a page's answers below which a copier may have taken others: nine of ten pages that lost some had 0.36 or less
    faded_answers: int = 3  # so many of which tell how pale a page's answers are
    trace: float = 0.03  # what was left of those in their circles; untouched ones on such pages have 0.01 to 0.02
    trace_share: float = 0.1  # and as a share of that darkness
    pale_doubts: int = 2  # questions in doubt for their paleness on a page without an answer: others may have gone whole
    stands_out: float = 2.0  # times the usual darkness of a faded page's answers: strokes over strokes, a cross whose fill has gone
    kept: float = 0.5  # share of a worksheet's questions that show an answer, below which nothing on it is believed if it has no greys and shows signs of loss
    broken: float = 0.88  # darkness of the paler quarter of its answers below which pencil was broken up: what a pen leaves is black
    crumb: float = 0.012  # and what is left there of a mark that went whole, a dot or two, more than most untouched circles show
    speck_spot: float = 0.14  # from this darkness on; paler is the smoothed edge of print on a page that a program drew
    loose: float = 0.09  # darkness outside an empty box that is a mark put beside it
    stain_share: float = 0.55  # of its own darkness that a weak mark may have outside
    rim_share: float = 0.22  # of the page's outlines that a box must show
    rim_seen: float = 0.4  # outlines fainter than this prove nothing
    rim_held: float = 0.6  # share of the page's outlines that proves a box whose letter cannot be seen
    shown: float = 0.3  # of the print beside a box: less is not this paper, or cannot be seen for light, blur or dirt
    print_least: float = (
        0.15  # and from this on it is there, on a page of pale print (`rim_seen`): such a box is no hindrance beside a certain mark
    )
    dark_paper: float = 0.30  # share of the page's paper below which a place is stained
    dim: float = 0.5  # share of the pen's darkness that noise may reach before nothing on the page can be believed
    dim_blank: float = 0.12  # darkness that noise may reach before nobody can say that an item holds no faint mark
    dim_share: float = 0.25  # and the same as a share of the pen's darkness
    candidates: int = 9
    leaves: float = 0.03  # darkness beyond the rim of a fill that is perhaps struck out: nine of ten plain ones show less
    struck_out: float = 0.8  # the fourth forest's weight from which a fill that the rules call a mark is perhaps struck out
    overshot: float = 0.99  # the third forest's weight from which a fill that the rules call perhaps struck out counts as one whose strokes leave the circle
    likely: float = 0.5  # the forest's weight from which a box counts as marked
    sure: float = 0.95  # product of the weights in a question at which the forest is believed against the rules' doubt
    sure_stroke: float = 0.85  # the same of a tick or cross that stands alone in its question
    crisp: float = 1.25  # times the sharpness of the page's marks, and half as dark as its pen: of 729 ticks and crosses badly rubbed out none was both and in doubt
    certain: float = 0.99  # the forest's weight at which what looks like an outline is an answer all the same
    agreed: float = 0.7  # the same where the rules say what the forest says
    agreed_several: float = 0.9  # and where several may be marked: a second answer is easily missed
    beside: float = (
        0.008  # share of the paper round a box, above the page's usual, that ink covers where nothing inside may be called blank
    )
    written: float = 2.0  # square millimetres of ink round the boxes of a question of which nothing inside may be called blank
    written_dark: float = 0.4  # and how dark that is, as a share of the page's pen: a hand's own writing 0.65 and more, what shines through, or is spilt, 0.2 to 0.4
    written_ink: float = 0.3  # or as dark as this: a pale pencil beside a dark pen; what shone through or was spilt had 0.2 to 0.27
    square: float = 1.0  # square millimetres of ink in the square over an empty column of a number: a minus has 1.5 and more
    red: float = 0.5  # redness of a mark that is another pen's, on a page with marks that are not red: a red fill, tick or cross has 0.7 and more, one over pencil mostly less than 0.5
    alike_red: float = 0.72  # share of the reddest answer's redness that every mark of a page has that is red throughout: red over pale pencil comes to 0.7, one pen mostly to 0.8
    nothing: float = 0.02  # probability that there is anything, below which a box that is not clean is empty all the same


THRESHOLDS = Thresholds()


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
    pupil: bool = True  # or the teacher, whose pen leaves other edges


def yardstick_of(
    marks: Sequence[Mark], items: Sequence[str] = (), thresholds: Thresholds = THRESHOLDS, others: Collection[str] = ()
) -> Yardstick:
    """The page's own measure of its pen, its paper and its print; `items` names the question of each mark, `others` those that another hand fills in."""
    if not marks:
        return Yardstick(1.0, 1.0, 0.0, thresholds.quiet, thresholds.quiet_ink, 0.0, 0.0, 1.0)
    owners = items or [str(index) for index in range(len(marks))]
    there = [(mark, owner) for mark, owner in zip(marks, owners, strict=True) if mark.shown >= thresholds.shown]
    if 0 < len(there) < len(marks):  # what is not in the picture says nothing of it
        return yardstick_of([mark for mark, _owner in there], [owner for _mark, owner in there], thresholds, others)
    noise = _cleanest([mark.noise for mark in marks])
    floor = _cleanest([mark.dark for mark in marks])
    floor = min(floor, thresholds.floor_noise * noise)  # what noise does not explain is a stripe or a stain
    risen = _risen(thresholds.quiet_rise, floor, noise)
    quiet = max(thresholds.quiet, risen)
    quiet_ink = max(thresholds.quiet_ink, _cleanest([mark.ink for mark in marks]) + _risen(thresholds.quiet_ink_rise, floor, noise))
    calm = [mark for mark in marks if mark.dark < quiet and mark.ink < quiet_ink]
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
        beside=beside,
        edge=median(mark.edge for mark in calm) if calm else 0.0,
        dot=_dot(marks, plain, thresholds),
        over=_over([each for each in zip(owners, marks, strict=True) if each[0] not in others], plain, thresholds),
        stripe=_stripe([corners(mark.near, plain.line + thresholds.ring) for mark in calm], thresholds),
    )


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
