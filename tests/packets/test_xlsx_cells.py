"""Cells of a teacher's workbook: numbers, dates, percents and raised signs are taken as the teacher sees them, or told."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from packets.assignment import ChoiceQuestion
from packets.authoring import Reading
from packets.xlsx_door import read_workbook
from tests.packets.workbooks import COLUMN, FIRST, HEAD_ROW, WHOLE, edited, read, told

pytestmark = pytest.mark.usefixtures("short_workbook")


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


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (0.1 + 0.2, "0,3"), (1 / 3, None), (1234567890, "1234567890"), (123456789012345, None), (2.5e-7, "0,00000025"),
        (87011234567, "87011234567"), (-87011234567, "-87011234567"), (870112345678, None), (1234567890.5, None),
    ],
)  # fmt: skip
def test_a_number_with_more_digits_than_a_spreadsheet_shows_is_told_unless_it_is_one_with_fewer(
    tmp_path: Path, value: float, seen: str | None
) -> None:
    """LibreOffice gives the cell =1/3 its value, which the cell shows as 0,333333333333333 or shorter, as wide as it is."""
    reading = styled(tmp_path, {(FIRST + 1, "D"): (value, "General")})
    if seen is None:
        assert told(reading) == [("Questions", FIRST + 1, "D", "number_format")]
        return
    assert reading.assignment is not None
    question = reading.assignment.parts[1]
    assert isinstance(question, ChoiceQuestion)
    assert question.choices[3] == seen
