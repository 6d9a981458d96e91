"""The assignment itself: it survives being stored, and its two digests tell what pupils hold from what a correction may touch."""

import json
from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packets.assignment import (
    LETTERS,
    Assignment,
    ChoiceQuestion,
    GridQuestion,
    Lesson,
    NumberQuestion,
    OpenQuestion,
    Part,
    Question,
    TextPart,
)
from packets.authoring import CONTENT_LANGUAGES, KINDS, read_assignment
from packets.numbers import plain_number
from packets.shelf import Kept, changed_items, compare
from packets.subjects import SUBJECTS

WORDS = st.text(alphabet="аәбқ 12?", min_size=1, max_size=30).map(str.strip).filter(bool)
POINTS = st.integers(1, 80).map(lambda quarters: Decimal(quarters) / 4)
CODES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)


@st.composite
def choice_questions(draw: st.DrawFn) -> ChoiceQuestion:
    choices = tuple(draw(st.lists(WORDS.map(lambda word: " ".join(word.split())), min_size=2, max_size=8, unique=True)))
    several = draw(st.booleans())
    answer = sorted(draw(st.sets(st.sampled_from(LETTERS[: len(choices)]), min_size=1, max_size=len(choices) if several else 1)))
    return ChoiceQuestion("0", draw(WORDS), choices, tuple(answer), several, several and draw(st.booleans()), draw(POINTS))


@st.composite
def number_questions(draw: st.DrawFn) -> NumberQuestion:
    decimals = draw(st.integers(0, 3))
    whole = str(draw(st.integers(0, 999)))
    answer = plain_number(f"{whole}.{draw(st.text('0123456789', min_size=decimals, max_size=decimals))}" if decimals else whole)
    minus = draw(st.booleans())
    answer = plain_number(f"-{answer}") if minus and draw(st.booleans()) else answer
    return NumberQuestion("0", draw(WORDS), answer, draw(st.integers(len(whole), 6 - decimals)), draw(POINTS), decimals, minus)


@st.composite
def grid_questions(draw: st.DrawFn) -> GridQuestion:
    entries = st.lists(WORDS.map(lambda word: " ".join(word.split())), min_size=2, max_size=6, unique=True)
    rows, columns = draw(entries), draw(entries)
    answer = draw(st.lists(st.sampled_from(LETTERS[: len(columns)]), min_size=len(rows), max_size=len(rows)))
    return GridQuestion("0", draw(WORDS), tuple(rows), tuple(columns), tuple(answer), draw(POINTS), draw(st.booleans()))


OPEN_QUESTIONS = (
    st.builds(OpenQuestion, st.just("0"), WORDS, st.integers(1, 10), st.integers(1, 20).map(Decimal), st.just("") | WORDS)
    | st.builds(lambda w, p, r: OpenQuestion("0", w, 1, Decimal(p), r, short=True), WORDS, st.integers(1, 9), WORDS)
    | st.builds(
        lambda w, p, h, q: OpenQuestion("0", w, 0, Decimal(p), frame=h, squares=q),
        WORDS,
        st.integers(1, 20),
        st.integers(20, 150),
        st.booleans(),
    )
)
QUESTIONS: st.SearchStrategy[Question | GridQuestion] = choice_questions() | grid_questions() | number_questions() | OPEN_QUESTIONS


def numbered(parts: list[Part]) -> tuple[Part, ...]:
    made: list[Part] = []
    count = 0
    for part in parts:
        count += not isinstance(part, TextPart)
        made.append(part if isinstance(part, TextPart) else replace(part, number=str(count)))
    return tuple(made)


@st.composite
def assignments(draw: st.DrawFn) -> Assignment:
    texts = draw(st.lists(st.builds(TextPart, WORDS), max_size=2))
    questions = draw(st.lists(QUESTIONS, min_size=1, max_size=5))
    lessons = st.builds(
        Lesson, st.just("") | WORDS, st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.just("") | st.times().map(clock)
    )
    return Assignment(
        code=draw(CODES),
        subject=draw(st.sampled_from(sorted(SUBJECTS))),
        grade=draw(st.integers(1, 12)),
        language=draw(st.sampled_from(CONTENT_LANGUAGES)),
        title=draw(WORDS),
        kind=draw(st.sampled_from(KINDS)),
        week=f"2026-W{draw(st.integers(1, 53)):02d}",
        lesson=draw(st.none() | lessons.filter(lambda lesson: lesson != Lesson())),
        parts=numbered(draw(st.permutations([*texts, *questions]))),
        schools=tuple(draw(st.lists(CODES, max_size=2, unique=True))),
        pupils=tuple(draw(st.lists(CODES, max_size=2, unique=True))),
    )


def clock(moment: time) -> str:
    return f"{moment:%H:%M}"


@given(assignments())
def test_an_assignment_survives_being_stored_as_json(assignment: Assignment) -> None:
    stored = json.loads(json.dumps(assignment.as_json()))
    again = Assignment.from_json(stored)
    assert again == assignment
    assert (again.printed_digest, again.key_digest) == (assignment.printed_digest, assignment.key_digest)


@settings(max_examples=40)
@given(assignments())
def test_what_is_stored_is_itself_an_assignment_file(assignment: Assignment) -> None:
    reading = read_assignment(json.dumps(assignment.as_json(), ensure_ascii=False).encode())
    assert reading.complaints == ()
    assert reading.assignment == assignment


