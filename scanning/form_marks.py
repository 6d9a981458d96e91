"""The boxes of a foreign form as if they were ours: cut out, made round and equal, their printed letters taken off, laid side by side for scanning/marks.

scanning/form_page calls `prepare` once for every page of a form and `marks_in` for every picture. What a mark is and what it means stays with
scanning/marks and scanning/judge: they get a picture of tiles that looks like a sheet of ours, with empty boxes inside and their outlines round them.

What a letter inside a box looks like in this very picture, the page itself tells: boxes with the same letter are compared cell by cell, and what most of them
show there is print. It is never believed to be more than what the blank print can have put there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from packets.layout import Box, Layout
from scanning import marks
from scanning.form import PER_MM, FormPage
from scanning.form_look import darkness
from scanning.form_windows import peak
from scanning.patches import SIDE, SPAN
from scanning.transform import Matrix, Points, Transform, remap_grid
from scanning.verdict import Grey

MARGIN = 6  # cells round a tile beyond what scanning/marks samples: it may follow an outline that far
TILE = SIDE + 2 * MARGIN
CELLS = SIDE // 2 / SPAN  # cells a radius
ACROSS = 32  # tiles beside each other
ROUND_SQUARE = 1.05  # what counts as a square's radius, of its half side: less, and its blurred outline would look in
INSIDE = 0.82  # radii within which print is taken off
NEIGHBOUR = 1.12  # radii of another box that are no white paper
PRINTED = 0.05  # darkness of the blank inside a box that is worth taking off
SAME = 0.97  # likeness of two boxes' letters that are the same
ENOUGH = 5  # boxes with the same letter that tell how it looks
MOST_PRINT = 0.85
QUANTILE = 0.4
UNSURE = 0.25  # share of the print, and of that beside it, that no box is held to within
CLEAR, MARKED = 0.1, 0.08  # print that hides nothing, and mean darkness beside it that a hand left
UNEVEN = (0.75, 1.25)  # shares of the usual print that one box may have
SOFT, SOFTER = 1.2, 3.0  # cells over which what lies under a printed line is guessed from beside it
HELD, FURTHEST = 17, 4  # cells round a box's middle that are compared with its print, and how far away
TRUSTED = 0.4
VOTES_MM = 4.5
Values = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """What a page's blank gives to `marks_in`. `tiles`: darkness of the blank, (n, TILE, TILE); `groups`: boxes with the same letter inside."""

    layout: Layout
    halves: Points  # (n, 2): what counts as the radius across and down, millimetres
    tiles: Values
    flat: Layout  # the boxes as tiles beside each other
    blank: marks.Print
    groups: tuple[npt.NDArray[np.intp], ...]


def prepare(page: FormPage) -> Prepared:
    """What `marks_in` needs of a page."""
    layout = page.layout
    halves = np.array([_halves(box) for box in layout.boxes], np.float64).reshape(-1, 2)
    ink = np.clip(darkness(page.blank, PER_MM), 0, 1)
    soft = np.asarray(cv2.GaussianBlur(ink, (0, 0), 0.05 * PER_MM), np.float32)
    tiles = _cut(soft, _plane_of_blank(), layout, halves, np.zeros((len(halves), 2)), outside=0.0)
    inner = tiles[:, MARGIN:-MARGIN, MARGIN:-MARGIN]
    wide = np.ones((5, 5), np.uint8)
    white = np.array([cv2.dilate(each, wide) < marks.PRINTED for each in inner]) & ~_neighbours(layout, halves)
    return Prepared(
        layout, halves, tiles, _side_by_side(layout), marks.Print(inner, white, np.zeros((len(inner), 1), np.float32)), _groups(tiles)
    )


