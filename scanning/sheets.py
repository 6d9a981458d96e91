"""Every sheet that a picture shows, named or not: the stages of identity in their order (DESIGN section 4).

scanning/page asks. What is read at once comes first; a sheet of which nothing is read is looked for by its fiducials, then by the paper's outline
and by its squares, then with patience in the whole picture. A sheet of ours that stays without a name is still told, so that a person can name it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from packets.layout import PAGE_MM
from packets.token import newer_format
from scanning.codes import Sheet, Sighting, code_corners_mm, sheets_of
from scanning.constellation import constellations
from scanning.emptiness import is_empty
from scanning.identify import FILLING, sightings
from scanning.outline import guesses
from scanning.patience import sought
from scanning.rescue import from_fiducials, from_guesses, from_squares
from scanning.trace import Trace, traces
from scanning.transform import ONE_SHEET_MM, Points, Transform, fit_plane, off_plane_mm
from scanning.verdict import Grey, PageBook, PageState

MANY_POINTS = 8  # printed points that leave no question where a sheet lies: what its codes do not say there, they say nowhere
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


def known_points(sheet: Sheet, seen: Iterable[Trace] = ()) -> tuple[Points, Points]:
    """The corners of its codes, and of the fiducials `seen` on it, (n, 2) each: in millimetres, and in pixels."""
    words = [(code, code.word) for code in sheet.codes if code.word is not None]
    mm = [code_corners_mm(word.corner, word.format) for _code, word in words]
    pixels = [code.corners for code, _word in words]
    for trace in seen:
        mm.append(trace.mm)
        pixels.append(trace.pixels)
    return np.concatenate(mm), np.concatenate(pixels)


def _beside(image: Grey, sheets: Sequence[Sheet], book: PageBook) -> Sequence[Sheet | Nameless]:
    """Sheets of ours beside those that were read at once, where the picture has room for more."""
    if not _has_room(image, sheets):
        return []
    others = [each for each in traces(image) if not any(lies_on(each, sheet) for sheet in sheets)]
    return _rescued(image, others, book)[0]


def _has_room(image: Grey, sheets: Sequence[Sheet]) -> bool:
    """Whether a part of the picture is left in which another sheet may lie."""
    return sum(plane_of(sheet).scale ** 2 for sheet in sheets) * PAGE_MM[0] * PAGE_MM[1] <= FILLING * image.size


def lies_on(trace: Trace, sheet: Sheet) -> bool:
    """Whether a fiducial is where the sheet has it."""
    mm, pixels = known_points(sheet)
    return off_plane_mm(np.concatenate([mm, trace.mm]), np.concatenate([pixels, trace.pixels])) < ONE_SHEET_MM


def _hard(image: Grey, found: list[Sighting], seen: list[Trace], book: PageBook) -> Sequence[Sheet | Nameless]:
    """The picture of which no code of ours was read at once, stage by stage."""
    rescued, well_placed = _rescued(image, seen, book)
    if any(isinstance(each, Sheet) for each in rescued):
        return rescued
    if well_placed:
        return _newer(found) or rescued
    guessed, points = from_guesses(image, guesses(image), book.payloads)
    if guessed is not None or points >= MANY_POINTS:
        return [guessed] if guessed is not None else _newer(found) or [LOST]
    return _last_looks(image, found, seen, book) or rescued or [(PageState.FOREIGN, "no_code")]


def _last_looks(image: Grey, found: list[Sighting], seen: list[Trace], book: PageBook) -> Sequence[Sheet | Nameless]:
    """What the sheet's squares tell, then patience in the whole picture, then fiducials looked at closely; nothing where none of them tells anything."""
    places = constellations(image)
    shown, points = from_squares(image, places, book.payloads)
    if shown is not None:
        return [shown, *_beside_squares(image, shown, places, found, book)]
    sheets = sheets_of(sought(image, found))
    if sheets or points:
        return sheets or _newer(found) or [LOST]
    closer = seen or traces(image, closely=True)
    if any(trace.mirrored for trace in closer):
        return [(PageState.UNREADABLE, "mirrored")]
    return (_newer(found) if closer else []) or _rescued(image, () if seen else closer, book)[0]


def _beside_squares(
    image: Grey, shown: Sheet, places: Sequence[Trace], found: list[Sighting], book: PageBook
) -> Sequence[Sheet | Nameless]:
    """What lies beside a sheet that was found by its squares, where the picture has room for more: by other squares, by patience, by fiducials."""
    if not _has_room(image, [shown]):
        return []
    another, points = from_squares(image, [each for each in places if not lies_on(each, shown)], book.payloads)
    if another is not None:
        return [another]
    others = [each for each in sheets_of(sought(image, found)) if not _same_page(each, shown)] or _beside(image, [shown], book)
    return others or ([LOST] if points else [])


def _same_page(one: Sheet, other: Sheet) -> bool:
    return bool({code.word.page_id for code in one.codes if code.word} & {code.word.page_id for code in other.codes if code.word})


def _newer(found: Iterable[Sighting]) -> Sequence[Nameless]:
    """That a program newer than this one printed the sheet, where a code says so that stands beside our fiducials."""
    return [(PageState.UNREADABLE, "newer_format")] if any(newer_format(code.text) for code in found) else []


def _rescued(image: Grey, seen: Iterable[Trace], book: PageBook) -> tuple[Sequence[Sheet | Nameless], bool]:
    """Of every sheet that shows a fiducial its codes, or that they are lost; and whether it is known for sure where all of them lie."""
    rescued = [from_fiducials(image, trace, book.payloads) for trace in seen]
    return [sheet or LOST for sheet, _points in rescued], bool(rescued) and all(points >= MANY_POINTS for _sheet, points in rescued)
