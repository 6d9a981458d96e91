"""Tables in and out: CSV, XLSX and Parquet, with true row numbers on the way in and no live formulas on the way out.

`read_sheets` gives every cell as trimmed text, so that codes keep their leading zeros; what the cells mean is the caller's matter.
`write_tables` writes through pandas, whole or not at all. Called by settlements/intake and every export.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from records.errors import InputRefused, UsageRefused
from records.files import atomic, explained
from records.language import _
from records.workbook_cells import TooWide, rows_of
from records.workbook_marks import Block, SheetMarks, marks_of

Row = tuple[int, tuple[str, ...]]
Tidy = Callable[[str], str]
Scalar = str | int | float | bool | date | None

DELIMITERS = ";,\t"
SNIFFED_LINES = 20
LONGEST_CELL = 32_767  # what a spreadsheet holds
WRITTEN_SUFFIXES = (".csv", ".xlsx", ".parquet")
SHEET_NAME_LENGTH = 31
UNSAVED_FORMULA = "#FORMULA?"  # stands in the place of a formula whose value was not saved with it
WIDEST_COLUMN = 48

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")  # what neither XML nor UTF-8 knows
_LIVE = re.compile(r"'*[=+\-@\t\r\n]")
_LETTER = "[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]"
_OTHER_PAGE = re.compile(  # what Russian and Kazakh words of the DOS page or of UTF-8 look like when they are read as KZ-1048
    rf"[ЂЃѓЉЊЏђљњџ]|(?<={_LETTER})[¤¦§©¬®°±µ¶·†‡‰€™](?={_LETTER})|[¤¦¬µ¶†‡](?={_LETTER})|(?<={_LETTER})[¤¦¬µ¶†‡]"
)
_WIDTHLESS = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))  # soft hyphens and marks of zero width


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be, lest one spreadsheet take the desk down. `unpacked` is the size of an XLSX before compression."""

    bytes: int = 128 << 20
    unpacked: int = 1 << 30
    rows: int = 1_048_576
    columns: int = 256


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """One sheet as text. Each row has its number as a spreadsheet shows it, from 1; rows without any word are left out.

    A cell whose formula was saved without its value reads UNSAVED_FORMULA. `hidden`: the whole sheet is hidden; `hidden_rows`: numbers of
    rows that have words and are hidden or filtered away. Both are read: the caller decides, and tells. `merged`: blocks of cells that are one
    over several rows, as top, left, bottom, right, all counted from 1; only the uppermost row has the text.
    """

    file: str
    name: str
    rows: tuple[Row, ...]
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    merged: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table to write. Text cells are defused, numbers stay numbers; None is an empty cell."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Scalar]]


def read_sheets(path: Path, limits: Limits | None = None, keep_lines: bool = False) -> list[ReadSheet]:
    """Every sheet of a CSV (one) or XLSX file; raises InputRefused for a file that cannot be read, NotFound where there is none.

    With `keep_lines`, line ends within a cell are kept; otherwise they are spaces.
    """
    bounds = limits or Limits()
    tidy = trimmed_lines if keep_lines else trimmed
    content = _content(path, bounds)
    if content[:4] == b"PK\x03\x04":
        sheets = list(_xlsx_sheets(path, content, bounds, tidy))
    else:
        _refuse_foreign(path, content)
        sheets = [ReadSheet(path.name, "", tuple(_numbered(enumerate(_csv_rows(path, content), start=1), path, bounds, tidy)))]
    if not any(sheet.rows for sheet in sheets):
        raise InputRefused(_("{file} is empty.").format(file=path.name), _("Check that the right file was saved and sent."))
    return sheets


def write_table(path: Path, headings: Sequence[str], rows: Sequence[Sequence[Scalar]], name: str = "") -> Path:
    """Write one table to CSV, XLSX or Parquet by the file's suffix; answers the path."""
    return write_tables(path, [Table(name or path.stem, headings, rows)])


def require_room_for(path: Path, tables: int) -> None:
    """Raise UsageRefused where a file of this suffix cannot hold so many tables, or none at all: to be asked before long work."""
    suffix = path.suffix.lower()
    if suffix not in WRITTEN_SUFFIXES:
        raise UsageRefused(_("{file} is no kind of table that can be written.").format(file=path.name), _("Use .csv, .xlsx or .parquet."))
    if tables != 1 and suffix != ".xlsx":
        raise UsageRefused(_("{file} can hold one table only.").format(file=path.name), _("Use .xlsx for several."))


