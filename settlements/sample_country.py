"""An invented country by seed: post offices in real towns of all twenty regions, villages around them, plainly invented people.

Called by `poshta demo --country` and by trials of size. Each office has a district of its own, numbered below those of the classifier.
"""

from __future__ import annotations

from collections import Counter
from random import Random

from settlements.codes import INDEX_PREFIXES
from settlements.sample import FIRST_DISTRICT, LAST_DISTRICT, Plot, SampleDistrict, invent
from settlements.sample_towns import Town, towns

OFFICES, VILLAGES = 160, 1_200


def make_country(seed: int, villages: int = VILLAGES, offices: int = OFFICES, pupils: tuple[int, int] = (5, 10)) -> list[SampleDistrict]:
    """`offices` invented districts with `villages` villages among them, the same for the same seed and figures.

    The villages are shared out evenly; the towns are those of each region in turn, the largest first, so that every region has its share.
    """
    dice = Random(seed)
    taken: set[str] = set()
    plots = _plots(offices)
    shares = [villages // len(plots) + (place < villages % len(plots)) for place in range(len(plots))]
    return [invent(dice, plot, share, pupils, taken) for plot, share in zip(plots, shares, strict=True) if share]


def _plots(count: int) -> list[Plot]:
    """A plot for each of `count` towns; regions that share the beginning of their postal indices share the numbers, too."""
    numbers: Counter[str] = Counter()
    plots: list[Plot] = []
    for town in _in_turn():
        prefix = INDEX_PREFIXES[town.region][0]
        number = FIRST_DISTRICT - numbers[prefix]
        if number >= LAST_DISTRICT and len(plots) < count:
            numbers[prefix] += 1
            plots.append(Plot(town, number, f"tirek-{town.region}{number}", f"T{town.region}{number}-"))
    return sorted(plots, key=lambda plot: (plot.town.region, -plot.number))


def _in_turn() -> list[Town]:
    """The towns, one of each region after another, the largest first; a city of republican significance comes once."""
    turns: Counter[str] = Counter()
    ranked: list[tuple[int, str, Town]] = []
    for town in towns():
        ranked.append((turns[town.region], town.region, town))
        turns[town.region] += 1
    return [town for _turn, _region, town in sorted(ranked, key=lambda each: each[:2])]
