"""Which pages of a packet stand on which side of which sheet: order alone, no paper. Pure; packets/printing counts by it, packets/printing_press copies by it.

A side is a tuple of page numbers, from 1: (3,) is page 3 as it is, at 100 %; (4, 1) two pages beside each other, each at 71 %; () a side that stays white.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import groupby

from packets.layout import PageKind

Side = tuple[int, ...]
WHITE = 0  # in the place of a page: half a side that stays white


class Imposition(StrEnum):
    """How pages that may be made smaller are set: covers and reading matter, never worksheets."""

    NONE = "none"
    TWO_UP = "two_up"
    BOOKLET = "booklet"


@lru_cache(maxsize=1 << 12)
def packet_sides(kinds: tuple[str, ...], duplex: bool, imposition: Imposition = Imposition.NONE) -> tuple[Side, ...]:
    """The sides of one packet whose pages are of these kinds, in the order of printing.

    Every worksheet has a sheet of its own, at 100 %. With `duplex`, sides come in pairs, front and back, and the packet ends with a back; what
    is no worksheet fills both. Only two or more pages in a row are set two to a side.
    """
    sides: list[Side] = []
    for worksheet, run in groupby(enumerate(kinds, start=1), key=lambda page: page[1] == PageKind.WORKSHEET):
        numbers = [number for number, _kind in run]
        if worksheet:
            sides += [side for number in numbers for side in (((number,), ()) if duplex else ((number,),))]
        else:
            sides += _matter(numbers, duplex, imposition)
    return tuple(sides)


def sheets_of(sides: Sequence[Side], duplex: bool) -> int:
    """How many sheets of paper the sides take."""
    return (len(sides) + 1) // 2 if duplex else len(sides)


def two_up(numbers: Sequence[int]) -> list[Side]:
    """Pages in reading order, the first at the left; the last side's right half may stay white."""
    padded = [*numbers, *[WHITE] * (len(numbers) % 2)]
    return list(zip(padded[::2], padded[1::2], strict=True))


def booklet(numbers: Sequence[int]) -> list[Side]:
    """Front and back of each sheet of a booklet, the outermost first: folded once in the middle, the pages follow each other.

    White pages stand at the end, so that their number is a multiple of four.
    """
    pages = [*numbers, *[WHITE] * (-len(numbers) % 4)]
    return list(_folded(pages))


def _folded(pages: Sequence[int]) -> Iterator[Side]:
    last = len(pages) - 1
    for sheet in range(len(pages) // 4):
        yield pages[last - 2 * sheet], pages[2 * sheet]
        yield pages[2 * sheet + 1], pages[last - 2 * sheet - 1]


def _matter(numbers: Sequence[int], duplex: bool, imposition: Imposition) -> list[Side]:
    if len(numbers) < 2 or imposition is Imposition.NONE:
        sides: list[Side] = [(number,) for number in numbers]
    else:
        sides = booklet(numbers) if imposition is Imposition.BOOKLET else two_up(numbers)
    return [*sides, *[()] * (len(sides) % 2)] if duplex else sides
