"""Learns the forests of scanning/forest from simulated pages; what it writes may then take the place of scanning/data/forest.json.

    python -m bench.learn_marks [--pages N] [--workers 2] --out FILE

Both simulators play, the rehearsal and other_hands, with busy hands: marks are rubbed out, crossed out and doubled several times as often as in
life, and weigh less for it. The conditions `withheld_pen` and `withheld_paper` are never learned from. Without `--pages` it learns what is shipped, in about
an hour of processor time; with it, from N pages of each play. Needs scikit-learn, which the program itself does
not: `pip install scikit-learn==1.9.1` beforehand. The judge of what was learned is `python -m bench.other_hands` with other seeds.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.judgement import as_read
from bench.other_hands import habits, tools
from bench.other_hands.conditions import CONDITIONS as OTHER_CONDITIONS
from bench.other_hands.field import take
from bench.other_hands.sheets import PrintRoom
from bench.printed_week import MemoryBook, print_week
from packets.layout import Layout
from records.files import write_text
from records.workers import workers
from scanning import weights
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

DENSE = sorted((Path(__file__).parent / "dense").glob("*.yaml"))  # worksheets of many circles: more to learn from a page
REHEARSED = ("clean_scan", "office_scan", "rough_scan", "photocopy", "one_bit", "phone_photo", "hard_photo")
OTHERS = (
    "clean_200", "office_200", "photocopy", "copied_after", "toner_40", "inkjet_tired", "phone", "phone_bad", "one_bit_200", "one_bit_300", "low_150",
    "low_100", "fine_300", "colour_office", "creased_scan", "stained_scan", "torn_scan", "show_through", "faint_writers", "rubbers", "crossers",
    "off_target", "elsewhere", "elsewhere_phone",
)  # fmt: skip
# simulator, condition, pages, seed
PLAYS = (
    *(("rehearsal", name, 260, 42) for name in REHEARSED),
    *(("rehearsal", name, 300, 43) for name in REHEARSED),
    *(("other_hands", name, 160, 42) for name in OTHERS),
)
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
ANSWER, UNDONE, NOTHING, STRUCK = 0, 1, 2, 5  # 3 and 4 are bench/learn_strikes' own; STRUCK is undone too, by a pen
STRIKING = ("crossed_out", "cancelled", "scratched")  # what the simulators call it
RESTS = 2  # of a page, made of its own answers
LEFT = (0.05, 0.38)  # shares of an answer's darkness that a rubber may leave; a faint answer has 0.46
SHARPNESS_LEFT = (0.65, 1.05)  # and of its sharpness: a light hand's rubber leaves the edges too
UNDONE_WEIGHT = 0.35  # such marks are about three times as many here as in life
RISING = ("strength", "of_pen", "of_usual", "ink", "ink_of_usual", "over_noise")  # more of these never makes an answer less likely
Place = tuple[str, int | None, str]
Row = tuple[list[float], int]
Rows = Callable[[Grey, PageBook, str, Layout, Mapping[Place, int]], Iterator[Row]]


def rows_of(image: Grey, book: PageBook, page: str, layout: Layout, done: Mapping[Place, int]) -> Iterator[Row]:
    """Features and label of every box of a page that is not clean; `done` tells the boxes that somebody touched."""
    verdict = next((each for each in read_page(image, book) if each.page_id == page and each.items), None)
    if verdict is not None:
        yield from measured_rows(verdict.measurements, layout, done)


def measured_rows(measurements: Mapping[str, Any], layout: Layout, done: Mapping[Place, int]) -> Iterator[Row]:
    """The same from the page's measurements; and of some of its answers made paler, as if a rubber had left so much of them."""
    marks = [Mark.from_list(each) for each in measurements["boxes"]]
    told = [done.get((box.item, box.column, box.value), NOTHING) for box in layout.boxes]
    labels = [UNDONE if label == STRUCK else label for label in told]
    for _place, row, label in _page_rows(marks, layout, labels):
        yield row, label
    drawn = np.random.default_rng(zlib.crc32(json.dumps(measurements["boxes"]).encode()))
    for place, changed in _rests(marks, layout, labels, drawn):
        yield from ((row, UNDONE) for at, row, _label in _page_rows(changed, layout, labels) if at == place)


def _page_rows(marks: Sequence[Mark], layout: Layout, labels: Sequence[int]) -> Iterator[tuple[int, list[float], int]]:
    """Place, features and label of every box that is not clean."""
    teachers = {item.item for item in layout.items if item.rule == "score"}
    several = {item.item for item in layout.items if item.rule == "several"}
    yardstick = yardstick_of(marks, [box.item for box in layout.boxes], others=teachers)
    groups = groups_of([(box.item, box.column) for box in layout.boxes], teachers)
    usual = usual_of(marks, groups, yardstick)
    for (item, _column), group in groups.items():
        for place in group:
            if kind_of(marks[place], yardstick) is not Kind.CLEAN:
                yield place, features(place, group, marks, yardstick, usual, item in several), labels[place]


