"""Where a blank print lies in a picture: no code and no fiducial of ours helps, only the print itself.

scanning/form_page calls `known` once for every page of a form and `register` for every picture. Points of the print give a first homography
(scanning/form_points); then small windows of it (scanning/form_look) are sought near where that puts them, first wide, then fine (scanning/form_windows), and what
they leave over is a field of shifts.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scanning.form import PER_MM, FormPage
from scanning.form_look import COARSE_REACH_MM, FINE_REACH_MM, Look, Values, look_of, shrunk
from scanning.form_points import features, first_plane
from scanning.form_windows import FITS, Laid, lay
from scanning.transform import Matrix, Points
from scanning.verdict import Grey

LOOK_PER_MM = 4.0  # of the print whose points are sought
LOOK_SIDE, LOOK_CLOSER = 1100, 1700  # long side of the picture whose points are sought; where the sheet fills little of it, a second time
COARSE_PER_MM, FINE_PER_MM = 3.0, 6.0
COARSE_STEP_MM, FINE_STEP_MM = 10.0, 9.0
FEWEST_WORDS = 4  # windows with print beside the boxes by which a page is known
FADED = 0.3  # share of the page's usual contrast below which a window shows nothing at all
NEIGHBOURS_MM = 16.0


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A page of a form as it is sought: points and what they look like, (n, 2) millimetres and (n, 128), and its windows, wide and fine."""

    page: FormPage
    points: Points
    looks: Values
    coarse: Look
    fine: Look


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """How a print lies in a picture.

    homography: millimetres to pixels of the picture · at, shift: middles of the windows and how far the picture's print lies from them, (n, 2)
    millimetres · likeness: of each window, (n,) · shown: whether a window shows any print at all · share: of all windows, those that fit
    distinct: how much the print beside the boxes looks like itself, against the usual likeness of this picture: a grid of circles looks like any other, words do not · error_mm: root mean square of the shifts · black: what solid print looks like, over paper
    """

    known: Known
    homography: Matrix
    at: Points
    shift: Points
    likeness: npt.NDArray[np.float64]
    shown: npt.NDArray[np.bool_]
    share: float
    distinct: float
    error_mm: float
    black: float


def known(page: FormPage) -> Known:
    """What `register` needs of a page."""
    look = shrunk(page.blank, LOOK_PER_MM / PER_MM)
    points, looks = features(look)
    coarse, fine = look_of(page, COARSE_PER_MM, COARSE_STEP_MM), look_of(page, FINE_PER_MM, FINE_STEP_MM)
    return Known(page, (points + 0.5) / LOOK_PER_MM, looks, coarse, fine)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A picture as it is looked at: its points in pixels and what they look like; `coarse` pixels went into one of those that were looked at."""

    image: Grey
    points: Points
    looks: Values
    coarse: float


def looked_at(image: Grey, side: int = LOOK_SIDE) -> Seen:
    """The picture with its points; `side` is the length of the long one at which they are sought."""
    factor = min(1.0, side / max(image.shape))
    points, looks = features(shrunk(image, factor))
    return Seen(image, (points + 0.5) / factor - 0.5, looks, 1 / factor)


def register(seen: Seen, known: Known) -> Fit | None:
    """How the page lies in the picture, as well as it can be laid there; None where nothing of it is found. Whether it fits, `share` and `distinct` say."""
    rough = first_plane(known.points, known.looks, seen.points, seen.looks, seen.coarse)
    if rough is None:
        return None
    wide = lay(seen.image, known.coarse, rough, COARSE_REACH_MM, known.page.layout, only_alone=True)
    if wide is None:
        return None
    fine = lay(seen.image, known.fine, wide.plane, FINE_REACH_MM, known.page.layout, only_alone=False)
    return None if fine is None else _fit(known, fine)


def carried(fit: Fit, places: Points) -> tuple[Points, npt.NDArray[np.float64]]:
    """At places of the page, (n, 2) millimetres: how far the picture's print lies from the plane, (n, 2), and how much it looks like the blank, (n,).

    Each shift is a slope fitted to the windows near it, the nearest weighing most; where no window near shows any print, the likeness is 0.
    """
    good = fit.shown & (fit.likeness >= FITS)
    apart = places[:, None, :] - fit.at[None, :, :]
    weight = np.exp(-0.5 * (apart**2).sum(axis=2) / NEIGHBOURS_MM**2)
    told = weight * fit.shown
    close = np.exp(-0.5 * (apart**2).sum(axis=2) / (NEIGHBOURS_MM / 2) ** 2) * fit.shown
    total = close.sum(axis=1)
    likeness = np.where(told.sum(axis=1) > 0.1, (close @ fit.likeness) / np.maximum(total, 1e-9), 0.0)
    held = weight * good * fit.likeness**2
    basis = np.concatenate([np.ones((*apart.shape[:2], 1)), -apart / NEIGHBOURS_MM], axis=2)
    gram = np.einsum("pw,pwi,pwj->pij", held, basis, basis) + np.diag([1e-6, 0.6, 0.6])
    right = np.einsum("pw,pwi,wk->pik", held, basis, fit.shift)
    shifts: Points = np.linalg.solve(gram, right)[:, 0, :]
    return shifts, likeness


def mirrored(image: Grey) -> Grey:
    """The picture as it is seen from behind."""
    return np.asarray(cv2.flip(image, 1), np.uint8)


def _fit(known: Known, laid: Laid) -> Fit:
    good = laid.likeness >= FITS
    gain = float(np.median(laid.gain[good]))
    shown = good | (laid.spread >= FADED * gain)
    near = good & (np.linalg.norm(laid.shift, axis=1) < 2.0)
    error = float(np.sqrt((laid.shift[near] ** 2).sum(axis=1).mean())) if near.any() else 9.9
    told = laid.words[np.isfinite(laid.words)]
    usual = float(np.median(laid.likeness[good]))
    distinct = float(np.clip(told, 0, 1).mean()) / usual if len(told) >= FEWEST_WORDS else 0.0
    black = 1.0 - float(np.clip(gain, 0.2, 1.0))
    return Fit(known, laid.plane, laid.at, laid.shift, laid.likeness, shown, float(good.mean()), distinct, error, black)
