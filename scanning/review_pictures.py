"""The picture that a person decides by: one question cut out of the scan, and the whole sheet around it. Nothing is drawn on either, but the pupil's name is covered.

scanning/review_app asks, and scanning/audit_pictures. One rule for all: a question is cut from below the sheet's head, where it says whose it is, and of the whole sheet
the printed name is covered as soon as it lies upright; of a driver's sheet the driver's, and that one is turned as it is printed. A sheet is put upright once and kept for a while: the cases of one page follow each other, and the browser asks ahead.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from packets.layout import BODY_MM, LYING, Box, BoxKind, Layout
from records import schema
from scanning.annotate import MM_PER_INCH, transform_of, upright
from scanning.colour_ink import red_or_green
from scanning.elsewhere import ABOVE_MM, SIDES_MM, below_mm
from scanning.intake import Frame, Limits, frames
from scanning.road_regions import DRIVER_MM, field_regions
from scanning.verdict import Colour, Grey

DPI = 200
SHEET_DPI = 110
QUALITY = 80
KEPT = 12  # upright sheets of 4 MB
BELOW_MM = 5.0
BESIDE_MM = 9.0
EDGE_MM = 4.0  # beyond the body, where marks run out

HEAD_MM = BODY_MM[1] - 2.0  # of the sheet: above it stands whose it is, and no question is cut from there
NAME_MM = (24.0, 13.5, 140.0, 22.0)  # where packets/worksheet prints the pupil's first name: nobody needs it to judge a mark

Shown: TypeAlias = "Grey | Colour"
Region = tuple[float, float, float, float]  # left, top, right, bottom, millimetres of the sheet


@dataclass(frozen=True, slots=True)
class Source:
    """Where a sheet lies: the original below the home, its frame, what was measured, and the layout of its page."""

    scan: int
    original: str
    frame: int
    measurements: dict[str, Any]
    layout: Layout


class PictureLost(Exception):
    """The original is gone, damaged, or of a record without a picture."""


def region_of(layout: Layout, item: str) -> Region:
    """The part of the sheet that belongs to a question: its boxes, and what stands above them down from the question before it, or the place
    on the sheet where it is answered."""
    own = layout.boxes_of(item)
    if own and (field := next((each.field_mm for each in layout.items if each.item == item), None)) is not None:
        return _with_field(own, field)
    others = [box for box in layout.boxes if box.item != item]
    left, right = SIDES_MM
    if not own:
        return left, BODY_MM[1], right, BODY_MM[3]
    first, last = min(_top(box) for box in own), max(_bottom(box) for box in own)
    beside = [box for box in others if _top(box) < last and _bottom(box) > first]
    nearest, furthest = min(box.center_mm[0] for box in own), max(box.center_mm[0] for box in own)
    left = max([left, *(box.center_mm[0] + BESIDE_MM for box in beside if box.center_mm[0] < nearest)])
    if any(box.center_mm[0] > furthest for box in beside):
        right = furthest + BESIDE_MM  # the words of the question to the right begin there
    ends = [_bottom(box) for box in others if _bottom(box) <= first]
    written = all(box.kind is BoxKind.SCORE for box in own)
    top = max([BODY_MM[1] - EDGE_MM, *(end + 1.0 for end in ends)] if written else [first - ABOVE_MM, *(end + 1.0 for end in ends)])
    return left, max(top, HEAD_MM), right, min(last + max(BELOW_MM, below_mm(layout, item)), layout.size_mm[1])


def _with_field(own: Sequence[Box], field: Region) -> Region:
    """The band across the sheet that holds a question's boxes and the place, elsewhere, where it is answered."""
    top, bottom = min(field[1], *map(_top, own)) - BELOW_MM, max(field[3], *map(_bottom, own)) + BELOW_MM
    return BODY_MM[0] - EDGE_MM, max(HEAD_MM, top), BODY_MM[2] + EDGE_MM, bottom


def source_of(session: Session, scan: int | None, page: str) -> Source:
    """The source of a scan of `page`; raises PictureLost."""
    row = session.get(schema.Scan, scan) if scan else None
    if row is None or "transform" not in row.measurements:
        raise PictureLost
    original = session.get_one(schema.Original, row.original)
    layout = session.get_one(schema.Layout, session.get_one(schema.Page, page).layout)
    return Source(row.id, original.path, row.frame, row.measurements, Layout.from_json(layout.geometry))


