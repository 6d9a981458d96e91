"""From a picture to verdicts: one for every sheet that it shows. No database, files or clock; never raises on a picture.

scanning/batch calls `read_page` for each picture, in any process and any order: the same picture and book give the same verdict.
The stages stand in their own modules: identify, align, rows, marks, judge.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from packets.layout import PAGE_MM, Layout, PageKind
from packets.token import Word, sealing_key
from scanning import arch, elsewhere, marks, meant, rows, ruled, struck, tint
from scanning.alarms_look import is_two_tone
from scanning.align import Alignment, align, aligned_by_squares, is_doubtful
from scanning.codes import Sheet, Stage
from scanning.emptiness import is_empty
from scanning.glass import wiped
from scanning.judge import judge_page
from scanning.payloads import CORNERS
from scanning.rows import Anchors
from scanning.sheets import Nameless, known_points, lies_on, sheets_in
from scanning.thresholds import THRESHOLDS, Thresholds
from scanning.trace import traces
from scanning.transform import Transform, residuals_mm
from scanning.typed import sheet_called
from scanning.verdict import MEASUREMENTS, Colour, Doubt, Grey, ItemVerdict, PageBook, PageState, PageVerdict, Picture, PrintedPage, fault

FITTING_ROWS = 0.5  # share of rows that must look like their print
FEWEST_POINTS = 5
LEAST_WASHED, MOST_WASHED = 7, 13  # points of sixteen that say where a washed-out sheet lies, and fewer than show on others
SURE_MM, CODES_MM = 0.6, 4.0  # what the points of such a sheet leave over, and how far from there its codes were matched, at most
HARDLY = 0.25  # what its rows look like their print, at least (median; MEASURED: noisy photographs 0.27 to 0.40). A quarter of other prints do so too: nothing is accepted
FIRM_POINTS = 8  # of sixteen: with fewer, the ArUco fiducials are sought in the whole picture
LOST_CORNERS = 2  # and with so many of four corners lost, whatever the number
ALONG_BOTH_SIDES = 7  # squares of eight: with so many, fiducials add nothing
FAULTS = (cv2.error, ArithmeticError, ValueError, IndexError, np.linalg.LinAlgError, MemoryError)
SEEN_THROUGH = {(PageState.UNREADABLE, "mirrored"), (PageState.UNREADABLE, "does_not_fit")}
DARK = 90  # a picture mostly darker than that may have black and white exchanged
KEPT_SHEETS = 80  # layouts whose blank print stays prepared: 3.5 MB each
WITHIN_MM = np.array(
    [[x, y] for y in (5.0, PAGE_MM[1] - 5.0) for x in (5.0, PAGE_MM[0] - 5.0)]
)  # of the sheet: nearer to its edge nothing is read
CLEARLY = 0.35  # darkness of a mark that says for itself that its question is not empty
Prepared = tuple[rows.Plan, marks.Print, elsewhere.Bare]
_log = logging.getLogger(__name__)


def read_page(image: Grey, book: PageBook, thresholds: Thresholds = THRESHOLDS, *, colour: Colour | None = None) -> list[PageVerdict]:
    """The verdict on every sheet in `image`, (height, width) grey, which came in `colour` perhaps; at least one. Deterministic; a failure inside becomes `unreadable`."""
    try:
        return _read(Picture(image, None, colour), book, thresholds)
    except FAULTS as failure:
        return [_failed(image, failure)]


def read_as(
    image: Grey, page: PrintedPage, book: PageBook, thresholds: Thresholds = THRESHOLDS, *, colour: Colour | None = None
) -> PageVerdict:
    """The verdict on the sheet that a person says is `page`: `read` or `doubtful`, or why the picture does not agree. Never raises on a picture."""
    try:
        part, shown = sheet_called(image, page, book)
        layout = book.layout(page.layout)
        picture = Picture(image, None, colour)
        verdict = _read_marks(picture, shown, layout, page, book, thresholds) if isinstance(shown, Sheet) else PageVerdict(*shown)
        return replace(verdict, part=part)
    except FAULTS as failure:
        return _failed(image, failure)


def _failed(image: Grey, failure: Exception) -> PageVerdict:
    _log.warning("a picture of %s could not be read: %s", getattr(image, "shape", "no shape"), failure)
    return PageVerdict(PageState.UNREADABLE, fault(failure))


def _read(picture: Picture, book: PageBook, thresholds: Thresholds) -> list[PageVerdict]:
    image = picture.image
    if image.ndim != 2 or min(image.shape, default=0) < 16:
        return [PageVerdict(PageState.UNREADABLE, "too_small")]
    verdicts = _sheets(picture, book, thresholds)
    if all((each.state, each.reason) in SEEN_THROUGH for each in verdicts) and is_empty(image):
        return [PageVerdict(PageState.EMPTY)]  # the back of a sheet whose codes shine through
    if [each.reason for each in verdicts] == ["no_code"] and float(np.median(image)) < DARK:
        turned = _sheets(_negative(picture), book, thresholds)
        return turned if any(each.page_id for each in turned) else verdicts
    return verdicts


def _negative(picture: Picture) -> Picture:
    colour = None if picture.colour is None else np.asarray(255 - picture.colour, np.uint8)
    return Picture(np.asarray(255 - picture.image, np.uint8), picture.dpi, colour)


def _sheets(picture: Picture, book: PageBook, thresholds: Thresholds) -> list[PageVerdict]:
    shown = sheets_in(picture.image, book)
    return [replace(_verdict(picture, each, book, thresholds), part=part) for part, each in enumerate(shown, start=1)]


def _verdict(picture: Picture, shown: Sheet | Nameless, book: PageBook, thresholds: Thresholds) -> PageVerdict:
    """The verdict on one sheet, whatever happens: a failure must not cost the sheet beside it."""
    try:
        return _read_sheet(picture, shown, book, thresholds) if isinstance(shown, Sheet) else PageVerdict(*shown)
    except FAULTS as failure:
        return _failed(picture.image, failure)


def _read_sheet(picture: Picture, sheet: Sheet, book: PageBook, thresholds: Thresholds) -> PageVerdict:
    word = sheet.codes[0].word
    assert word is not None
    if not sheet.agree:
        return PageVerdict(PageState.UNREADABLE, "codes_disagree")
    page = book.page(word.page_id)
    state, reason = _trust(word, page, book)
    if sheet.mirrored:
        return PageVerdict(PageState.UNREADABLE, "mirrored", word.page_id if page else None)
    if page is None or state is PageState.VOID:
        return PageVerdict(state, reason, word.page_id)
    layout = book.layout(page.layout)
    if not layout.known:
        return PageVerdict(PageState.UNREADABLE, "newer_format", page.id)
    verdict = _read_marks(picture, sheet, layout, page, book, thresholds)
    return replace(verdict, state=state, reason=reason, items=()) if state is PageState.UNSIGNED else verdict


def _trust(word: Word, page: PrintedPage | None, book: PageBook) -> tuple[PageState, str]:
    """What the seal and the book say of a word; `read` where nothing speaks against it."""
    key = sealing_key(word, book.keys)
    if page is None:
        return (PageState.FOREIGN, "unknown_page") if key else (PageState.UNSIGNED, "unknown_page")
    if key is None or key.id != page.key_id:  # a retired key may be in other hands: it vouches for its own pages alone
        known = any(each.id == page.key_id for each in book.keys)
        return PageState.UNSIGNED, "seal_broken" if known else "key_missing"
    if page.void:
        return PageState.VOID, "withdrawn"
    return PageState.READ, ""


def _read_marks(picture: Picture, sheet: Sheet, layout: Layout, page: PrintedPage, book: PageBook, thresholds: Thresholds) -> PageVerdict:
    alignment = _aligned(picture.image, sheet, layout)
    if page.kind is PageKind.COVER or not layout.boxes:
        return PageVerdict(PageState.READ, "", page.id, error_mm=round(alignment.error_mm, 3))
    if alignment.points < FEWEST_POINTS:
        return PageVerdict(PageState.UNREADABLE, "does_not_fit", page.id, error_mm=round(alignment.error_mm, 3))
    measurements, anchors = _measured(picture, layout, alignment, page, book)
    fits = np.mean(anchors.likeness >= rows.FLOOR) >= FITTING_ROWS
    if not fits and _is_washed_out(sheet, alignment, anchors):
        measurements["washed_out"] = True
    elif not fits:
        return PageVerdict(PageState.UNREADABLE, "does_not_fit", page.id, (), round(alignment.error_mm, 3), measurements)
    items = judge_page(measurements, layout, thresholds)
    state, reason = state_of(items)
    return PageVerdict(state, reason, page.id, items, round(alignment.error_mm, 3), measurements)


def _is_washed_out(sheet: Sheet, alignment: Alignment, anchors: Anchors) -> bool:
    """Whether the sheet lies where it must though its rows hardly look like their print, as in blur and noise: then every question is asked about.

    No decoder reads its codes, but both were matched where, in opposite corners, the printed points put them; and finer points than squares do not all show.
    """
    if len(sheet.codes) < len(CORNERS) or any(code.stage is not Stage.MATCHED for code in sheet.codes):
        return False
    off = residuals_mm(alignment.transform, *known_points(sheet))
    lies = LEAST_WASHED <= alignment.points <= MOST_WASHED and alignment.error_mm < SURE_MM and float(off.max()) < CODES_MM
    return lies and float(np.median(anchors.likeness)) >= HARDLY


def _aligned(image: Grey, sheet: Sheet, layout: Layout) -> Alignment:
    mm, pixels = known_points(sheet)
    alignment = align(image, layout, mm, pixels)
    if is_doubtful(alignment):
        alignment = aligned_by_squares(image, layout, mm, pixels, alignment)
    if alignment.squares < ALONG_BOTH_SIDES and (alignment.points < FIRM_POINTS or len(alignment.lost) >= LOST_CORNERS):
        seen = [trace for trace in traces(image, closely=True, behind=False) if lies_on(trace, sheet)]
        again = align(image, layout, *known_points(sheet, seen))
        alignment = max(alignment, again, key=lambda each: (-len(each.lost), each.points))
        if is_doubtful(alignment):
            alignment = aligned_by_squares(image, layout, mm, pixels, alignment)
    return alignment


def _measured(picture: Picture, layout: Layout, alignment: Alignment, page: PrintedPage, book: PageBook) -> tuple[dict[str, Any], Anchors]:
    """The numbers that the judge needs and a person may want: see `measurements` in docs/reading.md."""
    image, stripes = wiped(picture.image, alignment.transform.pixels(WITHIN_MM))
    plan, blank, bare = _prepared(page.layout, layout, book)
    lit, factor = rows.lighting(image, alignment.transform.scale)
    anchors = rows.anchor(image, lit, factor, alignment.transform, plan)
    if np.any(anchors.likeness < arch.CLEAR):
        bent, anchors = arch.straightened(image, lit, factor, alignment.transform, layout, plan, anchors)
        alignment = replace(alignment, transform=bent)
    shifts = np.zeros((len(layout.boxes), 2))
    for row, shift in zip(plan.rows, anchors.shifts, strict=True):
        shifts[list(row.boxes)] = shift
    taken, patches = marks.measured(image, layout, blank, alignment.transform, shifts, alignment.black)
    lines = ruled.lines_of(image, alignment.transform, bare) if marks.may_be_ruled(taken) else []
    if lines:
        taken, patches = marks.measured(image, layout, blank, alignment.transform, shifts, alignment.black, lines)
    pupils = {item.item for item in layout.items if item.rule != "score"}
    empty = pupils - {box.item for box, numbers in zip(layout.boxes, taken, strict=True) if numbers[marks.DARK] >= CLEARLY}
    around = elsewhere.written(image, layout, bare, alignment.transform, shifts, alignment.black, sorted(empty))
    areas, darkness = ({item: each[number] for item, each in around.items()} for number in (0, 1))
    more: dict[str, Any] = {
        "squares": elsewhere.in_squares(
            image, layout, bare, alignment.transform, shifts, alignment.black, [each[marks.DARK] for each in taken]
        ),
    }
    more |= {"ruled": len(lines), "stripes": stripes}
    if is_two_tone(picture.image):
        more["two_tone"] = True
    others = [box.item not in pupils for box in layout.boxes]
    more["left"] = struck.left_as_they_are(patches, blank.ink, taken, others)
    more["meant"] = meant.meant_as_answers(patches, blank.ink, taken, others)
    more |= _tinted(picture, layout, alignment.transform, shifts)
    told = _plain(layout, alignment, plan, anchors, shifts, taken) | {"written": areas, "written_dark": darkness}
    return told | {name: each for name, each in more.items() if each}, anchors


def _tinted(picture: Picture, layout: Layout, transform: Transform, shifts: Any) -> dict[str, dict[str, float]]:
    """How red and how green the ink is in each box that holds such, and at the corners of each that has some there, by its place in the layout as text."""
    if picture.colour is None:
        return {}
    told = tint.tinted(picture.image, picture.colour, *marks.places(layout), transform, shifts)
    return {name: {str(place): share for place, share in own.items()} for name, own in told.items()}


def _plain(
    layout: Layout, alignment: Alignment, plan: rows.Plan, anchors: Anchors, shifts: Any, boxes: list[list[float]]
) -> dict[str, Any]:
    """Measurements as plain JSON values."""
    gains = (anchors.gain / max(0.25, 1.0 - alignment.black)).tolist()
    lines = zip(plan.rows, anchors.likeness.tolist(), anchors.shifts.tolist(), gains, strict=True)
    return {
        "format": MEASUREMENTS,
        "transform": [round(float(value), 9) for value in alignment.transform.homography.ravel()],
        "points": alignment.points,
        "black": round(alignment.black, 3),
        "lost": list(alignment.lost),
        "rows": [
            [row.item, round(likeness, 3), round(shift[0], 3), round(shift[1], 3), round(gain, 3)] for row, likeness, shift, gain in lines
        ],
        "at": _rounded(alignment.transform, layout, shifts),
        "boxes": boxes,
    }


def _rounded(transform: Transform, layout: Layout, shifts: Any) -> list[list[float]]:
    """Where each box's middle lies in the picture, [x, y] pixels."""
    centers, _radii = marks.places(layout)
    return [[round(x, 1), round(y, 1)] for x, y in transform.pixels(centers + shifts).tolist()]


def state_of(items: Sequence[ItemVerdict]) -> tuple[PageState, str]:
    """A page with these items is read, or doubtful for the commonest reason of its doubts."""
    reasons = Counter(item.judgement.reason.value for item in items if isinstance(item.judgement, Doubt))
    if not reasons:
        return PageState.READ, ""
    return PageState.DOUBTFUL, max(reasons, key=lambda reason: reasons[reason])


def _prepared(digest: str, layout: Layout, book: PageBook) -> Prepared:
    """What a layout's blank print gives to the stages, made once a process."""
    kept = _kept()
    if digest not in kept:
        if len(kept) >= KEPT_SHEETS:
            kept.pop(next(iter(kept)))
        blank = book.blank(digest)
        kept[digest] = (rows.plan(layout, blank), marks.printed(layout, blank), elsewhere.bare_of(blank))
    kept[digest] = kept.pop(digest)  # the latest used stands last
    return kept[digest]


@lru_cache(maxsize=1)
def _kept() -> dict[str, Prepared]:
    return {}
