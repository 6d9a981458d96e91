"""The workbook that a teacher fills in: what is written comes back, whatever is wrong is told by sheet, row and column."""

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from packets import template, xlsx_cells
from packets.assignment import Assignment, ChoiceQuestion, GridQuestion, Lesson, NumberQuestion, OpenQuestion, Part, TextPart
from packets.authoring import Reading, read_assignment
from packets.doors import assignment_files
from packets.subjects import SUBJECTS
from packets.template import empty_workbook, filled_workbook
from packets.template_words import COLUMNS, HEAD
from packets.xlsx_door import read_workbook
from records.exchange import Limits

BODY: dict[str, Any] = {
    "assignment": "math-5-kk-w41", "subject": "math", "grade": 5, "language": "kk", "title": "Бөлшектер", "kind": "formative", "week": "2026-W41",
    "lesson": {"channel": "Балапан", "date": "2026-10-06", "time": "10:20"}, "schools": ["S1", "S2"],
    "parts": [
        {"text": "**Оқы:**\n\n- бір\n- екі"},
        {"question": "1/2 + 1/4 = ?", "choices": ["3/4", "1/6", "=2/6", "084"], "answer": "A", "points": "1"},
        {"question": "Жұп сандар", "choices": ["2", "3", "4"], "answer": ["A", "C"], "partial": True, "points": "1.5"},
        {"question": "Сәйкестендір", "rows": ["шаршы", "дөңгелек"], "columns": ["0", "4"], "answer": ["B", "A"], "points": "1"},
        {"question": "-7 × 12 = ?", "number": "84", "digits": 3, "points": "2"},
        {"question": "Түсіндір\nжаз", "lines": 5, "points": "3", "rubric": "- 1 балл: жауап"},
        {"question": "Неше градус?", "number": "-3.5", "digits": 2, "decimals": 1, "minus": True, "points": "1"},
        {"question": "Астана?", "short": "Астана", "points": "1"},
        {"question": "Сыз", "frame": 40, "squares": True, "points": "2", "rubric": "шаршы"},
    ],
}  # fmt: skip
WHOLE = Assignment.from_json(BODY)
HEAD_ROW = {field.name: row for row, field in enumerate(HEAD, start=template.HEAD_TOP)}
COLUMN = {column.name: place for place, column in enumerate(COLUMNS, start=1)}
FIRST = 2  # the row of the first part


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "ROWS", 12)


@cache
def whole(language: str = "en") -> bytes:
    return filled_workbook(WHOLE, language)


def edited(folder: Path, change: Callable[[Any], None], content: bytes | None = None) -> Path:
    """The whole workbook, changed as a person would change it and saved by another program."""
    book = load_workbook(io.BytesIO(content or whole()))
    change(book)
    file = folder / "a.xlsx"
    book.save(file)
    return file


def read(folder: Path, head: Mapping[str, object] | None = None, lines: Mapping[tuple[int, str], object] | None = None) -> Reading:
    """The whole assignment with some cells of its head, by field, and of its lines, by part and column, written over."""

    def change(book: Any) -> None:
        for name, value in (head or {}).items():
            book.worksheets[0].cell(HEAD_ROW[name], 2).value = value
        for (row, name), value in (lines or {}).items():
            book.worksheets[1].cell(row, COLUMN[name]).value = value

    return read_workbook(edited(folder, change))


