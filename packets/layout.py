"""Where every box, code and fiducial lies: the ONE description that the printer and the reader share.

Millimetres from the page's top left, y downwards, A4 upright (210 x 297), also where a page is printed lying: `as_printed` turns it. Pure: no files, database or clock. packets/worksheet draws from
it, scanning/ samples by it, `packets layout` prints it. The figures follow DESIGN section 3; docs/sheet.md argues them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

FORMAT = 1  # of the sheet: the one that this program prints. A change of anything below that the reader relies on makes a new one
PAGE_MM = (210.0, 297.0)
CODE_MARGIN_MM = 14.0  # outer corner of both codes and of both ArUco fiducials
FOLDS_MM = (99.0, 148.5, 198.0)  # DL, C5, DL
FOLD_CLEAR_MM = 4.0
BOX_MM = 4.6
LARGE_BOX_MM = 6.0  # grades 1-2
PITCH_MM = 8.0
ROW_MM = 9.0
DIGIT_SQUARE_MM = 6.6  # in which a pupil writes a digit, above the column of its circles
SQUARE_ABOVE_MM = DIGIT_SQUARE_MM / 2 + 1.0 + ROW_MM / 2  # from the first circle's middle up to the square's
QR_MODULES = 25  # version 2
BLANK_DPI = 200  # of the stored blank print


class BoxKind(StrEnum):
    """What a mark in the box means."""

    CHOICE = "choice"
    DIGIT = "digit"
    SCORE = "score"
    TICK = "tick"


class PageKind(StrEnum):
    """What the page is for."""

    WORKSHEET = "worksheet"
    COVER = "cover"
    MANIFEST = "manifest"
    REVIEW = "review"


LYING = frozenset({PageKind.MANIFEST})  # kinds that are printed on A4 lying: the upright page turned a quarter to the left
LYING_MM = (PAGE_MM[1], PAGE_MM[0])


@dataclass(frozen=True, slots=True)
class Box:
    """One place for a mark. `value` is the assignment's own letter or digit, `label` what is printed there."""

    item: str
    value: str
    label: str
    kind: BoxKind
    center_mm: tuple[float, float]
    size_mm: tuple[float, float] = (BOX_MM, BOX_MM)
    shape: str = "circle"
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """How the boxes of one question are judged. `rule`: one, several, number or score; `points` is its maximum, as text.

    `field_mm`: left, top, right and bottom of the place where it is answered, where that is elsewhere than above its boxes.
    """

    item: str
    rule: str
    points: str
    field_mm: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class CodePlace:
    """A QR code: corner 0 stands top right, corner 1 bottom left. `size_mm` is without the quiet zone."""

    corner: int
    center_mm: tuple[float, float]
    size_mm: float


@dataclass(frozen=True, slots=True)
class Fiducial:
    """A printed point to hold on to: an ArUco (ARUCO_MIP_36h12) with its id, or a solid square (id None)."""

    center_mm: tuple[float, float]
    size_mm: float
    aruco: int | None = None


TOP_RIGHT_QR_MM = 22.0
BOTTOM_LEFT_QR_MM = 22.6  # not on the pixel grid of the other
CODES = (
    CodePlace(0, (PAGE_MM[0] - CODE_MARGIN_MM - TOP_RIGHT_QR_MM / 2, CODE_MARGIN_MM + TOP_RIGHT_QR_MM / 2), TOP_RIGHT_QR_MM),
    CodePlace(1, (CODE_MARGIN_MM + BOTTOM_LEFT_QR_MM / 2, PAGE_MM[1] - CODE_MARGIN_MM - BOTTOM_LEFT_QR_MM / 2), BOTTOM_LEFT_QR_MM),
)
ARUCO_MM = 7.0
ARUCO_TOP_LEFT, ARUCO_BOTTOM_RIGHT = 41, 82
SQUARE_MM = 4.0
FIDUCIALS = (
    Fiducial((17.5, 17.5), ARUCO_MM, ARUCO_TOP_LEFT),
    Fiducial((192.5, 279.5), ARUCO_MM, ARUCO_BOTTOM_RIGHT),
    *(Fiducial((16.0, y), SQUARE_MM) for y in (62.0, 118.0, 172.0, 228.0)),
    *(Fiducial((194.0, y), SQUARE_MM) for y in (80.0, 134.0, 184.0, 244.0)),
)


@dataclass(frozen=True, slots=True)
class Geometry:
    """What every sheet of one format carries in one place, whatever else is printed on it."""

    codes: tuple[CodePlace, ...]
    fiducials: tuple[Fiducial, ...]


FORMATS: Mapping[int, Geometry] = {1: Geometry(CODES, FIDUCIALS)}  # every format that was ever given out stays here, and stays readable
BODY_MM = (24.0, 44.0, 186.0, 256.0)  # left, top, right, bottom: where text and boxes may stand


