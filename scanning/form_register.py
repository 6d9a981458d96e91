"""Where a blank print lies in a picture: no code and no fiducial of ours helps, only the print itself.

scanning/form_page calls `known` once for every page of a form and `register` for every picture. Points of the print that look like no other give a first
homography in any turn (Lowe 2004, with the ratio test: circles that look like each other fall out, words and numbers stay); then small windows
of the print are sought near where that puts them, first wide, then fine, and what they leave over is a field of shifts. A form full of equal
circles can be laid upon itself a row too low, so windows that look like no other place nearby must agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from packets.layout import Layout
from scanning.form import PER_MM, FormPage
from scanning.transform import Matrix, Points
from scanning.verdict import Grey

LOOK_PER_MM = 4.0  # of the print whose points are sought
LOOK_SIDE, LOOK_CLOSER = 1100, 1700  # long side of the picture whose points are sought; where the sheet fills little of it, a second time
FEATURES = 3500
RATIO = 0.82
FEWEST_MATCHES = 8
NEAR_PIXELS = 4.0
COARSE_PER_MM, FINE_PER_MM = 3.0, 6.0
WINDOW_MM = 10.0
COARSE_STEP_MM, FINE_STEP_MM = 10.0, 9.0
MOST_COARSE = 100  # windows that are sought widely, spread over the page
COARSE_REACH_MM, FINE_REACH_MM = 4.0, 1.0
PRINT = 0.08  # darkness that is print
LEAST_PRINT = 0.005  # mean darkness of a window that is sought
ALONE = 0.72  # likeness that a second place near a window may have before the window is one of many
FEWEST_WORDS = 4  # windows with print beside the boxes by which a page is known
FITS = 0.5  # likeness of a window that is there
UNLIKE = 0.75  # likeness below which a window is told from that place on another print
BESIDE = 2
HOLD_PER_MM = 3.0  # at which windows are compared with their own surroundings
FADED = 0.3  # share of the page's usual contrast below which a window shows nothing at all
LIGHT_MM = 6.0
NEIGHBOURS_MM = 16.0
Values = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """The windows of a print at one fineness: upper left corners in cells, (n, 2), and the print's darkness.

    free: 1 where no pupil writes, 2 where no box stands · alone: windows that look like no other place near · words: those with print beside the boxes
    """

    per_mm: float
    ink: Values
    free: npt.NDArray[np.uint8]
    side: int
    corners: npt.NDArray[np.intp]
    alone: npt.NDArray[np.bool_]
    words: npt.NDArray[np.bool_]
    small: Values  # the print's darkness at HOLD_PER_MM


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A page of a form as it is sought: points and what they look like, (n, 2) millimetres and (n, 128), and its windows, wide and fine."""

    page: FormPage
    points: Points
    looks: Values
    coarse: Look
    fine: Look


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """How a print lies in a picture.

    homography: millimetres to pixels of the picture · at, shift: middles of the windows and how far the picture's print lies from them, (n, 2)
    millimetres · likeness: of each window, (n,) · shown: whether a window shows any print at all · share: of all windows, those that fit
    distinct: how much the print beside the boxes looks like itself, against the usual likeness of this picture: a grid of circles looks like any other, words do not · error_mm: root mean square of the shifts · black: what solid print looks like, over paper
    """

    known: Known
    homography: Matrix
    at: Points
    shift: Points
    likeness: npt.NDArray[np.float64]
    shown: npt.NDArray[np.bool_]
    share: float
    distinct: float
    error_mm: float
    black: float


