"""Sheets for the reader's tests: a Layout, its print, pens, and a scanner, all of a few lines, so that tests need no PDF.

The pens and the scanner here are deliberately not those of scanning/rehearsal: the reader must not lean on one simulator.
Drawn at 12 pixels a millimetre; `Sheet.page` is what the pens write on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from packets.layout import BLANK_DPI, PAGE_MM, Box, BoxKind, Item, Layout, PageKind
from packets.symbol import modules
from packets.token import write_token
from records.keys import Key
from scanning.payloads import Payloads, Printed
from scanning.verdict import Grey, PrintedPage

PER_MM = 12
KEY = Key("feedc0de", b"k" * 32, datetime(2026, 9, 1, tzinfo=UTC))
OTHER_KEY = Key("0badc0de", b"o" * 32, datetime(2026, 9, 1, tzinfo=UTC))
PAGE = "00c0ffee123456"
LETTERS = "ABCDE"
WORDS = ("bir", "eki", "ush", "tort", "bes", "alty", "jeti", "segiz", "togyz", "on", "kitap", "dapter", "qalam", "mektep")


def choice_layout() -> Layout:
    """Nine one-choice and two several-choice questions of five, a number of three digits, a strip of score bubbles."""
    boxes: list[Box] = []
    items: list[Item] = []
    rows = [54, 66, 78, 90, 105, 117, 129, 140, 155, 167, 179]
    for number, y in enumerate(rows, start=1):
        rule = "several" if number in (4, 8) else "one"
        items.append(Item(str(number), rule, "1"))
        boxes += [Box(str(number), LETTERS[k], LETTERS[k], BoxKind.CHOICE, (118.0 + 12 * k, float(y))) for k in range(5)]
    items.append(Item("12", "number", "2"))
    for column, line in enumerate((205.0, 214.0, 223.0), start=1):
        boxes += [Box("12", str(d), str(d), BoxKind.DIGIT, (60.0 + 10 * d, line), column=column) for d in range(10)]
    items.append(Item("13", "score", "3"))
    boxes += [Box("13", str(p), str(p), BoxKind.SCORE, (120.0 + 10 * p, 242.0)) for p in range(4)]
    return Layout(PageKind.WORKSHEET, tuple(boxes), tuple(items), "synthetic")


@lru_cache(maxsize=4)
def printed(layout: Layout, codes: bool = True, key: Key = KEY, page: str = PAGE) -> Grey:
    """The clean page, (3564, 2520): with its codes, or as the blank print of the book."""
    paper = np.full((round(PAGE_MM[1] * PER_MM), round(PAGE_MM[0] * PER_MM)), 255, np.uint8)
    words = np.random.default_rng(5)
    _words(paper, "Matematika 5", 24, 40, 9.0)
    for item in layout.items:
        boxes = layout.boxes_of(item.item)
        for y in sorted({box.center_mm[1] for box in boxes}):
            left = min(box.center_mm[0] for box in boxes)
            text = f"{item.item}. " + " ".join(words.choice(WORDS, size=3))
            _words(paper, text, 26, y + 1.2, 5.5, until=left - 9)
            _bar(paper, left - 6.5, y)
            _bar(paper, max(box.center_mm[0] for box in boxes) + 6.5, y)
    for box in layout.boxes:
        middle = (round(box.center_mm[0] * PER_MM), round(box.center_mm[1] * PER_MM))
        cv2.circle(paper, middle, round(box.size_mm[0] / 2 * PER_MM), 70, 3, cv2.LINE_AA)
        _words(paper, box.label, box.center_mm[0] - 5.2, box.center_mm[1] + 1.1, 4.2)
    for each in layout.fiducials:
        _fiducial(paper, each.center_mm, each.size_mm, each.aruco)
    for code in layout.codes if codes else ():
        _code(paper, write_token(key, page, code.corner), code.center_mm, code.size_mm)
    return paper


class Book:
    """A PageBook of one page, or what a test puts in."""

    def __init__(self, layout: Layout, keys: tuple[Key, ...] = (KEY,), pages: dict[str, PrintedPage] | None = None) -> None:
        self.keys = keys
        self._layout = layout
        mine = PrintedPage(PAGE, layout.kind, layout.digest, KEY.id)
        self._pages = {PAGE: mine} if pages is None else pages

    def page(self, page_id: str) -> PrintedPage | None:
        return self._pages.get(page_id)

    def payloads(self) -> Payloads:
        return Payloads((Printed(page.id, page.key_id) for page in self._pages.values() if not page.void), self.keys)

    def layout(self, digest: str) -> Layout:
        assert digest == self._layout.digest
        return self._layout

    def blank(self, digest: str) -> Grey:
        assert digest == self._layout.digest
        scale = BLANK_DPI / 25.4 / PER_MM
        paper = printed(self._layout, codes=False)
        return np.asarray(cv2.resize(paper, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


@dataclass
class Sheet:
    """A printed page under a pen. `hand` is how much the pen misses, in millimetres."""

    layout: Layout
    seed: int = 0
    level: float = 0.75
    hand: float = 0.25
    page: Any = None
    luck: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.luck = np.random.default_rng(self.seed)
        self.page = printed(self.layout).astype(np.float32)

    def box(self, item: str, value: str, column: int | None = None) -> Box:
        return next(b for b in self.layout.boxes_of(item) if b.value == value and (column is None or b.column == column))

    def strokes(self, box: Box, lines: Any, width: float, level: float | None = None) -> None:
        """Lines, (k, 2, 2) in radii from the box's middle, as one pen draws them: darkness does not add up where they cross."""
        wander = self.luck.normal(0, self.hand, 2)
        middle = np.array(box.center_mm) + wander
        radius = box.size_mm[0] / 2
        ink = np.zeros(self.page.shape, np.uint8)
        for start, end in np.asarray(lines, float):
            a, b = (np.round((middle + radius * each) * PER_MM * 16).astype(int) for each in (start, end))
            cv2.line(ink, tuple(a.tolist()), tuple(b.tolist()), 255, max(1, round(width * PER_MM)), cv2.LINE_AA, 4)
        self._press(box, ink, self.level if level is None else level)

    def _press(self, box: Box, ink: Any, level: float) -> None:
        x, y = (round(value * PER_MM) for value in box.center_mm)
        reach = round(box.size_mm[0] * 2.2 * PER_MM)
        part = np.s_[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach]
        grain = cv2.GaussianBlur(self.luck.normal(0, 1.0, self.page[part].shape).astype(np.float32), (0, 0), 1.5) * 1.6
        cover = ink[part] / 255.0 * np.clip(level * (1 + 0.22 * grain), 0, 1)
        self.page[part] *= 1 - cover

    def fill(self, item: str, value: str, column: int | None = None, level: float | None = None) -> None:
        lines = [[[-np.sqrt(max(0, 0.8 - y * y)), y], [np.sqrt(max(0, 0.8 - y * y)), y]] for y in np.linspace(-0.8, 0.8, 11)]
        self.strokes(self.box(item, value, column), lines, 0.55, level)

    def scribble(self, item: str, value: str) -> None:
        xs = np.linspace(-0.8, 0.8, 7)
        ys = np.where(np.arange(7) % 2, 0.75, -0.75) * self.luck.uniform(0.7, 1.1, 7)
        points = np.stack([xs, ys], 1)
        self.strokes(self.box(item, value), np.stack([points[:-1], points[1:]], 1), 0.5)

    def tick(self, item: str, value: str) -> None:
        self.strokes(self.box(item, value), [[[-0.6, 0.0], [-0.1, 0.6]], [[-0.1, 0.6], [1.0, -1.1]]], 0.45)

    def cross(self, item: str, value: str, reach: float = 0.75) -> None:
        self.strokes(self.box(item, value), [[[-reach, -reach], [reach, reach]], [[-reach, reach], [reach, -reach]]], 0.45)

    def dot(self, item: str, value: str, size: float = 0.8) -> None:
        self.strokes(self.box(item, value), [[[0, 0], [0.01, 0]]], size)

    def cross_out(self, item: str, value: str) -> None:
        self.fill(item, value)
        self.cross(item, value, reach=1.65)

    def rub_out(self, item: str, value: str, ghost: float = 0.14) -> None:
        self.fill(item, value, level=self.level * ghost)
        box = self.box(item, value)
        smear = [[[-1.3, y], [1.4, y + 0.2]] for y in (-0.5, 0.0, 0.5)]
        self.strokes(box, smear, 0.9, level=self.level * 0.05)

    def scan(self, dpi: int = 200, turn: float = 0.0, scale: float = 1.0, noise: float = 3.0, tilt: float = 0.0, **rest: Any) -> Grey:
        return scan(self.page, dpi, turn, scale, noise, tilt, seed=self.seed, **rest)


