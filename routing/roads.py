"""Distances between offices and villages: the user's matrix where it knows a leg, else a road server, else the estimate; every leg says which.

routing/scopes asks for a table of the places of each model. The estimate is the great circle x a factor, separately for metres and for time;
districts whose own trips were measured (routing/calibrate) have factors of their own. Minutes are rounded up at each leg. A leg that nobody can
drive has NO_ROAD minutes. What is closed on some days stays in the table: routing/closed says which legs those are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from records.files import digest
from records.settings import RouteSettings
from routing.closed import ClosedWay
from settlements.codes import district_of, is_kato
from settlements.distance import pairwise

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
NO_ROAD = 1_000_000  # minutes: more than any day, and small enough to be added up
ESTIMATE, OSRM, MATRIX = "estimate", "osrm", "matrix"
SOURCES = (ESTIMATE, OSRM, MATRIX)  # each goes before those on its left


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the road table. `names`: the codes under which a matrix may know it, the best first."""

    names: tuple[str, ...]
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class RoadTable:
    """Legs between n places, row = from, column = to: `metres` and `minutes` int64 (n, n), `sources` int8 (n, n): places in SOURCES."""

    metres: Whole
    minutes: Whole
    sources: npt.NDArray[np.int8]

    def source(self, start: int, end: int) -> str:
        """Where the leg's figures come from."""
        return SOURCES[self.sources[start, end]]


@dataclass(frozen=True)
class RoadMatrix:
    """Known legs: places by name, and parallel arrays; metres < 0 says that there is no road. Of two rows for one leg the later one holds."""

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

    def rows_from(self, nodes: Whole) -> Whole:
        """The rows of the legs that start at one of `nodes`, each node's in the order of the arrays."""
        order, bounds = self._by_start
        pieces = [order[bounds[node] : bounds[node + 1]] for node in nodes.tolist()]
        return np.concatenate(pieces) if pieces else np.zeros(0, np.int64)

    @cached_property
    def _by_start(self) -> tuple[Whole, Whole]:
        order = np.argsort(self.start, kind="stable").astype(np.int64)
        return order, np.searchsorted(self.start[order], np.arange(len(self.index) + 1)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Factors:
    """Road metres, and seconds at `speed_kmh`, for each metre of great circle."""

    metres: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Roads:
    """What is known of the roads. `served`: a road server's legs; `factors`: by district, where its own trips taught them; `closed`: this week."""

    settings: RouteSettings
    matrix: RoadMatrix | None = None
    served: RoadMatrix | None = None
    factors: Mapping[str, Factors] = field(default_factory=dict)
    closed: tuple[ClosedWay, ...] = ()

    def table(self, places: Sequence[Place]) -> RoadTable:
        """All legs between `places`."""
        table = estimate(places, self.settings, self.factors)
        for known, source in ((self.served, OSRM), (self.matrix, MATRIX)):
            if known is not None:
                table = _overlay(table, places, known, SOURCES.index(source))
        return table


def estimate(places: Sequence[Place], settings: RouteSettings, factors: Mapping[str, Factors] | None = None) -> RoadTable:
    """Legs guessed from coordinates; there is no road where a place has none, or beyond `too_far_metres`.

    A leg between two districts has the larger of their factors, since a promise must hold.
    """
    points = np.array([[_degrees(place.lat), _degrees(place.lon)] for place in places], dtype=np.float64).reshape(-1, 2)
    straight = pairwise(points, points)
    unknown = ~(straight <= settings.too_far_metres)
    straight = np.nan_to_num(straight)
    for_metres, for_seconds = _factors(places, settings, factors or {})
    minutes = np.ceil(straight * for_seconds / (settings.speed_kmh * 1000 / 60) - 1e-9).astype(np.int64)
    minutes[unknown] = NO_ROAD
    np.fill_diagonal(minutes, 0)
    metres = np.rint(straight * for_metres).astype(np.int64)
    return RoadTable(metres, minutes, np.zeros(straight.shape, dtype=np.int8))


def _factors(places: Sequence[Place], settings: RouteSettings, factors: Mapping[str, Factors]) -> tuple[Real | float, Real | float]:
    if not factors:
        return settings.metres_factor, settings.seconds_factor
    usual = Factors(settings.metres_factor, settings.seconds_factor)
    own = [factors.get(district_of_place(place), usual) for place in places]
    metres, seconds = np.array([each.metres for each in own]), np.array([each.seconds for each in own])
    return np.maximum.outer(metres, metres), np.maximum.outer(seconds, seconds)


def district_of_place(place: Place) -> str:
    """The district's KATO; empty where the place has no KATO."""
    return next((district_of(name) for name in place.names if is_kato(name)), "")


def _overlay(base: RoadTable, places: Sequence[Place], known: RoadMatrix, source: int) -> RoadTable:
    """`base` with every leg replaced that `known` has. Two places of one name (an office and its village) lie together."""
    nodes = np.array([_node(place, known) for place in places], dtype=np.int64)
    used = np.unique(nodes[nodes >= 0])
    if not used.size:
        return base
    metres, minutes, there = _dense(known, used)
    spot = np.searchsorted(used, np.maximum(nodes, used[0]))
    grid = np.ix_(spot, spot)
    told = there[grid] & (nodes >= 0)[:, None] & (nodes >= 0)
    return RoadTable(
        np.where(told, metres[grid], base.metres),
        np.where(told, minutes[grid], base.minutes),
        np.where(told, np.int8(source), base.sources),
    )


def _degrees(value: float | None) -> float:
    return np.nan if value is None else value


def _node(place: Place, known: RoadMatrix) -> int:
    return next((known.index[name] for name in place.names if name in known.index), -1)


def _dense(known: RoadMatrix, used: Whole) -> tuple[Whole, Whole, Flags]:
    """The legs between the nodes `used` as square arrays, and which are there; a place is 0 from itself."""
    spots = np.full(len(known.index), -1, np.int64)
    spots[used] = np.arange(used.size)
    rows = known.rows_from(used)
    rows = rows[(spots[known.end[rows]] >= 0) & (known.start[rows] != known.end[rows])]
    start, end = spots[known.start[rows]], spots[known.end[rows]]
    shape = (used.size, used.size)
    metres, minutes, there = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.eye(used.size, dtype=np.bool_)
    open_road = known.metres[rows] >= 0
    metres[start, end] = np.where(open_road, known.metres[rows], 0)
    minutes[start, end] = np.where(open_road, -(-known.seconds[rows] // 60), NO_ROAD)
    there[start, end] = True
    return metres, minutes, there
