"""Where the sheet lies in the picture: from its codes to every printed point that can be found, to a Transform.

scanning/page calls `align` with the codes of one sheet. Points are sought in small windows sampled through the best transform so far, in the
sheet's own millimetres, so that turn, scale and tilt are already gone. Rows of boxes hold on to their own print later (scanning/rows).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from packets.layout import PAGE_MM, QR_MODULES, Layout
from scanning.constellation import constellations
from scanning.lens import through_lens
from scanning.transform import Matrix, Points, Transform, fit_bend, fit_plane, residuals_mm
from scanning.verdict import Grey

COARSE_PER_MM, FINE_PER_MM = 3.0, 6.0
COARSE_REACH_MM, FINE_REACH_MM = 5.0, 1.0
ACCEPTED = 0.72  # similarity of a point with its template
CONTRAST = 0.12  # of full scale, between a point and the paper round it
OUTLIER_MM = 1.6
STRAIGHT_MM = 0.07  # residuals below this need no bending
ROUNDS = 6
FEW, FIRM = 6, 10  # of the sixteen points of a sheet: with less than the first a lens is thought of, and believed with the second
ONE_CODE = 4  # corners
ON_GLASS = 0.03  # of the tilt and shear of a photograph: what a scanner leaves
NEAR_MM, FLAT_MM = 0.9, 0.5  # how far all marks of a sheet, or all but one, may lie from where its codes put them
DOUBTFUL_MM, BENT_MM = 0.25, 0.6  # what points leave over that may not be what they are taken for; that those of a bent sheet may
MOST, FAR_MORE = 12, 4  # points of a whole sheet, and so many more than those of its one end: they are kept for it
ROLLED_MM = 0.8  # what the points of a whole sheet may leave over then, as rolled paper does
NEARLY_ALL = 14  # points: what they leave over then is the paper's bend
CLOSER = 0.5  # of what is left over, where no more points are found
NEXT_REACH_MM = 3.0  # how far the other points lie from where the squares put them
SAME_SHEET_MM = 8.0  # how far a code may lie from there
CORNER_MM = 45.0  # what is nearer to both edges belongs to the corner
Patch = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Mark:
    """A printed point: its middle, (2,) millimetres, half the side of what is matched, and what it looks like."""

    center_mm: tuple[float, float]
    half_mm: float
    looks: str


@dataclass(frozen=True, slots=True)
class Template:
    """What a mark looks like, (side, side) grey, and which of its cells, counted row by row, are print and which are paper."""

    grey: Patch
    dark: npt.NDArray[np.intp]
    light: npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Alignment:
    """The transform, how many points carry it, and the root mean square of what they leave over, in millimetres."""

    transform: Transform
    points: int
    error_mm: float
    black: float  # grey value of solid print over that of the paper beside it, 0 to 1
    lost: tuple[str, ...] = ()  # corners of the sheet of which no printed point was found
    squares: int = 0  # how many of the points are the solid squares, which stand along both sides of the sheet


@dataclass(frozen=True, slots=True)
class Found:
    """A mark that was located, in pixels."""

    mark: Mark
    pixels: tuple[float, float]
    score: float
    black: float


def align(image: Grey, layout: Layout, mm: Points, pixels: Points) -> Alignment:
    """The alignment of the sheet of which the points `mm`, (n, 2), are known to lie at `pixels`, (n, 2): the corners of its codes."""
    marks = marks_of(layout)
    found = _near(image, marks, mm, pixels) or _far(image, marks, mm, pixels)
    found = _without_outliers(found, mm, pixels)
    if len(found) < FEW:
        found = _through_lens(image, marks, mm, pixels) or found
    return _alignment(marks, found, mm, pixels)


def aligned_by_squares(image: Grey, layout: Layout, mm: Points, pixels: Points, first: Alignment) -> Alignment:
    """`first`, or the alignment that the sheet's squares give, sought as one pattern in the whole picture, where more points agree on it.

    `mm` and `pixels`: the corners of its codes, four each, as for `align`. For sheets of which one code leaves in doubt where the rest lies: the pattern is as
    wide as the sheet, and knows no eyes that one could take for another.
    """
    marks = marks_of(layout)
    for squares in constellations(image):
        plane = Transform(fit_plane(squares.mm, squares.pixels))
        if _nearest_code(plane, mm, pixels) > SAME_SHEET_MM:
            continue
        found = _seek(image, [each for each in marks if each.looks != "eye"], plane, COARSE_PER_MM, NEXT_REACH_MM)
        found = _without_outliers(found, squares.mm, squares.pixels)
        closely = _seek(image, marks, _model(found, squares.mm, squares.pixels), FINE_PER_MM, FINE_REACH_MM) or found
        closely = _without_outliers(closely, squares.mm, squares.pixels)
        first = _better(first, _alignment(marks, closely, squares.mm, squares.pixels))
    return first


def _nearest_code(plane: Transform, mm: Points, pixels: Points) -> float:
    """How far the code that lies best on the plane is from there, in millimetres: of a page that was matched, one code alone may have been seen."""
    return float(residuals_mm(plane, mm, pixels).reshape(-1, ONE_CODE).max(axis=1).min())


def is_doubtful(found: Alignment) -> bool:
    """Whether so few points carry the alignment, or agree so badly, that a wrong one may be among them."""
    return found.points < FIRM or len(found.lost) > 1 or (found.error_mm > DOUBTFUL_MM and found.points < NEARLY_ALL)


def _better(first: Alignment, second: Alignment) -> Alignment:
    """The one that more points agree on, or as many but one, and far better; few points of one end always agree, on rolled paper the whole sheet's do not."""
    more = second.points > first.points and second.error_mm < min(max(2 * first.error_mm, DOUBTFUL_MM), BENT_MM)
    whole = second.points >= max(MOST, first.points + FAR_MORE) and second.error_mm < ROLLED_MM
    closer = second.points >= first.points - 1 and second.error_mm < CLOSER * first.error_mm
    return second if more or whole or closer else first


