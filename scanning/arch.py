"""A sheet that arches between its printed points: its rows' own print, piece by piece, says how.

scanning/page calls `straightened` for pages of which some rows hardly look like their print. A row has one shift; where paper bends along it, its ends lie
elsewhere than its middle. Each row is therefore compared in pieces, and what these find bends the transform. Whether that helped, the rows say again.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from packets.layout import Layout
from scanning import rows
from scanning.align import marks_of
from scanning.rows import Anchors, Plan, Row, Values
from scanning.transform import Points, Transform, fit_bend
from scanning.verdict import Grey

CLEAR = 0.8  # similarity of a row with its print below which its page is looked into
PIECE_MM = 30.0
ENOUGH, MOST = 150, 300  # points of a piece
SURE = 0.55  # similarity with the print from which on a piece is believed
APART_MM = 0.7  # what lies further from where all others put it is not
ROUNDS = 3
SETTLED_MM = 0.15  # a round that moves no piece further is the last
FEWEST = 4  # pieces that tell how the sheet is bent


def straightened(
    image: Grey, lit: Values, per_lit: float, transform: Transform, layout: Layout, plan: Plan, anchors: Anchors
) -> tuple[Transform, Anchors]:
    """The transform bent to the print of the rows, and where the rows lie then; both as they were unless more of the print fits."""
    pieces = pieces_of(plan)
    bent = transform
    for _round in range(ROUNDS):
        again = _bent(image, lit, per_lit, bent, layout, pieces)
        if again is None:
            break
        bent, moved = again
        if moved < SETTLED_MM:
            break
    if bent is transform:
        return transform, anchors
    found = rows.anchor(image, lit, per_lit, bent, plan)
    return (bent, found) if _better(found, anchors) else (transform, anchors)


def pieces_of(plan: Plan) -> Plan:
    """The rows of `plan` cut into pieces about PIECE_MM wide, each a row without boxes; pieces that hold hardly any print are left out."""
    cut = np.floor(plan.mm[:, 0] / PIECE_MM).astype(np.intp)
    owner = plan.owner * (int(cut.max(initial=0)) + 1) + cut
    names, counts = np.unique(owner, return_counts=True)
    every_piece = (np.flatnonzero(owner == name) for name in names[counts >= ENOUGH])
    order = [each[:: -(-len(each) // MOST)] for each in every_piece]
    if not order:
        return Plan((), plan.owner[:0], plan.starts[:0], plan.mm[:0], plan.basis[:, :0], plan.gram[:0], plan.model[:, :0])
    every = np.concatenate(order)
    middles = [plan.mm[each].mean(axis=0).tolist() for each in order]
    made = tuple(Row(plan.rows[int(plan.owner[each[0]])].item, (), (x, y)) for each, (x, y) in zip(order, middles, strict=True))
    return rows.planned(made, [len(each) for each in order], plan.mm[every], plan.basis[:, every])


def _bent(image: Grey, lit: Values, per_lit: float, transform: Transform, layout: Layout, pieces: Plan) -> tuple[Transform, float] | None:
    """The transform through the pieces that were found, and the printed points where it has them, and how far that moved a piece at the most; None where too few were found."""
    found = rows.anchor(image, lit, per_lit, transform, pieces)
    sure = found.likeness >= SURE
    middles = np.array([row.middle_mm for row in pieces.rows]).reshape(-1, 2)
    fixed = np.array([mark.center_mm for mark in marks_of(layout)])
    while int(sure.sum()) >= FEWEST:
        mm = np.concatenate([fixed, middles[sure]])
        pixels = np.concatenate([transform.pixels(fixed), transform.pixels(middles[sure] + found.shifts[sure])])
        bent = Transform(transform.homography, fit_bend(transform.homography, mm, pixels))
        off = np.where(sure, _off(bent, transform, middles, found.shifts), 0.0)
        if off.max() < APART_MM:
            return bent, float(np.linalg.norm(found.shifts[sure], axis=1).max())
        sure[int(off.argmax())] = False
    return None


def _off(bent: Transform, transform: Transform, middles: Points, shifts: Points) -> npt.NDArray[np.float64]:
    """How far the pieces, as they were found, lie from where `bent` has them, (n,) millimetres."""
    off: npt.NDArray[np.float64] = np.linalg.norm(bent.pixels(middles) - transform.pixels(middles + shifts), axis=1) / max(bent.scale, 1e-6)
    return off


def _better(found: Anchors, before: Anchors) -> bool:
    """Whether more rows look like their print than before, or as many, but more so."""
    counts = [int((each.likeness >= rows.FLOOR).sum()) for each in (found, before)]
    return counts[0] > counts[1] or (counts[0] == counts[1] and float(found.likeness.mean()) > float(before.likeness.mean()))
