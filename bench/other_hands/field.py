"""One picture of a condition from its seed: sheets are printed, filled, worn and photographed, and what is true of them is kept.

bench/other_hands/judge reads the pictures; the same (seed, condition, number) gives the same picture on every machine.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.other_hands.conditions import KNOWN, Condition
from bench.other_hands.picture import Picture, Work
from bench.other_hands.pupil import Deed, fill
from bench.other_hands.sheets import PrintRoom, Sheet
from bench.other_hands.strokes import Rng
from bench.other_hands.truth import Truth, truths
from scanning.verdict import Grey


@dataclass(frozen=True, slots=True)
class Shown:
    """One sheet in a picture: what is true of its items, and what was done to its boxes."""

    sheet: Sheet
    picture: Picture
    truths: Sequence[Truth]
    deeds: Sequence[Deed] = ()


def take(name: str, seed: int, number: int, room: PrintRoom) -> tuple[Grey, list[Shown]]:
    """Picture `number` (from 0) of a condition: grey pixels, and the sheets in it."""
    condition = KNOWN[name]
    rng = np.random.default_rng([seed, zlib.crc32(name.encode()), number])
    sheets = [room.sheet(f"{name}/{seed}/{number}/{place}", rng) for place in range(2 if condition.two else 1)]
    made = [_written(sheet, condition, room, rng) for sheet in sheets]
    works = [work for work, _deeds in made]
    if condition.two:
        grey, pictures = condition.two(works)
    else:
        pictures = [condition.device(works[0])]
        grey = pictures[0].grey
    shown = [
        Shown(sheet, picture, truths(sheet, deeds, picture, work.hidden), deeds)
        for sheet, (work, deeds), picture in zip(sheets, made, pictures, strict=True)
    ]
    return grey, shown


def _written(sheet: Sheet, condition: Condition, room: PrintRoom, rng: Rng) -> tuple[Work, list[Deed]]:
    """A sheet after its pupil and its journey, before its picture."""
    per_mm = condition.print_dpi / 25.4
    back = _back(condition, room, rng) if condition.back else None
    work = Work(sheet.render(condition.print_dpi), per_mm, rng, back)
    for stage in condition.before:
        stage(work)
    work.printed = work.page.copy()
    deeds = fill(work.page, per_mm, sheet, condition.habits, str(rng.choice(condition.eyes)), rng)
    for stage in condition.after:
        stage(work)
    return work, deeds


def _back(condition: Condition, room: PrintRoom, rng: Rng) -> Grey:
    """Another sheet, filled as well, for the other side of the paper."""
    sheet = room.sheet("back", rng)
    page = sheet.render(condition.print_dpi)
    fill(page, condition.print_dpi / 25.4, sheet, condition.habits, "luma", rng)
    return page
