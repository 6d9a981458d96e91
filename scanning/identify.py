"""Which sheets a picture shows: the codes that can be read, where they lie, and which of them belong together.

scanning/page calls `sightings`, then `sheets_of`: corner windows first, then the whole picture. Where that finds nothing of ours, and the
picture is not blank paper, it calls `sought`: filtered versions, then the second decoder. Nothing is believed here: seals and the desk's book are asked in scanning/page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import zxingcpp

from packets.layout import CODES, PAGE_MM
from packets.token import Word, read_token
from scanning.transform import Points, Transform, fit_plane
from scanning.verdict import Grey

WINDOW_MM = 54.0
LOOK_DPI = 200  # what codes are sought at: 7 pixels a module
PHOTO_SIDE = 2700  # long side of a picture whose scale is unknown
GLANCE_SIDE = 2600  # long side from which half the size shows enough
FILLING = 0.55  # share of the picture beside which no second sheet has room
SHEET_RATIO = (1.30, 1.55)
SIZE_TOLERANCE = 0.12
QR_ONLY = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A code that was read. `corners`: (4, 2) pixels, clockwise from the symbol's own top left."""

    text: str
    word: Word | None
    corners: Points

    @property
    def middle(self) -> Points:
        """The centre of the symbol, (2,) pixels."""
        centre: Points = self.corners.mean(axis=0)
        return centre

    @property
    def side(self) -> float:
        """The mean length of its sides in pixels."""
        return float(np.linalg.norm(self.corners - np.roll(self.corners, 1, axis=0), axis=1).mean())


@dataclass(frozen=True, slots=True)
class Sheet:
    """The codes of one sheet. `agree` is False where two codes of different pages share it, `mirrored` where it is seen from behind."""

    codes: tuple[Sighting, ...]
    agree: bool = True
    mirrored: bool = False


def sightings(image: Grey) -> list[Sighting]:
    """The codes that can be read at once: where they are expected, else anywhere in the picture."""
    found = _in_windows(image)
    if _complete(found, image.shape):
        return found
    glanced = _glance(image)
    if _filling(glanced, image.shape):
        return glanced
    small, factor = reduced(image)
    found = _merged(_moved(found, factor), _decode(small))
    if _ours(found):
        found = _merged(found, _partners(small, found))
    return _restored(found, factor)


def sought(image: Grey, found: list[Sighting]) -> list[Sighting]:
    """The codes that patience finds where `sightings` has `found` none of ours."""
    if _ours(found) or min(image.shape) <= 200:
        return found
    small, factor = reduced(image)
    return _merged(found, _restored(_patiently(image, small), factor))


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


def sheets_of(found: Iterable[Sighting]) -> list[Sheet]:
    """Group codes of ours by the sheet they stand on: by where the first puts its partner."""
    waiting = [each for each in found if each.word is not None]
    sheets: list[Sheet] = []
    while waiting:
        first = waiting.pop(0)
        partner = next((other for other in waiting if _together(first, other)), None)
        behind = partner is None and next((other for other in waiting if _together(first, other, mirrored=True)), None)
        second = partner or behind or None
        if second is not None:
            waiting.remove(second)
        sheets.append(_sheet(first, second, bool(behind)))
    return sheets


def code_corners_mm(corner: int) -> Points:
    """The four corners of the code in `corner` on the sheet, (4, 2) millimetres, clockwise from the top left."""
    place = next(each for each in CODES if each.corner == corner)
    half = place.size_mm / 2
    return np.array(place.center_mm) + half * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])


def _sheet(first: Sighting, second: Sighting | None, mirrored: bool) -> Sheet:
    if second is None:
        return Sheet((first,))
    same = first.word is not None and second.word is not None and first.word.page_id == second.word.page_id
    return Sheet((first, second), agree=same, mirrored=mirrored)


def _together(first: Sighting, second: Sighting, mirrored: bool = False) -> bool:
    """Whether `second` lies where the sheet of `first` has its other code."""
    if first.word is None or second.word is None or first.word.corner == second.word.corner:
        return False
    one, other = code_corners_mm(first.word.corner), code_corners_mm(second.word.corner)
    return _lies_at(first, second, one, other, mirrored) and _lies_at(second, first, other, one, mirrored)