def told(reading: Reading) -> list[tuple[str, int | None, str, str]]:
    return [(each.sheet, each.row, each.column, each.code) for each in reading.complaints]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_assignment_written_into_a_workbook_comes_back_as_it_was(tmp_path: Path, language: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(whole(language))
    reading = read_workbook(tmp_path / "a.xlsx")
    assert (reading.assignment, reading.complaints) == (WHOLE, ())


def test_another_program_that_saves_it_changes_nothing(tmp_path: Path) -> None:
    assert read(tmp_path).assignment == WHOLE


WORDS = st.text(alphabet="абвӘғҚ123 =+-'@/,.?()", min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool)
POINTS = st.integers(1, 40).map(lambda quarters: Decimal(quarters) / 4)
LISTS = st.lists(WORDS, min_size=2, max_size=8, unique=True)


@st.composite
def parts(draw: st.DrawFn) -> dict[str, Any]:  # noqa: PLR0911 - one for each kind
    """A part in the fields of an assignment file, as a teacher may write it."""
    kind = draw(st.sampled_from(["text", "one", "several", "grid", "number", "short", "frame", "open"]))
    words, points = draw(WORDS), format(draw(POINTS).normalize(), "f")
    if kind == "text":
        return {"text": f"{words}\n\n{draw(WORDS)}"}
    if kind in ("one", "several"):
        choices = draw(LISTS)
        letters = sorted(draw(st.sets(st.sampled_from("ABCDEFGH"[: len(choices)]), min_size=1)))
        several = {"answer": letters, "partial": draw(st.booleans())} if kind == "several" else {"answer": letters[0]}
        return {"question": words, "choices": choices, "points": points, **several}
    if kind == "grid":
        columns, rows = draw(LISTS), draw(LISTS)
        answer = draw(st.lists(st.sampled_from("ABCDEFGH"[: len(columns)]), min_size=len(rows), max_size=len(rows)))
        return {"question": words, "columns": columns, "rows": rows, "answer": answer, "points": points, "partial": draw(st.booleans())}
    if kind == "short":
        return {"question": words, "short": draw(WORDS), "points": str(draw(st.integers(1, 9)))}
    if kind == "frame":
        return {"question": words, "frame": draw(st.integers(20, 60)), "squares": draw(st.booleans()), "points": "2", "rubric": draw(WORDS)}
    if kind == "number":
        return {"question": words, "number": str(draw(st.integers(0, 9999))), "digits": draw(st.integers(4, 6)), "points": points}
    return {"question": words, "lines": draw(st.integers(1, 9)), "points": str(draw(st.integers(1, 20))), "rubric": draw(WORDS)}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.lists(parts(), min_size=1, max_size=6), subject=st.sampled_from(sorted(SUBJECTS)), language=st.sampled_from(["kk", "ru", "en"])
)
def test_by_the_workbook_comes_the_same_as_by_the_text_file(
    tmp_path: Path, body: list[dict[str, Any]], subject: str, language: str
) -> None:
    import json

    by_text = read_assignment(json.dumps(BODY | {"subject": subject, "parts": body}).encode()).assignment
    if by_text is None:
        return  # Markdown that cannot be printed, or nothing to answer
    (tmp_path / "a.xlsx").write_bytes(filled_workbook(by_text, language))
    reading = read_workbook(tmp_path / "a.xlsx")
    assert (reading.assignment, reading.complaints) == (by_text, ())


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_empty_workbook_asks_for_everything_it_needs_and_for_nothing_else(tmp_path: Path, language: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(empty_workbook(language))
    reading = read_workbook(tmp_path / "a.xlsx")
    assert [(row, code) for _sheet, row, _column, code in told(reading)] == [
        *((HEAD_ROW[field.name], "missing_field") for field in HEAD if field.required),
        (1, "no_question"),
    ]


def test_the_example_in_the_workbook_is_a_right_one(tmp_path: Path) -> None:
    def keep_the_example(book: Any) -> None:
        book.remove(book.worksheets[1])
        book.worksheets[1].title = "Questions"

    assignment = read_workbook(edited(tmp_path, keep_the_example)).assignment
    assert assignment is not None
    assert {type(part) for part in assignment.parts} == {TextPart, ChoiceQuestion, GridQuestion, NumberQuestion, OpenQuestion}


def test_the_same_words_make_the_same_bytes_and_no_moment_is_kept() -> None:
    assert filled_workbook(WHOLE, "kk") == filled_workbook(WHOLE, "kk")
    with zipfile.ZipFile(io.BytesIO(whole())) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert f"{date.today().year}-{date.today().month:02}".encode() not in archive.read("docProps/core.xml")


def test_no_cell_is_a_formula_and_cells_for_words_are_text() -> None:
    book = load_workbook(io.BytesIO(whole()))
    sheet = book.worksheets[1]
    assert sheet.cell(FIRST + 1, COLUMN["C"]).value == "=2/6"
    assert all(cell.data_type != "f" for each in book.worksheets for row in each.iter_rows() for cell in row)
    assert {sheet.cell(FIRST + 11, COLUMN[name]).number_format for name in ("question", "A", "H", "answer", "rubric")} == {"@"}


def test_columns_may_stand_in_any_order_and_under_words_of_another_language(tmp_path: Path) -> None:
    def turn(book: Any) -> None:
        sheet = book.worksheets[1]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        other = [
            "Сұрақ түрі",
            "ВОПРОС ИЛИ ТЕКСТ",
            *"АВСDЕFGН",
            "Дурыс жауап",
            "points",
            "Цифр",
            "decimals",
            "minus",
            "Жол саны",
            "frame",
            "squares",
            "Частичные баллы",
            "shuffle",
            "rubric",
        ]
        for number, row in enumerate([other, *rows[1:]], start=1):
            for place, value in enumerate(reversed(row), start=1):
                cell = sheet.cell(number, place)
                cell.value = value
                cell.data_type = "s" if value == "=2/6" else cell.data_type

    assert read_workbook(edited(tmp_path, turn)).assignment == WHOLE


FORGIVEN: list[tuple[dict[str, object], dict[tuple[int, str], object]]] = [
    ({"grade": 5.0, "language": "қазақша", "kind": "БЖБ", "subject": "МАТЕМАТИКА"}, {}),
    ({"date": date(2026, 10, 6), "time": datetime(2026, 1, 1, 10, 20).time()}, {}),
    ({"assignment": " math-5-kk-w41\u00a0", "schools": "S1;S2"}, {}),
    ({}, {(FIRST + 1, "answer"): " a ", (FIRST + 1, "points"): "1,0", (FIRST + 2, "points"): "1,50"}),
    ({}, {(FIRST + 2, "answer"): "ac", (FIRST + 2, "partial"): "ИӘ", (FIRST + 2, "kind"): "Несколько  ответов"}),
    ({}, {(FIRST + 6, "answer"): 84, (FIRST + 6, "digits"): "3", (FIRST + 7, "lines"): 5.0}),
]


@pytest.mark.parametrize(("head", "lines"), FORGIVEN, ids=range(len(FORGIVEN)))
def test_what_can_mean_one_thing_only_is_taken(tmp_path: Path, head: dict[str, object], lines: dict[tuple[int, str], object]) -> None:
    reading = read(tmp_path, head, lines)
    assert [each for each in reading.complaints if each.refused] == []
    assert reading.assignment is not None
    assert reading.assignment.parts == WHOLE.parts
    assert (reading.assignment.code, reading.assignment.subject, reading.assignment.lesson) == (WHOLE.code, "math", WHOLE.lesson)


def test_cyrillic_look_alikes_in_a_code_are_mended_and_told(tmp_path: Path) -> None:
    reading = read(tmp_path, {"assignment": "mаth-5-кк-w41"})
    assert reading.assignment is not None
    assert reading.assignment.code == "math-5-kk-w41"
    assert told(reading) == [("Assignment", HEAD_ROW["assignment"], "Code", "mended")]


REFUSED: list[tuple[dict[str, object], dict[tuple[int, str], object], tuple[str, int, str, str]]] = [
    ({"subject": "Алхимия"}, {}, ("Assignment", HEAD_ROW["subject"], "School subject", "unknown_subject")),
    ({"grade": 13}, {}, ("Assignment", HEAD_ROW["grade"], "Grade", "out_of_range")),
    ({"language": "fr"}, {}, ("Assignment", HEAD_ROW["language"], "Language", "unknown_value")),
    ({"week": "2026-W60"}, {}, ("Assignment", HEAD_ROW["week"], "Study week", "wrong_week")),
    ({"title": None}, {}, ("Assignment", HEAD_ROW["title"], "Title", "missing_field")),
    ({"date": "6 қазан"}, {}, ("Assignment", HEAD_ROW["date"], "Lesson: date", "wrong_date")),
    ({"title": "=A1"}, {}, ("Assignment", HEAD_ROW["title"], "Title", "formula")),
    ({}, {(FIRST + 1, "kind"): None}, ("Questions", FIRST + 1, "Kind of question", "no_kind")),
    ({}, {(FIRST + 1, "kind"): "кроссворд"}, ("Questions", FIRST + 1, "Kind of question", "unknown_kind")),
    ({}, {(FIRST + 1, "answer"): "E"}, ("Questions", FIRST + 1, "Right answer", "key_without_choice")),
    ({}, {(FIRST + 1, "answer"): "В"}, ("Questions", FIRST + 1, "Right answer", "cyrillic_letter")),
    ({}, {(FIRST + 1, "answer"): "A, C"}, ("Questions", FIRST + 1, "Right answer", "wrong_type")),
    ({}, {(FIRST + 1, "answer"): None}, ("Questions", FIRST + 1, "Right answer", "empty_field")),
    ({}, {(FIRST + 1, "points"): None}, ("Questions", FIRST + 1, "Points", "missing_field")),
    ({}, {(FIRST + 1, "points"): "көп"}, ("Questions", FIRST + 1, "Points", "wrong_type")),
    ({}, {(FIRST + 1, "question"): None}, ("Questions", FIRST + 1, "Question or text", "empty_field")),
    ({}, {(FIRST + 1, "question"): "<b>Сұрақ</b>"}, ("Questions", FIRST + 1, "Question or text", "unsupported")),
    ({}, {(FIRST + 1, "B"): date(2026, 4, 3)}, ("Questions", FIRST + 1, "B", "date")),
    ({}, {(FIRST + 1, "B"): "=1/6"}, ("Questions", FIRST + 1, "B", "formula")),
    ({}, {(FIRST + 1, "B"): "#REF!"}, ("Questions", FIRST + 1, "B", "cell_error")),
    ({}, {(FIRST + 1, "B"): None}, ("Questions", FIRST + 1, "B", "gap")),
    ({}, {(FIRST + 1, "B"): "3/4"}, ("Questions", FIRST + 1, "B", "doubled_choice")),
    ({}, {(FIRST + 1, "C"): "⚀"}, ("Questions", FIRST + 1, "C", "missing_letter")),
    ({}, {(FIRST + 1, "digits"): 3}, ("Questions", FIRST + 1, "Digits", "two_kinds")),
    ({}, {(FIRST + 2, "partial"): "мүмкін"}, ("Questions", FIRST + 2, "Partial points", "wrong_type")),
    ({}, {(FIRST + 3, "kind"): "text"}, ("Questions", FIRST + 3, "A", "two_kinds")),
    ({}, {(FIRST + 4, "answer"): None}, ("Questions", FIRST + 4, "Right answer", "empty_field")),
    ({}, {(FIRST + 5, "answer"): "C"}, ("Questions", FIRST + 5, "Right answer", "key_without_choice")),
    ({}, {(FIRST + 6, "kind"): "row of matching", (FIRST + 6, "digits"): None, (FIRST + 6, "points"): None},
     ("Questions", FIRST + 6, "Right answer", "key_without_choice")),
    ({}, {(FIRST + 6, "answer"): "көп"}, ("Questions", FIRST + 6, "Right answer", "wrong_number")),
    ({}, {(FIRST + 6, "digits"): 1}, ("Questions", FIRST + 6, "Digits", "too_few_digits")),
    ({}, {(FIRST + 8, "minus"): "жоқ"}, ("Questions", FIRST + 8, "Minus", "no_minus")),
    ({}, {(FIRST + 9, "rubric"): None}, ("Questions", FIRST + 9, "What earns points", "empty_field")),
    ({}, {(FIRST + 10, "frame"): None}, ("Questions", FIRST + 10, "Frame, mm", "empty_field")),
    ({}, {(FIRST + 7, "lines"): 90}, ("Questions", FIRST + 7, "Lines", "out_of_range")),
    ({}, {(FIRST + 7, "points"): 1.5}, ("Questions", FIRST + 7, "Points", "wrong_points")),
]  # fmt: skip


@pytest.mark.parametrize(("head", "lines", "place"), REFUSED, ids=[f"{place[2]}: {place[3]}" for _head, _lines, place in REFUSED])
def test_what_is_wrong_is_told_by_sheet_row_and_column(
    tmp_path: Path, head: dict[str, object], lines: dict[tuple[int, str], object], place: tuple[str, int, str, str]
) -> None:
    reading = read(tmp_path, head, lines)
    assert reading.assignment is None
    assert told(reading) == [place]
    (complaint,) = reading.complaints
    assert complaint.file == str(tmp_path / "a.xlsx")
    assert "parts[" not in f"{complaint.text} {complaint.hint}"


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    reading = read(tmp_path, {"grade": "x", "week": None}, {(FIRST + 1, "answer"): "H", (FIRST + 6, "kind"): "?", (FIRST + 7, "lines"): 0})
    assert [row for _sheet, row, _column, _code in told(reading)] == [HEAD_ROW["grade"], HEAD_ROW["week"], FIRST + 1, FIRST + 6, FIRST + 7]


def test_a_row_of_matching_needs_its_question_above(tmp_path: Path) -> None:
    reading = read(tmp_path, lines={(FIRST, "kind"): "row of matching", (FIRST, "answer"): "A"})
    assert told(reading) == [("Questions", FIRST, "Kind of question", "row_without_grid")]


def _no_head(book: Any) -> None:
    book.remove(book.worksheets[0])


def _twice(book: Any) -> None:
    book.copy_worksheet(book.worksheets[1])


def _newer(book: Any) -> None:
    book.worksheets[0].cell(1, 3).value = "poshta-assignment 2"


@pytest.mark.parametrize(("change", "code"), [(_no_head, "no_template"), (_twice, "several_sheets"), (_newer, "template_version")])
def test_a_workbook_that_is_not_ours_or_not_one_is_refused_whole(tmp_path: Path, change: Callable[[Any], None], code: str) -> None:
    reading = read_workbook(edited(tmp_path, change))
    assert (reading.assignment, [each.code for each in reading.complaints]) == (None, [code])


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 nothing", b"kind;question\none;1+1\n", b"\xd0\xcf\x11\xe0 old", whole()[:3000], b"%PDF-1.4"]
)
def test_a_damaged_or_foreign_file_is_one_complaint(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    reading = read_workbook(tmp_path / "a.xlsx")
    assert reading.assignment is None
    assert len(reading.complaints) == 1
    assert reading.complaints[0].hint


def test_a_workbook_larger_than_any_assignment_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_cells, "LIMITS", Limits(bytes=4096))
    (tmp_path / "a.xlsx").write_bytes(whole())
    assert len(read_workbook(tmp_path / "a.xlsx").complaints) == 1


