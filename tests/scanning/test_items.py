"""Question by question: bars of every answer that add up, patterns that differ without colour, and a class beside all classes of the desk."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packets.paper import Pen
from records.language import translate
from scanning.flow import Flow
from scanning.item_bars import Pattern, all_answers, bars, class_said, draw_bar, share_said, told_apart, worth_telling
from scanning.item_page import draw_questions
from scanning.return_words import Words
from scanning.returns import ClassWork
from scanning.statistics import FEWEST_FOR_ALPHA, Figures, class_figures
from tests.scanning.test_returns import _class
from tests.scanning.test_statistics import CHOICE, NUMBER, OPEN
from tests.scanning.test_statistics import _class as _works

WORDS = Words("ru")


def _figures(question: object, **fields: object) -> Figures:
    return replace(Figures(CHOICE, 4, Decimal("0.5")), question=question, **fields)  # type: ignore[arg-type]


@given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5), st.integers(0, 3), st.integers(0, 3))
def test_every_answer_of_one_choice_stands_in_a_bar(a: int, b: int, c: int, blank: int, doubts: int) -> None:
    each = _figures(CHOICE, given=(("A", a), ("B", b), ("C", c)), blank=blank, doubts=doubts, decided=a + b + c + blank)
    found = bars(WORDS, each)
    assert sum(bar.count for bar in found) == all_answers(each)
    assert [bar.sign for bar in found if bar.pattern is Pattern.KEY] == ["A"]
    assert [bar.words for bar in found[:3]] == ["3/4", "1/6", "2/6"]


def test_of_many_wrong_numbers_the_commonest_are_named_and_the_others_counted_together() -> None:
    given_ = (*((str(value), 9 - value) for value in range(1, 8)), ("084", 2))
    found = bars(WORDS, _figures(NUMBER, given=given_))
    assert [(bar.sign, bar.count) for bar in found] == [("84", 2), ("1", 8), ("2", 7), ("3", 6), ("4", 5), ("", 4 + 3 + 2)]
    assert [bar.pattern for bar in found].count(Pattern.KEY) == 1


def test_open_answers_are_counted_by_points_and_what_waits_is_told() -> None:
    found = bars(WORDS, _figures(OPEN, given=(("0", 1), ("1", 0), ("2", 3)), waiting=2))
    assert [(bar.words, bar.count, bar.pattern) for bar in found[1:]] == [
        (translate("{points} points", "ru").format(points=1), 0, Pattern.OTHER),
        (translate("{points} points", "ru").format(points=2), 3, Pattern.KEY),
        (translate("waits for your points", "ru"), 2, Pattern.WAITS),
    ]


def test_patterns_differ_without_colour() -> None:
    inks = {}
    for pattern in Pattern:
        pen = Pen((24.0, 10.0))
        draw_bar(pen, 2, 3, 20, 4, pattern)
        pen.end_page()
        document = pdfium.PdfDocument(pen.pdf())
        grey = np.squeeze(document[0].render(scale=200 / 72, grayscale=True).to_numpy())
        document.close()
        inks[pattern] = float((grey[26:52, 20:168] < 128).mean())
    assert inks[Pattern.KEY] > 0.95
    assert 0.1 < inks[Pattern.OTHER] < 0.6
    assert inks[Pattern.WAITS] < inks[Pattern.BLANK] + 0.05 < 0.15
    pen = Pen((24.0, 10.0))
    before = len(pen.pdf())
    again = Pen((24.0, 10.0))
    draw_bar(again, 2, 3, 0, 4, Pattern.OTHER)
    assert len(again.pdf()) == before


@pytest.mark.parametrize("width", [0.3, 2.5, 7.0, 40.0])
def test_a_hatch_stays_within_its_bar(width: float) -> None:
    drawn: list[tuple[float, float, float, float]] = []

    class Noted:
        def line(self, x1: float, y1: float, x2: float, y2: float, *_more: object) -> None:
            drawn.append((x1, y1, x2, y2))

        def polygon(self, *_given: object, **_more: object) -> None:
            raise AssertionError

    draw_bar(Noted(), 10, 20, width, 2.6, Pattern.OTHER)
    assert len(drawn) > 4
    for x1, y1, x2, y2 in drawn:
        assert 10 - 1e-9 <= min(x1, x2) <= max(x1, x2) <= 10 + width + 1e-9
        assert 20 - 1e-9 <= min(y1, y2) <= max(y1, y2) <= 22.6 + 1e-9


def test_a_class_says_what_it_can_and_why_not_more() -> None:
    rows = [[number % 5, (number * 3) % 5, number % 4] for number in range(FEWEST_FOR_ALPHA)]
    large, small = class_figures(*_works(rows)), class_figures(*_works(rows[:3]))
    alone = " ".join(class_said(WORDS, small, None))
    assert "3 ученика со всеми оценёнными ответами" in alone
    assert "меньше 12" in alone
    assert "стандартное отклонение" not in alone
    beside = " ".join(class_said(WORDS, small, large))
    assert "Все классы" in beside
    assert "надёжность (альфа) " in beside
    assert "меньше 12" not in beside
    assert told_apart(WORDS, small.questions[0], None) == ""
    assert "(все классы)" in told_apart(WORDS, small.questions[0], large.questions[0])
    assert share_said(WORDS, small.questions[0], large.questions[0]).endswith("%")


def test_a_question_that_the_strongest_fail_is_pointed_out() -> None:
    rows = [[4 - number % 5, number % 5, number % 5, number % 5] for number in range(20)]
    found = class_figures(*_works(rows))
    assert [each.turned for each in found.questions] == [True, False, False, False]
    assert "проверьте ключ" in told_apart(WORDS, found.questions[0], None)
    assert "проверьте ключ" not in told_apart(WORDS, found.questions[1], None)


@pytest.mark.parametrize(("pupils", "questions"), [(30, 20), (2, 1), (12, 40)])
def test_every_question_stands_on_its_page_within_the_margins(pupils: int, questions: int) -> None:
    work = _class(pupils, questions)
    pages = Flow("kk", "T1")
    draw_questions(pages, [work, work])
    document = pdfium.PdfDocument(pages.pdf())
    said = " ".join(" ".join(each.get_textpage().get_text_range().split()) for each in document)
    for number in range(1, questions + 1):
        assert said.count(f"{number}. Сұрақ {number} ") == 2
    for each in document:
        ink = np.squeeze(each.render(scale=1, grayscale=True).to_numpy()) < 200
        assert not any(edge.any() for edge in (ink[:, :30], ink[:, -30:], ink[:28], ink[-28:]))
    document.close()


def test_of_one_child_no_bars_are_drawn() -> None:
    work = _class(1, 3)
    assert not worth_telling(work)
    assert worth_telling(ClassWork(work.assignment, work.pupils, _class(9, 3).figures))
