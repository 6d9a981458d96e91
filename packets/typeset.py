"""Words into lines: faces, widths, breaking. packets/worksheet and packets/cover stack the lines; nothing here knows a page's height."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from packets.formulas import formula_of
from packets.markdown import Run
from packets.paper import POINTS_PER_MM, Face, width_mm
from packets.press import Ink

ROOM_MM = 0.8  # between a tall formula and the lines above and below
CAP_HEIGHT = 0.714  # of Noto Sans, in its size
_ENDLESS_MM = 10_000.0
_PIECES = re.compile(r"\n|[ \t]+|[^ \t\n]+")  # a no-break space stays within its word


@dataclass(frozen=True, slots=True)
class Type:
    """A size of type in points, and its leading in millimetres."""

    size: float
    leading: float

    @property
    def baseline(self) -> float:
        """From the top of a line down to its baseline, in millimetres."""
        return self.leading * 0.76

    @property
    def half_cap(self) -> float:
        """Half the height of a capital, in millimetres: what centres a line on a circle."""
        return self.size * CAP_HEIGHT / 2 / POINTS_PER_MM


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one face within a line, `x` millimetres from the line's left; or a formula, whose `text` is its TeX notation."""

    x: float
    text: str
    face: Face
    formula: bool = False


Line = tuple[Piece, ...]


def wrap(runs: Iterable[Run], width: float, type_: Type) -> list[Line]:
    """Break `runs` into lines no wider than `width` millimetres; a word wider than that is broken between letters."""
    return list(_wrapped(tuple(runs), width, type_))


@lru_cache(maxsize=1 << 12)
def _wrapped(runs: tuple[Run, ...], width: float, type_: Type) -> tuple[Line, ...]:
    lines: list[Line] = []
    line: list[Piece] = []
    x = space = 0.0
    words = list(_words(runs, width, type_))
    for (word, face, formula), together in zip(words, _together(words, width, type_), strict=True):
        if word == "\n" and not formula:
            lines.append(tuple(line))
            line, x, space = [], 0.0, 0.0
            continue
        if word.isspace() and not formula:
            space = width_mm(" ", type_.size, face) if line else 0.0
            continue
        long = _width(word, face, formula, type_)
        if line and x + space + together > width + 0.01:
            lines.append(tuple(line))
            line, x, space = [], 0.0, 0.0
        line.append(Piece(x + space, word, face, formula))
        x, space = x + space + long, 0.0
    return tuple(_joined(each, type_) for each in [*lines, tuple(line)] if each or lines)


def _together(words: Sequence[tuple[str, Face, bool]], width: float, type_: Type) -> list[float]:
    """Of each piece, what it takes with those that follow without a space, as «(» before a slanted word; where a line cannot hold all that, the piece alone."""
    found: list[float] = []
    behind = 0.0
    for word, face, formula in reversed(words):
        long = _width(word, face, formula, type_)
        behind = 0.0 if word.isspace() and not formula else long + behind
        found.append(behind if behind <= width else long)
    return found[::-1]


def fitted_lines(words: Sequence[str], width: float, largest: Type, height: float, smallest: Type) -> tuple[Type, list[Line]]:
    """Lines of `words`, each beginning its own, in the largest type in which all fit into `width` and `height`.

    What is too long even for the smallest is set in it nevertheless: nothing is cut off.
    """
    type_ = largest
    while True:
        lines = [line for each in words if each for line in wrap(plain(each), width, type_)]
        if len(lines) * type_.leading <= height or type_.size <= smallest.size:
            return type_, lines
        type_ = Type(type_.size - 0.5, (type_.size - 0.5) * largest.leading / largest.size)


def line_width(line: Line, type_: Type) -> float:
    """The width of a line in millimetres."""
    return line[-1].x + _width(line[-1].text, line[-1].face, line[-1].formula, type_) if line else 0.0


def widest_word(runs: Iterable[Run], type_: Type) -> float:
    """The width of the widest word or formula, in millimetres: in a narrower column it would be broken."""
    return max(
        (_width(word, face, formula, type_) for word, face, formula in _words(runs, _ENDLESS_MM, type_) if word != "\n"), default=0.0
    )


