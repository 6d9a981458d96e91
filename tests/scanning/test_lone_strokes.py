"""A thin tick alone in its question: the forest is believed sooner where it is too crisp and too dark for what a rubber leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanning import weights
from scanning.forest import Weight
from scanning.judge import judge_page
from scanning.marks import Mark
from scanning.thresholds import THRESHOLDS
from scanning.verdict import Chosen, Doubt, Judgement
from tests.scanning.test_judge import RUBBED, TICK, layout, numbers

THIN = replace(TICK, ink=0.08, dark=0.45, cover=0.17, sharp=4.3)  # FAINT by the rules
OF_PEN = 1  # its place among the features


def said(marks: dict[str, Mark], answer: float, monkeypatch: pytest.MonkeyPatch, rule: str = "one") -> Judgement:
    """The judgement on `x` where the forest gives what is dark in it `answer`."""
    monkeypatch.setattr(
        weights, "weigh", lambda rows: [Weight(answer if 0.3 <= row[OF_PEN] < 0.9 else float(row[OF_PEN] >= 0.9), 0.99) for row in rows]
    )
    sheet = layout(rule)
    return judge_page(numbers(sheet, marks), sheet)[0].judgement


def test_a_crisp_tick_alone_is_an_answer_where_the_forest_is_fairly_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said({"B": THIN}, 0.88, monkeypatch) == Chosen(("B",))


@pytest.mark.parametrize(
    ("marks", "answer", "rule"),
    [
        ({"B": THIN}, THRESHOLDS.sure_stroke - 0.01, "one"),
        ({"B": replace(THIN, sharp=3.9)}, 0.88, "one"),
        ({"B": replace(THIN, dark=0.34)}, 0.88, "one"),
        ({"B": THIN, "C": RUBBED}, 0.88, "one"),
        ({"B": THIN}, 0.88, "several"),
    ],
    ids=["less sure", "less crisp", "paler", "not alone", "several"],
)
def test_and_any_other_needs_as_much_as_before(marks: dict[str, Mark], answer: float, rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(said(marks, answer, monkeypatch, rule), Doubt)
