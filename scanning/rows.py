"""Every row of boxes holds on to its own print: where it really lies, and the proof that it is there.

scanning/page calls `plan` once a layout and `anchor` once a page. The print near a row - its text, its number, its
letters - is compared with the blank print at a few thousand points, light evened out, and moved until both agree (Lucas and Kanade
1981, with gain and offset). The places where pupils write are left out. A row that does not look like its print is out of place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from packets.layout import BLANK_DPI, Box, Layout
from scanning.transform import Points, Transform, remap
from scanning.verdict import Grey

REACH_MM = 45.0  # how far from its boxes a row looks for print of its own, sideways
ABOVE_MM, BELOW_MM = 9.0, 5.5
LINE_MM = 2.0  # boxes of one item this near in height share a row
POINTS = 2400  # a row
KEEP_OFF = 1.25  # radii round a box that belong to the pupil
FLATTEN_MM = 5.0
BLUR_MM = 0.22
STEP_MM, FURTHEST_MM = 0.35, 1.6
ITERATIONS = 4
SETTLED_MM = 0.03
FLOOR = 0.4  # similarity below which a row is out of place (MEASURED, a trial of the sheet)
GOOD = 0.62  # below this a wider search is worth its time
SEARCH_MM, SEARCH_STEP_MM = 2.0, 0.25
BLANK_PER_MM = BLANK_DPI / 25.4
SOFT_CELLS = 5  # three times BLUR_MM
MARGIN_CELLS = 24  # round what the rows look at, whence its light and blur come; a multiple of four, as `lighting` halves twice
PRINTED = 0.15  # darkness of the blank print that counts as print
Values = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """The boxes of one item that stand in one line: their places in `Layout.boxes`, and the middle of them in millimetres."""

    item: str
    boxes: tuple[int, ...]
    middle_mm: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows of a layout and the points at which their print is compared; rows lie behind each other in the arrays."""

    rows: tuple[Row, ...]
    owner: npt.NDArray[np.intp]  # (n,) row of each point
    starts: npt.NDArray[np.intp]  # (rows,) first point of each row
    mm: Points  # (n, 2), all x behind each other
    basis: Values  # (4, n): print, one, slope across, slope down
    gram: npt.NDArray[np.float64]  # (rows, 4, 4), inverted
    model: npt.NDArray[np.float64]  # (3, rows): sum of the squares of the print, sum of the print, number of points


