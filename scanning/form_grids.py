"""Rows of boxes in one line of a form's file: a `grid` becomes the boxes that scanning/form_boxes reads. Pure.

A grid: `items` ("1-25", or a list), `values` ("ABCDE", or a list), `first_mm` the middle of its first box, `step_mm` from value to value, `row_mm` from item to
item (an item's own way, as [0, 9]), `size_mm`, `shape`, `kind`. With `columns` the values run along `step_mm` and digit columns along `column_mm`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from records.language import N_, _

RANGE = re.compile(r"\s*([^\d\s]*)(\d{1,4})\s*[-–]\s*([^\d\s]*)(\d{1,4})\s*")
MOST = 4000
FIELDS = {"items", "values", "first_mm", "step_mm", "row_mm", "size_mm", "shape", "kind", "columns", "column_mm"}
WHAT = N_("A grid needs `items`, `values`, `first_mm`, `step_mm`, `row_mm` and `size_mm`; with `columns` also `column_mm`.")


class NotAGrid(Exception):
    """The grid cannot be unfolded: `text` says why, `value` where."""

    def __init__(self, text: str, value: object = "") -> None:
        super().__init__(text)
        self.text, self.value = text, str(value)[:80]


def boxes_of_grid(grid: object) -> Iterator[dict[str, Any]]:
    """The boxes of a grid, as the file would list them one by one; raises NotAGrid."""
    if not isinstance(grid, Mapping) or set(map(str, grid)) - FIELDS:
        raise NotAGrid(_(WHAT), grid)
    items, values = _items(grid.get("items")), _values(grid.get("values"))
    first, step = _way(grid, "first_mm"), _way(grid, "step_mm")
    row = _way(grid, "row_mm") if len(items) > 1 else (0.0, 0.0)
    columns = grid.get("columns")
    if columns is not None and (not isinstance(columns, int) or isinstance(columns, bool) or not 1 <= columns <= 30):
        raise NotAGrid(_(WHAT), columns)
    across = _way(grid, "column_mm") if columns and columns > 1 else (0.0, 0.0)
    if len(items) * len(values) * (columns or 1) > MOST:
        raise NotAGrid(_("A grid of more than {most} boxes cannot be read.").format(most=MOST))
    size = grid.get("size_mm")
    for place, item in enumerate(items):
        for column in range(1, (columns or 1) + 1):
            for turn, value in enumerate(values):
                x, y = (first[axis] + place * row[axis] + (column - 1) * across[axis] + turn * step[axis] for axis in (0, 1))
                yield {
                    "item": item,
                    "value": value,
                    "column": column if columns else None,
                    "kind": grid.get("kind", "digit" if columns else "choice"),
                    "shape": grid.get("shape", "circle"),
                    "center_mm": [round(x, 3), round(y, 3)],
                    "size_mm": size if isinstance(size, list) else [size, size],
                }


def _items(told: object) -> list[str]:
    """`1-25`, `A1-A30`, one name, or a list of names."""
    if isinstance(told, list) and told:
        return [str(each) for each in told]
    ranged = RANGE.fullmatch(str(told)) if isinstance(told, str) else None
    if ranged and ranged[3] in ("", ranged[1]) and int(ranged[2]) <= int(ranged[4]):
        return [f"{ranged[1]}{number}" for number in range(int(ranged[2]), int(ranged[4]) + 1)]
    if isinstance(told, str | int) and not isinstance(told, bool) and str(told):
        return [str(told)]
    raise NotAGrid(_(WHAT), told)


def _values(told: object) -> list[str]:
    if isinstance(told, list) and told and not any(isinstance(each, bool) for each in told):
        return [str(each) for each in told]
    if isinstance(told, str | int) and not isinstance(told, bool) and str(told):
        return list(str(told))
    raise NotAGrid(_(WHAT), told)


def _way(grid: Mapping[Any, Any], name: str) -> tuple[float, float]:
    told = grid.get(name)
    if (
        not isinstance(told, list)
        or len(told) != 2
        or not all(isinstance(each, int | float) and not isinstance(each, bool) and abs(each) < 1e4 for each in told)
    ):
        raise NotAGrid(_(WHAT), f"{name}: {str(told)[:60]}")
    return float(told[0]), float(told[1])