class Pictures:
    """Upright sheets of a desk, the last few kept; safe for several threads. In grey, but a sheet with red ink is shown in its colours: they say whose the ink is.

    `on_paper`: all in grey, for printers.
    """

    def __init__(self, folder: Path, limits: Limits, on_paper: bool = False) -> None:
        self._folder, self._limits, self._on_paper = folder, limits, on_paper
        self._kept: OrderedDict[int, Shown] = OrderedDict()
        self._lock = threading.Lock()

    def question(self, source: Source, item: str) -> bytes:
        """The question as a JPEG at DPI; raises PictureLost."""
        return _jpeg(_cut(self._sheet(source), region_of(source.layout, item)))

    def field(self, source: Source, item: str) -> bytes:
        """A field of a driver's sheet with the name of its stop beside it, as a JPEG at DPI; raises PictureLost."""
        sheet = self._sheet(source)
        try:
            return _jpeg(np.hstack([_cut(sheet, region) for region in field_regions(source.layout, item)]))
        except KeyError:
            raise PictureLost from None

    def sheet(self, source: Source) -> bytes:
        """The whole sheet as a JPEG at SHEET_DPI, the pupil's printed name covered; raises PictureLost."""
        sheet = self._sheet(source)
        size = (round(sheet.shape[1] * SHEET_DPI / DPI), round(sheet.shape[0] * SHEET_DPI / DPI))
        return _jpeg(np.asarray(cv2.resize(sheet, size, interpolation=cv2.INTER_AREA), np.uint8))

    def _sheet(self, source: Source) -> Shown:
        with self._lock:  # one at a time: a sheet asked for twice is opened once
            if source.scan not in self._kept:
                self._kept[source.scan] = self._opened(source)
                if len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(source.scan)
            return self._kept[source.scan]

    def _opened(self, source: Source) -> Shown:
        path = self._folder / source.original
        if not path.is_file():
            raise PictureLost
        for frame in frames(path, self._limits, only=(source.frame,)):
            if isinstance(frame, Frame):
                coloured = bool(red_or_green(source.measurements)) and not self._on_paper
                return _without_name(_upright(frame, _nearest(source), coloured), source.layout)
        raise PictureLost


def _upright(frame: Frame, to_picture: npt.NDArray[np.float64], coloured: bool) -> Shown:
    """The sheet at DPI; in its colours, which are kept smaller than the grey picture, where asked for and known."""
    grey = upright(frame.image, to_picture, dpi=DPI)
    if not coloured or frame.colour is None:
        return grey
    smaller = round(frame.image.shape[1] / frame.colour.shape[1])
    parts = [upright(np.ascontiguousarray(frame.colour[:, :, part]), to_picture, DPI, smaller) for part in range(3)]
    shades = cv2.cvtColor(np.dstack(parts), cv2.COLOR_BGR2YCrCb)
    shades[:, :, 0] = grey
    return np.asarray(cv2.cvtColor(shades, cv2.COLOR_YCrCb2BGR), np.uint8)


def _without_name(sheet: Shown, layout: Layout) -> Shown:
    """The upright sheet at DPI as it is printed, with the pupil's or the driver's name covered: no picture of this module can show it."""
    lying = layout.kind in LYING
    shown = np.ascontiguousarray(np.rot90(sheet)) if lying else sheet
    _cut(shown, DRIVER_MM if lying else NAME_MM)[:] = 255
    return shown


def _cut(sheet: Shown, region: Region) -> Shown:
    """The part of a sheet at DPI, as a view of it."""
    left, top, right, bottom = (max(round(side * DPI / MM_PER_INCH), 0) for side in region)
    return sheet[top:bottom, left:right]


def _nearest(source: Source) -> npt.NDArray[np.float64]:
    """The stored plane, shifted to where the boxes were seen: a bent sheet lies off it by a millimetre."""
    matrix = transform_of(source.measurements)
    seen = np.array(source.measurements.get("at", ()), np.float64).reshape(-1, 2)
    if len(seen) != len(source.layout.boxes) or not len(seen):
        return matrix
    printed = np.array([box.center_mm for box in source.layout.boxes], np.float64)
    laid = cv2.perspectiveTransform(printed.reshape(-1, 1, 2), matrix).reshape(-1, 2)
    across, down = np.median(seen - laid, axis=0)
    return np.array([[1, 0, across], [0, 1, down], [0, 0, 1]], np.float64) @ matrix


def _jpeg(image: Shown) -> bytes:
    written, content = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    assert written
    return content.tobytes()


def _top(box: Box) -> float:
    return box.center_mm[1] - box.size_mm[1] / 2


def _bottom(box: Box) -> float:
    return box.center_mm[1] + box.size_mm[1] / 2
