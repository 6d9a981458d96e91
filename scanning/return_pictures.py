"""The pictures of a return: each original is opened once, decoded no finer than is shown, and its sheets put upright.

scanning/return_commands calls `flat_sheets`. No database; nothing is drawn on the pictures.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from scanning.annotate import DPI, dots_per_inch, flat_page, transform_of
from scanning.intake import Frame, Limits, frames
from scanning.pictures import is_whole
from scanning.returns import SheetBack
from scanning.verdict import Grey

REDUCED = {2: cv2.IMREAD_REDUCED_GRAYSCALE_2, 4: cv2.IMREAD_REDUCED_GRAYSCALE_4, 8: cv2.IMREAD_REDUCED_GRAYSCALE_8}
NEARLY = 0.95  # of the dots that are shown are enough
JPEG_BEGINS = b"\xff\xd8\xff"


def flat_sheets(folder: Path, sheets: Iterable[SheetBack], limits: Limits) -> dict[int, bytes]:
    """Grey JPEGs of the upright sheets by the id of their scan; those whose original below `folder` is gone or damaged are left out."""
    by_original: dict[str, list[SheetBack]] = defaultdict(list)
    for sheet in sheets:
        if sheet.scan is not None and sheet.original and "at" in sheet.measurements:
            by_original[sheet.original].append(sheet)
    found: dict[int, bytes] = {}
    for original, own in by_original.items():
        path = folder / original
        if path.is_file():
            found.update(_of_file(path, own, limits))
    return found


def _of_file(path: Path, sheets: list[SheetBack], limits: Limits) -> Iterator[tuple[int, bytes]]:
    small = _small_photograph(path, sheets)
    if small is not None:
        image, reduced = small
        yield from ((sheet.scan or 0, flat_page(image, sheet.measurements, reduced)) for sheet in sheets)
        return
    by_frame: dict[int, list[SheetBack]] = defaultdict(list)
    for sheet in sheets:
        by_frame[sheet.frame].append(sheet)
    for frame in frames(path, limits, only=sorted(by_frame)):
        if isinstance(frame, Frame):
            yield from ((sheet.scan or 0, flat_page(frame.image, sheet.measurements)) for sheet in by_frame[frame.number])


def _small_photograph(path: Path, sheets: list[SheetBack]) -> tuple[Grey, int] | None:
    """A JPEG decoded at a half, a quarter or an eighth, where that is still as fine as is shown; None where it must be read whole."""
    finest = min(dots_per_inch(transform_of(sheet.measurements)) for sheet in sheets) / DPI
    reduced = max((times for times in REDUCED if finest / times >= NEARLY), default=1)
    if reduced == 1:
        return None
    content = path.read_bytes()
    if not content.startswith(JPEG_BEGINS) or not is_whole(content):
        return None
    with Image.open(io.BytesIO(content)) as header:
        if header.mode == "CMYK":
            return None
    image = cv2.imdecode(np.frombuffer(content, np.uint8), REDUCED[reduced])
    return None if image is None else (np.asarray(image, np.uint8), reduced)
