"""An SVG picture becomes marks: outlines with their greys, widths and dashes, kept with the assignment so that it is drawn the same for ever.

packets/pictures calls `svg_marks` when a picture is taken in; packets.paper.Pen.marks draws them. svglib reads what SVG says; only here is it imported. Letters
become outlines of the printed font. Coordinates: the picture is 1 wide, y upwards from its lower edge.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import sqrt
from typing import Any

from packets.document import letter_name
from packets.paper import Face, font, missing_letters, spans
from packets.svg_safe import SVG, Unsafe, safe_root, too_many_parts
from packets.svg_words import part_words
from records.language import _

MOST_STEPS = 20_000
LONGEST_SIDE = 20.0  # against the shorter one
FARTHEST = 10_000.0  # a place, in widths of the picture
FINEST_DASH = 0.002  # finer ones are a line for the eye and a burden for printers
_KAPPA = 0.5522847498  # of a quarter circle as a cubic curve
_DIGITS = 5
Matrix = tuple[float, float, float, float, float, float]
Outline = list[list[float]]  # as those of packets.formulas.Formula
Mark = dict[str, Any]


class _Fonts:
    """Tells svglib that every font is ours: family by weight and style alone."""

    def find_font(self, _name: str, weight: str = "normal", style: str = "normal") -> tuple[str, bool]:
        heavy = weight in ("bold", "bolder") or (str(weight).isdigit() and int(weight) >= 600)
        slanted = style in ("italic", "oblique")
        face = {(0, 0): Face.REGULAR, (1, 0): Face.BOLD, (0, 1): Face.ITALIC, (1, 1): Face.BOLD_ITALIC}[int(heavy), int(slanted)]
        font(face)
        return face.value, True


def svg_marks(content: bytes, name: str) -> tuple[float, float, list[Mark]]:
    """The width and height of the picture in points, and its marks. Raises Unsafe."""
    root = safe_root(content, name)
    lacking = missing_letters("".join(str(words) for each in root.iter(f"{SVG}text") for words in each.itertext()))
    if lacking:
        raise Unsafe("missing_letter", _("The printed font has no letter {letter}.").format(letter=letter_name(lacking[0])))
    drawing = _read(root, name)
    width, height = float(drawing.width), float(drawing.height)
    if not (width > 0 and height > 0) or max(width, height) > LONGEST_SIDE * min(width, height):
        raise Unsafe("picture_damaged", _("The picture «{file}» has no size that can be printed.").format(file=name))
    unit = 1 / width
    edge = [[0.0, 0.0], [1.0, 0.0], [1.0, round(height * unit, _DIGITS)], [0.0, round(height * unit, _DIGITS)], []]
    marks: list[Mark] = [{"clip": [edge]}]
    for each in drawing.contents:
        marks += _marks(each, (unit, 0.0, 0.0, unit, 0.0, 0.0))
    steps = [step for mark in marks for outline in mark.get("ink") or mark.get("clip") or () for step in outline]
    if len(steps) > MOST_STEPS:
        raise too_many_parts(name)
    strokes = [value for mark in marks for value in (mark.get("width", 0.0), *mark.get("dash", ()))]
    if not all(abs(value) < FARTHEST for step in steps for value in step) or not all(0 <= value < FARTHEST for value in strokes):
        raise Unsafe("picture_damaged", _("The picture «{file}» is damaged.").format(file=name))
    if not any("ink" in mark for mark in marks):
        raise Unsafe("picture_empty", _("Nothing can be seen in the picture «{file}».").format(file=name))
    return width, height, marks


def _read(root: Any, name: str) -> Any:
    from svglib.svglib import SvgRenderer

    logging.getLogger("svglib").setLevel(logging.CRITICAL)
    _spread_opacity(root)
    part_words(root, name)
    try:
        return SvgRenderer(name, font_map=_Fonts()).render(root)
    except Exception:  # noqa: BLE001 - whatever a strange file does to another's program
        raise Unsafe("picture_damaged", _("The picture «{file}» is damaged.").format(file=name)) from None


def _spread_opacity(root: Any) -> None:
    """`opacity`, which svglib passes over, as the opacity of filling and stroke."""
    for each in root.iter():
        style = dict(part.split(":", 1) for part in (each.get("style") or "").split(";") if ":" in part)
        said = each.get("opacity") or {key.strip(): value.strip() for key, value in style.items()}.get("opacity")
        if said and said != "1":
            for name in ("fill-opacity", "stroke-opacity"):
                if each.get(name) is None:
                    each.set(name, said)


def _marks(node: Any, matrix: Matrix) -> Iterator[Mark]:
    """A node of svglib's drawing as marks, its place given by `matrix`."""
    if hasattr(node, "contents"):
        inner = _times(matrix, node.transform)
        yield {"keep": True}
        for each in node.contents:
            yield from _marks(each, inner)
        yield {"back": True}
    elif getattr(node, "isClipPath", 0):
        yield {"clip": _moved(_path(node), matrix)} | _rule(node)
    else:
        yield from _ink(node, matrix)


