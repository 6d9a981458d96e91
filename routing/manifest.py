"""Manifests: a PDF for each route, and one of all routes of an office. The same route gives the same bytes, handed over or not.

routing/commands writes them. What a sheet looks like is routing/sheet's matter. No names of people stand on it: villages and offices only.
"""

from __future__ import annotations

from collections.abc import Sequence

from packets.paper import Pen
from routing.plan import PlannedRoute
from routing.sheet import BOTTOM, FOOT_MM, HEADING_MM, ROW_MM, SHEET_MM, TABLE_TOP, Row, foot, head, rows, table_heading, table_row


def manifest(week: str, routes: Sequence[PlannedRoute], title: str) -> bytes:
    """The PDF of the routes' sheets, one route after the other, each counted from 1."""
    pen = Pen(SHEET_MM, title)
    for route in routes:
        _draw(pen, week, route)
    return pen.pdf()


def sheets_of(route: PlannedRoute) -> int:
    """How many sheets the route takes."""
    return len(_parted(rows(route)))


def _draw(pen: Pen, week: str, route: PlannedRoute) -> None:
    parts = _parted(rows(route))
    for number, part in enumerate(parts, start=1):
        head(pen, week, route, number, len(parts))
        top = TABLE_TOP
        if part:
            table_heading(pen)
            top += HEADING_MM
        for row in part:
            table_row(pen, top, row)
            top += ROW_MM
        if number == len(parts):
            foot(pen, top, route)
        pen.end_page()


def _parted(all_rows: Sequence[Row]) -> list[Sequence[Row]]:
    """The rows sheet by sheet; the last sheet keeps room for the foot, and stands alone where there is none."""
    room = BOTTOM - TABLE_TOP - HEADING_MM
    full, last = int(room / ROW_MM), int((room - FOOT_MM) / ROW_MM)
    parts: list[Sequence[Row]] = []
    left = list(all_rows)
    while len(left) > last:
        take = min(full, len(left) - 1) if len(left) <= full else full
        parts.append(left[:take])
        left = left[take:]
    return [*parts, left]
