"""The press: fixed pages taken in once and stamped into many packets, each with a pupil's own words and codes.

A `Stamp` writes one page's own part straight into PDF operators; a `Press` holds the fixed pages and the fonts, and puts packets together.
packets/bundle runs it. Also here: the blank print that the reader subtracts. No database, no clock: the same pages give the same bytes.
"""

from __future__ import annotations

import io
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import pikepdf
import pypdfium2
from reportlab.pdfbase.ttfonts import makeToUnicodeCMap

from packets.layout import BLANK_DPI, CODES, PAGE_MM, QR_MODULES, Box
from packets.paper import BLACK, OUTLINE_MM, POINTS_PER_MM, Face, Pen, font, spans, subsets, width_mm
from packets.press_file import Leaf, PacketWriter
from packets.symbol import runs_of
from packets.unhinted import without_hints

PACKING, SHARED_PACKING = (
    4,
    9,
)  # zlib's level for what is stamped on one page, where 6 takes longer than it saves; and for what all packets share
_ROUND = 0.5523  # control points of a quarter circle, in its radius
_ESCAPES = {code: b"\\%03o" % code for code in (*range(32), *b"()\\", *range(127, 256))}
_BYTES = [_ESCAPES.get(code, bytes([code])) for code in range(256)]
_RUN_STEPS = np.array([1, QR_MODULES, QR_MODULES**2])
_RUNS = np.array(  # the operator for a run of modules, by x + 25 y + 625 length
    [b"%d %d %d 1 re" % (x, y, length) for length in range(QR_MODULES + 1) for y in range(QR_MODULES) for x in range(QR_MODULES)],
    dtype=object,
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page to be put together: a fixed page of the press (None: bare paper) and what is stamped on it."""

    fixed: int | None
    stamp: Stamp


class Stamp:
    """What is drawn on one page beside its fixed print. Places and sizes as in packets.paper.Pen."""

    def __init__(self, size_mm: tuple[float, float] = PAGE_MM) -> None:
        self._height = size_mm[1]
        self._parts: list[bytes] = []
        self._owed: list[tuple[int, int, str]] = []  # codes whose modules are still to be drawn: place among the parts, corner, token
        self.fonts: set[tuple[Face, int]] = set()

    @property
    def content(self) -> bytes:
        """The operators, in the order of drawing."""
        draw_codes([self])
        return b"\n".join(self._parts)

    def text(
        self, x: float, y: float, words: str, size: float = 11, face: Face = Face.REGULAR, align: str = "left", grey: float = BLACK
    ) -> None:
        """Set `words` with their baseline at `y`."""
        words = unicodedata.normalize("NFC", words)
        x -= {"left": 0.0, "center": 0.5, "right": 1.0}[align] * (width_mm(words, size, face) if align != "left" else 0.0)
        shown, fonts = _shown(words, size, face)
        self.fonts |= fonts
        self._parts.append(b"BT %.3f g %.3f %.3f Td %s ET" % (grey, self._x(x), self._y(y), shown))

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.2, grey: float = BLACK, dash: Sequence[float] = ()) -> None:
        """Draw a straight line."""
        gaps = b" ".join(b"%.3f" % (length * POINTS_PER_MM) for length in dash)
        ends = (self._x(x1), self._y(y1), self._x(x2), self._y(y2))
        self._parts.append(b"%.3f w %.3f G [%s] 0 d %.3f %.3f m %.3f %.3f l S" % (width * POINTS_PER_MM, grey, gaps, *ends))

    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: float | None = None,
        outline: float | None = OUTLINE_MM,
        grey: float = BLACK,
    ) -> None:
        """Draw a rectangle from its top left corner."""
        sides = (self._x(x), self._y(y + height), self._x(width), self._x(height))
        self._shape(b"%.3f %.3f %.3f %.3f re" % sides, fill, outline, grey)

    def circle(
        self, x: float, y: float, diameter: float, fill: float | None = None, outline: float | None = OUTLINE_MM, grey: float = BLACK
    ) -> None:
        """Draw a circle round (x, y)."""
        cx, cy, r = self._x(x), self._y(y), self._x(diameter / 2)
        k = r * _ROUND
        quarters = [(r, k, k, r, 0, r), (-k, r, -r, k, -r, 0), (-r, -k, -k, -r, 0, -r), (k, -r, r, -k, r, 0)]
        curves = b" ".join(
            b"%.3f %.3f %.3f %.3f %.3f %.3f c" % (cx + a, cy + b, cx + c, cy + d, cx + e, cy + f) for a, b, c, d, e, f in quarters
        )
        self._shape(b"%.3f %.3f m %s h" % (cx + r, cy, curves), fill, outline, grey)

    def polygon(self, corners: Sequence[tuple[float, float]], fill: float | None = BLACK, outline: float | None = None) -> None:
        """Draw a closed shape through `corners`."""
        points = [b"%.3f %.3f" % (self._x(x), self._y(y)) for x, y in corners]
        self._shape(points[0] + b" m " + b" ".join(point + b" l" for point in points[1:]) + b" h", fill, outline, BLACK)

    def outlines(self, x: float, y: float, size: float, outlines: Sequence[Sequence[Sequence[float]]], grey: float = BLACK) -> None:
        """Fill the outlines of a formula, the start of its baseline at (x, y)."""
        signs = {0: b"h", 2: b"l", 6: b"c"}
        shown = [b"%.3f g" % grey]
        for outline in outlines:
            for place, step in enumerate(outline):
                points = [self._x(x) + value * size if not number % 2 else self._y(y) + value * size for number, value in enumerate(step)]
                shown += [*(b"%.3f" % point for point in points), signs[len(step)] if place else b"m"]
        self._parts.append(b" ".join([*shown, b"f"]))

    def box(self, box: Box) -> None:
        """Draw the thin outline of a box of a layout."""
        (x, y), (width, height) = box.center_mm, box.size_mm
        if box.shape == "circle":
            self.circle(x, y, width)
        else:
            self.rectangle(x - width / 2, y - height / 2, width, height)

    def codes(self, tokens: Sequence[str]) -> None:
        """Draw both codes of a page: `tokens` are those of corner 0 and corner 1. Their modules follow in `draw_codes`."""
        for corner, token in enumerate(tokens):
            self._owed.append((len(self._parts), corner, token))
            self._parts.append(b"")

    def owed(self) -> list[tuple[int, int, str]]:
        """The codes of which only the place is drawn so far: place, corner, token; they are owed no longer."""
        owed, self._owed = self._owed, []
        return owed

    def modules(self, place: int, corner: int, black: bytes) -> None:
        """Fill the rectangles `black`, in modules, at a code's place."""
        (x, y), size = CODES[corner].center_mm, CODES[corner].size_mm
        cell = self._x(size / QR_MODULES)
        left, top = self._x(x - size / 2), self._y(y - size / 2)
        self._parts[place] = b"q 0 g %.4f 0 0 %.4f %.3f %.3f cm %s f Q" % (cell, -cell, left, top, black)

    def _shape(self, path: bytes, fill: float | None, outline: float | None, grey: float) -> None:
        paint = {(True, True): b"B", (True, False): b"f", (False, True): b"S", (False, False): b"n"}[fill is not None, outline is not None]
        colours = b"%.3f g %.3f G %.3f w [] 0 d" % (fill or 0, grey, (outline or 0) * POINTS_PER_MM)
        self._parts.append(colours + b" " + path + b" " + paint)

    def _x(self, x: float) -> float:
        return x * POINTS_PER_MM

    def _y(self, y: float) -> float:
        return (self._height - y) * POINTS_PER_MM


Ink = Pen | Stamp  # what words and shapes can be drawn with


def draw_codes(stamps: Iterable[Stamp]) -> None:
    """Draw the modules of all codes that these stamps owe, together: alone, each costs several times as much."""
    owed = [(stamp, place, corner, token) for stamp in stamps for place, corner, token in stamp.owed()]
    for (stamp, place, corner, _token), found in zip(owed, runs_of([token for *_place, token in owed]), strict=True):
        stamp.modules(place, corner, b" ".join(_RUNS[found @ _RUN_STEPS].tolist()))


class Press:
    """Fixed pages and fonts, ready to be copied into any number of packets."""

    def __init__(self) -> None:
        self._stock = pikepdf.Pdf.new()
        self._writer = PacketWriter(self._stock)
        self._fixed: list[pikepdf.Object] = []
        self._fonts: dict[tuple[Face, int], pikepdf.Object] = {}

    def take_in(self, pdf: bytes) -> tuple[int, ...]:
        """Keep every page of `pdf` as a fixed page; answers their numbers in this press."""
        numbers = []
        with pikepdf.open(io.BytesIO(pdf)) as source:
            for page in source.pages:
                form = self._stock.copy_foreign(page.as_form_xobject())
                form.write(zlib.compress(form.read_bytes(), SHARED_PACKING), filter=pikepdf.Name.FlateDecode)
                form.Resources = self._with_house_fonts(form.Resources)
                self._fixed.append(form)
                numbers.append(len(self._fixed) - 1)
        return tuple(numbers)

    def packet(self, pages: Iterable[Page], size_mm: tuple[float, float] = PAGE_MM) -> bytes:
        """One PDF of `pages`: the same pages give the same bytes."""
        pages = list(pages)
        draw_codes(page.stamp for page in pages)
        leaves = [self._leaf(page) for page in pages]
        return self._writer.packet(leaves, (size_mm[0] * POINTS_PER_MM, size_mm[1] * POINTS_PER_MM))

    def _leaf(self, page: Page) -> Leaf:
        content, fixed = page.stamp.content, None
        if page.fixed is not None:
            content, fixed = b"/Fixed Do\n" + content, self._fixed[page.fixed].objgen[0]
        fonts = tuple((font_name(*each), self._font(*each).objgen[0]) for each in sorted(page.stamp.fonts))
        return Leaf(zlib.compress(content, PACKING), fixed, fonts)

    def _with_house_fonts(self, resources: pikepdf.Object) -> pikepdf.Dictionary:
        """The resources with every font that holds our first subset replaced by the press's own copy of it."""
        kept = pikepdf.Dictionary(dict(resources.items()))
        kept.Font = pikepdf.Dictionary()
        names = {f"/AAAAAA+{font(face).face.name.decode()}": face for face in Face}
        for name, each in resources.get("/Font", {}).items():
            face = names.get(str(each.BaseFont))
            if face is not None:
                kept.Font[name] = self._font(face, 0)
            elif str(each.BaseFont) != "/Helvetica":  # reportlab lists it for every page; a Pen never uses it
                kept.Font[name] = each
        return kept

    def _font(self, face: Face, subset: int) -> pikepdf.Object:
        if (face, subset) not in self._fonts:
            self._fonts[face, subset] = self._stock.make_indirect(self._make_font(face, subset))
        return self._fonts[face, subset]

    def _make_font(self, face: Face, subset: int) -> pikepdf.Dictionary:
        """A simple TrueType font (ISO 32000-1, 9.6.3) of up to 256 letters, with its way back to Unicode."""
        cut, letters = font(face).face, subsets(face)[1][subset]
        name = f"A{chr(ord('A') + subset)}AAAA+{cut.name.decode()}"
        program = without_hints(cut.makeSubset(letters))
        file = _packed(self._stock, program)
        file.Length1 = len(program)
        descriptor = pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor,
            FontName=pikepdf.Name(f"/{name}"),
            Flags=4,
            FontBBox=[float(side) for side in cut.bbox],
            ItalicAngle=float(cut.italicAngle),
            Ascent=float(cut.ascent),
            Descent=float(cut.descent),
            CapHeight=float(cut.capHeight),
            StemV=float(cut.stemV),
            FontFile2=file,
        )
        return pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.TrueType,
            BaseFont=pikepdf.Name(f"/{name}"),
            FirstChar=0,
            LastChar=len(letters) - 1,
            Widths=[round(float(cut.getCharWidth(letter)), 3) for letter in letters],
            ToUnicode=_packed(self._stock, makeToUnicodeCMap(name, letters).encode()),
            FontDescriptor=self._stock.make_indirect(descriptor),
        )


