"""A first list of boxes from the blank of a form: blocks become questions, choices and digits, and what is not sure is told. Pure.

scanning/form_draft_command writes it. No letter and no number is read: questions are counted, choices are called A, B, C, and only which boxes bear the same
print tells whether choices stand beside each other or digits below each other. A draft; a person corrects it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from packets.layout import BoxKind
from scanning.form import PER_MM
from scanning.form_blocks import Block, Cell, blocks_of, skew_of, usable
from scanning.form_look import darkness
from scanning.form_outlines import Outline
from scanning.verdict import Grey

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
IDENTITY, IDENTITY_COLUMNS = "code", 4
DIGITS = 10
SURE = 0.15  # of likeness, by which rows are liker than columns
INSIDE = (-0.34, -0.34, 0.34, 0.34)  # of a box's sides from its middle: left, top, right, bottom
ABOVE, LEFT = (-0.4, -1.0, 0.4, -0.58), (-1.1, -0.4, -0.58, 0.4)
LEAST_INK = 0.01
SKEWED = 0.3  # degrees
Values = npt.NDArray[np.floating[Any]]

COUNTED, NAMED, DIGITS_SEEN, DIRECTION, ORDER, LOST = "counted", "named", "digits", "direction", "order", "box_lost"
IDENTITY_GUESSED, SINGLE, SHARED, ALONE, SKEW = "identity", "single_column", "shared_lines", "alone", "skew"


@dataclass(frozen=True, slots=True)
class Unsure:
    """What a person is to look at: a code of this module, the question and value that it is about, and where (millimetres) or how many."""

    code: str
    item: str = ""
    value: str = ""
    place: tuple[float, float] | None = None
    count: int = 0


@dataclass(slots=True)
class Draft:
    """The boxes of one page as the form's file lists them, and what is not sure. `questions` counts from the first page on."""

    boxes: list[dict[str, Any]] = field(default_factory=list)
    unsure: list[Unsure] = field(default_factory=list)
    questions: int = 0
    identity: str = ""


def draft_of(blank: Grey, found: Sequence[Outline], questions: int = 0, identity: bool = False) -> Draft:
    """The draft of one page at PER_MM by its outlines, behind so many questions of the pages before; `identity`: an earlier page has that field."""
    kept = usable(found)
    ink = darkness(blank, PER_MM)
    blocks = blocks_of(kept, lambda block: _kind(ink, block).digits)
    draft = Draft(questions=questions)
    kinds = [_kind(ink, block) for block in blocks]
    numbers = [block for block, kind in zip(blocks, kinds, strict=True) if kind.digits]
    coded = None if identity or len(numbers) != 1 or _other(numbers[0], blocks, kinds) < IDENTITY_COLUMNS else numbers[0]
    for block, kind in zip(blocks, kinds, strict=True):
        _take(draft, block, kind, block is coded)
    if draft.boxes:
        draft.unsure += [Unsure(COUNTED, value=f"{questions + 1}-{draft.questions}"), Unsure(NAMED)]
    draft.unsure += _left_out(found, kept, blocks)
    angle = skew_of(kept)
    if abs(angle) > SKEWED:
        draft.unsure.append(Unsure(SKEW, value=f"{angle:.1f}"))
    return draft


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a block is read: `down`: values run down a column; `digits`: they are 0 to 9; `one_first`: 1 to 9, then 0; `sure` whether print tells the direction."""

    down: bool
    digits: bool
    one_first: bool
    sure: bool


def _kind(ink: Values, block: Block) -> _Kind:
    lead = _lead(ink, block)
    sure = abs(lead) >= SURE
    down = lead > 0 if sure else block.columns == 1
    along = block.rows if down else block.columns
    digits = along == DIGITS and (sure or down or block.rows > 1 or block.columns == DIGITS)
    return _Kind(down, digits, digits and _one_first(ink, block, down), sure)


def _other(block: Block, blocks: Sequence[Block], kinds: Sequence[_Kind]) -> int:
    """How many digit columns a block of digits has."""
    kind = kinds[list(map(id, blocks)).index(id(block))]
    return block.columns if kind.down else block.rows


def _take(draft: Draft, block: Block, kind: _Kind, coded: bool) -> None:
    """Add a block's boxes to the draft, with what is not sure of them."""
    item = ""
    if kind.digits:
        item = IDENTITY if coded else _next_item(draft)
        draft.identity = IDENTITY if coded else draft.identity
        draft.unsure.append(Unsure(IDENTITY_GUESSED if coded else DIGITS_SEEN, item, "1" if kind.one_first else "0"))
    for number in range(block.columns if kind.down else block.rows):
        if not kind.digits and (number == 0 or block.columns > 1 or not kind.down):
            item = _next_item(draft)
        _take_line(draft, block, kind, number, item)
    if not kind.digits and block.columns == 1:
        draft.unsure.append(Unsure(SINGLE, item, count=block.rows))
    elif not kind.sure and DIGITS in (block.rows, block.columns):
        draft.unsure.append(Unsure(DIRECTION, item))


