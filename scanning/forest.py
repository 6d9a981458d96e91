"""A second opinion on every box that is not clean: how likely it was meant as an answer, and how likely there is anything at all.

Two forests of small decision trees, learned by bench/learn_marks from simulated pages and kept in data/forest.json. scanning/weights asks for the judge; the
rules of the yardstick stand beside it. Two more, of bench/learn_strikes and in data/overshot.json, are asked of fills only: of those that are perhaps struck out, and of plain ones.
Pure: the same numbers give the same weights in any process.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scanning.likeness import FEATURES
from scanning.overshoot import OVERSHOT

FILE = Path(__file__).with_name("data") / "forest.json"
OVERSHOT_FILE = FILE.with_name("overshot.json")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weight:
    """Probabilities, 0 to 1. answer: the box was marked and left so; anything: it is not simply empty; overshot: a fill whose strokes leave the circle, not one struck out; struck: one that was struck out although the rules see a mark (0 of boxes of which that was not asked); left: what scanning/struck says of its patch, that nobody struck it out (None where it was not looked at); meant: what scanning/meant says of it, which scanning/weights puts into `answer` (None likewise)."""

    answer: float
    anything: float
    overshot: float = 0.0
    struck: float = 0.0
    left: float | None = None
    meant: float | None = None


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees laid end to end, none more than `levels` deep. A node asks whether `feature` <= `threshold` and goes on to `following`, (nodes, 2): if not, and if so. A leaf is worth `value` and goes on to itself."""

    roots: npt.NDArray[np.intp]
    levels: int
    feature: npt.NDArray[np.intp]
    threshold: Floats
    following: npt.NDArray[np.intp]
    value: Floats
    start: float

    def probability(self, rows: Floats) -> Floats:
        """Of each row, (n, features), the probability of yes: the logistic of the sum of all trees."""
        node = np.tile(self.roots, (len(rows), 1))
        line = np.arange(len(rows))[:, None] * rows.shape[1]
        for _level in range(self.levels):
            lower = rows.take(line + self.feature.take(node)) <= self.threshold.take(node)
            node = self.following.take(2 * node + lower)
        total: Floats = self.start + self.value.take(node).sum(axis=1)
        return 1.0 / (1.0 + np.exp(-total))


def weigh(rows: Sequence[Sequence[float]]) -> list[Weight]:
    """The weights of boxes, each by its row of features (scanning/likeness)."""
    if not rows:
        return []
    answer, anything = _forests()
    table = np.asarray(rows, np.float64)
    return [Weight(float(a), float(b)) for a, b in zip(answer.probability(table), anything.probability(table), strict=True)]


def overshot_of(rows: Sequence[Sequence[float]]) -> list[float]:
    """How likely each fill was meant, though its strokes leave the circle, and not struck out, each by its row of scanning/overshoot."""
    return _strikes()[0].probability(np.asarray(rows, np.float64)).tolist() if rows else []


def struck_of(rows: Sequence[Sequence[float]]) -> list[float]:
    """How likely each fill that the rules call a mark was struck out all the same, each by its row of scanning/overshoot."""
    return _strikes()[1].probability(np.asarray(rows, np.float64)).tolist() if rows else []


@cache
def _forests() -> tuple[Forest, Forest]:
    body = json.loads(FILE.read_text(encoding="utf-8"))
    if tuple(body["features"]) != FEATURES:
        raise ValueError(f"{FILE.name} was learned from other features: learn it again (bench/learn_marks)")
    return forest_of(body["answer"]), forest_of(body["anything"])


@cache
def _strikes() -> tuple[Forest, Forest]:
    body = json.loads(OVERSHOT_FILE.read_text(encoding="utf-8"))
    if tuple(body["features"]) != OVERSHOT:
        raise ValueError(f"{OVERSHOT_FILE.name} was learned from other features: learn it again (bench/learn_strikes)")
    return forest_of(body["overshot"]), forest_of(body["struck"])


def forest_of(body: dict[str, Any]) -> Forest:
    """The forest in `body`: `start`, and `trees`, each a list of nodes [feature, threshold, left, right] or leaves [value]."""
    trees: list[list[list[float]]] = body["trees"]
    sizes = np.array([len(tree) for tree in trees], np.intp)
    roots = np.cumsum(sizes) - sizes
    nodes = list(chain.from_iterable(trees))
    asks = np.array([len(node) > 1 for node in nodes])
    questions = np.array([node for node in nodes if len(node) > 1], np.float64).reshape(-1, 4)
    feature, threshold, value = np.zeros(len(nodes), np.intp), np.zeros(len(nodes)), np.zeros(len(nodes))
    following = np.repeat(np.arange(len(nodes)), 2).reshape(-1, 2)
    feature[asks], threshold[asks] = questions[:, 0], questions[:, 1]
    following[asks] = questions[:, [3, 2]].astype(np.intp) + np.repeat(roots, sizes)[asks, None]
    value[~asks] = [node[0] for node in nodes if len(node) == 1]
    return Forest(roots, _levels(roots, following, asks), feature, threshold, following, value, float(body["start"]))


def _levels(roots: npt.NDArray[np.intp], following: npt.NDArray[np.intp], asks: npt.NDArray[np.bool_]) -> int:
    """How many questions are asked at the most from any of the roots on."""
    levels, reached = 0, roots[asks[roots]]
    while reached.size:
        levels += 1
        after = following[reached].ravel()
        reached = after[asks[after]]
    return levels