def test_of_the_workbooks_in_a_folder_only_ours_are_taken(tmp_path: Path) -> None:
    (tmp_path / "ours.xlsx").write_bytes(whole())
    (tmp_path / "~$ours.xlsx").write_bytes(b"lock")
    Workbook().save(tmp_path / "other.xlsx")
    files, left = assignment_files([tmp_path])
    assert [file.name for file in files] == ["ours.xlsx"]
    assert sorted(file.name for file in left) == ["other.xlsx", "~$ours.xlsx"]


def test_a_lesson_may_lack_any_of_its_fields(tmp_path: Path) -> None:
    reading = read(tmp_path, {"channel": None, "time": None})
    assert reading.assignment is not None
    assert reading.assignment.lesson == Lesson("", date(2026, 10, 6), "")


def test_a_part_keeps_its_lines_and_its_inner_spaces(tmp_path: Path) -> None:
    words = "Бірінші  жол\n\n1. бір\n\n   жалғасы"
    reading = read(tmp_path, lines={(FIRST, "question"): words + "\n\n"})
    assert reading.assignment is not None
    part: Part = reading.assignment.parts[0]
    assert part == TextPart(words)


def test_whatever_else_stands_in_the_workbook_is_named_and_not_kept(tmp_path: Path) -> None:
    def add(book: Any) -> None:
        book.worksheets[0].cell(20, 1).value, book.worksheets[0].cell(20, 2).value = "Автор", "А. Б."
        book.worksheets[1].cell(1, 25).value, book.worksheets[1].cell(3, 25).value = "Ескерту", "қиын"
        book.worksheets[1].cell(4, 26).value = "?"
        book.create_sheet("Парақ1").cell(1, 1).value = "жоба"
        book.create_sheet("Бос")

    reading = read_workbook(edited(tmp_path, add))
    assert reading.assignment == WHOLE
    assert told(reading) == [
        ("Assignment", 20, "Автор", "unknown_field"),
        ("Questions", 1, "Ескерту", "dropped_column"),
        ("Questions", 1, "Z", "dropped_column"),
        ("Парақ1", None, "", "skipped_sheet"),
    ]


