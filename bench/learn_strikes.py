"""Learns the forests that tell overshooting fills from struck-out ones; what it writes may then take the place of scanning/data/overshot.json.

    python -m bench.learn_strikes [--pages 100] [--seed 1] [--workers 2] --out FILE

Both simulators play: pages of bench/strikes, half of them busy (every circle of a question filled, many struck out), and the ordinary hands of
bench/learn_marks. Learned from are only the boxes of which scanning/judge asks: `overshot` from those that the rules call perhaps struck out, `struck` from
fills that they call marks. Needs scikit-learn, which the program itself does not: `pip install scikit-learn==1.9.1` beforehand. The judge of what was
learned is `python -m bench.strikes`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.learn_marks import ANSWER, UNDONE, Place, Row, learned, one_thread, other_hands, rehearsed
from bench.strikes import OTHERS, PLAYS, REHEARSED, measurements_of
from packets.layout import Layout
from records.files import write_text
from records.workers import workers
from scanning.kinds import Kind, kind_of
from scanning.likeness import groups_of
from scanning.marks import Mark
from scanning.overshoot import OVERSHOT, fills_of, overshot
from scanning.page import read_page
from scanning.thresholds import THRESHOLDS
from scanning.verdict import Grey, PageBook
from scanning.weights import OVER
from scanning.yardstick import is_fill, yardstick_of

PAGES = {"clean_scan": 4, "office_scan": 6, "rough_scan": 3, "photocopy": 2, "clean_200": 4, "office_200": 6}  # times as many; others 1
# of these plays the plain fills alone are learned from
PLAIN = {"rehearsal": ("clean_scan", "photocopy", "phone_photo"), "other_hands": ("photocopy", "rubbers")}
FILL_ANSWER, FILL_UNDONE = 3, 4  # labels of fills that the rules call marks
NATURAL = {"rehearsal": ("office_scan", "rough_scan"), "other_hands": ("clean_200", "office_200", "crossers", "elsewhere")}


def rows_of(measurements: Mapping[str, Any], layout: Layout, answers: Mapping[Place, bool]) -> Iterator[Row]:
    """Features and label of every box of a page that is perhaps struck out, and of every plain fill; `answers` tells of the boxes that somebody touched whether they are answers."""
    marks = [Mark.from_list(each) for each in measurements["boxes"]]
    teachers = {item.item for item in layout.items if item.rule == "score"}
    yardstick = yardstick_of(marks, [box.item for box in layout.boxes], others=teachers)
    groups = groups_of([(box.item, box.column) for box in layout.boxes], teachers)
    fills = fills_of(marks, groups, yardstick)
    for group, places in groups.items():
        for place in places:
            kind = kind_of(marks[place], yardstick)
            fill = kind is Kind.MARK and is_fill(marks[place], yardstick, THRESHOLDS)
            if yardstick.sharp and (fill or kind in OVER):
                answer = answers.get((*group, layout.boxes[place].value), False)
                labels = (FILL_UNDONE, FILL_ANSWER) if fill else (UNDONE, ANSWER)
                yield overshot(marks[place], group, yardstick, fills), labels[answer]


def natural_rows(image: Grey, book: PageBook, page: str, layout: Layout, done: Mapping[Place, int]) -> Iterator[Row]:
    """The same of a page of bench/learn_marks."""
    verdict = next((each for each in read_page(image, book) if each.page_id == page and each.items), None)
    if verdict is not None:
        yield from rows_of(verdict.measurements, layout, {place: label == ANSWER for place, label in done.items()})


def _played(asked: tuple[str, str, int, int]) -> list[Row]:
    """All rows of one condition. Runs in a worker."""
    play, name, pages, seed = asked
    if play.startswith(("natural ", "plain ")):
        natural = list((rehearsed if play.endswith("rehearsal") else other_hands)(name, pages, seed, natural_rows))
        return [row for row in natural if play.startswith("natural ") or row[1] in (FILL_ANSWER, FILL_UNDONE)]
    rows: list[Row] = []
    for busy in (False, True):
        for played in PLAYS[play](name, pages, seed + 500 * busy, struck=0.3 if busy else 0.2, busy=busy):
            measurements = measurements_of(played)
            if measurements is not None:
                rows += rows_of(measurements, played.layout, {place: each.answer for place, each in played.done.items()})
    return rows


def main() -> None:
    """Play, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=100, help="of each condition; of scans some times as many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    plays = [("rehearsal", name) for name in REHEARSED] + [("other_hands", name) for name in OTHERS]
    plays += [(f"natural {play}", name) for play, names in NATURAL.items() for name in names]
    plays += [(f"plain {play}", name) for play, names in PLAIN.items() for name in names]
    rows: list[Row] = []
    with workers(given.workers, one_thread, ()) as pool:
        jobs = [(play, name, given.pages * PAGES.get(name, 1), given.seed) for play, name in plays]
        for (play, name), found in zip(plays, pool.map(_played, jobs), strict=True):
            rows += found
            print(f"{play} {name}: {len(found)} boxes, {len(rows)} in all", flush=True)
    over, fills = ([row for row in rows if row[1] in labels] for labels in ((ANSWER, UNDONE), (FILL_ANSWER, FILL_UNDONE)))
    body = {
        "features": OVERSHOT,
        "overshot": learned(over, [ANSWER], 500, 8, features=OVERSHOT, undone=1.0),
        "struck": learned(fills, [FILL_UNDONE], 300, 8, features=OVERSHOT, undone=1.0),
    }
    write_text(given.out, json.dumps(body, separators=(",", ":")))


if __name__ == "__main__":
    main()
