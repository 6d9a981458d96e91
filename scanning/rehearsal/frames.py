"""Pictures become files as scanners and telephones write them: JPEG, PNG, multi-page TIFF, PDF of embedded pictures.

Also the things in a pile that are not our pages: backs of sheets, foreign papers, broken files.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from records.files import explained
from scanning.rehearsal.scanner import THRESHOLD, Rng, Taken, add_noise
from scanning.rehearsal.sheet import MM_PER_INCH, Grey

SUFFIXES = {"jpeg": ".jpg", "png": ".png", "tiff": ".tif", "pdf": ".pdf"}
EXIF_ORIENTATION, TURNED_TAGS = 0x0112, {0: 1, 90: 6, 180: 3, 270: 8}


def write_frames(path: Path, kind: str, frames: Sequence[Taken]) -> None:
    """Write the pictures as one file; `kind`: jpeg or png (one picture), tiff or pdf (any number)."""
    if kind == "pdf":
        _write(path, _pdf(frames))
    elif kind == "tiff":
        first, *rest = [picture_of(frame) for frame in frames]
        target = io.BytesIO()
        compression = "group4" if all(frame.bits == 1 for frame in frames) else "tiff_lzw"
        first.save(target, "TIFF", save_all=True, append_images=rest, compression=compression, dpi=(frames[0].dpi, frames[0].dpi))
        _write(path, target.getvalue())
    elif kind == "png":
        target = io.BytesIO()
        picture_of(frames[0]).save(target, "PNG", compress_level=1, dpi=(frames[0].dpi, frames[0].dpi))
        _write(path, target.getvalue())
    else:
        _write(path, jpeg_of(frames[0]))


def break_file(path: Path, rng: Rng) -> None:
    """Cut the file off, as a pulled memory stick does."""
    content = path.read_bytes()
    _write(path, content[: int(len(content) * rng.uniform(0.02, 0.3))])


def back_of_sheet(rng: Rng, dpi: int, size_mm: tuple[float, float]) -> Taken:
    """The empty back of a sheet, with noise and perhaps a fold's shade."""
    size = (round(size_mm[0] * dpi / MM_PER_INCH), round(size_mm[1] * dpi / MM_PER_INCH))
    grey: Grey = np.full(size[::-1], int(rng.integers(236, 254)), np.uint8)
    if rng.random() < 0.5:
        middle = size[1] // 2 + int(rng.integers(-10, 10))
        grey[middle : middle + 3] -= np.uint8(rng.integers(5, 25))
    add_noise(grey, rng, float(rng.uniform(1, 4)))
    return Taken(grey, np.eye(3), size, 0, dpi, 80)


def foreign_paper(rng: Rng, dpi: int) -> Taken:
    """Somebody's letter: lines of letters, a frame, sometimes a QR code of another house."""
    size = (round(210 * dpi / MM_PER_INCH), round(297 * dpi / MM_PER_INCH))
    grey: Grey = np.full(size[::-1], 246, np.uint8)
    scale = dpi / 200
    for line in range(int(rng.integers(12, 34))):
        text = "".join(rng.choice(list("aeioubcdklmnrst    "), int(rng.integers(20, 62))))
        cv2.putText(
            grey,
            text,
            (round(150 * scale), round((220 + line * 58) * scale)),
            cv2.FONT_HERSHEY_SIMPLEX,
            scale,
            40,
            max(1, round(2 * scale)),
            cv2.LINE_AA,
        )
    if rng.random() < 0.5:
        _foreign_code(grey, rng, scale)
    add_noise(grey, rng, float(rng.uniform(1, 4)))
    return Taken(grey, np.eye(3), size, 0, dpi, 80)


def _foreign_code(grey: Grey, rng: Rng, scale: float) -> None:
    import qrcode

    code = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(f"https://example.org/{rng.integers(1_000_000)}")
    code.make()
    modules = np.where(np.array(code.get_matrix()), 20, 246).astype(np.uint8)
    side = round(190 * scale)
    x = grey.shape[1] - side - round(100 * scale)
    y = round(90 * scale)
    grey[y : y + side, x : x + side] = cv2.resize(modules, (side, side), interpolation=cv2.INTER_NEAREST)


def _write(path: Path, content: bytes) -> None:
    """Plainly: nothing is lost where a rehearsal breaks off, and thousands of pictures need not wait for the disk."""
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def picture_of(frame: Taken) -> Image.Image:
    """The frame as it goes into a file: in one bit, grey or tinted."""
    grey = Image.fromarray(frame.grey)
    if frame.bits == 1:
        return grey.convert("1") if frame.dither else grey.point([0] * THRESHOLD + [255] * (256 - THRESHOLD), "1")
    if frame.tint is None:
        return grey
    channels = [cv2.LUT(frame.grey, np.clip(np.arange(256) * share, 0, 255).astype(np.uint8)) for share in frame.tint]
    return Image.fromarray(np.ascontiguousarray(np.stack(channels, axis=2).astype(np.uint8)))


def jpeg_of(frame: Taken) -> bytes:
    """The frame as a JPEG of its own quality."""
    target = io.BytesIO()
    picture_of(frame).convert("L" if frame.tint is None else "RGB").save(target, "JPEG", quality=frame.quality, dpi=(frame.dpi, frame.dpi))
    return target.getvalue()


def _pdf(frames: Sequence[Taken]) -> bytes:
    """Each page is one embedded JPEG, as scanners make them."""
    import pikepdf

    with pikepdf.new() as document:
        for frame in frames:
            height, width = frame.grey.shape
            points = (width * 72 / frame.dpi, height * 72 / frame.dpi)
            space = pikepdf.Name.DeviceGray if frame.tint is None else pikepdf.Name.DeviceRGB
            picture = pikepdf.Stream(
                document, jpeg_of(frame), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width, Height=height, ColorSpace=space,
                BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
            )  # fmt: skip
            content = pikepdf.Stream(document, f"q {points[0]:.3f} 0 0 {points[1]:.3f} 0 0 cm /P Do Q".encode())
            page = pikepdf.Dictionary(
                Type=pikepdf.Name.Page,
                MediaBox=[0, 0, *points],
                Contents=content,
                Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture)),
            )
            document.pages.append(pikepdf.Page(document.make_indirect(page)))
        target = io.BytesIO()
        document.save(target, deterministic_id=True)
        return target.getvalue()
