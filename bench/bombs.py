"""Hostile files, made by hand: small on disk, and asking for gigabytes, hours or endless rounds when they are opened.

`bench.mutated_files` and tests/scanning/test_mutated_files.py put them before `poshta scan`. Every one is made when it is asked for; nothing here reads them.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial

import numpy as np
from PIL import Image, PngImagePlugin

MEGABYTE = 1 << 20
Maker = Callable[[], bytes]


def pdf(objects: Iterable[bytes], trailer: bytes = b"", version: bytes = b"1.7") -> bytes:
    """A PDF of numbered objects, the first its catalogue, with a right table of references."""
    body, places = b"%PDF-" + version + b"\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    end = b"trailer\n<< /Root 1 0 R /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def stream(content: bytes, words: bytes = b"") -> bytes:
    return b"<< /Length %d %s >> stream\n%s\nendstream" % (len(content), words, content)


def page_pdf(content: bytes, words: bytes = b"", resources: bytes = b"", more: Iterable[bytes] = (), box: bytes = b"0 0 595 842") -> bytes:
    """One page that draws `content` (object 4, with the stream's `words`); `more` are objects from 5 on."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << %s >> >>" % (box, resources)
    tree = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, stream(content, words), *more])


def picture_pdf(data: bytes, words: bytes) -> bytes:
    """One page that is one picture."""
    draw = b"q 595 0 0 842 0 0 cm /P Do Q"
    return page_pdf(draw, b"", b"/XObject << /P 5 0 R >>", [stream(data, b"/Type /XObject /Subtype /Image " + words)])


def deflated(byte: bytes, megabytes: int, times: int = 1) -> bytes:
    """So many megabytes of one byte, deflated, and what comes out of that deflated again."""
    packer = zlib.compressobj(9)
    content = b"".join(packer.compress(byte * MEGABYTE) for _time in range(megabytes)) + packer.flush()
    for _time in range(times - 1):
        content = zlib.compress(content, 9)
    return content


def _big_picture(width: int, height: int, space: bytes = b"/DeviceGray", bits: int = 8, channels: int = 1) -> bytes:
    row = (width * bits * channels + 7) // 8
    packer = zlib.compressobj(1)
    data = b"".join(packer.compress(b"\xff" * row * 64) for _rows in range(0, height, 64)) + packer.flush()
    words = b"/Width %d /Height %d /ColorSpace %s /BitsPerComponent %d /Filter /FlateDecode" % (width, height, space, bits)
    return picture_pdf(data, words)


def _tree(depth: int, loop: bool = False) -> bytes:
    """Pages within pages within pages; with `loop`, the last leads back to the first."""
    nodes = [
        b"<< /Type /Pages /Count 1 /Kids [%d 0 R] %s>>" % (number + 3, b"/Parent %d 0 R " % (number + 1) if number else b"")
        for number in range(depth)
    ]
    last = nodes.pop() if loop else b""
    end = (
        last.replace(b"[%d 0 R]" % (depth + 2), b"[2 0 R]")
        if loop
        else b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 99 99] >>" % (depth + 1)
    )
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", *nodes, end])


