"""What one box looks like on its page: clean, marked, taken back, or something of which nobody can be sure. Pure.

scanning/judge asks for the kind of every box; what a question's boxes mean together stands there.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from scanning.marks import Mark
from scanning.thresholds import THRESHOLDS, Thresholds
from scanning.yardstick import Yardstick, corners, is_hollow, is_slip, is_smooth, is_stripe, looks_in, runs_over


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
    STRIPE = "stripe"  # a straight one that runs on beyond both ends, as dirt on the scanner's glass leaves it
    STRUCK = "struck"  # filled, and a line as of the same pen straight through it and on: struck out, perhaps
    RINGED = "ringed"  # filled, and perhaps a ring round it: the one that counts, or not
    FLOODED = "flooded"  # a fill far over its rim, as this page's hand fills
    SPECK = "speck"  # a few dots on a page without noise


def kind_of(mark: Mark, yardstick: Yardstick, thresholds: Thresholds = THRESHOLDS) -> Kind:
    """What one box looks like on a page with this yardstick."""
    if is_gone(mark, yardstick, thresholds):
        return Kind.TORN
    if mark.paper < thresholds.dark_paper * yardstick.paper:
        return Kind.BLOTTED
    if is_stripe(mark, yardstick, thresholds):
        return Kind.STRIPE
    if mark.dark < yardstick.quiet and mark.ink < yardstick.quiet_ink:
        return _quiet_kind(mark, yardstick, thresholds)
    strength = mark.dark - yardstick.floor
    crisp = not yardstick.pupil and mark.sharp >= yardstick.sharp > 0  # a teacher does not rub out
    least = thresholds.faint_mark if crisp else yardstick.least
    hardly = yardstick.sharp <= 0 and mark.cover < thresholds.unweighed_cover
    hair = mark.cover < thresholds.stroke_cover and strength < thresholds.hair * yardstick.pen
    if strength < max(least, thresholds.like_pen * yardstick.pen) or mark.span < max(yardstick.dot, thresholds.dot_span) or hardly or hair:
        return _weak_kind(mark, strength, yardstick, thresholds)
    return _strong_kind(mark, strength, yardstick, thresholds)


def is_gone(mark: Mark, yardstick: Yardstick, thresholds: Thresholds) -> bool:
    """Whether a box is not in the picture, or shows neither what is printed beside it nor its outline. Faded toner may lose a letter and keep the circle."""
    outline = thresholds.rim_held * max(yardstick.rim, thresholds.rim_seen / 2)
    return mark.shown < yardstick.shown and (mark.shown <= 0 or mark.rim < outline)


def is_pale_print(mark: Mark, yardstick: Yardstick, thresholds: Thresholds) -> bool:
    """Whether a box is called torn only because a page of pale print shows it hardly at all: what little there is of it is print, and nothing else is there."""
    pale = yardstick.rim < thresholds.rim_seen and thresholds.print_least <= mark.shown < thresholds.shown
    return pale and kind_of(replace(mark, shown=1.0, rim=max(mark.rim, yardstick.rim)), yardstick, thresholds) is Kind.CLEAN


def leaves_once(mark: Mark, thresholds: Thresholds) -> bool:
    """Whether a line leaves the circle to the upper right only: it was begun inside, as a tick is, and no slip of the pen came past."""
    upper_right, *others = corners(mark.near, thresholds.ring)
    return upper_right and not any(others) and mark.through < thresholds.through and not _passes(mark, thresholds)


def _passes(mark: Mark, thresholds: Thresholds) -> bool:
    """Whether narrow ink leaves the circle on two sides, at least 135 degrees apart: a line that passes beside the middle is short inside, and a tick's arms leave nearer to each other."""
    (upper_right, lower_right, lower_left, upper_left), (right, down, left, up) = mark.near, mark.axes
    round_about = [each >= thresholds.line for each in (up, upper_right, right, lower_right, down, lower_left, left, upper_left)]
    apart = any(round_about[way] and round_about[(way + turn) % 8] for way in range(8) for turn in (3, 4))
    return mark.thin < thresholds.passing and apart


def _is_covered(mark: Mark, yardstick: Yardstick, thresholds: Thresholds) -> bool:
    """Whether a box without a mark shows no outline on a page that shows them: something lies over it."""
    return yardstick.rim >= thresholds.rim_seen and mark.rim < thresholds.rim_share * yardstick.rim


def _quiet_kind(mark: Mark, yardstick: Yardstick, thresholds: Thresholds) -> Kind:
    """Nothing inside: is the printed box there at all, and is there ink beside it?"""
    if _is_covered(mark, yardstick, thresholds):
        return Kind.TORN
    if mark.spot - yardstick.floor > max(thresholds.spot * yardstick.pen, 2 * yardstick.quiet):
        return Kind.FAINT
    if yardstick.edge > 0 and mark.edge >= max(thresholds.edge * yardstick.edge, yardstick.edge + thresholds.edge_more):
        return Kind.LOOSE  # the outline was drawn over
    round_about = corners(mark.near, yardstick.line + thresholds.ring)
    if mark.outside > thresholds.loose or (sum(round_about) >= 2 and round_about != yardstick.stripe):
        return Kind.LOOSE
    ink = yardstick.noise < thresholds.noiseless and mark.spot > max(yardstick.quiet, thresholds.speck_spot)
    return Kind.SPECK if ink else Kind.CLEAN


