"""The workbook that a teacher fills in: what is written comes back, in whatever order and words it stands."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from packets.assignment import ChoiceQuestion, GridQuestion, Lesson, NumberQuestion, OpenQuestion, Part, TextPart
from packets.authoring import read_assignment
from packets.doors import read_file
from packets.paper import width_mm
from packets.subjects import SUBJECTS
from packets.template import empty_workbook, filled_workbook
from packets.template_words import HEAD
from packets.xlsx_door import read_workbook
from tests.packets.workbooks import BODY, COLUMN, FIRST, HEAD_ROW, WHOLE, edited, read, told, whole

pytestmark = pytest.mark.usefixtures("short_workbook")


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


def test_a_picture_is_sought_beside_the_workbook_and_a_table_is_taken(tmp_path: Path) -> None:
    from PIL import Image

    words = "![үй](uy.png)\n\n| а | б |\n|---|---|\n| 1 | 2 |"
    assert [each[:3] for each in told(read(tmp_path, lines={(FIRST, "question"): words}))] == [("Questions", FIRST, "Question or text")]
    Image.new("L", (60, 40), 128).save(tmp_path / "uy.png")
    reading = read(tmp_path, lines={(FIRST, "question"): words})
    assert reading.assignment is not None
    assert [picture.file for picture in reading.assignment.pictures] == ["uy.png"]


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


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_word_of_explanations_and_hints_has_the_height_that_it_needs(language: str) -> None:
    """LibreOffice gives rows no height of its own when it opens a file: what was wrapped was cut after its first line."""
    book = load_workbook(io.BytesIO(whole(language)))
    for sheet, column in ((book.worksheets[0], "C"), (book.worksheets[3], "B"), (book.worksheets[2], "B")):
        wide = sheet.column_dimensions[column].width * 1.9
        for cell in sheet[column]:
            lines = width_mm(str(cell.value or ""), 11) / wide
            assert (sheet.row_dimensions[cell.row].height or 15.0) >= 14.0 * lines, cell.value
    with zipfile.ZipFile(io.BytesIO(whole(language))) as archive:
        assert not [name for name in archive.namelist() if b"customHeight" in archive.read(name)], "a row grows with what is typed into it"


@pytest.mark.parametrize("name", ["a.ods", "a.xls", "a.xlsm"])
def test_a_spreadsheet_of_another_kind_is_told_to_be_saved_as_xlsx(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(whole())
    reading = read_file(tmp_path / name)
    (complaint,) = reading.complaints
    assert (reading.assignment, complaint.code) == (None, "spreadsheet")
    assert name in complaint.text
    assert ".xlsx" in complaint.hint
