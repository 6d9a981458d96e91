"""PDF pages to grey pixels: the scanner's own picture where a page is exactly one, else the page rendered.

scanning/intake calls this. Taking the embedded picture keeps every pixel of the scan and is several times faster than rendering. A page that is not
plainly one scan is drawn in scanning/darkroom, which calls `drawn` here. A picture that cannot be decoded would be drawn as white paper: it is refused.
"""

from __future__ import annotations

from functools import lru_cache
from mmap import ACCESS_READ, mmap
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from scanning import darkroom
from scanning.intake import Unreadable
from scanning.pictures import is_whole, photograph, times_smaller
from scanning.verdict import Colour, Grey, Picture

RENDER_DPI = 200
POINTS_PER_INCH = 72
TAIL = 2048  # an intact file says %%EOF within its last bytes
UNEVEN = 1.02  # width against height: a fax page of 204 x 98 dpi is rendered instead
OUTSIDE = 0.05  # of the page's side that a picture may hang over it
PLAIN_CONTENT = 4096  # bytes of drawing beyond which a page is no plain scan
PLAIN_FILTERS = ("/DCTDecode", "/CCITTFaxDecode")  # of pictures that cannot unpack to more than they tell
SIMPLE_FILTERS = {"FlateDecode", "LZWDecode", "RunLengthDecode", "ASCII85Decode", "ASCIIHexDecode"}
BLANK_BYTES, BLANK_ROW = 1000, 6  # bytes that a blank page may take: in all, and for each row of a fax scan
SPARSE = 64  # rows and columns between those that are glanced at
DEPTH = 8  # forms within forms in which pictures are sought


def count(path: Path) -> int:
    """How many pages the PDF has; raises Unreadable where it is locked, cut off or no PDF at all."""
    try:
        return len(_opened(path))
    finally:
        put_away()


def put_away() -> None:
    """Close the PDF that was read last; whoever calls `page_picture` calls this when it has done with the file."""
    _document.cache_clear()
    _structure.cache_clear()


def page_picture(path: Path, number: int, max_pixels: int, seconds: float) -> Picture:
    """Page `number` (from 1); raises Unreadable or whatever pdfium raises.

    What is not plainly one scan may take `seconds` of processor time.
    """
    document = _opened(path)
    if _is_plain(path, number):
        page = document[number - 1]
        try:
            picture = _only_picture(page)
            if picture is not None:
                return _not_lost(_taken(picture, max_pixels), path, number)
        finally:
            page.close()
    return _not_lost(darkroom.draw(path, number, max_pixels, seconds), path, number)


def drawn(path: Path, number: int, max_pixels: int) -> Picture:
    """The same for any page, however long it takes."""
    page = _opened(path)[number - 1]
    try:
        picture = _only_picture(page)
        if picture is not None:
            return _taken(picture, max_pixels)
        pictures = [each for each in page.get_objects(max_depth=DEPTH) if isinstance(each, pdfium.PdfImage)]
        if not pictures and _holds_pictures(path, number):
            raise Unreadable("damaged")
        for each in pictures:
            _check(each, max_pixels)
        return _rendered(page, max_pixels)
    finally:
        page.close()


def _outline(path: Path) -> pikepdf.Pdf:
    state = path.stat()
    return _structure(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=1)
def _structure(path: Path, _changed: int, _size: int) -> pikepdf.Pdf:
    return pikepdf.open(path)


def _is_plain(path: Path, number: int) -> bool:
    """Whether the page draws little, and only pictures that cannot be larger than they tell; known without opening any of it."""
    try:
        page = _outline(path).pages[number - 1]
        contents = page.obj.get("/Contents", pikepdf.Array())
        streams = list(contents.as_list()) if isinstance(contents, pikepdf.Array) else [contents]
        if sum(len(each.read_raw_bytes()) for each in streams) > PLAIN_CONTENT or not all(map(_packed_once, streams)):
            return False
        return "/Pattern" not in page.resources and all(
            each.get("/Subtype") == "/Image" and each.get("/Filter") in PLAIN_FILTERS for each in _externals(page)
        )
    except (pikepdf.PdfError, TypeError, ValueError, AttributeError, KeyError, IndexError, RuntimeError):
        return False


