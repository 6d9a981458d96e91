"""Small pictures, drawn rather than typed: pencil, envelope, scissors, and the shapes that tell how a question went.

All take the place of their middle (y) and their left or middle (x) in millimetres. They differ in shape, not in colour.
"""

from __future__ import annotations

from packets.feedback import Outcome
from packets.paper import BLACK, GREY
from packets.press import Ink

RADIUS = 2.4
HEAVY = 0.6


def draw_outcome(pen: Ink, x: float, y: float, outcome: Outcome) -> None:
    """The shape of an outcome round (x, y): tick, half disc, cross, empty circle, three dots, dash."""
    match outcome:
        case Outcome.RIGHT:
            pen.line(x - 2.0, y + 0.2, x - 0.5, y + 1.8, HEAVY)
            pen.line(x - 0.6, y + 1.8, x + 2.2, y - 1.9, HEAVY)
        case Outcome.PARTLY:
            pen.circle(x, y, 2 * RADIUS, outline=0.3)
            half = [(x - 0.0, y - RADIUS), *((x - dx, y + dy) for dx, dy in _LEFT_ARC), (x - 0.0, y + RADIUS)]
            pen.polygon(half, fill=BLACK)
        case Outcome.WRONG:
            pen.line(x - 1.8, y - 1.8, x + 1.8, y + 1.8, HEAVY)
            pen.line(x - 1.8, y + 1.8, x + 1.8, y - 1.8, HEAVY)
        case Outcome.UNANSWERED:
            pen.circle(x, y, 2 * RADIUS, outline=0.3)
        case Outcome.WAITING:
            for step in (-1.8, 0.0, 1.8):
                pen.circle(x + step, y, 1.0, fill=BLACK, outline=None)
        case Outcome.MISSING:
            pen.line(x - 2.0, y, x + 2.0, y, HEAVY, GREY)


def draw_pencil(pen: Ink, x: float, y: float) -> None:
    """A pencil and a pen, lying, from `x` to the right."""
    for dy, sharp in ((-2.6, False), (2.6, True)):
        pen.rectangle(x + 2.0, y + dy - 1.2, 17.0, 2.4, fill=1.0, outline=0.3)
        pen.polygon([(x + 19.0, y + dy - 1.2), (x + 24.0, y + dy), (x + 19.0, y + dy + 1.2)], fill=1.0, outline=0.3)
        tip = 1.6 if sharp else 2.6
        pen.polygon([(x + 24.0 - tip, y + dy - tip * 0.24), (x + 24.0, y + dy), (x + 24.0 - tip, y + dy + tip * 0.24)], fill=BLACK)
        pen.line(x + (4.5 if sharp else 15.0), y + dy - 1.2, x + (4.5 if sharp else 15.0), y + dy + 1.2, 0.3)


def draw_envelope(pen: Ink, x: float, y: float) -> None:
    """An envelope with a sheet half inside, from `x` to the right."""
    pen.rectangle(x + 6.0, y - 5.2, 12.0, 6.0, fill=1.0, outline=0.3)
    for step in (1.4, 2.8):
        pen.line(x + 8.0, y - 5.2 + step, x + 16.0, y - 5.2 + step, 0.2, GREY)
    pen.rectangle(x + 3.0, y - 2.0, 18.0, 7.0, fill=1.0, outline=0.4)
    pen.line(x + 3.0, y - 2.0, x + 12.0, y + 2.4, 0.3)
    pen.line(x + 21.0, y - 2.0, x + 12.0, y + 2.4, 0.3)


_LEFT_ARC = tuple((RADIUS * c, RADIUS * s) for c, s in ((0.5, -0.866), (0.866, -0.5), (1.0, 0.0), (0.866, 0.5), (0.5, 0.866)))
