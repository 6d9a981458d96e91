"""Workbooks to be printed: each row as high as the words of its cells, since LibreOffice gives rows no height of their own when it opens a file."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from scanning.grade_book_paper import LINE_POINTS, Page, write_pages

PAGE = Page(
    "Талдау",
    "Жиынтық бағалау нәтижелерін талдау",
    ("Бір жол.",),
    ("№", "Жұмыс", "Ең жоғары балл", "Шығарылған сұрақтар"),
    ((1, "БЖБ: Теңдеулер жүйесі және олардың шешімдері туралы ұзақ тақырып", 13, "1, 2, 3"), (2, "Қысқа", 5, None)),
    (5, 26, 9, 12),
)


def test_a_row_is_as_high_as_the_words_of_its_cells(tmp_path: Path) -> None:
    sheet = load_workbook(write_pages(tmp_path / "a.xlsx", [PAGE])).worksheets[0]
    heights = {row: sheet.row_dimensions[row].height or LINE_POINTS for row in (3, 4, 5)}
    assert heights[3] >= 2 * LINE_POINTS, "«Ең жоғары балл» needs two lines at nine letters"
    assert heights[4] >= 3 * LINE_POINTS
    assert heights[5] < 2 * LINE_POINTS


def test_a_word_that_is_wider_than_its_column_takes_as_many_lines_as_it_is_broken_into(tmp_path: Path) -> None:
    page = Page("А", "А", (), ("Қанағаттанарлықсыз",), (("Қанағаттанарлықсыз",),), (8,))
    sheet = load_workbook(write_pages(tmp_path / "a.xlsx", [page])).worksheets[0]
    assert (sheet.row_dimensions[2].height or 0) >= 3 * LINE_POINTS


def test_turned_headings_keep_the_height_that_their_length_needs(tmp_path: Path) -> None:
    page = Page("А", "А", (), ("06.10.2026 жаттығу (7)", "Ең жоғары балл"), ((1, 2),), (6, 8), upright=(0,))
    sheet = load_workbook(write_pages(tmp_path / "a.xlsx", [page])).worksheets[0]
    assert (sheet.row_dimensions[2].height or 0) > 100
