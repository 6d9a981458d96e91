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
UNBOUNDED = 3  # as scipy tells it


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
        unsafe = _unsafe(unsafe, counts, additions, secret)
        added = {other for name in sorted(unsafe) if (other := _next(name, counts, additions, secret))}
        if not added:
            break
        secret |= added
        unsafe |= added
    return secret


def possible(name: str, counts: Mapping[str, int], additions: Sequence[Addition], secret: Collection[str]) -> tuple[float, float]:
    """The least and the greatest value of a hidden cell that agree with everything told; the greatest may be infinite."""
    (knot,) = (each for each in _knots(additions, {name, *secret}, counts) if name in each.place)
    return -knot.greatest(name, -1.0)[0], knot.greatest(name)[0]


class _Knot:
    """Hidden cells that hang together by additions, and what is known of them."""

    def __init__(self, cells: Sequence[str], additions: Sequence[Addition], counts: Mapping[str, int]) -> None:
        self.place = {cell: number for number, cell in enumerate(cells)}
        self._rows: list[list[float]] = []
        self._sides: list[float] = []
        for each in additions:
            row, side = [0.0] * len(cells), 0.0
            for cell, sign in ((each.total, -1.0), *((part, 1.0) for part in each.parts)):
                if cell in self.place:
                    row[self.place[cell]] += sign
                else:
                    side -= sign * counts[cell]
            self._rows.append(row)
            self._sides.append(side)

    def greatest(self, name: str, sign: float = 1.0) -> tuple[float, Sequence[float]]:
        """The greatest value of a cell (of its negative with sign -1), infinite where nothing bounds it, and values of all cells with which it has that."""
        from scipy.optimize import linprog

        if not self._rows:
            return (float("inf") if sign > 0 else 0.0), ()
        goal = [0.0] * len(self.place)
        goal[self.place[name]] = -sign
        answer = linprog(goal, A_eq=self._rows, b_eq=self._sides, bounds=(0, None), method="highs")
        if answer.status == 0:
            return -float(answer.fun), tuple(answer.x)
        return (float("inf") if answer.status == UNBOUNDED else 0.0), ()  # what cannot be reckoned is taken for unsafe


def _unsafe(names: Collection[str], counts: Mapping[str, int], additions: Sequence[Addition], secret: Collection[str]) -> set[str]:
    """Those of the hidden cells of which fewer than two values are possible, or none that is not small."""
    found: set[str] = set()
    for knot in _knots(additions, secret, counts):
        safe: set[str] = set()
        for name in sorted(set(names) & set(knot.place)):
            if name in safe:
                continue
            most, table = knot.greatest(name)
            safe |= {other for other, number in knot.place.items() if table and _witness(table[number], counts[other])}
            if most < FEW - NEAR or (most < counts[name] + 1 - NEAR and -knot.greatest(name, -1.0)[0] > counts[name] - 1 + NEAR):
                found.add(name)
    return found


def _witness(value: float, true: int) -> bool:
    """Whether another table in which a cell has this value shows that the cell is safe: the true one is possible too."""
    return max(value, true) >= FEW - NEAR and abs(value - true) >= 1 - NEAR


def _knots(additions: Sequence[Addition], secret: Collection[str], counts: Mapping[str, int]) -> list[_Knot]:
    """The hidden cells in groups that have nothing to do with each other."""
    leader = {cell: cell for cell in sorted(secret)}

    def lead(cell: str) -> str:
        while leader[cell] != cell:
            cell = leader[cell]
        return cell

    hidden = [[cell for cell in each.cells if cell in leader] for each in additions]
    for cells in hidden:
        for cell in cells[1:]:
            leader[lead(cell)] = lead(cells[0])
    groups: dict[str, tuple[list[str], list[Addition]]] = {}
    for cell in leader:
        groups.setdefault(lead(cell), ([], []))[0].append(cell)
    for each, cells in zip(additions, hidden, strict=True):
        if cells:
            groups[lead(cells[0])][1].append(each)
    return [_Knot(cells, mine, counts) for cells, mine in groups.values()]


def _next(name: str, counts: Mapping[str, int], additions: Iterable[Addition], secret: Collection[str]) -> str:
    """The cell that is best hidden for the sake of an unsafe one; nothing where all that hangs together with it is hidden.

    It stands in an addition of the unsafe cell; where those are hidden whole, in the nearest one that a chain of hidden additions leads to, because what is told there
    bounds the cell all the same. Among such additions the one with the fewest hidden cells is taken. Inner cells, which are parts of several sums, go before sums,
    and sums before the sum of all; among them the smallest that says something.
    """
    every = list(additions)
    mine = _nearest_told(name, every, secret)
    if not mine:
        return ""
    fewest = min(sum(cell in secret for cell in each.cells) for each in mine)
    beside = {cell for each in mine if sum(cell in secret for cell in each.cells) == fewest for cell in each.cells if cell not in secret}
    parts = {cell: sum(cell in each.parts for each in every) for cell in beside}
    return min(beside, key=lambda cell: (counts[cell] == 0, -parts[cell], counts[cell], cell))


def _nearest_told(name: str, additions: Sequence[Addition], secret: Collection[str]) -> list[Addition]:
    """The additions of a cell of which a cell is told; where there is none, those of the cells in additions with it, and so on outwards."""
    reach, met = {name}, 0
    while met < len(reach):
        met = len(reach)
        touched = [each for each in additions if reach.intersection(each.cells)]
        told = [each for each in touched if not all(cell in secret for cell in each.cells)]
        if told:
            return told
        reach = reach.union(*(each.cells for each in touched))
    return []
