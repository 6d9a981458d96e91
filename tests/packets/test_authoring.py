"""A museum of damaged assignment files, each with the complaints that a teacher must see; and the files that must be taken as they are."""

import hashlib
import json
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packets.assignment import Assignment, ChoiceQuestion, GridQuestion, Lesson, NumberQuestion, OpenQuestion
from packets.authoring import assignment_files, read_assignment, read_file
from packets.document import MAX_BYTES
from packets.lesson_list import read_lessons
from packets.samples import sample_files, write_samples, write_timetable
from packets.samples.kinds import KINDS_FOLDER
from packets.subjects import SUBJECTS, subject_name
from packets.worksheet import draw_assignment
from records.errors import NotFound, UsageRefused
from records.language import set_language

MUSEUM = sorted((Path(__file__).parent / "museum").glob("*.yaml"))
EXPECTED = b"# expect: "
WHOLE = """assignment: math-5-kk-w41        # its code
subject: math
grade: 5
language: kk
title: Жай бөлшектер
kind: formative
week: 2026-W41
lesson: {channel: Балапан, date: 2026-10-06, time: 9:20}
schools: [S1, S2]
parts:
  - text: |
      **Оқы**, сосын:

      1. ойлан;
      2. жауап бер.
  - question: "1/2 + 1/4 = ?"
    choices: [3/4, no, 0.5, 08]
    answer: a
    points: 1
  - question: Жұп сандар
    choices: ["2", "3", "4"]
    answer: [C, A]
    partial: true
    points: 1.50
  - question: "7 × 12 = ?"
    number: 084
    digits: 3
    points: 2
  - question: Түсіндір
    lines: 5
    points: 3
"""


@cache
def samples() -> dict[str, Assignment]:
    """The sample assignments by code."""
    return {found.code: found for found in (read_file(file).assignment for file in sample_files()) if found}


def expected(content: bytes) -> list[list[str]]:
    """The rows of a museum piece's label: row, field, code, words of the sentence or its hint; «-» where there is none."""
    return [line.removeprefix(EXPECTED).decode().split(" | ", 3) for line in content.split(b"\n") if line.startswith(EXPECTED)]


@pytest.mark.parametrize("piece", MUSEUM, ids=lambda piece: piece.stem)
def test_a_damaged_file_is_told_by_line_field_and_sentence_and_nothing_else_is_said(piece: Path) -> None:
    content = piece.read_bytes()
    reading = read_assignment(content, piece.name)
    wanted = expected(content)
    told = [[str(each.row or "-"), each.column or "-", each.code] for each in reading.complaints]
    assert wanted
    assert reading.assignment is None
    assert told == [row[:3] for row in wanted]
    for complaint, row in zip(reading.complaints, wanted, strict=True):
        assert row[3] in f"{complaint.text} {complaint.hint}"
        assert complaint.file == piece.name


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_complaint_of_the_museum_is_said_in_the_languages_of_the_country(language: str) -> None:
    english = {piece: [each.text for each in read_assignment(piece.read_bytes()).complaints] for piece in MUSEUM}
    set_language(language)
    for piece, texts in english.items():
        translated = [each.text for each in read_assignment(piece.read_bytes()).complaints]
        assert len(translated) == len(texts)
        assert all(one != other for one, other in zip(texts, translated, strict=True)), piece.name


def test_all_complaints_of_a_file_are_told_at_once_in_the_order_of_lines() -> None:
    damaged = (
        WHOLE.replace("grade: 5", "grade: 15")
        .replace("answer: a", "answer: E")
        .replace("digits: 3", "digits: 1")
        .replace("lines: 5", "lines: 0")
    )
    rows = [each.row for each in read_assignment(damaged.encode()).complaints]
    assert rows == [3, 18, 27, 30]


def test_a_whole_file_is_taken_as_the_teacher_wrote_it() -> None:
    assignment = read_assignment(WHOLE.encode()).assignment
    assert assignment is not None
    assert (assignment.code, assignment.grade, assignment.week, assignment.schools) == ("math-5-kk-w41", 5, "2026-W41", ("S1", "S2"))
    assert assignment.lesson == Lesson("Балапан", assignment.lesson.date if assignment.lesson else None, "09:20")
    assert assignment.lesson is not None
    assert str(assignment.lesson.date) == "2026-10-06"
    one, several, number, written = assignment.questions
    assert one == ChoiceQuestion("1", "1/2 + 1/4 = ?", ("3/4", "no", "0.5", "08"), ("A",), False, False, Decimal(1))
    assert several == ChoiceQuestion("2", "Жұп сандар", ("2", "3", "4"), ("A", "C"), True, True, Decimal("1.5"))
    assert number == NumberQuestion("3", "7 × 12 = ?", "84", 3, Decimal(2))
    assert written == OpenQuestion("4", "Түсіндір", 5, Decimal(3))


