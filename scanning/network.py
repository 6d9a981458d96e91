"""Small networks that look at a circle's own patch: how a patch is shown to them, and what they say. scanning/struck and scanning/meant ask.

They were learned by bench/learn_patches from simulated pages and are kept in data/*.onnx. The same patch gives the same answer in any process; threads take turns.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock

import cv2
import numpy as np

from scanning.patches import Values

DATA = Path(__file__).with_name("data")
DECIMALS = 4  # of a probability, as it is kept
DARKEST = 1.3  # what a cell counts as at the most
CELLS = 32  # a patch's cells of 63, two by two
_turn = Lock()  # a network remembers what it was shown last


def coarse(patches: Values) -> Values:
    """Patches at half their resolution, (n, CELLS, CELLS), paper being 0 at the least: means of two by two cells, the last row and column taken twice."""
    wide = np.pad(patches, ((0, 0), (0, 1), (0, 1)), mode="edge")
    mean = (wide[:, ::2, ::2] + wide[:, 1::2, ::2] + wide[:, ::2, 1::2] + wide[:, 1::2, 1::2]) / 4
    return np.asarray(np.clip(mean, 0.0, DARKEST), np.float32)


def said_by(file: Path, patches: Values, prints: Values) -> Values:
    """The word of the network in `file` on coarse patches and the print there: probabilities, (n,)."""
    if not len(patches):  # OpenCV ends the process
        return np.zeros(0, np.float32)
    with _turn:
        network = _network(file)
        network.setInput(np.stack([patches, prints], axis=1))
        return np.array(network.forward(), np.float32)[:, 0]


@cache
def _network(file: Path) -> cv2.dnn.Net:
    return cv2.dnn.readNetFromONNX(str(file))
