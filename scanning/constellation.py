"""A sheet's solid squares found in the whole picture as one pattern: two columns of four dark spots at the distances that only a sheet of ours has.

scanning/sheets asks where neither code, fiducial nor outline tells how a sheet lies, scanning/align where one code leaves that in doubt. These are guesses:
nothing is named here, and whoever asks keeps one only if the sheet's printed points are found where it puts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from packets.layout import FIDUCIALS, SQUARE_MM
from scanning.trace import Trace
from scanning.transform import Points
from scanning.verdict import Grey

LOOK_SIDE = 1100  # a square is 4 to 15 pixels wide then
SOFTENED = 1.6  # pixels
AROUND = 23  # side of what a spot must be dark within, pixels: more than the widest square
DARK = 0.8  # of the paper round it: what a spot's edge lies below
SPOTS = 64  # the darkest that are looked at
LEAST_AREA, WIDEST = 16, 26  # pixels
LONGER, FULL = 1.7, 0.45  # a spot's box: one side over the other, and the share of it that is dark
SIZES = (0.5, 1.9)  # a spot's side over what the column's length makes of a square
ALIKE = 2.0  # the sides of two squares of one column, at most
STRAIGHT = 0.014  # how far a square may lie from its column's line and from its place on it, in lengths of the column
TILTS_APART = 0.112  # how far what two squares of a column tell of its tilt may part: a tilt moves a square by a quarter of it, at most
BETWEEN = 0.05  # of a column's length: how far its inner squares keep from its ends
HORIZON = 0.2  # how near the camera an end of the pattern may be, against the first square seen
CORNER = 0.5  # sine of the sharpest angle that a corner of the pattern is seen at
TILT = 0.6  # how much nearer one end of the sheet may be than the other
AGREED = 0.16  # how far the tilts along both columns may part from what their ends say
STRETCHED = 1.9  # width over height of the pattern against the sheet's own, and the other way round
FEWEST = 7  # of the eight squares
NEAR = 0.017  # of the pattern's height: a spot so near to where a square must be is taken for it
MOST_COLUMNS, MOST_PLANES = 500, 100_000  # of one kind; that are looked at
GUESSES = 4
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Spots:
    """Dark compact spots of a picture, the darkest first: their middles, (n, 2) pixels, and their sides, (n,) pixels."""

    at: Points
    side: Numbers


@dataclass(frozen=True, slots=True)
class Columns:
    """Spots that may be one column of squares, one a row: both ends of the pattern, (n, 2) each, the tilt from one to the other, (n,), and how many squares, (n,)."""

    top: Points
    bottom: Points
    tilt: Numbers
    count: Places


SQUARES_MM = np.array([each.center_mm for each in FIDUCIALS if each.aruco is None])
LEFT_MM, RIGHT_MM = (SQUARES_MM[SQUARES_MM[:, 0] == x] for x in (SQUARES_MM[:, 0].min(), SQUARES_MM[:, 0].max()))
TOP_MM, BOTTOM_MM = float(SQUARES_MM[:, 1].min()), float(SQUARES_MM[:, 1].max())
WIDE_MM, HIGH_MM = float(RIGHT_MM[0, 0] - LEFT_MM[0, 0]), BOTTOM_MM - TOP_MM
SHOWN = ((0, 1, 2, 3), (0, 1, 3), (0, 2, 3), (0, 1, 2), (1, 2, 3))  # which squares of a column may be all that shows


def constellations(image: Grey) -> list[Trace]:
    """The places where a sheet's squares seem to be, the likeliest first: of each the middles of the squares, (7 or 8, 2), millimetres and pixels."""
    small, factor = _small(image)
    if min(small.shape) < 4 * AROUND:
        return []
    spots = spots_in(small)
    if len(spots.at) < FEWEST:
        return []
    found = _patterns(spots)
    return [Trace(each.mm, (each.pixels + 0.5) / factor - 0.5) for each in found]