def test_a_list_of_one_right_letter_still_means_that_several_may_be_marked() -> None:
    assignment = read_assignment(WHOLE.replace("answer: a", "answer: [A]").encode()).assignment
    assert assignment is not None
    question = assignment.questions[0]
    assert isinstance(question, ChoiceQuestion)
    assert (question.several, question.answer) == (True, ("A",))


@pytest.mark.parametrize(
    "write", [json.dumps, lambda body: json.dumps(body, ensure_ascii=False, indent="\t")], ids=["escaped", "indented by tabs"]
)
def test_json_is_taken_like_yaml(write: object) -> None:
    assignment = read_assignment(WHOLE.encode()).assignment
    assert assignment is not None
    assert callable(write)
    assert read_assignment(write(assignment.as_json()).encode()).assignment == assignment


@pytest.mark.parametrize(
    "change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")], ids=["byte order mark", "windows lines"]
)
def test_what_windows_editors_add_changes_nothing(change: object) -> None:
    assert callable(change)
    assert read_assignment(change(WHOLE).encode()).assignment == read_assignment(WHOLE.encode()).assignment


def test_letters_composed_of_two_characters_are_one_letter() -> None:
    plain = WHOLE.replace("Түсіндір", "Қай ой?")
    assert read_assignment(plain.replace("й", "и\u0306").encode()).assignment == read_assignment(plain.encode()).assignment


@pytest.mark.parametrize("content", [b"", b"\n\n", b"x" * (MAX_BYTES + 1)], ids=["empty", "blank", "huge"])
def test_an_empty_or_huge_file_is_one_complaint(content: bytes) -> None:
    reading = read_assignment(content, "file.yaml")
    assert reading.assignment is None
    assert len(reading.complaints) == 1


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_raise_and_what_it_refuses_it_explains(content: bytes) -> None:
    reading = read_assignment(content)
    assert (reading.assignment is None) == bool(reading.complaints)


@given(st.integers(0, len(WHOLE) - 1), st.text(alphabet="\t\n\"'[]{}:#&*!|>%@`,-? \\абA1", max_size=3))
def test_no_slip_of_the_pen_makes_the_reader_raise(place: int, slip: str) -> None:
    reading = read_assignment((WHOLE[:place] + slip + WHOLE[place + 1 :]).encode())
    assert (reading.assignment is None) == bool(reading.complaints)
    assert all(each.text and each.code for each in reading.complaints)


KINDS_TEXT = (KINDS_FOLDER / "kinds-5-kk.yaml").read_text(encoding="utf-8")


@settings(max_examples=120, deadline=None)
@given(st.integers(0, len(KINDS_TEXT) - 1), st.text(alphabet="\t\n\"'[]{}:#&*!|>%@`,-? \\абA1$_^()", max_size=3))
def test_no_slip_of_the_pen_in_any_kind_of_question_makes_the_reader_raise(place: int, slip: str) -> None:
    reading = read_assignment((KINDS_TEXT[:place] + slip + KINDS_TEXT[place + 1 :]).encode(), folder=KINDS_FOLDER)
    assert (reading.assignment is None) == any(each.refused for each in reading.complaints)
    assert all(each.text and each.code for each in reading.complaints)


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_file(tmp_path / "nothing.yaml")


