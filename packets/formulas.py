"""Formulas from TeX notation as outlines, by matplotlib's mathtext: what packets/typeset sets on the baseline among words.

Only here is matplotlib imported, and only where an assignment has a formula. Lengths are in ems, to be multiplied by a size of type in points; y upwards
from the baseline. The letters are DejaVu Sans, which comes with matplotlib, so that every desk draws the same.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

MOST_LETTERS = 300
BESIDE_EM = 0.3  # that slanted letters may stand out
_UNITS = 100.0  # of mathtext's outlines, to one em
_CURVE3, _CURVE4, _CLOSE = 3, 4, 79
_LETTERS: dict[Any, str] = {  # upright figures and signs, which mathtext's own set of these fonts slants
    "mathtext.fontset": "custom",
    "mathtext.fallback": "stixsans",
    **{f"mathtext.{kind}": "DejaVu Sans" for kind in ("rm", "sf", "cal")},
    "mathtext.it": "DejaVu Sans:italic",
    "mathtext.bf": "DejaVu Sans:bold",
    "mathtext.bfit": "DejaVu Sans:bold:italic",
    "mathtext.tt": "DejaVu Sans Mono",
    "mathtext.default": "normal",
}
_COMMA = re.compile(r"(?<=\d),(?=\d)")
LONGER = r"\;"  # at both ends of a fraction's line, beyond the lines of those above and below it
_FRACTION = re.compile(r"\\d?frac(?![A-Za-z])")
_TEXT = re.compile(r"\\text(?![A-Za-z])\s*")
_NOTATION = re.compile(r"\\[A-Za-z]|\^")
_KNOWN_AS = {"le": "\\leq", "ge": "\\geq", **{name: f"\\operatorname{{{name}}}" for name in ("tg", "ctg", "arctg", "arcctg")}}
_NAMES = re.compile(rf"\\({'|'.join(_KNOWN_AS)})(?![A-Za-z])")
_UNKNOWN = re.compile(r"Unknown symbol: (\\[A-Za-z]+|\S)")
Step = tuple[float, ...]  # of an outline: 2 numbers begin or go straight, 6 curve, none closes


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as filled outlines: each begins with the point where it stands, and goes on to its next ones."""

    width: float
    height: float
    depth: float
    outlines: tuple[tuple[Step, ...], ...]


class Unknown(ValueError):
    """Notation that cannot be set; the argument is the part of it that is not understood."""


@lru_cache(maxsize=1 << 10)
def formula_of(tex: str) -> Formula:
    """The outlines of `tex`, without its dollar signs. Raises Unknown."""
    if len(tex) > MOST_LETTERS:
        raise Unknown(tex[:40] + "…")
    import matplotlib as mpl
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    setter, size = TextToPath(), FontProperties(size=_UNITS)
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    notation = f"${_for_school(tex)}$"
    with mpl.rc_context(_LETTERS):
        try:
            width, height, depth = setter.get_text_width_height_descent(notation, size, ismath=True)
            points, codes = setter.get_text_path(size, notation, ismath=True)
        except (ValueError, RuntimeError) as failure:
            found = _UNKNOWN.search(str(failure))
            raise Unknown(found[1] if found else tex) from None
    made = Formula(float(width) / _UNITS, float(height - depth) / _UNITS, float(depth) / _UNITS, _outlines(points, codes))
    if not _within(made):
        raise Unknown(tex)
    return made


def _within(formula: Formula) -> bool:
    """Whether there is something to see, and none of it beside the formula's own place, where spaces of less than nothing would push it."""
    across = [step[-2] for outline in formula.outlines for step in outline if step]
    return bool(across) and min(across) >= -BESIDE_EM and max(across) <= formula.width + BESIDE_EM


def fault_of(tex: str) -> str:
    """What of `tex` cannot be set, or only letter by letter; empty where all can."""
    try:
        _require_words_in_text(tex)
        formula_of(tex)
    except Unknown as unknown:
        return str(unknown)
    return ""


def _require_words_in_text(tex: str) -> None:
    """Raise Unknown for notation within \\text{...}, which would be set letter by letter."""
    for found in _TEXT.finditer(tex):
        words, _end = _group(tex, found.end())
        if _NOTATION.search(words or tex[found.end() :]):
            raise Unknown(found[0].rstrip() + words if words else tex)


def _for_school(tex: str) -> str:
    """Fractions in full size, commas within numbers without a space behind them, and names that mathtext does not know."""
    return _fractions(_NAMES.sub(lambda found: _KNOWN_AS[found[1]], _COMMA.sub("{,}", tex)))


def _fractions(tex: str) -> str:
    """Every fraction in the size of what stands beside it, also within another one, under a root and in an exponent, which is small already.

    A line with fractions above or below it is longer than theirs, so that one sees which divides all.
    """
    found = _FRACTION.search(tex)
    if found is None:
        return tex
    above, middle = _group(tex, found.end())
    below, end = _group(tex, middle)
    if not (above and below):
        return tex[: found.start()] + "\\dfrac" + _fractions(tex[found.end() :])
    longer = LONGER if _FRACTION.search(above + below) else ""
    both = "".join(f"{{{longer}{_fractions(each[1:-1])}{longer}}}" for each in (above, below))
    return f"{tex[: found.start()]}\\dfrac{both}{_fractions(tex[end:])}"


def _group(tex: str, place: int) -> tuple[str, int]:
    """What stands in braces at `place`, with them, and where it ends; nothing where no braces are."""
    while place < len(tex) and tex[place].isspace():
        place += 1
    deep = 0
    for end in range(place, len(tex)):
        escaped = tex[end - 1 : end] == "\\"
        deep += (tex[end] == "{" and not escaped) - (tex[end] == "}" and not escaped)
        if deep <= 0:
            return (tex[place : end + 1], end + 1) if end > place else ("", place)
    return "", place


def _outlines(points: Any, codes: Any) -> tuple[tuple[Step, ...], ...]:
    """Quadratic curves become cubic ones, which is all that PDF knows; a rule of a fraction is an outline like any other."""
    made: list[list[Step]] = []
    at, place = (0.0, 0.0), 0
    spots = [(round(float(x) / _UNITS, 5), round(float(y) / _UNITS, 5)) for x, y in points]
    while place < len(codes):
        code, spot = int(codes[place]), spots[place]
        if code == 1:
            made.append([spot])
        elif code == _CLOSE:
            made[-1].append(())
            place += 1
            continue
        elif code == _CURVE3:
            end = spots[place + 1]
            made[-1].append((*_towards(at, spot), *_towards(end, spot), *end))
            place, spot = place + 1, end
        elif code == _CURVE4:
            made[-1].append((*spot, *spots[place + 1], *spots[place + 2]))
            place, spot = place + 2, spots[place + 2]
        else:
            made[-1].append(spot)
        at, place = spot, place + 1
    return tuple(tuple(each) for each in made)


def _towards(end: tuple[float, float], control: tuple[float, float]) -> tuple[float, float]:
    """The control point of a cubic curve that is the quadratic one with `control`."""
    return (round(end[0] + (control[0] - end[0]) * 2 / 3, 5), round(end[1] + (control[1] - end[1]) * 2 / 3, 5))
