"""Small pictures of what went wrong, for a person's eyes: an item with its surroundings, or a whole lost page, shrunk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from bench.other_hands.field import Shown
from scanning.verdict import Grey

AROUND_MM = 9.0
WIDEST = 1100


def save(folder: Path, what: str, line: str, grey: Grey, shown: Sequence[Shown], item: str) -> None:
    """Write a PNG below `folder`/`what`, named by `line`."""
    picture = item_crop(grey, shown, item) if item else grey
    shrink = min(1.0, (WIDEST if item else 900) / max(picture.shape))
    small = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA) if shrink < 1 else picture
    place = folder / what.replace(" ", "_")
    place.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w.-]+", "_", line.partition("; meant")[0].replace(f" {what}; drawn:", ""))[:110]
    cv2.imwrite(str(place / f"{name}.png"), small)


def item_crop(grey: Grey, shown: Sequence[Shown], item: str) -> Grey:
    """The part of the picture round an item's boxes."""
    for each in shown:
        spots = each.sheet.spots_of(item)
        if spots:
            centers = np.array([spot.center for spot in spots])
            low, high = centers.min(0) - AROUND_MM, centers.max(0) + AROUND_MM
            corners = each.picture.places(np.array([low, [high[0], low[1]], high, [low[0], high[1]]]))
            (left, top), (right, bottom) = np.floor(corners.min(0)).astype(int), np.ceil(corners.max(0)).astype(int)
            return grey[max(0, top) : max(1, bottom), max(0, left) : max(1, right)]
    return grey
