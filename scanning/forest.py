"""A second opinion on every box that is not clean: how likely it was meant as an answer, and how likely there is anything at all.

Two forests of small decision trees, learned by bench/learn_marks from simulated pages and kept in data/forest.json. scanning/judge asks; the
rules of the yardstick stand beside it. Pure: the same numbers give the same weights in any process.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scanning.likeness import FEATURES

FILE = Path(__file__).with_name("data") / "forest.json"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weight:
    """Probabilities, 0 to 1. answer: the box was marked and left so; anything: it is not simply empty."""

    answer: float
    anything: float


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees laid end to end. A node asks whether `feature` <= `threshold` (a leaf: feature -1, worth `value`) and goes to `left` or `right`."""

    roots: npt.NDArray[np.intp]
    feature: npt.NDArray[np.intp]
    threshold: Floats
    left: npt.NDArray[np.intp]
    right: npt.NDArray[np.intp]
    value: Floats
    start: float

    def probability(self, rows: Floats) -> Floats:
        """Of each row, (n, features), the probability of yes: the logistic of the sum of all trees."""
        node = np.tile(self.roots, (len(rows), 1))
        line = np.arange(len(rows))[:, None]
        while True:
            asked = self.feature[node]
            if (asked < 0).all():
                break
            lower = rows[line, np.maximum(asked, 0)] <= self.threshold[node]
            node = np.where(asked < 0, node, np.where(lower, self.left[node], self.right[node]))
        total: Floats = self.start + self.value[node].sum(axis=1)
        return 1.0 / (1.0 + np.exp(-total))


def weigh(rows: Sequence[Sequence[float]]) -> list[Weight]:
    """The weights of boxes, each by its row of features (scanning/likeness)."""
    if not rows:
        return []
    answer, anything = _forests()
    table = np.asarray(rows, np.float64)
    return [Weight(float(a), float(b)) for a, b in zip(answer.probability(table), anything.probability(table), strict=True)]


@cache
def _forests() -> tuple[Forest, Forest]:
    body = json.loads(FILE.read_text(encoding="utf-8"))
    if tuple(body["features"]) != FEATURES:
        raise ValueError(f"{FILE.name} was learned from other features: learn it again (bench/learn_marks)")
    return forest_of(body["answer"]), forest_of(body["anything"])


def forest_of(body: dict[str, Any]) -> Forest:
    """The forest in `body`: `start`, and `trees`, each a list of nodes [feature, threshold, left, right] or leaves [value]."""
    roots: list[int] = []
    nodes: list[tuple[int, float, int, int, float]] = []
    for tree in body["trees"]:
        first = len(nodes)
        roots.append(first)
        nodes += [
            (-1, 0.0, 0, 0, node[0]) if len(node) == 1 else (node[0], node[1], first + node[2], first + node[3], 0.0) for node in tree
        ]
    feature, threshold, left, right, value = (np.array(column) for column in zip(*nodes, strict=True))
    return Forest(np.array(roots, np.intp), feature, threshold, left, right, value, float(body["start"]))
