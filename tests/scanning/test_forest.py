"""The forest that weighs boxes: trees walked as by hand, the shipped file fit for its features, rows that no order of boxes changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanning import forest
from scanning.forest import FILE, forest_of, weigh
from scanning.likeness import FEATURES, features, usual_of
from scanning.marks import Mark
from scanning.yardstick import yardstick_of

RISING = ("strength", "of_pen", "of_usual", "ink", "ink_of_usual", "over_noise")
TWO_TREES: dict[str, Any] = {
    "start": -0.5,
    "trees": [
        [[1, 0.3, 1, 2], [-1.0], [0, 2.0, 3, 4], [0.25], [1.5]],  # only what is above 0.3 in the second number is asked for its first
        [[0, 1.0, 1, 2], [-0.75], [0.5]],
    ],
}
SHARE = st.floats(0, 1, width=16)
MARK = st.lists(SHARE, min_size=21, max_size=21).map(Mark.from_list)
MARKS = st.lists(MARK, min_size=2, max_size=6, unique_by=lambda mark: mark.dark)  # of two equally dark ones the first counts
BODY = json.loads(FILE.read_text(encoding="utf-8"))
ANSWER = forest_of(BODY["answer"])
# numbers on both sides of every threshold that the shipped forest asks for
SIDES = [
    sorted(
        {
            0.0,
            *(
                node[1] + step
                for tree in BODY["answer"]["trees"]
                for node in tree
                if len(node) > 1 and node[0] == feature
                for step in (-1e-3, 1e-3)
            ),
        }
    )
    for feature in range(len(FEATURES))
]


@pytest.fixture
def other_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A forest's file in place of the shipped one."""
    file = tmp_path / "forest.json"
    monkeypatch.setattr(forest, "FILE", file)
    forest._forests.cache_clear()
    yield file
    forest._forests.cache_clear()


@pytest.mark.parametrize(
    ("row", "total"),
    [
        ([0.0, 0.0], -0.5 - 1.0 - 0.75),
        ([9.0, 0.3], -0.5 - 1.0 + 0.5),  # a number on the threshold goes left
        ([1.0, 0.31], -0.5 + 0.25 - 0.75),
        ([2.0, 0.31], -0.5 + 0.25 + 0.5),
        ([2.1, 0.31], -0.5 + 1.5 + 0.5),
    ],
)
def test_two_trees_are_walked_as_by_hand(row: list[float], total: float) -> None:
    assert forest_of(TWO_TREES).probability(np.array([row])) == pytest.approx([1 / (1 + exp(-total))], rel=1e-12)


def test_every_row_is_weighed_by_itself_whatever_stands_beside_it() -> None:
    rows = np.array([[0.0, 0.0], [2.1, 0.31], [1.0, 0.31]])
    alone = [float(forest_of(TWO_TREES).probability(row[None])[0]) for row in rows]
    assert list(forest_of(TWO_TREES).probability(rows)) == pytest.approx(alone, rel=1e-12)


def test_no_boxes_have_no_weights_and_no_file_is_opened_for_them(other_file: Path) -> None:
    assert not other_file.exists()
    assert weigh([]) == []


def test_a_weight_holds_the_answers_forest_and_the_other_one_each_in_its_place(other_file: Path) -> None:
    bodies = {"answer": {"start": 1.0, "trees": [[[0.0]]]}, "anything": {"start": -2.0, "trees": [[[0.0]]]}}
    other_file.write_text(json.dumps({"features": FEATURES, **bodies}), encoding="utf-8")
    (weight,) = weigh([[0.0] * len(FEATURES)])
    assert (weight.answer, weight.anything) == pytest.approx((1 / (1 + exp(-1)), 1 / (1 + exp(2))))


@pytest.mark.parametrize("features_", [FEATURES[::-1], FEATURES[:-1], (*FEATURES, "new")], ids=["turned", "one less", "one more"])
def test_a_file_learned_from_other_features_is_refused(other_file: Path, features_: tuple[str, ...]) -> None:
    other_file.write_text(json.dumps({**BODY, "features": features_}), encoding="utf-8")
    with pytest.raises(ValueError, match="other features"):
        weigh([[0.0] * len(features_)])


