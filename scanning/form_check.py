"""Does a form's box list lie on its print? Every box that does not is told with the way to the nearest outline; and a picture of the boxes over the blank.

scanning/form_commands calls `complaints_of` and `preview`. Faults of the file itself are told by scanning/form_file.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from packets.layout import Box
from records.errors import Complaint
from records.language import _
from scanning.form import PER_MM, Form, FormPage
from scanning.form_look import darkness
from scanning.form_page import Shelf, alike
from scanning.form_points import FEWEST_MATCHES
from scanning.form_register import FEWEST_WORDS

Cells = npt.NDArray[Any]
DIRECTIONS = 48
NEAR_MM = 0.35  # an outline this far from where the file has it is the same
FAINT = 0.06  # darkness of print
OUTLINED = 0.7  # share of the directions in which an outline is met
REACH_MM = 3.0  # how far away an outline is sought
PREVIEW_PER_MM = 6.0
GOOD, BAD = (40, 140, 40), (210, 30, 30)


def complaints_of(form: Form, shelf: Shelf, file: str) -> list[Complaint]:
    """What is wrong with the boxes against the print, page by page."""
    found = [complaint for page in form.pages for complaint in _off_outlines(page, file)]
    for candidate in shelf.candidates:
        if candidate.known.coarse.alone.sum() < FEWEST_MATCHES or candidate.known.fine.words.sum() < FEWEST_WORDS:
            text = _("Page {page}: there is too little print beside the boxes to know this form by.").format(page=candidate.page.number)
            found.append(Complaint("little_print", text, _("A form needs words, numbers or a frame of its own round its boxes."), file))
    for one, other in alike(shelf):
        text = _("Pages {one} and {other} look the same: nobody could tell them apart.").format(
            one=one.page.number, other=other.page.number
        )
        found.append(Complaint("pages_alike", text, _("Print the page's number or other question numbers on them."), file))
    return found


def misplaced(page: FormPage) -> dict[int, tuple[float, float] | None]:
    """The boxes of a page that lie on no printed outline, by their place in the layout, with the way in millimetres to the nearest one, if there is any."""
    ink = darkness(page.blank, PER_MM)
    near = round(NEAR_MM * PER_MM)
    dark: Cells = cv2.dilate((ink > FAINT).astype(np.uint8), np.ones((2 * near + 1, 2 * near + 1), np.uint8))
    exact: Cells = (ink > FAINT).astype(np.uint8)
    found: dict[int, tuple[float, float] | None] = {}
    for index, box in enumerate(page.layout.boxes):
        if _met(dark, box, (0.0, 0.0)) < OUTLINED or _is_solid(exact, box):
            found[index] = _way(exact, box)
    return found


def _off_outlines(page: FormPage, file: str) -> list[Complaint]:
    told = []
    for index, way in misplaced(page).items():
        box = page.layout.boxes[index]
        text = _("Question {item}: the box {value} does not lie on a printed outline.").format(item=box.item, value=box.value)
        hint = _("Nothing like it is printed within {reach} mm.").format(reach=REACH_MM)
        if way is not None:
            hint = _("One is printed {right} mm to the right and {down} mm down of there.").format(
                right=f"{way[0]:+.1f}", down=f"{way[1]:+.1f}"
            )
        told.append(Complaint("no_outline", text, hint, file, column=box.item, value=box.value))
    return told


def _rim(box: Box, share: float = 1.0) -> npt.NDArray[np.float64]:
    """Points along the box's edge, (DIRECTIONS, 2) millimetres."""
    angles = np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS
    x, y = np.cos(angles), np.sin(angles)
    if box.shape == "square":
        longest = np.maximum(np.abs(x), np.abs(y))
        x, y = x / longest, y / longest
    half = np.array(box.size_mm) / 2 * share
    points: npt.NDArray[np.float64] = np.array(box.center_mm) + np.column_stack([x, y]) * half
    return points


def _met(dark: Cells, box: Box, off: tuple[float, float], share: float = 1.0) -> float:
    """In which share of all directions there is print at the box's edge."""
    at = np.rint((_rim(box, share) + off) * PER_MM - 0.5).astype(int)
    inside = (at >= 0).all(axis=1) & (at < np.array(dark.shape[::-1])).all(axis=1)
    return float(dark[at[inside, 1], at[inside, 0]].sum() / DIRECTIONS)


def _is_solid(dark: Cells, box: Box) -> bool:
    """Whether the place is printed over: a black bar is no outline."""
    return _met(dark, box, (0.0, 0.0), 0.55) > OUTLINED and _met(dark, box, (0.0, 0.0), 0.3) > OUTLINED


def _way(dark: Cells, box: Box) -> tuple[float, float] | None:
    """How far the nearest outline of the box's own shape and size lies, right and down, in millimetres."""
    near: Cells = cv2.dilate(dark, np.ones((3, 3), np.uint8))
    steps = np.arange(-REACH_MM, REACH_MM + 0.01, 0.2)
    tries = [(float(x), float(y)) for y in steps for x in steps]
    shares = [_met(near, box, each) - 0.5 * _met(near, box, each, 0.75) for each in tries]
    best = max(shares)
    alike = [each for each, share in zip(tries, shares, strict=True) if share >= best - 0.02]
    return _middle(alike) if best >= OUTLINED - 0.15 else None


def _middle(ways: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The middle of the ways that lie beside the shortest of them."""
    near = min(ways, key=lambda way: abs(way[0]) + abs(way[1]))
    beside = np.array([way for way in ways if max(abs(way[0] - near[0]), abs(way[1] - near[1])) <= 0.8])
    return float(beside[:, 0].mean()), float(beside[:, 1].mean())


def preview(page: FormPage) -> bytes:
    """A PNG of the blank with every box drawn over it: green where an outline is printed, red where none is."""
    from PIL import Image, ImageDraw

    wrong = misplaced(page)
    small = cv2.resize(page.blank, None, fx=PREVIEW_PER_MM / PER_MM, fy=PREVIEW_PER_MM / PER_MM, interpolation=cv2.INTER_AREA)
    pale = np.asarray(255 - (255 - small.astype(np.int16)) * 0.55, np.uint8)
    picture = Image.fromarray(pale).convert("RGB")
    pen = ImageDraw.Draw(picture)
    font, named = _font(), set[str]()
    for index, box in enumerate(page.layout.boxes):
        (x, y), (width, height) = (tuple(each * PREVIEW_PER_MM for each in pair) for pair in (box.center_mm, box.size_mm))
        edge, colour = (x - width / 2, y - height / 2, x + width / 2, y + height / 2), BAD if index in wrong else GOOD
        (pen.ellipse if box.shape == "circle" else pen.rectangle)(edge, outline=colour, width=2)
        pen.text((x, y), box.value, fill=colour, font=font, anchor="mm")
        if box.item not in named:
            named.add(box.item)
            pen.text((edge[0] - 3, edge[1] - 1), box.item, fill=(30, 60, 200), font=font, anchor="rb")
    held = io.BytesIO()
    picture.save(held, "PNG", optimize=True)
    return held.getvalue()


def _font() -> Any:
    import pymupdf_fonts
    from PIL import ImageFont

    return ImageFont.truetype(io.BytesIO(pymupdf_fonts.myfont("notos")), 13)