def spots_in(small: Grey) -> Spots:
    """The darkest compact spots, darker than what lies round each; a picture of about `LOOK_SIDE`."""
    soft = cv2.GaussianBlur(small, (0, 0), SOFTENED)
    paper = cv2.blur(cv2.morphologyEx(soft, cv2.MORPH_CLOSE, np.ones((AROUND, AROUND), np.uint8)), (AROUND, AROUND))
    share = soft.astype(np.float32) / np.maximum(paper, 1)
    _count, _labels, stats, middles = cv2.connectedComponentsWithStats((share < DARK).astype(np.uint8), connectivity=4)
    stats, middles = stats[1:], middles[1:]
    wide, high, area = (stats[:, each] for each in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    longer, shorter = np.maximum(wide, high), np.minimum(wide, high)
    compact = (area >= LEAST_AREA) & (longer <= WIDEST) & (longer <= LONGER * shorter) & (area > FULL * wide * high)
    middles, area = middles[compact], area[compact]
    column, row = middles.round().astype(int).T
    darkest = np.argsort(share[row, column], kind="stable")[:SPOTS]
    return Spots(middles[darkest].astype(np.float64), np.sqrt(area[darkest].astype(np.float64)))


def _small(image: Grey) -> tuple[Grey, float]:
    factor = LOOK_SIDE / max(image.shape)
    if factor >= 1:
        return image, 1.0
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8), factor


def _patterns(spots: Spots) -> list[Trace]:
    """The places at which the most squares lie on spots, and the nearest to them."""
    left, right = _columns(spots, LEFT_MM[:, 1]), _columns(spots, RIGHT_MM[:, 1])
    planes = _planes(left, right)
    if not len(planes):
        return []
    places, off = _squares_on(planes, spots)
    count = (places >= 0).sum(axis=1)
    found: list[Trace] = []
    told = set[tuple[int, ...]]()
    for each in np.lexsort((off, -count)):
        taken = tuple(places[each].tolist())
        if count[each] < FEWEST or len(found) == GUESSES:
            break
        if taken not in told:
            told.add(taken)
            shown = places[each] >= 0
            found.append(Trace(SQUARES_MM[shown], spots.at[places[each][shown]]))
    return found


def _columns(spots: Spots, y_mm: Numbers) -> Columns:
    """The spots that may be the column of squares at `y_mm`, (4,) millimetres, whichever way it runs."""
    found = [_column(spots, y_mm, shown) for shown in SHOWN]
    return Columns(
        *(np.concatenate([getattr(each, name) for each in found]) for name in ("top", "bottom")),
        *(np.concatenate([getattr(each, name) for each in found]) for name in ("tilt", "count")),
    )


def _column(spots: Spots, y_mm: Numbers, shown: Sequence[int]) -> Columns:
    """The same where only the squares `shown` of the column are seen."""
    first, last = y_mm[shown[0]], y_mm[shown[-1]]
    start, end = _ends(spots, last - first)
    chord = spots.at[end] - spots.at[start]
    length = np.linalg.norm(chord, axis=1)
    away = spots.at[None] - spots.at[start][:, None]
    along = (away * chord[:, None]).sum(axis=2) / (length**2)[:, None]
    aside = np.abs(away[:, :, 0] * chord[:, None, 1] - away[:, :, 1] * chord[:, None, 0]) / (length**2)[:, None]
    tilts = [_tilts(along, aside, (y_mm[each] - first) / (last - first)) for each in shown[1:-1]]
    pair, tilt = _agreeing(tilts)
    pair, tilt = pair[:MOST_COLUMNS], tilt[:MOST_COLUMNS]  # those of the darkest spots come first
    reach = [_on_line(spots.at[start[pair]], chord[pair], tilt, (y - first) / (last - first)) for y in (TOP_MM, BOTTOM_MM)]
    below = [1 + tilt * (y - first) / (last - first) for y in (TOP_MM, BOTTOM_MM)]
    sane = (below[0] > HORIZON) & (below[1] > HORIZON)
    ratio = np.log(np.maximum(below[1], HORIZON) / np.maximum(below[0], HORIZON))
    return Columns(reach[0][sane], reach[1][sane], ratio[sane], np.full(int(sane.sum()), len(shown), np.intp))


