"""The pages that can be filled in, as `packets layout` tells of them; nothing else is known here of how they were made.

Read by play.py from the JSON of the contract (DESIGN section 6): millimetres from the page's top left, y downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

WORKSHEET, COVER, MANIFEST, REVIEW = "worksheet", "cover", "manifest", "review"


@dataclass(frozen=True, slots=True)
class Place:
    """One box for a mark. `center` and `size` in millimetres; `column` counts digit columns from 1 at the left, else None."""

    item: str
    value: str
    kind: str
    center: tuple[float, float]
    size: tuple[float, float]
    column: int | None = None
    shape: str = "circle"

    @property
    def radius(self) -> float:
        """Half the mean of width and height, in millimetres."""
        return (self.size[0] + self.size[1]) / 4


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """One printed side: where its picture is, and where its boxes lie. `several` names the items that may hold more than one mark."""

    page: str
    kind: str
    packet: str
    pdf: str
    pdf_page: int
    size: tuple[float, float]
    places: tuple[Place, ...]
    several: frozenset[str] = frozenset()

    @property
    def items(self) -> dict[str, tuple[Place, ...]]:
        """The boxes of each item, in printed order."""
        found: dict[str, list[Place]] = {}
        for place in self.places:
            found.setdefault(place.item, []).append(place)
        return {item: tuple(places) for item, places in found.items()}


def comma_of(places: Iterable[Place]) -> int:
    """The column of a number where a comma is printed: the one that the count of its digit columns leaves out; 0 where none is."""
    columns = {place.column for place in places if place.column}
    return next((column for column in range(2, max(columns, default=0)) if column not in columns), 0)


def sheets_of(layout: Mapping[str, Any], several: Mapping[str, Iterable[str]] | None = None) -> list[PrintedSheet]:
    """The pages in `data` of `packets layout`, in its order.

    `several`: for an assignment's code, the items where several answers may be marked: the contract's layout does not tell them from
    items with one answer. Square boxes count as such without being named.
    """
    several = several or {}
    return [_sheet(page, frozenset(several.get(page["assignment"] or "", ()))) for page in layout["pages"]]


def _sheet(page: Mapping[str, Any], several: frozenset[str]) -> PrintedSheet:
    places = tuple(_place(box) for box in page["boxes"])
    ticks = page["kind"] != MANIFEST  # on a manifest one circle of a stop is ticked
    square = {place.item for place in places if (place.kind == "tick" and ticks) or (place.kind == "choice" and place.shape == "square")}
    return PrintedSheet(
        page=page["page"],
        kind=page["kind"],
        packet=page["packet"] or "",
        pdf=page["pdf"],
        pdf_page=page["pdf_page"],
        size=(float(page["size_mm"][0]), float(page["size_mm"][1])),
        places=places,
        several=several | square,
    )


def _place(box: Mapping[str, Any]) -> Place:
    (x, y), (width, height) = box["center_mm"], box["size_mm"]
    return Place(box["item"], box["value"], box["kind"], (float(x), float(y)), (float(width), float(height)), box["column"], box["shape"])
