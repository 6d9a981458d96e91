"""How often the judge takes for an answer what a light hand's rubber may leave of one: a page's own answers made paler, each alone in its question.

    python -m bench.paled [--pages 100] [--seed 61]

Neither simulator draws such rests: what is rubbed out there loses its edges. Both play, with the busy hands of bench/learn_marks and other seeds; of each page one question with one
answer is taken, and that answer made paler in its measurements (`learn_marks.paler`), its edges kept, and in the patch that the networks look at. Above 0.5 it may as well be a faint answer.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from bench.learn_marks import ANSWER, NOTHING, Place, Row, other_hands, paler, rehearsed
from packets.layout import Layout
from scanning import meant
from scanning.judge import judge_page
from scanning.marks import DARK, Mark
from scanning.page import read_page
from scanning.patches import Values
from scanning.thresholds import THRESHOLDS
from scanning.verdict import Chosen, Grey, PageBook

PLAYS = ((rehearsed, "clean_scan"), (rehearsed, "office_scan"), (other_hands, "office_200"), (other_hands, "crossers"))
LEVELS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
FILLED, STROKES = 0, 1
look = meant.look
_looked: list[tuple[Values, Values]] = []


def remembering(patches: Values, prints: Values) -> Values:
    """Stands for `meant.look`: says the same, and keeps what it was shown."""
    _looked.extend(zip(patches, prints, strict=True))
    return look(patches, prints)


def paler_look(measurements: Mapping[str, Any], place: int, level: float) -> dict[str, float]:
    """What the network says of the page's circles where the one at `place` has so much of its ink left. Asked right after a picture of one sheet was read; below meant.LEAST it has no word, as ever."""
    said = dict(measurements.get("meant", {}))
    if str(place) not in said:
        return said
    if measurements["boxes"][place][DARK] * level < meant.LEAST:
        return {other: each for other, each in said.items() if other != str(place)}
    patch, blank = _looked[-len(said) :][list(said).index(str(place))]
    rest = np.maximum(patch * level, np.minimum(patch, blank))  # the print stays
    return said | {str(place): float(look(rest[None], blank[None])[0])}


def rows_of(image: Grey, book: PageBook, page: str, layout: Layout, done: Mapping[Place, int]) -> Iterator[Row]:
    """Of one answer of the page, at each of LEVELS: ([level, whether it was taken for an answer], FILLED or STROKES)."""
    _looked.clear()
    verdict = next((each for each in read_page(image, book) if each.page_id == page and each.items), None)
    if verdict is None:
        return
    said = {each.item: each.judgement for each in verdict.items}
    rules = {each.item: each.rule for each in layout.items}
    labels = [done.get((box.item, box.column, box.value), NOTHING) for box in layout.boxes]
    touched = Counter(box.item for box, label in zip(layout.boxes, labels, strict=True) if label != NOTHING)
    lone = [
        place
        for place, (box, label) in enumerate(zip(layout.boxes, labels, strict=True))
        if label == ANSWER and rules[box.item] == "one" and touched[box.item] == 1 and said[box.item] == Chosen((box.value,))
    ]
    if not lone:
        return
    place = lone[len(lone) // 2]
    boxes = [list(each) for each in verdict.measurements["boxes"]]
    mark = Mark.from_list(boxes[place])
    for level in LEVELS:
        boxes[place] = paler(mark, level, 1.0).as_list()
        own = judge_page({**verdict.measurements, "boxes": boxes, "meant": paler_look(verdict.measurements, place, level)}, layout)
        taken = next(isinstance(each.judgement, Chosen) for each in own if each.item == layout.boxes[place].item)
        yield [level, float(taken)], FILLED if mark.cover >= THRESHOLDS.filled_cover else STROKES


def main() -> None:
    """Play, pale, judge, tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=100, help="of each play")
    parser.add_argument("--seed", type=int, default=61)
    given = parser.parse_args()
    meant.look = remembering
    rows = [row for play, name in PLAYS for row in play(name, given.pages, given.seed, rows_of)]
    print("| left of the answer | ticks and crosses | taken | fills | taken |\n|---|---|---|---|---|")
    for level in LEVELS:
        cells: list[str] = []
        for which in (STROKES, FILLED):
            taken = np.array([row[1] for row, kind in rows if kind == which and row[0] == level])
            cells += [str(len(taken)), f"{100 * taken.mean():.1f} %" if len(taken) else "-"]
        print(f"| {level} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
