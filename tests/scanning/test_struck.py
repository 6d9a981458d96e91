"""The network that looks at dark circles: what it is asked of, what its word changes, and on which pages it has none."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from bench.strike_shapes import OVERSHOOTS, STRIKES, Line
from packets.layout import Item
from scanning import seen, struck, weights
from scanning.forest import Weight
from scanning.judge import judge_item, judge_page
from scanning.kinds import Kind, kind_of
from scanning.marks import Mark
from scanning.patches import SIDE, SPAN, Values
from scanning.struck import CELLS, coarse, is_looked_at, left_as_they_are, look
from scanning.thresholds import THRESHOLDS
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, Judgement
from scanning.yardstick import yardstick_of
from tests.scanning.test_judge import CLEAN, CROSSED_OUT, FILLED, SHORT_CROSSED_OUT, TICK, layout, numbers

OVER = replace(
    FILLED, outside=0.05, beside=0.03, through=0.4, near=(0.3, 0.2, 0.01, 0.01), axes=(0.2, 0.0, 0.0, 0.0)
)  # STRUCK by the rules
TAILED = replace(FILLED, near=(0.1, 0.0, 0.0, 0.0))  # a mark by the rules
FINER = 4  # cells of a drawing in one of a patch


def drawn(*lines: Line, dark: float = 0.6, wide: float = 0.13) -> Values:
    """A printed circle with lines of a pencil, in radii round its middle, as a coarse patch: strokes over strokes are darker."""
    cell = SIDE * FINER / (2 * SPAN)
    paper = np.ones((SIDE * FINER, SIDE * FINER), np.float32)
    for line in lines:
        stroke = np.zeros_like(paper)
        cv2.polylines(
            stroke, [np.round((line + SPAN) * cell * 16).astype(np.int32)], False, dark, max(1, round(wide * cell)), cv2.LINE_AA, 4
        )
        paper *= 1 - stroke
    cv2.circle(paper, (SIDE * FINER // 2,) * 2, round(cell), 0.1, round(0.06 * cell), cv2.LINE_AA)
    return coarse(cv2.resize(1 - paper, (SIDE, SIDE), interpolation=cv2.INTER_AREA)[None])[0]


def told(*patches: Values) -> list[float]:
    blank = drawn()
    return [float(each) for each in look(np.stack(patches), np.stack([blank] * len(patches)))]


def fills(seed: int) -> list[Line]:
    return OVERSHOOTS[sorted(OVERSHOOTS)[seed % len(OVERSHOOTS)]](np.random.default_rng(seed))


@pytest.mark.parametrize("strike", sorted(set(STRIKES) - {"ring", "scribble"}))
def test_the_same_fill_is_left_as_it_is_and_struck_out_when_a_strike_is_drawn_over_it(strike: str) -> None:
    rng = np.random.default_rng(7)
    plain = told(*(drawn(*fills(seed)) for seed in range(20)))
    over = told(*(drawn(*fills(seed), *STRIKES[strike](rng)) for seed in range(20)))
    assert np.median(plain) > 0.9
    assert np.median(over) < 0.5
    assert sum(after < before for before, after in zip(plain, over, strict=True)) >= 18


def test_a_tick_is_left_as_it_is() -> None:
    tick = np.array([[-0.5, 0.1], [-0.1, 0.6], [1.4, -1.3]])
    assert told(drawn(tick))[0] > 0.9


def test_no_other_circle_and_no_order_changes_its_word() -> None:
    patches = [drawn(*fills(seed)) for seed in range(5)]
    alone = [told(each)[0] for each in patches]
    assert told(*patches) == pytest.approx(alone, abs=1e-5)
    assert told(*patches[::-1]) == pytest.approx(alone[::-1], abs=1e-5)
    assert all(0.0 <= each <= 1.0 for each in alone)


def test_another_process_says_the_same(tmp_path: Path) -> None:
    patch = drawn(*fills(3))
    np.save(tmp_path / "patch.npy", np.stack([patch, drawn()]))
    program = f"import numpy as np; from scanning.struck import look; p = np.load({str(tmp_path / 'patch.npy')!r}); print(float(look(p[:1], p[1:])[0]))"
    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=120).stdout
    assert float(said) == told(patch)[0]


def test_a_coarse_cell_is_the_mean_of_four_and_the_last_ones_of_what_there_is() -> None:
    patch = np.arange(SIDE * SIDE, dtype=np.float64).reshape(1, SIDE, SIDE) / SIDE**2
    small = coarse(patch)
    assert small.shape == (1, CELLS, CELLS)
    assert small[0, 0, 0] == pytest.approx(patch[0, :2, :2].mean())
    assert small[0, -1, -1] == pytest.approx(patch[0, -1, -1])
    assert coarse(patch - 0.5).min() == 0


@pytest.mark.parametrize(("mark", "asked"), [(TAILED, True), (OVER, True), (TICK, True), (replace(FILLED, near=(0.0,) * 4, diagonals=(0.0,) * 4), False), (CLEAN, False), (replace(TAILED, dark=0.1), False), (replace(TAILED, near=(0.0,) * 4, axes=(0.0, 0.1, 0.0, 0.0)), True)])  # fmt: skip
def test_looked_at_are_dark_circles_with_ink_beyond_their_rims(mark: Mark, asked: bool) -> None:
    assert is_looked_at(mark.as_list()) is asked


def test_of_a_page_the_pupils_circles_alone_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(struck, "look", lambda patches, _prints: np.arange(len(patches)) / 10)
    patches = np.zeros((4, SIDE, SIDE))
    rows = [each.as_list() for each in (TAILED, CLEAN, TAILED, TAILED)]
    assert left_as_they_are(patches, patches, rows, [False, False, True, False]) == {"0": 0.0, "3": 0.1}
    assert left_as_they_are(patches, patches, rows, [True] * 4) == {}


Looks = dict[tuple[str, str], float]


def said(
    marks: dict[Any, Mark], left: Looks, monkeypatch: pytest.MonkeyPatch, rule: str = "one", answer: float = 0.995, overshot: float = 0.5
) -> Judgement:
    """The judgement on `x` where the network says `left` of the boxes named by item and value, and the forests `answer` and `overshot` of every box with ink."""
    monkeypatch.setattr(weights, "weigh", lambda rows: [Weight(answer if row[1] >= 0.3 else 0.001, 0.99) for row in rows])
    monkeypatch.setattr(weights, "overshot_of", lambda rows: [overshot] * len(rows))
    monkeypatch.setattr(weights, "struck_of", lambda rows: [0.0] * len(rows))
    sheet = layout(rule)
    taken = numbers(sheet, marks)
    taken["left"] = {str(place): left[box.item, box.value] for place, box in enumerate(sheet.boxes) if (box.item, box.value) in left}
    return judge_page(taken, sheet)[0].judgement


def test_a_fill_over_its_rim_that_the_network_knows_is_an_answer_and_without_its_word_a_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said({"B": OVER}, {("x", "B"): THRESHOLDS.left_alone}, monkeypatch) == Chosen(("B",))
    assert isinstance(said({"B": OVER}, {("x", "B"): THRESHOLDS.left_alone - 0.01}, monkeypatch), Doubt)
    assert isinstance(said({"B": OVER}, {}, monkeypatch), Doubt)


def test_forest_and_network_may_be_sure_together(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said({"B": OVER}, {("x", "B"): 0.8}, monkeypatch, overshot=0.97) == Chosen(("B",))
    assert isinstance(said({"B": OVER}, {("x", "B"): 0.8}, monkeypatch, overshot=0.8), Doubt)
    assert isinstance(said({"B": OVER}, {("x", "B"): 0.4}, monkeypatch, overshot=0.999), Doubt), "the network thinks it likelier struck out"


def test_the_network_alone_makes_no_answer_of_what_the_forest_takes_for_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(said({"B": OVER}, {("x", "B"): 0.999}, monkeypatch, answer=0.4), Doubt)


def test_a_mark_that_it_calls_struck_out_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    low = THRESHOLDS.left_least - 0.01
    assert said({"B": TAILED}, {("x", "B"): low}, monkeypatch) == Doubt(DoubtReason.CROSSED_OUT, ("B",))
    assert said({"B": TAILED}, {("x", "B"): THRESHOLDS.left_least}, monkeypatch) == Chosen(("B",))
    assert isinstance(said({"B": TAILED, "C": FILLED}, {("x", "B"): low}, monkeypatch), Doubt)


def test_what_both_are_sure_was_struck_out_is_nothing_beside_an_answer_and_a_doubt_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(SHORT_CROSSED_OUT, dark=0.9)
    monkeypatch.setattr(
        weights, "weigh", lambda rows: [Weight(0.01 if row[0] > 0.85 else 0.995 if row[1] >= 0.3 else 0.001, 0.99) for row in rows]
    )
    sheet = layout("several")
    beside, alone = numbers(sheet, {"B": other, "C": FILLED}), numbers(sheet, {"B": other})
    assert isinstance(judge_page(beside, sheet)[0].judgement, Doubt)
    place = next(str(number) for number, box in enumerate(sheet.boxes) if (box.item, box.value) == ("x", "B"))
    for page in (beside, alone):
        page["left"] = {place: THRESHOLDS.left_surely_not - 0.001}
    assert judge_page(beside, sheet)[0].judgement == Chosen(("C",))
    assert isinstance(judge_page(alone, sheet)[0].judgement, Doubt)


def test_what_the_rules_call_crossed_out_and_it_does_not_is_asked_about_beside_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    both = {"A": CROSSED_OUT, "C": FILLED}
    assert said(both, {("x", "A"): 0.001}, monkeypatch, answer=0.995) != Blank()
    assert isinstance(said(both, {("x", "A"): THRESHOLDS.left_after_all}, monkeypatch), Doubt)


@pytest.mark.parametrize(("sure", "left", "read"), [(0.999, 0.95, True), (0.98, 0.95, False), (0.999, 0.85, False)])
def test_an_answer_under_a_stripe_is_read_where_forest_and_network_are_sure(
    sure: float, left: float, read: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "kind_of", lambda mark, *_others: Kind.STRIPE if mark is OVER else kind_of(mark, *_others))
    found = judge_item(
        Item("x", "one", "1"),
        [(None, "A", CLEAN, None), (None, "B", OVER, Weight(sure, 0.999, left=left))],
        yardstick_of([OVER, CLEAN, FILLED, FILLED, FILLED], ["x", "x", "1", "2", "3"]),
        None,
    )
    assert (found.judgement == Chosen(("B",))) is read


def test_a_paper_of_which_it_calls_many_answers_struck_out_is_one_that_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    strange = {(str(number), "A"): 0.01 for number in range(THRESHOLDS.left_strange)}
    page = {("x", "B"): 0.01, **strange}
    assert said({"B": TAILED}, page, monkeypatch) == Chosen(("B",)), "as if it had not looked"
    assert isinstance(said({"B": OVER}, {("x", "B"): 0.999, **strange}, monkeypatch), Doubt), "nor does it make answers there"
    known = {(str(number), "A"): 0.99 for number in range(5)}
    assert isinstance(said({"B": TAILED}, {("x", "B"): 0.01, **known}, monkeypatch), Doubt)


def test_pages_that_were_read_before_it_was_learned_are_judged_as_they_were() -> None:
    sheet = layout()
    taken = numbers(sheet, {"B": TAILED})
    assert judge_page(taken, sheet) == judge_page(taken | {"left": {}}, sheet)