def scan(
    page: Any, dpi: int = 200, turn: float = 0.0, scale: float = 1.0, noise: float = 3.0, tilt: float = 0.0, seed: int = 0,
    crease: float = 0.0, shade: float = 0.0, jpeg: int = 80, fade: float = 0.0, shift: tuple[float, float] = (0.0, 0.0), paper: float = 240.0,
) -> Grey:  # fmt: skip
    """A picture of the page: turned by degrees, scaled, tilted (share of the width), creased at C5 (mm of shift), shaded, noisy, as JPEG."""
    luck = np.random.default_rng(seed + 99)
    size = (round(PAGE_MM[0] * dpi / 25.4), round(PAGE_MM[1] * dpi / 25.4))
    x, y = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    u, v = (x - size[0] / 2) / size[0], (y - size[1] / 2) / size[1]
    below = 1 + tilt * v + tilt * 0.5 * u
    mm_x, mm_y = u * PAGE_MM[0] / scale * below, v * PAGE_MM[1] / scale * below
    angle = np.deg2rad(turn)
    turned_x = mm_x * np.cos(angle) + mm_y * np.sin(angle) + PAGE_MM[0] / 2 - shift[0]
    turned_y = -mm_x * np.sin(angle) + mm_y * np.cos(angle) + PAGE_MM[1] / 2 - shift[1]
    if crease:
        turned_x += np.where(turned_y > 148.5, crease * (turned_y - 148.5) / 60 * np.exp(-(turned_y - 148.5) / 60), 0).astype(np.float32)
        turned_y += crease * np.exp(-np.abs(turned_y - 148.5) / 25) * np.sign(turned_y - 148.5)
    soft = cv2.GaussianBlur(page, (0, 0), max(0.3, 0.35 * PER_MM * 25.4 / dpi))
    maps = (np.float32(PER_MM) * turned_x - 0.5).astype(np.float32), (np.float32(PER_MM) * turned_y - 0.5).astype(np.float32)
    seen = cv2.remap(soft, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(255.0,))
    seen = (255 - (255 - seen) * (1 - fade)) * paper / 255 * (1 - shade * (u + v + 1) / 2)
    seen = np.clip(seen + luck.normal(0, noise, seen.shape), 0, 255).astype(np.uint8)
    packed = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, jpeg])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)


