"""What is known of a week's roads: how many legs come from which source, district by district, and which villages nobody knows a road to. Pure.

`routes coverage` shows it. A leg is counted with the district that it leads to.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.request import Request
from routing.roads import ESTIMATE, NO_ROAD, SOURCES
from routing.scopes import Model, models
from settlements.codes import district_of

NONE = "none"  # beside SOURCES: no road


@dataclass(frozen=True, slots=True)
class Covered:
    """One district. `legs`: how many lead to its villages, by source; `estimated`: villages that no measured way joins with an office, there and
    back; `without`: villages that no way at all does."""

    district: str
    villages: int
    legs: dict[str, int]
    estimated: tuple[str, ...]
    without: tuple[str, ...]


def coverage(request: Request) -> list[Covered]:
    """Every district that has a packet in the week, by code."""
    legs: dict[str, Counter[str]] = defaultdict(Counter)
    joined: dict[str, dict[str, str]] = defaultdict(dict)
    for model in models(request.calls, request.fleet, request.roads, request.scope):
        for column, call in enumerate(model.calls, start=len(model.depots)):
            legs[district_of(call.kato)] += _to(model, column)
            joined[district_of(call.kato)][call.kato] = _joined(model, column)
    return [_covered(district, legs[district], joined[district]) for district in sorted(legs)]


def totals(covered: Sequence[Covered]) -> dict[str, int]:
    """All legs by source."""
    return {word: sum(each.legs[word] for each in covered) for word in (*SOURCES, NONE)}


def _to(model: Model, column: int) -> Counter[str]:
    """The legs that lead to a place, by source."""
    others = np.arange(len(model.roads.minutes)) != column
    sources = np.where(model.roads.minutes[:, column] < NO_ROAD, model.roads.sources[:, column], len(SOURCES))[others]
    return Counter(
        {word: int(count) for word, count in zip((*SOURCES, NONE), np.bincount(sources, minlength=len(SOURCES) + 1), strict=True)}
    )


def _joined(model: Model, column: int) -> str:
    """The best source that joins the village with an office, there and back; NONE where nothing does."""
    depots = slice(0, len(model.depots))
    open_ways = (model.roads.minutes[depots, column] < NO_ROAD) & (model.roads.minutes[column, depots] < NO_ROAD)
    worse = np.minimum(model.roads.sources[depots, column], model.roads.sources[column, depots])[open_ways]
    return SOURCES[int(worse.max())] if worse.size else NONE


def _covered(district: str, legs: Counter[str], joined: dict[str, str]) -> Covered:
    by_source = {word: tuple(kato for kato, source in joined.items() if source == word) for word in (ESTIMATE, NONE)}
    return Covered(district, len(joined), {word: legs[word] for word in (*SOURCES, NONE)}, by_source[ESTIMATE], by_source[NONE])
