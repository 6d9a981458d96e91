"""Codes that were seen in a picture, and which of them stand on one sheet. Geometry alone.

scanning/identify, patience and rescue make the sightings, scanning/sheets groups them. Nothing is believed here: seals and the desk's book are asked in
scanning/page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from packets.layout import FORMATS, PAGE_MM
from packets.token import Word
from scanning.transform import ONE_SHEET_MM, Points, off_plane_mm

SEEN_FROM_BEHIND = [0, 3, 2, 1, 4, 7, 6, 5]  # a decoder tells the corners of a mirrored symbol in this order


class Stage(StrEnum):
    """How a code came to be read: by a decoder at once, by a decoder after patience, or as the one printed payload that fits what is left of it."""

    READ = "read"
    SOUGHT = "sought"
    RECTIFIED = "rectified"
    MATCHED = "matched"
    TYPED = "typed"  # a person read the short code


@dataclass(frozen=True, slots=True)
class Sighting:
    """A code that was read. `corners`: (4, 2) pixels, clockwise from the symbol's own top left."""

    text: str
    word: Word | None
    corners: Points
    stage: Stage = Stage.READ

    @property
    def middle(self) -> Points:
        """The centre of the symbol, (2,) pixels."""
        centre: Points = self.corners.mean(axis=0)
        return centre

    @property
    def side(self) -> float:
        """The mean length of its sides in pixels."""
        return float(np.linalg.norm(self.corners - np.roll(self.corners, 1, axis=0), axis=1).mean())


@dataclass(frozen=True, slots=True)
class Sheet:
    """The codes of one sheet. `agree` is False where two codes of different pages share it, `mirrored` where it is seen from behind."""

    codes: tuple[Sighting, ...]
    agree: bool = True
    mirrored: bool = False


def sheets_of(found: Iterable[Sighting]) -> list[Sheet]:
    """Group codes of ours by the sheet they stand on: by where the first puts its partner."""
    waiting = [each for each in found if each.word is not None]
    sheets: list[Sheet] = []
    while waiting:
        first = waiting.pop(0)
        partner = next((other for other in waiting if _together(first, other)), None)
        behind = partner is None and next((other for other in waiting if _together(first, other, mirrored=True)), None)
        second = partner or behind or None
        if second is not None:
            # not by equality: it would compare arrays, and two sheets may show the same
            waiting = [each for each in waiting if each is not second]
        sheets.append(sheet_with(first, second, bool(behind)))
    return sheets


def sheet_with(first: Sighting, second: Sighting | None = None, mirrored: bool = False) -> Sheet:
    """The sheet on which both stand."""
    if second is None:
        return Sheet((first,))
    same = first.word is not None and second.word is not None and first.word.page_id == second.word.page_id
    return Sheet((first, second), agree=same, mirrored=mirrored)


def code_corners_mm(corner: int, form: int = 1) -> Points:
    """The four corners of the code in `corner` on a sheet of that format, (4, 2) millimetres, clockwise from the top left."""
    place = next(each for each in FORMATS[form].codes if each.corner == corner)
    half = place.size_mm / 2
    return np.array(place.center_mm) + half * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])


def ours(found: Iterable[Sighting]) -> list[Sighting]:
    """Those that are tokens by their form."""
    return [each for each in found if each.word is not None]


def merged(known: list[Sighting], new: Iterable[Sighting]) -> list[Sighting]:
    """`known` with those of `new` that are not the same symbol again."""
    both = list(known)
    for each in new:
        if not any(each.text == old.text and np.linalg.norm(each.middle - old.middle) < 0.5 * old.side for old in both):
            both.append(each)
    return both


def moved(found: list[Sighting], factor: float) -> list[Sighting]:
    """The same codes in the picture enlarged by `factor`."""
    if factor == 1.0:
        return found
    return [replace(each, corners=(each.corners + 0.5) * factor - 0.5) for each in found]


def _together(first: Sighting, second: Sighting, mirrored: bool = False) -> bool:
    """Whether both lie as the two codes of one sheet do, seen from anywhere: one plane takes both to where they are."""
    if first.word is None or second.word is None or first.word.corner == second.word.corner or first.word.format != second.word.format:
        return False
    mm = np.concatenate([code_corners_mm(each.corner, each.format) for each in (first.word, second.word)])
    pixels = np.concatenate([first.corners, second.corners])
    if mirrored:
        mm, pixels = mm * (-1.0, 1.0) + (PAGE_MM[0], 0.0), pixels[SEEN_FROM_BEHIND]
    return off_plane_mm(mm, pixels) < ONE_SHEET_MM
