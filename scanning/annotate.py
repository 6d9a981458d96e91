"""A scanned page put upright, and the verdicts drawn over it by shape as well as colour. Pure: pictures, records and a pen.

scanning/return_pictures calls `flat_page`, scanning/return_pages and scanning/return_screen `draw_verdicts`, the class table `draw_sign`. A tick stands for right, a cross for
wrong (and a ring round the right answer), a question mark for a doubt (and dashes round what it may be), a half circle for partly right, a dash for
nothing marked, an open circle for what waits for the teacher's points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from packets.assignment import ChoiceQuestion, NumberQuestion, Question
from packets.layout import PAGE_MM, Box, BoxKind, Layout
from packets.paper import BLACK, WHITE, Face, Shade
from records.grades import BLANK, DOUBT, READ, WAITING, Decision
from scanning.svg import Drawing
from scanning.verdict import Grey

DPI = 100
MM_PER_INCH = 25.4
PIXELS = (round(PAGE_MM[0] * DPI / MM_PER_INCH), round(PAGE_MM[1] * DPI / MM_PER_INCH))  # of an upright page: width, height
JPEG_QUALITY = 55
MARGIN_MM = 189.0  # of the sheet, where an item's sign stands: right of the body, left of the fiducials
BELOW_MM = 6.5  # from the lowest box to the sign, where another item stands to the right
BEHIND_MM = {
    BoxKind.CHOICE: 6.5,
    BoxKind.SCORE: 11.5,
}  # from a row's last box to the sign, in the white that packets/own_pdf_strip leaves there
SAME_ROW_MM = 6.0
HALO_MM = 0.35  # of white round a line, so that it shows on dark paper
GREEN, RED, ORANGE, BLUE = (
    (0.0, 0.45, 0.12),
    (0.8, 0.05, 0.05),
    (0.7, 0.28, 0.0),
    (0.05, 0.25, 0.7),
)  # none as light as 0.4: printed in black

Points = npt.NDArray[np.float64]  # (n, 2)


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
    """One question of the page with what is held of its answer. `points`: what stands below its sign; None: the points that the record tells."""

    question: Question
    held: Decision
    points: str | None = None


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sheet stands on the paper of a return: the left and top of its picture in millimetres, and its size against the sheet's own."""

    left: float
    top: float
    scale: float

    def of(self, middle: Points) -> tuple[float, float]:
        """A place of the sheet, in millimetres, on the paper."""
        return self.left + float(middle[0]) * self.scale, self.top + float(middle[1]) * self.scale


