"""An assignment in the teacher's workbook, and how tests change its cells: as a person would, saved by another program."""

import io
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from packets import template
from packets.assignment import Assignment
from packets.authoring import Reading
from packets.template import filled_workbook
from packets.template_words import COLUMNS, HEAD
from packets.xlsx_door import read_workbook

BODY: dict[str, Any] = {
    "assignment": "math-5-kk-w41", "subject": "math", "grade": 5, "language": "kk", "title": "Бөлшектер", "kind": "formative", "week": "2026-W41",
    "lesson": {"channel": "Балапан", "date": "2026-10-06", "time": "10:20"}, "schools": ["S1", "S2"],
    "parts": [
        {"text": "**Оқы:**\n\n- бір\n- екі"},
        {"question": "1/2 + 1/4 = ?", "choices": ["3/4", "1/6", "=2/6", "084"], "answer": "A", "points": "1"},
        {"question": "Жұп сандар", "choices": ["2", "3", "4"], "answer": ["A", "C"], "partial": True, "points": "1.5"},
        {"question": "Сәйкестендір", "rows": ["шаршы", "дөңгелек"], "columns": ["0", "4"], "answer": ["B", "A"], "points": "1"},
        {"question": "-7 × 12 = ?", "number": "84", "digits": 3, "points": "2"},
        {"question": "Түсіндір\nжаз", "lines": 5, "points": "3", "rubric": "- 1 балл: жауап"},
        {"question": "Неше градус?", "number": "-3.5", "digits": 2, "decimals": 1, "minus": True, "points": "1"},
        {"question": "Астана?", "short": "Астана", "points": "1"},
        {"question": "Сыз", "frame": 40, "squares": True, "points": "2", "rubric": "шаршы"},
    ],
}  # fmt: skip
WHOLE = Assignment.from_json(BODY)
HEAD_ROW = {field.name: row for row, field in enumerate(HEAD, start=template.HEAD_TOP)}
COLUMN = {column.name: place for place, column in enumerate(COLUMNS, start=1)}
FIRST = 2  # the row of the first part


@cache
def whole(language: str = "en") -> bytes:
    return filled_workbook(WHOLE, language)


def edited(folder: Path, change: Callable[[Any], None], content: bytes | None = None) -> Path:
    """The whole workbook, changed as a person would change it and saved by another program."""
    book = load_workbook(io.BytesIO(content or whole()))
    change(book)
    file = folder / "a.xlsx"
    book.save(file)
    return file


def read(folder: Path, head: Mapping[str, object] | None = None, lines: Mapping[tuple[int, str], object] | None = None) -> Reading:
    """The whole assignment with some cells of its head, by field, and of its lines, by part and column, written over."""

    def change(book: Any) -> None:
        for name, value in (head or {}).items():
            book.worksheets[0].cell(HEAD_ROW[name], 2).value = value
        for (row, name), value in (lines or {}).items():
            book.worksheets[1].cell(row, COLUMN[name]).value = value

    return read_workbook(edited(folder, change))


def told(reading: Reading) -> list[tuple[str, int | None, str, str]]:
    return [(each.sheet, each.row, each.column, each.code) for each in reading.complaints]
