"""Verdicts on the scanned pages of a return: where they stand, how they differ without colour, and that each original is opened once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from packets.assignment import ChoiceQuestion
from packets.layout import PAGE_MM, Box, BoxKind, Layout, PageKind
from packets.paper import Pen
from records.grades import Decision
from scanning import return_pictures
from scanning.annotate import (
    COLOURS,
    DPI,
    GREEN,
    MM_PER_INCH,
    ORANGE,
    PIXELS,
    RED,
    Outcome,
    Place,
    Verdict,
    draw_sign,
    draw_verdicts,
    flat_page,
    outcome_of,
    upright,
)
from scanning.intake import Frame, Limits, Refused, frames
from scanning.returns import SheetBack

PX = DPI / MM_PER_INCH

BOXES = tuple(Box("1", letter, letter, BoxKind.CHOICE, (40.0 + 40 * place, 100.0)) for place, letter in enumerate("ABC"))
LAYOUT = Layout(PageKind.WORKSHEET, BOXES, (), "")
ASKED = ChoiceQuestion("1", "?", ("a", "b", "c"), ("B",), False, False, Decimal(1))


def _picture(turn: float) -> tuple[np.ndarray[Any, Any], dict[str, Any]]:
    """A blank sheet with a black box at A's place, seen at 150 dpi turned by `turn` degrees; with its measurements."""
    scale = 150 / MM_PER_INCH
    angle = np.radians(turn)
    rotate = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1.0]])
    to_picture = (
        np.diag([scale, scale, 1.0])
        @ np.array([[1, 0, 160], [0, 1, 160], [0, 0, 1.0]])
        @ rotate
        @ np.array([[1, 0, -105], [0, 1, -148.5], [0, 0, 1.0]])
    )
    image = np.full((1900, 1900), 255, np.uint8)
    corners = np.array([[[37, 97]], [[43, 97]], [[43, 103]], [[37, 103]]], np.float64)
    cv2.fillPoly(image, [np.round(cv2.perspectiveTransform(corners, to_picture)).astype(np.int32)], 0)
    at = cv2.perspectiveTransform(np.array([[box.center_mm] for box in BOXES], np.float64), to_picture)
    return image, {"transform": to_picture.ravel().tolist(), "at": at.reshape(-1, 2).tolist()}


@settings(max_examples=25)
@given(st.floats(0, 359))
def test_a_page_is_put_upright_however_it_lay(turn: float) -> None:
    image, measurements = _picture(turn)
    flat = upright(image, np.array(measurements["transform"]).reshape(3, 3))
    assert flat.shape == (round(PAGE_MM[1] * PX), round(PAGE_MM[0] * PX))
    assert flat[round(100 * PX), round(40 * PX)] < 30
    assert flat[round(100 * PX), round(80 * PX)] > 225


def _held(state: str, reading: tuple[str, ...], points: str | None, candidates: tuple[str, ...] = ()) -> Decision:
    return Decision("p", "1", reading, candidates, state, "", None if points is None else Decimal(points), Decimal(1), "reader", None)


def _hue(page: np.ndarray[Any, Any], letter: str) -> str:
    """The colour that was drawn round a box."""
    x, y = 40.0 + 40 * "ABC".index(letter), 100.0
    part = page[round((y - 5) * PX) : round((y + 5) * PX), round((x - 5) * PX) : round((x + 5) * PX)].astype(int)
    blue, green, red = part[..., 0], part[..., 1], part[..., 2]
    counts = {
        "green": int(((green - red > 50) & (green - blue > 30)).sum()),
        "red": int(((red - green > 80) & (red - blue > 80)).sum()),
        "orange": int(((red - blue > 100) & (green - blue > 40)).sum()),
    }
    return max(counts, key=lambda name: counts[name]) if max(counts.values()) > 20 else "none"


def _render(pen: Pen, dpi: int = DPI) -> np.ndarray[Any, Any]:
    """The first page of what was drawn: blue, green, red."""
    document = pdfium.PdfDocument(pen.pdf())
    try:
        return np.array(document[0].render(scale=dpi / 72).to_numpy())[..., :3]
    finally:
        document.close()


def _drawn(image: np.ndarray[Any, Any], measurements: dict[str, Any], held: Decision, sheet: float = 1.0) -> np.ndarray[Any, Any]:
    """The picture with the verdict of one answer over it, as large as the sheet."""
    pen = Pen()
    pen.photograph(0, 0, *PAGE_MM, flat_page(image, measurements), PIXELS)
    draw_verdicts(pen, Place(0, 0, sheet), measurements, LAYOUT, [Verdict(ASKED, held)])
    pen.end_page()
    return _render(pen)


@pytest.mark.parametrize(
    ("held", "hues"),
    [
        (_held("read", ("B",), "1"), {"A": "none", "B": "green", "C": "none"}),
        (_held("read", ("A",), "0"), {"A": "red", "B": "green", "C": "none"}),
        (_held("blank", (), "0"), {"A": "none", "B": "green", "C": "none"}),
        (_held("doubt", (), None, ("A", "C")), {"A": "orange", "B": "none", "C": "orange"}),
    ],
)
@pytest.mark.parametrize("turn", [0.0, 93.0, 181.0])
def test_rings_and_crosses_stand_where_the_marks_are(held: Decision, hues: dict[str, str], turn: float) -> None:
    image, measurements = _picture(turn)
    drawn = _drawn(image, measurements, held)
    assert {letter: _hue(drawn, letter) for letter in "ABC"} == hues


