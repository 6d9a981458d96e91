"""What happens to files on their way to the desk: cut off, bits turned, pieces lost, swapped or written twice, named for what they are not.

`bench.mutated_files` makes thousands of them by seed from a few real scans; tests/scanning/test_mutated_files.py a few hundred. Nothing here reads them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pikepdf
from PIL import Image

from scanning.intake import Frame, Limits, frames
from scanning.verdict import Grey

HEIGHT = 1170  # pixels: 100 dpi, so that thousands are read in minutes
SUFFIXES = (".pdf", ".jpg", ".JPEG", ".png", ".tif", ".gif", ".bmp", ".webp", ".txt", "")
EXTREMES = (b"0", b"-1", b"1", b"65535", b"2147483647", b"4294967296", b"99999999999999999999", b"0.0000001", b"nan")
Rng = np.random.Generator
Damage = Callable[[bytes, Rng], bytes]


@dataclass(frozen=True, slots=True)
class Sample:
    """A file: what it was, the end of its name, its bytes."""

    name: str
    suffix: str
    content: bytes


def whole_files(scans: Path, packet: bytes = b"") -> list[Sample]:
    """The scans below `scans` again in every format, at 100 dpi, and the PDF of a printed packet (vectors, no picture)."""
    pages = _pages(scans)
    first, second = (Image.fromarray(page) for page in pages[:2])
    coloured = first.convert("RGB")
    made = [
        Sample("grey jpeg", ".jpg", _saved(first, "JPEG", quality=70)),
        Sample("colour jpeg", ".jpg", _saved(coloured, "JPEG", quality=70)),
        Sample("progressive jpeg", ".jpg", _saved(second, "JPEG", quality=70, progressive=True)),
        Sample("jpeg with exif", ".jpg", _turned(first)),
        Sample("grey png", ".png", _saved(second, "PNG")),
        Sample("1-bit png", ".png", _saved(first.convert("1"), "PNG")),
        Sample("palette png", ".png", _saved(second.convert("P"), "PNG")),
        Sample("raw tiff", ".tif", _saved(first, "TIFF")),
        Sample("lzw tiff of three", ".tif", _saved(first, "TIFF", compression="tiff_lzw", save_all=True, append_images=[second, first])),
        Sample("fax tiff", ".tif", _saved(first.convert("1"), "TIFF", compression="group4")),
        Sample("jpeg tiff", ".tif", _saved(coloured, "TIFF", compression="jpeg")),
        Sample("deflated tiff", ".tif", _saved(second, "TIFF", compression="tiff_deflate")),
        Sample("pdf of jpegs", ".pdf", _saved(first, "PDF", save_all=True, append_images=[second], resolution=100)),
        Sample("pdf of a bitmap", ".pdf", _deflated_pdf(pages[0])),
        Sample("fax pdf", ".pdf", _saved(second.convert("1"), "PDF", resolution=100)),
        Sample("gif", ".gif", _saved(first, "GIF")),
        Sample("bmp", ".bmp", _saved(first, "BMP")),
        Sample("webp", ".webp", _saved(first, "WEBP")),
    ]
    return made + ([Sample("printed pdf", ".pdf", packet)] if packet else [])


def damaged(samples: Sequence[Sample], luck: Rng) -> Sample:
    """One of `samples` after one to three accidents; every tenth also loses its right name."""
    sample = samples[int(luck.integers(len(samples)))]
    content, told = sample.content, []
    for _time in range(int(luck.choice([1, 1, 1, 2, 3]))):
        name = str(luck.choice(list(ACCIDENTS)))
        told.append(name)
        content = ACCIDENTS[name](content, luck) or b"\0"
    suffix = str(luck.choice(SUFFIXES)) if luck.random() < 0.1 else sample.suffix
    return Sample(f"{sample.name}: {', '.join(told)}", suffix, content)


def _pages(scans: Path) -> list[Grey]:
    pages = []
    for file in sorted(path for path in scans.rglob("*") if path.is_file()):
        for frame in frames(file, Limits()):
            if isinstance(frame, Frame) and frame.image.shape[0] > frame.image.shape[1] * 1.3:
                width = round(frame.image.shape[1] * HEIGHT / frame.image.shape[0])
                pages.append(np.asarray(cv2.resize(frame.image, (width, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8))
    return pages


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    picture.copy().save(target, kind, **options)  # a picture remembers how it was saved last
    return target.getvalue()


def _turned(picture: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[274], exif[271], exif[306] = 6, "Қалам", "2026:10:14 09:00:00"
    return _saved(picture.rotate(90, expand=True), "JPEG", exif=exif, quality=70)


def _deflated_pdf(page: Grey) -> bytes:
    height, width = page.shape
    with pikepdf.new() as document:
        sheet = document.add_blank_page(page_size=(595, 842))
        picture = pikepdf.Stream(
            document, page.tobytes(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width, Height=height
        )
        picture.ColorSpace, picture.BitsPerComponent = pikepdf.Name.DeviceGray, 8
        sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
        sheet.Contents = pikepdf.Stream(document, b"q 595 0 0 842 0 0 cm /P Do Q")
        target = io.BytesIO()
        document.save(target, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return target.getvalue()


def _place(content: bytes, luck: Rng) -> int:
    """Somewhere in the file; every second time near an end, where headers and tables stand."""
    if luck.random() < 0.5:
        return int(luck.integers(len(content)))
    near = int(min(luck.exponential(200), len(content) - 1))
    return near if luck.random() < 0.6 else len(content) - 1 - near


def cut_off(content: bytes, luck: Rng) -> bytes:
    return content[: _place(content, luck)]


def beginning_lost(content: bytes, luck: Rng) -> bytes:
    return content[_place(content, luck) :]


def bits_turned(content: bytes, luck: Rng) -> bytes:
    changed = bytearray(content)
    for _bit in range(int(luck.choice([1, 2, 8, 64]))):
        changed[_place(content, luck)] ^= 1 << int(luck.integers(8))
    return bytes(changed)


def bytes_overwritten(content: bytes, luck: Rng) -> bytes:
    start, changed = _place(content, luck), bytearray(content)
    length = min(int(luck.choice([1, 2, 4, 16, 512, 4096])), len(content) - start)
    filling = (b"\0" * length, b"\xff" * length, luck.integers(0, 256, length, np.uint8).tobytes(), b"\x7f" + b"\xff" * (length - 1))
    changed[start : start + length] = filling[int(luck.integers(len(filling)))]
    return bytes(changed)


def piece_lost(content: bytes, luck: Rng) -> bytes:
    start = _place(content, luck)
    return content[:start] + content[start + int(luck.exponential(500)) + 1 :]


def piece_twice(content: bytes, luck: Rng) -> bytes:
    start = _place(content, luck)
    piece = content[start : start + int(luck.exponential(2000)) + 1]
    return content[: start + len(piece)] + piece * int(luck.choice([1, 1, 30])) + content[start + len(piece) :]


def pieces_swapped(content: bytes, luck: Rng) -> bytes:
    one, two, three = sorted(_place(content, luck) for _cut in range(3))
    return content[:one] + content[two:three] + content[one:two] + content[three:]


def rubbish_added(content: bytes, luck: Rng) -> bytes:
    rubbish = luck.integers(0, 256, int(luck.exponential(3000)) + 1, np.uint8).tobytes()
    return rubbish[:900] + content if luck.random() < 0.2 else content + rubbish


def numbers_changed(content: bytes, luck: Rng) -> bytes:
    """Some of the numbers written in letters (those of a PDF) become extreme; in other files, four bytes do."""
    found = list(re.finditer(rb"(?<![\w.])\d+(?:\.\d+)?(?!\w)", content)) if content[:1024].find(b"%PDF") >= 0 else []
    if not found:
        start = min(_place(content, luck), max(0, len(content) - 4))
        return content[:start] + bytes.fromhex(str(luck.choice(["00000000", "ffffffff", "7fffffff", "00000001"]))) + content[start + 4 :]
    for match in sorted({int(luck.integers(len(found))) for _time in range(3)}, reverse=True):
        content = content[: found[match].start()] + EXTREMES[int(luck.integers(len(EXTREMES)))] + content[found[match].end() :]
    return content


def words_changed(content: bytes, luck: Rng) -> bytes:
    """A name of a PDF (/Filter, /Kids ...) takes the place of another; in other files, two bytes do."""
    found = list(re.finditer(rb"/[A-Z][A-Za-z0-9]+", content))
    if len(found) < 2:
        return bytes_overwritten(content, luck)
    one, other = (found[int(luck.integers(len(found)))] for _name in range(2))
    return content[: one.start()] + other.group() + content[one.end() :]


def references_changed(content: bytes, luck: Rng) -> bytes:
    """Something in a PDF that should lead to one object leads to another, perhaps to itself."""
    found = list(re.finditer(rb"\d+ 0 R", content))
    if len(found) < 2:
        return numbers_changed(content, luck)
    one, other = (found[int(luck.integers(len(found)))] for _name in range(2))
    return content[: one.start()] + other.group() + content[one.end() :]


ACCIDENTS: dict[str, Damage] = {
    each.__name__: each
    for each in (
        cut_off, beginning_lost, bits_turned, bytes_overwritten, piece_lost, piece_twice, pieces_swapped, rubbish_added, numbers_changed, words_changed,
        references_changed,
    )
}  # fmt: skip