def test_a_picture_is_sought_beside_the_workbook_and_a_table_is_taken(tmp_path: Path) -> None:
    from PIL import Image

    words = "![үй](uy.png)\n\n| а | б |\n|---|---|\n| 1 | 2 |"
    assert [each[:3] for each in told(read(tmp_path, lines={(FIRST, "question"): words}))] == [("Questions", FIRST, "Question or text")]
    Image.new("L", (60, 40), 128).save(tmp_path / "uy.png")
    reading = read(tmp_path, lines={(FIRST, "question"): words})
    assert reading.assignment is not None
    assert [picture.file for picture in reading.assignment.pictures] == ["uy.png"]


def test_a_table_that_fits_no_page_is_named_by_its_row(tmp_path: Path) -> None:
    words = f"Кіріспе.\n\n| {' | '.join(['тәуелсіздік'] * 13)} |\n|{'---|' * 13}"
    reading = read(tmp_path, lines={(FIRST, "question"): words})
    assert told(reading) == [("Questions", FIRST, "Question or text", "too_large")]


def styled(folder: Path, cells: Mapping[tuple[int, str], tuple[object, str]], head: Mapping[str, object] | None = None) -> Reading:
    """Cells of the lines with a value and a number format, as a spreadsheet has them that were pasted from another sheet."""

    def change(book: Any) -> None:
        for name, value in (head or {}).items():
            book.worksheets[0].cell(HEAD_ROW[name], 2).value = value
        for (row, name), (value, form) in cells.items():
            cell = book.worksheets[1].cell(row, COLUMN[name])
            cell.value, cell.number_format = value, form

    return read_workbook(edited(folder, change))