def test_signs_differ_in_shape_without_colour() -> None:
    shapes = []
    for outcome in Outcome:
        pen = Pen((8.0, 8.0))
        draw_sign(pen, outcome, 4.0, 4.0, 2.0)
        pen.end_page()
        shapes.append(_render(pen, 200).mean(axis=2) < 170)
    for number, one in enumerate(shapes):
        assert one.any()
        for other in shapes[number + 1 :]:
            assert (one != other).sum() > 0.25 * min(one.sum(), other.sum())


def test_right_wrong_and_doubtful_boxes_differ_in_shape_without_colour() -> None:
    image, measurements = _picture(0)
    image[:] = 255
    held = {"ring": _held("read", ("B",), "1"), "cross": _held("read", ("A",), "0"), "dashes": _held("doubt", (), None, ("A", "B"))}
    inks = {}
    for name, each in held.items():
        page = _drawn(image, measurements, each).min(axis=2) < 170
        x = 80.0 if name == "ring" else 40.0
        inks[name] = page[round(94 * PX) : round(106 * PX), round((x - 6) * PX) : round((x + 6) * PX)]
    for one, other in (("ring", "cross"), ("ring", "dashes"), ("cross", "dashes")):
        size = tuple(min(a, b) for a, b in zip(inks[one].shape, inks[other].shape, strict=True))
        first, second = (inks[name][: size[0], : size[1]] for name in (one, other))
        assert (first != second).sum() > 0.5 * min(first.sum(), second.sum())


def test_verdicts_show_on_a_black_scan() -> None:
    _image, measurements = _picture(0)
    black = np.zeros((1900, 1900), np.uint8)
    page = _drawn(black, measurements, _held("read", ("A",), "0")).min(axis=2)
    for x in (40.0, 80.0):
        box = page[round(94 * PX) : round(106 * PX), round((x - 6) * PX) : round((x + 6) * PX)]
        assert (box > 170).sum() > 30


@pytest.mark.parametrize("reduced", [2, 4])
def test_a_picture_decoded_smaller_stands_as_the_whole_one_does(reduced: int) -> None:
    image, measurements = _picture(10.0)
    large = cv2.resize(image, None, fx=4, fy=4, interpolation=cv2.INTER_NEAREST)
    to_picture = np.diag([4, 4, 1.0]) @ np.array(measurements["transform"]).reshape(3, 3)
    small = np.asarray(cv2.resize(large, None, fx=1 / reduced, fy=1 / reduced, interpolation=cv2.INTER_AREA), np.uint8)
    whole, part = upright(np.asarray(large, np.uint8), to_picture), upright(small, to_picture, reduced=reduced)
    assert (np.abs(whole.astype(int) - part) > 80).sum() < 40


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".pdf"])
def test_each_original_is_opened_once_whatever_its_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    image, measurements = _picture(0)
    file = tmp_path / f"scan{suffix}"
    (Image.fromarray(image).resize((3800, 3800)) if suffix == ".jpg" else Image.fromarray(image)).save(file)
    if suffix == ".jpg":
        measurements["transform"] = (np.diag([2, 2, 1.0]) @ np.array(measurements["transform"]).reshape(3, 3)).ravel().tolist()
    opened: list[Path] = []

    def noted(path: Path, limits: Limits, only: list[int]) -> Iterator[Frame | Refused]:
        opened.append(path)
        return frames(path, limits, only=only)

    monkeypatch.setattr(return_pictures, "frames", noted)
    sheets = [SheetBack("p", 2, 3, "L", scan, file.name, 1, measurements) for scan in (7, 8)]
    gone = SheetBack("q", 2, 3, "L", 9, "gone.png", 1, measurements)
    found = return_pictures.flat_sheets(tmp_path, [*sheets, gone], Limits())
    assert sorted(found) == [7, 8]
    assert opened == ([] if suffix == ".jpg" else [file])
    flat = cv2.imdecode(np.frombuffer(found[8], np.uint8), cv2.IMREAD_UNCHANGED)
    assert flat is not None
    assert flat.shape == (PIXELS[1], PIXELS[0])
    assert suffix == ".pdf" or flat[round(100 * PX), round(40 * PX)] < 60


@pytest.mark.parametrize(
    ("held", "outcome"),
    [
        (_held("read", ("B",), "1"), Outcome.RIGHT),
        (_held("read", ("B",), "0.5"), Outcome.PARTLY),
        (_held("read", ("A",), "0"), Outcome.WRONG),
        (_held("blank", (), "0"), Outcome.BLANK),
        (_held("doubt", (), None), Outcome.DOUBT),
        (_held("waiting", (), None), Outcome.WAITING),
    ],
)
def test_each_record_has_its_sign(held: Decision, outcome: Outcome) -> None:
    assert outcome_of(held) is outcome


@pytest.mark.parametrize("colour", [*COLOURS.values(), ORANGE, RED, GREEN])
def test_every_colour_is_dark_enough_for_a_printer_that_knows_no_grey(colour: tuple[float, float, float]) -> None:
    red, green, blue = colour
    assert 0.299 * red + 0.587 * green + 0.114 * blue < 0.4