def flat_page(image: Grey, measurements: Mapping[str, Any], reduced: int = 1) -> bytes:
    """The sheet in `image`, upright, as a grey JPEG of PIXELS; `image` is 1/`reduced` of the picture on which the scan was measured."""
    flat = upright(image, transform_of(measurements), reduced=reduced)
    written, content = cv2.imencode(".jpg", flat, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    assert written
    return content.tobytes()


def transform_of(measurements: Mapping[str, Any]) -> npt.NDArray[np.float64]:
    """The (3, 3) matrix from millimetres of the sheet to pixels of the picture that was read."""
    return np.array(measurements["transform"], np.float64).reshape(3, 3)


def dots_per_inch(to_picture: npt.NDArray[np.float64]) -> float:
    """How finely the sheet was scanned, along its upper edge."""
    left, right = _mapped(np.array([[0, 0], [PAGE_MM[0], 0]], np.float64), to_picture)
    return float(np.hypot(*(right - left))) / PAGE_MM[0] * MM_PER_INCH


def upright(image: Grey, to_picture: npt.NDArray[np.float64], dpi: int = DPI, reduced: int = 1) -> Grey:
    """The sheet warped flat: `to_picture` maps millimetres of the sheet to pixels of the picture as it was read, of which `image` is 1/`reduced`;
    answers (height, width) grey at `dpi`."""
    times = max(1, int(dots_per_inch(to_picture) / reduced / dpi))
    if times > 1:  # whole pixels only, which is many times faster than any other reduction
        height, width = (side // times * times for side in image.shape)
        image = np.asarray(cv2.resize(image[:height, :width], (width // times, height // times), interpolation=cv2.INTER_AREA), np.uint8)
    small = 1 / (times * reduced)
    back = np.diag([small, small, 1.0]) @ to_picture @ np.diag([MM_PER_INCH / dpi, MM_PER_INCH / dpi, 1.0])
    size = (round(PAGE_MM[0] * dpi / MM_PER_INCH), round(PAGE_MM[1] * dpi / MM_PER_INCH))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(image, back, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=255), np.uint8)


def draw_verdicts(pen: Drawing, place: Place, measurements: Mapping[str, Any], layout: Layout, verdicts: Sequence[Verdict]) -> None:
    """Draw the verdicts over the sheet's picture; the scan's `measurements` say where the middle of each box of `layout` was seen."""
    middles = np.array(measurements["at"], np.float64).reshape(-1, 2)
    if len(middles):
        middles = _mapped(middles, np.linalg.inv(transform_of(measurements)))
    boxes = list(zip(layout.boxes, middles, strict=True))
    for verdict in verdicts:
        own = [each for each in boxes if each[0].item == verdict.held.item]
        if own:
            others = [each for each in boxes if each[0].item != verdict.held.item]
            _draw_item(pen, place, verdict, own)
            _draw_outcome(pen, place.of(_sign_place(own, others)), verdict)


def _mapped(points: Points, matrix: npt.NDArray[Any]) -> Points:
    return np.asarray(cv2.perspectiveTransform(points.reshape(-1, 1, 2), matrix).reshape(-1, 2), np.float64)


Placed = tuple[Box, Points]


def _sign_place(own: Sequence[Placed], others: Sequence[Placed]) -> Points:
    """Where an item's sign stands: in the margin beside its first row; where another item lies between, behind its own row, or below its digits."""
    across, down = (np.array([middle[axis] for _box, middle in own]) for axis in (0, 1))
    right, top = across.max(), down.min()
    between = any(middle[0] > right and abs(middle[1] - top) < SAME_ROW_MM for _box, middle in others)
    if not between:
        return np.array([MARGIN_MM, top])
    kind = own[0][0].kind
    return np.array([right + BEHIND_MM[kind], top] if kind in BEHIND_MM else [across.mean(), down.max() + BELOW_MM])


def _draw_item(pen: Drawing, place: Place, verdict: Verdict, boxes: Sequence[Placed]) -> None:
    """The signs at the boxes: a ring round what is right, a cross over what was given instead, dashes round what a doubt may be."""
    doubt = outcome_of(verdict.held) is Outcome.DOUBT
    given, right = _values(verdict.question, verdict.held.reading), _right_values(verdict.question)
    possible = _values(verdict.question, [one for each in verdict.held.candidates for one in _told_apart(verdict.question, each)])
    for box, middle in boxes:
        x, y = place.of(middle)
        half, value = max(box.size_mm) / 2 * place.scale, _place(box)
        if doubt:
            if value in possible:
                _dashes(pen, x, y, half + 1.0)
        elif value in right:
            pen.circle(x, y, 2 * (half + 0.6), outline=0.5 + 2 * HALO_MM, grey=WHITE)
            pen.circle(x, y, 2 * (half + 0.6), outline=0.5, grey=GREEN)
        elif value in given and verdict.held.state == READ and right:
            _cross(pen, x, y, half + 0.8, 0.6 + 2 * HALO_MM, WHITE)
            _cross(pen, x, y, half + 0.8, 0.6, RED)


def points_said(points: Decimal | None, most: Decimal) -> str:
    """Points of the most that can be had: 2/3, or ?/3 while they are not decided."""
    return f"{'?' if points is None else f'{points.normalize():f}'}/{most.normalize():f}"


def _draw_outcome(pen: Drawing, at: tuple[float, float], verdict: Verdict) -> None:
    """The sign of an answer and its points, on white."""
    x, y = at
    said = points_said(verdict.held.points, verdict.held.max_points) if verdict.points is None else verdict.points
    pen.rectangle(x - 3.5, y - 2.2, 7, 7.2 if said else 4.4, fill=WHITE, outline=None)
    outcome = outcome_of(verdict.held)
    draw_sign(pen, outcome, x, y, 1.2, COLOURS[outcome])
    if said:
        pen.text(x, y + 4.6, said, 7, align="center")


def draw_sign(pen: Drawing, outcome: Outcome, x: float, y: float, size: float = 1.0, shade: Shade = BLACK) -> None:
    """The sign of an outcome, `size` times 3.2 mm, round (x, y)."""

    def strokes(*corners: tuple[float, float]) -> None:
        _strokes(pen, [(x + across * size, y + down * size) for across, down in corners], 0.45 * size, shade)

    match outcome:
        case Outcome.RIGHT:
            strokes((-1.3, 0), (-0.4, 1.1), (1.4, -1.3))
        case Outcome.WRONG:
            _cross(pen, x, y, 1.1 * size, 0.5 * size, shade)
        case Outcome.BLANK:
            strokes((-1.1, 0), (1.1, 0))
        case Outcome.PARTLY:
            pen.circle(x, y, 2.4 * size, outline=0.3 * size, grey=shade)
            half = ((0, -1.2), (-0.85, -0.85), (-1.2, 0), (-0.85, 0.85), (0, 1.2))
            pen.polygon([(x + across * size, y + down * size) for across, down in half], fill=shade)
        case Outcome.DOUBT:
            pen.text(x, y + 1.3 * size, "?", 10 * size, Face.BOLD, "center", shade)
        case Outcome.WAITING:
            pen.circle(x, y, 2.4 * size, outline=0.35 * size, grey=shade)


def _cross(pen: Drawing, x: float, y: float, half: float, width: float, shade: Shade) -> None:
    pen.line(x - half, y - half, x + half, y + half, width, shade)
    pen.line(x - half, y + half, x + half, y - half, width, shade)


def _dashes(pen: Drawing, x: float, y: float, half: float) -> None:
    """A dashed square on white."""
    corners = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half), (x - half, y - half)]
    _strokes(pen, corners, 0.5 + 2 * HALO_MM, WHITE)
    _strokes(pen, corners, 0.5, ORANGE, dash=(1.0, 0.7))


def _strokes(pen: Drawing, corners: Sequence[tuple[float, float]], width: float, shade: Shade, dash: Sequence[float] = ()) -> None:
    for (x1, y1), (x2, y2) in pairwise(corners):
        pen.line(x1, y1, x2, y2, width, shade, dash)


def _place(box: Box) -> str:
    """The value of a box; of a digit, with its column."""
    return box.value if box.column is None else f"{box.column}:{box.value}"


def _values(question: Question, answers: Sequence[str]) -> set[str]:
    """The boxes, as `_place` names them, that say these answers."""
    if not isinstance(question, NumberQuestion):
        return set(answers)
    columns = question.columns
    return {f"{column}:{sign}" for each in answers if columns.holds(each) for column, sign in columns.places(each).items()}


def _right_values(question: Question) -> set[str]:
    if isinstance(question, ChoiceQuestion):
        return set(question.answer)
    return _values(question, [question.answer]) if isinstance(question, NumberQuestion) else set()


def _told_apart(question: Question, candidate: str) -> list[str]:
    """A candidate as single answers: one that several choices make is written with commas."""
    return [candidate] if isinstance(question, NumberQuestion) else candidate.split(",")
