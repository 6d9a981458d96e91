"""Which marks are red or green: a teacher's corrections, on a page that is scanned after them, must not be taken for the pupil's answers.

scanning/page calls `tinted` where the picture came in colour; scanning/judge compares the marks of a page with each other. Grey pictures tell nothing here.
The colour picture may be many times smaller than the grey one.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from scanning.transform import Points, Transform
from scanning.verdict import Colour, Grey

SIDE, SPAN = 25, 2.0  # cells of a patch's side, and radii from its middle to its edge
INSIDE = 0.75  # radii within which nothing is printed
CORNERS, ASIDE = (
    (1.3, 2.0),
    0.6,
)  # radii between which, and at least how far from the row's and the column's middle, a cross over a mark shows beside it
PAPER = 0.8  # share of a patch's cells that are darker than paper
INKED = 0.1  # darkness of a cell, in the light in which a colour is dark, that is ink
LEAST_CELLS = 0.04  # share of the inside that is ink, below which there is nothing to tell a colour of
DIMMEST = 40  # grey of the paper below which colours are noise
BLUE, GREEN, RED = range(3)  # channels of a picture, as OpenCV orders them
HUES = {  # in which light an ink is pale, in which dark, and the share of its darkness missing there from which it is told
    "red": (RED, GREEN, 0.3),  # graphite, blue and black ink have less than 0.15, and less than 0 most often
    "green": (GREEN, RED, 0.12),  # graphite, violet and most blue ink have less; of what lies below a page's pen looks like two
}
IN_BLUE = 0.65  # share of its darkness that an ink has in blue light, below which it is pink, or blue rather than green: red inks have 0.8 and more, green ones 0.69 and more, pink ones 0.6 and less
Channels = npt.NDArray[np.float32]


def tinted(
    image: Grey, colour: Colour, centers: Points, radii: npt.NDArray[np.float64], transform: Transform, shifts: Points
) -> dict[str, dict[int, float]]:
    """How red, and how green, the ink in boxes is (`red`, `green`) and the ink at their corners (`red_round`, `green_round`), by the place in the layout; other boxes are left out.

    That is the share of the ink's darkness in green light that is missing in red light, or the other way round: 0 of black ink, 1 of pure red. Pink and blue, which
    teachers do not correct in, are not told. `centers`, `shifts`: (n, 2), and `radii`: (n,), millimetres; `transform` leads to pixels of `image`. What lies in the
    circle counts as one, so that red over pencil is less red.
    """
    patches = _patches(image, colour, centers + shifts, radii, transform)
    paper = np.quantile(patches, PAPER, axis=1, keepdims=True)
    darkness: Channels = np.clip(1.0 - patches / np.maximum(paper, 1.0), 0.0, 1.0).astype(np.float32)
    lit = paper[:, 0].min(axis=1) >= DIMMEST
    parts = dict(zip(("", "_round"), _areas(), strict=True))
    return {hue + part: _shares(darkness[:, cells], lit, hue) for hue in HUES for part, cells in parts.items()}


def _shares(darkness: Channels, lit: npt.NDArray[np.bool_], hue: str) -> dict[int, float]:
    pale, dark, least = HUES[hue]
    ink = darkness[..., dark] >= INKED
    seen = (ink.mean(axis=1) >= LEAST_CELLS) & lit
    sums = (darkness * ink[..., None]).sum(axis=1)
    whole = np.maximum(sums[:, dark], 1e-6)
    share = 1.0 - sums[:, pale] / whole
    told = seen & (share >= least) & (sums[:, BLUE] >= IN_BLUE * whole)
    return {int(place): round(float(share[place]), 2) for place in np.flatnonzero(told)}


def _patches(image: Grey, colour: Colour, centers: Points, radii: npt.NDArray[np.float64], transform: Transform) -> Channels:
    """The paper round each box in blue, green and red light, (n, SIDE * SIDE, 3)."""
    places = (centers[:, None] + _grid()[None] * radii[:, None, None]).reshape(-1, 2)
    smaller = np.array([colour.shape[1] / image.shape[1], colour.shape[0] / image.shape[0]])
    at = ((transform.pixels(places) + 0.5) * smaller - 0.5).astype(np.float32).reshape(len(centers), -1, 2)
    across, down = (np.ascontiguousarray(at[..., axis]) for axis in (0, 1))
    return np.asarray(cv2.remap(colour, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


@lru_cache(maxsize=1)
def _grid() -> Points:
    steps = np.linspace(-SPAN, SPAN, SIDE)
    return np.stack(np.meshgrid(steps, steps), axis=2).reshape(-1, 2)


@lru_cache(maxsize=1)
def _areas() -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The cells inside a box, and those at its four corners."""
    far, aside = np.hypot(*_grid().T), np.abs(_grid()).min(axis=1)
    return np.flatnonzero(far <= INSIDE), np.flatnonzero((far > CORNERS[0]) & (far <= CORNERS[1]) & (aside >= ASIDE))
