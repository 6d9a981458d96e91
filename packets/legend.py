"""The legend in pictures: how to fill a circle, and how to change one's mind. At the foot of worksheets, larger on covers."""

from __future__ import annotations

from packets.layout import BOX_MM, PITCH_MM
from packets.paper import BLACK, GREY, Pen
from packets.press import Ink
from packets.typeset import Type, draw_line, plain, wrap
from records.language import N_, translate

FILL = N_("Fill the circle of your answer completely.")
CHANGE = N_("Changed your mind? Cross out the whole circle and fill another.")
_CROSS = 3.9  # half a side of the cross: beyond the circle's edge
_FOOT_LEFT, _FOOT_RIGHT, _FOOT_TOP = 42.0, 184.0, 258.3
_FOOT_TYPE, _LARGE_FOOT_TYPE = Type(9.5, 4.2), Type(14, 5.8)
_FOOT_WORDS, _LARGE_FOOT_WORDS = 71.0, 68.0


def draw_legend(pen: Pen, language: str, large: bool = False) -> None:
    """Both pictures with their words, at the foot of a worksheet; room for one line and for two."""
    type_, left = (_LARGE_FOOT_TYPE, _LARGE_FOOT_WORDS) if large else (_FOOT_TYPE, _FOOT_WORDS)
    pen.line(_FOOT_LEFT, _FOOT_TOP, _FOOT_RIGHT, _FOOT_TOP, 0.2, GREY)
    first, second = (262.6, 272.2) if large else (263.3, 272.0)
    for y, words, crossed in ((first, FILL, False), (second, CHANGE, True)):
        draw_example(pen, 46.0, y, crossed)
        lines = wrap(plain(translate(words, language)), _FOOT_RIGHT - left, type_)
        for number, line in enumerate(lines):
            baseline = y + type_.half_cap + (number - (len(lines) - 1) / 2) * type_.leading
            draw_line(pen, line, left, baseline, type_)


def draw_example(pen: Ink, x: float, y: float, crossed: bool) -> None:
    """Three circles from `x` on, centred on `y`: the second filled; or the second crossed out and the third filled instead."""
    filled = (1, 2) if crossed else (1,)
    for place in range(3):
        pen.circle(x + PITCH_MM * place, y, BOX_MM, fill=BLACK if place in filled else None)
    if crossed:
        for sign in (-1, 1):
            pen.line(x + PITCH_MM - _CROSS, y - _CROSS * sign, x + PITCH_MM + _CROSS, y + _CROSS * sign, 0.6)
