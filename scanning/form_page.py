"""From a picture to the verdict on a foreign form: no code says what it is, the print alone does. No database, files or clock; never raises on a picture.

scanning/form_batch has workers call `read_form`. The stages are those of scanning/page but for identity: a page of ours is named and left alone, a picture from
behind is named and refused, a print that does not fit is never guessed, and of forms that look alike one must fit clearly better.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from scanning.alarms_look import is_two_tone
from scanning.codes import sheets_of
from scanning.emptiness import is_empty
from scanning.form import Form, FormPage
from scanning.form_look import unlike
from scanning.form_marks import Prepared, marks_in, prepare, settled
from scanning.form_points import applied
from scanning.form_register import LOOK_CLOSER, Fit, Known, carried, known, looked_at, mirrored, register
from scanning.form_windows import FITS
from scanning.identify import sightings
from scanning.judge import judge_page
from scanning.page import state_of
from scanning.rows import FLOOR
from scanning.thresholds import THRESHOLDS, Thresholds
from scanning.trace import traces
from scanning.verdict import MEASUREMENTS, Grey, PageState, PageVerdict, fault

FAULTS = (cv2.error, ArithmeticError, ValueError, IndexError, np.linalg.LinAlgError, MemoryError)
SHARE, DISTINCT = 0.3, 0.5  # of the windows, and of the likeness beside the boxes against the usual one, that must be there
FEWEST_WINDOWS = 12
MOST_OFF_MM = 0.7  # root mean square of what the plane leaves over
FITTING_ITEMS = 0.5  # share of the questions whose surroundings look like their print
CLEARLY = 0.12  # likeness by which one of two pages must be better where they differ
FEWEST_DIFFERENCES = 3
LITTLE = 250  # points below which a picture may be blank paper
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A page of a form, ready to be sought and read."""

    form: Form
    page: FormPage
    known: Known
    prepared: Prepared


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """The forms that a sheet may be. `apart`: for two candidates, the windows of each that look otherwise on the other."""

    candidates: tuple[Candidate, ...]
    apart: dict[tuple[int, int], tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]


def shelf_of(forms: Sequence[Form]) -> Shelf:
    """The forms made ready; a second or two for each page."""
    candidates = tuple(Candidate(form, page, known(page), prepare(page)) for form in forms for page in form.pages)
    apart = {}
    for one, other in combinations(range(len(candidates)), 2):
        looks = (candidates[one].known.fine, candidates[other].known.fine)
        apart[one, other] = (unlike(looks[0], looks[1]), unlike(looks[1], looks[0]))
    return Shelf(candidates, apart)


def alike(shelf: Shelf) -> list[tuple[Candidate, Candidate]]:
    """Pairs of pages that nobody could tell apart by their print."""
    found = [pair for pair, (one, other) in shelf.apart.items() if one.sum() + other.sum() < FEWEST_DIFFERENCES]
    return [(shelf.candidates[one], shelf.candidates[other]) for one, other in found]


def read_form(image: Grey, shelf: Shelf, thresholds: Thresholds = THRESHOLDS) -> list[PageVerdict]:
    """The verdict on the sheet in `image`, (height, width) grey, judged by `thresholds`. Deterministic; a failure inside becomes `unreadable`."""
    try:
        return [_read(image, shelf, thresholds)]
    except FAULTS as failure:
        _log.warning("a picture of %s could not be read: %s", getattr(image, "shape", "no shape"), failure)
        return [PageVerdict(PageState.UNREADABLE, fault(failure))]


def _read(image: Grey, shelf: Shelf, thresholds: Thresholds) -> PageVerdict:
    if image.ndim != 2 or min(image.shape, default=0) < 16:
        return PageVerdict(PageState.UNREADABLE, "too_small")
    if sheets_of(sightings(image)):
        return PageVerdict(PageState.FOREIGN, "our_page")
    seen = looked_at(image)
    if len(seen.points) < LITTLE and is_empty(image):
        return PageVerdict(PageState.EMPTY)
    fits = [register(seen, each.known) for each in shelf.candidates]
    if not any(map(_is_there, fits)):
        closer = looked_at(image, LOOK_CLOSER)
        fits = [_better(fit, register(closer, each.known)) for fit, each in zip(fits, shelf.candidates, strict=True)]
    fitting = [index for index, fit in enumerate(fits) if _is_there(fit)]
    if not fitting:
        return _nothing_fits(image, shelf, fits)
    chosen = _clearest(fitting, fits, shelf)
    if chosen is None:
        return PageVerdict(PageState.UNREADABLE, "forms_alike")
    fit = fits[chosen]
    assert fit is not None
    return _verdict(image, shelf.candidates[chosen], fit, thresholds)


