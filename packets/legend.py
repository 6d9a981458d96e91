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
_FOOT_TYPE = Type(9.5, 4.2)


def draw_legend(pen: Pen, language: str) -> None:
    """Both pictures with their words, at the foot of a worksheet."""
    pen.line(_FOOT_LEFT, _FOOT_TOP, _FOOT_RIGHT, _FOOT_TOP, 0.2, GREY)
    for y, words, crossed in ((263.3, FILL, False), (272.0, CHANGE, True)):
        draw_example(pen, 46.0, y, crossed)
        lines = wrap(plain(translate(words, language)), _FOOT_RIGHT - 71.0, _FOOT_TYPE)
        for number, line in enumerate(lines):
            baseline = y + _FOOT_TYPE.half_cap + (number - (len(lines) - 1) / 2) * _FOOT_TYPE.leading
            draw_line(pen, line, 71.0, baseline, _FOOT_TYPE)


def draw_example(pen: Ink, x: float, y: float, crossed: bool) -> None:
    """Three circles from `x` on, centred on `y`: the second filled; or the second crossed out and the third filled instead."""
    filled = (1, 2) if crossed else (1,)
    for place in range(3):
        pen.circle(x + PITCH_MM * place, y, BOX_MM, fill=BLACK if place in filled else None)
    if crossed:
        for sign in (-1, 1):
            pen.line(x + PITCH_MM - _CROSS, y - _CROSS * sign, x + PITCH_MM + _CROSS, y + _CROSS * sign, 0.6)
