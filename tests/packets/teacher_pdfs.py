"""PDFs as teachers bring them, good and bad, made on the spot."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name

from packets.assignment import Assignment
from packets.authoring import Reading, read_file
from packets.layout import CODES
from packets.paper import BLACK, Face, Pen

YAML = """assignment: own-5-kk
subject: math
grade: 5
language: kk
title: Жай бөлшектер
kind: formative
week: 2026-W41
pdf: sheet.pdf
parts:
  - page: 1
  - {choices: 4, answer: A, points: 1}
  - {choices: [A, B, C, D], answer: [B, C], partial: true, points: 2}
  - {choices: 3, answer: C, points: 1}
  - {field: [20, 120, 170, 30], points: 3, rubric: "1: дұрыс"}
  - page: 2
    strip: right
  - {number: "-3,5", digits: 1, points: 2}
  - text: Енді өзіміздің сұрақ.
  - {question: "7 × 12 = ?", number: 84, digits: 3, points: 2}
"""
WORDS = "Қазақстан өзендері: Ертіс, Есіл, Жайық, Сырдария, Іле"


def sheet(size: tuple[float, float] = (210.0, 297.0), bottom: float = 170.0, pages: int = 2, dark: bool = False) -> bytes:
    """Pages with words down to `bottom` millimetres; `dark`: black to every edge."""
    pen = Pen(size)
    for number in range(1, pages + 1):
        if dark:
            pen.rectangle(0, 0, *size, fill=BLACK, outline=None)
        pen.text(20, 25, f"{number}-бет", 16, Face.BOLD)
        for place in range(int((bottom - 34) // 12)):
            pen.text(20, 36 + place * 12, f"{place + 1}. {WORDS}", 12)
        pen.end_page()
    return pen.pdf()


def changed(change: Callable[[pikepdf.Pdf], None], content: bytes | None = None, **saving: object) -> bytes:
    """A sheet with something done to it."""
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(content or sheet())) as opened:
        change(opened)
        opened.save(written, **{"compress_streams": False, **saving})  # type: ignore[arg-type]
    return written.getvalue()


def added(operators: bytes, **resources: object) -> bytes:
    """A sheet whose first page draws more, with what it needs for that."""

    def change(opened: pikepdf.Pdf) -> None:
        page = opened.pages[0]
        for name, value in resources.items():
            made = value(opened) if callable(value) else value
            page.Resources[f"/{name}"] = made
        page.contents_add(opened.make_stream(operators))

    return changed(change)


def _layer(opened: pikepdf.Pdf) -> None:
    layer = opened.make_indirect(Dictionary(Type=Name.OCG, Name="answers"))
    opened.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    opened.pages[0].Resources.Properties = Dictionary(L=layer)


def _large_layer(opened: pikepdf.Pdf) -> None:
    _layer(opened)
    opened.pages[0].contents_add(opened.make_stream(b"/OC /L BDC 0 g 100 100 300 300 re f EMC"))


def _small_layer(opened: pikepdf.Pdf) -> None:
    """The right letter behind a question, to be shown when the lesson is over."""
    _layer(opened)
    font = next(iter(opened.pages[0].Resources.Font.keys())).encode()
    opened.pages[0].contents_add(opened.make_stream(b"/OC /L BDC 0 g BT " + font + b" 12 Tf 500 400 Td (A) Tj ET EMC"))


def _filled_field(opened: pikepdf.Pdf) -> None:
    field = opened.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="n", V="Asan", Rect=[100, 700, 300, 730], F=4)
    )
    opened.pages[0].Annots = Array([field])
    opened.Root.AcroForm = Dictionary(Fields=Array([field]), DA="/Helv 12 Tf 0 g")


def _script(opened: pikepdf.Pdf) -> None:
    opened.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
    opened.attachments["more.txt"] = b"more"


def with_code(token: str) -> bytes:
    """A page with a QR code."""
    pen = Pen((210.0, 297.0))
    pen.text(20, 25, WORDS, 12)
    pen.code(CODES[0], token)
    pen.end_page()
    return pen.pdf()


def _stamp(opened: pikepdf.Pdf) -> None:
    shown = opened.make_stream(b"0 g 0 0 100 40 re f")
    shown.Type, shown.Subtype, shown.BBox = Name.XObject, Name.Form, Array([0, 0, 100, 40])
    note = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=[100, 20, 200, 60], F=4, AP=Dictionary(N=shown))
    opened.pages[0].Annots = opened.make_indirect(Array([note]))


def _picture(width: int, height: int, **more: object) -> Callable[[pikepdf.Pdf], Dictionary]:
    def made(opened: pikepdf.Pdf) -> Dictionary:
        content = zlib.compress(bytes(min(width * height, 1_000_000)), 9)
        entries = {"Type": Name.XObject, "Subtype": Name.Image, "Width": width, "Height": height, "BitsPerComponent": 8}
        return Dictionary(I=pikepdf.Stream(opened, content, Filter=Name.FlateDecode, ColorSpace=Name.DeviceGray, **entries, **more))

    return made


def _laughs(opened: pikepdf.Pdf) -> Dictionary:
    """Forms that draw forms ten times each, twelve deep."""
    form = opened.make_stream(b"0 0 5 5 re f")
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 500, 500])
    for _level in range(12):
        outer = opened.make_stream(b"/F Do " * 10)
        outer.Type, outer.Subtype, outer.BBox = Name.XObject, Name.Form, Array([0, 0, 500, 500])
        outer.Resources = Dictionary(XObject=Dictionary(F=form))
        form = outer
    return Dictionary(F=form)


def _cut_off(opened: pikepdf.Pdf) -> None:
    packed = zlib.compress(opened.pages[0].Contents.read_bytes())
    opened.pages[0].Contents = opened.make_indirect(pikepdf.Stream(opened, packed[: len(packed) // 2], Filter=Name.FlateDecode))


def _cut_photograph(opened: pikepdf.Pdf) -> Dictionary:
    _done, packed = cv2.imencode(".jpg", np.random.default_rng(5).integers(0, 255, (300, 300), np.uint8))
    entries = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 300, "Height": 300, "BitsPerComponent": 8}
    content = packed.tobytes()[: len(packed) // 2]
    return Dictionary(I=pikepdf.Stream(opened, content, Filter=Name.DCTDecode, ColorSpace=Name.DeviceGray, **entries))


def _many(count: int) -> bytes:
    written = io.BytesIO()
    made = pikepdf.Pdf.new()
    for _page in range(count):
        made.add_blank_page()
    made.save(written)
    return written.getvalue()


def _box(side: float) -> Callable[[pikepdf.Pdf], None]:
    def change(opened: pikepdf.Pdf) -> None:
        opened.pages[0].MediaBox = Array([0, 0, side, side])

    return change


def _blank(opened: pikepdf.Pdf) -> None:
    opened.pages[0].Contents = opened.make_stream(b"")


def refused() -> Mapping[str, tuple[bytes, str]]:
    """Bad files by name, each with the code of its refusal."""
    whole = sheet()
    draw = b"q 50 0 0 50 0 0 cm /I Do Q"
    return {
        "empty": (b"", "pdf_format"),
        "words": (b"no PDF at all", "pdf_format"),
        "cut off": (whole[: len(whole) // 2], "pdf_damaged"),
        "locked": (changed(lambda _opened: None, encryption=pikepdf.Encryption(user="a", owner="b")), "pdf_locked"),
        "locked against changes": (changed(lambda _opened: None, encryption=pikepdf.Encryption(user="", owner="b")), "pdf_locked"),
        "no pages": (_many(0), "pdf_pages"),
        "too many pages": (_many(201), "pdf_pages"),
        "a huge page": (changed(_box(100_000)), "pdf_page_size"),
        "a tiny page": (changed(_box(20)), "pdf_page_size"),
        "a blank page": (changed(_blank), "pdf_blank"),
        "a hidden layer": (changed(_large_layer), "pdf_differs"),
        "one hidden letter": (changed(_small_layer), "pdf_differs"),
        "a field without print": (changed(_filled_field), "pdf_differs"),
        "a picture elsewhere": (added(draw, XObject=_picture(10, 10, F="http://example.org/a.jpg")), "pdf_outside"),
        "a picture of 400 million pixels": (added(draw, XObject=_picture(20_000, 20_000)), "pdf_heavy"),
        "words that break off": (changed(_cut_off), "pdf_damaged"),
        "a photograph that breaks off": (added(draw, XObject=_cut_photograph), "pdf_damaged"),
        "forms in forms in forms": (added(b"/F Do", XObject=_laughs), "pdf_heavy"),
    }


def scripted() -> bytes:
    """A sheet with a script and an attachment."""
    return changed(_script)


def stamped() -> bytes:
    """A sheet with a black stamp near its foot, which is printed."""
    return changed(_stamp)


def _note(opened: pikepdf.Pdf) -> None:
    shown = opened.make_stream(b"1 1 0 rg 0 0 20 20 re f 0 g 5 5 10 10 re f")
    shown.Type, shown.Subtype, shown.BBox = Name.XObject, Name.Form, Array([0, 0, 20, 20])
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[500, 700, 520, 720], F=0, Contents="later", AP=Dictionary(N=shown))
    opened.pages[0].Annots = opened.make_indirect(Array([note]))


def noted() -> bytes:
    """A sheet with a note that is seen on a screen and not printed."""
    return changed(_note)


def _drawn_letters(opened: pikepdf.Pdf) -> None:
    """A font whose letters A and B are drawings, as those of TeX, under a name that means something else elsewhere in a PDF."""
    letters = {name: opened.make_stream(b"1000 0 0 0 1000 1000 d1 100 100 800 %d re f" % high) for name, high in (("A", 800), ("B", 400))}
    font = Dictionary(Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 1000, 1000], FontMatrix=[0.001, 0, 0, 0.001, 0, 0])
    font.CharProcs, font.Resources = Dictionary(**letters), Dictionary()
    font.Encoding = Dictionary(Type=Name.Encoding, Differences=[65, Name.A, Name.B])
    font.FirstChar, font.LastChar, font.Widths = 65, 66, Array([1000, 1000])
    opened.pages[0].Resources.Font.A = opened.make_indirect(font)
    opened.pages[0].contents_add(opened.make_stream(b"BT /A 12 Tf 500 400 Td (AB) Tj ET"))


def with_drawn_letters() -> bytes:
    """A sheet with «AB» in letters that are drawings."""
    return changed(_drawn_letters)


def turned(degrees: int) -> bytes:
    """A sheet that is shown turned."""

    def change(opened: pikepdf.Pdf) -> None:
        for page in opened.pages:
            page.Rotate = degrees

    return changed(change)


def endless(curves: int = 400_000) -> bytes:
    """A page with more curves than anybody waits for."""
    return added(b"0 0 m " + b"100 200 300 400 500 600 c 10 20 30 40 50 60 c " * curves + b"S")


def beside(folder: Path, content: bytes, text: str = YAML) -> Path:
    """An assignment file with its PDF beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sheet.pdf").write_bytes(content)
    file = folder / "own.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def kept(folder: Path, content: bytes | None = None, text: str = YAML) -> Assignment:
    """The assignment of a file with its PDF; it is in order."""
    reading = read_file(beside(folder, content or sheet(), text))
    assert reading.assignment is not None, reading.complaints
    return reading.assignment


def codes(reading: Reading, refusals: bool = True) -> list[str]:
    return [each.code for each in reading.complaints if each.refused is refusals]
