"""Which offices lie so close that planning them together may save kilometres, and groups of them small enough for one search. Pure.

routing/country asks in each of its rounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from routing.roads import NO_ROAD, RoadTable

Pair = tuple[str, str]  # two offices' indices, in order
NEAREST = 8  # places round each visit that are looked at; 10 take a quarter longer for 0.04 % fewer kilometres (docs/measured.md)


def pair(one: str, other: str) -> Pair:
    """The two offices in order."""
    return (one, other) if one < other else (other, one)


def nearest_places(roads: RoadTable, rows: Sequence[int]) -> npt.NDArray[np.int64]:
    """For each place that stands in row `rows[place]` of the table, the NEAREST others, there and back: int64 (places, NEAREST or fewer)."""
    grid = np.ix_(rows, rows)
    metres, minutes = roads.metres[grid], roads.minutes[grid]
    apart = (metres + metres.T).astype(np.float64)
    apart[(minutes >= NO_ROAD) | (minutes.T >= NO_ROAD)] = np.inf
    np.fill_diagonal(apart, np.inf)
    nearest = np.argsort(apart, axis=1, kind="stable")[:, :NEAREST]
    beyond = np.isinf(np.take_along_axis(apart, nearest, axis=1))
    found: npt.NDArray[np.int64] = np.where(beyond, np.arange(len(rows))[:, None], nearest)
    return found


def links(nearest: npt.NDArray[np.int64], offices: Sequence[str]) -> dict[Pair, int]:
    """How often a place of one office lies among the nearest of a place of another; `offices`: of each place."""
    found: dict[Pair, int] = defaultdict(int)
    for place, others in enumerate(nearest.tolist()):
        for other in others:
            if offices[place] != offices[other]:
                found[pair(offices[place], offices[other])] += 1
    return dict(found)


def groups(linked: Mapping[Pair, int], settled: Collection[Pair], sizes: Mapping[str, int], most: int) -> list[tuple[str, ...]]:
    """Groups that share no office, each round a pair that is not settled yet, with neighbours as long as `sizes` do not add up beyond `most`.

    The closest pairs come first; what finds no room waits for the next round. A pair stands together even where it is too large.
    """
    around: dict[str, dict[str, int]] = defaultdict(dict)
    for (one, other), weight in linked.items():
        around[one][other] = around[other][one] = weight
    taken: set[str] = set()
    found = []
    for one, other in sorted((each for each in linked if each not in settled), key=lambda each: (-linked[each], each)):
        if one not in taken and other not in taken:
            group = _grown({one, other}, around, taken, sizes, most)
            taken |= group
            found.append(tuple(sorted(group)))
    return found


def _grown(
    group: set[str], around: Mapping[str, Mapping[str, int]], taken: Collection[str], sizes: Mapping[str, int], most: int
) -> set[str]:
    while True:
        room = most - sum(sizes[each] for each in group)
        near = {office for each in group for office in around[each]} - group
        able = [office for office in near if office not in taken and sizes[office] <= room]
        if not able:
            return group
        group.add(min(able, key=lambda office: (-sum(around[office].get(each, 0) for each in group), office)))


def pairs_within(offices: Iterable[str]) -> set[Pair]:
    """Every two of them."""
    listed = sorted(offices)
    return {(one, other) for place, one in enumerate(listed) for other in listed[place + 1 :]}
