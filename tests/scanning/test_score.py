"""What an answer earns: never more than there is, never less than nothing, and the same after it went through the records."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packets.assignment import LETTERS, ChoiceQuestion, NumberQuestion, OpenQuestion, Question
from records.errors import InputRefused
from scanning.amend import parse_value
from scanning.gradebook import mark_of, percent_of
from scanning.score import by_person, decision, is_right, score, scored_again
from scanning.statistics import figures, to_teach_again
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason
from tests.scanning.paper import WORK

POINTS = st.sampled_from([Decimal(text) for text in ("1", "2", "3", "0.5", "1.5", "10")])
DAY = date(2026, 10, 20)


@st.composite
def _choice(draw: st.DrawFn) -> tuple[ChoiceQuestion, tuple[str, ...]]:
    count = draw(st.integers(2, 8))
    letters = list(LETTERS[:count])
    several = draw(st.booleans())
    answer = draw(st.lists(st.sampled_from(letters), min_size=1, max_size=count if several else 1, unique=True))
    marked = draw(st.lists(st.sampled_from(letters), min_size=1, max_size=count, unique=True))
    partial = several and draw(st.booleans())
    question = ChoiceQuestion("1", "?", tuple("x" * count), tuple(sorted(answer)), several, partial, draw(POINTS))
    return question, tuple(sorted(marked))


@given(_choice())
def test_choices_earn_between_nothing_and_everything_and_everything_only_when_right(case: tuple[ChoiceQuestion, tuple[str, ...]]) -> None:
    question, marked = case
    points = score(question, Chosen(marked))
    assert points is not None
    assert 0 <= points <= question.points
    assert is_right(question, points) == (set(marked) == set(question.answer))
    if not question.partial:
        assert points in (0, question.points)


@given(_choice())
def test_with_partial_points_a_further_wrong_mark_never_earns(case: tuple[ChoiceQuestion, tuple[str, ...]]) -> None:
    question, marked = case
    wrong = [letter for letter in LETTERS[: len(question.choices)] if letter not in {*marked, *question.answer}]
    if wrong:
        fewer, more = score(question, Chosen(marked)), score(question, Chosen((*marked, wrong[0])))
        assert fewer is not None
        assert more is not None
        assert more <= fewer


@pytest.mark.parametrize(
    ("answer", "marked", "points", "earned"),
    [("AC", "AC", "2", "2"), ("AC", "A", "2", "1"), ("AC", "AB", "2", "0"), ("ABC", "AB", "1", "0.67"), ("ABC", "A", "1", "0.33"), ("AC", "B", "2", "0")],
)  # fmt: skip
def test_partial_points_are_right_less_wrong_rounded_half_up(answer: str, marked: str, points: str, earned: str) -> None:
    question = ChoiceQuestion("1", "?", tuple("wxyz"), tuple(answer), True, True, Decimal(points))
    assert score(question, Chosen(tuple(marked))) == Decimal(earned)


@given(st.integers(0, 99999), st.integers(0, 99999), POINTS)
def test_numbers_are_compared_as_numbers(key: int, said: int, points: Decimal) -> None:
    question = NumberQuestion("1", "?", str(key), 5, points)
    assert score(question, Chosen((str(said),))) == (points if key == said else 0)
    assert score(question, Chosen((f"00{key}",))) == points


def test_what_waits_for_a_person_has_no_points_and_nothing_marked_earns_nothing() -> None:
    for question in WORK.questions:
        assert score(question, Doubt(DoubtReason.FAINT, ("A",))) is None
        assert score(question, Blank()) == (None if isinstance(question, OpenQuestion) else 0)


@given(_choice(), POINTS, st.sampled_from("AB"))
def test_scoring_again_by_the_same_key_changes_nothing_and_by_another_only_points(
    case: tuple[ChoiceQuestion, tuple[str, ...]], points: Decimal, right: str
) -> None:
    question, marked = case
    held = decision("p", question, Chosen(marked), 1)
    assert scored_again(question, held) == held
    other = ChoiceQuestion("1", "?", question.choices, (right,), question.several, question.partial, points)
    again = scored_again(other, held)
    assert (again.points, again.max_points) == (score(other, Chosen(marked)), points)
    assert (again.reading, again.state, again.decided_by, again.scan) == (held.reading, held.state, held.decided_by, held.scan)


def test_a_teachers_points_and_a_persons_doubtless_word_survive_scoring_again() -> None:
    open_question = WORK.questions[3]
    held = decision("p", open_question, Chosen(("2",)), 1)
    assert scored_again(open_question, held) == held
    doubt = decision("p", WORK.questions[0], Doubt(DoubtReason.FAINT, ("A",)), 1)
    assert scored_again(WORK.questions[0], doubt) == doubt
    blank = by_person("p", open_question, (), None)
    assert (blank.state, blank.points) == ("blank", 0)
    assert scored_again(open_question, blank) == blank


CHOICE, SEVERAL, NUMBER, OPEN = WORK.questions


@pytest.mark.parametrize(
    ("question", "typed", "reading"),
    [
        (CHOICE, "a", ("A",)),
        (CHOICE, " В ", ("B",)),  # a Cyrillic letter
        (CHOICE, "", ()),
        (SEVERAL, "с, а", ("A", "C")),  # Cyrillic
        (SEVERAL, "CA", ("A", "C")),
        (NUMBER, "084", ("84",)),
        (NUMBER, "000", ("0",)),
        (OPEN, "2", ("2",)),
        (OPEN, "1,5", ("1.5",)),
        (OPEN, "0", ("0",)),
    ],
)
def test_a_person_may_type_it_so(question: Question, typed: str, reading: tuple[str, ...]) -> None:
    assert parse_value(question, typed) == reading


@pytest.mark.parametrize(
    ("question", "typed"),
    [(CHOICE, "E"), (CHOICE, "A,B"), (CHOICE, "?"), (SEVERAL, "A;Я"), (NUMBER, "1234"), (NUMBER, "-8"), (NUMBER, "8.4"), (OPEN, "4"), (OPEN, "-1"), (OPEN, "NaN"),
     (OPEN, "good"), (OPEN, "0.005")],
)  # fmt: skip
def test_what_the_question_cannot_have_is_refused_with_what_it_can(question: Question, typed: str) -> None:
    with pytest.raises(InputRefused) as refused:
        parse_value(question, typed)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("points", "of", "percent"), [("64.46", "100", 64), ("64.5", "100", 65), ("43.52", "100", 44), ("1", "3", 33), ("0.5", "100", 1), ("0", "0", 0)]
)  # fmt: skip
def test_percent_is_rounded_half_up_from_the_exact_value(points: str, of: str, percent: int) -> None:
    assert percent_of(Decimal(points), Decimal(of)) == percent


@pytest.mark.parametrize(("percent", "mark"), [(0, 2), (39, 2), (40, 3), (64, 3), (65, 4), (84, 4), (85, 5), (100, 5)])
def test_marks_follow_the_scale_and_grade_one_gets_none(percent: int, mark: int) -> None:
    assert mark_of(percent, 2, DAY) == mark_of(percent, 11, DAY) == mark
    assert mark_of(percent, 1, DAY) is None


def test_the_hardest_questions_come_first_with_their_commonest_wrong_answer() -> None:
    said = {"1": ["B", "B", "A"], "2": ["A,C", "A,C", "A,C"], "3": ["74", "12", "12"], "4": ["3", "1", "0"]}
    held = [decision("p", question, Chosen(tuple(each.split(","))), None) for question in WORK.questions for each in said[question.number]]
    held.append(decision("p", CHOICE, Doubt(DoubtReason.FAINT), None))
    hard = to_teach_again(figures(WORK, held))
    assert [(each.question.number, each.wrong, each.times) for each in hard] == [("3", "12", 2), ("1", "B", 2), ("4", "", 0)]
    assert [each.decided for each in figures(WORK, held)] == [3, 3, 3, 3]
