"""Every threshold of the judging, by name. Needs none of the libraries that see, so that it can be looked at without them.

Districts may set them (scanning/rules); docs/reading.md argues each.
"""

from __future__ import annotations

from dataclasses import dataclass


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
    upright_noise: float = (
        1.3  # and how many times the unevenness of the paper: beside empty circles in noisy photographs 98 in 100 show less than 1.2
    )
    scrawl: float = 0.1  # darkness outside, and share of the paper round it that is inked, of a stroke that is part of writing
    edge: float = 1.7  # of what the page's empty boxes show along their outline: one that was drawn over
    edge_more: float = 0.6  # and this much more than they do, where 1 is a well printed outline: a pencil adds 1 and more, what a copier left of pale print differs by 0.55
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
    shown_share: float = 0.5  # of what the page's boxes usually show, where that is less still: a copier that washes print out leaves a little of it everywhere
    print_least: float = (
        0.15  # and from this on it is there, on a page of pale print (`rim_seen`): such a box is no hindrance beside a certain mark
    )
    dark_paper: float = 0.30  # share of the page's paper below which a place is stained
    dim: float = 0.6  # share of the pen's darkness that noise may reach before nothing on the page can be believed
    dim_many: float = 0.5  # and before nothing can that may hold more than is seen: numbers, and where several may be marked
    dim_blank: float = 0.12  # darkness that noise may reach before it may hide a faint mark
    dim_share: float = 0.25  # and the same as a share of the pen's darkness
    dim_empty: tuple[float, float] = (
        0.15,
        0.25,
    )  # darkness, and share of the pen's, that no circle of an empty question may then reach: noise mostly has less
    apart: float = 5.0  # spreads of the page's empty circles by which one stands out so far that its question is not called empty, if by
    apart_more: float = 0.03  # this much darkness at least
    apart_dim: float = 3.0  # and where noise may hide a faint mark
    candidates: int = 9
    leaves: float = 0.03  # darkness beyond the rim of a fill that is perhaps struck out: nine of ten plain ones show less
    struck_out: float = 0.85  # the fourth forest's weight from which a fill that the rules call a mark is perhaps struck out
    overshot: float = 0.95  # the third forest's weight from which a fill that the rules call perhaps struck out counts as one whose strokes leave the circle
    left_both: float = 0.98  # where the network of scanning/struck looked too: the two together
    left_least: float = 0.4  # its word that nobody struck a mark out, below which one is asked about
    left_strange: int = 3  # likely answers of a page that it calls struck out, and
    left_strange_share: float = 0.2  # their share of the page's likely answers, from which the paper is one that it does not know
    left_alone: float = 0.9  # its word from which that is enough where the forest takes the circle for an answer
    left_after_all: float = 0.9  # and from which what the rules call struck out is asked about
    likely: float = 0.5  # the forest's weight from which a box counts as marked
    sure: float = 0.95  # product of the weights in a question at which the forest is believed against the rules' doubt
    sure_stroke: float = 0.85  # the same of a tick or cross that stands alone in its question
    crisp: float = 1.25  # times the sharpness of the page's marks, and half as dark as its pen: of 729 ticks and crosses badly rubbed out none was both and in doubt
    certain: float = 0.995  # the forest's weight at which what looks like an outline, or a hair among several, is an answer all the same, and a ring beside a mark is passed over
    sure_smeared: float = 0.98  # its weight from which what looks smeared is an answer (Kind.SMEARED)
    sure_weak: float = (
        0.999  # and of what is paler than `like_pen`: with 0.95 alone half of the ticks that were rubbed out by a light hand were answers
    )
    smeared_seen: float = (
        0.96  # its weight from which what looks smeared is an answer where one is asked for and the patch's network has a word in it
    )
    weak_seen: float = 0.998  # and of what is paler than `like_pen`, likewise
    there: float = (
        0.95  # probability that there is anything in a box, which an answer has too: the two forests may differ on what neither has seen
    )
    second: float = 0.0005  # weight with which what is probably there, and
    second_dark: float = 0.18  # this dark, is no longer passed over where several may be marked: as likely a second answer as a rest
    certain_line: float = 0.999  # its weight from which a thin line, which may have come past, is an answer: a tick as thin is as sure
    agreed: float = 0.65  # product of the weights in a question that is enough where the rules say what the forest says
    agreed_several: float = (
        0.9  # and where several may be marked, of which one is easily missed, and of digits, of which one too many is easily seen
    )
    beside: float = (
        0.008  # share of the paper round a box, above the page's usual, that ink covers where nothing inside may be called blank
    )
    written: float = 2.0  # square millimetres of ink round the boxes of a question of which nothing inside may be called blank
    written_dark: float = 0.4  # and how dark that is, as a share of the page's pen: a hand's own writing 0.65 and more, what shines through, or is spilt, 0.2 to 0.4
    written_ink: float = 0.3  # or as dark as this: a pale pencil beside a dark pen; what shone through or was spilt had 0.2 to 0.27
    square: float = 1.0  # square millimetres of ink in the square over an empty column of a number: a minus has 1.5 and more
    red: float = 0.5  # redness of a mark that is another pen's, on a page with marks that are not red: a red fill, tick or cross has 0.7 and more, one over pencil mostly less than 0.5
    green: float = 0.25  # greenness of one: bright green ink has 0.35 and more, dark green and green over pencil 0.2
    alike_red: float = 0.72  # share of the reddest answer's redness that every mark of a page has that is red throughout: red over pale pencil comes to 0.7, one pen mostly to 0.8
    nothing: float = 0.02  # probability that there is anything, below which a box that is not clean is empty all the same


THRESHOLDS = Thresholds()
