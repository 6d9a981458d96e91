"""How the museum's bad pages are made: one filled-in sheet, and what happens to paper, print, glass and camera.

tests/scanning/museum.py names the exhibits. Drawings are (3564, 2520) at 12 pixels a millimetre, pictures at 150 dpi unless said otherwise. Lengths in millimetres.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import qrcode

from packets.layout import PAGE_MM, Box, Layout, PageKind
from packets.token import write_token
from records.keys import Key
from scanning.payloads import Payloads, Printed
from scanning.verdict import Grey, PrintedPage
from tests.scanning import sheets as drawn

DPI = 150
LAYOUT = drawn.choice_layout()
OLD_LAYOUT = Layout(
    LAYOUT.kind,
    tuple(Box(b.item, b.value, b.label, b.kind, (b.center_mm[0] - 4, b.center_mm[1] + 2.5), column=b.column) for b in LAYOUT.boxes),
    LAYOUT.items,
    "of last term",
)
SECOND, VOID, COVER, OLD, ABROAD = "00000000000042", "00000000000043", "00000000000044", "00000000000045", "00000000000046"
TRUTH: dict[str, tuple[str, ...]] = {
    "1": ("B",), "2": ("C",), "3": ("A",), "4": ("A", "C"), "5": ("D",), "6": ("C",), "7": ("E",), "8": ("B",), "9": (), "10": ("B",), "12": ("84",), "13": ("2",),
}  # fmt: skip
ALONE = "11"  # rubbed out, and nothing else: a doubt on every picture


class Desk:
    """The pages of the museum's desk: worksheets of today's and of last term's layout, a cover, a page that was withdrawn."""

    keys: tuple[Key, ...] = (drawn.KEY,)

    def __init__(self) -> None:
        self._sheets = {each.digest: drawn.Book(each) for each in (LAYOUT, OLD_LAYOUT)}
        kinds = dict.fromkeys((drawn.PAGE, SECOND, VOID), (PageKind.WORKSHEET, LAYOUT)) | {COVER: (PageKind.COVER, LAYOUT)}
        kinds[OLD] = (PageKind.WORKSHEET, OLD_LAYOUT)
        self._pages = {page: PrintedPage(page, kind, layout.digest, drawn.KEY.id, page == VOID) for page, (kind, layout) in kinds.items()}

    def page(self, page_id: str) -> PrintedPage | None:
        return self._pages.get(page_id)

    def payloads(self) -> Payloads:
        return Payloads((Printed(page.id, page.key_id) for page in self._pages.values() if not page.void), self.keys)

    def layout(self, digest: str) -> Layout:
        return self._sheets[digest].layout(digest)

    def blank(self, digest: str) -> Grey:
        return self._sheets[digest].blank(digest)


def fill_in(sheet: drawn.Sheet) -> drawn.Sheet:
    """Marks of every kind, as `TRUTH` says; `ALONE` is rubbed out."""
    for item, value in (("1", "B"), ("4", "A"), ("6", "C"), ("7", "E"), ("8", "B"), ("13", "2")):
        sheet.fill(item, value)
    sheet.scribble("2", "C")
    sheet.tick("3", "A")
    sheet.cross("4", "C")
    sheet.cross("5", "D")
    sheet.cross_out("6", "A")
    sheet.rub_out("7", "B")
    sheet.fill("10", "B", level=0.55)
    sheet.rub_out(ALONE, "D")
    sheet.fill("12", "8", column=2)
    sheet.fill("12", "4", column=3)
    return sheet


@lru_cache(maxsize=1)
def written() -> Any:
    """The filled-in sheet; do not draw on it."""
    return fill_in(drawn.Sheet(LAYOUT, 1)).page


def page(identity: str = drawn.PAGE, layout: Layout = LAYOUT, key: Key = drawn.KEY) -> Any:
    """A filled-in sheet of another page."""
    sheet = drawn.Sheet(layout, 1)
    sheet.page = drawn.printed(layout, key=key, page=identity).astype(np.float32)
    return fill_in(sheet).page


def seen(paper: Any = None, dpi: int = DPI, **how: Any) -> Grey:
    """A scan of the sheet (default: the filled-in one); `how` as in sheets.scan."""
    return drawn.scan(written() if paper is None else paper, dpi, **how)