def _packed_once(stream: pikepdf.Object) -> bool:
    return len(_filters(stream)) <= 1


def _filters(stream: pikepdf.Object) -> list[str]:
    packing = stream.get("/Filter", pikepdf.Array())
    return [str(packing)] if isinstance(packing, pikepdf.Name) else [str(each) for each in packing.as_list()]


def _externals(page: pikepdf.Page) -> list[pikepdf.Object]:
    return list(page.resources.get("/XObject", pikepdf.Dictionary()).as_dict().values())


def _holds_pictures(path: Path, number: int) -> bool:
    """Whether a page that draws no picture has one all the same: then something is broken between them."""
    try:
        return any(each.get("/Subtype") != "/Form" for each in _externals(_outline(path).pages[number - 1]))
    except (pikepdf.PdfError, TypeError, ValueError, AttributeError, KeyError, IndexError, RuntimeError):
        return False


def _not_lost(taken: Picture, path: Path, number: int) -> Picture:
    """The picture as it is; raises Unreadable where it is all of one colour though the page holds more than blank paper needs."""
    image = taken.image
    if np.ptp(image[::SPARSE, ::SPARSE]) == 0 and np.ptp(image) == 0 and _weight(path, number) > max(BLANK_BYTES, BLANK_ROW * len(image)):
        raise Unreadable("damaged")
    return taken


def _weight(path: Path, number: int) -> int:
    """How many bytes the page's drawing and fax pictures take; of a file out of order, all that it has. White JPEGs are large, and checked otherwise."""
    try:
        page = _outline(path).pages[number - 1]
        contents = page.obj.get("/Contents", pikepdf.Array())
        streams = list(contents.as_list()) if isinstance(contents, pikepdf.Array) else [contents]
        pictures = [each for each in _externals(page) if not set(_filters(each)) & {"/DCTDecode", "/FlateDecode"}]
        return sum(len(each.read_raw_bytes()) for each in (*streams, *pictures))
    except (pikepdf.PdfError, TypeError, ValueError, AttributeError, KeyError, IndexError, RuntimeError):
        return path.stat().st_size


def _check(picture: pdfium.PdfImage, max_pixels: int) -> None:
    """Raise Unreadable where the picture is too large, or its data end before it does: pdfium would draw white paper and say nothing."""
    width, height = picture.get_px_size()
    if width * height > max_pixels:
        raise Unreadable("too_many_pixels")
    filters = picture.get_filters()
    content = bytes(picture.get_data(decode_simple=True))
    last = filters[-1] if filters else ""
    if last == "DCTDecode":
        whole = is_whole(content) and photograph(content, max_pixels, oriented=False).image.size > 0
    elif last == "CCITTFaxDecode":
        whole = len(content) * 8 >= height  # a row takes one bit at the least
    elif set(filters) <= SIMPLE_FILTERS:
        whole = len(content) >= height * ((width * picture.get_metadata().bits_per_pixel + 7) // 8)
    else:
        whole = picture.get_bitmap() is not None  # raises where it cannot be decoded
    if not whole:
        raise Unreadable("damaged")


def _opened(path: Path) -> pdfium.PdfDocument:
    state = path.stat()
    return _document(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=1)
def _document(path: Path, _changed: int, size: int) -> pdfium.PdfDocument:
    with path.open("rb") as file:
        file.seek(max(0, size - TAIL))
        if b"%%EOF" not in file.read():
            raise Unreadable("damaged")  # pdfium would mend it in silence and leave pages blank
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as failure:
        raise Unreadable(why_unopened(path, failure)) from failure


def why_unopened(path: Path, failure: pdfium.PdfiumError) -> str:
    """Why pdfium did not open a document. Its code alone may be that of the document before: one that is locked also says so itself."""
    if failure.err_code not in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY) or not path.stat().st_size:
        return "damaged"
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        return "damaged" if content.find(b"/Encrypt") < 0 else "encrypted"


