"""How likely a dark circle was left as it is, and not struck out: a small network (scanning/network) looks at the circle's own patch.

scanning/page asks it of the dark circles whose ink leaves them; scanning/judge reads the answer beside what the numbers of scanning/marks and the forests of scanning/overshoot say.
A fill whose strokes run over the rim and one that short lines cross out have much the same numbers; the strokes themselves differ.
"""

from __future__ import annotations

from collections.abc import Sequence

from scanning.marks import BEYOND_THE_RIM, DARK
from scanning.network import DATA, DECIMALS, coarse, said_by
from scanning.patches import Values

FILE = DATA / "struck.onnx"
LEAST = 0.18  # darkness of a circle that is looked at
BEYOND = 0.03  # and of what lies beyond its rim: nine of ten plain fills show less


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


def look(patches: Values, prints: Values) -> Values:
    """The network's word on coarse patches and the print there: probabilities, (n,), that a circle was left as it is."""
    return said_by(FILE, patches, prints)
