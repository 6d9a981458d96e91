"""What machines took: which seemingly empty questions of a page are asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from packets.layout import Box, BoxKind, Item, Layout, PageKind
from scanning.lost_marks import perhaps_lost
from scanning.marks import Mark
from scanning.thresholds import THRESHOLDS
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, Judgement
from scanning.yardstick import Yardstick

NONE4 = (0.0,) * 4
EMPTY = Mark(0.0, 0.01, 0.02, 0.0, 0.0, 0.0, 0.0, NONE4, NONE4, 0.9, 0.01, 0.95)
TRACE = replace(EMPTY, dark=0.04)
LAYOUT = Layout(
    PageKind.WORKSHEET,
    (
        *(Box(item, value, value, BoxKind.CHOICE, (20.0, 30.0)) for item in "123" for value in "AB"),
        *(Box("4", value, value, BoxKind.DIGIT, (20.0, 60.0), column=column) for column in (1, 2, 3) for value in "78"),
        Box("5", "0", "0", BoxKind.SCORE, (20.0, 90.0)),
    ),
    (Item("1", "one", "1"), Item("2", "one", "1"), Item("3", "one", "1"), Item("4", "number", "1"), Item("5", "score", "1")),
    "synthetic",
)
SAID: dict[str, Judgement] = {"1": Chosen(("A",)), "2": Chosen(("B",)), "3": Blank(), "4": Chosen(("8",)), "5": Blank()}


PAGE = Yardstick(0.6, 0.26, 0.012, 0.08, 0.02, 0.0, 0.9, 0.95, noise=0.01)


def asked(
    marked: dict[tuple[str, str, int | None], Mark], layout: Layout = LAYOUT, page: Yardstick = PAGE, **measured: bool
) -> dict[str, Doubt]:
    """What is asked about where SAID was said of these marks."""
    return said_of(SAID, marked, layout, page, **measured)


def said_of(
    said: dict[str, Judgement],
    marked: dict[tuple[str, str, int | None], Mark],
    layout: Layout = LAYOUT,
    page: Yardstick = PAGE,
    **measured: bool,
) -> dict[str, Doubt]:
    """The same of other judgements."""
    marks = [marked.get((box.item, box.value, box.column), EMPTY) for box in layout.boxes]
    return perhaps_lost({"black": 0.3, **measured}, layout, marks, said, page, THRESHOLDS)


def lost(pen: Mark, empty: Mark = TRACE, unlike: Mark | None = None, **measured: bool) -> dict[str, Doubt]:
    """The items that are asked about: 1, 2 (perhaps `unlike` the others) and the number 8 are marked with `pen`, a box of 3 and the strip are `empty`."""
    marked = {("1", "A", None): pen, ("2", "B", None): unlike or pen, ("4", "8", 3): pen, ("3", "A", None): empty, ("5", "0", None): empty}
    return asked(marked, **measured)


@pytest.mark.parametrize(("dark", "asked"), [(0.25, {"3"}), (0.8, set())])
def test_a_trace_is_asked_about_beside_pale_answers_only_and_never_in_a_strip(dark: float, asked: set[str]) -> None:
    """The empty 8 of the number's other columns makes no page pale."""
    assert set(lost(replace(EMPTY, dark=dark))) == asked
    assert lost(replace(EMPTY, dark=dark), empty=EMPTY) == {}


@pytest.mark.parametrize(("dark", "asked"), [(0.7, {"3"}), (0.98, set())])
def test_a_dot_is_asked_about_on_a_page_without_greys_whose_pencil_is_broken_up(dark: float, asked: set[str]) -> None:
    """A pen's answers are black there, and leave no dots."""
    dot = replace(EMPTY, dark=0.02)
    assert set(lost(replace(EMPTY, dark=dark), dot, two_tone=True)) == asked
    assert lost(replace(EMPTY, dark=dark), dot) == {}  # with greys it is nothing


@pytest.mark.parametrize(("trace", "asked_about"), [(0.036, set()), (0.044, {"3"})])
def test_the_darker_the_answers_the_more_must_be_left(trace: float, asked_about: set[str]) -> None:
    """A tenth of their darkness."""
    assert set(lost(replace(EMPTY, dark=0.4), replace(EMPTY, dark=trace))) == asked_about


