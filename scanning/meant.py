"""How likely what stands in a circle was meant as an answer: a small network (scanning/network) looks at the circle's own patch, and at nothing else of the page.

scanning/page asks it of every circle that holds something; scanning/weights puts its word and the forest's together. The forest knows the page, its pen and its other answers,
by numbers; the network the strokes themselves. They err on different marks.
"""

from __future__ import annotations

from collections.abc import Sequence

from scanning.marks import DARK
from scanning.network import DATA, DECIMALS, coarse, said_by
from scanning.patches import Values

FILE = DATA / "meant.onnx"
LEAST = 0.1  # darkness of a circle that is looked at: half of the palest mark that is ever an answer


def meant_as_answers(patches: Values, prints: Values, rows: Sequence[Sequence[float]], others: Sequence[bool]) -> dict[str, float]:
    """Of each circle that is looked at, by its place in the layout as text, the probability that it was meant as an answer.

    `patches` and `prints`: (n, SIDE, SIDE) darkness of the picture and of the blank print (scanning/marks); `rows`: the numbers of each box;
    `others`: whose boxes are not the pupil's.
    """
    places = [place for place, row in enumerate(rows) if not others[place] and row[DARK] >= LEAST]
    told = look(coarse(patches[places]), coarse(prints[places]))
    return {str(place): round(float(each), DECIMALS) for place, each in zip(places, told, strict=True)}


def look(patches: Values, prints: Values) -> Values:
    """The network's word on coarse patches and the print there: probabilities, (n,), that a circle was meant as an answer."""
    return said_by(FILE, patches, prints)
