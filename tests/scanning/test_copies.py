"""Second copies: what was decided stands, doubts may be filled, disagreement is a doubt, a person's word is last."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from records.grades import DOUBT, READ, READER, Decision
from scanning.copies import settle
from scanning.score import by_person, decision
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, Judgement
from tests.scanning.paper import WORK

CHOICE, _SEVERAL, _NUMBER, OPEN = WORK.questions
JUDGEMENTS = st.one_of(
    st.sampled_from("ABCD").map(lambda letter: Chosen((letter,))),
    st.just(Blank()),
    st.builds(Doubt, st.sampled_from(DoubtReason), st.lists(st.sampled_from("ABCD"), max_size=3, unique=True).map(tuple)),
)
SCORES = st.one_of(
    st.sampled_from("0123").map(lambda points: Chosen((points,))), st.just(Blank()), st.builds(Doubt, st.just(DoubtReason.TWO_MARKS))
)


def _after(first: Judgement, second: Judgement) -> Decision:
    """What stands when a first copy showed `first` and a second one `second`, beside an answer that proves that the sheet was filled."""
    held = decision("p", CHOICE, first, 1)
    beside = decision("p", OPEN, Chosen(("1",)), 2)
    changed = settle({"1": held, "4": beside}, [decision("p", CHOICE, second, 2), beside])
    return changed[0] if changed else held


@given(JUDGEMENTS, JUDGEMENTS)
def test_a_copy_never_puts_another_answer_in_the_place_of_a_decided_one(first: Judgement, second: Judgement) -> None:
    after = _after(first, second)
    if isinstance(first, Doubt):
        assert after.state == DOUBT or after.reading == getattr(second, "values", None)
    else:
        assert after.state == DOUBT or after == decision("p", CHOICE, first, 1)


@given(JUDGEMENTS, JUDGEMENTS)
def test_two_different_clear_answers_are_a_doubt_with_both(first: Judgement, second: Judgement) -> None:
    after = _after(first, second)
    clear = not isinstance(first, Doubt) and not isinstance(second, Doubt)
    if clear and first != second:
        assert (after.state, after.reason, after.points) == (DOUBT, "disagreement", None)
        assert len(after.candidates) == 2


def test_a_grey_copy_does_not_say_whose_ink_it_was_that_is_red_on_a_copy_in_colour() -> None:
    assert _after(Doubt(DoubtReason.OTHER_PEN, ("C",)), Chosen(("C",))).reason == DoubtReason.OTHER_PEN
    assert _after(Doubt(DoubtReason.FAINT, ("C",)), Chosen(("C",))).state == READ


def test_a_copy_in_colour_shows_that_what_was_read_in_grey_is_another_pen_s() -> None:
    after = _after(Chosen(("C",)), Doubt(DoubtReason.OTHER_PEN, ("C",)))
    assert (after.state, after.reason, after.candidates) == (DOUBT, DoubtReason.OTHER_PEN, ("C",))
    for seen in (("C",), ("C", "B")):
        assert _after(Chosen(("B",)), Doubt(DoubtReason.OTHER_PEN, seen)).state == READ, "the first copy was made before the correction"


@given(JUDGEMENTS, st.sampled_from([(), ("A",), ("D",)]))
def test_a_persons_word_is_last(second: Judgement, word: tuple[str, ...]) -> None:
    held = by_person("p", CHOICE, word, None)
    assert settle({"1": held}, [decision("p", CHOICE, second, 2)]) == []


@given(SCORES, SCORES)
def test_newer_bubbles_of_the_teacher_win_unless_they_are_empty(first: Judgement, second: Judgement) -> None:
    held = decision("p", OPEN, first, 1)
    seen = decision("p", OPEN, second, 2)
    beside = decision("p", CHOICE, Chosen(("A",)), 2)
    changed = {each.item: each for each in settle({"4": held, "1": beside}, [seen, beside])}
    after = changed.get("4", held)
    if isinstance(second, Chosen):
        assert after.reading == second.values
    elif isinstance(second, Blank):
        assert after == held


@given(st.lists(JUDGEMENTS, min_size=1, max_size=4))
def test_the_same_copy_again_settles_nothing_more(copies: list[Judgement]) -> None:
    held = decision("p", CHOICE, copies[0], 1)
    for copy in copies[1:]:
        seen = [decision("p", CHOICE, copy, 2)]
        held = (settle({"1": held}, seen) or [held])[0]
        assert settle({"1": held}, seen) == [] or isinstance(copy, Chosen)
        again = settle({"1": held}, seen) or [held]
        assert again[0].says_the_same(held)


def test_a_doubt_is_filled_only_by_what_it_may_be() -> None:
    doubt = Doubt(DoubtReason.TWO_MARKS, ("A", "B"))
    assert (_after(doubt, Chosen(("A",))).reading, _after(doubt, Chosen(("A",))).decided_by) == (("A",), READER)
    assert _after(doubt, Chosen(("C",))).candidates == ("A", "B", "C")
    assert _after(doubt, Blank()).reason == "two_marks"