def write_tables(path: Path, tables: Sequence[Table]) -> Path:
    """Write tables by the file's suffix, several only to XLSX; raises UsageRefused for another kind of file."""
    require_room_for(path, len(tables))
    suffix = path.suffix.lower()
    with atomic(path) as file:
        if suffix == ".xlsx":
            _write_xlsx(file, tables)
        elif suffix == ".csv":
            file.write(_frame(tables[0], defuse=True).to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig"))
        else:
            _frame(tables[0], defuse=False).to_parquet(file, index=False)
    return path


def defused(text: str) -> str:
    """`text` so that no spreadsheet takes it for a formula: an apostrophe before = + - @ tab or line end (OWASP, CSV injection)."""
    return f"'{text}" if _LIVE.match(text) else text


def restored(text: str) -> str:
    """What `defused` was given."""
    return text[1:] if text.startswith("'") and _LIVE.match(text) else text


def trimmed(text: str) -> str:
    """`text` without marks of zero width and spaces at its ends, every run of spaces (non-breaking, line ends) being one plain space."""
    return " ".join((text if text.isascii() else text.translate(_WIDTHLESS)).split())


def trimmed_lines(text: str) -> str:
    """`text` trimmed line by line, without empty lines at its ends."""
    return "\n".join(trimmed(line) for line in text.splitlines()).strip("\n")


def _content(path: Path, limits: Limits) -> bytes:
    with explained(path):
        if path.is_dir():
            raise InputRefused(_("{file} is a folder.").format(file=path), _("Name one spreadsheet."))
        size = path.stat().st_size
        if size > limits.bytes:
            raise _too_large(path)
        return path.read_bytes()


def _too_large(path: Path) -> InputRefused:
    return InputRefused(
        _("{file} is too large for a list.").format(file=path.name), _("Split it into several files, or remove pictures and empty rows.")
    )


def _damaged(path: Path) -> InputRefused:
    return InputRefused(
        _("{file} is damaged and cannot be read.").format(file=path.name),
        _("Open it in the spreadsheet program, save it again and send it once more."),
    )


def _refuse_foreign(path: Path, content: bytes) -> None:
    """Refuse what is neither text nor XLSX, by its first bytes."""
    hint = _("Save it as .xlsx or CSV UTF-8 and import that.")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise InputRefused(
                _("{file} is protected by a password.").format(file=path.name), _("Save it without a password and import that.")
            )
        raise InputRefused(_("{file} is a spreadsheet of an old kind (.xls).").format(file=path.name), hint)
    if content.startswith((b"%PDF", b"PAR1", b"\x89PNG", b"\xff\xd8\xff")):
        raise InputRefused(_("{file} is not a spreadsheet.").format(file=path.name), hint)


# ---- text files


def _csv_rows(path: Path, content: bytes) -> Iterator[Sequence[str]]:
    text = _decoded(path, content)
    delimiter = _delimiter(text)
    first, _newline, rest = text.partition("\n")
    if re.fullmatch(r"sep=.\r?", first):
        delimiter, text = first[4], "\n" + rest  # Excel's own hint keeps its place as row 1
    csv.field_size_limit(LONGEST_CELL * 4)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begun, width = 1, 0
    try:
        for row in reader:
            if any(_swallows_a_line(cell, delimiter, width) for cell in row):
                raise _astray_quote(path, begun)
            begun, width = reader.line_num + 1, max(width, len(row))
            yield row
    except csv.Error:
        raise (_astray_quote(path, begun) if '"' in text else _damaged(path)) from None


def _swallows_a_line(cell: str, delimiter: str, width: int) -> bool:
    """Whether a cell of several lines holds as many signs between cells as a row of `width` cells has: a quotation mark was left open."""
    return width > 1 and ("\n" in cell or "\r" in cell) and cell.count(delimiter) >= width - 1


def _astray_quote(path: Path, line: int) -> InputRefused:
    return InputRefused(
        _('{file} has a quotation mark (") at the wrong place in the row that begins in line {line}.').format(file=path.name, line=line),
        _("Remove it there, or write it twice within a quoted cell; or save the list as .xlsx and import that."),
    )


def _decoded(path: Path, content: bytes) -> str:
    """The text in UTF-8 or UTF-16 by its mark, else UTF-8, else the Windows code page of Kazakhstan (KZ-1048, which holds cp1251's Russian)."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        if b"\0" in content:
            raise _damaged(path)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise _damaged(path) from None
        if content.startswith(b"\xef\xbb\xbf") or _mostly_utf8(content):
            raise _spoilt_line(path, content.count(b"\n", 0, failure.start) + 1) from None
    try:
        text = content.decode("kz1048")
    except UnicodeDecodeError:
        raise _damaged(path) from None
    if _OTHER_PAGE.search(text):
        raise InputRefused(
            _("The letters of {file} are written in a code page that is not understood.").format(file=path.name),
            _("Save it as .xlsx or CSV UTF-8 and import that."),
        )
    return text


def _mostly_utf8(content: bytes) -> bool:
    """Whether more letters beyond ASCII can be read as UTF-8 than cannot: letters of a Windows page hardly ever can."""
    text = content.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    return sum(not sign.isascii() for sign in text) - lost > lost


def _spoilt_line(path: Path, line: int) -> InputRefused:
    return InputRefused(
        _("{file} is written in UTF-8, but line {line} holds a letter that is damaged.").format(file=path.name, line=line),
        _("Correct that line and save the file as CSV UTF-8."),
    )


def _delimiter(text: str) -> str:
    """The sign that stands most often between the cells of the first lines; a comma between digits is a decimal one."""
    counts = dict.fromkeys(DELIMITERS, 0)
    for line in text.split("\n", SNIFFED_LINES)[:SNIFFED_LINES]:
        bare = re.sub(r'"[^"]*"', "", line)
        for delimiter in DELIMITERS:
            counts[delimiter] += bare.count(delimiter)
        counts[","] -= len(re.findall(r"\d,(?=\d)", bare)) if ";" in bare or "\t" in bare else 0
    return max(DELIMITERS, key=lambda delimiter: (counts[delimiter], -DELIMITERS.index(delimiter)))


# ---- workbooks


def _xlsx_sheets(path: Path, content: bytes, limits: Limits, tidy: Tidy) -> Iterator[ReadSheet]:
    from openpyxl import load_workbook

    _refuse_strange_archive(path, content, limits)
    try:
        values = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for sheet in values.worksheets:
                xml = archive.read(sheet._worksheet_path)  # openpyxl names the part nowhere else
                marks = marks_of(xml)
                rows = tuple(_numbered(_texts(xml, sheet, marks, limits.columns), path, limits, tidy))
                hidden_rows = tuple(number for number, _cells in rows if number in marks.hidden_rows)
                yield ReadSheet(path.name, sheet.title, rows, sheet.sheet_state != "visible", hidden_rows, marks.merged)
    except InputRefused:
        raise
    except TooWide:
        raise _too_large(path) from None
    except Exception as failure:  # a damaged archive fails in openpyxl in any way at all
        raise _damaged(path) from failure


def _texts(xml: bytes, sheet: Any, marks: SheetMarks, columns: int) -> Iterator[tuple[int, Sequence[str]]]:
    for number, texts in rows_of(xml, sheet.parent, sheet._shared_strings, columns):
        for column in marks.unsaved.get(number, ()):
            texts.extend([""] * (column - len(texts)))
            texts[column - 1] = texts[column - 1] or UNSAVED_FORMULA
        yield number, texts


def _refuse_strange_archive(path: Path, content: bytes, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise _damaged(path) from None
    if unpacked > limits.unpacked:
        raise _too_large(path)
    if "[Content_Types].xml" not in names:
        raise InputRefused(_("{file} is not a spreadsheet.").format(file=path.name), _("Save it as .xlsx or CSV UTF-8 and import that."))


def _numbered(rows: Iterable[tuple[int, Sequence[str]]], path: Path, limits: Limits, tidy: Tidy) -> Iterator[Row]:
    for number, row in rows:
        cells = [restored(tidy(cell)) if cell else "" for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if number > limits.rows or len(cells) > limits.columns:
            raise _too_large(path)
        if cells:
            yield number, tuple(cells)


# ---- writing


def _frame(table: Table, defuse: bool) -> Any:
    import pandas as pd

    rows = [[_written(cell, defuse) if isinstance(cell, str) else cell for cell in row] for row in table.rows]
    headings = [_written(heading, defuse) for heading in table.headings]
    frame = pd.DataFrame(rows, columns=headings, dtype=object)
    return frame.astype({heading: kind for heading in headings if (kind := _kind(frame[heading]))})


def _written(text: str, defuse: bool) -> str:
    """`text` as a table can hold it: a file's name may have bytes that are no letters."""
    plain = _UNWRITABLE.sub("\ufffd", text)
    return defused(plain) if defuse else plain


def _kind(column: Any) -> str:
    """The column's type: whole numbers stay whole beside empty cells."""
    present = [value for value in column if value is not None]
    if present and all(type(value) is int for value in present):
        return "Int64"
    if present and all(type(value) in (int, float) for value in present):
        return "Float64"
    return "string" if all(isinstance(value, str) for value in present) else ""


def _write_xlsx(file: Any, tables: Sequence[Table]) -> None:
    import pandas as pd

    with pd.ExcelWriter(file, engine="openpyxl") as workbook:
        for table in tables:
            name = _sheet_name(table.name, {taken.casefold() for taken in workbook.sheets})
            _frame(table, defuse=True).to_excel(workbook, sheet_name=name, index=False, freeze_panes=(1, 0))
            _fit_columns(workbook.sheets[name], table)


def _sheet_name(wanted: str, taken: Collection[str]) -> str:
    """A name that a workbook may give a sheet, and no other sheet of it bears: long ones may begin alike."""
    name = _UNWRITABLE.sub(" ", re.sub(r"[\[\]:*?/\\]", " ", wanted))[:SHEET_NAME_LENGTH] or "1"
    turns = (name, *(f"{name[: SHEET_NAME_LENGTH - 4]} {number}" for number in range(2, 1000)))
    return next(each for each in turns if each.casefold() not in taken)


def _fit_columns(sheet: Any, table: Table) -> None:
    from openpyxl.utils import get_column_letter

    for place, heading in enumerate(table.headings):
        longest = max((len(str(row[place])) for row in table.rows[:200] if row[place] is not None), default=0)
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(WIDEST_COLUMN, max(len(heading), longest) + 3)