def marks_in(image: Grey, prepared: Prepared, plane: Matrix, shifts: Points, black: float) -> list[marks.Mark]:
    """The marks of all boxes in the layout's order. `plane`: millimetres to pixels; `shifts`: (n, 2) millimetres against it, as `settled` made them; `black`: print over paper."""
    if not prepared.layout.boxes:
        return []
    bare = without_print(_cut(image, plane, prepared.layout, prepared.halves, shifts, outside=255.0), prepared)
    sheet = _laid_out(bare)
    home = Transform(np.diag([CELLS, CELLS, 1.0]))
    taken = marks.measure(sheet, prepared.flat, prepared.blank, home, np.zeros((len(bare), 2)), black)
    centers = np.array([box.center_mm for box in prepared.layout.boxes], np.float64).reshape(-1, 2) + shifts
    shown = Transform(plane).shows(image, centers, prepared.halves)
    return [mark if there else replace(mark, shown=0.0) for mark, there in zip(taken, shown, strict=True)]


def settled(image: Grey, prepared: Prepared, plane: Matrix, shifts: Points) -> Points:
    """The shifts, (n, 2) millimetres, brought nearer to the print of the boxes themselves: each votes for its neighbours, so that a marked one is carried."""
    tiles = _cut(image, plane, prepared.layout, prepared.halves, shifts, outside=255.0, reach=HELD + FURTHEST)
    low, high = TILE // 2 - HELD, TILE // 2 + HELD + 1
    off, trust = np.zeros((len(tiles), 2)), np.zeros(len(tiles))
    for index, (tile, model) in enumerate(zip(tiles, prepared.tiles, strict=True)):
        alike = cv2.matchTemplate(255.0 - tile, model[low:high, low:high], cv2.TM_CCOEFF_NORMED)
        _least, best, _where, (column, row) = cv2.minMaxLoc(alike)
        off[index] = column + peak(alike[row], column) - FURTHEST, row + peak(alike[:, column], row) - FURTHEST
        trust[index] = max(best - TRUSTED, 0.0) ** 2 * (max(abs(column - FURTHEST), abs(row - FURTHEST)) < FURTHEST)
    centers = np.array([box.center_mm for box in prepared.layout.boxes])
    near = np.exp(-0.5 * ((centers[:, None] - centers[None]) ** 2).sum(axis=2) / VOTES_MM**2) * trust
    moved: Points = shifts + (near @ (off * prepared.halves / CELLS)) / np.maximum(near.sum(axis=1, keepdims=True), 0.02)
    return moved


def without_print(tiles: Values, prepared: Prepared) -> Values:
    """The tiles with what is printed inside the boxes taken off: grey, (n, TILE, TILE)."""
    level = _level(tiles, prepared.blank.white)
    dark = 1.0 - tiles / level
    inside = _inside()
    cleaned = dark.copy()
    for group in prepared.groups:
        own = _print_of(dark[group], prepared.tiles[group])
        some = np.clip(own * _strengths(dark[group], own), 0.0, MOST_PRINT)
        hand = np.clip(1.0 - (1.0 - dark[group]) / (1.0 - some), -0.3, 1.2)
        hand = np.where(hand > 0, np.maximum(hand - UNSURE * _widened(some) * _unmarked(hand, some), 0), hand)
        cleaned[group] = np.where(inside, _under(hand, (1.0 - some) ** 2, some), dark[group])
    return np.clip(level * (1.0 - cleaned), 0, 255)


def _print_of(dark: Values, blank: Values) -> Values:
    """How dark the print is in each cell of boxes with the same letter: what most of them show, or what the blank promises where they are few."""
    most = np.array([cv2.dilate(each, np.ones((5, 5), np.uint8)) for each in blank])
    gain = _gain(dark, blank)
    promised = np.minimum(1.25 * gain * most + 0.02 * (most > PRINTED), 1.0)
    if len(dark) >= ENOUGH:
        usual = np.sort(dark, axis=0)[int(QUANTILE * (len(dark) - 1))][None]
        return np.asarray(np.clip(np.minimum(usual, promised), 0, 1), np.float32)
    soft = np.array([cv2.GaussianBlur(each, (0, 0), 0.9) for each in blank])
    return np.asarray(np.clip(np.minimum(gain * soft, promised), 0, 1), np.float32)


