"""A copy of a list for the school that sent it: every sheet and row as it came, and beside each row what was mended, doubted or refused.

Called by settlements/import_commands. The copy is written by the words of the list and never holds an IIN; it is a file of the person at the
desk, like the list itself, and not kept by the program.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from records.errors import Complaint, NotAllowed, NotFound, UsageRefused
from records.exchange import SHEET_NAME_LENGTH, UNSAVED_FORMULA, ReadSheet, defused, read_sheets
from records.files import explained, write_bytes
from records.language import _
from settlements.codes import holds_iin
from settlements.intake import DROPPED_COLUMN

REFUSED_FILL, TOLD_FILL = "FFF4B6B0", "FFFFF2B3"  # ARGB: red and yellow, pale enough to read black print on
COMPLAINTS_WIDTH, COLUMN_WIDTH = 90, 18  # letters
WITH_NAMES = frozenset(("pupils", "teachers"))

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no XML can hold them

Told = Mapping[int, Sequence[Complaint]]


def require_copy(out: Path, source: Path, home: Path, kind: str) -> None:
    """Raise UsageRefused for a copy that could not be written, would take the list's own place, or would leave names in the desk's folder."""
    if out.suffix.lower() != ".xlsx":
        raise UsageRefused(_("The copy is written as .xlsx."), _("Give --copy a name that ends in .xlsx."))
    if out.resolve() == source.resolve():
        raise UsageRefused(_("The copy would take the place of the list itself."), _("Give --copy another name."))
    if kind in WITH_NAMES and out.resolve().is_relative_to(home.resolve()):
        raise UsageRefused(
            _("The copy holds names, and would stand in the desk's folder, where `pupils forget` could not find them."),
            _("Write it to a folder outside, as in --copy ../{name}, and delete it when it has been sent.").format(name=out.name),
        )


def write_copy(source: Path, out: Path, complaints: Iterable[Complaint], headings: Mapping[str, int]) -> None:
    """Write the list again with a last column of complaints; `headings` gives the heading's row by sheet. Whole or not at all.

    Raises NotAllowed where the place cannot be written to, NoRoom on a full disk, Busy where another program holds the file.
    """
    told: dict[str, dict[int, list[Complaint]]] = {}
    for each in complaints:
        if each.code != DROPPED_COLUMN:
            told.setdefault(each.sheet, {}).setdefault(each.row or 1, []).append(each)
    sheets = read_sheets(source)
    try:
        with explained(out):
            write_bytes(out, _saved(sheets, told, headings), 0o600)
    except (NotFound, NotAllowed, OSError) as failure:
        raise NotAllowed(
            _("The copy cannot be written to {file}, so nothing of the list was taken.").format(file=out),
            _("Give --copy a file in a folder where this user may write, and import again."),
        ) from failure


def _saved(sheets: Iterable[ReadSheet], told: Mapping[str, Told], headings: Mapping[str, int]) -> bytes:
    """The workbook's bytes: saved before any place is written to, so that no half-written sheet is left in the system's folder."""
    from openpyxl import Workbook

    book, saved = Workbook(write_only=True), io.BytesIO()
    try:
        for sheet in sheets:
            _write_sheet(book, sheet, told.get(sheet.name, {}), headings.get(sheet.name, 0))
    finally:
        book.save(saved)
    return saved.getvalue()


def _write_sheet(book: Any, sheet: ReadSheet, told: Told, heading: int) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.cell_range import CellRange

    title = re.sub(r"[\[\]:*?/\\]", " ", sheet.name or Path(sheet.file).stem)[:SHEET_NAME_LENGTH] or "1"
    written = book.create_sheet("".join(letter for letter in title if letter.isprintable()))
    width = max((len(texts) for _number, texts in sheet.rows), default=0)
    for place in range(1, width + 1):
        written.column_dimensions[get_column_letter(place)].width = COLUMN_WIDTH
    written.column_dimensions[get_column_letter(width + 1)].width = COMPLAINTS_WIDTH
    written.freeze_panes = f"A{heading + 1}" if heading else None
    written.sheet_state = "hidden" if sheet.hidden else "visible"
    for number in sheet.hidden_rows:
        written.row_dimensions[number].hidden = True
    for top, left, bottom, right in sheet.merged:
        written.merged_cells.add(CellRange(min_row=top, min_col=left, max_row=bottom, max_col=right))
    for cells in _rows(written, sheet, told, heading, width):
        written.append(cells)


def _rows(written: Any, sheet: ReadSheet, told: Told, heading: int, width: int) -> Iterator[list[Any]]:
    """The cells of each row, at the same number as it came."""
    texts = dict(sheet.rows)
    for number in range(1, max((*texts, *told), default=0) + 1):
        cells = [_safe(text) for text in texts.get(number, ())]
        complaints = told.get(number, ())
        if number == heading:
            cells += [""] * (width - len(cells)) + [_("What was said of the row")]
        elif complaints:
            cells += [""] * (width - len(cells)) + [defused(_sentences(complaints))]
        yield _coloured(written, cells, complaints) if complaints else cells


def _coloured(written: Any, cells: Sequence[str], complaints: Sequence[Complaint]) -> list[Any]:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, PatternFill

    colour = REFUSED_FILL if any(each.refused for each in complaints) else TOLD_FILL
    coloured = [WriteOnlyCell(written, text) for text in cells]
    for cell in coloured:
        cell.fill = PatternFill("solid", fgColor=colour)
    coloured[-1].alignment = Alignment(wrap_text=True, vertical="top")
    return coloured


def _sentences(complaints: Sequence[Complaint]) -> str:
    """What is said of one row; refusals first."""
    lines = []
    for each in sorted(complaints, key=lambda each: not each.refused):
        where = f"{each.column}: " if each.column else ""
        lines.append(f"{where}{each.text} {each.hint}".strip())
    return _UNWRITABLE.sub("", "\n".join(dict.fromkeys(lines)))


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula and that holds no IIN."""
    return "" if text == UNSAVED_FORMULA or holds_iin(text) else defused(_UNWRITABLE.sub("", text))
