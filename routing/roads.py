"""Distances between offices and villages: the user's matrix where it knows a leg, else the estimate; every leg says which.

routing/draft reads the file once and asks for a table of the places of each model. The estimate is the great circle x a factor, separately
for metres and for time. Minutes are rounded up at each leg. A leg that nobody can drive has NO_ROAD minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from records.files import digest
from records.settings import RouteSettings
from settlements.distance import pairwise

Whole = npt.NDArray[np.int64]
NO_ROAD = 1_000_000  # minutes: more than any day, and small enough to be added up
MATRIX, ESTIMATE = "matrix", "estimate"


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the road table. `names`: the codes under which a matrix may know it, the best first."""

    names: tuple[str, ...]
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class RoadTable:
    """Legs between n places, row = from, column = to: `metres` and `minutes` int64 (n, n), `measured` bool (n, n) where a matrix said so."""

    metres: Whole
    minutes: Whole
    measured: npt.NDArray[np.bool_]

    def source(self, start: int, end: int) -> str:
        """Where the leg's figures come from."""
        return MATRIX if self.measured[start, end] else ESTIMATE


@dataclass(frozen=True, slots=True)
class RoadMatrix:
    """The user's legs: places by name, and parallel arrays; metres < 0 says that there is no road."""

    index: dict[str, int]
    start: Whole
    end: Whole
    metres: Whole
    seconds: Whole

    @property
    def digest(self) -> str:
        """Names exactly these legs."""
        arrays = [each.tobytes() for each in (self.start, self.end, self.metres, self.seconds)]
        return digest(b"\0".join(["\n".join(self.index).encode(), *arrays]))


@dataclass(frozen=True, slots=True)
class Roads:
    """What is known of the roads: the settings of the estimate and, if given, a matrix."""

    settings: RouteSettings
    matrix: RoadMatrix | None = field(default=None)

    def table(self, places: Sequence[Place]) -> RoadTable:
        """All legs between `places`."""
        estimated = estimate(places, self.settings)
        return estimated if self.matrix is None else _overlay(estimated, places, self.matrix)


def estimate(places: Sequence[Place], settings: RouteSettings) -> RoadTable:
    """Legs guessed from coordinates; there is no road where a place has none, or beyond `too_far_metres`."""
    points = np.array([[_degrees(place.lat), _degrees(place.lon)] for place in places], dtype=np.float64).reshape(-1, 2)
    straight = pairwise(points, points)
    unknown = ~(straight <= settings.too_far_metres)
    straight = np.nan_to_num(straight)
    minutes = np.ceil(straight * settings.seconds_factor / (settings.speed_kmh * 1000 / 60) - 1e-9).astype(np.int64)
    minutes[unknown] = NO_ROAD
    np.fill_diagonal(minutes, 0)
    metres = np.rint(straight * settings.metres_factor).astype(np.int64)
    return RoadTable(metres, minutes, np.zeros(straight.shape, dtype=np.bool_))


def _overlay(base: RoadTable, places: Sequence[Place], matrix: RoadMatrix) -> RoadTable:
    """The estimate with every leg replaced that the matrix knows. Two places of one name (an office and its village) lie together."""
    nodes = np.array([_node(place, matrix) for place in places], dtype=np.int64)
    used = np.unique(nodes[nodes >= 0])
    if not used.size:
        return base
    metres, minutes, measured = _dense(matrix, used)
    spot = np.searchsorted(used, np.maximum(nodes, used[0]))
    grid = np.ix_(spot, spot)
    known = measured[grid] & (nodes >= 0)[:, None] & (nodes >= 0)
    return RoadTable(
        np.where(known, metres[grid], base.metres),
        np.where(known, minutes[grid], base.minutes),
        known,
    )


def _degrees(value: float | None) -> float:
    return np.nan if value is None else value


def _node(place: Place, matrix: RoadMatrix) -> int:
    return next((matrix.index[name] for name in place.names if name in matrix.index), -1)


def _dense(matrix: RoadMatrix, used: Whole) -> tuple[Whole, Whole, npt.NDArray[np.bool_]]:
    """The matrix's legs between the nodes `used` as square arrays; a place is 0 from itself."""
    rows = np.isin(matrix.start, used) & np.isin(matrix.end, used)
    start, end = np.searchsorted(used, matrix.start[rows]), np.searchsorted(used, matrix.end[rows])
    away = start != end
    rows[rows], start, end = away, start[away], end[away]
    shape = (used.size, used.size)
    metres, minutes, measured = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.eye(used.size, dtype=np.bool_)
    open_road = matrix.metres[rows] >= 0
    metres[start, end] = np.where(open_road, matrix.metres[rows], 0)
    minutes[start, end] = np.where(open_road, -(-matrix.seconds[rows] // 60), NO_ROAD)
    measured[start, end] = True
    return metres, minutes, measured
