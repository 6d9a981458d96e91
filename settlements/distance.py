"""Great-circle distances in metres, one pair or whole tables of them. Pure.

Called by settlements/register, settlements/check and routing/roads. Roads are longer: the factor for them is routing's.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

EARTH_METRES = 6_371_008.8  # the mean radius of IUGG
Degrees = npt.NDArray[np.float64]
Metres = npt.NDArray[np.float64]


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The metres between two places given in degrees of WGS 84."""
    return float(pairwise(np.array([[lat, lon]]), np.array([[other_lat, other_lon]]))[0, 0])


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
    angle, course = distance / EARTH_METRES, np.radians(bearing)
    start_lat, start_lon = np.radians(lat), np.radians(lon)
    end_lat = np.arcsin(np.sin(start_lat) * np.cos(angle) + np.cos(start_lat) * np.sin(angle) * np.cos(course))
    turn = np.arctan2(np.sin(course) * np.sin(angle) * np.cos(start_lat), np.cos(angle) - np.sin(start_lat) * np.sin(end_lat))
    end_lon = (np.degrees(start_lon + turn) + 540) % 360 - 180
    return float(np.degrees(end_lat)), float(end_lon)
