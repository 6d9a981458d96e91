"""A driver's day: how long a leg takes his vehicle, and when he rests. Pure arithmetic on whole minutes; a vehicle-day tells its own figures.

Planning (reasons, repair, solve, timetable, schedule, overnight) asks here; routing/verify counts everything again by itself.

A break falls when work (driving, calls) has lasted `break_after` minutes: whoever arrives later than that has rested before. A day whose work is
not longer has no break. So a day of at most `minutes` leaves room for work of max(min(minutes, break_after), minutes - break_minutes).
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from routing.fleet import VehicleDay
from routing.roads import NO_ROAD

Minutes = TypeVar("Minutes", int, npt.NDArray[np.int64])
HUNDRED = 100


def driven(minutes: Minutes, speed: float) -> Minutes:
    """The minutes of legs for a vehicle of that speed factor, rounded up; without a road there is none for anybody."""
    percent = round(speed * HUNDRED)
    if percent == HUNDRED:
        return minutes
    taken = -(-minutes * HUNDRED // percent)
    if isinstance(taken, int):
        return taken if minutes < NO_ROAD else NO_ROAD
    return np.where(minutes < NO_ROAD, np.minimum(taken, NO_ROAD - 1), NO_ROAD).astype(np.int64)


def longest_work(day: VehicleDay) -> int:
    """Minutes of driving and calls that the day has room for."""
    if not day.break_minutes:
        return day.minutes
    return max(min(day.minutes, day.break_after), day.minutes - day.break_minutes)


def rested(work: int, day: VehicleDay) -> int:
    """Minutes of break that lie before the moment at which `work` minutes are done."""
    return day.break_minutes if day.break_minutes and work > day.break_after else 0
