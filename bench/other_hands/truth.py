"""What a reasonable teacher would say of each item, looking at the final picture: never what the reader says.

A pupil's meaning (pupil.Deed) is the truth only where it can still be seen: marks paler than an eye takes for a mark, erasures that stayed dark,
crossings-out that faded and boxes that are torn away make an item "due": a doubt is right there, and so is what was meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np

from bench.other_hands.picture import Picture
from bench.other_hands.pupil import Deed, Mark
from bench.other_hands.sheets import Sheet, Spot
from bench.other_hands.strokes import Floats

INVISIBLE, FAINT = 0.03, 0.09  # share of the paper's light that a mark takes away
INVISIBLE_ONE_BIT, FAINT_ONE_BIT = 0.08, 0.35  # there: share of the mark that came out black
PALE_BESIDE_OTHERS = 0.33  # of the page's usual mark: looks rubbed out
RUBBED_STAYS = 0.4  # of the answer's darkness: which of them is meant is not sure any more
LOOKS_UNRUBBED = 0.6  # of the darkness of the answer, or of the page's usual mark: nobody can tell that a rubber was there
_DIAGONALS = np.array([(np.cos(turn), np.sin(turn)) for turn in np.pi / 4 + np.pi / 2 * np.arange(4)])
_ROUND = np.vstack([_DIAGONALS * reach for reach in (1.45, 1.8, 2.15)])


@dataclass(frozen=True, slots=True)
class Truth:
    """`clear`: a doubt would be needless. `accepted`: the answers that are no error; () is blank. `kind` says what was drawn."""

    item: str
    clear: bool
    accepted: frozenset[tuple[str, ...]]
    meant: tuple[str, ...]
    kind: str


class Eye:
    """Looks at a picture for the marks of one sheet."""

    def __init__(self, picture: Picture, hidden: Sequence[Floats], deeds: Sequence[Deed]) -> None:
        self._picture, self._hidden = picture, [np.asarray(shape, np.float32) for shape in hidden]
        self._faint = FAINT_ONE_BIT if picture.one_bit else FAINT
        self._invisible = INVISIBLE_ONE_BIT if picture.one_bit else INVISIBLE
        seen = [self.contrast(mark, mark.points) for deed in deeds for mark in deed.marks if mark.role == "answer"]
        self.usual = float(np.median(seen)) if seen else 0.5

    def contrast(self, mark: Mark, points: Floats) -> float:
        """How much darker than the paper round the box the picture is at `points`: 0 to 1."""
        around = self._light(_ROUND * mark.spot.size / 2 + np.asarray(mark.spot.center))
        paper = max(1.0, float(np.percentile(around, 75)))
        return 1.0 - float(self._light(points).mean()) / paper

    def faint(self, contrast: float) -> bool:
        """Whether a mark is too pale to be sure of it."""
        return contrast < max(self._faint, PALE_BESIDE_OTHERS * self.usual)

    def invisible(self, contrast: float) -> bool:
        """Whether a mark cannot be seen at all."""
        return contrast < self._invisible

    def is_hidden(self, spot: Spot) -> bool:
        """Whether a box is torn away, covered or outside the picture."""
        x, y = self._picture.places(np.array([spot.center]))[0]
        tall, wide = self._picture.grey.shape
        if not (3 <= x < wide - 3 and 3 <= y < tall - 3):
            return True
        return any(cv2.pointPolygonTest(shape, spot.center, True) > -spot.size / 2 - 1.0 for shape in self._hidden)

    def _light(self, points: Floats) -> Floats:
        grey = self._picture.grey
        places = np.floor(self._picture.places(points)).astype(int)
        x, y = np.clip(places[:, 0], 0, grey.shape[1] - 1), np.clip(places[:, 1], 0, grey.shape[0] - 1)
        return np.asarray(grey[y, x], np.float64)


def truths(sheet: Sheet, deeds: Sequence[Deed], picture: Picture, hidden: Sequence[Floats]) -> list[Truth]:
    """The truth of every item of a sheet in its picture."""
    eye = Eye(picture, hidden, deeds)
    found = []
    for item, rule in sheet.rules.items():
        own = [_look(deed, eye) for deed in deeds if deed.item == item]
        covered = any(eye.is_hidden(spot) for spot in sheet.spots_of(item))
        truth = _number(item, own) if rule == "number" else own[0]
        kind = f"{truth.kind}, hidden" if covered else truth.kind
        found.append(Truth(item, truth.clear and not covered, truth.accepted, truth.meant, kind))
    return found


def _look(deed: Deed, eye: Eye) -> Truth:
    """One group of boxes: what was meant, and whether that can be seen."""
    clear, accepted = deed.sure, set() if deed.meant == ("two marks",) else {deed.meant}
    answers = {mark.spot.value: eye.contrast(mark, mark.points) for mark in deed.marks if mark.role == "answer"}
    weakest, gone = min(answers.values(), default=eye.usual), {value for value, seen in answers.items() if eye.invisible(seen)}
    if any(eye.faint(seen) for seen in answers.values()):
        clear = False
    if gone:
        accepted.add(tuple(value for value in deed.meant if value not in gone))
    for mark in deed.marks:
        seen = eye.contrast(mark, mark.points)
        if mark.role == "rubbed" and seen > RUBBED_STAYS * weakest:
            clear = False
            if (deed.several or not deed.meant) and seen > LOOKS_UNRUBBED * weakest:
                accepted.add(tuple(sorted((*deed.meant, mark.spot.value))))
        if mark.role == "cancelled" and (len(mark.arms) < 6 or eye.faint(eye.contrast(mark, mark.arms))):
            clear = False
        if mark.role == "elsewhere" and eye.invisible(seen):
            accepted.add(())
    return Truth(deed.item, clear, frozenset(accepted), deed.meant, deed.kind if clear or not deed.sure else f"{deed.kind}, pale")


def _number(item: str, columns: Sequence[Truth]) -> Truth:
    """The columns together: one text without leading zeros; an empty column after a digit is nobody's number."""
    accepted = set()
    for choice in product(*(column.accepted for column in columns)):
        text = "".join(digit[0] if digit else " " for digit in choice).lstrip(" ")
        if " " not in text:
            accepted.add((str(int(text)),) if text else ())
    gap = " " in "".join(column.meant[0] if column.meant else " " for column in columns).lstrip(" ")
    meant = tuple("".join(column.meant[0] if column.meant else "_" for column in columns).split())
    odd = [column.kind for column in columns if not column.clear or column.kind != "blank"]
    return Truth(
        item,
        all(column.clear for column in columns) and not gap,
        frozenset(accepted),
        meant,
        "digits: " + " + ".join(odd) if odd else "blank",
    )
