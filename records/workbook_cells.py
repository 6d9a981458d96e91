"""The cells of one sheet of an XLSX workbook as text, row by row, in one quick pass over its XML. Pure.

Called by records/exchange, which opens the workbook with openpyxl: shared strings and formats come from there. openpyxl's own pass over the rows
makes objects of every cell and takes several times as long, which counts with lists of a whole country.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.parsers import expat

LAST_COLUMN = 16_384  # XFD: no spreadsheet has more
CHUNK = 1 << 16  # bytes that are parsed before the rows in them are handed on
_COLUMN = re.compile(r"[A-Z]+")
_ALL_ZEROS = re.compile(r"0{2,}")


class TooWide(ValueError):
    """A cell stands beyond the columns that a sheet can have or may have."""


class _Formats:
    """What the styles of a workbook make of a number: a text with leading zeros, a moment, or the number itself."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._zeros: dict[int, int] = {}

    def text(self, written: str, style: int) -> str:
        """The text of a number cell."""
        value = _number(written)
        if style in self._book._date_formats:
            return self._moment(value, style)
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            value = int(value)
        if not isinstance(value, int) or not style:
            return str(value)
        if style not in self._zeros:
            self._zeros[style] = self._count_zeros(style)
        return str(value).zfill(self._zeros[style])

    def _count_zeros(self, style: int) -> int:
        """How many places a format of nothing but zeros shows (000000), else none."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

        number = self._book._cell_styles[style].numFmtId
        own = number - BUILTIN_FORMATS_MAX_SIZE
        form = BUILTIN_FORMATS.get(number, "") if own < 0 else self._book._number_formats[own]
        return len(form) if _ALL_ZEROS.fullmatch(str(form)) else 0

    def _moment(self, value: float, style: int) -> str:
        from openpyxl.utils.datetime import from_excel

        try:
            return moment_text(from_excel(value, self._book.epoch, timedelta=style in self._book._timedelta_formats))
        except (OverflowError, ValueError):
            return "#VALUE!"


class _Rows:
    """What the parser has seen: finished rows, and the row and cell that it stands in. Rows and columns count from 1."""

    def __init__(self, formats: _Formats, strings: Sequence[str], columns: int) -> None:
        self._most = columns
        self.finished: list[tuple[int, list[str]]] = []
        self._formats = formats
        self._strings = strings
        self._columns: dict[str, int] = {}
        self._row = 0
        self._texts: list[str] = []
        self._column, self._type, self._style = 0, "n", 0
        self._words: list[str] = []
        self._listens = self._in_cell = False
        self._aside = 0

    def begin(self, name: str, given: Mapping[str, str]) -> None:
        """An element begins."""
        tag = name.rpartition(" ")[2]
        if tag == "c":
            where = given.get("r")
            self._column = self._place(where) if where else self._column + 1
            self._type, self._style = given.get("t", "n"), int(given.get("s", 0))
            self._words.clear()
            self._in_cell = True
        elif tag == "row":
            self._row = int(given.get("r") or self._row + 1)
            self._texts, self._column = [], 0
        elif tag == "rPh":
            self._aside += 1  # how Japanese words are read aloud
        elif self._in_cell and (tag == "t" if self._type == "inlineStr" else tag == "v"):
            self._listens = not self._aside

    def hear(self, words: str) -> None:
        """Words between elements."""
        if self._listens:
            self._words.append(words)

    def end(self, name: str) -> None:
        """An element ends."""
        tag = name.rpartition(" ")[2]
        if tag in ("v", "t"):
            self._listens = False
        elif tag == "c":
            self._in_cell = False
            if self._words and (text := self._text("".join(self._words))):
                self._put(text)
        elif tag == "row":
            self.finished.append((self._row, self._texts))
        elif tag == "rPh":
            self._aside -= 1

    def _put(self, text: str) -> None:
        """Give the cell its text; the row becomes no wider than it may be, and a cell beyond that may hold spaces only."""
        if self._column > self._most:
            if text.strip():
                raise TooWide
            return
        self._texts += [""] * (self._column - len(self._texts))
        self._texts[self._column - 1] = text

    def _text(self, written: str) -> str:
        if self._type == "s":
            return self._strings[int(written)]
        if self._type == "n":
            return self._formats.text(written, self._style)
        if self._type == "b":
            return "true" if int(written) else "false"
        return _iso_text(written) if self._type == "d" else written

    def _place(self, where: str) -> int:
        letters = _COLUMN.match(where)
        if letters is None:
            return self._column + 1
        found = self._columns.get(letters.group())
        if found is None:
            found = self._columns[letters.group()] = column_number(letters.group())
        return found


def rows_of(xml: bytes, book: Any, strings: Sequence[str], columns: int = LAST_COLUMN) -> Iterator[tuple[int, list[str]]]:
    """Each row's number and texts (ECMA-376 part 1, 18.3.1.4 c and 18.18.11 ST_CellType), of at most so many columns.

    Raises ExpatError for what is no sheet, TooWide at the first text beyond the columns.
    """
    rows = _Rows(_Formats(book), strings, columns)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = rows.begin, rows.end, rows.hear
    parser.StartDoctypeDeclHandler = _refuse_document_type
    for start in range(0, len(xml), CHUNK):
        parser.Parse(xml[start : start + CHUNK], False)
        yield from rows.finished
        rows.finished.clear()
    parser.Parse(b"", True)
    yield from rows.finished


def column_number(letters: str) -> int:
    """The column's number: A is 1, AA is 27, XFD is LAST_COLUMN; raises TooWide beyond it."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
        if number > LAST_COLUMN:
            raise TooWide(letters[:9])
    return number


def moment_text(value: object) -> str:
    """A date or time as text: a day without its midnight, a time to the minute."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else f"{value}"


def _number(written: str) -> int | float:
    try:
        return int(written)
    except ValueError:
        return float(written)


def _iso_text(written: str) -> str:
    from openpyxl.utils.datetime import from_ISO8601

    return moment_text(from_ISO8601(written))


def _refuse_document_type(*_given: object) -> None:
    raise expat.ExpatError("a sheet has no document type")