def _is_there(fit: Fit | None) -> bool:
    if fit is None or fit.share < SHARE or fit.distinct < DISTINCT or fit.error_mm > MOST_OFF_MM:
        return False
    return int((fit.likeness >= FITS).sum()) >= FEWEST_WINDOWS


def _better(one: Fit | None, other: Fit | None) -> Fit | None:
    if one is None or other is None:
        return one or other
    return one if one.share >= other.share else other


def _nothing_fits(image: Grey, shelf: Shelf, fits: Sequence[Fit | None]) -> PageVerdict:
    """Why no form lies in the picture."""
    if is_empty(image):
        return PageVerdict(PageState.EMPTY)
    if traces(image):
        return PageVerdict(PageState.UNREADABLE, "code_lost")
    behind = looked_at(mirrored(image))
    if any(_is_there(register(behind, each.known)) for each in shelf.candidates):
        return PageVerdict(PageState.UNREADABLE, "mirrored")
    if any(fit is not None for fit in fits):
        return PageVerdict(PageState.UNREADABLE, "does_not_fit")
    return PageVerdict(PageState.FOREIGN, "other_form")


def _clearest(fitting: Sequence[int], fits: Sequence[Fit | None], shelf: Shelf) -> int | None:
    """The page that is clearly nearer to the picture than every other that fits; None where two are as good."""
    best = fitting[0]
    for other in fitting[1:]:
        margin = _margin(best, other, fits, shelf)
        if abs(margin) < CLEARLY:
            return None
        best = best if margin > 0 else other
    return best


def _margin(one: int, other: int, fits: Sequence[Fit | None], shelf: Shelf) -> float:
    """How much better the first fits than the second where their prints differ."""
    first, second = fits[one], fits[other]
    assert first is not None
    assert second is not None
    ours, theirs = shelf.apart[one, other]
    if ours.sum() + theirs.sum() < FEWEST_DIFFERENCES:
        return 0.0
    return _mean(first.likeness[ours & first.shown]) - _mean(second.likeness[theirs & second.shown])


def _mean(values: npt.NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else 0.5


def _verdict(image: Grey, candidate: Candidate, fit: Fit, thresholds: Thresholds) -> PageVerdict:
    layout = candidate.page.layout
    centers = np.array([box.center_mm for box in layout.boxes])
    shifts, likeness = carried(fit, centers)
    error = round(fit.error_mm, 3)
    lines = _lines(candidate, likeness, shifts)
    if np.mean([line[1] >= FLOOR for line in lines]) < FITTING_ITEMS:
        return PageVerdict(PageState.UNREADABLE, "does_not_fit", error_mm=error)
    shifts = settled(image, candidate.prepared, fit.homography, shifts)
    taken = marks_in(image, candidate.prepared, fit.homography, shifts, fit.black)
    at = applied(fit.homography, centers + shifts)
    measurements: dict[str, Any] = {
        "format": MEASUREMENTS,
        "form": candidate.form.code,
        "form_digest": candidate.form.digest,
        "form_page": candidate.page.number,
        "transform": [round(float(value), 9) for value in fit.homography.ravel()],
        "points": int((fit.likeness >= FITS).sum()),
        "share": round(fit.share, 3),
        "black": round(fit.black, 3),
        "rows": lines,
        "at": [[round(x, 1), round(y, 1)] for x, y in at.tolist()],
        "boxes": [mark.as_list() for mark in taken],
    }
    if is_two_tone(image):
        measurements["two_tone"] = True
    items = judge_page(measurements, layout, thresholds)
    state, reason = state_of(items)
    return PageVerdict(state, reason, None, items, error, measurements)


def _lines(candidate: Candidate, likeness: npt.NDArray[np.float64], shifts: Any) -> list[list[Any]]:
    """For every item: how much its surroundings look like the blank, and how far they lie from the plane, in the shape of PageVerdict.measurements."""
    members: dict[str, list[int]] = {}
    for index, box in enumerate(candidate.page.layout.boxes):
        members.setdefault(box.item, []).append(index)
    return [
        [item, round(float(np.median(likeness[own])), 3), *(round(float(each), 3) for each in np.median(shifts[own], axis=0))]
        for item, own in members.items()
    ]


@lru_cache(maxsize=4)
def kept_shelf(files: tuple[str, ...], _digests: tuple[str, ...]) -> Shelf:
    """The shelf of form files, kept in a worker process; the digests make a changed file another shelf."""
    from pathlib import Path

    from scanning.form_file import read_forms

    return shelf_of(read_forms([Path(file) for file in files]))
