"""Learns a network that sees circles' patches, scanning/struck or scanning/meant, from simulated pages; what it writes may then take the place of scanning/data/NAME.onnx.

    python -m bench.learn_patches struck|meant [--share 1.0] [--steps N] [--workers 2] --out FILE

Both simulators play the busy hands of bench/learn_marks and the pages of bench/strikes, where much is struck out and much runs over the rim. Learned from are the circles that the
module looks at: for `struck` those that were answered or struck out; for `meant`, whose plays are the same twice with other seeds, all of them: what was rubbed out, what only touched
a circle, nothing but the paper, and answers that are made paler, as a light hand's rubber leaves them. The strike `wave`, the pens of WITHHELD_PENS and WITHHELD_TOOLS, and
the conditions `withheld_pen` and `withheld_paper` are in none. Needs PyTorch and onnx, which the program itself does not: `pip install torch==2.15.0 onnx` beforehand.
The judges of what was learned are `bench.strikes`, `bench.judgement`, `bench.other_hands` and `bench.paled` with other seeds.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import cv2
import numpy as np

from bench.learn_marks import ANSWER, DENSE, STRUCK, Place, other_hands, rehearsed
from bench.learn_marks import NOTHING as UNTOUCHED
from bench.strikes import PLAYS as STRIKES
from bench.strikes import measurements_of
from bench.struck_network import AMONG_STRIKES, MEANT, NOTHING, ORDINARY, STRUCK_OUT, UNDONE, Examples, Recipe, learned, onnx_of
from bench.struck_network import STRUCK as STRUCK_RECIPE
from packets.layout import Layout
from records.files import write_bytes
from records.workers import workers
from scanning import meant, struck
from scanning.network import DECIMALS
from scanning.page import read_page
from scanning.patches import Values
from scanning.verdict import Grey, PageBook

SEED = 52
# simulator, condition, pages
BUSY = (
    *(("rehearsal", name, 450) for name in ("office_scan", "rough_scan", "one_bit")),
    *(("rehearsal", name, 350) for name in ("photocopy", "hard_photo")),
    *(("rehearsal", name, 300) for name in ("clean_scan", "phone_photo")),
    *(("other_hands", name, 150) for name in ("office_200", "rubbers", "crossers", "photocopy", "phone", "copied_after", "phone_bad", "faint_writers")),
    *(("other_hands", name, 120) for name in (
        "clean_200", "elsewhere", "off_target", "one_bit_200", "low_100", "low_150", "stained_scan", "torn_scan", "show_through", "elsewhere_phone",
    )),
    *(("other_hands", name, 100) for name in ("one_bit_300", "toner_40", "inkjet_tired", "colour_office", "creased_scan")),
    ("other_hands", "fine_300", 80),
)  # fmt: skip
# simulator, condition, pages on which a fifth is struck out, and pages where every circle of a question may be filled
STRIKE_PAGES = (
    ("rehearsal", "office_scan", 120, 100), ("other_hands", "office_200", 120, 100), ("rehearsal", "clean_scan", 80, 60), ("other_hands", "clean_200", 80, 60),
    ("rehearsal", "rough_scan", 80, 60), ("rehearsal", "photocopy", 60, 50), ("other_hands", "photocopy", 60, 50), ("rehearsal", "one_bit", 60, 50),
    ("other_hands", "low_150", 60, 50), ("other_hands", "colour_office", 60, 50), ("rehearsal", "phone_photo", 60, 50), ("other_hands", "phone", 60, 50),
)  # fmt: skip
KINDS = {STRUCK: STRUCK_OUT, UNTOUCHED: NOTHING}  # whatever else was taken back is UNDONE
LOOKED_AT = 10**DECIMALS  # steps of a probability: more than the circles of any page
Example = tuple[tuple[Values, Values], int]  # patch and print, and what somebody did to the circle
_looked: list[tuple[Values, Values]] = []


class Play(NamedTuple):
    """Pages of one condition. lesson: of LESSONS · kind: busy hands, strikes, or busy strikes."""

    lesson: str
    kind: str
    simulator: str
    condition: str
    pages: int
    seed: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """One network's. module: the one that asks it · measurement: what its word is called on a page · kinds: of which circles it learns, all if None · rounds: how often all is played ·
    steps: how many it takes, if not told.
    """

    module: ModuleType
    measurement: str
    kinds: frozenset[int] | None
    rounds: int
    steps: int
    recipe: Recipe


LESSONS = {
    "struck": Lesson(struck, "left", frozenset({ANSWER, STRUCK}), 1, 13000, STRUCK_RECIPE),
    "meant": Lesson(meant, "meant", None, 2, 10000, MEANT),
}


def remembering(patches: Values, prints: Values) -> Values:
    """Stands for a module's `look`: keeps what it is shown, and answers with its place among what was kept, as so many of the smallest steps of a probability."""
    first = len(_looked)
    _looked.extend(zip(patches, prints, strict=True))
    return np.arange(first, len(_looked), dtype=np.float64) / float(LOOKED_AT)


