"""What dirt on a scanner's glass draws: thin lines along the whole picture, at the same place from its first row to its last.

They are straight to the pixel, however the sheet lies, for it is the sheet that moves; nothing that is printed or written runs so from edge to edge. scanning/alarms_look
tells the officer of them; scanning/page has the dark ones wiped off before marks are measured: what they hide is a hair's breadth of a circle, and what lies to both sides is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scanning.transform import Points
from scanning.verdict import Grey

LINES = 40  # rows (or columns) that are looked at, spread over the picture to its very edges
EDGE = 0.015  # share of the picture at each end that is left out
BESIDE = 1 / 280  # of the picture's width: how far aside a line is compared, 0.75 mm of A4
DARKER, LIGHTER = 12, 4  # grey values; white paper leaves little room above it
LIGHT = 100  # grey value of paper: beside print nothing is seen
ON_PAPER, MOST_OF_LINES = (
    0.5,
    0.88,
)  # shares of the lines that must lie on paper, and of those that show a stripe: a worksheet's own rules reach 0.77, a manifest's 0.9
WIDEST = 1 / 300  # of the picture's width, 0.7 mm of A4: what is wider hides too much
FLANK = 1 / 1400  # 0.15 mm: so far to both sides a line is blurred
MOST = 5  # lines of one picture


@dataclass(frozen=True, slots=True)
class Along:
    """A line along the whole picture. axis: 0 upright, 1 level · first, last: columns (rows) that it takes · step: grey values against what lies beside it, below 0 if it is darker."""

    axis: int
    first: int
    last: int
    step: float


def lines_along(image: Grey, axis: int) -> Iterator[Along]:
    """Lines along the whole picture, (height, width) grey: upright ones for `axis` 0, level ones for 1."""
    lines = spread(image, axis)
    beside = max(2, round(lines.shape[1] * BESIDE))
    left, middle, right = lines[:, : -2 * beside], lines[:, beside:-beside], lines[:, 2 * beside :]
    darker = cv2.min(left, right)
    light_beside = np.asarray(darker) >= LIGHT
    paper = _lines_of(light_beside)
    dark = np.asarray(cv2.subtract(darker, middle), np.uint8)
    light = np.asarray(cv2.subtract(middle, cv2.max(left, right)), np.uint8)
    for steps, least, sign in ((dark, DARKER, -1), (light, LIGHTER, 1)):
        share = np.where(paper >= ON_PAPER * len(lines), _lines_of((steps >= least) & light_beside) / np.maximum(paper, 1), 0)
        for first, last in _runs(share >= MOST_OF_LINES):
            step = float(np.median(steps[:, first : last + 1].max(axis=1)))
            if not _to_both_ends(steps[:, first : last + 1] >= least, light_beside[:, first : last + 1]):
                continue
            yield Along(axis, first + beside, last + beside, sign * step)


def _to_both_ends(shown: npt.NDArray[np.bool_], paper: npt.NDArray[np.bool_]) -> bool:
    """Whether a line is seen on the first and on the last that there is of the paper, (LINES, its width) flags each: the rules of a table end where print ends, before the paper does."""
    first, *_between, last = np.flatnonzero(paper.any(axis=1))
    return bool((shown & paper)[[first, last]].any(axis=1).all())


def wiped(image: Grey, corners: Points | None = None) -> tuple[Grey, int]:
    """The picture, (height, width) grey, without the dark lines along it, and how many there were. `corners`, (4, 2) pixels: of the sheet, beside which a line is none of its own, as its edges are. Each takes the lighter of what lies to both of its sides; nothing becomes darker.

    The glass draws along one way only, and few lines: more are the paper's own (scanning/ruled). What lies between two dark cells, as in a fill, stays dark. (Painted from side to side, the smooth way, a printed outline beside the line would leave a shade in an empty circle.)
    """
    ways = [
        [each for each in lines_along(image, axis) if each.step < 0 and _crosses(each, corners) and _ends_beside(image, each)]
        for axis in (0, 1)
    ]
    found = [each for own in ways for each in own]
    if not found or all(ways) or len(found) > MOST:
        return image, 0
    whole = image.copy()
    for each in found:
        upright = whole if each.axis == 0 else whole.T
        low, high = _sides(upright.shape[1], each)
        lighter = np.maximum(upright[:, low], upright[:, high])
        upright[:, low:high] = np.maximum(upright[:, low:high], lighter[:, None])
    return whole, len(found)


def _sides(width: int, line: Along) -> tuple[int, int]:
    """The columns (rows) to both sides of a line that it does not touch."""
    flank = max(1, round(width * FLANK)) + 1
    return max(0, line.first - flank), min(width - 1, line.last + flank)


def _crosses(line: Along, corners: Points | None) -> bool:
    """Whether the line lies where the sheet does."""
    if corners is None:
        return True
    across = corners[:, line.axis]
    return bool(across.min() < line.first and line.last < across.max())


def _ends_beside(image: Grey, line: Along) -> bool:
    """Whether the line is so thin that the paper is light again right beside it."""
    rows = spread(image, line.axis).astype(np.int16)
    low, high = _sides(rows.shape[1], line)
    if line.last - line.first >= max(2, rows.shape[1] * WIDEST):
        return False
    step = np.minimum(rows[:, low], rows[:, high]) - rows[:, line.first : line.last + 1].min(axis=1)
    return bool(np.median(step) >= -line.step / 2)


def spread(image: Grey, axis: int) -> Grey:
    """Some rows of the picture, or some columns laid as rows, (LINES, length)."""
    count = image.shape[axis]
    chosen = np.linspace(EDGE * count, (1 - EDGE) * count - 1, LINES).astype(np.intp)
    return np.ascontiguousarray(image[chosen] if axis == 0 else image[:, chosen].T)


def _lines_of(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Of how many of the lines, (LINES, length), each place is flagged."""
    count: npt.NDArray[np.intp] = flags.view(np.uint8).sum(axis=0, dtype=np.uint8).astype(np.intp)
    return count


def _runs(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last index of every run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(first), int(last) - 1) for first, last in zip(edges[::2], edges[1::2], strict=True)]