def _ink(node: Any, matrix: Matrix) -> Iterator[Mark]:
    kind = type(node).__name__
    outlines = _letters(node) if kind == "String" else _SHAPES.get(kind, _path)(node)
    fill, fill_alpha = _shade(getattr(node, "fillColor", None), getattr(node, "fillOpacity", None))
    stroke, alpha = _shade(getattr(node, "strokeColor", None), getattr(node, "strokeOpacity", None))
    width = (getattr(node, "strokeWidth", 0) or 0) * sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
    if kind in ("Line", "PolyLine"):
        fill = None
    if kind in ("String", "NoStrokePath") or not width:
        stroke = None
    if not outlines or (fill is None and stroke is None):
        return
    mark: Mark = {"ink": _moved(outlines, matrix)} | _rule(node)
    if fill is not None:
        mark |= {"fill": fill} | ({"fill_alpha": fill_alpha} if fill_alpha < 1 else {})
    if stroke is not None:
        scale = width / (node.strokeWidth or 1)
        dash = [round(float(part) * scale, _DIGITS) for part in _dashes(node)]
        mark |= {"stroke": stroke, "width": round(width, _DIGITS)} | ({"alpha": alpha} if alpha < 1 else {})
        mark |= {"dash": dash} if sum(dash) > FINEST_DASH else {}
        mark |= {"cap": int(node.strokeLineCap or 0), "join": int(node.strokeLineJoin or 0)}
    yield mark


def _dashes(node: Any) -> Sequence[float]:
    return [float(part) for part in (getattr(node, "strokeDashArray", None) or ())]


def _rule(node: Any) -> Mark:
    return {"even_odd": True} if getattr(node, "fillMode", 1) == 0 else {}


def _shade(colour: Any, opacity: Any) -> tuple[float | None, float]:
    """A colour as grey (0 black to 1 white) and how much it covers; none where there is no colour, or nothing of it is seen."""
    if colour is None:
        return None, 1.0
    alpha = float(colour.alpha if opacity is None else opacity)
    if alpha <= 0:
        return None, 1.0
    return round(0.299 * colour.red + 0.587 * colour.green + 0.114 * colour.blue, 3), round(min(alpha, 1.0), 3)


def _path(node: Any) -> list[Outline]:
    """A path of reportlab: 0 begins, 1 goes straight, 2 curves, 3 closes."""
    found: list[Outline] = []
    points = iter(float(each) for each in node.points)
    for operator in node.operators:
        step = [next(points) for _number in range((2, 2, 6, 0)[operator])]
        if operator == 0:
            found.append([step])
        elif found:
            found[-1].append(step)
    return found


def _line(node: Any) -> list[Outline]:
    return [[[node.x1, node.y1], [node.x2, node.y2]]]


def _corners(node: Any) -> list[Outline]:
    places = [[float(x), float(y)] for x, y in zip(node.points[::2], node.points[1::2], strict=False)]
    return [[*places, *([[]] if type(node).__name__ == "Polygon" else [])]] if places else []