def _unmarked(hand: Values, some: Values) -> Values:
    """How sure it is that nobody marked the box, by the places in it where nothing is printed: 1 to 0, (n, 1, 1)."""
    bare = _inside() & (some < CLEAR)
    mean = (hand * bare).sum(axis=(1, 2)) / np.maximum(bare.sum(axis=(1, 2)), 1)
    sure: Values = np.clip(1.0 - mean / MARKED, 0, 1).astype(np.float32)
    return sure[:, None, None]


def _widened(some: Values) -> Values:
    """The print of each box, and its edges."""
    return np.array([cv2.dilate(each, np.ones((3, 3), np.uint8)) for each in some], np.float32)


def _strengths(dark: Values, own: Values) -> Values:
    """How much stronger or weaker each box is printed than its like, (n, 1, 1): toner is never even."""
    own = np.broadcast_to(own, dark.shape)
    shares = []
    for one, print_ in zip(dark, own, strict=True):
        cells = (print_ > 0.25) & _inside()
        shares.append(float(np.quantile(one[cells] / print_[cells], 0.4)) if cells.sum() > 8 else 1.0)
    return np.clip(np.array(shares, np.float32), *UNEVEN)[:, None, None]


def _gain(dark: Values, blank: Values) -> float:
    """How dark the blank's solid print comes out in this picture, by the emptier boxes."""
    where = (blank > 0.4) & _inside()
    if not where.any():
        return 1.0
    shares = [
        float(np.median(one[cells]) / np.median(print_[cells]))
        for one, print_, cells in zip(dark, blank, where, strict=True)
        if cells.sum() > 5
    ]
    return float(np.clip(np.quantile(shares, QUANTILE), 0.2, 1.3)) if shares else 1.0


def _under(hand: Values, weight: Values, some: Values) -> Values:
    """What a hand left, under printed lines guessed from beside them."""
    found = np.empty_like(hand)
    for index, (each, share) in enumerate(zip(hand, weight, strict=True)):
        near, far = (
            cv2.GaussianBlur(each * share, (0, 0), wide) / np.maximum(cv2.GaussianBlur(share, (0, 0), wide), 1e-3)
            for wide in (SOFT, SOFTER)
        )
        thin = cv2.GaussianBlur(share, (0, 0), SOFT) < 0.15
        guess = np.where(thin, far, near)
        trust = np.clip(some[index] / 0.3, 0, 1)
        found[index] = each * (1 - trust) + guess * trust
    return found


def _level(tiles: Values, white: npt.NDArray[np.bool_]) -> Values:
    """The grey of the paper round each box, (n, 1, 1)."""
    inner = tiles[:, MARGIN:-MARGIN, MARGIN:-MARGIN].reshape(len(tiles), -1)[:, ::7]
    clear = white.reshape(len(white), -1)[:, ::7]
    some = np.where(clear, inner, np.nan)
    bare = ~clear.any(axis=1)
    some[bare] = inner[bare]
    level: Values = np.nanquantile(some, 0.65, axis=1).astype(np.float32)
    return np.maximum(level, 8.0)[:, None, None]


def _cut(
    image: Values | Grey, plane: Matrix, layout: Layout, halves: Points, shifts: Points, outside: float, reach: int = TILE // 2
) -> Values:
    """The surroundings of every box, (n, side, side) of 2 * `reach` + 1 cells, sampled straight from a picture."""
    centers = np.array([box.center_mm for box in layout.boxes], np.float64).reshape(-1, 2) + shifts
    transform = Transform(plane)
    turns = (transform.jacobians(centers) * halves[:, None, :]).astype(np.float32)[..., None]
    middles = transform.pixels(centers).astype(np.float32)[..., None]
    side = 2 * reach + 1
    x, y = (axis / np.float32(CELLS) for axis in _cells(reach))
    across = turns[:, 0, 0] * x + (turns[:, 0, 1] * y + middles[:, 0])
    down = turns[:, 1, 0] * x + (turns[:, 1, 1] * y + middles[:, 1])
    return remap_grid(image, across, down, outside).reshape(-1, side, side)