@pytest.mark.parametrize(
    ("value", "form", "language", "seen"),
    [
        (0.5, "0%", "ru", "50%"), (0.125, "0.0%", "ru", "12,5%"), (0.125, "0.0%", "en", "12.5%"), (3.5, "General", "kk", "3,5"),
        (3.5, "General", "en", "3.5"), (1234, "#,##0", "kk", "1234"), (7.0, "0", "kk", "7"), (3.5, "#,##0.00_);(#,##0.00)", "ru", "3,5"),
    ],
)  # fmt: skip
def test_a_number_among_words_is_printed_as_the_teacher_sees_it(tmp_path: Path, value: object, form: str, language: str, seen: str) -> None:
    reading = styled(tmp_path, {(FIRST + 1, "D"): (value, form)}, {"language": language})
    assert reading.assignment is not None
    question = reading.assignment.parts[1]
    assert isinstance(question, ChoiceQuestion)
    assert question.choices[3] == seen


@pytest.mark.parametrize(("value", "form"), [(0.75, "# ?/?"), (3.7, "0"), (0.125, "0%"), (500, '#,##0 "₸"'), (12345, "#,##0,")])
def test_a_number_that_is_shown_as_something_else_is_told(tmp_path: Path, value: object, form: str) -> None:
    assert told(styled(tmp_path, {(FIRST + 1, "D"): (value, form)})) == [("Questions", FIRST + 1, "D", "number_format")]