def _alignment(marks: Sequence[Mark], found: list[Found], mm: Points, pixels: Points) -> Alignment:
    """What the marks that were found say together, with the codes' corners where they are too few."""
    if len(found) < 4:
        return Alignment(
            Transform(fit_plane(*_joined(found, mm, pixels))), len(found), 9.9, _black(found), _lost(marks, found), _squares(found)
        )
    at, lies = _points(found)
    plane = Transform(fit_plane(at, lies))
    error = float(np.sqrt((residuals_mm(plane, at, lies) ** 2).mean()))
    bent = plane if error < STRAIGHT_MM or len(found) < 7 else Transform(plane.homography, fit_bend(plane.homography, at, lies))
    return Alignment(bent, len(found), error, _black(found), _lost(marks, found), _squares(found))


def _near(image: Grey, marks: Sequence[Mark], mm: Points, pixels: Points) -> list[Found]:
    """The marks close to where both codes put them; nothing unless all are, or on a flat sheet all but one."""
    if len(mm) <= ONE_CODE:
        return []
    model = Transform(fit_plane(mm, pixels))
    found = _seek(image, marks, model, FINE_PER_MM, FINE_REACH_MM)
    if not found or len(found) < len(marks) - 1:
        return []
    reach = NEAR_MM if len(found) == len(marks) else FLAT_MM
    return found if float(residuals_mm(model, *_points(found)).max()) < reach else []


def _far(image: Grey, marks: Sequence[Mark], mm: Points, pixels: Points) -> list[Found]:
    """The marks of a sheet that is bent, torn or seen from aside: sought further round, then closely where those say."""
    found = list[Found]()
    if len(mm) > ONE_CODE:
        found = _seek(
            image, [each for each in marks if each.looks != "eye"], Transform(fit_plane(mm, pixels)), COARSE_PER_MM, COARSE_REACH_MM
        )
    if len(found) < 6:
        found = max((_walk(image, marks, mm, pixels, give) for give in (1.0, ON_GLASS)), key=len)
    return _seek(image, marks, _model(found, mm, pixels), FINE_PER_MM, FINE_REACH_MM) or found


def _through_lens(image: Grey, marks: Sequence[Mark], mm: Points, pixels: Points) -> list[Found]:
    """The marks of a sheet in a photograph of a very wide lens; nothing where most are not found so."""
    model = through_lens(mm, pixels, image.shape) if len(mm) > ONE_CODE else None
    if model is None:
        return []
    found = _seek(image, marks, model, COARSE_PER_MM, COARSE_REACH_MM)
    if len(found) < FIRM:
        return []
    closely = Transform(model.homography, fit_bend(model.homography, *_points(found)))
    again = _seek(image, marks, closely, FINE_PER_MM, FINE_REACH_MM)
    return again if len(again) >= FIRM else []