def start(name: str) -> None:
    """Sets a worker up."""
    cv2.setNumThreads(1)
    LESSONS[name].module.look = remembering  # type: ignore[attr-defined]


def played(asked: Play) -> Examples:
    """All examples of one play. Runs in a worker."""
    busy = asked.kind == "busy hands"
    found = list((_busy if busy else _struck_out)(LESSONS[asked.lesson], asked))
    kinds = {**KINDS, ANSWER: ORDINARY if busy else AMONG_STRIKES}
    patches, prints = ([both[which] for both, _label in found] for which in range(2))
    return Examples.of(patches, prints, [kinds.get(label, UNDONE) for _both, label in found])


def _busy(lesson: Lesson, asked: Play) -> Iterator[Example]:
    def examples_of(image: Grey, book: PageBook, page: str, layout: Layout, done: Mapping[Place, int]) -> Iterator[Example]:
        _looked.clear()
        verdict = next((each for each in read_page(image, book) if each.page_id == page and each.items), None)
        if verdict is not None:
            yield from _told(lesson, verdict.measurements.get(lesson.measurement, {}), layout, done)

    if asked.simulator == "rehearsal":
        rows = rehearsed(asked.condition, asked.pages, asked.seed, examples_of, DENSE)  # type: ignore[arg-type]
    else:
        rows = other_hands(asked.condition, asked.pages, asked.seed, examples_of)  # type: ignore[arg-type]
    yield from rows  # type: ignore[misc]


def _struck_out(lesson: Lesson, asked: Play) -> Iterator[Example]:
    busy = asked.kind == "busy strikes"
    for page in STRIKES[asked.simulator](asked.condition, asked.pages, asked.seed, struck=0.3 if busy else 0.2, busy=busy):
        _looked.clear()
        measurements = measurements_of(page)
        if measurements is not None:
            done = {place: ANSWER if each.answer else STRUCK for place, each in page.done.items()}
            yield from _told(lesson, measurements.get(lesson.measurement, {}), page.layout, done)


def _told(lesson: Lesson, seen: Mapping[str, float], layout: Layout, done: Mapping[Place, int]) -> Iterator[Example]:
    for place, number in seen.items():
        box = layout.boxes[int(place)]
        label = done.get((box.item, box.column, box.value), UNTOUCHED)
        if lesson.kinds is None or label in lesson.kinds:
            yield _looked[round(number * LOOKED_AT)], label


def plays(name: str, share: float) -> list[Play]:
    """Every play of a lesson; of a second round the seeds are one higher, those of the strikes, of which there are two kinds, two."""
    once = [
        *(("busy hands", play, condition, pages, SEED, 1) for play, condition, pages in BUSY),
        *(("strikes", play, condition, pages, SEED + 99, 2) for play, condition, pages, _more in STRIKE_PAGES),
        *(("busy strikes", play, condition, pages, SEED + 100, 2) for play, condition, _pages, pages in STRIKE_PAGES),
    ]
    return [
        Play(name, kind, play, condition, max(1, round(pages * share)), seed + round_ * more)
        for round_ in range(LESSONS[name].rounds)
        for kind, play, condition, pages, seed, more in once
    ]


def main() -> None:
    """Play, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("network", choices=LESSONS)
    parser.add_argument("--share", type=float, default=1.0, help="of the pages")
    parser.add_argument("--steps", type=int, help="of learning")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    gathered: list[Examples] = []
    with workers(given.workers, start, (given.network,)) as pool:
        jobs = plays(given.network, given.share)
        for job, found in zip(jobs, pool.map(played, jobs), strict=True):
            gathered.append(found)
            answers, struck_out = int((found.kinds <= AMONG_STRIKES).sum()), int((found.kinds == STRUCK_OUT).sum())
            print(
                f"{job.kind}, {job.simulator} {job.condition}: {len(found.kinds)} circles, {answers} answers, {struck_out} struck out",
                flush=True,
            )
    lesson = LESSONS[given.network]
    write_bytes(given.out, onnx_of(learned(Examples.all(gathered), given.steps or lesson.steps, lesson.recipe)))


if __name__ == "__main__":
    main()
