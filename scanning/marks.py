"""What the pencil left in every box, in numbers: sampled straight through the transform, against the paper beside it, minus the print.

scanning/page calls `measure`; scanning/judge reads the numbers. No decision is taken here. Everything is in the box's own radii, so that boxes of
all sizes and pictures of all resolutions give the same numbers.

Darkness is 0 for the paper beside the box and 1 for the page's own solid print.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from packets.layout import BLANK_DPI, Layout
from scanning.areas import (
    ASLANT,
    AXES,
    DIAGONAL_STEPS,
    FAR_DIAGONAL,
    MIDDLE,
    NEAR_DIAGONAL,
    UPRIGHT,
    Reach,
    Ways,
    areas_of_a_patch,
    cells_of_lines,
    middle_part,
    reached,
    rings_inside,
)
from scanning.patches import BARE, SIDE, SPAN, Values, axes, light, sampled
from scanning.ruled import Line, lifted
from scanning.transform import Points, Transform, remap_grid
from scanning.verdict import Grey

NOISE_EVERY = 5  # of the cells
TILT = 2  # cells that each end of a line through a box may lie aside: 5 degrees of lean
EMPTY = 0.03  # darkness inside a box below which no line through it is told: none of its numbers says that there is anything
BESIDE = 0.18  # darkness of paper beside a box that is ink
LINED, LINED_NOISE, LINED_BOXES = (
    0.04,
    1.5,
    3,
)  # darkness of a line through a box, or to both of its sides, also against the noise of the paper, and boxes that show one before the paper may be ruled
STEEP = 0.8  # share of the cells that are less steep than the one that is told
PRINTED = 0.06  # darkness of the blank print that counts as print
OUTLINE, FURTHEST = (0.75, 1.25), 5  # radii in which a lost outline is sought, and how many cells away
MISSED, REGAINED = 0.6, 0.8  # shares of the page's own outlines: a box that shows less is sought, one that then shows more is held
PLAINER = 1.25  # times what it shows where it was expected: noise finds a little more anywhere
HALF_MISSED, UNMARKED = (
    1.0,
    0.06,
)  # share of them that an empty circle shows that is sought too, and its mean darkness at most: nothing but its outline can draw it aside
ENOUGH_PRINT = 5.0
LEAST_RING = 0.05  # darkness of the print along an outline
DECIMALS = 3
LATER = 4  # numbers at the end, `axes`, without which a page is judged as it was before they were taken
UNTOLD = [0.0] * 22 + [1.0, 1.0] + [0.0] * 4  # in the order of `Mark.as_list`
IN_FULL = len(UNTOLD)  # numbers of a box of which nothing is untold
Four = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """One box. All between 0 and about 1, `noise` excepted.

    ink: mean darkness inside · dark: its darkest tenth · spot: the darkest small spot · cover: share of the inside that is at least half as
    dark as `dark` · least: the lightest eighth of the inside against `ink` · span: how far the mark stretches, in radii · outside: mean darkness of
    the white paper round the box · diagonals: how dark a line along each diagonal is at 1.7 to 2.2 radii · near: the same at 1.3 to 1.65 · rim: how much of the printed
    outline is there · noise: unevenness of the white paper round it · paper: the grey value of that paper, of 1 · thin: how far the mark stretches across
    its own length, in radii · sharp: how suddenly light turns to dark inside, in whole turns a radius (of its steeper fifth) · beside: share of
    the white paper within reach, from 1.2 radii on, that ink covers · through: how dark a straight line is that runs through the box and on, at its palest ·
    shown: how much of what is printed round the box, from 1.2 radii on, is there; 0 outside the picture, 1 where hardly anything is printed ·
    edge: ink in a ring along the outline over what is printed there: 1 of an untouched box on well printed paper · axes: how dark a line to the right, down, to
    the left and up is at 1.5 to 1.95 radii
    """

    ink: float
    dark: float
    spot: float
    cover: float
    least: float
    span: float
    outside: float
    diagonals: Four
    near: Four
    rim: float
    noise: float
    paper: float
    thin: float = 0.0
    sharp: float = 0.0
    beside: float = 0.0
    through: float = 0.0
    shown: float = 1.0
    edge: float = 1.0
    axes: Four = (0.0, 0.0, 0.0, 0.0)

    def as_list(self) -> list[float]:
        """The numbers in the order of the fields, rounded, diagonals laid flat."""
        before = (self.ink, self.dark, self.spot, self.cover, self.least, self.span, self.outside)
        behind = (self.rim, self.noise, self.paper, self.thin, self.sharp, self.beside, self.through, self.shown, self.edge)
        return [round(each, DECIMALS) for each in (*before, *self.diagonals, *self.near, *behind, *self.axes)]

    @classmethod
    def from_list(cls, numbers: list[float]) -> Mark:
        """The mark that `as_list` wrote; of numbers that an older reader did not take, what says nothing."""
        values = [*map(float, numbers), *UNTOLD[len(numbers) :]]
        ink, dark, spot, cover, least, span, outside = values[:7]
        rim, noise, paper, thin, sharp, beside, through, shown, edge = values[15:24]
        far, near, axes = (_four(values[place : place + 4]) for place in (7, 11, 24))
        return cls(
            ink, dark, spot, cover, least, span, outside, far, near, rim, noise, paper, thin, sharp, beside, through, shown, edge, axes
        )


IN_ORDER = tuple(each.name for each in fields(Mark))
DARK = IN_ORDER.index("dark")  # its place in the list too
NOISE, THROUGH, AXES_AT = 16, 21, slice(24, 28)  # and those of `noise`, of `through` and of `axes`
BEYOND_THE_RIM = (slice(7, 15), slice(24, 28))  # and those of diagonals and near, and of axes, four numbers each


@dataclass(frozen=True, slots=True)
class Print:
    """The blank print round every box of a layout: darkness, (n, SIDE, SIDE), and where there is none, widened."""

    ink: Values
    white: npt.NDArray[np.bool_]
    soft: Values  # the same print blurred, within its mean, beyond the box's inside


def printed(layout: Layout, blank: Grey) -> Print:
    """What `measure` needs of the blank print at 200 dpi."""
    centers, radii = places(layout)
    steps = axes()[0][0].astype(np.float64) * radii[:, None]
    across, down = (((centers[:, axis, None] + steps) * (BLANK_DPI / 25.4) - 0.5).astype(np.float32) for axis in (0, 1))
    shape = (len(radii), SIDE, SIDE)
    x, y = (np.broadcast_to(each, shape).reshape(-1, SIDE) for each in (across[:, None], down[:, :, None]))
    ink = 1.0 - remap_grid(blank, x, y).reshape(shape) / 255.0
    wide, print_ = np.ones((5, 5), np.uint8), (ink >= PRINTED).view(np.uint8)
    white = [cv2.dilate(each, wide) for each in print_]
    return Print(ink, np.array(white, np.uint8).reshape(ink.shape) == 0, _soft_print(ink))


def _soft_print(ink: Values) -> Values:
    """What is printed round each box, blurred as a picture may be, its mean taken off, (n, cells); 0 of a box beside which there is hardly any."""
    cells = areas_of_a_patch()["outer"]
    strip = np.asarray(cv2.GaussianBlur(np.ascontiguousarray(ink, np.float32).reshape(-1, SIDE), (5, 5), 1.2), np.float32)
    outer = strip.reshape(len(ink), -1).take(cells, axis=1)
    outer -= outer.mean(axis=1, keepdims=True)
    soft: Values = outer * ((outer**2).sum(axis=1, keepdims=True) > ENOUGH_PRINT)
    return soft


def places(layout: Layout) -> tuple[Points, npt.NDArray[np.float64]]:
    """Centres, (n, 2), and radii, (n,), of all boxes in millimetres."""
    centers = np.array([box.center_mm for box in layout.boxes], np.float64).reshape(-1, 2)
    return centers, np.array([min(box.size_mm) / 2 for box in layout.boxes], np.float64)


def measure(image: Grey, layout: Layout, blank: Print, transform: Transform, shifts: Points, black: float) -> list[Mark]:
    """The marks of all boxes, in the layout's order. `shifts`: (n, 2) millimetres against the transform; `black`: print over paper, 0 to 1."""
    return [Mark.from_list(each) for each in measured(image, layout, blank, transform, shifts, black)[0]]