@pytest.mark.parametrize("name", ["answer", "anything"])
def test_the_shipped_forests_ask_only_for_features_that_there_are_and_walk_only_downwards(name: str) -> None:
    assert tuple(BODY["features"]) == FEATURES
    for tree in BODY[name]["trees"]:
        for place, node in enumerate(tree):
            assert len(node) == 1 or (0 <= node[0] < len(FEATURES) and place < min(node[2:]) and max(node[2:]) < len(tree))


def test_more_of_a_rising_feature_never_makes_an_answer_less_likely() -> None:
    """All steps of each rising feature, the others drawn from both sides of their thresholds."""
    drawn = np.random.default_rng(7)
    for name in RISING:
        place = FEATURES.index(name)
        steps = np.array(SIDES[place])
        assert len(steps) > 10, "the forest asks for it"
        for _row in range(20):
            rows = np.tile([float(drawn.choice(side)) for side in SIDES], (len(steps), 1))
            rows[:, place] = steps
            assert (np.diff(ANSWER.probability(rows)) >= -1e-5).all(), name


@given(MARKS, st.data(), st.booleans())
def test_a_row_has_every_feature_and_no_order_of_boxes_changes_it(marks: list[Mark], data: st.DataObject, several: bool) -> None:
    order = data.draw(st.permutations(range(len(marks))))
    mixed = [marks[place] for place in order]
    group = list(range(len(marks)))
    for place in group:
        plain, turned = (_row(each, at, several) for each, at in ((marks, place), (mixed, order.index(place))))
        assert len(plain) == len(FEATURES)
        assert plain == turned


def _row(marks: list[Mark], place: int, several: bool) -> list[float]:
    """The features of one box of a page that holds one question."""
    yardstick, group = yardstick_of(marks), list(range(len(marks)))
    return features(place, group, marks, yardstick, usual_of(marks, {("x", None): group}, yardstick), several)


def test_a_box_is_measured_by_those_answers_of_its_page_that_cover_as_much_and_not_by_its_own_question() -> None:
    fill = Mark.from_list([0.45, 0.6, 0.66, 0.8, 0.7, 0.39, 0.003, *(0.01,) * 8, 0.9, 0.01, 0.95, 0.36, 3.0])
    tick = replace(fill, ink=0.14, dark=0.7, cover=0.25, least=0.0, sharp=4.0)  # darker than the fills
    marks = [fill] * 6 + [tick] * 6 + [replace(tick, dark=0.3, sharp=2.0), replace(fill, dark=0.9)]
    groups = {(str(place), None): [place] for place in range(12)} | {("x", None): [12, 13]}
    yardstick = yardstick_of(marks, [str(place) for place in range(12)] + ["x", "x"])
    row = dict(zip(FEATURES, features(12, [12, 13], marks, yardstick, usual_of(marks, groups, yardstick), several=False), strict=True))
    floor = yardstick.floor
    assert row["sharp_of_alike"] == pytest.approx(2.0 / 4.0)
    assert row["of_alike"] == pytest.approx((0.3 - floor) / (0.7 - floor))
    assert (row["cover_beyond_alike"], row["paler"], row["smoother"]) == (0.0, 0.0, 0.0)
    alone = features(12, list(range(14)), marks, yardstick, usual_of(marks, {("x", None): list(range(14))}, yardstick), several=False)
    assert dict(zip(FEATURES, alone, strict=True))["sharp_of_alike"] == 1.0, "no other question, no measure"


def test_a_forest_of_leaves_asks_nothing() -> None:
    forest = forest_of({"start": -1.0, "trees": [[[0.5]], [[0.25]]]})
    assert forest.levels == 0
    assert forest.probability(np.zeros((2, 3))) == pytest.approx([1 / (1 + exp(0.25))] * 2)