def marks_of(layout: Layout) -> tuple[Mark, ...]:
    """Every point printed on sheets of this layout: the fiducials and the eyes of both codes."""
    solid = [Mark(each.center_mm, each.size_mm / 2, "square" if each.aruco is None else f"aruco {each.aruco}") for each in layout.fiducials]
    return (*solid, *(eye for code in layout.codes for eye in _eyes(code.center_mm, code.size_mm)))


def _eyes(center: tuple[float, float], size: float) -> Iterable[Mark]:
    module = size / QR_MODULES
    away = size / 2 - 3.5 * module
    for x, y in ((-away, -away), (away, -away), (-away, away)):
        yield Mark((center[0] + x, center[1] + y), 3.5 * module, "eye")


def _walk(image: Grey, marks: Sequence[Mark], mm: Points, pixels: Points, give: float) -> list[Found]:
    """Marks found from near to far when only one code carries the first guess: each round may reach a little further. `give`: see `fit_plane`."""
    found: list[Found] = []
    for _round in range(ROUNDS):
        model = _model(found, mm, pixels, give)
        known = _joined(found, mm, pixels)[0]
        waiting = [each for each in marks if each not in {one.mark for one in found}]
        waiting.sort(key=lambda each: float(np.linalg.norm(known - np.array(each.center_mm), axis=1).min()))
        new = _seek(image, waiting[:6] if _round < ROUNDS - 1 else waiting, model, COARSE_PER_MM, COARSE_REACH_MM + 1.0)
        found = _without_outliers(found + new, mm, pixels, give)
        if not waiting:
            break
    return found


def _seek(image: Grey, marks: Sequence[Mark], model: Transform, per_mm: float, reach_mm: float) -> list[Found]:
    """Each mark's best place within `reach_mm` of where `model` puts it, where it looks like itself."""
    if not marks:
        return []
    centers = np.array([mark.center_mm for mark in marks])
    places = []
    for mark, window in zip(marks, _windows(image, marks, centers, model, per_mm, reach_mm), strict=True):
        place = _match(window, _template(mark.looks, mark.half_mm, per_mm))
        if place is not None:
            places.append((mark, *place))
    if not places:
        return []
    at = np.array([[mark.center_mm[0] + x / per_mm, mark.center_mm[1] + y / per_mm] for mark, x, y, _score, _black in places])
    lies = model.pixels(at).tolist()
    return [Found(mark, (x, y), score, black) for (mark, _x, _y, score, black), (x, y) in zip(places, lies, strict=True)]


def _windows(image: Grey, marks: Sequence[Mark], centers: Points, model: Transform, per_mm: float, reach_mm: float) -> Iterable[Patch]:
    """The picture round where `model` puts each mark, turned upright, (side, side) each."""
    cells = np.array([_half_cells(mark.half_mm, per_mm) for mark in marks]) + int(np.ceil(reach_mm * per_mm))
    steps = model.jacobians(centers) / per_mm  # pixels a cell
    first = model.pixels(centers) - steps.sum(axis=2) * cells[:, None]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    for into, half in zip(np.concatenate([steps, first[:, :, None]], axis=2), cells.tolist(), strict=True):
        side = (2 * half + 1, 2 * half + 1)
        seen = cv2.warpAffine(image, into, side, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,))
        yield seen.astype(np.float32)


def _half_cells(half_mm: float, per_mm: float) -> int:
    """Half the side of a template: the mark and 1 mm of paper round it."""
    return int(np.ceil((half_mm + 1.0) * per_mm))


def _match(patch: Patch, template: Template) -> tuple[float, float, float, float] | None:
    """Shift of the best match from the patch's middle (x, y in cells), its similarity, and black over paper; None where nothing fits."""
    scores = cv2.matchTemplate(patch, template.grey, cv2.TM_CCOEFF_NORMED)
    _low, best, _where, (column, row) = cv2.minMaxLoc(scores)
    if not isfinite(best) or best < ACCEPTED:
        return None
    under = patch[row : row + template.grey.shape[0], column : column + template.grey.shape[1]].ravel()
    dark, light = _median(under[template.dark]), _median(under[template.light])
    if light - dark < CONTRAST * 255:
        return None
    half = scores.shape[0] // 2
    x = column + _peak(scores[row, max(0, column - 1) : column + 2], column, scores.shape[1])
    y = row + _peak(scores[max(0, row - 1) : row + 2, column], row, scores.shape[0])
    return x - half, y - half, float(best), dark / max(light, 1.0)


