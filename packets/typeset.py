"""Words into lines: faces, widths, breaking. packets/worksheet and packets/cover stack the lines; nothing here knows a page's height."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from packets.markdown import Run
from packets.paper import POINTS_PER_MM, Face, width_mm
from packets.press import Ink

CAP_HEIGHT = 0.714  # of Noto Sans, in its size
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
    """A stretch of one face within a line, `x` millimetres from the line's left."""

    x: float
    text: str
    face: Face


Line = tuple[Piece, ...]


def wrap(runs: Iterable[Run], width: float, type_: Type) -> list[Line]:
    """Break `runs` into lines no wider than `width` millimetres; a word wider than that is broken between letters."""
    return list(_wrapped(tuple(runs), width, type_))


@lru_cache(maxsize=1 << 12)
def _wrapped(runs: tuple[Run, ...], width: float, type_: Type) -> tuple[Line, ...]:
    lines: list[Line] = []
    line: list[Piece] = []
    x = space = 0.0
    for word, face in _words(runs, width, type_):
        if word == "\n":
            lines.append(tuple(line))
            line, x, space = [], 0.0, 0.0
            continue
        if word.isspace():
            space = width_mm(" ", type_.size, face) if line else 0.0
            continue
        long = width_mm(word, type_.size, face)
        if line and x + space + long > width + 0.01:
            lines.append(tuple(line))
            line, x, space = [], 0.0, 0.0
        line.append(Piece(x + space, word, face))
        x, space = x + space + long, 0.0
    return tuple(_joined(each, type_) for each in [*lines, tuple(line)] if each or lines)


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
    return line[-1].x + width_mm(line[-1].text, type_.size, line[-1].face) if line else 0.0


def draw_line(pen: Ink, line: Line, x: float, baseline: float, type_: Type, grey: float = 0.0) -> None:
    """Set one line with its left at `x`."""
    for piece in line:
        pen.text(x + piece.x, baseline, piece.text, type_.size, piece.face, grey=grey)


def plain(text: str, bold: bool = False) -> tuple[Run, ...]:
    """Words without any Markdown."""
    return (Run(text, bold),)


def _words(runs: Iterable[Run], width: float, type_: Type) -> Iterator[tuple[str, Face]]:
    for run in runs:
        face = _FACES[run.bold, run.italic]
        for found in _PIECES.findall(run.text):
            word = found
            while len(word) > 1 and width_mm(word, type_.size, face) > width:
                fitting = next((n for n in range(len(word) - 1, 0, -1) if width_mm(word[:n], type_.size, face) <= width), 1)
                yield word[:fitting], face
                word = word[fitting:]
            yield word, face


def _joined(line: Line, type_: Type) -> Line:
    """Words of one face that stand a space apart become one piece: smaller files, and text that can be copied out whole."""
    joined: list[Piece] = []
    for piece in line:
        before = joined[-1] if joined else None
        if before and before.face is piece.face:
            text = f"{before.text} {piece.text}"
            if abs(before.x + width_mm(text, type_.size, piece.face) - piece.x - width_mm(piece.text, type_.size, piece.face)) < 0.01:
                joined[-1] = Piece(before.x, text, piece.face)
                continue
        joined.append(piece)
    return tuple(joined)


_FACES = {(False, False): Face.REGULAR, (True, False): Face.BOLD, (False, True): Face.ITALIC, (True, True): Face.BOLD_ITALIC}
