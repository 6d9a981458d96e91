"""Codes in a whole picture where the quick looks and the fiducials found none: filtered versions, then the second decoder.

scanning/sheets calls `sought`. Half a second and more a picture: only hard pages come here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from packets.token import read_token
from scanning.codes import Sighting, Stage, merged, moved, ours
from scanning.identify import decode, reduced
from scanning.sharpen import doubled, edged, flattened, softened
from scanning.transform import Points
from scanning.verdict import Grey

LEAST_SIDE = 200
LARGEST_SIDE = 7000


def sought(image: Grey, found: list[Sighting]) -> list[Sighting]:
    """The codes that patience finds where `found` holds none of ours."""
    if ours(found) or min(image.shape) <= LEAST_SIDE:
        return found
    small, factor = reduced(image)
    return merged(found, moved(_patiently(image, small), 1.0 / factor))


def _patiently(image: Grey, small: Grey) -> list[Sighting]:
    """Codes in a picture where the quick looks found none; positions in the pixels of `small`."""
    for picture, enlarged in _versions(image, small):
        found = decode(picture, factor=enlarged, stage=Stage.SOUGHT)
        if ours(found):
            return found
    return _second_decoder(small)


def _versions(image: Grey, small: Grey) -> Iterator[tuple[Grey, float]]:
    """The picture flattened, without its noise, enlarged, and whole; each with its scale against `small`."""
    yield flattened(small), 1.0
    yield softened(small), 1.0
    yield edged(small, 1.5), 1.0
    yield np.asarray(cv2.medianBlur(small, 5), np.uint8), 1.0
    yield edged(small, 2.2), 1.0
    if image.shape != small.shape and max(image.shape) <= LARGEST_SIDE:
        yield image, image.shape[1] / small.shape[1]
    if max(small.shape) <= 2000:
        yield doubled(small), 2.0


def _second_decoder(image: Grey) -> list[Sighting]:
    """What zbar reads, where the library is installed."""
    read = zbar()
    if read is None:
        return []
    found = []
    for each in read(image):
        word = read_token(each.data.decode("ascii", "replace"))
        if word is not None and len(each.polygon) == 4:
            found.append(Sighting(each.data.decode("ascii"), word, _turned(each), Stage.SOUGHT))
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