def sample() -> Assignment:
    questions: list[Part] = [
        TextPart("Оқы"),
        ChoiceQuestion("1", "Бір", ("а", "б", "в"), ("A",), False, False, Decimal(1)),
        ChoiceQuestion("2", "Екі", ("а", "б", "в"), ("A", "B"), True, False, Decimal(2)),
        NumberQuestion("3", "Үш", "84", 3, Decimal(2)),
        OpenQuestion("4", "Төрт", 5, Decimal(3)),
    ]
    return Assignment("m", "math", 5, "kk", "Т", "unit", "2026-W41", None, tuple(questions))


def altered(place: int, **fields: object) -> Assignment:
    parts = list(sample().parts)
    parts[place] = replace(parts[place], **fields)  # type: ignore[arg-type]
    return replace(sample(), parts=tuple(parts))


PRINTED = {
    "a word": altered(1, text="Біреу"),
    "a choice": altered(1, choices=("а", "б", "г")),
    "the order of choices": altered(1, choices=("б", "а", "в")),
    "that several may be marked": altered(1, several=True),
    "digits": altered(3, digits=4),
    "decimals": altered(3, decimals=1),
    "a minus": altered(3, minus=True),
    "ruled lines": altered(4, lines=6),
    "a line with its strip": altered(4, lines=1, short=True, rubric="а"),
    "a frame": altered(4, lines=0, frame=40),
    "squared paper": altered(4, lines=0, frame=40, squares=True),
    "score bubbles": altered(4, points=Decimal(4)),
    "reading matter": altered(0, markdown="Оқыма"),
    "the title": replace(sample(), title="Тт"),
    "the week": replace(sample(), week="2026-W42"),
    "the lesson": replace(sample(), lesson=Lesson("Балапан")),
    "the order of questions": replace(
        sample(), parts=numbered([*sample().parts[:1], *sample().parts[2:4], sample().parts[1], sample().parts[4]])
    ),
    "one question fewer": replace(sample(), parts=sample().parts[:-1]),
}
KEYED = {
    "the right choice": altered(1, answer=("B",)),
    "one of several": altered(2, answer=("A", "C")),
    "the right number": altered(3, answer="48"),
    "points of a choice": altered(1, points=Decimal(2)),
    "points of a number": altered(3, points=Decimal("0.5")),
    "partial points": altered(2, partial=True),
}


@pytest.mark.parametrize("change", PRINTED)
def test_whatever_a_pupil_sees_changes_the_printed_digest_and_is_refused_once_printed(change: str) -> None:
    after = PRINTED[change]
    assert after.printed_digest != sample().printed_digest
    assert compare(sample(), after, printed=True) is Kept.ALREADY_PRINTED
    assert compare(sample(), after, printed=False) is Kept.REPLACED


@pytest.mark.parametrize("change", KEYED)
def test_a_corrected_key_leaves_what_is_printed_and_is_taken_at_any_time(change: str) -> None:
    after = KEYED[change]
    assert after.printed_digest == sample().printed_digest
    assert after.key_digest != sample().key_digest
    assert compare(sample(), after, printed=True) is Kept.KEY_CHANGED


def test_points_written_otherwise_are_the_same_points() -> None:
    assert altered(1, points=Decimal("1.00")).key_digest == sample().key_digest
    assert compare(sample(), altered(1, points=Decimal("1.00")), printed=True) is Kept.UNCHANGED


def test_other_recipients_change_neither_print_nor_key() -> None:
    narrowed = replace(sample(), schools=("S1",), pupils=("P1",))
    assert (narrowed.printed_digest, narrowed.key_digest) == (sample().printed_digest, sample().key_digest)
    assert compare(sample(), narrowed, printed=True) is Kept.REPLACED


def test_the_changed_questions_are_named_by_their_numbers() -> None:
    assert changed_items(sample(), altered(3, answer="48")) == ["3"]
    assert changed_items(sample(), PRINTED["one question fewer"]) == ["4"]


def test_questions_out_of_number_are_refused() -> None:
    with pytest.raises(ValueError, match="numbered"):
        replace(sample(), parts=sample().parts[2:])


def test_full_points_are_the_sum_of_all_questions() -> None:
    assert sample().max_points == Decimal(8)


def test_what_earns_how_many_points_is_never_printed_and_may_be_written_at_any_time() -> None:
    after = altered(4, rubric="- 1: дұрыс жауап\n- 2: түсіндірме")
    assert after.printed_digest == sample().printed_digest
    assert compare(sample(), after, printed=True) is Kept.REPLACED
    assert Assignment.from_json(after.as_json()) == after


def test_each_row_of_a_grid_is_answered_and_earns_by_itself() -> None:
    grid = GridQuestion("2", "Сәйкестендір", ("Іле", "Жайық"), ("Балқаш", "Каспий"), ("A", "B"), Decimal("0.5"))
    work = replace(sample(), parts=(sample().parts[1], grid))
    assert [question.number for question in work.questions] == ["1", "2a", "2b"]
    assert [question.answer for question in work.questions if isinstance(question, ChoiceQuestion)] == [("A",), ("A",), ("B",)]
    assert work.max_points == Decimal(2)
    assert work.with_points(["1", "2", "2"]).max_points == Decimal(5)
    corrected = replace(work, parts=(work.parts[0], replace(grid, answer=("B", "B"))))
    assert compare(work, corrected, printed=True) is Kept.KEY_CHANGED
    assert changed_items(work, corrected) == ["2a"]
    assert compare(work, replace(work, parts=(work.parts[0], replace(grid, rows=("Іле", "Талас")))), printed=True) is Kept.ALREADY_PRINTED
