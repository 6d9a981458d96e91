"""Small numbers of children hidden: a count of one to four names somebody in a village of five. Pure.

routing/figures hides with this. A hidden number must not come out by subtraction either: counts that make up a sum are hidden together, and so many rows that
what is hidden is not a few either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

FEW = 5


def rows_to_hide(rows: Mapping[str, Sequence[int]], size: Mapping[str, int]) -> set[str]:
    """The rows of whose counts nothing may be told, where the sum over all rows is told.

    Those with a count of one to four; and as long as the hidden rows together have such a count, the smallest other row by `size` goes with them.
    Nought tells of nobody and stays.
    """
    secret = {name for name, counts in rows.items() if any(0 < count < FEW for count in counts)}
    others = sorted((name for name in rows if name not in secret and size[name] > 0), key=lambda name: (size[name], name))
    while others and any(0 < sum(column) < FEW for column in zip(*(rows[name] for name in secret), strict=True)):
        secret.add(others.pop(0))
    return secret


def shown(count: int, of: int) -> float | None:
    """A share, rounded to three places, where it is of enough and not of a few; else None."""
    if of < FEW or 0 < count < FEW or 0 < of - count < FEW:
        return None
    return round(count / of, 3)


def median(days: Sequence[int]) -> float | None:
    """The median of enough numbers; None of fewer than five."""
    if len(days) < FEW:
        return None
    ordered, middle = sorted(days), len(days) // 2
    return float(ordered[middle]) if len(days) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
