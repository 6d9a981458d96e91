"""The villages out of the register: as an overview with pupils, office and school, as a spreadsheet, as a map layer.

Called by settlements/commands. A spreadsheet written here can be imported again and changes nothing.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.errors import UsageRefused
from records.exchange import WRITTEN_SUFFIXES, write_table
from records.files import write_text
from records.language import _
from records.schema import Settlement
from settlements.areas import Areas, areas
from settlements.codes import Level, scope_prefix
from settlements.register import office_of, offices, villages
from settlements.roster import learners

LISTED = ("kato", "name_kk", "name_ru", "lat", "lon", "pupils", "office", "school")
EXPORTED = ("kato", "name_kk", "name_ru", "lat", "lon", "population", "office", "mail_days", "visits")
ABOVE = ("district_kato", "district", "region_kato", "region")  # with the classifier loaded


def overview(session: Session, district: str = "", within: str = "") -> list[dict[str, Any]]:
    """The villages below both codes as `settlements list` answers them; `school` is the hub school that most of a village's pupils name."""
    named: dict[str, Counter[str]] = defaultdict(Counter)
    for learner in learners(session, district):
        named[learner.kato][learner.school] += 1
    known_offices = offices(session)
    rows = []
    inside = scope_prefix(within) if within else ""
    for village in (each for each in villages(session, district) if each.kato.startswith(inside)):
        places = (village.kato, village.name_kk, village.name_ru, village.lat, village.lon)
        schools = named[village.kato]
        people = (schools.total(), office_of(village, known_offices), _most_named(schools))
        rows.append(dict(zip(LISTED, (*places, *people), strict=True)))
    return rows


def export_settlements(session: Session, path: Path, language: str) -> int:
    """Write every village to `path` by its suffix; answers how many. Raises UsageRefused for another kind of file.

    With a classifier loaded, district and region stand beside each village, in `language`: an import leaves those columns out.
    """
    above = _above(session, language)
    if path.suffix.lower() == ".geojson":
        rows = [{**row, **dict(zip(ABOVE, above(row["kato"]), strict=False))} for row in overview(session)]
        write_text(path, json.dumps(map_layer(rows), ensure_ascii=False, indent=1) + "\n")
        return len(rows)
    if path.suffix.lower() not in WRITTEN_SUFFIXES:
        raise UsageRefused(
            _("{file} is no kind of file that can be written.").format(file=path.name), _("Use .csv, .xlsx, .parquet or .geojson.")
        )
    stored = session.execute(select(*(Settlement.__table__.c[name] for name in EXPORTED)).order_by(Settlement.kato))
    rows_out = [(*row, *above(row.kato)) for row in stored]
    write_table(path, EXPORTED + ABOVE[: len(above(""))], rows_out, "settlements")
    return len(rows_out)


def _above(session: Session, language: str) -> Callable[[str], tuple[str, ...]]:
    """The values of ABOVE for a village; none at all where no classifier is loaded."""
    districts = areas(session, "district")
    regions = Areas(Level.OBLAST, districts.known, districts.on)

    def named(kato: str) -> tuple[str, ...]:
        if districts.known is None:
            return ()
        district, region = districts.of(kato), regions.of(kato)
        return district, districts.name(district, language), region, regions.name(region, language)

    return named


def map_layer(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The overview as a GeoJSON FeatureCollection (RFC 7946: longitude first); a village without coordinates has no geometry."""
    features = []
    for row in rows:
        placed = row["lat"] is not None and row["lon"] is not None
        geometry = {"type": "Point", "coordinates": [row["lon"], row["lat"]]} if placed else None
        properties = {name: row[name] for name in (*LISTED, *ABOVE) if name in row and name not in ("lat", "lon")}
        features.append({"type": "Feature", "id": row["kato"], "geometry": geometry, "properties": properties})
    return {"type": "FeatureCollection", "features": features}


def _most_named(schools: Counter[str]) -> str:
    named = [(-count, school) for school, count in schools.items() if school]
    return min(named)[1] if named else ""