def test_beside_an_answer_a_dot_of_a_page_without_greys_is_no_other() -> None:
    pen = replace(EMPTY, dark=0.6)
    layout = replace(LAYOUT, items=(Item("1", "several", "1"), *LAYOUT.items[1:]))
    marks = {("1", "A", None): pen, ("2", "B", None): pen, ("4", "8", 3): pen}
    assert asked(marks | {("1", "B", None): replace(EMPTY, dark=0.02)}, layout, two_tone=True) == {}
    assert set(asked(marks | {("1", "B", None): TRACE}, layout, two_tone=True)) == {"1"}


def test_a_mark_far_darker_than_a_pale_page_s_others_is_asked_about() -> None:
    """A cross of which the fill below has gone."""
    pale, dark = replace(EMPTY, dark=0.2), replace(EMPTY, dark=0.6)
    assert lost(pale, EMPTY, unlike=dark) == {"2": Doubt(DoubtReason.FAINT, ("B",))}
    assert lost(dark, EMPTY, unlike=dark) == {}


def test_a_lost_digit_is_asked_about() -> None:
    """Beside one that is there, of a number: its column holds a trace."""
    pen = replace(EMPTY, dark=0.3)
    marks = {("1", "A", None): pen, ("2", "B", None): pen, ("4", "7", 2): TRACE, ("4", "8", 3): pen}
    assert asked(marks) == {"4": Doubt(DoubtReason.FAINT, ("8",))}
    assert asked(marks, page=replace(PAGE, floor=0.02, noise=0.03)) == {}  # on paper as noisy as that it is none


def test_another_answer_is_asked_about_where_several_may_be_marked() -> None:
    """A trace beside a reading: nothing where one answer is meant, nor where it is so dark that it was judged."""
    pen = replace(EMPTY, dark=0.3)
    layout = replace(LAYOUT, items=(Item("1", "several", "1"), *LAYOUT.items[1:]))
    marks = {("1", "A", None): pen, ("1", "B", None): TRACE, ("2", "A", None): TRACE, ("2", "B", None): pen, ("4", "8", 3): pen}
    assert asked(marks, layout) == {"1": Doubt(DoubtReason.FAINT, ("A",))}
    assert asked(marks | {("1", "B", None): replace(EMPTY, dark=0.085)}, layout) == {}
    noisy = replace(PAGE, quiet=0.1)
    assert set(asked(marks | {("1", "B", None): replace(EMPTY, dark=0.085)}, layout, noisy)) == {"1"}  # clean there for all that is judged


FEW: dict[str, Judgement] = SAID | {"2": Blank(), "4": Blank()}


@pytest.mark.parametrize(
    ("dark", "crumb", "two_tone", "noise"),
    [(0.98, 0.03, True, 0.01), (0.98, 0.03, False, 0.001)],
    ids=["a dot elsewhere", "turned straight, with grey edges"],
)
def test_nothing_is_believed_of_a_page_without_greys_that_lost_most_of_its_answers(
    dark: float, crumb: float, two_tone: bool, noise: float
) -> None:
    """What stays there are strokes over strokes: perhaps the crossing out of an answer."""
    marks = {("1", "A", None): replace(EMPTY, dark=dark), ("3", "B", None): replace(EMPTY, dark=crumb)}
    found = said_of(FEW, marks, page=replace(PAGE, noise=noise), two_tone=two_tone)
    assert set(found) == {"1", "2", "3", "4"}
    assert found["1"] == Doubt(DoubtReason.FAINT, ("A",))


@pytest.mark.parametrize(
    ("dark", "doubt", "every"),
    [(0.7, DoubtReason.TORN, {"1", "3", "4"}), (0.95, DoubtReason.FAINT, {"1", "3", "4"}), (0.95, DoubtReason.TORN, set())],
    ids=["broken up", "a pale one in doubt", "neither"],
)
def test_one_answer_that_is_less_than_black_or_a_pale_doubt_is_a_sign_of_loss_too(dark: float, doubt: DoubtReason, every: set[str]) -> None:
    said = FEW | {"2": Doubt(doubt)}
    assert set(said_of(said, {("1", "A", None): replace(EMPTY, dark=dark)}, two_tone=True)) == every