def _lies_at(first: Sighting, second: Sighting, mm: Points, there: Points, mirrored: bool) -> bool:
    corners = first.corners[[0, 3, 2, 1]] if mirrored else first.corners
    flat = _similarity(mm, corners, mirrored)
    expected = (there @ flat[:, :2].T + flat[:, 2]).mean(axis=0)
    distance = np.linalg.norm(there.mean(axis=0) - mm.mean(axis=0)) * first.side / 22.0
    return bool(np.linalg.norm(expected - second.middle) < 0.22 * distance)


def _similarity(mm: Points, pixels: Points, mirrored: bool) -> Points:
    """The turn, scale and shift, (2, 3), from `mm` to `pixels`; with a reflection where `mirrored`."""
    here = mm * np.array([-1.0, 1.0]) if mirrored else mm
    a, b = here - here.mean(axis=0), pixels - pixels.mean(axis=0)
    z, w = a[:, 0] + 1j * a[:, 1], b[:, 0] + 1j * b[:, 1]
    turn = complex((w * z.conj()).sum() / max((abs(z) ** 2).sum(), 1e-9))
    spin = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    if mirrored:
        spin = spin @ np.diag([-1.0, 1.0])
    return np.column_stack([spin, pixels.mean(axis=0) - spin @ mm.mean(axis=0)])


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
    return [] if half is image else _moved(_decode(half, quick=True), round(max(image.shape) / max(half.shape)))


def _filling(found: list[Sighting], shape: tuple[int, ...]) -> bool:
    """Whether a single sheet with both of its codes takes up so much of the picture that no other has room beside it."""
    sheets = sheets_of(found)
    if len(sheets) != 1 or len(sheets[0].codes) != 2 or len(_ours(found)) != 2:
        return False
    per_mm = min(code.side for code in sheets[0].codes) / 22.3
    return PAGE_MM[0] * PAGE_MM[1] * per_mm**2 > FILLING * shape[0] * shape[1]


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
            found = _merged(found, _decode(window, (x, y), quick=True, factor=window.shape[1] / min(side, width)))
        if len(_ours(found)) >= 2:
            break
    return found


def _decode(image: Grey, offset: tuple[float, float] = (0, 0), quick: bool = False, factor: float = 1.0) -> list[Sighting]:
    """What zxing reads; corners moved by `offset` after division by `factor`."""
    if min(image.shape) < 20:
        return []
    seen = zxingcpp.read_barcodes(
        np.ascontiguousarray(image), formats=QR_ONLY, try_downscale=not quick, try_invert=False, try_rotate=not quick
    )
    return [_sighting(each.text, each.position, offset, factor) for each in seen]


def _sighting(text: str, position: Any, offset: tuple[float, float], factor: float) -> Sighting:
    names = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    corners = np.array([[each.x, each.y] for each in names], np.float64) / factor - 0.5 + np.array(offset)
    return Sighting(text, read_token(text), corners)


def _partners(image: Grey, found: list[Sighting]) -> list[Sighting]:
    """The other code of sheets of which one is known, sought where it must lie, enlarged and flattened."""
    extra: list[Sighting] = []
    for sheet in sheets_of(found):
        code = sheet.codes[0]
        if len(sheet.codes) == 2 or code.word is None:
            continue
        flat = Transform(fit_plane(code_corners_mm(code.word.corner), code.corners))
        middle = flat.pixels(code_corners_mm(1 - code.word.corner)).mean(axis=0)
        half = 1.6 * code.side
        left, top = (int(max(0, value - half)) for value in middle)
        crop = image[top : int(max(0, middle[1] + half)), left : int(max(0, middle[0] + half))]
        extra = _merged(extra, _filtered(crop, (left, top)))
    return extra


def _patiently(image: Grey, small: Grey) -> list[Sighting]:
    """Codes in a picture where the quick looks found none; positions in the pixels of `small`."""
    for picture, enlarged in _versions(image, small):
        found = _decode(picture, factor=enlarged)
        if _ours(found):
            return found
    return _second_decoder(small)


