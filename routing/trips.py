"""Trips that were driven, with odometer and times: from manifests that came back and from a table; what cannot be true is told and left out.

routing/calibrate_commands asks. The table is CSV or XLSX with `route,odometer_start,odometer_end,start,end`: kilometres, and HH:MM, which may be empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.errors import Complaint, InputRefused
from records.events import Outcome
from records.exchange import read_sheets
from records.language import _
from records.road_checks import ODOMETER_END, ODOMETER_START, OUTCOME, READ
from records.road_notes import Note, notes_of
from records.schema import Route
from routing.calibrate import LEAST_METRES, METRES_RATIO, SECONDS_RATIO, Trip, district_driven, minutes_driven, straight_metres
from routing.plan import PlannedRoute, minutes_of

COLUMNS = ("route", "odometer_start", "odometer_end")
TIMES = ("start", "end")
CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")
MOST_KM = 9_999_999.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What was noted of one route: kilometres at the start and at the end, minutes between the times (None where they are missing)."""

    route: str
    start: float
    end: float
    minutes: int | None


def trips_of(session: Session, file: Path | None) -> tuple[list[Trip], list[Complaint]]:
    """Every usable trip by its route's code, and why others are not; a row of the table goes before what a manifest says.

    Raises InputRefused where the table has no usable row.
    """
    rows = session.scalars(select(Route).order_by(Route.code)).all()
    routes = {row.code: PlannedRoute.from_json(row.definition) for row in rows}
    complaints: list[Complaint] = []
    found: dict[str, Trip] = {}
    for reading in _manifests(notes_of(session, list(routes))):
        _take(found, complaints, reading, routes[reading.route], "", None)
    if file is not None:
        _from_table(file, routes, found, complaints)
    return [found[code] for code in sorted(found)], complaints


def _manifests(notes: Mapping[str, Mapping[str, Note]]) -> Iterator[Reading]:
    """Odometers of the sheets that came back; a trip on which a road was closed did not go the planned way."""
    for code, fields in notes.items():
        closed = any(item.endswith(f".{OUTCOME}") and note.value == Outcome.ROAD_CLOSED.value for item, note in fields.items())
        start, end = (fields.get(item) for item in (ODOMETER_START, ODOMETER_END))
        if start is not None and end is not None and start.state == end.state == READ and not closed:
            yield Reading(code, float(start.value), float(end.value), None)


def _from_table(file: Path, routes: Mapping[str, PlannedRoute], found: dict[str, Trip], complaints: list[Complaint]) -> None:
    """Add the table's trips. Raises InputRefused where none is usable."""
    told: list[Complaint] = []
    taken = 0
    for number, cells in _rows(file):
        reading = _reading(file, number, cells, told)
        if reading is None:
            continue
        route = routes.get(reading.route)
        if route is None:
            text = _("There is no route {route}. The row is left out.").format(route=reading.route)
            told.append(_row(file, number, "route", reading.route, text, _("The code stands on the manifest: 26W41A-150400-1-MON.")))
        else:
            taken += _take(found, told, reading, route, file.name, number)
    if not taken:
        raise InputRefused(
            _("{file} holds no trip that can be used.").format(file=file.name),
            _("A row is route,odometer_start,odometer_end,start,end: kilometres, and times as 08:00, which may be empty."),
            tuple(told),
        )
    complaints += told


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The table's rows by column, with their numbers in the file."""
    (_first, head), *rows = next(sheet.rows for sheet in read_sheets(file) if sheet.rows)
    names = [name.strip().lower() for name in head]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise InputRefused(
            _("{file} lacks the column {column}.").format(file=file.name, column=", ".join(missing)),
            _("A row is route,odometer_start,odometer_end,start,end: kilometres, and times as 08:00, which may be empty."),
        )
    for number, cells in rows:
        yield number, {name: (cells[place].strip() if place < len(cells) else "") for place, name in enumerate(names)}


def _reading(file: Path, number: int, cells: Mapping[str, str], told: list[Complaint]) -> Reading | None:
    figures = {}
    for name in COLUMNS[1:]:
        figures[name] = _kilometres(cells[name])
        if figures[name] is None:
            text = _("«{value}» is no number of kilometres. The row is left out.").format(value=cells[name])
            told.append(_row(file, number, name, cells[name], text))
    for name in TIMES:
        if cells.get(name) and not CLOCK.fullmatch(cells[name]):
            text = _("«{value}» is no time of day: write 08:00. The trip is taken without times.").format(value=cells[name])
            told.append(_row(file, number, name, cells[name], text))
    start, end = figures["odometer_start"], figures["odometer_end"]
    if start is None or end is None:
        return None
    times = [cells.get(name, "") for name in TIMES]
    minutes = minutes_of(times[1]) - minutes_of(times[0]) if all(CLOCK.fullmatch(time) for time in times) else None
    return Reading(cells["route"].upper(), start, end, minutes)


def _kilometres(text: str) -> float | None:
    plain = text.replace("\u00a0", "").replace(" ", "").replace(",", ".")
    value = float(plain) if re.fullmatch(r"\d{1,7}(\.\d+)?", plain) else None
    return value if value is not None and value <= MOST_KM else None


def _take(found: dict[str, Trip], told: list[Complaint], reading: Reading, route: PlannedRoute, file: str, number: int | None) -> int:
    """Add the trip where it can be true, else the reason why not; answers how many were added."""
    straight, driven = straight_metres(route), (reading.end - reading.start) * 1000
    if straight is None or straight < LEAST_METRES:
        text = _("{route}: the trip is too short, or a village of it has no coordinates. It is left out.").format(route=reading.route)
    elif not METRES_RATIO[0] <= driven / straight <= METRES_RATIO[1]:
        text = _("{route}: {driven} km by the odometer, {straight} km in a straight line: this cannot be true. It is left out.").format(
            route=reading.route, driven=f"{driven / 1000:g}", straight=f"{straight / 1000:.1f}"
        )
    else:
        found[reading.route] = Trip(reading.route, district_driven(route), straight, driven, _at_the_wheel(reading, route, straight))
        return 1
    told.append(Complaint("trip_left_out", text, "", file, row=number, value=reading.route, refused=False))
    return 0


def _at_the_wheel(reading: Reading, route: PlannedRoute, straight: float) -> float | None:
    """Minutes of driving; None where the times are missing or cannot be true."""
    minutes = None if reading.minutes is None else minutes_driven(route, reading.minutes)
    if minutes is None or minutes <= 0:
        return None
    ratio = minutes * 1000 / straight  # at 60 km/h
    return minutes if SECONDS_RATIO[0] <= ratio <= SECONDS_RATIO[1] else None


def _row(file: Path, number: int, column: str, value: str, text: str, hint: str = "") -> Complaint:
    return Complaint("trip_cell", text, hint, file.name, row=number, column=column, value=value)