def _words(paper: Any, text: str, x: float, y: float, height: float, until: float = 400.0) -> None:
    scale = height / 22.0 * PER_MM / 1.6
    at, limit = (round(x * PER_MM), round(y * PER_MM)), round(until * PER_MM)
    room = paper[:, :limit] if until < PAGE_MM[0] else paper
    cv2.putText(room, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, 20, 4, cv2.LINE_AA)


def _bar(paper: Any, x: float, y: float) -> None:
    left, top, right, low = (round(value * PER_MM) for value in (x - 0.6, y - 1.6, x + 0.6, y + 1.6))
    if left > 24 * PER_MM:
        paper[top:low, left:right] = 0


def _fiducial(paper: Any, center: tuple[float, float], size: float, aruco: int | None) -> None:
    left, top = (round((value - size / 2) * PER_MM) for value in center)
    side = round(size * PER_MM)
    if aruco is None:
        paper[top : top + side, left : left + side] = 0
    else:
        dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_ARUCO_MIP_36h12)
        paper[top : top + side, left : left + side] = cv2.aruco.generateImageMarker(dictionary, aruco, side)


def _code(paper: Any, text: str, center: tuple[float, float], size: float) -> None:
    black = np.where(modules(text), 0, 255).astype(np.uint8)
    side = round(size * PER_MM)
    left, top = (round((value - size / 2) * PER_MM) for value in center)
    paper[top : top + side, left : left + side] = cv2.resize(black, (side, side), interpolation=cv2.INTER_NEAREST)
