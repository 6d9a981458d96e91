"""A scanned page, upright, with the verdicts drawn on it by shape as well as colour. Pure: pictures and records in, a JPEG out.

scanning/return_pages calls this. A tick stands for right, a cross for wrong (and a ring round the right answer), a question mark for a doubt, a half
circle for partly right, a dash for nothing marked, an open circle for what waits for the teacher's points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from packets.assignment import ChoiceQuestion, NumberQuestion, Question
from packets.layout import PAGE_MM, Box, Layout
from records.grades import BLANK, DOUBT, READ, WAITING, Decision
from scanning.verdict import Grey

DPI = 110
MM_PER_INCH = 25.4
JPEG_QUALITY = 58
FINE = 4  # drawn with 1/16 pixel
MARGIN_MM = 188.4  # where an item's sign stands: right of the body, left of the fiducials
BELOW_MM = 6.5  # from the lowest box to the sign, where another item stands to the right
SAME_ROW_MM = 6.0
GREEN, RED, ORANGE, BLUE = (60, 130, 20), (40, 30, 200), (0, 110, 225), (170, 80, 20)  # blue, green, red

Colour = npt.NDArray[np.uint8]  # (height, width, 3): blue, green, red


class Outcome(StrEnum):
    """What became of one answer, for drawing."""

    RIGHT = "right"
    WRONG = "wrong"
    PARTLY = "partly"
    BLANK = "blank"
    DOUBT = "doubt"
    WAITING = "waiting"


COLOURS = {
    Outcome.RIGHT: GREEN,
    Outcome.WRONG: RED,
    Outcome.PARTLY: ORANGE,
    Outcome.BLANK: RED,
    Outcome.DOUBT: ORANGE,
    Outcome.WAITING: BLUE,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One question of the page with what is held of its answer."""

    question: Question
    held: Decision


def outcome_of(held: Decision) -> Outcome:
    """The outcome of an answer by its record."""
    if held.state == DOUBT:
        return Outcome.DOUBT
    if held.state == WAITING or held.points is None:
        return Outcome.WAITING
    if held.points >= held.max_points:
        return Outcome.RIGHT
    if held.points > 0:
        return Outcome.PARTLY
    return Outcome.BLANK if held.state == BLANK else Outcome.WRONG


def marked_page(image: Grey, measurements: Mapping[str, Any], layout: Layout, verdicts: Sequence[Verdict]) -> bytes:
    """The sheet in `image`, upright at 110 dpi with verdicts drawn on, as a colour JPEG.

    `measurements` are those of its scan: `transform`, nine numbers from millimetres to pixels of `image` row by row, and `at`, the middle of each
    box of `layout` in pixels.
    """
    to_picture = np.array(measurements["transform"], np.float64).reshape(3, 3)
    page: Colour = np.asarray(cv2.cvtColor(upright(image, to_picture), cv2.COLOR_GRAY2BGR), np.uint8)
    middles = _on_page(np.array(measurements["at"], np.float64).reshape(-1, 2), to_picture)
    places = list(zip(layout.boxes, middles, strict=True))
    for verdict in verdicts:
        own = [place for place in places if place[0].item == verdict.held.item]
        if own:
            others = [place for place in places if place[0].item != verdict.held.item]
            _draw_item(page, verdict, own, _sign_place(own, others))
    written, content = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY, cv2.IMWRITE_JPEG_OPTIMIZE, 1])
    assert written
    return content.tobytes()


def upright(image: Grey, to_picture: npt.NDArray[np.float64], dpi: int = DPI) -> Grey:
    """The sheet warped flat: `to_picture` maps millimetres of the sheet to pixels of `image`; answers (height, width) grey at `dpi`."""
    corners = _mapped(np.array([[0, 0], [PAGE_MM[0], 0], [0, PAGE_MM[1]]], np.float64), to_picture)
    across = float(np.hypot(*(corners[1] - corners[0]))) / PAGE_MM[0] * MM_PER_INCH
    shrink = min(1.0, 1.3 * dpi / across) if across > 0 else 1.0
    small = cv2.resize(image, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA) if shrink < 1 else image
    scale = np.diag([small.shape[1] / image.shape[1], small.shape[0] / image.shape[0], 1.0])
    back = scale @ to_picture @ np.diag([MM_PER_INCH / dpi, MM_PER_INCH / dpi, 1.0])
    size = (round(PAGE_MM[0] * dpi / MM_PER_INCH), round(PAGE_MM[1] * dpi / MM_PER_INCH))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(small, back, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=255), np.uint8)


