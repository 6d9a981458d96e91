"""Workbooks for people: titled pages with a bordered table, set up to be printed on A4. No formula in them is live.

scanning/grade_book_journal and scanning/grade_book_analysis describe pages, scanning/grade_book_export_commands writes them. Plain tables go through records/exchange.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

from records.calendar import now
from records.exchange import SHEET_NAME_LENGTH, Scalar, Table, defused
from records.files import atomic

A4 = 9  # as spreadsheets number papers
MARGIN_INCHES = 0.5
LINE_POINTS, ROOM_POINTS = 12.5, 2.5  # of a line, and around those of a cell
BOLD = 0.9  # letters of a bold heading for one of a column's width
TEXT_WIDTH = 20  # letters from which on a column holds text, not numbers
FONT, HEAD_SIZE, SIZE = "Arial", 12, 9  # the font that every office machine has with Kazakh letters


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of a workbook: lines above the table, the table, lines below. `widths` are in letters; `upright` headings are turned by 90 degrees."""

    name: str
    title: str
    lines: Sequence[str]
    headings: Sequence[str]
    rows: Sequence[Sequence[Scalar]]
    widths: Sequence[float]
    foot: Sequence[str] = ()
    landscape: bool = True
    upright: Sequence[int] = ()


def write_pages(path: Path, pages: Sequence[Page], tables: Sequence[Table] = ()) -> Path:
    """Write a workbook of pages, and plain tables after them; whole or not at all."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator, book.properties.created, book.properties.modified = "poshta", now(), now()
    for page in pages:
        _draw(book.create_sheet(_free_name(book, page.name)), page)
    for table in tables:
        sheet = book.create_sheet(_free_name(book, table.name))
        for row in (table.headings, *table.rows):
            sheet.append([_cell(value) for value in row])
    with atomic(path) as file:
        book.save(file)
    return path


def _draw(sheet: Any, page: Page) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for place, width in enumerate(page.widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    _write_lines(sheet, page, (page.title, *page.lines), 1)
    sheet.cell(1, 1).font = Font(name=FONT, size=HEAD_SIZE, bold=True)
    sheet.row_dimensions[1].height = LINE_POINTS * HEAD_SIZE / SIZE
    head = len(page.lines) + 2
    _draw_table(sheet, page, head)
    _write_lines(sheet, page, page.foot, head + len(page.rows) + 2)
    _set_up(sheet, page, head)


def _write_lines(sheet: Any, page: Page, lines: Sequence[str], first: int) -> None:
    """Lines over the whole width of the table, wrapped, in rows as high as they need."""
    from openpyxl.styles import Alignment, Font

    for number, line in enumerate(lines, start=first):
        cell = sheet.cell(number, 1, _cell(line))
        cell.font, cell.alignment = Font(name=FONT, size=SIZE), Alignment(wrap_text=True, vertical="top")
        sheet.merge_cells(start_row=number, start_column=1, end_row=number, end_column=max(1, len(page.headings)))
        sheet.row_dimensions[number].height = LINE_POINTS * _lines(line, page.widths)


def _draw_table(sheet: Any, page: Page, head: int) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    thin = Side(style="thin")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    for number, row in enumerate((page.headings, *page.rows), start=head):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(number, place, _cell(value))
            top = number == head
            turned = 90 if top and place - 1 in page.upright else 0
            level = "center" if top or page.widths[place - 1] < TEXT_WIDTH else "left"
            cell.border, cell.font = border, Font(name=FONT, size=SIZE, bold=top)
            cell.alignment = Alignment(horizontal=level, vertical="center", wrap_text=True, textRotation=turned)
            if top:
                cell.fill = PatternFill("solid", fgColor="EEEEEE")
        sheet.row_dimensions[number].height = LINE_POINTS * _lines_of_row(row, page, top=number == head) + ROOM_POINTS
    if page.upright:
        sheet.row_dimensions[head].height = 6.2 * max(len(page.headings[place]) for place in page.upright) / 2 + 40


def _set_up(sheet: Any, page: Page, head: int) -> None:
    """A4, as wide as the paper, the heading row on every page, page numbers below."""
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = "landscape" if page.landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{head}:{head}"
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = MARGIN_INCHES
    margins.bottom = MARGIN_INCHES + 0.2
    sheet.oddFooter.center.text = "&P / &N"


def _cell(value: Scalar) -> Scalar:
    """A value that no spreadsheet takes for a formula."""
    return defused(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "\ufffd", value)) if isinstance(value, str) else value


def _lines(text: str, widths: Sequence[float]) -> int:
    """How many lines a text takes over the whole width."""
    width = max(20.0, sum(widths) * 1.05)
    return sum(max(1, -(-len(each) // int(width))) for each in text.split("\n"))


def _lines_of_row(row: Sequence[Scalar], page: Page, top: bool) -> int:
    """How many lines the highest cell of a row takes in its own column; turned headings are measured elsewhere. Some programs do not find out by themselves."""
    cells = [(each, page.widths[place]) for place, each in enumerate(row) if not (top and place in page.upright)]
    broken = (wrap(str(each), max(1, int(width * (BOLD if top else 1.0)))) for each, width in cells if isinstance(each, str))
    return max((len(lines) for lines in broken), default=1) or 1


def _free_name(book: Any, wanted: str) -> str:
    taken = {sheet.title.casefold() for sheet in book.worksheets}
    name = re.sub(r"[\[\]:*?/\\]", " ", wanted).strip("'")[:SHEET_NAME_LENGTH] or "1"
    turns = (name, *(f"{name[: SHEET_NAME_LENGTH - 4]} {number}" for number in range(2, 1000)))
    return next(each for each in turns if each.casefold() not in taken)