def widest_formula(runs: Iterable[Run], type_: Type) -> float:
    """The width of the widest formula, in millimetres: what can never be broken."""
    return max((_width(run.text, Face.REGULAR, True, type_) for run in runs if run.formula), default=0.0)


def beyond(line: Line, type_: Type) -> tuple[float, float]:
    """How far the formulas of a line reach above and below what words take, in millimetres; nothing where it has none."""
    high = [(found.height, found.depth) for found in (formula_of(piece.text) for piece in line if piece.formula)]
    if not high:
        return 0.0, 0.0
    size = type_.size / POINTS_PER_MM
    up, down = max(height for height, _depth in high) * size, max(depth for _height, depth in high) * size
    return max(0.0, up - type_.baseline + ROOM_MM), max(0.0, down - (type_.leading - type_.baseline) + ROOM_MM)


def baselines(lines: Sequence[Line], type_: Type) -> tuple[list[float], float]:
    """From the top of lines down to the baseline of each, and the height of all; formulas take the room that they need."""
    found, top = [], 0.0
    for line in lines:
        above, below = beyond(line, type_)
        found.append(top + above + type_.baseline)
        top += above + type_.leading + below
    return found, top


def shifts(lines: Sequence[Line], type_: Type) -> list[float]:
    """How much lower than at an even leading each line stands, because of formulas in it and above; the first not at all."""
    found, shift = [], 0.0
    for place, line in enumerate(lines):
        shift += beyond(lines[place - 1], type_)[1] + beyond(line, type_)[0] if place else 0.0
        found.append(shift)
    return found


def draw_line(pen: Ink, line: Line, x: float, baseline: float, type_: Type, grey: float = 0.0) -> None:
    """Set one line with its left at `x`."""
    for piece in line:
        if piece.formula:
            pen.outlines(x + piece.x, baseline, type_.size, formula_of(piece.text).outlines, grey)
        else:
            pen.text(x + piece.x, baseline, piece.text, type_.size, piece.face, grey=grey)


def plain(text: str, bold: bool = False) -> tuple[Run, ...]:
    """Words without any Markdown."""
    return (Run(text, bold),)


def _width(word: str, face: Face, formula: bool, type_: Type) -> float:
    return formula_of(word).width * type_.size / POINTS_PER_MM if formula else width_mm(word, type_.size, face)


def _words(runs: Iterable[Run], width: float, type_: Type) -> Iterator[tuple[str, Face, bool]]:
    for run in runs:
        face = _FACES[run.bold, run.italic]
        if run.formula:
            yield run.text, face, True
            continue
        for word in _PIECES.findall(run.text):
            for part in _parted(word, width, face, type_):
                yield part, face, False


def _parted(word: str, width: float, face: Face, type_: Type) -> Iterator[str]:
    """A word whole, or in parts no wider than `width`, each of one letter at least."""
    if width_mm(word, type_.size, face) <= width:
        yield word
        return
    start, filled = 0, 0.0
    for place, letter in enumerate(word):
        wide = width_mm(letter, type_.size, face)
        if place > start and filled + wide > width:
            yield word[start:place]
            start, filled = place, 0.0
        filled += wide
    yield word[start:]


def _joined(line: Line, type_: Type) -> Line:
    """Words of one face that stand a space apart become one piece: smaller files, and text that can be copied out whole."""
    joined: list[Piece] = []
    for piece in line:
        before = joined[-1] if joined else None
        if before and before.face is piece.face and not before.formula and not piece.formula:
            text = f"{before.text} {piece.text}"
            if abs(before.x + width_mm(text, type_.size, piece.face) - piece.x - width_mm(piece.text, type_.size, piece.face)) < 0.01:
                joined[-1] = Piece(before.x, text, piece.face)
                continue
        joined.append(piece)
    return tuple(joined)


_FACES = {(False, False): Face.REGULAR, (True, False): Face.BOLD, (False, True): Face.ITALIC, (True, True): Face.BOLD_ITALIC}
