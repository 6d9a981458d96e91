"""The sheet that a person calls by its short code: where it lies, and whether the picture agrees. Nothing is taken on a person's word alone.

scanning/page asks for `poshta scan PATH --page CODE`. A code that still shows must not speak against the page, and the sheet's printed points must be found; that its rows
look like their print is asked in scanning/page.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from packets.layout import BLANK_DPI, BODY_MM, FORMAT, FORMATS, PageKind
from packets.token import Word
from scanning.align import Alignment, align
from scanning.codes import Sheet, Sighting, Stage, code_corners_mm
from scanning.constellation import constellations
from scanning.modules import SHOWS, SUPPORT, sampled
from scanning.outline import guesses
from scanning.payloads import Payloads, Printed
from scanning.rescue import BARE, BESIDE_SQUARES, FEWEST_POINTS
from scanning.sheets import Nameless, lies_on, sheets_in
from scanning.trace import Trace, traces
from scanning.transform import Transform, remap_grid
from scanning.verdict import Grey, PageBook, PageState, PrintedPage

LIKE_ITS_PRINT = 0.3  # agreement of a page's ink with its blank print: 0.6 and more for its own, below 0.15 for others
ANOTHER: Nameless = (PageState.UNREADABLE, "another_page")
SEVERAL: Nameless = (PageState.UNREADABLE, "several_sheets")
NOWHERE: Nameless = (PageState.UNREADABLE, "does_not_fit")


def sheet_called(image: Grey, page: PrintedPage, book: PageBook) -> tuple[int, Sheet | Nameless]:
    """The sheet of `page` and the part of the picture that it is, from 1; or why that cannot be."""
    shown = list(sheets_in(image, book))
    for part, each in enumerate(shown, start=1):
        if isinstance(each, Sheet) and _says(each, page) and each.agree and not each.mirrored:
            return part, each
    nameless = [(part, each) for part, each in enumerate(shown, start=1) if not isinstance(each, Sheet)]
    if not nameless:
        return 1, ANOTHER
    if len(nameless) > 1:
        return nameless[0][0], SEVERAL
    part, why = nameless[0]
    if why[1] in ("mirrored", "newer_format"):
        return part, why
    return part, _placed(image, page, book, [each for each in shown if isinstance(each, Sheet)])


def _says(sheet: Sheet, page: PrintedPage) -> bool:
    return all(code.word is not None and code.word.page_id == page.id for code in sheet.codes)


def _placed(image: Grey, page: PrintedPage, book: PageBook, others: Sequence[Sheet]) -> Sheet | Nameless:
    seen = [trace for trace in traces(image, closely=True) if not trace.mirrored and not any(lies_on(trace, other) for other in others)]
    found = _best(image, seen)
    if found is None and not others:
        found = _best(image, list(guesses(image))) or _best(image, constellations(image), BESIDE_SQUARES)
    if found is None or (page.kind is PageKind.COVER and not _looks_like(image, found.transform, book.blank(page.layout))):
        return NOWHERE
    if _speaks_against(image, found.transform, page, book):
        return ANOTHER
    places = [(corner, found.transform.pixels(code_corners_mm(corner))) for corner in (0, 1)]
    return Sheet(tuple(Sighting("", Word(FORMAT, corner, page.id, 0), corners, Stage.TYPED) for corner, corners in places))


def _best(image: Grey, places: Sequence[Trace], least: int = FEWEST_POINTS) -> Alignment | None:
    """The place at which most of a sheet's printed points are, `least` of them."""
    aligned = [align(image, BARE, each.mm, each.pixels) for each in places]
    best = max(aligned, key=lambda each: each.points, default=None)
    return best if best is not None and best.points >= least else None


def _looks_like(image: Grey, transform: Transform, blank: Grey) -> bool:
    """Whether the body of the page is the print of `blank`: asked of pages without boxes, whose rows cannot tell."""
    step = 25.4 / BLANK_DPI * 3
    x, y = np.meshgrid(np.arange(BODY_MM[0], BODY_MM[2], step), np.arange(BODY_MM[1], BODY_MM[3], step))
    mm = np.stack([x.ravel(), y.ravel()], axis=1)
    pixels = transform.pixels(mm).astype(np.float32)
    own = mm.astype(np.float32) * (BLANK_DPI / 25.4) - 0.5
    seen, printed = (
        _ink(remap_grid(cv2.blur(picture, (side, side)), places[:, 0].reshape(x.shape), places[:, 1].reshape(x.shape)))
        for picture, places, side in ((image, pixels, max(1, round(step * transform.scale))), (blank, own, 3))
    )
    agreement = (seen * printed).sum() / np.sqrt(max(float((seen * seen).sum() * (printed * printed).sum()), 1e-6))
    return bool(agreement > LIKE_ITS_PRINT)


def _ink(field: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Darkness against the surroundings."""
    return np.asarray(np.maximum(cv2.blur(field, (31, 31)) - field, 0.0), np.float32)


def _speaks_against(image: Grey, transform: Transform, page: PrintedPage, book: PageBook) -> bool:
    """Whether a code that nobody can decode still shows enough to say that it is another page's."""
    own = Payloads([Printed(page.id, page.key_id)], book.keys)
    grids = [sampled(image, transform, place) for place in FORMATS[FORMAT].codes]
    return bool(len(own)) and any(grid.shows > SHOWS and own.scores(grid.corner, grid.signs)[0] < SUPPORT for grid in grids)