def _ends(spots: Spots, apart_mm: float) -> tuple[Places, Places]:
    """The pairs of spots that may be two squares so far apart: of like size, and as large as that distance makes a square."""
    apart = np.linalg.norm(spots.at[:, None] - spots.at[None], axis=2)
    side = np.sqrt(spots.side[:, None] * spots.side[None])
    size = side / np.maximum(apart * SQUARE_MM / apart_mm, 1e-6)
    alike = np.maximum(spots.side[:, None], spots.side[None]) < ALIKE * np.minimum(spots.side[:, None], spots.side[None])
    start, end = np.nonzero((size > SIZES[0]) & (size < SIZES[1]) & alike & (apart > 0))
    return start, end


def _tilts(along: Numbers, aside: Numbers, share: float) -> Numbers:
    """The tilt that puts the square at `share` of the way on each spot: along = share (1 + tilt) / (1 + tilt share); NaN for spots that cannot be it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        tilt = (along - share) / (share * (1 - along))
    fits = (aside < STRAIGHT) & (along > BETWEEN) & (along < 1 - BETWEEN) & (np.abs(tilt) < TILT)
    return np.asarray(np.where(fits, tilt, np.nan), np.float64)


def _agreeing(tilts: Sequence[Numbers]) -> tuple[Places, Numbers]:
    """The pairs of ends between which every square that shows lies on a spot at one tilt, and that tilt."""
    if len(tilts) == 1:
        pair, spot = np.nonzero(np.isfinite(tilts[0]))
        return pair, tilts[0][pair, spot]
    (pair, one), (beside, other) = (np.nonzero(np.isfinite(each)) for each in tilts)
    begins, ends = np.searchsorted(beside, pair, "left"), np.searchsorted(beside, pair, "right")
    upper = np.repeat(np.arange(len(pair)), ends - begins)  # each upper inner square with every lower one between the same ends
    lower = np.arange(len(upper)) - np.repeat(np.cumsum(ends - begins) - ends, ends - begins)
    first, second = tilts[0][pair[upper], one[upper]], tilts[1][beside[lower], other[lower]]
    agree = np.abs(first - second) < TILTS_APART
    return pair[upper][agree], (first + second)[agree] / 2


def _on_line(start: Points, chord: Points, tilt: Numbers, share: float) -> Points:
    """Where the column's line has the point at `share` of its length, (n, 2) pixels."""
    at: Points = start + chord * (share * (1 + tilt) / np.maximum(1 + tilt * share, HORIZON))[:, None]
    return at


