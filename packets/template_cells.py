"""Cells, rows and the file of the workbook that a teacher fills in: text that no program takes for a formula, rows as high as their words, the same bytes.

packets/template fills it. Nothing here knows what an assignment is.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.datavalidation import DataValidation

from packets.paper import Face, width_mm
from records.exchange import defused

WRAPPED = Alignment(wrap_text=True, vertical="top")
BEYOND = Alignment(vertical="top")  # a title that may stand over the empty cells beside it
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_DATE = b"2026-01-01T00:00:00Z"
_HELD_HEIGHT = b' customHeight="1"'
LINE_POINTS, COLUMN_UNIT_MM, BREAKING = 15.0, 1.9, 1.12  # of a row; of a column's width; for what is left empty at the ends of lines
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def put(sheet: Any, row: int, column: int, words: str, numeric: bool = False) -> Any:
    """Write a cell as text, which no program takes for a formula, or as a number."""
    cell = sheet.cell(row, column)
    cell.alignment = WRAPPED
    if numeric:
        if words:
            cell.value = float(words) if "." in words else int(words)
        return cell
    cell.number_format = "@"
    if words:
        cell.value = defused(words) if words.startswith("'") else words
        cell.data_type = "s"
        cell.quotePrefix = words[0] in "=+-@"
    return cell


def choose(sheet: Any, cells: str, formula: str) -> None:
    """Let cells offer a list; what is typed by hand is taken after a question."""
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True, errorStyle="warning")
    rule.add(cells)
    sheet.add_data_validation(rule)


def give_room(sheet: Any) -> None:
    """Rows as high as their wrapped words need: some programs give them no height of their own when they open a file."""
    for row in sheet.iter_rows():
        lines = max((_lines(cell, sheet) for cell in row if cell.value and cell.alignment.wrap_text), default=1)
        size = max(cell.font.size or 11 for cell in row)
        if lines > 1 or size > 11:
            sheet.row_dimensions[row[0].row].height = LINE_POINTS * max(lines, size / 11)


def _lines(cell: Any, sheet: Any) -> int:
    """How many lines the words of a cell take, in letters as wide as those of our own font."""
    wide = sheet.column_dimensions[cell.column_letter].width * COLUMN_UNIT_MM - COLUMN_UNIT_MM
    face = Face.BOLD if cell.font.bold else Face.REGULAR
    return sum(max(1, ceil(width_mm(line, cell.font.size or 11, face) * BREAKING / wide)) for line in str(cell.value).split("\n"))


def set_page(sheet: Any) -> None:
    """A4, lying, as wide as the paper."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def same_bytes(book: Workbook) -> bytes:
    """The workbook without the moment at which it was written; rows with a height still grow with what is typed into them."""
    book.properties.creator = "Poshta Mektebi"
    written, kept = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
        for name in _in_order(source.namelist()):
            content = source.read(name)
            content = content.replace(_HELD_HEIGHT, b"")
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(lambda found: found[1] + _DATE, content)
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            target.writestr(entry, content)
    return kept.getvalue()


def _in_order(names: Iterable[str]) -> list[str]:
    """The list of contents first, as some readers want it."""
    return sorted(names, key=lambda name: (name != "[Content_Types].xml", name))
