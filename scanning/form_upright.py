"""Which way the words of a blank run. Pure: letters of a word stand beside each other, so that the nearest sign of a sign on a sheet that lies on its side is above or below it.

scanning/form_draft_command asks before it looks for rows. Upside down cannot be told so.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from scanning.form import PER_MM
from scanning.form_look import darkness
from scanning.form_outlines import Outline
from scanning.verdict import Grey

PRINT = 0.3
SIGN_MM = (0.7, 6.0)  # the longer side of a letter
CLOSE = 0.6  # of its longer side: how far the next letter of a word is at most
BESIDE_MM = 0.4  # of an outline, that is taken away with it
LEAST_SIGNS = 15
TURNED = 0.7  # share of the signs whose neighbour is above or below


def lies_on_its_side(blank: Grey, boxes: Sequence[Outline]) -> bool:
    """Whether the words of a blank at PER_MM, beside its boxes, run up or down; False where there are too few to tell."""
    dark = np.asarray(darkness(blank, PER_MM) > PRINT, np.uint8)
    for box in boxes:
        left, top, right, bottom = (
            max(0, round((box.center_mm[side % 2] + sign * (box.size_mm[side % 2] / 2 + BESIDE_MM)) * PER_MM))
            for side, sign in enumerate((-1, -1, 1, 1))
        )
        dark[top:bottom, left:right] = 0
    _count, _labels, stats, _centers = cv2.connectedComponentsWithStats(dark, connectivity=8)
    sides = stats[:, 2:4].max(axis=1) / PER_MM
    signs = stats[(sides >= SIGN_MM[0]) & (sides <= SIGN_MM[1])][:, :4].astype(np.float64) / PER_MM
    across = down = 0
    for x, y, width, height in signs:
        beside = np.maximum(np.maximum(signs[:, 0] - (x + width), x - (signs[:, 0] + signs[:, 2])), 0)
        below = np.maximum(np.maximum(signs[:, 1] - (y + height), y - (signs[:, 1] + signs[:, 3])), 0)
        reach = CLOSE * max(width, height)
        across += bool(((below == 0) & (beside > 0) & (beside <= reach)).any())
        down += bool(((beside == 0) & (below > 0) & (below <= reach)).any())
    return across + down >= LEAST_SIGNS and down >= TURNED * (across + down)
