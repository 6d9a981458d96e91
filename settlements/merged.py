"""Cells merged over several rows: what stands in the uppermost is meant in each. Pure.

Called by settlements/intake; records/workbook_marks finds the blocks.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from records.exchange import ReadSheet
from settlements.headings import Heading


@dataclass(frozen=True, slots=True)
class Fill:
    """The text that a cell of a row has from the merged block above it: `position` counts from 0, `column` is our name of it."""

    position: int
    column: str
    text: str


def fills(sheet: ReadSheet, heading: Heading) -> dict[int, list[Fill]]:
    """What merged blocks below the heading give to the rows that have words of their own, by the number of the row."""
    if not sheet.merged:
        return {}
    columns = {position: name for name, position in heading.places.items()}
    numbers = [number for number, _texts in sheet.rows]
    rows = dict(sheet.rows)
    found: dict[int, list[Fill]] = {}
    for top, left, bottom, _right in sheet.merged:
        position = left - 1
        text = rows.get(top, ())[position : position + 1]
        if top <= heading.row or position not in columns or not any(text):
            continue
        for number in numbers[bisect_right(numbers, top) : bisect_left(numbers, bottom + 1)]:
            found.setdefault(number, []).append(Fill(position, columns[position], text[0]))
    return found