@pytest.mark.parametrize("two_tone", [True, False])
def test_a_pen_s_page_of_which_few_questions_were_answered_is_believed(two_tone: bool) -> None:
    """No sign of loss: black answers, and nothing in the empty circles but what their outlines throw into all of them."""
    residue = replace(EMPTY, dark=0.013)
    marks = {(box.item, box.value, box.column): residue for box in LAYOUT.boxes} | {("1", "A", None): replace(EMPTY, dark=0.92)}
    assert said_of(FEW, marks, page=replace(PAGE, noise=0.001), two_tone=two_tone) == {}


@pytest.mark.parametrize(("reason", "every"), [(DoubtReason.FAINT, {"3", "4"}), (DoubtReason.TWO_MARKS, set()), (DoubtReason.TORN, set())])
def test_pale_pencil_everywhere_makes_no_question_empty(reason: DoubtReason, every: set[str]) -> None:
    """Two marks in a question, or a torn corner, tell nothing of the pencil."""
    said: dict[str, Judgement] = {"1": Doubt(reason), "2": Doubt(reason), "3": Blank(), "4": Blank(), "5": Blank()}
    assert set(said_of(said, {})) == every
    assert said_of(said | {"2": Blank()}, {}) == {}  # one doubt is no page


def test_where_more_is_in_doubt_for_its_paleness_than_answered_a_trace_is_asked_about() -> None:
    """A dark answer is believed there all the same."""
    said: dict[str, Judgement] = {
        "1": Chosen(("A",)),
        "2": Doubt(DoubtReason.FAINT),
        "3": Blank(),
        "4": Doubt(DoubtReason.ERASED),
        "5": Blank(),
    }
    marks = {("1", "A", None): replace(EMPTY, dark=0.9), ("3", "A", None): TRACE}
    assert set(said_of(said, marks)) == {"3"}
    assert said_of(said | {"4": Doubt(DoubtReason.TWO_MARKS)}, marks) == {}


SEVERAL = Layout(
    PageKind.WORKSHEET,
    tuple(Box(item, value, value, BoxKind.CHOICE, (20.0, 30.0)) for item in "1234" for value in "ABC"),
    (*(Item(item, "one", "1") for item in "123"), Item("4", "several", "1")),
    "synthetic",
)


@pytest.mark.parametrize(
    ("taken", "left", "crossed", "expected"),
    [(0.25, 0.06, 0.01, {"4"}), (0.25, 0.06, 0.8, {"4"}), (0.25, 0.015, 0.8, set()), (0.7, 0.06, 0.8, set())],
    ids=["a trace", "beside one crossed out", "no trace", "a dark answer"],
)
def test_a_trace_beside_a_pale_answer_where_several_may_be_marked_is_perhaps_another(
    taken: float, left: float, crossed: float, expected: set[str]
) -> None:
    """Three ticks had gone to 0.27, 0.22 and 0.07 on a copy whose other answers were dark: the third was not read."""
    dark = {(item, "A", None): replace(EMPTY, dark=0.7) for item in "123"}
    marked = {
        ("4", "A", None): replace(EMPTY, dark=taken),
        ("4", "B", None): replace(EMPTY, dark=left),
        ("4", "C", None): replace(EMPTY, dark=crossed),
    }
    said: dict[str, Judgement] = {**dict.fromkeys("123", Chosen(("A",))), "4": Chosen(("A",))}
    assert set(said_of(said, dark | marked, SEVERAL)) == expected


@pytest.mark.parametrize(
    ("left", "noise", "expected"),
    [(0.06, 0.01, {"4"}), (0.06, 0.06, set()), (0.035, 0.01, set())],
    ids=["a trace", "noise", "less than a tenth"],
)
def test_the_palest_of_several_answers_tells_what_a_trace_is(left: float, noise: float, expected: set[str]) -> None:
    marked = {(item, "A", None): replace(EMPTY, dark=0.7) for item in "1234"} | {
        ("4", "B", None): replace(EMPTY, dark=0.4),
        ("4", "C", None): replace(EMPTY, dark=left),
    }
    said: dict[str, Judgement] = {**dict.fromkeys("123", Chosen(("A",))), "4": Chosen(("A", "B"))}
    assert set(said_of(said, marked, SEVERAL, replace(PAGE, noise=noise, quiet=0.08))) == expected
