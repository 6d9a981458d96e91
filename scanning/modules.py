"""A code that no decoder can read: its modules sampled one by one, and the one printed payload that they can be.

scanning/rescue asks, where it knows how the sheet lies. A page is named only where what is left of its codes agrees with its printed payload more than chance
can (`CERTAIN` standard deviations of invented payloads), far more than with any other page's, and where no code that still shows says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from packets.layout import QR_MODULES, CodePlace
from packets.symbol import fixed_modules
from scanning.payloads import Payloads, Scores, Signs
from scanning.transform import Transform, upright
from scanning.verdict import Grey

CELLS = 5  # a module's side when the picture is sampled
MARGIN = 5  # modules round the code: how far off it may lie
SIDE = (QR_MODULES - 1) * CELLS + 1  # from the first module's middle to the last's
AROUND = 7  # modules whose mean and spread a module is compared with
SCALES = (0.96, 1.0, 1.04)
CERTAIN = 8.0  # MEASURED: 9.9 and more for the true page, at most 4.94 for the best of 20,000 wrong ones
GAP = 3.0  # to the next page
SHOWS = 7.0  # how clearly what all symbols have in common must stand out before a code counts as seen
SUPPORT = 5.0  # what a code that shows must say for the page that the other one names
Field = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Grid:
    """What was sampled where one code should be: its modules, how clearly a symbol's fixed parts show, in standard deviations, and how far from there they do, in millimetres right and down."""

    corner: int
    signs: Signs
    shows: float
    aside_mm: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Match:
    """The page, as an index into the payloads, with its score, the next page's, and the corners whose codes speak for it."""

    index: int
    score: float
    next_score: float
    corners: tuple[int, ...]


def sampled(image: Grey, transform: Transform, place: CodePlace) -> Grid:
    """The modules of the code at `place`, where its fixed parts show best within a few millimetres of where `transform` puts it."""
    best = Grid(place.corner, np.zeros(QR_MODULES**2, np.float32), -1.0)
    for scale in SCALES:
        field = _contrast(_field(image, transform, place, scale))
        shows = _fixed_agreement(field)
        row, column = np.unravel_index(int(shows.argmax()), shows.shape)
        if shows[row, column] > best.shows:
            signs = field[row : row + SIDE : CELLS, column : column + SIDE : CELLS].ravel()
            cell, middle = place.size_mm / QR_MODULES / CELLS * scale, (len(field) - SIDE) / 2
            best = Grid(place.corner, signs, float(shows[row, column]), ((int(column) - middle) * cell, (int(row) - middle) * cell))
    return best


def match(grids: Sequence[Grid], payloads: Payloads) -> Match | None:
    """The one page whose payloads are what `grids` show, or None where that is not beyond doubt."""
    if not len(payloads):
        return None
    each = {grid.corner: payloads.scores(grid.corner, grid.signs) for grid in grids}
    found = [_best(scores, corners) for scores, corners in _ways(each)]
    certain = [one for one in found if one.score > CERTAIN and one.score - one.next_score > GAP]
    if not certain or len({one.index for one in certain}) > 1:
        return None
    winner = max(certain, key=lambda one: one.score)
    if any(grid.shows > SHOWS and each[grid.corner][winner.index] < SUPPORT for grid in grids):
        return None
    return replace(winner, corners=tuple(corner for corner, scores in each.items() if scores[winner.index] >= SUPPORT))


def _ways(each: dict[int, Scores]) -> list[tuple[Scores, tuple[int, ...]]]:
    """The scores of each code alone, and of both together."""
    ways: list[tuple[Scores, tuple[int, ...]]] = [(scores, (corner,)) for corner, scores in each.items()]
    if len(each) > 1:
        together = np.asarray(sum(each.values()) / np.sqrt(len(each)), np.float32)
        ways.append((together, tuple(each)))
    return ways


def _best(scores: Scores, corners: tuple[int, ...]) -> Match:
    index = int(scores.argmax())
    others = np.delete(scores, index)
    return Match(index, float(scores[index]), float(others.max(initial=0.0)), corners)


def _field(image: Grey, transform: Transform, place: CodePlace, scale: float) -> Field:
    """The picture round the code, `CELLS` cells a module, its top left `MARGIN` modules outside of the code's."""
    step = place.size_mm / QR_MODULES / CELLS * scale
    seen = upright(image, transform, place.center_mm, step, (QR_MODULES + 2 * MARGIN) * CELLS)
    return np.asarray(cv2.blur(seen, (3, 3)), np.float32)


def _contrast(field: Field) -> Field:
    """How much darker each cell is than its surroundings, in their own spread: shadows, fading and the inside of a blot say nothing."""
    wide = (AROUND * CELLS, AROUND * CELLS)
    mean = cv2.blur(field, wide)
    spread = np.sqrt(np.maximum(cv2.blur(field * field, wide) - mean * mean, 0.0))
    return np.asarray(np.clip((mean - field) / (spread + 0.15 * float(spread.max()) + 0.5), -1.5, 1.5), np.float32)


def _fixed_agreement(field: Field) -> Field:
    """For every place that the grid may have, how well it agrees with what all symbols have in common, in standard deviations."""
    pattern, places = _fixed()
    agreement = cv2.matchTemplate(field, pattern, cv2.TM_CCORR)
    power = cv2.matchTemplate(field * field, places, cv2.TM_CCORR)
    return np.asarray(agreement / np.sqrt(np.maximum(power, 1.0)), np.float32)


@lru_cache(maxsize=1)
def _fixed() -> tuple[Field, Field]:
    """The fixed modules, 1 or -1 in the middle of each and 0 elsewhere, and where they are: (121, 121) cells from the first module's middle to the last's."""
    pattern = np.zeros((SIDE, SIDE), np.float32)
    pattern[::CELLS, ::CELLS] = fixed_modules()
    return pattern, np.abs(pattern)
