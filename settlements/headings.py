"""Which row of a sheet is its heading, and which column each of its words means. Pure.

Called by settlements/intake. What the columns may be called stands in settlements/columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from records.exchange import Row
from settlements.columns import ListKind
from settlements.letters import folded

HEADING_ROWS = 20  # titles and dates may stand above
FEWEST_KNOWN = 2  # fewer known names make no heading


@dataclass(frozen=True, slots=True)
class Heading:
    """Where each column of a sheet stands: places count from 0. `dropped` are headings of columns that are not taken.

    `row` is its last row, `first` its first: a heading may have two. `unclear` are columns that several headings could mean, none of them
    in its own words; none is taken.
    """

    row: int
    places: Mapping[str, int]
    dropped: tuple[str, ...] = ()
    doubled: tuple[str, ...] = field(default=())
    first: int = 0
    unclear: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def known(self) -> int:
        """How many columns the row names, clearly or not."""
        return len(self.places) + len(self.unclear)


def plain(heading: str) -> str:
    """A heading for comparison: small letters of one script, Kazakh ones as a Russian keyboard types them, signs left out."""
    return folded(heading)


def find_heading(kind: ListKind, rows: Sequence[Row], mapping: Mapping[str, str]) -> Heading | None:
    """The heading among the first rows: the one that holds the most known names, or None. `mapping` gives our name -> the file's own.

    Two rows together are a heading where they name more than any single one: a group above, its columns below.
    """
    known = _known_names(kind, mapping)
    first = rows[:HEADING_ROWS]
    single = [_heading(known, kind, number, number, [_spellings(text) for text in texts]) for number, texts in first]
    double = [_heading(known, kind, upper[0], lower[0], _stacked(upper[1], lower[1])) for upper, lower in pairwise(first)]
    best = max((*single, *double), key=lambda heading: heading.known, default=None)
    return best if best and best.known >= FEWEST_KNOWN else None


def _known_names(kind: ListKind, mapping: Mapping[str, str]) -> dict[str, str]:
    known: dict[str, str] = {}
    for ours, synonyms in [(each.name, each.synonyms) for each in kind.columns] + [(each.name, each.synonyms) for each in kind.joints]:
        if ours not in mapping:
            for name in (ours, *synonyms):
                known.setdefault(plain(name), ours)
    known.update({plain(theirs): ours for ours, theirs in mapping.items()})
    return known


def _spellings(text: str) -> list[str]:
    """A heading as it stands, and without what is in brackets or after a comma: in the order in which they are believed."""
    return [text, re.sub(r"\([^)]*\)|,.*", "", text)] if text else []


def _stacked(upper: Sequence[str], lower: Sequence[str]) -> list[list[str]]:
    """The spellings of each column's two rows together; a group stands over the empty cells to its right."""
    group = ""
    stacked = []
    for place in range(max(len(upper), len(lower))):
        group = (upper[place] if place < len(upper) else "") or group
        below = lower[place] if place < len(lower) else ""
        own = upper[place] if place < len(upper) else ""
        stacked.append([f"{group} {below}".strip(), *_spellings(below)] if below else _spellings(own))
    return stacked


def _heading(known: Mapping[str, str], kind: ListKind, first: int, row: int, spelt: Sequence[Sequence[str]]) -> Heading:
    places, doubled = _in_full(known, spelt)
    unclear: dict[str, list[int]] = {}
    for rank in range(1, max(map(len, spelt), default=0)):
        free = [place for place in range(len(spelt)) if place not in {*places.values(), *doubled, *chain(*unclear.values())}]
        _take_shortened(known, kind, {place: spelt[place][rank:] for place in free if spelt[place][rank:]}, places, unclear)
    needless = [joint.name for joint in kind.joints if joint.name in places and all(part in places for part in joint.parts)]
    doubled.extend(places.pop(name) for name in needless)  # the contract's own columns are better
    taken = {*places.values(), *doubled, *chain(*unclear.values())}
    dropped = tuple(spellings[0] for place, spellings in enumerate(spelt) if spellings and place not in taken)
    told = {name: tuple(spelt[place][0] for place in found) for name, found in unclear.items()}
    return Heading(row, places, dropped, tuple(spelt[place][0] for place in doubled), first, told)


def _in_full(known: Mapping[str, str], spelt: Sequence[Sequence[str]]) -> tuple[dict[str, int], list[int]]:
    """The columns whose headings are known as they stand, and the places of those that repeat one."""
    places: dict[str, int] = {}
    doubled: list[int] = []
    for place, spellings in enumerate(spelt):
        name = known.get(plain(spellings[0])) if spellings else None
        if name is not None and places.setdefault(name, place) != place:
            doubled.append(place)
    return places, doubled


def _take_shortened(
    known: Mapping[str, str], kind: ListKind, spelt: Mapping[int, Sequence[str]], places: dict[str, int], unclear: dict[str, list[int]]
) -> None:
    """Give the columns that are still free to headings known in their next spelling; several for one column are `unclear`."""
    found: dict[str, list[int]] = {}
    parts = {part for joint in kind.joints if joint.name in places for part in joint.parts}
    for place, spellings in spelt.items():
        name = known.get(plain(spellings[0]))
        if name is not None and name not in {*places, *unclear, *parts}:
            found.setdefault(name, []).append(place)
    unclear |= {name: found.pop(name) for name in [name for name, several in found.items() if len(several) > 1]}
    places |= {name: place for name, (place,) in found.items()}