def _ellipse(node: Any) -> list[Outline]:
    across, up = (node.r, node.r) if hasattr(node, "r") else (node.rx, node.ry)
    return [_round_rectangle(node.cx - across, node.cy - up, 2 * across, 2 * up, across, up)]


def _rectangle(node: Any) -> list[Outline]:
    x, y, width, height = node.x, node.y, node.width, node.height
    across, up = min(node.rx or 0, abs(width) / 2), min(node.ry or 0, abs(height) / 2)
    if across and up:
        return [_round_rectangle(x, y, width, height, across, up)]
    return [[[x, y], [x + width, y], [x + width, y + height], [x, y + height], []]]


def _round_rectangle(x: float, y: float, width: float, height: float, across: float, up: float) -> Outline:
    right, top, dx, dy = x + width, y + height, across * (1 - _KAPPA), up * (1 - _KAPPA)
    return [
        [x + across, y], [right - across, y], [right - dx, y, right, y + dy, right, y + up],
        [right, top - up], [right, top - dy, right - dx, top, right - across, top],
        [x + across, top], [x + dx, top, x, top - dy, x, top - up],
        [x, y + up], [x, y + dy, x + dx, y, x + across, y], [],
    ]  # fmt: skip


_SHAPES = {"Line": _line, "PolyLine": _corners, "Polygon": _corners, "Circle": _ellipse, "Ellipse": _ellipse, "Rect": _rectangle}


def _letters(node: Any) -> list[Outline]:
    """Words as outlines of the printed font, from their anchor."""
    face, size = Face(node.fontName) if node.fontName in set(Face) else Face.REGULAR, float(node.fontSize)
    parts = spans(node.text, face)
    width = sum(float(font(each).stringWidth(words, size)) for words, each in parts)
    x = node.x - {"middle": width / 2, "end": width}.get(node.textAnchor, 0.0)
    found: list[Outline] = []
    for words, each in parts:
        for letter in words:
            glyph, em = _glyph(each, letter)
            scale = size / em
            found += [
                [[value * scale + (x, node.y)[place % 2] for place, value in enumerate(step)] for step in outline] for outline in glyph
            ]
            x += float(font(each).stringWidth(letter, size))
    return found


@lru_cache(maxsize=1 << 12)
def _glyph(face: Face, letter: str) -> tuple[list[Outline], int]:
    """A letter's outlines in units of its font, and how many of them are an em."""
    from fontTools.pens.basePen import BasePen

    class Tracing(BasePen):  # type: ignore[misc]
        """Writes down an outline; curves of three points become those of four."""

        outlines: list[Outline]

        def _moveTo(self, at: Any) -> None:
            self.outlines.append([list(at)])

        def _lineTo(self, at: Any) -> None:
            self.outlines[-1].append(list(at))

        def _curveToOne(self, one: Any, two: Any, at: Any) -> None:
            self.outlines[-1].append([*one, *two, *at])

        def _closePath(self) -> None:
            self.outlines[-1].append([])

    file = _file(face)
    glyphs, names = file.getGlyphSet(), file.getBestCmap()
    tracing = Tracing(glyphs)
    tracing.outlines = []
    name = names.get(ord(letter)) or names.get(32)
    glyphs[name].draw(tracing)
    return [[[float(value) for value in step] for step in outline] for outline in tracing.outlines], file["head"].unitsPerEm


@lru_cache(maxsize=len(Face))
def _file(face: Face) -> Any:
    import pymupdf_fonts
    from fontTools.ttLib import TTFont

    return TTFont(io.BytesIO(pymupdf_fonts.myfont(face.value)), lazy=True)


def _moved(outlines: Sequence[Outline], matrix: Matrix) -> list[Outline]:
    a, b, c, d, e, f = matrix

    def moved(step: Sequence[float]) -> list[float]:
        pairs = zip(step[::2], step[1::2], strict=True)
        return [round(value, _DIGITS) for x, y in pairs for value in (a * x + c * y + e, b * x + d * y + f)]

    return [[moved(step) for step in outline] for outline in outlines]


def _times(one: Matrix, two: Sequence[float]) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)
