"""Learns the forests of scanning/forest from simulated pages; what it writes may then take the place of scanning/data/forest.json.

    python -m bench.learn_marks --pages 100 [--seed 1] [--workers 2] --out FILE

Both simulators play, the rehearsal and other_hands, with busy hands: marks are rubbed out, crossed out and doubled several times as often as in
life, and weigh less for it. The conditions `withheld_pen` and `withheld_paper` are never learned from. Needs scikit-learn, which the program itself does
not: `pip install scikit-learn==1.9.1` beforehand. The judge of what was learned is `python -m bench.other_hands` with other seeds.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.judgement import as_read
from bench.other_hands import habits, tools
from bench.other_hands.conditions import CONDITIONS as OTHER_CONDITIONS
from bench.other_hands.conditions import WITHHELD
from bench.other_hands.field import take
from bench.other_hands.sheets import PrintRoom
from bench.printed_week import MemoryBook, print_week
from packets.layout import Layout
from records.files import write_text
from records.workers import workers
from scanning import judge
from scanning.forest import Weight
from scanning.kinds import Kind, kind_of
from scanning.likeness import FEATURES, features, groups_of, usual_of
from scanning.marks import Mark
from scanning.page import read_page
from scanning.rehearsal.conditions import CONDITIONS
from scanning.rehearsal.habits import UNRULY
from scanning.rehearsal.pages import sheets_of
from scanning.rehearsal.play import Setting, take_page
from scanning.verdict import Grey, PageBook
from scanning.yardstick import yardstick_of

REHEARSED = ("office_scan", "rough_scan", "photocopy", "one_bit", "phone_photo", "hard_photo")
BUSY_REHEARSAL = replace(
    UNRULY, own_style=0.75, blank=0.06, crossed=0.14, crossed_alone=0.03, rubbed=0.2, rubbed_alone=0.07, two_marks=0.03, sloppy=0.2,
    residue=(0.02, 0.3), pressure=(0.75, 1.2), stray=0.15, doodle=0.15,
)  # fmt: skip
BUSY_OTHERS = replace(
    habits.USUAL.but(
        rubbed_other=0.12, rubbed_alone=0.04, crossed_other=0.1, crossed_alone=0.025, scratched_other=0.015, two_marks=0.02, dot_beside=0.02,
        dot_alone=0.01, off_target=0.01, label_circled=0.004, ringed=0.006, underlined=0.004, slip_through=0.01, touch_beside=0.02,
    ),
    tools=(
        (tools.PENCIL_HB, 0.25), (tools.PENCIL_2H, 0.14), (tools.PENCIL_4B, 0.1), (tools.PENCIL_BLUNT, 0.1), (tools.BALL_BLUE, 0.18), (tools.BALL_BLACK, 0.05),
        (tools.BALL_DRY, 0.05), (tools.GEL_BLUE, 0.05), (tools.GEL_BLACK, 0.04), (tools.GEL_VIOLET, 0.02), (tools.FELT_BLUE, 0.02),
    ),
    force=(0.4, 1.15), rub_leaves=(0.01, 0.25), rub_smears=(0.02, 0.25),
)  # fmt: skip
ANSWER, UNDONE, NOTHING = range(3)
UNDONE_WEIGHT = 0.35  # such marks are about three times as many here as in life
RISING = ("strength", "of_pen", "of_usual", "ink", "ink_of_usual", "over_noise")  # more of these never makes an answer less likely
Place = tuple[str, int | None, str]
Row = tuple[list[float], int]
Rows = Callable[[Grey, PageBook, str, Layout, Mapping[Place, int]], Iterator[Row]]


def rows_of(image: Grey, book: PageBook, page: str, layout: Layout, done: Mapping[Place, int]) -> Iterator[Row]:
    """Features and label of every box of a page that is not clean; `done` tells the boxes that somebody touched."""
    verdict = next((each for each in read_page(image, book) if each.page_id == page and each.items), None)
    if verdict is None:
        return
    marks = [Mark.from_list(each) for each in verdict.measurements["boxes"]]
    teachers = {item.item for item in layout.items if item.rule == "score"}
    several = {item.item for item in layout.items if item.rule == "several"}
    yardstick = yardstick_of(marks, [box.item for box in layout.boxes], others=teachers)
    groups = groups_of([(box.item, box.column) for box in layout.boxes], teachers)
    usual = usual_of(marks, groups, yardstick)
    for (item, column), group in groups.items():
        for place in group:
            if kind_of(marks[place], yardstick) is not Kind.CLEAN:
                label = done.get((item, column, layout.boxes[place].value), NOTHING)
                yield features(place, group, marks, yardstick, usual, item in several), label


def rehearsed(condition: str, pages: int, seed: int, rows: Rows = rows_of) -> Iterator[Row]:
    """Rows from the rehearsal's pens and papers."""
    CONDITIONS["learned"] = replace(CONDITIONS[condition], name="learned", habits=BUSY_REHEARSAL)
    home = Path(tempfile.mkdtemp(prefix="learn-"))
    try:
        week = print_week(home, pages)
        setting, book = Setting(home, home, seed, {"learned": 1.0}, tuple(sheets_of(week.layout, week.several)), {}), MemoryBook(week)
        for index, sheet in enumerate(setting.sheets):
            taken, items, _condition = take_page(setting, index)
            done: dict[Place, int] = {}
            for item in items:
                for told, column in zip(item.marks, item.columns or (0,) * len(item.marks), strict=True):
                    act, _style, value = told.split(":")
                    _touch(done, (item.item, column or None, value), act == "answer")
            yield from rows(as_read(taken), book, sheet.page, week.layouts[week.pages[sheet.page].layout], done)
    finally:
        shutil.rmtree(home)
        del CONDITIONS["learned"]


