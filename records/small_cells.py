"""Small numbers of children hidden in tables of which the sums are told: a count of one to four names somebody in a village of five. Pure.

scanning/district_report hides with this. Hiding the small cells alone is not enough: a total less the rest gives them back. So more cells are hidden until, of every
hidden one, whoever knows all that is told and reckons with it still finds several values possible, and among them one that is not small. That is the rule of
primary and secondary suppression (Hundepool and others, Statistical Disclosure Control, Wiley 2012, chapter 4); the range of a cell is found by linear programming.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

FEW = 5  # fewer children than this are somebody
NEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Addition:
    """A sum that whoever reads the table can do: the cell `total` is that of `parts`."""

    total: str
    parts: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """All cells of it."""
        return (self.total, *self.parts)


def is_small(children: int) -> bool:
    """Whether so many are somebody; nought is nobody."""
    return 0 < children < FEW


def to_hide(counts: Mapping[str, int], additions: Sequence[Addition], children: Mapping[str, int] | None = None) -> set[str]:
    """The cells of which nothing may be told.

    `counts` are what the cells say, `children` how many children stand behind each (the count itself where it is not named). Every addition must hold.
    """
    behind = {**counts, **(children or {})}
    secret = {name for name in counts if is_small(behind[name])}
    unsafe = set(secret)
    while unsafe:
        unsafe = {name for name in sorted(unsafe) if not _is_safe(name, counts, additions, secret)}
        added = {other for name in sorted(unsafe) if (other := _next(name, counts, additions, secret))}
        if not added:
            break
        secret |= added
        unsafe |= added
    return secret


def possible(name: str, counts: Mapping[str, int], additions: Sequence[Addition], secret: Collection[str]) -> tuple[float, float]:
    """The least and the greatest value of a hidden cell that agree with everything told; the greatest may be infinite."""
    from scipy.optimize import linprog

    mine = _component(name, additions, secret)
    cells = sorted({cell for each in mine for cell in each.cells if cell in secret} | {name})
    if not mine:
        return 0.0, float("inf")
    place = {cell: number for number, cell in enumerate(cells)}
    rows, sides = [], []
    for each in mine:
        row, side = [0.0] * len(cells), 0.0
        for cell, sign in ((each.total, -1), *((part, 1) for part in each.parts)):
            if cell in place:
                row[place[cell]] += sign
            else:
                side -= sign * counts[cell]
        rows.append(row)
        sides.append(side)
    found = []
    for turn in (1.0, -1.0):
        goal = [0.0] * len(cells)
        goal[place[name]] = turn
        answer = linprog(goal, A_eq=rows, b_eq=sides, bounds=(0, None), method="highs")
        found.append(float(answer.fun) * turn if answer.status == 0 else float("inf"))
    return found[0], found[1]


def _is_safe(name: str, counts: Mapping[str, int], additions: Sequence[Addition], secret: Collection[str]) -> bool:
    """Whether several values are possible, and one that is not small."""
    least, most = possible(name, counts, additions, secret)
    return most >= FEW - NEAR and most - least >= 1 - NEAR


def _next(name: str, counts: Mapping[str, int], additions: Iterable[Addition], secret: Collection[str]) -> str:
    """The cell that is best hidden beside an unsafe one: the smallest that says something, parts before totals; nothing where all are hidden."""
    beside = {(cell == each.total, cell) for each in additions if name in each.cells for cell in each.cells if cell not in secret}
    ordered = sorted(beside, key=lambda pair: (counts[pair[1]] == 0, pair[0], counts[pair[1]], pair[1]))
    return ordered[0][1] if ordered else ""


def _component(name: str, additions: Sequence[Addition], secret: Collection[str]) -> list[Addition]:
    """The additions that have to do with a hidden cell, by way of other hidden cells."""
    found: list[Addition] = []
    reached, rest = {name}, list(additions)
    while True:
        more = [each for each in rest if reached.intersection(each.cells)]
        if not more:
            return found
        found += more
        rest = [each for each in rest if each not in more]
        reached |= {cell for each in more for cell in each.cells if cell in secret}
