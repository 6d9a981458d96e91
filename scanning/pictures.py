"""JPEG, PNG and TIFF to grey pixels: EXIF rotation, 16-bit, CMYK, transparency and 1-bit fax frames included.

scanning/intake calls this. Sizes are read from headers before any pixel is decoded. A JPEG that ends early is refused: a decoder would paint the
rest grey and say nothing.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import cast

import cv2
import numpy as np
from PIL import Image, ImageOps

from scanning.intake import Unreadable
from scanning.verdict import Colour, Grey, Picture

Image.MAX_IMAGE_PIXELS = None  # `_within` judges each header by the desk's own limit
_START_OF_SCAN, _END = 0xDA, b"\xff\xd9"
_SAID = re.compile(  # by libjpeg and libtiff
    rb"(?:JPEGLib: (?:Warning, )?)?(?:Corrupt JPEG data: (?:(\d+) extraneous bytes)?|Premature end of JPEG|Inconsistent progression)"
    rb"|\w+Decode\w*: (?:Bad code word|Uncompressed data|Not enough data|Decoding error)"
)
FEW_BYTES = 64
_one_speaks = threading.Lock()  # the error stream is the whole process's
MOST_SCANS = 200  # of a progressive JPEG: cameras make about ten, a bomb thousands
COLOURS = {8: cv2.IMREAD_REDUCED_COLOR_8, 4: cv2.IMREAD_REDUCED_COLOR_4, 2: cv2.IMREAD_REDUCED_COLOR_2, 1: cv2.IMREAD_COLOR}
COLOUR_SIDE = 800  # pixels that the longer side of a picture's colours has at the least: three to a millimetre
COLOURED = {"RGB", "RGBA", "RGBX", "P", "PA", "CMYK", "YCbCr"}  # of a decoded picture: its modes that may hold colours
STRIP = 512  # rows that are turned into grey, or their colours made smaller, at a time: colours and 16 bits weigh several times as much
_ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without a length: TEM, RST


def count(path: Path) -> int:
    """How many frames a TIFF holds; raises Unreadable where its directory is broken."""
    try:
        with _unwarned(), Image.open(path) as picture:
            return int(getattr(picture, "n_frames", 1))
    except Exception as failure:  # Pillow raises many kinds at broken directories
        raise Unreadable("damaged") from failure


def photograph(content: bytes, max_pixels: int, oriented: bool = True) -> Picture:
    """A JPEG, turned as its EXIF says where `oriented`; raises Unreadable for one that is cut off or too large."""
    if not is_whole(content):
        raise Unreadable("damaged")
    with _unwarned(), Image.open(io.BytesIO(content)) as header:
        _within(header.width, header.height, max_pixels)
        if "progressive" in header.info and content.count(bytes((0xFF, _START_OF_SCAN))) > MOST_SCANS:
            raise Unreadable("damaged")
        dpi = _dpi(header)
        if header.mode == "CMYK":
            return Picture(_grey(header, oriented), dpi, _colour(header))
        coloured = COLOURS[times_smaller(header.width, header.height)] if header.mode == "RGB" else None
    turn = 0 if oriented else cv2.IMREAD_IGNORE_ORIENTATION
    data = np.frombuffer(content, np.uint8)
    with _one_speaks, _decoders_words() as words:
        image = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE | turn)
        colour = None if coloured is None else cv2.imdecode(data, coloured | turn)
    if image is None or _is_broken(words):
        raise Unreadable("damaged")
    return Picture(np.asarray(image, np.uint8), dpi, None if colour is None else np.asarray(colour, np.uint8))


def times_smaller(width: int, height: int) -> int:
    """How many times smaller, in each direction, the colours of a picture are kept."""
    return next(times for times in COLOURS if times == 1 or max(width, height) >= times * COLOUR_SIDE)


def frame(path: Path, number: int, max_pixels: int) -> Picture:
    """The `number`th frame (from 1) of a PNG or TIFF; raises Unreadable or whatever the decoder raises."""
    with _unwarned(), Image.open(path) as picture:
        if number > 1:
            picture.seek(number - 1)
        _within(picture.width, picture.height, max_pixels)
        with _one_speaks, _decoders_words() as words:
            picture.load()
        if _is_broken(words):
            raise Unreadable("damaged")
        return Picture(_grey(picture), _dpi(picture), _colour(picture))


def grey_of(picture: Image.Image) -> Grey:
    """A decoded picture as grey pixels: 16 bits scaled to 8, transparent parts on white paper."""
    if picture.mode == "L" and "transparency" not in picture.info:
        return np.asarray(picture, np.uint8)
    if picture.mode in ("I;16B", "I;16L", "I;16N"):
        picture = picture.convert("I")
    deep = picture.mode in ("I;16", "I", "F")
    scale = 257 if deep and cast("tuple[float, float]", picture.getextrema())[1] > 255 else 1
    grey = np.empty((picture.height, picture.width), np.uint8)
    for top in range(0, picture.height, STRIP):
        strip = picture.crop((0, top, picture.width, min(top + STRIP, picture.height)))
        grey[top : top + STRIP] = _deep(strip, scale) if deep else _shallow(strip)
    return grey


def _deep(picture: Image.Image, scale: int) -> Grey:
    values = np.asarray(picture, np.float32)
    return np.asarray(np.clip(values / scale, 0, 255).astype(np.uint8))


def _shallow(picture: Image.Image) -> Grey:
    return np.asarray(_on_paper(picture).convert("L"), np.uint8)


def _on_paper(picture: Image.Image) -> Image.Image:
    """The picture with what is transparent on white paper."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture
    coloured = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", coloured.size, "white"), coloured)


