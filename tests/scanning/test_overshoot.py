"""Fills whose strokes leave the circle: the third forest may lift the rules' doubt, and nothing else may do it for it; the fourth may put one in their place."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from scanning import forest, weights
from scanning.forest import OVERSHOT_FILE, Weight, overshot_of, struck_of
from scanning.judge import judge_page
from scanning.likeness import groups_of
from scanning.marks import LATER, Mark
from scanning.overshoot import OVERSHOT, fills_of, overshot
from scanning.thresholds import THRESHOLDS
from scanning.verdict import Chosen, Doubt, DoubtReason, Judgement
from scanning.yardstick import yardstick_of
from tests.scanning.museum_boxes import TICK
from tests.scanning.test_judge import CLEAN, CROSSED_OUT, FILLED, SHORT_CROSSED_OUT, layout, numbers

OVER = replace(
    FILLED, outside=0.05, beside=0.03, through=0.4, near=(0.3, 0.2, 0.01, 0.01), axes=(0.2, 0.0, 0.0, 0.0)
)  # STRUCK by the rules
TAILED = replace(FILLED, near=(0.1, 0.0, 0.0, 0.0))  # a mark by the rules
OF_PEN = 1  # its place among the features
GROUPS = {("x", None): [0, 1], ("y", None): [2, 3]}


def said(
    marks: dict[str, Mark],
    sure: float,
    monkeypatch: pytest.MonkeyPatch,
    answer: float = 0.995,
    rule: str = "one",
    later: int = 0,
    struck: float = 0.0,
) -> Judgement:
    """The judgement on `x` where the third forest is so `sure` of every box that it is asked of, the fourth says `struck`, and the first two of every box; `later` numbers were not measured."""
    monkeypatch.setattr(weights, "weigh", lambda rows: [Weight(answer if row[OF_PEN] >= 0.3 else 0.001, 0.99) for row in rows])
    monkeypatch.setattr(weights, "overshot_of", lambda rows: [sure] * len(rows))
    monkeypatch.setattr(weights, "struck_of", lambda rows: [struck] * len(rows))
    sheet = layout(rule)
    taken = numbers(sheet, marks)
    taken["boxes"] = [box[: len(box) - later] for box in taken["boxes"]]
    return judge_page(taken, sheet)[0].judgement


def test_a_fill_that_both_forests_take_for_an_answer_is_one_though_its_strokes_leave_the_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said({"B": OVER}, 0.999, monkeypatch) == Chosen(("B",))


@pytest.mark.parametrize("sure", [0.0, 0.5, THRESHOLDS.overshot - 0.001])
def test_where_the_third_forest_is_less_than_certain_the_rules_doubt_as_before(sure: float, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(said({"B": OVER}, sure, monkeypatch), Doubt)


def test_it_is_not_asked_of_what_the_first_forest_takes_for_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(said({"B": OVER}, 0.999, monkeypatch, answer=0.4), Doubt)


def test_it_is_not_asked_of_what_is_plainly_crossed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(said({"B": CROSSED_OUT}, 0.999, monkeypatch), Doubt)


@pytest.mark.parametrize("other", [FILLED, SHORT_CROSSED_OUT, OVER])
def test_two_marks_stay_a_doubt(other: Mark, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(said({"B": OVER, "C": other}, 0.999, monkeypatch), Doubt)


def test_measurements_of_an_older_program_are_judged_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(said({"B": OVER}, 0.999, monkeypatch, later=LATER), Doubt)


@pytest.mark.parametrize("rule", ["one", "several"])
def test_a_plain_fill_that_the_fourth_forest_takes_for_struck_out_is_asked_about(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = said({"B": TAILED}, 0.0, monkeypatch, rule=rule, struck=THRESHOLDS.struck_out)
    assert asked == Doubt(DoubtReason.CROSSED_OUT, ("B",))
    assert said({"B": TAILED}, 0.0, monkeypatch, rule=rule, struck=THRESHOLDS.struck_out - 0.01) == Chosen(("B",))


@pytest.mark.parametrize(
    ("mark", "later"), [(TICK, 0), (FILLED, 0), (TAILED, LATER)], ids=["no fill", "nothing beyond its rim", "an older program measured it"]
)
def test_the_fourth_is_asked_of_fills_only_and_not_of_older_measurements(mark: Mark, later: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said({"B": mark}, 0.0, monkeypatch, later=later, struck=1.0) == Chosen(("B",))


def test_a_row_has_every_feature_with_other_fills_on_the_page_or_without() -> None:
    for marks in ([OVER, CLEAN, FILLED, CLEAN], [OVER, CLEAN, CLEAN, CLEAN], [CLEAN] * 4):
        yardstick = yardstick_of(marks, ["x", "x", "y", "y"])
        fills = fills_of(marks, GROUPS, yardstick)
        assert all(len(overshot(mark, ("x", None), yardstick, fills)) == len(OVERSHOT) for mark in marks)


def test_no_order_of_boxes_changes_a_row() -> None:
    boxes = [OVER, CLEAN, FILLED, replace(FILLED, beside=0.01)]
    rows = []
    for order in ([0, 1, 2, 3], [1, 0, 3, 2]):
        marks = [boxes[place] for place in order]
        groups = groups_of([("x" if place < 2 else "y", None) for place in order], ())
        yardstick = yardstick_of(marks, ["x" if place < 2 else "y" for place in order])
        rows.append(overshot(OVER, ("x", None), yardstick, fills_of(marks, groups, yardstick)))
    assert rows[0] == rows[1]


def test_what_else_is_marked_in_the_question_is_not_told() -> None:
    """That nothing else is marked does not make a struck-out fill an answer."""
    yardstick = yardstick_of([OVER, CLEAN, FILLED, CLEAN])
    alone, beside = (
        overshot(OVER, ("x", None), yardstick, fills_of([OVER, other, FILLED, CLEAN], GROUPS, yardstick)) for other in (CLEAN, FILLED)
    )
    assert alone == beside


def test_the_shipped_forest_asks_only_for_features_that_there_are() -> None:
    body = json.loads(OVERSHOT_FILE.read_text(encoding="utf-8"))
    assert tuple(body["features"]) == OVERSHOT
    assert all(len(node) == 1 or node[0] < len(OVERSHOT) for tree in body["overshot"]["trees"] for node in tree)
    assert all(len(node) == 1 or node[0] < len(OVERSHOT) for tree in body["struck"]["trees"] for node in tree)
    assert overshot_of([]) == struck_of([]) == []


def test_a_file_learned_from_other_features_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.loads(OVERSHOT_FILE.read_text(encoding="utf-8"))
    file = tmp_path / "overshot.json"
    file.write_text(json.dumps({**body, "features": OVERSHOT[::-1]}), encoding="utf-8")
    monkeypatch.setattr(forest, "OVERSHOT_FILE", file)
    forest._strikes.cache_clear()
    with pytest.raises(ValueError, match="other features"):
        overshot_of([[0.0] * len(OVERSHOT)])
    forest._strikes.cache_clear()
