"""The museum's scenes that take more than a line: what stands on one sheet after an accident, and what is no answer sheet at all.

tests/scanning/museum.py hangs them; museum_made.py holds the sheet, the scanner and the camera.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from packets.token import write_token
from scanning.pictures import photograph
from scanning.verdict import Grey
from tests.scanning import museum_made as made
from tests.scanning import sheets as drawn
from tests.scanning.museum_made import ABROAD, COVER, DPI, OLD, SECOND, photo, seen, torn


def turned(image: Grey, quarters: int) -> Grey:
    return np.ascontiguousarray(np.rot90(image, quarters))


def colour() -> Grey:
    """Yellowed paper under a warm lamp, as a colour JPEG, through the door where files come in."""
    grey = seen().astype(np.float32)
    tinted = made.clipped(np.stack([grey * 0.72, grey * 0.93, grey], axis=2))
    return photograph(cv2.imencode(".jpg", tinted, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes(), 10**8)[0]


def doubled(gap: int = 30, upside_down: bool = False) -> Grey:
    other = seen(made.page(SECOND))
    return np.hstack([seen(), np.full((len(other), gap), 60, np.uint8), turned(other, 2) if upside_down else other])


def framed(image: Grey, edge: int, grey: int = 8) -> Grey:
    return np.asarray(cv2.copyMakeBorder(image, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=grey), np.uint8)


def striped(x: float, width: int = 2, shade: float = 0.55) -> Grey:
    image = seen()
    left = round(x * DPI / 25.4)
    image[:, left : left + width] = (image[:, left : left + width] * shade).astype(np.uint8)
    return image


def glimpsed(share: float = 0.09) -> Grey:
    """The print of another sheet, mirrored, shines through."""
    behind = seen(made.page(SECOND))[:, ::-1].astype(np.float32)
    return made.clipped(seen() - share * (240 - behind))


def holes() -> Grey:
    image = seen()
    for y in (108.5, 188.5):
        cv2.circle(image, (round(8.5 * DPI / 25.4), round(y * DPI / 25.4)), round(3 * DPI / 25.4), 15, -1)
    return image


def thumb() -> Grey:
    image = photo()
    cv2.ellipse(image, (1830, 2330), (170, 330), 20, 0, 360, 120, -1)
    return image


def doodled() -> Grey:
    """A pen across both fiducials of one side and over a code."""
    paper = made.written().copy()
    for line in (((14, 60), (22, 240)), ((170, 15), (205, 34)), ((172, 34), (200, 14))):
        (x0, y0), (x1, y1) = line
        cv2.line(paper, (x0 * drawn.PER_MM, y0 * drawn.PER_MM), (x1 * drawn.PER_MM, y1 * drawn.PER_MM), 50.0, 8)
    return seen(paper)


def half_codes() -> Grey:
    """An ink blot over the middle of each code."""
    image = seen()
    for code in made.LAYOUT.codes:
        cv2.circle(image, tuple(round(value * DPI / 25.4) for value in code.center_mm), round(5.5 * DPI / 25.4), 20, -1)
    return image


def dim() -> Grey:
    return made.clipped(seen(noise=5.0).astype(np.float32) * 0.45)


def glare() -> Grey:
    return made.clipped(seen().astype(np.float32) * 1.35 + 10)


def tape() -> Grey:
    image = seen().astype(np.float32)
    part = made.box_of(20, 84, 190, 100)
    image[part] = image[part] * 0.86 + 12
    return made.clipped(image)


def dog_ear() -> Grey:
    """The top right corner is folded over: the back of the paper lies on the code."""
    return torn([(176, 0), (210, 0), (210, 42)], [(176, 0), (210, 42), (180, 38)], bed=205)


def cover() -> Grey:
    return seen(drawn.printed(made.LAYOUT, page=COVER).astype(np.float32))


def glued(of: str) -> Grey:
    return seen(made.coded(made.written(), made.token(of, 0), 0))


def exchanged() -> Grey:
    paper = made.coded(made.written(), made.token(drawn.PAGE, 1), 0)
    return seen(made.coded(paper, made.token(drawn.PAGE, 0), 1))


def of_another_page_twice() -> Grey:
    """Both codes of last term's sheet on today's."""
    return seen(made.coded(made.coded(made.written(), made.token(OLD, 0), 0), made.token(OLD, 1), 1))


def with_a_link() -> Grey:
    return seen(made.coded(made.written(), "HTTPS://PAY.KASPI.KZ", 0))


def copy_filled_again() -> Grey:
    """A photocopy of the filled-in sheet, on which somebody marked other answers."""
    sheet = drawn.Sheet(made.LAYOUT, 9)
    sheet.page = made.copied(made.written())
    for item, value in (("1", "D"), ("5", "A"), ("7", "B")):
        sheet.fill(item, value)
    return seen(sheet.page)


def moved(x: float, y: float) -> Grey:
    return seen(shift=(x, y))


def flipped() -> Grey:
    return np.ascontiguousarray(seen()[:, ::-1])


def dusty() -> Grey:
    paper, luck = made.blank(), np.random.default_rng(4)
    for x, y in zip(luck.integers(0, 1240, 25), luck.integers(0, 1754, 25), strict=True):
        paper[y, x] = 90
    return made.clipped(paper)


def note() -> Grey:
    paper = made.clipped(made.blank())
    for line, text in enumerate(("Salem, mugalim!", "Men auyryp qaldym", "keshiriniz")):
        cv2.putText(paper, text, (200, 500 + 90 * line), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 2.0, 90, 3, cv2.LINE_AA)
    return paper


def shining() -> Grey:
    return made.clipped(made.blank() - 0.07 * (240 - seen()[:1754, :1240][:, ::-1].astype(np.float32)))


def crumpled_blank() -> Grey:
    rough = cv2.resize(np.random.default_rng(8).normal(0, 1, (22, 16)).astype(np.float32), (1240, 1754), interpolation=cv2.INTER_CUBIC)
    paper = made.blank() + 14 * rough
    paper[870:874] -= 45
    return made.clipped(paper)


def punched_blank() -> Grey:
    paper = made.clipped(made.blank())
    for y in (640, 1113):
        cv2.circle(paper, (48, y), 18, 12, -1)
    return framed(paper, 20)


def abroad() -> Grey:
    return seen(made.page(ABROAD, key=drawn.OTHER_KEY))


def stranger() -> Grey:
    forged = drawn.printed(made.LAYOUT, key=drawn.OTHER_KEY).astype(np.float32)
    return seen(made.fill_in(on(forged)).page)


def on(paper: Any) -> drawn.Sheet:
    sheet = drawn.Sheet(made.LAYOUT, 1)
    sheet.page = paper
    return sheet


def half(upper: bool) -> Grey:
    image = seen()
    return image[: round(len(image) * 0.55)] if upper else image[round(len(image) * 0.45) :]


def newer() -> Grey:
    paper = made.written()
    for corner in (0, 1):
        paper = made.coded(paper, write_token(drawn.KEY, drawn.PAGE, corner, 9), corner)
    return seen(paper)


def small(height: int) -> Grey:
    return np.asarray(cv2.resize(seen(), (round(height * 210 / 297), height), interpolation=cv2.INTER_AREA), np.uint8)


def large() -> Grey:
    """600 dpi, made from a scan of 300."""
    return np.asarray(cv2.resize(seen(dpi=300), None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR), np.uint8)
