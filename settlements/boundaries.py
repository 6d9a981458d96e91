"""Boundaries of districts: read from GeoJSON, kept in the database, and asked where a point lies.

Called by settlements/check_places and its map. Shapely does the geometry; degrees become metres only for distances of a few kilometres.
The boundaries that can be had are simplified, so a village is outside only where it is FAR_OUTSIDE_METRES from its district.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from shapely import STRtree, make_valid
from shapely.affinity import scale
from shapely.errors import ShapelyError
from shapely.geometry import Point, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from records import journal
from records.errors import Complaint, InputRefused
from records.files import explained, file_digest
from records.language import _
from records.schema import DistrictShape
from settlements.codes import REPUBLICAN_CITIES, Level, district_of, is_kato, level_of, oblast_of
from settlements.distance import metres
from settlements.kato import Classifier, bare_name

FAR_OUTSIDE_METRES = 5_000  # boundaries simplified to 0.01 degrees are off by up to a kilometre, centres of villages by another
POLYGONS = ("Polygon", "MultiPolygon")
# The Caspian within and before Kazakhstan: west, south, east, north in degrees. Roughly: only points outside every district are asked.
CASPIAN = (46.6, 41.0, 54.0, 47.3)


@dataclass(frozen=True, slots=True)
class Boundary:
    """One district: a polygon in degrees, longitude first (RFC 7946)."""

    kato: str
    name_kk: str
    name_ru: str
    outline: BaseGeometry


@dataclass(frozen=True)
class Boundaries:
    """All districts that are loaded; those of cities of republican significance stand under their own codes."""

    districts: tuple[Boundary, ...]

    @cached_property
    def by_code(self) -> dict[str, Boundary]:
        """The districts by KATO."""
        return {each.kato: each for each in self.districts}

    @cached_property
    def _tree(self) -> STRtree:
        return STRtree([each.outline for each in self.districts])

    def at(self, lat: float, lon: float) -> Boundary | None:
        """The district in which a point lies; None outside all."""
        hits = self._tree.query(Point(lon, lat), predicate="intersects")
        return self.districts[min(hits)] if len(hits) else None

    def expected(self, kato: str) -> list[Boundary]:
        """Where a place of that code may lie: its district, or all of its region's where the district's boundary is not loaded."""
        own = self.by_code.get(kato) or self.by_code.get(kato[:6] + "000") or self.by_code.get(district_of(kato))
        if own is not None:
            return [own]
        return [each for each in self.districts if oblast_of(each.kato) == oblast_of(kato)]

    def metres_outside(self, kato: str, lat: float, lon: float) -> float:
        """How far a point lies outside of where its code says, in metres; 0 within, and where nothing is known."""
        expected = self.expected(kato)
        return min((metres_to(each.outline, lat, lon) for each in expected), default=0.0)

    def metres_from_land(self, lat: float, lon: float) -> float:
        """How far a point lies from the nearest district, in metres."""
        nearest = self._tree.nearest(Point(lon, lat))
        return metres_to(self.districts[int(nearest)].outline, lat, lon) if self.districts else 0.0


def metres_to(outline: BaseGeometry, lat: float, lon: float) -> float:
    """Great-circle metres from a point to the nearest point of a polygon in degrees; 0 within it."""
    point = Point(lon, lat)
    if outline.intersects(point):
        return 0.0
    near, _here = nearest_points(_squeezed(outline, lat), _squeezed(point, lat))
    return metres(near.y, near.x / math.cos(math.radians(lat)), lat, lon)


def in_the_caspian(lat: float, lon: float) -> bool:
    """Whether a point that lies in no district lies in the sea rather than in another country."""
    west, south, east, north = CASPIAN
    return west <= lon <= east and south <= lat <= north


def read_boundaries(path: Path, classifier: Classifier | None) -> tuple[list[Boundary], list[Complaint]]:
    """Districts out of a GeoJSON FeatureCollection with the properties kato, name_kk, name_ru; raises InputRefused for another file.

    A code that the classifier has for something else than a district is mended by the district's own name, and told.
    """
    features = _features(path)
    found: dict[str, Boundary] = {}
    complaints: list[Complaint] = []
    for number, feature in enumerate(features, start=1):
        boundary, told = _boundary(feature, number, path.name, classifier)
        complaints.extend(told)
        if boundary and boundary.kato in found:
            text = _("The district {kato} stands in the file twice; the first was kept.").format(kato=boundary.kato)
            complaints.append(Complaint("doubled", text, "", path.name, row=number, column="kato", value=boundary.kato))
        elif boundary:
            found[boundary.kato] = boundary
    if not found:
        raise _no_boundaries(path, complaints)
    return sorted(found.values(), key=lambda each: each.kato), complaints


def keep_boundaries(session: Session, found: Iterable[Boundary], path: Path) -> bool:
    """Put the districts into the open write session in place of what was there; answers whether that changed anything."""
    rows = [{"kato": each.kato, "name_kk": each.name_kk, "name_ru": each.name_ru, "geometry": _plain(each.outline)} for each in found]
    before = {row.kato: (row.name_kk, row.name_ru, row.geometry) for row in session.scalars(select(DistrictShape))}
    if before == {row["kato"]: (row["name_kk"], row["name_ru"], row["geometry"]) for row in rows}:
        return False
    session.execute(delete(DistrictShape))
    session.execute(insert(DistrictShape), rows)
    journal.record(session, "settlements.load_districts", file_digest(path), districts=len(rows))
    return True


def boundaries(session: Session) -> Boundaries | None:
    """What is loaded; None where nothing is."""
    rows = session.scalars(select(DistrictShape).order_by(DistrictShape.kato))
    found = tuple(Boundary(row.kato, row.name_kk, row.name_ru, shape(row.geometry)) for row in rows)
    return Boundaries(found) if found else None


def _features(path: Path) -> list[Any]:
    with explained(path):
        content = path.read_bytes()
    try:
        data = json.loads(content)
    except ValueError:
        raise _no_boundaries(path, []) from None
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        raise _no_boundaries(path, [])
    return features


def _boundary(feature: Any, number: int, file: str, classifier: Classifier | None) -> tuple[Boundary | None, list[Complaint]]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    named = properties if isinstance(properties, dict) else {}
    kato, name_kk, name_ru = (str(named.get(name) or "") for name in ("kato", "name_kk", "name_ru"))
    if not is_kato(kato):
        return None, [
            Complaint("kato", _("«{value}» is not a KATO code.").format(value=kato), "", file, row=number, column="kato", value=kato)
        ]
    outline = _outline(feature.get("geometry"))
    if outline is None:
        text = _("The district {kato} has no polygon that can be used.").format(kato=kato)
        return None, [Complaint("geometry", text, "", file, row=number, column="geometry", value=kato)]
    right = _right_code(kato, name_kk, classifier)
    told = []
    if right != kato:
        text = _("{kato} is not the district {name}: its boundary was kept as {right}.").format(kato=kato, name=name_kk, right=right)
        told.append(Complaint("code_mended", text, "", file, row=number, column="kato", value=kato, refused=False))
    return Boundary(right, name_kk, name_ru, outline), told


def _outline(geometry: Any) -> BaseGeometry | None:
    """The polygon, repaired where its rings cross themselves; None for anything else."""
    if not isinstance(geometry, dict) or geometry.get("type") not in POLYGONS:
        return None
    try:
        outline = shape(geometry)
        if not outline.is_valid:
            outline = make_valid(outline, method="structure", keep_collapsed=False)
    except (ShapelyError, ValueError, TypeError, IndexError, AttributeError):
        return None
    west, south, east, north = outline.bounds if not outline.is_empty else (999.0,) * 4
    inside = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    return outline if inside and outline.area > 0 else None


def _right_code(kato: str, name: str, classifier: Classifier | None) -> str:
    """The code of the district of that name in the region, where `kato` is not a district's."""
    if classifier is None or kato[:2] in REPUBLICAN_CITIES or level_of(kato) is Level.DISTRICT:
        return kato
    fitting = [
        unit.kato
        for unit in classifier.by_name.get(bare_name(name), ())
        if unit.level is Level.DISTRICT and oblast_of(unit.kato) == oblast_of(kato)
    ]
    return fitting[0] if len(fitting) == 1 else kato


def _no_boundaries(path: Path, complaints: list[Complaint]) -> InputRefused:
    return InputRefused(
        _("{file} does not hold boundaries of districts.").format(file=path.name),
        _("It is a GeoJSON FeatureCollection of polygons with the properties kato, name_kk and name_ru."),
        tuple(complaints),
    )


def _squeezed(geometry: BaseGeometry, lat: float) -> BaseGeometry:
    """The geometry with degrees of longitude made as short as those of latitude at `lat`."""
    return scale(geometry, xfact=math.cos(math.radians(lat)), yfact=1.0, origin=(0, 0))


def _plain(outline: BaseGeometry) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(mapping(outline)))
    return plain
