"""Shapes for a screen, drawn as a packets.paper.Pen draws them on paper: millimetres from the top left, y downwards.

scanning/return_screen hands it to what draws verdicts and bars, so that paper and screen show the same. Nothing is measured here: words are set by the browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from packets.paper import BLACK, OUTLINE_MM, POINTS_PER_MM, Face, Pen, Shade

ANCHORS = {"left": "start", "center": "middle", "right": "end"}


class Svg:
    """Collects the elements of one drawing."""

    def __init__(self) -> None:
        self._elements: list[str] = []

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.2, grey: Shade = BLACK, dash: Sequence[float] = ()) -> None:
        """Draw a straight line, `width` millimetres thick; `dash` gives on and off lengths in millimetres."""
        dashed = f' stroke-dasharray="{" ".join(map(_number, dash))}"' if dash else ""
        ends = f'd="M{_number(x1)} {_number(y1)}L{_number(x2)} {_number(y2)}"'
        self._elements.append(f"<path {ends}{_stroke(width, grey)}{dashed}/>")

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
        place = f'x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" height="{_number(height)}"'
        self._elements.append(f"<rect {place}{_fill(fill)}{_stroke(outline, grey)}/>")

    def circle(
        self, x: float, y: float, diameter: float, fill: float | None = None, outline: float | None = OUTLINE_MM, grey: Shade = BLACK
    ) -> None:
        """Draw a circle round (x, y)."""
        place = f'cx="{_number(x)}" cy="{_number(y)}" r="{_number(diameter / 2)}"'
        self._elements.append(f"<circle {place}{_fill(fill)}{_stroke(outline, grey)}/>")

    def polygon(self, corners: Sequence[tuple[float, float]], fill: Shade | None = BLACK, outline: float | None = None) -> None:
        """Draw a closed shape through `corners`."""
        points = "L".join(f"{_number(x)} {_number(y)}" for x, y in corners)
        self._elements.append(f'<path d="M{points}Z"{_fill(fill)}{_stroke(outline, BLACK)}/>')

    def text(
        self, x: float, y: float, words: str, size: float = 11, face: Face = Face.REGULAR, align: str = "left", grey: Shade = BLACK
    ) -> None:
        """Set `words` with their baseline at `y`, in points as on paper."""
        bold = ' font-weight="700"' if face in (Face.BOLD, Face.BOLD_ITALIC) else ""
        look = f'font-size="{_number(size / POINTS_PER_MM)}" text-anchor="{ANCHORS[align]}"{bold}'
        self._elements.append(f'<text x="{_number(x)}" y="{_number(y)}" {look}{_fill(grey)}>{escape(words)}</text>')

    @property
    def elements(self) -> str:
        """What was drawn, to stand within an svg element whose viewBox is in millimetres."""
        return "".join(self._elements)


Drawing = Pen | Svg


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _colour(shade: Shade) -> str:
    red, green, blue = shade if isinstance(shade, tuple) else (shade, shade, shade)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def _fill(shade: Shade | None) -> str:
    return ' fill="none"' if shade is None else f' fill="{_colour(shade)}"'


def _stroke(width: float | None, shade: Shade) -> str:
    return "" if width is None else f' stroke="{_colour(shade)}" stroke-width="{_number(width)}"'
