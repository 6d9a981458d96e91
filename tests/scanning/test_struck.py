"""The network that looks at dark circles: what it is asked of, what its word changes, and on which pages it has none."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.strike_shapes import OVERSHOOTS, STRIKES, Line
from packets.layout import Item
from scanning import seen, struck, weights
from scanning.forest import Weight
from scanning.judge import judge_item, judge_page
from scanning.kinds import Kind, kind_of
from scanning.marks import BEYOND_THE_RIM, Mark
from scanning.network import CELLS, coarse
from scanning.page import read_page
from scanning.patches import SIDE, SPAN, Values
from scanning.rejudge import Unjudged, judged_items
from scanning.struck import is_looked_at, left_as_they_are, look
from scanning.thresholds import THRESHOLDS
from scanning.verdict import MEASUREMENTS, Chosen, Doubt, DoubtReason, Judgement
from scanning.yardstick import yardstick_of
from tests.scanning import sheets as drawn_sheets
from tests.scanning.test_judge import CLEAN, CROSSED_OUT, FILLED, KINDS, TICK, layout, numbers
from tests.scanning.test_overshoot import OVER, TAILED

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


@pytest.mark.parametrize(("mark", "asked"), [(TAILED, True), (OVER, True), (TICK, True), (replace(FILLED, near=(0.0,) * 4, diagonals=(0.0,) * 4), False), (CLEAN, False), (replace(TAILED, dark=0.17), False),
        (replace(TAILED, dark=0.19), True),
        (replace(FILLED, near=(0.0, 0.029, 0.0, 0.0), diagonals=(0.0,) * 4), False),
        (replace(FILLED, near=(0.0,) * 4, diagonals=(0.0, 0.0, 0.0, 0.031)), True), (replace(TAILED, near=(0.0,) * 4, axes=(0.0, 0.1, 0.0, 0.0)), True)])  # fmt: skip
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


@given(
    st.lists(st.sampled_from(KINDS), min_size=4, max_size=4),
    st.lists(st.floats(0, THRESHOLDS.left_alone - 0.01), min_size=4, max_size=4),
    st.sampled_from(["one", "several"]),
)
@settings(max_examples=150)
def test_a_word_below_its_limit_only_ever_asks(marks: list[Mark], left: list[float], rule: str) -> None:
    """Whatever it calls struck out: another answer in the question does not become the only one for it."""
    sheet = layout(rule)
    taken = numbers(sheet, dict(zip("ABCD", marks, strict=True)))
    looked = {str(place): each for place, each in zip(range(4), left, strict=True)}
    without, found = (judge_page(each, sheet)[0].judgement for each in (taken, taken | {"left": looked}))
    assert isinstance(found, Doubt) or found == without or isinstance(without, Doubt)
    if isinstance(without, Doubt) and not isinstance(found, Doubt):
        assert any(each >= THRESHOLDS.likely for each in left), "only with the third forest, and only what is likelier left than struck out"


@pytest.mark.parametrize("reach", [1.5, 1.6, 1.7, 1.8])
@pytest.mark.parametrize("seed", range(3))
def test_a_ring_round_one_of_two_fills_is_asked_about(reach: float, seed: int) -> None:
    """The one that counts, or not: nobody but the pupil knows. The network takes rings for strikes."""
    sheet = drawn_sheets.Sheet(drawn_sheets.choice_layout(), seed)
    angle = np.linspace(0, 6.4, 30)
    ring = np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=1)
    for number in range(1, 12):
        sheet.fill(str(number), "B")
    for item in "368":
        sheet.fill(item, "D")
        sheet.strokes(sheet.box(item, "D"), np.stack([ring[:-1], ring[1:]], axis=1), 0.4)
    (page,) = read_page(sheet.scan(), drawn_sheets.Book(drawn_sheets.choice_layout()))
    assert all(isinstance(each.judgement, Doubt) for each in page.items if each.item in ("3", "6", "8"))


def test_a_teachers_strip_is_not_looked_at() -> None:
    sheet = drawn_sheets.Sheet(drawn_sheets.choice_layout(), 3)
    for number in range(1, 10):
        sheet.cross(str(number), "B", reach=1.5)
    sheet.cross("13", "1", reach=1.5)
    (page,) = read_page(sheet.scan(), drawn_sheets.Book(sheet.layout))
    assert {sheet.layout.boxes[int(place)].item for place in page.measurements["left"]} == set("123456789")


@pytest.mark.parametrize("left", [[0.5], "text", None, {"1": float("nan")}, {"1": 7.0}, {"1": -3.0}, {"1": "text"}])
def test_what_was_kept_damaged_is_named_and_never_judged_by(left: Any) -> None:
    sheet = layout()
    taken = numbers(sheet, {"B": TAILED}) | {"format": MEASUREMENTS}
    assert judged_items(taken, sheet, THRESHOLDS)
    with pytest.raises(Unjudged, match="measurements_damaged"):
        judged_items(taken | {"left": left}, sheet, THRESHOLDS)


@pytest.mark.parametrize("where", ["green", "green_round"])
def test_its_word_is_taken_where_green_ink_is(where: str) -> None:
    """A pupil writes in green oftener than in red: on such a page struck digits were read."""
    sheet = layout()
    place = next(str(number) for number, box in enumerate(sheet.boxes) if (box.item, box.value) == ("x", "B"))
    everywhere = {str(number): 0.4 for number, box in enumerate(sheet.boxes) if box.value == "A" or str(number) == place}
    taken = numbers(sheet, {"B": TAILED}) | {"left": {place: 0.01}, where: everywhere}
    assert judge_page(taken, sheet)[0].judgement == Doubt(DoubtReason.CROSSED_OUT, ("B",))


@pytest.mark.parametrize("where", ["red", "red_round"])
def test_its_word_is_not_taken_where_red_ink_is(where: str) -> None:
    sheet = layout()
    taken = numbers(sheet, {"B": TAILED})
    place = next(str(number) for number, box in enumerate(sheet.boxes) if (box.item, box.value) == ("x", "B"))
    assert isinstance(judge_page(taken | {"left": {place: 0.01}}, sheet)[0].judgement, Doubt)
    assert judge_page(taken | {"left": {place: 0.01}, where: {place: 0.22}}, sheet)[0].judgement == judge_page(taken, sheet)[0].judgement


def test_threads_take_turns() -> None:
    patches = [drawn(*fills(seed)) for seed in range(12)]
    alone = [told(each)[0] for each in patches]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda number: told(patches[number % 12])[0], range(240)))
    assert together == [alone[number % 12] for number in range(240)]


def test_of_no_circle_it_says_nothing() -> None:
    nothing = np.zeros((0, CELLS, CELLS), np.float32)
    assert look(nothing, nothing).tolist() == []


def weighed(answers: int, struck_out: int, unsure: int = 0) -> list[float | None]:
    """What is left of the network's word on a page of so many likely answers, some of which it calls struck out, and of some that are hardly answers."""
    every = [Weight(0.999, 0.999)] * answers + [Weight(0.6, 0.999)] * unsure
    left = {str(place): 0.01 for place in (*range(struck_out), *range(answers, answers + unsure))}
    return [each.left for each in weights._with_looks(every, left, THRESHOLDS) if each]