@lru_cache(maxsize=4)
def _cells(reach: int) -> tuple[Values, Values]:
    """Places of a tile's cells, counted from its middle, row by row."""
    steps = np.arange(-reach, reach + 1, dtype=np.float32)
    x, y = np.meshgrid(steps, steps)
    return x.ravel(), y.ravel()


def _plane_of_blank() -> Matrix:
    return np.array([[PER_MM, 0, -0.5], [0, PER_MM, -0.5], [0, 0, 1.0]])


def _halves(box: Box) -> tuple[float, float]:
    factor = 1.0 if box.shape == "circle" else ROUND_SQUARE
    return factor * box.size_mm[0] / 2, factor * box.size_mm[1] / 2


def _neighbours(layout: Layout, halves: Points) -> npt.NDArray[np.bool_]:
    """Which cells of each tile lie in another box, (n, SIDE, SIDE)."""
    centers = np.array([box.center_mm for box in layout.boxes], np.float64).reshape(-1, 2)
    x, y = (axis[MARGIN:-MARGIN, MARGIN:-MARGIN] for axis in _axes())
    covered = np.zeros((len(centers), SIDE, SIDE), bool)
    for index, (center, half) in enumerate(zip(centers, halves, strict=True)):
        near = np.flatnonzero((np.abs(centers - center) < SPAN * half + NEIGHBOUR * halves).all(axis=1))
        for other in near.tolist():
            if other != index:
                off = (centers[other] - center) / half
                reach = NEIGHBOUR * halves[other] / half
                covered[index] |= np.hypot((x - off[0]) / reach[0], (y - off[1]) / reach[1]) < 1.0
    return covered


def _groups(tiles: Values) -> tuple[npt.NDArray[np.intp], ...]:
    """Boxes whose print inside looks the same; those without print are in none."""
    inside = _inside().ravel()
    flat = tiles.reshape(len(tiles), -1)[:, inside]
    printed = np.flatnonzero(np.sort(flat, axis=1)[:, -12:].mean(axis=1) > PRINTED) if len(flat) else np.zeros(0, np.intp)
    if not len(printed):
        return ()
    soft = np.array([cv2.GaussianBlur(tile, (0, 0), 0.7).ravel()[inside] for tile in tiles[printed]])
    even = soft - soft.mean(axis=1, keepdims=True)
    even /= np.maximum(np.linalg.norm(even, axis=1, keepdims=True), 1e-6)
    waiting, groups = np.arange(len(printed)), []
    while len(waiting):
        alike = even[waiting] @ even[waiting[0]] >= SAME
        groups.append(printed[waiting[alike]])
        waiting = waiting[~alike]
    return tuple(groups)


def _side_by_side(layout: Layout) -> Layout:
    """The boxes as circles of one millimetre's radius in a row of tiles."""
    half = TILE // 2
    boxes = tuple(
        replace(
            box,
            center_mm=((index % ACROSS * TILE + half) / CELLS, (index // ACROSS * TILE + half) / CELLS),
            size_mm=(2.0, 2.0),
            shape="circle",
        )
        for index, box in enumerate(layout.boxes)
    )
    return replace(layout, boxes=boxes)


def _laid_out(tiles: Values) -> Grey:
    rows = -(-len(tiles) // ACROSS)
    whole = np.full((rows * ACROSS, TILE, TILE), 255, np.uint8)
    whole[: len(tiles)] = np.rint(tiles).astype(np.uint8)
    return np.ascontiguousarray(whole.reshape(rows, ACROSS, TILE, TILE).transpose(0, 2, 1, 3).reshape(rows * TILE, ACROSS * TILE))


@lru_cache(maxsize=1)
def _axes() -> tuple[Values, Values]:
    steps = (np.arange(TILE) - TILE // 2) / CELLS
    x, y = np.meshgrid(steps, steps)
    return x, y


@lru_cache(maxsize=1)
def _inside() -> npt.NDArray[np.bool_]:
    return np.hypot(*_axes()) < INSIDE
