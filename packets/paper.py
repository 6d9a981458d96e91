"""Paper: PDF pages drawn in millimetres from the top left, Noto Sans embedded, the same drawing giving the same bytes.

A `Pen` draws text, lines, circles, codes and fiducials. Worksheets, covers, labels, manifests and returns are all drawn with it. It knows
nothing of questions or pupils. Every embedded font begins with one fixed alphabet, so that pages drawn apart can share fonts (packets/press).
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import Any

import pymupdf_fonts
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFImageXObject
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import FILL_EVEN_ODD, FILL_NON_ZERO, Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from packets.layout import CODES, PAGE_MM, QR_MODULES, Box, CodePlace, Fiducial
from packets.symbol import modules, runs
from records.errors import PartMissing
from records.language import _

rl_config.useA85 = 0  # streams in bytes, not in letters: a fifth smaller
POINTS_PER_MM = 72 / 25.4
OUTLINE_MM = 0.22  # of boxes: thin, so that it vanishes before a mark does
ARUCO_CELLS = 8  # six of data and a black border
BLACK, GREY, PALE, WHITE = 0.0, 0.45, 0.85, 1.0
Shade = float | tuple[float, float, float]  # grey from black 0 to white 1, or red, green and blue

_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя" + "әғқңөұүһі" + "ўҳ" + "ӣӯҷ" + "җ"
_SIGNS = "«»–—…№₸×÷·°½¼¾²³π±‰’‘“”„•ʻ"
_MATHEMATICS = "−√≤≥≠≈→∞∆"  # not in Noto Sans
_TEXT_ALPHABET = _CYRILLIC + _CYRILLIC.upper() + _SIGNS  # beside ASCII; fits into one subset of 256 letters


class Face(StrEnum):
    """A cut of Noto Sans, or of FiraGO for the signs that Noto Sans lacks; the value is the name of its file in pymupdf_fonts."""

    REGULAR = "notos"
    BOLD = "notosbo"
    ITALIC = "notosit"
    BOLD_ITALIC = "notosbi"
    SIGNS = "figo"
    BOLD_SIGNS = "figbo"

    @property
    def alphabet(self) -> str:
        """The letters beside ASCII with which every embedded copy begins."""
        return _MATHEMATICS if self in (Face.SIGNS, Face.BOLD_SIGNS) else _TEXT_ALPHABET

    @property
    def signs(self) -> Face:
        """The face that stands in for letters that this one lacks."""
        return Face.BOLD_SIGNS if self in (Face.BOLD, Face.BOLD_ITALIC) else Face.SIGNS


class _Book:
    """Stands for a document where reportlab wants one to hang a font's letters on."""


@lru_cache(maxsize=len(Face))
def subsets(face: Face) -> tuple[dict[int, int], list[list[int]]]:
    """The whole font cut into subsets of 256 once and for all: letter to place (subset * 256 + code), and the letters of each subset."""
    book, whole = _Book(), font(face)
    whole.splitString(face.alphabet, book)
    whole.splitString("".join(chr(code) for code in sorted(whole.face.charToGlyph) if code > 127), book)
    state = whole.state[book]
    return dict(state.assignments), [list(subset) for subset in state.subsets]


@lru_cache(maxsize=len(Face))
def _first_subset(face: Face) -> str:
    """Every letter of the first subset, in its order: a document that begins with it has no place left there for another letter."""
    return "".join(chr(code) for code in subsets(face)[1][0] if code > 127)


@lru_cache(maxsize=len(Face))
def font(face: Face) -> TTFont:
    """The font of `face`, registered with reportlab under its value; raises PartMissing where the font file is gone."""
    try:
        file = io.BytesIO(pymupdf_fonts.myfont(face.value))
        made = TTFont(face.value, file, asciiReadable=True)
    except Exception as failure:
        raise PartMissing(_("The font {name} cannot be used.").format(name=face.value), _("Install the program again.")) from failure
    cut = lru_cache(maxsize=64)(lambda letters, whole=made.face.makeSubset: whole(list(letters)))
    made.face.makeSubset = lambda letters: cut(tuple(letters))
    pdfmetrics.registerFont(made)
    return made


@lru_cache(maxsize=1 << 12)
def width_mm(text: str, size: float, face: Face = Face.REGULAR) -> float:
    """How wide `text` is when set in `size` points, in millimetres."""
    return sum(float(font(each).stringWidth(part, size)) for part, each in spans(text, face)) / POINTS_PER_MM


