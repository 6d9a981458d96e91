"""Outlines into blocks of rows and columns, as a form's questions are printed. Pure.

scanning/form_draft asks. Two outlines belong together where they are alike and stand beside or below each other about as near as their nearest neighbours do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scanning.form_outlines import SQUARE, Outline

ALIKE = 0.12  # share by which sides of one kind of box differ at most
ALIGNED = 0.35  # of a side, by which boxes of a row or column may be off
NEAREST = 1.25  # of the nearest neighbour's distance: what stands farther is another block
FARTHEST_MM, FARTHEST_SIDES = (22.0, 40.0), (5.0, 9.0)  # of neighbours, across and down: in millimetres, and in their own sides
APART = 3.0  # rows of a block that stand farther apart than so many of its rows belong to another
Point = tuple[float, float]
Cell = tuple[int, int]  # row and column, from 0


@dataclass(frozen=True, slots=True)
class Block:
    """Boxes in rows and columns; a cell where none was found is left out."""

    cells: Mapping[Cell, Outline]
    rows: int
    columns: int

    @property
    def lost(self) -> list[Cell]:
        """The cells without a box."""
        return [(row, column) for row in range(self.rows) for column in range(self.columns) if (row, column) not in self.cells]

    def place_of(self, cell: Cell) -> Point:
        """Where a box of that cell stands, or should: by the others of its row and column, millimetres."""
        if cell in self.cells:
            return self.cells[cell].center_mm
        beside = [box.center_mm[1] for (row, _column), box in self.cells.items() if row == cell[0]]
        below = [box.center_mm[0] for (_row, column), box in self.cells.items() if column == cell[1]]
        return (float(np.median(below)), float(np.median(beside)))

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the middles, millimetres."""
        across, down = zip(*(box.center_mm for box in self.cells.values()), strict=True)
        return min(across), min(down), max(across), max(down)


def usable(outlines: Sequence[Outline]) -> list[Outline]:
    """Without squares that share lines: those are cells to write letters into."""
    return [each for each in outlines if not (each.shape == SQUARE and each.shared)]


def skew_of(outlines: Sequence[Outline]) -> float:
    """By how many degrees the rows fall to the right."""
    slopes = [
        math.atan2(outlines[to].center_mm[1] - outlines[at].center_mm[1], outlines[to].center_mm[0] - outlines[at].center_mm[0])
        for at, to in _links(outlines, 0)
    ]
    return round(math.degrees(float(np.median(slopes))), 2) if slopes else 0.0


def blocks_of(outlines: Sequence[Outline], is_whole: Callable[[Block], bool] = lambda _block: False) -> list[Block]:
    """The blocks in the order in which they are read: down the page, those beside each other from the left. Outlines that stand alone are in none.

    `is_whole` says of a block that none continues it: the digits of a number.
    """
    angle = math.radians(skew_of(outlines))
    straight = [_turned(each.center_mm, -angle) for each in outlines]
    group = list(range(len(outlines)))
    for axis in (0, 1):
        for at, to in _links(outlines, axis):
            _join(group, at, to)
    members: dict[int, list[int]] = {}
    for place in range(len(outlines)):
        members.setdefault(_root(group, place), []).append(place)
    made = [_block(outlines, straight, each) for each in members.values() if len(each) > 1]
    whole = [each for each in made if is_whole(each)]
    return _read_order([*whole, *_joined([each for each in made if each not in whole])])


def _links(outlines: Sequence[Outline], axis: int) -> Iterator[tuple[int, int]]:
    """Neighbours of a row (axis 0) or a column (axis 1): pairs whose distance is about that of the nearest of both."""
    after = _nexts(outlines, axis)
    nearest = [math.inf] * len(outlines)
    for at, found in enumerate(after):
        if found is not None:
            nearest[at], nearest[found[0]] = min(nearest[at], found[1]), min(nearest[found[0]], found[1])
    for at, found in enumerate(after):
        if found is not None and found[1] <= NEAREST * min(nearest[at], nearest[found[0]]):
            yield at, found[0]


