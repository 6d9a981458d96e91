"""How likely a dark circle was left as it is, and not struck out: a small network looks at the circle's own patch.

scanning/page asks it of the dark circles whose ink leaves them; scanning/judge reads the answer beside what the numbers of scanning/marks and the forests of scanning/overshoot say.
A fill whose strokes run over the rim and one that short lines cross out have much the same numbers; the strokes themselves differ. The network was learned by bench/learn_struck
from simulated pages and is kept in data/struck.onnx. The same patch gives the same answer in any process; threads take turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock

import cv2
import numpy as np

from scanning.marks import BEYOND_THE_RIM, DARK
from scanning.patches import Values

FILE = Path(__file__).with_name("data") / "struck.onnx"
LEAST = 0.18  # darkness of a circle that is looked at
BEYOND = 0.03  # and of what lies beyond its rim: nine of ten plain fills show less
DECIMALS = 4
DARKEST = 1.3  # what a cell counts as at the most
CELLS = 32  # a patch's cells of 63, two by two
_turn = Lock()  # a network remembers what it was shown last


def left_as_they_are(patches: Values, prints: Values, rows: Sequence[Sequence[float]], others: Sequence[bool]) -> dict[str, float]:
    """Of each circle that is looked at, by its place in the layout as text, the probability that nobody struck it out.

    `patches` and `prints`: (n, SIDE, SIDE) darkness of the picture and of the blank print (scanning/marks); `rows`: the numbers of each box;
    `others`: whose boxes are not the pupil's.
    """
    places = [place for place, row in enumerate(rows) if not others[place] and is_looked_at(row)]
    told = look(coarse(patches[places]), coarse(prints[places]))
    return {str(place): round(float(each), DECIMALS) for place, each in zip(places, told, strict=True)}


def is_looked_at(row: Sequence[float]) -> bool:
    """Whether a circle with these numbers is dark, and has ink beyond its rim."""
    return row[DARK] >= LEAST and any(max(row[part]) >= BEYOND for part in BEYOND_THE_RIM)


def coarse(patches: Values) -> Values:
    """Patches at half their resolution, (n, CELLS, CELLS), paper being 0 at the least: means of two by two cells, the last row and column taken twice."""
    wide = np.pad(patches, ((0, 0), (0, 1), (0, 1)), mode="edge")
    mean = (wide[:, ::2, ::2] + wide[:, 1::2, ::2] + wide[:, ::2, 1::2] + wide[:, 1::2, 1::2]) / 4
    return np.asarray(np.clip(mean, 0.0, DARKEST), np.float32)


def look(patches: Values, prints: Values) -> Values:
    """The network's word on coarse patches and the print there: probabilities, (n,), that a circle was left as it is."""
    if not len(patches):  # OpenCV ends the process
        return np.zeros(0, np.float32)
    with _turn:
        network = _network()
        network.setInput(np.stack([patches, prints], axis=1))
        return np.array(network.forward(), np.float32)[:, 0]


@cache
def _network() -> cv2.dnn.Net:
    return cv2.dnn.readNetFromONNX(str(FILE))
