"""Stripes: a line that stays at one place of the scanner's frame while sheet after sheet goes by. Pure; scanning/alarms asks.

A stripe is on the glass if it comes back in the same place, within half a millimetre, on sheets that lie a little differently each time. What travels with the
paper is none: its edges, and the folds of its envelope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from packets.layout import FOLDS_MM, PAGE_MM
from scanning.alarms_numbers import PageNumbers, Place, Posture, Stripe

SAME_MM = 0.6
EDGE_MM = 3.0  # a shadow runs along the edge of the paper
FOLD_MM = 3.0
FEWEST, SHARE = 5, 0.3  # sheets that show it: both sides of a sheet have a glass of their own
MOST = 3
MM_PER_INCH = 25.4
NEAR = 0.15  # the file's dpi is believed if the print agrees so far


@dataclass(frozen=True, slots=True)
class _Line:
    place: Place
    axis: int
    mm: float
    step: float


def stripes(lying: Sequence[tuple[PageNumbers, Posture]]) -> list[tuple[dict[str, Any], tuple[Place, ...]]]:
    """The stripes of a batch with the sheets that show them, the commonest first; `mm` from the left edge of the picture, or from its top."""
    frames = {(page.place.original, page.place.frame) for page, _posture in lying}
    lines = [line for page, posture in lying for line in _lines(page, posture)]
    found: list[tuple[dict[str, Any], tuple[Place, ...]]] = []
    while len(found) < MOST:
        together = _commonest(lines)
        if len({(each.place.original, each.place.frame) for each in together}) < max(FEWEST, SHARE * len(frames)):
            break
        mm, step = median(each.mm for each in together), median(each.step for each in together)
        numbers = {
            "mm": round(mm),
            "edge": "top" if together[0].axis else "left",
            "dark": step < 0,
            "share": round(len(together) / len(frames), 3),
        }
        found.append((numbers, tuple(dict.fromkeys(each.place for each in together))))
        lines = [each for each in lines if each.axis != together[0].axis or abs(each.mm - mm) > 2 * SAME_MM]
    return found


def _lines(page: PageNumbers, posture: Posture) -> list[_Line]:
    """The lines on one sheet that could be the glass's, in millimetres of the scanner."""
    if page.look is None:
        return []
    return [
        _Line(page.place, each.axis, each.place / _per_mm(page, posture, each.axis), each.step)
        for each in page.look.stripes
        if not _is_papers(each, posture)
    ]


def _per_mm(page: PageNumbers, posture: Posture, axis: int) -> float:
    """Pixels a millimetre: by the file's dpi where that can be so, else by the print."""
    own = posture.down if axis else posture.across
    dpi = page.look.dpi if page.look else None
    return dpi / MM_PER_INCH if dpi and abs(dpi / MM_PER_INCH / own - 1) < NEAR else own


def _is_papers(stripe: Stripe, posture: Posture) -> bool:
    """Whether the line lies where the sheet ends, where it is folded, or beside it."""
    per_mm = posture.down if stripe.axis else posture.across
    off = abs(stripe.place - posture.middle[stripe.axis]) / per_mm
    along = (stripe.axis == 1) == posture.upright  # counted along the sheet's long side
    half = PAGE_MM[1 if along else 0] / 2
    folds = [abs(fold - half) for fold in FOLDS_MM] if along else []
    return off > half - EDGE_MM or any(abs(off - fold) < FOLD_MM for fold in folds)


def _commonest(lines: Sequence[_Line]) -> list[_Line]:
    """The largest group of lines of one axis and kind within SAME_MM, a line a sheet."""
    best: list[_Line] = []
    for axis in (0, 1):
        for dark in (True, False):
            own = sorted((each for each in lines if each.axis == axis and (each.step < 0) == dark), key=lambda each: each.mm)
            first = 0
            for last, line in enumerate(own):
                while line.mm - own[first].mm > SAME_MM:
                    first += 1
                if last - first + 1 > len(best):
                    best = own[first : last + 1]
    order = {id(line): number for number, line in enumerate(lines)}
    return sorted(best, key=lambda each: order[id(each)])
