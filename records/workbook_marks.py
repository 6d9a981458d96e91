"""What a sheet of an XLSX workbook says beside its values: formulas saved without a value, hidden rows, merged cells. Pure.

Called by records/exchange, since openpyxl's quick reader tells none of them. A program that writes a workbook without calculating it leaves formulas
empty; a spreadsheet program fills them in when it opens and saves the file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from xml.etree.ElementTree import Element, ParseError, iterparse

from records.workbook_cells import column_number

_NAME = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_COLUMN = re.compile(r"[A-Z]+")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*\bref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)[\"']")
MOST_BLOCKS = 100_000

Block = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class SheetMarks:
    """Rows and columns count from 1. `unsaved`: the columns of formulas without a saved value, by row.

    `merged`: blocks of more than one row as top, left, bottom, right; blocks never overlap.
    """

    unsaved: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[Block, ...] = ()


def marks_of(xml: bytes) -> SheetMarks:
    """The marks of one sheet (ECMA-376 part 1, 18.3.1.73 row and 18.3.1.4 c); raises ParseError where it is not one, TooWide beyond the last column."""
    merged = tuple(_merged(xml))
    if b"<f" not in xml and b":f" not in xml and b"hidden=" not in xml:
        return SheetMarks(merged=merged)
    if b"<!DOCTYPE" in xml:
        raise ParseError("a sheet has no document type")
    unsaved: dict[int, tuple[int, ...]] = {}
    hidden: set[int] = set()
    for number, row in _rows(xml):
        if row.get("hidden") in ("1", "true"):
            hidden.add(number)
        columns = tuple(place for place, cell in _cells(row) if _is_unsaved(cell))
        if columns:
            unsaved[number] = columns
    return SheetMarks(unsaved, frozenset(hidden), merged)


def _merged(xml: bytes) -> Iterator[Block]:
    """The merged blocks that are higher than one row (18.3.1.55 mergeCells): they stand behind all cells."""
    below = xml.rfind(b"sheetData>")
    for found in islice(_MERGED.finditer(xml, max(below, 0)), MOST_BLOCKS):
        left, top, right, bottom = (part.decode() for part in found.groups())
        if int(bottom) > int(top):
            yield int(top), column_number(left), int(bottom), column_number(right)


def _rows(xml: bytes) -> Iterator[tuple[int, Element]]:
    """Each row with its number, which a writer may leave out; rows are let go as soon as they have been looked at."""
    number = 0
    for _event, element in iterparse(io.BytesIO(xml)):  # noqa: S314 - no document type gets here, and expat bounds what entities may grow to
        if element.tag == f"{_NAME}row":
            number = int(element.get("r") or number + 1)
            yield number, element
            element.clear()


def _cells(row: Element) -> Iterator[tuple[int, Element]]:
    column = 0
    for cell in row.iter(f"{_NAME}c"):
        letters = _COLUMN.match(cell.get("r") or "")
        column = column_number(letters.group()) if letters else column + 1
        yield column, cell


def _is_unsaved(cell: Element) -> bool:
    """A formula without a value; one whose value is a text (`t="str"`) may be empty by right."""
    return cell.find(f"{_NAME}f") is not None and not cell.findtext(f"{_NAME}v") and cell.get("t") != "str"