def _peak(three: npt.NDArray[Any], at: int, size: int) -> float:
    """Where between cells a parabola through three scores is highest."""
    if at in (0, size - 1) or len(three) < 3:
        return 0.0
    left, middle, right = three.tolist()
    below = left - 2 * middle + right
    return 0.0 if abs(below) < 1e-9 else min(max(0.5 * (left - right) / below, -0.5), 0.5)


def _median(values: Patch) -> float:
    """As numpy's, ten times as quick for a few hundred values."""
    ranked = np.sort(values)
    return float((ranked[(len(ranked) - 1) // 2] + ranked[len(ranked) // 2]) / 2)


@lru_cache(maxsize=64)
def _template(looks: str, half_mm: float, per_mm: float) -> Template:
    grey = _drawn(looks, half_mm, per_mm)
    return Template(grey, np.flatnonzero(grey < 20), np.flatnonzero(grey > 235))


def _drawn(looks: str, half_mm: float, per_mm: float) -> Patch:
    """The mark as it is printed, with white round it, (side, side), each cell the mean of 5 x 5 points."""
    cells, fine = _half_cells(half_mm, per_mm), 5
    steps = (np.arange((2 * cells + 1) * fine) + 0.5) / fine - cells - 0.5
    place = steps / per_mm / (2 * half_mm) + 0.5  # 0 to 1 across the mark
    drawing = _drawing(looks)
    index = np.floor(place * drawing.shape[0]).astype(int)
    inside = (index >= 0) & (index < drawing.shape[0])
    rows = drawing[np.clip(index, 0, drawing.shape[0] - 1)]
    grid = rows[:, np.clip(index, 0, drawing.shape[0] - 1)]
    grid = np.where(inside[:, None] & inside[None, :], grid, 255.0)
    side = 2 * cells + 1
    drawn = grid.reshape(side, fine, side, fine).mean(axis=(1, 3)).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(drawn, (0, 0), 0.08 * per_mm), np.float32)


def _drawing(looks: str) -> Matrix:
    """The cells of a mark, 0 black to 255 white."""
    if looks == "square":
        return np.zeros((1, 1))
    if looks == "eye":
        ring = np.zeros((7, 7))
        ring[1:6, 1:6] = 255.0
        ring[2:5, 2:5] = 0.0
        return ring
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_ARUCO_MIP_36h12)
    return np.asarray(cv2.aruco.generateImageMarker(dictionary, int(looks.split()[1]), 8), np.float64)


def _model(found: Sequence[Found], mm: Points, pixels: Points, give: float = 1.0) -> Transform:
    at, lies = _joined(found, mm, pixels)
    flat = fit_plane(at, lies, give)
    if len(found) < 9:
        return Transform(flat)
    return Transform(flat, fit_bend(flat, *_points(found)))


def _joined(found: Sequence[Found], mm: Points, pixels: Points) -> tuple[Points, Points]:
    if not found:
        return mm, pixels
    at, lies = _points(found)
    return np.concatenate([mm, at]), np.concatenate([pixels, lies])


def _points(found: Sequence[Found]) -> tuple[Points, Points]:
    return np.array([each.mark.center_mm for each in found]), np.array([each.pixels for each in found])


def _without_outliers(found: list[Found], mm: Points, pixels: Points, give: float = 1.0) -> list[Found]:
    """Drop, worst first, what lies far from where all the others put it."""
    kept = list(found)
    while len(kept) > 3:
        at, lies = _points(kept)
        off = residuals_mm(Transform(fit_plane(*_joined(kept, mm, pixels), give)), at, lies)
        worst = int(off.argmax())
        if off[worst] < max(OUTLIER_MM, 4 * float(np.median(off))):
            break
        kept.pop(worst)
    return kept


def _squares(found: Sequence[Found]) -> int:
    return sum(each.mark.looks == "square" for each in found)


def _lost(marks: Sequence[Mark], found: Sequence[Found]) -> tuple[str, ...]:
    """The corners that hold points of which none was found: folded, torn off, covered, or printed too pale."""
    there = {_corner(each.mark) for each in found}
    return tuple(sorted({corner for corner in map(_corner, marks) if corner} - there))


def _corner(mark: Mark) -> str:
    """The corner of the sheet that the mark stands in; nothing for the others."""
    (x, y), (width, height) = mark.center_mm, PAGE_MM
    if min(x, width - x) > CORNER_MM or min(y, height - y) > CORNER_MM:
        return ""
    return f"{'top' if y < height / 2 else 'bottom'}_{'left' if x < width / 2 else 'right'}"


def _black(found: Sequence[Found]) -> float:
    return float(np.median([each.black for each in found])) if found else 0.3