def box_of(left: float, top: float, right: float, bottom: float, dpi: float = DPI) -> tuple[slice, slice]:
    """The part of a picture of the whole sheet between these millimetres."""
    left, top, right, bottom = (round(max(0.0, value) * dpi / 25.4) for value in (left, top, right, bottom))
    return slice(top, bottom), slice(left, right)


def drawn_box(left: float, top: float, right: float, bottom: float) -> tuple[slice, slice]:
    """The same part of a drawing."""
    return box_of(left, top, right, bottom, drawn.PER_MM * 25.4)


def covered(*parts: Sequence[float], by: int = 30) -> Grey:
    """A scan with something laid over parts (left, top, right, bottom)."""
    image = seen()
    for part in parts:
        image[box_of(*part)] = by
    return image


def torn(*corners: Sequence[tuple[float, float]], bed: int = 255) -> Grey:
    """A scan with paper gone within polygons of millimetres."""
    image = seen()
    for corner in corners:
        cv2.fillPoly(image, [np.round(np.array(corner) * DPI / 25.4).astype(np.int32)], bed)
    return image


def shaded(light: Any) -> Grey:
    """A scan under a field of light, 1 where nothing is taken; its shape is stretched over the picture."""
    image = seen()
    return clipped(image * cv2.resize(np.asarray(light, np.float32), image.shape[::-1], interpolation=cv2.INTER_CUBIC))


def clipped(image: Any) -> Grey:
    return np.asarray(np.clip(image, 0, 255).astype(np.uint8))


def tea(x: float, y: float, radius: float, shade: float = 0.25) -> Grey:
    """A ring of tea, darker at its edge."""
    ys, xs = np.mgrid[0 : PAGE_MM[1] : 1.0, 0 : PAGE_MM[0] : 1.0]
    away = np.hypot(xs - x, ys - y)
    return shaded(1 - shade * (0.4 * (away < radius) + 0.6 * np.exp(-(((away - radius) / 2.5) ** 2))))


def folded(folds: Sequence[float], depth: float = 0.2, shift: float = 0.4) -> Grey:
    """Creases with a shadow and a step of the paper, as an envelope leaves them."""
    ys = np.arange(PAGE_MM[1] * 2) / 2
    light = np.ones(len(ys))
    image = seen(crease=shift)
    for fold in folds:
        light *= 1 - depth * np.exp(-(((ys - fold) / 0.8) ** 2)) - 0.06 * ((ys > fold) & (ys < fold + 25))
    tall = cv2.resize(light[:, None].astype(np.float32), (1, image.shape[0]), interpolation=cv2.INTER_AREA)
    return clipped(image * tall)


def bent(bulge: float, waves: float = 1.0) -> Grey:
    """The sheet does not lie flat: its middle is seen so many millimetres aside."""
    paper = written()
    y, x = np.mgrid[0 : paper.shape[0], 0 : paper.shape[1]].astype(np.float32)
    aside = bulge * drawn.PER_MM * np.sin(np.pi * waves * y / paper.shape[0])
    down = 0.5 * bulge * drawn.PER_MM * np.sin(np.pi * x / paper.shape[1])
    return seen(cv2.remap(paper, x + aside.astype(np.float32), y + down.astype(np.float32), cv2.INTER_LINEAR, borderValue=(255.0,)))