def _versions(image: Grey, small: Grey) -> Iterator[tuple[Grey, float]]:
    """The picture flattened, without its noise, enlarged, and whole; each with its scale against `small`."""
    yield flattened(small), 1.0
    yield np.asarray(cv2.GaussianBlur(small, (5, 5), 1.2), np.uint8), 1.0
    yield edged(small, 1.5), 1.0
    yield np.asarray(cv2.medianBlur(small, 5), np.uint8), 1.0
    yield edged(small, 2.2), 1.0
    if image.shape != small.shape and max(image.shape) <= 7000:
        yield image, image.shape[1] / small.shape[1]
    if max(small.shape) <= 2000:
        yield doubled(small), 2.0


def _filtered(crop: Grey, offset: tuple[float, float]) -> list[Sighting]:
    if min(crop.shape) < 20:
        return []
    flat = flattened(crop)
    soft = np.asarray(cv2.GaussianBlur(flat, (5, 5), 1.2), np.uint8)
    for picture, factor in ((flat, 1.0), (doubled(crop), 2.0), (soft, 1.0), (flattened(doubled(crop)), 2.0)):
        found = _decode(picture, offset, factor=factor)
        if _ours(found):
            return found
    return []


def flattened(image: Grey) -> Grey:
    """The picture with its lighting evened out and its contrast stretched."""
    side = max(15, min(image.shape) // 12 | 1)
    paper = cv2.blur(cv2.dilate(image, np.ones((9, 9), np.uint8)), (side, side)).astype(np.float32)
    even = np.clip(image / np.maximum(paper, 1) * 255, 0, 255).astype(np.uint8)
    return np.asarray(cv2.createCLAHE(2.0, (8, 8)).apply(even), np.uint8)


def edged(image: Grey, noise: float) -> Grey:
    """The picture without detail finer than `noise` pixels, and with what is coarser drawn out: for dim and blurred photographs."""
    fine, coarse = (cv2.GaussianBlur(image, (0, 0), wide) for wide in (noise, noise * 3.3))
    return np.asarray(cv2.addWeighted(fine, 3.0, coarse, -2.0, 0), np.uint8)


def doubled(image: Grey) -> Grey:
    """The picture at twice its size."""
    return np.asarray(cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)


def _second_decoder(image: Grey) -> list[Sighting]:
    """What zbar reads, where the library is installed."""
    decode = zbar()
    if decode is None:
        return []
    found = []
    for each in decode(image):
        word = read_token(each.data.decode("ascii", "replace"))
        if word is not None and len(each.polygon) == 4:
            found.append(Sighting(each.data.decode("ascii"), word, _turned(each)))
    return found


def _turned(symbol: Any) -> Points:
    """The corners that zbar gives, counter-clockwise from the symbol's top left, in our order."""
    corners = np.array([[point.x, point.y] for point in symbol.polygon], np.float64)
    return corners[[0, 3, 2, 1]]


@lru_cache(maxsize=1)
def zbar() -> Any:
    """pyzbar's decode for QR codes, or None where the system has no libzbar."""
    try:
        from pyzbar.pyzbar import ZBarSymbol, decode
    except (ImportError, OSError):
        return None
    return lambda image: decode(image, symbols=[ZBarSymbol.QRCODE])


def _ours(found: Iterable[Sighting]) -> list[Sighting]:
    return [each for each in found if each.word is not None]


def _merged(known: list[Sighting], new: Iterable[Sighting]) -> list[Sighting]:
    """`known` with those of `new` that are not the same symbol again."""
    merged = list(known)
    for each in new:
        if not any(each.text == old.text and np.linalg.norm(each.middle - old.middle) < 0.5 * old.side for old in merged):
            merged.append(each)
    return merged


def _restored(found: list[Sighting], factor: float) -> list[Sighting]:
    """Positions in the pixels of the picture as it came."""
    return _moved(found, 1.0 / factor)


def _moved(found: list[Sighting], factor: float) -> list[Sighting]:
    """The same codes in the picture enlarged by `factor`."""
    if factor == 1.0:
        return found
    return [Sighting(each.text, each.word, (each.corners + 0.5) * factor - 0.5) for each in found]