def _many_pages(count: int, told: int | None = None) -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    pages = [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>"] * count
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count %d /Kids [%s] >>" % (told or count, kids), *pages])


def _laughs(levels: int, each: int) -> bytes:
    """Forms that draw forms that draw forms: `each` to the power of `levels` rectangles."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /F %d 0 R >> >>"
    forms = [stream(b"/F Do " * each, form % (6 + level)) for level in range(levels)]
    last = stream(b"0 0 9 9 re f ", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]")
    return page_pdf(b"/F Do", b"", b"/XObject << /F 5 0 R >>", [*forms, last])


def _own_form() -> bytes:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /F 5 0 R >> >>"
    return page_pdf(b"/F Do", b"", b"/XObject << /F 5 0 R >>", [stream(b"/F Do 0 0 9 9 re f", form)])


def _tiles(step: bytes) -> bytes:
    words = b"/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep %s /YStep %s /Resources << >>" % (step, step)
    content = b"/Pattern cs /T scn 0 0 595 842 re f"
    return page_pdf(content, b"", b"/Pattern << /T 5 0 R >>", [stream(b"0 0 1 1 re f", words)])


def _drawing(content: bytes) -> bytes:
    return page_pdf(zlib.compress(content), b"/Filter /FlateDecode")


def _dashes() -> bytes:
    return _drawing(b"[0.0001 0.0001] 0 d 0.5 w " + b"0 0 m 595 842 l S 595 0 m 0 842 l S " * 50)


def _masks(depth: int) -> bytes:
    """Soft masks whose pictures have soft masks."""
    words = b"/Type /XObject /Subtype /Image /Width 500 /Height 500 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
    data = zlib.compress(b"\x80" * 250_000)
    pictures = [
        stream(data, words + (b" /SMask %d 0 R" % (6 + level) if level < depth - 1 else b" /SMask 5 0 R")) for level in range(depth)
    ]
    return page_pdf(b"q 595 0 0 842 0 0 cm /P Do Q", b"", b"/XObject << /P 5 0 R >>", pictures)


def _type3_of_itself() -> bytes:
    glyph = stream(b"500 0 d0 BT /F 1 Tf (a) Tj ET")
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /CharProcs << /a 6 0 R >> /FirstChar 97 /LastChar 97 /Widths [500] "
        b"/Encoding << /Differences [97 /a] >> /Resources << /Font << /F 5 0 R >> >> >>"
    )
    return page_pdf(b"BT /F 12 Tf 50 50 Td (aaaa) Tj ET", b"", b"/Font << /F 5 0 R >>", [font, glyph])


def _table_loop() -> bytes:
    """A table of references that says that the one before it is itself."""
    plain = page_pdf(b"0 0 9 9 re f")
    place = plain.rfind(b"xref\n0")
    return plain.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % place)


def _length_of_itself() -> bytes:
    return page_pdf(b"0 0 9 9 re f").replace(b"/Length 12 ", b"/Length 4 0 R ")


def _nested(letters: bytes, count: int) -> bytes:
    other = {b"[": b"]", b"<<": b">>"}[letters]
    between = b"/A " if letters == b"<<" else b""
    return page_pdf(b"0 0 9 9 re f", b"", b"", [(letters + between) * count + other * count])


def _object_stream_loop() -> bytes:
    """Objects in an object stream that extends itself."""
    inner = b"7 0 << /A 7 0 R >>"
    return page_pdf(b"0 0 9 9 re f", b"", b"", [stream(inner, b"/Type /ObjStm /N 1 /First 4 /Extends 5 0 R")])


def _jpeg(size: tuple[int, int] = (600, 800), **options: object) -> bytes:
    noise = np.random.default_rng(1).integers(0, 256, (size[1], size[0]), np.uint8)
    target = io.BytesIO()
    Image.fromarray(noise).save(target, "JPEG", quality=60, **options)
    return target.getvalue()


def _jpeg_of_size(width: int, height: int) -> bytes:
    """A JPEG whose header promises other sizes than its data has."""
    plain = bytearray(_jpeg())
    place = plain.find(b"\xff\xc0")
    plain[place + 5 : place + 9] = struct.pack(">HH", height, width)
    return bytes(plain)


def _many_scans(times: int) -> bytes:
    """A progressive JPEG of 40 megapixels whose scans come again and again."""
    plain = _jpeg((600, 800), progressive=True)
    place = plain.find(b"\xff\xc2")
    head = bytearray(plain)
    head[place + 5 : place + 9] = struct.pack(">HH", 5000, 8000)
    first = plain.rfind(b"\xff\xda")
    return bytes(head[:first]) + plain[first:-2] * times + b"\xff\xd9"


def _png(width: int, height: int, bits: int, colour: int, data: bytes, extra: bytes = b"") -> bytes:
    """A PNG by its chunks; `colour` as in its header: 0 grey, 2 colour, 4 grey with transparency, 6 colour with transparency."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)), (b"IDAT", data), (b"IEND", b"")]
    packed = [_chunk(*chunk) for chunk in chunks]
    return b"\x89PNG\r\n\x1a\n" + packed[0] + extra + b"".join(packed[1:])


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _white_png(width: int, height: int, bits: int, colour: int) -> bytes:
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    row = b"\0" + b"\xff" * ((width * bits * channels + 7) // 8)
    packer = zlib.compressobj(1)
    data = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    return _png(width, height, bits, colour, data)


def _png_with_text() -> bytes:
    target, words = io.BytesIO(), PngImagePlugin.PngInfo()
    words.add_text("Comment", "a" * 900_000, zip=True)
    Image.new("L", (60, 80), 255).save(target, "PNG", pnginfo=words)
    return target.getvalue().replace(b"IEND", b"IEND" * 2)


def _png_profile_bomb() -> bytes:
    return _png(60, 80, 8, 0, zlib.compress(b"\0" * 61 * 80), _chunk(b"iCCP", b"a\0\0" + deflated(b"\0", 300)))


def tiff(entries: Mapping[int, tuple[int, int, int]], after: int = 0, tail: bytes = b"") -> bytes:
    """A little-endian TIFF with one directory of (type, count, value) by tag; `after` is where the next is said to lie."""
    rows = b"".join(struct.pack("<HHII", tag, *entries[tag]) for tag in sorted(entries))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + rows + struct.pack("<I", after) + tail


def _plain_tiff(
    width: int, height: int, after: int = 0, compression: int = 1, bits: int = 8, form: int = 1, data: bytes = b"\xff" * 4800
) -> bytes:
    entries = {
        256: (4, 1, width), 257: (4, 1, height), 258: (3, 1, bits), 259: (3, 1, compression), 262: (3, 1, 1), 273: (4, 1, 4096), 277: (3, 1, 1),
        278: (4, 1, height), 279: (4, 1, len(data)), 339: (3, 1, form),
    }  # fmt: skip
    head = tiff(entries, after)
    return head + b"\0" * (4096 - len(head)) + data


def _tiff_of_many(count: int) -> bytes:
    """So many directories of nothing, one after the other."""
    one = 2 + 12 + 4
    body = b"".join(
        struct.pack("<HHHIII", 1, 256, 4, 1, 60, 8 + (number + 1) * one if number + 1 < count else 0) for number in range(count)
    )
    return b"II*\0\x08\0\0\0" + body


def _big_float_tiff() -> bytes:
    packer = zlib.compressobj(1)
    data = b"".join(packer.compress(struct.pack("<f", 200.0) * 10_000) for _row in range(10_000)) + packer.flush()
    return _plain_tiff(10_000, 10_000, compression=8, bits=32, form=3, data=data)


def _zip_bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", b"\0" * (64 * MEGABYTE))
    return target.getvalue()


BOMBS: dict[str, tuple[str, Maker]] = {
    # sizes that the header tells
    "png of 4 gigapixels": (".png", lambda: _png(65_000, 65_000, 8, 0, zlib.compress(b"\0" * 1000))),
    "png of 2^31 by 1": (".png", lambda: _png(2**31 - 1, 1, 8, 0, zlib.compress(b"\0" * 1000))),
    "png of no width": (".png", lambda: _png(0, 80, 8, 0, zlib.compress(b"\0" * 1000))),
    "png of 118 megapixels, grey": (".png", lambda: _white_png(10_900, 10_900, 8, 0)),
    "png of 118 megapixels, 64 bits each": (".png", lambda: _white_png(10_900, 10_900, 16, 6)),
    "png one pixel high": (".png", lambda: _white_png(1_000_000, 1, 8, 0)),
    "png one pixel wide": (".png", lambda: _white_png(1, 1_000_000, 8, 0)),
    "png without its pixels": (".png", lambda: _png(10_900, 10_900, 8, 6, zlib.compress(b"\0" * 1000))),
    "png with more pixels than it tells": (".png", lambda: _png(60, 80, 8, 0, deflated(b"\0", 500))),
    "png with a packed profile": (".png", _png_profile_bomb),
    "png with packed words": (".png", _png_with_text),
    "jpeg of 4 gigapixels": (".jpg", lambda: _jpeg_of_size(65_500, 65_500)),
    "jpeg of 100 megapixels without them": (".jpg", lambda: _jpeg_of_size(10_000, 10_000)),
    "jpeg of no height": (".jpg", lambda: _jpeg_of_size(600, 0)),
    "jpeg whose scans come again": (".jpg", partial(_many_scans, 300)),
    "tiff of 4 gigapixels": (".tif", lambda: _plain_tiff(65_000, 65_000)),
    "tiff of 100 megapixels without them": (".tif", lambda: _plain_tiff(10_000, 10_000)),
    "tiff of 100 megapixels of 32 bits": (".tif", _big_float_tiff),
    "tiff whose data are more than it tells": (".tif", lambda: _plain_tiff(60, 80, compression=8, data=deflated(b"\xff", 500))),
    "tiff with a strip of 4 gigabytes": (".tif", lambda: _plain_tiff(60, 80).replace(struct.pack("<I", 4800), b"\xff" * 4, 1)),
    "tiff of 65535 bits": (".tif", lambda: _plain_tiff(60, 80, bits=65_535)),
    "tiff with 4 billion values": (".tif", lambda: tiff({256: (4, 2**32 - 1, 8), 257: (4, 1, 80)})),
    "zip named pdf": (".pdf", _zip_bomb),
    # rounds without an end
    "tiff whose directory follows itself": (".tif", lambda: _plain_tiff(60, 80, after=8)),
    "tiff of 4000 directories": (".tif", partial(_tiff_of_many, 4000)),
    "tiff of 100000 directories": (".tif", partial(_tiff_of_many, 100_000)),
    "pages within pages, 3000 deep": (".pdf", partial(_tree, 3000)),
    "pages within pages, 50000 deep": (".pdf", partial(_tree, 50_000)),
    "pages that hold themselves": (".pdf", partial(_tree, 3, loop=True)),
    "page that holds itself at once": (".pdf", partial(_tree, 1, loop=True)),
    "table that follows itself": (".pdf", _table_loop),
    "stream as long as itself": (".pdf", _length_of_itself),
    "object stream that extends itself": (".pdf", _object_stream_loop),
    "form that draws itself": (".pdf", _own_form),
    "letter that writes itself": (".pdf", _type3_of_itself),
    "masks that mask each other": (".pdf", partial(_masks, 30)),
    # counts
    "pdf that tells of 2^31 pages": (".pdf", partial(_many_pages, 1, 2**31 - 1)),
    "pdf that tells of 200 pages and has 1": (".pdf", partial(_many_pages, 1, 200)),
    "pdf of no pages": (".pdf", lambda: pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 0 /Kids [] >>"])),
    "pdf of 5001 pages": (".pdf", partial(_many_pages, 5001)),
    "pdf of 300 empty pages": (".pdf", partial(_many_pages, 300)),
    "lists within lists, 100000 deep": (".pdf", partial(_nested, b"[", 100_000)),
    "dictionaries within dictionaries": (".pdf", partial(_nested, b"<<", 100_000)),
    # sizes within a pdf
    "pdf picture of 4 gigapixels": (
        ".pdf",
        lambda: picture_pdf(b"0", b"/Width 65000 /Height 65000 /ColorSpace /DeviceGray /BitsPerComponent 8"),
    ),
    "pdf picture of 100 megapixels without them": (
        ".pdf",
        lambda: picture_pdf(
            zlib.compress(b"0"), b"/Width 10000 /Height 10000 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode"
        ),
    ),
    "pdf picture of 100 megapixels, grey": (".pdf", partial(_big_picture, 10_000, 10_000)),
    "pdf picture of 100 megapixels, colour": (".pdf", partial(_big_picture, 10_000, 10_000, b"/DeviceRGB", 8, 3)),
    "pdf picture of 100 megapixels, 1 bit": (".pdf", partial(_big_picture, 10_000, 10_000, b"/DeviceGray", 1)),
    "pdf jpeg larger than the pdf tells": (
        ".pdf",
        lambda: picture_pdf(
            _jpeg_of_size(65_500, 65_500), b"/Width 600 /Height 800 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode"
        ),
    ),
    "pdf fax picture of nothing": (
        ".pdf",
        lambda: picture_pdf(b"\0", b"/Width 10000 /Height 10000 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode"),
    ),
    "pdf jbig2 picture of rubbish": (
        ".pdf",
        lambda: picture_pdf(b"\xff" * 400, b"/Width 10000 /Height 10000 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /JBIG2Decode"),
    ),
    "pdf page of 70 metres": (".pdf", lambda: page_pdf(b"0 0 9 9 re f", box=b"0 0 200000 200000")),
    "pdf page of 2^31 points": (".pdf", lambda: page_pdf(b"0 0 9 9 re f", box=b"0 0 2147483648 2147483648")),
    "pdf page of no size": (".pdf", lambda: page_pdf(b"0 0 9 9 re f", box=b"0 0 0 0")),
    "pdf page of a line": (".pdf", lambda: page_pdf(b"0 0 9 9 re f", box=b"0 0 0.001 842")),
    "pdf page of words for a size": (".pdf", lambda: page_pdf(b"0 0 9 9 re f", box=b"nan inf (a) /B")),
    # work without an end
    "content of 400 megabytes of spaces": (".pdf", lambda: page_pdf(deflated(b" ", 400), b"/Filter /FlateDecode")),
    "content packed three times": (".pdf", lambda: page_pdf(deflated(b" ", 900, 3), b"/Filter [/FlateDecode /FlateDecode /FlateDecode]")),
    "picture packed three times": (
        ".pdf",
        lambda: picture_pdf(
            deflated(b"\xff", 900, 3),
            b"/Width 600 /Height 800 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter [/FlateDecode /FlateDecode /FlateDecode]",
        ),
    ),
    "a million rectangles": (".pdf", lambda: _drawing(b"0 0 595 842 re f " * 1_000_000)),
    "a million curves in one path": (".pdf", lambda: _drawing(b"0 0 m " + b"9 800 500 2 300 400 c 0 0 l " * 1_000_000 + b"B*")),
    "dashes too short to see": (".pdf", _dashes),
    "tiles too small to see": (".pdf", partial(_tiles, b"0.001")),
    "tiles of no size": (".pdf", partial(_tiles, b"0")),
    "forms that draw forms, ten to the ninth": (".pdf", partial(_laughs, 9, 10)),
}