Agreement = tuple[npt.NDArray[np.float64], Points, npt.NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Anchors:
    """Per row: its shift against the page's transform in millimetres, (rows, 2), its similarity with the blank print, (rows,), and how dark its print is against that, (rows,)."""

    shifts: Points
    likeness: npt.NDArray[np.float64]
    gain: npt.NDArray[np.float64]


def rows_of(layout: Layout) -> tuple[Row, ...]:
    """The rows of a layout, in the order of its boxes."""
    rows: list[tuple[str, float, list[int]]] = []
    for index, box in enumerate(layout.boxes):
        for item, y, members in rows:
            if item == box.item and abs(y - box.center_mm[1]) < LINE_MM:
                members.append(index)
                break
        else:
            rows.append((box.item, box.center_mm[1], [index]))
    return tuple(Row(item, tuple(members), _middle([layout.boxes[one] for one in members])) for item, _y, members in rows)


def plan(layout: Layout, blank: Grey) -> Plan:
    """What `anchor` needs of a layout and its blank print at 200 dpi."""
    rows = rows_of(layout)
    reaches = [_reach(layout, row) for row in rows]
    origin, part = _part(blank, reaches)
    soft, light = _shades(part)
    allowed = _allowed(layout, part.shape, origin) & _near_print(soft, light)
    spots = [_spots(reach - np.tile(origin, 2), allowed) for reach in reaches]
    every = np.concatenate(spots) if spots else np.zeros((0, 2), np.intp)
    ink, *slopes = _print_at(soft, light, every[:, 0], every[:, 1])
    basis = np.stack([ink, np.ones(len(every), np.float32), *slopes]).astype(np.float32)
    return planned(rows, [len(each) for each in spots], ((every + origin + 0.5) / BLANK_PER_MM).astype(np.float64), basis)


def planned(rows: tuple[Row, ...], counts: Sequence[int], mm: Points, basis: Values) -> Plan:
    """The plan of rows that have so many of the points `mm`, (n, 2) millimetres, one after the other; `basis` as in Plan."""
    owner = np.repeat(np.arange(len(rows)), counts)
    starts = np.cumsum([0, *counts[:-1]]).astype(np.intp) if rows else np.zeros(0, np.intp)
    exact = basis.astype(np.float64)
    own = (exact[:, start : start + count] for start, count in zip(starts, counts, strict=True))
    products = np.array([each @ each.T.copy() for each in own]).reshape(-1, 4, 4)
    gram = np.linalg.pinv(products + 1e-6 * np.eye(4)).astype(np.float64, copy=False)
    model = _row_sums(np.stack([basis[0] ** 2, basis[0], basis[1]]), starts)
    return Plan(rows, owner, starts, np.asfortranarray(mm), basis, gram, model)


def anchor(image: Grey, lit: Values, per_lit: float, transform: Transform, plan: Plan) -> Anchors:
    """Where the rows lie. `lit` is the 5 mm mean of the picture, smaller by the factor `per_lit` (see `lighting`)."""
    if not plan.rows:
        return Anchors(np.zeros((0, 2)), np.zeros(0), np.zeros(0))
    pixels = transform.pixels(plan.mm)
    turn = transform.jacobians(np.array([row.middle_mm for row in plan.rows]))
    light = _reciprocal(lit, per_lit, pixels)
    pixels = pixels.astype(np.float32)
    shifts = np.zeros((len(plan.rows), 2))
    likeness, gain = np.full(len(plan.rows), -1.0), np.zeros(len(plan.rows))
    best = shifts.copy()
    for _turn in range(ITERATIONS):
        moved = np.einsum("nij,nj->ni", turn, shifts).astype(np.float32)
        found, step, dark = _compare(image, light, pixels + moved.T.take(plan.owner, axis=1).T, plan)
        better = found > likeness
        best[better], likeness[better], gain[better] = shifts[better], found[better], dark[better]
        if float(np.abs(step).max()) < SETTLED_MM:
            break
        shifts = np.clip(shifts + np.clip(step, -STEP_MM, STEP_MM), -FURTHEST_MM, FURTHEST_MM)
    for row in np.flatnonzero(likeness < GOOD):
        known = (best[row], float(likeness[row]), float(gain[row]))
        best[row], likeness[row], gain[row] = _search(image, light, pixels, turn[row], plan, int(row), known)
    return Anchors(best, likeness, gain)


def lighting(image: Grey, per_mm: float) -> tuple[Values, float]:
    """The mean of the picture over 5 mm round each point, at a quarter of its size or less, and the factor of that."""
    factor, small = 1, image
    while factor * 2 <= per_mm / 1.6 and min(small.shape) > 1:  # halving is many times quicker than any other factor
        size = (small.shape[1] // 2, small.shape[0] // 2)
        small = np.asarray(cv2.resize(small[: size[1] * 2, : size[0] * 2], size, interpolation=cv2.INTER_AREA), np.uint8)
        factor *= 2
    side = int(FLATTEN_MM * per_mm / factor) | 1
    return np.asarray(cv2.blur(small, (side, side)), np.float32), float(factor)


def _compare(image: Grey, light: Values, pixels: Points, plan: Plan) -> Agreement:
    """Similarity of every row where it is taken to lie now, the step in millimetres that promises more, and how dark its print is."""
    return _agreement(1.0 - remap(image, pixels) * light, plan.basis, plan.starts, plan.gram, plan.model)


def _reciprocal(lit: Values, per_lit: float, pixels: Points) -> Values:
    """One over the mean light at points of the picture."""
    at = pixels + 0.5
    at /= per_lit
    at -= 0.5
    light: Values = np.float32(1.0) / np.maximum(remap(lit, at), np.float32(8.0))
    return light


def _row_sums(values: Values, starts: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """The sums over each row's points, (n, rows)."""
    sums: npt.NDArray[np.float64] = np.add.reduceat(values, starts, axis=1).astype(np.float64)
    return sums


def _agreement(
    ink: Values, basis: Values, starts: npt.NDArray[np.intp], gram: npt.NDArray[np.float64], moments: npt.NDArray[np.float64]
) -> Agreement:
    seen = np.clip(ink, -0.4, 1.0)
    sums = _row_sums(basis * seen, starts).T  # (rows, 4)
    squares = _row_sums((seen * seen)[None], starts)[0]
    model_squares, model, count = moments
    spread = (squares - sums[:, 1] ** 2 / count) * (model_squares - model**2 / count)
    likeness = (sums[:, 0] - sums[:, 1] * model / count) / np.sqrt(np.maximum(spread, 1e-9))
    solved = np.einsum("rij,rj->ri", gram, sums)
    gain = np.where(np.abs(solved[:, 0]) < 1e-4, np.inf, solved[:, 0])
    return likeness, -solved[:, 2:4] / gain[:, None], solved[:, 0]


def _search(
    image: Grey, light: Values, pixels: Points, turn: Points, plan: Plan, row: int, known: tuple[Points, float, float]
) -> tuple[Points, float, float]:
    """A row's best place on a grid, then refined."""
    mine = np.flatnonzero(plan.owner == row)
    some = mine[:: max(1, len(mine) // 600)]
    if len(some) < 30:
        return known
    steps = np.arange(-SEARCH_MM, SEARCH_MM + 0.01, SEARCH_STEP_MM)
    tries = np.stack(np.meshgrid(steps, steps), axis=2).reshape(-1, 2)
    at = (pixels[some][None] + (tries @ turn.T)[:, None]).reshape(-1, 2)
    ink = np.clip(1.0 - remap(image, at).reshape(len(tries), -1) * light[some], -0.4, 1.0)
    model = plan.basis[0, some] - plan.basis[0, some].mean()
    spread = ink - ink.mean(axis=1, keepdims=True)
    scores = (spread @ model) / np.sqrt(np.maximum((spread**2).sum(axis=1) * (model**2).sum(), 1e-9))
    shift, best = tries[int(scores.argmax())], known
    for _turn in range(ITERATIONS):
        ink_here = 1.0 - remap(image, pixels[mine] + turn @ shift) * light[mine]
        found, step, dark = _agreement(
            ink_here, plan.basis[:, mine], np.zeros(1, np.intp), plan.gram[row : row + 1], plan.model[:, row : row + 1]
        )
        if found[0] > best[1]:
            best = (shift, float(found[0]), float(dark[0]))
        shift = np.clip(shift + np.clip(step[0], -STEP_MM, STEP_MM), -SEARCH_MM - 0.5, SEARCH_MM + 0.5)
    return best


def _reach(layout: Layout, row: Row) -> npt.NDArray[np.intp]:
    """The cells of the blank print that `row` looks at: left, top, right, bottom."""
    boxes = [layout.boxes[one] for one in row.boxes]
    left, right = min(box.center_mm[0] for box in boxes) - REACH_MM, max(box.center_mm[0] for box in boxes) + REACH_MM
    y = row.middle_mm[1]
    corners = zip((left, y - ABOVE_MM, right, y + BELOW_MM), (*layout.size_mm, *layout.size_mm), strict=True)
    return np.array([int(np.clip(value, 12, size - 12) * BLANK_PER_MM) for value, size in corners], np.intp)


def _part(blank: Grey, reaches: Sequence[npt.NDArray[np.intp]]) -> tuple[npt.NDArray[np.intp], Grey]:
    """The part of the blank print that any row looks at, a margin round it, and the cell (column, row) where it begins."""
    if not reaches:
        return np.zeros(2, np.intp), blank
    first, last = np.min(reaches, axis=0)[:2], np.max(reaches, axis=0)[2:]
    left, top = (first // 4 * 4 - MARGIN_CELLS).clip(0).tolist()
    right, bottom = (last // 4 * 4 + MARGIN_CELLS + 4).tolist()
    return np.array([left, top], np.intp), blank[top:bottom, left:right]


def _spots(reach: npt.NDArray[np.intp], allowed: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Cells within `reach` where a row is compared: its print and the paper round that, (n, 2): column, row."""
    x0, y0, x1, y1 = reach.tolist()
    near = allowed[y0:y1, x0:x1]
    cells = np.flatnonzero(near)
    if not len(cells):  # nothing is printed here: one cell of paper, which is like no print
        return np.array([[(x0 + x1) // 2, (y0 + y1) // 2]], np.intp)
    down, across = np.divmod(cells[:: max(1, len(cells) // POINTS)], max(1, near.shape[1]))
    return np.stack([across + x0, down + y0], axis=1)


def _allowed(layout: Layout, shape: tuple[int, ...], origin: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Where no pupil is asked to write, in a part of the blank print that begins at the cell `origin`."""
    free, (left, top) = np.ones(shape, np.uint8), origin.tolist()
    for box in layout.boxes:
        across, down = (round(value * BLANK_PER_MM - 0.5) for value in box.center_mm)
        cv2.circle(free, (across - left, down - top), round(max(box.size_mm) / 2 * KEEP_OFF * BLANK_PER_MM), 0, -1)
    for code in layout.codes:
        x, y, half = code.center_mm[0], code.center_mm[1], code.size_mm / 2 + 3
        x0, x1, y0, y1 = (round(value * BLANK_PER_MM) for value in (x - half, x + half, y - half, y + half))
        free[max(0, y0 - top) : max(0, y1 - top), max(0, x0 - left) : max(0, x1 - left)] = 0
    return free.view(np.bool_)


def _shades(blank: Grey) -> tuple[Grey, Grey]:
    """The blank print a little blurred, and the mean light of its neighbourhood, as the picture's own is taken; the second may lack the last lines and columns."""
    soft = cv2.GaussianBlur(blank, (2 * SOFT_CELLS + 1,) * 2, BLUR_MM * BLANK_PER_MM)
    lit, factor = lighting(blank, BLANK_PER_MM)
    size = (lit.shape[1] * int(factor), lit.shape[0] * int(factor))
    light = cv2.resize(np.maximum(lit, 8.0).astype(np.uint8), size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(soft, np.uint8), np.asarray(light, np.uint8)


def _near_print(soft: Grey, light: Grey) -> npt.NDArray[np.bool_]:
    """The print, and the paper within three cells of it."""
    near = np.zeros(soft.shape, np.uint8)
    high, wide = light.shape
    print_ = cv2.compare(soft[:high, :wide], cv2.convertScaleAbs(light, alpha=1.0 - PRINTED), cv2.CMP_LT)
    near[:high, :wide] = cv2.dilate(print_, np.ones((7, 7), np.uint8))
    return near > 0


def _print_at(soft: Grey, light: Grey, x: npt.NDArray[np.intp], y: npt.NDArray[np.intp]) -> tuple[Values, Values, Values]:
    """How dark the print is at cells, about 0 to 1 (paper beside much print is below 0), and how fast that rises to the right and downwards, per millimetre (Sobel's operator)."""
    flat, here, width = soft.ravel(), y * soft.shape[1] + x, soft.shape[1]
    over = np.float32(-1.0) / light.ravel().take(y * light.shape[1] + x)
    near = {(i, j): flat.take(here + (j * width + i)) * over for i in (-1, 0, 1) for j in (-1, 0, 1)}
    across = near[1, -1] - near[-1, -1] + 2 * (near[1, 0] - near[-1, 0]) + near[1, 1] - near[-1, 1]
    down = near[-1, 1] - near[-1, -1] + 2 * (near[0, 1] - near[0, -1]) + near[1, 1] - near[1, -1]
    unit = np.float32(BLANK_PER_MM / 8)
    return near[0, 0] + 1, across * unit, down * unit


def _middle(boxes: list[Box]) -> tuple[float, float]:
    return (float(np.mean([box.center_mm[0] for box in boxes])), float(np.mean([box.center_mm[1] for box in boxes])))