def _only_picture(page: pdfium.PdfPage) -> pdfium.PdfImage | None:
    """The picture that is the whole page, not mirrored and evenly scaled; else None."""
    objects = list(page.get_objects(max_depth=1))
    if len(objects) != 1 or not isinstance(objects[0], pdfium.PdfImage):
        return None
    picture = objects[0]
    a, b, c, d = picture.get_matrix().get()[:4]
    across, down = np.hypot(a, b), np.hypot(c, d)
    square = min(abs(a), abs(b)) < 1e-3 * across and min(abs(c), abs(d)) < 1e-3 * down
    width, height = picture.get_px_size()
    if not square or a * d - b * c <= 0 or not width or not height:
        return None
    even = max(across / width, down / height) <= UNEVEN * min(across / width, down / height)
    return picture if even and _inside(picture, page) else None


def _inside(picture: pdfium.PdfImage, page: pdfium.PdfPage) -> bool:
    left, bottom, right, top = page.get_cropbox()
    spare_x, spare_y = OUTSIDE * (right - left), OUTSIDE * (top - bottom)
    x0, y0, x1, y1 = picture.get_bounds()
    return bool(x0 >= left - spare_x and y0 >= bottom - spare_y and x1 <= right + spare_x and y1 <= top + spare_y)


def _taken(picture: pdfium.PdfImage, max_pixels: int) -> Picture:
    width, height = picture.get_px_size()
    if width * height > max_pixels:
        raise Unreadable("too_many_pixels")
    a, b = picture.get_matrix().get()[:2]
    dpi = float(width * POINTS_PER_INCH / np.hypot(a, b))
    metadata = picture.get_metadata()
    plain = metadata.colorspace in (pdfium_c.FPDF_COLORSPACE_DEVICEGRAY, pdfium_c.FPDF_COLORSPACE_DEVICERGB)
    if plain and picture.get_filters() == ["DCTDecode"]:
        return photograph(bytes(picture.get_data()), max_pixels, oriented=False)._replace(dpi=dpi)
    _check(picture, max_pixels)
    pixels = picture.get_bitmap().to_numpy()
    return Picture(_grey(pixels), dpi, _colour(pixels))


def _rendered(page: pdfium.PdfPage, max_pixels: int) -> Picture:
    """A page as it is drawn, with its colours where it has any: red may be drawn over a grey scan."""
    scale = RENDER_DPI / POINTS_PER_INCH
    width, height = page.get_size()
    if width * height * scale * scale > max_pixels:
        raise Unreadable("too_many_pixels")
    grey = _grey(page.render(scale=scale, grayscale=True).to_numpy())
    smaller = scale / times_smaller(grey.shape[1], grey.shape[0])
    pixels = np.array(page.render(scale=smaller).to_numpy()[:, :, :3], np.uint8)
    return Picture(grey, float(RENDER_DPI), None if (pixels == pixels[:, :, :1]).all() else pixels)


def _colour(pixels: npt.NDArray[np.uint8]) -> Colour | None:
    if pixels.ndim < 3 or pixels.shape[2] < 3:
        return None
    times = times_smaller(pixels.shape[1], pixels.shape[0])
    size = (max(1, round(pixels.shape[1] / times)), max(1, round(pixels.shape[0] / times)))
    return np.asarray(cv2.resize(pixels[:, :, :3], size, interpolation=cv2.INTER_AREA), np.uint8)


def _grey(pixels: npt.NDArray[np.uint8]) -> Grey:
    if pixels.ndim == 3 and pixels.shape[2] >= 3:
        return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels[:, :, :3]), cv2.COLOR_BGR2GRAY), np.uint8)
    return np.array(pixels.reshape(pixels.shape[:2]), np.uint8)