def test_a_right_answer_in_percent_is_not_taken_for_a_fraction(tmp_path: Path) -> None:
    """Excel keeps 50 % as 0.5: a child who marks 50 would be wrong."""
    assert told(styled(tmp_path, {(FIRST + 6, "answer"): (0.5, "0%")})) == [("Questions", FIRST + 6, "Right answer", "wrong_number")]


def raised(text: str, align: str) -> TextBlock:
    return TextBlock(InlineFont(vertAlign=align), text)


def test_raised_and_lowered_signs_keep_their_height(tmp_path: Path) -> None:
    rich = CellRichText("5", raised("2", "superscript"), " · H", raised("2", "subscript"), "O = ?")
    reading = read(tmp_path, lines={(FIRST + 1, "question"): rich})
    assert reading.assignment is not None
    question = reading.assignment.parts[1]
    assert isinstance(question, ChoiceQuestion)
    assert question.text == "5² · H₂O = ?"


def test_raised_letters_without_signs_of_their_own_are_told_and_a_whole_raised_cell_too(tmp_path: Path) -> None:
    rich = CellRichText("5", raised("x", "superscript"))
    assert told(read(tmp_path, lines={(FIRST + 1, "question"): rich})) == [("Questions", FIRST + 1, "Question or text", "raised")]

    def change(book: Any) -> None:
        cell = book.worksheets[1].cell(FIRST + 1, COLUMN["A"])
        cell.value, cell.font = "k", Font(vertAlign="subscript")

    assert told(read_workbook(edited(tmp_path, change))) == [("Questions", FIRST + 1, "A", "raised")]


def test_what_a_list_offers_is_told_in_its_own_words(tmp_path: Path) -> None:
    (complaint,) = read(tmp_path, head={"kind": "контрольная"}).complaints
    assert (complaint.text, complaint.hint) == (
        "«контрольная» cannot stand in «Kind of work».",
        "Possible here: practice, formative assessment, unit assessment, term assessment.",
    )
