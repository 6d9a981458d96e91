"""Ink that stands elsewhere than in the boxes of a question: a number written into the squares, a tick in the margin, a ring round the answer's words.

scanning/page calls `bare_of` once a layout and `written` for the questions of a page whose boxes hold no clear mark; scanning/judge calls none of them blank
round which somebody wrote. Whose hand that was, and what it means, nobody here asks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from packets.layout import BLANK_DPI, BODY_MM, DIGIT_SQUARE_MM, SQUARE_ABOVE_MM, Layout, PageKind
from scanning.transform import Points, Transform
from scanning.verdict import Grey

CELL = 2  # cells of the blank print that make one here
MM = CELL * 25.4 / BLANK_DPI  # a quarter of a millimetre
PRINTED = 0.15  # darkness of the blank print that counts as print
NEAR_PRINT = 1  # cells round print that are not looked at: a quarter of a millimetre, by which paper may be bent between the rows
ABOVE_MM, BELOW_MM = (
    26.0,
    2.0,
)  # how far above its first boxes, to its words and squares, and below its last a question reaches: scanning/review_pictures shows as much
GAP_MM = 9.0  # and below a row of a grid, up to the next one: it may stand beyond the fold
APART_MM = 2.5  # from boxes of other questions: a fold moves them by as much against this one
GRID_ROW = re.compile(r"(\d+)([a-z])")  # 5a: packets.kinds
SIDES_MM = (15.0, 195.0)
LIGHT_MM = 4.0  # what is narrower is no shadow
NODE_MM = 4.0  # apart, where the transform is asked; straight between
DARK = 0.18  # from here on it is ink: as scanning/marks has it beside a box
OF_DARKEST = 0.9  # share of a piece's cells that are lighter than the one that tells how dark it is
LEAST_MM2, LEAST_MM = 1.0, 2.0  # of one piece of writing: its area, and its longer side; a speck has less
LEAN = 4  # cells to either side that a line may lean, or break
RUN = 6  # cells down which a piece of it goes
LINE_SHARE = 0.7  # of the bare cells of a row or column: with so many dark it is a fold, or dirt on the glass


ROUND_MM = 6.0  # round a square, of paper that is looked at to tell ink from shadows and folds
WITHIN_MM = 0.7  # of a square's edge that belongs to its neighbours' digits
MARKED, MARKED_SHARE = 0.2, 0.5  # darkness of a circle with which a column holds a digit, and its share of the darkest in the number


@dataclass(frozen=True, slots=True)
class Bare:
    """Where the blank print leaves white paper, one bit a cell of MM, and how many cells the sheet has: (down, across)."""

    bits: npt.NDArray[np.uint8]
    shape: tuple[int, int]

    def part(self, left: int, top: int, right: int, bottom: int) -> npt.NDArray[np.bool_]:
        """The cells of a part of the sheet."""
        rows = np.unpackbits(self.bits[top:bottom], axis=1, count=self.shape[1])
        return rows[:, left:right].view(np.bool_)


def bare_of(blank: Grey) -> Bare:
    """The white paper of a blank print at 200 dpi."""
    shape = (blank.shape[0] // CELL, blank.shape[1] // CELL)
    small = cv2.resize(blank[: shape[0] * CELL, : shape[1] * CELL], shape[::-1], interpolation=cv2.INTER_AREA)
    print_ = (small < 255 * (1 - PRINTED)).astype(np.uint8)
    near = cv2.dilate(print_, np.ones((2 * NEAR_PRINT + 1,) * 2, np.uint8))
    return Bare(np.packbits(near == 0, axis=1), shape)


def written(
    image: Grey, layout: Layout, bare: Bare, transform: Transform, shifts: Points, black: float, items: Collection[str]
) -> dict[str, tuple[float, float]]:
    """Of each of `items` the ink round its boxes that nobody printed: its area in square millimetres, and how dark its darkest piece is, 0 paper to 1 print; what shows none is left out.

    `shifts`: (boxes, 2) millimetres against the transform; `black`: grey of print over paper, 0 to 1. Only worksheets are looked at: elsewhere people sign and write where they like.
    """
    if layout.kind is not PageKind.WORKSHEET:
        return {}
    found = {}
    for item in items:
        own = [index for index, box in enumerate(layout.boxes) if box.item == item]
        place = _place(layout, own, bare.shape)
        if place[0] >= place[2] or place[1] >= place[3]:
            continue
        area, dark = _ink(_seen(image, transform, place, shifts[own].mean(axis=0)), _free(layout, bare, place), black)
        if area > 0:
            found[item] = (round(area, 1), round(dark, 2))
    return found


def in_squares(
    image: Grey, layout: Layout, bare: Bare, transform: Transform, shifts: Points, black: float, dark: Sequence[float]
) -> dict[str, dict[str, float]]:
    """Of each number of which some columns are marked, the ink in the squares over the others: square millimetres by item and by column as text.

    `dark`: the darkness of every box; the rest as for `written`. A minus or a digit that was written and not marked would be lost in silence.
    """
    found: dict[str, dict[str, float]] = {}
    for item in (each.item for each in layout.items if each.rule == "number" and layout.kind is PageKind.WORKSHEET):
        columns: dict[int, list[int]] = {}
        for index, box in enumerate(layout.boxes):
            if box.item == item:
                columns.setdefault(box.column or 0, []).append(index)
        darkest = {column: max(dark[index] for index in own) for column, own in columns.items()}
        empty = [column for column, most in darkest.items() if most < max(MARKED, MARKED_SHARE * max(darkest.values()))]
        for column in empty if len(empty) < len(columns) else ():
            area = _in_square(image, layout, bare, transform, shifts, black, columns[column][0])
            if area > 0:
                found.setdefault(item, {})[str(column)] = round(area, 1)
    return found


def _in_square(image: Grey, layout: Layout, bare: Bare, transform: Transform, shifts: Points, black: float, first: int) -> float:
    """The ink in the square over the column whose uppermost circle is box `first`, in square millimetres; 0 where circles stand instead."""
    (x, y), half = layout.boxes[first].center_mm, DIGIT_SQUARE_MM / 2
    y -= SQUARE_ABOVE_MM
    if any(max(abs(box.center_mm[0] - x), abs(box.center_mm[1] - y)) < half + box.size_mm[1] / 2 for box in layout.boxes):
        return 0.0  # columns that lie have no squares
    edges = (x - half - ROUND_MM, y - half - ROUND_MM, x + half + ROUND_MM, y + half + ROUND_MM)
    left, top, right, bottom = (round(value / MM) for value in edges)
    place = max(0, left), max(0, top), min(bare.shape[1], right), min(bare.shape[0], bottom)
    inside = np.zeros((place[3] - place[1], place[2] - place[0]), np.bool_)
    begin, end = (round((ROUND_MM + each) / MM) for each in (WITHIN_MM, DIGIT_SQUARE_MM - WITHIN_MM))
    inside[begin:end, begin:end] = True
    return _ink(_seen(image, transform, place, shifts[first]), bare.part(*place), black, inside)[0]


def below_mm(layout: Layout, item: str) -> float:
    """How far below its boxes a question is looked at, where no other one's boxes are nearer: scanning/review_pictures shows as much."""
    row = GRID_ROW.fullmatch(item)
    following = f"{row[1]}{chr(ord(row[2]) + 1)}" if row else ""
    return GAP_MM if any(each.item == following for each in layout.items) else BELOW_MM