@dataclass(frozen=True, slots=True)
class Layout:
    """One page's geometry. `print_digest` is of the fixed print beneath it, so that a layout names one blank page exactly."""

    kind: PageKind
    boxes: tuple[Box, ...]
    items: tuple[Item, ...]
    print_digest: str
    size_mm: tuple[float, float] = PAGE_MM
    codes: tuple[CodePlace, ...] = CODES
    fiducials: tuple[Fiducial, ...] = FIDUCIALS
    format: int = FORMAT

    def as_json(self) -> dict[str, Any]:
        """The layout as plain JSON values; `from_json` reads it back to an equal layout."""
        body: dict[str, Any] = json.loads(json.dumps(self, default=_fields))
        return body

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Layout:
        """The layout that `as_json` wrote."""
        return cls(
            kind=PageKind(body["kind"]),
            boxes=tuple(_box(box) for box in body["boxes"]),
            items=tuple(_item(item) for item in body["items"]),
            print_digest=body["print_digest"],
            size_mm=_pair(body["size_mm"]),
            codes=tuple(CodePlace(code["corner"], _pair(code["center_mm"]), code["size_mm"]) for code in body["codes"]),
            fiducials=tuple(Fiducial(_pair(each["center_mm"]), each["size_mm"], each["aruco"]) for each in body["fiducials"]),
            format=body["format"],
        )

    @property
    def known(self) -> bool:
        """Whether this program knows the format; a sheet of a newer one is named, never read by guess."""
        return self.format in FORMATS

    @property
    def digest(self) -> str:
        """The SHA-256 of the canonical JSON, 64 hexadecimal letters."""
        canonical = json.dumps(self, default=_fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def boxes_of(self, item: str) -> tuple[Box, ...]:
        """The boxes of one question, in printed order."""
        return tuple(box for box in self.boxes if box.item == item)


def upright(point: tuple[float, float]) -> tuple[float, float]:
    """A point of a lying page, millimetres from its top left as it is printed, on the upright page that the reader knows."""
    return (round(PAGE_MM[0] - point[1], 3), point[0])


def lying(point: tuple[float, float]) -> tuple[float, float]:
    """The way back: a point of the upright page on the page as it is printed lying."""
    return (point[1], round(PAGE_MM[0] - point[0], 3))


def as_printed(layout: Layout) -> tuple[tuple[float, float], tuple[Box, ...]]:
    """The size and the boxes of the page as its PDF shows it: those of the layout, turned where the page is printed lying."""
    if layout.kind not in LYING:
        return layout.size_mm, layout.boxes
    turned = (replace(box, center_mm=lying(box.center_mm), size_mm=(box.size_mm[1], box.size_mm[0])) for box in layout.boxes)
    return (layout.size_mm[1], layout.size_mm[0]), tuple(turned)


def contract_box(box: Box) -> dict[str, Any]:
    """A box as `packets layout` prints it (DESIGN section 6)."""
    return {
        "item": box.item,
        "value": box.value,
        "label": box.label,
        "column": box.column,
        "kind": box.kind.value,
        "shape": box.shape,
        "center_mm": list(box.center_mm),
        "size_mm": list(box.size_mm),
    }


def clear_of_folds(top: float, bottom: float, folds: Iterable[float] = FOLDS_MM) -> bool:
    """Whether the band from `top` to `bottom` keeps its distance from every fold."""
    return all(bottom + FOLD_CLEAR_MM <= fold or top - FOLD_CLEAR_MM >= fold for fold in folds)


def _fields(part: Any) -> dict[str, Any]:
    """A part of a layout by its fields, one level deep: much quicker than dataclasses.asdict, which copies every value. A field elsewhere only where there is one."""
    told = {field.name: getattr(part, field.name) for field in fields(part)}
    if isinstance(part, Item) and part.field_mm is None:
        del told["field_mm"]  # as in layouts from before there were any, whose digests stand
    return told


def _box(body: dict[str, Any]) -> Box:
    return Box(
        item=body["item"],
        value=body["value"],
        label=body["label"],
        kind=BoxKind(body["kind"]),
        center_mm=_pair(body["center_mm"]),
        size_mm=_pair(body["size_mm"]),
        shape=body["shape"],
        column=body["column"],
    )


def _item(body: Mapping[str, Any]) -> Item:
    if "field_mm" not in body:
        return Item(**body)
    left, top, right, bottom = map(float, body["field_mm"])
    return Item(body["item"], body["rule"], body["points"], (left, top, right, bottom))


def _pair(values: Any) -> tuple[float, float]:
    return (float(values[0]), float(values[1]))