def _planes(left: Columns, right: Columns) -> Numbers:
    """The planes, (n, 3, 3) from the unit square to pixels, through a left and a right column of which at most one lacks a square."""
    one, other = _pairs(left, right)
    if not len(one):
        return np.zeros((0, 3, 3))
    corners = np.stack([left.top[one], right.top[other], right.bottom[other], left.bottom[one]], axis=1)
    fits = _convex(corners)
    one, other, corners = one[fits], other[fits], corners[fits]
    planes = _from_corners(corners)
    across, down = planes[:, 2, 0], planes[:, 2, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        meant = np.log(1 + down), np.log((1 + across + down) / (1 + across))
        agree = (np.abs(meant[0] - left.tilt[one]) < AGREED) & (np.abs(meant[1] - right.tilt[other]) < AGREED)
    return np.asarray(planes[agree & (np.abs(across) < TILT) & (np.abs(down) < TILT)], np.float64)


def _pairs(left: Columns, right: Columns) -> tuple[Places, Places]:
    """Which left columns may stand beside which right ones, by their lengths and distance."""
    whole, part = (np.flatnonzero(left.count == 4), np.flatnonzero(left.count < 4))
    ways = [_beside(left, right, whole, np.arange(len(right.count))), _beside(left, right, part, np.flatnonzero(right.count == 4))]
    one, other = (np.concatenate([way[side] for way in ways])[:MOST_PLANES] for side in (0, 1))
    return one, other


def _beside(left: Columns, right: Columns, one: Places, other: Places) -> tuple[Places, Places]:
    """The same among the left columns `one` and the right columns `other`."""
    middle = (left.top + left.bottom)[one] / 2, (right.top + right.bottom)[other] / 2
    length = np.linalg.norm((left.bottom - left.top)[one], axis=1)[:, None], np.linalg.norm((right.bottom - right.top)[other], axis=1)[None]
    apart = np.hypot(*(middle[0][:, None, axis] - middle[1][None, :, axis] for axis in (0, 1)))
    longer, wide = length[0] / length[1], apart / np.sqrt(length[0] * length[1]) * (HIGH_MM / WIDE_MM)
    fits = (longer < 1 + TILT) & (longer > 1 / (1 + TILT)) & (wide < STRETCHED) & (wide > 1 / STRETCHED)
    first, second = np.nonzero(fits)
    return one[first], other[second]


def _convex(corners: Numbers) -> npt.NDArray[np.bool_]:
    """Which four corners, (n, 4, 2) pixels, go round clockwise as the sheet's do: not crossed, and not seen from behind."""
    ahead = np.roll(corners, -1, axis=1) - corners
    after = np.roll(ahead, -1, axis=1)
    turns = ahead[:, :, 0] * after[:, :, 1] - ahead[:, :, 1] * after[:, :, 0]
    long = np.linalg.norm(ahead, axis=2) * np.linalg.norm(after, axis=2)
    return np.asarray((turns > CORNER * long).all(axis=1))


def _from_corners(corners: Numbers) -> Numbers:
    """The homographies, (n, 3, 3), that take the unit square to four corners each, (n, 4, 2) (Heckbert 1989, square to quadrilateral)."""
    first, second, third, fourth = (corners[:, each] for each in range(4))
    over, one, other = first - second + third - fourth, second - third, fourth - third
    below = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    across = (over[:, 0] * other[:, 1] - over[:, 1] * other[:, 0]) / below
    down = (one[:, 0] * over[:, 1] - one[:, 1] * over[:, 0]) / below
    planes = np.ones((len(corners), 3, 3))
    planes[:, :2, 0] = second - first + across[:, None] * second
    planes[:, :2, 1] = fourth - first + down[:, None] * fourth
    planes[:, :2, 2] = first
    planes[:, 2, 0], planes[:, 2, 1] = across, down
    return planes


def _squares_on(planes: Numbers, spots: Spots) -> tuple[Places, Numbers]:
    """For each plane the spot that each of the eight squares lies on, (n, 8), -1 for none; and how far off they lie, (n,) in heights of the pattern."""
    unit = (SQUARES_MM - (LEFT_MM[0, 0], TOP_MM)) / (WIDE_MM, HIGH_MM)
    seen = planes @ np.concatenate([unit, np.ones((len(unit), 1))], axis=1).T
    at = (seen[:, :2] / seen[:, 2:]).transpose(0, 2, 1)
    high = np.linalg.norm(at[:, :4] - np.roll(at[:, :4], -1, axis=1), axis=2).max(axis=1)
    apart = np.linalg.norm(at[:, :, None] - spots.at[None, None], axis=3) / high[:, None, None]
    nearest, off = apart.argmin(axis=2), apart.min(axis=2)
    lies = off < NEAR
    return np.where(lies, nearest, -1), np.sqrt((np.where(lies, off, 0.0) ** 2).sum(axis=1) / np.maximum(lies.sum(axis=1), 1))