def known(page: FormPage) -> Known:
    """What `register` needs of a page."""
    look = _shrunk(page.blank, LOOK_PER_MM / PER_MM)
    points, looks = _features(look)
    coarse, fine = _look(page, COARSE_PER_MM, COARSE_STEP_MM), _look(page, FINE_PER_MM, FINE_STEP_MM)
    return Known(page, (points + 0.5) / LOOK_PER_MM, looks, coarse, fine)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A picture as it is looked at: its points in pixels and what they look like; `coarse` pixels went into one of those that were looked at."""

    image: Grey
    points: Points
    looks: Values
    coarse: float


def looked_at(image: Grey, side: int = LOOK_SIDE) -> Seen:
    """The picture with its points; `side` is the length of the long one at which they are sought."""
    factor = min(1.0, side / max(image.shape))
    points, looks = _features(_shrunk(image, factor))
    return Seen(image, (points + 0.5) / factor - 0.5, looks, 1 / factor)


def register(seen: Seen, known: Known) -> Fit | None:
    """How the page lies in the picture, as well as it can be laid there; None where nothing of it is found. Whether it fits, `share` and `distinct` say."""
    rough = _first(seen, known)
    if rough is None:
        return None
    laid = _laid(seen.image, known.coarse, rough, COARSE_REACH_MM, known.page.layout, only_alone=True)
    if laid is None:
        return None
    fine = _laid(seen.image, known.fine, laid.plane, FINE_REACH_MM, known.page.layout, only_alone=False)
    return None if fine is None else _fit(known, fine)


def carried(fit: Fit, places: Points) -> tuple[Points, npt.NDArray[np.float64]]:
    """At places of the page, (n, 2) millimetres: how far the picture's print lies from the plane, (n, 2), and how much it looks like the blank, (n,).

    Each shift is a slope fitted to the windows near it, the nearest weighing most; where no window near shows any print, the likeness is 0.
    """
    good = fit.shown & (fit.likeness >= FITS)
    apart = places[:, None, :] - fit.at[None, :, :]
    weight = np.exp(-0.5 * (apart**2).sum(axis=2) / NEIGHBOURS_MM**2)
    told = weight * fit.shown
    close = np.exp(-0.5 * (apart**2).sum(axis=2) / (NEIGHBOURS_MM / 2) ** 2) * fit.shown
    total = close.sum(axis=1)
    likeness = np.where(told.sum(axis=1) > 0.1, (close @ fit.likeness) / np.maximum(total, 1e-9), 0.0)
    held = weight * good * fit.likeness**2
    basis = np.concatenate([np.ones((*apart.shape[:2], 1)), -apart / NEIGHBOURS_MM], axis=2)
    gram = np.einsum("pw,pwi,pwj->pij", held, basis, basis) + np.diag([1e-6, 0.6, 0.6])
    right = np.einsum("pw,pwi,wk->pik", held, basis, fit.shift)
    shifts: Points = np.linalg.solve(gram, right)[:, 0, :]
    return shifts, likeness


def unlike(look: Look, other: Look) -> npt.NDArray[np.bool_]:
    """Which windows of a print look otherwise at that place, or near it, of another."""
    reach, side = round(FINE_REACH_MM * HOLD_PER_MM), round(WINDOW_MM * HOLD_PER_MM)
    found = np.zeros(len(look.corners), bool)
    padded = np.pad(other.small, reach)
    for index, (x, y) in enumerate(np.rint(look.corners * (HOLD_PER_MM / look.per_mm)).astype(int).tolist()):
        model = np.ascontiguousarray(look.small[y : y + side, x : x + side])
        area = np.ascontiguousarray(padded[y : y + side + 2 * reach, x : x + side + 2 * reach])
        if area.shape[0] < model.shape[0] or area.shape[1] < model.shape[1]:
            found[index] = True
        else:
            found[index] = not float(cv2.matchTemplate(area, model, cv2.TM_CCOEFF_NORMED).max()) >= UNLIKE
    return found


def mirrored(image: Grey) -> Grey:
    """The picture as it is seen from behind."""
    return np.asarray(cv2.flip(image, 1), np.uint8)


def _features(look: Grey) -> tuple[Points, Values]:
    if min(look.shape) < 64:
        return np.zeros((0, 2)), np.zeros((0, 128), np.float32)
    places, looks = _finder().detectAndCompute(np.ascontiguousarray(look), None)
    if looks is None:
        return np.zeros((0, 2)), np.zeros((0, 128), np.float32)
    root = np.sqrt(looks / np.maximum(looks.sum(axis=1, keepdims=True), 1e-6)).astype(np.float32)
    return np.array([place.pt for place in places], np.float64).reshape(-1, 2), root


@lru_cache(maxsize=1)
def _finder() -> Any:
    vision: Any = cv2  # its types do not know this one
    return vision.SIFT_create(nfeatures=FEATURES, contrastThreshold=0.03, edgeThreshold=12)


def _first(seen: Seen, known: Known) -> Matrix | None:
    """The homography that most of the points which look alike agree on."""
    if len(seen.points) < FEWEST_MATCHES or len(known.points) < FEWEST_MATCHES:
        return None
    nearness = known.looks @ seen.looks.T  # of unit vectors
    best = nearness.argmax(axis=1)
    rows = np.arange(len(best))
    first = nearness[rows, best]
    near = _beside(seen.points, best, 6.0 * seen.coarse)
    nearness[near[0], near[1]] = -1.0
    second = nearness.max(axis=1)
    far = np.sqrt(np.maximum(2 - 2 * np.stack([first, second]), 1e-9))
    alike = np.flatnonzero(far[0] < RATIO * far[1])
    if len(alike) < FEWEST_MATCHES:
        return None
    return _agreed(known.points[alike], seen.points[best[alike]], NEAR_PIXELS * seen.coarse)


def _beside(points: Points, chosen: npt.NDArray[np.intp], reach: float) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """For each chosen point all points at its own place: one corner is found several times, at several sizes."""
    order = np.argsort(points[:, 0])
    xs = points[order, 0]
    rows, columns = [], []
    for row, one in enumerate(chosen.tolist()):
        x, y = points[one]
        low, high = np.searchsorted(xs, [x - reach, x + reach])
        some = order[low:high]
        some = some[np.abs(points[some, 1] - y) <= reach]
        rows.append(np.full(len(some), row))
        columns.append(some)
    return np.concatenate(rows), np.concatenate(columns)


def _agreed(mm: Points, pixels: Points, near: float) -> Matrix | None:
    found, inside = cv2.findHomography(
        mm.astype(np.float32), pixels.astype(np.float32), cv2.USAC_MAGSAC, near, maxIters=4000, confidence=0.9999
    )
    if found is None or inside is None or int(inside.sum()) < FEWEST_MATCHES:
        return None
    return np.asarray(found, np.float64) if _plausible(np.asarray(found, np.float64), mm) else None


def _plausible(plane: Matrix, mm: Points) -> bool:
    """Whether a sheet of paper can be seen so: from the front, not folded over, with sides that are alike in scale."""
    low, high = mm.min(axis=0), mm.max(axis=0)
    corners = np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]])
    lies = applied(plane, corners)
    sides = np.roll(lies, -1, axis=0) - lies
    turns = sides[:, 0] * np.roll(sides, -1, axis=0)[:, 1] - sides[:, 1] * np.roll(sides, -1, axis=0)[:, 0]
    true = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    scales = np.linalg.norm(sides, axis=1) / np.maximum(true, 1.0)
    return bool((turns > 0).all() and scales.min() > 1.0 and scales.max() < 2.5 * scales.min())


def applied(plane: Matrix, places: Points) -> Points:
    """Where a homography takes places, (n, 2)."""
    lifted = np.column_stack([places, np.ones(len(places))]) @ plane.T
    moved: Points = lifted[:, :2] / lifted[:, 2:]
    return moved


def _shrunk(image: Grey, factor: float) -> Grey:
    if factor >= 1.0:
        return image
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _look(page: FormPage, per_mm: float, step_mm: float) -> Look:
    ink = darkness(_shrunk(page.blank, per_mm / PER_MM), per_mm)
    free = _free(page.layout, ink.shape, per_mm)
    side, step = round(WINDOW_MM * per_mm), round(step_mm * per_mm)
    small = np.asarray(cv2.resize(ink, None, fx=HOLD_PER_MM / per_mm, fy=HOLD_PER_MM / per_mm, interpolation=cv2.INTER_AREA), np.float32)
    corners, alone, words = [], [], []
    for y in range(0, ink.shape[0] - side + 1, step):
        for x in range(0, ink.shape[1] - side + 1, step):
            window = ink[y : y + side, x : x + side]
            if window.mean() < LEAST_PRINT or (window > PRINT).mean() < LEAST_PRINT:
                continue
            held, single = _holds(small, x / per_mm, y / per_mm)
            if held:
                corners.append((x, y))
                alone.append(single)
                words.append(_has_words(window, free[y : y + side, x : x + side]))
    return Look(per_mm, ink, free, side, np.array(corners, np.intp).reshape(-1, 2), np.array(alone, bool), np.array(words, bool), small)


def _has_words(window: Values, free: npt.NDArray[np.uint8]) -> bool:
    """Whether a window of the print shows enough beside the boxes to be known by that."""
    beside = free == BESIDE
    return bool(
        beside.mean() > 0.2 and (window * beside).mean() > 0.5 * LEAST_PRINT and ((window > PRINT) & beside).mean() > 0.5 * LEAST_PRINT
    )


def _holds(ink: Values, left: float, top: float) -> tuple[bool, bool]:
    """Whether a window of the print, from (left, top) millimetres, is held in both directions, and whether it looks like no other place near it."""
    per_mm = HOLD_PER_MM
    x, y, side, reach, own = (round(each * per_mm) for each in (left, top, WINDOW_MM, COARSE_REACH_MM, 1.2))
    y0, y1, x0, x1 = y - reach, y + side + reach, x - reach, x + side + reach
    area = np.zeros((side + 2 * reach, side + 2 * reach), np.float32)
    cut = ink[max(0, y0) : y1, max(0, x0) : x1]
    area[max(0, -y0) : max(0, -y0) + cut.shape[0], max(0, -x0) : max(0, -x0) + cut.shape[1]] = cut
    alike = cv2.matchTemplate(area, area[reach : reach + side, reach : reach + side].copy(), cv2.TM_CCOEFF_NORMED)
    far = np.hypot(*np.mgrid[-reach : reach + 1, -reach : reach + 1])
    ring = alike[(far >= own) & (far < own + 1.5)].max()
    return bool(ring < 0.9), bool(alike[far >= own].max() < ALONE)


def _free(layout: Layout, shape: tuple[int, ...], per_mm: float) -> npt.NDArray[np.uint8]:
    """Where no pupil is asked to write, 1, and where no box stands either, BESIDE; 0 inside the boxes."""
    free = np.full(shape, BESIDE, np.uint8)
    for share, kind in ((0.66, 1), (0.42, 0)):
        for box in layout.boxes:
            (x, y), half = box.center_mm, share * min(box.size_mm)
            square = box.shape == "square" and kind == 1
            middle = (round(x * per_mm - 0.5), round(y * per_mm - 0.5))
            if square:
                reach = round(half * per_mm)
                cv2.rectangle(free, (middle[0] - reach, middle[1] - reach), (middle[0] + reach, middle[1] + reach), kind, -1)
            else:
                cv2.circle(free, middle, round(half * per_mm), kind, -1)
    return free


def darkness(grey: Grey, per_mm: float) -> Values:
    """How much darker each place is than the paper round it: 0 to 1."""
    side = round(LIGHT_MM * per_mm) | 1
    light = cv2.blur(cv2.dilate(grey, np.ones((3, 3), np.uint8)), (side, side))
    ink: Values = np.clip(1.0 - grey.astype(np.float32) / np.maximum(light.astype(np.float32), 8.0), -0.2, 1.0)
    return ink


@dataclass(frozen=True, slots=True, eq=False)
class _Laid:
    """Windows that were sought: a better plane, their middles and what they leave over against it, (n, 2) millimetres, and what was found of each, (n,)."""

    plane: Matrix
    at: Points
    shift: Points
    likeness: npt.NDArray[np.float64]
    gain: npt.NDArray[np.float64]
    spread: npt.NDArray[np.float64]
    words: npt.NDArray[np.float64]  # likeness of the print beside the boxes; NaN where there is none, or none is shown


def _laid(image: Grey, look: Look, plane: Matrix, reach_mm: float, layout: Layout, only_alone: bool) -> _Laid | None:
    """The windows sought within `reach_mm` of where `plane` puts them; None where too few are found."""
    reach = round(reach_mm * look.per_mm)
    picture = _warped(image, plane, look.per_mm, reach, layout.size_mm)
    chosen = np.flatnonzero(look.alone) if only_alone and look.alone.sum() >= FEWEST_MATCHES else np.arange(len(look.corners))
    chosen = chosen[:: max(1, -(-len(chosen) // MOST_COARSE))] if only_alone else chosen
    if len(chosen) < FEWEST_MATCHES:
        return None
    found = np.array([_sought(picture, look, one, reach) for one in chosen.tolist()], np.float64)
    likeness = found[:, 2]
    at: Points = ((look.corners[chosen] + look.side / 2) / look.per_mm).astype(np.float64)
    good = likeness >= FITS
    if good.sum() < FEWEST_MATCHES:
        return None
    off: Points = (found[:, :2] / look.per_mm).astype(np.float64)
    pixels = applied(plane, at + off)
    better = _robust(at[good], pixels[good])
    if better is None:
        return None
    back: Matrix = np.linalg.inv(better).astype(np.float64)
    return _Laid(better, at, applied(back, pixels) - at, likeness, found[:, 3], found[:, 4], found[:, 5])


def _robust(at: Points, pixels: Points) -> Matrix | None:
    """The homography of windows that were found, without those that lie far from it."""
    plane: Any
    again: Any
    plane, _inside = cv2.findHomography(at, pixels, cv2.RANSAC, max(3.0, 0.8 * _scale(at, pixels)))
    if plane is None:
        return None
    off = np.linalg.norm(applied(np.linalg.inv(plane).astype(np.float64), pixels) - at, axis=1)
    near = off < max(0.8, 3 * float(np.median(off)))
    if near.sum() < FEWEST_MATCHES:
        return None
    again, _inside = cv2.findHomography(at[near], pixels[near], 0)
    return None if again is None else np.asarray(again, np.float64)


def _scale(at: Points, pixels: Points) -> float:
    """Pixels a millimetre."""
    return float(np.linalg.norm(pixels - pixels.mean(axis=0))) / max(float(np.linalg.norm(at - at.mean(axis=0))), 1e-6)


def _warped(image: Grey, plane: Matrix, per_mm: float, margin: int, size_mm: tuple[float, float]) -> Values:
    """The picture laid flat over the page, with a margin of cells round it; darkness against the paper near it."""
    size = (round(size_mm[0] * per_mm) + 2 * margin, round(size_mm[1] * per_mm) + 2 * margin)
    middle = applied(plane, np.array([[size_mm[0] / 2, size_mm[1] / 2], [size_mm[0] / 2 + 1, size_mm[1] / 2]]))
    factor = min(1.0, 1.25 * per_mm / max(float(np.linalg.norm(middle[1] - middle[0])), 1e-6))
    small = _shrunk(image, factor) if factor < 0.8 else image
    exact = np.diag([small.shape[1] / image.shape[1], small.shape[0] / image.shape[0], 1.0])
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1.0]])
    into = np.array([[1 / per_mm, 0, (0.5 - margin) / per_mm], [0, 1 / per_mm, (0.5 - margin) / per_mm], [0, 0, 1.0]])
    whole = np.linalg.inv(half) @ exact @ half @ plane @ into
    flat = cv2.warpPerspective(small, whole, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
    return darkness(np.asarray(flat, np.uint8), per_mm)


def _sought(picture: Values, look: Look, window: int, reach: int) -> tuple[float, float, float, float, float, float]:
    """Of one window: how far it lies off in cells, right and down, its likeness outside the boxes, its contrast against the print's, its own, its words'."""
    (x, y), side = look.corners[window].tolist(), look.side
    model = np.ascontiguousarray(look.ink[y : y + side, x : x + side])
    area = np.ascontiguousarray(picture[y : y + side + 2 * reach, x : x + side + 2 * reach])
    alike = cv2.matchTemplate(area, model, cv2.TM_CCOEFF_NORMED)
    _low, _best, _where, (column, row) = cv2.minMaxLoc(alike)
    seen = area[row : row + side, column : column + side]
    free = look.free[y : y + side, x : x + side]
    likeness, gain, spread = _alike(model[free > 0], seen[free > 0])
    words = _alike(model[free == BESIDE], seen[free == BESIDE])[0] if look.words[window] else np.nan
    return column + peak(alike[row], column) - reach, row + peak(alike[:, column], row) - reach, likeness, gain, spread, words


def _alike(model: Values, seen: Values) -> tuple[float, float, float]:
    """The correlation of two patches, the second's contrast along the first, and its contrast at all."""
    ours, theirs = model - model.mean(), seen - seen.mean()
    product, power, own = float(ours @ theirs), float(ours @ ours), float(theirs @ theirs)
    return product / max((power * own) ** 0.5, 1e-6), product / max(power, 1e-6), (own / max(power, 1e-6)) ** 0.5


def peak(line: npt.NDArray[Any], at: int) -> float:
    """Where between cells a parabola through three scores is highest."""
    if at in (0, len(line) - 1):
        return 0.0
    left, middle, right = (float(each) for each in line[at - 1 : at + 2])
    below = left - 2 * middle + right
    return 0.0 if abs(below) < 1e-9 else float(np.clip(0.5 * (left - right) / below, -0.5, 0.5))


def _fit(known: Known, laid: _Laid) -> Fit:
    good = laid.likeness >= FITS
    gain = float(np.median(laid.gain[good]))
    shown = good | (laid.spread >= FADED * gain)
    near = good & (np.linalg.norm(laid.shift, axis=1) < 2.0)
    error = float(np.sqrt((laid.shift[near] ** 2).sum(axis=1).mean())) if near.any() else 9.9
    told = laid.words[np.isfinite(laid.words)]
    usual = float(np.median(laid.likeness[good]))
    distinct = float(np.clip(told, 0, 1).mean()) / usual if len(told) >= FEWEST_WORDS else 0.0
    black = 1.0 - float(np.clip(gain, 0.2, 1.0))
    return Fit(known, laid.plane, laid.at, laid.shift, laid.likeness, shown, float(good.mean()), distinct, error, black)
