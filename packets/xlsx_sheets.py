"""The two sheets of a teacher's workbook that count: where the head stands, where the questions, and what their headings mean.

packets/xlsx_door opens a workbook through this, packets/xlsx_questions reads its lines.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from packets.assignment import LETTERS
from packets.document import Document, Scalar, Value
from packets.template_words import COLUMNS, HEAD, MARK, SHEETS, VERSION, column_names, head_names, same, sheet_names
from packets.xlsx_cells import Cell, WorkSheet, read_cells
from records.errors import Complaint, InputRefused
from records.language import _
from settlements.letters import LOOK_ALIKES

ROWS = 10_000_000  # a line of the tree: ROWS × number of the sheet + row
FEWEST_FIELDS = 3
HEADING_ROWS = 20
LARGEST_PART = 8 << 20  # bytes of a part of the file that may hold our mark
TO_LATIN = {after: before for before, after in LOOK_ALIKES.items()}
_MARK = re.compile(rf"{MARK} (\d{{1,6}})")


@dataclass(slots=True)
class Making:
    """What has been made of the workbook so far; `columns` and `rows` say where things stand, by name."""

    document: Document
    head: WorkSheet
    questions: WorkSheet
    heading_row: int
    columns: dict[str, int]
    rows: dict[str, int] = field(default_factory=dict)
    parts: list[Value] = field(default_factory=list)
    others: tuple[str, ...] = ()  # sheets with words that are none of ours
    comma: bool = True  # within the numbers of its language
    told: set[str] = field(default_factory=set)  # fields of the head of which a complaint was made already

    def seen(self, name: str, cell: Cell) -> Cell:
        """A cell of the questions with its number as it is printed: a decimal comma among words, but for English."""
        words = name == "question" or name in LETTERS
        return replace(cell, text=cell.text.replace(".", ",")) if words and cell.is_number and self.comma else cell

    def line(self, sheet: WorkSheet, row: int) -> int:
        """The line of the tree that stands for a row of a sheet."""
        return ROWS * (1 + (sheet is self.questions)) + row

    def heading(self, name: str) -> str:
        """What a column is called in this workbook; where it is missing, as we call it."""
        place = self.columns.get(name)
        if place is not None:
            return self.questions.text(self.heading_row, place)
        return next((_(column.label) if len(column.label) > 1 else column.label for column in COLUMNS if column.name == name), "")

    def label(self, name: str) -> str:
        """What a field of the head is called in this workbook."""
        row = self.rows.get(name)
        return self.head.text(row, 1) if row is not None else next((_(each.label) for each in HEAD if each.name == name), name)

    def complain(self, code: str, text: str, hint: str, row: int, name: str, value: str = "") -> None:
        """Note what is wrong with a cell of the sheet of questions."""
        place = Complaint(code, text, hint, self.document.file, self.questions.name, row, self.heading(name) if name else "", value)
        self.document.complaints.append(place)


def opened(path: Path) -> Making:
    """The workbook's two sheets; raises InputRefused where it is none of ours."""
    sheets = read_cells(path)
    _check_version(path, sheets)
    head = next((sheet for sheet in sheets if _is_head(sheet)), None)
    headed = [(sheet, *found) for sheet in sheets if sheet is not head and not _is_example(sheet) and (found := _find_heading(sheet))]
    if head is None or not headed:
        missing = _(SHEETS["questions"] if head else SHEETS["head"])
        text = _("{file} lacks the sheet «{sheet}» with its headings.").format(file=path.name, sheet=missing)
        raise InputRefused(text, _("Make a workbook with `poshta assignments template FILE.xlsx` and fill that in."), code="no_template")
    if len(headed) > 1:
        names = ", ".join(f"«{sheet.name}»" for sheet, _row, _columns in headed)
        text = _("{file} has several sheets of questions: {sheets}.").format(file=path.name, sheets=names)
        raise InputRefused(text, _("Put all questions into one sheet, in their order, and delete the others."), code="several_sheets")
    questions, row, columns = headed[0]
    others = tuple(sheet.name for sheet in sheets if sheet not in (head, questions) and sheet.cells and not _is_ours(sheet))
    return Making(Document(str(path)), head, questions, row, columns, others=others)


def _check_version(path: Path, sheets: Sequence[WorkSheet]) -> None:
    for cell in (cell for sheet in sheets for cell in sheet.cells.values()):
        found = _MARK.fullmatch(cell.text)
        if found and int(found[1]) != VERSION:
            text = _("{file} was made by a template of kind {found}; this program knows kind {known}.")
            hint = _("Make a new workbook with `poshta assignments template FILE.xlsx` and copy the cells into it.")
            raise InputRefused(text.format(file=path.name, found=found[1], known=VERSION), hint, code="template_version")


def _is_head(sheet: WorkSheet) -> bool:
    known = {head_names().get(same(cell.text)) for (_row, column), cell in sheet.cells.items() if column == 1} - {None}
    return len(known) >= FEWEST_FIELDS


def _is_ours(sheet: WorkSheet) -> bool:
    return any(same(sheet.name) in sheet_names(role) for role in SHEETS)


def _is_example(sheet: WorkSheet) -> bool:
    return same(sheet.name) in sheet_names("example")


def _find_heading(sheet: WorkSheet) -> tuple[int, dict[str, int]] | None:
    """The row of headings and the place of each column that it names; None where the sheet has none."""
    for row in range(1, HEADING_ROWS + 1):
        columns: dict[str, int] = {}
        for (number, place), cell in sheet.cells.items():
            name = _column(cell.text) if number == row else None
            if name:
                columns.setdefault(name, place)
        if {"kind", "question"} <= columns.keys():
            return row, columns
    return None


def _column(text: str) -> str | None:
    letter = text.strip().upper().translate(TO_LATIN)
    return letter if len(letter) == 1 and letter in LETTERS else column_names().get(same(text))


def is_template(path: Path) -> bool:
    """Whether a file is a workbook of ours; Excel's own file beside an open workbook is not."""
    if path.name.startswith("~$"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [entry for entry in archive.infolist() if entry.filename.startswith("xl/") and entry.file_size <= LARGEST_PART]
            return any(MARK.encode() in archive.read(entry) for entry in parts)
    except (OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return False


def plain_number(text: str) -> str:
    """A number as an assignment file has it: 1,5 and 2.0 as a spreadsheet may leave them."""
    plain = text.strip().replace(",", ".")
    return re.sub(r"\.0+$", "", plain) if re.fullmatch(r"[+-]?\d+(\.\d+)?", plain) else text.strip()


def scalar(text: str, line: int) -> Scalar:
    """A value of the tree; an empty one counts as missing."""
    return Scalar(line, text, not text, line, line)
