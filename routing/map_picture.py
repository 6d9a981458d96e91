"""Routes on a map as a picture for a report: A4 lying, as PNG, drawn with packets/paper. The same routes give the same bytes.

routing/map_commands writes it. Every route has a number of its own at its first stop and in the list at the right; lines differ in dash as well as in
colour, so that a grey copy can be read. Lines join the calls straight. Millimetres from the sheet's top left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np
import pypdfium2 as pdfium

from packets.paper import Face, Pen, width_mm
from records.language import N_, current_language, in_both, translate
from routing.map_sketch import Line, Sketch
from settlements.map_page import Projection, View, framed, rings

SHEET_MM = (297.0, 210.0)
MAP = (10.0, 24.0, 205.0, 200.0)  # left, top, right, bottom
LIST_LEFT, LIST_RIGHT, LIST_TOP, ROW_MM = 212.0, 287.0, 28.0, 5.2
DOTS_PER_INCH = 150
MOST_NAMES = 90  # stops: beyond, names would cover the map
NAME_PT = 6.5
BARS_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500)
PIXEL_MM = 0.26  # of the screen, in which dashes are given
GREEN_GREY, LAND = (0.62, 0.6, 0.53), (0.96, 0.95, 0.92)
Shade = tuple[float, float, float]
Spot = tuple[float, float]
Room = tuple[float, float, float, float]


class Frame:
    """Where kilometres of a projection lie on the sheet."""

    def __init__(self, projection: Projection, view: View) -> None:
        self._projection, self._view = projection, view
        self.mm_a_km = min((MAP[2] - MAP[0]) / view[2], (MAP[3] - MAP[1]) / view[3])

    def spot(self, lat: float, lon: float) -> Spot:
        """Millimetres of a place."""
        return self.of(self._projection.place(lat, lon))

    def of(self, place: tuple[float, float]) -> Spot:
        """Millimetres of a point in kilometres."""
        return MAP[0] + (place[0] - self._view[0]) * self.mm_a_km, MAP[1] + (place[1] - self._view[1]) * self.mm_a_km


def route_picture(sketch: Sketch) -> bytes:
    """The PNG."""
    projection, view = framed(sketch.points, [each.shape for each in sketch.outlines])
    frame = Frame(projection, view)
    pen = Pen(SHEET_MM, sketch.plan.code)
    _head(pen, sketch)
    for outline in sketch.outlines:
        for ring in rings(outline.shape, projection):
            pen.polygon([frame.of(place) for place in ring], fill=LAND)
            _path(pen, [frame.of(place) for place in ring], 0.25, GREEN_GREY, ())
    for line in sketch.lines:
        _path(pen, [frame.spot(*point) for point in line.points], 0.5, _shade(line.colour), line.dash)
    _places(pen, sketch, frame)
    _scale(pen, frame)
    _list(pen, sketch)
    pen.end_page()
    return _png(pen.pdf())


def _head(pen: Pen, sketch: Sketch) -> None:
    names = " / ".join(dict.fromkeys(filter(None, (sketch.name_kk, sketch.name_ru)))) or in_both(N_("All routes"))
    pen.text(MAP[0], 13, f"{names} · {sketch.plan.week} · {sketch.plan.code}", 14, Face.BOLD)
    own = sketch.own_plan
    words = N_("Plan {code}: routes {routes}, stops {stops}, {km} km, villages on no route {missed}. Lines are no roads.")
    for row, language in enumerate(("kk", "ru")):
        said = translate(words, language).format(
            code=own.code, routes=len(own.routes), stops=len(own.stops), km=f"{own.metres / 1000:.0f}", missed=len(own.unplanned)
        )
        pen.text(MAP[0], 17.6 + row * 3.8, said, 8)


def _path(pen: Pen, spots: Sequence[Spot], width: float, shade: Shade, dash: Sequence[int]) -> None:
    for start, end in pairwise(spots):
        if start != end:
            pen.line(*start, *end, width, shade, [length * PIXEL_MM for length in dash])


def _shade(colour: str) -> Shade:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _places(pen: Pen, sketch: Sketch, frame: Frame) -> None:
    """Stops, offices, villages on no route, the routes' numbers, and as many names as find room."""
    taken: list[Room] = []
    stops = [(line, stop, frame.spot(*place)) for line in sketch.lines for stop, place in line.stops]
    for line, _stop, (x, y) in stops:
        pen.circle(x, y, 1.6, fill=1.0, outline=0.45, grey=_shade(line.colour))
        taken.append((x - 1, y - 1, x + 1, y + 1))
    for x, y in (frame.spot(*place) for place in sketch.offices.values()):
        pen.rectangle(x - 1.5, y - 1.5, 3, 3, fill=0.0)
        taken.append((x - 1.5, y - 1.5, x + 1.5, y + 1.5))
    for each, place in sketch.lost:
        _cross(pen, *frame.spot(*place))
        _label(pen, taken, *frame.spot(*place), _name(each.name_kk, each.name_ru) or each.unplanned.kato)
    for number, line in enumerate(sketch.lines, start=1):
        _number(pen, taken, line, number, frame)
    if len(stops) <= MOST_NAMES:
        for office, place in sketch.offices.items():
            _label(pen, taken, *frame.spot(*place), office, face=Face.BOLD)
        for _line, stop, spot in stops:
            _label(pen, taken, *spot, _name(stop.name_kk, stop.name_ru) or stop.kato)


