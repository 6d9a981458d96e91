"""Every sheet that a picture shows, named or not: the stages of identity in their order (DESIGN section 4).

scanning/page asks. What is read at once comes first; a sheet of which nothing is read is looked for by its fiducials, then with patience in the whole picture,
then by codes that almost read. A sheet of ours that stays without a name is still told, so that a person can name it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from packets.layout import PAGE_MM
from packets.token import newer_format
from scanning.codes import Sheet, Sighting, code_corners_mm, sheets_of
from scanning.emptiness import is_empty
from scanning.identify import FILLING, sightings
from scanning.patience import almost_read, sought
from scanning.rescue import from_code_places, from_fiducials
from scanning.trace import Trace, traces
from scanning.transform import Points, Transform, fit_plane
from scanning.verdict import Grey, PageBook, PageState

MINE_MM = 30.0  # how far from its place a fiducial may seem to lie, seen from the codes of its own sheet
Nameless = tuple[PageState, str]  # what is to be said of a sheet whose codes say nothing: its state and reason
LOST: Nameless = (PageState.UNREADABLE, "code_lost")


def sheets_in(image: Grey, book: PageBook) -> Sequence[Sheet | Nameless]:
    """What the picture shows: at least one sheet, or what is to be said instead."""
    found = sightings(image)
    sheets = sheets_of(found)
    if sheets:
        return [*sheets, *_beside(image, sheets, book)]
    seen = traces(image)
    if not found and not seen and is_empty(image):
        return [(PageState.EMPTY, "")]
    return _hard(image, found, seen, book)


def plane_of(sheet: Sheet) -> Transform:
    """Where the sheet lies, as far as its codes alone tell."""
    return Transform(fit_plane(*known_points(sheet)))


def known_points(sheet: Sheet) -> tuple[Points, Points]:
    """The corners of its codes, (4 or 8, 2) each: in millimetres, and in pixels."""
    words = [(code, code.word) for code in sheet.codes if code.word is not None]
    mm = np.concatenate([code_corners_mm(word.corner, word.format) for _code, word in words])
    return mm, np.concatenate([code.corners for code, _word in words])


def _beside(image: Grey, sheets: Sequence[Sheet], book: PageBook) -> Sequence[Sheet | Nameless]:
    """Sheets of ours beside those that were read at once, where the picture has room for more."""
    planes = [plane_of(sheet) for sheet in sheets]
    if sum(plane.scale**2 for plane in planes) * PAGE_MM[0] * PAGE_MM[1] > FILLING * image.size:
        return []
    others = [each for each in traces(image) if not any(_lies_on(each, plane) for plane in planes)]
    return _rescued(image, others, book)


def _lies_on(trace: Trace, plane: Transform) -> bool:
    """Whether a fiducial is where the sheet that lies in `plane` has it."""
    off = np.linalg.norm((plane.pixels(trace.mm) - trace.pixels)[:4].mean(axis=0))
    return bool(off < MINE_MM * plane.scale)


def _hard(image: Grey, found: list[Sighting], seen: list[Trace], book: PageBook) -> Sequence[Sheet | Nameless]:
    """The picture of which no code of ours was read at once, stage by stage."""
    rescued = _rescued(image, seen, book)
    if _any_named(rescued):
        return rescued
    sheets = sheets_of(sought(image, found)) or from_code_places(image, almost_read(image), book.payloads)
    if sheets:
        return sheets
    closer = seen or traces(image, closely=True)
    if any(trace.mirrored for trace in closer):
        return [(PageState.UNREADABLE, "mirrored")]
    if closer and any(newer_format(code.text) for code in found):
        return [(PageState.UNREADABLE, "newer_format")]
    return rescued or _rescued(image, closer, book) or [(PageState.FOREIGN, "no_code")]


def _rescued(image: Grey, seen: Iterable[Trace], book: PageBook) -> Sequence[Sheet | Nameless]:
    """Of every sheet that shows a fiducial its codes, or that they are lost."""
    return [from_fiducials(image, trace, book.payloads) or LOST for trace in seen]


def _any_named(findings: Iterable[Sheet | Nameless]) -> bool:
    return any(isinstance(each, Sheet) for each in findings)