def measured(
    image: Grey, layout: Layout, blank: Print, transform: Transform, shifts: Points, black: float, lines: Sequence[Line] = ()
) -> tuple[list[list[float]], Values]:
    """The same as plain numbers, a row of `Mark.as_list` for each box; and the darkness that they tell of, (n, SIDE, SIDE). The paper's own `lines` are taken off."""
    if not layout.boxes:
        return [], np.zeros((0, SIDE, SIDE))
    centers, radii = places(layout)
    contrast = max(0.25, 1.0 - black)
    patches = lifted(sampled(image, centers, radii, transform, shifts), lines, centers + shifts, radii)
    darkness, level = _darkness(patches, blank.white, contrast)
    drift = _drift(darkness, blank.ink)
    gone = np.flatnonzero(drift.any(axis=1))
    if len(gone):
        there = shifts[gone] + drift[gone] * radii[gone, None]
        again = lifted(sampled(image, centers[gone], radii[gone], transform, there), lines, centers[gone] + there, radii[gone])
        darkness[gone], level[gone] = _darkness(again, blank.white[gone], contrast)
    numbers = _numbers(darkness, blank)
    numbers["shown"] *= transform.shows(image, centers + shifts, np.stack([radii, radii], axis=1))
    rows: list[list[float]] = _table(numbers | {"paper": level}).tolist()
    return rows, darkness