def test_a_folder_means_its_assignment_files_and_names_what_is_left_alone(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.YML", "sub/c.json", "notes.txt", ".hidden.yaml", ".git/x.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    files, left = assignment_files([tmp_path, tmp_path / "b.yaml"])
    assert [file.name for file in files] == ["a.YML", "b.yaml", "c.json"]
    assert [file.name for file in left] == ["notes.txt"]


@pytest.mark.parametrize("file", sample_files(), ids=lambda file: file.stem)
def test_every_sample_is_correct(file: Path) -> None:
    assert file.stem in samples(), read_file(file).complaints
    assert 5 <= len(samples()[file.stem].questions) <= 8


def test_the_samples_leave_no_grade_without_work_in_either_language_and_spread_their_keys() -> None:
    assignments = samples().values()
    work = {(one.grade, one.language, one.week) for one in assignments}
    assert work == {(grade, language, week) for grade in range(1, 10) for language in ("kk", "ru") for week in ("2026-W41", "2026-W42")}
    questions = [question for one in assignments for question in one.questions]
    keys = [question.answer[0] for question in questions if isinstance(question, ChoiceQuestion) and not question.several]
    assert all(keys.count(letter) > len(keys) / 8 for letter in "ABCD")
    assert {type(question) for question in questions} == {ChoiceQuestion, NumberQuestion, OpenQuestion}


def test_samples_in_both_languages_ask_the_same_with_the_same_key() -> None:
    keys = {code: assignment.key_digest for code, assignment in samples().items()}
    pairs = [(code, code.replace("-kk-", "-ru-")) for code in keys if "-kk-" in code and code.replace("-kk-", "-ru-") in keys]
    assert len(pairs) == 23
    assert all(keys[kazakh] == keys[russian] for kazakh, russian in pairs)


def test_samples_move_to_other_weeks_with_their_codes_and_lessons(tmp_path: Path) -> None:
    files = write_samples(tmp_path, ("2027-W05", "2027-W06"))
    moved = [reading.assignment for reading in map(read_file, files) if reading.assignment]
    assert len(moved) == len(sample_files())
    assert {one.week for one in moved} == {"2027-W05", "2027-W06"}
    assert all(one.code == file.stem and one.code.endswith(one.week[-2:]) for one, file in zip(moved, files, strict=True))
    assert all(one.lesson and one.lesson.date and f"{one.lesson.date:%G-W%V}" == one.week for one in moved)
    with pytest.raises(UsageRefused):
        write_samples(tmp_path, ("2027-W05", "2027-W60"))


def test_samples_of_mathematics_in_the_second_week_come_in_variants_where_somebody_wants_that(tmp_path: Path) -> None:
    plain = {file.name: file.read_text(encoding="utf-8") for file in write_samples(tmp_path / "plain", ("2026-W41", "2026-W44"))}
    varied = [
        reading
        for reading in map(read_file, write_samples(tmp_path / "varied", ("2026-W41", "2026-W44"), variants=3))
        if reading.assignment
    ]
    assert len(varied) == len(plain)
    found = {one.code: one.variants for one in (reading.assignment for reading in varied) if one and one.variants > 1}
    assert set(found.values()) == {3}
    assert set(found) == {Path(name).stem for name in plain if name.startswith(("math", "geometry")) and "-w44" in name}
    assert not any(reading.complaints for reading in varied)


def test_the_sample_timetable_is_taken_as_it_stands_and_moves_to_other_weeks(tmp_path: Path) -> None:
    found = read_lessons(write_timetable(tmp_path, ("2026-W41", "2026-W44")))
    assert (found.refused, found.complaints, found.dropped) == (0, [], [])
    assert {lesson.week for lesson in found.lessons} == {"2026-W41", "2026-W44"}
    classes = {(grade, language) for grade in range(1, 10) for language in ("kk", "ru")}
    for week in ("2026-W41", "2026-W44"):
        assert {(lesson.grade, lesson.language) for lesson in found.lessons if lesson.week == week and lesson.medium == "tv"} == classes


def test_every_subject_has_a_name_in_each_language_and_others_fall_back_to_kazakh() -> None:
    assert len(SUBJECTS) >= 24
    for code, names in SUBJECTS.items():
        assert all(names), code
    assert [subject_name("kazakh_lit", language) for language in ("kk", "ru", "en", "uz")] == [
        "Қазақ әдебиеті", "Казахская литература", "Kazakh literature", "Қазақ әдебиеті",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("rubric: 3 — толық, **2** — бір қате", "3 — толық, **2** — бір қате"),
        ("rubric:\n      - 1 балл - жауап\n      - 2 балл - дәлел", "- 1 балл - жауап\n- 2 балл - дәлел"),
    ],
)
def test_what_earns_points_is_words_or_a_list(written: str, kept: str) -> None:
    reading = read_assignment(WHOLE.replace("lines: 5\n", f"lines: 5\n    {written}\n").encode())
    assert reading.complaints == ()
    assert reading.assignment is not None
    question = reading.assignment.questions[3]
    assert isinstance(question, OpenQuestion)
    assert question.rubric == kept


@pytest.mark.parametrize("written", ["rubric:", "rubric: '# Баға'", "rubric: [[a]]", "rubric: {a: b}"])
def test_what_cannot_stand_as_a_rubric_is_told_with_its_field(written: str) -> None:
    reading = read_assignment(WHOLE.replace("lines: 5\n", f"lines: 5\n    {written}\n").encode())
    assert ["parts[5].rubric" in (complaint.column or "") for complaint in reading.complaints] == [True]


