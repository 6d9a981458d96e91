"""Whether a road server's legs can be true: compared with the great circle, with what a vehicle can drive, and with where it put the places. Pure.

routing/served asks it of every answer. A leg that cannot be true is not taken; the estimate stands in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from routing.osrm import Block, Point
from settlements.distance import pairwise

Verdicts = npt.NDArray[np.int8]
Real = npt.NDArray[np.float64]
FAR_METRES = 5_000.0  # from a place to the server's nearest road: beyond, its legs are not of this place
FASTEST = 42.0  # metres a second (150 km/h)
SLOWEST = 0.3  # slower than a walk, and no figure of a road
ROUNDING_METRES = 50.0
LONGEST_METRES = 10_000_000.0


class Verdict(IntEnum):
    """What is thought of one leg."""

    GOOD = 0
    NO_WAY = 1  # the server knows none
    FAR = 2  # an end lies far from every road that it knows
    ABSURD = 3  # negative, shorter than the great circle, or at a speed that nobody drives


def judge(block: Block, sources: Sequence[Point], destinations: Sequence[Point]) -> Verdicts:
    """The verdict on each leg, int8 (sources, destinations)."""
    here, there = (np.array(points, dtype=np.float64).reshape(-1, 2) for points in (sources, destinations))
    straight = pairwise(here, there)
    snaps = _snaps(here, block.source_places)[:, None], _snaps(there, block.destination_places)[None, :]
    shortest = np.maximum(0.99 * straight - snaps[0] - snaps[1] - ROUNDING_METRES, 0)
    metres, seconds = block.metres, block.seconds
    with np.errstate(invalid="ignore"):
        possible = (metres >= shortest) & (metres <= LONGEST_METRES) & (seconds >= metres / FASTEST - 1) & np.isfinite(seconds)
        possible &= seconds <= metres / SLOWEST + 3_600
    verdicts = np.where(possible, Verdict.GOOD, Verdict.ABSURD).astype(np.int8)
    verdicts[(snaps[0] > FAR_METRES) | (snaps[1] > FAR_METRES)] = Verdict.FAR
    verdicts[np.isnan(metres) | np.isnan(seconds)] = Verdict.NO_WAY
    return verdicts


def _snaps(points: Real, places: Real) -> Real:
    """Metres from each point (lat, lon) to where the server put it (lon, lat); 0 where it does not say."""
    away = np.array([pairwise(points[row : row + 1], places[row : row + 1, ::-1])[0, 0] for row in range(len(points))])
    known: Real = np.nan_to_num(away)
    return known
