"""The codes that can be read at once: where they are expected, else anywhere in the picture.

scanning/page calls `sightings`, and where that finds nothing of ours, scanning/rescue and scanning/patience. Nothing is believed here.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import zxingcpp

from packets.layout import PAGE_MM
from packets.token import read_token
from scanning.codes import Sighting, Stage, code_corners_mm, merged, moved, ours, sheets_of
from scanning.sharpen import doubled, flattened, softened
from scanning.transform import Transform, fit_plane
from scanning.verdict import Grey

WINDOW_MM = 54.0
LOOK_DPI = 200  # what codes are sought at: 7 pixels a module
PHOTO_SIDE = 2700  # long side of a picture whose scale is unknown
GLANCE_SIDE = 2600  # long side from which half the size shows enough
FILLING = 0.55  # share of the picture beside which no second sheet has room
SHEET_RATIO = (1.30, 1.55)
SIZE_TOLERANCE = 0.12


def sightings(image: Grey) -> list[Sighting]:
    """The codes that can be read at once."""
    found = _in_windows(image)
    if _complete(found, image.shape):
        return found
    glanced = _glance(image)
    if filling(glanced, image.shape):
        return glanced
    small, factor = reduced(image)
    found = merged(moved(found, factor), decode(small))
    if ours(found):
        found = merged(found, _partners(small, found))
    return moved(found, 1.0 / factor)


def reduced(image: Grey) -> tuple[Grey, float]:
    """The picture at no more than about 200 dpi, and the factor that it was reduced by (1 or less)."""
    height, width = image.shape
    long, short = max(height, width), max(1, min(height, width))
    limit = LOOK_DPI * PAGE_MM[1] / 25.4 if SHEET_RATIO[0] <= long / short <= SHEET_RATIO[1] else PHOTO_SIDE
    if long <= limit * 1.15:
        return image, 1.0
    factor = limit / long
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8), factor


def decode(
    image: Grey, offset: tuple[float, float] = (0, 0), quick: bool = False, factor: float = 1.0, stage: Stage = Stage.READ
) -> list[Sighting]:
    """What zxing reads; corners moved by `offset` after division by `factor`."""
    if min(image.shape) < 20:
        return []
    qr_only = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)  # kept by the module, it is told as a leak when a worker ends
    seen = zxingcpp.read_barcodes(
        np.ascontiguousarray(image), formats=qr_only, try_downscale=not quick, try_invert=False, try_rotate=not quick
    )
    return [_sighting(each.text, each.position, offset, factor, stage) for each in seen]


def filtered(crop: Grey, offset: tuple[float, float], stage: Stage = Stage.READ) -> list[Sighting]:
    """The codes in a small part of the picture, flattened, enlarged and softened in turn until one of ours is read."""
    if min(crop.shape) < 20:
        return []
    flat = flattened(crop)
    for picture, factor in ((flat, 1.0), (doubled(crop), 2.0), (softened(flat), 1.0), (flattened(doubled(crop)), 2.0)):
        found = decode(picture, offset, factor=factor, stage=stage)
        if ours(found):
            return found
    return []


def filling(found: list[Sighting], shape: tuple[int, ...]) -> bool:
    """Whether a single sheet with both of its codes takes up so much of the picture that no other has room beside it."""
    sheets = sheets_of(found)
    if len(sheets) != 1 or len(sheets[0].codes) != 2 or len(ours(found)) != 2:
        return False
    per_mm = min(code.side for code in sheets[0].codes) / 22.3
    return PAGE_MM[0] * PAGE_MM[1] * per_mm**2 > FILLING * shape[0] * shape[1]


def _sighting(text: str, position: Any, offset: tuple[float, float], factor: float, stage: Stage) -> Sighting:
    names = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    corners = np.array([[each.x, each.y] for each in names], np.float64) / factor - 0.5 + np.array(offset)
    return Sighting(text, read_token(text), corners, stage)


def _complete(found: list[Sighting], shape: tuple[int, ...]) -> bool:
    """Whether a single sheet fills the picture and both of its codes were read at the size that this means."""
    sheets = sheets_of(found)
    if len(sheets) != 1 or len(sheets[0].codes) != 2:
        return False
    expected = max(shape) / PAGE_MM[1] * 22.3
    return all(abs(code.side / expected - 1) < SIZE_TOLERANCE for code in sheets[0].codes)


def _glance(image: Grey) -> list[Sighting]:
    """What shows at half the size of a large picture: most photographs are sharp enough for that."""
    half = image
    while max(half.shape) >= GLANCE_SIDE and min(half.shape) > 1:
        size = (half.shape[1] // 2, half.shape[0] // 2)
        half = np.asarray(cv2.resize(half[: size[1] * 2, : size[0] * 2], size, interpolation=cv2.INTER_AREA), np.uint8)
    return [] if half is image else moved(decode(half, quick=True), round(max(image.shape) / max(half.shape)))


def _in_windows(image: Grey) -> list[Sighting]:
    height, width = image.shape
    if not SHEET_RATIO[0] <= max(height, width) / max(1, min(height, width)) <= SHEET_RATIO[1]:
        return []
    side = round(WINDOW_MM * max(height, width) / PAGE_MM[1])
    target = round(WINDOW_MM / 25.4 * LOOK_DPI)
    right, low = max(0, width - side), max(0, height - side)
    found: list[Sighting] = []
    for pair in (((right, 0), (0, low)), ((0, 0), (right, low))):
        for x, y in pair:
            window = image[y : y + side, x : x + side]
            if side > 1.15 * target:
                how = cv2.INTER_LINEAR if side < 1.9 * target else cv2.INTER_AREA  # four times as quick, and sharp enough
                window = np.asarray(cv2.resize(window, (target, target), interpolation=how), np.uint8)
            found = merged(found, decode(window, (x, y), quick=True, factor=window.shape[1] / min(side, width)))
        if len(ours(found)) >= 2:
            break
    return found


def _partners(image: Grey, found: list[Sighting]) -> list[Sighting]:
    """The other code of sheets of which one is known, sought where it must lie, enlarged and flattened."""
    extra: list[Sighting] = []
    for sheet in sheets_of(found):
        code = sheet.codes[0]
        if len(sheet.codes) == 2 or code.word is None:
            continue
        flat = Transform(fit_plane(code_corners_mm(code.word.corner, code.word.format), code.corners))
        middle = flat.pixels(code_corners_mm(1 - code.word.corner, code.word.format)).mean(axis=0)
        half = 1.6 * code.side
        left, top = (int(max(0, value - half)) for value in middle)
        crop = image[top : int(max(0, middle[1] + half)), left : int(max(0, middle[0] + half))]
        extra = merged(extra, filtered(crop, (left, top)))
    return extra
