"""Instances of the kinds X-n101-k25, X-n502-k39 and X-n1001-k43, made by the published rules with a seed of our own.

Uchoa, Pecin, Pessoa, Poggi, Vidal, Subramanian: New benchmark instances for the capacitated vehicle routing problem, EJOR 257 (2017): a grid of 1000 x 1000;
the depot in its middle, corner or anywhere; customers anywhere, or clustered round seeds with probability exp(-d/40), or half of each; demands of a range; the
capacity from the wanted number of customers on a route. They are not the files of that paper, so best known values do not apply.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

GRID = 1000
Point = tuple[int, int]


@dataclass(frozen=True)
class Kind:
    """How an instance is made: customers, where the depot is (C, E, R), where customers are (R, C, RC) with so many seeds, demands, customers a route."""

    name: str
    customers: int
    depot: str
    spread: str
    seeds: int
    demand: tuple[int, int]
    on_a_route: float


KINDS = (
    Kind("X-n101-k25", 100, "R", "RC", 7, (1, 100), 4.0),
    Kind("X-n502-k39", 501, "E", "C", 3, (1, 1), 13.0),
    Kind("X-n1001-k43", 1000, "R", "R", 0, (1, 10), 23.4),
)


@dataclass(frozen=True)
class Instance:
    """Points with the depot first, demands of the customers, and the capacity."""

    name: str
    points: list[Point]
    demands: list[int]
    capacity: int

    def distances(self) -> list[list[int]]:
        """Rounded Euclidean distances, as in TSPLIB."""
        return [[round(math.dist(one, other)) for other in self.points] for one in self.points]


def instance(kind: Kind, seed: int) -> Instance:
    """An instance of that kind."""
    dice = random.Random(f"{kind.name} {seed}")
    depot = {"C": (GRID // 2, GRID // 2), "E": (0, 0)}.get(kind.depot) or _anywhere(dice)
    demands = [dice.randint(*kind.demand) for _customer in range(kind.customers)]
    capacity = math.ceil(kind.on_a_route * sum(demands) / kind.customers)
    return Instance(kind.name, [depot, *_customers(kind, depot, dice)], demands, max(capacity, *demands))


def _anywhere(dice: random.Random) -> Point:
    return dice.randint(0, GRID), dice.randint(0, GRID)


def _customers(kind: Kind, depot: Point, dice: random.Random) -> list[Point]:
    """No two at one point, none at the depot."""
    found: dict[Point, None] = {}
    free = {"R": kind.customers, "C": 0, "RC": kind.customers // 2}[kind.spread]
    while len(found) < free:
        found |= {point: None for point in [_anywhere(dice)] if point != depot}
    seeds = [_anywhere(dice) for _seed in range(kind.seeds)]
    found |= {seed: None for seed in seeds if seed != depot}
    while len(found) < kind.customers:
        point = _anywhere(dice)
        near = sum(math.exp(-math.dist(point, seed) / 40) for seed in seeds)
        if point != depot and dice.random() <= near:
            found[point] = None
    return list(found)[: kind.customers]
