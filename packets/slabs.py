"""Slabs: the courses that a page is built of, and where they may lie.

A slab is a line of words or a row of boxes that stays whole. A block is a run of slabs that never crosses a page: a question, or a few
lines of reading. Rows of boxes keep clear of the folds; within one block at most one gap is wider for that (in a grid more, where each row is an item). packets/questions makes blocks,
packets/worksheet stacks them. Millimetres; offsets are from the slab's own top.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from packets.layout import BODY_MM, FOLD_CLEAR_MM, FOLDS_MM, Box, Item, clear_of_folds
from packets.press import Ink

STEP_MM = 0.5
TOGETHER = 3  # slabs that stay together at either end of a block that is parted


def _draw_nothing(_pen: Ink, _top: float) -> None:
    return None


def _no_boxes(_top: float) -> tuple[Box, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Slab:
    """One course. `band` is what must keep clear of folds: the extent of its boxes, or None; `draw` and `boxes` take the slab's top."""

    height: float
    draw: Callable[[Ink, float], None] = _draw_nothing
    band: tuple[float, float] | None = None
    boxes: Callable[[float], tuple[Box, ...]] = _no_boxes


@dataclass(frozen=True, slots=True)
class Block:
    """Slabs that stay together on one page, and the items that they ask; `after` is the space below, `gaps` how many gaps may be wider at folds."""

    slabs: tuple[Slab, ...]
    items: tuple[Item, ...] = ()
    after: float = 2.0
    name: str = ""  # the question's number, for a refusal
    gaps: int = 1
    again: tuple[Slab, ...] = ()  # said once more where the block begins a page: the head of a table that goes on
    fits: bool = True  # across the sheet: what does not would print over its neighbours

    @property
    def on_a_new_page(self) -> Block:
        """The block as it begins a page."""
        return replace(self, slabs=self.again + self.slabs, again=()) if self.again else self


@dataclass(frozen=True, slots=True)
class Placed:
    """A block with the top of each of its slabs."""

    block: Block
    tops: tuple[float, ...]

    @property
    def bottom(self) -> float:
        """Where the block ends."""
        return self.tops[-1] + self.block.slabs[-1].height

    def draw(self, pen: Ink) -> None:
        """Draw all slabs."""
        for slab, top in zip(self.block.slabs, self.tops, strict=True):
            slab.draw(pen, top)

    def boxes(self) -> tuple[Box, ...]:
        """All boxes, in the order of reading."""
        return tuple(box for slab, top in zip(self.block.slabs, self.tops, strict=True) for box in slab.boxes(top))


class TooLarge(Exception):
    """A block that no page can hold; the argument is its name."""


def headed(heading: Block, blocks: Iterable[Block]) -> Iterator[Block]:
    """A heading in one block with the first of what it announces, so that no page ends with it; nothing where there is nothing to announce."""
    below = iter(blocks)
    for first in below:
        yield replace(first, slabs=(*heading.slabs, Slab(heading.after), *first.slabs))
        yield from below


def parted(block: Block, most: float) -> Iterator[Block]:
    """The block; where it is higher than `most` millimetres, several that may stand on two pages, some of its slabs together at either end."""
    slabs = block.slabs
    if sum(slab.height for slab in slabs) <= most or len(slabs) < 2 * TOGETHER:
        yield block
        return
    yield replace(block, slabs=slabs[:TOGETHER], after=0.0)
    yield from (replace(block, slabs=(slab,), after=0.0) for slab in slabs[TOGETHER:-TOGETHER])
    yield replace(block, slabs=slabs[-TOGETHER:])


def flow(blocks: Iterable[Block]) -> list[list[Placed]]:
    """Blocks on pages, in their order; one that does not fit goes to the next page whole. Raises TooLarge."""
    _left, first, _right, bottom = BODY_MM
    pages: list[list[Placed]] = [[]]
    top = first
    for block in blocks:
        placed = place(block, top, bottom)
        if placed is None and pages[-1]:
            pages.append([])
            placed = place(block.on_a_new_page, first, bottom)
        if placed is None:
            raise TooLarge(block.name)
        pages[-1].append(placed)
        top = placed.bottom + block.after
    return pages


def place(block: Block, top: float, bottom: float) -> Placed | None:
    """The highest place for `block` from `top` on; None where it does not end above `bottom`, or is too wide."""
    if not block.fits:
        return None
    while top <= bottom:
        tops, wider = _stack(block.slabs, top)
        if tops[-1] + block.slabs[-1].height > bottom + 0.001:
            return None
        if wider <= block.gaps:
            return Placed(block, tuple(tops))
        top += STEP_MM
    return None


def _stack(slabs: Sequence[Slab], top: float) -> tuple[list[float], int]:
    """The tops of all slabs, rows of boxes moved below folds, and how many gaps between rows that made wider.

    What stands above the first row moves down with it, so that a question is not torn from its answers.
    """
    tops: list[float] = []
    wider, rows = 0, 0
    for slab in slabs:
        moved = _clear(top, slab.band)
        if moved > top and rows == 0:
            tops = [each + moved - top for each in tops]
        wider += moved > top and rows > 0
        rows += slab.band is not None
        tops.append(moved)
        top = moved + slab.height
    return tops, wider


def _clear(top: float, band: tuple[float, float] | None) -> float:
    """The highest top from `top` on at which `band` keeps clear of every fold."""
    if band is None or clear_of_folds(top + band[0], top + band[1]):
        return top
    fold = next(each for each in FOLDS_MM if top + band[0] - FOLD_CLEAR_MM < each < top + band[1] + FOLD_CLEAR_MM)
    return round(fold + FOLD_CLEAR_MM - band[0], 3)
