"""Road factors fitted from trips that were driven: how much longer roads are than the great circle, district by district. Pure.

routing/trips collects the readings, routing/calibrate_commands shows and applies what is fitted here. A fit is the median of the trips' own ratios, so that
one wrong odometer spoils nothing; for time the upper quartile is taken, since a plan's minutes are a promise: three trips of four were quicker.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from routing.plan import OVERNIGHT, PlannedRoute
from routing.roads import Factors
from settlements.codes import district_of
from settlements.distance import metres

LEAST_METRES = 5_000.0  # of great circle: an odometer counts whole kilometres
METRES_RATIO = (0.97, 5.0)  # a road is no shorter than the great circle but for a rounded kilometre
SECONDS_RATIO = (0.2, 12.0)


@dataclass(frozen=True, slots=True)
class Trip:
    """A route that was driven: its district, its great circle from call to call and back, what the odometer counted, and the minutes at the wheel
    (None where nobody noted the times)."""

    route: str
    district: str
    straight: float
    driven: float
    minutes: float | None

    def seconds_ratio(self, speed_kmh: float) -> float | None:
        """The time it took against the great circle at that speed."""
        return None if self.minutes is None else self.minutes * 60 / (self.straight / (speed_kmh / 3.6))

    @property
    def metres_ratio(self) -> float:
        """Road metres for each metre of great circle."""
        return self.driven / self.straight


@dataclass(frozen=True, slots=True)
class Fit:
    """What a district's trips say. Quartiles of the ratios are the spread; `timed` counts the trips with times, `fitted` are the factors,
    None where there are fewer than enough."""

    district: str
    trips: int
    metres: tuple[float, float, float]
    timed: int
    seconds: tuple[float, float, float] | None
    fitted: Factors | None


def straight_metres(route: PlannedRoute) -> float | None:
    """The great circle along the route's calls and back to the office; None where a place has no coordinates."""
    points = [(route.lat, route.lon), *((stop.lat, stop.lon) for stop in route.stops), (route.lat, route.lon)]
    known = [(lat, lon) for lat, lon in points if lat is not None and lon is not None]
    if len(known) < len(points):
        return None
    return sum(metres(*start, *end) for start, end in pairwise(known))


def district_driven(route: PlannedRoute) -> str:
    """The district in which most of its calls are; the first by code where several have as many."""
    counts = Counter(district_of(stop.kato) for stop in route.stops)
    return min(counts, key=lambda district: (-counts[district], district))


def minutes_driven(route: PlannedRoute, minutes: int) -> float | None:
    """What was left for driving of a day of `minutes`; None for a trip with a night."""
    if route.kind == OVERNIGHT:
        return None
    return minutes - sum(stop.service_minutes + stop.break_minutes for stop in route.stops) - route.return_break


def fits(trips: Iterable[Trip], least: int, speed_kmh: float, usual: Factors) -> list[Fit]:
    """A fit for each district, by code; factors only where at least `least` trips speak.

    Where too few trips have times, time follows the metres as it does in the settings (`usual`).
    """
    by_district: Mapping[str, list[Trip]] = defaultdict(list)
    for trip in trips:
        by_district[trip.district].append(trip)
    return [_fit(district, by_district[district], least, speed_kmh, usual) for district in sorted(by_district)]


def _fit(district: str, trips: Sequence[Trip], least: int, speed_kmh: float, usual: Factors) -> Fit:
    lengths = _quartiles([trip.metres_ratio for trip in trips])
    times = [ratio for trip in trips if (ratio := trip.seconds_ratio(speed_kmh)) is not None]
    timed = _quartiles(times) if len(times) >= least else None
    for_metres = max(1.0, round(lengths[1], 3))
    for_seconds = round(timed[2] if timed else lengths[1] * usual.seconds / usual.metres, 3)
    fitted = Factors(for_metres, for_seconds) if len(trips) >= least else None
    return Fit(district, len(trips), lengths, len(times), timed, fitted)


def _quartiles(ratios: Sequence[float]) -> tuple[float, float, float]:
    low, middle, high = (float(value) for value in np.quantile(ratios, (0.25, 0.5, 0.75)))
    return low, middle, high