def test_a_rubric_belongs_to_written_answers_only() -> None:
    reading = read_assignment(WHOLE.replace("digits: 3\n", "digits: 3\n    rubric: сөз\n").encode())
    assert reading.assignment is None


def question_of(written: str, language: str = "kk") -> object:
    """The question that stands in the place of the written one of WHOLE."""
    body = WHOLE.replace("    lines: 5\n    points: 3\n", f"    {written}\n").replace("language: kk", f"language: {language}")
    reading = read_assignment(body.encode())
    assert reading.complaints == ()
    assert reading.assignment is not None
    return reading.assignment.parts[-1]


@pytest.mark.parametrize(
    ("language", "words"), [("kk", ("Дұрыс", "Бұрыс")), ("ru", ("Верно", "Неверно")), ("en", ("True", "False")), ("uz", ("Дұрыс", "Бұрыс"))]
)
def test_true_or_false_is_a_choice_between_two_words_of_the_assignments_language(language: str, words: tuple[str, str]) -> None:
    for said, letter in (("true", "A"), ("false", "B")):
        found = question_of(f"true_false: {said}\n    points: 1", language)
        assert found == ChoiceQuestion("4", "Түсіндір", words, (letter,), False, False, Decimal(1))


@pytest.mark.parametrize("answer", ["[B, a]", "{a: B, b: A}", "{b: a, a: B}"])
def test_a_grid_takes_its_key_as_a_list_or_row_by_row(answer: str) -> None:
    found = question_of(f"rows: [Іле, Жайық]\n    columns: [Каспий, Балқаш]\n    answer: {answer}\n    points: 0.5")
    assert found == GridQuestion("4", "Түсіндір", ("Іле", "Жайық"), ("Каспий", "Балқаш"), ("B", "A"), Decimal("0.5"))


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("short: Астана\n    points: 1", OpenQuestion("4", "Түсіндір", 1, Decimal(1), "Астана", short=True)),
        ("short: [Астана, Ақмола]\n    points: 2", OpenQuestion("4", "Түсіндір", 1, Decimal(2), "- Астана\n- Ақмола", short=True)),
        ("frame: 60\n    points: 3", OpenQuestion("4", "Түсіндір", 0, Decimal(3), frame=60)),
        (
            "frame: 60\n    squares: true\n    rubric: дәл\n    points: 3",
            OpenQuestion("4", "Түсіндір", 0, Decimal(3), "дәл", frame=60, squares=True),
        ),
    ],
)
def test_a_written_answer_has_lines_one_short_line_or_a_frame(written: str, found: OpenQuestion) -> None:
    assert question_of(written) == found


@pytest.mark.parametrize(
    ("written", "columns"),
    [
        ('number: "-3,5"\n    digits: 2\n    points: 1', ("-3.5", 2, 1, True)),
        ("number: 3.50\n    digits: 1\n    decimals: 2\n    points: 1", ("3.5", 1, 2, False)),
        ("number: 7\n    digits: 2\n    minus: true\n    points: 1", ("7", 2, 0, True)),
        ("number: −12\n    digits: 2\n    points: 1", ("-12", 2, 0, True)),
    ],
)
def test_a_number_has_a_minus_and_a_comma_where_the_answer_or_the_teacher_asks_for_them(
    written: str, columns: tuple[str, int, int, bool]
) -> None:
    found = question_of(written)
    assert isinstance(found, NumberQuestion)
    assert (found.answer, found.digits, found.decimals, found.minus) == columns


SAMPLES_PINNED = {
    "normal": "da349d0eb4121216a843cadf2aa45b9ecab8df12a69cc69c434371275eba1a8e",
    "large": "d60afadfb25c00cf468fb268be2e12468fb788baf4402ae32f3be08c864a5bab",
}


@pytest.mark.parametrize("size", ["normal", "large"])
def test_assignments_that_are_out_keep_their_digests_and_their_pages(size: str) -> None:
    """Words, key and layout (with the digest of everything drawn) of every sample in either print: sheets in the post are read by them."""
    lines = []
    for file in sample_files():
        found = samples()[file.stem]
        lines.append(f"{found.code} {found.printed_digest} {found.key_digest}")
        lines += [layout.digest for layout in draw_assignment(found, size).layouts]
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == SAMPLES_PINNED[size]