def is_whole(jpeg: bytes) -> bool:
    """Whether the JPEG's pictures end with an end marker: only an end can look like one after the first scan has begun (ITU T.81, B.1.1.5)."""
    place = 2
    while place + 4 <= len(jpeg) and jpeg[place] == 0xFF:
        marker = jpeg[place + 1]
        if marker == _START_OF_SCAN:
            return jpeg.rfind(_END, place) >= 0  # from behind: there it is found at once
        place += 1 if marker == 0xFF else 2 if marker in _ALONE else 2 + int.from_bytes(jpeg[place + 2 : place + 4])
    return False


@contextmanager
def _decoders_words() -> Iterator[list[str]]:
    """What the decoders say on the error stream, line by line, once the block has ended: they paint something over lost data, and tell nobody else."""
    words: list[str] = []
    with ExitStack() as last:
        try:
            paper = last.enter_context(tempfile.TemporaryFile())
            stream = os.dup(2)
        except OSError:  # a program without streams, or no room at all
            yield words
            return
        os.dup2(paper.fileno(), 2)
        try:
            yield words
        finally:
            os.dup2(stream, 2)
            paper.seek(0)
            words += paper.read().decode("utf-8", "replace").splitlines()
            for line in words:
                if not _SAID.match(line.encode()):
                    os.write(stream, line.encode() + b"\n")  # somebody else spoke meanwhile
            os.close(stream)


def _is_broken(words: Iterable[str]) -> bool:
    """Whether the decoder missed data. A few bytes too many before a marker are a habit of some cameras."""
    found = [_SAID.match(line.encode()) for line in words]
    return any(each is not None and int(each[1] or FEW_BYTES + 1) > FEW_BYTES for each in found)


@contextmanager
def _unwarned() -> Iterator[None]:
    """Pillow's remarks on odd tags are not for the person at the desk; what cannot be read raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def _grey(picture: Image.Image, oriented: bool = True) -> Grey:
    picture.load()
    if oriented:
        ImageOps.exif_transpose(picture, in_place=True)  # else it copies the picture, turned or not
    return grey_of(picture)


def _colour(picture: Image.Image) -> Colour | None:
    """The colours of a decoded picture that is not turned any more; None of a grey one."""
    if picture.mode not in COLOURED:
        return None
    times, (width, height) = times_smaller(picture.width, picture.height), picture.size
    strips = (picture.crop((0, top, width, min(top + STRIP, height))) for top in range(0, height, STRIP))
    small = np.vstack([np.asarray(_on_paper(strip).convert("RGB").reduce(times), np.uint8) for strip in strips])
    return np.ascontiguousarray(small[:, :, ::-1])


def _within(width: int, height: int, max_pixels: int) -> None:
    if width * height > max_pixels:
        raise Unreadable("too_many_pixels")
    if width * height == 0:
        raise Unreadable("damaged")


def _dpi(picture: Image.Image) -> float | None:
    claimed = picture.info.get("dpi", (0, 0))[0]
    return float(claimed) if claimed and claimed > 1 else None
