"""What maps in one HTML file share: projection, outlines of districts, the page's style, and moving about in it; nothing from the net.

Called by settlements/check_map and routing/map_page. Drawn as SVG in kilometres of an equirectangular projection around the middle of what is shown,
which is true enough for finding a village. In the page, whatever has the class `village` keeps its size on the screen, and a click on
anything with `data-kato` shows the place.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
STYLE, SCRIPT = "map_page.css", "map_page.js"
KM_A_DEGREE = 111.2
MARGIN = 0.05
COUNTRY = (40.5, 55.5, 46.4, 87.4)  # south, north, west, east: what is shown where no place is known
View = tuple[float, float, float, float]


@dataclass(frozen=True)
class Projection:
    """Kilometres east and south of the north-western corner of what is shown."""

    west: float
    north: float
    squeeze: float

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        """x and y in kilometres of a point in degrees."""
        return round((lon - self.west) * KM_A_DEGREE * self.squeeze, 2), round((self.north - lat) * KM_A_DEGREE, 2)


def framed(places: Iterable[tuple[float, float]], outlines: Sequence[Any] = ()) -> tuple[Projection, View]:
    """A projection of these places (latitude, longitude) and outlines, and the SVG's view with a margin: x, y, width, height in kilometres."""
    known = list(places)
    lats = [lat for lat, _lon in known] + [edge for outline in outlines for edge in outline.bounds[1::2]]
    lons = [lon for _lat, lon in known] + [edge for outline in outlines for edge in outline.bounds[0::2]]
    south, north, west, east = (min(lats), max(lats), min(lons), max(lons)) if lats else COUNTRY
    projection = Projection(west, north, math.cos(math.radians((south + north) / 2)))
    width, height = projection.place(south, east)
    margin = max(width, height, 10.0) * MARGIN
    return projection, (-margin, -margin, width + 2 * margin, height + 2 * margin)


def rings(outline: Any, projection: Projection) -> list[list[tuple[float, float]]]:
    """The outline's rings in kilometres, holes among them."""
    polygons = [part for part in getattr(outline, "geoms", [outline]) if part.geom_type == "Polygon"]
    return [
        [projection.place(lat, lon) for lon, lat in ring.coords] for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)
    ]


def district_path(outline: Any, name: str, projection: Projection) -> str:
    """A district as an SVG path that tells its name."""
    path = " ".join("M" + "L".join(f"{x} {y}" for x, y in ring) + "Z" for ring in rings(outline, projection))
    return f'<path class="district" d="{path}"><title>{escape(name)}</title></path>'


def viewed(view: View) -> str:
    """The view as SVG writes it."""
    return " ".join(str(round(value, 1)) for value in view)


def filled(template: Path, parts: Mapping[str, str]) -> str:
    """The template's page with its parts, with the style and the script that all maps share."""
    shared = {name: (DATA / file).read_text(encoding="utf-8").strip() for name, file in (("style", STYLE), ("script", SCRIPT))}
    head, *pieces = template.read_text(encoding="utf-8").split("{{")
    page = [head]
    for piece in pieces:
        name, rest = piece.split("}}", 1)
        page.append((shared | dict(parts))[name] + rest)
    return "".join(page)