def _on_page(pixels: npt.NDArray[np.float64], to_picture: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Pixels of the scan as pixels of the upright page."""
    return _mapped(pixels, np.linalg.inv(to_picture)) * (DPI / MM_PER_INCH) if len(pixels) else pixels


def _mapped(points: npt.NDArray[np.float64], matrix: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    return np.asarray(cv2.perspectiveTransform(points.reshape(-1, 1, 2), matrix).reshape(-1, 2), np.float64)


Placed = tuple[Box, npt.NDArray[np.float64]]


def _sign_place(own: Sequence[Placed], others: Sequence[Placed]) -> npt.NDArray[np.float64]:
    """Where an item's sign stands: in the margin beside its first row, or below its boxes where another item lies between."""
    across, down = (np.array([middle[axis] for _box, middle in own]) for axis in (0, 1))
    between = any(middle[0] > across.max() and abs(middle[1] - down.min()) < _px(SAME_ROW_MM) for _box, middle in others)
    return np.array([across.mean(), down.max() + _px(BELOW_MM)] if between else [_px(MARGIN_MM), down.min()])


def _draw_item(page: Colour, verdict: Verdict, boxes: Sequence[Placed], sign: npt.NDArray[np.float64]) -> None:
    outcome = outcome_of(verdict.held)
    given, right = _values(verdict.held), _right_values(verdict.question)
    for box, middle in boxes:
        radius = _px(max(box.size_mm) / 2)
        place = _place(box, boxes)
        if outcome is Outcome.DOUBT:
            if place in _doubtful(verdict.held):
                _ring(page, middle, radius + _px(1.1), ORANGE)
        elif place in right:
            _ring(page, middle, radius + _px(1.1), GREEN)
        elif place in given and verdict.held.state == READ and right:
            _cross(page, middle, radius + _px(0.9), RED)
    draw_sign(page, outcome, sign)
    _points(page, verdict.held, sign + np.array([0.0, _px(4.9)]))


def _place(box: Box, boxes: Sequence[Placed]) -> str:
    """The value of a box; of a digit, with its column counted from the right, so that numbers of any length line up."""
    if box.column is None:
        return box.value
    columns = max(other.column or 0 for other, _middle in boxes)
    return f"{columns - box.column}:{box.value}"


def _values(held: Decision) -> set[str]:
    return set(held.reading) | {place for value in held.reading for place in _digits(value)}


def _right_values(question: Question) -> set[str]:
    if isinstance(question, ChoiceQuestion):
        return set(question.answer)
    return _digits(question.answer) if isinstance(question, NumberQuestion) else set()


def _doubtful(held: Decision) -> set[str]:
    letters = {letter for candidate in held.candidates for letter in candidate.split(",")}
    return letters | {place for candidate in held.candidates for place in _digits(candidate)}


def _digits(number: str) -> set[str]:
    return {f"{place}:{digit}" for place, digit in enumerate(reversed(number))} if number.isdigit() else set()


def draw_sign(page: Colour, outcome: Outcome, middle: npt.NDArray[np.float64], size_mm: float = 4.0) -> None:
    """Draw the sign of an outcome round `middle`, in pixels of the page."""
    half, colour = _px(size_mm / 2), COLOURS[outcome]

    def at(x: float, y: float) -> npt.NDArray[np.float64]:
        """A corner of the sign in units of its half."""
        return middle + half * np.array([x, y])

    match outcome:
        case Outcome.RIGHT:
            _stroke(page, [at(-0.8, 0.0), at(-0.25, 0.7), at(0.9, -0.8)], colour)
        case Outcome.WRONG:
            _cross(page, middle, half * 0.8, colour)
        case Outcome.BLANK:
            _stroke(page, [at(-0.8, 0.0), at(0.8, 0.0)], colour)
        case Outcome.PARTLY:
            _ring(page, middle, half * 0.8, colour)
            cv2.ellipse(page, _point(middle, 0), (round(half * 0.8), round(half * 0.8)), 0, 90, 270, colour, -1, cv2.LINE_AA)
        case Outcome.DOUBT:
            _write(page, "?", at(-0.55, 0.75), colour, size_mm * 0.24)
        case Outcome.WAITING:
            _ring(page, middle, half * 0.8, colour)


def _points(page: Colour, held: Decision, at: npt.NDArray[np.float64]) -> None:
    earned = "?" if held.points is None else f"{held.points.normalize():f}"
    text = f"{earned}/{held.max_points.normalize():f}"
    (width, _height), _base = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.4, 1)
    _write(page, text, at - np.array([width / 2, 0]), (60, 60, 60), 0.4, 1)


def _ring(page: Colour, middle: npt.NDArray[np.float64], radius: float, colour: tuple[int, int, int]) -> None:
    cv2.circle(page, _point(middle), round(radius * (1 << FINE)), colour, 2, cv2.LINE_AA, FINE)


def _cross(page: Colour, middle: npt.NDArray[np.float64], half: float, colour: tuple[int, int, int]) -> None:
    for slope in (1, -1):
        _stroke(page, [middle + half * np.array([-1, -slope]), middle + half * np.array([1, slope])], colour)


def _stroke(page: Colour, points: Sequence[npt.NDArray[np.float64]], colour: tuple[int, int, int]) -> None:
    corners = np.array([_point(point) for point in points], np.int32)
    cv2.polylines(page, [corners], False, colour, 3, cv2.LINE_AA, FINE)


def _write(page: Colour, text: str, at: npt.NDArray[np.float64], colour: tuple[int, int, int], size: float, thick: int = 2) -> None:
    cv2.putText(page, text, _point(at, 0), cv2.FONT_HERSHEY_SIMPLEX, size, colour, thick, cv2.LINE_AA)


def _point(place: npt.NDArray[np.float64], fine: int = FINE) -> tuple[int, int]:
    return round(float(place[0]) * (1 << fine)), round(float(place[1]) * (1 << fine))


def _px(millimetres: float) -> float:
    return millimetres * DPI / MM_PER_INCH