def may_be_ruled(boxes: Sequence[Sequence[float]]) -> bool:
    """Whether so many boxes, as `measured` has them, show a line through them or ink to both of their sides that the paper may have lines of its own."""
    lines = 0
    for numbers in boxes:
        right, down, left, up = numbers[AXES_AT]
        lines += max(numbers[THROUGH], min(right, left), min(down, up)) >= max(LINED, LINED_NOISE * numbers[NOISE])
    return lines >= LINED_BOXES


def _darkness(patches: Values, white: npt.NDArray[np.bool_], contrast: float) -> tuple[Values, Values]:
    """The patches between paper (0) and solid print (1), and the paper's grey in the middle of each, of 1."""
    paper = light(patches, white)
    level = paper[:, SIDE // 2, SIDE // 2] / 255.0
    darkness: Values = patches / np.maximum(paper, 8.0, out=paper)
    np.subtract(1.0, darkness, out=darkness)
    darkness /= contrast
    return np.clip(darkness, -0.3, 1.3, out=darkness), level


def _drift(darkness: Values, ink: Values) -> Points:
    """How far the printed outline of each box lies from where it was expected, (n, 2) radii; 0 where it lies there, or is nowhere near.

    Paper bends between the rows' print and the circles. Sought are only boxes that hardly show their outline; held only where it is found plainly.
    """
    drift = np.zeros((len(darkness), 2))
    shown = _rim(darkness.reshape(len(darkness), -1), ink.reshape(len(ink), -1))
    usual = float(np.median(shown))
    half = int(OUTLINE[1] / SPAN * (SIDE // 2)) + 1
    low, high = SIDE // 2 - half, SIDE // 2 + half + 1
    inside = darkness.reshape(len(darkness), -1).take(areas_of_a_patch()["inner"], axis=1).mean(axis=1)
    sought = (shown < MISSED * usual) | ((shown < HALF_MISSED * usual) & (inside < UNMARKED))
    for index in np.flatnonzero(sought):
        model = _outline(ink[index])[low:high, low:high]
        seen = darkness[index][low - FURTHEST : high + FURTHEST, low - FURTHEST : high + FURTHEST]
        gains = cv2.matchTemplate(seen, model, cv2.TM_CCORR) / max(float((model**2).sum()), 1e-3)
        row, column = np.unravel_index(int(gains.argmax()), gains.shape)
        if gains[row, column] >= max(REGAINED * usual, PLAINER * shown[index]):
            drift[index] = (column - FURTHEST, row - FURTHEST)
    return drift * (SPAN / (SIDE // 2))


def _outline(ink: Values) -> Values:
    """The blank print round a circle, its mean taken off, 0 elsewhere."""
    x, y = axes()
    far = np.hypot(x, y)
    area = (far > OUTLINE[0]) & (far < OUTLINE[1])
    model: Values = np.where(area, ink - ink[area].mean(), 0.0).astype(np.float32)
    return model


def _numbers(darkness: Values, blank: Print) -> dict[str, npt.NDArray[Any]]:
    count, areas = len(darkness), areas_of_a_patch()
    strip = np.ascontiguousarray(darkness, np.float32).reshape(
        -1, SIDE
    )  # patches above each other: what bleeds over stays beyond 2.2 radii
    soft, softer = (
        np.asarray(cv2.GaussianBlur(strip, (size, size), wide), np.float32).reshape(count, -1) for size, wide in ((3, 0.8), (5, 1.2))
    )
    flat, white = darkness.reshape(count, -1), blank.white.reshape(count, -1)
    inside = areas["inner"]
    bare = flat.take(inside, axis=1)
    bare -= _glow(bare)
    flat[:, inside] = bare
    inner = soft.take(inside, axis=1)
    inner -= _glow(inner)
    ranked = np.sort(inner, axis=1)
    tenth = max(1, len(inside) // 10)
    dark = ranked[:, -tenth:].mean(axis=1)
    ink = bare.mean(axis=1)
    strong = inner > np.maximum(0.5 * dark, 0.06)[:, None]
    span, thin = _stretch(strong, inside)
    eighths = np.stack([flat.take(areas[f"eighth {k}"], axis=1).mean(axis=1) for k in range(8)], axis=1)
    return {
        "ink": ink,
        "dark": dark,
        "spot": ranked[:, -max(1, len(inside) // 80)],
        "cover": strong.mean(axis=1),
        "least": eighths.min(axis=1) / np.maximum(ink, 0.02),
        "span": span,
        "outside": _outside(soft, white),
        "diagonals": _diagonals(softer, white, FAR_DIAGONAL),
        "near": _diagonals(softer, white, NEAR_DIAGONAL),
        "rim": _rim(flat, blank.ink.reshape(count, -1)),
        "noise": _noise(flat, white),
        "thin": thin,
        "beside": _beside(softer, white),
        "through": _through(soft, white, dark),
        "shown": _shown(softer, blank.soft),
        "edge": _edge(flat, blank.ink.reshape(count, -1)),
        "axes": _diagonals(softer, white, AXES, UPRIGHT),
        "sharp": _sharp(soft, dark - ranked[:, :tenth].mean(axis=1)),
    }


def _glow(inner: Values) -> Values:
    """What a blurred outline throws into this page's empty circles, ring by ring: of each ring, what the emptier boxes show, (cells,)."""
    ring, members = rings_inside()
    means = np.sort(inner @ members, axis=0)
    glow: Values = np.clip(means[len(means) * 3 // 10], 0.0, 0.4)[ring]
    return glow


def _stretch(strong: npt.NDArray[np.bool_], inside: npt.NDArray[np.intp]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The larger and the smaller standard deviation of the dark cells' places, in radii: along the mark, and across it."""
    x, y = (axis.ravel()[inside] for axis in axes())
    weight = strong.astype(np.float32)
    total = np.maximum(weight.sum(axis=1), 1.0)
    places_ = np.stack([x, y, x * x, y * y, x * y], axis=1)
    mx, my, xx, yy, xy = (weight @ places_ / total[:, None]).T
    a, b, c = xx - mx * mx, yy - my * my, xy - mx * my
    half, apart = (a + b) / 2, np.sqrt(((a - b) / 2) ** 2 + c * c)
    along, across = (np.sqrt(np.maximum(each, 0.0)).astype(np.float64) for each in (half + apart, half - apart))
    return along, across


def _sharp(soft: Values, contrast: Values) -> npt.NDArray[np.float64]:
    """How steep the darkness is where it is steepest, against the contrast inside: pens leave edges, rubbers smear them."""
    part = middle_part()
    looked_at = np.ascontiguousarray(soft.reshape(-1, SIDE, SIDE)[:, part, part])
    strip = looked_at.reshape(-1, looked_at.shape[2])
    slopes = [np.asarray(cv2.Sobel(strip, cv2.CV_32F, *order, ksize=3, scale=SIDE / SPAN / 16)) for order in ((1, 0), (0, 1))]
    middle = areas_of_a_patch()["middle"]
    steep = np.hypot(*(slope.reshape(len(contrast), -1).take(middle, axis=1) for slope in slopes))
    at = int(STEEP * steep.shape[1])
    sharp: npt.NDArray[np.float64] = (np.partition(steep, at, axis=1)[:, at] / np.maximum(contrast, 0.03)).astype(np.float64)
    return sharp


def _diagonals(soft: Values, white: npt.NDArray[np.bool_], reach: Reach, ways: Ways = ASLANT) -> Values:
    """Of each of four ways out of the box, the mean over its steps of the darkest unprinted cell across it."""
    cells, starts = cells_of_lines(reach, ways)
    seen = soft.take(cells, axis=1) * white.take(cells, axis=1)
    darkest = np.minimum(np.maximum(np.maximum.reduceat(seen, starts, axis=1), 0.0), 1.0)
    mean: Values = darkest.reshape(len(soft), -1, DIAGONAL_STEPS).mean(axis=2)
    return mean


def _through(soft: Values, white: npt.NDArray[np.bool_], dark: Values) -> Values:
    """How dark the straight line is that passes through each box to the edges of its patch, down or across: at its palest part that print leaves to see; 0 of boxes without ink, by how `dark` they are."""
    inside, middle, leans = slice(*reached(MIDDLE)), np.arange(*reached(MIDDLE)), np.arange(-TILT, TILT + 1)[:, None]
    ink, clear = soft.reshape(-1, SIDE, SIDE), white.reshape(-1, SIDE, SIDE)
    best, some = np.zeros(len(soft), np.float32), np.flatnonzero(dark >= EMPTY)
    for every, clear_ in ((ink, clear), (ink.transpose(0, 2, 1), clear.transpose(0, 2, 1))):
        seen, bare = every[some], clear_[some]
        low, high = (_end(seen[:, ::step], bare[:, ::step]) for step in (1, -1))
        within = seen[:, inside].mean(axis=1)[:, None, middle]
        ends = np.minimum(low[:, middle - leans], high[:, middle + leans])  # (some, leans, middle)
        best[some] = np.maximum(best[some], np.where(np.isfinite(ends), np.minimum(ends, within), 0.0).max(axis=(1, 2)))
    return best


def _end(ink: Values, clear: npt.NDArray[np.bool_]) -> Values:
    """The darkness of each column from the patch's upper edge to near the box, (n, SIDE): the paler of two halves; infinite where print hides both."""
    near, edge = int(SIDE / 2 * (1 - BARE / SPAN)), int(SIDE / 2 * (1 - BARE / SPAN) / 2)
    return np.minimum(_profile(ink[:, :edge], clear[:, :edge]), _profile(ink[:, edge:near], clear[:, edge:near]))


def _profile(ink: Values, clear: npt.NDArray[np.bool_]) -> Values:
    """The mean darkness of the unprinted cells of each column, (n, SIDE); infinite where most are printed."""
    known = clear.sum(axis=1)
    mean: Values = np.where(known * 2 >= clear.shape[1], (ink * clear).sum(axis=1) / np.maximum(known, 1), np.inf)
    return mean


def _rim(flat: Values, ink: Values) -> npt.NDArray[np.float64]:
    """How strongly the printed outline and what is printed near it are there: regression through the origin, clipped to 0 to 1.5."""
    area = areas_of_a_patch()["rim"]
    seen, model = flat.take(area, axis=1), ink.take(area, axis=1)
    model = model - model.mean(axis=1, keepdims=True)
    gain = (seen * model).sum(axis=1) / np.maximum((model**2).sum(axis=1), 1e-3)
    shown: npt.NDArray[np.float64] = np.clip(gain, 0, 1.5).astype(np.float64)
    return shown


def _edge(flat: Values, ink: Values) -> npt.NDArray[np.float64]:
    """The ink in a ring along the outline of each box over the print's there; 1 where hardly anything is printed."""
    area = areas_of_a_patch()["ring"]
    seen, print_ = (each.take(area, axis=1).mean(axis=1) for each in (flat, ink))
    return np.where(print_ >= LEAST_RING, seen / np.maximum(print_, LEAST_RING), 1.0).astype(np.float64)


def _shown(softer: Values, model: Values) -> npt.NDArray[np.float64]:
    """How strongly what is printed beside each box is there: regression through the origin; 1 where hardly anything is printed."""
    energy = (model**2).sum(axis=1)
    gain = (softer.take(areas_of_a_patch()["outer"], axis=1) * model).sum(axis=1) / np.maximum(energy, 1e-3)
    shown: npt.NDArray[np.float64] = np.where(energy > 0, np.clip(gain, 0, 1.5), 1.0).astype(np.float64)
    return shown


def _noise(flat: Values, white: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """How uneven the white paper round each box is, as a standard deviation, from the median of its distance to the light fitted there; 1 without any."""
    cells = areas_of_a_patch()["paper"]
    cells = cells[cells % NOISE_EVERY == 0]
    known = white.take(cells, axis=1)
    ranked = np.sort(np.where(known, np.abs(flat.take(cells, axis=1)), np.float32(np.inf)), axis=1)
    middle = np.take_along_axis(ranked, (known.sum(axis=1) // 2)[:, None].clip(0, len(cells) - 1), axis=1)[:, 0]
    return np.where(np.isfinite(middle), 1.48 * middle, 1.0).astype(np.float64)


def _outside(soft: Values, white: npt.NDArray[np.bool_]) -> Values:
    """The mean darkness of the unprinted cells round each box."""
    cells = areas_of_a_patch()["outside"]
    clear = white.take(cells, axis=1)
    mean: Values = (np.maximum(soft.take(cells, axis=1), 0) * clear).sum(axis=1) / np.maximum(clear.sum(axis=1), 1)
    return mean


def _beside(softer: Values, white: npt.NDArray[np.bool_]) -> Values:
    """The share of the unprinted cells within reach of each box that is inked."""
    cells = areas_of_a_patch()["reach"]
    clear = white.take(cells, axis=1)
    share: Values = ((softer.take(cells, axis=1) > BESIDE) & clear).sum(axis=1) / np.maximum(clear.sum(axis=1), 1)
    return share


def _table(numbers: dict[str, npt.NDArray[Any]]) -> npt.NDArray[np.float64]:
    """The numbers of all boxes in the order of `Mark.as_list`, rounded as there."""
    columns = [numbers[name][:, None] if numbers[name].ndim == 1 else numbers[name] for name in IN_ORDER]
    return np.asarray(np.round(np.concatenate(columns, axis=1).astype(np.float64), DECIMALS) + 0.0)


def _four(values: list[float]) -> Four:
    first, second, third, fourth = values
    return (first, second, third, fourth)
