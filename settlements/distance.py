"""Great-circle distances in metres, one pair or whole tables of them. Pure.

Called by settlements/register, settlements/check and routing/roads. Roads are longer: the factor for them is routing's.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

EARTH_METRES = 6_371_008.8  # the mean radius of IUGG
Degrees = npt.NDArray[np.float64]
Metres = npt.NDArray[np.float64]


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The metres between two places given in degrees of WGS 84."""
    here, there = math.radians(lat), math.radians(other_lat)
    half = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_METRES * math.asin(math.sqrt(min(1.0, half)))


def pairwise(places: Degrees, others: Degrees) -> Metres:
    """The table of metres from each of `places` to each of `others`.

    places: (n, 2) and others: (m, 2), latitude and longitude in degrees; the answer is (n, m). Formula: haversine, exact to rounding
    for near places and within 0.5 % of the ellipsoid.
    """
    here, there = np.radians(places), np.radians(others)
    lat, lon = here[:, None, 0], here[:, None, 1]
    other_lat, other_lon = there[None, :, 0], there[None, :, 1]
    half = np.sin((other_lat - lat) / 2) ** 2 + np.cos(lat) * np.cos(other_lat) * np.sin((other_lon - lon) / 2) ** 2
    table: Metres = 2 * EARTH_METRES * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return table


def destination(lat: float, lon: float, bearing: float, distance: float) -> tuple[float, float]:
    """The place `distance` metres from (lat, lon) in the direction `bearing` (degrees clockwise from north), in degrees."""
    angle, course, start = distance / EARTH_METRES, math.radians(bearing), math.radians(lat)
    end = math.asin(math.sin(start) * math.cos(angle) + math.cos(start) * math.sin(angle) * math.cos(course))
    turn = math.atan2(math.sin(course) * math.sin(angle) * math.cos(start), math.cos(angle) - math.sin(start) * math.sin(end))
    return math.degrees(end), (lon + math.degrees(turn) + 540) % 360 - 180