def _place(layout: Layout, own: Sequence[int], shape: tuple[int, int]) -> tuple[int, int, int, int]:
    """The part of the sheet that a question has to itself, in cells: left, top, right, bottom. It ends where boxes of other questions are; without boxes, or with some outside the text, it may be empty."""
    boxes = [layout.boxes[index] for index in own]
    if not boxes:
        return 0, 0, 0, 0
    edges = [(*box.center_mm, max(box.size_mm) / 2) for box in boxes]
    first, last = min(y - r for _x, y, r in edges), max(y + r for _x, y, r in edges)
    left, right = min(x - r for x, _y, r in edges), max(x + r for x, _y, r in edges)
    top, bottom, (west, east) = first - ABOVE_MM, last + below_mm(layout, boxes[0].item), SIDES_MM
    for box in layout.boxes:
        if box.item == boxes[0].item:
            continue
        (x, y), r = box.center_mm, max(box.size_mm) / 2 + APART_MM
        if y + r <= first:
            top = max(top, y + r)
        elif y - r >= last:
            bottom = min(bottom, y - r)
        elif x < left:
            west = max(west, (x + r + left) / 2)
        else:
            east = min(east, (x - r + right) / 2)
    x0, y0, x1, y1 = (round(value / MM) for value in (west, max(BODY_MM[1], top), east, min(BODY_MM[3], bottom)))
    return max(0, x0), max(0, y0), min(shape[1], x1), min(shape[0], y1)