def _cross(pen: Pen, x: float, y: float) -> None:
    for slope in (-1, 1):
        pen.line(x - 1.5, y - 1.5 * slope, x + 1.5, y + 1.5 * slope, 0.6, (0.7, 0.15, 0.12))


def _name(kazakh: str, russian: str) -> str:
    """The one of the desk's language."""
    return (russian or kazakh) if current_language() == "ru" else (kazakh or russian)


def _number(pen: Pen, taken: list[Room], line: Line, number: int, frame: Frame) -> None:
    """The route's number beside its first stop whose place is known."""
    if line.stops:
        _label(pen, taken, *frame.spot(*line.stops[0][1]), str(number), 8, Face.BOLD, _shade(line.colour))


def _label(
    pen: Pen, taken: list[Room], x: float, y: float, words: str, size: float = NAME_PT, face: Face = Face.REGULAR, shade: Shade = (0, 0, 0)
) -> None:
    """Words beside a place where they cover nothing; none where there is no such room."""
    width, height = width_mm(words, size, face), size * 0.36
    for left, base in _rooms(x, y, width, height):
        room = (left, base - height, left + width, base + 0.5)
        if room[0] >= MAP[0] and room[2] <= MAP[2] + 5 and not any(_cover(room, other) for other in taken):
            pen.text(left, base, words, size, face, grey=shade)
            taken.append(room)
            return


def _rooms(x: float, y: float, width: float, height: float) -> Iterator[Spot]:
    """Left end and base line of places for words round a mark, the best first."""
    yield x + 1.6, y + height / 2
    yield x - 1.6 - width, y + height / 2
    yield x - width / 2, y - 1.6
    yield x - width / 2, y + 1.6 + height


def _cover(one: Room, other: Room) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _scale(pen: Pen, frame: Frame) -> None:
    """A bar of round kilometres, up to a quarter of the map's width."""
    kilometres = max((each for each in BARS_KM if each * frame.mm_a_km <= (MAP[2] - MAP[0]) / 4), default=BARS_KM[0])
    length = kilometres * frame.mm_a_km
    pen.line(MAP[0], 204, MAP[0] + length, 204, 0.6)
    pen.text(MAP[0] + length + 2, 205, f"{kilometres} {in_both(N_('km'))}", 8)


def _list(pen: Pen, sketch: Sketch) -> None:
    """The routes with their lines, numbers and kilometres; how many more there are where they find no room."""
    pen.text(LIST_LEFT + 20, LIST_TOP - 4.5, in_both(N_("Route")), 7, Face.BOLD)
    pen.text(LIST_RIGHT, LIST_TOP - 4.5, f"{in_both(N_('Stops'))} · {in_both(N_('km'))}", 7, Face.BOLD, "right")
    room = int((MAP[3] - LIST_TOP) / ROW_MM)
    shown = sketch.lines if len(sketch.lines) <= room else sketch.lines[: room - 1]
    for row, line in enumerate(shown):
        y = LIST_TOP + row * ROW_MM
        pen.text(LIST_LEFT + 4, y + 1, str(row + 1), 8, Face.BOLD, "right", _shade(line.colour))
        _path(pen, [(LIST_LEFT + 6, y), (LIST_LEFT + 18, y)], 0.6, _shade(line.colour), line.dash)
        pen.text(LIST_LEFT + 20, y + 1, line.route.code, 7)
        pen.text(LIST_RIGHT, y + 1, f"{len(line.route.stops)} · {line.route.metres / 1000:.0f}", 7, align="right")
    if len(shown) < len(sketch.lines):
        pen.text(LIST_LEFT + 6, LIST_TOP + len(shown) * ROW_MM + 1, f"+ {len(sketch.lines) - len(shown)}", 8)


def _png(pdf: bytes) -> bytes:
    document = pdfium.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=DOTS_PER_INCH / 72).to_numpy()
    finally:
        document.close()
    done, coded = cv2.imencode(".png", np.ascontiguousarray(picture[..., :3]))
    assert done, "a picture of a sheet can be coded"
    return coded.tobytes()
