"""What is wrong in a teacher's workbook is told by sheet, row and column; what is no such workbook is refused whole."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from packets import xlsx_cells
from packets.doors import assignment_files
from packets.xlsx_door import read_workbook
from records.exchange import Limits
from tests.packets.workbooks import FIRST, HEAD_ROW, edited, read, told, whole

pytestmark = pytest.mark.usefixtures("short_workbook")


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


def test_a_table_that_fits_no_page_is_named_by_its_row(tmp_path: Path) -> None:
    words = f"Кіріспе.\n\n| {' | '.join(['тәуелсіздік'] * 13)} |\n|{'---|' * 13}"
    reading = read(tmp_path, lines={(FIRST, "question"): words})
    assert told(reading) == [("Questions", FIRST, "Question or text", "too_large")]


def test_what_a_list_offers_is_told_in_its_own_words(tmp_path: Path) -> None:
    (complaint,) = read(tmp_path, head={"kind": "контрольная"}).complaints
    assert (complaint.text, complaint.hint) == (
        "«контрольная» cannot stand in «Kind of work».",
        "Possible here: practice, formative assessment, unit assessment, term assessment.",
    )
