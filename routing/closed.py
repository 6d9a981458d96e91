"""What is closed in a delivery week, as planning sees it: legs of a road table that nobody drives on a weekday. Pure.

routing/closures reads it out of the desk's dated list; routing/scopes lays it over a model's places; routing/verify_closed judges by it with
arithmetic of its own. No detour is invented: whoever closes a road knows what else is closed with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from records.calendar import WEEKDAYS

Flags = npt.NDArray[np.bool_]
Shut = Mapping[str, Flags]  # by weekday, bool (places, places), from and to; a weekday on which nothing is closed is not there


@dataclass(frozen=True, slots=True)
class ClosedWay:
    """A road between two places, or one place as a whole where `end` is empty, and the weekdays (mon ... sun) on which nobody drives there.

    `start` and `end` are a KATO or an office's index.
    """

    start: str
    end: str
    days: tuple[str, ...]
    one_way: bool = False


def shut(names: Sequence[tuple[str, ...]], closed: Iterable[ClosedWay]) -> Shut:
    """What is closed among places that go by `names`, the best first.

    A road may call an office by its settlement's code; a place that is closed as a whole goes by its first name only, so that the office of a
    closed village still lets its vehicles out.
    """
    masks: dict[str, Flags] = {}
    for way in closed:
        rows = _meant(names, way.start, whole=not way.end)
        others = _meant(names, way.end, whole=False)
        for day in way.days if rows.any() and (not way.end or others.any()) else ():
            mask = masks.setdefault(day, np.zeros((len(names), len(names)), np.bool_))
            mask |= np.outer(rows, others if way.end else ~rows)
            if not way.one_way or not way.end:
                mask |= np.outer(others if way.end else ~rows, rows)
    return masks


def _meant(names: Sequence[tuple[str, ...]], code: str, whole: bool) -> Flags:
    return np.array([code in (each[:1] if whole else each) for each in names], dtype=np.bool_)


def closed_days(closed: Shut, row: int) -> tuple[str, ...]:
    """The weekdays on which some way to or from the place of that row is closed, Monday first."""
    return tuple(day for day in WEEKDAYS if day in closed and (closed[day][row].any() or closed[day][:, row].any()))


def kinds_of_days(closed: Shut) -> dict[str, int]:
    """Weekdays on which the same legs are closed share a number, from 1; what is not there has nothing closed."""
    numbers: dict[bytes, int] = {}
    return {day: numbers.setdefault(mask.tobytes(), len(numbers) + 1) for day, mask in sorted(closed.items())}