def _take_line(draft: Draft, block: Block, kind: _Kind, number: int, item: str) -> None:
    """The boxes along one question or one digit column; those that were not found are told."""
    for place in range(block.rows if kind.down else block.columns):
        cell: Cell = (place, number) if kind.down else (number, place)
        value = _value(place, kind)
        outline = block.cells.get(cell)
        if outline is None:
            draft.unsure.append(Unsure(LOST, item, value, block.place_of(cell)))
        else:
            draft.boxes.append(_box(item, value, outline, kind, number + 1))


def _value(place: int, kind: _Kind) -> str:
    if kind.digits:
        return str((place + kind.one_first) % DIGITS)
    return LETTERS[place] if place < len(LETTERS) else str(place + 1)


def _box(item: str, value: str, outline: Outline, kind: _Kind, column: int) -> dict[str, Any]:
    told = BoxKind.DIGIT if kind.digits else BoxKind.CHOICE
    return {
        "item": item,
        "value": value,
        "label": value,
        "column": column if kind.digits else None,
        "kind": told.value,
        "shape": outline.shape,
        "center_mm": list(outline.center_mm),
        "size_mm": list(outline.size_mm),
    }


def _next_item(draft: Draft) -> str:
    draft.questions += 1
    return str(draft.questions)


def _left_out(found: Sequence[Outline], kept: Sequence[Outline], blocks: Sequence[Block]) -> Iterator[Unsure]:
    if len(kept) < len(found):
        yield Unsure(SHARED, count=len(found) - len(kept))
    alone = len(kept) - sum(len(block.cells) for block in blocks)
    if alone:
        yield Unsure(ALONE, count=alone)


# ---- what the print inside and beside the boxes tells


def _lead(ink: Values, block: Block) -> float:
    """By how much boxes of a row are liker each other than boxes of a column: by the print inside them, else above, else to the left."""
    for part in (INSIDE, ABOVE, LEFT):
        signs = {cell: sign for cell, box in block.cells.items() if (sign := _sign(ink, box, part)) is not None}
        rows, columns = (_likeness(signs, step) for step in ((0, 1), (1, 0)))
        if rows is not None and columns is not None and abs(rows - columns) >= SURE:
            return rows - columns
    return 0.0


def _likeness(signs: Mapping[Cell, Values], step: Cell) -> float | None:
    """The mean likeness of neighbours a step apart; None where fewer than two can be compared."""
    pairs = [
        (sign, signs[row + step[0], column + step[1]])
        for (row, column), sign in signs.items()
        if (row + step[0], column + step[1]) in signs
    ]
    if len(pairs) < 2:
        return None
    return float(np.mean([max(0.0, float(cv2.matchTemplate(_framed(one), other, cv2.TM_CCOEFF_NORMED).max())) for one, other in pairs]))


def _sign(ink: Values, box: Outline, part: tuple[float, float, float, float]) -> Values | None:
    """The print in a part of the box's surroundings, 24 cells square; None where there is none, or it lies beyond the page."""
    (x, y), (width, height) = box.center_mm, box.size_mm
    left, top, right, bottom = (
        round(each * PER_MM) for each in (x + part[0] * width, y + part[1] * height, x + part[2] * width, y + part[3] * height)
    )
    cut = ink[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    if cut.size == 0 or float(np.clip(cut, 0, 1).mean()) < LEAST_INK:
        return None
    return np.asarray(cv2.resize(cut, (24, 24), interpolation=cv2.INTER_AREA), np.float32)


def _framed(sign: Values) -> Values:
    """The sign with room to be moved by two cells."""
    return np.asarray(np.pad(sign, 2), np.float32)


def _one_first(ink: Values, block: Block, down: bool) -> bool:
    """Whether the digits begin with 1: a 0 has a white place of its own within its line, a 1 has none."""
    last = (DIGITS - 1, 0) if down else (0, DIGITS - 1)
    ends = [block.cells.get(cell) for cell in ((0, 0), last)]
    holes = [_has_hole(ink, box) if box is not None else False for box in ends]
    return holes == [False, True] and all(box is not None and _sign(ink, box, INSIDE) is not None for box in ends)


def _has_hole(ink: Values, box: Outline) -> bool:
    (x, y), (width, height) = box.center_mm, box.size_mm
    part = ink[
        round((y - 0.36 * height) * PER_MM) : round((y + 0.36 * height) * PER_MM),
        round((x - 0.36 * width) * PER_MM) : round((x + 0.36 * width) * PER_MM),
    ]
    if part.size == 0:
        return False
    dark = np.asarray(part > max(0.12, 0.5 * float(part.max())), np.uint8)
    _contours, tree = cv2.findContours(dark, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    return tree is not None and any(int(each[3]) >= 0 for each in tree[0])