def other_hands(condition: str, pages: int, seed: int, rows: Rows = rows_of) -> Iterator[Row]:
    """Rows from the second simulator."""
    OTHER_CONDITIONS["learned"] = replace(OTHER_CONDITIONS[condition], habits=BUSY_OTHERS)
    try:
        room = PrintRoom()
        for number in range(pages):
            image, every = take("learned", seed, number, room)
            book = room.book()
            for shown in every:
                done: dict[Place, int] = {}
                for deed in shown.deeds:
                    for mark in deed.marks:
                        _touch(done, (deed.item, deed.column, mark.spot.value), mark.role == "answer")
                page = book.page(shown.sheet.page_id)
                assert page is not None
                yield from rows(image, book, page.id, book.layout(page.layout), done)
            room.forget()
    finally:
        del OTHER_CONDITIONS["learned"]


def _touch(done: dict[Place, int], place: Place, answer: bool) -> None:
    done[place] = ANSWER if answer or done.get(place) == ANSWER else UNDONE


def learned(
    rows: list[Row],
    wanted: Any,
    trees: int,
    leaves: int,
    rising: tuple[str, ...] = (),
    features: Sequence[str] = FEATURES,
    undone: float = UNDONE_WEIGHT,
) -> dict[str, Any]:
    """One forest for `wanted` (labels that count as yes), in the shape that scanning/forest reads; `undone`: what a mark that was taken back weighs."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    table, labels = np.array([row for row, _label in rows], np.float32), np.array([label for _row, label in rows])
    forest = HistGradientBoostingClassifier(
        max_iter=trees, learning_rate=0.08, max_leaf_nodes=leaves, min_samples_leaf=20, l2_regularization=5.0, max_features=0.4, random_state=1,
        early_stopping=False, monotonic_cst=[int(name in rising) for name in features],
    )  # fmt: skip
    forest.fit(table, np.isin(labels, wanted), sample_weight=np.where(labels == UNDONE, undone, 1.0))
    start = float(np.ravel(forest._baseline_prediction)[0])
    return {"start": round(start, 5), "trees": [[_node(node) for node in tree.nodes] for (tree,) in forest._predictors]}


def _node(node: Any) -> list[float]:
    if node["is_leaf"]:
        return [round(float(node["value"]), 5)]
    return [int(node["feature_idx"]), float(f"{node['num_threshold']:.6g}"), int(node["left"]), int(node["right"])]


def one_thread() -> None:
    """Sets a worker up; the forest of before is not asked: it may have been learned from other features."""
    cv2.setNumThreads(1)
    judge.weigh = lambda rows: [Weight(0.0, 0.0)] * len(rows)  # type: ignore[attr-defined]


def _played(asked: tuple[str, str, int, int]) -> list[Row]:
    """All rows of one condition. Runs in a worker."""
    play, name, pages, seed = asked
    return list((rehearsed if play == "rehearsal" else other_hands)(name, pages, seed))


def main() -> None:
    """Play, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=100, help="of each condition")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    plays = [("rehearsal", name) for name in REHEARSED] + [("other_hands", name) for name in OTHER_CONDITIONS if name not in WITHHELD]
    rows: list[Row] = []
    with workers(given.workers, one_thread, ()) as pool:
        for (play, name), found in zip(plays, pool.map(_played, [(*each, given.pages, given.seed) for each in plays]), strict=True):
            rows += found
            print(f"{play} {name}: {len(found)} boxes, {len(rows)} in all", flush=True)
    body = {
        "features": FEATURES,
        "answer": learned(rows, [ANSWER], 220, 10, RISING),
        "anything": learned(rows, [ANSWER, UNDONE], 100, 8),
    }
    write_text(given.out, json.dumps(body, separators=(",", ":")))


if __name__ == "__main__":
    main()
