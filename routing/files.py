"""A plan as a file for other programs: the contract's JSON, GeoJSON for a map, or a table with a row for each stop.

`routes export --to FILE` writes it; the suffix says which.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from records.errors import UsageRefused
from records.exchange import WRITTEN_SUFFIXES, Scalar, Table, write_tables
from records.files import write_text
from records.language import _
from routing.plan import CONTRACT_STOP, Plan, PlannedRoute

Point = tuple[float, float]  # longitude, latitude: the order of GeoJSON (RFC 7946)


def write_plan(path: Path, plan: Plan, answer: dict[str, Any]) -> None:
    """Write the plan to `path`; `answer` is what `routes export` says. Raises UsageRefused for an unknown suffix."""
    suffix = path.suffix.lower()
    if suffix == ".json":
        write_text(path, json.dumps(answer, ensure_ascii=False, indent=1) + "\n")
    elif suffix == ".geojson":
        write_text(path, json.dumps(as_geojson(plan), ensure_ascii=False) + "\n")
    elif suffix in WRITTEN_SUFFIXES:
        write_tables(path, [stop_table(plan)])
    else:
        raise UsageRefused(
            _("A plan cannot be written as {file}.").format(file=path.name), _("Use .json, .geojson, .csv, .xlsx or .parquet.")
        )


def as_geojson(plan: Plan) -> dict[str, Any]:
    """A line for each route and a point for each stop; places without coordinates are passed over."""
    features: list[dict[str, Any]] = []
    for route in plan.routes:
        words = {"route": route.code, "date": route.date, "vehicle": route.vehicle, "metres": route.metres}
        features.append(_feature("LineString", _line(route), words))
        for stop in route.stops:
            point = _point(stop.lat, stop.lon)
            if point is not None:
                named = {"name_kk": stop.name_kk, "name_ru": stop.name_ru}
                features.append(
                    _feature("Point", point, {"route": route.code, "order": stop.order, "kato": stop.kato, "arrive": stop.arrive, **named})
                )
    return {"type": "FeatureCollection", "features": features}


def stop_table(plan: Plan) -> Table:
    """A row for each stop, with its route's code, office, date and vehicle."""
    rows: list[list[Scalar]] = []
    named = ("date", *(name for name in CONTRACT_STOP if name != "date"))
    for route in plan.routes:
        head = [route.code, route.office, route.vehicle]
        rows += [[*head, *(getattr(stop, name) for name in named)] for stop in route.stops]
    return Table("routes", ["route", "office", "vehicle", *named], rows)


def _line(route: PlannedRoute) -> list[Point]:
    places = [(route.lat, route.lon), *((stop.lat, stop.lon) for stop in route.stops), (route.lat, route.lon)]
    return [point for point in (_point(lat, lon) for lat, lon in places) if point is not None]


def _point(lat: float | None, lon: float | None) -> Point | None:
    return None if lat is None or lon is None else (lon, lat)


def _feature(kind: str, coordinates: object, words: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": words}