def photo(
    corners: Sequence[tuple[float, float]] = ((260, 200), (1750, 240), (1800, 2400), (190, 2350)), blur: float = 0.8, light: float = 1.0, shadow: float = 0.0,
    noise: float = 4.0, desk: int = 105, paper: Any = None, motion: int = 0,
) -> Grey:  # fmt: skip
    """A photograph, (2600, 2000), of the sheet on a wooden desk; `corners` of the paper in pixels, clockwise from its top left."""
    luck = np.random.default_rng(7)
    page_ = written() if paper is None else paper
    grain = cv2.resize(luck.normal(0, 1, (40, 400)).astype(np.float32), (2000, 2600), interpolation=cv2.INTER_CUBIC)
    picture = desk + 12 * grain
    edges = np.array([[0, 0], [page_.shape[1], 0], [page_.shape[1], page_.shape[0]], [0, page_.shape[0]]], np.float32)
    plane = cv2.getPerspectiveTransform(edges, np.array(corners, np.float32))
    soft = cv2.GaussianBlur(page_, (0, 0), 0.45 * page_.shape[1] / 1500)
    lying = cv2.warpPerspective(soft, plane, (2000, 2600), flags=cv2.INTER_LINEAR)
    inside = cv2.warpPerspective(np.ones(page_.shape, np.float32), plane, (2000, 2600))
    picture = picture * (1 - inside) + lying * 0.9 * inside
    fall = np.linspace(1.0, 1.0 - 0.35 * (1 - light) - 0.1, 2000)[None, :] * light
    picture = picture * fall
    if shadow:
        hand = np.zeros((2600, 2000), np.float32)
        cv2.fillPoly(hand, [np.array([[0, 2600], [0, 1500], [700, 900], [1050, 1200], [900, 2600]])], 1.0)
        picture = picture * (1 - shadow * cv2.GaussianBlur(hand, (0, 0), 25))
    if motion:
        picture = cv2.blur(picture, (motion, 1))
    picture = cv2.GaussianBlur(picture, (0, 0), blur) + luck.normal(0, noise, picture.shape)
    packed = cv2.imencode(".jpg", clipped(picture), [cv2.IMWRITE_JPEG_QUALITY, 75])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)


def screen() -> Grey:
    """The page on a screen, photographed: rows of lamps under the picture, and their moire with the camera's own rows."""
    image = photo(blur=0.6).astype(np.float32)
    y, x = np.mgrid[0:2600, 0:2000].astype(np.float32)
    return clipped(image * (1 - 0.16 * (np.sin(x * 2.05) + np.sin(y * 1.93 + x * 0.01)) / 2) + 10)


def copied(paper: Any, scale: float = 1.0, gain: float = 1.5, specks: int = 300) -> Any:
    """What a photocopier makes of a drawing: hard contrast, specks, perhaps another size."""
    luck = np.random.default_rng(5)
    soft = cv2.GaussianBlur(paper, (0, 0), 2.0)
    hard = np.clip((soft - 128) * gain + 150, 0, 255).astype(np.float32)
    for x, y in zip(luck.integers(0, hard.shape[1], specks), luck.integers(0, hard.shape[0], specks), strict=True):
        cv2.circle(hard, (int(x), int(y)), 2, 40.0, -1)
    if scale == 1.0:
        return hard
    plane = np.array([[scale, 0, (1 - scale) * hard.shape[1] / 2], [0, scale, (1 - scale) * hard.shape[0] / 2]])
    return cv2.warpAffine(hard, plane, hard.shape[::-1], borderValue=(255.0,))


def one_bit(image: Grey, threshold: int = 160) -> Grey:
    return np.where(image > threshold, 255, 0).astype(np.uint8)


def coded(paper: Any, text: str, corner: int) -> Any:
    """The drawing with another code where that corner has its own."""
    place = LAYOUT.codes[corner]
    changed = paper.copy()
    half = place.size_mm / 2 + 2
    changed[drawn_box(place.center_mm[0] - half, place.center_mm[1] - half, place.center_mm[0] + half, place.center_mm[1] + half)] = 255
    drawn._code(changed, text, place.center_mm, place.size_mm)
    return changed


def token(identity: str, corner: int) -> str:
    return write_token(drawn.KEY, identity, corner)


def letter(*links: str) -> Grey:
    """Somebody's letter with codes of other houses."""
    paper = np.full((1754, 1240), 240, np.uint8)
    for line in range(16):
        cv2.putText(paper, "Tolem turaly habarlama No 5512", (90, 700 + 60 * line), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 30, 2)
    for place, link in enumerate(links):
        symbol = qrcode.QRCode(border=0, box_size=1)
        symbol.add_data(link)
        modules = np.where(np.array(symbol.get_matrix()), 20, 240).astype(np.uint8)
        paper[120:420, 100 + 600 * place : 400 + 600 * place] = cv2.resize(modules, (300, 300), interpolation=cv2.INTER_NEAREST)
    return paper


def blank(grey: float = 240.0, noise: float = 3.0) -> Any:
    """Blank paper as a scanner sees it, float."""
    return grey + np.random.default_rng(3).normal(0, noise, (1754, 1240))