def spans(text: str, face: Face) -> list[tuple[str, Face]]:
    """`text` in stretches of one face: its own, or the signs' where it lacks a letter."""
    known = _letters_of(face)
    if known.issuperset(text):
        return [(text, face)]
    return [("".join(letters), face if own else face.signs) for own, letters in groupby(text, key=known.__contains__)]


def missing_letters(text: str) -> str:
    """The letters of `text` that no page of ours can show, each once, in their order."""
    letters = dict.fromkeys(unicodedata.normalize("NFC", text))
    known = (_letters_of(Face.REGULAR), _letters_of(Face.SIGNS))
    return "".join(letter for letter in letters if not letter.isspace() and not any(letter in each for each in known))


@lru_cache(maxsize=len(Face))
def _letters_of(face: Face) -> frozenset[str]:
    return frozenset(map(chr, font(face).face.charToGlyph)) | {"\u00a0"}


class Pen:
    """Draws the pages of one PDF. All places are millimetres from the page's top left, y downwards; sizes of text are points."""

    def __init__(self, size_mm: tuple[float, float] = PAGE_MM, title: str = "") -> None:
        self._file = io.BytesIO()
        self._height = size_mm[1]
        size = (size_mm[0] * POINTS_PER_MM, size_mm[1] * POINTS_PER_MM)
        self._canvas = Canvas(self._file, pagesize=size, invariant=1, pageCompression=1)
        self._canvas._preamble = "1 0 0 1 0 0 cm"
        self._canvas.setTitle(title or "Poshta Mektebi")
        self._canvas.setAuthor("Poshta Mektebi")
        self._faces: set[Face] = set()
        self._drawn = hashlib.sha256()
        self.page_digests: list[str] = []

    def text(
        self, x: float, y: float, words: str, size: float = 11, face: Face = Face.REGULAR, align: str = "left", grey: Shade = BLACK
    ) -> None:
        """Set `words` with their baseline at `y`; `align` says whether `x` is their left, centre or right."""
        self._note("text", x, y, words, size, face.value, align, grey)
        words = unicodedata.normalize("NFC", words)
        x -= {"left": 0.0, "center": 0.5, "right": 1.0}[align] * width_mm(words, size, face)
        self._fill(grey)
        for part, each in spans(words, face):
            self._use(each)
            self._canvas.setFont(each.value, size)
            self._canvas.drawString(self._x(x), self._y(y), part)
            x += width_mm(part, size, each)

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.2, grey: Shade = BLACK, dash: Sequence[float] = ()) -> None:
        """Draw a straight line, `width` millimetres thick; `dash` gives on and off lengths in millimetres."""
        self._note("line", x1, y1, x2, y2, width, grey, *dash)
        self._stroke(width, grey)
        self._canvas.setDash([length * POINTS_PER_MM for length in dash])
        self._canvas.line(self._x(x1), self._y(y1), self._x(x2), self._y(y2))
        self._canvas.setDash()

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
        """Draw a rectangle from its top left corner; `fill` is its grey inside, `outline` the thickness of its edge (None: no edge)."""
        self._note("rectangle", x, y, width, height, fill, outline, grey)
        self._stroke(outline or 0, grey)
        self._canvas.setFillGray(fill if fill is not None else 1)
        points = (self._x(x), self._y(y + height), width * POINTS_PER_MM, height * POINTS_PER_MM)
        self._canvas.rect(*points, stroke=int(outline is not None), fill=int(fill is not None))

    def circle(
        self, x: float, y: float, diameter: float, fill: float | None = None, outline: float | None = OUTLINE_MM, grey: Shade = BLACK
    ) -> None:
        """Draw a circle round (x, y)."""
        self._note("circle", x, y, diameter, fill, outline, grey)
        self._stroke(outline or 0, grey)
        self._canvas.setFillGray(fill if fill is not None else 1)
        self._canvas.circle(
            self._x(x), self._y(y), diameter / 2 * POINTS_PER_MM, stroke=int(outline is not None), fill=int(fill is not None)
        )

    def polygon(self, corners: Sequence[tuple[float, float]], fill: Shade | None = BLACK, outline: float | None = None) -> None:
        """Draw a closed shape through `corners`."""
        self._note("polygon", corners, fill, outline)
        self._stroke(outline or 0, BLACK)
        self._fill(fill if fill is not None else WHITE)
        path = self._canvas.beginPath()
        path.moveTo(self._x(corners[0][0]), self._y(corners[0][1]))
        for x, y in corners[1:]:
            path.lineTo(self._x(x), self._y(y))
        path.close()
        self._canvas.drawPath(path, stroke=int(outline is not None), fill=int(fill is not None))

    def outlines(self, x: float, y: float, size: float, outlines: Sequence[Sequence[Sequence[float]]], grey: float = BLACK) -> None:
        """Fill the outlines of a packets.formulas.Formula, `size` points large, with the start of its baseline at (x, y)."""
        self._note("outlines", x, y, size, outlines, grey)
        self._fill(grey)
        path = self._canvas.beginPath()
        for outline in outlines:
            for place, step in enumerate(outline):
                points = [self._x(x) + value * size if not number % 2 else self._y(y) + value * size for number, value in enumerate(step)]
                draw = path.moveTo if place == 0 else {0: path.close, 2: path.lineTo, 6: path.curveTo}[len(step)]
                draw(*points)
        self._canvas.drawPath(path, stroke=0, fill=1, fillMode=FILL_NON_ZERO)

    def photograph(self, x: float, y: float, width: float, height: float, jpeg: bytes, pixels: tuple[int, int]) -> None:
        """Place a grey JPEG of `pixels` (width, height) with its top left corner at (x, y), byte for byte as it is."""
        name = hashlib.sha256(jpeg).hexdigest()
        self._note("photograph", x, y, width, height, name)
        if not self._canvas.hasForm(name):
            held = PDFImageXObject(name)
            (held.width, held.height), held.bitsPerComponent, held.colorSpace = pixels, 8, "DeviceGray"
            held._filters, held.streamContent = ("DCTDecode",), jpeg
            self._canvas._doc.addForm(name, held)
        self._canvas.saveState()
        self._canvas.transform(width * POINTS_PER_MM, 0, 0, height * POINTS_PER_MM, self._x(x), self._y(y + height))
        self._canvas.doForm(name)
        self._canvas.restoreState()

    def marks(self, x: float, y: float, width: float, height: float, marks: Sequence[Mapping[str, Any]]) -> None:
        """Draw the marks of packets.svg_door, `width` by `height` large, with their top left corner at (x, y)."""
        self._note("marks", x, y, width, height, marks)
        scale = width * POINTS_PER_MM
        self._canvas.saveState()
        self._canvas.transform(scale, 0, 0, scale, self._x(x), self._y(y + height))
        for mark in marks:
            if "keep" in mark:
                self._canvas.saveState()
            elif "back" in mark:
                self._canvas.restoreState()
            elif "clip" in mark:
                self._canvas.clipPath(self._traced(mark["clip"]), stroke=0, fill=0, fillMode=_fill_mode(mark))
            else:
                self._ink(mark)
        self._canvas.restoreState()

    def _ink(self, mark: Mapping[str, Any]) -> None:
        filled, drawn = "fill" in mark, "stroke" in mark
        self._canvas.saveState()
        if filled:
            self._canvas.setFillGray(mark["fill"], mark.get("fill_alpha"))
        if drawn:
            self._canvas.setStrokeGray(mark["stroke"], mark.get("alpha"))
            self._canvas.setLineWidth(mark["width"])
            self._canvas.setLineCap(mark["cap"])
            self._canvas.setLineJoin(mark["join"])
            self._canvas.setDash(list(mark.get("dash", ())))
        self._canvas.drawPath(self._traced(mark["ink"]), stroke=int(drawn), fill=int(filled), fillMode=_fill_mode(mark))
        self._canvas.restoreState()

    def _traced(self, outlines: Sequence[Sequence[Sequence[float]]]) -> PDFPathObject:
        path = self._canvas.beginPath()
        for outline in outlines:
            for place, step in enumerate(outline):
                draw = path.moveTo if place == 0 else {0: path.close, 2: path.lineTo, 6: path.curveTo}[len(step)]
                draw(*step)
        return path

    def place(self, name: str) -> None:
        """Let links to `name` lead to the top of this page."""
        self._note("place", name)
        self._canvas.bookmarkPage(name)

    def link(self, name: str, x: float, y: float, width: float, height: float) -> None:
        """Let a rectangle lead to the page of that name; nothing is drawn."""
        self._note("link", name, x, y, width, height)
        corners = (self._x(x), self._y(y + height), self._x(x + width), self._y(y))
        self._canvas.linkAbsolute("", name, corners, Border="[0 0 0]")

    def chapter(self, title: str, name: str, level: int = 0) -> None:
        """Name a page in the list of contents that a reader on a screen shows beside the pages."""
        self._canvas.addOutlineEntry(title, name, level, closed=level == 0)

    def box(self, box: Box) -> None:
        """Draw the thin outline of a box of the layout."""
        (x, y), (width, height) = box.center_mm, box.size_mm
        if box.shape == "circle":
            self.circle(x, y, width)
        else:
            self.rectangle(x - width / 2, y - height / 2, width, height)

    def fiducial(self, fiducial: Fiducial) -> None:
        """Draw a solid square or an ArUco."""
        (x, y), size = fiducial.center_mm, fiducial.size_mm
        left, top = x - size / 2, y - size / 2
        if fiducial.aruco is None:
            self.rectangle(left, top, size, size, fill=BLACK, outline=None)
            return
        cell = size / ARUCO_CELLS
        self._fill_runs(left, top, cell, aruco_runs(fiducial.aruco))

    def code(self, place: CodePlace, token: str) -> None:
        """Draw the QR symbol of `token` at its place."""
        (x, y), size = place.center_mm, place.size_mm
        self._fill_runs(x - size / 2, y - size / 2, size / QR_MODULES, runs(modules(token)).tolist())

    def codes(self, tokens: Sequence[str]) -> None:
        """Draw both codes of a page: `tokens` are those of corner 0 and corner 1."""
        for place, token in zip(CODES, tokens, strict=True):
            self.code(place, token)

    @contextmanager
    def upright(self) -> Iterator[None]:
        """Within it, places are those of the upright page, though this one lies: what is drawn is turned a quarter to the left."""
        self._note("upright")
        width, self._height = self._height, PAGE_MM[1]
        self._canvas.saveState()
        self._canvas.transform(0, 1, -1, 0, PAGE_MM[1] * POINTS_PER_MM, 0)
        yield
        self._canvas.restoreState()
        self._height = width
        self._note("lying")

    def end_page(self, beneath: object = None) -> None:
        """Finish the page; `page_digests` gets the SHA-256 of everything drawn on it, and of what tells whatever will lie `beneath` it."""
        if beneath is not None:
            self._note("beneath", beneath)
        self._canvas.showPage()
        self.page_digests.append(self._drawn.hexdigest())
        self._drawn = hashlib.sha256()

    def pdf(self) -> bytes:
        """The finished document; nothing can be drawn afterwards."""
        self._canvas.save()
        return self._file.getvalue()

    def _fill_runs(self, left: float, top: float, cell: float, black: Iterable[Sequence[int]]) -> None:
        """Fill rows of cells as one path, so that no renderer shows seams between them."""
        self._note("runs", left, top, cell, black)
        self._canvas.setFillGray(BLACK)
        path = self._canvas.beginPath()
        for x, y, length in black:
            path.rect(self._x(left + x * cell), self._y(top + (y + 1) * cell), length * cell * POINTS_PER_MM, cell * POINTS_PER_MM)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def _use(self, face: Face) -> None:
        """Give the whole first subset its codes before any other letter of this document: packets.press puts its own copy in its place."""
        if face not in self._faces:
            font(face).splitString(_first_subset(face), self._canvas._doc)
            self._faces.add(face)

    def _stroke(self, width: float, shade: Shade) -> None:
        self._canvas.setLineWidth(width * POINTS_PER_MM)
        if isinstance(shade, tuple):
            self._canvas.setStrokeColorRGB(*shade)
        else:
            self._canvas.setStrokeGray(shade)

    def _fill(self, shade: Shade) -> None:
        if isinstance(shade, tuple):
            self._canvas.setFillColorRGB(*shade)
        else:
            self._canvas.setFillGray(shade)

    def _note(self, *operation: object) -> None:
        self._drawn.update(repr(operation).encode())

    def _x(self, x: float) -> float:
        return x * POINTS_PER_MM

    def _y(self, y: float) -> float:
        return (self._height - y) * POINTS_PER_MM


def _fill_mode(mark: Mapping[str, Any]) -> int:
    return int(FILL_EVEN_ODD if mark.get("even_odd") else FILL_NON_ZERO)


@lru_cache(maxsize=8)
def aruco_runs(number: int) -> tuple[tuple[int, int, int], ...]:
    """The black runs (x, y, length) of an ARUCO_MIP_36h12 marker in cells of an eighth of its size."""
    import cv2

    picture = cv2.aruco.generateImageMarker(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_ARUCO_MIP_36h12), number, ARUCO_CELLS)
    return tuple((x, y, 1) for y in range(ARUCO_CELLS) for x in range(ARUCO_CELLS) if picture[y, x] == 0)
