"""A museum of files as scanners, telephones and accidents leave them: each read in full or refused by name, never half-read in silence."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from records.language import set_language
from scanning.intake import REFUSALS, Frame, Kind, Limits, Refused, count_frames, files_below, frames, kind_of
from scanning.pictures import is_whole
from scanning.verdict import Grey

SIDE = 120
LIMITS = Limits()
SMALL = Limits(megabytes=1, pixels=1_000_000, frames=3)


def _page() -> Grey:
    """Dark top left quarter on white: any turn, flip or inversion shows."""
    image = np.full((SIDE, SIDE + 40), 250, np.uint8)
    image[: SIDE // 2, : SIDE // 2] = 20
    return image


def _pil(mode: str = "L") -> Image.Image:
    return Image.fromarray(_page()).convert(mode)


def _bytes(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def _canvas(*pictures: Image.Image, words: str = "", scale: tuple[float, float] = (1, 1)) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(SIDE + 40, SIDE), invariant=1)
    for picture in pictures or (None,):
        if picture is not None:
            canvas.scale(*scale)
            canvas.drawImage(ImageReader(picture), 0 if scale[0] > 0 else -(SIDE + 40), 0, SIDE + 40, SIDE)
        if words:
            canvas.drawString(10, 10, words)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _locked() -> bytes:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(_canvas(_pil()))) as document:
        document.save(file, encryption=pikepdf.Encryption(owner="a", user="b"))
    return file.getvalue()


def _tiff(*pictures: Image.Image, **options: object) -> bytes:
    return _bytes(pictures[0], "TIFF", save_all=True, append_images=list(pictures[1:]), **options)


def _transparent() -> bytes:
    picture = _pil("RGBA")
    alpha = np.where(_page() > 128, 0, 255).astype(np.uint8)
    picture.paste((0, 0, 0), (0, 0, *picture.size))
    picture.putalpha(Image.fromarray(alpha))
    return _bytes(picture, "PNG")


def _sixteen_bit() -> bytes:
    return bytes(cv2.imencode(".png", _page().astype(np.uint16) * 257)[1])


def _jpeg_pdf() -> bytes:
    file = io.BytesIO()
    Image.open(io.BytesIO(_bytes(_pil(), "JPEG", quality=95))).save(file, "PDF", resolution=72)
    return file.getvalue()


def _turned() -> bytes:
    exif = Image.Exif()
    exif[274] = 6  # the camera lay on its side: turn 90 degrees clockwise to see it upright
    return _bytes(Image.fromarray(np.ascontiguousarray(np.rot90(_page()))), "JPEG", exif=exif, quality=95)


READ: dict[str, tuple[str, Callable[[], bytes]]] = {
    "grey jpeg": ("a.jpg", lambda: _bytes(_pil(), "JPEG", quality=95)),
    "colour jpeg": ("a.jpg", lambda: _bytes(_pil("RGB"), "JPEG", quality=95)),
    "progressive jpeg": ("a.jpg", lambda: _bytes(_pil("RGB"), "JPEG", quality=95, progressive=True)),
    "cmyk jpeg": ("a.jpg", lambda: _bytes(_pil("CMYK"), "JPEG", quality=95)),
    "turned by exif": ("a.jpg", _turned),
    "jpeg with rubbish after its end": ("a.jpg", lambda: _bytes(_pil(), "JPEG", quality=95) + b"\0" * 900),
    "jpeg named pdf": ("a.pdf", lambda: _bytes(_pil(), "JPEG", quality=95)),
    "png": ("a.png", lambda: _bytes(_pil(), "PNG")),
    "16-bit png": ("a.png", _sixteen_bit),
    "1-bit png": ("a.png", lambda: _bytes(_pil("1"), "PNG")),
    "palette png": ("a.png", lambda: _bytes(_pil("P"), "PNG")),
    "transparent png": ("a.png", _transparent),
    "tiff without a name's end": ("scan", lambda: _tiff(_pil())),
    "fax tiff": ("a.tif", lambda: _tiff(_pil("1"), compression="group4")),
    "lzw tiff": ("a.tif", lambda: _tiff(_pil("RGB"), compression="tiff_lzw")),
    "pdf of one picture": ("a.pdf", lambda: _canvas(_pil())),
    "pdf of one colour picture": ("a.pdf", lambda: _canvas(_pil("RGB"))),
    "pdf of a 1-bit picture": ("a.pdf", lambda: _canvas(_pil("1"))),
    "pdf of a picture and words": ("a.pdf", lambda: _canvas(_pil(), words="scanned")),
    "pdf of a jpeg": ("a.pdf", _jpeg_pdf),
}


def _cut(content: bytes, share: float) -> bytes:
    return content[: int(len(content) * share)]


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.jpg", _bytes(_pil(), "JPEG"))
    return file.getvalue()


def _table_first() -> bytes:
    """Two pages whose table stands at the front, as some scanners write: cut off, it opens, with a blank second page."""
    draw = b"<< /Length 29 >> stream\nq 200 0 0 200 0 0 cm /I Do Q  \nendstream"
    jpeg = _bytes(_noise(), "JPEG")
    names = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /Filter /DCTDecode /Width 200 /Height 200 /BitsPerComponent 8"
    picture = b"<< %s /Length %d >> stream\n%s\nendstream" % (names, len(jpeg), jpeg)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents %d 0 R /Resources << /XObject << /I %d 0 R >> >> >>"
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 2 /Kids [3 0 R 4 0 R] >>", page % (5, 6), page % (7, 8)]
    objects += [draw, picture, draw, picture]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, start=1))
    return body + b"trailer << /Root 1 0 R /Size 9 >>\n%%EOF\n"


def _png_bomb() -> bytes:
    """A header that promises 4 gigapixels, and a few bytes of data."""
    head = struct.pack(">IIBBBBB", 65_000, 65_000, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def _pdf_bomb() -> bytes:
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(200, 200))
    data = zlib.compress(b"\0" * 1000)
    names = {
        "/Type": pikepdf.Name.XObject,
        "/Subtype": pikepdf.Name.Image,
        "/ColorSpace": pikepdf.Name.DeviceGray,
        "/Filter": pikepdf.Name.FlateDecode,
    }
    picture = pikepdf.Stream(document, data, pikepdf.Dictionary({**names, "/Width": 65_000, "/Height": 65_000, "/BitsPerComponent": 8}))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
    page.Contents = pikepdf.Stream(document, b"q 200 0 0 200 0 0 cm /Im0 Do Q")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _huge_page() -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(14_400, 14_400))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


REFUSED: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "no bytes": ("a.jpg", "empty_file", lambda: b""),
    "a zip named pdf": ("a.pdf", "unknown_kind", _zip),
    "a spreadsheet": ("list.csv", "unknown_kind", lambda: b"code;last_name\r\n"),
    "half a jpeg": ("a.jpg", "damaged", lambda: _cut(_bytes(_noise(), "JPEG"), 0.5)),
    "half a progressive jpeg": ("a.jpg", "damaged", lambda: _cut(_bytes(_noise(), "JPEG", progressive=True), 0.6)),
    "a jpeg's first bytes": ("a.jpg", "damaged", lambda: b"\xff\xd8\xff\xe0"),
    "half a png": ("a.png", "damaged", lambda: _cut(_bytes(_noise(), "PNG"), 0.5)),
    "half a tiff": ("a.tif", "damaged", lambda: _cut(_tiff(_noise()), 0.5)),
    "a tiff's first bytes": ("a.tif", "damaged", lambda: b"II*\0\x08\0\0\0"),
    "half a pdf": ("a.pdf", "damaged", lambda: _cut(_canvas(_noise()), 0.5)),
    "most of a pdf with its table first": ("a.pdf", "damaged", lambda: _table_first()[:-2000]),
    "a pdf's first line": ("a.pdf", "damaged", lambda: b"%PDF-1.7\n"),
    "a locked pdf": ("a.pdf", "encrypted", _locked),
    "a png bomb": ("a.png", "too_many_pixels", _png_bomb),
    "a pdf bomb": ("a.pdf", "too_many_pixels", _pdf_bomb),
    "a pdf page of five metres": ("a.pdf", "too_many_pixels", _huge_page),
    "a file beyond the limit": ("a.jpg", "too_large", lambda: b"\xff\xd8\xff" + b"\0" * (1 << 20)),
    "more frames than the limit": ("a.tif", "too_many_frames", lambda: _tiff(*[_pil()] * 4)),
    "more pages than the limit": ("a.pdf", "too_many_frames", lambda: _canvas(*[_pil()] * 4)),
}


def _noise() -> Image.Image:
    return Image.fromarray(np.random.default_rng(1).integers(0, 255, (200, 200), np.uint8))


def _looks_right(image: Grey) -> bool:
    """Dark top left, light elsewhere, whatever the resolution."""
    height, width = image.shape
    dark = image[: height * 2 // 5, : width // 3].mean()
    light = [image[height * 3 // 5 :].mean(), image[:, width * 3 // 5 :].mean()]
    return bool(dark < 60 and min(light) > 200 and width > height)


@pytest.mark.parametrize("name", READ)
def test_it_is_read_upright_and_in_grey(name: str, tmp_path: Path) -> None:
    file, make = READ[name]
    path = tmp_path / file
    path.write_bytes(make())
    (frame,) = frames(path, LIMITS)
    assert isinstance(frame, Frame), frame
    assert frame.image.dtype == np.uint8
    assert frame.image.ndim == 2
    assert _looks_right(frame.image)


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_by_name(name: str, tmp_path: Path) -> None:
    file, reason, make = REFUSED[name]
    path = tmp_path / file
    path.write_bytes(make())
    limits = SMALL if reason.startswith("too_") else LIMITS
    (refused,) = frames(path, limits, name="returned/p. 7")
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.number) == (reason, 1)
    assert "returned/p. 7" in refused.text


def test_the_check_of_right_looks_bites() -> None:
    image = _page()
    assert _looks_right(image)
    assert not any(_looks_right(np.ascontiguousarray(wrong)) for wrong in (np.rot90(image), image[:, ::-1], image[::-1], 255 - image))


def test_a_mirrored_placement_in_a_pdf_is_rendered_as_it_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(_canvas(_pil(), scale=(-1, 1)))
    (frame,) = frames(path, LIMITS)
    assert isinstance(frame, Frame)
    assert _looks_right(np.ascontiguousarray(frame.image[:, ::-1]))


def test_the_embedded_picture_of_a_pdf_keeps_every_pixel(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(_canvas(_pil()))
    (frame,) = frames(path, LIMITS)
    assert isinstance(frame, Frame)
    assert np.array_equal(frame.image, _page())
    assert frame.dpi == pytest.approx(72)


def test_a_picture_of_a_few_columns_in_a_pdf_is_no_damage(tmp_path: Path) -> None:
    """Its colours are kept smaller, and of three columns nothing was left."""
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=(3, 9000))
    canvas.drawImage(ImageReader(Image.new("RGB", (3, 9000), (200, 30, 30))), 0, 0, 3, 9000)
    canvas.save()
    (frame,) = frames(path, LIMITS)
    assert isinstance(frame, Frame)
    assert frame.image.shape == (9000, 3)


def test_frames_of_a_tiff_and_pages_of_a_pdf_are_counted_from_one(tmp_path: Path) -> None:
    pages = [Image.fromarray(np.full((40, 40), value, np.uint8)) for value in (10, 120, 240)]
    (tmp_path / "a.tif").write_bytes(_tiff(*pages))
    (tmp_path / "a.pdf").write_bytes(_canvas(*pages))
    for path in (tmp_path / "a.tif", tmp_path / "a.pdf"):
        assert count_frames(path, LIMITS) == 3
        seen = [(frame.number, round(float(frame.image.mean()) / 10) * 10) for frame in frames(path, LIMITS) if isinstance(frame, Frame)]
        assert seen == [(1, 10), (2, 120), (3, 240)]
        assert [frame.number for frame in frames(path, LIMITS, only=[3, 1])] == [3, 1]


def test_a_pdf_with_its_table_first_is_read_when_whole(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(_table_first())
    assert [type(each) for each in frames(tmp_path / "a.pdf", LIMITS)] == [Frame, Frame]


def test_one_damaged_frame_does_not_cost_its_neighbours(tmp_path: Path) -> None:
    """The third of three pages refers to a picture that is cut off."""
    whole = _bytes(_noise(), "JPEG")
    document = pikepdf.new()
    for content in (whole, whole, _cut(whole, 0.5)):
        page = document.add_blank_page(page_size=(200, 200))
        names = {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/ColorSpace": pikepdf.Name.DeviceGray}
        names |= {"/Filter": pikepdf.Name.DCTDecode, "/Width": 200, "/Height": 200, "/BitsPerComponent": 8}
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pikepdf.Stream(document, content, pikepdf.Dictionary(names))))
        page.Contents = pikepdf.Stream(document, b"q 200 0 0 200 0 0 cm /Im0 Do Q")
    document.save(tmp_path / "a.pdf")
    found = list(frames(tmp_path / "a.pdf", LIMITS))
    assert [type(each) for each in found] == [Frame, Frame, Refused]
    assert [each.number for each in found] == [1, 2, 3]


def test_folders_are_walked_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b/2.png", "b/1.png", "a/9.png", "c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "loop").symlink_to(tmp_path)
    found = [path.relative_to(tmp_path).as_posix() for path in files_below(tmp_path)]
    assert found == ["c.png", "a/9.png", "b/1.png", "b/2.png"]


def test_every_refusal_is_a_sentence_in_each_language(tmp_path: Path) -> None:
    from scanning.intake import refuse

    for reason in REFUSALS:
        said = set()
        for language in ("kk", "ru", "en"):
            set_language(language)
            said.add(refuse("f", reason, LIMITS).text)
        assert len(said) == 3, reason


def test_kinds_go_by_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"\n\n%PDF-1.4\n")
    assert kind_of(path, LIMITS) is Kind.PDF


@settings(max_examples=60)
@given(cut=st.integers(1, 4000), flip=st.integers(0, 4000), kind=st.sampled_from(["JPEG", "PNG", "TIFF", "PDF"]))
def test_no_mutation_of_a_file_raises_or_yields_nothing(cut: int, flip: int, kind: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    content = bytearray(_canvas(_pil()) if kind == "PDF" else _bytes(_pil(), kind))
    content[flip % len(content)] ^= 0xFF
    path = tmp_path_factory.mktemp("mutated") / "a"
    path.write_bytes(content[: max(1, len(content) - cut % len(content))])
    found = list(frames(path, LIMITS))
    assert found
    assert all(isinstance(each, Refused) or each.image.size for each in found)


@given(share=st.floats(0.02, 0.98))
def test_no_cut_jpeg_passes_for_whole(share: float) -> None:
    whole = _bytes(_noise(), "JPEG")
    assert is_whole(whole)
    assert not is_whole(_cut(whole, share))