def test_a_strange_paper_is_one_of_whose_likely_answers_it_calls_more_than_a_fifth_and_three_struck_out() -> None:
    assert weighed(12, 3) == [None] * 12
    assert weighed(15, 3)[:3] == [0.01] * 3, "a fifth, no more: a child strikes in its own way"
    assert weighed(4, 2)[:2] == [0.01] * 2
    assert weighed(12, 2, unsure=4)[:2] == [0.01] * 2, "what is hardly an answer does not count"


@pytest.mark.parametrize(("left", "asked"), [(0.001, False), (0.89, False), (0.9, True)])
def test_what_the_rules_call_crossed_out_and_it_does_not_is_asked_about_beside_an_answer(
    left: float, asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        weights, "weigh", lambda rows: [Weight(0.05 if row[0] > 0.85 else 0.995 if row[1] >= 0.3 else 0.001, 0.99) for row in rows]
    )
    sheet = layout("several")
    taken = numbers(sheet, {"A": CROSSED_OUT, "C": FILLED}) | {"left": {"0": left}}
    assert judge_page(taken | {"left": {}}, sheet)[0].judgement == Chosen(("C",))
    found = judge_page(taken, sheet)[0].judgement
    assert isinstance(found, Doubt) if asked else found == Chosen(("C",))


@pytest.mark.parametrize(("left", "read"), [(0.95, True), (0.85, False)])
def test_two_tips_beyond_the_rim_are_a_short_cross_unless_it_knows_them_for_the_fills_own(
    left: float, read: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    tipped = replace(FILLED, near=(0.15, 0.01, 0.15, 0.01))
    both = said({"A": FILLED, "C": tipped}, {("x", "C"): left}, monkeypatch, rule="several")
    assert both == Chosen(("A", "C")) if read else isinstance(both, Doubt)


def test_the_parts_of_a_row_that_tell_of_ink_beyond_the_rim_are_those() -> None:
    inked = replace(CLEAN, diagonals=(1.0,) * 4, near=(2.0,) * 4, axes=(3.0,) * 4)
    assert [inked.as_list()[part] for part in BEYOND_THE_RIM] == [[1.0] * 4 + [2.0] * 4, [3.0] * 4]


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


def test_on_a_strange_paper_it_neither_asks_nor_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    strange = {(str(number), "A"): 0.01 for number in range(THRESHOLDS.left_strange)}
    assert said({"B": TAILED}, {("x", "B"): 0.01, **strange}, monkeypatch) == Chosen(("B",)), "as if it had not looked"
    assert isinstance(said({"B": OVER}, {("x", "B"): 0.999, **strange}, monkeypatch), Doubt)
    known = {(str(number), "A"): 0.99 for number in range(5)}
    assert isinstance(said({"B": TAILED}, {("x", "B"): 0.01, **known}, monkeypatch), Doubt)


def test_pages_that_were_read_before_it_was_learned_are_judged_as_they_were() -> None:
    sheet = layout()
    taken = numbers(sheet, {"B": TAILED})
    assert judge_page(taken, sheet) == judge_page(taken | {"left": {}}, sheet)