def _nexts(outlines: Sequence[Outline], axis: int) -> list[tuple[int, float] | None]:
    """Of each outline the nearest like one to the right (or below), with its distance."""
    centers = np.array([each.center_mm for each in outlines]).reshape(-1, 2)
    sizes = np.array([each.size_mm for each in outlines]).reshape(-1, 2)
    square = np.array([each.shape == SQUARE for each in outlines])
    found: list[tuple[int, float] | None] = []
    for place, one in enumerate(outlines):
        along, off = centers[:, axis] - one.center_mm[axis], np.abs(centers[:, 1 - axis] - one.center_mm[1 - axis])
        alike = (np.abs(sizes - sizes[place]) <= ALIKE * one.side).all(axis=1) & (square == square[place])
        farthest = min(FARTHEST_MM[axis], FARTHEST_SIDES[axis] * one.side)
        fits = alike & (off <= ALIGNED * one.side) & (along > 0.5 * one.side) & (along <= farthest)
        nearest = int(np.where(fits, along, np.inf).argmin()) if len(along) else 0
        found.append((nearest, float(along[nearest])) if fits.any() else None)
    return found


def _alike(one: Outline, other: Outline) -> bool:
    return one.shape == other.shape and all(abs(one.size_mm[axis] - other.size_mm[axis]) <= ALIKE * one.side for axis in (0, 1))


def _root(group: list[int], place: int) -> int:
    while group[place] != place:
        group[place] = group[group[place]]
        place = group[place]
    return place


def _join(group: list[int], one: int, other: int) -> None:
    group[_root(group, one)] = _root(group, other)


def _block(outlines: Sequence[Outline], straight: Sequence[Point], members: Sequence[int]) -> Block:
    side = float(np.median([outlines[each].side for each in members]))
    columns, rows = (_lines([straight[each][axis] for each in members], ALIGNED * side) for axis in (0, 1))
    cells: dict[Cell, Outline] = {}
    for each in members:
        cells.setdefault((_nearest(rows, straight[each][1]), _nearest(columns, straight[each][0])), outlines[each])
    return Block(cells, len(rows), len(columns))


def _lines(places: Sequence[float], reach: float) -> list[float]:
    """The middles of places that lie within reach of each other, in order."""
    lines: list[list[float]] = []
    for place in sorted(places):
        if lines and place - lines[-1][-1] <= reach:
            lines[-1].append(place)
        else:
            lines.append([place])
    return [float(np.mean(each)) for each in lines]


def _nearest(lines: Sequence[float], place: float) -> int:
    return min(range(len(lines)), key=lambda number: abs(lines[number] - place))


def _turned(point: Point, angle: float) -> Point:
    x, y = point
    return (x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle))


def _joined(blocks: Sequence[Block]) -> list[Block]:
    """Blocks of the same columns below each other as one, where no more than a few rows would fit between: rows in groups of five are one column of questions."""
    made: list[Block] = []
    for block in sorted(blocks, key=lambda each: each.frame[1]):
        above = next((each for each in made if _continues(each, block)), None)
        if above is None:
            made.append(block)
            continue
        made[made.index(above)] = Block(
            {**above.cells, **{(row + above.rows, column): box for (row, column), box in block.cells.items()}},
            above.rows + block.rows,
            above.columns,
        )
    return made


def _continues(above: Block, block: Block) -> bool:
    if above.columns != block.columns:
        return False
    one, other = above.cells[min(above.cells)], block.cells[min(block.cells)]
    step = min((each.frame[3] - each.frame[1]) / (each.rows - 1) if each.rows > 1 else 3 * one.side for each in (above, block))
    aligned = all(abs(above.frame[side] - block.frame[side]) <= ALIGNED * one.side for side in (0, 2))
    return _alike(one, other) and aligned and 0 < block.frame[1] - above.frame[3] <= APART * step


def _read_order(blocks: Sequence[Block]) -> list[Block]:
    """From the top; blocks whose heights overlap for the most part of the lower one from the left."""
    bands: list[list[Block]] = []
    for block in sorted(blocks, key=lambda each: each.frame[1]):
        band = next((each for each in bands if _beside(each, block)), None)
        if band is None:
            bands.append([block])
        else:
            band.append(block)
    return [block for band in bands for block in sorted(band, key=lambda each: each.frame[0])]


def _beside(band: Sequence[Block], block: Block) -> bool:
    top, bottom = min(each.frame[1] for each in band), max(each.frame[3] for each in band)
    high = max(block.frame[3] - block.frame[1], 1.0)
    return (min(bottom, block.frame[3]) - max(top, block.frame[1])) / high > 0.5 or (
        block.frame[3] == block.frame[1] and top <= block.frame[1] <= bottom
    )
