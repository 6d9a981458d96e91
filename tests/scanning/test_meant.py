"""The network that looks at whatever stands in a circle: what it is asked of, how its word and the forest's become one, and on which pages it has none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.strike_shapes import STRIKES, Line
from packets.layout import Layout
from scanning import meant, seen, weights
from scanning.forest import Weight
from scanning.judge import judge_page
from scanning.kinds import Kind, kind_of
from scanning.marks import Mark
from scanning.meant import look, meant_as_answers
from scanning.page import read_page
from scanning.patches import SIDE, Values
from scanning.rejudge import Unjudged, judged_items
from scanning.thresholds import THRESHOLDS
from scanning.verdict import MEASUREMENTS, Chosen, Doubt, Judgement
from scanning.weights import OPINIONS
from tests.scanning import sheets as drawn_sheets
from tests.scanning.test_judge import CLEAN, FILLED, TICK, layout, numbers
from tests.scanning.test_struck import drawn, fills

TICKED = np.array([[-0.5, 0.1], [-0.1, 0.6], [1.0, -0.9]])
CROSS = (np.array([[-0.7, -0.7], [0.7, 0.7]]), np.array([[-0.7, 0.7], [0.7, -0.7]]))


def told(*patches: Values) -> list[float]:
    blank = drawn()
    return [float(each) for each in look(np.stack(patches), np.stack([blank] * len(patches)))]


def rubbed(patch: Values, left: float) -> Values:
    """What a rubber leaves: the ink smeared and paler, the print as it was."""
    smeared = np.asarray(cv2.GaussianBlur(patch, (0, 0), 1.6), np.float32)
    return np.maximum(smeared * left, np.minimum(patch, drawn()))


@pytest.mark.parametrize("lines", [(TICKED,), CROSS, tuple(fills(1)), tuple(fills(4))], ids=["tick", "cross", "fill", "other fill"])
def test_answers_of_all_kinds_are_meant(lines: tuple[Line, ...]) -> None:
    assert told(drawn(*lines))[0] > 0.75


@pytest.mark.parametrize("strike", sorted(set(STRIKES) - {"ring", "scribble"}))
def test_a_fill_that_was_struck_out_is_not(strike: str) -> None:
    rng = np.random.default_rng(7)
    over = told(*(drawn(*fills(seed), *STRIKES[strike](rng)) for seed in range(20)))
    assert np.median(over) < 0.5


def test_what_a_rubber_left_is_hardly_meant() -> None:
    rests = told(*(rubbed(drawn(*fills(seed)), 0.3) for seed in range(20)))
    plain = told(*(drawn(*fills(seed)) for seed in range(20)))
    assert np.median(rests) < 0.5
    assert np.median(plain) > 0.9


def test_an_empty_circle_with_a_hair_is_not() -> None:
    hair = np.array([[-2.0, 1.1], [0.2, 0.7], [2.1, 1.6]])
    assert told(drawn(hair, wide=0.05, dark=0.5))[0] < 0.5


def test_looked_at_is_what_holds_something_and_is_the_pupils(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meant, "look", lambda patches, _prints: np.arange(len(patches)) / 10)
    patches = np.zeros((4, SIDE, SIDE))
    faint = [*CLEAN.as_list()]
    faint[1] = 0.1
    rows = [FILLED.as_list(), [0.0, 0.099, *CLEAN.as_list()[2:]], TICK.as_list(), faint]
    assert meant_as_answers(patches, patches, rows, [False, False, True, False]) == {"0": 0.0, "3": 0.1}
    assert meant_as_answers(patches, patches, rows, [True] * 4) == {}


def test_every_answer_of_a_page_is_looked_at_and_no_teachers_strip() -> None:
    sheet = drawn_sheets.Sheet(drawn_sheets.choice_layout(), 3)
    for number in range(1, 10):
        sheet.fill(str(number), "B")
    sheet.cross("13", "1")
    (page,) = read_page(sheet.scan(), drawn_sheets.Book(sheet.layout))
    seen = {sheet.layout.boxes[int(place)].item: each for place, each in page.measurements["meant"].items()}
    assert set(seen) == set("123456789")
    assert min(seen.values()) > 0.9


def both(numbers_say: float, look_says: float | None) -> float:
    weight = weights._with_meaning(Weight(numbers_say, 0.999), look_says)
    assert weight.meant == look_says
    return weight.answer


def test_two_that_agree_are_surer_than_one_and_two_that_differ_are_not_sure() -> None:
    assert both(0.95, 0.95) > 0.98
    assert 0.5 < both(0.97, 0.03) < 0.8
    assert both(0.7, None) == 0.7


@pytest.mark.parametrize("look_says", [0.0, 0.001, 0.3, 0.7, 0.999, 1.0])
@pytest.mark.parametrize("numbers_say", [0.0, 0.02, 0.3, 0.49])
def test_what_the_forest_takes_for_none_stays_none_and_none_the_surer(numbers_say: float, look_says: float) -> None:
    """A ring round one of two fills: the network knows it as a strike, and the other fill became the only answer."""
    assert numbers_say <= both(numbers_say, look_says) < 0.5


@pytest.mark.parametrize("look_says", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("numbers_say", [0.5, 0.6, 0.9999])
def test_what_the_forest_takes_for_an_answer_stays_one_of_which_nobody_may_be_sure(numbers_say: float, look_says: float) -> None:
    assert both(numbers_say, look_says) >= 0.5
    assert look_says > 0 or both(numbers_say, look_says) < 0.65, "less than is enough where rules and forest agree"


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_more_of_either_is_never_less_of_both(numbers_say: float, less: float, more: float) -> None:
    less, more = sorted((less, more))
    assert 0.0 <= both(numbers_say, less) <= both(numbers_say, more) < 1.0
    assert both(less, numbers_say) <= both(more, numbers_say)


def test_neither_opinion_alone_is_as_sure_as_both() -> None:
    """One that knows nothing leaves the other less sure than it was by itself."""
    assert all(0.5 < each < 0.9 for each in OPINIONS[:2])
    assert both(0.99, 0.5) < 0.99
    assert both(0.9999999, 0.95) < 0.9999, "no opinion counts for more than SUREST"


@pytest.mark.parametrize("reach", [1.3, 1.45, 1.6])
@pytest.mark.parametrize("seed", range(4))
def test_a_ring_round_one_of_two_fills_makes_no_answer_of_the_other(reach: float, seed: int) -> None:
    sheet = drawn_sheets.Sheet(drawn_sheets.choice_layout(), seed)
    angle = np.linspace(0, 6.4, 30)
    ring = np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=1)
    for number in range(1, 12):
        sheet.fill(str(number), "B")
    for item in "3679":
        sheet.fill(item, "D")
        sheet.strokes(sheet.box(item, "D"), np.stack([ring[:-1], ring[1:]], axis=1), 0.4)
    (page,) = read_page(sheet.scan(), drawn_sheets.Book(sheet.layout))
    assert all(isinstance(each.judgement, Doubt) for each in page.items if each.item in "3679")


def judged(marks: dict[Any, Mark], looks: dict[str, float], monkeypatch: pytest.MonkeyPatch, answer: float, rule: str = "one") -> Judgement:
    """The judgement on `x` where the network says `looks` of its boxes by value, and the forest `answer` of every box with ink."""
    monkeypatch.setattr(weights, "weigh", lambda rows: [Weight(answer if row[1] >= 0.3 else 0.001, 0.999) for row in rows])
    sheet = layout(rule)
    return judge_page(numbers(sheet, marks) | {"meant": {place(sheet, "x", value): each for value, each in looks.items()}}, sheet)[
        0
    ].judgement


def place(sheet: Layout, item: str, value: str) -> str:
    return next(str(number) for number, box in enumerate(sheet.boxes) if (box.item, box.value) == (item, value))


def test_a_mark_that_the_network_does_not_know_for_an_answer_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged({"B": FILLED}, {}, monkeypatch, 0.9) == Chosen(("B",))
    assert judged({"B": FILLED}, {"B": 0.9}, monkeypatch, 0.9) == Chosen(("B",))
    assert isinstance(judged({"B": FILLED}, {"B": 0.05}, monkeypatch, 0.9), Doubt)


def test_one_of_two_marks_does_not_become_the_answer_because_it_does_not_know_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(judged({"B": FILLED, "C": FILLED}, {"B": 0.999, "C": 0.0}, monkeypatch, 0.9), Doubt)


@pytest.mark.parametrize(("look_says", "read"), [(None, False), (0.5, False), (0.99, True)])
def test_what_the_rules_doubt_is_read_where_both_are_sure_together(
    look_says: float | None, read: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pale = replace(FILLED, dark=0.5)
    monkeypatch.setattr(seen, "kind_of", lambda mark, *others: Kind.SMEARED if mark.dark == 0.5 else kind_of(mark, *others))
    found = judged({"B": pale}, {} if look_says is None else {"B": look_says}, monkeypatch, 0.95)
    assert found == Chosen(("B",)) if read else isinstance(found, Doubt)


def test_on_a_strange_paper_it_says_nothing() -> None:
    many = {str(number): 0.01 for number in range(THRESHOLDS.left_strange)}
    every = [Weight(0.999, 0.999)] * 10
    assert [each.meant for each in weights._with_meanings(every, many, THRESHOLDS) if each] == [None] * 10
    few = {str(number): 0.01 for number in range(THRESHOLDS.left_strange - 1)}
    assert [each.meant for each in weights._with_meanings(every, few, THRESHOLDS) if each][:2] == [0.01] * 2


@pytest.mark.parametrize("where", ["red", "red_round"])
def test_its_word_is_not_taken_where_red_ink_is(where: str) -> None:
    sheet = layout()
    taken = numbers(sheet, {"B": FILLED})
    own = place(sheet, "x", "B")
    without = judge_page(taken | {where: {own: 0.22}}, sheet)[0]
    assert judge_page(taken | {"meant": {own: 0.01}, where: {own: 0.22}}, sheet)[0] == without


def test_pages_that_were_read_before_it_was_learned_are_judged_as_they_were() -> None:
    sheet = layout()
    taken = numbers(sheet, {"B": FILLED, "C": TICK})
    assert judge_page(taken, sheet) == judge_page(taken | {"meant": {}}, sheet)


@pytest.mark.parametrize("said", [[0.5], "text", None, {"1": float("nan")}, {"1": 7.0}, {"1": -3.0}, {"1": "text"}])
def test_what_was_kept_damaged_is_named_and_never_judged_by(said: Any) -> None:
    sheet = layout()
    taken = numbers(sheet, {"B": FILLED}) | {"format": MEASUREMENTS}
    assert judged_items(taken, sheet, THRESHOLDS)
    with pytest.raises(Unjudged, match="measurements_damaged"):
        judged_items(taken | {"meant": said}, sheet, THRESHOLDS)