def _free(layout: Layout, bare: Bare, place: tuple[int, int, int, int]) -> npt.NDArray[np.bool_]:
    """The white paper of a place, without the fields in which another question is answered by hand."""
    left, top, _right, _bottom = place
    free = bare.part(*place).copy()
    for field in (item.field_mm for item in layout.items if item.field_mm is not None):
        x0, y0, x1, y1 = (round(value / MM) for value in field)
        free[max(0, y0 - top) : max(0, y1 - top), max(0, x0 - left) : max(0, x1 - left)] = False
    return free


def seen_from_above(image: Grey, transform: Transform, bare: Bare) -> Grey:
    """The whole sheet as it lies in the picture, one grey value a cell, as `bare` has them."""
    return _seen(image, transform, (0, 0, *bare.shape[::-1]), np.zeros(2))


def _seen(image: Grey, transform: Transform, place: tuple[int, int, int, int], shift: Points) -> Grey:
    """That part of the sheet as it lies in the picture, one grey value a cell."""
    left, top, right, bottom = place
    size = (right - left, bottom - top)
    nodes = [max(2, int(np.ceil(length * MM / NODE_MM)) + 1) for length in size]
    places = (
        np.linspace(begin + 0.5, begin + length - 0.5, count) * MM for begin, length, count in zip((left, top), size, nodes, strict=True)
    )
    mesh = np.stack(np.meshgrid(*places), axis=2).reshape(-1, 2)
    at = transform.pixels(mesh + shift).reshape(nodes[1], nodes[0], 2).astype(np.float32)
    steps = [np.linspace(0, count - 1, length, dtype=np.float32) for count, length in zip(nodes, size, strict=True)]
    across, down = np.meshgrid(*steps)
    x, y = (np.asarray(cv2.remap(np.ascontiguousarray(at[..., axis]), across, down, cv2.INTER_LINEAR), np.float32) for axis in (0, 1))
    return np.asarray(cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,)), np.uint8)


def _ink(seen: Grey, bare: npt.NDArray[np.bool_], black: float, within: npt.NDArray[np.bool_] | None = None) -> tuple[float, float]:
    """The area of what was written on bare paper, and `within` a part of it, in square millimetres, and how dark its darkest piece is."""
    side = int(LIGHT_MM / MM) | 1
    paper = np.asarray(cv2.morphologyEx(seen, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8)), np.float32)
    darkness = (1.0 - seen / np.maximum(paper, np.float32(1.0))) / np.float32(max(0.25, 1.0 - black))
    ink = (darkness > DARK) & bare
    if np.count_nonzero(ink) * MM * MM < LEAST_MM2:
        return 0.0, 0.0  # as nearly always: too little for a single piece
    hint = (darkness > DARK / 2) & bare
    ink &= ~(_line(hint, bare) | _line(hint.T, bare.T).T)
    if within is not None:
        ink &= within
    _count, labels, pieces, _middles = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    wide, high, area = (pieces[:, each] * MM for each in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    area = area * MM
    large = (area >= LEAST_MM2) & (np.maximum(wide, high) >= LEAST_MM)
    large[0] = False  # what is no ink
    dark = [float(np.quantile(darkness[labels == piece], OF_DARKEST)) for piece in np.flatnonzero(large)]
    return float(area[large].sum()), max(dark, default=0.0)


def _line(ink: npt.NDArray[np.bool_], bare: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The columns, (1, across), that a line runs down, and those to which it may lean."""
    beside = np.ones((1, 2 * LEAN + 1), np.uint8)
    runs = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, np.ones((RUN, 1), np.uint8))  # noise has none
    full = (cv2.dilate(runs, beside) * bare).sum(axis=0) >= LINE_SHARE * np.maximum(bare.sum(axis=0), 1)
    wider: npt.NDArray[np.bool_] = cv2.dilate(full.astype(np.uint8)[None], beside) > 0
    return wider