def _rests(marks: Sequence[Mark], layout: Layout, labels: Sequence[int], drawn: np.random.Generator) -> Iterator[tuple[int, list[Mark]]]:
    """What a rubber may have left of an answer, alone in its question or digit column: its place and the page's marks. Beside an answer a paler mark is as likely a second one.

    The empty circles beside it stay as they are, and what else lay there gives way to empty ones of the page: nothing but the mark itself tells that it was made.
    """
    answered = [group for group in _groups(layout, ("one", "number")) if sum(labels[place] == ANSWER for place in group) == 1]
    empty = [mark for mark, label in zip(marks, labels, strict=True) if label == NOTHING]
    for _rest in range(RESTS if len(answered) > 1 and empty else 0):
        chosen = answered[drawn.integers(len(answered))]
        (answer,) = (place for place in chosen if labels[place] == ANSWER)
        changed = list(marks)
        for place in chosen:
            if labels[place] == UNDONE:
                changed[place] = empty[drawn.integers(len(empty))]
        changed[answer] = paler(marks[answer], drawn.uniform(*LEFT), drawn.uniform(*SHARPNESS_LEFT))
        yield answer, changed


def _groups(layout: Layout, rules: Sequence[str]) -> list[list[int]]:
    """The places of the boxes of each question or digit column of these rules."""
    others = {item.item for item in layout.items if item.rule not in rules}
    return list(groups_of([(box.item, box.column) for box in layout.boxes], others).values())


def paler(mark: Mark, left: float, sharpness: float) -> Mark:
    """The mark with so much of its darkness and of its edges left, and of its shape everything."""
    dark = {name: getattr(mark, name) * left for name in ("ink", "dark", "spot", "outside", "beside", "through")}
    ways = {name: tuple(each * left for each in getattr(mark, name)) for name in ("diagonals", "near", "axes")}
    return replace(mark, **dark, **ways, sharp=mark.sharp * sharpness)  # type: ignore[arg-type]


def rehearsed(condition: str, pages: int, seed: int, rows: Rows = rows_of, files: Sequence[Path] = ()) -> Iterator[Row]:
    """Rows from the rehearsal's pens and papers, on the worksheets of `files` or the usual ones."""
    CONDITIONS["learned"] = replace(CONDITIONS[condition], name="learned", habits=BUSY_REHEARSAL)
    home = Path(tempfile.mkdtemp(prefix="learn-"))
    try:
        week = print_week(home, pages, files=files)
        setting, book = Setting(home, home, seed, {"learned": 1.0}, tuple(sheets_of(week.layout, week.several)), {}), MemoryBook(week)
        for index, sheet in enumerate(setting.sheets):
            taken, items, _condition = take_page(setting, index)
            done: dict[Place, int] = {}
            for item in items:
                for told, column in zip(item.marks, item.columns or (0,) * len(item.marks), strict=True):
                    act, _style, value = told.split(":")
                    _touch(done, (item.item, column or None, value), act)
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
                        _touch(done, (deed.item, deed.column, mark.spot.value), mark.role)
                page = book.page(shown.sheet.page_id)
                assert page is not None
                yield from rows(image, book, page.id, book.layout(page.layout), done)
            room.forget()
    finally:
        del OTHER_CONDITIONS["learned"]


def _touch(done: dict[Place, int], place: Place, act: str) -> None:
    answer = act == "answer" or done.get(place) == ANSWER
    done[place] = ANSWER if answer else STRUCK if act in STRIKING else UNDONE


def learned(
    rows: list[Row],
    wanted: Any,
    trees: int,
    leaves: int,
    rising: tuple[str, ...] = (),
    features: Sequence[str] = FEATURES,
    undone: float = UNDONE_WEIGHT,
    depth: int | None = None,
) -> dict[str, Any]:
    """One forest for `wanted` (labels that count as yes), in the shape that scanning/forest reads; `undone`: what a mark that was taken back weighs."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    table, labels = np.array([row for row, _label in rows], np.float32), np.array([label for _row, label in rows])
    forest = HistGradientBoostingClassifier(
        max_iter=trees, learning_rate=0.08, max_leaf_nodes=leaves, min_samples_leaf=20, l2_regularization=5.0, max_features=0.4, random_state=1,
        early_stopping=False, max_depth=depth, monotonic_cst=[int(name in rising) for name in features],
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
    weights.weigh = lambda rows: [Weight(0.0, 0.0)] * len(rows)  # type: ignore[attr-defined]


def _played(asked: tuple[str, str, int, int]) -> list[Row]:
    """All rows of one condition. Runs in a worker."""
    play, name, pages, seed = asked
    return list(rehearsed(name, pages, seed, files=DENSE) if play == "rehearsal" else other_hands(name, pages, seed))


def main() -> None:
    """Play, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=0, help="of each play; what is shipped has more")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    plays = [(play, name, given.pages or pages, seed) for play, name, pages, seed in PLAYS]
    rows: list[Row] = []
    with workers(given.workers, one_thread, ()) as pool:
        for (play, name, *_more), found in zip(plays, pool.map(_played, plays), strict=True):
            rows += found
            print(f"{play} {name}: {len(found)} boxes, {len(rows)} in all", flush=True)
    body = {
        "features": FEATURES,
        "answer": learned(rows, [ANSWER], 600, 20, RISING, depth=6),
        "anything": learned(rows, [ANSWER, UNDONE], 100, 8),
    }
    write_text(given.out, json.dumps(body, separators=(",", ":")))


if __name__ == "__main__":
    main()
