"""Whose sheet it is, from how it lies: where fiducials or the paper's outline tell where the codes must be, they are looked at there, upright and alone.

scanning/sheets calls this for sheets of ours of which no decoder read a code. First the decoders once more, then the payloads that were printed (scanning/modules).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import cv2
import numpy as np

from packets.layout import FORMAT, FORMATS, QR_MODULES, CodePlace, Layout, PageKind
from packets.token import read_token
from scanning.align import Alignment, align
from scanning.codes import Sheet, Sighting, Stage, code_corners_mm, ours, sheet_with
from scanning.identify import decode, filtered
from scanning.modules import match, sampled
from scanning.payloads import Payloads
from scanning.trace import Trace
from scanning.transform import Transform, upright
from scanning.verdict import Grey

FEWEST_POINTS = 5  # printed points that must lie where this sheet has them
BESIDE_SQUARES = 11  # printed points that no accident finds where eight dark spots lie like a sheet's squares: three that are not squares
MODULE_CELLS = 7
QUIET = 8  # modules round a code that are looked at with it
BARE = Layout(PageKind.WORKSHEET, (), (), "")  # codes and fiducials alone: what every sheet of the format shows
Ask = Callable[[], Payloads]


def from_fiducials(image: Grey, seen: Trace, payloads: Ask) -> tuple[Sheet | None, int]:
    """The sheet that lies where its fiducials say, or None where nothing names it; and how many of its printed points were found there."""
    placed = align(image, BARE, seen.mm, seen.pixels)
    return (_named(image, placed, payloads) if placed.points >= FEWEST_POINTS else None), placed.points


def from_guesses(image: Grey, guessed: Iterable[Trace], payloads: Ask) -> tuple[Sheet | None, int]:
    """The sheet that lies where one of the guesses puts it, if enough printed points are there and something names it; and how many of them are."""
    best = next(iter(_placed(image, guessed)), None)
    return (None, 0) if best is None else (_named(image, best, payloads), best.points)


def from_squares(image: Grey, guessed: Iterable[Trace], payloads: Ask) -> tuple[Sheet | None, int]:
    """The sheet of which the squares, `guessed`, were seen, if a code names it where they put one; and how many printed points say that one lies there.

    Eight dark spots may lie like a sheet's squares by accident, and on a blurred sheet nothing but its squares is found: so every place is asked for its
    codes, which no accident makes, but only printed points that are not squares (`BESIDE_SQUARES` in all) tell of a sheet whose codes say nothing: 0 without.
    """
    placed = _placed(image, guessed)
    named = [sheet for each in placed if (sheet := _named(image, each, payloads))]
    found = max(named, key=lambda sheet: len(sheet.codes), default=None)
    points = placed[0].points if placed else 0
    return found, points if points >= BESIDE_SQUARES else 0


def _placed(image: Grey, guessed: Iterable[Trace]) -> list[Alignment]:
    """Where the guesses put the sheet, those with the most printed points first; without such as have too few."""
    placed = [align(image, BARE, each.mm, each.pixels) for each in guessed]
    return sorted((each for each in placed if each.points >= FEWEST_POINTS), key=lambda each: -each.points)


def _named(image: Grey, placed: Alignment, payloads: Ask) -> Sheet | None:
    read = [code for place in FORMATS[FORMAT].codes for code in _read_upright(image, placed.transform, place)]
    codes = read or _matched(image, placed.transform, payloads())
    return sheet_with(codes[0], codes[1] if len(codes) > 1 else None) if codes else None


def _read_upright(image: Grey, transform: Transform, place: CodePlace) -> list[Sighting]:
    """The code at `place`, if a decoder reads it once it is seen from straight above."""
    side = (QR_MODULES + 2 * QUIET) * MODULE_CELLS
    step = place.size_mm / QR_MODULES / MODULE_CELLS
    crop = np.asarray(cv2.convertScaleAbs(upright(image, transform, place.center_mm, step, side)), np.uint8)
    found = ours(decode(crop, quick=True, stage=Stage.RECTIFIED)) or ours(filtered(crop, (0, 0), Stage.RECTIFIED))
    here = [code for code in found if code.word is not None and code.word.corner == place.corner]
    return [_back(code, transform, place, step, side) for code in here[:1]]


def _back(code: Sighting, transform: Transform, place: CodePlace, step: float, side: int) -> Sighting:
    """The sighting with its corners in the picture rather than in the upright crop."""
    mm = np.array(place.center_mm) + (code.corners + 0.5 - side / 2) * step
    return Sighting(code.text, code.word, transform.pixels(mm), code.stage)


def _matched(image: Grey, transform: Transform, payloads: Payloads) -> list[Sighting]:
    """The codes of the one printed page that fits what is left of them, where they were found, without one of which nothing is left; none where that is not beyond doubt."""
    grids = [sampled(image, transform, place) for place in FORMATS[FORMAT].codes]
    found = match(grids, payloads)
    if found is None:
        return []
    told = []
    for grid in (each for each in grids if each.corner in found.corners):
        text = payloads.token(found.index, grid.corner)
        corners = transform.pixels(code_corners_mm(grid.corner) + np.array(grid.aside_mm))
        told.append(Sighting(text, read_token(text), corners, Stage.MATCHED))
    return told