def _weak_kind(mark: Mark, strength: float, yardstick: Yardstick, thresholds: Thresholds) -> Kind:
    """Less than a mark. A rubber leaves neither edges nor white between them: what has both is a stroke, however faint."""
    if mark.outside > thresholds.stain_share * mark.ink and mark.ink > 0.03:
        return Kind.STAINED
    if looks_in(mark, yardstick, thresholds):
        return Kind.SHIFTED
    if _is_covered(mark, yardstick, thresholds):
        return Kind.TORN
    edges = mark.sharp >= yardstick.sharp > 0 and mark.dark >= 2 * yardstick.quiet  # noise has edges too
    stroke = edges and mark.cover >= thresholds.stroke_cover and is_hollow(mark, thresholds)
    rubbed = strength < min(thresholds.rubbed_most, thresholds.rubbed * yardstick.pen) and mark.span >= thresholds.dot_span
    return Kind.RUBBED if rubbed and not stroke else Kind.FAINT


def _strong_kind(mark: Mark, strength: float, yardstick: Yardstick, thresholds: Thresholds) -> Kind:
    if mark.outside > thresholds.spill:
        usual = yardstick.pupil and runs_over(mark, yardstick, thresholds) and mark.outside <= thresholds.over_most * yardstick.over
        return Kind.FLOODED if usual else Kind.BLOTTED
    crossed = _crossed_kind(mark, strength, yardstick, thresholds)
    if crossed is not Kind.MARK:
        return crossed
    if looks_in(mark, yardstick, thresholds):
        return Kind.SHIFTED
    tick = not yardstick.pupil and _is_point_of_a_tick(mark, strength, thresholds)
    scrawl = mark.cover < thresholds.filled_cover and min(mark.outside, mark.beside) >= thresholds.scrawl
    beyond = mark.outside >= thresholds.beyond and mark.sharp > 0
    line = (mark.thin < thresholds.thin and mark.span >= thresholds.long) or _passes(mark, thresholds)
    if tick or scrawl or (beyond and line) or is_slip(mark, thresholds):
        return Kind.LINE
    pale = yardstick.rubs and yardstick.pupil and mark.cover >= thresholds.pale_cover and strength < thresholds.pale * yardstick.pen
    if pale or is_smooth(mark, strength, yardstick, thresholds):
        return Kind.SMEARED
    return Kind.FAINT if yardstick.weak and yardstick.rubs and yardstick.pupil else Kind.MARK


def _is_ringed(mark: Mark, needed: float, thresholds: Thresholds) -> bool:
    """Whether the lines outside a filled circle may be a ring round it, which says that it counts: lines that do not reach the circle, or ink beside and above or below it, where a cross leaves none."""
    apart = sum(far >= needed and near < thresholds.ring_gap * needed for near, far in zip(mark.near, mark.diagonals, strict=True))
    right, down, left, up = mark.axes
    return apart >= 2 or min(max(right, left), max(up, down)) >= thresholds.line or min(up, down) >= thresholds.ring_gap * needed


def _is_point_of_a_tick(mark: Mark, strength: float, thresholds: Thresholds) -> bool:
    """Whether a line comes down from the upper left into a strip's circle: a tick over the whole answer, whose point fell there, says nothing of points."""
    needed = max(thresholds.line, thresholds.line_share * strength)
    _upper_right, _lower_right, lower_left, upper_left = (
        far >= thresholds.line and near >= needed for near, far in zip(mark.near, mark.diagonals, strict=True)
    )
    return upper_left and not lower_left and is_hollow(mark, thresholds)


def _is_struck_upright(mark: Mark, strength: float, noise: float, thresholds: Thresholds) -> bool:
    """Whether a line goes through the circle from above to below or from side to side and ends there, or another goes across it, as those of an upright cross do; a scanner's stripe goes on, alone."""
    right, down, left, up = mark.axes
    needed = max(thresholds.upright, thresholds.upright_share * strength, thresholds.upright_noise * noise)
    line = max(min(up, down), min(left, right))
    across = sum(each >= needed for each in mark.axes) >= thresholds.lines
    return line >= needed and (across or mark.through < thresholds.goes_on * line)


def _crossed_kind(mark: Mark, strength: float, yardstick: Yardstick, thresholds: Thresholds) -> Kind:
    """A mark, a cancelled one, or one of which nobody can tell."""
    filled = mark.cover >= thresholds.filled_cover and mark.least >= thresholds.filled_least
    hollow = is_hollow(mark, thresholds)
    needed = yardstick.line + max(thresholds.line, thresholds.line_share * strength)
    far = sum(each >= needed for each in mark.diagonals)
    near = sum(each >= needed for each in mark.near)
    ends = corners(mark.diagonals, yardstick.line + thresholds.end)
    reached = all(each >= yardstick.line + thresholds.ring for each in mark.near)  # dirt on both sides of a circle lies further out
    every = reached and all(each >= yardstick.line + thresholds.all_lines for each in mark.diagonals)
    lasting = sum(one >= needed and other >= thresholds.line_end * needed for one, other in zip(mark.near, mark.diagonals, strict=True))
    ringed = filled and _is_ringed(mark, needed, thresholds)
    if filled and (far >= thresholds.lines or every or lasting >= thresholds.lines):
        return Kind.RINGED if ringed else Kind.CANCELLED
    if (
        not hollow
        and near < thresholds.lines
        and (mark.through >= thresholds.struck * strength or _is_struck_upright(mark, strength, yardstick.noise, thresholds))
    ):
        return Kind.STRUCK
    beyond_edge = sum(each >= yardstick.line + max(thresholds.line, thresholds.burst * strength) for each in mark.near)
    burst = beyond_edge == len(mark.near) or (beyond_edge >= thresholds.lines and far > 0)
    doubtful = (sum(ends) >= 2 and ends != yardstick.stripe) or near >= thresholds.lines or burst
    if not doubtful or hollow:
        return Kind.MARK
    return Kind.RINGED if ringed else Kind.CROSSED