@cache
def font_name(face: Face, subset: int) -> str:
    """The name of a font within a page's resources."""
    return f"{face.name.title().replace('_', '')}{subset}"


def _packed(pdf: pikepdf.Pdf, content: bytes) -> pikepdf.Stream:
    return pikepdf.Stream(pdf, zlib.compress(content, SHARED_PACKING), Filter=pikepdf.Name.FlateDecode)


def blank_png(pdf: bytes, page: int = 1, dpi: int = BLANK_DPI, lying: bool = False) -> bytes:
    """Page `page` (from 1) of a PDF as an 8-bit grey PNG of `dpi`, upright: a page that is printed `lying` is turned a quarter to the right."""
    import cv2

    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[page - 1].render(scale=dpi / 72, grayscale=True).to_numpy()
    finally:
        document.close()
    picture = cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE) if lying else picture
    done, png = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 3, cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_NONE])
    assert done, "a grey picture can be written as PNG"
    return png.tobytes()


@lru_cache(maxsize=1 << 12)
def _shown(words: str, size: float, face: Face) -> tuple[bytes, frozenset[tuple[Face, int]]]:
    """The operators that set `words`, and the fonts that they want."""
    runs = [(each, subset, letters) for part, each in spans(words, face) for subset, letters in _spelled(each, part)]
    spelled = (b"/%s %g Tf (%s) Tj" % (font_name(each, subset).encode(), size, letters) for each, subset, letters in runs)
    return b" ".join(spelled), frozenset((each, subset) for each, subset, _letters in runs)


@lru_cache(maxsize=1 << 12)
def _spelled(face: Face, words: str) -> list[tuple[int, bytes]]:
    """`words` as runs of one subset: (subset, escaped codes)."""
    places, _subsets = subsets(face)
    spelled: list[tuple[int, list[bytes]]] = []
    for letter in words:
        subset, code = divmod(places.get(ord(letter) if letter != "\u00a0" else 32, 0), 256)
        if not spelled or spelled[-1][0] != subset:
            spelled.append((subset, []))
        spelled[-1][1].append(_BYTES[code])
    return [(subset, b"".join(codes)) for subset, codes in spelled]
