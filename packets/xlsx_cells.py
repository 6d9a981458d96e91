"""The cells of a workbook as the words that a teacher sees in them, with what cannot be words told: formulas without a value, dates, errors.

packets/xlsx_door calls `read_cells`. Whether the file is a workbook at all is asked of records/exchange; words keep their lines and inner spaces, which
lists do without.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from packets.raised import Shifted, shifted
from records.errors import InputRefused
from records.exchange import UNSAVED_FORMULA, Limits, read_sheets, restored
from records.language import _
from records.workbook_cells import moment_text

_ASIDE = re.compile(r"\[[^\]]*\]|_.|\*.|\\ ")  # colours, and spaces as wide as a letter
_FIGURES = re.compile(r"[#0?, ]*[#0?](\.[#0?]+)?")
MOST_SHOWN, BY_ARITHMETIC = 10, Decimal("1e-14")  # digits that a cell without a format shows of a fraction; 0.1 + 0.2 is 0.3
MOST_WHOLE = 11  # digits of a whole number there
LIMITS = Limits(bytes=4 << 20, unpacked=64 << 20, rows=10_000, columns=64)
Fault = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell; `fault` where it is no words: a complaint's code, sentence and hint. `is_moment`: a date or a time of day; `is_number`: typed as one."""

    text: str
    fault: Fault | None = None
    is_moment: bool = False
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class WorkSheet:
    """One sheet: its filled cells by row and column, both from 1."""

    name: str
    cells: Mapping[tuple[int, int], Cell]

    def text(self, row: int, column: int) -> str:
        """The words of a cell on one line; empty where none stand."""
        cell = self.cells.get((row, column))
        return " ".join(cell.text.split()) if cell else ""


def read_cells(path: Path) -> list[WorkSheet]:
    """Every sheet that is shown; raises InputRefused for what is no workbook, NotFound where there is no file."""
    from openpyxl import load_workbook

    listed = {sheet.name: dict(sheet.rows) for sheet in read_sheets(path, LIMITS, keep_lines=True)}
    if "" in listed:  # a text file by another name
        raise InputRefused(
            _("{file} is not a workbook.").format(file=path.name), _("Save it as .xlsx, or give it the ending of what it is.")
        )
    book = load_workbook(path, data_only=True, rich_text=True)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return [WorkSheet(sheet.title, _cells(sheet, listed.get(sheet.title, {}))) for sheet in shown]


def _cells(sheet: Any, listed: Mapping[int, tuple[str, ...]]) -> dict[tuple[int, int], Cell]:
    cells: dict[tuple[int, int], Cell] = {}
    for number, texts in listed.items():
        for column, text in enumerate(texts, start=1):
            if text:
                cells[number, column] = _cell(sheet.cell(number, column), text)
    return cells


def _cell(cell: Any, listed: str) -> Cell:
    """The cell's words; `listed` is how a list would read it, which knows formulas without a value."""
    value = cell.value
    if listed == UNSAVED_FORMULA:
        hint = _("Write the value itself, or open the file in a spreadsheet program and save it there.")
        return Cell(listed, ("formula", _("A formula stands here whose value was not saved."), hint))
    if cell.data_type == "e":
        return Cell(listed, ("cell_error", _("The cell holds the error {value}.").format(value=listed), _("Write the value itself.")))
    if isinstance(value, datetime | date | time):
        return Cell(moment_text(value), is_moment=True)
    if isinstance(value, bool):
        return Cell("true" if value else "false")
    return _number(cell, listed) if isinstance(value, int | float) else _words(cell)


def _words(cell: Any) -> Cell:
    """Words with their raised and lowered signs, which else would stand on the line: 5² would be 52."""
    pieces = [_piece(piece, cell.font) for piece in (cell.value if isinstance(cell.value, list) else [cell.value])]
    text = restored(_tidy("".join(piece.words for piece in pieces)))
    if all(piece.whole for piece in pieces):
        return Cell(text)
    said = _("Raised or lowered letters stand here that have no signs of their own: {value}.").format(value=text)
    return Cell(text, ("raised", said, _("Write them as a formula between dollar signs, as in $5^x$ or $a_k$.")))


def _piece(piece: Any, font: Any) -> Shifted:
    """A stretch of a cell's words, as its own font or else the cell's raises or lowers it."""
    words, font = (piece, font) if isinstance(piece, str) else (piece.text, piece.font)
    align = getattr(font, "vertAlign", None)
    return shifted(words, lowered=align == "subscript") if align in ("superscript", "subscript") else Shifted(words, True)


def _number(cell: Any, listed: str) -> Cell:
    """A number as the cell shows it: with its percent sign; told where the cell shows another one, or a fraction, a date or money."""
    form = _ASIDE.sub("", cell.number_format.partition(";")[0]).strip()
    percent, figures = form.endswith("%"), form.rstrip("% ")
    value = Decimal(listed) * (100 if percent else 1)
    if figures in ("General", "@", "") and value.is_finite():
        whole = value == value.to_integral_value()
        short = Decimal(f"{value:.{MOST_WHOLE if whole else MOST_SHOWN}g}")
        shown = abs(value - short) <= abs(value) * BY_ARITHMETIC
        value = short if shown else value
    else:
        shown = bool(_FIGURES.fullmatch(figures)) and value.is_finite() and round(value, len(figures.partition(".")[2])) == value
    if shown:
        return Cell(f"{value.normalize():f}{'%' if percent else ''}", is_number=True)
    said = _("The cell shows something else than it holds: {value}.").format(value=listed)
    return Cell(listed, ("number_format", said, _("Format the cell as text, and type again what is to be read.")))


def _tidy(text: str) -> str:
    """The text without spaces at the ends of its lines and empty lines at its ends, each letter one sign."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")
